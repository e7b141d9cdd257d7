"""Runs a command in surroundings that differ in all that must not matter, to compare what it writes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

# Hash seed, time zone, language, umask, home and working directory (R62). The zones are 26 hours apart.
SURROUNDINGS: tuple[tuple[dict[str, str], int], ...] = (
    ({"PYTHONHASHSEED": "0", "TZ": "Etc/GMT+12", "LC_ALL": "C"}, 0o022),
    ({"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"}, 0o077),
)


def written_in_two_surroundings(command: Callable[[Path], Sequence[str]], folder: Path) -> list[dict[str, bytes]]:
    """Run a command twice and return what it wrote each time.

    Args:
        command: Gives the command line that writes a site into a folder.
        folder: An empty folder for both sites, homes and working directories.
    """
    return [_written(command, folder / str(n), *around) for n, around in enumerate(SURROUNDINGS)]


def _written(
    command: Callable[[Path], Sequence[str]], folder: Path, variables: dict[str, str], umask: int
) -> dict[str, bytes]:
    home, site = folder / "home", folder / "site"
    home.mkdir(parents=True)
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment = kept | variables | {"HOME": str(home)}
    subprocess.run(command(site), cwd=home, env=environment, umask=umask, check=True, capture_output=True, timeout=300)
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}
