"""Counts: how many records of a kind there are and how far they are, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aipm_site.pages.context import PageContext
from aipm_site.pages.freshness import is_stale
from aipm_site.pages.words import phrase, plural, word_of
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry
from aipm_site.records.risk import Risk
from aipm_site.records.shape import shape_of


def tile_text(context: PageContext, kind: Kind) -> str:
    """Return how many records a register holds, where its title stands beside it: "3 open of 5", "2 active"."""
    records = context.project.of(kind.model)
    total = f"{len(records):,}"
    if context.hides(kind.name):
        return phrase("shared").format(what=total)
    if _are_drafts(context, records):
        return f"{total}, {phrase('only_drafts')}"
    if kind.counted_as is not None:
        return ", ".join(f"{count:,} {word}" for word, count in _states(context, kind, records))
    if not kind.done:
        return total
    return phrase("counted_of").format(count=f"{_still_open(context, kind, records):,}", total=total)


def register_text(context: PageContext, kind: Kind) -> str:
    """Return how many records a register holds, above it: "5 risks, 3 open", "2 datasets, all active"."""
    records = context.project.of(kind.model)
    total = plural(len(records), kind.name.replace("-", " "), kind.plural)
    if context.hides(kind.name):
        total = phrase("shared").format(what=total)
    if _are_drafts(context, records):
        return f"{total}, {phrase('only_drafts')}"
    return ", ".join((total, *_progress(context, kind, records), *_stale(context, records)))


def _progress(context: PageContext, kind: Kind, records: Sequence[Entry]) -> Iterator[str]:
    """Yield how many records are still open, or how many have come how far."""
    if kind.counted_as is None:
        if kind.done:
            yield phrase("counted_open").format(count=f"{_still_open(context, kind, records):,}")
        return
    states = _states(context, kind, records)
    if len(states) > 1:
        yield from (f"{count:,} {word}" for word, count in states)
    elif len(records) > 1:
        # "2 issued reports" says it already.
        yield from (phrase("counted_all").format(word=word) for word, _ in states if word not in kind.plural.split())


def _states(context: PageContext, kind: Kind, records: Sequence[Entry]) -> list[tuple[str, int]]:
    """Return how many records have come how far, in the order of their lives."""
    shapes = shape_of(kind.model)
    order = shapes["stage" if "stage" in shapes else "status"].choices
    own = dict(kind.counted_as or ())
    counts = Counter(own.get(status, word_of(status)) for status in map(context.status_of, records) if status)
    words = dict.fromkeys(own.get(status, word_of(status)) for status in order)
    return [(word, counts[word]) for word in words if counts[word]]


def _are_drafts(context: PageContext, records: Sequence[Entry]) -> bool:
    return bool(records) and all(context.status_of(record) == "draft" for record in records)


def _still_open(context: PageContext, kind: Kind, records: Sequence[Entry]) -> int:
    """Return how many records ask for something; a draft does not yet."""
    return sum(_is_open(context, kind, record) for record in records)


def _is_open(context: PageContext, kind: Kind, record: Entry) -> bool:
    # A risk counts as the figure risk.open counts it: one that has happened is an issue now.
    return record.is_counted if isinstance(record, Risk) else context.status_of(record) not in kind.done | {"draft"}


def _stale(context: PageContext, records: Sequence[Entry]) -> Iterator[str]:
    count = sum(is_stale(context, record) for record in records)
    if count:
        yield phrase("counted_stale").format(count=f"{count:,}")
