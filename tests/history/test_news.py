"""News of records that give no day: theirs is that of the commit that brought them, and no later one moves it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aipm_site.session import open_session
from tests.repository import History
from tests.sample import SMALL, write

FILE = "content/risks/risks.yml"
RISK = """\
- id: RSK-00{number}
  title: Feed {number} changes its units
  probability: {probability}
  impact: 2
"""


def risks(*scores: int, more: str = "") -> str:
    return "".join(RISK.format(number=n, probability=score) + more for n, score in enumerate(scores, 1))


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project to which a risk came on the 1st and another on the 3rd; both were edited since."""
    history = History(tmp_path / "project")
    history.commit({**SMALL, FILE: risks(1)}, day=0)
    history.commit({FILE: risks(1, 1)}, day=2)
    history.commit({FILE: risks(1, 2)}, day=4)
    return history


def told(root: Path, **options: str) -> dict[str, date]:
    news = open_session(root, with_history=True, environment={}, **options).facts.news
    return {one.record_id: one.on for one in news if one.kind == "risk-new"}


EXPECTED = {"RSK-001": date(2026, 4, 1), "RSK-002": date(2026, 4, 3)}


def test_no_edit_of_a_risk_or_of_another_beside_it_makes_it_new(history: History) -> None:
    assert told(history.root) == EXPECTED

    history.commit({FILE: risks(3, 2)}, day=6)

    assert told(history.root) == EXPECTED
    assert told(history.root, at="main~1") == EXPECTED


def test_a_review_does_not_hide_it(history: History) -> None:
    history.commit({FILE: risks(1, 2, more="  reviewed_on: 2026-04-07\n")}, day=6)

    assert told(history.root) == EXPECTED


def test_a_move_does_not_make_it_new(history: History) -> None:
    history.commit({FILE: None, "content/raid/risks/risks.yml": risks(4, 2)}, day=6)

    assert told(history.root) == EXPECTED


def test_what_is_not_committed_yet_is_new_today_and_nothing_else(history: History) -> None:
    write(history.root, {FILE: risks(1, 3, 3)})

    found = told(history.root, as_of="2026-04-20")

    assert found == {**EXPECTED, "RSK-003": date(2026, 4, 20)}


def test_a_clone_that_does_not_reach_back_to_it_does_not_tell_it(history: History, tmp_path: Path) -> None:
    clone = history.clone(tmp_path / "clone", "--depth=2")

    # It holds the commits of the 3rd, which it cannot compare with what was before, and of the 5th.
    assert told(clone) == {}
