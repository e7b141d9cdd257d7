"""A published site on a branch: written as git objects, and put in place only if nobody else was there first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from aipm_site.problems import Place, error
from aipm_site.publication.arrangement import Kept, Published, Source, read_published
from aipm_site.publication.git_plumbing import (
    GitRefused,
    ask_git,
    run_git,
    tree_files,
    write_blobs,
    write_commit,
    write_tree,
)
from aipm_site.publication.swap import TargetRefused
from aipm_site.publication.target import Change, PublicationRefused
from aipm_site.publication.versions import NotVersions

_FILE = "100644"


class BranchPublished(Published, frozen=True):
    """A published site at a commit; None where the branch is not there yet."""

    commit: str | None = None


class BranchTarget(Struct, frozen=True):
    """A branch, in the repository itself or, where there is a remote, there.

    Attributes:
        repository: A folder of the repository.
        branch: Name of the branch.
        remote: The remote whose branch it is; None publishes to the local branch.
    """

    repository: Path
    branch: str
    remote: str | None

    @property
    def name(self) -> str:
        """The branch."""
        return self.branch

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self.branch}"

    def where(self) -> str:
        """Say where the site is."""
        return f"on the branch {self.branch}" + (f" of {self.remote}" if self.remote else "")

    @contextmanager
    def opened(self) -> Iterator[BranchPublished]:
        """Give the site at the tip of the branch; a remote is asked anew each time."""
        self._check_branch()
        try:
            yield self._read(self._remote_tip() if self.remote else self._local_tip())
        except GitRefused as refusal:
            hint = "nothing was published; the branch is as it was"
            raise PublicationRefused(error("cannot-publish", str(refusal), Place(self.branch), hint)) from None

    def _check_branch(self) -> None:
        if ask_git(self.repository, "check-ref-format", "--branch", self.branch) != self.branch:
            raise TargetRefused(f"'{self.branch}' is no name of a branch")
        # `git worktree list` names the branch of every checkout; to move it would leave that with foreign changes.
        checkouts = ask_git(self.repository, "worktree", "list", "--porcelain") or ""
        if f"branch {self._ref}" in checkouts.splitlines():
            raise TargetRefused(
                f"the branch '{self.branch}' is checked out; versions are published to one of their own"
            )

    def _local_tip(self) -> str | None:
        return ask_git(self.repository, "rev-parse", "--verify", "--quiet", f"{self._ref}^{{commit}}")

    def _remote_tip(self) -> str | None:
        tip = self._listed_tip()
        if tip is not None and ask_git(self.repository, "cat-file", "-t", tip) != "commit":
            words = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
            run_git(self.repository, "fetch", *words, str(self.remote), self._ref)
        self._refuse_unpushed(tip)
        return tip

    def _listed_tip(self) -> str | None:
        said = run_git(self.repository, "ls-remote", str(self.remote), self._ref).decode("utf-8", "replace")
        # A pattern of git matches the end of longer names too.
        return next(
            (tip for tip, _, name in (line.partition("\t") for line in said.splitlines()) if name == self._ref), None
        )

    def _refuse_unpushed(self, tip: str | None) -> None:
        """Refuse to leave versions behind that were published to the local branch alone."""
        local = self._local_tip()
        if local is None or (tip and is_ancestor(self.repository, local, tip)):
            return
        message = f"the local branch '{self.branch}' has commits that '{self.remote}' has not"
        hint = f"push it, or delete it with `git branch -D {self.branch}`; `--no-push` publishes to it alone"
        raise PublicationRefused(error("unpushed-versions", message, Place(self.branch), hint))

    def _read(self, commit: str | None) -> BranchPublished:
        entries = tree_files(self.repository, commit) if commit else {}
        files = {path: Kept(blob, mode) for path, (mode, blob) in entries.items()}
        try:
            found = read_published(files, lambda kept: run_git(self.repository, "cat-file", "blob", kept.ref))
        except NotVersions as fault:
            hint = "name another branch; one that is not there yet is made"
            raise TargetRefused(f"the branch '{self.branch}' cannot take versions: {fault}; {hint}") from None
        return BranchPublished(found.files, found.read, found.versions, found.hashes, found.project, commit)

    def write(self, published: Published, change: Change) -> bool:
        """Put the new site on the branch; False where the branch moved since it was read."""
        assert change.arrangement is not None
        assert isinstance(published, BranchPublished)
        tree = write_tree(self.repository, self._entries(change.arrangement.files))
        parents = [published.commit] if published.commit and not change.forgets else []
        commit = write_commit(self.repository, tree, parents, f"{change.verb.capitalize()} {change.message}\n")
        move = self._push if self.remote else self._move
        return move(commit, published.commit)

    def _entries(self, files: Mapping[str, Source]) -> dict[str, tuple[str, str]]:
        # The files of a version and of its aliases are the same objects, so each is written once.
        new = {id(source): source for source in files.values() if isinstance(source, bytes)}
        blobs = dict(zip(new, write_blobs(self.repository, list(new.values())), strict=True))
        return {
            path: (source.mode, source.ref) if isinstance(source, Kept) else (_FILE, blobs[id(source)])
            for path, source in files.items()
        }

    def _move(self, commit: str, before: str | None) -> bool:
        try:
            run_git(self.repository, "update-ref", "-m", "aipm publish", self._ref, commit, before or "0" * len(commit))
        except GitRefused:
            if self._local_tip() == before:
                raise
            return False
        return True

    def _push(self, commit: str, before: str | None) -> bool:
        # The lease makes it a compare-and-swap; but for a purge the new commit is a child of the old one besides.
        lease = f"--force-with-lease={self._ref}:{before or ''}"
        try:
            run_git(self.repository, "push", "--quiet", "--no-verify", lease, str(self.remote), f"{commit}:{self._ref}")
        except GitRefused:
            tip = self._listed_tip()
            if tip == before:
                raise
            # A connection can break after the remote took it.
            return tip == commit
        return True


def is_ancestor(repository: Path, one: str, other: str) -> bool:
    """Say whether a commit is known to be an ancestor of another, or the same."""
    try:
        run_git(repository, "merge-base", "--is-ancestor", one, other)
    except GitRefused:
        return False
    return True


def has_commit(repository: Path, revision: str) -> bool:
    """Say whether a repository has a commit of this name."""
    return ask_git(repository, "cat-file", "-t", revision) == "commit"


def default_remote(repository: Path) -> str | None:
    """Return the remote that a branch is published to where none is named: `origin`, if there is one."""
    return "origin" if ask_git(repository, "remote", "get-url", "origin") else None
