"""Git: the revision of a project in real repositories of every shape, and when the value of a file last changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from aipm_site.readers import git_command
from aipm_site.readers.git import Revision, is_partial, read_commit, read_revision
from aipm_site.readers.git_command import Blobs, GitFailure, read_blobs
from aipm_site.readers.value_changes import ValueChanges
from tests.repository import line_of_folder

FIRST_DAY = datetime(2026, 4, 1, 12, 0, tzinfo=timezone(timedelta(hours=-5)))


class Repository:
    """A repository whose n-th commit is of the n-th day."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commits = 0
        root.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "A Writer")
        self.git("config", "user.email", "writer@example.org")
        self.git("config", "commit.gpgsign", "false")

    def git(self, *arguments: str, day: int = 0) -> str:
        moment = (FIRST_DAY + timedelta(days=day)).isoformat()
        dates = {"GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": "2020-01-01T00:00:00+00:00"}
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"}
        run = subprocess.run(
            ["git", *arguments], cwd=self.root, env=environment | dates, capture_output=True, text=True, check=True
        )
        return run.stdout.strip()

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, files: dict[str, str] | None = None) -> datetime:
        """Commit all changes as the next day's commit, and return its moment."""
        for path, text in (files or {}).items():
            self.write(path, text)
        self.commits += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change", day=self.commits)
        return FIRST_DAY + timedelta(days=self.commits)

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def changes(repository: Repository, *files: str) -> dict[str, datetime]:
    return value_change_dates(repository.root, files)


def value_change_dates(root: Path, files: Iterable[str], at: str = "HEAD") -> dict[str, datetime]:
    with ValueChanges(line_of_folder(root, at), yaml.safe_load) as all_changes:
        return all_changes.dates(files, all_changes.newest)


def test_the_revision_is_the_commit_that_is_checked_out_with_its_committers_date(repository):
    moment = repository.commit({"content/a.yml": "id: A\n"})

    assert read_revision(repository.root) == Revision(repository.head(), moment, uncommitted=False)
    assert read_revision(repository.root).committed.utcoffset() == timedelta(hours=-5)


def test_a_changed_file_and_a_new_file_are_uncommitted_and_an_ignored_one_is_not(repository):
    repository.commit({"content/a.yml": "id: A\n", ".gitignore": "/site/\n"})

    repository.write("site/index.html", "x")
    assert not read_revision(repository.root).uncommitted
    repository.write("content/a.yml", "id: B\n")
    assert read_revision(repository.root).uncommitted
    repository.git("checkout", "--quiet", ".")
    repository.write("content/b.yml", "id: B\n")
    assert read_revision(repository.root).uncommitted
    repository.git("add", "content/b.yml")
    assert read_revision(repository.root).uncommitted


def test_only_files_below_the_projects_folder_count(repository):
    repository.commit({"one/content/a.yml": "id: A\n", "two/content/a.yml": "id: A\n"})
    repository.write("two/content/a.yml", "id: B\n")

    assert not read_revision(repository.root / "one").uncommitted
    assert read_revision(repository.root / "two").uncommitted


def test_a_folder_that_no_commit_holds_has_no_commit(repository):
    repository.commit({"a.txt": "a\n"})
    repository.write("new/content/a.yml", "id: A\n")

    revision = read_revision(repository.root / "new")

    assert (revision.commit, revision.uncommitted, revision.reason) == (None, True, "no commit holds this folder")


def test_before_the_first_commit_there_is_none(repository):
    repository.write("content/a.yml", "id: A\n")

    assert read_revision(repository.root) == Revision(uncommitted=True, reason="there is no commit yet")


def test_outside_a_checkout_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert read_revision(tmp_path) == Revision(reason="the folder is no git checkout")


