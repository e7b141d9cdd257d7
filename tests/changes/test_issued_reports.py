"""An issued report keeps its figures (domain §5, T-61): a change that rewrites one is named, and can be blocked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.changes.projects import FILES, begin_here, changes, run
from tests.repository import History
from tests.sample import write

FILE = "content/issued-reports/RPT-2026-03-25-board.yml"
ID = "RPT-2026-03-25-board"
FINAL = """\
id: RPT-2026-03-25-board
title: Board report of 25 March 2026
status: final
as_of: 2026-03-25
period_start: 2026-03-01
period_end: 2026-03-25
figures:
  - {name: status.risk, value: amber, text: at risk (amber)}
  - {name: risk.open, value: "3", unit: risks}
"""


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "project")
    history.commit({**FILES, FILE: FINAL}, day=0)
    begin_here(history)
    return history


def rewritten(history: History, text: str) -> list[dict[str, Any]]:
    history.commit({FILE: text}, day=1)
    return list(changes(history).get("rewritten_reports", []))


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("value: amber", "value: green", ["status.risk"]),
        ("text: at risk (amber)", "text: on track (green)", ["status.risk"]),
        ('  - {name: risk.open, value: "3", unit: risks}\n', "", ["risk.open"]),
        ("figures:\n", "figures:\n  - {name: risk.red, value: '0', unit: risks}\n", ["risk.red"]),
        ("as_of: 2026-03-25", "as_of: 2026-03-26", ["as_of"]),
        ("status: final\n", "status: final\naudience: client\n", ["audience"]),
        ("status: final", "status: draft", ["status"]),
    ],
)
def test_what_a_final_report_told_and_tells_no_more_is_named(history: History, old, new, parts) -> None:
    # Who may see it before and after is told of it.
    history.commit({"content/project.yml": FILES["content/project.yml"] + "default_audience: internal\n"}, day=0)
    begin_here(history)
    history.commit({FILE: FINAL.replace(old, new)}, day=1)

    entry = {"id": ID, "title": "Board report of 25 March 2026", "file": FILE, "line": 1, "parts": parts}
    assert changes(history)["rewritten_reports"] == [entry]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Board report of", "Report to the board of"),
        ("status: final", "status: superseded"),
        ("status: final\n", "status: final\naudience: internal\n"),
        ("status: final\n", "status: final\ncorrections: [{on: 2026-03-30, what: It were 4 risks.}]\n"),
        # The same in another form and order.
        (
            FINAL[FINAL.index("figures:") :],
            'figures:\n- {unit: risks, name: risk.open, value: "3"}\n'
            "- {name: status.risk, value: amber, text: at risk (amber)}\n",
        ),
    ],
)
def test_what_leaves_its_figures_as_they_are_is_no_rewriting(history: History, old: str, new: str) -> None:
    assert FINAL.replace(old, new) != FINAL
    assert rewritten(history, FINAL.replace(old, new)) == []


def test_a_draft_may_be_rewritten_and_become_final(history: History) -> None:
    history.commit({FILE: FINAL.replace("status: final", "status: draft")}, day=0)
    begin_here(history)

    assert rewritten(history, FINAL.replace("value: amber", "value: green")) == []


def test_the_first_line_the_text_and_the_comment_name_it(history: History) -> None:
    history.commit({FILE: FINAL.replace('value: "3"', 'value: "2"')}, day=1)

    text, comment = run(history).out, run(history, "--format", "markdown").out

    assert text.splitlines()[0] == f"Overall still amber: {ID} rewritten"
    assert f"\nIssued reports rewritten\n  {ID}: risk.open\n" in text
    assert "\n### Issued reports rewritten\n" in comment
    assert "supersedes" in comment.split("### Issued reports rewritten")[1].split("\n\n")[2]


def test_a_policy_can_block_it(history: History) -> None:
    for when in ("report_rewritten", f"{{report_rewritten: [{ID}]}}"):
        file = write(history.root.parent, {"policy.yml": f"- when: {when}\n  then: block\n"}) / "policy.yml"
        assert changes(history, "--policy", str(file))["verdict"] == "allow"

    history.commit({FILE: FINAL.replace("value: amber", "value: green")}, day=1)

    data = changes(history, "--policy", str(file))
    assert (data["verdict"], data["policy"][0]["evidence"]) == ("block", ID)


def test_who_may_not_see_the_report_is_not_told_of_it(history: History) -> None:
    history.commit({FILE: FINAL.replace("value: amber", "value: green")}, day=1)

    data = changes(history, "--audience", "public")

    assert "rewritten_reports" not in data
    assert ID not in run(history, "--audience", "public").out
