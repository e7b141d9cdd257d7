"""Own models: the class of a kind's records, made from the fields that a project declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional, TypeVar

from pydantic import AfterValidator, BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from aipm_site.records.declaration import FieldDeclaration, InnerField, StatusDeclaration
from aipm_site.records.fields import (
    IsoDate,
    Line,
    Moment,
    Number,
    Prose,
    Ratio,
    YesNo,
    decimal_number,
    reference_to,
    refuse,
    whole_number,
)
from aipm_site.records.quantity import Money
from aipm_site.records.record import Level, Part

M = TypeVar("M", bound=BaseModel)
Definition = tuple[Any, FieldInfo]

_PLAIN: Mapping[str, Any] = {
    "line": Line,
    "prose": Prose,
    "ratio": Ratio,
    "date": IsoDate,
    "moment": Moment,
    "true_or_false": YesNo,
    "money": Money,
}


def own_model(
    base: type[M],
    name: str,
    description: str,
    fields: Iterable[FieldDeclaration],
    first: Mapping[str, Definition] | None = None,
) -> type[M]:
    """Return a class of records with fields of a project's own.

    Args:
        base: What it extends: a record, a row, or a kind that there is.
        name: Name of the kind.
        description: What one of its records is.
        fields: The fields besides those of the base.
        first: Fields that stand before them, in Python's terms.
    """
    declared = dict(_definition(field, base, name) for field in fields)
    return _made(base, name, description, {**(first or {}), **declared})


def _made(base: type[M], name: str, description: str, definitions: Mapping[str, Definition]) -> type[M]:
    made: type[M] = create_model(  # type: ignore[call-overload]
        _class_name(name), __base__=base, __doc__=description, __module__=__name__, **definitions
    )
    return made


def attribute_for(name: str, base: type[BaseModel]) -> str:
    """Return what a field is called in Python: its name, but for names that every class has a use for."""
    is_free = not hasattr(base, name) and not name.startswith("model_")
    # No name that can be declared has two such signs in a row.
    return name if is_free else f"field__{name}"


def level_info(
    level: Level, description: str, *, many: bool, default: Any = None, alias: str | None = None
) -> FieldInfo:
    """Return what pydantic is told of a field of a level; the default is what it means where it is not given."""
    fallback: Any = ... if level == "needed" else () if many and default is None else default
    info: FieldInfo = Field(fallback, alias=alias, description=description, json_schema_extra={"level": level})
    return info


def levelled(annotation: Any, level: Level, *, many: bool) -> Any:
    """Return the annotation of a field of a level, from that of one of its values."""
    if not many:
        return annotation if level == "needed" else Optional[annotation]  # noqa: UP045  the type is known only here
    return at_least_one(tuple[annotation, ...]) if level == "needed" else tuple[annotation, ...]


def at_least_one(annotation: Any) -> Any:
    """Return the annotation of a list that may not be empty."""
    return Annotated[annotation, AfterValidator(_some)]


def literal_of(words: Iterable[str]) -> Any:
    """Return the type of a closed list of words."""
    return Literal[tuple(words)]


def status_definition(status: StatusDeclaration) -> Definition:
    """Return the definition of the field `status`."""
    default = status.default or status.words[0]
    return literal_of(status.words), level_info("optional", "where it stands", many=False, default=default)


def _definition(declared: InnerField, base: type[BaseModel], kind_name: str) -> tuple[str, Definition]:
    attribute = attribute_for(declared.name, base)
    alias = declared.name if attribute != declared.name else None
    info = level_info(declared.level, declared.description, many=declared.many, alias=alias)
    return attribute, (levelled(_type(declared, kind_name), declared.level, many=declared.many), info)


def _type(declared: InnerField, kind_name: str) -> Any:
    if isinstance(declared, FieldDeclaration) and declared.type == "group":
        return _group(declared, kind_name)
    made: dict[str, Callable[[], Any]] = {
        "word": lambda: literal_of(declared.words),
        "reference": lambda: Annotated[Line, reference_to(*declared.to)],
        "number": lambda: _number(declared),
        "whole_number": lambda: Annotated[int, whole_number(_whole(declared.least) or 0, _whole(declared.most))],
    }
    return made[declared.type]() if declared.type in made else _PLAIN[declared.type]


def _number(declared: InnerField) -> Any:
    if declared.least is None and declared.most is None:
        return Number
    return Annotated[Decimal, decimal_number(declared.least, declared.most)]


def _whole(limit: Decimal | None) -> int | None:
    return None if limit is None else int(limit)


def _group(declared: FieldDeclaration, kind_name: str) -> type[Part]:
    """Return the class of a group; its name holds the kind's, so that it is never that of a group of every record."""
    definitions = dict(_definition(inner, Part, kind_name) for inner in declared.fields)
    return _made(Part, f"{kind_name}-{declared.name}", declared.description, definitions)


def _some(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not values:
        raise refuse("missing-field", "the list is empty, and at least one is needed")
    return values


def _class_name(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.replace("_", "-").split("-"))
