"""Extended kinds: a kind that there is with fields that a project adds or makes stricter; never looser, never other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Optional, Union, get_args, get_origin

from msgspec.structs import replace
from pydantic.fields import FieldInfo

from aipm_site.problems import did_you_mean
from aipm_site.records.declaration import KindExtension, Tightening
from aipm_site.records.declaration_rules import column_breaches, field_breaches, reserved_fields
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.own_model import Definition, at_least_one, level_info, levelled, literal_of, own_model
from aipm_site.records.record import Entry, FieldPath, Level, Origin, Record
from aipm_site.records.shape import FieldShape, shape_of

_STRICTNESS: Mapping[Level, int] = {"optional": 0, "expected": 1, "needed": 2}


# Kept, so that records of two revisions are of one class as long as their extension is the same.
@lru_cache(maxsize=128)
def extended_model(kind: Kind, extension: KindExtension) -> type[Entry]:
    """Return the class of the records of an extended kind, a subclass of the kind's own."""
    stricter = dict(_definition(kind, tightening) for tightening in extension.tighten)
    return own_model(kind.model, kind.name, kind.model.__doc__ or "", extension.fields, stricter)


def extended_kind(kind: Kind, extension: KindExtension, model: type[Entry], declared_at: Origin) -> Kind:
    """Return the kind with the records of the extension; whatever else it declares holds for them too.

    Args:
        kind: The kind as it is built in.
        extension: An extension in which nothing is wrong.
        model: The class of its records.
        declared_at: Where the extension was written.
    """
    return replace(kind, model=model, columns=extension.columns or kind.columns, declared_at=declared_at)


def extension_breaches(kind: Kind, extension: KindExtension) -> Iterator[Breach]:
    """Yield what is wrong in an extension of a kind, as far as its fields need not be built for it."""
    yield from field_breaches(extension.fields, _taken(kind))
    for index, tightening in enumerate(extension.tighten):
        yield from _tightening_breaches(kind, tightening, ("tighten", index))
        if tightening.field in [earlier.field for earlier in extension.tighten[:index]]:
            message = f"the field '{tightening.field}' is made stricter twice"
            yield Breach("field-taken", message, ("tighten", index, "field"), "say it once")


def extended_breaches(kind: Kind, extension: KindExtension, model: type[Entry]) -> Iterator[Breach]:
    """Yield columns that neither the kind nor the extension has."""
    computed = [name for name in kind.columns if name not in shape_of(model)]
    for breach in column_breaches(extension.columns, model):
        if extension.columns[int(breach.path[-1])] not in computed:
            yield breach


def _taken(kind: Kind) -> Mapping[str, str]:
    """Return the names that an added field may not have: fields of the kind, and what is computed from them."""
    computed = {name for name in dir(kind.model) if not name.startswith("_")} - set(dir(Record))
    why = f"every {kind.name} has it; to make a field stricter, write it under 'tighten'"
    return {**reserved_fields(Record), **dict.fromkeys((*computed, *shape_of(kind.model)), why)}


def _tightening_breaches(kind: Kind, tightening: Tightening, path: FieldPath) -> Iterator[Breach]:
    fields = shape_of(kind.model)
    shape = fields.get(tightening.field)
    if shape is None:
        hint = did_you_mean(tightening.field, fields, f"`aipm explain {kind.name}` lists its fields")
        yield Breach("unknown-field", f"{kind.name} has no field '{tightening.field}'", (*path, "field"), hint)
        return
    if tightening.level is None and not tightening.words:
        hint = "give 'level' or 'words'"
        yield Breach("missing-field", f"nothing says how '{shape.name}' is made stricter", path, hint)
    if tightening.level and _STRICTNESS[tightening.level] <= _STRICTNESS[shape.level]:
        message = f"'{shape.name}' is {shape.level} in every {kind.name}, so '{tightening.level}' is not stricter"
        yield Breach("not-stricter", message, (*path, "level"), "an extension makes stricter, never looser")
    elif tightening.level == "expected" and _has_value(shape):
        message = f"'{shape.name}' means '{shape.default}' where it is not given, so it is never missing"
        yield Breach("not-stricter", message, (*path, "level"), "write level: needed, or leave it out")
    if tightening.words:
        yield from _narrowing_breaches(shape, tightening, (*path, "words"))


def _narrowing_breaches(shape: FieldShape, tightening: Tightening, path: FieldPath) -> Iterator[Breach]:
    if not shape.choices:
        message = f"'words' says nothing here: '{shape.name}' is no word out of a list"
        yield Breach("option-without-effect", message, path, "leave it out")
        return
    for index, word in enumerate(tightening.words):
        if word not in shape.choices:
            hint = did_you_mean(word, shape.choices, f"it has {', '.join(shape.choices)}")
            yield Breach("unknown-value", f"'{word}' is not one of the words of '{shape.name}'", (*path, index), hint)
    if set(shape.choices) <= set(tightening.words):
        message = f"these are all the words that '{shape.name}' has, so they are not stricter"
        yield Breach("not-stricter", message, path, "leave words out, or the whole line")
    if isinstance(shape.default, str) and tightening.level != "needed" and shape.default not in tightening.words:
        message = f"'{shape.default}' is what '{shape.name}' is where it is not given, so it must stay allowed"
        yield Breach("not-stricter", message, path, f"add {shape.default}")


def _definition(kind: Kind, tightening: Tightening) -> tuple[str, Definition]:
    shape = shape_of(kind.model)[tightening.field]
    info = kind.model.model_fields[shape.attribute]
    level = tightening.level or shape.level
    default = shape.default if _has_value(shape) else None
    made = level_info(level, shape.description, many=shape.many, default=default, alias=info.alias)
    annotation = _annotation(info, shape, tightening)
    if level != "needed" and default is None and not shape.many:
        annotation = Optional[annotation]  # noqa: UP045  the type is known only here
    return shape.attribute, (annotation, made)


def _annotation(info: FieldInfo, shape: FieldShape, tightening: Tightening) -> Any:
    """Return the annotation of a field that is given, with its own marks and the words that stay allowed."""
    annotation = info.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(inside for inside in get_args(annotation) if inside is not NoneType)
    if tightening.words:
        annotation = levelled(literal_of(tightening.words), "needed" if not shape.many else "optional", many=shape.many)
    if shape.many and tightening.level == "needed":
        annotation = at_least_one(annotation)
    return Annotated[(annotation, *info.metadata)] if info.metadata else annotation


def _has_value(shape: FieldShape) -> bool:
    """Say whether a field means something where it is not given."""
    return shape.default not in (None, ())
