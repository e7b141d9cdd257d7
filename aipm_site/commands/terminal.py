"""The terminal that commands print to: how wide their lines may be."""

from __future__ import annotations

import shutil

# Where there is no terminal, as in a pipe or in CI, lines are as wide as everybody's terminal is.
_USUAL = (80, 24)
_NARROWEST, _WIDEST = 40, 100


def terminal_width() -> int:
    """Return the width that text is wrapped at: the terminal's, as long as its lines can still be read."""
    return min(max(shutil.get_terminal_size(_USUAL).columns, _NARROWEST), _WIDEST)
