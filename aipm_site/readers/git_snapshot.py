"""Snapshots of a revision: the content files as a commit holds them, read from git without a checkout."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from aipm_site.problems import Place, Problem, error, sort_problems
from aipm_site.readers.git import object_name
from aipm_site.readers.git_command import GitFailure, read_blobs, run_git
from aipm_site.readers.snapshot import (
    NO_TARGET,
    READ_AT_MOST,
    UnreadableFileError,
    is_text,
    link_problem,
    names_that_differ_in_case,
    no_content,
    not_text,
    too_large,
)

# Gives the content of each blob in the order of their names; None for one that the clone does not hold.
ReadBlobs = Callable[[Sequence[str]], Iterable[bytes | None]]
_LINK, _SUBMODULE = "120000", "160000"
# What a project is read from: asked for one by one, each file would cost a process of git's.
_READ_TOGETHER = (".yml", ".yaml", ".md", ".markdown", ".mdown", ".mkdn", ".mkd")


class TreeEntry(Struct, frozen=True):
    """What a commit holds at a path.

    Attributes:
        path: The path from the project's folder.
        mode: Git's word for what it is: 100644 and 100755 are files, 120000 is a link, 160000 a submodule.
        blob: Name of its content.
    """

    path: str
    mode: str
    blob: str

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return self.mode.startswith("100")

    @property
    def is_link(self) -> bool:
        """Whether it is a link."""
        return self.mode == _LINK


def tree_entries(root: Path, commit: str, folder: str = ".", prefix: str | None = None) -> list[TreeEntry]:
    """Return everything that a commit holds in a folder below the project's, sorted by path.

    Args:
        root: A folder of the checkout; the project's where no prefix is given.
        commit: The commit.
        folder: Path from the project's folder.
        prefix: The project's folder in the commit, from the top of the repository, "" or with "/" at its end.

    Raises:
        GitFailure: There is no git, or no such commit.
    """
    where = posixpath.normpath(f"{prefix or ''}{folder}")
    options = ["-r", "-z", *([] if prefix is None else ["--full-tree"])]
    below = [] if where == "." else ["--", where]
    said = os.fsdecode(run_git(root, "--literal-pathspecs", "ls-tree", *options, commit, *below))
    begin = len(prefix or "")
    return sorted((_entry(line, begin) for line in said.split("\0")[:-1]), key=attrgetter("path"))


def _entry(line: str, begin: int) -> TreeEntry:
    words, _, path = line.partition("\t")
    mode, _, blob = words.split(" ")
    return TreeEntry(path[begin:], mode, blob)


def read_file_at(root: Path, commit: str, path: str, prefix: str | None = None) -> bytes | None:
    """Return the bytes of one file as a commit holds it; None where it does not hold it, or git does not answer.

    Args:
        root: A folder of the checkout; the project's where no prefix is given.
        commit: The commit.
        path: Path from the project's folder.
        prefix: The project's folder in the commit, from the top of the repository.
    """
    try:
        return run_git(root, "cat-file", "blob", object_name(commit, path, prefix))
    except GitFailure:
        return None


class GitSnapshot:
    """The content files as a commit holds them.

    Attributes:
        is_whole: Whether the clone held everything that was read so far.
    """

    def __init__(
        self,
        root: Path,
        commit: str,
        content: str = "content",
        read: ReadBlobs | None = None,
        prefix: str | None = None,
    ) -> None:
        """List the files; they are read when they are asked for.

        Args:
            root: A folder of the checkout; the project's where no prefix is given.
            commit: Name of the commit.
            content: Path of the content folder from the project's.
            read: Gives contents by the names of their blobs; a process of git's for each question where not given.
            prefix: The project's folder in the commit, from the top of the repository.

        Raises:
            GitFailure: There is no git, or no such commit.
        """
        self._read_blobs = read or partial(read_blobs, root)
        self._content = content
        entries = [entry for entry in tree_entries(root, commit, content, prefix) if not self._is_hidden(entry.path)]
        nameless = [entry for entry in entries if not is_text(entry.path)]
        named = [entry for entry in entries if is_text(entry.path)] if nameless else entries
        self._blobs: Mapping[str, str] = {entry.path: entry.blob for entry in named if entry.is_file}
        self._contents: dict[str, bytes | None] = {}
        self._is_prepared = False
        self.is_whole = True
        self._problems = (
            *([] if entries else [no_content(content)]),
            *_nameless_problems(nameless),
            *self._link_problems([entry for entry in named if entry.is_link]),
            *(_submodule(entry.path) for entry in named if entry.mode == _SUBMODULE),
            *names_that_differ_in_case(self._blobs),
        )

    def _is_hidden(self, path: str) -> bool:
        # The folder itself may have a name of this form, what lies in it not.
        return "/." in path[len(self._content) :]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Links, submodules, and names that are one name on some machines."""
        return tuple(sort_problems(self._problems))

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all content files from the project's root, sorted, dot files left out."""
        return tuple(self._blobs)

    def blob(self, path: str) -> str:
        """Return the name of a file's content, the same for the same bytes."""
        return self._blobs[path]

    def prepare(self, paths: Iterable[str]) -> None:
        """Read files at once that will be asked for; without it, the first file asked for brings all of the text."""
        self._is_prepared = True
        wanted = [path for path in paths if path in self._blobs]
        contents = self._read_blobs([self._blobs[path] for path in wanted])
        self._contents.update(zip(wanted, contents, strict=True))

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        """Return the bytes of one file below the content folder.

        Raises:
            UnreadableFileError: It is too large, or neither the commit nor the clone holds it.
        """
        if path not in self._blobs:
            raise UnreadableFileError(error("outside-content", "the revision has no such file", Place(path)))
        if path not in self._contents:
            together = [] if self._is_prepared else [other for other in self._blobs if other.endswith(_READ_TOGETHER)]
            self.prepare(together if path in together else [path])
        data = self._contents[path]
        if data is None:
            self.is_whole = False
            hint = "fetch the whole history: `git fetch --unshallow`, or a clone without a filter"
            message = "this cannot be read: the clone does not hold it"
            raise UnreadableFileError(error("unreadable-file", message, Place(path), hint))
        if len(data) > at_most:
            raise UnreadableFileError(too_large(path, len(data), at_most))
        return data

    def _link_problems(self, links: list[TreeEntry]) -> Iterator[Problem]:
        # Most projects have no links, and nobody asks for the folders.
        folders = {folder for path in self._blobs if links for folder in _folders_of(path)}
        for link, content in zip(links, self._read_blobs([link.blob for link in links]), strict=True):
            to = content or b""
            target = posixpath.normpath(posixpath.join(posixpath.dirname(link.path), os.fsdecode(to)))
            kind = "file" if target in self._blobs else "folder" if target in folders else NO_TARGET
            yield link_problem(link.path, kind, to)


def _folders_of(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _nameless_problems(entries: list[TreeEntry]) -> Iterator[Problem]:
    """Give a problem for each file or folder whose name is not text; what lies in such a folder is no second one."""
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        folder = ""
        for step in entry.path.split("/"):
            if not is_text(step):
                if (folder, step) not in seen:
                    yield not_text(folder.removesuffix("/"), step)
                seen.add((folder, step))
                break
            folder += f"{step}/"


def _submodule(path: str) -> Problem:
    message = "this is a submodule, another repository, not a file"
    return error("not-a-regular-file", message, Place(path), "remove it from the content")
