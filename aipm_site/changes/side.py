"""Sides: the two states that are compared, and what of both one audience may see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure
from aipm_site.facts.view import View
from aipm_site.problems import Problem, count_problems
from aipm_site.project import Project
from aipm_site.redaction import redact_text


class Side(Struct, frozen=True, dict=True):
    """One state of a project.

    Attributes:
        project: All that was recorded, also what is dated after the as-of.
        facts: What is computed from it for the as-of of both sides.
        problems: What is wrong in it.
    """

    project: Project
    facts: Facts
    problems: tuple[Problem, ...] = ()

    @cached_property
    def files_with_errors(self) -> frozenset[str]:
        """Files of which something is wrong: what they hold on another side may be in them unread."""
        return frozenset(problem.place.file for problem in self.problems if problem.severity == "error")

    @cached_property
    def unread_files(self) -> frozenset[str]:
        """Files of the content of which nothing could be read: what they hold, nobody knows. The policy is none."""
        project = self.project
        records = {record.origin.file for record in project.records.values()}
        others = {source.path for source in (*project.pages, *project.templates)} | set(project.attachments)
        ours = {file for file in self.files_with_errors if file.startswith(f"{project.content}/")}
        return frozenset(ours - records - others - {f"{project.content}/policy.yml"})

    @property
    def unread(self) -> int:
        """How many records could not be read, at the least: a file that is no YAML counts as one."""
        return max(self.project.unread, len(self.unread_files))

    @property
    def is_whole(self) -> bool:
        """Whether all of its records and settings could be read; else its figures say less than was meant."""
        return self.project.is_charter_read and not self.unread

    @property
    def counts(self) -> Mapping[str, int]:
        """How many errors, warnings and pieces of information there are."""
        return count_problems(self.problems)


class Pair(Struct, frozen=True):
    """Two states as one audience sees them.

    Attributes:
        base: The state before.
        head: The state after.
        hidden_ids: Records that the audience may not see on one side or the other.
        hidden_figures: Names of figures of which the same holds.
    """

    base: Side
    head: Side
    hidden_ids: frozenset[str]
    hidden_figures: frozenset[str] = frozenset()

    def figures(self, side: Side) -> Mapping[str, AnyFigure]:
        """Return the figures of a side that the audience may see on both."""
        shown = side.facts.figures
        return {name: shown[name] for name in shown if name not in self.hidden_figures}


def pair_for(audience: str, base: Side, head: Side) -> Pair:
    """Return both sides as an audience may see them.

    What is hidden on one side is hidden on both: a record that becomes internal is not shown as it was, and one that
    becomes public shows nothing of what it said before. `reclassified` tells of both.

    Args:
        audience: The label, one of the head's.
        base: The state before.
        head: The state after.
    """
    hidden = _hidden_ids(base.project, audience) | _hidden_ids(head.project, audience)
    shown_base, shown_head = _seen(base, audience, hidden), _seen(head, audience, hidden)
    lost = _lost_figures(base, shown_base) | _lost_figures(head, shown_head)
    named = {
        name
        for side in (shown_base, shown_head)
        for name in side.facts.figures
        if hidden and redact_text(name, hidden) != name
    }
    return Pair(shown_base, shown_head, hidden, lost | named)


def label_in(project: Project, audience: str) -> str:
    """Return an audience's label in a project, the most open one where the project does not know it."""
    order = project.charter.audience_order
    return audience if audience in order else order[0]


def _hidden_ids(project: Project, audience: str) -> frozenset[str]:
    label = label_in(project, audience)
    unread = {i for i, other in project.unread_ids.items() if not project.may_see(label, other)}
    return View(project, label).hidden_ids | unread


def _seen(side: Side, audience: str, hidden: frozenset[str]) -> Side:
    label = label_in(side.project, audience)
    project = _hiding(side.project, hidden).visible_to(label)
    known = _hiding(side.facts.project, hidden)
    return replace(side, project=project, facts=side.facts.visible_to(label, known))


def _hiding(project: Project, hidden: frozenset[str]) -> Project:
    return project if hidden <= project.hidden_ids else replace(project, hidden_ids=project.hidden_ids | hidden)


def _lost_figures(whole: Side, shown: Side) -> frozenset[str]:
    return frozenset(whole.facts.figures.keys() - shown.facts.figures.keys())
