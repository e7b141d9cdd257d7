"""Git: the commit that the files of a project stand at, and those that the names and days of others mean."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from aipm_site.readers.git_command import FOREIGN, ForeignCheckout, GitFailure, LackingClone, run_git

# New files one by one, folders of them as one; what is ignored likewise.
_ALSO_OTHERS = ("--untracked-files=normal", "--ignored=traditional")
_FOLDER_END = re.compile("/")


class Revision(Struct, frozen=True):
    """What git knows of a project's files.

    Attributes:
        commit: Full name of the commit; None where there is none.
        committed: When it was committed, with offset; None where there is none.
        uncommitted: Whether a file below the project's folder is changed, or new and not ignored, or one that was read
            is ignored: in each case no commit holds what is there.
        ignored: The files that were read although git ignores them.
        reason: Why there is no commit, in words that can follow "because"; empty where there is one.
        is_refused: Whether git refuses to read the checkout, as it belongs to another user.
        prefix: The project's folder in the commit, from the top of the repository, "" or with "/" at its end; None
            where it lay where it lies now.
    """

    commit: str | None = None
    committed: datetime | None = None
    uncommitted: bool = False
    reason: str = ""
    ignored: tuple[str, ...] = ()
    is_refused: bool = False
    prefix: str | None = None


def read_revision(root: Path, read: Iterable[str] = ()) -> Revision:
    """Return the commit that is checked out and whether files below `root` differ from it.

    Without git, outside a checkout, in that of another user, before the first commit and in a folder that no commit
    holds there is no commit, and the revision says why. A shallow clone and a detached head are revisions like any
    other.

    Args:
        root: The project's folder.
        read: Paths of the files that were read, from there: git may ignore some of them.
    """
    try:
        name, moment = run_git(root, "log", "-1", "--format=%H %cI").decode().split()
        changed, ignored = _differences(root)
        held = tuple(_among(tuple(read), ignored, root))
    except ForeignCheckout:
        return Revision(reason=FOREIGN, is_refused=True)
    except GitFailure as failure:
        return Revision(uncommitted=_has_changes_if_known(root), reason=str(failure))
    except ValueError:
        return Revision(reason="git gave no commit")
    uncommitted = bool(changed or held)
    if not holds(root):
        return Revision(uncommitted=uncommitted, reason="no commit holds this folder", ignored=held)
    return Revision(name, commit_moment(moment), uncommitted, ignored=held)


def read_commit(root: Path, name: str) -> Revision | None:
    """Return the commit that a tag, a branch or any other name of git's stands for; None where there is no such commit.

    Args:
        root: The project's folder.
        name: A name as `git rev-parse` takes it.

    Raises:
        GitFailure: There is no git, or no checkout.
    """
    if name.startswith("-") or not name:
        return None
    try:
        commit = run_git(root, "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}").decode().strip()
    except GitFailure:
        run_git(root, "rev-parse", "--git-dir")
        return None
    return _commit(root, commit)


def _commit(root: Path, commit: str) -> Revision:
    moment = run_git(root, "log", "-1", "--no-walk", "--format=%cI", commit).decode().strip()
    return Revision(commit, commit_moment(moment))


def read_commit_before(root: Path, moment: datetime, at: str = "HEAD") -> Revision | None:
    """Return the last commit of the main line that was made at a moment or before; None where all are later.

    The last is that nearest to `at`: clocks differ, so the dates of commits need not rise.

    Raises:
        GitFailure: There is no git, or no commit.
    """
    for name, committed in main_line(root, at):
        if committed is not None and committed <= moment:
            return _commit(root, name)
    return None


def read_merge_base(root: Path, one: str, other: str) -> str | None:
    """Return the last commit that two commits both follow upon; None where they have none, or the clone lacks it."""
    try:
        return run_git(root, "merge-base", one, other).decode().strip() or None
    except GitFailure:
        return None


def main_line(root: Path, at: str = "HEAD") -> list[tuple[str, datetime | None]]:
    """Return the commits of the main line with their committer's dates, newest first.

    The main line follows the first parent, so a merge is one commit, made when its branch was merged.

    Raises:
        GitFailure: There is no git, or no commit.
    """
    lines = run_git(root, "log", "--first-parent", "--format=%H %cI", at, "--").decode().splitlines()
    return [(name, commit_moment(moment)) for name, _, moment in (line.partition(" ") for line in lines)]


def uncommitted_files(root: Path, folder: str) -> tuple[str, ...]:
    """Return the files below a folder of the project that may differ from the last commit, removed ones included.

    Those that git ignores are none of them.

    Raises:
        GitFailure: There is no git, or no checkout.
    """
    _, prefix = common_folder(root)
    asked = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", folder)
    said = os.fsdecode(run_git(root, "--literal-pathspecs", "status", *asked))
    # Two letters and a space say what became of each; its path is that from the top of the repository.
    # One that was taken out of the index and lies there still is named twice.
    return tuple(dict.fromkeys(line[3:].removeprefix(prefix) for line in said.split("\0") if line))


def is_cut_off(root: Path) -> bool:
    """Say whether the clone is shallow: its history ends somewhere before the beginning."""
    try:
        return bool(shallow_boundary(root))
    except (GitFailure, OSError):
        return False


def is_partial(root: Path) -> bool:
    """Say whether the clone left contents to another repository, which is not asked for them."""
    try:
        return run_git(root, "config", "--get-regexp", r"^remote\..*\.promisor$") != b""
    except GitFailure:
        return False


def branches_and_tags(root: Path) -> tuple[str, ...]:
    """Return the names of branches and tags, sorted; none without git."""
    try:
        said = run_git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
    except GitFailure:
        return ()
    return tuple(sorted(said.decode("utf-8", "replace").splitlines()))


def _differences(root: Path) -> tuple[bool, frozenset[str]]:
    """Return whether something is changed or new, and the files and folders that git ignores.

    Their paths are those from the top of the checkout; those of folders end with a slash.
    """
    said = os.fsdecode(run_git(root, "status", "--porcelain", "-z", *_ALSO_OTHERS, "--", ".")).split("\0")
    ignored = frozenset(line[3:] for line in said if line.startswith("!! "))
    return any(line and not line.startswith("!! ") for line in said), ignored


def _among(read: Sequence[str], ignored: AbstractSet[str], root: Path) -> Iterator[str]:
    """Yield the files that are among those that git ignores, or lie in such a folder."""
    tops = {path.partition("/")[0] for path in read}
    near = {path for path in ignored if not tops.isdisjoint(path.split("/"))}
    if not near:
        return  # built sites and the like, for which git need not be asked where the project lies
    _, prefix = common_folder(root)
    for path in read:
        above = (prefix + path[: end.end()] for end in _FOLDER_END.finditer(path))
        if prefix + path in near or not near.isdisjoint(above):
            yield path


def _has_changes_if_known(root: Path) -> bool:
    try:
        return _differences(root)[0]
    except GitFailure:
        return False


def object_name(commit: str, path: str, prefix: str | None = None) -> str:
    """Return git's name for what a commit holds at a path of the project.

    Args:
        commit: Name of the commit.
        path: Path from the project's folder; "" is the folder.
        prefix: The project's folder in the commit, from the top of the repository; where git is called if not given.
    """
    if prefix is None:
        return f"{commit}:./{path}"
    # Git steps up from where it is called only.
    whole = posixpath.normpath(f"{prefix}{path}") if prefix or path else ""
    return f"{commit}:{whole}"


def holds(root: Path, commit: str = "HEAD", path: str = "", prefix: str | None = None) -> bool:
    """Say whether a commit holds a file or folder of the project, or the project's folder itself.

    Raises:
        LackingClone: The clone lacks what would tell.
    """
    try:
        return run_git(root, "rev-parse", "--quiet", "--verify", object_name(commit, path, prefix)) != b""
    except LackingClone:
        raise
    except GitFailure:
        return False


def holds_same(root: Path, one: str, other: str, path: str) -> bool:
    """Say whether two commits both hold a file of the project, with the same content."""
    try:
        names = run_git(root, "rev-parse", object_name(one, path), object_name(other, path)).split()
    except GitFailure:
        return False
    return len(names) == 2 and names[0] == names[1]


def commit_moment(text: str) -> datetime | None:
    """Return the moment of a commit as git writes it; None where it bears none that can be read."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        # A commit can bear any number of seconds and any offset; one that is no date dates nothing.
        return None


