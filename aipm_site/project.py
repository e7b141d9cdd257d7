"""The project: all records and pages of one revision, their references both ways, and who may see them."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.prose_links import record_links
from aipm_site.records import KINDS
from aipm_site.records.charter import Charter
from aipm_site.records.kind import Kinds
from aipm_site.records.levels import missing_fields
from aipm_site.records.policy import Policy
from aipm_site.records.record import Entry, Row
from aipm_site.records.references import Reference, cited_of, ids_in_id, references_of
from aipm_site.redaction import Redaction, redact_model

E = TypeVar("E", bound=Entry)


class Backlink(Struct, frozen=True, order=True):
    """A reference seen from the other end: which record refers, and by which word or field."""

    rel: str
    record_id: str


class Rewriting(Struct, frozen=True):
    """That an issued report tells something else than when it became final.

    Attributes:
        on: The day of the last commit that changed its figures.
        figures: Names of the figures that are others now.
    """

    on: date
    figures: tuple[str, ...]


class CommitDays(Struct, frozen=True):
    """What commits say of when something changed.

    Attributes:
        changed_on: The day of the last commit that changed a value in a file, for files whose records give no date.
        brought_on: By id the day of the commit that first brought a record, for those that are news and give no day.
        changes: By id of a reviewed record, or path of a reviewed page, the days after the review on which commits
            changed a record that it cites, by the id of that record.
        cut_off_reviews: Ids and paths of those of which some commits since the review lie beyond the end of a shallow
            clone.
        rewritten_reports: By id what became of issued reports whose figures commits changed after they were final.
    """

    changed_on: Mapping[str, date] = field(default_factory=dict)
    brought_on: Mapping[str, date] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, tuple[date, ...]]] = field(default_factory=dict)
    cut_off_reviews: frozenset[str] = frozenset()
    rewritten_reports: Mapping[str, Rewriting] = field(default_factory=dict)


class Project(Struct, frozen=True, dict=True):
    """All records and pages at one revision; it knows nothing of today's date.

    Attributes:
        content: The folder of the content, as it stands in the paths of all places.
        charter: Charter and settings: content/project.yml, or the defaults where there is none.
        has_charter: Whether there is a project.yml.
        is_charter_read: Whether it could be read, if there is one: without its settings much else cannot be judged.
        kinds: The kinds that records may have.
        records: The records by id, sorted by id; the charter is one of them where it was written.
        pages: Ordinary Markdown pages.
        templates: Report templates of content/reports/.
        attachments: Paths of all other files.
        page_audiences: The label of each page by its path.
        hidden_ids: Ids of records that are left out for this audience; never shown, but known.
        hidden_paths: Paths of files that hold nothing for this audience.
        unread: How many records could not be read, and are in none of the above.
        unread_ids: Their ids, as far as those could be read, each with its label.
        policy: What the project allows a change to do: content/policy.yml; None without it.
        commits: What commits say of when something changed.
    """

    charter: Charter
    has_charter: bool = False
    is_charter_read: bool = True
    content: str = "content"
    kinds: Kinds = KINDS
    records: Mapping[str, Entry] = field(default_factory=dict)
    pages: tuple[PageSource, ...] = ()
    templates: tuple[PageSource, ...] = ()
    attachments: tuple[str, ...] = ()
    page_audiences: Mapping[str, str] = field(default_factory=dict)
    hidden_ids: frozenset[str] = frozenset()
    hidden_paths: frozenset[str] = frozenset()
    unread: int = 0
    unread_ids: Mapping[str, str] = field(default_factory=dict)
    policy: Policy | None = None
    commits: CommitDays = CommitDays()

    def with_commits(self, commits: CommitDays) -> Project:
        """Return the project with what commits say of it; all that was found out about it before holds still."""
        project = replace(self, commits=commits)
        project.__dict__.update(self.__dict__)
        return project

    @cached_property
    def undated_files(self) -> tuple[str, ...]:
        """Files of records that do not say themselves when they were last true, sorted."""
        undated = (
            record.place.file
            for record in self.records.values()
            if not (record.as_of or record.reviewed_on or record.updated or isinstance(record, Row))
        )
        return tuple(sorted(set(undated)))

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files that a link in prose can lead to: pages, attachments and files of records."""
        pages = (page.path for page in self.pages)
        return frozenset([*pages, *self.attachments, *(record.place.file for record in self.records.values())])

    @property
    def is_in_use(self) -> bool:
        """Whether there is anything of ours: a charter or a record; a site without stays as it was."""
        return self.has_charter or bool(self.records)

    def of(self, model: type[E]) -> tuple[E, ...]:
        """Return the records of one class and of those that extend it, sorted by id."""
        return tuple(record for record in self._by_model.get(model, ()) if isinstance(record, model))

    @cached_property
    def _by_model(self) -> dict[type[Entry], list[Entry]]:
        grouped: dict[type[Entry], list[Entry]] = defaultdict(list)
        for record in self.records.values():
            # A project may extend a kind; its risks are risks of a class of their own.
            for model in type(record).__mro__:
                if issubclass(model, Entry):
                    grouped[model].append(record)
        return grouped

    def get(self, record_id: str) -> Entry | None:
        """Return the record of that id, if it is there."""
        return self.records.get(record_id)

    @cached_property
    def references(self) -> Mapping[str, tuple[Reference, ...]]:
        """References by the id of the record that makes them, in the order of its fields."""
        return {record.id: references_of(record, self._is_id) for record in self.records.values()}

    def _is_id(self, text: str) -> bool:
        return self.kinds.of_id(text) is not None

    @cached_property
    def missing(self) -> Mapping[str, tuple[str, ...]]:
        """The expected fields that each record does not give, by its id."""
        return {r.id: missing_fields(self.kinds.of(r), r, self.charter) for r in self.records.values()}

    @cached_property
    def _backlinks(self) -> Mapping[str, tuple[Backlink, ...]]:
        found: dict[str, set[Backlink]] = defaultdict(set)
        for origin, references in self.references.items():
            for reference in references:
                if reference.id in self.records and reference.id != origin:
                    found[reference.id].add(Backlink(reference.rel, origin))
        return {target: tuple(sorted(links)) for target, links in found.items()}

    def backlinks(self, record_id: str) -> tuple[Backlink, ...]:
        """Return what refers to a record, sorted by relation and id."""
        return self._backlinks.get(record_id, ())

    def cited_by(self, record: Entry) -> tuple[str, ...]:
        """Return the ids of the other records that a record names in fields and prose, each once.

        Who answers for it, or does something in it, is named too, and is not what it goes by.
        """
        if record.id not in self._cited:
            self._cited[record.id] = self._find_cited(record.id)
        return self._cited[record.id]

    @cached_property
    def _cited(self) -> dict[str, tuple[str, ...]]:
        # Asked by each fact that a record is an input of. A cached method would hold the project in a cycle.
        return {}

    def _find_cited(self, record_id: str) -> tuple[str, ...]:
        others = cited_of(self.records[record_id])
        return tuple(other for other in others if other in self.records and other != record_id)

    def cited_by_page(self, page: PageSource) -> tuple[str, ...]:
        """Return the ids of the records that a page names in its text, each once."""
        others = dict.fromkeys(record_id for record_id, _, _ in record_links(page.body))
        return tuple(other for other in others if other in self.records)

    def audience_of(self, entry: Entry | PageSource) -> str:
        """Return the label of a record or page: its own, else the default; the strictest where it cannot be read.

        The id of a row is made of the ids of other records, so a row is never for more readers than those.
        """
        if isinstance(entry, Row):
            return self._row_audiences.get(entry.id) or self._known_label(entry.audience)
        own = self.page_audiences.get(entry.path) if isinstance(entry, PageSource) else entry.audience
        return self._known_label(own)

    @cached_property
    def _known_label(self) -> Callable[[str | None], str]:
        # Asked ten times for each record, and there are no more answers than labels.
        charter = self.charter
        return cache(lambda label: known_label(label, charter))

    @cached_property
    def _row_audiences(self) -> Mapping[str, str]:
        return {row.id: self._row_audience(row) for row in self.records.values() if isinstance(row, Row)}

    def _row_audience(self, row: Row) -> str:
        named = (self.records.get(record_id) for record_id in ids_in_id(row))
        others = (self.audience_of(record) for record in named if record is not None and not isinstance(record, Row))
        return self.strictest((self._known_label(row.audience), *others))

    def strictest(self, labels: Iterable[str]) -> str:
        """Return the strictest of some labels; of none, the default label, as nothing says that it may be shared."""
        order = self.charter.audience_order
        known = [order.index(label) for label in labels]
        return order[max(known)] if known else self.charter.default_audience_label

    def may_see(self, audience: str, label: str) -> bool:
        """Say whether readers of a build for `audience` may see what bears `label`."""
        order = self.charter.audience_order
        return order.index(label) <= order.index(audience)

    def visible_to(self, audience: str) -> Project:
        """Return the project as an audience may see it.

        Stricter records, pages and templates are not in it. In what is left no id of a hidden record stands, and no
        link to what is hidden. Where nothing is hidden it is this very project, with all that was found out about it.
        """
        shown = {i: r for i, r in self.records.items() if self.may_see(audience, self.audience_of(r))}
        unread = frozenset(i for i, label in self.unread_ids.items() if not self.may_see(audience, label))
        pages = tuple(p for p in self.pages if self.may_see(audience, self.audience_of(p)))
        templates = tuple(t for t in self.templates if self.may_see(audience, self.audience_of(t)))
        left = (len(shown), len(pages), len(templates))
        if left == (len(self.records), len(self.pages), len(self.templates)) and not unread:
            return self._redacted() if self._redaction else self
        paths = {p.path for p in self.pages} | {r.origin.file for r in self.records.values()}
        visible = replace(
            self,
            records=shown,
            pages=pages,
            templates=templates,
            hidden_ids=self.hidden_ids | (frozenset(self.records) - frozenset(shown)) | unread,
            hidden_paths=self.hidden_paths
            | (paths - {p.path for p in pages} - {record.origin.file for record in shown.values()}),
        )
        return visible._redacted() if visible._redaction else visible

    def _redacted(self) -> Project:
        records = {record_id: self._redact_entry(record) for record_id, record in self.records.items()}
        kinds = self.kinds.reworded(self._redaction.text)
        return replace(self, charter=self._redact_entry(self.charter), records=records, kinds=kinds)

    def _redact_entry(self, entry: E) -> E:
        folder = posixpath.dirname(entry.origin.file)
        redacted = redact_model(entry, lambda text: self._redaction.text(text, folder))
        if entry.foreign is None:
            return redacted
        texts = {name: self._redaction.text(text, folder) for name, text in entry.foreign.texts.items()}
        if texts == entry.foreign.texts:
            return redacted
        # A record that is shown to others too must keep its own words.
        copy = redacted.model_copy() if redacted is entry else redacted
        copy.written_in(replace(entry.foreign, texts=texts))
        return copy

    @cached_property
    def _redaction(self) -> Redaction:
        return Redaction(self.hidden_ids, self.hidden_paths)

    def redact(self, text: str, folder: str = "") -> str:
        """Return a text without ids of records that are hidden here, and without links to what is hidden.

        Args:
            text: Words or Markdown.
            folder: Folder of the file that it stands in, from which its relative links count.
        """
        return self._redaction.text(text, folder)


def known_label(label: str | None, charter: Charter) -> str:
    """Return a label, the default where none is given, and the strictest where there is no such audience."""
    if label is None:
        return charter.default_audience_label
    return label if label in charter.audience_order else charter.audience_order[-1]
