"""Milestone trend: report dates and forecast dates (domain §3.5, milestone trend analysis)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from aipm_site.history.milestone import milestone_trend
from aipm_site.session import open_session
from tests.repository import History
from tests.sample import SMALL

CHARTER = "id: PRJ-001\ntitle: Small\ndimensions: [schedule]\nreviewed_on: 2026-04-01\nhistory: {every: day}\n"
FILE = "content/milestones/MS-05.yml"


def pilot(forecast: str, *earlier: str) -> str:
    """Return the record of a milestone with its forecast and earlier ones, each written "as_of forecast_date"."""
    lines = (f"  - {{as_of: {text.split()[0]}, forecast_date: {text.split()[1]}}}\n" for text in earlier)
    history = "forecast_history:\n" + "".join(lines) if earlier else ""
    return f"id: MS-05\ntitle: Pilot\nbaseline_date: 2026-06-15\nforecast_date: {forecast}\n{history}"


def trend(root: Path) -> list[tuple[str, str]]:
    session = open_session(root, with_history=True, environment={})
    state = next(state for state in session.facts.milestones if state.milestone.id == "MS-05")
    return [
        (one.day.isoformat(), one.expected.isoformat())
        for one in milestone_trend(state, session.history, session.dated.as_of)
    ]


def test_revisions_and_the_records_own_history_make_one_trend(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    first = pilot("2026-06-15", "2026-02-09 2026-06-15")
    history.commit({**SMALL, "content/project.yml": CHARTER, FILE: first}, day=0)
    # The record says that the new date was known on the 4th; it was committed on the 6th.
    second = pilot("2026-06-29", "2026-02-09 2026-06-15", "2026-04-04 2026-06-29")
    history.commit({FILE: second}, day=5)
    history.commit({FILE: second.replace("forecast_date: 2026-06-29\nf", "forecast_date: 2026-07-06\nf")}, day=9)

    assert trend(history.root) == [
        ("2026-02-09", "2026-06-15"),
        ("2026-04-01", "2026-06-15"),
        ("2026-04-04", "2026-06-29"),
        ("2026-04-06", "2026-06-29"),
        ("2026-04-10", "2026-07-06"),
    ]


def test_a_milestone_that_was_reached_ends_on_the_day_that_it_was(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    history.commit({**SMALL, "content/project.yml": CHARTER, FILE: pilot("2026-04-05")}, day=0)
    done = pilot("2026-04-05") + "status: done\nactual_date: 2026-04-07\n"
    history.commit({FILE: done}, day=7)

    assert trend(history.root) == [("2026-04-01", "2026-04-05"), ("2026-04-08", "2026-04-07")]


def test_without_earlier_revisions_it_is_the_present(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    history.commit({**SMALL, "content/project.yml": CHARTER, FILE: pilot("2026-06-29")}, day=0)

    assert trend(history.root) == [("2026-04-01", "2026-06-29")]
    assert date(2026, 4, 1) == open_session(history.root, environment={}).dated.as_of.date