def shallow_boundary(root: Path) -> frozenset[str]:
    """Return the commits whose parents a shallow clone lacks; none in a whole one, however it was cloned.

    Raises:
        GitFailure: There is no git, or no checkout.
    """
    file = root / os.fsdecode(run_git(root, "rev-parse", "--git-path", "shallow")).rstrip("\n")
    ends = file.read_text(encoding="ascii").split() if file.is_file() else []
    return frozenset(name for name in ends if _has_parent(root, name))


def _has_parent(root: Path, commit: str) -> bool:
    """Say whether a commit was made upon another, whether the clone has that or not."""
    # Git lists the very first commit as an end too, where a clone happens to be as deep as the history.
    head, _, _ = run_git(root, "cat-file", "commit", commit).partition(b"\n\n")
    return b"\nparent " in head


def top_folder(root: Path) -> Path:
    """Return the folder of the work tree.

    Raises:
        GitFailure: There is no git, or no checkout.
    """
    return Path(os.fsdecode(run_git(root, "rev-parse", "--show-toplevel")).removesuffix("\n"))


def common_folder(root: Path) -> tuple[Path, str]:
    """Return git's own folder, which all work trees of a repository share, and the project's folder in a work tree.

    Raises:
        GitFailure: There is no git, or no checkout.
    """
    said = os.fsdecode(run_git(root, "rev-parse", "--git-common-dir", "--show-prefix"))
    folder, _, prefix = said.removesuffix("\n").partition("\n")
    return (root / folder).resolve(), prefix
