"""Reclassified: what earlier versions still show to readers who may not see it any more (R45)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from msgspec import Struct, field

from aipm_site.exports import records_json, status_json
from aipm_site.facts.figure import AnyFigure
from aipm_site.facts.view import View
from aipm_site.pages.addresses import report_address
from aipm_site.problems import Place, Problem, error
from aipm_site.project import Project
from aipm_site.publication.arrangement import Kept, Published
from aipm_site.publication.outputs import in_use, shown_attachments
from aipm_site.publication.stamp import is_page
from aipm_site.readers.content_tree import PageSource
from aipm_site.summaries.report import BUILT_IN_REPORTS

_INDEX = {"index", "README"}


class Shown(Struct, frozen=True):
    """What one version, or one build, shows.

    Attributes:
        paths: Paths of its files.
        read: Gives the bytes of one of them.
    """

    paths: Collection[str]
    read: Callable[[str], bytes]

    def data(self, path: str) -> Any:
        """Return what a file of data holds; None where it is not there or holds none."""
        try:
            return json.loads(self.read(path)) if path in self.paths else None
        except ValueError:
            return None

    def is_linked(self, path: str) -> bool:
        """Say whether any page names a file."""
        name = re.escape(quote(PurePosixPath(path).name).encode())
        # The whole name: a link to old-data.csv is none to data.csv.
        named = re.compile(rb"""[/"'=]""" + name + rb"""["'?#\s>]""")
        return any(named.search(self.read(page)) for page in self.paths if is_page(page))


