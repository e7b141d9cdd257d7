"""Redaction: takes the ids of hidden records, and links to what is hidden, out of what an audience may see."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar
from urllib.parse import unquote

from msgspec import Struct
from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)

NOT_SHARED = "(not shared)"
"""Stands where the id of a hidden record stood: neutral, without title or kind."""

_REFERENCE = re.compile(r"\[\[([A-Z]{1,4}-[^\]\s]+)\]\]")
_ID_LIKE = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,4}-[A-Za-z0-9][A-Za-z0-9./@-]*")


# A link with its text, its target alone where the text holds a link or image itself, the definition of a target
# for several links, and an address in raw HTML.
_INLINE = re.compile(r"""!?\[([^\[\]]*)\]\(\s*(<[^<>\n]*>|[^()\s]+)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)""")
_TARGET = re.compile(r"""(\]\(\s*)(<[^<>\n]*>|[^()\s]+)""")
_DEFINITION = re.compile(r"^( {0,3}\[[^\[\]\n]+\]:[ \t]*)(<[^<>\n]*>|\S+)(.*)$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"""(\b(?:src|href|data|poster)\s*=\s*["']?)([^"'\s>]+)""", re.IGNORECASE)


class Redaction(Struct, frozen=True):
    """What is hidden from an audience.

    Attributes:
        ids: Ids of hidden records.
        paths: Paths of hidden pages, of attachments that only these show, and of files that hold hidden records only.
    """

    ids: AbstractSet[str]
    paths: AbstractSet[str] = frozenset()

    def __bool__(self) -> bool:
        """Say whether anything is hidden."""
        return bool(self.ids or self.paths)

    def text(self, text: str, folder: str = "") -> str:
        """Return a text without hidden ids, in which links to what is hidden are plain words.

        Args:
            text: Words or Markdown.
            folder: Folder of the file that it stands in, from which its relative links count.
        """
        if "](" in text or "]:" in text or "=" in text:
            text = _unlinked(text, lambda target: self._is_hidden(target, folder))
        return redact_text(text, self.ids)

    def _is_hidden(self, target: str, folder: str) -> bool:
        address = unquote(target.strip("<>"))
        path = posixpath.normpath(posixpath.join(folder, re.split(r"[?#]", address)[0]))
        return path in self.paths or redact_text(address, self.ids) != address


def _unlinked(text: str, is_hidden: Callable[[str], bool]) -> str:
    def words(found: re.Match[str]) -> str:
        return f"{found[1]} {NOT_SHARED}".strip() if is_hidden(found[2]) else found[0]

    def nowhere(found: re.Match[str]) -> str:
        return f"{found[1]}#" if is_hidden(found[2]) else found[0]

    for pattern, replaced in ((_INLINE, words), (_TARGET, nowhere), (_DEFINITION, nowhere), (_ATTRIBUTE, nowhere)):
        text = pattern.sub(replaced, text)
    return text


def redact_text(text: str, hidden_ids: AbstractSet[str]) -> str:
    """Return a text in which every id of a hidden record reads "(not shared)"."""
    if not hidden_ids or "-" not in text:
        return text
    if text in hidden_ids:
        return NOT_SHARED
    without_links = _REFERENCE.sub(lambda found: NOT_SHARED if found[1] in hidden_ids else found[0], text)
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


def redact_model(model: M, redact: Callable[[str], str]) -> M:
    """Return a record with each of its texts redacted; the same object where nothing changed."""
    changed = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        redacted = _redact_value(value, redact)
        if redacted is not value:
            changed[name] = redacted
    return model.model_copy(update=changed) if changed else model


def _redact_value(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        redacted = redact(value)
        return value if redacted == value else redacted
    if isinstance(value, BaseModel):
        return redact_model(value, redact)
    if isinstance(value, (tuple, list)):
        items = [_redact_value(item, redact) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else type(value)(items)
    if isinstance(value, Mapping):
        entries = {_redact_value(key, redact): _redact_value(item, redact) for key, item in value.items()}
        return value if entries == value else entries
    return value
