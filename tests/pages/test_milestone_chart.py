"""The milestone trend above the register: in a sentence, as a drawing, and as a table."""

from __future__ import annotations

from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser

from aipm_site.charts.drawing import Drawings, canonical
from aipm_site.history.states import Forecast, History, State
from aipm_site.pages.charts import SiteChart, charts_of

CHARTER = "id: PRJ-001\ntitle: Sample\ntz: UTC\ndimensions: [schedule]\naudience: public\nfinish_milestone: MS-99\n"
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0,0L9,9" stroke="var(--aipm-ink)"/></svg>'
)


def milestone(record_id: str, forecast: str, *earlier: str, more: str = "", title: str = "Pilot") -> dict[str, str]:
    """Return the file of a milestone; earlier forecasts are written "as_of forecast_date"."""
    lines = "".join("  - {{as_of: {}, forecast_date: {}}}\n".format(*one.split()) for one in earlier)
    text = f"id: {record_id}\ntitle: {title}\nbaseline_date: 2026-06-15\nforecast_date: {forecast}\naudience: public\n"
    return {f"milestones/{record_id}.yml": text + more + (f"forecast_history:\n{lines}" if lines else "")}


SLIPPED = milestone("MS-05", "2026-06-29", "2026-04-01 2026-06-15", title="Pilot <b>live</b>")
LEVEL = milestone("MS-07", "2026-09-18", "2026-04-01 2026-09-18")
EARLIER = milestone("MS-08", "2026-06-10", "2026-04-01 2026-06-15")
REACHED = milestone(
    "MS-09",
    *("2026-04-10", "2026-03-01 2026-04-01", "2026-03-20 2026-04-08"),
    more="actual_date: 2026-04-10\nstatus: done\n",
)


def charts(built) -> tuple[SiteChart, ...]:
    return charts_of(built.context.trends.charted, built.facts.as_of.date)


def drawn(built, history: History | None = None) -> dict[str, LexborHTMLParser]:
    """Return the pages as they are where every chart is drawn."""
    told = built.with_history(history or History())
    drawings = Drawings({canonical(chart.description): SVG for chart in charts(told)})
    pages = told.with_history(told.context.history, drawings).pages
    return {address: LexborHTMLParser(page.body) for address, page in pages.items()}


def rows(dom: LexborHTMLParser) -> list[list[str]]:
    return [
        [cell.text() for cell in row.css("th[scope=row], td")] for row in dom.css("details.aipm-chart-data tbody tr")
    ]


def test_it_says_what_slipped_most(build):
    dom = drawn(build({"project.yml": CHARTER} | SLIPPED | LEVEL | EARLIER | REACHED))["milestones/"]

    finding = dom.css_first("#trend ~ p")
    # MS-05 by 14 days, MS-09 from 1 to 10 April by 9; the other two did not slip.
    assert finding.text() == "2 of 4 milestones slipped since they were first reported; most of all MS-05, by 14 days."
    assert finding.css_first("a").attributes["href"].endswith("milestones/MS-05/")


def test_it_says_that_nothing_slipped(build):
    dom = drawn(build({"project.yml": CHARTER} | LEVEL))["milestones/"]

    assert dom.css_first("#trend ~ p").text() == "Of 1 milestone none slipped since they were first reported."


def test_it_is_drawn_for_wide_and_for_narrow_pages_with_the_same_words(build):
    dom = drawn(build({"project.yml": CHARTER} | SLIPPED | LEVEL | EARLIER | REACHED))["milestones/"]
    images = dom.css(".aipm-chart svg[role=img]")

    assert len(images) == 2
    ids = [node.attributes["id"] for node in dom.css(".aipm-chart [id]")]
    assert len(set(ids)) == len(ids) == 4
    for image in images:
        assert image.css_first("title").text() == "Milestone trend from 1 March 2026 to 15 April 2026"
        assert image.css_first("desc").text() == (
            "MS-05 (Pilot <b>live</b>) slipped 14 days since 1 April 2026, to 29 June 2026; "
            "MS-09 (Pilot) slipped 9 days since 1 March 2026 and was reached on 10 April 2026; "
            "MS-07 (Pilot) has been expected on 18 September 2026 since 1 April 2026; "
            "MS-08 (Pilot) came 5 days forward since 1 April 2026, to 10 June 2026."
        )
    assert dom.css_first(".aipm-chart b") is None


def test_its_data_stands_below_as_a_table(build):
    dom = drawn(build({"project.yml": CHARTER} | SLIPPED | REACHED))["milestones/"]

    assert "open" not in dom.css_first("details.aipm-chart-data").attributes
    assert rows(dom) == [
        ["MS-05 Pilot <b>live</b>", "1 April 2026", "15 June 2026", "first report"],
        ["MS-05 Pilot <b>live</b>", "15 April 2026", "29 June 2026", "14 days later"],
        ["MS-09 Pilot", "1 March 2026", "1 April 2026", "first report"],
        ["MS-09 Pilot", "20 March 2026", "8 April 2026", "7 days later"],
        ["MS-09 Pilot", "10 April 2026", "10 April 2026", "2 days later, reached"],
    ]


