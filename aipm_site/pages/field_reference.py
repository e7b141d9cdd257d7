"""Field reference: what can be written in the records of a kind, read from the kind's own declaration."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.pages.addresses import ROOT, fields_of, register_of
from aipm_site.pages.context import PageContext
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.pages.words import sentence_case
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry
from aipm_site.records.shape import FieldShape, shape_of


class FieldRow(Struct, frozen=True):
    """One field: name with the names of what it stands in, level, what it is, allowed words, what it says."""

    name: str
    depth: int
    level: str
    word: str
    choices: tuple[str, ...]
    description: str


class ExpectationRow(Struct, frozen=True):
    """Fields that a record needs, or is expected to have, in some states only."""

    fields: tuple[str, ...]
    level: str
    because: str


class FieldReferenceView(Struct, frozen=True):
    """The context of templates/pages/fields.html.

    Attributes:
        kind: The kind's name.
        plural: Its word, plural.
        title: The page's heading.
        register_href: Address of its register.
        folder: Folder of its files.
        example_id: What an id looks like.
        is_rows: Whether its records are rows of lists.
        also_read: Which other files are read as its records; "" for none.
        fields: The fields of its own, those inside others after them.
        shared: The fields that every kind has.
        expectations: Fields that only some states need or expect.
    """

    kind: str
    plural: str
    title: str
    register_href: str
    folder: str
    example_id: str
    is_rows: bool
    also_read: str
    fields: tuple[FieldRow, ...]
    shared: tuple[FieldRow, ...]
    expectations: tuple[ExpectationRow, ...]


def field_reference_page(context: PageContext, kind: Kind) -> Page:
    """Return the page that explains the fields of a kind."""
    view = _view(context, kind)
    return Page(
        address=fields_of(kind),
        title=view.title,
        body=render("pages/fields.html", view=view),
        audience=context.site.audience,
        section=kind.folder or "status",
        search_text=" ".join(row.name for row in view.fields),
    )


def _view(context: PageContext, kind: Kind) -> FieldReferenceView:
    # What a project says of fields of its own may name records, like any text.
    redact = context.project.redact
    rows = [
        replace(row, description=redact(row.description))
        for shape in shape_of(kind.model).values()
        for row in _rows(shape)
    ]
    shared = {name for name in Entry.model_fields if name != "id"}
    records = context.project.of(kind.model)
    return FieldReferenceView(
        kind=kind.name,
        plural=kind.plural,
        title=f"{sentence_case(kind.plural)}: fields",
        register_href=ROOT + register_of(kind),
        folder=kind.folder,
        example_id=records[0].id if records else f"{kind.prefix}-001",
        is_rows=kind.is_rows,
        also_read=kind.also_read,
        fields=tuple(row for row in rows if _top_name(row) not in shared),
        shared=tuple(row for row in rows if _top_name(row) in shared),
        expectations=tuple(ExpectationRow(e.fields, e.level, e.because) for e in kind.expectations),
    )


def _top_name(row: FieldRow) -> str:
    """Return the name of the field that a row is about or stands inside of."""
    return row.name.partition(".")[0].removesuffix("[]")


def _rows(shape: FieldShape, prefix: str = "", depth: int = 0) -> list[FieldRow]:
    name = prefix + shape.name
    row = FieldRow(name, depth, shape.level, shape.word, shape.choices, shape.description)
    inside = shape_of(shape.part).values() if shape.part and depth < 3 else ()
    mark = "[]." if shape.many else "."
    return [row, *(nested for field in inside for nested in _rows(field, name + mark, depth + 1))]
