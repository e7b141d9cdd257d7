"""Measures `aipm changes` between two revisions of an invented repository, and prints it."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from invented_history import write_history

ROOT = Path(__file__).resolve().parent.parent
# What was promised: CPU seconds for 1,000 records.
PROMISED = {1_000: 1.0}

# Imports are not counted, as every command has them; cycles are not collected, as in every command but `serve`.
COMPARING = """
import os, sys
from pathlib import Path
from aipm_site.commands.changes import show_changes
from aipm_site.cycle_collection import no_cycle_collection
begin = sum(os.times()[:4])
with no_cycle_collection():
    code = show_changes(Path(sys.argv[1]), "HEAD~1", "HEAD", form="markdown", policy=None, as_of=None, audience=None)
print(sum(os.times()[:4]) - begin, file=sys.stderr)
assert code == 0
"""
CHECKING = """
import os, sys
from pathlib import Path
from aipm_site.commands.check import check_content
from aipm_site.cycle_collection import no_cycle_collection
begin = sum(os.times()[:4])
with no_cycle_collection():
    check_content(Path(sys.argv[1]), "text", None)
print(sum(os.times()[:4]) - begin, file=sys.stderr)
"""


def cpu_of(program: str, root: Path) -> float:
    """Return the CPU seconds, those of git included, that a program takes in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", program, str(root)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise SystemExit(run.stderr)
    return float(run.stderr.splitlines()[-1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=sorted(PROMISED), help="how many record files")
    parser.add_argument("--runs", type=int, default=5, help="how many runs of each (default: 5)")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n")
    print("| what | median CPU s | runs | promised |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="aipm-changes-") as folder:
        for files in options.files:
            root = Path(folder) / str(files)
            write_history(files, 3, root)
            for what, program, promised in (
                (f"`aipm changes`, {files:,} record files", COMPARING, PROMISED.get(files)),
                ("`aipm check` of the same, for comparison", CHECKING, None),
            ):
                seconds = [cpu_of(program, root) for _ in range(options.runs)]
                runs = ", ".join(f"{one:.2f}" for one in seconds)
                limit = f"≤ {promised:g}" if promised else ""
                print(f"| {what} | **{statistics.median(seconds):.2f}** | {runs} | {limit} |")


if __name__ == "__main__":
    main()
