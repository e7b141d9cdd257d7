"""References: every field that names a record names one that exists, of a fitting kind, and in no circle."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from aipm_site.problems import Place, Problem, Related, error, nearest
from aipm_site.project import Project
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry
from aipm_site.records.references import Reference

# domain §2.0: a circle of these means that nothing can come first.
ACYCLIC = ("depends_on", "supersedes", "parent")


def check_references(project: Project) -> Iterator[Problem]:
    """Yield dangling references, references to the wrong kind of record, and circles."""
    for record_id, references in project.references.items():
        record = project.records[record_id]
        for reference in references:
            yield from _check_reference(project, record, reference)
    for rel in ACYCLIC:
        yield from _check_circles(project, rel)


def _check_reference(project: Project, record: Entry, reference: Reference) -> Iterator[Problem]:
    place = record.origin.place_of(reference.path)
    target = project.get(reference.id)
    if reference.id in project.unread_ids:
        return  # it is there and cannot be read, which has a problem of its own
    if target is None:
        yield from _check_absent(project, reference, place)
    elif reference.id == record.id:
        yield error("reference-to-itself", f"{record.id} refers to itself in '{reference.rel}'", place)
    elif reference.kinds and (kind := project.kinds.of(target)).name not in reference.kinds:
        wanted = " or ".join(reference.kinds)
        yield error("wrong-kind", f"'{reference.rel}' names {_a(wanted)}, and {reference.id} is {_a(kind.name)}", place)


def _check_absent(project: Project, reference: Reference, place: Place) -> Iterator[Problem]:
    kind = project.kinds.of_id(reference.id)
    if kind is not None:
        yield unknown_id(project, kind, reference.id, place)
    elif reference.rel == "owner":
        # An owner is a role in words, or a person; a person's id must be one that exists.
        message = f"the owner '{reference.id}' has the form of an id, and there is no such record"
        yield error("unknown-reference", message, place, "write the role in words, such as 'data engineering lead'")
    elif reference.kinds and all(project.kinds.named(name) for name in reference.kinds):
        known = [project.kinds.named(name) for name in reference.kinds]
        forms = " or ".join(f"{k.prefix}-…" for k in known if k)
        message = f"'{reference.id}' is not the id of {_a(' or '.join(reference.kinds))}"
        yield error("unknown-reference", message, place, f"such an id begins {forms}")


def unknown_id(project: Project, kind: Kind, record_id: str, place: Place) -> Problem:
    """Return the problem that there is no record of this id, with the nearest one that exists."""
    ids = [i for i in project.records if kind.is_id(i)]
    near = nearest(record_id, ids)
    if near:
        hint = f"did you mean '{near}'?"
    elif ids:
        hint = f"{kind.plural} are {ids[0]} to {ids[-1]}" if len(ids) > 1 else f"the only {kind.name} is {ids[0]}"
    else:
        hint = f"the project has no {kind.plural} yet: `aipm new {kind.name}`"
    return error("unknown-reference", f"there is no {kind.name} '{record_id}'", place, hint)


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def _check_circles(project: Project, rel: str) -> Iterator[Problem]:
    edges = {
        record_id: [r.id for r in references if r.rel == rel and r.id in project.records and r.id != record_id]
        for record_id, references in project.references.items()
    }
    for circle in _circles({origin: targets for origin, targets in edges.items() if targets}):
        places = [_place_of_step(project, rel, *step) for step in zip(circle, [*circle[1:], circle[0]], strict=True)]
        related = [Related(place, "by way of") for place in places[1:]]
        path = " → ".join([*circle, circle[0]])
        hint = "one of these references must go"
        yield error("circular-reference", f"'{rel}' runs in a circle: {path}", places[0], hint, related)


def _place_of_step(project: Project, rel: str, origin: str, target: str) -> Place:
    step = next(r for r in project.references[origin] if r.rel == rel and r.id == target)
    return project.records[origin].origin.place_of(step.path)


def _circles(edges: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield circles until none is left, each beginning at its smallest id."""
    while True:
        try:
            TopologicalSorter(edges).prepare()
        except CycleError as found:
            # The circle is the second argument, its first node repeated at the end, predecessors first.
            circle = list(reversed(found.args[1]))[:-1]
            smallest = circle.index(min(circle))
            circle = circle[smallest:] + circle[:smallest]
            yield circle
            # With one step taken out the next circle can be found.
            edges = edges | {circle[0]: [target for target in edges[circle[0]] if target != circle[1 % len(circle)]]}
        else:
            return
