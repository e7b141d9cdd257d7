"""How far past milestones slipped, and what may be said of the next one from so few."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Unknown
from aipm_site.facts.forecast import forecast_figures, milestone_forecasts
from aipm_site.facts.milestone import milestone_states
from aipm_site.facts.numbers import likelihood
from aipm_site.facts.slippage import P50, P80, P90, Slip, Slips, least_history, past_slips
from tests.facts.builders import TODAY, as_of, milestone, project_of
from tests.facts.money_builders import baseline

# domain 1.2.1: past milestone slips in days, n = 8.
SLIPS = (0, 3, 5, 5, 8, 10, 14, 21)
PROMISED = date(2026, 2, 2)
SIX_HOSPITALS = {"baseline": "2026-09-18", "forecast": "2026-09-18", "reviewed_on": "2026-04-13"}


def past(slips=SLIPS, **fields):
    return tuple(
        milestone(
            f"MS-{20 + index}",
            baseline=PROMISED.isoformat(),
            actual=date.fromordinal(PROMISED.toordinal() + slip).isoformat(),
            status="done",
            **fields,
        )
        for index, slip in enumerate(slips)
    )


def slips_of(*days, unfinished=()):
    made = [Slip(milestone(f"MS-{index}"), slip) for index, slip in enumerate(days)]
    return Slips((*made, *(Slip(milestone(f"MS-9{i}"), slip, is_over=False) for i, slip in enumerate(unfinished))))


def figures_of(*records, today=TODAY, **fields):
    project = project_of(*records, **fields)
    states = milestone_states(project, today)
    made = forecast_figures(project, states, milestone_forecasts(project, states, today), today)
    return {figure.name: figure for figure in made}


def test_a_slip_is_counted_from_the_first_baseline_record_where_the_milestone_tells_no_earlier_promise():
    first = baseline("BSL-0", milestones=tuple({"milestone": i, "date": "2026-02-02"} for i in ("MS-20", "MS-21")))
    moved = [milestone(i, baseline="2026-02-16", actual="2026-02-23", status="done") for i in ("MS-20", "MS-21")]
    project = project_of(first, *moved)

    found = past_slips(milestone_states(project, TODAY), TODAY).all

    # 2 to 23 February.
    assert [(slip.days, slip.baseline and slip.baseline.id) for slip in found] == [(21, "BSL-0"), (21, "BSL-0")]
    figure = figures_of(milestone("MS-07", **SIX_HOSPITALS), first, *moved)["forecast.MS-07.p50"]
    assert [source.record_id for source in figure.sources] == ["BSL-0", "MS-07", "MS-20", "MS-21"]


def test_six_hospitals_by_the_end_of_the_third_quarter():
    # domain 1.2.2, A17: 6 of 8 past slips are 12 days or less, 6/9 = 67 %; P50 26 September, P80 9 October.
    figures = figures_of(milestone("MS-07", deadline="2026-09-30", **SIX_HOSPITALS), *past())

    chance = figures["forecast.MS-07.chance"]
    assert (chance.value, chance.text) == (Fraction(6, 9), "likely, 67\u00a0%")
    assert chance.formula.startswith("6 of 8 past milestones slipped by 12 days or less: 6 ÷ (8 + 1)")
    assert "at most 78\u00a0%" in chance.formula
    assert chance.comparator.value == date(2026, 9, 30)
    assert figures["forecast.MS-07.p50"].value == figures["schedule.finish_p50"].value == date(2026, 9, 26)
    assert figures["forecast.MS-07.p80"].value == figures["schedule.finish_p80"].value == date(2026, 10, 9)
    assert figures["schedule.finish_p50"].comparator.value == date(2026, 9, 18)
    assert figures["schedule.finish_p50"].text == "26 September 2026"


def test_what_so_few_cannot_say_is_not_said():
    figures = figures_of(milestone("MS-07", **SIX_HOSPITALS), *past())

    assert figures["forecast.MS-07.p90"].reason == "cannot state P90 from 8 past milestones"


@pytest.mark.parametrize(
    ("share", "needed"), [(P50, 1), (P80, 4), (Fraction(85, 100), 6), (P90, 9), (Fraction(95, 100), 19)]
)
def test_each_percentile_needs_a_history(share, needed):
    # domain 3.5: P50 1, P80 4, P85 6, P90 9, P95 19, with exact fractions; floats give 5 for P80 and 10 for P90.
    assert least_history(share) == needed
    assert slips_of(*range(needed)).percentile(share) is not None
    assert slips_of(*range(needed - 1)).percentile(share) is None


@given(st.lists(st.integers(-30, 90), min_size=1, max_size=40), st.fractions(Fraction(1, 100), Fraction(99, 100)))
def test_a_percentile_keeps_its_word(days, share):
    slips = slips_of(*days)
    found = slips.percentile(share)

    assert (found is None) == (len(days) < least_history(share))
    if found is not None:
        assert slips.chance(found) >= share


def test_what_is_late_and_not_reached_counts_and_is_never_in_time():
    # domain, trap 32. Two of ten are unfinished: 6 ÷ 11 instead of 6 ÷ 9, and P80 is the ninth of eight that were.
    slips = slips_of(*SLIPS, unfinished=(4, 30))

    assert (slips.chance(12), slips.chance_at_most(12)) == (Fraction(6, 11), Fraction(8, 11))
    assert (slips.percentile(P50), slips.percentile(P80)) == (10, None)


def test_the_present_slip_of_an_open_milestone_counts_from_its_baseline():
    late = milestone("MS-05", baseline="2026-04-05", forecast="2026-05-01")
    ahead = milestone("MS-06", baseline="2026-06-15", forecast="2026-06-29")

    states = milestone_states(project_of(late, ahead), TODAY)

    assert [(slip.milestone.id, slip.days, slip.is_over) for slip in past_slips(states, TODAY).all] == [
        ("MS-05", 10, False)
    ]


def test_a_cancelled_milestone_counts_only_where_it_was_late():
    gone = (
        milestone("MS-01", baseline="2026-03-01", forecast="2026-03-11", status="cancelled"),
        milestone("MS-02", baseline="2026-03-01", forecast="2026-03-01", status="cancelled"),
        milestone("MS-03", baseline="2026-03-01", status="cancelled"),
    )

    slips = past_slips(milestone_states(project_of(*gone), TODAY), TODAY)

    assert [(slip.milestone.id, slip.days, slip.is_over) for slip in slips.all] == [("MS-01", 10, False)]


def test_a_new_baseline_erases_no_slip():
    # domain, trap 31.
    moved = milestone(
        baseline="2026-03-30",
        actual="2026-03-30",
        status="done",
        baseline_history=({"baseline_date": "2026-03-02"},),
    )

    assert past_slips(milestone_states(project_of(moved), TODAY), TODAY).all[0].days == 28


def test_a_slip_from_a_first_baseline_that_nobody_recorded_is_no_slip_of_none():
    replanned = milestone(baseline="2026-01-20", actual="2026-01-20").model_copy(update={"baseline": "BSL-1"})
    project = project_of(replanned, baseline("BSL-0"), baseline("BSL-1", number=1, supersedes="BSL-0"))

    assert past_slips(milestone_states(project, TODAY), TODAY).count == 0


def test_a_forecast_of_its_own_that_is_later_goes_before_the_past():
    # By hand: 15 June + 8 days is 23 June; the team expects 29 June. 15 June + 21 days is 6 July.
    pilot = milestone("MS-05", baseline="2026-06-15", forecast="2026-06-29", deadline="2026-06-24")

    figures = figures_of(pilot, *past())

    assert figures["forecast.MS-05.p50"].value == date(2026, 6, 29)
    assert figures["forecast.MS-05.p80"].value == date(2026, 7, 6)
    assert figures["forecast.MS-05.chance"].reason == (
        "it is not expected before 29 June 2026, which is after the day by which it must be reached"
    )


def test_a_milestone_that_has_slipped_so_far_is_like_those_that_did_too():
    # By hand, on 15 April: 9 days after 6 April. Of the past, 10, 14 and 21 days slipped as far: P50 is the second.
    overdue = milestone("MS-05", baseline="2026-04-06", forecast="2026-04-15", deadline="2026-04-20")

    figures = figures_of(overdue, *past())

    assert figures["forecast.MS-05.p50"].value == date(2026, 4, 20)
    assert figures["forecast.MS-05.chance"].value == Fraction(2, 4)
    farther = figures_of(milestone("MS-05", baseline="2026-03-01", forecast="2026-05-01"), *past())
    assert farther["forecast.MS-05.p50"].reason == "none of 8 past milestones slipped as far as it has by now"


def test_without_a_past_nothing_is_forecast():
    figures = figures_of(milestone("MS-07", deadline="2026-09-30", **SIX_HOSPITALS))

    assert {figure.reason for figure in figures.values()} == {"no milestone was reached yet that one could learn from"}


def test_a_day_to_keep_is_the_milestones_own_or_for_the_last_one_the_projects():
    last = milestone("MS-07", **SIX_HOSPITALS)
    other = milestone("MS-06", baseline="2026-08-01", forecast="2026-08-01")

    # 43 days from 18 September to 31 October: all 8 past slips are less, 8 ÷ 9.
    figures = figures_of(last, other, *past(), target_end="2026-10-31")

    assert figures["forecast.MS-07.chance"].value == Fraction(8, 9)
    assert "forecast.MS-06.chance" not in figures


def test_the_project_names_the_milestone_that_ends_it():
    named, later = milestone("MS-05", baseline="2026-06-15", forecast="2026-06-15"), milestone("MS-07", **SIX_HOSPITALS)

    assert figures_of(named, later, *past())["schedule.finish_p50"].value == date(2026, 9, 26)
    ended = figures_of(named, later, *past(), finish_milestone="MS-05")
    assert ended["schedule.finish_p50"].value == date(2026, 6, 23)


def test_what_was_reached_is_not_forecast():
    figures = figures_of(*past((3,)), today=as_of("2026-04-15"))

    assert figures["schedule.finish_p50"].reason == "MS-20 was reached on 5 February 2026"
    assert all(isinstance(figure, Unknown) for figure in figures.values())


def test_a_forecast_is_as_strict_as_the_past_that_it_rests_on():
    project = project_of(
        milestone("MS-07", audience="client", **SIX_HOSPITALS), *past(audience="client"), *secret_past()
    )
    facts = compute_facts(project, TODAY)

    seen = facts.visible_to("client", project)

    assert facts.figures["forecast.MS-07.p50"].audience == "restricted"
    assert not any(name.startswith(("forecast.", "schedule.finish")) for name in seen.figures)
    assert seen.forecasts == ()


def secret_past():
    return (milestone("MS-99", baseline="2026-02-02", actual="2026-02-03", status="done", audience="restricted"),)


def test_the_state_holds_what_a_report_says():
    facts = compute_facts(project_of(milestone("MS-07", deadline="2026-09-30", **SIX_HOSPITALS), *past()), TODAY)

    forecast = next(one for one in facts.forecasts if one.milestone.id == "MS-07")
    assert (forecast.p50, forecast.p80, forecast.day(P90)) == (date(2026, 9, 26), date(2026, 10, 9), None)
    assert (forecast.allowed_days, forecast.chance) == (12, Fraction(2, 3))
    assert (forecast.slips.within(12), forecast.slips.count) == (6, 8)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        # ICD 203, by domain 4.1.
        (Fraction(1, 100), "almost no chance"),
        (Fraction(5, 100), "very unlikely"),
        (Fraction(20, 100), "unlikely"),
        (Fraction(45, 100), "roughly even"),
        (Fraction(1, 2), "roughly even"),
        (Fraction(55, 100), "likely"),
        (Fraction(80, 100), "very likely"),
        (Fraction(95, 100), "almost certain"),
        (Fraction(99, 100), "almost certain"),
    ],
)
def test_a_chance_has_a_word_and_its_number(chance, words):
    assert likelihood(chance) == f"{words}, {chance * 100}\u00a0%"