def test_where_git_refuses_the_checkout_of_another_user_it_is_said_without_its_path(repository, monkeypatch):
    repository.commit({"content/a.yml": "id: A\n"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    assert read_revision(repository.root) == Revision(
        reason="git refuses to read the checkout of another user", is_refused=True
    )
    with pytest.raises(GitFailure) as failure:
        read_commit(repository.root, "HEAD")
    assert "git config --global --add safe.directory" in str(failure.value)
    assert str(repository.root) not in str(failure.value)


def test_without_the_git_command_there_is_none(repository, monkeypatch, tmp_path):
    repository.commit({"content/a.yml": "id: A\n"})
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    assert read_revision(repository.root) == Revision(reason="there is no git command")
    with pytest.raises(GitFailure, match="there is no git command"):
        changes(repository, "content/a.yml")


def test_without_any_command_and_without_the_folder_there_is_none(repository, monkeypatch, tmp_path):
    assert read_revision(tmp_path / "nowhere").commit is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_revision(repository.root).commit is None


def test_a_git_that_does_not_answer_is_not_waited_for(repository, monkeypatch, tmp_path):
    repository.commit({"content/a.yml": "id: A\n"})
    slow = tmp_path / "bin/git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 20\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
    monkeypatch.setattr(git_command, "TIMEOUT_SECONDS", 0.2)

    assert read_revision(repository.root).reason == "git did not answer within 0.2 seconds"


def test_a_detached_head_is_a_revision(repository):
    repository.commit({"content/a.yml": "id: A\n"})
    first = repository.head()
    repository.commit({"content/a.yml": "id: B\n"})
    repository.git("checkout", "--quiet", first)

    assert read_revision(repository.root).commit == first


def test_a_shallow_clone_has_a_revision_and_dates_only_what_it_holds(repository, tmp_path):
    repository.commit({"content/old.yml": "id: A\n", "content/new.yml": "id: A\n"})
    repository.commit({"content/other.yml": "id: A\n"})
    moment = repository.commit({"content/new.yml": "id: B\n"})
    repository.git("clone", "--quiet", "--depth=2", f"file://{repository.root}", str(tmp_path / "clone"))

    assert read_revision(tmp_path / "clone") == Revision(repository.head(), moment, uncommitted=False)
    files = ["content/old.yml", "content/new.yml", "content/other.yml"]
    assert value_change_dates(tmp_path / "clone", files) == {"content/new.yml": moment}


def test_a_worktree_beside_the_repository_is_a_checkout(repository, tmp_path):
    moment = repository.commit({"content/a.yml": "id: A\n"})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "beside"), "-b", "topic")

    assert read_revision(tmp_path / "beside") == Revision(repository.head(), moment, uncommitted=False)


def test_what_a_hook_of_another_repository_sets_does_not_lead_us_there(repository, monkeypatch, tmp_path):
    other = Repository(tmp_path / "other")
    other.commit({"x": "x\n"})
    repository.commit({"content/a.yml": "id: A\n"})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))

    assert read_revision(repository.root).commit == repository.head()
    assert not read_revision(repository.root).uncommitted


def test_settings_of_the_repository_run_no_program_and_words_of_other_languages_do_no_harm(
    repository, monkeypatch, tmp_path
):
    repository.commit({"content/a.yml": "id: A\n"})
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program"):
        repository.git("config", setting, str(trap))
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "status.branch", "true")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")

    assert read_revision(repository.root) == Revision(repository.head(), FIRST_DAY + timedelta(days=1))
    assert changes(repository, "content/a.yml") == {"content/a.yml": FIRST_DAY + timedelta(days=1)}
    assert not (tmp_path / "sprung").exists()


def test_reading_leaves_no_trace_in_the_repository(repository):
    repository.commit({"content/a.yml": "id: A\n"})
    (repository.root / "content/a.yml").touch()
    before = (repository.root / ".git/index").read_bytes()

    read_revision(repository.root)

    assert (repository.root / ".git/index").read_bytes() == before


