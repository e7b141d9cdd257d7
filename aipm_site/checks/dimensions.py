"""Dimensions: what the project has records for and does not answer for."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.facts.facts import Facts
from aipm_site.problems import Problem, warning


def check_dimensions(facts: Facts) -> Iterator[Problem]:
    """Yield a warning for each dimension that has records and is not listed under `dimensions`."""
    charter = facts.project.charter
    if not facts.project.has_charter:
        return
    for name in facts.status.untracked:
        hint = f"add {name} to `dimensions` in project.yml, and the status answers for it"
        message = f"there are records for {name}, and the project does not list it under `dimensions`"
        yield warning("untracked-dimension", message, charter.origin.place_of(("dimensions",)), hint)
