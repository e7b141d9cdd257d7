"""The page of figures says how each one was computed, from which lines."""

from datetime import date

from aipm_site.facts.figure import Figure, Source, Unknown
from aipm_site.pages.addresses import figure_anchor
from aipm_site.pages.figures import figure_view
from aipm_site.problems import Place


def test_every_figure_has_an_entry_at_its_anchor(sample):
    dom = sample.dom("figures/")

    for name in sample.facts.figures:
        assert dom.css_first(f'[id="{figure_anchor(name)}"]') is not None, name
    assert set(sample.pages["figures/"].anchors) == {figure_anchor(name) for name in sample.facts.figures}


def test_an_entry_shows_value_formula_date_and_the_lines_of_its_sources(sample):
    entry = sample.dom("figures/").css_first(f'[id="{figure_anchor("risk.open")}"]').text()

    assert "15 April 2026" in entry
    assert "Formula" in entry
    assert "content/risks/RSK-014.yml:1" in entry


def test_an_entry_is_folded_behind_its_name_and_value_and_its_anchor_is_inside(sample):
    body = sample.dom("figures/").css_first(f'[id="{figure_anchor("risk.open")}"]')
    entry = body.parent

    assert entry.tag == "details"
    assert "open" not in entry.attributes
    assert " ".join(entry.css_first("summary").text().split()) == "risk.open 1 open risk"


def test_the_page_begins_with_its_areas_and_how_many_figures_each_has(sample):
    dom = sample.dom("figures/")

    for link in dom.css(".aipm-figure-areas a"):
        heading = dom.css_first(f"h2{link.attributes['href']}")
        assert heading.text() == link.text()
    counts = {
        node.css_first("a").text(): int(node.css_first("span").text()) for node in dom.css(".aipm-figure-areas li")
    }
    assert sum(counts.values()) == len(sample.facts.figures)
    assert counts["Risk"] == sum(name.startswith("risk.") for name in sample.facts.figures)


def test_an_unknown_figure_says_why(sample):
    view = figure_view(sample.context, Unknown("sprint.velocity", "no sprint is closed", "internal"))

    assert view.unknown == "no sprint is closed"
    assert view.value == ""


def test_only_the_first_twenty_sources_are_listed_and_the_rest_counted(sample):
    sources = tuple(Source("RSK-014", Place("content/risks/RSK-014.yml", line)) for line in range(1, 26))
    figure = Figure(
        "risk.open", 25, "risks", date(2026, 4, 15), "25 risks", "count", sources, "internal", hidden_sources=3
    )

    view = figure_view(sample.context, figure)

    assert (len(view.sources), view.more, view.hidden) == (20, 5, 3)


def test_id_and_title_of_a_source_are_one_link(sample):
    entry = sample.dom("figures/").css_first(f'[id="{figure_anchor("risk.open")}"]')

    assert entry.css_first("li a").text() == "RSK-014 Units change without notice"
