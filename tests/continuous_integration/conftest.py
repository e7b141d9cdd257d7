"""A scratch repository for each test."""

import pytest

from tests.continuous_integration.workflow_runs import Scratch, new_project


@pytest.fixture(scope="session")
def beginning(tmp_path_factory):
    """A new project, made once."""
    return new_project(tmp_path_factory.mktemp("beginning") / "project")


@pytest.fixture
def scratch(tmp_path, beginning):
    """A new project in a repository of its own, with a bare repository as its origin."""
    return Scratch(tmp_path, beginning)
