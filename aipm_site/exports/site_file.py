"""Files of the site that are not pages, as values; JSON is written in one way, so that sites can be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import Struct


class SiteFile(Struct, frozen=True):
    """A file that the site publishes: its path in the site and its bytes."""

    path: str
    data: bytes


def json_file(path: str, data: Mapping[str, object]) -> SiteFile:
    """Return data as a JSON file: sorted keys, one line for each item of its lists and mappings, UTF-8.

    One item a line is what a person can read and a comparison can show, at a fifth of the time that indenting costs.
    """
    members = [f"{_json(key)}: {_lines(value)}" for key, value in sorted(data.items())]
    text = "{\n" + ",\n".join(members) + "\n}\n"
    # JSON may be put into a page; these three would end a script or a line of it (R37).
    for char in ("<", "\u2028", "\u2029"):
        text = text.replace(char, f"\\u{ord(char):04x}")
    return SiteFile(path, text.encode())


def _lines(value: object) -> str:
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"  {_json(key)}: {_json(item)}" for key, item in sorted(value.items())) + "\n}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"  {_json(item)}" for item in value) + "\n]"
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
