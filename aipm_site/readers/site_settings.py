"""Site settings: the few lines of mkdocs.yml that every command needs, read without MkDocs and without its tags."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import yaml
from msgspec import Struct
from msgspec.structs import replace

from aipm_site.problems import Place, Problem, error
from aipm_site.readers.git import object_name
from aipm_site.readers.git_command import Blobs
from aipm_site.readers.git_snapshot import read_file_at

FILE_NAME = "mkdocs.yml"
# These tags import and call what they name, before MkDocs has looked at a single setting.
_CODE_TAGS = ("tag:yaml.org,2002:python/", "!!python/")
_INHERIT_AT_MOST = 8


class SiteSettings(Struct, frozen=True):
    """What the commands take from mkdocs.yml; everything else in it is MkDocs' own business.

    Attributes:
        file: The settings file.
        site_name: Title of the site.
        docs_dir: Folder of the content, relative to the file.
        site_dir: Folder of the site, relative to the file.
        has_plugin: Whether the plugin `aipm` is named.
        site_url: Address of the site, "" where it is not given.
    """

    file: Path
    site_name: str = ""
    docs_dir: str = "docs"
    site_dir: str = "site"
    has_plugin: bool = False
    site_url: str = ""

    @property
    def content(self) -> str:
        """Path of the content's folder from the folder of the file, in one form however it was written."""
        return posixpath.normpath(self.docs_dir)


def read_site_settings_at(
    root: Path, commit: str, blobs: Blobs | None = None, prefix: str | None = None
) -> tuple[SiteSettings, list[Problem]]:
    """Return the settings that a commit holds in the project's folder.

    Args:
        root: The project's folder.
        commit: Name of the commit.
        blobs: Gives contents in that folder; a process of git's for each file where not given.
        prefix: The project's folder in the commit, from the top of the repository; `root` where not given.
    """

    def read(file: Path) -> bytes:
        path = os.path.relpath(file, root).replace(os.sep, "/")
        name = object_name(commit, path, prefix)
        # A process that stays open is asked line by line.
        data = blobs.read(name) if blobs and "\n" not in name else read_file_at(root, commit, path, prefix)
        if data is None:
            raise FileNotFoundError(errno.ENOENT, f"commit {commit[:10]} does not hold it")
        return data

    return read_site_settings(root / FILE_NAME, read)


def read_site_settings(
    file: Path, read: Callable[[Path], bytes] = Path.read_bytes
) -> tuple[SiteSettings, list[Problem]]:
    """Return the settings of mkdocs.yml and of the files it inherits from.

    Problems: the file cannot be read, is not YAML, or has tags that run code.

    Args:
        file: Path of mkdocs.yml.
        read: Gives the bytes of a file, or raises `OSError`; those on disk where not given.
    """
    return _read(file, read, _INHERIT_AT_MOST)


def _read(file: Path, read: Callable[[Path], bytes], levels: int) -> tuple[SiteSettings, list[Problem]]:
    try:
        events = _events(read(file))
    except (OSError, UnicodeDecodeError) as problem:
        reason = (problem.strerror or "") if isinstance(problem, OSError) else "it is not UTF-8"
        return SiteSettings(file), [error("unreadable-settings", f"cannot be read: {reason}", Place(file.name))]
    except yaml.YAMLError as problem:
        return SiteSettings(file), [_not_yaml(file, problem)]
    problems = list(_code_tags(events, file))
    scalars = dict(_top_level_scalars(events))
    settings = SiteSettings(file)
    if "INHERIT" in scalars and levels:
        settings, inherited = _read(file.parent / scalars["INHERIT"], read, levels - 1)
        problems += inherited
    given = {name: scalars[name] for name in ("site_name", "docs_dir", "site_dir", "site_url") if scalars.get(name)}
    has_plugin = _names_plugin(events) or settings.has_plugin
    return replace(settings, file=file, has_plugin=has_plugin, **given), problems


# The file is mostly the same at every revision of a history.
@lru_cache(maxsize=8)
def _events(data: bytes) -> tuple[yaml.Event, ...]:
    return tuple(yaml.parse(data.decode("utf-8-sig"), Loader=_EventLoader))


def _not_yaml(file: Path, problem: yaml.YAMLError) -> Problem:
    mark = getattr(problem, "problem_mark", None)
    place = Place(file.name, mark.line + 1, mark.column + 1) if mark else Place(file.name)
    return error("not-yaml", f"is not YAML: {getattr(problem, 'problem', problem)}", place)


def _code_tags(events: Sequence[yaml.Event], file: Path) -> Iterator[Problem]:
    for event in events:
        tag = getattr(event, "tag", None) or ""
        # Names of functions, as Material's emoji settings use them, import but do not call.
        if tag.startswith(_CODE_TAGS) and "python/name:" not in tag:
            mark = event.start_mark
            place = Place(file.name, mark.line + 1, mark.column + 1) if mark else Place(file.name)
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            yield error("tag-runs-code", f"the tag '{shown}' runs code while the settings are read", place)


def _top_level_scalars(events: Sequence[yaml.Event]) -> Iterator[tuple[str, str]]:
    for key, value in _top_level_pairs(events):
        if isinstance(value[0], yaml.ScalarEvent):
            yield key, value[0].value


def _top_level_pairs(events: Sequence[yaml.Event]) -> Iterator[tuple[str, list[yaml.Event]]]:
    """Yield each key of the outermost mapping with the events of its value."""
    depth, key, value = 0, None, list[yaml.Event]()
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth >= 1:
            value.append(event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if depth == 1 and value:
            if key is None and isinstance(value[0], yaml.ScalarEvent):
                key = value[0].value
            elif key is not None:
                yield key, value
                key = None
            value = []


def _names_plugin(events: Sequence[yaml.Event]) -> bool:
    for key, value in _top_level_pairs(events):
        if key == "plugins":
            return any(isinstance(event, yaml.ScalarEvent) and event.value == "aipm" for event in value)
    return False


class _EventLoader(getattr(yaml, "CParser", yaml.SafeLoader)):  # type: ignore[misc]
    """Gives events only: no tag is resolved and nothing is constructed."""

    def dispose(self) -> None:
        """Nothing to let go of; yaml.parse asks for it."""
