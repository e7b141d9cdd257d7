"""The swap: a finished build takes the place of the site before it, in one step or not at all."""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from aipm_site.publication.manifest import holds_versions, is_ours, mark_unfinished, remove_ours

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
# What a system or file system answers that cannot exchange two names.
_NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EXDEV})


class TargetRefused(Exception):
    """The folder of the site may not be replaced; the message says why and what to do."""


def check_target(site: Path, *, root: Path, content: Path, force: bool = False) -> None:
    """Refuse to build into a folder that is not plainly a site of ours.

    Args:
        site: The folder of the site.
        root: The project's folder.
        content: The folder of the records and pages.
        force: Replace a folder without our marker; never one of the places that hold other things.

    Raises:
        TargetRefused: It may not be replaced.
    """
    check_place(site, root=root, content=content)
    if site.is_dir() and holds_versions(site):
        raise TargetRefused(
            f"'{site}' holds published versions; `aipm publish --to` adds to them, no build replaces them"
        )
    if site.is_dir() and any(site.iterdir()) and not is_ours(site) and not force:
        raise TargetRefused(f"'{site}' holds files and no build of ours; empty it, name another folder, or use --force")


def check_place(site: Path, *, root: Path, content: Path) -> None:
    """Refuse a place that holds other things, whatever is in it.

    Raises:
        TargetRefused: The folder lies above or in the content, holds the project or a home, or is none.
    """
    _refuse_places(site.resolve(), root.resolve(), content.resolve())
    if site.is_symlink():
        raise TargetRefused(f"'{site}' is a link; name the folder that it points to")
    if site.exists() and not site.is_dir():
        raise TargetRefused(f"'{site}' is not a folder")


def _refuse_places(target: Path, root: Path, content: Path) -> None:
    if target.parent == target:
        raise TargetRefused("a site cannot replace the root of the file system")
    if target == Path.home().resolve() or target in Path.home().resolve().parents:
        raise TargetRefused(f"a site cannot replace '{target}', which holds your home folder")
    if target == root or target in root.parents:
        raise TargetRefused(f"a site cannot replace '{target}', which holds the project")
    if target == content or target in content.parents or content in target.parents:
        raise TargetRefused(f"a site cannot lie in, or hold, the content folder '{content}'")


def building_folder(site: Path) -> Path:
    """Return where a build for a site folder is made: beside it, so that they lie on one file system."""
    return site.parent / f".{site.name}.tmp-{os.getpid()}"


def old_folder(site: Path) -> Path:
    """Return where the site before lies for the moment between two renames."""
    return site.parent / f".{site.name}.old"


@contextmanager
def build_aside(site: Path) -> Iterator[Path]:
    """Give an empty folder beside the site to build into; whatever is left of it afterwards is removed."""
    folder = building_folder(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    try:
        # The marker first, so that what a killed build leaves behind is known as ours and can be cleared away.
        mark_unfinished(folder)
        yield folder
    finally:
        _remove_replaced(folder)


def recover(site: Path) -> None:
    """Put right what a killed build left: bring the old site back if none stands, clear remains away."""
    old = old_folder(site)
    if old.is_dir() and not site.exists():
        os.rename(old, site)
    for remains in (old, *site.parent.glob(f".{glob.escape(site.name)}.tmp-*")):
        remove_ours(remains)


def swap(built: Path, site: Path) -> None:
    """Let a finished build take the site's place; killed at any moment, the old site or the new one stands.

    Args:
        built: The finished build, beside the site.
        site: Where it shall lie; `check_target` allowed it.
    """
    sync(built)
    if not site.exists():
        os.rename(built, site)
    elif not _exchange(built, site):
        _rename_twice(built, site)
    _sync_folder(site.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where system or file system cannot."""
    function = _libc_function("renameat2")
    if function is None:
        return False
    if function(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def _libc_function(name: str) -> ctypes._NamedFuncPointer | None:
    try:
        return getattr(ctypes.CDLL(None, use_errno=True), name, None)
    except (OSError, TypeError):
        return None


def _rename_twice(built: Path, site: Path) -> None:
    old = old_folder(site)
    _remove_replaced(old)
    os.rename(site, old)
    try:
        os.rename(built, site)
    except OSError:
        os.rename(old, site)
        raise
    _remove_replaced(old)


def _remove_replaced(folder: Path) -> None:
    """Remove what a build left or replaced; with --force that can be a folder without our mark."""
    with suppress(OSError):
        remove_ours(folder)
    shutil.rmtree(folder, ignore_errors=True)


def sync(folder: Path) -> None:
    """Wait until a folder's files are on the disk, so that a power cut cannot leave empty ones behind a new name."""
    if _sync_file_system(folder):
        return
    for here, _, names in os.walk(folder):
        for name in names:
            _sync_path(Path(here) / name, os.O_RDONLY)
        _sync_folder(Path(here))


def _sync_file_system(folder: Path) -> bool:
    """Write a whole file system out with one call, where there is one: twenty times faster than file by file."""
    function = _libc_function("syncfs")
    if function is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return bool(function(descriptor) == 0)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders, and keeps renames in its journal.
    if os.name == "posix":
        _sync_path(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync_path(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
