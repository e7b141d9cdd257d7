"""Views: what an `aipm` block in an ordinary page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from aipm_site.checks.views import check_view, kind_named
from aipm_site.pages.addresses import ROOT, figure_address
from aipm_site.pages.context import PageContext
from aipm_site.pages.figures import FigureView, figure_view
from aipm_site.pages.home import home_html
from aipm_site.pages.looks import render
from aipm_site.pages.register import RecordTable, record_table
from aipm_site.pages.risk_matrix import RiskMatrix, risk_matrix
from aipm_site.pages.words import phrase, sentence_case
from aipm_site.readers.view_blocks import View, words_of
from aipm_site.records.kind import Kind
from aipm_site.records.record import Record

# The figures that any project may come to have begin with these; each rests on records of these kinds.
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "metric": ("metric", "observation"),
    "model": ("model", "metric", "observation"),
    "risk": ("risk",),
    "schedule": ("milestone",),
    "sprint": ("sprint",),
    "status": (),
}


class ListItem(Struct, frozen=True):
    """A record in a list: its link with status, and its owner."""

    link: Markup
    owner: Markup | None


class ViewView(Struct, frozen=True):
    """The context of templates/pages/view.html: exactly one of these is there, besides the title.

    Attributes:
        title: What the writer calls it; "" where they do not.
        empty: What is said where there is nothing to show.
        note: What is said below it, such as that not all is shared.
        table: A table of records.
        items: A list of records.
        figure: A figure.
        figure_href: Address of its entry.
        matrix: The risk matrix.
        problem: Why the block cannot be shown.
    """

    title: str = ""
    empty: str = ""
    note: str = ""
    table: RecordTable | None = None
    items: tuple[ListItem, ...] = ()
    figure: FigureView | None = None
    figure_href: str = ""
    matrix: RiskMatrix | None = None
    problem: str = ""


def show_view(context: PageContext, view: View, number: int) -> Markup:
    """Return a view as HTML.

    Args:
        context: The project and its facts.
        view: The block.
        number: Which block of its page it is, so that two tables have two ids.
    """
    problems = check_view(view, "", 1, context.project.kinds)
    if problems:
        return _html(ViewView(problem=problems[0].message))
    if view.name in {"table", "list"} and context.project.kinds.is_unread(view.subject):
        return _html(ViewView(problem=f"the declaration of '{view.subject}' cannot be read"))
    if view.name == "home":
        return home_html(context)
    return _html(_VIEWS[view.name](context, view, number))


def _html(view: ViewView) -> Markup:
    return Markup(render("pages/view.html", view=view))


def _title(view: View) -> str:
    return str(view.options.get("title") or "")


def _table(context: PageContext, view: View, number: int) -> ViewView:
    kind = _kind(context, view)
    records = chosen_records(context, kind, view.options)
    if not records:
        return ViewView(_title(view), empty=_nothing(context, kind))
    columns = words_of(view.options.get("columns")) or None
    table = record_table(context, kind, records, columns, f"view-{number}")
    return ViewView(_title(view), note=_note(context, kind), table=table)


def _list(context: PageContext, view: View, _number: int) -> ViewView:
    kind = _kind(context, view)
    records = chosen_records(context, kind, view.options)
    if not records:
        return ViewView(_title(view), empty=_nothing(context, kind))
    items = tuple(ListItem(context.links.with_status(r.id), _owner(context, r)) for r in records)
    return ViewView(_title(view), note=_note(context, kind), items=items)


def _nothing(context: PageContext, kind: Kind) -> str:
    """Return why a view shows no record: none is recorded, none is asked for, or these readers may not see them."""
    what, has_some = kind.plural, bool(context.project.of(kind.model))
    if context.hides(kind.name):
        said = phrase("none_chosen_of_shared" if has_some else "all_hidden").format(what=what)
    else:
        said = phrase("none_chosen" if has_some else "none_recorded").format(what=what)
    return sentence_case(said)


def _note(context: PageContext, kind: Kind) -> str:
    return phrase("some_hidden").format(what=kind.plural) if context.hides(kind.name) else ""


def _owner(context: PageContext, record: Any) -> Markup | None:
    return context.values_of(record).field(record, "owner") if isinstance(record, Record) else None


def _figure(context: PageContext, view: View, _number: int) -> ViewView:
    figure = context.facts.figures.get(view.subject)
    if figure is None:
        return _absent_figure(context, view)
    shown = figure_view(context, figure)
    return ViewView(_title(view) or view.subject, figure=shown, figure_href=ROOT + figure_address(view.subject))


def _absent_figure(context: PageContext, view: View) -> ViewView:
    family = view.subject.partition(".")[0]
    if family not in _FAMILIES:
        return ViewView(problem=f"the figure '{view.subject}' is not shared with this audience, or does not exist")
    reason = "figure_hidden" if context.hides(*_FAMILIES[family]) else "figure_unknown"
    return ViewView(_title(view) or view.subject, empty=phrase(reason))


def _chart(context: PageContext, view: View, _number: int) -> ViewView:
    matrix = risk_matrix(context)
    if context.hides("risk") and matrix.is_empty:
        return ViewView(_title(view), empty=phrase("no_open_risks_shared"))
    return ViewView(_title(view), matrix=matrix)


_VIEWS: Mapping[str, Callable[[PageContext, View, int], ViewView]] = {
    "table": _table,
    "list": _list,
    "figure": _figure,
    "chart": _chart,
}


def _kind(context: PageContext, view: View) -> Kind:
    kind = kind_named(context.project.kinds, view.subject)
    assert kind is not None, "checked before"
    return kind


def chosen_records(context: PageContext, kind: Kind, options: Mapping[str, object]) -> list[Any]:
    """Return the records of a kind that a view asks for, in the kind's order."""
    records = sorted(context.project.of(kind.model), key=kind.order)
    statuses = frozenset(words_of(options.get("status")))
    wants_open = options.get("open")
    found = [
        record
        for record in records
        if (not statuses or context.status_of(record) in statuses)
        and (wants_open is None or (context.status_of(record) not in kind.done) == (wants_open == "true"))
        and ("owner" not in options or getattr(record, "owner", None) == options["owner"])
        and ("tag" not in options or options["tag"] in record.tags)
    ]
    limit = options.get("limit")
    return found[: int(limit)] if isinstance(limit, str) else found
