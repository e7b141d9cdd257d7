"""`aipm publish`: a build becomes a version beside the earlier ones, in a folder or on a branch; or nothing changes."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click
from msgspec import Struct

from aipm_site.loading import load_charter
from aipm_site.problems import Place, Problem, did_you_mean, error, format_text, has_errors
from aipm_site.publication.arrangement import Published
from aipm_site.publication.candidate import Candidate, check_project, read_candidate
from aipm_site.publication.identity import identity_of
from aipm_site.publication.plan import ContentRefused
from aipm_site.publication.plan_site import plan_session
from aipm_site.publication.project_mark import possible_marks, project_mark
from aipm_site.publication.publish import NewVersion, held_to_site, purge, remove_aliases
from aipm_site.publication.published_branch import BranchTarget, default_remote, has_commit, is_ancestor
from aipm_site.publication.published_folder import FolderTarget
from aipm_site.publication.reclassified import Hidden
from aipm_site.publication.root_files import SiteWords
from aipm_site.publication.site_address import address_of_site, check_address, check_has_address
from aipm_site.publication.swap import TargetRefused
from aipm_site.publication.target import Change, PublicationRefused, Target, publish_to
from aipm_site.readers.git import is_cut_off, read_commit
from aipm_site.readers.git_command import FOREIGN_REMEDY, GitFailure
from aipm_site.readers.git_snapshot import GitSnapshot
from aipm_site.readers.project_mark import ProjectMark
from aipm_site.readers.project_moves import located
from aipm_site.records.publishing import LATEST, Publishing, is_name, why_no_alias
from aipm_site.session import Session, open_session
from aipm_site.workspace import Workspace, WrongRequest, find_workspace, workspace_at

_NAME_HINT = "use letters, digits, dots, dashes, underscores"


class PublishOptions(Struct, frozen=True):
    """What the command line says.

    Attributes:
        to: Folder to publish into; else `branch` is given.
        branch: Branch to publish to.
        remote: Remote that has the branch; None takes `origin` where there is one.
        push: Whether a remote is used at all.
        version: Name of the version; None is the date it speaks for.
        aliases: Aliases that it gets in any case.
        built: A site that was built before; None builds one.
        audience: For whom; None is the project's default audience.
        as_of: The day or moment to speak for, as written.
        purged: Versions to take away, in place of publishing.
        removed_aliases: Aliases to take away, in place of publishing.
        acknowledged: What earlier versions may go on showing.
        dry_run: Whether nothing is written.
    """

    to: Path | None = None
    branch: str | None = None
    remote: str | None = None
    push: bool = True
    version: str | None = None
    aliases: tuple[str, ...] = ()
    built: Path | None = None
    audience: str | None = None
    as_of: str | None = None
    purged: tuple[str, ...] = ()
    removed_aliases: tuple[str, ...] = ()
    acknowledged: tuple[str, ...] = ()
    dry_run: bool = False


def publish_project(start: Path, options: PublishOptions) -> int:
    """Publish the project at or above a folder and return the exit code.

    Raises:
        WrongRequest: What is asked for cannot be done as asked.
    """
    _check_request(options)
    workspace = find_workspace(start)
    # A site that is taken as it was built has told its past already.
    builds = not (options.built or options.purged or options.removed_aliases)
    session = open_session(
        workspace.root, workspace.content, as_of=options.as_of, audience=options.audience, with_history=builds
    )
    run = _Publication(workspace, session, options)
    try:
        change = run.change()
    except TargetRefused as refusal:
        raise WrongRequest(str(refusal)) from None
    except PublicationRefused as refusal:
        return _report([*run.problems, *refusal.problems], "nothing was published")
    except ContentRefused as refusal:
        return _report(refusal.problems, "nothing was published")
    return _report(run.problems, run.outcome(change))


def _check_request(options: PublishOptions) -> None:
    if (options.to is None) == (options.branch is None):
        raise WrongRequest(
            "say where to publish: --to DIR for a folder, or --branch NAME for a branch of the repository"
        )
    if options.to is not None and (options.remote or not options.push):
        raise WrongRequest("--remote and --no-push are about a branch, and --to names a folder")
    publishes = options.built or options.version or options.aliases or options.as_of
    if options.purged and (publishes or options.removed_aliases):
        raise WrongRequest("--purge takes versions away and publishes none; call it alone, then publish")
    if options.removed_aliases and publishes:
        raise WrongRequest("--remove-alias takes names away and publishes nothing; call it alone, then publish")
    if options.built and options.as_of:
        raise WrongRequest("--from takes a site as it was built, so --as-of has no effect; give it to `aipm build`")
    if options.version and not is_name(options.version):
        raise WrongRequest(f"'{options.version}' cannot be a folder of the site; {_NAME_HINT}")
    for alias in options.aliases:
        reason = why_no_alias(alias)
        if reason:
            raise WrongRequest(f"'{alias}' {reason}; {_NAME_HINT}")
    if LATEST in options.aliases:
        raise WrongRequest(f"'{LATEST}' is the newest version by rule and cannot be given by hand")


class _Publication:
    """One call of the command: what it found, and what it works on."""

    def __init__(self, workspace: Workspace, session: Session, options: PublishOptions) -> None:
        self._workspace = workspace
        self._session = session
        self._options = options
        self._settings = session.whole.charter.publish or Publishing()
        self._base_url = address_of_site(workspace.settings.site_url, session.whole.charter)
        self._target = self._find_target()
        self.problems: list[Problem] = []

    def _find_target(self) -> Target:
        root, options = self._workspace.root, self._options
        if options.to is not None:
            return FolderTarget(options.to, root, root / self._workspace.content)
        remote = (options.remote or default_remote(root)) if options.push else None
        return BranchTarget(root, str(options.branch), remote)

    def change(self) -> Change:
        """Do what is asked for."""
        options = self._options
        if options.purged:
            return self._take_away(purge, options.purged)
        if options.removed_aliases:
            return self._take_away(remove_aliases, options.removed_aliases)
        return self.publish()

    def publish(self) -> Change:
        """Build or take a site, and publish it."""
        self._refuse_unknown_names()
        self._refuse_unclean()
        self.problems += check_address(self._workspace.settings.site_url, self._session.whole.charter)
        self.problems += check_has_address(self._base_url)
        with self._site() as folder:
            candidate, problems = read_candidate(folder, self._session.audience)
        if candidate is None:
            raise PublicationRefused(*problems)
        if self._options.built is not None:
            self._refuse_other_project(candidate)
        return self._change(self._new_version(candidate))

    def _take_away(self, what: Callable[..., Callable[[Published], Change]], names: tuple[str, ...]) -> Change:
        return self._publish_to(what(names, self._settings, self._words(), self._is_ancestor))

    def _change(self, new: NewVersion) -> Change:
        change = self._publish_to(new.make)
        if change.version is not None:
            # The one thing that a script asks for: VERSION=$(aipm publish …).
            click.echo(change.version)
        return change

    def _publish_to(self, make: Callable[[Published], Change]) -> Change:
        return publish_to(self._shown_target(), held_to_site(make, self._words(), self._marks_at))

    def _marks_at(self, revision: str) -> tuple[ProjectMark, ...]:
        """Return what a published site could have said of the project at a revision."""
        root = self._workspace.root
        try:
            found = read_commit(root, revision)
            if found is None:
                return ()
            found = located(root, self._workspace.content, found)
            then = workspace_at(self._workspace, found)
            charter = load_charter(GitSnapshot(root, revision, then.content, prefix=found.prefix), then.content)
        except (GitFailure, WrongRequest):
            # The revision does not hold the project, or it could not be read.
            return ()
        return possible_marks(charter, then.settings.site_name)

    def _refuse_unknown_names(self) -> None:
        project = self._session.recorded
        sources = (source.path for source in (*project.pages, *project.templates))
        known = {*project.records, *sources, *project.attachments, *self._session.facts.figures}
        for name in self._options.acknowledged:
            if name not in known:
                hint = did_you_mean(name, sorted(known), "name a record, a figure, or the path of a page or attachment")
                raise WrongRequest(f"there is no '{name}' to acknowledge; {hint}")

    def _refuse_unclean(self) -> None:
        revision = self._session.revision
        if self._options.built is None and revision.ignored:
            message = "git ignores this, so it is in no commit, and would be published"
            hint = "commit it, or move it out of the content"
            problems = (error("uncommitted-changes", message, Place(file), hint) for file in revision.ignored)
            raise PublicationRefused(*problems)
        if self._options.built is None and revision.uncommitted:
            hint = "commit or stash them; folders of built sites belong into .gitignore"
            raise PublicationRefused(error("uncommitted-changes", "there are uncommitted changes", Place("."), hint))
        if self._options.built is None and revision.commit is None:
            message = f"there is no commit to publish, as {revision.reason}"
            hint = FOREIGN_REMEDY if revision.is_refused else "commit what shall be published"
            raise PublicationRefused(error("no-revision", message, Place("."), hint))

    def _refuse_other_project(self, candidate: Candidate) -> None:
        identity = identity_of(self._session, self._workspace.settings.site_name)
        problems = list(check_project(candidate, identity, self._may_have(str(candidate.manifest["revision"]))))
        if problems:
            raise PublicationRefused(*problems)

    def _may_have(self, revision: str) -> bool:
        """Say whether a commit is one of the repository's; nobody knows without git, or in a shallow clone."""
        root = self._workspace.root
        return self._session.revision.commit is None or has_commit(root, revision) or is_cut_off(root)

    @contextmanager
    def _site(self) -> Iterator[Path]:
        if self._options.built is not None:
            yield self._options.built
            return
        with tempfile.TemporaryDirectory(prefix="aipm-publish-") as folder:
            yield self._build(Path(folder) / "site")

    def _build(self, site: Path) -> Path:
        from aipm_site.mkdocs_adapter.settings import WrongSettings
        from aipm_site.mkdocs_adapter.site import build_site

        # Pages, site map and feeds name the addresses that last: those of the latest version.
        address = f"{self._base_url}{LATEST}/" if self._base_url else None
        plan = plan_session(self._session, self._workspace.settings.site_name, site_url=address or "")
        try:
            result = build_site(self._workspace.settings.file, lambda *_: plan, site, site_url=address)
        except WrongSettings as fault:
            raise WrongRequest(str(fault)) from None
        if not result.is_written:
            raise PublicationRefused(*result.problems)
        self.problems += result.problems
        return site

    def _new_version(self, candidate: Candidate) -> NewVersion:
        session, options = self._session, self._options
        acknowledged = frozenset({*self._settings.acknowledged, *options.acknowledged})
        hidden = Hidden(session.whole, session.audience, session.facts.figures, acknowledged)
        return NewVersion(
            candidate,
            options.version,
            options.aliases,
            self._settings,
            self._words(),
            hidden,
            self._is_ancestor,
            self._command(),
        )

    def _command(self) -> str:
        """Return the command line that publishes there, to be given with more."""
        options = self._options
        where = ["--to", str(options.to)] if options.to is not None else ["--branch", str(options.branch)]
        remote = ["--remote", options.remote] if options.remote else []
        push = [] if options.push else ["--no-push"]
        return shlex.join(["aipm", "publish", *where, *remote, *push, "--audience", self._session.audience])

    def _is_ancestor(self, one: str, other: str) -> bool:
        return is_ancestor(self._workspace.root, one, other)

    def _words(self) -> SiteWords:
        identity, settings = identity_of(self._session, self._workspace.settings.site_name), self._settings
        mark = project_mark(identity, self._session.whole.charter)
        return SiteWords(
            identity.project_name, identity.audience, self._base_url, settings.domain, settings.robots, mark
        )

    def _shown_target(self) -> Target:
        return _Untouched(self._target) if self._options.dry_run else self._target

    def outcome(self, change: Change) -> str:
        """Say what happened, for the last line."""
        if change.arrangement is None:
            return f"{change.message}, {self._target.where()}"
        if self._options.dry_run:
            return f"would {change.verb} {change.message} {self._target.where()}; nothing was written"
        return f"{change.done} {self._target.where()}"


class _Untouched(Struct, frozen=True):
    """A target of which nothing is changed."""

    target: Target

    @property
    def name(self) -> str:
        return self.target.name

    def where(self) -> str:
        return self.target.where()

    def opened(self) -> AbstractContextManager[Published]:
        return self.target.opened()

    def write(self, published: Published, change: Change) -> bool:
        return True


def _report(problems: Sequence[Problem], outcome: str) -> int:
    click.echo(format_text(problems, outcome), err=True)
    return 1 if has_errors(problems) else 0
