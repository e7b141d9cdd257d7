"""Plan: what baselines, milestones and tasks say of each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from aipm_site.facts.baseline import current_baseline, first_promises
from aipm_site.problems import Problem, Related, error, warning
from aipm_site.project import Project
from aipm_site.records.baseline import Baseline
from aipm_site.records.milestone import Milestone
from aipm_site.records.task import Task

_SPANS = (("started", "finished"), ("baseline_start", "baseline_finish"))


def check_plan(project: Project) -> Iterator[Problem]:
    """Yield promises that moved without a baseline or lost the first, baselines out of line, tasks beyond parents."""
    yield from _milestones_keep_their_baseline(project)
    yield from _originals_are_recorded(project)
    yield from _baselines_make_a_chain(project)
    yield from _parents_cover_their_tasks(project)


def _milestones_keep_their_baseline(project: Project) -> Iterator[Problem]:
    current = current_baseline(project)
    for milestone in project.of(Milestone):
        named = project.get(milestone.baseline) if milestone.baseline else None
        # What holds now goes before what the milestone still names.
        promises = (_promise(baseline, milestone) for baseline in (current, named) if isinstance(baseline, Baseline))
        found = next((promise for promise in promises if promise), None)
        if found and found[0] != milestone.baseline_date:
            yield _moved(milestone, *found)


def _promise(baseline: Baseline, milestone: Milestone) -> tuple[date, int, Baseline] | None:
    found = enumerate(baseline.milestones)
    return next(((item.date, index, baseline) for index, item in found if item.milestone == milestone.id), None)


def _moved(milestone: Milestone, day: date, index: int, baseline: Baseline) -> Problem:
    message = f"{milestone.id} has baseline_date {milestone.baseline_date}, and {baseline.id} promises {day}"
    related = [Related(baseline.origin.place_of(("milestones", index, "date")), f"{baseline.id} promises it here")]
    hint = f"write {day}, or a new baseline that supersedes {baseline.id} and says why the promise moved"
    return error("moved-without-baseline", message, milestone.origin.place_of(("baseline_date",)), hint, related)


def _originals_are_recorded(project: Project) -> Iterator[Problem]:
    promises = first_promises(project)
    for milestone in project.of(Milestone):
        first = promises[milestone.id]
        if first.gap == "not_recorded":
            yield _without_original(milestone, first.baseline)


def _without_original(milestone: Milestone, first: Baseline | None) -> Problem:
    entry = f"`milestones: [{{milestone: {milestone.id}, date: YYYY-MM-DD}}]`"
    history = f"`baseline_history: [{{baseline_date: YYYY-MM-DD, baseline: {first.id if first else 'BSL-0'}}}]`"
    message = f"{milestone.baseline} replaced a baseline, and the first day of {milestone.id} is not recorded"
    where = f"write {entry} into {first.id}, or {history} into {milestone.id}" if first else f"write {history}"
    hint = f"{where}; `git log -p` of this file shows the day"
    related = [Related(first.place, f"{first.id} does not say it")] if first else []
    return warning("no-original-date", message, milestone.origin.place_of(("baseline",)), hint, related)


def _baselines_make_a_chain(project: Project) -> Iterator[Problem]:
    baselines = project.of(Baseline)
    yield from _numbers_differ(baselines)
    yield from _each_is_replaced_once(baselines)
    for baseline in baselines:
        replaced = project.get(baseline.supersedes) if baseline.supersedes else None
        if isinstance(replaced, Baseline) and (baseline.number or 0) <= (replaced.number or 0):
            numbers = f"number {baseline.number or 0} and supersedes {replaced.id} with number {replaced.number or 0}"
            message = f"{baseline.id} has {numbers}"
            related = [Related(replaced.place, f"{replaced.id} is written here")]
            hint = "a later baseline has a greater number than the one that it replaces"
            yield error("wrong-order", message, baseline.origin.place_of(("supersedes",)), hint, related)
    numbered = [baseline for baseline in baselines if baseline.number is not None]
    if numbered and not any(baseline.number == 0 for baseline in numbered):
        first = min(numbered, key=lambda baseline: (baseline.number or 0, baseline.id))
        message = f"the first baseline is {first.id} with number {first.number}, and there is no number 0"
        hint = "keep the original, so that every report can show what was promised first"
        yield warning("no-original-baseline", message, first.origin.place_of(("number",)), hint)


def _numbers_differ(baselines: tuple[Baseline, ...]) -> Iterator[Problem]:
    seen: dict[int, Baseline] = {}
    for baseline in baselines:
        if baseline.number is None:
            continue
        first = seen.setdefault(baseline.number, baseline)
        if first is not baseline:
            message = f"{baseline.id} has number {baseline.number}, and so has {first.id}"
            related = [Related(first.origin.place_of(("number",)), f"{first.id} has it here")]
            place = baseline.origin.place_of(("number",))
            yield error("duplicate-number", message, place, "0 is the original, then 1, 2, …", related)


def _each_is_replaced_once(baselines: tuple[Baseline, ...]) -> Iterator[Problem]:
    successors: dict[str, list[Baseline]] = defaultdict(list)
    for baseline in baselines:
        if baseline.supersedes:
            successors[baseline.supersedes].append(baseline)
    for replaced, several in successors.items():
        for baseline in several[1:]:
            message = f"{baseline.id} supersedes {replaced}, and so does {several[0].id}"
            related = [Related(several[0].origin.place_of(("supersedes",)), f"{several[0].id} supersedes it here")]
            hint = f"a baseline is replaced once: let {baseline.id} supersede {several[0].id}"
            yield error("superseded-twice", message, baseline.origin.place_of(("supersedes",)), hint, related)


def _parents_cover_their_tasks(project: Project) -> Iterator[Problem]:
    for task in project.of(Task):
        parent = project.get(task.parent) if task.parent else None
        if isinstance(parent, Task):
            for first, last in _SPANS:
                yield from _begins_within(task, parent, first)
                yield from _ends_within(task, parent, last)


def _begins_within(task: Task, parent: Task, name: str) -> Iterator[Problem]:
    own, outer = getattr(task, name), getattr(parent, name)
    if own and outer and own < outer:
        yield _outside(task, parent, name, f"{name} {own} is before {outer} of its parent {parent.id}")


def _ends_within(task: Task, parent: Task, name: str) -> Iterator[Problem]:
    own, outer = getattr(task, name), getattr(parent, name)
    if own and outer and own > outer:
        yield _outside(task, parent, name, f"{name} {own} is after {outer} of its parent {parent.id}")


def _outside(task: Task, parent: Task, name: str, message: str) -> Problem:
    related = [Related(parent.origin.place_of((name,)), f"{parent.id} gives it here")]
    hint = f"the days of a task lie within those of its parent: mend {task.id} or {parent.id}"
    return error("outside-parent", f"{task.id}: {message}", task.origin.place_of((name,)), hint, related)
