"""A template chooses words and nothing else; what a record says can be neither Markdown, nor HTML, nor a template."""

import pytest
from msgspec.structs import replace

from aipm_site.facts.facts import compute_facts
from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.front_matter import read_front_matter
from aipm_site.summaries.executive import Edition
from aipm_site.summaries.printed import Addresses
from aipm_site.summaries.report import render_report, render_reports
from tests.facts.builders import TODAY, decision, milestone, project_of, risk

PATH = "content/reports/board.md"
ADDRESSES = Addresses(
    figure=lambda name: f"aipm-root:/figures/#{name.replace('.', '-')}",
    record=lambda record_id: f"aipm-root:/risks/{record_id}/" if record_id.startswith("RSK-") else None,
)
RECORDS = (
    risk("RSK-001", reviewed_on="2026-04-13", next_review="2026-05-01", opened="2026-01-01"),
    milestone(forecast="2026-06-29", reviewed_on="2026-04-13"),
)


def report(text, *records, name="board", **fields):
    parts, _ = read_front_matter(text, PATH)
    template = PageSource(PATH, text, parts.data, parts.body, parts.body_line)
    project = project_of(*(records or RECORDS), dimensions=("schedule", "risk"), **fields)
    audience = parts.data.get("audience") if parts.data else None
    project = replace(project, page_audiences={PATH: audience} if audience else {})
    facts = compute_facts(project, TODAY)
    return render_report(name, template, project, facts, Edition("Readmission Watch", "abc123"), ADDRESSES)


def html(text, *records, **fields):
    made = report(text, *records, **fields)
    assert made.problems == ()
    return made.html


def problem(text, *records, **fields):
    found = report(text, *records, **fields)
    assert found.html == ""
    return found.problems[0]


def test_a_figure_is_a_link_to_how_it_was_computed():
    link = '<a class="aipm-figure" href="aipm-root:/figures/#risk-open">1 open risk</a>'

    assert html('There is {{ fig("risk.open") }}.') == f"<p>There is {link}.</p>"


def test_an_unknown_figure_prints_its_reason():
    assert "no open risk gives probability_value and impact_value</a>" in html('{{ fig("risk.exposure") }}')


def test_what_is_not_shared_is_said():
    made = html('---\naudience: client\n---\n{{ fig("status.risk") }}, {{ fig("status.overall") }}')

    assert made == "<p>not shared with this audience, not shared with this audience</p>"


def test_the_figures_are_those_of_the_reports_own_audience():
    found = problem('---\naudience: client\n---\n{{ fig("risk.open") }}')

    assert (found.code, found.place.line) == ("unknown-figure", 4)
    assert "for the readers of this report" in found.message


def test_a_misspelt_figure_gets_the_near_name():
    found = problem('Risks:\n\n{{ fig("risk.opne") }}')

    assert (found.code, found.place.line, found.hint) == ("unknown-figure", 3, "did you mean 'risk.open'?")


HOSTILE = "</a><script>alert(1)</script> **bold** [x](javascript:alert(1)) {{ 7*7 }} \ue0000\ue001 | # h"


def test_record_text_is_never_a_tag_nor_markdown_nor_a_template():
    made = html("{% for line in summary.risks.worst %}{{ line.title }}{% endfor %}", risk(title=HOSTILE))

    assert made == (
        '<p><q class="aipm-quote">&lt;/a&gt;&lt;script&gt;alert(1)&lt;/script&gt; **bold** [x](javascript:alert(1)) '
        "{{ 7*7 }} \ue0000\ue001 | # h</q></p>"
    )


def test_a_record_changes_its_own_sentence_and_no_other():
    calm, hostile = (html('{% extends "executive.md" %}', decision(title=title)) for title in ("Calm", HOSTILE))

    differing = [pair for pair in zip(calm.split("\n"), hostile.split("\n"), strict=True) if pair[0] != pair[1]]
    assert differing
    assert all("aipm-quote" in before for before, _ in differing)


def test_raw_html_and_foreign_addresses_of_a_template_are_text_or_gone():
    made = html('<b onclick="x()">b</b> [a](javascript:alert(1)) [b](//evil.example) ![i](https://evil.example/i.png)')

    assert "<b" not in made
    assert "javascript" not in made
    assert "<img" not in made


def test_a_value_is_never_the_target_of_a_link():
    found = problem("{% for line in summary.risks.worst %}[x]({{ line.title }}){% endfor %}")

    assert found.code == "value-in-link"


