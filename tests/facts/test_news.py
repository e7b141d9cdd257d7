"""News: what happened, by the days of the records, each thing under one key for ever."""

from datetime import date

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.history import Statement
from aipm_site.project import CommitDays
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


def test_what_gives_no_day_is_news_of_the_commit_that_brought_it_and_not_of_the_last_that_touched_its_file():
    days = CommitDays(
        brought_on={"RSK-001": date(2026, 3, 2), "RSK-002": date(2026, 3, 9), "DEC-001": date(2026, 3, 3)},
        changed_on={risk().place.file: date(2026, 4, 14)},
    )
    records = (
        risk(reviewed_on="2026-04-14"),
        risk("RSK-002", opened="2026-03-08"),
        risk("RSK-003"),
        decision("DEC-001", status="proposed"),
    )

    found = compute_facts(project_of(*records).with_commits(days), TODAY).news

    assert [(one.on.isoformat(), one.key) for one in found] == [
        ("2026-03-08", "RSK-002/risk-new"),
        ("2026-03-03", "DEC-001/decision-proposed"),
        ("2026-03-02", "RSK-001/risk-new"),
    ]


def test_a_commit_after_the_as_of_counts_as_made_on_it():
    project = project_of(risk()).with_commits(CommitDays(brought_on={"RSK-001": date(2026, 4, 20)}))

    assert [one.on for one in compute_facts(project, TODAY).news] == [date(2026, 4, 15)]


def test_what_has_no_day_of_its_own_is_no_news_and_a_review_does_not_make_it_new():
    assert told(risk(reviewed_on="2026-04-14"), decision(status="proposed", reviewed_on="2026-04-14")) == []
    assert told(risk(created="2026-04-01")) == [("2026-04-01", "RSK-001/risk-new")]


@pytest.mark.parametrize("status", ["superseded", "deprecated"])
def test_what_was_decided_stays_news_of_its_day_whatever_became_of_it(status):
    first = decision("DEC-001", status="accepted", date="2026-04-02", outcome="this one")
    second = decision("DEC-002", status="accepted", date="2026-04-09", outcome="that one")
    replaced = decision("DEC-001", status=status, date="2026-04-02", outcome="this one", superseded_by="DEC-002")

    later = told(replaced, second)

    assert told(first) == [("2026-04-02", "DEC-001/decision-accepted")]
    assert later == [("2026-04-09", "DEC-002/decision-accepted"), *told(first)]


@pytest.mark.parametrize("status", ["accepted", "rejected", "superseded", "deprecated"])
def test_when_something_was_decided_that_gives_no_day_nobody_knows(status):
    # It came on 3 March, and may have been a proposal then.
    undated = decision("DEC-001", status=status, outcome="this one", superseded_by="DEC-002", created="2026-03-03")
    project = project_of(undated).with_commits(CommitDays(brought_on={"DEC-001": date(2026, 3, 3)}))

    assert compute_facts(project, TODAY).news == ()


def test_a_rejected_decision_is_news_of_its_own():
    (one,) = news(decision("DEC-001", status="rejected", date="2026-04-02", outcome="none of them"))

    assert (one.kind, one.on, one.about) == ("decision-rejected", date(2026, 4, 2), "none of them")


