"""Content tree: says of every file below the content folder whether it is records, a page, a template or attached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from aipm_site.cycle_collection import no_cycle_collection
from aipm_site.problems import Place, Problem, error, information
from aipm_site.readers.characters import decode_text, replace_forbidden, size_of
from aipm_site.readers.declarations import is_declaration
from aipm_site.readers.file_kinds import CHARTER, DECISION, FileKinds
from aipm_site.readers.front_matter import FrontMatter, read_front_matter
from aipm_site.readers.record_files import (
    FileValue,
    RawRecord,
    items_of_list,
    opens_front_matter,
    record_of_page,
    records_of_data,
)
from aipm_site.readers.snapshot import Snapshot, UnreadableFileError, check_names
from aipm_site.readers.strict_yaml import FRONT_MATTER_LIMITS, YamlList, YamlMapping, read_yaml, too_large

if TYPE_CHECKING:
    from aipm_site.readers.decision_forms import DecisionText

__all__ = ["ContentTree", "PageSource", "RawRecord", "read_charter", "read_content"]

PAGE_BYTES = 1024 * 1024

_YAML = (".yml", ".yaml")
# What MkDocs takes for a page; of these only .md can be a record.
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".pdf")


class PageSource(Struct, frozen=True):
    """A Markdown file that is no record.

    Attributes:
        path: Its path from the project's root, such as "content/wiki/start.md".
        text: The whole file.
        meta: Its front matter; None where it has none, or none that can be read.
        body: The text after the front matter.
        body_line: Line of the file that the body begins with.
        is_sound: Whether its front matter says what it means; if not, nobody knows for whom the page is.
    """

    path: str
    text: str
    meta: YamlMapping | None
    body: str
    body_line: int
    is_sound: bool = True


class ContentTree(Struct, frozen=True):
    """Everything below the content folder, in the order of the paths.

    Attributes:
        charter: What stands in `project.yml`; None without it.
        records: The records of all kinds.
        pages: Ordinary pages.
        attachments: Paths of all other files.
        templates: Report templates in `reports/`.
        problems: What is wrong with files, records and templates.
        page_problems: What is wrong with ordinary pages; how much it weighs is the project's choice (`pages:`).
    """

    charter: RawRecord | None
    records: tuple[RawRecord, ...]
    pages: tuple[PageSource, ...]
    attachments: tuple[str, ...]
    templates: tuple[PageSource, ...]
    problems: tuple[Problem, ...]
    page_problems: tuple[Problem, ...]


def read_content(
    snapshot: Snapshot,
    folders: Mapping[str, str],
    kind_of_id: Callable[[str], str | None],
    charter_path: str = "content/project.yml",
    memory: FileMemory | None = None,
) -> ContentTree:
    """Return what every file of the content is.

    Args:
        snapshot: The files.
        folders: The kinds' folders, and the name of each one's kind.
        kind_of_id: Gives the kind whose ids have the form of a text.
        charter_path: Where the project's charter and settings stand; its folder is the content folder.
        memory: What was found in the files of another state of the same project; takes up what is found now.
    """
    kinds = FileKinds(folders, kind_of_id)
    sorter = _Sorter(snapshot, kinds, charter_path)
    with no_cycle_collection():
        if memory is None:
            for path in snapshot.paths():
                sorter.sort(path)
        else:
            for path in memory.ready(snapshot):
                sorter.take(memory.of(path, snapshot, lambda path: _sorted(path, snapshot, kinds, charter_path)))
    return sorter.tree()


class FileMemory:
    """What was found in files, so that a file that did not change between two states is read once.

    It holds as long as the kinds and the content folder are the same, and of each path the last content only.
    """

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._found: dict[str, tuple[str, _Sorter]] = {}
        # By the name of a content: those of the last contents, and of the ones before.
        self._values: dict[str, FileValue] = {}
        self._before: dict[str, str] = {}

    def value_of(self, blob: str) -> FileValue | None:
        """Return what a content means that was the last or the last but one of a file; None where it is not known."""
        return self._values.get(blob)

    def ready(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Return all paths of a snapshot, which makes ready to read those whose content is not known."""
        paths = snapshot.paths()
        snapshot.prepare([path for path in paths if self._of_content(path, snapshot.blob(path)) is None])
        return paths

    def _of_content(self, path: str, blob: str) -> _Sorter | None:
        known = self._found.get(path)
        return known[1] if known and blob and known[0] == blob else None

    def of(self, path: str, snapshot: Snapshot, find: Callable[[str], _Sorter]) -> _Sorter:
        """Return what is in a file, by looking where its content is not known."""
        blob = snapshot.blob(path)
        known = self._of_content(path, blob)
        if known is None:
            known = find(path)
            if known.is_read:
                self._keep(path, blob, known)
        return known

    def _keep(self, path: str, blob: str, found: _Sorter) -> None:
        if path in self._found:
            self._values.pop(self._before.get(path, ""), None)
            self._before[path] = self._found[path][0]
        if found.value is not None and blob:
            self._values[blob] = found.value
        self._found[path] = blob, found


