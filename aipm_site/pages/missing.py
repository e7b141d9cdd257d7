"""What is missing: the expected fields that records do not give, record by record, and what is stale."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from aipm_site.pages.addresses import MISSING, ROOT, fields_of
from aipm_site.pages.context import PageContext
from aipm_site.pages.freshness import StaleEntry, stale_entries
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.pages.record_page import missing_field
from aipm_site.pages.words import phrase, plural
from aipm_site.records.kind import Kind


class IncompleteRecord(Struct, frozen=True):
    """A record, and the labels of the fields that it does not give."""

    link: Markup
    is_open: bool
    place: str
    fields: tuple[str, ...]


class IncompleteKind(Struct, frozen=True):
    """The incomplete records of a kind."""

    name: str
    label: str
    counts: str
    fields_href: str
    records: tuple[IncompleteRecord, ...]


class MissingView(Struct, frozen=True):
    """The context of templates/pages/missing.html.

    Attributes:
        kinds: Kinds with incomplete records.
        complete: How many records give all that is expected.
        total: How many records there are, in words.
        is_empty: Whether there are none.
        stale: Records and pages that must be looked at again.
        is_cut_off: Whether of others nobody knows, as the clone lacks commits since their review.
    """

    kinds: tuple[IncompleteKind, ...]
    complete: int
    total: str
    is_empty: bool
    stale: tuple[StaleEntry, ...] = ()
    is_cut_off: bool = False


def missing_page(context: PageContext) -> Page:
    """Return the page that lists what records leave out."""
    kinds = [incomplete for kind in context.project.kinds if (incomplete := _incomplete(context, kind)).records]
    total = len(context.project.records)
    words = plural(total, "record")
    view = MissingView(
        kinds=tuple(kinds),
        complete=total - sum(len(kind.records) for kind in kinds),
        total=phrase("shared").format(what=words) if context.hides() else words,
        is_empty=not total,
        stale=tuple(stale_entries(context)),
        is_cut_off=bool(context.facts.cut_off_reviews),
    )
    return Page(
        address=MISSING,
        title=phrase("missing_title"),
        body=render("pages/missing.html", view=view),
        audience=context.site.audience,
        section="status",
        search_text=phrase("missing_title"),
        in_nav=True,
    )


def _incomplete(context: PageContext, kind: Kind) -> IncompleteKind:
    records = []
    for record in context.project.of(kind.model):
        names = context.project.missing[record.id]
        if names:
            labels = tuple(missing_field(kind, name).label for name in names)
            is_open = context.status_of(record) not in kind.done
            place = f"{record.place.file}:{record.place.line}"
            records.append(IncompleteRecord(context.links.to(record.id), is_open, place, labels))
    # What is open comes first: a closed record is rarely completed.
    records.sort(key=lambda incomplete: not incomplete.is_open)
    counts = plural(len(records), kind.name.replace("-", " "), kind.plural)
    return IncompleteKind(kind.name, kind.register, counts, ROOT + fields_of(kind), tuple(records))
