"""Versions: their order, so that 1.10.0 follows 1.9.0 and a release follows its candidates."""

from __future__ import annotations

import re

_PART = re.compile(r"\d+|[A-Za-z]+")
_Parts = tuple[tuple[int, int, str], ...]


def version_order(version: str) -> tuple[_Parts, bool, _Parts]:
    """Return what to sort a version by: as SemVer 2.0.0 orders them, but rc10 after rc2."""
    release, _, candidate = version.removeprefix("v").partition("+")[0].partition("-")
    return _parts(release), not candidate, _parts(candidate)


def _parts(text: str) -> _Parts:
    # SemVer §11: numbers come before words.
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in _PART.findall(text))
