"""A snapshot of a revision holds what a checkout of it would hold, read without one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from aipm_site.readers.git_command import GitFailure, read_blobs
from aipm_site.readers.git_snapshot import GitSnapshot, read_file_at
from aipm_site.readers.snapshot import UnreadableFileError, WorkingTree
from tests.repository import History

FILES = {
    "mkdocs.yml": "site_name: A\n",
    "content/project.yml": "id: PRJ-001\n",
    "content/risks/RSK-001.yml": "id: RSK-001\n",
    "content/wiki/a page.md": "# A\r\n",
    "content/data/ü.csv": b"\xff\x00\n",
    "content/.drafts/x.md": "hidden",
    "content/.hidden.yml": "hidden",
    "contents/no.yml": "another folder",
}


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "project")


def test_it_has_the_paths_and_bytes_of_the_working_tree_at_that_commit(history: History) -> None:
    commit = history.commit(FILES, day=0)
    there = WorkingTree(history.root)
    expected = {path: there.read(path) for path in there.paths()}
    history.commit({"content/risks/RSK-001.yml": "id: RSK-002\n", "content/wiki/a page.md": None}, day=1)

    snapshot = GitSnapshot(history.root, commit)

    assert {path: snapshot.read(path) for path in snapshot.paths()} == expected
    assert snapshot.paths() == there.paths()
    assert snapshot.problems == ()


def test_it_does_not_touch_the_working_tree_nor_the_index(history: History) -> None:
    commit = history.commit(FILES, day=0)
    history.commit({"content/project.yml": "id: PRJ-002\n"}, day=1)
    index = (history.root / ".git/index").read_bytes()

    GitSnapshot(history.root, commit).read("content/project.yml")

    assert (history.root / ".git/index").read_bytes() == index
    assert history.git("status", "--porcelain") == ""


def test_a_project_in_a_folder_of_the_repository_has_its_own_paths(history: History) -> None:
    commit = history.commit({f"triage/{path}": data for path, data in FILES.items()}, day=0)

    snapshot = GitSnapshot(history.root / "triage", commit)

    assert "content/risks/RSK-001.yml" in snapshot.paths()
    assert snapshot.read("content/project.yml") == b"id: PRJ-001\n"
    assert read_file_at(history.root / "triage", commit, "mkdocs.yml") == b"site_name: A\n"


def test_links_are_problems_as_they_are_on_disk(history: History) -> None:
    history.commit(FILES, day=0)
    (history.root / "content/link.md").symlink_to("wiki/a page.md")
    (history.root / "content/folder").symlink_to("risks")
    (history.root / "content/lost.md").symlink_to("nowhere.md")
    commit = history.commit({}, day=1)

    assert GitSnapshot(history.root, commit).problems == WorkingTree(history.root).problems
    assert len(GitSnapshot(history.root, commit).problems) == 3


def test_a_submodule_is_a_problem(history: History) -> None:
    commit = history.commit(FILES, day=0)
    history.git("update-index", "--add", "--cacheinfo", f"160000,{commit},content/vendored")
    history.git("commit", "--quiet", "--message", "a submodule")

    problems = GitSnapshot(history.root, history.git("rev-parse", "HEAD")).problems

    assert [(problem.code, problem.place.file) for problem in problems] == [("not-a-regular-file", "content/vendored")]


def test_names_that_are_not_text_and_names_that_differ_in_case_are_problems_as_they_are_on_disk(
    history: History,
) -> None:
    history.commit(FILES, day=0)
    folder = os.fsencode(history.root / "content")
    for name in (b"caf\xe9.md", b"Project.yml"):
        Path(os.fsdecode(folder + b"/" + name)).write_text("x")
    commit = history.commit({}, day=1)

    assert GitSnapshot(history.root, commit).problems == WorkingTree(history.root).problems
    assert {problem.code for problem in GitSnapshot(history.root, commit).problems} == {
        "bad-file-name",
        "names-differ-in-case",
    }


def test_a_revision_without_the_content_folder_says_so_as_a_folder_without_it_does(history: History) -> None:
    commit = history.commit({"mkdocs.yml": "site_name: A\n"}, day=0)

    assert GitSnapshot(history.root, commit).problems == WorkingTree(history.root).problems


def test_a_file_that_is_too_large_or_not_there_cannot_be_read(history: History) -> None:
    commit = history.commit(FILES, day=0)
    snapshot = GitSnapshot(history.root, commit)

    with pytest.raises(UnreadableFileError) as too_large:
        snapshot.read("content/project.yml", at_most=3)
    with pytest.raises(UnreadableFileError):
        snapshot.read("mkdocs.yml")

    assert too_large.value.problem.code == "too-large"


def test_a_blob_that_the_clone_lacks_is_a_problem_and_the_network_is_not_asked(
    history: History, tmp_path: Path
) -> None:
    history.git("config", "uploadpack.allowFilter", "true")
    commit = history.commit(FILES, day=0)
    clone = history.clone(tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    snapshot = GitSnapshot(clone, commit)

    with pytest.raises(UnreadableFileError) as lacking:
        snapshot.read("content/project.yml")

    assert lacking.value.problem.code == "unreadable-file"


def test_without_git_or_the_commit_there_is_no_snapshot(tmp_path: Path, history: History) -> None:
    history.commit(FILES, day=0)

    with pytest.raises(GitFailure):
        GitSnapshot(history.root, "0" * 40)


def test_more_blobs_than_a_pipe_holds_are_read_in_their_order(history: History) -> None:
    # A pipe of Linux holds 64 KiB; both directions are filled many times over.
    files = {f"content/f{number}.txt": f"{number} " + "x" * 3000 for number in range(2000)}
    commit = history.commit(files, day=0)
    snapshot = GitSnapshot(history.root, commit)
    blobs = [snapshot.blob(path) for path in files]

    assert list(read_blobs(history.root, blobs)) == [text.encode() for text in files.values()]


def test_whoever_stops_reading_leaves_no_process_behind(history: History) -> None:
    commit = history.commit({f"content/f{number}.txt": f"{number} " + "x" * 3000 for number in range(2000)}, day=0)
    snapshot = GitSnapshot(history.root, commit)
    reading = read_blobs(history.root, [snapshot.blob(path) for path in snapshot.paths()])

    next(reading)
    reading.close()

    children = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "comm="], capture_output=True, text=True, check=True
    )
    assert "git" not in children.stdout.split()
