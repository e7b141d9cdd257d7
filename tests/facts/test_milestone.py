"""Milestones are judged by their dates; the writer's word counts only where it is worse."""

import pytest

from aipm_site.facts.figure import Unknown
from aipm_site.facts.finding import worst_status
from aipm_site.facts.milestone import assess_schedule, milestone_figures, milestone_states
from aipm_site.records.milestone import Milestone
from tests.facts.builders import TODAY, milestone, project_of
from tests.facts.money_builders import baseline

# domain 1.2.1: MS-05 pilot, baseline 15 June 2026, forecast 29 June 2026.
PILOT = {"baseline": "2026-06-15", "forecast": "2026-06-29", "reviewed_on": "2026-04-13"}
ON_TIME = PILOT | {"forecast": "2026-06-15"}
CALENDAR = {"working_days": {"weekend": ("sat", "sun"), "holidays": ()}}
TOLERANCE = {"tolerances": {"time": {"value": "20", "unit": "working_days"}}}


def state_of(made, **fields):
    return milestone_states(project_of(made, **fields), TODAY)[0]


def slips(*made, **fields):
    project = project_of(*made, **fields)
    return {f.name: f for f in milestone_figures(project, milestone_states(project, TODAY), TODAY)}


def rules_of(*made, **fields):
    project = project_of(*made, **fields)
    return [(f.rule, f.status) for f in assess_schedule(project, milestone_states(project, TODAY), TODAY).findings]


def test_a_slip_is_calendar_days_in_value_and_tells_working_days_in_words():
    # domain, trap 22: 15 to 29 June 2026 is 10 working days, 9 where Juneteenth (19 June) is a holiday.
    holiday = {"working_days": {"holidays": ("2026-06-19",)}}

    assert slips(milestone(**PILOT), **CALENDAR)["schedule.slip.MS-01"].value == 14
    assert slips(milestone(**PILOT), **CALENDAR)["schedule.slip.MS-01"].text == (
        "14 days (10 working days) after the baseline"
    )
    assert "9 working days" in slips(milestone(**PILOT), **holiday)["schedule.slip.MS-01"].text


def test_without_a_calendar_weekdays_are_counted_and_called_so():
    assert "10 weekdays" in slips(milestone(**PILOT))["schedule.slip.MS-01"].text


def test_earlier_than_the_baseline_is_negative():
    early = slips(milestone(**PILOT | {"forecast": "2026-06-12"}))["schedule.slip.MS-01"]

    assert early.value == -3
    assert early.text == "3 days (1 weekday) before the baseline"


def test_the_slip_of_a_milestone_that_was_reached_is_that_of_its_day():
    # domain 1.2.1: one of the past slips is 21 days.
    reached = slips(milestone(baseline="2026-02-02", forecast="2026-02-16", actual="2026-02-23", status="done"))

    assert reached["schedule.slip.MS-01"].value == 21


def test_without_a_forecast_the_slip_is_unknown_and_not_zero():
    assert isinstance(slips(milestone())["schedule.slip.MS-01"], Unknown)


def test_the_first_baseline_is_never_forgotten():
    replanned = milestone(
        baseline="2026-06-29", forecast="2026-06-29", baseline_history=({"baseline_date": "2026-06-15"},)
    )

    figures = slips(replanned)

    assert figures["schedule.slip.MS-01"].value == 0
    assert figures["schedule.slip_original.MS-01"].value == 14
    assert figures["schedule.slip_original.MS-01"].text.endswith("after the first baseline")


# The pilot was promised for 15 June by BSL-0 and for 29 June by BSL-1: 14 days later.
ORIGINAL = baseline("BSL-0", milestones=({"milestone": "MS-01", "date": "2026-06-15"},))
REPLACED = baseline("BSL-1", number=1, supersedes="BSL-0", milestones=({"milestone": "MS-01", "date": "2026-06-29"},))
REPLANNED = {"baseline": "2026-06-29", "forecast": "2026-07-01"}


def test_the_first_baseline_record_is_never_forgotten():
    figures = slips(milestone(**REPLANNED), REPLACED, ORIGINAL)

    assert figures["schedule.slip.MS-01"].value == 2
    assert figures["schedule.slip.MS-01"].formula.endswith("an earlier baseline was replaced")
    original = figures["schedule.slip_original.MS-01"]
    # 15 June to 1 July.
    assert original.value == 16
    assert original.formula.endswith("it stands in BSL-0 and was replaced since")
    assert [source.record_id for source in original.sources] == ["BSL-0", "MS-01"]
    assert original.comparator.text == "the first baseline, 15 June 2026"


