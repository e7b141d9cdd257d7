"""The pull request that brings the metrics of the candidate 1.7.0-rc1 into the sample (domain §1.2.2, A24)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.changes.projects import begin_here, changes, run
from tests.repository import History
from tests.sample import ROOT, change, copy_sample

METRICS = "content/ai/observations/2026-04-15-candidate.yml"
ISSUE = "content/raid/issues/ISS-031.yml"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Return the sample before the evaluation of the night, and after it."""
    root = copy_sample(tmp_path_factory.mktemp("sample"))
    history = History(root)
    without_the_evaluation(root)
    history.commit({}, day=13)
    begin_here(history)
    shutil.rmtree(root / "content")
    shutil.copytree(ROOT / "content", root / "content")
    history.commit({}, day=14)
    return history


def without_the_evaluation(root: Path) -> None:
    """Take the metrics and the issue out, and every reference to the issue."""
    (root / METRICS).unlink()
    (root / ISSUE).unlink()
    change(root / "content/plan/sprints/SPR-08.md", "  - {rel: relates_to, id: ISS-031}\n", "")
    change(root / "content/decisions/DEC-020.md", "  - {rel: relates_to, id: ISS-031}\n", "")
    change(root / "content/raid/risks/RSK-014.yml", "  - {rel: materialised_as, id: ISS-031}\n", "")
    for path in (root / "content").rglob("*"):
        if path.is_file() and "ISS-031" in (text := path.read_text(encoding="utf-8")):
            path.write_text(text.replace("[[ISS-031]]", "an issue").replace("ISS-031", "ISS-030"), encoding="utf-8")


@pytest.fixture(scope="module")
def data(history: History) -> dict[str, Any]:
    return changes(history)


def test_both_sides_are_without_errors(data: dict[str, Any]) -> None:
    assert (data["problems"]["base"]["error"], data["problems"]["head"]["error"]) == (0, 0)


def test_the_overall_status_is_unchanged_or_turns_amber(data: dict[str, Any]) -> None:
    assert data.get("status") in (None, {"before": "green", "after": "amber"})


def test_the_gate_says_no_go(data: dict[str, Any]) -> None:
    # domain §1.2.2, A7: accuracy and PSI are not met.
    gate = next(gate for gate in data["gates"] if gate["id"] == "DEC-020")

    assert (gate["after"], gate["better"]) == ("no-go", False)


def test_the_release_would_cost_108000_a_year(data: dict[str, Any]) -> None:
    # domain §1.2.2, A18: net 2,448,000 to 2,340,000 a year.
    figure = next(figure for figure in data["figures"] if figure["name"] == "benefit.BEN-002.6.release_effect")

    assert (figure["before"], figure["after"], figure["unit"]) == (None, "-108000", "USD/year")


def test_one_issue_is_new(history: History, data: dict[str, Any]) -> None:
    assert [record["id"] for record in data["records"]["added"] if record["kind"] == "issue"] == ["ISS-031"]
    assert "1 issue" in next(line for line in run(history).out.splitlines() if line.startswith("Added: "))
