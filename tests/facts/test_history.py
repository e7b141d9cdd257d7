"""A colour worsens at once and improves when two reports in a row show it; days are counted over issued reports."""

from datetime import date

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.history import CUT_OFF_REASON, Statement
from tests.facts.builders import TODAY, decision, milestone, project_of, report, risk

# domain 1.2.1: MS-05, baseline 15 June 2026, forecast 29 June.
GREEN = milestone(forecast="2026-06-15", reviewed_on="2026-04-13")
AMBER = milestone(forecast="2026-06-29", reviewed_on="2026-04-13")
RED = milestone(forecast="2026-04-14", reviewed_on="2026-04-13")
SILENT = milestone(forecast="2026-06-15", reviewed_on="2026-01-01")


def said(day, status, name="status.schedule", *, computed=None, **fields):
    """Return a report of a day in April; `fields` are those of the frozen figure."""
    figures = {name: {"unit": "status", "value": status} | fields}
    if computed:
        figures[f"{name}.computed"] = computed
    return report(f"RPT-2026-04-{day:02}-board", as_of=f"2026-04-{day:02}", figures=figures)


def schedule(*records, day=TODAY, earlier=None, **fields):
    project = project_of(*records, dimensions=("schedule",), **fields)
    return compute_facts(project, day, earlier).status.dimension("schedule")


def status(*records, **fields):
    return compute_facts(project_of(*records, dimensions=("schedule",), **fields), TODAY).status


@pytest.mark.parametrize(
    ("plan", "before", "reported"),
    [
        # Worse at once.
        (AMBER, ("green",), "amber"),
        (RED, ("green", "green"), "red"),
        # Better only when two reports in a row show it: domain §3.6, rule 5.
        (GREEN, ("amber",), "amber"),
        (GREEN, ("amber", "amber"), "amber"),
        (GREEN, ("amber", "amber/green"), "amber"),
        (GREEN, ("amber/green", "amber/green"), "green"),
        (GREEN, ("amber/green", "amber/green", "amber"), "amber"),
        # As far as both show it, and no further.
        (GREEN, ("red/amber", "red/green"), "amber"),
        (GREEN, ("red/green", "red/amber"), "amber"),
        (AMBER, ("red/green", "red/green"), "amber"),
        (GREEN, ("red/red", "red/green"), "red"),
        # What was reported green was settled then.
        (GREEN, ("amber", "green"), "green"),
        # What was not reported is no colour that could improve, and silence betters no colour.
        (GREEN, ("amber", "not_reported"), "green"),
        (SILENT, ("amber",), "amber"),
        (SILENT, ("green",), "not_reported"),
        (GREEN, (), "green"),
    ],
)
def test_a_colour_improves_when_two_reports_in_a_row_show_it(plan, before, reported):
    reports = []
    for number, words in enumerate(before):
        told, _, computed = words.partition("/")
        frozen = {"value": None, "unknown": "not reported"} if told == "not_reported" else {}
        reports.append(said(number + 1, told, computed=computed, **frozen))

    found = schedule(plan, *reports)

    assert found.status == reported


def test_both_values_are_kept_where_one_waits():
    found = schedule(GREEN, said(8, "amber"))

    assert (found.status, found.computed, found.unconfirmed) == ("amber", "green", "green")
    assert (found.findings[0].rule, found.findings[0].status) == ("improvement-unconfirmed", "amber")
    assert found.findings[0].words == {
        "computed": "on track (green)",
        "given": "at risk (amber)",
        "date": "8 April 2026",
    }


def test_a_colour_improves_at_once_when_every_record_behind_it_is_over():
    done = milestone("MS-02", actual="2026-04-10", reviewed_on="2026-04-13")

    assert schedule(GREEN, done, said(8, "amber", sources=("MS-02",))).status == "green"
    # An edit is no event: MS-01 was forecast anew and is still open.
    assert schedule(GREEN, done, said(8, "amber", sources=("MS-01", "MS-02"))).status == "amber"
    # Nobody knows what became of a record that is gone.
    assert schedule(GREEN, done, said(8, "amber", sources=("MS-02", "MS-09"))).status == "amber"
    assert schedule(GREEN, done, said(8, "amber")).status == "amber"


def test_a_decision_that_betters_a_colour_counts_at_once():
    # domain §3.6, rule 4.
    given = {"status": "accepted", "outcome": "a", "date": "2026-04-10", "expires": "2026-05-01"}
    better = decision(**given, overrides={"dimension": "schedule", "status": "green"})

    assert schedule(AMBER, better, said(8, "amber")).status == "green"
    # When it lapses the computed colour is back, and a better one must be confirmed again.
    assert schedule(AMBER, better.model_copy(update={"expires": date(2026, 4, 14)}), said(8, "green")).status == "amber"