def test_drafts_and_what_comes_later_are_no_news():
    assert (
        told(
            risk(opened="2026-04-01", status="draft"),
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


def said(day, status, audience="internal", **fields):
    """Return what a revision of a day in April told."""
    return Statement(date(2026, 4, day), f"commit-{day}", status, status, audience=audience, **fields)


def changes_of(*records, day="2026-04-15", earlier=None, recorded_on=None, begun=None, **fields):
    project = project_of(*records, dimensions=("schedule",), **fields)
    facts = compute_facts(project, as_of(day), earlier, recorded_on, begun)
    return [one for one in facts.news if one.kind == "status-changed" and one.title == "schedule"]


LATE = milestone(baseline="2026-06-15", forecast="2026-06-29", reviewed_on="2026-04-14")


def test_without_an_issued_report_the_revisions_tell_the_changes():
    told = {"schedule": [said(1, "green"), said(3, "red"), said(7, "red"), said(9, "amber")]}

    found = changes_of(LATE, earlier=told)

    assert [(one.on.day, one.before, one.after, one.record_id) for one in found] == [
        (9, "red", "amber", ""),
        (3, "green", "red", ""),
    ]
    assert len({one.key for one in found}) == 2


@pytest.mark.parametrize("day", ["2026-04-15", "2026-04-16", "2026-04-17"])
@pytest.mark.parametrize(
    ("records", "earlier", "recorded_on", "begun"),
    [
        # The revision of the 13th tells it first, whether a report was issued before or not.
        ((report(figures=colours(schedule="green")),), (said(9, "green"), said(13, "amber")), 13, 13),
        ((), (said(9, "green"), said(13, "amber"), said(14, "amber")), 14, 13),
        # What was recorded on the 15th is the first to say so.
        ((report(figures=colours(schedule="green")),), (said(9, "green"),), 15, 15),
        # Time alone brought it after the 13th, or it is not known: the first day on which it can have begun.
        ((), (said(9, "green"), said(13, "green")), 13, 14),
        ((report(figures=colours(schedule="green")),), (), None, 9),
    ],
)
def test_a_change_has_the_same_day_at_every_later_as_of(records, earlier, recorded_on, begun, day):
    recorded = date(2026, 4, recorded_on) if recorded_on else None

    found = changes_of(LATE, *records, day=day, earlier={"schedule": earlier}, recorded_on=recorded)

    assert [(one.on, one.before, one.after) for one in found] == [(date(2026, 4, begun), "green", "amber")]


@pytest.mark.parametrize("reports", [(), (report(figures=colours(schedule="green")),)])
def test_what_time_alone_changed_is_of_the_day_that_tells_it_first(reports):
    told = {"schedule": [said(9, "green"), said(10, "green")]}

    found = changes_of(
        LATE, *reports, earlier=told, recorded_on=date(2026, 4, 10), begun={"schedule": date(2026, 4, 14)}
    )

    assert [(one.on.day, one.before, one.after) for one in found] == [(14, "green", "amber")]


def test_who_may_not_see_a_revision_that_dates_a_change_does_not_hear_of_it():
    told = {"schedule": [said(9, "green", "client"), said(13, "amber", "restricted")]}
    public = LATE.model_copy(update={"audience": "client"})

    assert [one.audience for one in changes_of(public, earlier=told)] == ["restricted"]


def test_who_is_shown_a_status_by_disclosure_hears_of_its_changes_and_not_who_told_them():
    reports = (
        report("RPT-2026-04-01-board", as_of="2026-04-01", figures=colours(schedule="green")),
        report("RPT-2026-04-08-board", as_of="2026-04-08", figures=colours(schedule="red")),
        report("RPT-2026-04-10-board", as_of="2026-04-10", figures=colours(schedule="amber")),
    )
    line = {"figure": "status.schedule", "to": "client", "reason": "agreed"}
    project = project_of(LATE, *reports, dimensions=("schedule",), disclose=(line,))

    def heard(*days):
        told = [said(day, "amber", disclosed=(("status.schedule", "client"),)) for day in days]
        return compute_facts(project, TODAY, {"schedule": told}).visible_to("client", project).news

    assert [(one.title, one.before, one.after, one.record_id) for one in heard(1)] == [
        ("schedule", "red", "amber", ""),
        ("schedule", "green", "red", ""),
    ]
    assert len({one.key for one in heard(1)}) == 2
    assert "RPT" not in repr(heard(1))
    # Disclosed since the 7th, green is the past; since today, all of it; and where no revision tells, it may be.
    assert [(one.before, one.after) for one in heard(7)] == [("red", "amber")]
    assert (heard(15), heard()) == ((), ())
