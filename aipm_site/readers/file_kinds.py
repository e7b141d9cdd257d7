"""File kinds: tells of which kind the records in a file are, by the key `kind`, the folder or the form of an id."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping

from aipm_site.problems import Place, Problem, did_you_mean, error
from aipm_site.readers.strict_yaml import YamlMapping

CHARTER = "project"
# The one kind that people keep in forms of their own already.
DECISION = "decision"

# How near the name of a folder must be to a kind's: one slip in "risks", but "tests" are no "tasks".
_NEARLY = 0.85
_ID_LINE = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?id[\"']?[ \t]*:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_KIND_LINE = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?([^\n\"'#]+)", re.MULTILINE)
_WORD_END = re.compile(r"(?<=[0-9A-Za-z])(?![0-9A-Za-z])")


class FileKinds:
    """The kinds that a project has, as far as files tell of them."""

    def __init__(self, folders: Mapping[str, str], kind_of_id: Callable[[str], str | None]) -> None:
        """Take what tells kinds.

        Args:
            folders: The kinds' folders, and the name of each one's kind.
            kind_of_id: Gives the kind whose ids have the form of a text.
        """
        self._folders = folders
        self._kind_of_id = kind_of_id
        self._names = frozenset((CHARTER, *folders.values()))

    def of_folder(self, path: str) -> str | None:
        """Return the kind of the nearest folder above a file whose name is a kind's folder."""
        folders = path.split("/")[:-1]
        return next((self._folders[name] for name in reversed(folders) if name in self._folders), None)

    def of_list_name(self, path: str) -> str | None:
        """Return the kind whose folder's name a list file bears, such as `risks.yml`."""
        return self._folders.get(stem_of(path))

    def near_folder(self, path: str) -> tuple[str, str] | None:
        """Return the folder above a file whose name is nearly a kind's, and that name."""
        names = path.split("/")[:-1]
        for depth in range(len(names), 1, -1):
            near = difflib.get_close_matches(names[depth - 1].casefold(), self._folders, n=1, cutoff=_NEARLY)
            if near:
                return "/".join(names[:depth]), near[0]
        return None

    def is_record(self, item: object, *, in_kind_folder: bool) -> bool:
        """Say whether the keys of a mapping make it a record; an unknown kind counts where an id or folder speaks."""
        if not isinstance(item, YamlMapping):
            return False
        kind, id_ = item.get("kind"), item.get("id")
        if in_kind_folder or (isinstance(id_, str) and self._kind_of_id(id_)):
            return "kind" in item or "id" in item
        return isinstance(kind, str) and (self._is_named(kind) or "id" in item)

    def is_record_text(self, text: str) -> bool:
        """Say the same of a text that is too broken to have keys."""
        kinds = (match[1].strip() for match in _KIND_LINE.finditer(text))
        ids = (match[1] for match in _ID_LINE.finditer(text))
        return any(self._is_named(kind) for kind in kinds) or any(self._kind_of_id(id_) for id_ in ids)

    def _is_named(self, kind: str) -> bool:
        return kind.casefold() in self._names

    def of_item(self, item: YamlMapping, file: str, otherwise: str | None) -> str | Problem:
        """Return the kind of one record, or why it has none.

        Args:
            item: The record's data.
            file: The file that it stands in.
            otherwise: The kind that the file's folder or name gives.
        """
        if "kind" in item:
            return self._of_key(item, file)
        kind = otherwise or self._kind_of_id(str(item.get("id")))
        if kind:
            return kind
        hint = f"write 'kind: …' (one of {', '.join(sorted(self._names))}), or put it into a kind's folder"
        return error("unknown-kind", "nothing says what kind of record this is", _place_of(item, file), hint)

    def _of_key(self, item: YamlMapping, file: str) -> str | Problem:
        kind = item["kind"]
        if isinstance(kind, str) and kind in self._names:
            return kind
        place = Place(file, *item.value_places["kind"])
        hint = did_you_mean(str(kind), self._names, f"kinds are {', '.join(sorted(self._names))}")
        what = f"there is no kind '{kind}'" if isinstance(kind, str) else "'kind' wants the name of a kind"
        return error("unknown-kind", what, place, hint)

    def ids_in_name(self, path: str, kind: str) -> tuple[str, ...]:
        """Return the ids of a kind that the name of a file begins with; more than one where ids may have words."""
        stem = stem_of(path)
        beginnings = (stem[: end.start()] for end in _WORD_END.finditer(stem))
        return tuple(text for text in beginnings if self._kind_of_id(text) == kind)


def stem_of(path: str) -> str:
    """Return the name of a file without its ending."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _place_of(item: YamlMapping, file: str) -> Place:
    return Place(file, item.line, item.column)
