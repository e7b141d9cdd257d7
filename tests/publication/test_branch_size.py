"""A branch of many versions stays small: what did not change is the same file in all of them."""

import pytest
from published_versions import publish_versions

PROMISED_VERSIONS, PROMISED_RATIO = 100, 3
# The first few weigh more than those after: git finds little to tell them by. Twenty give 2.3, eight gave 3.25.
MEASURED = 20


@pytest.mark.slow
def test_a_hundred_versions_that_differ_in_one_record_pack_to_three_times_one(tmp_path):
    """Real builds, real commits and real `git gc`; the hundred themselves are measured in benchmarks/published_versions.py."""
    one, some = publish_versions(tmp_path, MEASURED)

    growth = (some - one) / (MEASURED - 1)
    assert one + growth * (PROMISED_VERSIONS - 1) <= PROMISED_RATIO * one
