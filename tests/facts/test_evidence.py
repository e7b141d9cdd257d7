"""A review holds until a record that it looked at changes: by the record's own days, else by those of commits."""

from __future__ import annotations

from datetime import date

import pytest

from aipm_site.facts.evidence import LaterChange
from aipm_site.facts.facts import compute_facts
from aipm_site.facts.freshness import freshness_of
from aipm_site.project import CommitDays
from aipm_site.records.record import Entry
from tests.facts.builders import TODAY, action, as_of, decision, issue, milestone, project_of, record, risk

REVIEWED = {"reviewed_on": "2026-04-10", "next_review": "2026-05-10"}


def cites(*ids: str) -> dict[str, object]:
    return {"links": tuple({"rel": "relates_to", "id": record_id} for record_id in ids)}


def age(*others: Entry, committed: dict[str, tuple[str, ...]] | None = None, when: str = "2026-04-15", **more: object):
    """Return the freshness of a risk that was reviewed on 10 April and cites some records."""
    one = risk(probability="2", impact="2", **REVIEWED | cites(*(other.id for other in others)) | more)
    days = {key: tuple(map(date.fromisoformat, given)) for key, given in (committed or {}).items()}
    project = project_of(one, *others).with_commits(CommitDays(changes={one.id: days}))
    return freshness_of(project, one, as_of(when))


def overtaken_by(*others: Entry, **more) -> list[tuple[str, str]]:
    return [(change.record_id, change.on.isoformat()) for change in age(*others, **more).overtaken_by]


@pytest.mark.parametrize(
    "cited",
    [
        issue(updated="2026-04-14"),
        issue(status="resolved", resolved_at="2026-04-14", resolution="mended"),
        # 23:30 on the 14th in Chicago is 04:30 on the 15th in UTC (domain 1.2.2, A23).
        issue(status="resolved", resolved_at="2026-04-15T04:30:00+00:00", resolution="mended"),
        action(status="done", done_on="2026-04-14"),
        milestone(actual="2026-04-14", status="done"),
        decision(status="accepted", date="2026-04-14", outcome="Yes", options=("Yes", "No")),
        risk("RSK-002", status="closed", closed="2026-04-14", close_reason="over"),
        record("change", id="CHG-001", title="More", status="implemented", implemented_on="2026-04-14"),
        record("objective", id="OBJ-001", title="Fewer", status="met", ended_on="2026-04-14"),
    ],
    ids=lambda cited: type(cited).__name__,
)
def test_a_record_says_by_its_own_day_when_it_changed_or_ended(cited):
    found = age(cited)

    assert (found.state, found.is_current) == ("stale", False)
    assert [change.on for change in found.overtaken_by] == [date(2026, 4, 14)]


def test_the_day_of_the_review_itself_is_not_after_it():
    assert overtaken_by(issue(updated="2026-04-10")) == []
    assert overtaken_by(issue(updated="2026-04-11")) == [("ISS-001", "2026-04-11")]


def test_what_lies_after_the_as_of_has_not_changed_yet():
    later = action(status="done", done_on="2026-04-14")

    assert overtaken_by(issue(updated="2026-04-14"), when="2026-04-13") == []
    assert overtaken_by(later, committed={"ACT-001": ("2026-04-14",)}, when="2026-04-13") == []
    assert overtaken_by(issue(), committed={"ISS-001": ("2026-04-20", "2026-04-12")}) == [("ISS-001", "2026-04-12")]


def test_of_a_commit_and_the_day_that_the_record_gives_the_later_counts():
    days = {"ISS-001": ("2026-04-13",)}

    assert overtaken_by(issue(), committed=days) == [("ISS-001", "2026-04-13")]
    assert overtaken_by(issue(updated="2026-04-02"), committed=days) == [("ISS-001", "2026-04-13")]
    assert overtaken_by(issue(updated="2026-04-14"), committed=days) == [("ISS-001", "2026-04-14")]


