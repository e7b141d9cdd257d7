"""Decision records in forms of others: MADR 2 to 4 and Nygard's, told by number and headings, with places of all."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from aipm_site.readers.fenced_blocks import fenced_blocks
from aipm_site.readers.front_matter import FrontMatter
from aipm_site.readers.yaml_data import Spot, YamlList, YamlMapping

FormName = Literal["MADR", "Nygard"]

# 0012-title.md, 12.md, adr-0012-title.md, ADR_12 title.md; a day at the beginning is no number.
_NAME = re.compile(r"(?:[A-Za-z]{2,12}[-_ ]?)?(?P<number>[0-9]{1,6})(?=[-_. ]|\Z)(?P<rest>.*)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
# 0000-template.md is what the next record is copied from.
_TEMPLATE = re.compile(r"[-_. ]*(?:m?adr[-_. ]?)?template\Z", re.IGNORECASE)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\Z")
# "12. Title", "ADR 12: Title", "ADR-0012 – Title": the number that the id says already.
_TITLE_NUMBER = re.compile(
    r"(?:(?:ADR|DEC)[-–—# ]*([0-9]{1,6})\s*[.:)–—-]\s*|([0-9]{1,6})\s*[.:)]\s+|([0-9]{1,6})\s+[–—-]\s+)(?=\S)", re.IGNORECASE
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
# The option stands in quotes and may hold quotes of the other sort: it ends where the reason begins.
_QUOTED = re.compile(
    r"(?:\"(?P<a>.+?)\"|“(?P<b>.+?)”|'(?P<c>.+?)')(?=\s*(?:[,;:.–—-]\s*)?(?:because\b|since\b|as\b|\Z|\())", re.IGNORECASE
)
_BEFORE_REASON = re.compile(r"(.+?)(?:[,;]?\s+because\b.*|[.:,;]\s*)?\Z", re.IGNORECASE)
_SUPERSEDED_BY = re.compile(r"\bsuper[sc]eded(?:[- ]|\s+)by\b:?(.*)", re.IGNORECASE)
_SUPERSEDES = re.compile(r"\bsuper[sc]edes\b:?(.*)", re.IGNORECASE)
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^()<>\s]*)>?(?:\s+[^()]*)?\)")
_REFERENCE_LINK = re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]*\]|<(https?://[^<>\s]+)>")
# What a template asked for, filled in between its brackets: "[2021-03-12]".
_IN_BRACKETS = re.compile(r"\[([^\[\]]*)\]\Z")
_A_NUMBER = re.compile(r"(?:\b[A-Za-z]{2,4}[-# ]?|#|\b)([0-9]{1,6})\b(?![./-][0-9])")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")

_MADR = frozenset({"context and problem statement", "decision outcome"})


@dataclass(frozen=True, slots=True)
class Pointer:
    """How a decision names another one: by the file that a link leads to, or by a number.

    Attributes:
        words: What was written.
        path: The file, from the project's root; "" where there is no link to a file.
        number: The number, as written; "" where there is none.
        spot: Line and column.
    """

    words: str
    path: str
    number: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class DecisionText:
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


@dataclass(frozen=True, slots=True)
class _Heading:
    index: int
    level: int
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Written:
    """A text with its place, code in it left out."""

    text: str
    spot: Spot


@dataclass(slots=True)
class _Body:
    """The text under the front matter, cut into its sections."""

    lines: Sequence[str]
    first_line: int
    headings: Sequence[_Heading] = field(default_factory=tuple)

    @classmethod
    def of(cls, text: str, first_line: int) -> _Body:
        lines = text.split("\n")
        plain = list(lines)
        for block in fenced_blocks(lines):
            plain[block.first : block.last + 1] = [""] * (block.last + 1 - block.first)
        return cls(plain, first_line, tuple(_headings(plain)))

    @property
    def title(self) -> _Heading | None:
        """The heading of the whole."""
        return next((heading for heading in self.headings if heading.level == 1), None)

    @property
    def sections(self) -> frozenset[str]:
        """The names of the sections, folded."""
        return frozenset(_folded(heading.text) for heading in self.headings if heading.level in (2, 3))

    def preamble(self) -> Iterator[_Written]:
        """Yield the lines above the first section."""
        first = next((heading.index for heading in self.headings if heading.level > 1), len(self.lines))
        yield from self._between(0, first)

    def section(self, name: str) -> Iterator[_Written]:
        """Yield the lines of a section, those of its subsections left out."""
        found = next((h for h in self.headings if h.level in (2, 3) and _folded(h.text) == name), None)
        if found is not None:
            end = next((h.index for h in self.headings if h.index > found.index), len(self.lines))
            yield from self._between(found.index + 1, end)

    def _between(self, start: int, end: int) -> Iterator[_Written]:
        for index in range(start, end):
            line = self.lines[index]
            if line.strip():
                yield _Written(line, (self.first_line + index, 1))


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
    superseded_by, supersedes = _pointers(given, body, data, file)
    return DecisionText(form, number, data, prose, prose_line, ignored, superseded_by, supersedes)


def number_of(file: str) -> str:
    """Return the number that a file's name begins with, as it is written; "" where it has none."""
    stem = _stem(file)
    found = None if _DAY.match(stem) else _NAME.match(stem)
    return found["number"] if found else ""


