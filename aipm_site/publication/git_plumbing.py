"""Git plumbing: objects and references written without touching a working tree, an index or a branch by the way."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from aipm_site.readers.git_command import UNSET

# Fetching and pushing take as long as the network does; nothing else should.
TIMEOUT_SECONDS = 900
_SET = ("LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_NO_REPLACE_OBJECTS=1")
# `env` is used because only the command line reads or changes the environment of its own process.
_ENV = ("env", *(word for name in UNSET for word in ("-u", name)), *_SET)
# Hooks are for what people commit and push, and a repack in the background would outlive us.
_SETTINGS = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
)
_NOBODY = ("-c", "user.name=aipm", "-c", "user.email=aipm@localhost")


class GitRefused(Exception):
    """Git did not do it; the message is git's own."""


def run_git(root: Path, *arguments: str, given: bytes = b"", index: Path | None = None) -> bytes:
    """Return what a git command prints.

    Args:
        root: A folder of the repository.
        arguments: The command.
        given: What it reads.
        index: The index that it works on, in place of the repository's own.

    Raises:
        GitRefused: It failed, or there is no git.
    """
    variables = (f"GIT_INDEX_FILE={index}",) if index else ()
    command = (*_ENV, *variables, "git", *_SETTINGS, *arguments)
    try:
        done = subprocess.run(command, cwd=root, input=given, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise GitRefused(f"git {arguments[0]} did not end within {TIMEOUT_SECONDS} seconds") from None
    except OSError as fault:
        raise GitRefused(f"git cannot be run here: {fault.strerror}") from fault
    if done.returncode:
        raise GitRefused(_words(done.stderr) or f"git {arguments[0]} failed without a word")
    return done.stdout


def ask_git(root: Path, *arguments: str) -> str | None:
    """Return the one line that a git command prints, None where it fails or prints nothing."""
    try:
        return run_git(root, *arguments).decode("utf-8", "replace").strip() or None
    except GitRefused:
        return None


def _words(said: bytes) -> str:
    """Return what git says went wrong, without its progress and its advice."""
    lines = said.decode("utf-8", "replace").splitlines()
    told = [line.strip() for line in lines if line.startswith(("fatal:", "error:", "remote:", " !"))]
    return " ".join(" ".join(told or lines[:1]).replace("fatal: ", "").replace("error: ", "").split())[:500]


def tree_files(root: Path, commit: str) -> dict[str, tuple[str, str]]:
    """Return mode and blob of each file of a commit by its path."""
    entries = run_git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
    files: dict[str, tuple[str, str]] = {}
    for entry in entries:
        if entry:
            words, _, path = entry.partition(b"\t")
            mode, _, name = words.decode("ascii").split(" ")
            files[os.fsdecode(path)] = (mode, name)
    return files


def write_blobs(root: Path, contents: Sequence[bytes]) -> list[str]:
    """Write contents as blobs and return their names."""
    if not contents:
        return []
    marked = (b"blob\nmark :%d\ndata %d\n%b\n" % (n, len(data), data) for n, data in enumerate(contents, 1))
    with tempfile.TemporaryDirectory(prefix="aipm-publish-") as folder:
        marks = Path(folder) / "marks"
        run_git(root, "fast-import", "--quiet", f"--export-marks={marks}", given=b"".join(marked))
        names = dict(line.split() for line in marks.read_text(encoding="ascii").splitlines())
    return [names[f":{number}"] for number in range(1, len(contents) + 1)]


def write_tree(root: Path, files: Mapping[str, tuple[str, str]]) -> str:
    """Write the tree of files by mode and blob, through an index of its own, and return its name."""
    with tempfile.TemporaryDirectory(prefix="aipm-publish-") as folder:
        index = Path(folder) / "index"
        lines = (b"%b %b\t%b\0" % (m.encode(), b.encode(), os.fsencode(path)) for path, (m, b) in files.items())
        run_git(root, "update-index", "-z", "--index-info", given=b"".join(lines), index=index)
        return run_git(root, "write-tree", index=index).decode("ascii").strip()


def write_commit(root: Path, tree: str, parents: Iterable[str], message: str) -> str:
    """Write a commit and return its name; its author is the repository's user, else the tool."""
    known = ask_git(root, "config", "--get", "user.email") and ask_git(root, "config", "--get", "user.name")
    options = [word for parent in parents for word in ("-p", parent)]
    arguments = (*(() if known else _NOBODY), "commit-tree", "--no-gpg-sign", *options, "-F", "-", tree)
    return run_git(root, *arguments, given=message.encode()).decode("ascii").strip()
