"""Small repositories whose changes a test looks at, and what `aipm changes` says of them."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from aipm_site.exports.changes_json import changes_json, read_changes_json
from tests.repository import History
from tests.sample import CHARTER, SMALL, Outcome, aipm
from tests.sample import RISK as REVIEWED_LATER

# The as-of is the day of the last commit, so each test says by its commits which day that is.
UNDATED = CHARTER.replace("as_of: 2026-04-15\n", "").replace("pages: strict\n", "")
RISK = REVIEWED_LATER.replace("2026-04-14", "2026-04-01") + "next_review: 2026-05-01\n"
MILESTONE = """\
id: MS-01
title: First clinic live
baseline_date: 2026-05-01
forecast_date: 2026-05-01
reviewed_on: 2026-04-01
"""
FILES = {**SMALL, "content/project.yml": UNDATED, "content/risks/RSK-001.yml": RISK}


def other(record_id: str, text: str = RISK) -> str:
    """Return the risk of the small project under another id."""
    return text.replace("RSK-001", record_id)


def raised(text: str = RISK, probability: int = 5, impact: int = 4) -> str:
    """Return a risk with other scores."""
    return text.replace("probability: 2", f"probability: {probability}").replace("impact: 2", f"impact: {impact}")


def run(history: History, *arguments: str) -> Outcome:
    """Run `aipm changes`; without revisions from "base" to the last commit."""
    revisions = arguments if arguments and not arguments[0].startswith("-") else ("base", "HEAD", *arguments)
    return aipm(history.root, "changes", *revisions)


def changes(history: History, *arguments: str) -> dict[str, Any]:
    """Return what a range does, as JSON, which must be what the reader of such a report takes for one."""
    out = run(history, *arguments, "--format", "json").out
    assert changes_json(read_changes_json(out.encode())).data == out.encode()
    data: dict[str, Any] = json.loads(out)
    return data


def begin_here(history: History) -> None:
    """Compare from the last commit on."""
    history.git("tag", "--force", "base")


def table(markdown: str, title: str) -> list[list[str]]:
    """Return the rows of the table of a section, or of what is folded under a title, as they are read."""
    begin = f"### {title}\n" if f"### {title}\n" in markdown else f"<summary>{title}</summary>\n"
    lines = re.split(r"\n#|</?details>", markdown.split(begin)[1])[0].splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
    return [[read(cell) for cell in row] for row in rows]


def read(markdown: str) -> str:
    """Return what a reader reads of a line of Markdown in which everything special is escaped."""
    return html.unescape(re.sub(r"<[^>]*>", "", markdown)).replace("\xa0", " ").strip()
