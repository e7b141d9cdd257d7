"""Ids that two branches took, gates that turned and forecasts that moved: told in text, JSON and Markdown alike."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.changes.projects import FILES as SMALL
from tests.changes.projects import other, raised, read, run, table
from tests.pages.test_gate_and_report_pages import FILES as GATE_FILES
from tests.pages.test_gate_and_report_pages import ROWS
from tests.repository import History

OBSERVATIONS = "content/observations/o.yml"
# So many milestones were reached on their day. P80 is the 8th of their slips, as 8 ÷ (8 + 1) is not below 80 %, and P50
# the 5th (domain §3.5): none, so that both are the baseline, or the own forecast where that is later.
PAST = 8
FINISH = """\
id: MS-09
title: In use
baseline_date: 2026-06-01
forecast_date: 2026-06-01
reviewed_on: 2026-04-01
"""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return both_branches(tmp_path_factory.mktemp("three") / "project")


def both_branches(folder: Path, more: Mapping[str, str] | None = None) -> History:
    """Return branches that both took RSK-015; on one of them a gate fails, and the last milestone moves by nine days.

    Args:
        folder: Where the repository is made.
        more: Files that are changed on that branch besides.
    """
    history = History(folder)
    gate = {f"content/{path}": text for path, text in GATE_FILES.items() if path != "project.yml"}
    # As of the commits' days, which lie before 15 April: a gate is judged by what is measured by then.
    gate = {path: text.replace("2026-04-15", "2026-04-01") for path, text in gate.items()}
    better = gate[OBSERVATIONS].replace("0.864, successes: 8640", "0.874, successes: 8740")
    reached = {f"content/milestones/MS-0{number}.yml": past(number) for number in range(1, PAST + 1)}
    plan = {**reached, "content/milestones/MS-09.yml": FINISH}
    history.commit({**SMALL, **gate, **plan, OBSERVATIONS: better}, day=0)
    history.git("checkout", "--quiet", "-b", "feature")
    history.commit(
        {
            "content/risks/RSK-015.yml": other("RSK-015").replace("Feed B", "Feed C"),
            OBSERVATIONS: ROWS.replace("2026-04-15", "2026-04-01"),
            "content/milestones/MS-09.yml": FINISH.replace("forecast_date: 2026-06-01", "forecast_date: 2026-06-10"),
            **(more or {}),
        },
        day=1,
    )
    history.git("checkout", "--quiet", "main")
    history.commit({"content/risks/RSK-015.yml": other("RSK-015")}, day=2)
    return history


def past(number: int) -> str:
    return (
        f"id: MS-0{number}\ntitle: Step {number}\nbaseline_date: 2026-03-01\n"
        "actual_date: 2026-03-01\nstatus: done\nreviewed_on: 2026-04-01\n"
    )


def told(history: History, form: str) -> str:
    return run(history, "main", "feature", "--format", form).out


def section(text: str, title: str) -> str:
    return text.split(f"\n{title}\n")[1].split("\n\n")[0]


def test_an_id_that_both_branches_took(history: History) -> None:
    # domain §5, T-66.
    data = json.loads(told(history, "json"))["id_collisions"]
    here, there = "Feed C changes its units", "Feed B changes its units"
    place = "content/risks/RSK-015.yml:1:1"

    assert [(one["id"], one["base"]["title"], one["head"]["title"]) for one in data] == [("RSK-015", there, here)]
    assert section(told(history, "text"), "Ids that both branches took") == (
        f"  RSK-015  {there} ({place})\n    and  {here} ({place})"
    )
    assert table(told(history, "markdown"), "Ids that both branches took") == [
        ["RSK-015", f"{there} ({place})", f"{here} ({place})"]
    ]


def test_a_gate_whose_verdict_changed(history: History) -> None:
    # domain §1.2.2, A7: 87.4 % is at least 87.0 %, 86.4 % is not; the response time need not be met and is not assessed.
    before, after = "2 met, 1 not assessed", "1 met, 1 not met, 1 not assessed"

    data = json.loads(told(history, "json"))["gates"]

    assert [(one["id"], one["before"], one["after"], one["better"]) for one in data] == [
        ("DEC-020", "go", "no-go", False)
    ]
    assert data[0]["criteria"] == {"before": before, "after": after}
    assert section(told(history, "text"), "Gates") == f"  DEC-020: go ({before}) → no-go ({after}) (worse)"
    assert table(told(history, "markdown"), "Gates") == [["DEC-020", f"go ({before})", f"no-go ({after})", "", "worse"]]


def test_a_forecast_that_moved(history: History) -> None:
    # From 1 to 10 June: nine days.
    data = {one["name"]: one for one in json.loads(told(history, "json"))["figures"]}
    moved = ["schedule.finish_p50", "schedule.finish_p80", "schedule.slip.MS-09"]
    rows = {row[0]: row for row in table(told(history, "markdown"), "Forecasts")}
    text = section(told(history, "text"), "Forecasts")

    assert (data[moved[2]]["before"], data[moved[2]]["after"], data[moved[2]]["better"]) == ("0", "9", False)
    for name in moved:
        assert data[name]["better"] is False
        assert rows[name][3:] == ["+9 days", "worse"]
        assert re.search(rf"^  {re.escape(name)}: .* → .*, \+9 days \(worse\)$", text, re.MULTILINE)


def test_all_three_begin_with_the_same_line(history: History) -> None:
    line = json.loads(told(history, "json"))["headline"]

    assert "DEC-020 no-go; finish P80 +9 days" in line
    assert told(history, "text").splitlines()[0] == line
    assert html.unescape(told(history, "markdown").splitlines()[0]) == line


@pytest.fixture(scope="module")
def reddened(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Return a project whose only risk rises from 4 to 20 without an answer, which is red (domain §3.6)."""
    history = History(tmp_path_factory.mktemp("rule") / "project")
    history.commit(SMALL, day=0)
    history.git("tag", "main-then")
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)
    return history


def test_the_status_has_before_after_direction_and_the_rule_that_fired(reddened: History) -> None:
    reason = (
        "Risk RSK-001 “Feed B changes its units” has score 20, in the red band, and lacks: response actions, fallback "
        "plan, trigger, owner."
    )
    forms = {form: run(reddened, "main-then", "HEAD", "--format", form).out for form in ("json", "text", "markdown")}
    data = json.loads(forms["json"])

    (dimension,) = data["dimensions"]
    assert dimension["name"] == "risk"
    for change in (data["status"], dimension):
        assert (change["before"], change["after"], change["better"]) == ("green", "red", False)
        assert [(one["rule"], one["text"]) for one in change["reasons"]] == [("red-risk-without-answer", reason)]
    text = section(forms["text"], "Status")
    assert text.splitlines()[0] == "  overall: green → red (worse)"
    assert "  risk: green → red (worse)" in text.splitlines()
    assert f"{reason} [red-risk-without-answer]" in " ".join(text.split())
    assert table(forms["markdown"], "Status") == [
        ["overall", "green", "red", "", "worse"],
        ["risk", "green", "red", "", "worse"],
    ]
    read_lines = [read(line) for line in forms["markdown"].splitlines()]
    assert f"- risk: {reason} [red-risk-without-answer]" in read_lines