def test_days_are_counted_from_the_day_that_a_report_gives():
    # domain 1.2.1 and 4.4, sample A: amber since 6 April, 9 days on 15 April.
    found = status(
        AMBER,
        report(
            figures={
                "status.overall": {"value": "amber", "since": "2026-04-06"},
                "status.schedule": {"value": "amber", "since": "2026-04-06"},
            }
        ),
    )

    assert (found.previous, found.since, found.days) == ("amber", date(2026, 4, 6), 9)
    assert found.label == "At risk (amber, 9 days)"
    assert found.dimension("schedule").standing.days == 9


def test_without_a_given_day_the_run_of_reports_tells_it():
    before = (said(1, "green"), said(3, "amber"), said(8, "amber"))

    assert schedule(AMBER, *before).standing.since == date(2026, 4, 3)
    assert schedule(AMBER, said(1, "amber", since="2026-03-20"), said(8, "amber")).standing.since == date(2026, 3, 20)


def test_what_changed_since_the_last_report_has_no_day_and_says_why():
    found = schedule(RED, said(8, "green")).standing

    assert (found.previous, found.previous_as_of) == ("green", date(2026, 4, 8))
    assert (found.since, found.days, found.reason) == (None, None, "it changed after 8 April 2026")


def test_without_reports_nothing_is_known_and_nothing_is_withheld():
    found = schedule(GREEN).standing

    assert (found.previous, found.since, found.reason) == (None, None, "no issued report is recorded yet")


def test_a_report_that_does_not_give_a_status_does_not_speak_of_it():
    found = schedule(GREEN, said(8, "amber", "status.risk")).standing

    assert (found.previous, found.reason) == (None, "no issued report gives it")


@pytest.mark.parametrize(
    "other",
    [
        {"as_of": "2026-04-16"},
        {"status": "draft"},
        {"status": "superseded"},
        {"issued_on": "2026-04-16"},
    ],
)
def test_only_what_was_issued_and_stands_at_the_as_of_is_a_previous_state(other):
    late = report("RPT-2026-04-14-board", **{"as_of": "2026-04-14", "figures": {"status.schedule": "red"}} | other)

    assert schedule(AMBER, said(8, "amber"), late).standing.previous_as_of == date(2026, 4, 8)


def test_a_report_of_the_day_itself_is_no_previous_state():
    assert schedule(AMBER, said(8, "amber"), said(15, "amber")).standing.previous_as_of == date(2026, 4, 8)


def test_a_report_that_another_one_replaces_is_none():
    right = report(
        "RPT-2026-04-09-board",
        as_of="2026-04-09",
        supersedes="RPT-2026-04-08-board",
        figures={"status.schedule": "red"},
    )

    assert [one.id for one in compute_facts(project_of(said(8, "amber"), right), TODAY).reports] == [right.id]


def test_a_report_stood_until_it_was_replaced():
    replaced = said(8, "amber").model_copy(update={"status": "superseded"})
    later = report(
        "RPT-2026-04-16-board", as_of="2026-04-16", supersedes=replaced.id, figures={"status.schedule": "red"}
    )

    found = compute_facts(project_of(replaced, later, AMBER, dimensions=("schedule",)), TODAY)

    assert [one.id for one in found.reports] == [replaced.id]


def test_the_overall_status_waits_by_itself_where_reports_give_nothing_else():
    found = status(GREEN, said(8, "amber", "status.overall"))

    assert (found.overall, found.computed, found.is_withheld) == ("amber", "green", True)
    assert [finding.rule for finding in found.findings] == ["improvement-unconfirmed"]


def test_a_status_is_held_against_what_it_was_in_the_last_report():
    project = project_of(RED, said(8, "green"), dimensions=("schedule",))

    figure = compute_facts(project, TODAY).figures["status.schedule"]

    assert (figure.comparator.kind, figure.comparator.value) == ("previous", "green")
    assert figure.comparator.text == "on track (green) on 8 April 2026"
    assert "RPT-2026-04-08-board" in [source.record_id for source in figure.sources]


def test_earlier_revisions_speak_where_no_report_does():
    revision = {"schedule": (Statement(date(2026, 4, 1), "4f2a91c", "amber", "amber", audience="internal"),)}

    alone = schedule(GREEN, earlier=revision)
    beside = schedule(AMBER, said(8, "green"), earlier=revision)

    assert (alone.status, alone.standing.previous) == ("amber", "amber")
    assert beside.standing.previous == "green"


def revision(day, status, **fields):
    return Statement(date(2026, 4, day), f"commit-{day}", status, status, audience="internal", **fields)


