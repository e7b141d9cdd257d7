"""Publishing: what a new version, or the purge of old ones, makes of a published site; whatever the site is kept in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.problems import Place, did_you_mean, error
from aipm_site.publication.arrangement import Published, Source, arrange, manifest_bytes
from aipm_site.publication.candidate import Candidate
from aipm_site.publication.manifest import MANIFEST
from aipm_site.publication.project_mark import MarksAt
from aipm_site.publication.reclassified import Hidden, check_build, check_versions
from aipm_site.publication.root_files import SiteWords
from aipm_site.publication.shared_assets import ASSETS, SharedAssets, shared_assets
from aipm_site.publication.stamp import Stamp, stamped_files, version_files
from aipm_site.publication.target import Change, PublicationRefused
from aipm_site.publication.versions import (
    IsAncestor,
    NameTaken,
    Version,
    add_version,
    check_name,
    find_name,
    kept_versions,
    pin_aliases,
    without_aliases,
    without_versions,
)
from aipm_site.readers.project_mark import ProjectMark
from aipm_site.records.publishing import Publishing
from aipm_site.workspace import WrongRequest

_SHORT = 10


class NewVersion(Struct, frozen=True, dict=True):
    """A build on its way to become a version.

    Attributes:
        candidate: The build.
        name: The name that is wanted; None is its date.
        aliases: Aliases that it gets in any case.
        settings: `publish` of project.yml.
        words: What the site says of itself.
        hidden: What its readers may not see.
        is_ancestor: What git knows of two revisions.
        command: The command line that publishes there, for hints.
    """

    candidate: Candidate
    name: str | None
    aliases: tuple[str, ...]
    settings: Publishing
    words: SiteWords
    hidden: Hidden
    is_ancestor: IsAncestor
    command: str

    @cached_property
    def assets(self) -> SharedAssets:
        """The files that it shares with other versions."""
        return shared_assets(self.candidate.files)

    @cached_property
    def _stamped(self) -> dict[str, bytes]:
        # Not one byte in them depends on the name, which can change when another run is first.
        return stamped_files(self.candidate, Stamp(self.assets, self.words.base_url, self.words.noindex))

    def make(self, published: Published) -> Change:
        """Return what it makes of a published site.

        Raises:
            PublicationRefused: It may not be published there.
            WrongRequest: Its name or an alias cannot be had.
        """
        self._refuse(published)
        wanted = self.candidate.version(self.name, self.assets.folder)
        try:
            if self.name is not None:
                check_name(self.name, wanted.day)
            name, there = find_name(wanted, published.versions)
            if there is not None:
                return self._again(published, there)
            new = replace(wanted, name=name)
            rules = self.settings.aliases
            versions = add_version(published.versions, new, rules, self.aliases, self.is_ancestor)
        except NameTaken as fault:
            raise WrongRequest(str(fault)) from None
        return self._added(published, versions, name)

    def _refuse(self, published: Published) -> None:
        problems = [
            *check_build(self.hidden, self.candidate.files),
            *check_versions(self.hidden, published, self.command),
        ]
        if problems:
            raise PublicationRefused(*problems)

    def _again(self, published: Published, there: Version) -> Change:
        """The same state again changes nothing, but for aliases that are asked for."""
        if set(self.aliases) <= set(there.aliases):
            return Change(None, f"{there.name} shows the same already; nothing was changed", version=there.name)
        versions = pin_aliases(published.versions, there.name, self.aliases)
        site = arrange(published, versions, {}, self.settings.aliases, self.words, self.is_ancestor)
        return Change(site, f"{there.name} also {' and '.join(self.aliases)}", "name", there.name)

    def _added(self, published: Published, versions: tuple[Version, ...], name: str) -> Change:
        kept = kept_versions(versions, self.settings.keep, self.settings.aliases)
        new = next((version for version in kept if version.name == name), None)
        if new is None:
            message = f"{name} would go at once by the rule `publish: keep` in project.yml, as newer versions are there"
            hint = "give it an alias of its own with --alias, or let the rule keep more"
            raise PublicationRefused(error("not-kept", message, Place(MANIFEST), hint))
        trees = {name: self._files(new), f"{ASSETS}/{new.assets}": self._shared_files()}
        site = arrange(published, kept, trees, self.settings.aliases, self.words, self.is_ancestor)
        left = {version.name for version in kept}
        return Change(site, _message(new, [v.name for v in versions if v.name not in left]), version=name)

    def _files(self, version: Version) -> dict[str, Source]:
        files = self._stamped | version_files(version, self.candidate.manifest)
        hashes = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}
        return {**files, MANIFEST: manifest_bytes({**self.candidate.manifest, "files": hashes})}

    def _shared_files(self) -> dict[str, Source]:
        folder = f"{ASSETS}/{self.assets.folder}/"
        return {path.removeprefix(folder): data for path, data in self.assets.published().items()}


def held_to_site(
    make: Callable[[Published], Change], words: SiteWords, marks_at: MarksAt
) -> Callable[[Published], Change]:
    """Return what makes a change of a published site only where that is of the same readers and project.

    Args:
        make: Makes the change.
        words: What the site would say of itself.
        marks_at: What git knows of the project at a revision.
    """

    def held(published: Published) -> Change:
        _refuse_audience(published, words)
        _refuse_project(published, words, marks_at)
        return make(published)

    return held


def _refuse_audience(published: Published, words: SiteWords) -> None:
    """Refuse to put words for one audience, such as the title, into the site of another."""
    audiences = sorted({version.audience for version in published.versions} - {words.audience})
    if audiences:
        message = f"the site there is for '{audiences[0]}', and this run is for '{words.audience}'"
        hint = "each audience has a site of its own: name its folder or branch, or its --audience"
        raise PublicationRefused(error("other-audience", message, Place(MANIFEST), hint))


def _refuse_project(published: Published, words: SiteWords, marks_at: MarksAt) -> None:
    """Refuse to put one project into the site of another; a site that does not say whose it is is anybody's."""
    there, here = published.project, words.project
    if there is None or here is None or not published.versions or there.is_same(here):
        return
    if not there.is_told_by_uuid(here) and _was(there, published, marks_at):
        return
    what = f"another project, '{there.name}', and this one is '{here.name}'"
    if there.name == here.name:
        what = f"another project of the same name, '{there.name}'"
    hint = "each project has a site of its own: name another folder or branch"
    if not there.is_told_by_uuid(here):
        hint += (
            "; if it is the same and has another name by now, in a shallow clone `git fetch --unshallow` lets the "
            "history say so"
        )
    raise PublicationRefused(error("other-project", f"the site there is of {what}", Place(MANIFEST), hint))


