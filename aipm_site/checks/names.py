"""Names: files whose path names a record that is for fewer readers than the file; a path is shown as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from aipm_site.problems import Place, Problem, error
from aipm_site.project import Project
from aipm_site.redaction import redact_text


def check_names(project: Project) -> Iterator[Problem]:
    """Yield an error for each file whose readers would learn from its path that a hidden record exists."""
    hidden_from = _hidden_from(project)
    for path, label in _labels(project).items():
        if hidden_from[label] and redact_text(path, hidden_from[label]) != path:
            message = f"the path names a record that readers of the label '{label}' may not see"
            hint = "give the file a name without that id: its path is shown with what stands in it"
            yield error("hidden-id-in-path", message, Place(path), hint)


def _hidden_from(project: Project) -> dict[str, frozenset[str]]:
    """Return for each audience the ids of the records that it may not see."""
    ids: dict[str, set[str]] = defaultdict(set)
    for record in project.records.values():
        ids[project.audience_of(record)].add(record.id)
    order = project.charter.audience_order
    return {label: frozenset().union(*(ids[other] for other in order[rank:])) for rank, label in enumerate(order, 1)}


def _labels(project: Project) -> dict[str, str]:
    """Return the widest label of what stands in each file."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in project.records.values():
        found[record.origin.file].add(project.audience_of(record))
    for page in project.pages:
        found[page.path].add(project.audience_of(page))
    for path in project.attachments:
        found[path].add(project.charter.default_audience_label)
    order = project.charter.audience_order
    return {path: min(labels, key=order.index) for path, labels in sorted(found.items())}
