"""Rules of declarations: what one declaration gets wrong by itself, from a word without words to an unknown column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import BaseModel

from aipm_site.problems import did_you_mean
from aipm_site.records.declaration import (
    FieldDeclaration,
    InnerField,
    KindDeclaration,
    StatusDeclaration,
)
from aipm_site.records.kind import Breach
from aipm_site.records.quantity import Money
from aipm_site.records.record import FieldPath, Record
from aipm_site.records.shape import FieldShape, shape_of

# What can be said of which types besides name, description, level and whether it is a list.
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "words": ("word",),
    "to": ("reference",),
    "least": ("number", "whole_number"),
    "most": ("number", "whole_number"),
    "fields": ("group",),
}
_NEEDED_OPTION = {"word": "words", "group": "fields"}
# Names with a meaning of their own: the key that says the kind, and columns that every register knows.
_MEANINGS = {
    "kind": "it says of which kind a record is",
    "common": "it gives values to all records of a list",
    "status": "it is declared by 'status: {words: […]}'",
    "stage": "it is shown as a status; declare 'status: {words: […]}'",
    "place": "a register shows by it where a row was written",
}


def declaration_breaches(declaration: KindDeclaration) -> Iterator[Breach]:
    """Yield what is wrong in the declaration of a kind, as far as its fields need not be built for it."""
    yield from field_breaches(declaration.fields, reserved_fields(Record))
    if declaration.status:
        yield from _status_breaches(declaration.status)
    if declaration.rows and not declaration.key:
        hint = "key: […]: the needed fields that tell one row from another"
        yield Breach("missing-field", "the kind is one of rows, and 'key' is not given", ("rows",), hint)
    if declaration.key and not declaration.rows:
        yield _without_effect("key", "the id of a record that is no row is written", ("key",))
    if declaration.rows and declaration.ids != "numbered":
        yield _without_effect("ids", "the id of a row is made from its key", ("ids",))


def reserved_fields(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the names that no field of a project's own may have, each with the reason."""
    return {**dict.fromkeys(shape_of(model), "every record has such a field"), **_MEANINGS}


def field_breaches(fields: Sequence[FieldDeclaration], taken: Mapping[str, str]) -> Iterator[Breach]:
    """Yield what is wrong with declared fields.

    Args:
        fields: The fields.
        taken: Names that they may not have, each with the reason.
    """
    yield from _name_breaches(fields, (), taken)
    for index, declared in enumerate(fields):
        path: FieldPath = ("fields", index)
        yield from _option_breaches(declared, path)
        yield from _name_breaches(declared.fields, path, {})
        for number, inner in enumerate(declared.fields):
            yield from _option_breaches(inner, (*path, "fields", number))


def _name_breaches(fields: Sequence[InnerField], path: FieldPath, taken: Mapping[str, str]) -> Iterator[Breach]:
    seen = set()
    for index, declared in enumerate(fields):
        place = (*path, "fields", index, "name")
        if declared.name in taken:
            message = f"the field '{declared.name}' cannot be declared: {taken[declared.name]}"
            yield Breach("field-taken", message, place, "choose another name, or leave it out")
        elif declared.name in seen:
            message = f"the field '{declared.name}' is declared twice"
            yield Breach("field-taken", message, place, "keep one of the two, or give it another name")
        seen.add(declared.name)


def _option_breaches(declared: InnerField, path: FieldPath) -> Iterator[Breach]:
    for option, types in _OPTIONS.items():
        if getattr(declared, option, None) not in (None, ()) and declared.type not in types:
            why = f"'{declared.name}' is of type {declared.type}"
            yield _without_effect(option, why, (*path, option), f"it is for type {' or '.join(types)}")
    wanted = _NEEDED_OPTION.get(declared.type)
    if wanted and not getattr(declared, wanted):
        message = f"the field '{declared.name}' is of type {declared.type}, and '{wanted}' is not given"
        yield Breach("missing-field", message, (*path, "type"), f"write {wanted}: […]")
    if declared.least is not None and declared.most is not None and declared.most < declared.least:
        message = f"most {declared.most} is less than least {declared.least}"
        yield Breach("wrong-order", message, (*path, "most"), "write the smaller number as 'least'")
    for name in ("least", "most"):
        limit = getattr(declared, name)
        if limit is not None and declared.type == "whole_number" and limit != limit.to_integral_value():
            hint = "write digits only, such as 12"
            yield Breach("not-a-number", f"{name} {limit} is not a whole number", (*path, name), hint)
    yield from _repeated(declared.words, (*path, "words"))


