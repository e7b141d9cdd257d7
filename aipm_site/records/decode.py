"""Decoding: from the data of one record file or row to a typed record, or to all the problems that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aipm_site.problems import Place, Problem, did_you_mean, error, nearest
from aipm_site.records.charter import Charter
from aipm_site.records.fields import shown
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.levels import is_given
from aipm_site.records.record import Entry, FieldPath, Foreign, Origin
from aipm_site.records.shape import part_at, shape_of

if TYPE_CHECKING:
    from aipm_site.readers.content_tree import RawRecord
    from aipm_site.readers.yaml_data import YamlMapping

# Words that people use for a field of ours that is called otherwise, too far apart for "did you mean".
_OTHER_WORDS = {"name": "title", "likelihood": "probability", "assignee": "owner"}
_UNKEYED = "-"

Group = TypeVar("Group", bound=BaseModel)
Group_co = TypeVar("Group_co", bound=BaseModel, covariant=True)


class Form(Protocol[Group_co]):
    """What is called by a name and has fields: a kind of record, or the declaration of one."""

    @property
    def name(self) -> str:
        """What one of them is called."""

    @property
    def model(self) -> type[Group_co]:
        """The class of what is written."""


def decode_record(kind: Kind, raw: RawRecord, foreign: Foreign | None = None) -> tuple[Entry | None, list[Problem]]:
    """Return the record and what is wrong with it; no record where a field cannot be read.

    Args:
        kind: The kind of the record.
        raw: Its data as the reader found it, with the place of every key and value.
        foreign: What it says in the words of another form; the rules of our own form do not hold for such a record.
    """
    origin = Origin(raw.file, raw.data.line, raw.data.column, raw.data, raw.prose_line)
    values, not_applicable, breaches = _given_values(kind, raw)
    problems = [problem_of(breach, origin) for breach in breaches]
    try:
        record = kind.model.model_validate(values)
    except ValidationError as invalid:
        refused = (_refusal(kind, detail, origin) for detail in invalid.errors(include_url=False))
        return None, [*problems, *refused]
    record = _identified(kind, record)
    record.written_at(origin)
    record.not_applicable_for(not_applicable)
    record.written_in(foreign)
    problems.extend(problem_of(breach, origin) for breach in _breaches(kind, record))
    return record, problems


def decode_group(form: Form[Group], data: YamlMapping, origin: Origin) -> tuple[Group | None, list[Problem]]:
    """Return a group of fields that is no record, and why its fields cannot be read.

    Args:
        form: What it is called, and the class of its fields.
        data: Its data as the reader found it.
        origin: Where it was written.
    """
    try:
        return form.model.model_validate(_without_nothing(data, form.model)), []
    except ValidationError as invalid:
        return None, [_refusal(form, detail, origin) for detail in invalid.errors(include_url=False)]


def _given_values(kind: Kind, raw: RawRecord) -> tuple[dict[str, Any], dict[str, str], list[Breach]]:
    """Return the values that are given, the reasons of those that are not applicable, and what is wrong with these."""
    fields = shape_of(kind.model)
    values: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    breaches: list[Breach] = []
    for key, value in raw.data.items():
        if _is_not_applicable(value) and key in fields and key != "custom":
            breaches.extend(_keep_reason(key, value["na"], reasons))
        elif value is not None or key not in fields:
            values[key] = value if key == "custom" else _without_nothing(value, part_at(kind.model, (key,)))
    if raw.prose and raw.prose.strip():
        if "prose" in values:
            breaches.append(Breach("prose-twice", "prose is given as a field and as text below", ("prose",)))
        values["prose"] = raw.prose
    if kind.row_key:
        values.setdefault("id", _UNKEYED)
    return values, reasons, breaches


def _is_not_applicable(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"na"}


def _keep_reason(key: str, given: object, reasons: dict[str, str]) -> Iterator[Breach]:
    reason = given.get("reason") if isinstance(given, Mapping) and given.keys() == {"reason"} else given
    if isinstance(reason, str) and reason.strip():
        reasons[key] = reason.strip()
    else:
        hint = f"write {key}: {{na: {{reason: …}}}}"
        yield Breach("no-reason", f"{key} is said to be not applicable, without a reason", (key,), hint)


def _without_nothing(value: Any, part: type[BaseModel] | None) -> Any:
    """Return data without the fields whose value is `null`, which means "not given"; what is no field stays to be told.

    Args:
        value: What YAML holds.
        part: The class of the fields in it, or in each of its items; None where it holds no fields of ours.
    """
    if isinstance(value, dict):
        fields = shape_of(part) if part else value
        inner = {key: part_at(part, (key,)) if part and key in fields else None for key in value}
        return {
            key: _without_nothing(inside, inner[key])
            for key, inside in value.items()
            if inside is not None or key not in fields
        }
    return [_without_nothing(item, part) for item in value] if isinstance(value, list) else value


def _identified(kind: Kind, record: Entry) -> Entry:
    if kind.row_key and record.id == _UNKEYED:
        return record.model_copy(update={"id": kind.row_key(record)})
    return record


def _breaches(kind: Kind, record: Entry) -> Iterator[Breach]:
    yield from _misformed_id(kind, record)
    if record.foreign:
        return  # its form asks for less, and says some things otherwise
    yield from _empty_needed_lists(kind, record)
    for expectation in kind.expectations:
        # What a record needs never depends on the project's settings, only what it should have does.
        if expectation.level == "needed" and expectation.when(record, Charter.empty()):
            yield from _missing(record, expectation.fields, expectation.because)
    for rule in kind.rules:
        yield from rule(record)


def _misformed_id(kind: Kind, record: Entry) -> Iterator[Breach]:
    if kind.is_rows or kind.is_id(record.id):
        return
    example = {"numbered": "014", "dated": "2026-04-15", "natural": "name"}[kind.id_form]
    upper = record.id.upper()
    near = upper if kind.is_id(upper) else f"{kind.prefix}-{example}"
    yield Breach("not-an-id", f"{shown(record.id)} is not an id of a {kind.name}", ("id",), f"write it like {near}")


def _empty_needed_lists(kind: Kind, record: Entry) -> Iterator[Breach]:
    for name, field in shape_of(kind.model).items():
        if field.level == "needed" and field.many and not getattr(record, field.attribute):
            message = f"{kind.name} needs '{name}', and the list is empty"
            yield Breach("missing-field", message, (name,), f"{name}: {field.description}")


def _missing(record: Entry, fields: Iterable[str], because: str) -> Iterator[Breach]:
    for name in fields:
        if not is_given(record, name):
            description = shape_of(type(record))[name].description
            yield Breach("missing-field", f"{because}, and '{name}' is not given", (), f"{name}: {description}")


def problem_of(breach: Breach, origin: Origin) -> Problem:
    """Return a breach as a problem at its place."""
    return Problem(breach.code, breach.message, origin.place_of(breach.path), breach.hint, breach.severity)


def _refusal(form: Form[Any], detail: ErrorDetails, origin: Origin) -> Problem:
    """Return the problem that a pydantic error is, in the words of the record."""
    path = detail["loc"]
    if detail["type"] == "extra_forbidden":
        return _unknown_field(form, path, origin)
    if detail["type"] == "missing":
        return _missing_field(form, path, origin)
    place = origin.place_of(path)
    if detail["type"] == "literal_error":
        return _unknown_value(path, detail, place)
    if detail["type"] == "aipm":
        context = detail["ctx"]
        return error(context["code"], _named(path, context["message"]), place, context["hint"])
    return _wrong_type(path, detail, place)


def _label(path: FieldPath) -> str:
    # Pydantic adds "[key]" to the path where it is the key itself that cannot be read.
    return ".".join(step for step in path if isinstance(step, str) and step != "[key]")


def _named(path: FieldPath, message: str) -> str:
    # "probability 30 is not between 1 and 5", but "title: the text is empty".
    return f"{_label(path)}{' ' if message[0] in '+-0123456789' or message[0] == chr(39) else ': '}{message}"


def _holder_word(form: Form[Any], path: FieldPath) -> str:
    return f"'{_label(path)}'" if path else form.name


def _fields_at(model: type[BaseModel], path: FieldPath) -> tuple[str, ...]:
    holder = part_at(model, path)
    return tuple(shape_of(holder)) if holder else ()


def _unknown_field(form: Form[Any], path: FieldPath, origin: Origin) -> Problem:
    word, holder = str(path[-1]), path[:-1]
    fields = _fields_at(form.model, holder)
    if holder:
        otherwise = f"its fields are {', '.join(fields)}"
    else:
        otherwise = f"'aipm explain {form.name}' lists its fields"
        otherwise += "; a project's own keys go under 'custom'" if "custom" in fields else ""
    other = _OTHER_WORDS.get(word)
    hint = f"did you mean '{other}'?" if other in fields else did_you_mean(word, fields, otherwise)
    message = f"{_holder_word(form, holder)} has no field {shown(word)}"
    return error("unknown-field", message, origin.place_of_key(path), hint)


def _missing_field(form: Form[Any], path: FieldPath, origin: Origin) -> Problem:
    name, holder = str(path[-1]), path[:-1]
    part = part_at(form.model, holder)
    description = shape_of(part)[name].description if part else ""
    message = f"{_holder_word(form, holder)} needs '{name}'"
    return error("missing-field", message, origin.place_of(holder), f"{name}: {description}")


def _unknown_value(path: FieldPath, detail: ErrorDetails, place: Place) -> Problem:
    value = detail["input"]
    if not isinstance(value, str):
        return error("wrong-type", _named(path, "one word is wanted here"), place)
    # Pydantic gives the choices as one text: "'open', 'closed' or 'withdrawn'".
    choices = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
    near = nearest(value, choices)
    allowed = f"allowed: {', '.join(choices)}"
    message = f"{_label(path)} {shown(value)} is not one of the allowed words"
    return error("unknown-value", message, place, f"did you mean '{near}'? {allowed}" if near else allowed)


def _wrong_type(path: FieldPath, detail: ErrorDetails, place: Place) -> Problem:
    if detail["type"] == "tuple_type":
        message, hint = "a list is wanted here", "write each item on a line of its own, after '- '"
    else:
        message, hint = (
            "a group of fields is wanted here",
            "write each as 'field: value' on its own line, indented",
        )
    return error("wrong-type", _named(path, message), place, hint)
