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


def test_the_gate_says_no_go_for_more_reasons_than_before(data: dict[str, Any]) -> None:
    # domain §1.2.2, A7, and what DEC-020 observes itself: 16 of 18 identifier classes are not met before, too.
    gate = next(gate for gate in data["gates"] if gate["id"] == "DEC-020")

    assert (gate["before"], gate["after"], gate["better"]) == ("no-go", "no-go", None)
    assert gate["criteria"]["before"] == "1 not met, 5 not assessed"
    # The sample gives accuracy and recall by their metrics; the other values are not recorded yet.
    assert gate["criteria"]["after"] == "1 met, 2 not met, 3 not assessed"


def test_the_release_would_cost_108000_a_year(data: dict[str, Any]) -> None:
    # domain §1.2.2, A18: net 2,448,000 to 2,340,000 a year.
    figure = next(figure for figure in data["figures"] if figure["name"] == "benefit.BEN-002.6.release_effect")

    assert (figure["before"], figure["after"], figure["unit"]) == (None, "-108000", "USD/year")


def test_one_issue_is_new(history: History, data: dict[str, Any]) -> None:
    assert [record["id"] for record in data["records"]["added"] if record["kind"] == "issue"] == ["ISS-031"]
    assert "1 issue" in next(line for line in run(history).out.splitlines() if line.startswith("Added: "))


@pytest.fixture
def worse(tmp_path: Path) -> History:
    """Return the sample and a change of four records that makes it worse."""
    root = copy_sample(tmp_path / "sample")
    history = History(root)
    history.commit({}, day=13)
    begin_here(history)
    # 5 × 4 without a fallback plan is red (domain §3.6).
    change(root / "content/raid/risks/RSK-013.yml", "probability: 2\n", "probability: 5\n")
    # Of nine slips P80 is the eighth, which is that of MS-09 (domain §3.5): nine days more are nine days more.
    change(root / "content/plan/milestones/MS-09.yml", "actual_date: 2026-02-23", "actual_date: 2026-03-04")
    # EAC = BAC × AC / EV (domain §3.1): 1,200,000 × 14,800 / 444,000 = 40,000 more.
    change(root / "content/money/costs/2026.yml", "2026-03, amount: 69000", "2026-03, amount: 83800")
    change(root / "content/decisions/DEC-011.md", "observed: {value: 0.873", "observed: {value: 0.863")
    history.commit({}, day=14)
    return history


def test_the_first_line_names_risk_gate_finish_and_cost(worse: History) -> None:
    line = run(worse).out.splitlines()[0]

    assert line.startswith("Overall amber → red: RSK-013 now 20; ")
    assert "; DEC-011 no-go; finish P80 +9 days; estimate at completion + USD\xa040,000".replace("\xa0", " ") in line


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("{gate_worse: DEC-011}", "block"),
        ("{gate_worse: DEC-020}", "allow"),
        ("{finish_later_days: 8}", "block"),
        # As many days as are allowed are within.
        ("{finish_later_days: 9}", "allow"),
        # 40,000 of 1,275,676 are 3.14 %.
        ("{estimate_up: 0.031}", "block"),
        ("{estimate_up: 0.032}", "allow"),
    ],
)
def test_the_policy_measures_finish_cost_and_gates(
    worse: History, tmp_path: Path, condition: str, verdict: str
) -> None:
    file = tmp_path / "policy.yml"
    file.write_text(f"- {{when: {condition}, then: block}}\n")

    assert changes(worse, "--policy", str(file))["verdict"] == verdict


def test_a_forecast_that_moved_stands_apart_with_its_days(worse: History) -> None:
    section = run(worse).out.split("\nForecasts\n")[1].split("\n\n")[0]

    assert "schedule.finish_p80: 9 October 2026 → 18 October 2026, +9 days (worse)" in section
