"""Words: what the names that records and figures use are called on a page."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from aipm_site.facts.numbers import day, weekday_and_day
from aipm_site.pages.looks import theme_environment
from aipm_site.summaries.field_labels import field_label

# Without an exponent, of which a text may hold one that fills the memory when it is written out.
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


@cache
def _words() -> Any:
    return theme_environment().get_template("words.html").module


@cache
def word_of(name: str) -> str:
    """Return an enumeration's value as a word: "in_progress" is "in progress"."""
    own = _words().statuses.get(name)
    return str(own) if own else name.replace("_", " ")


@cache
def status_word(status: str) -> str:
    """Return a status as it begins a line: "not_reported" is "Not reported"."""
    return sentence_case(word_of(status))


def status_meaning(status: str) -> str:
    """Return what a colour says, such as "at risk" for amber; "" where the word says it all."""
    return str(_words().meanings.get(status, ""))


@cache
def forward_label(rel: str) -> str:
    """Return how a record's page names what it refers to."""
    return str(_words().forward.get(rel) or field_label(rel))


@cache
def inverse_label(rel: str) -> str:
    """Return how a record's page names what refers to it."""
    own = _words().inverse.get(rel)
    return str(own) if own else str(_words().inverse_other).format(label=field_label(rel))


def news_title(kind: str, title: str, before: str = "", after: str = "") -> str:
    """Return what happened, in a line: "New risk: Feed B changes its units", "Cost: green → amber"."""
    if kind == "status-changed":
        title = phrase("overall_status") if title == "overall" else field_label(title)
    before, after = (word_of(word).lower() if word else "" for word in (before, after))
    return phrase_of("news", kind, title=title, before=before, after=after)


def phrase(name: str) -> str:
    """Return one of the fixed phrases, such as "hidden"."""
    return str(getattr(_words(), name))


def phrase_of(group: str, name: str, **words: str) -> str:
    """Return a phrase of a group, filled: "review" of "calendar" is "Review: Feed B changes its units"."""
    return str(getattr(_words(), group)[name]).format(**words)


def phrases(name: str) -> tuple[str, ...]:
    """Return the parts of a fixed phrase that is a list, such as the columns of a table."""
    return tuple(phrase(name).split(", "))


def sentence_case(text: str) -> str:
    """Return text with its first letter large and the others as they are."""
    return text[:1].upper() + text[1:]


def time_text(when: date) -> str:
    """Return a day, "15 April 2026", or a moment with its offset; a local time has none."""
    return f"{day(when)}{_clock(when)}"


def acting_time_text(when: date) -> str:
    """Return the same with its weekday, for what people act on: "Wednesday 15 April 2026, 09:00 UTC−05:00"."""
    return f"{weekday_and_day(when)}{_clock(when)}"


def _clock(when: date) -> str:
    return f", {when:%H:%M} {offset_text(when)}".rstrip() if isinstance(when, datetime) else ""


def offset_text(moment: datetime) -> str:
    """Return how far the clock of a moment is from that of UTC: "UTC−05:00"; "" for a local time."""
    if moment.tzinfo is None:
        return ""
    offset = moment.isoformat()[-6:]
    return "UTC" if offset == "+00:00" else f"UTC{offset.replace('-', '−')}"


def number_text(number: int | Decimal) -> str:
    """Return a number with its digits as written, grouped by thousands: "8,000" stands below "40,000" in a column."""
    plain = f"{number:f}" if isinstance(number, Decimal) else str(number)
    whole, point, rest = plain.partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{rest}"


def grouped(text: str) -> str:
    """Return the text of a plain number with its thousands separated; any other text as it is."""
    return number_text(Decimal(text)) if is_plain_number(text) else text


def is_plain_number(text: str) -> bool:
    """Say whether a text is a number, written with digits and a point and nothing else."""
    return bool(_PLAIN_NUMBER.match(text))


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: "1 risk", "2 risks"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
