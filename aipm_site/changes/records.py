"""Changes of records: added, changed, closed, withdrawn and removed, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.changes.side import Pair, Side
from aipm_site.problems import Place
from aipm_site.records.record import Entry
from aipm_site.records.risk import Risk

How = Literal["added", "changed", "closed", "withdrawn", "removed"]
WITHDRAWN = "withdrawn"


class FieldChange(Struct, frozen=True):
    """One field before and after; None where it is not given.

    Attributes:
        field: Its name; parts inside are named after it ("response.owner"), items of a list by their number from 1.
        before: Its value as plain data.
        after: The same afterwards.
    """

    field: str
    before: Any
    after: Any


class RecordChange(Struct, frozen=True):
    """What happened to one record.

    Attributes:
        record_id: Its id.
        how: The one word for it.
        kind: Name of its kind.
        plural: The kind's word, plural.
        title: What it is called; "" for a row.
        status: Its status afterwards, of a removed one the last; None where the kind has none.
        is_open: Whether it asks for something afterwards; of a removed one, whether it did when it was removed.
        place: Where it is written, of a removed one where it was.
        fields: The fields that changed; none where it was added or removed.
        was_open: Whether it was there before and asked for something.
        scores: Of a risk its score before and after, None where it was not open or has none.
        is_certain: Whether it is known to have come or gone: another file that cannot be read may hold it on the side
            that seems to lack it.
    """

    record_id: str
    how: How
    kind: str
    plural: str
    title: str
    status: str | None
    is_open: bool
    place: Place
    fields: tuple[FieldChange, ...]
    was_open: bool = False
    scores: tuple[int | None, int | None] = (None, None)
    is_certain: bool = True


def record_changes(pair: Pair) -> tuple[RecordChange, ...]:
    """Return what happened to the records that the audience sees on both sides, by kind and then by id.

    A record is known by its id, whatever file it is in and however it is written. What cannot be read on one side is
    left out, as nobody knows what it says. Where that side has other files that cannot be read, and that are mended or
    gone on this one, what seems to have come or gone may have been in them.
    """
    base, head = pair.base.project, pair.head.project
    unread = base.unread_ids.keys() | head.unread_ids.keys() | pair.hidden_ids
    order = {kind.name: number for number, kind in enumerate((*head.kinds, *base.kinds))}
    found = [
        change
        for record_id in sorted((base.records.keys() | head.records.keys()) - unread)
        if (change := _change(record_id, pair.base, pair.head)) is not None and not _may_be_unread(change, pair)
    ]
    judged = (replace(change, is_certain=not _may_be_elsewhere(change, pair)) for change in found)
    return tuple(sorted(judged, key=lambda change: (order[change.kind], change.record_id)))


def field_changes(before: Entry, after: Entry) -> tuple[FieldChange, ...]:
    """Return the fields in which two states of a record differ, in the order of the kind's declaration."""
    if before is after:
        return ()
    return tuple(_differences("", plain_fields(before), plain_fields(after)))


def plain_fields(record: Entry) -> dict[str, Any]:
    """Return the fields that a record gives, as plain data: two ways to write the same value are the same value."""
    given = record.model_dump(by_alias=True, exclude_none=True)
    fields = {name: value for name, value in given.items() if value not in ((), [], {})}
    fields |= {name: {"na": reason} for name, reason in record.not_applicable.items()}
    if record.foreign:
        fields |= {name: text for name, text in record.foreign.texts.items() if name not in fields}
    return fields


def _change(record_id: str, base: Side, head: Side) -> RecordChange | None:
    before, after = base.project.get(record_id), head.project.get(record_id)
    if before is None or after is None:
        return _came_or_went(base, before, head, after)
    fields = field_changes(before, after)
    if (old := base.project.kinds.of(before).name) != (new := head.project.kinds.of(after).name):
        fields = (FieldChange("kind", old, new), *fields)
    if not fields:
        return None
    was_open = _is_open(base, before)
    how = _how(after, was_open=was_open, is_open=_is_open(head, after))
    scores = (_score(base, before), _score(head, after))
    return replace(_told(how, after, head, fields), was_open=was_open, scores=scores)


def _may_be_unread(change: RecordChange, pair: Pair) -> bool:
    """Say whether a record seems to have come or gone, and the other side has errors in the same file."""
    other = {"added": pair.base, "removed": pair.head}.get(change.how)
    return other is not None and change.place.file in other.files_with_errors


def _may_be_elsewhere(change: RecordChange, pair: Pair) -> bool:
    """Say whether a record seems to have come or gone, and a file that only the other side cannot read may hold it."""
    sides = {"added": (pair.base, pair.head), "removed": (pair.head, pair.base)}.get(change.how)
    if sides is None:
        return False
    lacking, holding = sides
    return bool(lacking.unread_files - holding.unread_files - {f"{lacking.project.content}/project.yml"})


def _came_or_went(base: Side, before: Entry | None, head: Side, after: Entry | None) -> RecordChange | None:
    if after is not None:
        return replace(_told("added", after, head, ()), scores=(None, _score(head, after)))
    if before is None:
        return None
    told = _told("removed", before, base, ())
    return replace(told, was_open=told.is_open, scores=(_score(base, before), None))


def _how(after: Entry, *, was_open: bool, is_open: bool) -> How:
    if is_open or not was_open:
        return "changed"
    return "withdrawn" if getattr(after, "status", None) == WITHDRAWN else "closed"


def _is_open(side: Side, record: Entry) -> bool:
    # An end that lies after the as-of counts as not given.
    known = side.facts.project.get(record.id) or record
    return side.project.kinds.of(known).is_open(known)


def _score(side: Side, record: Entry) -> int | None:
    """Return the score of a risk that is open and no draft, so that it counts."""
    known = side.facts.project.get(record.id) or record
    return known.score if isinstance(known, Risk) and known.is_counted else None


def _told(how: How, record: Entry, side: Side, fields: tuple[FieldChange, ...]) -> RecordChange:
    project = side.project
    return RecordChange(
        record_id=record.id,
        how=how,
        kind=project.kinds.of(record).name,
        plural=project.kinds.of(record).plural,
        title=getattr(record, "title", ""),
        status=getattr(record, "status", None),
        is_open=_is_open(side, record),
        place=record.place,
        fields=fields,
    )


def _differences(name: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*after, *(key for key in before if key not in after)]
        for key in keys:
            yield from _differences(f"{name}.{key}" if name else str(key), before.get(key), after.get(key))
    elif _are_groups(before) and _are_groups(after) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
            yield from _differences(f"{name}.{number}", old, new)
    elif before != after:
        yield FieldChange(name, before, after)


def _are_groups(value: Any) -> bool:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return is_list and bool(value) and all(isinstance(item, Mapping) for item in value)
