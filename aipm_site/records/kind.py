"""Kinds: what one kind of record declares, from which lists, pages, schema, exports and checks are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.problems import Severity
from aipm_site.records.record import Entry, FieldPath, Origin, Row

if TYPE_CHECKING:
    from aipm_site.records.charter import Charter

IdForm = Literal["numbered", "dated", "natural"]
# domain: numbered RSK-014, dated STU-2026-04-15-core, natural MV-RW-1.6.2.
_ID_REST: dict[IdForm, str] = {
    "numbered": r"[0-9]{1,6}",
    "dated": r"\d{4}-\d{2}(-\d{2})?(-[A-Za-z0-9-]+)?",
    "natural": r"[A-Za-z0-9][A-Za-z0-9.-]*",
}


class Breach(Struct, frozen=True):
    """What a rule of a kind finds wrong in one record; decoding gives it its place."""

    code: str
    message: str
    path: FieldPath = ()
    hint: str = ""
    severity: Severity = "error"


class InStatus(Struct, frozen=True):
    """Holds of records in certain statuses; as data, so that editors can be told of it too."""

    words: frozenset[str]

    def __call__(self, record: Any, _charter: Charter) -> bool:
        """Say whether the record is in one of the statuses."""
        return record.status in self.words


class Gives(Struct, frozen=True):
    """Holds of records that give a field; as data, so that editors can be told of it too."""

    name: str

    def __call__(self, record: Any, _charter: Charter) -> bool:
        """Say whether the record gives the field."""
        return getattr(record, self.name) not in (None, ())


class Says(Struct, frozen=True):
    """Holds of records in which a field has one of some words; as data, so that editors can be told of it too."""

    name: str
    words: frozenset[str]

    def __call__(self, record: Any, _charter: Charter) -> bool:
        """Say whether the field has one of the words."""
        return getattr(record, self.name) in self.words


def says(name: str, *words: str) -> Says:
    """Return the condition that a field has one of these words."""
    return Says(name, frozenset(words))


def in_status(*words: str) -> InStatus:
    """Return the condition that a record is in one of these statuses."""
    return InStatus(frozenset(words))


class Expectation(Struct, frozen=True):
    """Fields that a record must have (needed) or should have (expected) in a certain state; because says why."""

    fields: tuple[str, ...]
    when: Callable[[Any, Charter], bool]
    because: str
    level: Literal["needed", "expected"] = "expected"


class Kind(Struct, frozen=True):
    """One kind of record. Everything that is made for every kind reads this declaration.

    Attributes:
        model: The class of its records; a `Row` where they stand in lists without a page of their own.
        name: Its word, singular, such as "risk" or "stand-up".
        folder: The folder of its files, and the address of its register.
        prefix: What its ids begin with.
        id_form: The form of the rest of its ids.
        plural: Its word, plural; `register` is the heading of its list.
        columns: Fields or properties that its register shows, in this order.
        done: Statuses in which a record asks for nothing any more.
        counted_as: Where records are counted by how far they have come, as none of them is open: what those of a status
            are counted as, where that is another word. None where the open ones are counted.
        is_over: Says that a record asks for nothing any more though its status does not say so.
        default_status: The status of a record that gives none, None where the kind has no status.
        fresh_days: For how many days a record speaks without being looked at again; None is for ever.
        dated: The field that says when the fact came to be: later than the as-of, it is not there yet.
        ended: Fields that count as not given, and the status as the default, where they lie after the as-of.
        reached: Pairs of a status and the field that says on which day it was reached, where `ended` names none.
        row_key: Makes a row's id from its key.
        rules: Contradictions and impossible values that one record shows by itself.
        expectations: Fields that only some states need or expect.
        order: Sorts its register; the id is always the last word.
        more_prefixes: What its ids may begin with besides, as the project sets it.
        also_read: Which other files are read as its records, in a sentence; "" for none.
        declared_at: Where the project declares or extends it; None for a kind as it is built in.
    """

    model: type[Entry]
    name: str
    folder: str
    prefix: str
    plural: str
    register: str
    id_form: IdForm = "numbered"
    columns: tuple[str, ...] = ("id", "title", "status", "owner")
    done: frozenset[str] = frozenset()
    counted_as: tuple[tuple[str, str], ...] | None = None
    is_over: Callable[[Any], bool] = lambda _: False
    default_status: str | None = None
    fresh_days: int | None = None
    dated: str | None = None
    ended: tuple[str, ...] = ()
    reached: tuple[tuple[str, str], ...] = ()
    row_key: Callable[[Any], str] | None = None
    rules: tuple[Callable[[Any], Iterable[Breach]], ...] = ()
    expectations: tuple[Expectation, ...] = ()
    order: Callable[[Any], Any] = lambda record: record.id
    more_prefixes: tuple[str, ...] = ()
    also_read: str = ""
    declared_at: Origin | None = None

    @property
    def is_rows(self) -> bool:
        """Whether its records are rows: no page of their own, an anchor in the register."""
        return issubclass(self.model, Row)

    @property
    def has_keys_for_ids(self) -> bool:
        """Whether the ids of its rows are keys with nothing of a name, such as those of observations."""
        return self.is_rows and self.id_form == "natural"

    @property
    def id_pattern(self) -> str:
        """The form of its ids as a regular expression, to be matched with the whole text."""
        return self.pattern_for(*self.prefixes)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """All that its ids may begin with."""
        return (self.prefix, *self.more_prefixes)

    def pattern_for(self, *prefixes: str) -> str:
        """Return the form of the ids that begin with one of some prefixes."""
        beginning = prefixes[0] if len(prefixes) == 1 else f"(?:{'|'.join(prefixes)})"
        return f"{beginning}-{_ID_REST[self.id_form]}"

    def is_id(self, text: str) -> bool:
        """Say whether `text` has the form of an id of this kind."""
        return re.fullmatch(self.id_pattern, text, re.ASCII) is not None

    def is_open(self, record: Entry) -> bool:
        """Say whether a record still asks for something."""
        return getattr(record, "status", None) not in self.done and not self.is_over(record)


class Kinds:
    """The kinds that a project has, in the order in which they are shown."""

    def __init__(self, kinds: Sequence[Kind], unread: Mapping[str, str] | None = None) -> None:
        """Take the kinds.

        Args:
            kinds: The kinds; names, folders and prefixes are each unique.
            unread: Names of kinds whose declaration cannot be read, each with its folder as far as that is known;
                their records wait for it, and nobody is told that there is no such kind.
        """
        self._kinds = tuple(kinds)
        self._unread = dict(unread or {})
        self._by_name = {kind.name: kind for kind in self._kinds}
        self._by_model = {kind.model: kind for kind in self._kinds}
        self._by_prefix = {prefix: kind for kind in self._kinds for prefix in kind.prefixes}

    def __iter__(self) -> Iterator[Kind]:
        """Give the kinds in order."""
        return iter(self._kinds)

    def named(self, name: str) -> Kind | None:
        """Return the kind of that name."""
        return self._by_name.get(name)

    def of(self, record: Entry) -> Kind:
        """Return the kind of a record."""
        return self._by_model[type(record)]

    def of_id(self, text: str) -> Kind | None:
        """Return the kind whose id form `text` has; the ids of natural rows are keys, not names, and are left out."""
        kind = self._by_prefix.get(text.partition("-")[0])
        return kind if kind and not kind.has_keys_for_ids and kind.is_id(text) else None

    def with_prefixes(self, name: str, prefixes: Iterable[str]) -> Kinds:
        """Return the kinds with more prefixes for one of them; those that are another kind's stay that kind's."""
        free = tuple(sorted(set(prefixes) - self._by_prefix.keys()))
        if not free:
            return self
        return Kinds([replace(k, more_prefixes=free) if k.name == name else k for k in self._kinds], self._unread)

    def of_prefix(self, prefix: str) -> Kind | None:
        """Return the kind whose ids begin so."""
        return self._by_prefix.get(prefix)

    def folders(self) -> dict[str, str]:
        """Return the kind's name by folder."""
        unread = {folder: name for name, folder in self._unread.items() if folder}
        return {kind.folder: kind.name for kind in self._kinds if kind.folder} | unread

    def reworded(self, reword: Callable[[str], str]) -> Kinds:
        """Return the kinds with the words of the project's own put otherwise; these very ones where nothing changes."""
        changed = [_reworded(kind, reword) for kind in self._kinds]
        return self if changed == list(self._kinds) else Kinds(changed, self._unread)

    def is_unread(self, name: str) -> bool:
        """Say whether this is the name or folder of a kind whose declaration cannot be read."""
        return bool(name) and (name in self._unread or name in self._unread.values())


def _reworded(kind: Kind, reword: Callable[[str], str]) -> Kind:
    if kind.declared_at is None:
        return kind
    return replace(kind, plural=reword(kind.plural), register=reword(kind.register))
