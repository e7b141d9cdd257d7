"""Real inputs that lie beside the project; a test that needs one skips, saying so, where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """Return a folder of real input, or skip the test with the reason."""
    folder = Path(os.environ.get("AIPM_SHARED_DATA", _DEFAULT)) / name
    if not folder.is_dir():
        pytest.skip(f"real input '{name}' is not here; AIPM_SHARED_DATA names the folder that holds it")
    return folder
