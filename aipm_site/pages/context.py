"""Context: what every page is made from: the project and its facts as their readers may see them, made ready once."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from markupsafe import Markup
from msgspec import Struct, field

from aipm_site.charts.drawing import Drawings
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure
from aipm_site.facts.milestone import MilestoneState
from aipm_site.history.states import History
from aipm_site.pages.addresses import HOME, STATUS, address_of
from aipm_site.pages.field_values import FieldValues
from aipm_site.pages.links import Links
from aipm_site.pages.markdown import ProseRenderer
from aipm_site.pages.milestone_trends import MilestoneTrends
from aipm_site.pages.page import SiteInfo
from aipm_site.pages.words import phrase
from aipm_site.project import Project
from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.view_blocks import shows_view
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry
from aipm_site.records.shape import shape_of


class PageContext(Struct, frozen=True, dict=True):
    """One project, its facts and its build, for one audience.

    Attributes:
        project: The project as its readers may see it.
        facts: Its facts, likewise.
        site: What the build says of itself.
        history: What earlier revisions said, as its readers may see it.
        trends: How far its milestones moved, likewise.
        drawings: The charts that were drawn for its pages.
    """

    project: Project
    facts: Facts
    site: SiteInfo
    history: History = field(default_factory=History)
    trends: MilestoneTrends = field(default_factory=MilestoneTrends)
    drawings: Drawings = field(default_factory=Drawings)

    @cached_property
    def title(self) -> str:
        """Title of the project; of the site, where the project has no charter that may be seen."""
        charter = self.project.charter
        return charter.title if charter.id in self.project.records else self.site.title

    def hides(self, *kinds: str) -> bool:
        """Say whether records of these kinds (of any, where none is named) are hidden from these readers.

        A page must not count as if it showed them all, nor say "none".
        """
        hidden = self.facts.not_shared_kinds
        return bool(hidden.intersection(kinds) if kinds else hidden)

    @cached_property
    def links(self) -> Links:
        """Links to records."""
        return Links(self.project, self.status_of)

    @cached_property
    def prose(self) -> ProseRenderer:
        """Renderer of Markdown in fields."""
        return ProseRenderer(self.mention, self.paths)

    @cached_property
    def _values(self) -> dict[tuple[str, str | None, bool], FieldValues]:
        return {}

    def values_of(self, record: Entry, *, is_brief: bool = False) -> FieldValues:
        """Return what shows the fields of a record: on its page, or briefly in the cells of a register."""
        # Most records have none, and asking for it all the same took a fiftieth of a build.
        zone = getattr(record, "tz", None) if "tz" in shape_of(type(record)) else None
        key = self._folders[record.id], zone if zone != self.project.charter.tz else None, is_brief
        if key not in self._values:
            folder, tz, _ = key
            self._values[key] = FieldValues(self.links, self.prose, folder, tz=tz, is_brief=is_brief)
        return self._values[key]

    @cached_property
    def _folders(self) -> Mapping[str, str]:
        """Folders of the records' files by id, from which their relative links count."""
        return {record.id: posixpath.dirname(record.origin.file) for record in self.project.records.values()}

    def mention(self, text: str) -> Markup | None:
        """Return what stands for [[TEXT]] in prose, None where it is not the id of a record."""
        is_ours = self.links.is_known(text) or self.project.kinds.of_id(text) is not None
        return self.links.with_status(text) if is_ours and self.links.is_known(text) else None

    @cached_property
    def milestones(self) -> Mapping[str, MilestoneState]:
        """States of milestones by id."""
        return {state.milestone.id: state for state in self.facts.milestones}

    @property
    def cut_off(self) -> str:
        """What a page of trends says where the history is not whole; "" where it is."""
        return phrase("history_cut_off") if self.history.is_cut_off else ""

    def status_of(self, record: Entry) -> str | None:
        """Return a record's status: computed for milestones, else as written, else its kind's default."""
        state = self.milestones.get(record.id)
        if state is not None:
            return state.status
        written: str | None = getattr(record, "status", None) or getattr(record, "stage", None)
        return written or self.project.kinds.of(record).default_status

    @cached_property
    def figures_by_record(self) -> Mapping[str, tuple[AnyFigure, ...]]:
        """Figures by the record whose id stands in their name, such as schedule.slip.MS-05."""
        found: dict[str, list[AnyFigure]] = {}
        for name, figure in sorted(self.facts.figures.items()):
            for record_id in _ids_in_name(name, self.project.records):
                found.setdefault(record_id, []).append(figure)
        return {record_id: tuple(figures) for record_id, figures in found.items()}

    @cached_property
    def kinds_in_use(self) -> tuple[Kind, ...]:
        """Kinds of which there are records, but for the project itself, in order of their declaration."""
        used = {type(record) for record in self.project.records.values()}
        return tuple(kind for kind in self.project.kinds if kind.model in used and kind.folder)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Addresses of the content's files by path: pages, attachments, and files that hold one record."""
        records = self.project.records.values()
        per_file = Counter(record.origin.file for record in records)
        kinds = self.project.kinds
        return {
            **{path: path.removeprefix(f"{self.site.content}/") for path in self.project.attachments},
            **{page.path: self.address_of_page(page) for page in self.project.pages},
            **{r.origin.file: address_of(kinds.of(r), r) for r in records if per_file[r.origin.file] == 1},
        }

    @cached_property
    def home_address(self) -> str:
        """Where the status home stands: the front page, unless a writer made one that does not show it."""
        front = self.page_at(HOME)
        return HOME if front is None or shows_view(front.body, "home") else STATUS

    def page_at(self, address: str) -> PageSource | None:
        """Return the page that a writer put at an address, if there is one."""
        return next((page for page in self.project.pages if self.address_of_page(page) == address), None)

    def address_of_page(self, page: PageSource) -> str:
        """Return the address of an ordinary page, as MkDocs gives it with directory addresses."""
        stem = page.path.removeprefix(f"{self.site.content}/").removesuffix(".md")
        folder, _, name = stem.rpartition("/")
        address = folder if name.lower() in {"index", "readme"} else stem
        return f"{address}/" if address else ""


def _ids_in_name(name: str, ids: Container[str]) -> Iterator[str]:
    """Yield the ids in a figure's name; an id may hold points itself, as MV-RW-1.6.2 does."""
    parts = name.split(".")
    for start in range(1, len(parts)):
        if not parts[start][:1].isupper():
            continue
        for end in range(len(parts), start, -1):
            candidate = ".".join(parts[start:end])
            if candidate in ids:
                yield candidate
                break
