"""Blank records: the text of a new record file, with needed fields filled in and expected ones as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from aipm_site.records.kind import InStatus, Kind
from aipm_site.records.shape import FieldShape, shape_of

# Text that YAML leaves alone without quotes; anything else is quoted rather than thought about.
_PLAIN = re.compile(r"[A-Za-z0-9(][\w ./()%+@=,;'-]*\Z")
_EXPECTED = "# Expected as well; take the '# ' away and fill in:"


def needed_fields(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return name and description of the fields that a new record needs besides its id, for a command to ask for."""
    fields = shape_of(kind.model)
    return tuple((name, _explained(fields[name])) for name in _needed_names(kind) if name != "id")


def _needed_names(kind: Kind) -> list[str]:
    names = [name for name, field in shape_of(kind.model).items() if field.level == "needed"]
    for expectation in kind.expectations:
        holds = isinstance(expectation.when, InStatus) and kind.default_status in expectation.when.words
        if expectation.level == "needed" and holds:
            names.extend(expectation.fields)
    return names


def blank_record(kind: Kind, record_id: str, values: Mapping[str, str]) -> str:
    """Return the YAML text of a new record.

    Args:
        kind: The kind of the record.
        record_id: Its id; empty for a row, whose id is made from its key.
        values: Texts of its fields, by name; a needed field without one is left empty, to be filled in, and a name
            that is no field of the kind (a row has no title) is passed over.
    """
    fields = shape_of(kind.model)
    given = ({"id": record_id} if record_id else {}) | {n: text for n, text in values.items() if n in fields}
    needed = dict.fromkeys([name for name in _needed_names(kind) if name != "id" or record_id] + list(given))
    lines = [_filled(fields[name], given.get(name)) for name in needed]
    wanted = [field for field in fields.values() if field.level == "expected" and field.name not in needed]
    return "\n".join([*lines, *_as_comments(wanted)]) + "\n"


def _filled(field: FieldShape, text: str | None) -> str:
    if not text:
        return f"{field.name}:  # {_explained(field)}"
    # A list of many items is given as YAML writes it below its key.
    return f"{field.name}:{text}" if text.startswith("\n") else f"{field.name}: {_value(field, text)}"


def _value(field: FieldShape, text: str) -> str:
    """Return a text as the value of a field: a list or group as it is written in brackets, or a list of words."""
    if (field.many or field.part) and text.startswith(("[", "{")) and "\n" not in text:
        return text
    return f"[{', '.join(quoted(item.strip()) for item in text.split(','))}]" if field.many else quoted(text)


def _as_comments(fields: Iterable[FieldShape]) -> list[str]:
    lines = [f"# {field.name}: {_form(field)} # {field.description}{_choices(field)}" for field in fields]
    return ["", _EXPECTED, *lines] if lines else []


def _form(field: FieldShape) -> str:
    inside = ", ".join(f"{name}: …" for name in shape_of(field.part)) if field.part else ""
    group = f"{{{inside}}}" if inside else ""
    return f"[{group}]" if field.many else group


def _explained(field: FieldShape) -> str:
    form = _form(field)
    return field.description + (_choices(field) or (f", {form}" if form else ""))


def _choices(field: FieldShape) -> str:
    return f" ({', '.join(field.choices)})" if field.choices else ""


def quoted(text: str) -> str:
    """Return text as a YAML scalar that is read back as the same text."""
    plain = _PLAIN.match(text) and text == text.strip() and text.casefold() not in {"null", "~"}
    return text if plain else json.dumps(text, ensure_ascii=False)
