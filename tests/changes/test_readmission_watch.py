"""The pull request that brings the metrics of the candidate 1.7.0-rc1 into the sample (domain §1.2.2, A24)."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.changes.projects import begin_here, changes, read, run, table
from tests.repository import History
from tests.sample import ROOT, aipm, change, copy_sample

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


def test_the_overall_status_is_amber_before_and_after_so_that_there_is_no_change_of_it(
    history: History, data: dict[str, Any]
) -> None:
    # Amber before: MS-05 is forecast two weeks late; CPI and SPI lie between 0.90 and 0.95 (A14); RSK-012 is in the red
    # band with an answer; and the gate of the candidate was failed by its identifier classes already (A7). Amber after:
    # the candidate is not the version in production, which holds its limits (A6), and nothing else is new. So of
    # "green → amber, or unchanged" (A24) it is unchanged.
    for revision in ("base", "HEAD"):
        status = json.loads(aipm(history.root, "status", "--json", "--at", revision, "--as-of", "2026-04-15").out)
        assert status["overall"]["status"] == "amber"
        assert {one["name"]: one["status"] for one in status["dimensions"] if one["status"] != "not_applicable"} == {
            "schedule": "amber",
            "cost": "amber",
            "scope": "green",
            "quality": "amber",
            "risk": "amber",
            "benefits": "not_reported",
        }
    assert "status" not in data
    assert data["dimensions"] == []
    assert data["headline"] == "No change to the status."
    assert (data["verdict"], data["policy"]) == ("allow", [])


def test_the_comment_begins_with_it_then_come_the_gate_and_folded_what_changed(history: History) -> None:
    outcome = run(history, "--format", "markdown")
    lines = outcome.out.splitlines()

    assert outcome.code == 0
    assert lines[0] == "No change to the status."
    assert re.fullmatch(
        "From [0-9a-f]{10} to [0-9a-f]{10}, both as at 2026-04-15; for the audience internal.", read(lines[2])
    )
    # A7, as in the JSON.
    assert table(outcome.out, "Gates") == [
        ["DEC-020", "no-go (1 not met, 5 not assessed)", "no-go (1 met, 2 not met, 3 not assessed)", "", ""]
    ]
    assert re.findall("^### (.*)$", outcome.out, re.MULTILINE) == ["Gates"]
    assert re.findall("<details><summary>(.*)</summary>", outcome.out) == [
        "Figures: 13",
        "Added: 1 issue, 5 observations",
        "Changed: 1 sprint, 1 stand-up, 1 reminder, 1 risk, 1 decision, 1 model",
    ]
    assert outcome.out.count("</details>") == 3


# What stood there before, what stands there now, and for machines; the change and whether it is better cannot be said
# of what was not there. A18: as many times 18,000 as there are hospitals. A1 and A4: 8,640, 985 and 7,655 right answers
# of 10,000, 1,250 and 8,750, after 8,740, 1,090 and 7,650. Recall: 1,050 of 1,500 after 1,080. A5: 0.297.
NO_CANDIDATE = "unknown: Recall has no value of a candidate"
CANDIDATE = "model.MV-RW-1.7.0-rc1"
FIGURES = {
    "benefit.BEN-002.12.release_effect": (NO_CANDIDATE, "USD 216,000 a year less than with production", "-216000"),
    "benefit.BEN-002.3.release_effect": (NO_CANDIDATE, "USD 54,000 a year less than with production", "-54000"),
    "benefit.BEN-002.6.release_effect": (NO_CANDIDATE, "USD 108,000 a year less than with production", "-108000"),
    "benefit.BEN-002.9.release_effect": (NO_CANDIDATE, "USD 162,000 a year less than with production", "-162000"),
    f"{CANDIDATE}.accuracy": ("none", "86.4 %", "0.864"),
    f"{CANDIDATE}.accuracy.change": ("none", "−1.0 percentage point", "-1"),
    f"{CANDIDATE}.accuracy.ehr_feed=B": ("none", "78.8 %", "0.788"),
    f"{CANDIDATE}.accuracy.ehr_feed=B.change": ("none", "−8.4 percentage points", "-8.4"),
    f"{CANDIDATE}.accuracy.ehr_feed=rest": ("none", "87.5 %", "0.874857142857"),
    f"{CANDIDATE}.accuracy.ehr_feed=rest.change": ("none", "+0.06 percentage points", "0.0571428571429"),
    f"{CANDIDATE}.psi.ehr_feed=B,feature=creatinine": ("none", "0.297", "0.297"),
    f"{CANDIDATE}.recall": ("none", "70.0 %", "0.7"),
    f"{CANDIDATE}.recall.change": ("none", "−2.0 percentage points", "-2"),
}
# The gate tells them.
OF_THE_GATE = {"met": ("0", "1"), "not_met": ("1", "2"), "not_assessed": ("5", "3")}


def test_the_figures_are_the_same_in_the_comment_and_in_the_data(history: History, data: dict[str, Any]) -> None:
    rows = table(run(history, "--format", "markdown").out, "Figures: 13")

    assert rows == [[name, before, after, "", ""] for name, (before, after, _) in FIGURES.items()]
    figures = {figure["name"]: figure for figure in data["figures"]}
    assert {name: (figures[name]["before"], figures[name]["after"]) for name in FIGURES} == {
        name: (None, value) for name, (_, _, value) in FIGURES.items()
    }
    assert {name: (figures[name]["before"], figures[name]["after"]) for name in figures.keys() - FIGURES.keys()} == {
        f"gate.DEC-020.{name}": values for name, values in OF_THE_GATE.items()
    }


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
    markdown = run(history, "--format", "markdown").out
    folded = markdown.split("<summary>Added: 1 issue, 5 observations</summary>")[1].split("</details>")[0]
    title = "Candidate 1.7.0-rc1 is less accurate than production on feed B"
    added = [(record["id"], record["title"]) for record in data["records"]["added"] if record["kind"] == "issue"]

    assert added == [("ISS-031", title)]
    assert (data["records"]["removed"], data["records"]["closed"]) == ([], [])
    assert f"- ISS-031 {title}" in [read(line) for line in folded.splitlines()]
    assert "Added: 1 issue, 5 observations" in run(history).out.splitlines()


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


def test_finish_and_cost_stay_in_the_first_line_whatever_else_moved(worse: History) -> None:
    # 5 × 4 and 5 × 3; and 25 working days, from 15 June to 20 July 2026, are beyond the tolerance of 20.
    change(worse.root / "content/raid/risks/RSK-008.yml", "probability: 3\n", "probability: 5\n")
    change(worse.root / "content/raid/risks/RSK-011.yml", "probability: 4\n", "probability: 5\n")
    change(worse.root / "content/plan/milestones/MS-05.yml", "forecast_date: 2026-06-29", "forecast_date: 2026-07-20")
    worse.commit({}, day=14)

    line = run(worse).out.splitlines()[0]

    assert line.startswith("Overall amber → red: RSK-008 now 20; RSK-013 now 20; RSK-011 now 15; ")
    assert line.endswith("; finish P80 +9 days; estimate at completion + USD 40,000; 1 more. 2 errors to mend.")


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
    # As an excuse it holds where it would have blocked, and does not where it would not.
    file.write_text(f"- {{when: overall_worse, then: block, unless: {condition}}}\n")
    assert changes(worse, "--policy", str(file))["verdict"] == {"block": "allow", "allow": "block"}[verdict]


def test_a_forecast_that_moved_stands_apart_with_its_days(worse: History) -> None:
    section = run(worse).out.split("\nForecasts\n")[1].split("\n\n")[0]

    assert "schedule.finish_p80: 9 October 2026 → 18 October 2026, +9 days (worse)" in section
