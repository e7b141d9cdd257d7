"""A history of an invented project: a commit a week, each changing some of its records, in a real repository."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from invented_project import SHARES, invent_project, write_project

# The share of records that a team touches in a week: ten people, each a record a day, of a log of some hundreds.
CHANGED = 0.07
LAST_DAY = datetime(2026, 4, 15, 17, 0, tzinfo=UTC)
# Each line is a value that the next week may find changed; every change keeps the record right.
_TURNS = (
    (re.compile(r"^impact: ([1-5])$", re.MULTILINE), lambda m: f"impact: {int(m[1]) % 5 + 1}"),
    (re.compile(r"^severity: ([2-4])$", re.MULTILINE), lambda m: f"severity: {int(m[1]) % 3 + 2}"),
    (re.compile(r"^due: '?(\d{4}-\d\d)-(\d\d)'?$", re.MULTILINE), lambda m: f"due: {m[1]}-{int(m[2]) % 28 + 1:02}"),
    (re.compile(r"^forecast_date: '?\d{4}-\d\d-\d\d'?$", re.MULTILINE), lambda m: _later(m[0])),
    (re.compile(r"^rationale: (.*)$", re.MULTILINE), lambda m: f"rationale: {m[1]} So it stayed."),
)


def _later(line: str) -> str:
    day = datetime.fromisoformat(line.partition(": ")[2].strip("'")) + timedelta(days=1)
    return f"forecast_date: {day.date()}"


def write_history(files: int, revisions: int, root: Path) -> None:
    """Write a repository of a project with about so many record files and so many weekly commits on one line."""
    write_project(invent_project(round(files / sum(SHARES.values()))), root)
    _git(root, "init", "--quiet", "--initial-branch=main")
    _git(root, "config", "gc.auto", "0")
    records = sorted((root / "content").rglob("*-*.*"))
    for week in range(revisions):
        if week:
            _change(records, week)
        _git(root, "add", "--all")
        when = LAST_DAY - timedelta(weeks=revisions - 1 - week)
        _git(root, "commit", "--quiet", "--message", f"week {week}", when=when)
    _git(root, "gc", "--quiet")


def _change(records: list[Path], week: int) -> None:
    count = max(1, round(len(records) * CHANGED))
    for number in range(count):
        path = records[(week * count + number) * 7919 % len(records)]
        text = path.read_text(encoding="utf-8")
        for pattern, turn in _TURNS:
            text = pattern.sub(turn, text, count=1)
        path.write_text(text, encoding="utf-8")


def _git(root: Path, *arguments: str, when: datetime = LAST_DAY) -> None:
    who = {f"GIT_{role}_{what}": "writer@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {f"GIT_{role}_DATE": when.isoformat() for role in ("AUTHOR", "COMMITTER")}
    subprocess.run(["git", *arguments], cwd=root, env=os.environ | who | dates, check=True, capture_output=True)
