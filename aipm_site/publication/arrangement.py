"""The arrangement: all files of a published site, from those that are there, the versions that stay and a new one."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import asdict

from aipm_site.exports.calendar import emptied
from aipm_site.pages.addresses import is_calendar
from aipm_site.publication.manifest import MANIFEST, PUBLISHED_SCHEMA
from aipm_site.publication.project_mark import read_project_mark
from aipm_site.publication.root_files import SiteWords, moved_page, root_files
from aipm_site.publication.shared_assets import ASSETS
from aipm_site.publication.stamp import address_of_page, is_page
from aipm_site.publication.versions import (
    VERSIONS,
    IsAncestor,
    NotVersions,
    Version,
    comes_after,
    read_versions,
    rule_aliases,
)
from aipm_site.readers.project_mark import ProjectMark
from aipm_site.records.publishing import LATEST


class Kept(Struct, frozen=True):
    """A file that is there already: how its store names it, and its mode in git."""

    ref: str
    mode: str = "100644"


Source = bytes | Kept


class Published(Struct, frozen=True, dict=True):
    """A published site as it is.

    Attributes:
        files: Its files by path.
        read: Gives the bytes of one of them.
        versions: Its versions, newest first.
        hashes: SHA-256 of the files that its mark names: all beside the versions that we wrote, and their manifests.
        project: The project that it is of; None where the site does not say, as those published earlier.
    """

    files: Mapping[str, Kept]
    read: Callable[[Kept], bytes]
    versions: tuple[Version, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    project: ProjectMark | None = None

    @cached_property
    def _by_folder(self) -> Mapping[str, dict[str, Kept]]:
        folders: defaultdict[str, dict[str, Kept]] = defaultdict(dict)
        for path, kept in self.files.items():
            folder, _, rest = path.partition("/")
            folders[folder][rest] = kept
        return folders

    def of(self, folder: str) -> dict[str, Kept]:
        """Return the files of a version, an alias or a folder of shared assets by their path in it."""
        first, _, below = folder.partition("/")
        files = self._by_folder.get(first, {})
        return (
            {p.removeprefix(f"{below}/"): k for p, k in files.items() if p.startswith(f"{below}/")} if below else files
        )

    def is_ours(self, path: str) -> bool:
        """Say whether we wrote a file."""
        return path == MANIFEST or path in self.hashes or path.partition("/")[0] in self._own_folders

    @cached_property
    def _own_folders(self) -> frozenset[str]:
        return frozenset({ASSETS, *(folder for version in self.versions for folder in version.folders)})


def read_published(files: Mapping[str, Kept], read: Callable[[Kept], bytes]) -> Published:
    """Return a published site from its files; nothing at all is a site without versions.

    Raises:
        NotVersions: The files are not a published site of ours.
    """
    if not files:
        return Published(files, read)
    try:
        mark = json.loads(read(files[MANIFEST]))
        if mark["schema"] != PUBLISHED_SCHEMA:
            raise NotVersions("it holds one build, not versions")
        project = read_project_mark(mark.get("project"))
        return Published(files, read, read_versions(read(files[VERSIONS])), dict(mark["files"]), project)
    except (KeyError, TypeError, ValueError):
        raise NotVersions("it holds files that aipm publish did not write") from None


class Arrangement(Struct, frozen=True):
    """A published site as it shall be: the source of each file by path, its versions, and where removed pages lead."""

    files: Mapping[str, Source]
    versions: tuple[Version, ...]
    removed: Mapping[str, str] = field(default_factory=dict)


def arrange(
    published: Published,
    versions: Sequence[Version],
    new: Mapping[str, Mapping[str, Source]],
    rules: Sequence[str],
    words: SiteWords,
    is_ancestor: IsAncestor,
) -> Arrangement:
    """Return all files of the site.

    Args:
        published: The site as it is.
        versions: The versions that it shall have, newest first.
        new: Files of new versions by their names, and under `assets/<folder>` the shared files that come with them.
        rules: What `publish.aliases` says.
        words: What the site says of itself.
        is_ancestor: What git knows of two revisions.
    """
    trees = {v.name: new[v.name] if v.name in new else published.of(v.name) for v in versions}
    # What others put beside the versions stays, such as a search engine's proof of ownership.
    files: dict[str, Source] = {path: kept for path, kept in published.files.items() if not published.is_ours(path)}
    for assets in sorted({version.assets for version in versions}):
        folder = f"{ASSETS}/{assets}"
        files |= _below(folder, new[folder] if folder in new else published.of(folder))
    removed: dict[str, str] = {}
    for version in versions:
        files |= _below(version.name, trees[version.name])
        for alias in version.aliases:
            gone = _lost(alias, version, versions, trees, rules, is_ancestor)
            files |= _below(alias, _with_lost(trees[version.name], gone, trees, published.read))
            removed = gone if alias == LATEST else removed
    addresses = {address_of_page(path): name for path, name in removed.items() if is_page(path)}
    files |= root_files(
        versions, [p for p in trees[_latest(versions)] if is_page(p)] if versions else [], addresses, words
    )
    files[MANIFEST] = _mark(files, versions, published, words)
    return Arrangement(files, tuple(versions), addresses)


def _latest(versions: Sequence[Version]) -> str:
    return next((version.name for version in versions if LATEST in version.aliases), versions[0].name)


def _below(folder: str, files: Mapping[str, Source]) -> dict[str, Source]:
    return {f"{folder}/{path}": source for path, source in files.items()}


def _lost(
    alias: str,
    bearer: Version,
    versions: Sequence[Version],
    trees: Mapping[str, Mapping[str, Source]],
    rules: Sequence[str],
    is_ancestor: IsAncestor,
) -> dict[str, str]:
    """Return the pages and calendars that an alias had and its version has not, with the newest version that has each.

    What stands behind the version in the list for its date alone is not before it, and its pages are not lost.
    """
    there = trees[bearer.name]
    removed: dict[str, str] = {}
    for version in versions[versions.index(bearer) + 1 :]:
        if alias not in rule_aliases(version, rules):
            continue
        gone = [path for path in trees[version.name] if path not in there and (is_page(path) or is_calendar(path))]
        if gone and comes_after(bearer, version, is_ancestor):
            for path in gone:
                if not _is_in_a_file(path, there):
                    removed.setdefault(path, version.name)
    return removed


def _is_in_a_file(path: str, there: Mapping[str, Source]) -> bool:
    """Say whether a folder of a path is a file by now."""
    parts = path.split("/")
    return any("/".join(parts[:n]) in there for n in range(1, len(parts)))


def _with_lost(
    tree: Mapping[str, Source],
    gone: Mapping[str, str],
    trees: Mapping[str, Mapping[str, Source]],
    read: Callable[[Kept], bytes],
) -> dict[str, Source]:
    """Return a version's files as an alias has them: pages that it lost lead to the version that has them.

    Calendars that it lost are there without entries: nobody who subscribed to one reads a page that leads elsewhere.
    """
    if not gone:
        return dict(tree)
    stand_ins = {
        path: moved_page(path, version) if is_page(path) else emptied(_bytes(trees[version][path], read))
        for path, version in gone.items()
    }
    manifest = json.loads(_bytes(tree[MANIFEST], read))
    manifest["files"] |= {path: hashlib.sha256(data).hexdigest() for path, data in stand_ins.items()}
    return {**tree, **stand_ins, MANIFEST: manifest_bytes(manifest)}


def manifest_bytes(manifest: Mapping[str, object]) -> bytes:
    """Return a manifest as it is written."""
    return f"{json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)}\n".encode()


def _bytes(source: Source, read: Callable[[Kept], bytes]) -> bytes:
    return source if isinstance(source, bytes) else read(source)


def _mark(files: Mapping[str, Source], versions: Sequence[Version], published: Published, words: SiteWords) -> bytes:
    """Return the site's own build.json: its project, hashes of what lies beside the versions and of their manifests.

    Each manifest has the hashes of its version, so this one file vouches for all.
    """
    folders = {folder for version in versions for folder in version.folders}
    hashes = {
        path: _hash(path, source, published)
        for path, source in sorted(files.items())
        if _is_vouched_for(path, source, folders, published)
    }
    project = {"project": asdict(words.project)} if words.project else {}
    return manifest_bytes({"schema": PUBLISHED_SCHEMA, "audience": words.audience, **project, "files": hashes})


def _is_vouched_for(path: str, source: Source, folders: set[str], published: Published) -> bool:
    folder, _, rest = path.partition("/")
    if folder in folders:
        return rest == MANIFEST
    return isinstance(source, bytes) or published.is_ours(path)


def _hash(path: str, source: Source, published: Published) -> str:
    if isinstance(source, Kept) and path in published.hashes and published.files.get(path) == source:
        return published.hashes[path]
    return hashlib.sha256(_bytes(source, published.read)).hexdigest()
