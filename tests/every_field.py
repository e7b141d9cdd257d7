"""Records of every kind with a text in each field that takes one, written from the shapes that the kinds declare."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from aipm_site.records import KINDS
from aipm_site.records.kind import Kind
from aipm_site.records.shape import FieldShape, shape_of

# A text for a place: given whether it is one line, returns the text, or None to leave the field out.
Text = Callable[[bool], str | None]

# Words with a meaning of their own, so that free text there is wrong by rule: labels, names of figures and kinds.
_HAS_MEANING: Mapping[str, frozenset[str]] = {
    "project": frozenset(
        {
            "audiences",
            "default_audience",
            "disclose",
            "judgement",
            "freshness",
            "complete",
            "attachments",
            "locale",
            "decisions",
            "publish",
        }
    ),
    # These two say something that the other fields would deny.
    "risk": frozenset({"explain", "inherent"}),
    "decision": frozenset({"overrides", "outcome", "superseded_by"}),
    "benefit": frozenset({"plan"}),
    "dataset": frozenset({"version"}),
    "observation": frozenset({"corrects", "paired_with", "ci"}),
}
# Of these fields of parts each asks for another one, or denies it.
_NOT_IN_PARTS = frozenset({"slice", "unknown", "figure"})
_ENVELOPE = frozenset({"id", "audience", "links", "prose"})
# What the rules of a kind ask for beside the texts.
_BESIDE: Mapping[str, Mapping[str, str]] = {
    "risk": {"probability": "2", "impact": "2", "response_strategy": "mitigate"},
    "issue": {"severity": "3"},
    "action": {"due": "2026-05-01"},
    "milestone": {"baseline_date": "2026-06-15", "forecast_date": "2026-06-15"},
    "sprint": {"start": "2026-04-08", "end": "2026-04-21"},
    "metric": {"polarity": "neutral"},
    "model": {"stage": "dev"},
    "observation": {"metric": "M-calm", "value": "1", "as_of": "2026-04-14"},
    "decision": {"type": "gate", "subject": "M-calm"},
    "task": {"ev_method": "weighted_milestones"},
    "report": {"as_of": "2026-04-14"},
    "stand-up": {"date": "2026-04-14"},
    "meeting": {"start": "2026-04-13T10:00", "end": "2026-04-13T11:00"},
    "reminder": {"when": "2026-04-16T09:00"},
    "change": {"status": "submitted"},
    "budget-line": {"currency": "USD", "planned": [{"period": "2026-03", "amount": "1"}]},
    "cost": {"period": "2026-03", "amount": "1"},
    "benefit": {
        "currency": "USD",
        "value_driver": [{"name": "named", "value": "1"}],
        "scenarios": [{"name": "named", "scale": "1"}],
    },
    "dataset": {"contains_personal_data": "no"},
}
_VALUES: Mapping[str, str] = {
    "date": "2026-04-14",
    "date, or moment with offset": "2026-04-14",
    "moment with offset": "2026-04-14T09:00-05:00",
    "number": "1",
    "true or false": "true",
    "month, quarter or year": "2026-03",
    "UUID": "6f1c2f0e-58c7-4c53-9a39-0d0cb2a53a11",
}
_LINE, _PROSE = "text on one line", "text, Markdown"


@dataclass(frozen=True)
class Written:
    """A record as data for YAML, and in how many places the text stands in it."""

    data: dict[str, Any]
    lines: int
    proses: int


class _Writer:
    """Writes one record and counts the places of its text."""

    def __init__(self, text: Text, left_out: frozenset[str]) -> None:
        self._text = text
        self._left_out = left_out
        self.lines = self.proses = 0

    def fields(self, model: type[BaseModel], beside: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the fields of a record or part: all that hold text, and those that are needed."""
        data: dict[str, Any] = dict(beside or {})
        is_top = beside is not None
        for name, shape in shape_of(model).items():
            if name in data or name in (self._left_out | _ENVELOPE if is_top else _NOT_IN_PARTS):
                continue
            value = self._value(shape)
            if value is None and shape.level == "needed" and not is_top:
                value = "named"
            if value is not None:
                data[name] = [value] if shape.many else value
        return data

    def _value(self, shape: FieldShape) -> Any:
        word = shape.word.removeprefix("list of ")
        if shape.part is not None:
            before = self.lines + self.proses
            inside = self.fields(shape.part)
            return inside if self.lines + self.proses > before or shape.level == "needed" else None
        if shape.refers_to is not None and not shape.refers_to.only_ids:
            return None
        if word.endswith(" by name"):
            # A name is no text: keys of records and of programs have a form of their own.
            text = self._written(is_line=True)
            return None if text is None else {"name": text}
        if shape.refers_to is not None or word in {_LINE, _PROSE}:
            return self._written(is_line=word != _PROSE)
        return self._plain(shape, word) if shape.level == "needed" else None

    def _plain(self, shape: FieldShape, word: str) -> str | None:
        if shape.choices:
            return shape.choices[0]
        return "1" if word.startswith(("whole number", "number")) else _VALUES.get(word)

    def _written(self, *, is_line: bool) -> str | None:
        text = self._text(is_line)
        if text is not None:
            self.lines += is_line
            self.proses += not is_line
        return text


def full_record(kind: Kind, record_id: str, text: Text, **fields: Any) -> Written:
    """Return a record of a kind with the text in each field that takes one.

    Args:
        kind: The kind.
        record_id: Its id; rows get theirs from their key.
        text: Gives the text for a line or for prose, None to leave such fields out.
        fields: More fields as written, such as `audience`.
    """
    writer = _Writer(text, _HAS_MEANING.get(kind.name, frozenset()) | fields.keys())
    data = writer.fields(kind.model, _BESIDE.get(kind.name, {}))
    if kind.name == "decision" and "criteria" not in data:
        # A text that fits no line names no criterion, and a gate has some.
        data = {name: value for name, value in data.items() if name not in {"type", "subject", "rollout"}}
    first = {} if kind.is_rows else {"id": record_id}
    # A title is needed, so a text that fits no line leaves it to another one.
    title = {} if kind.is_rows or "title" in data else {"title": f"Record {record_id}"}
    needed = {"version": "0.0.1"} if kind.name == "model" and "version" not in data else {}
    unit = {"unit": "count"} if kind.name == "metric" and "unit" not in data else {}
    return Written({**first, **title, **needed, **unit, **data, **fields}, writer.lines, writer.proses)


def yaml_of(*records: Mapping[str, Any], rows: bool = False) -> str:
    """Return one record as YAML, or several rows as a list: keys in block form, values in JSON's."""
    return "".join(_yaml_of(data, "- " if rows else "", "  " if rows else "") for data in records)


def _yaml_of(data: Mapping[str, Any], first: str, rest: str) -> str:
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in data.items()]
    return "".join((rest if number else first) + line for number, line in enumerate(lines))


def file_of(kind: Kind, record_id: str) -> str:
    """Return the file in which a record of a kind is written."""
    return f"content/{kind.folder}/{record_id}.yml" if kind.folder else "content/project.yml"


def record_kinds() -> Iterator[Kind]:
    """Yield the kinds whose records stand in folders: all but the project."""
    return (kind for kind in KINDS if kind.folder)
