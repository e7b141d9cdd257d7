"""Vega process: a program that draws Vega-Lite descriptions with vl-convert and may die without harm to a build.

It reads a JSON list of descriptions from standard input and writes a JSON list of the same length to standard output:
for each description `{"svg": …}`, or `{"fault": …}` in a line of text. It imports nothing of this package.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any


def limit_itself(cpu_seconds: int) -> None:
    """Let the system end this process once it has used so much processor time, and let it write no file."""
    try:
        import resource
    except ImportError:
        # Windows has no such limits; there only the caller's time limit holds.
        return
    # Not the address space: V8 reserves far more of it than it ever uses, and does not start under a limit.
    for limit, value in ((resource.RLIMIT_CPU, cpu_seconds), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, most))


def drawn(description: Mapping[str, Any]) -> dict[str, str]:
    """Return the drawing of one description, or why there is none."""
    import vl_convert

    try:
        # No address is allowed: a description holds its data.
        return {"svg": vl_convert.vegalite_to_svg(dict(description), allowed_base_urls=[])}
    except ValueError as fault:
        return {"fault": " ".join(str(fault).split())[:300]}


if __name__ == "__main__":
    limit_itself(int(sys.argv[1]))
    json.dump([drawn(description) for description in json.load(sys.stdin)], sys.stdout)
