"""Printed values: what a report may print, and how each becomes an inert token in Markdown and HTML after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup, escape

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure, Figure
from aipm_site.facts.numbers import day
from aipm_site.facts.view import NOT_SHARED_REASON
from aipm_site.problems import Place, Problem, error, nearest
from aipm_site.summaries.template_language import Refused

# Private-use characters: Markdown takes them for letters, and record text in which they stand never meets this pattern.
_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_INSIDE_A_TAG = re.compile(rf'<[a-z][a-z0-9]*(?:\s+[a-z-]+="[^"]*")*\s+[a-z-]+="[^"]*{_OPEN}')
# The first of these that a figure lacks is named in the text of a draft (domain §4.3, the number rule).
_MUST_HAVE: tuple[tuple[str, Callable[[Figure], bool]], ...] = (
    ("unit", lambda figure: bool(figure.unit)),
    ("source", lambda figure: bool(figure.sources or figure.hidden_sources or figure.value == 0)),
    # What a disclosed figure is held against is not disclosed with it. A status is a word and no quantity: §4.3 is
    # the rule for numbers, and the reasons of a status stand where a number has its comparator.
    (
        "comparator",
        lambda f: bool(f.comparator or f.is_first or f.hidden_sources or isinstance(f.value, str)),
    ),
)


@dataclass(frozen=True, slots=True)
class FigureRef:
    """A figure in a sentence, as a link to how it was computed.

    Attributes:
        name: Name of the figure.
        text: How it is written here; its own text where empty.
        is_whole: Whether the text says all that its own does, so that a status keeps its shape beside the word.
    """

    name: str
    text: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class RecordRef:
    """The id of a record in a sentence, as a link to it."""

    record_id: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a record, marked as a quotation, so that they cannot pass for what the report says."""

    text: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a report's links lead.

    Attributes:
        figure: Gives the address of the entry that says how a figure was computed.
        record: Gives the address of a record; None for one without.
    """

    figure: Callable[[str], str]
    record: Callable[[str], str | None]


@dataclass
class Tokens:
    """The values that one report prints: tokens before Markdown, HTML after it.

    Attributes:
        facts: What the readers of the report may see.
        addresses: Where links lead.
        is_final: Whether a figure that lacks something is an error; in a draft it is marked.
        problems: What was found while printing.
        printed: Names of the figures that were printed.
    """

    facts: Facts
    addresses: Addresses
    is_final: bool
    problems: list[Problem] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    _html: list[Markup] = field(default_factory=list)

    def print(self, value: object, place: Place) -> Markup:
        """Return the token that stands for a value."""
        self._html.append(self._as_html(value, place))
        return Markup(f"{_OPEN}{len(self._html) - 1}{_CLOSE}")

    def _as_html(self, value: object, place: Place) -> Markup:
        if isinstance(value, FigureRef):
            return self._figure(value, place)
        if isinstance(value, RecordRef):
            return self._record(value)
        if isinstance(value, Quote):
            return Markup('<q class="aipm-quote">{}</q>').format(value.text)
        if isinstance(value, date):
            return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day(value))
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return escape(value)
        raise Refused(
            "not-printable",
            f"this prints {_what(value)}",
            "ask with an if whether it is there, or print one of its parts",
        )

    def _record(self, value: RecordRef) -> Markup:
        address = self.addresses.record(value.record_id)
        if address is None:
            return escape(value.record_id)
        return Markup('<a class="aipm-record" href="{}">{}</a>').format(address, value.record_id)

    def _figure(self, value: FigureRef, place: Place) -> Markup:
        figure = self.facts.figures.get(value.name)
        if figure is None:
            return self._absent(value.name)
        self.printed.add(value.name)
        lacking = lacks(figure)
        if lacking and self.is_final:
            self.problems.append(_incomplete(value.name, lacking, place))
        marker = Markup(' <span class="aipm-marker">[no {}]</span>').format(lacking) if lacking else Markup("")
        text = figure.text if isinstance(figure, Figure) else figure.reason
        link = '<a class="{}" href="{}">{}</a>'
        looks = "aipm-figure" if value.text and not value.is_whole else _looks_of(figure)
        return Markup(link).format(looks, self.addresses.figure(value.name), value.text or text) + marker

    def _absent(self, name: str) -> Markup:
        if name.removeprefix("status.") in self.facts.status.not_shared:
            return escape(NOT_SHARED_REASON)
        near = nearest(name, self.facts.figures)
        hint = f"did you mean '{near}'?" if near else "`aipm status --json` lists all figures"
        raise Refused("unknown-figure", f"there is no figure '{name}' for the readers of this report", hint)

    def put_back(self, html: str, place: Place) -> Markup:
        """Return HTML with the values in the places of their tokens.

        A value inside a tag, such as the target of a link, is a problem: what a record says is never an address.
        """
        if _INSIDE_A_TAG.search(html):
            message = "a value stands inside the target or title of a link"
            self.problems.append(error("value-in-link", message, place, "print a record or a figure: they are links"))
            return Markup("")
        return Markup(_TOKEN.sub(lambda found: str(self._html[int(found[1])]), html))


def _looks_of(figure: AnyFigure) -> str:
    """Return the class of a figure's link; that of a status names it, so that it has its shape beside its word."""
    if not figure.name.startswith("status."):
        return "aipm-figure"
    return f"aipm-figure aipm-figure--{figure.value if isinstance(figure, Figure) else 'not_reported'}"


def has_token_characters(text: str) -> bool:
    """Say whether a text has the characters that mark values."""
    return _OPEN in text or _CLOSE in text


def lacks(figure: AnyFigure) -> str:
    """Return what a figure lacks of unit, source and comparator; empty where it has all, or is unknown and says why."""
    if not isinstance(figure, Figure):
        return ""
    return next((word for word, is_there in _MUST_HAVE if not is_there(figure)), "")


def _incomplete(name: str, lacking: str, place: Place) -> Problem:
    hint = "`status: draft` marks it in the text instead" if lacking != "source" else "a figure rests on records"
    return error("incomplete-figure", f"the figure '{name}' has no {lacking}, and the report is final", place, hint)


def _what(value: object) -> str:
    if value is None:
        return "nothing: the value is not given"
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}, which is no text"
