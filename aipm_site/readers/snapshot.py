"""Snapshots: the content files of one state of a project, listed and read without following links."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from aipm_site.problems import Place, Problem, Related, error, sort_problems
from aipm_site.readers.characters import describe_character

READ_AT_MOST = 16 * 1024 * 1024
NAME_BYTES = 100
NO_TARGET = "target that is missing or no file"

# Windows keeps these for devices, with any extension, so such a file cannot be checked out there.
_RESERVED_NAME = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\Z", re.IGNORECASE)
_LETTERS_AND_DIGITS = ("L", "M", "Nd")
_KINDS_OF_FILES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


class UnreadableFileError(Exception):
    """A file of the content cannot be read; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem to whoever collects them."""
        super().__init__(problem.message)
        self.problem = problem


class Snapshot(Protocol):
    """All content files at one state: the working tree, or a revision."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps entries of the content from being files that can be read."""
        ...

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all content files from the project's root, sorted, dot files left out."""
        ...

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        """Return the bytes of one file, or raise `UnreadableFileError`."""
        ...

    def blob(self, path: str) -> str:
        """Return a name of one file's content, the same for the same bytes; "" where it cannot be read."""
        ...

    def prepare(self, paths: Iterable[str]) -> None:
        """Make ready to read some files, where reading many at once is faster than one by one."""
        ...


