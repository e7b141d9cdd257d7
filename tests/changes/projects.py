"""Small repositories whose changes a test looks at, and what `aipm changes` says of them."""

from __future__ import annotations

import json
from typing import Any

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
    """Return what a range does, as JSON."""
    return json.loads(run(history, *arguments, "--format", "json").out)


def begin_here(history: History) -> None:
    """Compare from the last commit on."""
    history.git("tag", "--force", "base")
