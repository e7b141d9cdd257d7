"""`aipm check` says of a final report whose figures a commit changed; the main line shows it (domain §5, T-61)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.changes.test_issued_reports import FILE, FINAL
from tests.repository import History
from tests.sample import SMALL, aipm


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "project")
    history.commit({**SMALL, FILE: FINAL.replace("status: final", "status: draft")}, day=0)
    return history


def said(history: History) -> list[tuple[str, int, str]]:
    """Return file, line and message of each warning that a report was rewritten."""
    problems = json.loads(aipm(history.root, "check", "--format", "json").out)["problems"]
    return [(p["file"], p["line"], p["message"]) for p in problems if p["code"] == "report-rewritten"]


OTHER = FINAL.replace("value: amber", "value: green")
# The first of its figures: lines count from 1.
LINE = FINAL.splitlines().index("figures:") + 2
MESSAGE = "the report was final, and its figures were changed on 2026-04-04: status.risk"


def test_figures_that_changed_after_the_commit_that_made_it_final_are_a_warning(history: History) -> None:
    history.commit({FILE: FINAL}, day=1)
    history.commit({FILE: OTHER}, day=3)

    assert said(history) == [(FILE, LINE, MESSAGE)]
    assert "supersedes" in aipm(history.root, "check").out


def test_a_report_that_was_final_from_its_first_commit_is_held_to_it(history: History) -> None:
    first = FILE.replace("03-25", "03-26")
    text = FINAL.replace("2026-03-25", "2026-03-26")
    history.commit({first: text}, day=1)
    history.commit({first: text.replace("value: amber", "value: green")}, day=3)

    assert [file for file, _, _ in said(history)] == [first]


@pytest.mark.parametrize(
    "texts",
    [
        [FINAL, FINAL.replace("Board report of", "Report to the board of")],
        [FINAL, FINAL + "corrections: [{on: 2026-03-30, what: It were 4 risks.}]\n"],
        # In another form and order, and back to what it told.
        [FINAL, FINAL.replace("value: amber", "value:   'amber'")],
        [FINAL, OTHER, FINAL],
        # Changed while it was a draft, and by the commit that makes it final.
        [FINAL.replace("status: final", "status: draft").replace('"3"', '"4"'), OTHER],
    ],
)
def test_what_leaves_its_figures_as_they_were_is_none(history: History, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        history.commit({FILE: text}, day=number + 1)

    assert said(history) == []


def test_a_way_round_by_a_draft_is_seen(history: History) -> None:
    for number, text in enumerate([FINAL, OTHER.replace("status: final", "status: draft"), OTHER]):
        history.commit({FILE: text}, day=number + 1)

    assert [message for _, _, message in said(history)] == [MESSAGE.replace("04-04", "04-03")]


def test_a_report_that_another_supersedes_is_left_alone(history: History) -> None:
    history.commit({FILE: FINAL}, day=1)
    after = FINAL.replace("RPT-2026-03-25", "RPT-2026-03-26") + "supersedes: RPT-2026-03-25-board\n"
    history.commit({FILE: OTHER, FILE.replace("03-25", "03-26"): after}, day=3)

    assert said(history) == []


def test_an_example_whose_days_are_before_all_commits_may_be_rewritten(history: History) -> None:
    charter = SMALL["content/project.yml"].replace("as_of: 2026-04-15", "as_of: 2026-03-31")
    assert charter != SMALL["content/project.yml"]
    history.commit({FILE: FINAL, "content/project.yml": charter}, day=1)
    history.commit({FILE: OTHER}, day=3)

    assert said(history) == []
