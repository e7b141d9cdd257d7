"""A published site in a folder: files that stay are linked, and the whole takes the old one's place in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from aipm_site.problems import Place, error
from aipm_site.publication.arrangement import Kept, Published, Source, read_published
from aipm_site.publication.lock import WAIT_SECONDS, AnotherBuildIsRunning, build_lock
from aipm_site.publication.manifest import is_ours, list_files
from aipm_site.publication.staging import read_regular
from aipm_site.publication.swap import TargetRefused, build_aside, check_place, recover, swap
from aipm_site.publication.target import Change, PublicationRefused
from aipm_site.publication.versions import NotVersions


class FolderTarget(Struct, frozen=True):
    """A folder of a web server, or one that is uploaded as a whole.

    Attributes:
        folder: The folder.
        root: The project's folder.
        content: The folder of the records and pages.
        wait_seconds: How long to wait for another publication into it.
    """

    folder: Path
    root: Path
    content: Path
    wait_seconds: float = WAIT_SECONDS

    @property
    def name(self) -> str:
        """The folder, as its owner named it."""
        return str(self.folder)

    def where(self) -> str:
        """Say where the site is."""
        return f"in {self.folder}"

    @contextmanager
    def opened(self) -> Iterator[Published]:
        """Give the site as it is; nobody else publishes into the folder meanwhile."""
        check_place(self.folder, root=self.root, content=self.content)
        try:
            with build_lock(self.folder, self.wait_seconds):
                recover(self.folder)
                yield self._read()
        except AnotherBuildIsRunning as running:
            raise PublicationRefused(running.problem()) from None
        except OSError as fault:
            path = fault.filename if isinstance(fault.filename, str) else self.name
            message = fault.strerror or str(fault)
            raise PublicationRefused(error("cannot-write", message, Place(path), "the site is as it was")) from None

    def _read(self) -> Published:
        if (self.folder / ".git").exists():
            raise TargetRefused(f"'{self.folder}' is a git checkout; publish to the branch itself, with --branch")
        files = {path: Kept(path) for path in list_files(self.folder)}
        try:
            return read_published(files, lambda kept: read_regular(self.folder / kept.ref))
        except NotVersions as fault:
            hint = "name an empty folder, or one that holds published versions"
            what = "it holds one build" if is_ours(self.folder) else str(fault)
            raise TargetRefused(f"'{self.folder}' cannot take versions: {what}; {hint}") from None

    def write(self, published: Published, change: Change) -> bool:
        """Put the new site in the place of the old one; the lock holds, so it is still there."""
        assert change.arrangement is not None
        with build_aside(self.folder) as beside:
            built = beside / "site"
            newest = self.folder / published.versions[0].name if published.versions else None
            _write_files(built, change.arrangement.files, self.folder, newest)
            swap(built, self.folder)
        return True


def _write_files(to: Path, files: Mapping[str, Source], old: Path, newest: Path | None) -> None:
    """Write a site: what stays is linked, and so is a page that is the same as in the newest version before."""
    written: dict[int, Path] = {}
    made: set[Path] = set()
    for path, source in files.items():
        target = to / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        if isinstance(source, Kept):
            _link(old / source.ref, target)
        elif id(source) in written:
            # The same file under another name of its version.
            _link(written[id(source)], target)
        else:
            _write(source, target, newest / path.partition("/")[2] if newest else None)
            written[id(source)] = target


def _write(data: bytes, target: Path, twin: Path | None) -> None:
    if twin is not None and twin.is_file() and twin.stat().st_size == len(data) and read_regular(twin) == data:
        _link(twin, target)
    else:
        target.write_bytes(data)


def _link(source: Path, target: Path) -> None:
    """Let a file have another name; a copy where the file system cannot. Published files are never written to."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target, follow_symlinks=False)
