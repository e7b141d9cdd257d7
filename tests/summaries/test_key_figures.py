"""The table of main figures: which it has, and what a template may ask of a figure's past."""

import re
from datetime import date

import pytest
from markupsafe import Markup
from msgspec.structs import replace

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Figure
from aipm_site.history.states import History, PastFigure, State
from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.front_matter import read_front_matter
from aipm_site.summaries.executive import Edition
from aipm_site.summaries.key_figures import key_figures
from aipm_site.summaries.past import Past
from aipm_site.summaries.printed import Addresses
from aipm_site.summaries.report import render_report
from tests.facts.builders import (
    CFO_SCENARIOS,
    TODAY,
    benefit,
    metric,
    milestone,
    model,
    observation,
    project_of,
    report,
    risk,
)
from tests.facts.money_builders import budget_line, by_month, costs

PATH = "content/reports/board.md"
ADDRESSES = Addresses(figure=lambda name: f"aipm-root:/figures/#{name}", record=lambda record_id: None)
OLD = "MV-RW-1.6.2"
PLAN = milestone("MS-01", forecast="2026-06-29", reviewed_on="2026-04-13")
# Eight past milestones are enough for a P80 (domain §3.5); none slipped.
DONE = tuple(
    milestone(f"MS-1{n}", baseline=f"2026-0{n % 3 + 1}-1{n}", actual=f"2026-0{n % 3 + 1}-1{n}") for n in range(8)
)
MONEY = (
    budget_line(planned=by_month("2026-01", [100] * 10), earned=by_month("2026-01", [90, 90, 90])),
    *costs("2026-01", [100, 100, 100]),
)
RED = risk(probability="5", impact="5", reviewed_on="2026-04-13")
MODEL = (
    model(OLD, monitoring=("M-accuracy",)),
    metric(thresholds={"green": "0.87"}),
    observation(OLD, successes=8740, n=10000, as_of="2026-04-14", environment="production"),
)
BENEFIT = benefit(scenarios=CFO_SCENARIOS, reviewed_on="2026-04-13")
TOLD_BEFORE = report(figures={"risk.red": {"value": "0", "unit": "risks"}})


def facts_of(*records, audience="restricted", template=None):
    project = project_of(*records, dimensions=("schedule",), currency="USD")
    project = replace(project, page_audiences={PATH: template} if template else {})
    return compute_facts(project, TODAY).visible_to(audience, project)


def subjects(*records, past=None):
    return [line.subject for line in key_figures(facts_of(*records), past or Past()).lines]


def test_of_a_project_that_has_all_it_tells_six():
    assert subjects(PLAN, *DONE, *MONEY, RED, TOLD_BEFORE, *MODEL, BENEFIT) == [
        "finish_p80",
        "eac",
        "spi_t",
        "risk_red",
        "metric",
        "benefit",
    ]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((), []),
        ((PLAN,), ["finish_slip"]),
        # Without a value earned there is no estimate and no pace.
        ((budget_line(planned=by_month("2026-01", [100] * 10)), *costs("2026-01", [100])), []),
        # Neither a report nor a revision tells what it was, nor what it should be (domain §4.3, the number rule).
        ((RED,), []),
        ((RED, TOLD_BEFORE), ["risk_red"]),
        # None recorded is nothing to be proud of (domain §5, T-68).
        ((TOLD_BEFORE,), []),
        (MODEL, ["metric"]),
        # What is stale is told with its date among what is in production: 31 March is 15 days ago, the limit is 7.
        (
            (*MODEL[:2], observation(OLD, successes=8740, n=10000, as_of="2026-03-31", environment="production")),
            [],
        ),
        ((BENEFIT,), ["benefit"]),
    ],
)
def test_it_tells_only_what_the_project_has(records, expected):
    assert subjects(*records) == expected


def test_what_the_readers_may_not_see_is_not_in_it():
    shown = milestone("MS-01", forecast="2026-06-29", reviewed_on="2026-04-13", audience="client")

    lines = key_figures(facts_of(shown, *MONEY, *MODEL, audience="client"), Past()).lines

    assert [line.subject for line in lines] == ["finish_slip"]


def test_a_value_of_another_day_has_its_day():
    lines = {line.subject: line.as_of for line in key_figures(facts_of(PLAN, *MODEL), Past()).lines}

    assert lines == {"finish_slip": None, "metric": date(2026, 4, 14)}


def html_of(text, *records, past=None, final=False):
    text = "---\nstatus: final\n---\n" + text if final else text
    parts, _ = read_front_matter(text, PATH)
    template = PageSource(PATH, text, parts.data, parts.body, parts.body_line)
    facts = facts_of(*records, template=parts.data.get("audience") if parts.data else None)
    edition = Edition("Readmission Watch", None)
    return render_report("board", template, facts.project, facts, edition, ADDRESSES, past)


def cells(made):
    table = next(table for table in re.findall(r"<table>.*?</table>", made.html, re.DOTALL) if "Figure" in table)
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    text = [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd]>(.*?)</t[hd]>", row)] for row in rows]
    return [[cell.replace("\u00a0", " ") for cell in row] for row in text]


def test_a_figure_that_the_last_report_did_not_tell_says_which_one_did():
    slip = {"schedule.slip.MS-01": {"value": "10", "unit": "d"}}
    older = report("RPT-2026-04-01-board", as_of="2026-04-01", figures=slip)

    made = html_of('{% extends "executive.md" %}', PLAN, RED, older, TOLD_BEFORE, final=True)

    assert made.problems == ()
    # 15 to 29 June is 14 days, 4 more than then.
    assert cells(made) == [
        ["Figure", "Now", "Since the report of 8 April 2026"],
        ["Finish", "14 days (10 weekdays) after the baseline", "+4 days since the report of 1 April 2026, worse"],
        ["Red risks", "1 risk in the red band", "+1, worse"],
    ]


