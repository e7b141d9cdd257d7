"""View blocks: the `aipm` blocks that a writer puts into ordinary pages, as their writer wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from aipm_site.problems import Place, Problem, error
from aipm_site.readers.fenced_blocks import FencedBlock, fenced_blocks
from aipm_site.readers.strict_yaml import YamlMapping, read_yaml

LANGUAGE = "aipm"


class View(Struct, frozen=True):
    """A view block as its writer wrote it.

    Attributes:
        name: Which view: home, table, list, figure or chart.
        subject: What it shows, such as "risks" or "risk.open"; "" for home.
        options: The other lines, by their key.
        block: Where it stands in the text.
        places: Line and column of each value, by its key, in the file.
        problems: What is wrong with its form.
    """

    name: str
    subject: str
    options: dict[str, object]
    block: FencedBlock
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def is_view(block: FencedBlock) -> bool:
    """Say whether a fenced block is one of ours."""
    return block.info == LANGUAGE


def views_in(text: str, file: str = "", first_line: int = 1) -> Iterator[View]:
    """Yield the view blocks of a text."""
    for block in fenced_blocks(text.split("\n")):
        if is_view(block):
            yield read_view(block, file, first_line)


def shows_view(text: str, name: str) -> bool:
    """Say whether a text has a view of that name."""
    return LANGUAGE in text and any(view.name == name for view in views_in(text))


def read_view(block: FencedBlock, file: str = "", first_line: int = 1) -> View:
    """Return what a block says; what is wrong with it is in the view."""
    line = first_line + block.first + 1
    text = "\n".join(block.lines)
    if text.strip().isidentifier():
        name = text.strip()
        return View(name, "", {}, block, {name: (line, len(block.indent) + 1)})
    data, problems = read_yaml(text, file, first_line=line)
    if problems or not isinstance(data, YamlMapping) or not data:
        return View("", "", {}, block, {}, tuple(problems) or (_no_view(file, line),))
    name, subject = next(iter(data.items()))
    options = {key: value for key, value in data.items() if key != name}
    places = dict(data.value_places)
    if subject is not None and not isinstance(subject, str):
        return View(name, "", options, block, places, (_wrong_subject(name, file, places[name]),))
    return View(name, subject or "", options, block, places)


def _no_view(file: str, line: int) -> Problem:
    return error("unknown-view", "this block names no view", Place(file, line), "write for example 'table: risks'")


def _wrong_subject(name: str, file: str, place: tuple[int, int]) -> Problem:
    return error("wrong-type", f"'{name}' takes one word", Place(file, *place), f"write for example '{name}: risks'")


def words_of(value: object) -> tuple[str, ...]:
    """Return a list of words, or one word, as a tuple."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return tuple(str(word) for word in value) if isinstance(value, Sequence) else ()
