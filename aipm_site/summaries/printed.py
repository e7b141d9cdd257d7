"""Printed values: what a report may print, and how each becomes an inert token in Markdown and HTML after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from markupsafe import Markup, escape
from msgspec import Struct, field

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure, Figure
from aipm_site.facts.numbers import day
from aipm_site.facts.view import NOT_SHARED_REASON
from aipm_site.problems import Place, Problem, error, nearest
from aipm_site.summaries.past import Past
from aipm_site.summaries.since_report import since_html, since_text
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


class FigureRef(Struct, frozen=True):
    """A figure in a sentence, as a link to how it was computed.

    Attributes:
        name: Name of the figure.
        text: How it is written here; its own text where empty.
        is_whole: Whether the text says all that its own does, so that a status keeps its shape beside the word.
        is_compared: Whether its earlier value, or that there is none, is told beside it, so that it needs no other
            comparator.
    """

    name: str
    text: str = ""
    is_whole: bool = False
    is_compared: bool = False


class ChangeRef(Struct, frozen=True):
    """What a figure did since the last report, as words.

    Attributes:
        name: Name of the figure.
        is_brief: Whether a heading says already what told it before.
    """

    name: str
    is_brief: bool = False


class CourseRef(Struct, frozen=True):
    """The course of a figure over the revisions, as a drawing in a line; nothing where the form cannot draw."""

    name: str


class RecordRef(Struct, frozen=True):
    """A record in a sentence, as a link to it.

    Attributes:
        record_id: Its id.
        text: How it is written here; its id where empty.
    """

    record_id: str
    text: str = ""


class Quote(Struct, frozen=True):
    """Words of a record, marked as a quotation, so that they cannot pass for what the report says."""

    text: str


class Addresses(Struct, frozen=True):
    """Where a report's links lead.

    Attributes:
        figure: Gives the address of the entry that says how a figure was computed.
        record: Gives the address of a record; None for one without.
    """

    figure: Callable[[str], str]
    record: Callable[[str], str | None]


class Tokens(Struct):
    """The values that one report prints: tokens before Markdown, HTML after it.

    Attributes:
        facts: What the readers of the report may see.
        addresses: Where links lead.
        past: What it can tell of the time before.
        is_final: Whether a figure that lacks something is an error; in a draft it is marked.
        problems: What was found while printing.
        printed: Names of the figures that were printed.
        changes: What those did since the last report of which that was printed, in words, by name.
    """

    facts: Facts
    addresses: Addresses
    past: Past
    is_final: bool
    problems: list[Problem] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    changes: dict[str, str] = field(default_factory=dict)
    _courses: dict[str, Markup] = field(default_factory=dict)
    _html: list[Markup] = field(default_factory=list)

    def print(self, value: object, place: Place) -> Markup:
        """Return the token that stands for a value."""
        self._html.append(self._as_html(value, place))
        return Markup(f"{_OPEN}{len(self._html) - 1}{_CLOSE}")

    def _as_html(self, value: object, place: Place) -> Markup:
        if isinstance(value, FigureRef):
            return self._figure(value, place)
        if isinstance(value, ChangeRef):
            return self._change(value, place)
        if isinstance(value, CourseRef):
            return self._course(value)
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
            f"this prints {what(value)}",
            "ask with an if whether it is there, or print one of its parts",
        )

    def _record(self, value: RecordRef) -> Markup:
        address, text = self.addresses.record(value.record_id), value.text or value.record_id
        if address is None:
            return escape(text)
        return Markup('<a class="aipm-record" href="{}">{}</a>').format(address, text)

    def _figure(self, value: FigureRef, place: Place) -> Markup:
        figure = self.facts.figures.get(value.name)
        if figure is None:
            return self._absent(value.name)
        self.printed.add(value.name)
        lacking = lacks(figure, is_compared=value.is_compared)
        if lacking and self.is_final:
            self.problems.append(_incomplete(value.name, lacking, place))
        marker = Markup(' <span class="aipm-marker">[no {}]</span>').format(lacking) if lacking else Markup("")
        text = figure.text if isinstance(figure, Figure) else figure.reason
        looks = "aipm-figure" if value.text and not value.is_whole else _looks_of(figure)
        return self._link(value.name, value.text or text, looks) + marker

    def _link(self, name: str, text: str, looks: str = "aipm-figure") -> Markup:
        return Markup('<a class="{}" href="{}">{}</a>').format(looks, self.addresses.figure(name), text)

    def _change(self, value: ChangeRef, place: Place) -> Markup:
        name, figure = value.name, self.facts.figures.get(value.name)
        if figure is None:
            return self._absent(name)
        since = self.past.since_report(figure, self.facts)
        lacking = lacks(figure, is_compared=True)
        if lacking and self.is_final:
            self.problems.append(_incomplete(name, lacking, place))
        self.printed.add(name)
        self.changes[name] = since_text(since)
        report = since.origin.report if since.origin else None
        return since_html(
            since,
            figure=lambda text: self._link(name, text),
            origin=lambda text: self._record(RecordRef(report, text)) if report else escape(text),
            is_brief=value.is_brief,
        )

    def _course(self, value: CourseRef) -> Markup:
        if value.name not in self.facts.figures:
            # Where it may not be shown there is no course either; a name that is wrong is refused.
            self._absent(value.name)
            return Markup("")
        if value.name not in self._courses:
            self._courses[value.name] = self.past.course(value.name, self.facts)
        if self._courses[value.name]:
            self.printed.add(value.name)
        return self._courses[value.name]

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


def lacks(figure: AnyFigure, *, is_compared: bool = False) -> str:
    """Return what a figure lacks of unit, source and comparator; empty where it has all, or is unknown and says why.

    Args:
        figure: The figure.
        is_compared: Whether its earlier value stands beside it, or the words that there is none.
    """
    if not isinstance(figure, Figure):
        return ""
    lacking = (word for word, is_there in _MUST_HAVE if not is_there(figure))
    return next((word for word in lacking if not (is_compared and word == "comparator")), "")


def _incomplete(name: str, lacking: str, place: Place) -> Problem:
    hint = "`status: draft` marks it in the text instead" if lacking != "source" else "a figure rests on records"
    return error("incomplete-figure", f"the figure '{name}' has no {lacking}, and the report is final", place, hint)


def what(value: object) -> str:
    """Return what a value is that no report prints: "a DataNotes, which is no text"."""
    if value is None:
        return "nothing: the value is not given"
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}, which is no text"
