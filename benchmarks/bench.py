"""Measures the speed in CPU seconds, beside plain MkDocs in the same run, and writes it into benchmarks/README.md."""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from invented_project import invent_project, write_markdown_twin, write_project

ROOT = Path(__file__).resolve().parent.parent
# The promises are about 1,000; a handful shows what every build costs, and many what a record costs.
SIZES = [10, 1000, 5000]
README = ROOT / "benchmarks" / "README.md"
BIN = Path(sys.executable).parent
# Material prints a notice about MkDocs 2 on every build; without it both sides log the same.
ENVIRONMENT = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
# Bytecode lies beside an installed package, so it may be written for a checkout too.
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)

# What a session does up to the figures; imports are not counted, they are the same for one record and a million.
READING = """
import sys, time
from datetime import date
from pathlib import Path
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import compute_facts
from aipm_site.loading import load_project
from aipm_site.readers.snapshot import WorkingTree
begin = time.process_time()
project, problems = load_project(WorkingTree(Path(sys.argv[1]), "content"))
facts = compute_facts(project, AsOf.of_day(date(2026, 4, 15), "America/Chicago"))
print(time.process_time() - begin)
assert facts.figures and not [problem for problem in problems if problem.severity == "error"], problems[:5]
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the results: CPU seconds of each run, and what they are compared with."""

    what: str
    seconds: tuple[float, ...]
    beside: str = ""

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.seconds)

    def as_row(self) -> str:
        """Return the line as a row of a Markdown table."""
        runs = ", ".join(f"{seconds:.2f}" for seconds in self.seconds)
        return f"| {self.what} | **{self.median:.2f}** | {runs} | {self.beside} |"


def cpu_seconds(command: Sequence[str | Path], folder: Path, cache: Path | None = None) -> float:
    """Return the CPU seconds that a command and its children used, kernel time included.

    Args:
        command: The command.
        folder: Where it runs.
        cache: Where aipm keeps compiled templates; None keeps none.
    """
    environment = ENVIRONMENT | {"AIPM_CACHE": str(cache or "")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed in {folder}:\n{run.stdout}{run.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_build_seconds(root: Path, folder: Path) -> float:
    """Return the CPU seconds of a build that finds no compiled templates and keeps those that it makes."""
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        return cpu_seconds([BIN / "aipm", "build", "--no-search"], root, Path(cache))


def reading_seconds(root: Path) -> float:
    """Return the CPU seconds for reading, validating and computing all figures in a fresh process."""
    command = [sys.executable, "-c", READING, str(root)]
    run = subprocess.run(command, cwd=root, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise SystemExit(f"reading the records of {root} failed:\n{run.stderr}")
    return float(run.stdout)


def alternate(runs: int, *measures: Callable[[], float]) -> list[tuple[float, ...]]:
    """Return the results of each measure; they take turns, so that a slow minute meets all of them.

    The first round writes bytecode and compiled templates and warms the disk's cache; it does not count.
    """
    _, *rounds = [[measure() for measure in measures] for _ in range(runs + 1)]
    return list(zip(*rounds, strict=True))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Return how the middle of our runs compares with the middle of theirs."""
    return f"ratio **{statistics.median(ours) / statistics.median(theirs):.2f}**"


def measure_size(count: int, folder: Path, runs: int) -> list[Measured]:
    """Write a project and its twin, and measure what depends on how many records there are."""
    project, ours, plain, cache = invent_project(count), folder / "records", folder / "markdown", folder / "cache"
    write_project(project, ours)
    write_markdown_twin(project, plain)
    build, first, mkdocs, reading = alternate(
        runs,
        lambda: cpu_seconds([BIN / "aipm", "build", "--no-search"], ours, cache),
        lambda: first_build_seconds(ours, folder),
        lambda: cpu_seconds([BIN / "mkdocs", "build", "-q"], plain),
        lambda: reading_seconds(ours),
    )
    return [
        Measured(
            f"{count:,} records: `aipm build --no-search`, {page_count(ours):,} pages", build, ratio(build, mkdocs)
        ),
        Measured(f"{count:,} records: the same, no compiled templates kept before", first, ratio(first, mkdocs)),
        Measured(f"{count:,} records: plain MkDocs with Material, {page_count(plain):,} pages, no search", mkdocs),
        Measured(f"{count:,} records: reading, validating, all figures", reading),
    ]


def measure_start(cache: Path, runs: int) -> list[Measured]:
    """Measure the commands that people wait for while they write."""
    check, help_ = alternate(
        runs,
        lambda: cpu_seconds([BIN / "aipm", "check"], ROOT, cache),
        lambda: cpu_seconds([BIN / "aipm", "--help"], ROOT),
    )
    return [Measured("`aipm check` on the sample", check), Measured("`aipm --help`", help_)]


def page_count(root: Path) -> int:
    """Return how many pages a built site has."""
    return sum(1 for _ in (root / "site").rglob("*.html"))


def results_text(results: Sequence[Measured], command: str) -> str:
    """Return the section of the README between its markers."""
    tools = ", ".join(f"{name} {version(name)}" for name in ("mkdocs", "mkdocs-material", "pydantic"))
    machine = f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"
    rows = "\n".join(result.as_row() for result in results)
    head = "| what | median CPU s | runs | beside plain MkDocs |\n|---|---|---|---|"
    return f"`{command}` on {date.today()}; {tools}; {machine}.\n\n{head}\n{rows}"


def write_results(text: str) -> None:
    """Put the results between the markers of the README."""
    readme = README.read_text(encoding="utf-8")
    between = re.compile(r"(?<=<!-- results -->\n).*?(?=\n<!-- end of results -->)", re.DOTALL)
    README.write_text(between.sub(lambda _: text, readme), encoding="utf-8")


def _where() -> str:
    """Return the part of the command that says where the files were written, if it was said."""
    return f"TMPDIR={os.environ['TMPDIR']} " if "TMPDIR" in os.environ else ""


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=SIZES, help="how many (default: 10 1000 5000)")
    parser.add_argument("--runs", type=int, default=5, help="how many runs of each (default: 5)")
    parser.add_argument("--only-print", action="store_true", help="leave benchmarks/README.md as it is")
    options = parser.parse_args()
    results = []
    for count in options.records:
        with tempfile.TemporaryDirectory(prefix="aipm-bench-") as folder:
            results += measure_size(count, Path(folder), options.runs)
    with tempfile.TemporaryDirectory(prefix="aipm-bench-") as folder:
        results += measure_start(Path(folder) / "cache", options.runs)
    records = " ".join(map(str, options.records))
    command = f"{_where()}python benchmarks/bench.py --records {records} --runs {options.runs}"
    text = results_text(results, command)
    print(text)
    if not options.only_print:
        write_results(text)


if __name__ == "__main__":
    main()
