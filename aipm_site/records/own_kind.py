"""Own kinds: from the declaration of a kind to the kind, so that it gets everything that a built-in one gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, total_ordering
from typing import Any

from aipm_site.records.declaration import KindDeclaration
from aipm_site.records.kind import Kind
from aipm_site.records.own_model import own_model, status_definition
from aipm_site.records.quantity import Money
from aipm_site.records.record import Entry, Origin, Record, Row
from aipm_site.records.shape import FieldShape, shape_of


# Kept, so that records of two revisions are of one class as long as their own declaration is the same.
@lru_cache(maxsize=128)
def own_entry_model(name: str, declaration: KindDeclaration) -> type[Entry]:
    """Return the class of the records of a declared kind."""
    base: type[Entry] = Row if declaration.rows else Record
    status = {"status": status_definition(declaration.status)} if declaration.status else {}
    return own_model(base, name, declaration.description, declaration.fields, status)


def own_kind(name: str, declaration: KindDeclaration, model: type[Entry], declared_at: Origin) -> Kind:
    """Return the kind that a declaration makes.

    Args:
        name: Its name.
        declaration: A declaration in which nothing is wrong.
        model: The class of its records.
        declared_at: Where the declaration was written.
    """
    plural = declaration.plural or declaration.folder.replace("-", " ")
    fields, status = shape_of(model), declaration.status
    return Kind(
        model,
        name=name,
        folder=declaration.folder,
        prefix=declaration.prefix,
        plural=plural,
        register=declaration.heading or plural[:1].upper() + plural[1:],
        id_form=declaration.ids,
        columns=declaration.columns or _usual_columns(declaration),
        done=frozenset(status.done) if status else frozenset(),
        default_status=(status.default or status.words[0]) if status else None,
        fresh_days=declaration.fresh_days,
        dated=fields[declaration.dated].attribute if declaration.dated else None,
        ended=tuple(fields[field].attribute for field in declaration.ended),
        row_key=_row_key(declaration, model) if declaration.rows else None,
        order=_order([(fields[field.removeprefix("-")], field.startswith("-")) for field in declaration.order]),
        declared_at=declared_at,
    )


def _usual_columns(declaration: KindDeclaration) -> tuple[str, ...]:
    needed = [
        field.name
        for field in declaration.fields
        if field.level == "needed" and not field.many and field.type not in {"group", "prose"}
    ]
    status = ["status"] if declaration.status else []
    if declaration.rows:
        return tuple(dict.fromkeys((*declaration.key, *status, *needed)))
    return ("id", "title", *status, *needed, "owner")


def _row_key(declaration: KindDeclaration, model: type[Entry]) -> Callable[[Any], str]:
    attributes = [shape_of(model)[name].attribute for name in declaration.key]

    def key(row: Any) -> str:
        return f"{declaration.prefix}-" + "/".join(_as_text(getattr(row, name)) for name in attributes)

    return key


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@total_ordering
class _Descending:
    """A value that sorts from the greatest down."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and bool(self._value == other._value)

    def __lt__(self, other: _Descending) -> bool:
        return bool(other._value < self._value)

    __hash__ = None  # type: ignore[assignment]


def _order(fields: Sequence[tuple[FieldShape, bool]]) -> Callable[[Any], Any]:
    """Return what sorts records: by each field in turn, those without a value last, then by id."""

    def order(record: Any) -> tuple[Any, ...]:
        return (*(_sort_key(record, shape, is_down) for shape, is_down in fields), record.id)

    return order


def _sort_key(record: Any, shape: FieldShape, is_down: bool) -> tuple[Any, ...]:
    value = getattr(record, shape.attribute)
    if value is None:
        return (1,)
    key = _comparable(value, shape)
    return (0, _Descending(key) if is_down else key)


def _comparable(value: Any, shape: FieldShape) -> Any:
    if shape.choices:
        # Words are declared in the order that sorts them: low, medium, high.
        return shape.choices.index(value)
    if isinstance(value, Money):
        return (value.currency or "", value.amount)
    return value if isinstance(value, (int, Decimal, date)) else str(value).casefold()
