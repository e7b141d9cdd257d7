"""The lock: one build at a time for one site folder; the second waits, then gives up."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no advisory locks of this form
    fcntl = None  # type: ignore[assignment]

from aipm_site.problems import Place, Problem, error

WAIT_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


class AnotherBuildIsRunning(Exception):
    """Somebody else builds into the same folder, and did not finish in time."""

    def __init__(self, lock: Path, holder: str) -> None:
        """Take the lock's file and what it says of its holder."""
        super().__init__(f"another build is running ({holder})")
        self.lock = lock
        self.holder = holder

    def problem(self) -> Problem:
        """Return it as a problem."""
        hint = "wait until it is done; if no such process lives, remove the file"
        return error(
            "another-build-is-running", f"another build is running: {self.holder}", Place(str(self.lock)), hint
        )


def lock_path(site: Path) -> Path:
    """Return the lock's file of a site folder; it lies beside the folder, as the folder itself is exchanged."""
    return site.parent / f".{site.name}.lock"


@contextmanager
def build_lock(site: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of a site folder.

    Args:
        site: The folder that is built.
        wait_seconds: How long to wait for another build.

    Raises:
        AnotherBuildIsRunning: The other build did not finish in time.
    """
    path = lock_path(site)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _acquire(path, time.monotonic() + wait_seconds)
    try:
        _write_holder(descriptor)
        yield
    finally:
        # Removed while it is still held: whoever waits for this file sees that it is gone and makes a new one.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquire(path: Path, deadline: float) -> int:
    while True:
        descriptor = _try(path)
        if descriptor is not None:
            return descriptor
        if time.monotonic() >= deadline:
            raise AnotherBuildIsRunning(path, _holder(path))
        time.sleep(_PAUSE_SECONDS)


def _try(path: Path) -> int | None:
    if fcntl is None:
        return _try_exclusive(path)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), os.stat(path)):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    # Held by another process, or removed by one that just finished.
    os.close(descriptor)
    return None


def _try_exclusive(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return None


def _write_holder(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"process {os.getpid()} on {platform.node()}\n".encode())


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip() or "an unknown process"
    except OSError:
        return "an unknown process"
