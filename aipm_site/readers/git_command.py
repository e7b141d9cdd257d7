"""The git command: how it is called, so that neither settings nor surroundings change what it says or does."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

TIMEOUT_SECONDS = 60

# A hook of git hands these on to what it calls; they would point us at another repository, index or set of paths.
UNSET = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
)
# English messages, no locks taken beside an editor's git, no questions, objects as they were committed.
_SET = (
    "LC_ALL=C",
    "GIT_OPTIONAL_LOCKS=0",
    "GIT_TERMINAL_PROMPT=0",
    "GIT_NO_LAZY_FETCH=1",
    "GIT_NO_REPLACE_OBJECTS=1",
)
# `env` is used because a reader neither reads nor changes the environment of its own process.
_GIT = ("env", *(word for name in UNSET for word in ("-u", name)), *_SET, "git")
# No program that the repository's settings name is run, no network is asked for objects that a partial clone lacks,
# and no setting says which changes are told, or from where their paths count.
_SETTINGS = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "log.showSignature=false"),
    *("-c", "log.showRoot=true"),
    *("-c", "log.follow=false"),
    *("-c", "log.diffMerges=first-parent"),
    *("-c", "diff.relative=false"),
    *("-c", "protocol.allow=never"),
)


# What git says itself has the path of the checkout in it, which is no reader's business.
FOREIGN = "git refuses to read the checkout of another user"
FOREIGN_REMEDY = "let git read it: `git config --global --add safe.directory DIR`, with the top of the checkout as DIR"
# In the words of git since 2.35.3, and of the releases that began with it.
_FOREIGN_WORDS = ("detected dubious ownership", "unsafe repository")


class GitFailure(Exception):
    """Git did not answer; the message says why."""


class ForeignCheckout(GitFailure):
    """Git does not read a checkout that belongs to another user; the message says so, and what lets git read it."""

    def __init__(self) -> None:
        super().__init__(f"{FOREIGN}; {FOREIGN_REMEDY}")


class LackingClone(GitFailure):
    """A partial clone lacks what git was asked for; the message says so."""

    def __init__(self) -> None:
        super().__init__("this clone lacks what earlier commits hold, as it was made with a filter")


def run_git(root: Path, *arguments: str) -> bytes:
    """Return what a git command prints.

    Raises:
        ForeignCheckout: The checkout belongs to another user.
        LackingClone: A partial clone lacks what is asked for.
        GitFailure: It failed otherwise, or there is no git.
    """
    command = (*_GIT, *_SETTINGS, *arguments)
    try:
        done = subprocess.run(
            command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise GitFailure(f"git did not answer within {TIMEOUT_SECONDS} seconds") from None
    except OSError as failure:
        raise GitFailure(f"git cannot be run here: {os.strerror(failure.errno or 0)}") from failure
    if done.returncode:
        raise _failure(done.returncode, done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def _failure(returncode: int, text: str) -> GitFailure:
    if any(words in text for words in _FOREIGN_WORDS):
        return ForeignCheckout()
    if "promisor remote" in text:
        return LackingClone()
    return GitFailure(_reason(returncode, text))


def _reason(returncode: int, text: str) -> str:
    if returncode == 127:
        return "there is no git command"
    if "not a git repository" in text:
        return "the folder is no git checkout"
    if "does not have any commits" in text:
        return "there is no commit yet"
    # Only the first line, without git's own "fatal: ", says what; the rest is advice for a person at a terminal.
    return f"git says: {text.partition(chr(10))[0].removeprefix('fatal: ')}" if text else "git failed without a word"


class Blobs:
    """Gives the contents of files at earlier commits, by one git process that stays open."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process = _open_batch(root)
        self._missing: frozenset[str] = frozenset()

    def close(self) -> None:
        """Let git go."""
        self._process.communicate()

    def read(self, name: str) -> bytes | None:
        """Return the content of a blob; None for one that the clone does not hold.

        Args:
            name: Full name of the blob, or `commit:./path` from the folder of the checkout.
        """
        # A name of two lines would be two questions, and the second answer would be taken for that of the next one.
        return None if "\n" in name else next(iter(self.read_all([name])))

    def read_all(self, names: Sequence[str]) -> list[bytes | None]:
        """Return the content of each blob, in the order of their full names; None for one that the clone lacks."""
        found: dict[str, bytes | None] = {}
        waiting = [name for name in names if name not in self._missing]
        while waiting:
            answers = self._answers(waiting)
            found.update(zip(waiting, answers, strict=False))
            waiting = waiting[len(answers) :]
            if waiting:
                # In a partial clone git goes at the first content that it would have to fetch.
                self.close()
                self._process = _open_batch(self._root)
                self._missing = (self._missing or _missing_objects(self._root)) | {waiting[0]}
                waiting = [name for name in waiting if name not in self._missing]
        return [found.get(name) for name in names]

    def _answers(self, names: Sequence[str]) -> list[bytes | None]:
        """Return what git says of the contents, of each until it goes."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: PT018  both are pipes
        if len(names) == 1:
            # One name fits into any pipe, and a thread for it would cost more than the answer.
            _ask_for(stdin, names)
            return list(_blobs_of(stdout, names))
        # Both sides would wait for each other once the pipes are full, so a thread asks while we read.
        asker = threading.Thread(target=_ask_for, args=(stdin, names), daemon=True)
        asker.start()
        found = list(_blobs_of(stdout, names))
        asker.join()
        return found


def _missing_objects(root: Path) -> frozenset[str]:
    """Return the names of what commits refer to and a partial clone lacks."""
    asked = ("--objects", "--no-object-names", "--missing=print", "--all", "HEAD")
    try:
        said = run_git(root, "rev-list", *asked).decode("ascii")
    except GitFailure:
        return frozenset()
    return frozenset(line[1:] for line in said.splitlines() if line.startswith("?"))


def _open_batch(root: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        (*_GIT, *_SETTINGS, "cat-file", "--batch", *options),
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def read_blobs(root: Path, names: Sequence[str]) -> Iterator[bytes | None]:
    """Give the content of each blob in the order of their names; None for one that the clone does not hold.

    Args:
        root: A folder of the checkout.
        names: Full names of blobs.
    """
    if not names:
        return
    process = _open_batch(root, "--buffer")
    assert process.stdin is not None and process.stdout is not None  # noqa: PT018  both are pipes
    asker = threading.Thread(target=_ask_last_for, args=(process.stdin, names), daemon=True)
    asker.start()
    count = 0
    try:
        for content in _blobs_of(process.stdout, names):
            count += 1
            yield content
    finally:
        process.stdout.close()
        asker.join()
        process.wait()
    if count < len(names):
        with closing(Blobs(root)) as blobs:
            yield from blobs.read_all(names[count:])


def _ask_for(stdin: IO[bytes], names: Sequence[str]) -> None:
    # Where git is gone, there is no answer to read either.
    with suppress(BrokenPipeError):
        stdin.write(b"".join(os.fsencode(name) + b"\n" for name in names))
        stdin.flush()


def _ask_last_for(stdin: IO[bytes], names: Sequence[str]) -> None:
    # Whoever stops reading early closes the pipe, and git goes.
    with suppress(BrokenPipeError), stdin:
        _ask_for(stdin, names)


def _blobs_of(stdout: IO[bytes], names: Sequence[str]) -> Iterator[bytes | None]:
    """Give an answer for each name, or fewer where git goes before."""
    for _ in names:
        answer = stdout.readline()
        if not answer:
            return
        words = answer.split()
        if len(words) != 3 or words[2] == b"missing":  # "<name> missing", and there may be a space in a name
            yield None
            continue
        content = stdout.read(int(words[2]))
        if not stdout.read(1):
            return  # git says first how long a content is, and may find only then that it cannot read it
        yield content if words[1] == b"blob" else None
