"""The project: all records and pages of one revision, their references both ways, and who may see them."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from aipm_site.problems import Place, Problem, Related, did_you_mean, error
from aipm_site.readers.content_tree import ContentTree, PageSource, RawRecord, read_content
from aipm_site.readers.snapshot import Snapshot, check_names
from aipm_site.records import KINDS
from aipm_site.records.charter import Charter
from aipm_site.records.decode import decode_record
from aipm_site.records.kind import Kinds
from aipm_site.records.levels import missing_fields
from aipm_site.records.record import Entry, FieldPath, Row
from aipm_site.records.references import Reference, references_of
from aipm_site.redaction import Redaction, redact_model

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True, order=True)
class Backlink:
    """A reference seen from the other end: which record refers, and by which word or field."""

    rel: str
    record_id: str


@dataclass(frozen=True)
class Project:
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
        changed_on: The day of the last commit that changed a value in a file, for files whose records give no date.
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
    changed_on: Mapping[str, date] = field(default_factory=dict)

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
        """Return the records of one class, sorted by id."""
        return tuple(record for record in self._by_model.get(model, ()) if isinstance(record, model))

    @cached_property
    def _by_model(self) -> dict[type[Entry], list[Entry]]:
        grouped: dict[type[Entry], list[Entry]] = defaultdict(list)
        for record in self.records.values():
            grouped[type(record)].append(record)
        return grouped

    def get(self, record_id: str) -> Entry | None:
        """Return the record of that id, if it is there."""
        return self.records.get(record_id)

    @cached_property
    def references(self) -> Mapping[str, tuple[Reference, ...]]:
        """References by the id of the record that makes them, in the order of its fields."""
        return {record.id: references_of(record) for record in self.records.values()}

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

    def audience_of(self, entry: Entry | PageSource) -> str:
        """Return the label of a record or page: its own, else the default; the strictest where it cannot be read.

        The id of a row is made of the ids of other records, so a row is never for more readers than those.
        """
        if isinstance(entry, Row):
            return self._row_audiences.get(entry.id) or _known_label(entry.audience, self.charter)
        own = self.page_audiences.get(entry.path) if isinstance(entry, PageSource) else entry.audience
        return _known_label(own, self.charter)

    @cached_property
    def _row_audiences(self) -> Mapping[str, str]:
        return {row.id: self._row_audience(row) for row in self.records.values() if isinstance(row, Row)}

    def _row_audience(self, row: Row) -> str:
        named = (self.records.get(reference.id) for reference in self.references[row.id] if reference.id in row.id)
        others = (self.audience_of(record) for record in named if record is not None and not isinstance(record, Row))
        return self.strictest((_known_label(row.audience, self.charter), *others))

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
        link to what is hidden.
        """
        shown = {i: r for i, r in self.records.items() if self.may_see(audience, self.audience_of(r))}
        unread = (i for i, label in self.unread_ids.items() if not self.may_see(audience, label))
        pages = tuple(p for p in self.pages if self.may_see(audience, self.audience_of(p)))
        paths = {p.path for p in self.pages} | {r.origin.file for r in self.records.values()}
        visible = replace(
            self,
            records=shown,
            pages=pages,
            templates=tuple(t for t in self.templates if self.may_see(audience, self.audience_of(t))),
            hidden_ids=self.hidden_ids | (frozenset(self.records) - frozenset(shown)) | frozenset(unread),
            hidden_paths=self.hidden_paths
            | (paths - {p.path for p in pages} - {record.origin.file for record in shown.values()}),
        )
        return visible._redacted() if visible._redaction else visible

    def _redacted(self) -> Project:
        records = {record_id: self._redact_entry(record) for record_id, record in self.records.items()}
        return replace(self, charter=self._redact_entry(self.charter), records=records)

    def _redact_entry(self, entry: E) -> E:
        folder = posixpath.dirname(entry.origin.file)
        return redact_model(entry, lambda text: self._redaction.text(text, folder))

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


def load_project(snapshot: Snapshot, content: str = "content", kinds: Kinds = KINDS) -> tuple[Project, list[Problem]]:
    """Return the project that a snapshot of the content holds, and everything that is wrong in single files.

    A record that cannot be read is left out and has a problem that says why.

    Args:
        snapshot: The files of one revision.
        content: The folder of the content, as it stands in the snapshot's paths.
        kinds: The kinds that records may have.
    """
    charter_path = f"{content}/project.yml"
    tree = read_content(snapshot, kinds.folders(), _namer_of(kinds), charter_path)
    written, charter_problems = _decode_charter(tree, kinds)
    # A broken project.yml stops the build anyway; the defaults let the other files be checked in the same run.
    charter = written or Charter.empty()
    problems = [*tree.problems, *_weigh_page_problems(tree, charter, snapshot)]
    records, record_problems = _decode_records(tree.records, kinds, written)
    audiences, page_problems = _page_audiences((*tree.pages, *tree.templates), charter)
    project = Project(
        content=content,
        charter=charter,
        has_charter=tree.charter is not None,
        is_charter_read=written is not None or charter_path not in snapshot.paths(),
        kinds=kinds,
        records=records,
        pages=_for_whom_is_known(tree.pages, tree),
        templates=_for_whom_is_known(tree.templates, tree),
        attachments=tree.attachments,
        page_audiences=audiences,
        unread=len(tree.records) - len(records) + (1 if written else 0),
        hidden_paths=frozenset(page.path for page in tree.pages if tree.charter and not page.is_sound),
        unread_ids=dict(_labels_of_unread(_raw_records(tree), records, charter)),
    )
    single = [*problems, *charter_problems, *record_problems]
    # Which labels and kinds there are is the charter's to say.
    return project, [*single, *page_problems, *_setting_problems(project)] if project.is_charter_read else single


