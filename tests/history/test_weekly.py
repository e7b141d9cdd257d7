"""Since when the status is as it is, exact to the day, where the points of the history are a week apart."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from aipm_site.session import Session, open_session
from tests.history.test_status import ACTION, AMBER, CHARTER, GREEN, RED, RISK_FILE
from tests.repository import History
from tests.sample import SMALL

WEEKLY = CHARTER.replace("every: day", "every: week")
# Days after Wednesday 1 April 2026: 5, 12 and 19 April are Sundays, with which weeks end (ISO 8601).
TUESDAY_14, WEDNESDAY_15, SATURDAY_18, WEDNESDAY_22 = 13, 14, 17, 21


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project that was green from Wednesday the 1st on, and red from Tuesday 14 April on."""
    history = History(tmp_path / "project")
    history.commit(
        {**SMALL, **ACTION, RISK_FILE: GREEN, "content/project.yml": WEEKLY, ".gitignore": "site*/\n"}, day=0
    )
    for day in range(1, TUESDAY_14):
        note(history, day)
    history.commit({RISK_FILE: RED}, day=TUESDAY_14)
    note(history, WEDNESDAY_15)
    note(history, SATURDAY_18)
    return history


def note(history: History, day: int) -> str:
    return history.commit({"content/wiki/note.md": f"# Day {day}\n"}, day=day)


def session_of(root: Path, **options: str) -> Session:
    return open_session(root, with_history=True, environment={}, **options)


def known(root: Path, **options: str) -> tuple[str, date | None, str | None]:
    status = session_of(root, **options).facts.status
    return status.overall, status.since, status.previous


def test_it_counts_from_the_day_and_not_from_the_end_of_the_week(history: History) -> None:
    note(history, WEDNESDAY_22)

    assert known(history.root) == ("red", date(2026, 4, 14), "red")
    status = session_of(history.root).facts.status
    # 14 to 22 April.
    assert status.days == 8
    assert status.dimension("risk").standing.since == date(2026, 4, 14)


def test_in_the_week_of_the_change_too(history: History) -> None:
    # The last point is that of Sunday the 12th, which was green; the day before was Wednesday.
    assert known(history.root) == ("red", date(2026, 4, 14), "red")
    assert session_of(history.root).facts.status.days == 4


def test_on_the_day_of_the_change_it_counts_from_that_day(history: History) -> None:
    assert known(history.root, at="main~2") == ("red", date(2026, 4, 14), "green")


def test_an_earlier_revision_knows_it_as_it_was_known_then(history: History) -> None:
    note(history, WEDNESDAY_22)
    history.commit({RISK_FILE: GREEN}, day=WEDNESDAY_22 + 5)

    assert known(history.root, at="main~1") == ("red", date(2026, 4, 14), "red")


def test_the_run_begins_with_the_last_turn_of_the_week(history: History) -> None:
    # Amber on Tuesday, red on Thursday: the point of that week, on Saturday, is red.
    history.git("reset", "--quiet", "--hard", "main~3")
    history.commit({RISK_FILE: AMBER}, day=TUESDAY_14)
    history.commit({RISK_FILE: RED}, day=15)
    note(history, SATURDAY_18)
    note(history, WEDNESDAY_22)

    assert known(history.root) == ("red", date(2026, 4, 16), "red")


def test_a_status_that_never_was_another_counts_from_the_first_day_and_not_the_first_week(history: History) -> None:
    assert known(history.root, at="main~3") == ("green", date(2026, 4, 1), "green")


def test_days_that_cannot_be_read_say_nothing(history: History) -> None:
    history.git("reset", "--quiet", "--hard", "main~3")
    history.commit({RISK_FILE: RED.replace("impact: 4", "impact: 9")}, day=TUESDAY_14)
    history.commit({RISK_FILE: RED}, day=WEDNESDAY_15)
    note(history, SATURDAY_18)
    note(history, WEDNESDAY_22)

    assert known(history.root) == ("red", date(2026, 4, 15), "red")


def test_a_clone_that_holds_the_change_knows_the_day_and_a_shorter_one_how_long_at_least(
    history: History, tmp_path: Path
) -> None:
    note(history, WEDNESDAY_22)
    # From the newest back: 22, 18, 15, 14, 13, 12 and 11 April. That green was told on the 13th takes the two days before.
    enough, short = history.clone(tmp_path / "enough", "--depth=7"), history.clone(tmp_path / "short", "--depth=3")

    assert known(enough) == ("red", date(2026, 4, 14), "red")
    assert known(short) == ("red", None, "red")
    assert session_of(short).facts.status.since_reason.startswith("at least since 15 April 2026")


def test_who_might_not_see_the_status_on_the_days_between_is_not_told_since_when(history: History) -> None:
    public = "audience: public\n"
    # Public on Tuesday, hidden on Wednesday, and shown on Friday, which ends the week's commits.
    history.git("reset", "--quiet", "--hard", "main~3")
    history.commit({"content/project.yml": WEEKLY + public, RISK_FILE: AMBER + public}, day=TUESDAY_14)
    history.commit({RISK_FILE: RED}, day=WEDNESDAY_15)
    history.commit({RISK_FILE: RED + public}, day=16)
    note(history, WEDNESDAY_22)

    status = session_of(history.root, audience="public").shown()[1].status

    assert (status.overall, status.since) == ("red", None)
    assert known(history.root) == ("red", date(2026, 4, 15), "red")


def test_the_course_of_a_figure_keeps_one_point_a_week(history: History) -> None:
    note(history, WEDNESDAY_22)

    days = [state.day for state in session_of(history.root).history.states]

    assert days == [date(2026, 4, 5), date(2026, 4, 12), date(2026, 4, 18)]


def kept(history: History) -> dict[str, bool]:
    """Return whether the figures of the kept states were computed, by the day of the month."""
    found = {}
    for file in (history.root / ".git/aipm/history").rglob("*.json"):
        day = history.git("log", "-1", "--format=%cd", "--date=format:%d", file.stem)
        found[day] = json.loads(file.read_bytes().partition(b"\n")[2])["has_figures"]
    return found


def test_of_the_days_between_the_points_only_the_status_is_computed(history: History) -> None:
    note(history, WEDNESDAY_22)

    session_of(history.root)

    days = kept(history)
    assert sorted(days) == [*(f"{day:02}" for day in range(1, 16)), "18"]
    assert [day for day, has_figures in sorted(days.items()) if has_figures] == ["05", "12", "18"]


def test_a_day_that_becomes_a_point_has_its_figures(history: History) -> None:
    session_of(history.root)
    history.commit({"content/project.yml": CHARTER}, day=WEDNESDAY_22)

    with_kept = session_of(history.root).history
    shutil.rmtree(history.root / ".git/aipm")

    assert all(kept_state.has_figures for kept_state in with_kept.states)
    assert with_kept == session_of(history.root).history
