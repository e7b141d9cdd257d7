"""Loading: from a snapshot of the content to the project that it holds, with all that is wrong in single files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter

from msgspec.structs import replace

from aipm_site.memory import Decoded, Memory
from aipm_site.problems import Place, Problem, Related, did_you_mean, error, warning
from aipm_site.project import Project, known_label
from aipm_site.readers.content_tree import (
    ContentTree,
    PageSource,
    RawRecord,
    read_charter,
    read_content,
)
from aipm_site.readers.declarations import is_declaration, read_declaration
from aipm_site.readers.policy_file import NAME as POLICY
from aipm_site.readers.snapshot import READ_AT_MOST, Snapshot, UnreadableFileError, check_names
from aipm_site.records import KINDS
from aipm_site.records.charter import Charter
from aipm_site.records.decision_settings import prefixes_in
from aipm_site.records.decode import decode_record
from aipm_site.records.foreign_decision import Adopted, adopt_decisions
from aipm_site.records.kind import Kind, Kinds
from aipm_site.records.policy import Policy
from aipm_site.records.policy_rules import read_policy
from aipm_site.records.record import Entry, FieldPath, Foreign, Row


def load_project(
    snapshot: Snapshot, content: str = "content", kinds: Kinds = KINDS, memory: Memory | None = None
) -> tuple[Project, list[Problem]]:
    """Return the project that a snapshot of the content holds, and everything that is wrong in single files.

    A record that cannot be read is left out and has a problem that says why.

    Args:
        snapshot: The files of one revision.
        content: The folder of the content, as it stands in the snapshot's paths.
        kinds: The kinds that there are; the project may declare more, and extend these.
        memory: What was read of another state of the same project; takes up what is read now.
    """
    charter_path = f"{content}/project.yml"
    if memory is not None:
        snapshot.prepare([path for path in snapshot.paths() if path == charter_path or is_declaration(path, content)])
    kinds, kind_problems = load_kinds(snapshot, content, kinds)
    if memory is not None:
        memory.take_up(kinds, content)
    files = None if memory is None else memory.files
    tree = read_content(snapshot, kinds.folders(), _namer_of(kinds), charter_path, files)
    written, charter_problems = _decode_charter(tree, kinds)
    # A broken project.yml stops the build anyway; the defaults let the other files be checked in the same run.
    charter = written or Charter.empty()
    problems = [*tree.problems, *_weigh_page_problems(tree, charter, snapshot)]
    foreign, foreign_problems = adopt_decisions(tree.records, charter.decisions, content)
    raws = (*(raw for raw in tree.records if raw.written is None), *(one.raw for one in foreign))
    decode = decode_record if memory is None else memory.decode
    records, record_problems = _decode_records(raws, foreign, kinds, written, decode)
    policy, policy_problems = _policy_of(snapshot, f"{content}/{POLICY}", kinds)
    audiences, page_problems = _page_audiences((*tree.pages, *tree.templates), charter)
    unread = len(tree.records) - len(records) + (1 if written else 0)
    unread_raws = (*([tree.charter] if tree.charter else []), *raws) if unread or written is None else ()
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
        unread=unread,
        hidden_paths=frozenset(page.path for page in tree.pages if tree.charter and not page.is_sound),
        unread_ids=dict(_labels_of_unread(unread_raws, records, charter)),
        policy=policy,
    )
    single = [*kind_problems, *problems, *charter_problems, *foreign_problems, *record_problems, *policy_problems]
    # Which labels and kinds there are is the charter's to say.
    return project, [*single, *page_problems, *_setting_problems(project)] if project.is_charter_read else single


def load_charter(snapshot: Snapshot, content: str = "content", kinds: Kinds = KINDS) -> Charter:
    """Return the charter and settings of a snapshot; the defaults where it has none that can be read."""
    path = f"{content}/project.yml"
    one = _OneFile(snapshot, path)
    one.prepare(one.paths())
    tree = read_content(one, kinds.folders(), _namer_of(kinds), path)
    return _decode_charter(tree, kinds)[0] or Charter.empty()


class _OneFile:
    """A snapshot of which only one file is looked at."""

    problems: tuple[Problem, ...] = ()

    def __init__(self, snapshot: Snapshot, path: str) -> None:
        self._snapshot = snapshot
        self._path = path

    def paths(self) -> tuple[str, ...]:
        return (self._path,) if self._path in self._snapshot.paths() else ()

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        return self._snapshot.read(path, at_most)

    def blob(self, path: str) -> str:
        return self._snapshot.blob(path)

    def prepare(self, paths: Iterable[str]) -> None:
        self._snapshot.prepare(paths)


def load_kinds(snapshot: Snapshot, content: str = "content", kinds: Kinds = KINDS) -> tuple[Kinds, list[Problem]]:
    """Return the kinds of a project: those that there are and its own, and what is wrong with its declarations.

    Ids of decisions may begin with the prefixes that project.yml sets, too.

    The same declaration gives the same class of records, so that records of two revisions can be compared.

    Args:
        snapshot: The files of one revision.
        content: The folder of the content, as it stands in the snapshot's paths.
        kinds: The kinds that there are.
    """
    problems: list[Problem] = []
    files = []
    for path in (path for path in snapshot.paths() if is_declaration(path, content)):
        try:
            files.append((path, snapshot.read(path)))
        except UnreadableFileError as failure:
            problems.append(failure.problem)
    known, found = _declared_kinds(kinds, tuple(files)) if files else (kinds, ())
    prefixes = prefixes_in(read_charter(snapshot, f"{content}/project.yml"))
    return known.with_prefixes("decision", prefixes), [*problems, *found]


@lru_cache(maxsize=8)
def _declared_kinds(kinds: Kinds, files: tuple[tuple[str, bytes], ...]) -> tuple[Kinds, tuple[Problem, ...]]:
    # Only a project with kinds of its own pays for what makes them.
    from aipm_site.records.own_kinds import with_own_kinds

    read = [read_declaration(data, path) for path, data in files]
    known, problems = with_own_kinds(kinds, [declaration for declaration, _ in read])
    return known, (*(problem for _, found in read for problem in found), *problems)


def _policy_of(snapshot: Snapshot, path: str, kinds: Kinds) -> tuple[Policy | None, list[Problem]]:
    if path not in snapshot.paths():
        return None, []
    try:
        return read_policy(snapshot.read(path), path, kinds)
    except UnreadableFileError as failure:
        return Policy((), path, (), is_sound=False), [failure.problem]


def _for_whom_is_known(pages: tuple[PageSource, ...], tree: ContentTree) -> tuple[PageSource, ...]:
    """Leave out pages whose front matter cannot be read, where there are labels: it may say that they are for few."""
    return pages if tree.charter is None else tuple(page for page in pages if page.is_sound)


def _labels_of_unread(
    raws: Iterable[RawRecord], records: Mapping[str, Entry], charter: Charter
) -> Iterator[tuple[str, str]]:
    for raw in raws:
        record_id, label = raw.data.get("id"), raw.data.get("audience")
        if isinstance(record_id, str) and record_id not in records:
            yield record_id, known_label(None if label is None else str(label), charter)


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
    raws: Sequence[RawRecord],
    foreign: Sequence[Adopted],
    kinds: Kinds,
    charter: Charter | None,
    decode: Callable[[Kind, RawRecord, Foreign | None], Decoded],
) -> tuple[dict[str, Entry], list[Problem]]:
    words = {one.raw.file: one.foreign for one in foreign}
    problems: list[Problem] = []
    found: list[Entry] = [charter] if charter is not None else []
    for raw in raws:
        kind = kinds.named(raw.kind)
        if kind is None:
            continue
        record, record_problems = decode(kind, raw, words.get(raw.file))
        problems.extend(record_problems)
        if record is not None:
            found.append(record)
    records, repeated = _without_duplicates(found)
    return records, [*problems, *repeated]


def _without_duplicates(found: Sequence[Entry]) -> tuple[dict[str, Entry], list[Problem]]:
    # Ids differ in more than case, as file systems and addresses fold it.
    kept, problems = {record.id.casefold(): record for record in found}, list[Problem]()
    if len(kept) < len(found):
        kept, problems = _first_of_each_id(found)
    return {record.id: record for record in sorted(kept.values(), key=attrgetter("id"))}, problems


def _first_of_each_id(found: Iterable[Entry]) -> tuple[dict[str, Entry], list[Problem]]:
    first: dict[str, Entry] = {}
    problems = []
    for record in sorted(found, key=_place_order):
        earlier = first.setdefault(record.id.casefold(), record)
        if earlier is not record:
            problems.append(_duplicate(record, earlier))
    return first, problems


def _place_order(entry: Entry) -> tuple[str, int, int]:
    origin = entry.origin
    return origin.file, origin.line, origin.column


def _duplicate(record: Entry, earlier: Entry) -> Problem:
    return error(
        "duplicate-id",
        f"the id '{record.id}' is taken",
        record.origin.place_of(("id",)),
        _hint_for_duplicate(record, earlier),
        [Related(earlier.origin.place_of(("id",)), "first used here")],
    )


def _hint_for_duplicate(record: Entry, earlier: Entry) -> str:
    if (
        record.foreign
        and earlier.foreign
        and posixpath.dirname(record.place.file) != posixpath.dirname(earlier.place.file)
    ):
        return (
            "ids are unique in the project; 'decisions: {prefixes: {FOLDER: ADR}}' in project.yml tells folders apart"
        )
    if isinstance(record, Row) and "id" not in (record.origin.data or {}):
        return f"the id is made of what the row says; where both are meant, give it one of its own: 'id: {record.id}-2'"
    return "ids are unique in the project; `aipm new` gives the next free one"


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
    yield from _taken_prefixes(project)
    charter = project.charter
    named: list[tuple[str, FieldPath]] = [(name, ("freshness", name)) for name in charter.freshness or {}]
    named += [(name, ("complete", index)) for index, name in enumerate(charter.complete)]
    kinds = [kind.name for kind in project.kinds]
    for name, path in named:
        if name not in kinds and not project.kinds.is_unread(name):
            hint = did_you_mean(name, kinds, f"kinds are {', '.join(kinds)}")
            yield error("unknown-kind", f"there is no kind '{name}'", charter.origin.place_of_key(path), hint)


def _taken_prefixes(project: Project) -> Iterator[Problem]:
    """Yield prefixes for decisions that are another kind's, and such for folders without foreign records."""
    settings = project.charter.decisions
    for folder, prefix in ((settings.prefixes or {}) if settings else {}).items():
        path: FieldPath = ("decisions", "prefixes", folder)
        kind = project.kinds.of_prefix(prefix)
        if kind is not None and kind.name != "decision":
            message = f"ids that begin with {prefix} are those of a {kind.name}"
            place = project.charter.origin.place_of(path)
            yield error("prefix-taken", message, place, "choose other letters, such as ADR")
        above = f"{project.content}/{folder.strip('/')}/"
        if not any(record.foreign and record.place.file.startswith(above) for record in project.records.values()):
            place = project.charter.origin.place_of_key(path)
            hint = f"records are read in folders 'decisions'; write it as it lies in {project.content}/"
            message = f"no decision record in MADR's or Nygard's form lies in {above}"
            yield warning("prefix-without-effect", message, place, hint)


def _unknown_audiences(project: Project) -> Iterator[Problem]:
    for record in project.records.values():
        if record.audience is not None and record.audience not in project.charter.audience_order:
            yield _unknown_audience(record.audience, record.origin.place_of(("audience",)), project.charter)


def _unknown_audience(label: str, place: Place, charter: Charter) -> Problem:
    order = charter.audience_order
    hint = did_you_mean(label, order, f"audiences are {', '.join(order)}")
    return error("unknown-audience", f"there is no audience '{label}'", place, hint)
