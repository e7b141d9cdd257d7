"""The shape of a record class: its fields as writers see them, read once and used wherever fields are listed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from msgspec import Struct, field
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aipm_site.records.fields import Reader, RefersTo
from aipm_site.records.record import FieldPath, Level

Mark = TypeVar("Mark")


class FieldShape(Struct, frozen=True):
    """One field of a record or of a part of it.

    Attributes:
        name: Its key in YAML.
        attribute: Its name in Python; the key, but for keys that Python keeps for itself.
        level: Whether a record needs it, should have it or may have it.
        description: What it says, in a clause.
        word: What its values are, such as "date" or "list of text on one line".
        choices: The allowed words of an enumeration; empty where there is none.
        many: Whether it is a list.
        part: The class of the fields inside it, or inside each of its items.
        refers_to: Which records its text names.
        default: Its value where it is not given.
        schema: JSON Schema of its text, or of each item's; empty for enumerations and parts.
    """

    name: str
    attribute: str
    level: Level
    description: str
    word: str
    choices: tuple[str, ...] = ()
    many: bool = False
    part: type[BaseModel] | None = None
    refers_to: RefersTo | None = None
    default: Any = None
    schema: Mapping[str, Any] = field(default_factory=dict)


@cache
def shape_of(model: type[BaseModel]) -> Mapping[str, FieldShape]:
    """Return the fields of a record class, or of a part of one, by their key in YAML."""
    shapes = (_field_shape(attribute, info) for attribute, info in model.model_fields.items())
    return {shape.name: shape for shape in shapes}


def part_at(model: type[BaseModel], path: FieldPath) -> type[BaseModel] | None:
    """Return the class that holds the fields at a path; None where the path leads to no part."""
    holder: type[BaseModel] | None = model
    for step in path:
        if holder is None or isinstance(step, int):
            continue
        field = shape_of(holder).get(step)
        holder = field.part if field else None
    return holder


def _field_shape(attribute: str, info: FieldInfo) -> FieldShape:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}
    core, marks, many = _unwrap(info.annotation, tuple(info.metadata))
    choices = tuple(str(choice) for choice in get_args(core)) if get_origin(core) is Literal else ()
    part = core if isinstance(core, type) and issubclass(core, BaseModel) else None
    return FieldShape(
        name=info.alias or attribute,
        attribute=attribute,
        level=extra.get("level", "optional"),  # type: ignore[arg-type]
        description=info.description or "",
        word=("list of " if many else "") + _word(core, marks, choices, part),
        choices=choices,
        many=many,
        part=part,
        refers_to=_first(marks, RefersTo),
        default=None if info.is_required() else info.default,
        schema=_schema(core, marks),
    )


def _unwrap(annotation: Any, marks: tuple[Any, ...], many: bool = False) -> tuple[Any, tuple[Any, ...], bool]:
    """Return the type inside Optional, tuple and Annotated, the marks on the way, and whether there was a tuple."""
    if any(isinstance(mark, Reader) for mark in marks):
        return annotation, marks, many
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _unwrap(inside[0], marks + inside[1:], many)
    if origin in (Union, UnionType):
        return _unwrap(next(kind for kind in inside if kind is not NoneType), marks, many)
    if origin is tuple:
        return _unwrap(inside[0], marks, True)
    return annotation, marks, many


def _word(core: Any, marks: tuple[Any, ...], choices: tuple[str, ...], part: type[BaseModel] | None) -> str:
    refers_to = _first(marks, RefersTo)
    if refers_to and not refers_to.only_ids:
        return "id of " + (" or ".join(refers_to.kinds) or "a record")
    if get_origin(core) is dict:
        inside = _unwrap(get_args(core)[1], ())[1]
        return f"{_word(None, inside, (), None) or 'anything'} by name"
    if choices:
        return "word"
    reader = _first(marks, Reader)
    return "group of fields" if part else reader.word if reader else ""


def _schema(core: Any, marks: tuple[Any, ...]) -> Mapping[str, Any]:
    if get_origin(core) is dict:
        inside = _schema(*_unwrap(get_args(core)[1], ())[:2])
        return {"type": "object"} | ({"additionalProperties": inside} if inside else {})
    reader = _first(marks, Reader)
    return reader.schema if reader else {}


def _first(marks: tuple[Any, ...], mark_type: type[Mark]) -> Mark | None:
    return next((mark for mark in marks if isinstance(mark, mark_type)), None)