def test_a_file_is_dated_by_the_last_commit_that_changed_its_value(repository):
    first = repository.commit({"content/a.yml": "id: A\n", "content/b.yml": "id: B\n"})
    second = repository.commit({"content/a.yml": "id: A\nprobability: 3\n"})
    repository.commit({"mkdocs.yml": "site_name: x\n"})

    assert changes(repository, "content/a.yml", "content/b.yml") == {"content/a.yml": second, "content/b.yml": first}


def test_a_commit_that_only_formats_does_not_count(repository):
    repository.commit({"content/a.yml": "id: A\n"})
    second = repository.commit({"content/a.yml": "id: A\ntags: [a, b]\n"})
    repository.commit({"content/a.yml": "# Tags\nid: 'A'\ntags:\n  - a\n  - b\n"})

    assert changes(repository, "content/a.yml") == {"content/a.yml": second}


def test_a_move_does_not_count_nor_does_a_move_that_formats(repository):
    first = repository.commit({"content/a.yml": "id: A\n", "content/b.yml": "id: B\n"})
    repository.git("mv", "content/a.yml", "content/raid.yml")
    (repository.root / "content/raid").mkdir()
    repository.git("mv", "content/b.yml", "content/raid/b.yml")
    repository.commit({"content/raid/b.yml": "id:   B\n"})

    dates = changes(repository, "content/raid.yml", "content/raid/b.yml")

    assert dates == {"content/raid.yml": first, "content/raid/b.yml": first}


def test_a_move_with_another_value_counts(repository):
    repository.commit({"content/a.yml": "id: A\n"})
    repository.git("mv", "content/a.yml", "content/b.yml")
    second = repository.commit({"content/b.yml": "id: B\n"})

    assert changes(repository, "content/b.yml") == {"content/b.yml": second}


def test_two_files_with_the_same_bytes_are_moved_from_two_files(repository):
    repository.commit({"content/x/a.yml": "id: A\n"})
    second = repository.commit({"content/y/a.yml": "id: A\n"})
    repository.git("mv", "content/x", "content/x2")
    repository.git("mv", "content/y", "content/y2")
    repository.commit()

    dates = changes(repository, "content/x2/a.yml", "content/y2/a.yml")

    assert sorted(dates.values()) == [FIRST_DAY + timedelta(days=1), second]


def test_a_file_that_was_removed_and_came_back_is_dated_by_its_return(repository):
    repository.commit({"content/a.yml": "id: A\n"})
    repository.git("rm", "--quiet", "content/a.yml")
    repository.commit()
    third = repository.commit({"content/a.yml": "id: A\n"})

    assert changes(repository, "content/a.yml") == {"content/a.yml": third}


def test_what_a_branch_brought_is_dated_by_the_merge(repository):
    repository.commit({"content/a.yml": "id: A\n", "content/b.yml": "id: B\n"})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"content/a.yml": "id: A2\n"})
    repository.git("checkout", "--quiet", "main")
    third = repository.commit({"content/b.yml": "id: B2\n"})
    repository.git("merge", "--quiet", "--no-edit", "topic", day=9)

    dates = changes(repository, "content/a.yml", "content/b.yml")

    assert dates == {"content/a.yml": FIRST_DAY + timedelta(days=9), "content/b.yml": third}


def test_paths_count_from_the_projects_folder_and_may_have_any_letters(repository):
    moment = repository.commit({"project/content/größe & mehr.yml": "id: A\n", "content/größe & mehr.yml": "id: B\n"})

    dates = value_change_dates(repository.root / "project", ["content/größe & mehr.yml"])

    assert dates == {"content/größe & mehr.yml": moment}


def test_a_file_that_no_commit_holds_has_no_date(repository):
    repository.commit({"content/a.yml": "id: A\n"})
    repository.write("content/b.yml", "id: B\n")

    assert changes(repository, "content/b.yml") == {}
    assert changes(repository) == {}


