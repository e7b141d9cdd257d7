"""Inline SVG: a drawing as it stands in a page, with words for those who cannot see it, and the same everywhere."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree

from aipm_site.charts.svg import SVG, read_svg, written_svg

_GEOMETRY = frozenset({"d", "transform", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "stroke-width"})
_NUMBER = re.compile(r"-?\d*\.\d+(?:e[+-]?\d+)?|-?\d+e[+-]?\d+")
_TENTH = Decimal("0.1")
# What the page says better: the fonts are the reader's, and the words for those who cannot see stand at the top.
_DROPPED = frozenset({"class", "role", "aria-label", "aria-hidden", "font-family", "version", "style"})


def inline_svg(svg: bytes, name: str, title: str, words: str) -> str:
    """Return a drawing for a page.

    Args:
        svg: The drawing, as the library made it.
        name: What its ids begin with; no other drawing of the page has it.
        title: What it is, in a few words.
        words: What it shows.

    Raises:
        UnsafeSvg: It is no drawing.
    """
    drawing = _visible(read_svg(svg))
    drawing.attrib.update({"role": "img", "aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-words"})
    drawing.insert(0, _text_element("title", f"{name}-title", title))
    drawing.insert(1, _text_element("desc", f"{name}-words", words))
    return written_svg(drawing)


def _text_element(tag: str, identifier: str, text: str) -> ElementTree.Element:
    element = ElementTree.Element(f"{SVG}{tag}", {"id": identifier})
    element.text = text
    return element


def _visible(element: ElementTree.Element) -> ElementTree.Element:
    """Return an element with what is seen of it, its places rounded to a tenth of a pixel."""
    kept = {name: value for name, value in element.attrib.items() if name not in _DROPPED}
    rounded = {name: _rounded(value) if name in _GEOMETRY else value for name, value in kept.items()}
    clean = ElementTree.Element(element.tag, rounded)
    clean.text = element.text
    clean.extend(child for child in map(_visible, element) if not _is_empty(child))
    return clean


def _is_empty(element: ElementTree.Element) -> bool:
    if element.attrib.get("display") == "none":
        return True
    if element.tag == f"{SVG}path":
        # The outermost group fills nothing, so what names no paint has none.
        return not {"fill", "stroke"} & element.attrib.keys()
    return element.tag in {f"{SVG}g", f"{SVG}defs"} and not len(element)


def _rounded(value: str) -> str:
    return _NUMBER.sub(lambda number: _tenth(number[0]), value)


def _tenth(number: str) -> str:
    rounded = Decimal(number).quantize(_TENTH, ROUND_HALF_UP)
    return f"{rounded.normalize():f}" if rounded else "0"
