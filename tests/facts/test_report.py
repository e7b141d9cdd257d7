"""Issued reports: the period runs from the last one, and figures are held against what it froze."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Figure
from aipm_site.facts.report import reporting_period, with_previous
from tests.facts.builders import TODAY, as_of, milestone, project_of, report, risk


def facts(*records, day=TODAY, **fields):
    return compute_facts(project_of(*records, **fields), day)


def risks():
    """Return risks of which three were raised and one was closed, on 20 March, 3, 9 and 12 April."""
    return (
        risk("RSK-001", opened="2026-03-20"),
        risk("RSK-002", opened="2026-04-03", status="closed", closed="2026-04-12", close_reason="done"),
        risk("RSK-003", opened="2026-04-09"),
    )


def test_the_period_of_the_risks_runs_from_the_last_final_report():
    # domain §3.3: opening + new + reopened − closed − materialised − withdrawn = closing.
    flow = facts(*risks(), report()).risks.flow

    assert (flow.start, flow.opening, flow.new, flow.closed, flow.closing) == (date(2026, 4, 8), 2, 1, 1, 2)


def test_without_a_report_the_period_is_30_days():
    flow = facts(*risks()).risks.flow

    assert (flow.start, flow.opening, flow.new, flow.closed, flow.closing) == (date(2026, 3, 16), 0, 3, 1, 2)


@pytest.mark.parametrize("day", range(1, 16))
def test_the_counts_add_up_whatever_day_the_report_speaks_for(day):
    issued = report(f"RPT-2026-04-{day:02}", as_of=f"2026-04-{day:02}")

    flow = facts(*risks(), issued).risks.flow

    assert flow.opening + flow.new - flow.closed == flow.closing == 2


def test_the_count_of_a_period_is_held_against_the_period_before():
    # 1 to 8 April: RSK-002 was raised; 8 to 15 April: RSK-003.
    issued = (report(), report("RPT-2026-04-01-board", as_of="2026-04-01"))

    new = facts(*risks(), *issued).figures["risk.new"]

    assert (new.value, new.comparator.value) == (1, 1)
    assert new.comparator.text == "1 new risk in the 7 days up to 8 April 2026"


def test_with_one_report_the_period_before_is_as_long():
    found = reporting_period((report(as_of="2026-04-10"),), TODAY)

    assert (found.start, found.start - found.before) == (date(2026, 4, 10), timedelta(days=5))


def test_a_report_of_the_day_itself_moves_no_period():
    # Once the report of a day went out, the same day still tells what changed since the report before it.
    before = facts(*risks(), report(as_of="2026-04-08")).risks.flow

    after = facts(*risks(), report(as_of="2026-04-08"), report("RPT-2026-04-15-board", as_of="2026-04-15")).risks.flow

    assert after == before


def test_a_report_for_fewer_readers_than_the_risks_does_not_move_their_period():
    # Its day would be told by the counts.
    open_risks = tuple(one.model_copy(update={"audience": "client"}) for one in risks())

    assert facts(*open_risks, report(audience="restricted")).risks.flow.start == date(2026, 3, 16)
    assert facts(*open_risks, report(audience="client")).risks.flow.start == date(2026, 4, 8)


def figure(name="cost.cpi", value=Decimal("0.94"), unit="ratio", audience="internal", **fields):
    return Figure(name, value, unit, date(2026, 3, 31), str(value), "EV / AC", (), audience, **fields)


def held(made, *reports):
    project = project_of(*reports)
    return with_previous((made,), project, reports)[0]


FROZEN = {"value": "0.99", "unit": "ratio", "as_of": "2026-02-28", "text": "0.99"}


def test_a_figure_is_held_against_its_value_in_the_last_report():
    # domain, trap 62: a trend needs the previous report.
    found = held(figure(), report(figures={"cost.cpi": FROZEN}))

    assert (found.comparator.kind, found.comparator.value) == ("previous", Decimal("0.99"))
    assert (found.comparator.text, found.comparator.as_of) == ("0.99 on 28 February 2026", date(2026, 2, 28))
    assert [source.record_id for source in found.sources] == ["RPT-2026-04-08-board"]


def test_the_last_report_that_froze_it_speaks():
    older = report("RPT-2026-04-01-board", as_of="2026-04-01", figures={"cost.cpi": FROZEN})
    newest = report(figures={"cost.eac": "7"})

    assert held(figure(), older, newest).comparator.value == Decimal("0.99")


@pytest.mark.parametrize(
    "frozen",
    [
        FROZEN | {"unit": "USD"},
        FROZEN | {"value": "about one"},
        FROZEN | {"value": "nan"},
        {"unknown": "no budget is recorded"},
    ],
)
def test_what_cannot_be_compared_is_not(frozen):
    assert held(figure(), report(figures={"cost.cpi": frozen})).comparator is None


def test_dates_are_held_against_dates():
    frozen = {"value": "2026-09-18", "unit": "date"}

    found = held(figure("schedule.finish", date(2026, 9, 26), "date"), report(figures={"schedule.finish": frozen}))

    assert found.comparator.value == date(2026, 9, 18)


def test_a_figure_that_has_a_comparator_keeps_it_and_a_first_measurement_is_none_any_more():
    against = facts(milestone(forecast="2026-06-29"), report(figures={"schedule.slip.MS-01": "3"}))
    first = held(figure(is_first=True), report(figures={"cost.cpi": FROZEN}))

    assert against.figures["schedule.slip.MS-01"].comparator.kind == "baseline"
    assert not first.is_first


def test_what_a_report_for_fewer_readers_froze_is_told_to_those_alone():
    records = (
        risk("RSK-001", audience="client"),
        risk("RSK-002", audience="client", probability="5", impact="5"),
        report(audience="restricted", figures={"risk.red": {"value": "7", "unit": "risks", "text": "7 red risks"}}),
    )
    project = project_of(*records)
    whole = compute_facts(project, TODAY)

    client, board = (whole.visible_to(label, project).figures["risk.red"] for label in ("client", "restricted"))

    assert board.comparator.text == "7 red risks on 8 April 2026"
    assert client.comparator is None
    assert [source.record_id for source in client.sources] == ["RSK-002"]


def test_a_report_of_later_is_not_there():
    later = report("RPT-2026-04-16-board", as_of="2026-04-16", figures={"risk.red": "7"})

    found = facts(*risks(), later)

    assert found.reports == ()
    assert found.risks.flow.start == date(2026, 3, 16)
    assert facts(*risks(), later, day=as_of("2026-04-17")).reports != ()
