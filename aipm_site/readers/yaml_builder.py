"""YAML builder: turns the parser's events into data with places, and refuses what records must not use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from msgspec import Struct
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from aipm_site.problems import Place, Problem, Related, error
from aipm_site.readers.characters import check_characters, replace_forbidden, size_of
from aipm_site.readers.yaml_data import Spot, YamlList, YamlMapping

# libyaml reads more than ten times as fast as the pure parser, and both give the same events.
_PARSER: Callable[[str], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NOT_GIVEN = frozenset(("", "~", "null"))
_RESERVED_KEYS = frozenset(("constructor", "prototype"))
_KEY_HINT = "a key is a word; a text that begins with '[' or '{' needs quotes"
_QUOTE_HINT = 'put the text in quotes, such as "…"'
_RECORD_HINT = "a record begins with lines such as 'id: RSK-014' and 'title: …'; remove the file if it is not needed"


class Limits(Struct, frozen=True):
    """How much a text may hold (R8); in a list, depth, nodes and size hold for each item.

    Attributes:
        depth: Mappings and lists within each other.
        nodes: Keys, values, mappings and lists of one record.
        size: Bytes of one record.
        file_size: Bytes of the whole text.
        file_nodes: Keys, values, mappings and lists of the whole text, a bound on the memory that a file can take.
    """

    depth: int = 16
    nodes: int = 5_000
    size: int = 256 * 1024
    file_size: int = 16 * 1024 * 1024
    file_nodes: int = 2_000_000


RECORD_LIMITS = Limits()
FRONT_MATTER_LIMITS = Limits(size=64 * 1024, file_size=64 * 1024)


def too_large(what: str, size: int, limit: int, place: Place) -> Problem:
    """Return the problem that something has more bytes than it may have."""
    message = f"{what} has {size:,} bytes; {limit:,} are allowed"
    return error("too-large", message, place, "split it, or keep long text in a page and link to it")


class _EnoughRead(Exception):
    """Reading ends here, and the problem is noted."""


class _Open(Struct):
    """A mapping or list whose end has not been read yet.

    Attributes:
        node: What has been read of it.
        wants_key: Whether the next node is a key.
        key: Key of the value that comes next; None where the key was refused and its value is left out.
    """

    node: YamlMapping | YamlList
    wants_key: bool
    key: str | None = None


class YamlBuilder:
    """Builds data from the events of one text.

    Attributes:
        data: The data, None where there is none that can be used.
        problems: What is wrong, in the order of the text.
    """

    def __init__(self, text: str, file: str, first_line: int, limits: Limits, letters: dict[int, int]) -> None:
        """Take what the events will be about.

        Args:
            text: The text as it stands in the file.
            file: The file, for places.
            first_line: Line of the file that the text begins with.
            limits: How much it may hold.
            letters: Code points that the parser sees in place of others, and these others.
        """
        self.data: YamlMapping | YamlList | None = None
        self.problems: list[Problem] = []
        self._text = text
        self._file = file
        self._first_line = first_line
        self._limits = limits
        self._letters = letters
        self._is_verbatim = "\\" not in text and not letters
        self._has_question_mark = "?" in text
        self._open: list[_Open] = []
        self._documents = 0
        self._has_root = False
        self._is_list = False
        self._nodes = 0  # of the record that is being read
        self._nodes_before = 0  # of the records before it
        self._begins_at = 0
        self._anchored: dict[str, str | None] = {}

    def build(self, text: str) -> None:
        """Read the text to its end, or to the first limit that it exceeds."""
        parser = _PARSER(text)
        try:
            for event in iter(parser.get_event, None):
                handler = _HANDLERS.get(type(event))
                if handler:
                    handler(self, event)
        except _EnoughRead:
            return
        finally:
            parser.dispose()
        if not self._has_root:
            self.problems.append(self._nothing())

    def _place(self, event: Event) -> Place:
        return Place(self._file, *self._spot(event))

    def _spot(self, event: Any) -> Spot:
        mark = event.start_mark
        return mark.line + self._first_line, mark.column + 1

    def _report(self, code: str, message: str, event: Event, hint: str) -> None:
        self.problems.append(error(code, message, self._place(event), hint))

    def _refuse_all(self, code: str, message: str, event: Event, hint: str) -> None:
        """Report something after which the data are not what the writer meant."""
        self._report(code, message, event, hint)
        self.data = None
        raise _EnoughRead

    def _document_start(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if event.version or event.tags:
            self._report("yaml-directive", "a YAML directive ('%…') is not allowed", event, "leave the line out")
        if self._documents > 1:
            hint = "make a file of each, or one list with '- ' before each"
            self._report("second-document", "a second document begins here; a file holds one", event, hint)
            raise _EnoughRead

    def _scalar(self, event: ScalarEvent) -> None:
        spot = self._spot(event)
        self._count(event)
        value = self._value(event, spot)
        if event.anchor or event.tag:
            self._refuse_properties(event, value)
        top = self._open[-1] if self._open else None
        if top is None:
            self._scalar_root(event, value)
        elif top.wants_key:
            self._begin_key(top, event, value, spot)
        else:
            _add(top, value, spot)

    def _value(self, event: ScalarEvent, spot: Spot) -> str | None:
        text: str = event.value
        if not event.style and text in _NOT_GIVEN:
            return None
        return text if self._is_verbatim else self._checked(event, spot)

    def _checked(self, event: ScalarEvent, spot: Spot) -> str:
        """Return a scalar of a text that has escapes, or letters in place of others."""
        text: str = event.value.translate(self._letters)
        if event.style != '"':
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.problems.extend(check_characters(text, Place(self._file, *spot)))
        return replace_forbidden(text)

    def _scalar_root(self, event: ScalarEvent, value: str | None) -> None:
        self._has_root = True
        if value is None:
            self.problems.append(self._nothing())
        else:
            hint = "a record is lines of 'key: value'"
            self._report("not-a-record", "this is a text, not a record", event, hint)

    def _begin_key(self, top: _Open, event: Any, value: str | None, spot: Spot) -> None:
        top.wants_key, top.key = False, None
        mapping = top.node
        assert isinstance(mapping, YamlMapping)
        if value in mapping.key_places:
            self._report_duplicate(event, value, mapping.key_places[value])
        elif value == "<<" and not event.style:
            self._report("yaml-merge-key", "a merge key ('<<') is not allowed", event, "write the values out")
        elif not value:
            self._report("key-not-text", "a key is missing before ':'", event, "write it as 'key: value'")
        elif self._has_question_mark and self._text[event.start_mark.index - 1 : event.start_mark.index] == "?":
            # Within brackets PyYAML takes `?word` for the key "word", YAML 1.2 for the text "?word".
            self._report("not-yaml", "a text cannot begin with '?' within brackets", event, _QUOTE_HINT)
        elif value in _RESERVED_KEYS or (value.startswith("__") and value.endswith("__")):
            hint = "programs use such names for themselves; choose another"
            self._report("reserved-key", f"the key '{value}' is reserved", event, hint)
        else:
            top.key = value
            mapping.key_places[value] = spot

    def _report_duplicate(self, event: ScalarEvent, key: str, first: Spot) -> None:
        related = Related(Place(self._file, *first), f"the first '{key}'")
        message = f"the key '{key}' is here a second time; the first is in line {first[0]}"
        hint = "keep one of the two"
        self.problems.append(error("duplicate-key", message, self._place(event), hint, [related]))

    def _mapping_start(self, event: MappingStartEvent) -> None:
        self._begin(event, YamlMapping(*self._spot(event)), wants_key=True)

    def _sequence_start(self, event: SequenceStartEvent) -> None:
        self._begin(event, YamlList(*self._spot(event)), wants_key=False)

    def _begin(self, event: Any, node: YamlMapping | YamlList, *, wants_key: bool) -> None:
        self._count(event)
        if event.anchor or event.tag:
            self._refuse_properties(event, None)
        if not self._open:
            self._collection_root(event, node)
        else:
            self._begin_within(self._open[-1], event, node)
        self._open.append(_Open(node, wants_key))
        if len(self._open) - self._is_list > self._limits.depth:
            message = f"mappings and lists stand {self._limits.depth + 1} deep in each other here"
            self._refuse_all("too-deep", message, event, f"{self._limits.depth} levels are allowed")

    def _collection_root(self, event: Event, node: YamlMapping | YamlList) -> None:
        self._has_root = True
        self.data = node
        self._is_list = isinstance(node, YamlList)
        size = size_of(self._text)
        if not self._is_list and size > self._limits.size:
            self.problems.append(too_large("the record", size, self._limits.size, self._place(event)))
            self.data = None
            raise _EnoughRead

    def _begin_within(self, top: _Open, event: Event, node: YamlMapping | YamlList) -> None:
        if top.wants_key:
            top.wants_key, top.key = False, None
            what = "a mapping" if isinstance(node, YamlMapping) else "a list"
            self._report("key-not-text", f"{what} stands where a key is wanted", event, _KEY_HINT)
        else:
            _add(top, node, (node.line, node.column))

    def _collection_end(self, event: MappingEndEvent | SequenceEndEvent) -> None:
        self._open.pop()
        if self._is_list and len(self._open) == 1:
            self._check_size(event)

    def _check_size(self, event: Any) -> None:
        """Check the size of the item of a list that ends here."""
        limit = self._limits.size
        characters = event.end_mark.index - self._begins_at
        if characters * 4 <= limit:
            return
        size = size_of(self._text[self._begins_at : event.end_mark.index])
        if size > limit and isinstance(self.data, YamlList):
            place = Place(self._file, *self.data.places[-1])
            self.problems.append(too_large("the record", size, limit, place))
            self.data = None
            raise _EnoughRead

    def _count(self, event: Any) -> None:
        if self._is_list and len(self._open) == 1:
            self._nodes_before += self._nodes
            self._nodes = 0
            self._begins_at = event.start_mark.index
        self._nodes += 1
        if self._nodes > self._limits.nodes:
            self._refuse_count("the record", self._limits.nodes, event)
        if self._nodes + self._nodes_before > self._limits.file_nodes:
            self._refuse_count("the file", self._limits.file_nodes, event)

    def _refuse_count(self, what: str, limit: int, event: Event) -> None:
        message = f"{what} has more than {limit:,} keys and values"
        self._refuse_all("too-many-values", message, event, "split it into several")

    def _refuse_properties(self, event: Any, value: str | None) -> None:
        if event.anchor:
            self._anchored[event.anchor] = value
            hint = "write the value out where it is used; a text that begins with '&' needs quotes"
            self._report("yaml-anchor", f"an anchor ('&{event.anchor}') is not allowed", event, hint)
        if event.tag:
            hint = "leave it out: the field knows its type; a text that begins with '!' needs quotes"
            self._report("yaml-tag", "a tag ('!…') is not allowed", event, hint)

    def _alias(self, event: Any) -> None:
        self._count(event)
        hint = "write the value out; a text that begins with '*' needs quotes"
        self._report("yaml-alias", f"an alias ('*{event.anchor}') is not allowed", event, hint)
        if not self._open:
            self._has_root = True
            return
        top = self._open[-1]
        if top.wants_key:
            top.wants_key, top.key = False, None
        else:
            # The text that is meant, where it is one, so that no second problem follows from the first.
            _add(top, self._anchored.get(event.anchor), self._spot(event))

    def _nothing(self) -> Problem:
        place = Place(self._file, self._first_line, 1)
        if "#" in self._text:
            return error("only-comments", "there are only comments here", place, _RECORD_HINT)
        return error("empty-file", "there is nothing here", place, _RECORD_HINT)


def _add(top: _Open, value: object, spot: Spot) -> None:
    node = top.node
    if isinstance(node, YamlList):
        node.append(value)
        node.places.append(spot)
        return
    if top.key is not None:
        node[top.key] = value
        node.value_places[top.key] = spot
    top.wants_key = True


# A table of functions, not of bound methods: those would tie each builder, and its text, into a reference cycle.
_HANDLERS: dict[type[Event], Callable[[YamlBuilder, Any], None]] = {
    ScalarEvent: YamlBuilder._scalar,
    MappingStartEvent: YamlBuilder._mapping_start,
    SequenceStartEvent: YamlBuilder._sequence_start,
    MappingEndEvent: YamlBuilder._collection_end,
    SequenceEndEvent: YamlBuilder._collection_end,
    AliasEvent: YamlBuilder._alias,
    DocumentStartEvent: YamlBuilder._document_start,
}
