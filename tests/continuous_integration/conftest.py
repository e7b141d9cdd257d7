"""A scratch repository for each test, and what `aipm changes` says of a change that does a bit of everything."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.changes.projects import raised
from tests.changes.test_three_forms import both_branches, told
from tests.continuous_integration.workflow_runs import Scratch, new_project


@pytest.fixture(scope="session")
def beginning(tmp_path_factory):
    """A new project, made once."""
    return new_project(tmp_path_factory.mktemp("beginning") / "project")


@pytest.fixture
def scratch(tmp_path, beginning):
    """A new project in a repository of its own, with a bare repository as its origin."""
    return Scratch(tmp_path, beginning)


@dataclass(frozen=True)
class Told:
    """What `aipm changes` says of a change, as data and as Markdown."""

    changes: dict[str, Any]
    markdown: str


@pytest.fixture(scope="session")
def of_change(tmp_path_factory):
    """A change that turns a gate and the status, moves a forecast, and takes an id that another branch took."""
    more = {"content/risks/RSK-001.yml": raised()}
    history = both_branches(tmp_path_factory.mktemp("change") / "project", more)
    return Told(json.loads(told(history, "json")), told(history, "markdown"))