def test_markdown_around_a_value_still_works():
    assert html("- **{{ summary.project }}**") == "<ul>\n<li><strong>Readmission Watch</strong></li>\n</ul>"


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("a\n{{ summary.projct }}", "template-broken", 2, "there is no 'projct' here; did you mean 'project'?"),
        ("{{ nothing }}", "template-broken", 1, "there is no 'nothing' here"),
        ("a\n\n{% if %}", "template-broken", 3, ""),
        ("{{ 7*7 }}", "template-broken", 1, "'mul' is not allowed"),
        ("a\n{{ 9**99999999 }}", "template-broken", 2, "'pow' is not allowed"),
        ("{{ 'a' ~ 'b' }}", "template-broken", 1, "'concat' is not allowed"),
        ("{{ summary.due.next[0] }}", "template-broken", 1, "'getitem' is not allowed"),
        ("{% for x in range(9) %}{% endfor %}", "template-broken", 1, "fig('figure.name')"),
        ("{% macro m() %}{% endmacro %}", "template-broken", 1, "'macro' is not allowed"),
        ("{% include 'executive.md' %}", "template-broken", 1, "'include' is not allowed"),
        ("{% import 'executive.md' as e %}", "template-broken", 1, "'import' is not allowed"),
        ("{% set x %}a{% endset %}", "template-broken", 1, "'assignblock' is not allowed"),
        ("{{ summary.project | safe }}", "template-broken", 1, "there is no filter 'safe'"),
        ("{{ summary.project.upper() }}", "template-broken", 1, "and nothing else"),
        ("{{ summary.__class__ }}", "template-broken", 1, ""),
        ("{{ summary.project.__class__.__mro__ }}", "template-broken", 1, ""),
        ("{{ fig.__globals__ }}", "template-broken", 1, ""),
        ("{{ fig }}", "not-printable", 1, "this prints"),
        ("{{ summary.sprint }}", "not-printable", 1, "nothing: the value is not given"),
        ("{{ summary.notes }}", "not-printable", 1, "a DataNotes"),
        ("{{ summary }}", "not-printable", 1, "an ExecutiveSummary"),
        ("{{ fig() }}", "template-broken", 1, ""),
        ("{{ fig('risk.open', 'no risks') }}", "template-broken", 1, ""),
        ("{{ fig(summary.strip) }}", "unknown-figure", 1, ""),
        ("{% extends 'other.md' %}", "unknown-template", 1, "there is no template 'other.md'"),
        ("a \ue0000\ue001", "template-broken", 1, "private use"),
        ("{{ " + "(" * 300 + "1" + ")" * 300 + " }}", "template-broken", 1, ""),
        ("{{ " + "not " * 3000 + "1 }}", "template-broken", 1, ""),
    ],
)
def test_what_a_template_may_not_do_is_a_problem_at_its_line(text, code, line, words):
    found = problem(text)

    assert (found.code, found.place.file, found.place.line, found.severity) == (code, PATH, line, "error")
    assert words in found.message


def test_the_line_is_that_of_the_file_with_its_front_matter():
    assert problem("---\ntitle: Board\naudience: internal\n---\n\n{{ nothing }}").place.line == 6


@pytest.mark.parametrize(
    "text",
    [
        # Four loops inside each other; a loop over letters inside two others; text, and brackets, without end.
        "{% for a in summary.project %}" * 4 + "x" + "{% endfor %}" * 4,
        "{% for a in summary.notes.template %}" * 3 + "x" + "{% endfor %}" * 3,
        "{% for a in summary.project %}{% for b in summary.project %}" + "x" * 400 + "{% endfor %}{% endfor %}",
        "[" * 501,
        "x" * 20_000,
    ],
)
def test_a_template_has_limits(text):
    assert problem(text).code in {"template-too-long", "template-broken"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\nstatus: finished\n---\nx", "unknown-value", 2),
        ("---\naudience: client\ntitel: Board\n---\nx", "unknown-field", 3),
    ],
)
def test_wrong_settings_are_problems(text, code, line):
    found = problem(text)

    assert (found.code, found.place.line) == (code, line)


BARE = {"comparator": None, "is_first": False}


def with_figure(text, **changes):
    parts, _ = read_front_matter(text, PATH)
    project = project_of(*RECORDS, dimensions=("schedule",))
    facts = compute_facts(project, TODAY)
    figures = {**facts.figures, "risk.open": replace(facts.figures["risk.open"], **changes)}
    template = PageSource(PATH, text, parts.data, parts.body, parts.body_line)
    edition = Edition("Readmission Watch", None)
    return render_report("board", template, project, replace(facts, figures=figures), edition, ADDRESSES)


@pytest.mark.parametrize(
    ("changes", "lacking"), [(BARE, "comparator"), ({"unit": ""}, "unit"), ({"sources": ()}, "source")]
)
def test_in_a_final_report_a_figure_that_lacks_something_is_an_error_and_in_a_draft_it_is_marked(changes, lacking):
    final = with_figure('---\nstatus: final\n---\n\nThere is {{ fig("risk.open") }}.', **changes)
    draft = with_figure('There is {{ fig("risk.open") }}.', **changes)

    assert [(p.code, p.place.line) for p in final.problems] == [("incomplete-figure", 5)]
    assert f"has no {lacking}" in final.problems[0].message
    assert f'<span class="aipm-marker">[no {lacking}]</span>' in draft.html


def test_a_final_report_prints_no_number_of_which_no_earlier_value_is_known():
    found = problem("---\nstatus: final\n---\n{{ fig('risk.red') }}")

    assert (found.code, found.place.line) == ("incomplete-figure", 4)


def test_a_status_is_a_word_and_may_stand_in_a_final_report():
    assert "(amber)" in html("---\nstatus: final\n---\n{{ fig('status.schedule') }}")


def test_a_final_report_may_be_the_built_in_summary():
    assert report('---\nstatus: final\n---\n{% extends "executive.md" %}').problems == ()


def test_a_count_of_zero_lacks_nothing():
    final = "---\nstatus: final\n---\n{{ fig('risk.new') }}, {{ fig('risk.closed') }}"

    assert "no new risks" in html(final)


def test_the_built_in_summary_stands_where_the_project_has_none():
    project = project_of(*RECORDS, dimensions=("schedule", "risk"))

    reports, problems = render_reports(
        project, compute_facts(project, TODAY), Edition("Readmission Watch", None), ADDRESSES
    )

    assert problems == []
    assert [(one.name, one.title, one.status) for one in reports] == [("executive", "Executive summary", "draft")]
    assert "without a revision" in reports[0].html


def test_a_template_of_the_project_may_replace_a_block_and_keep_the_rest():
    made = html('{% extends "executive.md" %}\n{% block next %}\n## Then\n\nAsk us. {{ super() }}\n{% endblock %}')

    assert "<h2>Then</h2>" in made
    assert "Data notes" in made
    assert "within 15 days" in made
