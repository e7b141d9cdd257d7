"""Milestone trend chart: report date against forecast date, as a Vega-Lite description (domain §3.5)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct

from aipm_site.charts.label_places import Label, placed
from aipm_site.charts.time_ticks import time_ticks

Direction = Literal["later", "earlier", "unmoved"]

# Besides its colour, which says whether it slipped, each line has a dash and a shape: no two of twelve have both alike.
DASHES: tuple[tuple[int, ...], ...] = ((), (7, 3), (2, 3), (8, 3, 2, 3))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
MOST_LINES = 12
_TONES: Mapping[Direction, str] = {
    "later": "var(--aipm-amber)",
    "earlier": "var(--aipm-green)",
    "unmoved": "var(--aipm-blue)",
}
_INK, _LIGHT, _LINE, _STRONG = "var(--aipm-ink)", "var(--aipm-ink-light)", "var(--aipm-line)", "var(--aipm-line-strong)"
_SURFACE = "var(--aipm-surface)"
_FONT_SIZE = 11.5
_LINE_HEIGHT = 15.0
_GAP = 12.0
# Measured in no font, as the text is drawn in the reader's: a little more than most letters need.
_LETTER = 6.6
_LARGE_LETTER = 8.4


class TrendLine(Struct, frozen=True):
    """One milestone in the chart.

    Attributes:
        name: What it is called where there is little room: its id.
        title: What it is called besides.
        direction: Where it went from the first report to the last.
        reports: Report date and forecast date, the oldest first.
        turns: Those of the reports that say another day than the one before; they are marked.
    """

    name: str
    title: str
    direction: Direction
    reports: tuple[tuple[date, date], ...]
    turns: tuple[tuple[date, date], ...]


class Words(Struct, frozen=True):
    """What the axes are called."""

    reported: str
    expected: str


class Format(Struct, frozen=True):
    """A size of the chart, in pixels, and how much it says.

    Attributes:
        name: What it is for.
        width: From axis to axis.
        height: Likewise.
        left: Room for the labels of the days.
        right: Room for the labels of the lines.
        most_ticks: How many days the horizontal axis can name.
        label_width: How long the label of a line may be.
        has_titles: Whether a line's label holds its title.
    """

    name: str
    width: int
    height: int
    left: int
    right: int
    most_ticks: int
    label_width: int
    has_titles: bool


WIDE = Format("wide", 416, 330, 64, 250, 7, 234, has_titles=True)
NARROW = Format("narrow", 202, 300, 64, 94, 4, 80, has_titles=False)
_TOP, _BOTTOM = 30, 44


def milestone_trend_chart(lines: Sequence[TrendLine], as_of: date, words: Words, size: Format) -> dict[str, Any]:
    """Return the Vega-Lite description of a chart, whose colours are the theme's.

    Nothing in it depends on how long a text is in some font: the machines that draw have different ones.

    Args:
        lines: The milestones, twelve at most; each has at least two reports.
        as_of: The day of the present report, where the chart ends.
        words: What the axes are called.
        size: For what room it is.
    """
    plane = _Plane.of(lines, as_of, size)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": size.width,
        "height": size.height,
        "autosize": {"type": "none"},
        "padding": {"left": size.left, "top": _TOP, "right": size.right, "bottom": _BOTTOM},
        "background": None,
        "config": {"view": {"stroke": None, "fill": None}, "text": {"fontSize": _FONT_SIZE}, "aria": False},
        "layer": [
            _diagonal(plane),
            *(_line(line, number, plane) for number, line in enumerate(lines)),
            *(_marks(line, number, plane) for number, line in enumerate(lines)),
            *_labels(lines, plane),
            _text(words.expected, -size.left + 2, -_TOP + 11, _LIGHT),
            _text(words.reported, size.width, size.height + _BOTTOM - 8, _LIGHT, align="right"),
        ],
    }


class _Plane(Struct, frozen=True):
    """The days that the axes reach from and to, and where a day lies."""

    size: Format
    first: date
    last: date
    low: date
    high: date

    @classmethod
    def of(cls, lines: Sequence[TrendLine], as_of: date, size: Format) -> _Plane:
        first = min(line.reports[0][0] for line in lines)
        expected = [day for line in lines for _, day in line.reports]
        # However far off the milestones are, a third of the diagonal is seen, so that one sees what lines run up to.
        low = min([*expected, as_of - (as_of - first) / 3])
        high = max([*expected, as_of])
        margin = max(timedelta(1), (high - low) / 25)
        # A mistyped year may be the last that there is.
        return cls(size, first, as_of, low - min(margin, low - date.min), high + min(margin, date.max - high))

    def across(self, day: date) -> float:
        return self.size.width * ((day - self.first) / (self.last - self.first))

    def down(self, day: date) -> float:
        return self.size.height * ((self.high - day) / (self.high - self.low))

    def x(self) -> dict[str, Any]:
        return _scale("reported", self.first, self.last) | {"axis": _axis(self.first, self.last, self.size.most_ticks)}

    def y(self) -> dict[str, Any]:
        axis = _axis(self.low, self.high, 8) | {"grid": True, "ticks": False, "domain": False, "labelPadding": 8}
        return _scale("expected", self.low, self.high) | {"axis": axis}

    def points(self, reports: Iterable[tuple[date, date]]) -> dict[str, Any]:
        return {"values": [{"reported": one.toordinal(), "expected": other.toordinal()} for one, other in reports]}


def _scale(field: str, low: date, high: date) -> dict[str, Any]:
    # Days as plain numbers: Vega would read dates in the time zone of the machine.
    domain = [low.toordinal(), high.toordinal()]
    return {"field": field, "type": "quantitative", "scale": {"domain": domain, "nice": False, "zero": False}}


def _axis(low: date, high: date, most: int) -> dict[str, Any]:
    ticks = time_ticks(low, high, most)
    names = ",".join(f"'{day.toordinal()}':'{label}'" for day, label in ticks)
    return {
        "values": [day.toordinal() for day, _ in ticks],
        "labelExpr": f"{{{names}}}[datum.value]",
        # All of these would measure the labels.
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "title": None,
        "grid": False,
        "labelFontSize": _FONT_SIZE,
        "labelColor": _LIGHT,
        "gridColor": _LINE,
        "domainColor": _STRONG,
        "tickColor": _STRONG,
    }


def _diagonal(plane: _Plane) -> dict[str, Any]:
    """Return the line on which report and forecast are of the same day; it is the first layer and bears the axes."""
    start, end = max(plane.first, plane.low), min(plane.last, plane.high)
    return {
        "data": plane.points([(start, start), (end, end)]),
        "mark": {"type": "line", "stroke": _STRONG, "strokeWidth": 1.2, "strokeDash": [1.5, 3.5], "strokeCap": "round"},
        "encoding": {"x": plane.x(), "y": plane.y()},
    }


def _line(line: TrendLine, number: int, plane: _Plane) -> dict[str, Any]:
    dash = list(DASHES[number % len(DASHES)])
    mark = {"type": "line", "stroke": _TONES[line.direction], "strokeWidth": 2, "strokeJoin": "round"}
    return {
        "data": plane.points(_bends(line.reports)),
        "mark": mark | ({"strokeDash": dash} if dash else {}),
        "encoding": {"x": plane.x(), "y": plane.y(), "order": {"field": "reported", "type": "quantitative"}},
    }


def _bends(reports: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the reports without those in the middle of a level stretch, which draw nothing."""
    inner = (
        here
        for before, here, after in zip(reports, reports[1:], reports[2:], strict=False)
        if not before[1] == here[1] == after[1]
    )
    return [reports[0], *inner, reports[-1]]


