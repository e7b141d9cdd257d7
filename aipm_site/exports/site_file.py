"""Files of the site that are not pages, as values; JSON is written in one way, so that sites can be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that the site publishes: its path in the site and its bytes."""

    path: str
    data: bytes


def json_file(path: str, data: Mapping[str, object]) -> SiteFile:
    """Return data as a JSON file: sorted keys, two spaces, UTF-8, a line feed at the end."""
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    # JSON may be put into a page; these three would end a script or a line of it (R37).
    for char in ("<", "\u2028", "\u2029"):
        text = text.replace(char, f"\\u{ord(char):04x}")
    return SiteFile(path, f"{text}\n".encode())