def _sorted(path: str, snapshot: Snapshot, kinds: FileKinds, charter_path: str) -> _Sorter:
    sorter = _Sorter(snapshot, kinds, charter_path)
    sorter.sort(path)
    return sorter


def read_charter(snapshot: Snapshot, path: str) -> YamlMapping | None:
    """Return what stands in the project's charter and settings, as far as it can be read; `read_content` says what not.

    Some settings say how the other files are read, so whoever needs them asks before.
    """
    if path not in snapshot.paths():
        return None
    data = read_yaml(text, path)[0] if (text := _read_text(snapshot, path).readable) is not None else None
    return data if isinstance(data, YamlMapping) else None


class _TextFile(Struct, frozen=True):
    """A text file and what is wrong with its bytes and characters."""

    text: str | None
    problems: list[Problem]

    @property
    def readable(self) -> str | None:
        """The text for a parser: without forbidden characters; None where a merge was not finished."""
        if any(problem.code == "conflict-markers" for problem in self.problems) or self.text is None:
            return None
        return replace_forbidden(self.text) if self.problems else self.text


class _Sorter:
    """Sorts the files one by one and keeps what it finds."""

    def __init__(self, snapshot: Snapshot, kinds: FileKinds, charter_path: str) -> None:
        self._snapshot = snapshot
        self._kinds = kinds
        self._charter_path = charter_path
        self._content = charter_path.rpartition("/")[0]
        self._charter: RawRecord | None = None
        self._records: list[RawRecord] = []
        self._pages: list[PageSource] = []
        self._templates: list[PageSource] = []
        self._attachments: list[str] = []
        self._odd_files: list[str] = []
        self._near_folders: dict[str, Problem] = {}
        self._problems: list[Problem] = []
        self._page_problems: list[Problem] = []
        # Whether all files could be read; of one that the clone lacks every state shall learn that.
        self.is_read = True
        # What the last file means, as `value_of_file` says, where nothing is wrong in it.
        self.value: FileValue | None = None

    def tree(self) -> ContentTree:
        """Return all that was found."""
        # The name of a foreign record's file was chosen elsewhere, and stands in no address.
        files = {record.file for record in self._records if record.written is None} | (
            {self._charter_path} if self._charter else set()
        )
        found = (*self._problems, *self._near_folders.values(), *self._odd_file_problems())
        problems = [*self._snapshot.problems, *found, *check_names(files)]
        return ContentTree(
            self._charter,
            tuple(self._records),
            tuple(self._pages),
            tuple(self._attachments),
            tuple(self._templates),
            tuple(problems),
            tuple(self._page_problems),
        )

    def take(self, other: _Sorter) -> None:
        """Keep what another one found in another file."""
        self._charter = other._charter or self._charter
        self._records += other._records
        self._pages += other._pages
        self._templates += other._templates
        self._attachments += other._attachments
        self._odd_files += other._odd_files
        self._problems += other._problems
        self._page_problems += other._page_problems
        self._near_folders = other._near_folders | self._near_folders

    def sort(self, path: str) -> None:
        """Find out what a file is, and keep it."""
        below = path.removeprefix(f"{self._content}/")
        if path == self._charter_path:
            self._sort_charter(path)
        elif below == "policy.yml" or is_declaration(path, self._content):
            return  # known: read by those whom they are for
        elif below.startswith("api/") and path.endswith((*_YAML, ".json")):
            return
        elif below.startswith("reports/") and path.endswith(_MARKDOWN):
            self._sort_template(path)
        elif path.endswith(_YAML):
            self._sort_yaml(path)
        elif path.endswith(".md"):
            self._sort_markdown(path)
        elif path.endswith(_MARKDOWN) and not self._kinds.of_folder(path):
            self._sort_other_page(path)
        else:
            self._sort_other(path)

    def _read_text(self, path: str) -> _TextFile:
        file = _read_text(self._snapshot, path)
        self.is_read &= not any(problem.code == "unreadable-file" for problem in file.problems)
        return file

    def _sort_charter(self, path: str) -> None:
        file = self._read_text(path)
        self._problems.extend(file.problems)
        if file.readable is None:
            return
        data, problems = read_yaml(file.readable, path)
        self._problems.extend(problems)
        if isinstance(data, YamlList):
            message = "this is a list; the project's charter and settings are lines of 'key: value'"
            self._problems.append(error("not-a-record", message, Place(path, data.line, data.column)))
        elif data is not None:
            self._charter = RawRecord(CHARTER, data.without("kind"), path)
            self._check_charter_kind(data, path)

    def _check_charter_kind(self, data: YamlMapping, path: str) -> None:
        if data.get("kind", CHARTER) != CHARTER:
            place = Place(path, *data.value_places["kind"])
            self._problems.append(error("unknown-kind", f"this file is of kind '{CHARTER}'", place, "leave 'kind' out"))

    def _sort_yaml(self, path: str) -> None:
        file = self._read_text(path)
        readable = file.readable
        data, problems = (None, []) if readable is None else read_yaml(readable, path)
        if data is not None and not (file.problems or problems) and not opens_front_matter(readable or ""):
            self.value = data, ""
        kind = self._kinds.of_folder(path)
        if not isinstance(data, YamlMapping):
            kind = self._kinds.of_list_name(path) or kind
        if kind or self._is_ours(file.text, data, path):
            self._problems.extend((*file.problems, *problems))
            self._keep_records(data, path, kind)
        else:
            self._sort_unknown_yaml(path, data, file.problems)

    def _is_ours(self, text: str | None, data: YamlMapping | YamlList | None, path: str) -> bool:
        """Say whether a YAML file outside the kinds' folders holds records."""
        if data is None:
            return text is not None and self._kinds.is_record_text(text)
        items = items_of_list(data, path)[0] if isinstance(data, YamlList) else [data]
        return any(self._kinds.is_record(item, in_kind_folder=False) for item in items)

    def _keep_records(self, data: YamlMapping | YamlList | None, path: str, kind: str | None) -> None:
        if data is not None:
            records, problems = records_of_data(data, path, self._kinds, kind)
            self._records.extend(records)
            self._problems.extend(problems)
        if kind is None and not (isinstance(data, YamlMapping) and "kind" in data):
            self._check_near_folder(path)

    def _sort_unknown_yaml(self, path: str, data: object, problems: list[Problem]) -> None:
        if not self._check_near_folder(path):
            self._attachments.append(path)
            self._problems.extend(problem for problem in problems if problem.code == "unreadable-file")

    def _check_near_folder(self, path: str) -> bool:
        """Report a folder whose name is nearly a kind's, once; say whether it is."""
        near = self._kinds.near_folder(path)
        if near and near[0] not in self._near_folders:
            message = f"the folder '{near[0]}' is nearly '{near[1]}', so this file would be no record"
            hint = f"did you mean '{near[1]}'? Else write 'kind: …' into its records, or rename the folder"
            self._near_folders[near[0]] = error("nearly-a-kind-folder", message, Place(path), hint)
        return near is not None

    def _sort_markdown(self, path: str) -> None:
        file = self._read_text(path)
        kind = self._kinds.of_folder(path)
        readable = file.readable
        if file.text is None or readable is None:
            self._sort_unfinished(path, file, kind)
            return
        front, problems = read_front_matter(readable, path)
        if front.data is not None and not (file.problems or problems):
            self.value = front.data, front.body.strip()
        if front.data is not None and self._kinds.is_record(front.data, in_kind_folder=kind is not None):
            self._problems.extend((*file.problems, *problems, *_size_problems(file.text, path)))
            record, faults = record_of_page(front, front.data, path, self._kinds, kind)
            self._records.extend([record] if record else [])
            self._problems.extend(faults)
        elif front.data is None and problems and self._kinds.is_record_text(_head(file.text)):
            self._problems.extend((*file.problems, *problems))
        elif kind == DECISION and (decision := _decision(front, path)) and not problems:
            self._keep_decision(path, file, decision)
        elif kind == DECISION and problems and (decision or (not front.body and _may_be_decision(path))):
            # Nobody knows for whom a record is whose front matter cannot be read, so it is left out.
            self._problems.extend((*file.problems, *problems))
        else:
            self._sort_page(path, file, front, problems)

    def _keep_decision(self, path: str, file: _TextFile, decision: DecisionText) -> None:
        self._problems.extend((*file.problems, *_size_problems(file.text or "", path)))
        prose = decision.prose or None
        line = decision.prose_line if prose else 0
        self._records.append(RawRecord(DECISION, decision.data, path, prose, line, decision))

    def _sort_unfinished(self, path: str, file: _TextFile, kind: str | None) -> None:
        """Keep a Markdown file without text, or with the leftovers of a merge, which may stand in its front matter."""
        if file.text is None:
            (self._problems if kind else self._page_problems).extend(file.problems)
        elif self._kinds.is_record_text(_head(file.text)) or (kind == DECISION and _may_be_decision(path)):
            self._problems.extend(file.problems)
        else:
            self._sort_page(path, file, *read_front_matter(file.text, path))

    def _sort_page(self, path: str, file: _TextFile, front: FrontMatter, problems: list[Problem]) -> None:
        text = file.text or ""
        self._pages.append(_page(path, text, front, problems))
        self._page_problems.extend((*file.problems, *problems, *_size_problems(text, path)))

    def _sort_other_page(self, path: str) -> None:
        """Keep a page with one of MkDocs' longer endings, which is never a record."""
        file = self._read_text(path)
        if file.text is None:
            self._page_problems.extend(file.problems)
        else:
            self._sort_page(path, file, *read_front_matter(file.text, path))

    def _sort_template(self, path: str) -> None:
        file = self._read_text(path)
        self._problems.extend(file.problems)
        if file.text is not None:
            front, problems = read_front_matter(file.text, path)
            self._problems.extend((*problems, *_size_problems(file.text, path)))
            self._templates.append(_page(path, file.text, front, problems))

    def _sort_other(self, path: str) -> None:
        self._attachments.append(path)
        if self._kinds.of_folder(path):
            self._odd_files.append(path)

    def _odd_file_problems(self) -> Iterator[Problem]:
        """Give the files in kinds' folders that are neither records nor pages (R12)."""
        for path in self._odd_files:
            name = path.rpartition("/")[2]
            message = f"'{name}' lies among records and is none"
            if path.endswith(_PICTURES):
                yield information("odd-file-in-kind-folder", f"{message}; it is kept as an attachment", Place(path))
            else:
                hint = "records end with .yml, .yaml or .md; other files lie outside the kinds' folders"
                yield error("odd-file-in-kind-folder", message, Place(path), hint)


