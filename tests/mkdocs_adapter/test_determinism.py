"""The same plan gives the same bytes, whatever the surroundings."""

import sys
from pathlib import Path

from tests.mkdocs_adapter.sites import write_site
from tests.surroundings import written_in_two_surroundings

PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from aipm_site.mkdocs_adapter.site import build_site
from tests.mkdocs_adapter.sites import FakePlanner
result = build_site(Path({config!r}), FakePlanner(), Path(sys.argv[1]))
sys.exit(0 if result.is_written else 1)
"""


def test_two_builds_in_different_surroundings_are_byte_for_byte_the_same(tmp_path):
    config = write_site(tmp_path / "project", {"index.md": "# Home\n", "wiki/a.md": "# A\n", "wiki/b.md": "# B\n"})
    program = PROGRAM.format(root=str(Path(__file__).parents[2]), config=str(config))

    one, other = written_in_two_surroundings(lambda site: [sys.executable, "-c", program, str(site)], tmp_path / "runs")

    assert {path for path in one if one[path] != other.get(path)} == set()
    assert one.keys() == other.keys()
    assert "build.json" in one
