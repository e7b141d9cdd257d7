"""What a figure did since the last report, in words: by how much, since which report, and whether that is better."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from aipm_site.changes.since_report import since_report
from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Figure, Unknown, sources_of
from aipm_site.history.states import History, PastFigure, State
from aipm_site.summaries.since_report import since_text
from tests.facts.builders import TODAY, metric, project_of, report
from tests.facts.money_builders import baseline

METRICS = (metric("M-accuracy"), metric("M-drift", unit="index", polarity="lower_better"))


def figure(name, value, unit, text="now", source=None, baseline=None):
    sources = sources_of([one for one in METRICS if one.id == source])
    return Figure(name, value, unit, TODAY.date, text, "as computed", sources, "internal", baseline=baseline)


def told(now, *records, history=None):
    facts = compute_facts(project_of(*METRICS, *records), TODAY)
    return since_text(since_report(now, facts, history or History())).replace("\u00a0", " ")


def frozen(name, **fields):
    return report(figures={name: fields})


SINCE = "since the report of 8 April 2026"


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        # Issue 4: "estimate at completion + USD 40,000", "finish P80 +9 days": 30 September to 9 October.
        (figure("cost.eac", Decimal(1280000), "USD"), "1240000", f"+ USD 40,000 {SINCE}, worse"),
        (figure("cost.eac", Decimal(1240000), "USD"), "1280000", f"− USD 40,000 {SINCE}, better"),
        (figure("schedule.finish_p80", date(2026, 10, 9), "date"), "2026-09-30", f"+9 days {SINCE}, worse"),
        (figure("schedule.slip.MS-05", 14, "d"), "15", f"−1 day {SINCE}, better"),
        (figure("schedule.spi_t", Fraction(95, 100), "ratio", "0.95"), "0.94", f"+0.01 {SINCE}, better"),
        (figure("risk.red", 3, "risks"), "1", f"+2 {SINCE}, worse"),
        # Money that is spent says by itself nothing of better or worse.
        (figure("cost.ac", Decimal(300), "USD"), "200", f"+ USD 100 {SINCE}"),
        # A metric says itself which way is better; a share moves by percentage points (domain §5, T-10).
        (
            figure("model.A.accuracy", Fraction(864, 1000), "ratio", "86.4 %", "M-accuracy"),
            "0.874",
            f"−1.0 pp {SINCE}, worse",
        ),
        (figure("model.A.drift", Decimal("0.30"), "index", "0.30", "M-drift"), "0.10", f"+0.2 {SINCE}, worse"),
        # What two decimals, or one of a point, do not show is shown all the same: 0.945 − 0.944, 0.8744 − 0.8740.
        (figure("schedule.spi_t", Fraction(945, 1000), "ratio", "0.945"), "0.944", f"+0.001 {SINCE}, better"),
        (
            figure("model.A.accuracy", Fraction(8744, 10000), "ratio", "87.4 %", "M-accuracy"),
            "0.8740",
            f"+0.04 pp {SINCE}, better",
        ),
        (figure("risk.red", 1, "risks"), "1", f"unchanged {SINCE}"),
        (figure("cost.eac", Decimal("1280000.00"), "USD"), "1280000", f"unchanged {SINCE}"),
    ],
)
def test_a_quantity_moved_by_so_much_since_the_report(now, then, words):
    assert told(now, frozen(now.name, value=then, unit=now.unit)) == words


def test_a_value_whose_digits_do_not_end_is_unchanged_where_a_report_kept_its_first_twelve():
    # Domain §1.2.2, A12: 1,200,000 ÷ (444 ÷ 472) = 1,275,675.675675…
    now = figure("cost.eac", Fraction(1200000 * 472, 444), "USD", "USD 1.28 million")

    assert told(now, frozen("cost.eac", value="1275675.67568", unit="USD")) == f"unchanged {SINCE}"


def test_a_status_was_a_word():
    then = frozen("status.cost", value="red", unit="status", text="off track (red)")

    words = told(figure("status.cost", "amber", "status", "at risk (amber)"), then)

    assert words == "was off track (red) in the report of 8 April 2026, better"


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (figure("cost.eac", Decimal(1), "USD"), {"unknown": "no cost"}, "not known in the report of 8 April 2026"),
        (
            Unknown("cost.eac", "no cost", "internal"),
            {"value": "5", "unit": "USD", "text": "USD 5"},
            "was USD 5 in the report of 8 April 2026",
        ),
        (
            Unknown("cost.eac", "no cost", "internal"),
            {"unknown": "no cost"},
            "not known in the report of 8 April 2026 either",
        ),
        (
            figure("cost.eac", Decimal(5), "USD"),
            {"value": "5", "unit": "EUR", "text": "EUR 5"},
            "in another unit in the report of 8 April 2026: EUR 5",
        ),
        (
            figure("cost.eac", Decimal(5), "USD"),
            {"value": "five", "text": "five dollars"},
            "in another unit in the report of 8 April 2026: five dollars",
        ),
    ],
)
def test_what_cannot_be_held_against_each_other_is_not_made_a_difference(now, then, words):
    assert told(now, frozen("cost.eac", **then)) == words


REPLACED = baseline("BSL-1", number=1, supersedes="BSL-0", date="2026-04-10")


@pytest.mark.parametrize(
    ("then", "words"),
    [
        # 20 May is 30 days after 20 April, and 5 after 15 May: 25 less, of which the work did nothing.
        ({"baseline": "2026-04-20"}, f"−25 days {SINCE}, re-baselined"),
        ({"baseline": "2026-05-15"}, f"−25 days {SINCE}, better"),
        # The report does not say which it was, and there were two.
        ({}, f"−25 days {SINCE}"),
    ],
)
def test_what_is_counted_from_another_baseline_is_neither_better_nor_worse(then, words):
    now = figure("schedule.slip.MS-001", 5, "d", baseline="2026-05-15")
    before = frozen(now.name, value="30", unit="d", **then)

    assert told(now, before, baseline("BSL-0"), REPLACED) == words


def test_where_no_baseline_was_ever_replaced_the_report_counted_from_that_of_today():
    now = figure("schedule.slip.MS-001", 5, "d", baseline="2026-05-15")

    assert told(now, frozen(now.name, value="30", unit="d"), baseline("BSL-0")) == f"−25 days {SINCE}, better"


def test_a_revision_knows_from_which_baseline_it_counted():
    then = PastFigure("30", None, "d", "30 days", date(2026, 4, 8), "internal", baseline="2026-04-20")
    state = State("c", date(2026, 4, 8), date(2026, 4, 8), is_sound=True, figures={"schedule.slip.MS-001": then})
    now = figure("schedule.slip.MS-001", 5, "d", baseline="2026-05-15")

    assert told(now, history=History((state,))) == "−25 days since the revision of 8 April 2026, re-baselined"


def test_a_report_that_does_not_tell_it_is_passed_over_for_the_one_before():
    older = report("RPT-2026-04-01-board", as_of="2026-04-01", figures={"risk.red": {"value": "1", "unit": "risks"}})

    assert told(figure("risk.red", 2, "risks"), older, report()) == "+1 since the report of 1 April 2026, worse"


def test_the_last_of_the_reports_that_tell_it_counts():
    older = report("RPT-2026-04-01-board", as_of="2026-04-01", figures={"risk.red": {"value": "1", "unit": "risks"}})
    newer = frozen("risk.red", value="3", unit="risks")

    assert told(figure("risk.red", 2, "risks"), older, newer) == f"−1 {SINCE}, better"


def test_what_no_report_told_is_first_reported_whatever_the_revisions_say():
    assert told(figure("risk.red", 2, "risks"), report(), history=HISTORY) == "first reported"


def state(day, figures, *, is_sound=True, hidden=()):
    as_of = date(2026, 4, day)
    past = {
        name: PastFigure(value, exact, unit, f"{value} {unit}", as_of, "internal")
        for name, (value, exact, unit) in figures.items()
    }
    return State(f"{day:040}", as_of, as_of, is_sound, past, hidden=frozenset(hidden))


HISTORY = History(
    (
        state(6, {"risk.red": ("5", None, "risks")}),
        state(8, {"risk.red": ("1", None, "risks"), "share": ("0.333333333333", "1/3", "ratio")}, hidden=["cost.eac"]),
        state(9, {}, is_sound=False),
        # What speaks for the present day is no earlier value.
        state(15, {"risk.red": ("2", None, "risks")}),
    ),
    "day",
)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (figure("risk.red", 2, "risks"), "+1 since the revision of 8 April 2026, worse"),
        (figure("share", Fraction(1, 3), "ratio"), "unchanged since the revision of 8 April 2026"),
        # 1/2 − 1/3 = 1/6.
        (figure("share", Fraction(1, 2), "ratio", "50 %"), "+16.7 pp since the revision of 8 April 2026"),
        (figure("risk.new", 1, "risks"), "new since the revision of 8 April 2026"),
        (figure("cost.eac", Decimal(5), "USD"), "what it was before is not shared with this audience"),
    ],
)
def test_without_an_issued_report_it_counts_from_the_revision_before(now, words):
    assert told(now, history=HISTORY) == words


def test_without_either_nothing_is_known():
    assert told(figure("risk.red", 2, "risks")) == "no earlier value is known"


def test_a_report_that_is_hidden_from_the_readers_is_none():
    project = project_of(*METRICS, replace_audience(frozen("risk.red", value="1", unit="risks"), "restricted"))
    facts = compute_facts(project, TODAY)

    seen = facts.visible_to("internal", project)

    assert since_report(figure("risk.red", 2, "risks"), seen, History()).outcome == "nothing"


def replace_audience(one, audience):
    return one.model_copy(update={"audience": audience})


def test_what_a_report_tells_of_a_metric_that_is_gone_has_no_better():
    now = replace(figure("model.A.accuracy", Fraction(9, 10), "ratio", "90 %"), sources=())

    assert told(now, frozen("model.A.accuracy", value="0.8", unit="ratio")) == f"+10.0 pp {SINCE}"