def _raw_records(tree: ContentTree) -> tuple[RawRecord, ...]:
    return tree.records if tree.charter is None else (tree.charter, *tree.records)


def _known_label(label: str | None, charter: Charter) -> str:
    if label is None:
        return charter.default_audience_label
    return label if label in charter.audience_order else charter.audience_order[-1]


def _for_whom_is_known(pages: tuple[PageSource, ...], tree: ContentTree) -> tuple[PageSource, ...]:
    """Leave out pages whose front matter cannot be read, where there are labels: it may say that they are for few."""
    return pages if tree.charter is None else tuple(page for page in pages if page.is_sound)


def _labels_of_unread(
    raws: Iterable[RawRecord], records: Mapping[str, Entry], charter: Charter
) -> Iterator[tuple[str, str]]:
    for raw in raws:
        record_id, label = raw.data.get("id"), raw.data.get("audience")
        if isinstance(record_id, str) and record_id not in records:
            yield record_id, _known_label(None if label is None else str(label), charter)


def _namer_of(kinds: Kinds) -> Callable[[str], str | None]:
    def name_kind(text: str) -> str | None:
        kind = kinds.of_id(text)
        return kind.name if kind else None

    return name_kind


def _weigh_page_problems(tree: ContentTree, charter: Charter, snapshot: Snapshot) -> list[Problem]:
    """Return what is wrong with ordinary pages: errors where the project vouches for them, else warnings.

    A label that cannot be read could show a page to the wrong readers, so a charter makes it an error.
    """
    if charter.pages == "strict":
        return [*tree.page_problems, *check_names(snapshot.paths())]
    if tree.charter is not None:
        return list(tree.page_problems)
    return [replace(problem, severity="warning") for problem in tree.page_problems]


def _decode_charter(tree: ContentTree, kinds: Kinds) -> tuple[Charter | None, list[Problem]]:
    kind = kinds.named("project")
    if tree.charter is None or kind is None:
        return None, []
    record, problems = decode_record(kind, tree.charter)
    return (record if isinstance(record, Charter) else None), problems


def _decode_records(
    raws: Sequence[RawRecord], kinds: Kinds, charter: Charter | None
) -> tuple[dict[str, Entry], list[Problem]]:
    problems: list[Problem] = []
    found: list[Entry] = [charter] if charter is not None else []
    for raw in raws:
        kind = kinds.named(raw.kind)
        if kind is None:
            continue
        record, record_problems = decode_record(kind, raw)
        problems.extend(record_problems)
        if record is not None:
            found.append(record)
    records, repeated = _without_duplicates(found)
    return records, [*problems, *repeated]


def _without_duplicates(found: Sequence[Entry]) -> tuple[dict[str, Entry], list[Problem]]:
    first: dict[str, Entry] = {}
    problems = []
    for record in sorted(found, key=lambda entry: (entry.place.file, entry.place.line, entry.place.column)):
        # Ids differ in more than case, as file systems and addresses fold it.
        earlier = first.setdefault(record.id.casefold(), record)
        if earlier is not record:
            problems.append(_duplicate(record, earlier))
    return {record.id: record for record in sorted(first.values(), key=lambda entry: entry.id)}, problems


def _duplicate(record: Entry, earlier: Entry) -> Problem:
    return error(
        "duplicate-id",
        f"the id '{record.id}' is taken",
        record.origin.place_of(("id",)),
        "ids are unique in the project; `aipm new` gives the next free one",
        [Related(earlier.origin.place_of(("id",)), "first used here")],
    )


def _page_audiences(pages: Iterable[PageSource], charter: Charter) -> tuple[dict[str, str], list[Problem]]:
    audiences: dict[str, str] = {}
    problems = []
    for page in pages:
        label = page.meta.get("audience") if page.meta else None
        if label is None or page.meta is None:
            continue
        audiences[page.path] = str(label)
        if label not in charter.audience_order:
            place = Place(page.path, *page.meta.value_places["audience"])
            problems.append(_unknown_audience(str(label), place, charter))
    return audiences, problems


def _setting_problems(project: Project) -> Iterator[Problem]:
    """Yield labels and names of kinds that the project does not have."""
    yield from _unknown_audiences(project)
    charter = project.charter
    named: list[tuple[str, FieldPath]] = [(name, ("freshness", name)) for name in charter.freshness or {}]
    named += [(name, ("complete", index)) for index, name in enumerate(charter.complete)]
    kinds = [kind.name for kind in project.kinds]
    for name, path in named:
        if name not in kinds:
            hint = did_you_mean(name, kinds, f"kinds are {', '.join(kinds)}")
            yield error("unknown-kind", f"there is no kind '{name}'", charter.origin.place_of_key(path), hint)


def _unknown_audiences(project: Project) -> Iterator[Problem]:
    for record in project.records.values():
        if record.audience is not None and record.audience not in project.charter.audience_order:
            yield _unknown_audience(record.audience, record.origin.place_of(("audience",)), project.charter)


def _unknown_audience(label: str, place: Place, charter: Charter) -> Problem:
    order = charter.audience_order
    hint = did_you_mean(label, order, f"audiences are {', '.join(order)}")
    return error("unknown-audience", f"there is no audience '{label}'", place, hint)
