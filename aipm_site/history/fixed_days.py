"""Fixed days: for which days the commits of the main line speak where project.yml says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from aipm_site.facts.evidence import day_as_written
from aipm_site.readers.characters import decode_text
from aipm_site.readers.git_command import read_blobs
from aipm_site.readers.strict_yaml import YamlMapping, read_yaml


def fixed_days(
    root: Path, charters: Mapping[str, str | None], newest_first: Sequence[str], tz: str
) -> Mapping[str, date]:
    """Return the day for which each commit of a line speaks, of those at which project.yml fixes one.

    Args:
        root: The project's folder.
        charters: The names of what project.yml held after each commit that changed it.
        newest_first: The commits of the main line.
        tz: The project's time zone.
    """
    names = [name for name in dict.fromkeys(charters.values()) if name is not None]
    days = {name: _fixed_day(data, tz) for name, data in zip(names, read_blobs(root, names), strict=True)}
    said = ((commit, days.get(name or "")) for commit, name in _held(charters, newest_first))
    return {commit: day for commit, day in said if day is not None}


def _held(charters: Mapping[str, str | None], newest_first: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Yield each commit with the name of what project.yml holds at it."""
    held: str | None = None
    for commit in reversed(newest_first):
        held = charters.get(commit, held)
        yield commit, held


def _fixed_day(setting: bytes | None, tz: str) -> date | None:
    # To look for the word is quick, and most of them do not hold it.
    if setting is None or b"as_of" not in setting:
        return None
    text, _ = decode_text(setting, "")
    data = read_yaml(text, "")[0] if text is not None else None
    return day_as_written(data.get("as_of"), tz) if isinstance(data, YamlMapping) else None