def test_without_a_drawing_the_table_stands_alone_and_open(build):
    dom = build({"project.yml": CHARTER} | SLIPPED | LEVEL).dom("milestones/")

    assert dom.css_first("figure") is None
    assert "open" in dom.css_first("details.aipm-chart-data").attributes
    assert len(rows(dom)) == 4


def test_a_drawing_for_one_room_alone_is_not_shown(build):
    built = build({"project.yml": CHARTER} | SLIPPED)
    only = Drawings({canonical(charts(built)[0].description): SVG})
    dom = built.with_history(History(), only).dom("milestones/")

    assert dom.css_first("svg") is None


def test_where_nothing_was_reported_before_there_is_no_chart(sample):
    assert sample.dom("milestones/").css_first("#trend") is None
    assert charts(sample) == ()


def test_a_project_without_milestones_has_no_chart(build):
    assert charts(build({"project.yml": CHARTER})) == ()


def test_forty_milestones_leave_room_for_twelve_the_last_one_among_them(build):
    files = {}
    for number in range(1, 41):
        # Each slips by its own number of days, from 15 June on, but for the first three; the finish does not slip.
        day = date.fromordinal(date(2026, 6, 15).toordinal() + (number if number > 3 else 0)).isoformat()
        files |= milestone(f"MS-{number:02}", day, "2026-04-01 2026-06-15")
    files |= milestone("MS-99", "2026-12-01", "2026-04-01 2026-12-01") | milestone("MS-50", "2026-06-15")

    dom = drawn(build({"project.yml": CHARTER} | files))["milestones/"]

    told = dict.fromkeys(row[0].split()[0] for row in rows(dom))
    assert list(told) == [*(f"MS-{number}" for number in range(40, 29, -1)), "MS-99"]
    # 37 slipped of the 41 that were reported before; 11 of them are drawn.
    found = "37 of 41 milestones slipped since they were first reported; most of all MS-40, by 40 days."
    assert dom.css_first("#trend ~ p").text() == found
    left_out = "26 milestones that slipped less, 3 milestones that did not slip, 1 milestone without an earlier report"
    assert f"Not in the chart: {left_out}." in dom.body.text()


def test_the_page_of_a_milestone_leads_to_the_chart_that_holds_it(build):
    pages = drawn(build({"project.yml": CHARTER} | SLIPPED | milestone("MS-50", "2026-06-15")))

    assert pages["milestones/MS-05/"].css_first("#trend ~ p a").attributes["href"].endswith("/milestones/#trend")
    assert pages["milestones/MS-50/"].css_first("#trend") is None


def test_revisions_count_as_reports(build):
    history = History(
        (State("a" * 40, date(2026, 4, 1), date(2026, 4, 1), True, {}, {"MS-50": forecast("2026-06-01")}),)
    )

    dom = drawn(build({"project.yml": CHARTER} | milestone("MS-50", "2026-06-15")), history)["milestones/"]

    assert [row[3] for row in rows(dom)] == ["first report", "14 days later"]


def test_where_the_history_is_cut_off_the_pages_say_so(build):
    states = (State("a" * 40, date(2026, 4, 1), date(2026, 4, 1), True, {}, {"MS-50": forecast("2026-06-01")}),)

    pages = drawn(build({"project.yml": CHARTER} | milestone("MS-50", "2026-06-15")), History(states, is_cut_off=True))

    register = pages["milestones/"]
    found = "1 of 1 milestone slipped since the first report that is known; most of all MS-50, by 14 days."
    assert register.css_first("#trend ~ p").text() == found
    assert [row[3] for row in rows(register)] == ["first known report", "14 days later"]
    for page in ("milestones/", "milestones/MS-50/"):
        assert "The history of the clone that this site was built from is cut off" in pages[page].body.text()


def forecast(day: str) -> Forecast:
    return Forecast(date.fromisoformat(day), date(2026, 6, 15), "public")


def test_a_milestone_of_a_stricter_audience_is_neither_drawn_nor_counted_nor_named(build):
    secret = milestone("MS-66", "2026-08-29", "2026-04-01 2026-06-15", title="Merger")
    hidden = {path: text.replace("public", "internal") for path, text in secret.items()}
    built = build({"project.yml": CHARTER} | SLIPPED | hidden, audience="public")

    dom = drawn(built)["milestones/"]

    assert "1 of 1 milestone shared with this audience slipped" in dom.css_first("#trend ~ p").text()
    assert "MS-66" not in dom.html
    assert "Merger" not in dom.html
    assert not any("MS-66" in canonical(chart.description) for chart in charts(built))


@pytest.mark.parametrize("title", ["{{ 7*7 }}", "'];alert(1);//", "</svg><script>a()</script>", '{"url": "x"}'])
def test_the_title_of_a_milestone_is_text_and_nothing_else(build, title):
    named = milestone("MS-05", "2026-06-29", "2026-04-01 2026-06-15", title=repr(title))

    (chart, _) = charts(build({"project.yml": CHARTER} | named))

    texts = [layer["mark"]["text"] for layer in chart.description["layer"] if layer["mark"]["type"] == "text"]
    assert texts[0] == f"MS-05 {title}"
    assert [key for key in canonical(chart.description).split('"') if key == "url"] == []
