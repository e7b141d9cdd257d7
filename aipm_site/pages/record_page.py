"""Record pages: one record with all that it says, what it leaves out, and what it is tied to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jinja2 import Template
from jinja2.exceptions import TemplateNotFound
from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from aipm_site.pages.addresses import ROOT, address_of, fields_of, register_of
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import FieldView, time_of
from aipm_site.pages.figures import FigureView, figure_view
from aipm_site.pages.freshness import FreshnessView, freshness_view
from aipm_site.pages.looks import theme_environment
from aipm_site.pages.measured import measured_text
from aipm_site.pages.page import Page
from aipm_site.pages.record_sections import SECTIONS, Section
from aipm_site.pages.words import forward_label, inverse_label, phrase
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry, Record, Row
from aipm_site.records.shape import part_at, shape_of
from aipm_site.summaries.field_labels import field_label, path_label

# A metric may have thousands of observations; its page names some, and the register has them all.
LINKS_AT_MOST = 20
# These stand in the head of the page, or in a section of their own.
_IN_HEAD = frozenset({"id", "title", "status", "owner", "audience", "summary", "prose", "links", "custom", "as_of"})
_ABOUT = frozenset(Row.model_fields) - _IN_HEAD


class LinkGroup(Struct, frozen=True):
    """Links to records that stand in the same relation: the first of them, and how many more there are."""

    label: str
    links: tuple[Markup, ...]
    more: int


class RecordFigure(Struct, frozen=True):
    """A figure about a record, under its name without the record's id."""

    label: str
    figure: FigureView


class MissingField(Struct, frozen=True):
    """An expected field that a record does not give."""

    label: str
    description: str


class RecordView(Struct, frozen=True):
    """The context of templates/records/*.html.

    Attributes:
        id: The record's id.
        title: What it is called.
        register: Heading of the list that it stands in; "" for the project, which stands in none.
        register_href: Address of that list.
        chip: Its status as word and shape.
        owner: Who answers for it.
        wants_owner: Whether it should have an owner and has none.
        audience: Its label.
        speaks_for: The day that its facts are true for, where it says one.
        freshness: What must be said of its age: that it is due to be looked at, stale, or was never confirmed.
        summary: Its summary.
        details: The given fields of its kind.
        about: The given fields that every kind has.
        custom: The project's own keys.
        notes: Its longer text.
        not_applicable: Fields said to be not applicable, with the reason.
        missing: Expected fields that are not given.
        references: What it refers to, by relation.
        backlinks: What refers to it, by relation.
        file: The file that it was written in.
        line: Its first line there.
        fields_href: Address of the page that explains its fields.
        figures: Figures about this record.
        special: What the template of its kind shows besides, None for most kinds.
        form: In which form of others it was written, in a clause; "" for our own.
    """

    id: str
    title: str
    register: str
    register_href: str
    chip: Markup | None
    owner: Markup | None
    wants_owner: bool
    audience: str
    speaks_for: Markup | None
    freshness: FreshnessView | None
    summary: Markup | None
    details: tuple[FieldView, ...]
    about: tuple[FieldView, ...]
    custom: tuple[FieldView, ...]
    notes: Markup | None
    not_applicable: tuple[tuple[str, str], ...]
    missing: tuple[MissingField, ...]
    references: tuple[LinkGroup, ...]
    backlinks: tuple[LinkGroup, ...]
    file: str
    line: int
    fields_href: str
    figures: tuple[RecordFigure, ...] = ()
    special: Section | None = None
    form: str = ""


def record_pages(context: PageContext, kind: Kind) -> tuple[Page, ...]:
    """Return the page of each record of a kind; rows have none, they stand in their register."""
    if kind.is_rows:
        return ()
    template = template_of(kind)
    return tuple(record_page(context, kind, record, template) for record in context.project.of(kind.model))


def template_of(kind: Kind) -> Template:
    """Return the template of the kind's own name, else the general one."""
    environment = theme_environment()
    try:
        return environment.get_template(f"records/{kind.name}.html")
    except TemplateNotFound:
        return environment.get_template("records/record.html")


def record_page(context: PageContext, kind: Kind, record: Entry, template: Template) -> Page:
    """Return the page of one record."""
    view = record_view(context, kind, record)
    return Page(
        address=address_of(kind, record),
        title=f"{view.id} {view.title}",
        body=template.render(view=view),
        audience=context.project.audience_of(record),
        section=kind.folder or kind.name,
        search_html=_search_html(view),
        # The project's own page is the one that stands in no register.
        in_nav=not kind.folder,
        edit_path=record.origin.file,
    )


