"""Explanations: every code has one, every kind and figure can be explained, and all of it fits a terminal."""

import re

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.readers.strict_yaml import YamlList, YamlMapping, read_yaml
from aipm_site.records import KINDS
from aipm_site.records.declaration import KindDeclaration, KindExtension
from aipm_site.records.policy import Rule
from aipm_site.records.shape import shape_of
from aipm_site.summaries.explanations import explain_code, explain_figure, explain_kind, known_codes
from tests.facts.builders import TODAY, project_of, risk
from tests.summaries.problem_codes import PACKAGE, codes_in_source

EXAMPLE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WIDE = 80


def test_every_code_of_the_source_has_a_section_and_every_section_a_code():
    assert set(known_codes()) == codes_in_source()


def test_the_scan_finds_codes_however_they_are_written():
    # One of each: an argument, a rule of a kind, a field type, a helper, a table, a default, a template, a gate.
    assert {
        "duplicate-id",
        "one-option",
        "not-a-currency",
        "yaml-anchor",
        "acceptance-expired",
        "not-yaml",
        "not-printable",
        "active-content",
    } <= codes_in_source()


def test_sections_stand_once_each_and_in_the_order_of_the_alphabet():
    text = (PACKAGE / "templates" / "problems.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)

    assert headings == sorted(set(headings))
    assert list(known_codes()) == headings


@pytest.mark.parametrize("code", known_codes())
def test_a_section_says_why_and_how_in_a_few_sentences(code):
    prose = re.sub(r"^```.*?^```$", "", known_codes()[code], flags=re.MULTILINE | re.DOTALL)

    assert len(re.findall(r"[.?)”\"`](?:\s|$)", prose)) >= 2, "a section has two sentences or more"
    assert len(prose) < 700


def examples():
    return [(code, text) for code, section in known_codes().items() for text in EXAMPLE.findall(section)]


@pytest.mark.parametrize(("code", "text"), examples(), ids=lambda value: value if "\n" not in value else "")
def test_the_examples_are_right_yaml_with_fields_that_there_are(code, text):
    data, problems = read_yaml(text, f"{code}.yml")
    models = (*(kind.model for kind in KINDS), KindDeclaration, KindExtension, Rule)
    fields = {name for model in models for name in shape_of(model)} | {"kind", "common"}

    assert problems == []
    if not text.startswith(("# mkdocs.yml", "table:", "chart:")):
        rows = data if isinstance(data, YamlList) else [data]
        assert {key for row in rows if isinstance(row, YamlMapping) for key in row} <= fields


def test_a_code_is_explained_with_its_example():
    text = explain_code("out-of-range", WIDE)

    assert text.startswith("out-of-range\n\nThe number lies outside")
    assert text.endswith("\n    probability: 3\n    impact: 4\n")
    assert "```" not in text


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_a_kind_is_explained_with_all_its_fields_within_the_width(kind, width):
    lines = explain_kind(kind, width).splitlines()

    named = {line.split()[0] for line in lines if line.startswith("  ") and line.split()}
    assert set(shape_of(kind.model)) <= named
    longest_word = max(len(word) for line in lines for word in line.split())
    column = max(len(name) for name in shape_of(kind.model)) + 12
    assert all(len(line) <= max(width, column + longest_word, 84) for line in lines)


def test_what_a_risk_needs_stands_first():
    text = explain_kind(KINDS.named("risk"), WIDE)

    needed = text.split("Needed")[1].split("\n\n")[0]
    assert [line.split()[0] for line in needed.splitlines()[1:] if line[2] != " "] == [
        "id",
        "title",
        "probability",
        "impact",
    ]


def test_what_only_some_states_need_says_why():
    assert "  closed, close_reason: expected, because a closed risk says when and why" in explain_kind(
        KINDS.named("risk"), WIDE
    )


def test_fields_inside_others_are_explained_below_them():
    lines = explain_kind(KINDS.named("action"), WIDE).splitlines()

    at = next(number for number, line in enumerate(lines) if line.startswith("  approval  "))
    assert lines[at + 1].startswith("    type ")
    assert "legal_signoff" in " ".join(lines[at + 1 : at + 4])


def test_the_day_of_an_observation_is_its_own_field_and_needed():
    text = explain_kind(KINDS.named("observation"), WIDE)

    assert "  as_of" in text.split("Needed")[1].split("\n\n")[0]


def test_a_figure_is_explained_by_its_formula_and_records():
    facts = compute_facts(project_of(risk("RSK-001"), risk("RSK-002")), TODAY)

    text = explain_figure(facts.figures["risk.open"], WIDE)

    assert text.startswith("risk.open: 2 open risks, as at ")
    assert "\nformula   " in text
    assert text.splitlines()[-1].endswith("  RSK-002")


def test_a_figure_that_is_not_known_says_why():
    facts = compute_facts(project_of(dimensions=("cost",)), TODAY)

    text = explain_figure(facts.figures["status.cost"], WIDE)

    assert text.startswith("status.cost: unknown, because ")
    assert "formula" not in text
