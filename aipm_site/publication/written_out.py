"""Written out: the files of a revision in a folder of their own, as a builder wants to find them on disk."""

from __future__ import annotations

import os
import posixpath
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aipm_site.readers.git_command import read_blobs
from aipm_site.readers.git_snapshot import TreeEntry, tree_entries


@contextmanager
def written_out(root: Path, commit: str, prefix: str | None = None) -> Iterator[Path]:
    """Give a folder with the files that a commit holds below the project's folder; it is removed afterwards.

    It is no checkout: no index, no hook, no filter and no attribute has a part in it. Links that lead out of the folder
    and submodules are left out.

    Args:
        root: The project's folder.
        commit: Name of the commit.
        prefix: The project's folder in the commit, from the top of the repository; `root` where not given.

    Raises:
        GitFailure: There is no git, or no such commit.
    """
    with tempfile.TemporaryDirectory(prefix="aipm-revision-", ignore_cleanup_errors=True) as name:
        # A system's folder for such things may itself be a link, and paths are compared.
        folder = Path(name).resolve()
        entries = [entry for entry in tree_entries(root, commit, prefix=prefix) if _is_safe(entry.path)]
        _write_files(root, [entry for entry in entries if entry.is_file], folder)
        _write_links(root, [entry for entry in entries if entry.is_link], folder)
        yield folder


def _is_safe(path: str) -> bool:
    """Say whether a path stays below its folder: a tree that was made by hand can hold any name."""
    steps = path.split("/")
    return not any(step in {"", ".", ".."} or step.casefold() == ".git" or "\\" in step for step in steps)


def _write_files(root: Path, files: list[TreeEntry], folder: Path) -> None:
    for file, data in zip(files, read_blobs(root, [file.blob for file in files]), strict=True):
        if data is not None:
            path = os.path.join(folder, file.path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as target:
                target.write(data)


def _write_links(root: Path, links: list[TreeEntry], folder: Path) -> None:
    # After all files, so that no file is written through a link.
    for link, data in zip(links, read_blobs(root, [link.blob for link in links]), strict=True):
        target = os.fsdecode(data or b"")
        if _stays_inside(link.path, target):
            path = folder / link.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(target)


def _stays_inside(path: str, target: str) -> bool:
    """Say whether a link leads to something below the folder, whatever other links are on the way."""
    up = 0
    while target.startswith("../"):
        target, up = target.removeprefix("../"), up + 1
    # A step up after a name would count from wherever that name, being a link itself, leads.
    steps = target.split("/")
    return bool(target) and not posixpath.isabs(target) and ".." not in steps and up <= path.count("/")
