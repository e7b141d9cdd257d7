"""The course of a figure on its entry, and of a milestone on its page."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from aipm_site.history.states import Forecast, History, PastFigure, State
from aipm_site.pages.trends import trend_view


def state(day: int, *, is_sound: bool = True, **figures: str | None) -> State:
    """Return a state of a day of April 2026 with figures written with `_` for the point in their names."""
    as_of = date(2026, 4, day)
    past = {
        name.replace("_", ".", 1): PastFigure(
            value, None, "risks", f"{value} open risks", as_of, "public", "" if value else "no risk is dated"
        )
        for name, value in figures.items()
    }
    forecast = {"MS-05": Forecast(date(2026, 6, 15), date(2026, 6, 15), "public")}
    return State(f"{day:040}", as_of, as_of, is_sound, past if is_sound else {}, forecast)


# The sample has one open risk on 15 April 2026.
HISTORY = History(
    (state(1, risk_open="3"), state(2, risk_open="3"), state(5, risk_open=None), state(8, is_sound=False)), "week", True
)


def figures_dom(sample, history: History) -> LexborHTMLParser:
    return sample.with_history(history).dom("figures/")


def test_the_table_has_a_row_for_each_stretch_the_newest_first(sample):
    view = trend_view(sample.with_history(HISTORY).context, "risk.open")

    assert [(str(row.revision), row.text, row.is_unknown, row.points) for row in view.rows] == [
        ("4f2a91c", "1 open risk", False, "1 point"),
        ("0" * 10, "records of this revision cannot be read", True, "1 point"),
        ("0" * 10, "no risk is dated", True, "1 point"),
        ("0" * 10, "3 open risks", False, "2 points"),
    ]


def test_the_line_has_words_for_those_who_cannot_see_it(sample):
    view = trend_view(sample.with_history(HISTORY).context, "risk.open")

    assert view.line.path.startswith("M2 2L")
    assert view.line.label == "risk.open: from 3 open risks on 1 April 2026 to 1 open risk on 15 April 2026"


def test_values_in_another_unit_are_a_gap_in_the_line(sample):
    first, second, *_ = HISTORY.states
    in_cases = replace(first, figures={"risk.open": replace(first.figures["risk.open"], unit="cases")})
    history = replace(HISTORY, states=(in_cases, second))

    view = trend_view(sample.with_history(history).context, "risk.open")

    # From the 2nd on it counts risks: 3, and 1 on the 15th.
    assert view.line.path == "M2 2L158 26"
    assert view.line.label.endswith("from 3 open risks on 2 April 2026 to 1 open risk on 15 April 2026")


def test_a_figure_without_an_earlier_revision_has_no_course(sample):
    assert trend_view(sample.with_history(HISTORY).context, "risk.new") is None
    assert trend_view(sample.context, "risk.open") is None


def test_the_page_of_figures_shows_it_in_its_entry_and_says_that_the_history_is_cut_off(sample):
    dom = figures_dom(sample, HISTORY)

    entry = dom.css_first('[id="risk.open"]') or dom.css_first("#risk-open")
    assert entry.css_first("svg[role=img] path") is not None
    assert "3 open risks" in entry.css_first("table").text()
    assert [cell.text() for cell in entry.css("tbody th[scope=row]")] == [f"{day} April 2026" for day in (15, 8, 5, 1)]
    assert "cut off" in dom.css_first(".aipm-note").text()


def test_without_a_history_the_page_of_figures_is_as_it_was(sample):
    dom = figures_dom(sample, History())

    assert dom.css_first(".aipm-trend") is None
    assert "cut off" not in dom.body.text()


def test_the_page_of_a_milestone_shows_what_was_expected_when(sample):
    dom = sample.with_history(HISTORY).dom("milestones/MS-05/")

    rows = [[cell.text() for cell in row.css("th[scope=row], td")] for row in dom.css("#trend ~ .aipm-scroll tbody tr")]
    assert rows == [["1 April 2026", "15 June 2026"], ["15 April 2026", "29 June 2026"]]


def test_the_page_of_a_milestone_that_was_never_reported_before_shows_no_trend(sample):
    assert sample.dom("milestones/MS-05/").css_first("#trend") is None