def begun(*before, records=(), day=14):
    project = project_of(AMBER, *records, dimensions=("schedule",))
    earlier = {"schedule": before}
    return compute_facts(project, TODAY, earlier, None, {"schedule": date(2026, 4, day)}).status.dimension("schedule")


def test_a_day_on_which_it_began_counts_where_the_last_revision_told_another():
    changed = begun(revision(9, "green")).standing

    assert (changed.since, changed.days) == (date(2026, 4, 14), 1)
    assert begun(revision(9, "amber")).standing.since == date(2026, 4, 9)
    # Days are counted over issued reports where there are any: domain §3.6, rule 5.
    assert begun(revision(9, "green"), records=(said(8, "green"),)).standing.since is None


def test_what_was_another_in_yesterdays_report_is_so_since_today():
    today, before = schedule(AMBER, said(14, "green")).standing, schedule(AMBER, said(13, "green")).standing

    assert (today.since, today.days, today.reason) == (date(2026, 4, 15), 0, "")
    assert (before.since, before.reason) == (None, "it changed after 13 April 2026")


def test_what_may_not_have_been_told_is_not_what_it_was_before():
    unknown = revision(9, "amber", is_known=False)

    alone, later = begun(unknown).standing, begun(unknown, revision(10, "amber", is_cut_off=True)).standing

    assert (alone.previous, alone.since, alone.reason) == (None, None, CUT_OFF_REASON)
    assert (later.previous, later.since) == ("amber", None)
    assert later.reason == f"at least since 10 April 2026, and {CUT_OFF_REASON}"


def seen_by(audience, *records, **fields):
    project = project_of(*records, dimensions=("schedule",), **fields)
    return compute_facts(project, TODAY).visible_to(audience, project)


OPEN = {"audience": "client"}


def test_what_a_report_for_fewer_readers_said_is_not_told():
    records = (
        AMBER.model_copy(update=OPEN),
        said(8, "amber", since="2026-04-06").model_copy(update={"audience": "restricted"}),
    )

    client, board = seen_by("client", *records), seen_by("restricted", *records)

    assert board.status.dimension("schedule").standing.days == 9
    assert client.status.dimension("schedule").status == "amber"
    assert client.status.dimension("schedule").standing.reason == "not shared with this audience"
    assert client.figures["status.schedule"].comparator is None
    told = repr((client.status, client.figures, client.reports))
    assert not any(word in told for word in ("RPT-2026", "2026, 4, 6", "2026, 4, 8", "8 April"))


def test_a_colour_that_waits_by_a_hidden_report_is_not_shared():
    # Who saw it amber could tell that a report they do not know said so.
    hidden = said(8, "amber").model_copy(update={"audience": "restricted"})

    client = seen_by("client", GREEN.model_copy(update=OPEN), hidden)

    assert client.status.dimension("schedule") is None
    assert client.status.overall == "not_shared"


def test_what_a_status_was_is_shared_from_the_day_on_which_it_was_disclosed():
    line = {"figure": "status.overall", "to": "client", "reason": "the contract says so"}
    project = project_of(AMBER, dimensions=("schedule",), disclose=(line,))

    def seen(*disclosed_on):
        lines = {day: (("status.*", "client"),) if day in disclosed_on else () for day in (9, 10)}
        told = [revision(day, "amber", disclosed=lines[day]) for day in (9, 10)]
        status = compute_facts(project, TODAY, {"overall": told}).visible_to("client", project).status
        return status.since, status.previous

    assert seen(9, 10) == (date(2026, 4, 9), "amber")
    assert (seen(10), seen()) == ((None, None), (None, None))


def test_of_a_disclosed_status_the_present_one_is_shared_and_not_what_was_before():
    line = ({"figure": "status.overall", "to": "client", "reason": "the contract says so"},)
    records = (AMBER, said(8, "amber", "status.overall", since="2026-04-06"))

    client = seen_by("client", *records, disclose=line)

    assert (client.status.overall, client.status.label) == ("amber", "At risk (amber)")
    assert (client.status.since, client.status.previous) == (None, None)
    assert client.figures["status.overall"].text == "at risk (amber)"


def test_a_risk_that_was_closed_lets_the_dimension_improve():
    closed = risk("RSK-001", status="closed", closed="2026-04-12", close_reason="done", opened="2026-01-01")
    calm = risk("RSK-002", reviewed_on="2026-04-13", next_review="2026-05-01", probability="1", impact="1")
    before = report(figures={"status.risk": {"value": "red", "sources": ("RSK-001",)}})

    found = compute_facts(project_of(closed, calm, before, dimensions=("risk",)), TODAY).status

    assert found.dimension("risk").status == "green"