class WorkingTree:
    """The content files as they lie on disk now."""

    def __init__(self, root: Path, content: str = "content") -> None:
        """List the files once, so that all rooms see the same ones.

        Args:
            root: The project's folder; itself trusted.
            content: Path of the content folder from the root.
        """
        self._root = root
        self._content = content
        self._problems: list[Problem] = []
        self._paths = tuple(sorted(self._walk()))
        self._problems.extend(names_that_differ_in_case(self._paths))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Links, pipes, devices, folders that cannot be read, and names that are one name on some machines."""
        return tuple(sort_problems(self._problems))

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all content files from the project's root, sorted, dot files left out."""
        return self._paths

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        """Return the bytes of one file below the content folder; no part of its path may be a link.

        Raises:
            UnreadableFileError: It is no regular file, too large, gone, or not ours to read.
        """
        descriptor = self._open(path)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise UnreadableFileError(_irregular(path, found.st_mode))
            if found.st_size > at_most:
                raise UnreadableFileError(too_large(path, found.st_size, at_most))
            return _read_to_end(descriptor, found.st_size)
        except OSError as failure:
            raise UnreadableFileError(_unreadable(path, failure)) from failure
        finally:
            os.close(descriptor)

    def blob(self, path: str) -> str:
        """Return the name that git gives the content of a file, so that an unchanged file is known by it."""
        try:
            data = self.read(path)
        except UnreadableFileError:
            return ""
        return blob_name(data)

    def prepare(self, paths: Iterable[str]) -> None:
        """Do nothing: on disk each file is read when it is asked for."""

    def _open(self, path: str) -> int:
        """Open a file step by step, so that a link put anywhere in its path meanwhile is refused (R27)."""
        steps = path.split("/")
        if not path.startswith(f"{self._content}/") or ".." in steps:
            message = f"this is not a file in {self._content}/"
            raise UnreadableFileError(error("outside-content", message, Place(path)))
        folder = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for step in steps[:-1]:
                inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            # Without O_NONBLOCK a pipe without a writer would never return.
            return os.open(steps[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError as failure:
            raise UnreadableFileError(_unreadable(path, failure)) from failure
        finally:
            os.close(folder)

    def _walk(self) -> Iterator[str]:
        top = self._root / self._content
        if top.is_symlink():
            self._problems.append(_link(self._content, top))
        elif not top.is_dir():
            self._problems.append(no_content(self._content))
        else:
            yield from self._files_below(self._content)

    def _files_below(self, folder: str) -> Iterator[str]:
        waiting = [folder]
        while waiting:
            for path, entry in self._entries(waiting.pop()):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    yield path
                else:
                    self._problems.append(_not_a_file(path, entry))

    def _entries(self, folder: str) -> list[tuple[str, os.DirEntry[str]]]:
        try:
            with os.scandir(self._root / folder) as found:
                entries = [entry for entry in found if not entry.name.startswith(".")]
        except OSError as failure:
            self._problems.append(_unreadable(folder, failure))
            return []
        nameless = [entry for entry in entries if not is_text(entry.name)]
        self._problems.extend(not_text(folder, entry.name) for entry in nameless)
        return [(f"{folder}/{entry.name}", entry) for entry in entries if entry not in nameless]


def blob_name(data: bytes) -> str:
    """Return the name that git gives a content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _read_to_end(descriptor: int, size: int) -> bytes:
    """Return the bytes of an open file; no more than it had when it was measured, should it grow meanwhile."""
    parts: list[bytes] = []
    while size > 0 and (part := os.read(descriptor, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _with_folders(paths: Iterable[str]) -> list[str]:
    """Return the paths and those of all folders above them, sorted, each once."""
    found: set[str] = set()
    for path in paths:
        while path and path not in found:
            found.add(path)
            path = path.rpartition("/")[0]
    return sorted(found)


def check_names(paths: Iterable[str]) -> list[Problem]:
    """Return a problem for each file or folder name that some machine, address or shell would trip over (R32).

    Whose names are checked is the caller's choice: those of records always, those of pages where the project says so.
    """
    return [problem for path in _with_folders(paths) for problem in _bad_name(path)]


def _bad_name(path: str) -> Iterator[Problem]:
    name = path.rpartition("/")[2]
    reason = _fault_of_name(name)
    if reason:
        hint = "names have letters, digits, spaces and '-_.', and begin with a letter or digit"
        yield error("bad-file-name", f"the name '{name}' {reason}", Place(path), hint)


# Names recur: those of folders in every path, and all of them in every revision.
@lru_cache(65536)
def _fault_of_name(name: str) -> str | None:
    return next(_faults_of_name(name), None)


def _faults_of_name(name: str) -> Iterator[str]:
    if name != unicodedata.normalize("NFC", name):
        yield "is not in the normal form NFC: it looks like another name and is not the same"
    if odd := next((char for char in name if not _is_fit_for_name(char)), None):
        yield f"holds {describe_character(odd)}"
    if name.startswith(("-", ".", " ")):
        yield f"begins with '{name[0]}'"
    if name.endswith((".", " ")):
        yield f"ends with '{name[-1]}'"
    if len(name.encode("utf-8")) > NAME_BYTES:
        yield f"has {len(name.encode('utf-8'))} bytes; {NAME_BYTES} are allowed"
    if _RESERVED_NAME.match(name):
        yield "is kept for a device on Windows"


def _is_fit_for_name(char: str) -> bool:
    return char in " -_." or unicodedata.category(char).startswith(_LETTERS_AND_DIGITS)


def names_that_differ_in_case(paths: Iterable[str]) -> Iterator[Problem]:
    """Give names that are one name on machines that ignore case, or how an accent is spelt."""
    first_of: dict[str, str] = {}
    for path in _with_folders(paths):
        first = first_of.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        # A file in a folder that differs already is no second problem.
        if first != path and first.rpartition("/")[0] == path.rpartition("/")[0]:
            message = f"'{path}' and '{first}' are one file on machines that ignore case"
            related = [Related(Place(first), "the other one")]
            yield error("names-differ-in-case", message, Place(path), "rename one of them", related)


def is_text(name: str) -> bool:
    """Say whether a name can stand in a page."""
    # Bytes that are not UTF-8 come as lone surrogates, which no page and no JSON can hold.
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def not_text(folder: str, name: str) -> Problem:
    """Return the problem of a name that is no text."""
    shown = os.fsencode(name).decode("utf-8", "replace")
    return error("bad-file-name", f"the name '{shown}' is not UTF-8", Place(f"{folder}/{shown}"), "rename it")


def no_content(folder: str) -> Problem:
    """Return the problem of a project without a content folder."""
    hint = "records and pages lie there; 'aipm init' makes a project with examples"
    return error("no-content-folder", f"there is no folder {folder}/", Place(folder), hint)


def _not_a_file(path: str, entry: os.DirEntry[str]) -> Problem:
    if entry.is_symlink():
        return _link(path, Path(entry.path))
    return _irregular(path, entry.stat(follow_symlinks=False).st_mode)


def _link(path: str, link: Path) -> Problem:
    kind = "folder" if link.is_dir() else "file" if link.is_file() else NO_TARGET
    return link_problem(path, kind, os.fsencode(os.readlink(link)))


def link_problem(path: str, kind: str, to: bytes) -> Problem:
    """Return the problem of a link; `kind` is what it leads to, in words."""
    target = to.decode("utf-8", "replace")
    message = f"this is a link to the {kind} '{target}'; links are not followed"
    return error("symlink", message, Place(path), "put the file itself here")


def _irregular(path: str, mode: int) -> Problem:
    what = next((words for is_kind, words in _KINDS_OF_FILES if is_kind(mode)), "a folder")
    return error("not-a-regular-file", f"this is {what}, not a file", Place(path), "remove it from the content")


def _unreadable(path: str, failure: OSError) -> Problem:
    # O_NOFOLLOW answers a link in the way with one of these two.
    if failure.errno in (errno.ELOOP, errno.ENOTDIR):
        return error("symlink", "a link stands in this path; links are not followed", Place(path))
    reason = os.strerror(failure.errno).lower() if failure.errno else str(failure)
    return error("unreadable-file", f"this cannot be read: {reason}", Place(path))


def too_large(path: str, size: int, limit: int) -> Problem:
    """Return the problem of a file that has too many bytes."""
    message = f"the file has {size:,} bytes; {limit:,} are allowed"
    return error("too-large", message, Place(path), "split it, or keep it outside the content")