def test_what_the_milestone_says_itself_goes_before_the_baseline_records():
    told = milestone(**REPLANNED, baseline_history=({"baseline_date": "2026-06-10"},))

    assert slips(told, ORIGINAL, REPLACED)["schedule.slip_original.MS-01"].value == 21


def test_a_baseline_that_dates_it_as_today_was_not_replaced():
    assert list(slips(milestone(**REPLANNED), REPLACED)) == ["schedule.slip.MS-01"]


def test_a_day_that_is_not_the_one_of_its_own_baseline_is_no_earlier_promise():
    # `aipm check` says moved-without-baseline.
    assert list(slips(milestone(**REPLANNED).model_copy(update={"baseline": "BSL-0"}), ORIGINAL)) == [
        "schedule.slip.MS-01"
    ]


def test_a_baseline_for_fewer_readers_moves_nothing_that_others_are_shown():
    hidden = ORIGINAL.model_copy(update={"audience": "restricted"})

    assert list(slips(milestone(**REPLANNED), hidden, REPLACED)) == ["schedule.slip.MS-01"]


LATER = {**REPLANNED, "forecast": "2026-07-20"}


def renamed(name, **fields):
    """Return the milestone as one that names a baseline; builders call its day so."""
    return milestone(**LATER, **fields).model_copy(update={"baseline": name})


# BSL-0 gives no days, which is how a project begins that writes them into its milestones alone.
SILENT = baseline("BSL-0")
SECOND = baseline("BSL-1", number=1, supersedes="BSL-0")
OTHER_DATED = baseline("BSL-0", milestones=({"milestone": "MS-02", "date": "2026-06-15"},))
THIRD = baseline("BSL-2", number=2, supersedes="BSL-1", milestones=({"milestone": "MS-01", "date": "2026-06-29"},))


@pytest.mark.parametrize(
    ("named", "baselines"),
    [
        ("BSL-1", (SILENT, REPLACED)),
        ("BSL-1", (SILENT, SECOND)),
        # It dates others; whether BSL-1 was the first to promise this one, nobody says.
        ("BSL-1", (OTHER_DATED, REPLACED)),
        # BSL-1 promised it, and what BSL-0 did is not known.
        ("BSL-2", (SILENT, REPLACED, THIRD)),
        ("BSL-1", (SECOND,)),
    ],
)
def test_a_first_baseline_that_nobody_recorded_is_unknown_and_never_the_present_one(named, baselines):
    figures = slips(renamed(named), *baselines)

    original = figures["schedule.slip_original.MS-01"]
    assert isinstance(original, Unknown)
    assert "in milestones, or MS-01 in baseline_history" in original.reason
    # 29 June to 20 July.
    assert figures["schedule.slip.MS-01"].value == 21
    assert figures["schedule.slip.MS-01"].formula.endswith("an earlier baseline was replaced")


@pytest.mark.parametrize(
    ("fields", "baselines", "days"),
    [
        # 15 June to 20 July; 29 June to 20 July.
        ({}, (ORIGINAL, SECOND), 35),
        ({"baseline_history": ({"baseline_date": "2026-06-15"},)}, (SILENT, SECOND), 35),
        # Its own word that BSL-1 promised it first: then nothing was erased.
        ({"baseline_history": ({"baseline_date": "2026-06-29", "baseline": "BSL-1"},)}, (SILENT, SECOND), None),
    ],
)
def test_a_first_baseline_that_is_recorded_is_known(fields, baselines, days):
    figures = slips(renamed("BSL-1", **fields), *baselines)

    assert getattr(figures.get("schedule.slip_original.MS-01"), "value", None) == days


def test_a_baseline_that_was_made_without_it_is_not_its_first():
    # BSL-0 promises another, so BSL-1 was the first to promise this one: 22 June to 20 July.
    added = baseline("BSL-1", number=1, supersedes="BSL-0", milestones=({"milestone": "MS-01", "date": "2026-06-22"},))

    original = slips(renamed("BSL-2"), OTHER_DATED, added, THIRD)["schedule.slip_original.MS-01"]

    assert (original.value, original.comparator.text) == (28, "the first baseline, 22 June 2026")


def test_a_first_baseline_for_fewer_readers_is_not_told_and_not_called_lost():
    hidden = ORIGINAL.model_copy(update={"audience": "restricted"})

    original = slips(renamed("BSL-1"), hidden, REPLACED)["schedule.slip_original.MS-01"]

    assert original.reason == "the first baseline is not shared with all who may see MS-01"


def test_baselines_that_replace_each_other_in_a_circle_end():
    first = baseline("BSL-0", supersedes="BSL-1")

    assert isinstance(slips(renamed("BSL-1"), first, SECOND)["schedule.slip_original.MS-01"], Unknown)


