"""News: what happened, by the days of the records, each thing under one key for ever."""

from datetime import date

from aipm_site.facts.facts import compute_facts
from tests.facts.builders import TODAY, as_of, decision, milestone, project_of, report, risk


def news(*records, day=None, **fields):
    return compute_facts(project_of(*records, **fields), day or TODAY).news


def told(*records, **fields):
    return [(one.on.isoformat(), one.key) for one in news(*records, **fields)]


def test_decisions_new_risks_and_issued_reports_are_news_on_their_days():
    found = told(
        decision("DEC-001", status="accepted", date="2026-04-02", outcome="go"),
        decision("DEC-002", status="proposed", date="2026-04-10"),
        risk("RSK-001", opened="2026-03-01"),
        report(issued_on="2026-04-09"),
    )

    assert found == [
        ("2026-04-10", "DEC-002/decision-proposed"),
        ("2026-04-09", "RPT-2026-04-08-board/report-issued"),
        ("2026-04-02", "DEC-001/decision-accepted"),
        ("2026-03-01", "RSK-001/risk-new"),
    ]


def test_what_has_no_day_of_its_own_is_no_news_and_a_review_does_not_make_it_new():
    assert told(risk(reviewed_on="2026-04-14"), decision(status="proposed", reviewed_on="2026-04-14")) == []
    assert told(risk(created="2026-04-01")) == [("2026-04-01", "RSK-001/risk-new")]


def test_drafts_rejected_decisions_and_what_comes_later_are_no_news():
    assert (
        told(
            risk(opened="2026-04-01", status="draft"),
            decision("DEC-001", status="rejected", date="2026-04-01"),
            decision("DEC-002", status="accepted", date="2026-04-16", outcome="go"),
            report(status="draft"),
        )
        == []
    )


def colours(**by_name):
    return {f"status.{name}": value for name, value in by_name.items()}


def test_a_change_from_one_report_to_the_next_is_news_on_the_day_that_the_later_one_gives():
    # domain 1.2.1: overall amber since 2026-04-06, told on 8 April.
    later = colours(cost="green") | {"status.overall": {"value": "amber", "since": "2026-04-06"}}
    found = news(
        report("RPT-2026-04-01-board", as_of="2026-04-01", figures=colours(overall="green", cost="green")),
        report("RPT-2026-04-08-board", as_of="2026-04-08", figures=later),
    )

    change = [one for one in found if one.kind == "status-changed" and one.record_id]

    assert [(one.on, one.title, one.before, one.after) for one in change] == [
        (date(2026, 4, 6), "overall", "green", "amber")
    ]


def late(day):
    # Forecast 40 working days after the baseline, where nothing is tolerated beyond the default: red or amber.
    return milestone("MS-01", baseline="2026-06-15", forecast=day, reviewed_on="2026-04-14")


def test_a_change_since_the_last_report_keeps_its_key_from_day_to_day_and_when_the_next_report_tells_it():
    before = report("RPT-2026-04-08-board", as_of="2026-04-08", figures=colours(schedule="green"))
    settings = {"dimensions": ["schedule"]}

    today = [one for one in news(before, late("2026-09-30"), **settings) if one.kind == "status-changed"]
    tomorrow = [
        one
        for one in news(before, late("2026-09-30"), day=as_of("2026-04-16"), **settings)
        if one.kind == "status-changed"
    ]
    after = report("RPT-2026-04-15-board", as_of="2026-04-15", figures=colours(schedule=today[0].after))
    told_later = [
        one
        for one in news(before, after, late("2026-09-30"), day=as_of("2026-04-16"), **settings)
        if one.kind == "status-changed"
    ]

    assert today[0].before == "green"
    assert {one.key for one in (*today, *tomorrow, *told_later)} == {today[0].key}
    assert told_later[0].record_id == "RPT-2026-04-15-board"


def test_a_change_is_for_those_who_may_see_both_reports():
    found = news(
        report("RPT-2026-04-01-x", as_of="2026-04-01", figures=colours(overall="green"), audience="restricted"),
        report("RPT-2026-04-08-x", as_of="2026-04-08", figures=colours(overall="amber"), audience="client"),
    )

    assert {one.audience for one in found if one.kind == "status-changed"} == {"restricted"}
