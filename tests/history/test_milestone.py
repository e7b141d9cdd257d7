"""Milestone trend: report dates and forecast dates (domain §3.5, milestone trend analysis)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from aipm_site.facts.milestone import milestone_states
from aipm_site.history import states
from aipm_site.history.milestone import MilestoneTrend, Reported, milestone_trend, milestone_trends, most_slipped
from aipm_site.session import open_session
from tests.facts.builders import TODAY, milestone, project_of
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


def earlier(*reports: str) -> list[dict[str, str]]:
    """Return a record's own history of forecasts, each written "as_of forecast_date"."""
    return [dict(zip(("as_of", "forecast_date"), report.split(), strict=True)) for report in reports]


def trends_of(*made: object) -> tuple[MilestoneTrend, ...]:
    return milestone_trends(milestone_states(project_of(*made), TODAY), states.History(), TODAY)


def days_of(reports: tuple[Reported, ...]) -> list[tuple[str, str]]:
    return [(one.day.isoformat(), one.expected.isoformat()) for one in reports]


def test_the_line_of_a_milestone_that_was_reached_ends_on_the_diagonal() -> None:
    history = earlier("2025-11-14 2026-02-02", "2026-02-16 2026-02-20", "2026-03-02 2026-02-23")
    reached = milestone(forecast="2026-02-23", actual="2026-02-23", status="done", forecast_history=history)

    (trend,) = trends_of(reached)

    # What was written down on 2 March is no forecast any more.
    assert days_of(trend.reports) == [
        ("2025-11-14", "2026-02-02"),
        ("2026-02-16", "2026-02-20"),
        ("2026-02-23", "2026-02-23"),
    ]
    assert trend.is_reached
    # From 2 to 23 February.
    assert trend.slip_days == 21


def test_turns_are_the_reports_that_say_another_day_and_the_last() -> None:
    history = earlier(
        "2026-01-05 2026-06-15", "2026-02-02 2026-06-15", "2026-03-02 2026-06-29", "2026-04-06 2026-06-29"
    )

    (trend,) = trends_of(milestone(forecast="2026-06-29", forecast_history=history))

    assert [one.day.isoformat() for one in trend.turns] == ["2026-01-05", "2026-03-02", "2026-04-15"]
    assert len(trend.reports) == 5


def test_the_last_report_is_told_once_where_it_says_another_day() -> None:
    (trend,) = trends_of(milestone(forecast="2026-06-29", forecast_history=earlier("2026-01-05 2026-06-15")))

    assert trend.turns == trend.reports


def test_what_slipped_most_comes_first_and_what_has_no_course_or_was_cancelled_is_left_out() -> None:
    trends = trends_of(
        milestone("MS-01", forecast="2026-06-10", forecast_history=earlier("2026-01-05 2026-06-15")),
        milestone("MS-02", forecast="2026-07-15", forecast_history=earlier("2026-01-05 2026-06-15")),
        milestone("MS-03", forecast="2026-06-29"),
        milestone(
            "MS-04", forecast="2026-09-29", status="cancelled", forecast_history=earlier("2026-01-05 2026-06-15")
        ),
        milestone("MS-05", forecast_history=earlier("2026-01-05 2026-06-15")),
        # Recorded when it had been reached already: nothing was forecast.
        milestone("MS-06", actual="2026-01-05", status="done", forecast_history=earlier("2026-02-05 2026-01-05")),
    )

    assert [(trend.state.milestone.id, trend.slip_days) for trend in trends] == [("MS-02", 30), ("MS-01", -5)]


def test_a_chart_that_is_full_keeps_what_slipped_most_and_the_one_that_is_never_left_out() -> None:
    slips = {f"MS-{n:02}": f"2026-06-{30 - n}" for n in range(1, 6)}
    trends = trends_of(
        *(milestone(i, forecast=day, forecast_history=earlier("2026-01-05 2026-06-15")) for i, day in slips.items())
    )

    def kept(most: int, always: str | None) -> list[str]:
        return [trend.state.milestone.id for trend in most_slipped(trends, most, always)]

    assert kept(3, None) == ["MS-01", "MS-02", "MS-03"]
    assert kept(3, "MS-05") == ["MS-01", "MS-02", "MS-05"]
    assert kept(3, "MS-02") == ["MS-01", "MS-02", "MS-03"]
    assert kept(9, "MS-77") == sorted(slips)
