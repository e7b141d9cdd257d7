"""A change of the status is what `aipm status` and the site tell before and after it (domain §3.6, rule 5)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aipm_site.comparison import open_comparison
from aipm_site.session import as_told, open_session
from aipm_site.workspace import find_workspace
from tests.changes.projects import MILESTONE, RISK, UNDATED, raised
from tests.history.test_settled import COURSE, WEEKLY, project
from tests.history.test_status import CHARTER, GREEN, RED, RISK_FILE
from tests.repository import History
from tests.sample import SMALL, aipm, write


def status(history: History, *arguments: str) -> str:
    return str(json.loads(aipm(history.root, "status", "--json", *arguments).out)["overall"]["status"])


def change(history: History, *arguments: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(aipm(history.root, "changes", *arguments, "--format", "json").out)
    return data


def headline(history: History, *arguments: str) -> str:
    return aipm(history.root, "changes", *arguments).out.splitlines()[0]


@pytest.fixture
def waiting(tmp_path: Path) -> History:
    """Return a project that was red on 1 April, is mended since the 6th, and has a forecast moved on the 7th."""
    history = History(tmp_path / "project")
    files = {**SMALL, "content/project.yml": UNDATED, "content/milestones/MS-01.yml": MILESTONE}
    history.commit({**files, RISK_FILE: raised(probability=5, impact=5)}, day=0)
    history.commit({RISK_FILE: RISK}, day=5)
    moved = MILESTONE.replace("forecast_date: 2026-05-01", "forecast_date: 2026-05-15")
    history.commit({"content/milestones/MS-01.yml": moved}, day=6)
    return history


def test_an_improvement_that_waits_is_no_change_of_the_status(waiting: History) -> None:
    assert [status(waiting, "--at", name) for name in ("HEAD~2", "HEAD~1", "HEAD")] == ["red", "red", "red"]

    assert "status" not in change(waiting, "HEAD~2", "HEAD~1")
    assert headline(waiting, "HEAD~2", "HEAD~1") == "Overall still red: RSK-001 down to 4"
    assert "status" not in change(waiting, "HEAD~1", "HEAD")
    # 1 to 15 May are 14 days.
    assert headline(waiting, "HEAD~1", "HEAD") == "Overall still red: MS-01 +14 days"


def test_the_policy_judges_what_is_told(waiting: History, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    # By the rules alone the 6th is green; what is told waits for two days that show it.
    policy.write_text("- {when: {overall_becomes: green}, then: block}\n")

    assert change(waiting, "HEAD~2", "HEAD~1", "--policy", str(policy))["verdict"] == "allow"


def test_after_the_merge_it_is_as_the_pull_request_said(tmp_path: Path) -> None:
    # The checkout of the base with the content of the pull request, as in CI.
    history = project(tmp_path / "project", list("GRG"), WEEKLY)
    write(history.root, {RISK_FILE: GREEN + "tags: [late]\n"})

    waits = change(history, "HEAD", "--as-of", "2026-04-04")
    confirmed = change(history, "HEAD", "--as-of", "2026-04-05")
    history.commit({}, day=3)

    assert ("status" in waits, "status" in confirmed) == (False, False)
    assert status(history) == "red"
    history.commit({}, day=4)
    assert status(history) == "green"


def test_what_becomes_worse_is_told_at_once(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("GGG"))
    history.commit({RISK_FILE: RED}, day=3)

    status = change(history, "HEAD~1", "HEAD")["status"]
    assert (status["before"], status["after"], status["better"]) == ("green", "red", False)


@pytest.mark.parametrize("charter", [CHARTER, WEEKLY], ids=["daily", "weekly"])
def test_both_sides_are_what_the_status_is_at_them(tmp_path: Path, charter: str) -> None:
    history = project(tmp_path / "project", COURSE, charter)
    workspace = find_workspace(history.root)

    for back in range(1, len(COURSE)):
        base, head = f"main~{back}", f"main~{back - 1}"
        after = open_session(history.root, at=head, with_history=True, environment={})
        as_of = after.dated.as_of.date.isoformat()
        before = open_session(history.root, at=base, as_of=as_of, with_history=True, environment={})
        told = open_comparison(workspace, base, head).changes
        expected = (before.facts.status.overall, after.facts.status.overall)
        assert told.status == expected[1]
        assert (told.overall and (told.overall.before, told.overall.after)) == (
            None if expected[0] == expected[1] else expected
        )


@pytest.mark.parametrize(
    ("course", "read"),
    [
        # Green as the two days before, or worse than they are: these two are enough.
        ("RGGGGGG", [5, 6]),
        ("RGGGGGR", []),
        ("RGGGGGA", [5, 6]),
        # Better than one of them: back to a day that is better than neither of its two, and these.
        ("RAAAAAG", [4, 5, 6]),
        ("GGGGRAG", [5, 6]),
        ("AGAGAGG", [3, 4, 5, 6]),
    ],
)
def test_only_as_many_days_are_read_as_decide_it(tmp_path: Path, course: str, read: list[int]) -> None:
    history = project(tmp_path / "project", list(course))

    told = as_told(open_session(history.root, environment={})).facts.status.overall

    kept = (history.root / ".git/aipm/history").rglob("*.json")
    days = sorted(int(history.git("log", "-1", "--format=%cd", "--date=format:%d", file.stem)) for file in kept)
    assert days == read
    assert told == open_session(history.root, with_history=True, environment={}).facts.status.overall


def test_where_the_as_of_is_fixed_only_what_speaks_for_an_earlier_day_is_read(tmp_path: Path) -> None:
    # Two days speak for 3 April, then project.yml moves on to the 9th for three.
    history = project(tmp_path / "project", list("RR"), CHARTER + "as_of: 2026-04-03\n")
    for day, risk in ((2, GREEN), (3, GREEN), (4, RED)):
        files = {"content/project.yml": CHARTER + "as_of: 2026-04-09\n", RISK_FILE: risk}
        history.commit(files | {"content/wiki/day.md": f"# {day}\n"}, day=day)
    history.commit({RISK_FILE: GREEN}, day=5)

    told = as_told(open_session(history.root, environment={})).facts.status.overall

    kept = (history.root / ".git/aipm/history").rglob("*.json")
    assert [history.git("log", "-1", "--format=%cd", "--date=format:%d", file.stem) for file in kept] == ["02"]
    # The red of 5 April spoke for the day of the present.
    assert told == open_session(history.root, with_history=True, environment={}).facts.status.overall == "red"