def is_template(file: str) -> bool:
    """Say whether a file's name says that records are copied from it."""
    found = _NAME.match(_stem(file))
    return _TEMPLATE.match(found["rest"] if found else _stem(file)) is not None


def _stem(file: str) -> str:
    return posixpath.basename(file).rpartition(".")[0]


def _form_of(body: _Body) -> FormName | None:
    sections = body.sections
    if sections & _MADR:
        return "MADR"
    if "decision" in sections and sections & {"status", "context", "consequences"}:
        return "Nygard"
    return "Nygard" if {"status", "context"} <= sections else None


def _headings(lines: Sequence[str]) -> Iterator[_Heading]:
    for index, line in enumerate(lines):
        found = _HEADING.match(line)
        if found:
            yield _Heading(index, len(found[1]), found[2], found.start(2) + 1)


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", " ", text.casefold()).split())


def words_of(markdown: str) -> str:
    """Return the words of one line of Markdown: links, emphasis, code marks and comments are taken off."""
    text = _COMMENT.sub("", markdown)
    text = _LINK.sub(lambda found: found[1], text).replace("`", "")
    text = _REFERENCE_LINK.sub(lambda found: found[1] or found[2], text)
    text = _IN_BRACKETS.sub(lambda found: found[1], text.strip()) if text.lstrip().startswith("[") else text
    for _ in range(2):
        text = _EMPHASIS.sub(lambda found: found[2], text)
    return " ".join(text.split())


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
        if name is None or name in known or not is_usable:
            ignored.append((key, written.key_places[key]))
        elif value is not None:
            _put(known, name, value, written.value_places[key], written.key_places[key])
    return known, tuple(ignored)


def _title_and_number(body: _Body, given: YamlMapping, number: str) -> tuple[_Written | None, str]:
    heading, named = body.title, given.get("title")
    if heading is None:
        text = words_of(named) if isinstance(named, str) else ""
        return (_Written(text, given.value_places["title"]) if text else None), number
    text = words_of(heading.text)
    spot = (body.first_line + heading.index, heading.column)
    found = _TITLE_NUMBER.match(text)
    if found:
        own = next(group for group in found.groups() if group)
        # Another number than the file's is part of the title: "# 2. Factor" in 0007-….md.
        if not number or int(own) == int(number):
            text, number = text[found.end() :], number or own
    return (_Written(text, spot) if text else None), number


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
        first = next(body.section(name), None)
        if first is not None and name not in data:
            text = re.sub(r"^\s*(?:>\s*)?(?:[*+-]\s+)?", "", first.text)
            _take(data, name, text, (first.spot[0], len(first.text) - len(text) + 1))
    if "audience" in given:
        _put(data, "audience", given["audience"], given.value_places["audience"], given.key_places["audience"])
    _take_options(data, body)


