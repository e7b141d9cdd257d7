"""Redaction: takes the ids of hidden records out of what an audience may see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)

NOT_SHARED = "(not shared)"
"""Stands where the id of a hidden record stood: neutral, without title or kind."""

_LINK = re.compile(r"\[\[([A-Z]{1,4}-[^\]\s]+)\]\]")
_ID_LIKE = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,4}-[A-Za-z0-9][A-Za-z0-9./@-]*")


def redact_text(text: str, hidden_ids: AbstractSet[str]) -> str:
    """Return a text in which every id of a hidden record reads "(not shared)"."""
    if not hidden_ids or "-" not in text:
        return text
    if text in hidden_ids:
        return NOT_SHARED
    without_links = _LINK.sub(lambda found: NOT_SHARED if found[1] in hidden_ids else found[0], text)
    return _ID_LIKE.sub(lambda found: _redact_match(found[0], hidden_ids), without_links)


def _redact_match(word: str, hidden_ids: AbstractSet[str]) -> str:
    # "RSK-014." ends a sentence, "DST-002@2026-02" names a version, "M-accuracy/MV-…" is the id of a row:
    # the longest beginning that is a hidden id goes, and what follows it in the word goes with a version.
    for end in range(len(word), 2, -1):
        at_edge = end == len(word) or word[end] in "./@-"
        if at_edge and word[:end] in hidden_ids:
            rest = word[end:]
            return NOT_SHARED if rest.startswith("@") else NOT_SHARED + rest
    return word


def redact_model(model: M, hidden_ids: AbstractSet[str]) -> M:
    """Return a record in whose fields no id of a hidden record stands; the same object where none stood."""
    changed = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        redacted = _redact_value(value, hidden_ids)
        if redacted is not value:
            changed[name] = redacted
    return model.model_copy(update=changed) if changed else model


def _redact_value(value: Any, hidden_ids: AbstractSet[str]) -> Any:
    if isinstance(value, str):
        redacted = redact_text(value, hidden_ids)
        return value if redacted == value else redacted
    if isinstance(value, BaseModel):
        return redact_model(value, hidden_ids)
    if isinstance(value, (tuple, list)):
        items = [_redact_value(item, hidden_ids) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else type(value)(items)
    if isinstance(value, Mapping):
        entries = {_redact_value(key, hidden_ids): _redact_value(item, hidden_ids) for key, item in value.items()}
        return value if entries == value else entries
    return value
