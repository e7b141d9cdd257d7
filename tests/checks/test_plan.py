"""What baselines, milestones, tasks and changes say of each other."""

from __future__ import annotations

import pytest

from tests.snapshots import found, project_of

MILESTONE = "id: MS-01\ntitle: Pilot\nbaseline_date: 2026-06-29\n"
FIRST = "id: BSL-0\ntitle: First\nnumber: 0\nmilestones:\n  - {milestone: MS-01, date: 2026-06-15}\n"
SECOND = (
    "id: BSL-1\ntitle: Second\nnumber: 1\nsupersedes: BSL-0\nmilestones:\n  - {milestone: MS-01, date: 2026-06-29}\n"
)


def errors(**files: str) -> list[str]:
    return found({name.replace("__", "/") + ".yml": text for name, text in files.items()})


def test_a_promise_moves_only_by_a_baseline() -> None:
    moved = "milestones/a.yml:3 moved-without-baseline"

    assert errors(milestones__a=MILESTONE, baselines__a=FIRST) == [moved]
    assert errors(milestones__a=MILESTONE + "baseline: BSL-0\n", baselines__a=FIRST) == [moved]
    assert errors(milestones__a=MILESTONE, baselines__a=FIRST, baselines__b=SECOND) == []
    assert errors(milestones__a=MILESTONE) == []


def test_the_baseline_that_holds_goes_before_the_one_that_is_named() -> None:
    old = MILESTONE.replace("29", "15") + "baseline: BSL-0\n"

    assert errors(milestones__a=old, baselines__a=FIRST, baselines__b=SECOND) == [
        "milestones/a.yml:3 moved-without-baseline"
    ]


def test_a_baseline_that_says_nothing_of_a_milestone_leaves_it_where_it_is() -> None:
    empty = "id: BSL-0\ntitle: First\nnumber: 0\n"

    assert errors(milestones__a=MILESTONE + "baseline: BSL-0\n", baselines__a=empty) == []


SILENT = "id: BSL-0\ntitle: First\nnumber: 0\n"


@pytest.mark.parametrize(
    ("milestone", "first", "is_lost"),
    [
        ("baseline: BSL-1\n", SILENT, True),
        ("baseline: BSL-1\n", SILENT + "audience: restricted\n", True),
        ("baseline: BSL-1\n", FIRST, False),
        # It is told, to fewer readers than the slip.
        ("baseline: BSL-1\n", FIRST + "audience: restricted\n", False),
        ("baseline: BSL-1\nbaseline_history:\n  - {baseline_date: 2026-06-15}\n", SILENT, False),
        ("", SILENT, False),
    ],
)
def test_a_baseline_that_is_replaced_leaves_the_first_day_behind(milestone: str, first: str, is_lost: bool) -> None:
    files = {"milestones/a.yml": MILESTONE + milestone, "baselines/a.yml": first, "baselines/b.yml": SECOND}

    warned = [text for text in found(files, severity="warning") if "no-original-date" in text]

    assert warned == (["milestones/a.yml:4 no-original-date"] if is_lost else [])


def baseline(number: int, supersedes: int | None = None, *, id: int | None = None) -> str:
    text = f"id: BSL-{number if id is None else id}\ntitle: B\nnumber: {number}\n"
    return text if supersedes is None else f"{text}supersedes: BSL-{supersedes}\n"


def test_baselines_make_a_chain() -> None:
    assert errors(baselines__a=baseline(0), baselines__b=baseline(1, 0), baselines__c=baseline(2, 1)) == []
    assert errors(baselines__a=baseline(0), baselines__b=baseline(1, 0), baselines__c=baseline(2, 0)) == [
        "baselines/c.yml:4 superseded-twice"
    ]
    assert errors(baselines__a=baseline(0), baselines__b=baseline(1, 2), baselines__c=baseline(2, 0)) == [
        "baselines/b.yml:4 wrong-order"
    ]
    assert errors(baselines__a=baseline(0), baselines__b=baseline(0, id=1)) == ["baselines/b.yml:3 duplicate-number"]


