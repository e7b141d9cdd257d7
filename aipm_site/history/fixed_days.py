"""Fixed days: for which days the commits of the main line speak where project.yml says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from aipm_site.facts.evidence import day_as_written
from aipm_site.readers.characters import decode_text
from aipm_site.readers.git import changes_of
from aipm_site.readers.git_command import read_blobs
from aipm_site.readers.strict_yaml import YamlMapping, read_yaml

_Line = Sequence[tuple[str, datetime | None]]


def fixed_days(root: Path, content: str, line: _Line, tz: str) -> Mapping[str, date]:
    """Return the day for which each commit of a line speaks, of those at which project.yml fixes one.

    Only the commits that changed the file are looked into, by one process for all of them.

    Args:
        root: The project's folder.
        content: Name of the content's folder in it.
        line: The commits of the main line, newest first.
        tz: The project's time zone.

    Raises:
        GitFailure: There is no git, or no commit.
    """
    path = f"{content}/project.yml"
    versions = dict(_versions(line, changes_of(root, path, line[0][0])))
    names = list(dict.fromkeys(versions.values()))
    settings = read_blobs(root, [f"{name}:./{path}" for name in names])
    days = {name: _fixed_day(setting, tz) for name, setting in zip(names, settings, strict=True)}
    said = ((name, days[version]) for name, version in versions.items())
    return {name: day for name, day in said if day is not None}


def _versions(line: _Line, changed: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield each commit of a line, newest first, with the newest one that holds a file as it does."""
    version = ""
    for name, _ in line:
        version = version or name
        yield name, version
        # Those before it hold another.
        version = "" if name in changed else version


def _fixed_day(setting: bytes | None, tz: str) -> date | None:
    # To look for the word is quick, and most of them do not hold it.
    if setting is None or b"as_of" not in setting:
        return None
    text, _ = decode_text(setting, "")
    data = read_yaml(text, "")[0] if text is not None else None
    return day_as_written(data.get("as_of"), tz) if isinstance(data, YamlMapping) else None