def _was(mark: ProjectMark, published: Published, marks_at: MarksAt) -> bool:
    """Say whether the project was what a site says of its own, at the revision of one of the versions.

    Its title, id or label may have changed since, and it may have got its uuid since.
    """
    revisions = dict.fromkeys(version.revision for version in published.versions)
    return any(mark.is_same(then) for revision in revisions for then in marks_at(revision))


def _message(new: Version, dropped: list[str]) -> str:
    names = f" ({', '.join(new.aliases)})" if new.aliases else ""
    gone = f"; no longer kept: {', '.join(dropped)}" if dropped else ""
    return f"{new.name}{names} of revision {new.revision[:_SHORT]}{gone}"


def purge(
    names: Iterable[str], settings: Publishing, words: SiteWords, is_ancestor: IsAncestor
) -> Callable[[Published], Change]:
    """Return what takes versions away, from the history too.

    Args:
        names: Names of the versions.
        settings: `publish` of project.yml.
        words: What the site says of itself.
        is_ancestor: What git knows of two revisions.
    """
    wanted = tuple(names)

    def make(published: Published) -> Change:
        known = [version.name for version in published.versions]
        for name in wanted:
            if name not in known:
                hint = did_you_mean(name, known, f"versions are {', '.join(known)}" if known else "none is published")
                raise WrongRequest(f"there is no version '{name}'; {hint}")
        versions = without_versions(published.versions, wanted, settings.aliases)
        site = arrange(published, versions, {}, settings.aliases, words, is_ancestor)
        return Change(site, ", ".join(wanted), "purge", forgets=True)

    return make


def remove_aliases(
    aliases: Iterable[str], settings: Publishing, words: SiteWords, is_ancestor: IsAncestor
) -> Callable[[Published], Change]:
    """Return what takes aliases away that were given by hand; their versions stay.

    Args:
        aliases: The aliases.
        settings: `publish` of project.yml.
        words: What the site says of itself.
        is_ancestor: What git knows of two revisions.
    """
    wanted = tuple(dict.fromkeys(aliases))

    def make(published: Published) -> Change:
        bearers = {alias: version.name for version in published.versions for alias in version.aliases}
        for alias in wanted:
            if alias not in bearers:
                known = f"aliases are {', '.join(sorted(bearers))}" if bearers else "no version is published"
                raise WrongRequest(f"there is no alias '{alias}'; {did_you_mean(alias, bearers, known)}")
        try:
            versions = without_aliases(published.versions, wanted, settings.aliases)
        except NameTaken as fault:
            raise WrongRequest(str(fault)) from None
        site = arrange(published, versions, {}, settings.aliases, words, is_ancestor)
        return Change(site, ", ".join(f"the alias {alias} of {bearers[alias]}" for alias in wanted), "remove")

    return make