class Hidden(Struct, frozen=True, dict=True):
    """What is hidden from the readers of a site as records, pages and settings say now.

    Attributes:
        project: The whole project.
        audience: The readers.
        figures: All figures as they are now, hidden ones too.
        acknowledged: Ids, paths and names of figures that earlier versions may go on showing.
    """

    project: Project
    audience: str
    figures: Mapping[str, AnyFigure] = field(default_factory=dict)
    acknowledged: frozenset[str] = frozenset()

    @cached_property
    def _visible(self) -> Project:
        return self.project.visible_to(self.audience)

    @cached_property
    def records(self) -> Mapping[str, Place]:
        """Ids of hidden records, with their places."""
        shown = self._visible.records
        return {i: r.place for i, r in self.project.records.items() if i not in shown and i not in self.acknowledged}

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Paths of hidden pages in a site, with the files that they were made from.

        A generated page takes the place of a hidden front page of a folder, and a built-in report that of a hidden
        template of its name, so those tell nothing.
        """
        found = {path: page.path for page in self._hidden(self.project.pages) for path in self._paths(page.path)}
        templates = {
            PurePosixPath(template.path).stem: template.path for template in self._hidden(self.project.templates)
        }
        own = ((name, path) for name, path in templates.items() if name not in BUILT_IN_REPORTS)
        return found | {f"{report_address(name)}index.html": path for name, path in own}

    @cached_property
    def attachments(self) -> Mapping[str, str]:
        """Paths of attachments in a site that only hidden pages and records refer to, with their files."""
        return {self._below_content(path): path for path in self._unshown_attachments if path in self._in_use}

    @cached_property
    def unlabelled(self) -> Mapping[str, str]:
        """Paths of attachments in a site that nothing refers to any more, where their default label hides them.

        A version shows such a file by right where one of its pages did: to take a picture off a page hides nothing.
        """
        if self.project.may_see(self.audience, self.project.charter.default_audience_label):
            return {}
        return {self._below_content(path): path for path in self._unshown_attachments if path not in self._in_use}

    @cached_property
    def figure_names(self) -> frozenset[str]:
        """Names of the figures that are hidden now."""
        view = View(self.project, self.audience)
        hidden = (name for name, figure in self.figures.items() if view.figure(figure) is None)
        return frozenset(hidden) - self.acknowledged

    @cached_property
    def _in_use(self) -> frozenset[str]:
        return frozenset(in_use(self.project))

    @cached_property
    def _unshown_attachments(self) -> tuple[str, ...]:
        shown = {*shown_attachments(self.project, self._visible, self.audience), *self.acknowledged}
        return tuple(path for path in self.project.attachments if path not in shown)

    def _hidden(self, sources: Iterable[PageSource]) -> Iterator[PageSource]:
        for source in sources:
            is_shown = self.project.may_see(self.audience, self.project.audience_of(source))
            if not is_shown and source.path not in self.acknowledged:
                yield source

    def _paths(self, path: str) -> tuple[str, ...]:
        below = PurePosixPath(self._below_content(path))
        address = below.with_suffix("").as_posix()
        return () if below.stem in _INDEX else (f"{address}/index.html", f"{address}.html")

    def _below_content(self, path: str) -> str:
        return path.removeprefix(f"{self.project.content}/")

    def shown_in(self, shown: Shown) -> dict[str, Place]:
        """Return what a version shows of it, by id, path or name of a figure, with its place in the content."""
        files = {**self.pages, **self.attachments}
        found = {source: Place(source) for path, source in files.items() if path in shown.paths}
        found |= {
            source: Place(source)
            for path, source in self.unlabelled.items()
            if path in shown.paths and not shown.is_linked(path)
        }
        found |= dict.fromkeys(self._figures_in(shown), self._settings)
        ids = _record_ids(shown) if self.records else ()
        return found | {record_id: self.records[record_id] for record_id in ids if record_id in self.records}

    @property
    def _settings(self) -> Place:
        return self.project.charter.origin.place_of_key(("disclose",))

    def _figures_in(self, shown: Shown) -> Iterator[str]:
        """Yield the hidden figures of a version that a line of the settings had disclosed.

        Any other was made of records that its readers saw. If they may not any more, those are told; else it is hidden
        for what was recorded since, of which the version says nothing.
        """
        for name, figure in _figures(shown).items() if self.figure_names else ():
            if name in self.figure_names and figure.get("disclosed"):
                yield name


def _record_ids(shown: Shown) -> tuple[str, ...]:
    try:
        return tuple(str(record["id"]) for record in shown.data(records_json.PATH)["records"])
    except (KeyError, TypeError):
        return ()


def _figures(shown: Shown) -> Mapping[str, Mapping[str, Any]]:
    try:
        return {str(name): dict(figure) for name, figure in shown.data(status_json.PATH)["figures"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}


def check_versions(hidden: Hidden, published: Published, command: str) -> Iterator[Problem]:
    """Find what published versions still show of what their readers may not see any more.

    Args:
        hidden: What is hidden.
        published: The published site.
        command: The command line that publishes there, for the hint.
    """
    found: dict[str, tuple[Place, list[str]]] = {}
    for version in published.versions:
        for name, place in hidden.shown_in(_shown(published, published.of(version.name))).items():
            found.setdefault(name, (place, []))[1].append(version.name)
    for name, (place, versions) in sorted(found.items()):
        purge = " ".join(f"--purge {version}" for version in versions)
        message = f"{name} is not for '{hidden.audience}' any more, and {_listed(versions)} still {_show(versions)} it"
        hint = (
            f"take {'it' if len(versions) == 1 else 'them'} away with `{command} {purge}`, or acknowledge it: "
            f"`publish: {{acknowledged: [{name}]}}` in project.yml"
        )
        yield error("reclassified", message, place, hint)


def _shown(published: Published, files: Mapping[str, Kept]) -> Shown:
    return Shown(files.keys(), lambda path: published.read(files[path]))


def _listed(versions: list[str]) -> str:
    return f"the version {versions[0]}" if len(versions) == 1 else f"the versions {', '.join(versions)}"


def _show(versions: list[str]) -> str:
    return "shows" if len(versions) == 1 else "show"


def check_build(hidden: Hidden, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find what a build shows of what is hidden by now; it was made before labels changed."""
    for name, place in sorted(hidden.shown_in(Shown(files.keys(), files.__getitem__)).items()):
        message = f"the build shows {name}, which is not for '{hidden.audience}'"
        yield error("shows-hidden", message, place, "build the site anew")
