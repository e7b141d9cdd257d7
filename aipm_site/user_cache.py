"""A folder of the user's own, for what may be lost at any time; one that others could write into is not used."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

VARIABLE = "AIPM_CACHE"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder that the environment names, else the usual one; None where there shall be none.

    `AIPM_CACHE` names it, and switches it off where it is empty. The usual place is that of the XDG Base Directory
    Specification, 0.8: `$XDG_CACHE_HOME`, else `~/.cache`; a relative path there counts as none.
    """
    named = environment.get(VARIABLE)
    if named is not None:
        return Path(named) if os.path.isabs(named) else None
    base, home = environment.get("XDG_CACHE_HOME", ""), environment.get("HOME", "")
    if os.path.isabs(base):
        return Path(base, "aipm")
    return Path(home, ".cache", "aipm") if os.path.isabs(home) else None


def use_cache(environment: Mapping[str, str]) -> None:
    """Let this process use the cache folder that these variables name; until a command or a build calls this, none."""
    folder = cache_folder(environment)
    _Chosen.cache = UserCache(folder) if folder else None


def chosen_cache() -> UserCache | None:
    """Return the cache of this process."""
    return _Chosen.cache


class UserCache:
    """Small files by name. Nothing here raises: what cannot be read or written is not there.

    The folder is opened once and everything goes through that handle, so that nobody can put another in its place
    between the look at its owner and the reading of a file.
    """

    def __init__(self, folder: Path) -> None:
        """Open the folder, made if need be; a cache that cannot be trusted stays empty."""
        self._handle = _open_trusted(folder)

    def read(self, name: str) -> bytes | None:
        """Return a file of the user's own, None where there is none."""
        if self._handle is None:
            return None
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._handle)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as file:
            state = os.fstat(handle)
            is_own = state.st_uid == os.geteuid() and not state.st_mode & _OTHERS_WRITE
            return file.read() if stat.S_ISREG(state.st_mode) and is_own else None

    def write(self, name: str, data: bytes) -> None:
        """Write a file so that whoever reads it meanwhile finds the whole of it, or the one before."""
        if self._handle is None:
            return
        draft = f"{name}.{os.getpid()}"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(draft, flags, 0o600, dir_fd=self._handle), "wb") as file:
                file.write(data)
            os.rename(draft, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        except OSError:
            with suppress(OSError):
                os.unlink(draft, dir_fd=self._handle)


def _open_trusted(folder: Path) -> int | None:
    """Return a handle of a folder that is the user's and closed to all others, None where it is not."""
    # Elsewhere, as on Windows, owner and mode do not say who may write.
    if os.name != "posix" or os.open not in os.supports_dir_fd:
        return None
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except (OSError, ValueError):
        return None
    state = os.fstat(handle)
    if state.st_uid == os.geteuid() and not state.st_mode & _OTHERS:
        return handle
    os.close(handle)
    return None


class _Chosen:
    cache: UserCache | None = None
