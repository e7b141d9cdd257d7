"""Runs `aipm` as a user does: in a process of its own, with nothing from this one's environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def run_aipm(
    *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder and return what it printed and its exit code."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "AIPM_CACHE") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "aipm_site", *arguments],
        cwd=cwd,
        env=kept | dict(environment or {}),
        input=input,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
