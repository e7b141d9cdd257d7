"""References: which other records a record names, read from the fields that are marked so and from its links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from msgspec import Struct
from pydantic import BaseModel

from aipm_site.readers.prose_links import record_links
from aipm_site.records.once import once_a_record
from aipm_site.records.record import Entry, FieldPath, Link, Row
from aipm_site.records.shape import FieldShape, shape_of

# Domain, "IDs": a number or a date follows the prefix, but for the prefixes whose ids are natural keys.
_ID = re.compile(r"[A-Z]{2,4}-[0-9][A-Za-z0-9-]*\Z|(MV|M|RUN|OBL|SKL|TRN)-[A-Za-z0-9][A-Za-z0-9.-]*\Z")
# How the ids of every kind begin, those of a project's own kinds too.
_MAY_BE_ID = re.compile(r"[A-Z]{1,4}-[A-Za-z0-9]")
_PEOPLE = frozenset({"person", "stakeholder"})
IsId = Callable[[str], bool]
_DATASET_ID = re.compile(r"(DST-[0-9]+)@")


class Reference(Struct, frozen=True):
    """One place in a record that names another record.

    Attributes:
        rel: The word of a link, or the name of the field, dotted where it stands in a part.
        id: The id that is named; of a dataset without the version.
        path: Where in the record it stands.
        kinds: Names of the kinds that the other record may have; none means any.
        only_ids: Whether words may stand there too; words that have not the form of an id are no reference at all.
    """

    rel: str
    id: str
    path: FieldPath
    kinds: tuple[str, ...] = ()
    only_ids: bool = False

    @property
    def names_people(self) -> bool:
        """Whether it names who does something, as an owner or an approver does."""
        return bool(self.kinds) and _PEOPLE.issuperset(self.kinds)

    @property
    def looks_like_id(self) -> bool:
        """Whether what is named has the form of an id."""
        return looks_like_id(self.id)


def references_of(record: Entry, is_id: IsId = lambda _: False) -> tuple[Reference, ...]:
    """Return the references of a record, in the order of its fields.

    Args:
        record: The record.
        is_id: Says of a text that it has the form of an id of one of the project's own kinds.
    """
    named = _named(record)
    if not named.words:
        return named.references
    return tuple(one for one in named.references if one.path not in named.words or is_id(one.id))


@once_a_record
def cited_of(record: Entry) -> tuple[str, ...]:
    """Return the ids that a record may name in fields and Markdown, each once, but for those of people.

    Some may be words that only look like an id; whoever looks for the record finds none.
    """
    named = (one.id for one in _named(record).references if not one.names_people)
    return tuple(dict.fromkeys((*named, *mentions_of(record))))


@once_a_record
def ids_in_id(row: Row) -> tuple[str, ...]:
    """Return the ids that a row names and that are parts of its own, as its key is made of them."""
    return tuple(one.id for one in _named(row).references if one.id in row.id)


class _Named(Struct, frozen=True):
    """What a record names in fields; the paths of what may be the id of an own kind, or words, are told apart."""

    references: tuple[Reference, ...]
    words: frozenset[FieldPath]


@once_a_record
def _named(record: Entry) -> _Named:
    named = _references(record, (), "")
    found = tuple(one for one in named if not one.only_ids or _MAY_BE_ID.match(one.id))
    return _Named(found, frozenset(one.path for one in found if one.only_ids and not one.looks_like_id))


def mentions_of(record: Entry) -> tuple[str, ...]:
    """Return what stands as [[ID]] in the Markdown texts of a record, each once, in the order of its fields."""
    return tuple(dict.fromkeys(name for text in _texts(record) for name, _, _ in record_links(text)))


def looks_like_id(text: str) -> bool:
    """Say whether a text that may be words or an id has the form of an id."""
    return _ID.match(_without_version(text)) is not None


def _without_version(text: str) -> str:
    # DST-002@2026-02 is one version of the record DST-002; rows have an @ in their own ids.
    dataset = _DATASET_ID.match(text)
    return dataset.group(1) if dataset else text


@cache
def _referring_fields(model: type[BaseModel]) -> tuple[FieldShape, ...]:
    """Return the fields of a class that refer to records themselves or have a part that does."""
    return tuple(
        field for field in shape_of(model).values() if field.refers_to or (field.part and _referring_fields(field.part))
    )


def _references(holder: BaseModel, path: FieldPath, prefix: str) -> Iterator[Reference]:
    for field in _referring_fields(type(holder)):
        value = getattr(holder, field.attribute)
        here, name = (*path, field.name), prefix + field.name
        if value is not None and not field.many:
            yield from _references_in(holder, field, value, here, name)
        for index, item in enumerate(value if field.many else ()):
            yield from _references_in(holder, field, item, (*here, index), name)


def _references_in(holder: BaseModel, field: FieldShape, value: Any, path: FieldPath, name: str) -> Iterator[Reference]:
    if isinstance(value, BaseModel):
        yield from _references(value, path, f"{name}.")
    elif field.refers_to:
        rel = holder.rel if isinstance(holder, Link) else name
        yield Reference(rel, _without_version(value), path, field.refers_to.kinds, field.refers_to.only_ids)


@cache
def _markdown_fields(model: type[BaseModel]) -> tuple[FieldShape, ...]:
    """Return the fields of a class that hold Markdown themselves or have a part that does."""
    return tuple(
        field
        for field in shape_of(model).values()
        if "Markdown" in field.word or (field.part and _markdown_fields(field.part))
    )


def _texts(holder: BaseModel) -> Iterator[str]:
    """Yield each Markdown text of a record or part that names something in double brackets."""
    for field in _markdown_fields(type(holder)):
        value = getattr(holder, field.attribute)
        for item in value if field.many else (value,):
            if isinstance(item, BaseModel):
                yield from _texts(item)
            elif isinstance(item, str) and "[[" in item:
                yield item