def test_a_cancelled_milestone_has_no_slip():
    assert slips(milestone(**PILOT, status="cancelled")) == {}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (ON_TIME, "on_track"),
        (PILOT, "at_risk"),
        (PILOT | {"forecast": None}, "not_reported"),
        (PILOT | {"baseline": "2026-04-14", "forecast": None}, "late"),
        (PILOT | {"baseline": "2026-04-01", "forecast": "2026-04-14"}, "late"),
        # The day itself is not yet overdue.
        (PILOT | {"baseline": "2026-04-01", "forecast": "2026-04-15"}, "at_risk"),
        (ON_TIME | {"actual": "2026-04-01", "status": "done"}, "done"),
        (PILOT | {"status": "cancelled"}, "cancelled"),
        (ON_TIME | {"status": "late"}, "late"),
        (ON_TIME | {"status": "at_risk"}, "at_risk"),
        (PILOT | {"status": "on_track"}, "at_risk"),
        (PILOT | {"status": "not_started"}, "at_risk"),
    ],
)
def test_the_status_is_computed_and_the_writer_may_only_worsen_it(fields, status):
    assert state_of(milestone(**fields)).status == status


def test_states_come_in_the_order_of_their_days():
    made = [milestone("MS-03", **PILOT), milestone("MS-02", **ON_TIME), milestone("MS-01", **ON_TIME)]

    assert [s.milestone.id for s in milestone_states(project_of(*made), TODAY)] == ["MS-01", "MS-02", "MS-03"]


def test_a_forecast_later_than_the_baseline_is_amber():
    assert rules_of(milestone(**PILOT), **TOLERANCE) == [("milestone-late", "amber")]


def test_the_tolerance_itself_is_within_and_a_day_more_is_red():
    # 20 working days after Monday, 15 June 2026 is Monday, 13 July.
    at, beyond = PILOT | {"forecast": "2026-07-13"}, PILOT | {"forecast": "2026-07-14"}

    assert rules_of(milestone(**at), **TOLERANCE) == [("milestone-late", "amber")]
    assert rules_of(milestone(**beyond), **TOLERANCE) == [("milestone-beyond-tolerance", "red")]


def test_a_tolerance_in_calendar_days_counts_them():
    tolerance = {"tolerances": {"time": {"value": "13", "unit": "calendar_days"}}}

    assert rules_of(milestone(**PILOT), **tolerance) == [("milestone-beyond-tolerance", "red")]


def test_overdue_without_a_new_forecast_is_red():
    assert rules_of(milestone(**PILOT | {"forecast": "2026-04-14"})) == [("milestone-overdue", "red")]
    overdue = PILOT | {"baseline": "2026-04-14", "forecast": None}
    assert rules_of(milestone(**overdue)) == [("milestone-overdue-unforecast", "red")]


def test_an_input_that_is_missing_or_stale_is_not_reported():
    assert rules_of() == [("no-milestone-recorded", "not_reported")]
    assert rules_of(milestone(status="cancelled")) == [("no-milestone-recorded", "not_reported")]
    assert rules_of(milestone(**ON_TIME | {"forecast": None})) == [("milestone-not-forecast", "not_reported")]
    assert rules_of(milestone(**ON_TIME | {"reviewed_on": "2026-03-31"})) == [("milestone-stale", "not_reported")]
    assert rules_of(milestone(**ON_TIME | {"reviewed_on": None})) == [("milestone-never-reviewed", "not_reported")]
    later = milestone(**ON_TIME | {"reviewed_on": "2026-04-16"})
    assert rules_of(later) == [("milestone-reviewed-later", "not_reported")]


def test_the_team_may_call_it_worse():
    assert rules_of(milestone(**ON_TIME, status="at_risk")) == [("milestone-called-at-risk", "amber")]
    assert rules_of(milestone(**PILOT, status="late")) == [
        ("milestone-called-late", "red"),
        ("milestone-late", "amber"),
    ]


def test_on_the_baseline_and_fresh_is_green():
    assert rules_of(milestone(**ON_TIME)) == [("milestones-on-baseline", "green")]
    assert rules_of(milestone(actual="2026-04-01", status="done")) == [("milestones-on-baseline", "green")]


@pytest.mark.parametrize("base", [PILOT, PILOT | {"forecast": "2026-04-01"}, ON_TIME | {"reviewed_on": "2026-01-01"}])
@pytest.mark.parametrize("field", sorted(set(Milestone.model_fields) - {"id", "title", "baseline_date", "links"}))
def test_taking_a_field_away_never_makes_the_dimension_green(base, field):
    project = project_of(milestone(**base).model_copy(update={field: Milestone.model_fields[field].default}))

    assessment = assess_schedule(project, milestone_states(project, TODAY), TODAY)

    assert worst_status(assessment.findings) != "green"
