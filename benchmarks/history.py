"""Measures all figures' history over the revisions of invented repositories, cold and kept, and prints it."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from invented_history import write_history

ROOT = Path(__file__).resolve().parent.parent
# What was promised: record files, and the seconds that all figures' history over 50 revisions may take without a store.
PROMISED = {1_000: 10.0, 10_000: 60.0}
KEPT_SECONDS = 1.0
REVISIONS = 50

# Imports and the present state are not counted: every command reads the present anyway.
READING = """
import os, sys, time
from pathlib import Path
from aipm_site.history.past import read_history
from aipm_site.session import open_session
session = open_session(Path(sys.argv[1]), environment={})
begin, wall = sum(os.times()[:4]), time.perf_counter()
charter, as_of = session.whole.charter, session.dated.as_of
history = read_history(session.root, session.revision, charter, as_of, session.content)
print(sum(os.times()[:4]) - begin, time.perf_counter() - wall)
assert len(history.states) == int(sys.argv[2]) - 1, (len(history.states), history.reason)
assert all(state.is_sound and state.figures for state in history.states)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading took: CPU seconds, those of git included, and seconds on the wall."""

    cpu: float
    wall: float


def read_in_new_process(root: Path, revisions: int) -> Reading:
    """Read all figures' history in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", READING, str(root), str(revisions)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise SystemExit(run.stderr)
    return Reading(*map(float, run.stdout.split()))


def measure(files: int, revisions: int, runs: int, folder: Path) -> list[str]:
    """Return the lines of the table for one size."""
    root = folder / f"history-{files}"
    write_history(files, revisions, root)
    cold, kept = list[Reading](), list[Reading]()
    for _ in range(runs):
        shutil.rmtree(root / ".git" / "aipm", ignore_errors=True)
        cold.append(read_in_new_process(root, revisions))
        kept.append(read_in_new_process(root, revisions))
    return [
        _row(f"{files:,} record files, {revisions} revisions", cold, PROMISED.get(files)),
        _row("the same, once more", kept, KEPT_SECONDS),
    ]


def _row(what: str, readings: list[Reading], promised: float | None) -> str:
    walls = ", ".join(f"{reading.wall:.2f}" for reading in readings)
    wall = statistics.median(reading.wall for reading in readings)
    cpu = statistics.median(reading.cpu for reading in readings)
    return f"| {what} | **{wall:.2f}** | {cpu:.2f} | {walls} | {f'≤ {promised:g} s' if promised else ''} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=sorted(PROMISED), help="how many record files")
    parser.add_argument("--revisions", type=int, default=REVISIONS, help="how many revisions (default: 50)")
    parser.add_argument("--runs", type=int, default=3, help="how many runs of each (default: 3)")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n")
    print("| what | median s | CPU s | runs | promised |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="aipm-history-") as folder:
        for files in options.files:
            print("\n".join(measure(files, options.revisions, options.runs, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
