"""Decision records in forms of others as ours: their id, status, date and successor; nothing is guessed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, get_args

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.problems import Place, Problem, information
from aipm_site.readers.yaml_data import Spot, YamlList, YamlMapping
from aipm_site.records.decision import KIND, DecisionStatus
from aipm_site.records.decision_settings import DecisionSettings
from aipm_site.records.record import Foreign

if TYPE_CHECKING:
    from aipm_site.readers.content_tree import RawRecord
    from aipm_site.readers.decision_forms import DecisionText
    from aipm_site.readers.decision_words import Pointer

# What each form asks for. Deciders, options and the rest are MADR's to give or not.
_FORMS: Mapping[str, tuple[str, frozenset[str]]] = {
    "MADR": ("MADR", frozenset({"date", "outcome"})),
    "Nygard": ("Nygard’s form", frozenset({"date"})),
}
_ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}\S*.*)?\Z", re.ASCII)
# What is crossed out does not hold any more; emoji may be written as `:name:`.
_STRUCK = re.compile(r"~~.*?~~|:[a-z0-9_+-]+:")
# Emoji and other signs may stand around the word. What follows it begins something new, as in "accepted on 3 May" and
# "rejected (see 019)", but not in "proposed → accepted" and "accepted | rejected".
_STATUS = re.compile(
    r"[^\w{}\[\]|<>~]*(?P<word>[a-z]+)"
    r"(?=[^\w|]*\Z|\s*[(,.;:]|\s+[-–—]\s|\s+(?:by|on|in|at|see|since|as of)\b)"
)
_SPELT: Mapping[str, str] = {"superceded": "superseded"}


class Adopted(Struct, frozen=True):
    """A foreign record with its data as ours has them, and what it says in its own words."""

    raw: RawRecord
    foreign: Foreign


def adopt_decisions(
    raws: Sequence[RawRecord], settings: DecisionSettings | None, content: str
) -> tuple[tuple[Adopted, ...], tuple[Problem, ...]]:
    """Return the records in foreign forms as our own, and what is worth knowing of each.

    Args:
        raws: All records of the project, in both forms: a foreign one may be superseded by one of ours.
        settings: The project's settings for foreign records.
        content: The content folder, from the project's root.
    """
    if not any(raw.written for raw in raws):
        return (), ()
    settings = settings or DecisionSettings()
    ids = _Ids(raws, settings, content)
    adopted: list[Adopted] = []
    problems: list[Problem] = []
    for raw in raws:
        if raw.written is not None:
            maker = _Maker(raw, raw.written, settings, ids)
            adopted.append(maker.adopted())
            problems.extend(maker.problems)
    return tuple(adopted), tuple(problems)


def known_status(text: str) -> str | None:
    """Return the status that a text begins with, without emoji and case; None where it is none that we know."""
    found = _STATUS.match(_STRUCK.sub("", text).casefold().strip())
    word = _SPELT.get(found["word"], found["word"]) if found else ""
    return word if word in get_args(DecisionStatus) else None


class _Ids:
    """The ids of decisions by file, and of foreign ones by folder and number."""

    def __init__(self, raws: Sequence[RawRecord], settings: DecisionSettings, content: str) -> None:
        self._by_file: dict[str, str] = {}
        self._by_number: dict[tuple[str, int], str] = {}
        for raw in raws:
            folder = posixpath.dirname(raw.file)
            own = raw.data.get("id")
            if raw.written is not None:
                prefix = settings.prefix_of(folder.removeprefix(f"{content}/")) or KIND.prefix
                own = f"{prefix}-{raw.written.number}"
                self._by_number.setdefault((folder, int(raw.written.number)), own)
            if raw.kind == KIND.name and isinstance(own, str):
                # A file of several records is none that a link could mean.
                self._by_file[raw.file] = "" if raw.file in self._by_file else own

    def of(self, raw: RawRecord) -> str:
        """Return the id of a foreign record."""
        return self._by_file[raw.file]

    def pointed_at(self, pointer: Pointer, file: str) -> str | None:
        """Return the id of the decision that is meant, None where there is none."""
        by_link = self._by_file.get(pointer.path)
        if by_link or not pointer.number:
            return by_link or None
        return self._by_number.get((posixpath.dirname(file), int(pointer.number)))


class _Maker:
    """Makes one foreign record ours and keeps what there is to say of it."""

    def __init__(self, raw: RawRecord, written: DecisionText, settings: DecisionSettings, ids: _Ids) -> None:
        self._raw = raw
        self._written = written
        self._settings = settings
        self._ids = ids
        self._data = YamlMapping(written.data.line, written.data.column)
        self._data.take(written.data)
        self._unread: set[str] = set()
        self.problems: list[Problem] = []

    def adopted(self) -> Adopted:
        """Return the record with our values in place of its words."""
        texts = {name: str(self._data[name]) for name in ("status", "date") if name in self._data}
        self._put("id", self._ids.of(self._raw), (self._data.line, self._data.column))
        self._take_status(texts.get("status"))
        self._take_date(texts.get("date"))
        self._take_relations()
        self._say_what_is_ignored()
        name, places = _FORMS[self._written.form]
        foreign = Foreign(name, places, texts, frozenset(self._unread))
        return Adopted(replace(self._raw, data=self._data), foreign)

    def _put(self, name: str, value: object, spot: Spot) -> None:
        self._data[name] = value
        self._data.value_places.setdefault(name, spot)
        self._data.key_places.setdefault(name, spot)

    def _say(self, code: str, message: str, spot: Spot, hint: str = "") -> None:
        self.problems.append(information(code, message, Place(self._raw.file, *spot), hint))

    def _take_status(self, text: str | None) -> None:
        spot = self._data.value_places.get("status", (self._data.line, self._data.column))
        status = None if text is None else known_status(text)
        if self._written.superseded_by is not None:
            status = "superseded"
        if status is None:
            self._unread.add("status")
            status = self._status_for_none(text, spot)
        self._put("status", status, spot)

    def _status_for_none(self, text: str | None, spot: Spot) -> str:
        """Return what a record without a status of ours counts as: open, unless it has none and names its choice."""
        words = ", ".join(get_args(DecisionStatus))
        if text is not None:
            message = f"the status '{text}' is none that we know; it is shown as written and counts as open"
            self._say("unknown-status", message, spot, f"we know {words}")
            return str(KIND.default_status)
        if "outcome" in self._data:
            self._say("status-not-given", "no status is given; as an option is chosen, it counts as decided", spot)
            return "accepted"
        self._say("status-not-given", "no status is given; it counts as open", spot, f"we know {words}")
        return str(KIND.default_status)

    def _take_date(self, text: str | None) -> None:
        if text is None:
            return
        spot = self._data.value_places["date"]
        day = _iso_day(text) or self._settings.read_date(text)
        if day is not None:
            self._put("date", day.isoformat(), spot)
            return
        self._unread.add("date")
        del self._data["date"]
        hint = "'decisions: {date_format: …}' in project.yml says how dates are read, such as %d/%m/%Y"
        self._say("date-not-read", f"date not read: '{text}' is shown as written", spot, hint)

    def _take_relations(self) -> None:
        # A successor that is not there is said in words only: the form has no id that could be wrong.
        pointer = self._written.superseded_by
        successor = self._ids.pointed_at(pointer, self._raw.file) if pointer else None
        if pointer is not None and successor not in (None, self._data["id"]):
            self._put("superseded_by", successor, pointer.spot)
        elif pointer is not None:
            message = f"it is superseded by '{pointer.words}', and no such decision is here"
            self._say("unknown-successor", message, pointer.spot)
        links = YamlList(*self._first_spot())
        for mapping, spot in self._supersedes():
            links.append(mapping)
            links.places.append(spot)
        if links:
            self._put("links", links, links.places[0])

    def _first_spot(self) -> Spot:
        return next((pointer.spot for pointer in self._written.supersedes), (1, 1))

    def _supersedes(self) -> Iterator[tuple[YamlMapping, Spot]]:
        for pointer in self._written.supersedes:
            earlier = self._ids.pointed_at(pointer, self._raw.file)
            if earlier is not None and earlier != self._data["id"]:
                link = YamlMapping(*pointer.spot)
                for key, value in (("rel", "supersedes"), ("id", earlier)):
                    link[key] = value
                    link.key_places[key] = link.value_places[key] = pointer.spot
                yield link, pointer.spot

    def _say_what_is_ignored(self) -> None:
        if self._written.ignored:
            keys = ", ".join(key for key, _ in self._written.ignored)
            message = f"a decision record in {_FORMS[self._written.form][0]} has no such keys, they are ignored: {keys}"
            self._say("ignored-keys", message, self._written.ignored[0][1])


def _iso_day(text: str) -> date | None:
    found = _ISO_DAY.match(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
