"""Freshness: what a page says of a record, or of itself, that may no longer be true, and the list of all that is so."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape
from msgspec import Struct

from aipm_site.facts.freshness import Freshness
from aipm_site.facts.numbers import day, listed
from aipm_site.pages.addresses import MISSING, ROOT
from aipm_site.pages.context import PageContext
from aipm_site.pages.looks import component, render
from aipm_site.pages.words import phrase, plural, sentence_case
from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.fenced_blocks import fenced_blocks
from aipm_site.records.record import Entry

STALE = "stale"
"""The anchor of the list on the page of what is missing."""

CHANGES_AT_MOST = 20


class FreshnessView(Struct, frozen=True):
    """Why a record may no longer be true: its state as shape, and the sentence."""

    status: str
    text: str


class StaleEntry(Struct, frozen=True):
    """A record or page that is stale: its link, why it is so, and where it was written."""

    link: Markup
    reason: str
    place: str


class StaleNoteView(Struct, frozen=True):
    """The context of templates/pages/stale_note.html.

    Attributes:
        text: Why the page is stale.
        list_href: Address of the list of all that is stale.
    """

    text: str
    list_href: str


def freshness_view(context: PageContext, age: Freshness | None) -> FreshnessView | None:
    """Return what must be said of an age: due, stale, overtaken or perhaps, or never confirmed; None where nothing."""
    if age is None or age.state == "fresh":
        return None
    if age.is_overtaken:
        return FreshnessView("amber", _overtaken(context, age))
    if age.is_cut_off and age.reviewed_on:
        return FreshnessView("not_reported", phrase("freshness_cut_off").format(reviewed=day(age.reviewed_on)))
    if age.since is None:
        later = phrase("confirmed_later").format(date=day(age.later)) if age.later else phrase("never_confirmed")
        return FreshnessView("not_reported", later)
    words = {"date": day(age.since), "age": plural(age.age_days or 0, "day"), "limit": age.limit_days}
    return FreshnessView("due" if age.state == "due" else "amber", phrase(f"freshness_{age.state}").format(**words))


def _overtaken(context: PageContext, age: Freshness) -> Markup:
    changed = Markup(phrase("changed_on"))
    changes = [
        changed.format(record=context.links.short(change.record_id), date=day(change.on)) for change in age.overtaken_by
    ]
    if age.hidden_changes:
        # How many there are would tell how busy it is where these readers may not look (domain §5, T-53).
        changes.append(escape(phrase("hidden_changed")))
    reviewed = day(age.reviewed_on) if age.reviewed_on else ""
    # All of them are escaped, and so are the words that join them.
    joined = Markup(listed(changes, CHANGES_AT_MOST))
    return Markup(phrase("freshness_overtaken")).format(reviewed=reviewed, changes=joined)


def is_stale(context: PageContext, record: Entry) -> bool:
    """Say whether a record may no longer be true."""
    age = context.facts.freshness.get(record.id)
    return age is not None and age.state == "stale"


def stale_entries(context: PageContext) -> Iterator[StaleEntry]:
    """Yield all that is stale: records by id, then pages by path."""
    for record_id, age in sorted(context.facts.freshness.items()):
        view = freshness_view(context, age)
        if age.state == "stale" and view is not None:
            place = context.project.records[record_id].place
            yield StaleEntry(context.links.to(record_id), view.text, f"{place.file}:{place.line}")
    for page in _overtaken_pages(context):
        link = Markup(component("table").title(ROOT + context.address_of_page(page), _title_of(page)))
        yield StaleEntry(link, _overtaken(context, context.facts.overtaken_pages[page.path]), page.path)


def stale_notes(context: PageContext) -> dict[str, str]:
    """Return what stands above the text of each page that is stale, by its path."""
    notes = {}
    for page in _overtaken_pages(context):
        text = sentence_case(_overtaken(context, context.facts.overtaken_pages[page.path]))
        notes[page.path] = render("pages/stale_note.html", view=StaleNoteView(text, f"{ROOT}{MISSING}#{STALE}"))
    return notes


def _overtaken_pages(context: PageContext) -> list[PageSource]:
    return [page for page in context.project.pages if page.path in context.facts.overtaken_pages]


def _title_of(page: PageSource) -> str:
    written = page.meta.get("title") if page.meta else None
    lines = page.body.splitlines()
    code = {number for block in fenced_blocks(lines) for number in range(block.first, block.last + 1)}
    headings = (line[2:].strip() for number, line in enumerate(lines) if line.startswith("# ") and number not in code)
    heading = next(headings, page.path)
    return str(written or heading)
