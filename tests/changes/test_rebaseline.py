"""A new baseline makes nothing better: a milestone that is promised anew, from the record to the published summary.

domain §5, T-31: re-baselining erases variance; keep BSL-0, show both; a re-baseline is news in the summary.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.changes.projects import FILES, begin_here, changes, read, run, table
from tests.repository import History
from tests.sample import aipm, build

MILESTONE = """\
id: MS-001
title: Pilot
baseline_date: 2026-04-20
baseline: BSL-0
forecast_date: 2026-05-20
reviewed_on: 2026-04-01
"""
REPLANNED = MILESTONE.replace("2026-04-20\nbaseline: BSL-0", "2026-05-15\nbaseline: BSL-1")
FIRST = "id: BSL-0\ntitle: First plan\nnumber: 0\ndate: 2026-03-02\n"
DATED = FIRST + "milestones:\n  - {milestone: MS-001, date: 2026-04-20}\n"
SECOND = """\
id: BSL-1
title: Second plan
number: 1
date: 2026-04-02
supersedes: BSL-0
milestones:
  - {milestone: MS-001, date: 2026-05-15}
"""
MILESTONE_FILE, FIRST_FILE = "content/milestones/MS-001.yml", "content/baselines/BSL-0.yml"
SLIP, ORIGINAL = "schedule.slip.MS-001", "schedule.slip_original.MS-001"


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project whose pilot is 30 days late, and with a new baseline is 5: 20 May after 20 April, and 15 May."""
    history = History(tmp_path / "project")
    history.commit({**FILES, ".gitignore": "site/\n", MILESTONE_FILE: MILESTONE, FIRST_FILE: FIRST}, day=0)
    begin_here(history)
    history.commit({MILESTONE_FILE: REPLANNED, "content/baselines/BSL-1.yml": SECOND}, day=2)
    return history


def test_a_slip_that_a_new_baseline_cuts_is_neither_better_nor_worse_in_any_form(history: History) -> None:
    slip = next(figure for figure in changes(history)["figures"] if figure["name"] == SLIP)
    rows = {row[0]: row for row in table(run(history, "--format", "markdown").out, "Forecasts")}

    assert (slip["before"], slip["after"], slip["better"], slip["rebaselined"]) == ("30", "5", None, True)
    assert rows[SLIP][3:] == ["−25 days", "re-baselined"]
    assert ", −25 days (re-baselined)\n" in read(run(history).out).split(f"{SLIP}: ")[1] + "\n"


def test_a_forecast_that_moves_on_the_same_baseline_is_judged(history: History) -> None:
    begin_here(history)
    history.commit({FIRST_FILE: DATED}, day=3)
    begin_here(history)
    history.commit({MILESTONE_FILE: REPLANNED.replace("2026-05-20", "2026-05-29")}, day=4)

    figures = {figure["name"]: figure for figure in changes(history)["figures"]}

    # 29 May: 14 days after 15 May, 39 after 20 April.
    for name, before, after in ((SLIP, "5", "14"), (ORIGINAL, "30", "39")):
        told = figures[name]
        assert (told["before"], told["after"], told["better"]) == (before, after, False)
        assert "rebaselined" not in told


def test_the_first_baseline_that_is_lost_is_unknown_and_warned_of_until_it_is_recorded(history: History) -> None:
    explained, checked = aipm(history.root, "explain", ORIGINAL), aipm(history.root, "check")

    assert "which day was promised first is not recorded" in explained.out
    assert "it is the first baseline" not in aipm(history.root, "explain", SLIP).out
    assert f"{MILESTONE_FILE}:4:11: warning[no-original-date]: BSL-1 replaced a baseline" in checked.out
    assert "write `milestones: [{milestone: MS-001, date: YYYY-MM-DD}]` into BSL-0" in checked.out

    history.commit({FIRST_FILE: DATED}, day=3)

    assert "30 days" in aipm(history.root, "explain", ORIGINAL).out
    assert "no-original-date" not in aipm(history.root, "check").out


def test_the_summary_says_that_the_plan_was_re_baselined_and_what_that_did(history: History) -> None:
    history.commit({FIRST_FILE: DATED}, day=3)

    summary = build(history.root).text("reports/executive")

    assert "re-baselined (BSL-1 on 2 April 2026; finish MS-001 moved from 20 April 2026 to 15 May 2026)." in summary
    assert "5 days (3 weekdays) after the baseline (30 days after the first)" in summary
    assert "better" not in summary


def test_a_report_keeps_from_which_baseline_it_counted(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "reported", "base")
    made = aipm(history.root, "new", "report", "Board", "--set", "as_of=2026-04-01", "--set", "status=final")
    assert made.code == 0, made.err
    history.commit({}, day=1)
    history.commit({MILESTONE_FILE: REPLANNED, FIRST_FILE: DATED, "content/baselines/BSL-1.yml": SECOND}, day=2)

    summary = build(history.root).text("reports/executive")

    assert "−25 days, re-baselined" in summary
    data = json.loads(aipm(history.root, "status", "--json").out)
    assert data["figures"][SLIP]["value"] == "5"