def test_the_day_on_which_something_began_is_no_change_of_it():
    assert overtaken_by(issue(opened="2026-04-14")) == []
    assert overtaken_by(issue(opened="2026-04-14", acknowledged_at="2026-04-14")) == []
    assert overtaken_by(decision(date="2026-04-14")) == []
    # Of a decision that was replaced since, the day says when it was made.
    replaced = decision(status="superseded", date="2026-04-14", superseded_by="DEC-002")
    assert overtaken_by(replaced) == []


def test_a_record_that_speaks_for_a_later_day_than_its_review_knows_what_was_before_it():
    assert overtaken_by(issue(updated="2026-04-14"), as_of="2026-04-14") == []


def test_what_stands_in_prose_is_cited_too():
    assert overtaken_by(summary="As [[ISS-001]] says.") == []
    one = risk(**REVIEWED, summary="As [[ISS-001]] says, and `[[ISS-002]]` does not.")
    project = project_of(one, issue(updated="2026-04-14"), issue("ISS-002", updated="2026-04-14"))

    assert freshness_of(project, one, TODAY).overtaken_by == (LaterChange("ISS-001", date(2026, 4, 14)),)


def test_a_record_does_not_overtake_itself():
    assert overtaken_by(updated="2026-04-14", **cites("RSK-001")) == []


def test_without_a_review_nothing_is_overtaken():
    assert overtaken_by(issue(updated="2026-04-14"), reviewed_on=None) == []
    assert overtaken_by(issue(updated="2026-04-14"), reviewed_on="2026-05-01") == []


def test_what_is_over_waits_for_no_review():
    over = {"status": "closed", "closed": "2026-04-11", "close_reason": "over"}

    assert overtaken_by(issue(updated="2026-04-14"), **over) == []


def facts_of(*records: Entry, **charter: object):
    return compute_facts(project_of(*records, **{"dimensions": ("risk",), **charter}), TODAY)


def test_a_risk_that_was_overtaken_keeps_its_dimension_from_green():
    calm = risk(probability="2", impact="2", **REVIEWED | cites("ISS-001"))

    green, stale = facts_of(calm, issue()), facts_of(calm, issue(updated="2026-04-14"))

    assert green.status.dimension("risk").status == "green"
    assert stale.status.dimension("risk").status == "not_reported"
    assert [finding.rule for finding in stale.status.dimension("risk").findings] == ["risk-overtaken"]


def test_a_kind_without_a_limit_is_listed_only_once_it_is_overtaken():
    question = decision(question="Which?", reviewed_on="2026-04-10", **cites("ISS-001"))

    assert "DEC-001" not in facts_of(question, issue()).freshness
    assert facts_of(question, issue(updated="2026-04-14")).freshness["DEC-001"].state == "stale"


def hidden_issue(label: str):
    return issue(updated="2026-04-14", audience=label)


def test_a_stricter_record_is_counted_and_not_named():
    shared = risk(audience="client", **REVIEWED | cites("ISS-001", "ISS-002"))
    facts = facts_of(shared, hidden_issue("internal"), issue("ISS-002", updated="2026-04-12", audience="client"))

    seen = facts.visible_to("client", facts.project).freshness["RSK-001"]

    assert seen.overtaken_by == (LaterChange("ISS-002", date(2026, 4, 12)),)
    assert (seen.hidden_changes, seen.state) == (1, "stale")


def test_the_status_bears_the_label_of_a_record_that_changed():
    shared = risk(audience="client", **REVIEWED | cites("ISS-001", "ISS-002"))
    facts = facts_of(shared, hidden_issue("restricted"), issue("ISS-002", audience="restricted"))

    told = facts.status.dimension("risk")

    (finding,) = told.findings
    assert [source.record_id for source in finding.sources] == ["ISS-001", "RSK-001"]
    assert (finding.words["changes"], finding.words["on"]) == ("ISS-001", "14 April 2026")
    assert (finding.audience, told.audience, facts.status.audience) == ("restricted",) * 3
    seen = facts.visible_to("client", facts.project).status
    assert "risk" not in [dimension.name for dimension in seen.dimensions]


def test_a_record_that_did_not_change_makes_no_status_stricter():
    shared = risk(audience="client", **REVIEWED | cites("ISS-001"))

    assert facts_of(shared, issue(audience="restricted")).status.dimension("risk").audience == "client"
