"""Changes that a reader of records would not see: who may see a record, report templates, and the policy itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from aipm_site.changes.side import Side, label_in
from aipm_site.project import Project


class Reclassified(Struct, frozen=True):
    """A record or page that is for other readers than before (security R45).

    Attributes:
        name: Id of the record or path of the page; "" where the audience may not know it.
        before: The label before; "" with the name.
        after: The label after; "" with the name.
        is_narrower: Whether fewer readers may see it now.
    """

    name: str
    before: str
    after: str
    is_narrower: bool


class FileChange(Struct, frozen=True):
    """A file that an owner must look at, as it decides what is told or allowed (security R26).

    Attributes:
        path: Its path.
        how: added, changed or removed.
    """

    path: str
    how: Literal["added", "changed", "removed"]


def reclassified(base: Side, head: Side, audience: str) -> tuple[Reclassified, ...]:
    """Return what is for other readers than before, sorted by name; what the audience may not see has none.

    Args:
        base: The state before, whole.
        head: The state after, whole.
        audience: The label of the caller.
    """
    before, after = _labels(base.project), _labels(head.project)
    both = sorted(before.keys() & after.keys())
    moved = [
        _reclassified(head.project, audience, name, before[name], after[name])
        for name in both
        if before[name] != after[name]
    ]
    return tuple(sorted(moved, key=lambda one: (not one.name, one.name, one.is_narrower)))


def _labels(project: Project) -> Mapping[str, str]:
    records = {record.id: project.audience_of(record) for record in project.records.values()}
    return records | {page.path: project.audience_of(page) for page in project.pages}


def _reclassified(project: Project, audience: str, name: str, before: str, after: str) -> Reclassified:
    order = project.charter.audience_order
    old, new = (order.index(label) if label in order else len(order) for label in (before, after))
    # Who may see it on either side knows that there is such a record, or may know it from now on.
    is_known = project.may_see(label_in(project, audience), after)
    return Reclassified(*((name, before, after) if is_known else ("", "", "")), is_narrower=new > old)


def template_changes(base: Project, head: Project) -> tuple[FileChange, ...]:
    """Return the report templates of content/reports/ that changed, sorted by path."""
    return tuple(_file_changes(_templates(base), _templates(head)))


def _templates(project: Project) -> Mapping[str, object]:
    return {template.path: template.text for template in project.templates}


def policy_changes(base: Project, head: Project) -> tuple[FileChange, ...]:
    """Return whether the policy of the project changed; another form of the same rules is no change."""
    return tuple(_file_changes(_policy(base), _policy(head)))


def _policy(project: Project) -> Mapping[str, object]:
    written = project.policy
    return {f"{project.content}/policy.yml": written.rules} if written is not None else {}


def _file_changes(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[FileChange]:
    for path in sorted(before.keys() | after.keys()):
        if path not in before:
            yield FileChange(path, "added")
        elif path not in after:
            yield FileChange(path, "removed")
        elif before[path] != after[path]:
            yield FileChange(path, "changed")
