"""Decision records in forms of others: MADR 2 to 4 and Nygard's, told by number and headings, with places of all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal

from msgspec import Struct, field

from aipm_site.readers.decision_words import (
    LINE_AT_MOST,
    Pointer,
    Written,
    is_template,
    named_in,
    number_of,
    option_in,
    words_of,
)
from aipm_site.readers.fenced_blocks import fenced_blocks
from aipm_site.readers.front_matter import FrontMatter
from aipm_site.readers.yaml_data import Spot, YamlList, YamlMapping

FormName = Literal["MADR", "Nygard"]

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)\Z")
# A longer list of options is no choice, and nothing to show.
_OPTIONS_AT_MOST = 100
# "12. Title", "ADR 12: Title", "ADR-0012 – Title": the number that the id says already.
_TITLE_NUMBER = re.compile(
    r"(?:(?:ADR|DEC)[-–—# ]*([0-9]{1,6})\s*[.:)–—-]\s*|([0-9]{1,6})\s*[.:)]\s+|([0-9]{1,6})\s+[–—-]\s+)(?=\S)",
    re.IGNORECASE,
)
_LABELS: Mapping[str, str] = {
    "status": "status",
    "date": "date",
    "decider": "decision_makers",
    "deciders": "decision_makers",
    "decision_maker": "decision_makers",
    "decision_makers": "decision_makers",
    "consulted": "consulted",
    "informed": "informed",
}
_META_LINE = re.compile(
    r"\s{0,3}(?:[*+-]\s+)?[*_]{0,2}(?P<label>status|date|deciders?|decision[- ]makers?|consulted|informed)"
    r"[*_]{0,2}\s*(?::|(?=\s[0-9]))[*_]{0,2}\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_ITEM = re.compile(r" ?(?:[*+-]|[0-9]{1,3}[.)])[ \t]+(?P<text>\S.*)")
_CHOSEN = re.compile(r"\s*[*_]*chosen option[*_]*\s*:[*_]*\s*(?P<value>\S.*)", re.IGNORECASE)
_SUPERSEDED_BY = re.compile(r"\bsuper[sc]eded(?:[- ]|\s+)by\b:?(.*)", re.IGNORECASE)
_SUPERSEDES = re.compile(r"\bsuper[sc]edes\b:?(.*)", re.IGNORECASE)
# Above the first section stands prose too, in which others may be superseded.
_RELATION_LINE = re.compile(r"\s*(?:[*+-]\s+)?[*_]*(?:status\b|super[sc]ede[sd]\b)", re.IGNORECASE)
# Marks of a quotation or of a list before a status.
_MARKS = re.compile(r"^\s*(?:>\s*)?(?:[*+-]\s+)?")
_MADR = frozenset({"context and problem statement", "decision outcome"})


class DecisionText(Struct, frozen=True):
    """What a decision record in a form of others says, as it says it.

    Attributes:
        form: The form.
        number: Its number as written, such as "0012".
        data: Its values under the names of our fields; `status` and `date` are texts as written.
        prose: Its text without the title.
        prose_line: Line of the file that the prose begins with.
        ignored: Keys of its front matter that say nothing here, with their places.
        superseded_by: The decision that replaces it.
        supersedes: The decisions that it replaces.
    """

    form: FormName
    number: str
    data: YamlMapping
    prose: str
    prose_line: int
    ignored: tuple[tuple[str, Spot], ...] = ()
    superseded_by: Pointer | None = None
    supersedes: tuple[Pointer, ...] = ()


class _Heading(Struct, frozen=True):
    index: int
    level: int
    text: str
    column: int


class _Body(Struct):
    """The text under the front matter, cut into its sections."""

    lines: Sequence[str]
    first_line: int
    headings: Sequence[_Heading] = field(default_factory=tuple)

    @classmethod
    def of(cls, text: str, first_line: int) -> _Body:
        lines = text.split("\n")
        plain = [line if len(line) <= LINE_AT_MOST else "" for line in lines]
        for block in fenced_blocks(lines):
            plain[block.first : block.last + 1] = [""] * (block.last + 1 - block.first)
        plain = _without_comments(plain)
        return cls(plain, first_line, tuple(_headings(plain)))

    @property
    def title(self) -> _Heading | None:
        """The heading of the whole."""
        return next((heading for heading in self.headings if heading.level == 1), None)

    @property
    def sections(self) -> frozenset[str]:
        """The names of the sections, folded."""
        return frozenset(_folded(heading.text) for heading in self.headings if heading.level in (2, 3))

    def preamble(self) -> Iterator[Written]:
        """Yield the lines above the first section."""
        first = next((heading.index for heading in self.headings if heading.level > 1), len(self.lines))
        yield from self._between(0, first)

    def section(self, name: str) -> Iterator[Written]:
        """Yield the lines of a section, those of its subsections left out."""
        found = next((h for h in self.headings if h.level in (2, 3) and _folded(h.text) == name), None)
        if found is not None:
            end = next((h.index for h in self.headings if h.index > found.index), len(self.lines))
            yield from self._between(found.index + 1, end)

    def _between(self, start: int, end: int) -> Iterator[Written]:
        for index in range(start, end):
            line = self.lines[index]
            if line.strip():
                yield Written(line, (self.first_line + index, 1))


def read_decision(front: FrontMatter, file: str) -> DecisionText | None:
    """Return what a Markdown file says as a decision record; None where it has no number, no title or no form.

    Args:
        front: The file in two parts.
        file: Its path.
    """
    body = _Body.of(front.body, front.body_line)
    form = _form_of(body)
    if form is None or is_template(file):
        return None
    given, ignored = _front_values(front.data or YamlMapping())
    title, number = _title_and_number(body, given, number_of(file))
    if title is None or not number:
        return None
    data = YamlMapping(*title.spot)
    _put(data, "title", title.text, title.spot)
    _take_values(data, given, body)
    prose, prose_line = _prose(front, body)
    superseded_by, supersedes = _pointers(given, body, file)
    return DecisionText(form, number, data, prose, prose_line, ignored, superseded_by, supersedes)


def _form_of(body: _Body) -> FormName | None:
    sections = body.sections
    if sections & _MADR:
        return "MADR"
    if "decision" in sections and sections & {"status", "context", "consequences"}:
        return "Nygard"
    return "Nygard" if {"status", "context"} <= sections else None


def _without_comments(lines: Sequence[str]) -> list[str]:
    """Return the lines without comments that go over several of them; one on a line is no word of it anyway."""
    shown: list[str] = []
    is_inside = False
    for line in lines:
        rest = line
        if is_inside:
            _, end, rest = line.partition("-->")
            is_inside = not end
        before, begin, after = rest.rpartition("<!--")
        if begin and "-->" not in after and not is_inside:
            is_inside, rest = True, before
        shown.append(rest)
    return shown


def _headings(lines: Sequence[str]) -> Iterator[_Heading]:
    for index, line in enumerate(lines):
        found = _HEADING.match(line)
        if found:
            yield _Heading(index, len(found[1]), _without_closing(found[2]), found.start(2) + 1)


def _without_closing(heading: str) -> str:
    """Return the text of a heading without the marks that may close it: "Status ##"."""
    text = heading.rstrip()
    opened = text.rstrip("#")
    return opened.rstrip() if opened != text and opened[-1:].isspace() else text


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", " ", text.casefold()).split())


def _put(data: YamlMapping, key: str, value: object, spot: Spot, key_spot: Spot | None = None) -> None:
    data[key] = value
    data.value_places[key] = spot
    data.key_places[key] = key_spot or spot


def _front_values(written: YamlMapping) -> tuple[YamlMapping, tuple[tuple[str, Spot], ...]]:
    """Return the values of the front matter that we know, under our names, and the keys that we do not know.

    A label is never overlooked, whatever form the record has: `audience` is taken as it is written.
    """
    names = {**_LABELS, "title": "title", "audience": "audience", "superseded_by": "superseded_by"}
    names |= {"supersedes": "supersedes"}
    known, ignored = YamlMapping(written.line, written.column), []
    for key, value in written.items():
        name = names.get(key.casefold().replace("-", "_").replace(" ", "_"))
        is_usable = name == "audience" or isinstance(value, (str, YamlList)) or value is None
        if name == "audience" and name in known:
            # Two spellings of one label: as a list it is refused, so nobody reads it by the wrong one.
            value = YamlList(written.line, written.column)
            _put(known, name, value, written.value_places[key], written.key_places[key])
        elif name is None or name in known or not is_usable:
            ignored.append((key, written.key_places[key]))
        elif value is not None:
            _put(known, name, value, written.value_places[key], written.key_places[key])
    return known, tuple(ignored)


def _title_and_number(body: _Body, given: YamlMapping, number: str) -> tuple[Written | None, str]:
    heading, named = body.title, given.get("title")
    if heading is None:
        text = words_of(named) if isinstance(named, str) else ""
        return (Written(text, given.value_places["title"]) if text else None), number
    text = words_of(heading.text)
    spot = (body.first_line + heading.index, heading.column)
    found = _TITLE_NUMBER.match(text)
    if found:
        own = next(group for group in found.groups() if group)
        # Another number than the file's is part of the title: "# 2. Factor" in 0007-….md.
        if not number or int(own) == int(number):
            text, number = text[found.end() :], number or own
    return (Written(text, spot) if text else None), number


def _take_values(data: YamlMapping, given: YamlMapping, body: _Body) -> None:
    """Put what the record says into its data: the front matter goes before the lines above the first section."""
    for name in ("status", "date", "decision_makers", "consulted", "informed"):
        if name in given:
            _take(data, name, given[name], given.value_places[name], given.key_places[name])
    for line in body.preamble():
        found = _META_LINE.match(line.text)
        name = _LABELS[found["label"].casefold().replace("-", "_").replace(" ", "_")] if found else ""
        if found and name not in data:
            _take(data, name, found["value"], (line.spot[0], found.start("value") + 1))
    for name in ("status", "date"):
        for line in body.section(name):
            if name not in data:
                text = _MARKS.sub("", line.text)
                _take(data, name, text, (line.spot[0], len(line.text) - len(text) + 1))
    if "audience" in given:
        _put(data, "audience", given["audience"], given.value_places["audience"], given.key_places["audience"])
    _take_options(data, body)


def _take(data: YamlMapping, name: str, value: object, spot: Spot, key_spot: Spot | None = None) -> None:
    if name in ("status", "date"):
        if isinstance(value, str) and (text := words_of(value)):
            _put(data, name, text, spot, key_spot)
        return
    texts = re.split(r"[,;]", value) if isinstance(value, str) else value if isinstance(value, YamlList) else []
    people = _list_of([Written(words_of(text), spot) for text in texts if isinstance(text, str)], spot)
    if people:
        _put(data, name, people, spot, key_spot)


def _take_options(data: YamlMapping, body: _Body) -> None:
    items = (
        (line, found) for line in body.section("considered options") if (found := _ITEM.match(line.text)) is not None
    )
    options = [
        Written(words_of(found["text"]), (line.spot[0], found.start("text") + 1))
        for line, found in islice(items, _OPTIONS_AT_MOST)
    ]
    if options:
        _put(data, "options", _list_of(options, options[0].spot), options[0].spot)
    for line in body.section("decision outcome"):
        found = _CHOSEN.match(line.text)
        outcome = option_in(found["value"]) if found else ""
        if found and outcome:
            _put(data, "outcome", outcome, (line.spot[0], found.start("value") + 1))
            return


def _list_of(items: Sequence[Written], spot: Spot) -> YamlList:
    found = YamlList(*spot)
    for item in items:
        if item.text:
            found.append(item.text)
            found.places.append(item.spot)
    return found


def _prose(front: FrontMatter, body: _Body) -> tuple[str, int]:
    """Return the text below the title; the whole text where something stands above the title."""
    title = body.title
    lines = front.body.split("\n")
    is_first = title is not None and not any(line.strip() for line in lines[: title.index])
    start = title.index + 1 if title is not None and is_first else 0
    while start < len(lines) and not lines[start].strip():
        start += 1
    return "\n".join(lines[start:]).rstrip(), front.body_line + start


def _pointers(given: YamlMapping, body: _Body, file: str) -> tuple[Pointer | None, tuple[Pointer, ...]]:
    """Return the decision that replaces this one, and those that it replaces."""
    successors: list[Pointer] = []
    earlier: list[Pointer] = []
    for line in _status_lines(given, body):
        successors += [
            p for found in [_SUPERSEDED_BY.search(line.text)] if found for p in named_in(found[1], line, file)
        ]
        earlier += [p for found in [_SUPERSEDES.search(line.text)] if found for p in named_in(found[1], line, file)]
    for name, pointers in (("superseded_by", successors), ("supersedes", earlier)):
        texts = given.get(name, ())
        for text in [texts] if isinstance(texts, str) else texts:
            if isinstance(text, str) and len(text) <= LINE_AT_MOST:
                pointers += named_in(text, Written(text, given.value_places[name]), file)
    return next(iter(successors), None), tuple(earlier)


def _status_lines(given: YamlMapping, body: _Body) -> Iterator[Written]:
    status = given.get("status")
    if isinstance(status, str) and len(status) <= LINE_AT_MOST:
        yield Written(status, given.value_places["status"])
    yield from (line for line in body.preamble() if _RELATION_LINE.match(line.text))
    yield from body.section("status")
