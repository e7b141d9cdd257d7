"""The active sprint and velocity; the numbers are those of domain.md 1.2 (fixture and A11)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from aipm_site.facts.figure import Unknown
from aipm_site.facts.sprint import sprint_figures, sprint_state
from aipm_site.facts.velocity import VELOCITY_SPRINTS, velocity
from tests.facts.builders import TODAY, as_of, project_of, sprint

HISTORY = [28, 31, 26, 30, 33, 27, 29]
CALENDAR = {"weekend": ["sat", "sun"], "holidays": []}
# Two weeks each, the last one ends on the day before SPR-08 begins.
DATES = [
    ("2025-12-31", "2026-01-13"),
    ("2026-01-14", "2026-01-27"),
    ("2026-01-28", "2026-02-10"),
    ("2026-02-11", "2026-02-24"),
    ("2026-02-25", "2026-03-10"),
    ("2026-03-11", "2026-03-24"),
    ("2026-03-25", "2026-04-07"),
]


def plain(text):
    return text.replace("\u00a0", " ")


def closed(number, completed, unit="points", committed=30, **fields):
    start, end = DATES[number - 1]
    given = {"status": "closed", "completed": None if completed is None else str(completed)}
    return sprint(f"SPR-{number:02}", start=start, end=end, committed=committed, unit=unit, **given | fields)


def history(**fields):
    return [closed(number, completed, **fields) for number, completed in enumerate(HISTORY, start=1)]


def active(**fields):
    # 14 April, a Tuesday, is the fifth working day of the sprint.
    given = {"status": "active", "committed": 34, "added": "3", "daily": [("2026-04-13", 12), ("2026-04-14", 15)]}
    return sprint("SPR-08", **given | fields)


def fixture(**fields):
    return project_of(*history(), active(**fields), working_days=CALENDAR)


def test_a11_scope_done_remaining_and_the_line_of_the_commitment():
    state = sprint_state(fixture(), TODAY)

    assert (state.committed, state.scope, state.done, state.remaining) == (34, 37, 15, 22)
    assert (state.progress.day_number, state.progress.working_days) == (5, 10)
    assert state.progress.ideal_done == 17
    assert state.progress.behind == 2


def test_a11_velocity_of_the_seven_closed_sprints():
    state = sprint_state(fixture(), TODAY)

    assert state.velocity.mean == Fraction(204, 7)
    assert plain(state.velocity.text) == "29.1 points"
    assert state.velocity.range_text == "7 sprints, 26–33"
    # domain.md 3.4: sd 2.4
    assert round(state.velocity.deviation, 1) == Decimal("2.4")


def test_a11_the_commitment_exceeds_every_past_sprint():
    assert sprint_state(fixture(), TODAY).exceeds_every_past_sprint
    assert not sprint_state(fixture(committed=33), TODAY).exceeds_every_past_sprint


def test_without_past_sprints_nothing_is_exceeded():
    assert not sprint_state(project_of(active()), TODAY).exceeds_every_past_sprint


def test_t33_an_active_sprint_never_enters_velocity():
    assert velocity(fixture(completed="15"), TODAY).mean == Fraction(204, 7)


def test_a_sprint_closed_after_the_as_of_was_still_running():
    project = fixture(status="closed", completed="36")

    assert velocity(project, TODAY).n == 7
    assert sprint_state(project, TODAY).sprint.id == "SPR-08"
    assert velocity(project, as_of("2026-04-21")).n == 8


def test_days_after_the_as_of_are_not_there_yet():
    state = sprint_state(fixture(), as_of("2026-04-13"))

    assert state.done == 12
    assert state.progress.ideal_done == Fraction(34 * 4, 10)


def test_t33_what_is_carried_over_is_not_counted_again():
    # carried_over is what a sprint left undone: completed stays what met the definition of done
    project = project_of(closed(1, 28, carried_over="6"), closed(2, 31))

    assert velocity(project, TODAY).mean == Fraction(59, 2)


def test_cancelled_and_planned_sprints_and_those_that_do_not_report_are_left_out():
    project = project_of(
        closed(1, 28), closed(2, None), closed(3, 9, status="cancelled"), closed(4, 9, status="planned")
    )

    assert [s.id for s in velocity(project, TODAY).sprints] == ["SPR-01"]


def test_a_sprint_that_completed_nothing_counts_as_zero():
    assert velocity(project_of(closed(1, 28), closed(2, 0)), TODAY).mean == 14


def test_units_are_never_mixed():
    project = project_of(*history(unit="items"), active())

    found = velocity(project, TODAY)

    assert isinstance(found, Unknown)
    assert found.reason == "the last closed sprint is counted in items, the active one in points"
    assert not sprint_state(project, TODAY).exceeds_every_past_sprint


def test_velocity_goes_back_to_where_the_unit_changed():
    project = project_of(closed(1, 28), closed(2, 12, unit="items"), closed(3, 9, unit="items"))

    found = velocity(project, TODAY)

    assert (found.n, found.unit, found.mean) == (2, "items", Fraction(21, 2))


def test_velocity_looks_at_the_last_sprints_only():
    old = [
        sprint(
            f"SPR-{100 + n}",
            start=f"2025-{n:02}-01",
            end=f"2025-{n:02}-14",
            committed=99,
            status="closed",
            completed="99",
        )
        for n in range(1, 5)
    ]

    found = velocity(project_of(*old, *history()), TODAY)

    assert found.n == VELOCITY_SPRINTS
    assert found.mean == Fraction(204 + 99, 8)


def test_remaining_gives_done_where_only_that_is_reported():
    project = project_of(active(daily=[{"date": "2026-04-14", "remaining": "22"}]))

    assert sprint_state(project, TODAY).done == 15


@pytest.mark.parametrize(("added", "removed", "scope"), [(None, None, 34), ("3", "2", 35), (None, "4", 30)])
def test_scope_is_the_commitment_with_what_came_and_went(added, removed, scope):
    assert sprint_state(project_of(active(added=added, removed=removed)), TODAY).scope == scope


def test_a_sprint_without_a_reported_day_is_not_at_zero():
    project = project_of(active(daily=()))

    state, figures = sprint_state(project, TODAY), {figure.name: figure for figure in sprint_figures(project, TODAY)}

    assert (state.done, state.remaining) == (None, None)
    assert figures["sprint.done"].reason == "no day of the sprint is reported yet"
    assert figures["sprint.remaining"].reason == "no day of the sprint is reported yet"
    assert figures["sprint.scope"].value == 37


def test_holidays_are_no_working_days_of_a_sprint():
    calendar = {"weekend": ["sat", "sun"], "holidays": ["2026-04-10"]}

    progress = sprint_state(project_of(active(), working_days=calendar), TODAY).progress

    assert (progress.day_number, progress.working_days) == (4, 9)


def test_figures_of_the_fixture():
    figures = {figure.name: figure for figure in sprint_figures(fixture(), TODAY)}

    assert {name: plain(figure.text) for name, figure in figures.items()} == {
        "sprint.velocity": "29.1 points",
        # 204 of 7 × 30 by hand: 97.1 %
        "sprint.predictability": "97 %",
        "sprint.scope": "37 points",
        "sprint.done": "15 points",
        "sprint.remaining": "22 points",
    }
    assert plain(figures["sprint.done"].comparator.text) == "17 points by the commitment"
    assert plain(figures["sprint.remaining"].comparator.text) == "17 points by the commitment"
    assert plain(figures["sprint.velocity"].comparator.text) == "34 points committed for SPR-08"
    assert figures["sprint.velocity"].formula == (
        "mean of what the last closed sprints completed: 28, 31, 26, 30, 33, 27, 29 (7 sprints, 26–33); "
        "standard deviation 2.4"
    )
    assert len(figures["sprint.velocity"].sources) == 8


def test_sprints_of_different_length_are_averaged_with_a_word_of_warning():
    project = project_of(closed(1, 28), closed(2, 31, working_days="8"))

    assert "; sprints of 8 to 10 weekdays are averaged" in sprint_figures(project, TODAY)[0].formula


def test_between_sprints_the_active_figures_are_unknown():
    figures = {figure.name: figure for figure in sprint_figures(project_of(*history()), TODAY)}

    assert sprint_state(project_of(*history()), TODAY) is None
    assert figures["sprint.remaining"].reason == "no sprint is active"
    assert plain(figures["sprint.velocity"].comparator.text) == "29.2 points a sprint before"


def test_the_first_velocity_is_a_first_measurement():
    assert sprint_figures(project_of(closed(1, 28)), TODAY)[0].is_first


def test_a_project_without_sprints_has_no_sprint_figures():
    assert sprint_figures(project_of(), TODAY) == ()


def test_labels_travel():
    project = project_of(closed(1, 28, audience="restricted"), closed(2, 31), active(), default_audience="client")

    figures = {figure.name: figure.audience for figure in sprint_figures(project, TODAY)}

    assert figures == {
        "sprint.velocity": "restricted",
        "sprint.predictability": "restricted",
        "sprint.scope": "client",
        "sprint.done": "client",
        "sprint.remaining": "client",
    }
    # It tells of the restricted sprint too, through velocity and the comparison with every past sprint.
    assert sprint_state(project, TODAY).audience == "restricted"


def test_velocity_is_no_first_value_where_the_team_counted_in_the_same_unit_before():
    units = ("points", "items", "points")
    sprints = [
        sprint(
            f"SPR-0{n}",
            start=f"2026-0{n}-01",
            end=f"2026-0{n}-14",
            status="closed",
            committed=9,
            unit=unit,
            completed="8",
        )
        for n, unit in enumerate(units, start=1)
    ]

    assert not sprint_figures(project_of(*sprints), TODAY)[0].is_first
    assert sprint_figures(project_of(*sprints[1:]), TODAY)[0].is_first
