"""Reclassified: what earlier versions still show to readers who may not see it any more (R45)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from aipm_site.pages.addresses import report_address
from aipm_site.problems import Place, Problem, error
from aipm_site.project import Project
from aipm_site.publication.arrangement import Kept, Published
from aipm_site.readers.content_tree import PageSource

_RECORDS = "records.json"
_INDEX = {"index", "README"}


@dataclass(frozen=True)
class Hidden:
    """What is hidden from the readers of a site as records and pages are labelled now.

    Attributes:
        project: The whole project.
        audience: The readers.
        acknowledged: Ids and paths that earlier versions may go on showing.
    """

    project: Project
    audience: str
    acknowledged: frozenset[str] = frozenset()

    @cached_property
    def records(self) -> Mapping[str, Place]:
        """Ids of hidden records, with their places."""
        shown = self.project.visible_to(self.audience).records
        return {i: r.place for i, r in self.project.records.items() if i not in shown and i not in self.acknowledged}

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Paths of hidden pages in a site, with the files that they were made from.

        A generated page takes the place of a hidden front page of a folder, so those tell nothing.
        """
        found = {path: page.path for page in self._hidden(self.project.pages) for path in self._paths(page.path)}
        for template in self._hidden(self.project.templates):
            found[f"{report_address(PurePosixPath(template.path).stem)}index.html"] = template.path
        return found

    def _hidden(self, sources: Iterable[PageSource]) -> Iterator[PageSource]:
        for source in sources:
            is_shown = self.project.may_see(self.audience, self.project.audience_of(source))
            if not is_shown and source.path not in self.acknowledged:
                yield source

    def _paths(self, path: str) -> tuple[str, ...]:
        below = PurePosixPath(path.removeprefix(f"{self.project.content}/"))
        address = below.with_suffix("").as_posix()
        return () if below.stem in _INDEX else (f"{address}/index.html", f"{address}.html")

    def shown_in(self, files: Collection[str], records: bytes | None) -> dict[str, Place]:
        """Return what a version shows of it, by id or path, with its place in the content.

        Args:
            files: Paths of the version's files.
            records: Its records.json, None where it has none.
        """
        ids = _record_ids(records) if records and self.records else ()
        found = {record_id: self.records[record_id] for record_id in ids if record_id in self.records}
        return found | {source: Place(source) for path, source in self.pages.items() if path in files}


def _record_ids(records: bytes) -> tuple[str, ...]:
    try:
        return tuple(str(record["id"]) for record in json.loads(records)["records"])
    except (ValueError, KeyError, TypeError):
        return ()


def check_versions(hidden: Hidden, published: Published) -> Iterator[Problem]:
    """Find what published versions still show of what their readers may not see any more."""
    shown: dict[str, tuple[Place, list[str]]] = {}
    if not hidden.records and not hidden.pages:
        return
    for version in published.versions:
        files = published.of(version.name)
        records = files.get(_RECORDS)
        for name, place in hidden.shown_in(files, _read(published, records)).items():
            shown.setdefault(name, (place, []))[1].append(version.name)
    for name, (place, versions) in sorted(shown.items()):
        purge = " ".join(f"--purge {version}" for version in versions)
        message = f"{name} is not for '{hidden.audience}' any more, and {_listed(versions)} still {_show(versions)} it"
        hint = (
            f"take {'it' if len(versions) == 1 else 'them'} away with `aipm publish {purge}`, or acknowledge it: "
            f"`publish: {{acknowledged: [{name}]}}` in project.yml"
        )
        yield error("reclassified", message, place, hint)


def _read(published: Published, kept: Kept | None) -> bytes | None:
    return published.read(kept) if kept else None


def _listed(versions: list[str]) -> str:
    return f"the version {versions[0]}" if len(versions) == 1 else f"the versions {', '.join(versions)}"


def _show(versions: list[str]) -> str:
    return "shows" if len(versions) == 1 else "show"


def check_build(hidden: Hidden, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find what a build shows of what is hidden by now; it was made before labels changed."""
    for name, place in sorted(hidden.shown_in(files, files.get(_RECORDS)).items()):
        message = f"the build shows {name}, which is not for '{hidden.audience}'"
        yield error("shows-hidden", message, place, "build the site anew")
