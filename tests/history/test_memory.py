"""A long history takes no more memory than a short one: the project of a revision is let go of after it was read."""

from __future__ import annotations

import gc
from pathlib import Path

from aipm_site.cycle_collection import no_cycle_collection
from aipm_site.project import Project
from aipm_site.session import open_session
from tests.history.test_settled import project
from tests.repository import History


def test_no_project_of_a_revision_outlives_it(tmp_path: Path) -> None:
    short, long = project(tmp_path / "short", list("GRG")), project(tmp_path / "long", list("GRGRGRG"))

    assert projects_alive_after(short) == projects_alive_after(long)


def projects_alive_after(history: History) -> int:
    """Return how many projects there are after a history was read, without any cycle of references broken up."""
    gc.collect()
    before = sum(isinstance(one, Project) for one in gc.get_objects())
    with no_cycle_collection():
        session = open_session(history.root, with_history=True, environment={})
        alive = sum(isinstance(one, Project) for one in gc.get_objects())
    assert session.history.days
    return alive - before
