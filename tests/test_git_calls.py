"""What `--at REV` asks of git: it reads, by few processes, and leaves checkout, index and repository as they were."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import sample
from tests.repository import History
from tests.sample import CHARTER, SMALL, aipm, write

# Questions; all of them print and write nothing (`status` refreshes the index, were it not for GIT_OPTIONAL_LOCKS=0).
READS = {"rev-parse", "log", "ls-tree", "cat-file", "status", "merge-base", "for-each-ref"}
UNDATED = CHARTER.replace("as_of: 2026-04-15\n", "")
# No commit is asked since when there is a risk that says so itself.
RISK = sample.RISK + "opened: 2026-04-01\n"


@dataclass(frozen=True)
class Log:
    """What git was called with since the log was emptied."""

    file: Path

    @property
    def calls(self) -> list[list[str]]:
        """The calls, each as its words from the subcommand on."""
        return [_without_settings(line.split("\t")) for line in self.file.read_text(encoding="utf-8").splitlines()]

    def clear(self) -> None:
        self.file.write_text("")

    def count(self, *words: str) -> int:
        """Return how many calls begin with these words."""
        return sum(call[: len(words)] == list(words) for call in self.calls)


def _without_settings(words: Sequence[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        del rest[: 2 if rest[0] in ("-c", "-C") else 1]
    return rest


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project of four commits with pages, an attachment, and changes that are staged, not staged, and new."""
    history = History(tmp_path / "project")
    history.commit(
        {**SMALL, "content/risks/RSK-001.yml": RISK, "content/project.yml": UNDATED, "content/wiki/a.csv": "a,b\n"},
        day=0,
    )
    for number in (2, 3, 4):
        history.commit({f"content/risks/RSK-00{number}.yml": RISK.replace("RSK-001", f"RSK-00{number}")}, day=number)
    write(history.root, {"content/wiki/staged.md": "# Staged\n", "content/wiki/start.md": "# Edited\n"})
    history.git("add", "content/wiki/staged.md")
    write(history.root, {"content/wiki/new.md": "# New\n"})
    (history.root / "content/risks/RSK-004.yml").unlink()
    return history


@pytest.fixture
def log(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """Put a git before the real one that writes down what it is called with."""
    real, folder, log = shutil.which("git"), tmp_path / "bin", Log(tmp_path / "calls")
    folder.mkdir()
    wrapper = folder / "git"
    wrapper.write_text(
        f'#!/bin/sh\n(for word do printf "%s\\t" "$word"; done; echo) >> "{log.file}"\nexec "{real}" "$@"\n'
    )
    wrapper.chmod(0o755)
    log.clear()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return log


def untouched(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return time and bytes of every file of the project and of its repository; what we keep there is left out."""
    files = [path for path in root.rglob("*") if path.is_file() and root / ".git" / "aipm" not in path.parents]
    return {path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def ask(history: History, *arguments: str) -> None:
    outcome = aipm(history.root, *arguments)
    assert outcome.code == 0, outcome.err


@pytest.mark.slow
@pytest.mark.parametrize("command", ["status", "build", "changes", "history"])
def test_it_reads_only_and_leaves_checkout_index_and_repository_as_they_were(
    history: History, log: Log, tmp_path: Path, command: str
) -> None:
    arguments = {
        "status": ("status", "--at", "main~1"),
        "build": ("build", "--at", "main~1", "--site", str(tmp_path / "site")),
        "changes": ("changes", "main~3", "main~1"),
        "history": ("history", "risk.open"),
    }
    before = untouched(history.root)
    assert ".git/index" in before

    ask(history, *arguments[command])

    assert untouched(history.root) == before
    subcommands = {call[0] for call in log.calls}
    assert "cat-file" in subcommands
    # No checkout, worktree, archive, read-tree, stash, reset or fetch.
    assert subcommands <= READS


def test_the_state_of_a_revision_is_read_by_one_process_however_many_files_it_has(history: History, log: Log) -> None:
    ask(history, "status", "--at", "main")
    log.clear()
    # The states of the earlier revisions are kept by now, so that only the one that is asked for is read.
    ask(history, "status", "--at", "main")
    few = Counter(call[0] for call in log.calls)

    assert log.count("cat-file", "--batch") == 1
    # mkdocs.yml alone is read before: it says which folder the content is.
    assert [call[2].partition(":")[2] for call in log.calls if call[:2] == ["cat-file", "blob"]] == ["./mkdocs.yml"]
    assert log.count("cat-file") == 2
    assert log.count("ls-tree") == 1

    many = {f"content/risks/RSK-{n}.yml": RISK.replace("RSK-001", f"RSK-{n}") for n in range(100, 150)}
    history.commit({"content/risks/RSK-004.yml": RISK.replace("RSK-001", "RSK-004"), **many}, day=9)
    ask(history, "status", "--at", "main")
    log.clear()
    ask(history, "status", "--at", "main")

    assert Counter(call[0] for call in log.calls) == few


@pytest.mark.slow
def test_a_build_reads_the_records_by_one_process_and_what_mkdocs_needs_by_one_more(
    history: History, log: Log, tmp_path: Path
) -> None:
    ask(history, "status", "--at", "main")
    log.clear()

    ask(history, "build", "--at", "main", "--site", str(tmp_path / "site"))

    # MkDocs reads folders: pages, attachments and the theme are written out into one of ours, without a checkout.
    assert log.count("cat-file", "--batch") == 2
    assert log.count("cat-file") == 3


def test_what_an_earlier_revision_was_is_read_once_and_kept(history: History, log: Log) -> None:
    ask(history, "status", "--at", "main")
    cold = log.calls
    log.clear()
    ask(history, "status", "--at", "main")
    warm = log.calls
    log.clear()
    ask(history, "status", "--at", "main~1")

    # Three earlier revisions have one call each, for their names: settings and files are read by one process for all.
    # Once for all there is which commit changed what.
    assert len(cold) - len(warm) == 3 + 2
    assert sum(call[0] == "ls-tree" for call in cold) == 1 + 3
    # An earlier one as the present one needs nothing that was not kept.
    assert len(log.calls) == len(warm)


def test_the_settings_of_earlier_commits_are_looked_at_only_where_they_fix_a_day(history: History, log: Log) -> None:
    for as_of, count in (("", 0), ("as_of: 2026-04-09\n", 1)):
        history.commit({"content/project.yml": UNDATED + as_of}, day=9)
        log.clear()
        ask(history, "status", "--at", "main")

        # One process reads the state that is asked for, and one more the settings of the commits before.
        assert log.count("cat-file", "--batch", "--buffer") == 1 + count


def test_what_is_not_committed_is_asked_for_only_where_there_is_any(history: History, log: Log) -> None:
    undated = RISK.replace("reviewed_on: 2026-04-14\n", "")
    history.commit({"content/risks/RSK-004.yml": undated.replace("RSK-001", "RSK-004")}, day=9)

    for count in (1, 2):
        log.clear()
        ask(history, "status")
        assert log.count("status") == count
        write(history.root, {"content/wiki/newer.md": "# Newer\n"})