def _marks(line: TrendLine, number: int, plane: _Plane) -> dict[str, Any]:
    mark = {"type": "point", "shape": SHAPES[number % len(SHAPES)], "filled": True, "opacity": 1, "size": 62}
    return {
        "data": plane.points(line.turns),
        "mark": mark | {"fill": _TONES[line.direction], "stroke": _SURFACE, "strokeWidth": 1.2},
        "encoding": {"x": plane.x(), "y": plane.y()},
    }


def _labels(lines: Sequence[TrendLine], plane: _Plane) -> list[dict[str, Any]]:
    """Return the labels at the ends of the lines, and a thin line to each that had to make room for another."""
    ends = [(plane.across(line.reports[-1][0]), plane.down(line.reports[-1][1])) for line in lines]
    texts = [_label_of(line, plane.size) for line in lines]
    wanted = [Label(text, x + _GAP, _width(text), y) for text, (x, y) in zip(texts, ends, strict=True)]
    labels = placed(wanted, _LINE_HEIGHT, plane.size.height - _LINE_HEIGHT / 2)
    leaders = [
        _leader(end, label)
        for end, label in zip(ends, labels, strict=True)
        if abs(end[1] - label.middle) > _LINE_HEIGHT / 3
    ]
    return [*leaders, *(_text(label.text, label.left, label.middle, _INK) for label in labels)]


def _label_of(line: TrendLine, size: Format) -> str:
    if size.has_titles:
        return _cut(f"{line.name} {line.title}", size.label_width)
    # Of an id the end tells it from the others.
    return _cut(line.name[::-1], size.label_width)[::-1]


def _leader(end: tuple[float, float], label: Label) -> dict[str, Any]:
    x, y = end
    places = {"x": x + _GAP / 2, "y": y, "x2": label.left - 2, "y2": label.middle}
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "stroke": _STRONG, "strokeWidth": 0.8},
        "encoding": {name: {"value": _tenths(place)} for name, place in places.items()},
    }


def _text(text: str, x: float, y: float, colour: str, *, align: str = "left") -> dict[str, Any]:
    mark = {"type": "text", "text": text, "align": align, "baseline": "middle", "color": colour}
    return {
        "data": {"values": [{}]},
        "mark": mark,
        "encoding": {"x": {"value": _tenths(x)}, "y": {"value": _tenths(y)}},
    }


def _tenths(place: float) -> float:
    return round(place, 1)


def _cut(text: str, most: float) -> str:
    """Return a text, or as much of it as fits before "…"."""
    if _width(text) <= most:
        return text
    while _width(f"{text}…") > most:
        text = text[:-1].rstrip()
    return f"{text}…"


def _width(text: str) -> float:
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 2 * _LETTER
    return _LARGE_LETTER if letter.isupper() or letter in "mw@%—" else _LETTER