def test_where_no_report_was_issued_the_heading_names_the_revision():
    before = PastFigure("0", None, "risks", "no risks in the red band", date(2026, 4, 8), "internal")
    state = State("a" * 40, date(2026, 4, 8), date(2026, 4, 8), True, {"risk.red": before})

    made = html_of('{% extends "executive.md" %}', RED, past=Past(History((state,))))

    assert cells(made) == [
        ["Figure", "Now", "Since the revision of 8 April 2026"],
        ["Red risks", "1 risk in the red band", "+1, worse"],
    ]


def test_without_any_earlier_value_the_table_has_no_column_for_it():
    assert cells(html_of('{% extends "executive.md" %}', PLAN))[0] == ["Figure", "Now"]


DRAWN = Past(draw=lambda trend: Markup("<svg>{}</svg>").format(trend.name))


def test_a_form_that_draws_has_a_course_and_one_that_cannot_has_nothing():
    text = 'Slip {{ fig("schedule.slip.MS-01") | trend }}.'

    assert html_of(text, PLAN, past=DRAWN).html == "<p>Slip <svg>schedule.slip.MS-01</svg>.</p>"
    assert html_of(text, PLAN).html == "<p>Slip .</p>"


def test_a_change_is_a_link_to_how_it_was_computed():
    made = html_of('{{ fig("risk.red") | since_last_report }}', RED, TOLD_BEFORE, final=True)

    link = '<a class="aipm-figure" href="aipm-root:/figures/#risk.red">+1</a>'
    assert made.html == f"<p>{link} since the report of 8 April 2026, worse</p>"
    assert made.printed == ("risk.red",)
    assert made.changes == {"risk.red": "+1 since the report of 8 April 2026, worse"}


def test_what_was_written_in_a_report_is_never_a_tag():
    told = report(figures={"status.schedule": {"value": "green", "unit": "status", "text": "<b>*fine*</b>"}})

    made = html_of('{{ fig("status.schedule") | since_last_report }}', PLAN, told)

    assert "was <a" in made.html
    assert "&lt;b&gt;*fine*&lt;/b&gt;</a>" in made.html


@pytest.mark.parametrize("asked", ["trend", "since_last_report"])
@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("summary.project", "unknown-figure", "is asked of a figure, and this is a str"),
        ("'risk.red'", "unknown-figure", "is asked of a figure, and this is a str"),
        ("fig('risk.rde')", "unknown-figure", "there is no figure 'risk.rde'"),
        ("summary.projct", "template-broken", "there is no 'projct' here"),
    ],
)
def test_the_past_of_what_is_no_figure_is_a_problem_at_its_line(asked, value, code, words):
    made = html_of(f"a\n\n{{{{ {value} | {asked} }}}}", RED)

    found = made.problems[0]
    assert (found.code, found.place.line, made.html) == (code, 3, "")
    assert words in found.message


@pytest.mark.parametrize("asked", ["trend", "since_last_report"])
def test_of_a_status_that_is_not_shared_no_past_is_told(asked):
    hidden = milestone("MS-01", forecast="2026-06-29", reviewed_on="2026-04-13", audience="internal")
    text = f"---\naudience: client\n---\nx{{{{ fig('status.schedule') | {asked} }}}}"

    made = html_of(text, hidden, past=DRAWN)

    assert "svg" not in made.html
    assert made.changes == {}


def test_a_report_for_fewer_readers_sees_less_of_the_past():
    past = PastFigure("0", None, "risks", "no risks in the red band", date(2026, 4, 8), "internal")
    state = State("a" * 40, date(2026, 4, 8), date(2026, 4, 8), True, {"risk.red": past})
    shown = RED.model_copy(update={"audience": "client"})
    text = "{{ fig('risk.red') | since_last_report }}"

    ours = html_of(text, shown, past=Past(History((state,)))).html
    theirs = html_of(f"---\naudience: client\n---\n{text}", shown, past=Past(History((state,)))).html

    assert "since the revision of 8 April 2026, worse" in ours
    assert theirs == "<p>what it was before is not shared with this audience</p>"


def test_what_was_hidden_from_the_readers_of_the_build_is_hidden_in_a_report_for_fewer_too():
    # The build's own readers may not see it as it was, so its value is not among the state's figures any more.
    state = State("a" * 40, date(2026, 4, 8), date(2026, 4, 8), True, hidden=frozenset({"risk.red"}))
    shown = RED.model_copy(update={"audience": "client"})
    text = "---\naudience: client\n---\n{{ fig('risk.red') | since_last_report }}"

    assert html_of(text, shown, past=Past(History((state,)))).html == (
        "<p>what it was before is not shared with this audience</p>"
    )


def test_a_final_report_does_not_print_the_change_of_a_figure_without_a_source():
    facts = facts_of(RED, TOLD_BEFORE)
    bare = facts.figures["risk.red"]
    assert isinstance(bare, Figure)
    text = "---\nstatus: final\n---\n{{ fig('risk.red') | since_last_report }}"
    parts, _ = read_front_matter(text, PATH)
    template = PageSource(PATH, text, parts.data, parts.body, parts.body_line)
    without = replace(facts, figures={"risk.red": replace(bare, sources=())})

    made = render_report("board", template, facts.project, without, Edition("R", None), ADDRESSES)

    assert [(found.code, found.place.line) for found in made.problems] == [("incomplete-figure", 4)]
