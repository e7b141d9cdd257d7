"""Comparison: two revisions of a project loaded for the head's date, and what lies between them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from aipm_site.changes.changes import Branching, Changes, compare
from aipm_site.changes.policy import Judgement, judge
from aipm_site.changes.side import Side
from aipm_site.memory import Memory
from aipm_site.problems import Problem, sort_problems
from aipm_site.readers.git import Revision, is_cut_off, read_merge_base
from aipm_site.records.policy import Policy
from aipm_site.records.policy_rules import read_policy
from aipm_site.session import Session, as_told, find_revision, open_session
from aipm_site.summaries.change_report import WORKING_TREE
from aipm_site.workspace import Workspace, WrongRequest, workspace_at


class Comparison(Struct, frozen=True):
    """A range of revisions and what it does.

    Attributes:
        base: Name of the commit that was asked for as the base.
        since: Name of the commit that the head is compared with: where both branches parted, mostly the base itself.
        head: Name of the head's commit, or "working tree".
        session: The head's session.
        changes: What changed, as the audience may see it.
        judgement: What the policy says of it.
        policy_problems: What is wrong with the policy that was applied.
        is_cut_off: Whether the clone is too shallow to know where the branches parted.
        errors: What is wrong in the head's content; none where the audience is narrower than the one that commands
            work for, as a message quotes the record that it is about.
    """

    base: str
    since: str
    head: str
    session: Session
    changes: Changes
    judgement: Judgement
    policy_problems: tuple[Problem, ...] = ()
    is_cut_off: bool = False
    errors: tuple[Problem, ...] = ()


def open_comparison(
    workspace: Workspace,
    base: str,
    head: str | None = None,
    *,
    as_of: str | None = None,
    audience: str | None = None,
    policy: Path | None = None,
) -> Comparison:
    """Return what a range of revisions does to a project.

    Args:
        workspace: The project's folder as it lies there now.
        base: Name or day of the revision before.
        head: Name or day of the revision after; the working tree where not given.
        as_of: The day or moment that both are computed for; the head's where not given.
        audience: Whom it is told to; the head's default where not given.
        policy: The file of the policy; that of the base where not given, else that of the head.

    Raises:
        WrongRequest: There is no such revision, audience or file, or the as-of is no date.
    """
    with Memory() as memory:
        return _Comparing(workspace, base, head, memory).compare(as_of, audience, policy)


class _Comparing:
    """Opens both sides, and what stands between them, with one memory: what did not change is read once."""

    def __init__(self, workspace: Workspace, base: str, head: str | None, memory: Memory) -> None:
        self._workspace = workspace
        self._base = find_revision(workspace.root, base, workspace.content)
        self._head = find_revision(workspace.root, head, workspace.content) if head is not None else None
        self._memory = memory

    def compare(self, as_of: str | None, audience: str | None, policy: Path | None) -> Comparison:
        root, content = self._root_and_content(self._head)
        session = self._told(
            open_session(root, content, as_of=as_of, audience=audience, at=self._head, memory=self._memory)
        )
        head, parted = _side(session), self._parted(session.revision)
        before = self._before(parted or self._base, session)
        tip = self._before(self._base, session) if parted else before
        branching = Branching(before.project, tip) if parted else None
        shown = compare(before, head, session.audience, branching)
        whole = shown if shown.is_all else compare(before, head, session.facts.audience, branching)
        rules, problems = _policy(policy, tip, head)
        return Comparison(
            base=self._base.commit or "",
            since=(parted or self._base).commit or "",
            head=(self._head.commit if self._head else None) or WORKING_TREE,
            session=session,
            changes=shown,
            judgement=judge(rules, whole, shown),
            policy_problems=tuple(problems),
            is_cut_off=is_cut_off(root),
            errors=_told_errors(session),
        )

    def _root_and_content(self, revision: Revision | None) -> tuple[Path, str]:
        workspace = workspace_at(self._workspace, revision) if revision else self._workspace
        return workspace.root, workspace.content

    def _before(self, revision: Revision, head: Session) -> Side:
        """Return an earlier state as of the head's date."""
        as_of = head.dated.as_of
        written = as_of.moment.isoformat() if as_of.is_moment else as_of.date.isoformat()
        try:
            root, content = self._root_and_content(revision)
        except WrongRequest:
            # There was no project yet, so there are no records but those that lay in the same folder.
            root, content = head.root, head.content
        return _side(self._told(open_session(root, content, as_of=written, at=revision, memory=self._memory)))

    def _told(self, session: Session) -> Session:
        """Return a session with the status that `aipm status` and the site tell of its revision."""
        return as_told(session, self._memory)

    def _parted(self, head: Revision) -> Revision | None:
        """Return where the branches of base and head parted; None where one of them follows upon the other."""
        base, root = self._base.commit, self._workspace.root
        if base is None or head.commit is None:
            return None
        ancestor = read_merge_base(root, base, head.commit)
        if ancestor in (None, base, head.commit):
            return None
        return find_revision(root, str(ancestor), self._workspace.content)


def _side(session: Session) -> Side:
    return Side(session.recorded, session.facts, session.problems)


def _told_errors(session: Session) -> tuple[Problem, ...]:
    project = session.whole
    if not project.may_see(session.audience, project.charter.default_audience_label):
        return ()
    return tuple(problem for problem in sort_problems(session.problems) if problem.severity == "error")


def _policy(file: Path | None, base: Side, head: Side) -> tuple[Policy | None, list[Problem]]:
    """Return the policy to apply: the one that is named, else that of the base, as a change must not excuse itself."""
    if file is None:
        return base.project.policy or head.project.policy, []
    try:
        data = file.read_bytes()
    except OSError as failure:
        raise WrongRequest(f"the policy {file} cannot be read: {failure.strerror}") from None
    return read_policy(data, file.as_posix(), head.project.kinds)
