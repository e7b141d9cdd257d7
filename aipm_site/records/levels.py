"""Levels: which expected fields a record does not give, so that its page, "what is missing" and checks can say so."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from aipm_site.records.charter import Charter
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry
from aipm_site.records.shape import shape_of


def missing_fields(kind: Kind, record: Entry, charter: Charter) -> tuple[str, ...]:
    """Return the expected fields that a record does not give, as dotted names in the order of its declaration.

    A field that is said to be not applicable, with a reason, is not missing; neither is the owner of a closed record,
    nor what the form of others, in which a record is written, has no place for.

    Args:
        kind: The kind of the record.
        record: The record.
        charter: The project's settings, on which some expectations depend.
    """
    missing = dict.fromkeys(_missing_inside(record))
    for expectation in kind.expectations:
        if expectation.when(record, charter):
            missing |= dict.fromkeys(name for name in expectation.fields if not is_given(record, name))
    if not kind.is_open(record):
        missing.pop("owner", None)
    fields = {name: name.partition(".")[0] for name in missing}
    return tuple(name for name, field in fields.items() if field not in record.not_applicable and _asks(record, field))


def _asks(record: Entry, field: str) -> bool:
    """Say whether the form of a record has a place for a field, and nothing stands there."""
    foreign = record.foreign
    return foreign is None or (field in foreign.places and field not in foreign.texts)


def is_given(record: BaseModel, name: str) -> bool:
    """Say whether a record gives a field; the name may be dotted, such as "approval.evidence"."""
    holder, *inside = name.split(".", 1)
    value = getattr(record, shape_of(type(record))[holder].attribute)
    if inside and isinstance(value, BaseModel):
        return is_given(value, inside[0])
    return value is not None and value != ()


def _missing_inside(holder: BaseModel, prefix: str = "") -> Iterator[str]:
    for name, field in shape_of(type(holder)).items():
        value = getattr(holder, field.attribute)
        if field.level == "expected" and (value is None or value == ()):
            yield prefix + name
        elif isinstance(value, BaseModel):
            yield from _missing_inside(value, f"{prefix}{name}.")
