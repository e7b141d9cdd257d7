"""`aipm publish`: a published site is of one project, and stays its own when that gets another title, id or label."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from shutil import copytree

import pytest

from tests.publication.builds import git, is_whole
from tests.sample import SMALL, Outcome, aipm, change, read_tree, write

pytestmark = pytest.mark.slow

ONE, OTHER = "7c3e3a52-0f0a-4f4e-9a56-0e9d5c1b7a11", "0b7cb2a0-54a9-4d0b-8a5b-3a1f2c9d6e22"


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


@pytest.fixture
def gamma(repository):
    return project(repository, "gamma", "PRJ-003", "Gamma")


@pytest.fixture
def public(tmp_path):
    return tmp_path / "public"


def project(repository: Path, folder: str, project_id: str, title: str) -> Path:
    """Make a project in a folder of the repository."""
    root = write(repository / folder, SMALL)
    says(root, "id: PRJ-001\ntitle: Small\n", f"id: {project_id}\ntitle: {title}\n")
    return root


def says(root: Path, old: str, new: str) -> None:
    """Commit another line of project.yml."""
    change(root / "content/project.yml", old, new)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Change")


def publish(root: Path, public: Path, *arguments: str, code: int = 0) -> Outcome:
    outcome = aipm(root, "publish", "--to", str(public), *arguments)
    assert outcome.code == code, outcome.err
    return outcome


@pytest.mark.parametrize("day", ["2026-04-15", "2026-04-16"], ids=["the same state", "a new one"])
@pytest.mark.parametrize("uuids", [("", ""), (f"uuid: {ONE}\n", f"uuid: {OTHER}\n")], ids=["named", "with a uuid"])
def test_the_site_of_another_project_in_the_same_repository_is_refused(repository, gamma, public, day, uuids):
    beta = project(repository, "beta", "PRJ-002", "Beta")
    for root, uuid in zip((gamma, beta), uuids, strict=True):
        says(root, "tz: UTC\n", f"tz: UTC # said\n{uuid}")
    publish(gamma, public)
    before = read_tree(public)

    outcome = publish(beta, public, "--as-of", day, code=1)

    assert "error[other-project]: the site there is of another project, 'Gamma', and this one is 'Beta'" in outcome.err
    assert "hint: each project has a site of its own: name another folder or branch" in outcome.err
    assert outcome.out == ""
    assert read_tree(public) == before


def test_the_branch_of_another_project_is_refused(repository, gamma):
    beta = project(repository, "beta", "PRJ-002", "Beta")
    assert aipm(gamma, "publish", "--branch", "pages", "--no-push").code == 0

    outcome = aipm(beta, "publish", "--branch", "pages", "--no-push")

    assert outcome.code == 1
    assert "error[other-project]" in outcome.err


def test_no_version_of_another_project_is_purged(repository, gamma, public):
    beta = project(repository, "beta", "PRJ-002", "Beta")
    publish(gamma, public)

    assert "error[other-project]" in publish(beta, public, "--purge", "2026-04-15", code=1).err
    assert (public / "2026-04-15").is_dir()


def test_a_uuid_tells_projects_of_one_name_apart(repository, gamma, public):
    namesake = project(repository, "namesake", "PRJ-003", "Gamma")
    says(gamma, "title: Gamma\n", f"title: Gamma\nuuid: {ONE}\n")
    says(namesake, "title: Gamma\n", f"title: Gamma\nuuid: {OTHER}\n")
    publish(gamma, public)

    outcome = publish(namesake, public, "--as-of", "2026-04-16", code=1)

    assert "error[other-project]: the site there is of another project of the same name, 'Gamma'" in outcome.err


def test_a_copy_that_got_a_uuid_of_its_own_is_another_project_though_its_history_begins_alike(
    repository, gamma, public
):
    says(gamma, "title: Gamma\n", f"title: Gamma\nuuid: {ONE}\n")
    copytree(gamma, repository / "copy")
    says(repository / "copy", "as_of: 2026-04-15", "as_of: 2026-04-15 # copied")
    publish(gamma, public)
    says(repository / "copy", f"title: Gamma\nuuid: {ONE}\n", f"title: Copy\nuuid: {OTHER}\n")

    outcome = publish(repository / "copy", public, code=1)

    assert "error[other-project]" in outcome.err
    assert "--unshallow" not in outcome.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "title: Gamma two\n"),
        ("", "title: Gamma\nuuid: " + ONE + "\n"),
        ("", "title: Gamma two\nuuid: " + ONE + "\n"),
        ("", "title: Gamma\naudience: restricted\n"),
        (f"uuid: {ONE}\n", "title: Gamma two\nuuid: " + ONE.upper() + "\n"),
    ],
    ids=["a title", "a uuid", "both", "a label", "a title beside its uuid"],
)
def test_a_project_that_gets_something_new_publishes_to_its_own_site(gamma, public, before, after):
    if before:
        says(gamma, "title: Gamma\n", f"title: Gamma\n{before}")
    publish(gamma, public)
    says(gamma, f"title: Gamma\n{before}", after)

    # That those who may not see the charter any more see its title in earlier versions is another matter.
    publish(gamma, public, "--as-of", "2026-04-16", "--acknowledge", "PRJ-003")

    assert json.loads((public / "versions.json").read_bytes())[0]["version"] == "2026-04-16"
    publish(gamma, public, "--as-of", "2026-04-17", "--acknowledge", "PRJ-003")
    assert is_whole(public)


def test_another_name_is_refused_where_the_history_that_would_tell_is_not_there(tmp_path, repository, gamma, public):
    publish(gamma, public)
    says(gamma, "title: Gamma\n", "title: Gamma two\n")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")

    outcome = publish(tmp_path / "shallow/gamma", public, "--as-of", "2026-04-16", code=1)

    assert "error[other-project]" in outcome.err
    assert (
        "if it is the same and has another name by now, in a shallow clone `git fetch --unshallow` lets the history say so"
        in outcome.err
    )


def test_the_mark_of_a_site_tells_no_more_of_a_charter_than_its_readers_may_see(gamma, public):
    says(gamma, "title: Gamma\n", f"title: Gamma\nuuid: {ONE}\naudience: restricted\n")

    publish(gamma, public)

    mark = json.loads((public / "build.json").read_bytes())
    assert mark["project"] == {"id": None, "name": "Small", "uuid_sha256": hashlib.sha256(ONE.encode()).hexdigest()}
    assert not any(ONE.encode() in data or b"Gamma" in data for data in read_tree(public).values())


def test_a_site_from_before_the_mark_named_a_project_is_taken_as_its_own(gamma, public):
    publish(gamma, public)
    mark = json.loads((public / "build.json").read_bytes())
    del mark["project"]
    (public / "build.json").write_text(json.dumps(mark))

    publish(gamma, public, "--as-of", "2026-04-16")

    assert json.loads((public / "build.json").read_bytes())["project"]["name"] == "Gamma"