def _take(data: YamlMapping, name: str, value: object, spot: Spot, key_spot: Spot | None = None) -> None:
    if name in ("status", "date"):
        if isinstance(value, str) and (text := words_of(value)):
            _put(data, name, text, spot, key_spot)
        return
    texts = re.split(r"[,;]", value) if isinstance(value, str) else value if isinstance(value, YamlList) else []
    people = _list_of([_Written(words_of(text), spot) for text in texts if isinstance(text, str)], spot)
    if people:
        _put(data, name, people, spot, key_spot)


def _take_options(data: YamlMapping, body: _Body) -> None:
    items = (
        (line, found) for line in body.section("considered options") if (found := _ITEM.match(line.text)) is not None
    )
    options = [_Written(words_of(found["text"]), (line.spot[0], found.start("text") + 1)) for line, found in items]
    if options:
        _put(data, "options", _list_of(options, options[0].spot), options[0].spot)
    for line in body.section("decision outcome"):
        found = _CHOSEN.match(line.text)
        outcome = _option_in(found["value"]) if found else ""
        if found and outcome:
            _put(data, "outcome", outcome, (line.spot[0], found.start("value") + 1))
            return


def _option_in(text: str) -> str:
    quoted = _QUOTED.match(text)
    if quoted:
        return words_of(next(group for group in quoted.groups() if group))
    plain = _BEFORE_REASON.match(text)
    return words_of(plain[1]).strip("\"'“” ") if plain else ""


def _list_of(items: Sequence[_Written], spot: Spot) -> YamlList:
    found = YamlList(*spot)
    for item in items:
        if item.text:
            found.append(item.text)
            found.places.append(item.spot)
    return found


def _prose(front: FrontMatter, body: _Body) -> tuple[str, int]:
    """Return the text below the title; the whole text where something stands above the title."""
    title = body.title
    is_first = title is not None and not any(line.strip() for line in body.lines[: title.index])
    lines = front.body.split("\n")
    start = title.index + 1 if title is not None and is_first else 0
    while start < len(lines) and not lines[start].strip():
        start += 1
    return "\n".join(lines[start:]).rstrip(), front.body_line + start


def _pointers(
    given: YamlMapping, body: _Body, data: YamlMapping, file: str
) -> tuple[Pointer | None, tuple[Pointer, ...]]:
    """Return the decision that replaces this one, and those that it replaces."""
    successors: list[Pointer] = []
    earlier: list[Pointer] = []
    for line in _status_lines(given, body):
        successors += [p for found in [_SUPERSEDED_BY.search(line.text)] if found for p in _named(found[1], line, file)]
        earlier += [p for found in [_SUPERSEDES.search(line.text)] if found for p in _named(found[1], line, file)]
    for name, pointers in (("superseded_by", successors), ("supersedes", earlier)):
        texts = given.get(name, ())
        for text in [texts] if isinstance(texts, str) else texts:
            if isinstance(text, str):
                pointers += _named(text, _Written(text, given.value_places[name]), file)
    return next(iter(successors), None), tuple(earlier)


def _status_lines(given: YamlMapping, body: _Body) -> Iterator[_Written]:
    status = given.get("status")
    if isinstance(status, str):
        yield _Written(status, given.value_places["status"])
    yield from body.preamble()
    yield from body.section("status")


def _named(text: str, line: _Written, file: str) -> list[Pointer]:
    """Return the decisions that a piece of text names: links to files first, else numbers."""
    column = max(0, line.text.find(text))
    found = [_linked(link, (line.spot[0], line.spot[1] + column + link.start()), file) for link in _LINK.finditer(text)]
    if found:
        return found
    plain = _A_NUMBER.search(text)
    spot = (line.spot[0], line.spot[1] + column + (plain.start() if plain else 0))
    return [Pointer(plain[0].strip(), "", plain[1], spot)] if plain else []


def _linked(link: re.Match[str], spot: Spot, file: str) -> Pointer:
    target = unquote(link[2].partition("#")[0].partition("?")[0])
    number = number_of(target) or next((found[1] for found in [_A_NUMBER.search(link[1])] if found), "")
    is_here = bool(target) and ":" not in target and not target.startswith("/")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), target)) if is_here else ""
    return Pointer(words_of(link[1]) or target, path, number, spot)
