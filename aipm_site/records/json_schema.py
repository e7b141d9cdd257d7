"""JSON Schema of a kind's files, so that editors complete fields, show what they mean and mark what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from aipm_site.records.kind import Gives, InStatus, Kind, Says
from aipm_site.records.record import Part
from aipm_site.records.shape import FieldShape, shape_of

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
_NOT_GIVEN: Schema = {
    "anyOf": [
        {"type": "null"},
        {
            "type": "object",
            "description": "not applicable, with the reason",
            "properties": {
                "na": {"type": "object", "properties": {"reason": {"type": "string"}}, "required": ["reason"]}
            },
            "required": ["na"],
            "additionalProperties": False,
        },
    ]
}


def schema_of(kind: Kind) -> Schema:
    """Return the JSON Schema, draft 07, of a file of a kind: one record, or a list, whose first item may be `common`.

    It knows names, types, enumerations and what is needed; contradictions only `aipm check` finds.
    """
    return {
        "$schema": DRAFT,
        "title": kind.name,
        "description": _first_line(kind.model),
        "definitions": {
            "fields": _fields_of(kind),
            "record": {"allOf": [_ref("fields"), *_state_rules(kind)], "required": _needed(kind)},
            "common": _common_item(),
            "not_given": _NOT_GIVEN,
            **{
                part.__name__: _part_schema(part) for part in sorted(_parts(kind.model), key=lambda part: part.__name__)
            },
        },
        "if": {"type": "array"},
        "then": _list_schema(),
        "else": _ref("record"),
    }


def schema_of_declarations(declaration: type[BaseModel], extension: type[BaseModel]) -> Schema:
    """Return the JSON Schema, draft 07, of a file that declares a kind, or extends one where it has `extends`."""
    parts = {declaration, extension} | _parts(declaration) | _parts(extension)
    return {
        "$schema": DRAFT,
        "title": "kind",
        "description": _first_line(declaration),
        "definitions": {part.__name__: _part_schema(part) for part in sorted(parts, key=lambda part: part.__name__)},
        "if": {"required": ["extends"]},
        "then": _ref(extension.__name__),
        "else": _ref(declaration.__name__),
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").partition("\n")[0]


def _list_schema() -> Schema:
    # After common values a record may leave out what they give, so nothing is required of the items then.
    return {
        "if": {"items": [{"required": ["common"]}], "minItems": 1},
        "then": {"items": [_ref("common")], "additionalItems": _ref("fields")},
        "else": {"items": _ref("record")},
    }


def _common_item() -> Schema:
    return {
        "type": "object",
        "properties": {"common": _ref("fields")},
        "required": ["common"],
        "additionalProperties": False,
    }


def _fields_of(kind: Kind) -> Schema:
    properties: Schema = {"kind": {"enum": [kind.name], "description": "the kind of record, where no folder says it"}}
    for name, field in shape_of(kind.model).items():
        properties[name] = _property(field, absent=_ref("not_given"))
    if not kind.is_rows:
        properties["id"] |= {"pattern": f"^{kind.id_pattern}$"}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _needed(kind: Kind) -> list[str]:
    # The id of a row is made from its key.
    given = {"id"} if kind.row_key else set()
    return [name for name, field in shape_of(kind.model).items() if field.level == "needed" and name not in given]


def _state_rules(kind: Kind) -> Iterator[Schema]:
    """Give what certain states need, as far as one field alone says it."""
    for expectation in kind.expectations:
        state = _state(kind, expectation.when)
        if state and expectation.level == "needed":
            yield {"if": state, "then": {"required": list(expectation.fields)}}


def _state(kind: Kind, when: object) -> Schema:
    if isinstance(when, Gives):
        return {"required": [when.name]}
    if isinstance(when, Says):
        return {"properties": {when.name: {"enum": sorted(when.words)}}, "required": [when.name]}
    if not isinstance(when, InStatus):
        return {}
    state: Schema = {"properties": {"status": {"enum": sorted(when.words)}}}
    return state if kind.default_status in when.words else state | {"required": ["status"]}


def _property(field: FieldShape, absent: Schema) -> Schema:
    """Return the schema of a field; `absent` is what may stand there where nothing is given."""
    value = _value(field)
    if field.many:
        value = {"type": "array", "items": value} | ({"minItems": 1} if field.level == "needed" else {})
    schema: Schema = {"description": field.description}
    # Siblings of $ref are not read in draft 07, so everything stands inside anyOf or allOf.
    schema |= {"allOf": [value]} if field.level == "needed" else {"anyOf": [value, absent]}
    return schema | ({"default": field.default} if isinstance(field.default, str) else {})


def _value(field: FieldShape) -> Schema:
    if field.part:
        return _ref(field.part.__name__)
    return {"enum": list(field.choices)} if field.choices else dict(field.schema)


def _part_schema(part: type[BaseModel]) -> Schema:
    fields = shape_of(part)
    group: Schema = {
        "type": "object",
        "properties": {name: _property(field, absent={"type": "null"}) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.level == "needed"],
        "additionalProperties": False,
    }
    short = fields.get(part.short_field) if issubclass(part, Part) else None
    schema: Mapping[str, Any] = {"anyOf": [_value(short), group]} if short else group
    return {"description": _first_line(part), **schema}


def _parts(model: type[BaseModel]) -> set[type[BaseModel]]:
    parts = {field.part for field in shape_of(model).values() if field.part}
    return parts.union(*(_parts(part) for part in parts))
