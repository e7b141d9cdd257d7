"""Numbers of decision records in forms of others: the same one twice, and those that are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from aipm_site.problems import Problem, Related, error, information
from aipm_site.project import Project
from aipm_site.records.decision import Decision

Numbered = tuple[int, Decision]


def check_decision_numbers(project: Project) -> Iterator[Problem]:
    """Yield numbers that two decisions have in different ways of writing, and a gap in the numbers as information.

    Only prefixes that records in foreign form have are looked at: a number there is what people go by, and one that is
    missing may be a file that was forgotten. Decisions that could not be read are no gap.
    """
    for decisions in _by_prefix(project).values():
        if any(decision.foreign for _, decision in decisions):
            yield from _same_numbers(decisions)
            yield from _gaps(decisions, _unread_numbers(project, decisions))


def _by_prefix(project: Project) -> Mapping[str, Sequence[Numbered]]:
    found: dict[str, list[Numbered]] = defaultdict(list)
    for decision in project.of(Decision):
        prefix, _, number = decision.id.partition("-")
        if number.isdecimal():
            found[prefix].append((int(number), decision))
    return {prefix: sorted(decisions, key=lambda one: (one[0], one[1].id)) for prefix, decisions in found.items()}


def _unread_numbers(project: Project, decisions: Sequence[Numbered]) -> frozenset[int]:
    prefix = decisions[0][1].id.partition("-")[0]
    rests = (other.partition("-")[2] for other in project.unread_ids if other.startswith(f"{prefix}-"))
    return frozenset(int(rest) for rest in rests if rest.isdecimal())


def _same_numbers(decisions: Sequence[Numbered]) -> Iterator[Problem]:
    for (number, earlier), (other, later) in pairwise(decisions):
        if number == other:
            message = f"{later.id} has the same number as {earlier.id}"
            related = [Related(earlier.place, f"{earlier.id} is written here")]
            yield error("duplicate-id", message, later.place, "give one of them the next free number", related)


def _gaps(decisions: Sequence[Numbered], unread: frozenset[int]) -> Iterator[Problem]:
    for (before, _), (after, decision) in pairwise(decisions):
        left_out = [number for number in range(before + 1, after) if number not in unread]
        if left_out:
            which = f"is no number {left_out[0]}"
            if len(left_out) > 1:
                which = f"are no numbers {left_out[0]} to {left_out[-1]}"
            yield information("gap-in-numbers", f"before {decision.id} there {which}", decision.place)
