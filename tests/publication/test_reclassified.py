"""What earlier versions show to readers who may not see it any more."""

import pytest

from aipm_site.publication.reclassified import Shown


@pytest.mark.parametrize(
    ("link", "is_linked"),
    [
        ('href="../data.csv"', True),
        ("src='data.csv'", True),
        ('href="data.csv?raw#top"', True),
        # Another file, of whose name it is a part.
        ('href="../old-data.csv"', False),
        ('href="data.csv.gz"', False),
    ],
)
def test_a_file_is_linked_by_its_whole_name(link, is_linked):
    pages = {"index.html": f"<a {link}>Data</a>".encode()}

    assert Shown(pages, pages.__getitem__).is_linked("wiki/data.csv") is is_linked