def record_view(context: PageContext, kind: Kind, record: Entry) -> RecordView:
    """Return what the page of a record shows."""
    values = context.values_of(record)
    missing = context.project.missing[record.id]
    section = SECTIONS[kind.name](context, record) if kind.name in SECTIONS else None
    fields = values.fields(record, _IN_HEAD | (section.shows if section else frozenset()) | _in_text(record))
    fields = tuple(_measured(context, record, field) for field in fields)
    return RecordView(
        id=record.id,
        title=record.label,
        register=kind.register if kind.folder else "",
        register_href=ROOT + register_of(kind),
        chip=context.links.chip(record),
        owner=values.field(record, "owner") if isinstance(record, Record) else None,
        wants_owner="owner" in missing,
        audience=context.project.audience_of(record),
        speaks_for=time_of(record.as_of) if record.as_of else None,
        freshness=freshness_view(context, context.facts.freshness.get(record.id)),
        summary=values.field(record, "summary"),
        details=(*_in_own_words(record), *(field for field in fields if field.name not in _ABOUT)),
        about=tuple(field for field in fields if field.name in _ABOUT),
        custom=values.custom(record.custom or {}),
        notes=values.field(record, "prose"),
        not_applicable=tuple((field_label(name), reason) for name, reason in record.not_applicable.items()),
        missing=tuple(_redacted(context, missing_field(kind, name)) for name in missing),
        references=_references(context, record),
        backlinks=_backlinks(context, record),
        file=record.place.file,
        line=record.place.line,
        fields_href=ROOT + fields_of(kind),
        figures=_figures(context, record),
        special=section,
        form=phrase("written_in_form").format(form=record.foreign.form) if record.foreign else "",
    )


def _measured(context: PageContext, record: Entry, field: FieldView) -> FieldView:
    """Return a field with its value in the unit of the metric, where it is a value of one."""
    text = measured_text(context.project, record, field.name)
    return field if text is None else replace(field, value=escape(text))


def _in_own_words(record: Entry) -> Iterator[FieldView]:
    """Yield what a record in a form of others says otherwise than we do, such as the status “✅ Accepted”."""
    for name, text in record.foreign.texts.items() if record.foreign else ():
        value = getattr(record, name)
        is_same = text.casefold() == str(value).casefold()
        is_unread = record.foreign is not None and name in record.foreign.unread
        # A status that is none of ours stands in the head, in its own words.
        if not is_same and not (name == "status" and is_unread):
            label = phrase("as_written").format(field=field_label(name))
            yield FieldView(
                name, label, escape(phrase("not_read").format(text=text) if is_unread else text), is_wide=False
            )


def _in_text(record: Entry) -> frozenset[str]:
    """Return the fields whose words were taken from the text below them, with links and all."""
    return frozenset({"options"}) if record.foreign and record.prose else frozenset()


def _figures(context: PageContext, record: Entry) -> tuple[RecordFigure, ...]:
    figures = context.figures_by_record.get(record.id, ())
    return tuple(RecordFigure(_short_name(figure.name, record.id), figure_view(context, figure)) for figure in figures)


def _short_name(name: str, record_id: str) -> str:
    before, _, after = name.partition(f".{record_id}")
    return after.lstrip(".") or before


def missing_field(kind: Kind, name: str) -> MissingField:
    """Return the label and description of a field that is not given; the name may be dotted."""
    *path, last = name.split(".")
    holder = part_at(kind.model, tuple(path))
    shape = shape_of(holder).get(last) if holder else None
    return MissingField(path_label(name), shape.description if shape else "")


def _redacted(context: PageContext, field: MissingField) -> MissingField:
    # What a project says of fields of its own may name records, like any text.
    return replace(field, description=context.project.redact(field.description))


def _references(context: PageContext, record: Entry) -> tuple[LinkGroup, ...]:
    pairs = ((r.rel, r.id) for r in context.project.references.get(record.id, ()) if context.links.is_known(r.id))
    return _grouped(context, ((forward_label(rel), target) for rel, target in pairs))


def _backlinks(context: PageContext, record: Entry) -> tuple[LinkGroup, ...]:
    links = context.project.backlinks(record.id)
    return _grouped(context, ((inverse_label(link.rel), link.record_id) for link in links))


def _grouped(context: PageContext, pairs: Iterable[tuple[str, str]]) -> tuple[LinkGroup, ...]:
    groups: dict[str, dict[str, None]] = {}
    for label, record_id in pairs:
        groups.setdefault(label, {})[record_id] = None
    return tuple(
        LinkGroup(
            label, tuple(map(context.links.with_status, list(ids)[:LINKS_AT_MOST])), max(0, len(ids) - LINKS_AT_MOST)
        )
        for label, ids in groups.items()
    )


def _search_html(view: RecordView) -> str:
    fields = (*view.details, *view.custom)
    texts = [view.summary, view.owner, *(field.value for field in fields), view.notes]
    return " ".join(str(text) for text in texts if text)
