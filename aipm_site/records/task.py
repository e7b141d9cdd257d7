"""Tasks: pieces of work, how far they are, and what they earn."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from aipm_site.records.fields import (
    Count,
    IsoDate,
    Line,
    Number,
    Prose,
    Ratio,
    decimal_number,
    reference_to,
    whole_number,
)
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.quantity import Money, Work
from aipm_site.records.record import Part, Record, expected, needed, optional

TaskType = Literal[
    "feature",
    "data",
    "cleansing",
    "labelling",
    "experiment",
    "review",
    "doc",
    "compliance",
    "ops",
    "optimisation",
    "integration",
]
EarningMethod = Literal["0/100", "50/50", "weighted_milestones", "percent"]
Percent = Annotated[Decimal, decimal_number(Decimal(0), Decimal(100), "100 is all of it")]
SkillLevel = Annotated[int, whole_number(0, 4, "0 is none, 4 is expert")]


class SkillNeed(Part):
    """A skill that the task needs, and at which level."""

    short_field = "skill"

    skill: Line = needed("the skill")
    level: SkillLevel | None = optional("from 0, none, to 4, expert")


class Step(Part):
    """A part of the task that earns its weight when it is done."""

    title: Line = needed("what is done then")
    weight: Number = needed("its share of the task, in any unit that all steps have in common")
    done_on: IsoDate | None = optional("the day on which it was done")


class Progress(Part):
    """How far the task was on an earlier day."""

    as_of: IsoDate = needed("the day")
    percent_complete: Percent = needed("percent of the task that was done then")


class Task(Record):
    """A piece of work."""

    status: Literal["backlog", "todo", "in_progress", "review", "blocked", "done", "deferred", "cancelled"] = optional(
        "where it stands", "todo"
    )
    type: TaskType | None = expected("what sort of work it is")
    wbs: Line | None = optional("its place in the work breakdown, such as 1.2.3")
    parent: Annotated[Line, reference_to("task")] | None = optional("the task that it is a part of")
    sprint: Annotated[Line, reference_to("sprint")] | None = optional("the sprint that it is planned for")
    milestone: Annotated[Line, reference_to("milestone")] | None = optional("the milestone that it serves")
    assignee: Annotated[Line, reference_to("person", only_ids=True)] | None = optional(
        "who does it: a role in words, or the id of a person"
    )
    estimate: Work | None = optional("how much work it is")
    remaining: Work | None = optional("how much of it is left")
    actual: Work | None = optional("how much was spent")
    started: IsoDate | None = optional("the day on which work began")
    finished: IsoDate | None = optional("the day on which it was done")
    baseline_start: IsoDate | None = optional("the day on which the plan begins it")
    baseline_finish: IsoDate | None = optional("the day on which the plan has it done")
    requires: tuple[SkillNeed, ...] = optional("skills that it needs", many=True)
    depends_on: tuple[Annotated[Line, reference_to("task", "milestone")], ...] = optional(
        "tasks and milestones that must be done before", many=True
    )
    blocked_by: Annotated[Line, reference_to(only_ids=True)] | None = optional(
        "what blocks it: the id of a record, or words"
    )
    change: Annotated[Line, reference_to("change")] | None = optional("the change that brought it into the scope")
    budget: Money | None = optional("the money that it may cost; what it earns when it is done")
    control_account: Annotated[Line, reference_to("budget-line")] | None = optional(
        "the budget line that it belongs to"
    )
    ev_method: EarningMethod | None = optional("how it earns its budget")
    percent_complete: Percent | None = optional("percent of it that is done; only with ev_method: percent")
    progress: tuple[Progress, ...] = optional("how far it was on earlier days, oldest first", many=True)
    steps: tuple[Step, ...] = optional("its parts with their weights, for ev_method: weighted_milestones", many=True)
    items_total: Count | None = optional("of labelling or cleansing: how many items there are")
    items_done: Count | None = optional("how many of them are done")
    agreement: Ratio | None = optional("how often two annotators agree")
    guideline: Line | None = optional("the page or file that says how it is done")
    expected_saving: Money | None = optional("of an optimisation: what it shall save")
    realised_saving: Money | None = optional("what it has saved")
    description: Prose | None = optional("what is to be done")


def days_suit_status(task: Task) -> Iterable[Breach]:
    """Find a day of completion on a task that is not done, and a task that ends before it begins."""
    if task.finished and task.status != "done":
        message = f"finished is given, and status is '{task.status}'"
        yield Breach("contradiction", message, ("finished",), "write status: done, or leave finished out")
    for first, last in (("started", "finished"), ("baseline_start", "baseline_finish")):
        begin, end = getattr(task, first), getattr(task, last)
        if begin and end and end < begin:
            yield Breach("wrong-order", f"{last} {end} is before {first} {begin}", (last,))


def percent_has_its_method(task: Task) -> Iterable[Breach]:
    """Find a percentage where nobody measures one: the other methods earn by facts."""
    if task.percent_complete is not None and task.ev_method != "percent":
        message = "percent_complete is given, and ev_method is not 'percent'"
        yield Breach("contradiction", message, ("percent_complete",), "write ev_method: percent, or leave it out")
    if task.steps and task.ev_method != "weighted_milestones":
        message = "steps are given, and ev_method is not 'weighted_milestones'"
        yield Breach("contradiction", message, ("steps",), "write ev_method: weighted_milestones")


def items_are_there(task: Task) -> Iterable[Breach]:
    """Find more items done than there are."""
    if task.items_done is not None and task.items_total is not None and task.items_done > task.items_total:
        message = f"items_done {task.items_done} are more than the {task.items_total} items"
        yield Breach("out-of-range", message, ("items_done",))


def weights_are_positive(task: Task) -> Iterable[Breach]:
    """Find a step that weighs nothing or less."""
    for index, step in enumerate(task.steps):
        if step.weight <= 0:
            yield Breach("out-of-range", f"weight {step.weight} is not above 0", ("steps", index, "weight"))


def budget_is_not_negative(task: Task) -> Iterable[Breach]:
    """Find a budget below zero: its work would earn less than nothing (GAO-09-3SP, data checks)."""
    if task.budget is not None and task.budget.amount < 0:
        message = f"budget {task.budget.amount} is below 0"
        yield Breach("negative-amount", message, ("budget", "amount"), "write what the task may cost, 0 or more")


KIND = Kind(
    Task,
    name="task",
    folder="tasks",
    prefix="TSK",
    plural="tasks",
    register="Tasks",
    columns=("id", "title", "type", "status", "sprint", "assignee", "owner"),
    done=frozenset({"done", "cancelled", "deferred"}),
    default_status="todo",
    ended=("finished",),
    rules=(days_suit_status, percent_has_its_method, items_are_there, weights_are_positive, budget_is_not_negative),
    expectations=(
        Expectation(("finished",), when=in_status("done"), because="what is done was done on a day", level="needed"),
        Expectation(
            ("blocked_by",), when=in_status("blocked"), because="what is blocked, something blocks", level="needed"
        ),
        Expectation(
            ("sprint",),
            when=lambda task, _: task.milestone is None and task.status not in {"backlog", "deferred", "cancelled"},
            because="a task serves a sprint or a milestone",
        ),
        Expectation(
            ("steps",),
            when=lambda task, _: task.ev_method == "weighted_milestones",
            because="the steps and their weights say what is earned",
        ),
        Expectation(
            ("percent_complete",), when=lambda task, _: task.ev_method == "percent", because="the percentage is earned"
        ),
        Expectation(
            ("control_account", "ev_method"),
            when=lambda task, _: task.budget is not None,
            because="a budget is earned in an account, by a method",
        ),
    ),
    order=lambda task: (task.wbs is None, task.wbs or "", task.id),
)