def _status_breaches(status: StatusDeclaration) -> Iterator[Breach]:
    if not status.words:
        yield Breach("missing-field", "a status needs words", ("status", "words"), "words: [open, closed]")
    yield from _repeated(status.words, ("status", "words"))
    named: list[tuple[str, FieldPath]] = [(word, ("status", "done", i)) for i, word in enumerate(status.done)]
    named += [(status.default, ("status", "default"))] if status.default else []
    for word, path in named:
        if word not in status.words:
            hint = did_you_mean(word, status.words, f"allowed: {', '.join(status.words)}")
            yield Breach("unknown-value", f"'{word}' is not one of the words of the status", path, hint)


def _repeated(words: Sequence[str], path: FieldPath) -> Iterator[Breach]:
    seen = set()
    for index, word in enumerate(words):
        if word in seen:
            yield Breach("repeated-word", f"the word '{word}' stands twice", (*path, index), "keep one of the two")
        seen.add(word)


def _without_effect(name: str, why: str, path: FieldPath, hint: str = "leave it out") -> Breach:
    return Breach("option-without-effect", f"'{name}' says nothing here: {why}", path, hint)


def built_breaches(declaration: KindDeclaration, model: type[BaseModel]) -> Iterator[Breach]:
    """Yield what a declaration says of fields that are not there, or are not of a type for it.

    Args:
        declaration: The declaration of a kind.
        model: The class that was made from it.
    """
    yield from column_breaches(declaration.columns, model)
    sorting = [name.removeprefix("-") for name in declaration.order]
    yield from _fields_for("order", sorting, model, _sorts, "a line, word, number, date, moment, money or reference")
    dated = [declaration.dated] if declaration.dated else []
    yield from _fields_for("dated", dated, model, _is_day, "a date or moment", is_list=False)
    yield from _fields_for("key", declaration.key, model, _identifies, "a needed date, word, whole number or reference")
    yield from _fields_for("ended", declaration.ended, model, _can_be_absent, "neither needed nor a list")
    if declaration.ended and not any(_is_day(shape_of(model).get(name)) for name in declaration.ended):
        message = "'ended' names no date, so nothing says when the end came"
        yield Breach("wrong-type", message, ("ended",), "name the date of the end too")


def column_breaches(columns: Sequence[str], model: type[BaseModel]) -> Iterator[Breach]:
    """Yield columns that are no fields."""
    yield from _fields_for("columns", columns, model, lambda _: True, "")


def _fields_for(
    option: str,
    names: Sequence[str],
    model: type[BaseModel],
    suits: Callable[[FieldShape], bool],
    wanted: str,
    *,
    is_list: bool = True,
) -> Iterator[Breach]:
    fields = shape_of(model)
    for index, name in enumerate(names):
        path: FieldPath = (option, index) if is_list else (option,)
        if name not in fields or name == "custom":
            hint = did_you_mean(name, fields, f"its fields are {', '.join(fields)}")
            yield Breach("unknown-field", f"'{option}' names '{name}', and there is no such field", path, hint)
        elif not suits(fields[name]):
            yield Breach("wrong-type", f"'{option}' names '{name}', which is not {wanted}", path, f"it wants {wanted}")


def _sorts(shape: FieldShape) -> bool:
    is_simple = shape.part is None and "Markdown" not in shape.word and not shape.word.endswith("by name")
    return not shape.many and (is_simple or shape.part is Money)


def _is_day(shape: FieldShape | None) -> bool:
    return shape is not None and not shape.many and shape.word in {"date", "moment with offset"}


def _identifies(shape: FieldShape) -> bool:
    # Only what is plain in an address and can be found again in a text where the row is hidden.
    is_plain = shape.word in {"date", "word"} or shape.word.startswith(("whole number", "id of"))
    return is_plain and not shape.many and shape.level == "needed"


def _can_be_absent(shape: FieldShape) -> bool:
    return not shape.many and shape.level != "needed"