def test_a_change_of_mode_alone_does_not_count(repository):
    first = repository.commit({"content/a.yml": "id: A\n"})
    (repository.root / "content/a.yml").chmod(0o755)
    repository.commit()

    assert changes(repository, "content/a.yml") == {"content/a.yml": first}


def test_a_file_that_was_removed_and_lies_there_uncommitted_has_no_date(repository):
    repository.commit({"content/a.yml": "id: A\n"})
    repository.git("rm", "--quiet", "content/a.yml")
    repository.commit()
    repository.write("content/a.yml", "id: A\n")

    assert changes(repository, "content/a.yml") == {}


def test_dates_are_known_for_every_earlier_commit_as_if_it_were_the_last(repository):
    repository.commit({"content/a.yml": "id: A\n", "content/b.yml": "id: B\n"})
    repository.commit({"content/a.yml": "id: 'A'\n", "content/b.yml": "id: B2\n"})
    repository.git("mv", "content/b.yml", "content/c.yml")
    repository.commit({"content/a.yml": "id: A3\n"})
    repository.commit({"content/c.yml": "# moved\nid: B2\n"})
    names = repository.git("rev-list", "--reverse", "HEAD").split()
    files = ["content/a.yml", "content/b.yml", "content/c.yml"]

    with ValueChanges(line_of_folder(repository.root), yaml.safe_load) as all_at_once:
        found = [all_at_once.dates(files, name) for name in reversed(names)]

    first, second, third = (FIRST_DAY + timedelta(days=day) for day in (1, 2, 3))
    assert found == [
        {"content/a.yml": third, "content/c.yml": second},
        {"content/a.yml": third, "content/c.yml": second},
        {"content/a.yml": first, "content/b.yml": second},
        {"content/a.yml": first, "content/b.yml": first},
    ]
    for name, dates in zip(reversed(names), found, strict=True):
        assert value_change_dates(repository.root, files, name) == dates


@pytest.mark.parametrize("asked", [[0, 1, 2], [2, 0, 1], [1, 2, 0], [0, 0, 2], [0]])
def test_a_content_that_a_clone_lacks_keeps_no_other_back(
    repository: Repository, tmp_path: Path, asked: list[int]
) -> None:
    # The first two are what `a.txt` and `b.txt` were; the clone has only what they are.
    texts = ["old a\n", "old b\n", "new a\n"]
    repository.commit({"a.txt": texts[0], "b.txt": texts[1]})
    repository.commit({"a.txt": texts[2], "b.txt": "new b\n"})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--filter=blob:none", repository.root.as_uri(), str(clone))
    names = [repository.git("rev-parse", name) for name in ("HEAD~1:a.txt", "HEAD~1:b.txt", "HEAD:a.txt")]
    held = [None, None, texts[2].encode()]

    with closing(Blobs(clone)) as blobs:
        assert blobs.read_all([names[one] for one in asked]) == [held[one] for one in asked]
        assert blobs.read("HEAD:./b.txt") == b"new b\n"
        assert blobs.read("HEAD~1:./b.txt") is None
        assert blobs.read(names[2]) == held[2]
    assert list(read_blobs(clone, [names[one] for one in asked])) == [held[one] for one in asked]
    assert is_partial(clone)
    assert not is_partial(repository.root)


def test_a_content_that_git_cannot_read_to_its_end_is_none(repository: Repository) -> None:
    # Large and hard to press, so that git writes some of it before it finds out.
    long = "".join(sha256(str(number).encode()).hexdigest() for number in range(5000))
    repository.commit({"a.txt": long, "b.txt": "whole\n"})
    damaged, whole = (repository.git("rev-parse", f"HEAD:{name}.txt") for name in "ab")
    file = repository.root / ".git" / "objects" / damaged[:2] / damaged[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    with closing(Blobs(repository.root)) as blobs:
        assert blobs.read_all([damaged, whole]) == [None, b"whole\n"]
    assert list(read_blobs(repository.root, [damaged, whole])) == [None, b"whole\n"]