def _read_text(snapshot: Snapshot, path: str) -> _TextFile:
    try:
        data = snapshot.read(path)
    except UnreadableFileError as failure:
        return _TextFile(None, [failure.problem])
    return _TextFile(*decode_text(data, path))


def _page(path: str, text: str, front: FrontMatter, problems: list[Problem]) -> PageSource:
    return PageSource(path, text, front.data, front.body, front.body_line, is_sound=not problems)


def _decision(front: FrontMatter, path: str) -> DecisionText | None:
    # The forms of others are known by many patterns, which a project without such a file need not compile.
    from aipm_site.readers.decision_forms import read_decision

    return read_decision(front, path)


def _may_be_decision(path: str) -> bool:
    """Say whether the name of a file in a decisions folder is that of a record, where its text does not tell."""
    from aipm_site.readers.decision_words import is_template, number_of

    return number_of(path) != "" and not is_template(path)


def _head(text: str) -> str:
    """Return what stands above the closing fence or the first empty line of a Markdown file, front matter or not."""
    beginning = text[: FRONT_MATTER_LIMITS.file_size].lstrip().lstrip("-")
    return re.split(r"\n(?:---|\.\.\.|[ \t]*\n)", beginning, maxsplit=1)[0]


def _size_problems(text: str, path: str) -> list[Problem]:
    return [too_large("the page", size, PAGE_BYTES, Place(path))] if (size := size_of(text)) > PAGE_BYTES else []