def test_the_original_is_kept() -> None:
    files = {"baselines/a.yml": baseline(1)}

    assert "baselines/a.yml:3 no-original-baseline" in found(files, severity="warning")
    files["baselines/b.yml"] = baseline(0)
    assert not any("no-original" in text for text in found(files, severity="warning"))


PARENT = "id: TSK-001\ntitle: P\nbaseline_start: 2026-03-02\nbaseline_finish: 2026-04-10\n"


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ("baseline_start: 2026-03-02\nbaseline_finish: 2026-04-10\n", []),
        ("baseline_start: 2026-03-01\n", ["tasks/b.yml:4 outside-parent"]),
        ("baseline_finish: 2026-04-11\n", ["tasks/b.yml:4 outside-parent"]),
    ],
)
def test_a_task_lies_within_its_parent(days: str, wrong: list[str]) -> None:
    child = f"id: TSK-002\ntitle: C\nparent: TSK-001\n{days}"

    assert errors(tasks__a=PARENT, tasks__b=child) == wrong


def test_the_days_that_came_lie_within_the_parent_too() -> None:
    parent = "id: TSK-001\ntitle: P\nstatus: done\nstarted: 2026-03-02\nfinished: 2026-04-10\n"
    child = "id: TSK-002\ntitle: C\nparent: TSK-001\nstatus: done\nstarted: 2026-03-01\nfinished: 2026-04-13\n"

    assert errors(tasks__a=parent, tasks__b=child) == ["tasks/b.yml:5 outside-parent", "tasks/b.yml:6 outside-parent"]


IMPACT = "impact: {schedule_days: none, cost: none, scope: 1, quality: none, risk: none, resources: none}\n"
CHANGE = f"id: CHG-001\ntitle: C\nstatus: approved\n{IMPACT}"
DECISION = "id: DEC-001\ntitle: D\nstatus: accepted\ndate: 2026-04-01\noptions: [a, b]\noutcome: a\ninformed: [Sponsor, Lead]\n"


def test_what_is_approved_was_decided() -> None:
    proposed = DECISION.replace("accepted", "proposed")
    named = CHANGE + "decision: DEC-001\n"

    assert errors(changes__a=named, decisions__a=proposed) == ["changes/a.yml:3 approved-without-decision"]
    assert errors(changes__a=named, decisions__a=DECISION) == []
    assert errors(changes__a=named.replace("approved", "assessing"), decisions__a=proposed) == []


def told(text: str) -> list[str]:
    files = {"changes/a.yml": text, "decisions/a.yml": DECISION}
    return [problem.message for problem in project_of(files)[2] if problem.code == "not-told"]


def test_who_is_to_be_told_is_told() -> None:
    named = CHANGE + "decision: DEC-001\nraci: {responsible: [x], accountable: y, informed: [Client]}\n"
    some = named + "communicated_to: [{to: sponsor, on: 2026-04-02}, {to: client, on: 2026-04-02}]\n"

    assert told(named) == ["CHG-001 is approved, and nobody has told: Client, Sponsor, Lead"]
    assert told(some) == ["CHG-001 is approved, and nobody has told: Lead"]
    assert told(some.replace("to: client", "to: lead").replace("[Client]", "[]")) == []


def test_work_on_a_change_that_is_not_approved_creeps() -> None:
    task = "id: TSK-001\ntitle: T\nstatus: in_progress\nchange: CHG-001\n"
    files = {"changes/a.yml": CHANGE.replace("approved", "submitted"), "tasks/a.yml": task}

    assert "tasks/a.yml:4 scope-creep" in found(files, severity="warning")
    for fine in ({"changes/a.yml": CHANGE}, {"tasks/a.yml": task.replace("in_progress", "todo")}):
        assert not any("scope-creep" in text for text in found(files | fine, severity="warning"))
