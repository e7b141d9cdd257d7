"""SVG drawings, written anew through an allow-list, so that they show and cannot act."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree

MAX_DEPTH = 64
SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ELEMENTS = _words(
    "svg g path rect circle ellipse line polyline polygon text tspan textPath title desc defs linearGradient "
    "radialGradient stop clipPath mask pattern marker use symbol switch"
)
_ATTRIBUTES = _words(
    "id class d x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height viewBox preserveAspectRatio points transform "
    "rotate offset fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin "
    "stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility overflow clip-path "
    "clip-rule mask marker-start marker-mid marker-end markerWidth markerHeight markerUnits refX refY orient "
    "gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits "
    "maskUnits maskContentUnits stop-color stop-opacity font-family font-size font-style font-weight font-variant "
    "text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift letter-spacing word-spacing "
    "writing-mode textLength lengthAdjust startOffset paint-order shape-rendering text-rendering vector-effect role "
    "aria-label aria-labelledby aria-hidden lang style version"
)
_FORBIDDEN_VALUE = re.compile(r"url\(\s*['\"]?(?!#|['\"]?#)|javascript:|expression\(|@import|\\", re.IGNORECASE)


class UnsafeSvg(Exception):
    """A drawing that cannot be read, or holds what no drawing needs."""


def clean_svg(data: bytes) -> bytes:
    """Return a drawing as a file with only shapes, text and paint: no scripts, links, foreign files or HTML in it.

    Raises:
        UnsafeSvg: It is not an SVG drawing, or declares entities.
    """
    return written_svg(read_svg(data), xml_declaration=True).encode()


def read_svg(data: bytes) -> ElementTree.Element:
    """Return a drawing as a tree with only shapes, text and paint in it.

    Raises:
        UnsafeSvg: It is not an SVG drawing, or declares entities.
    """
    # Entities can make a small file huge; a drawing needs none, and a document type only serves to declare them.
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        raise UnsafeSvg("it has a document type declaration")
    root = _parse(data)
    if root.tag != f"{SVG}svg":
        raise UnsafeSvg("its root is not an <svg> element of the SVG namespace")
    return _cleaned(root)


def written_svg(root: ElementTree.Element, *, xml_declaration: bool = False) -> str:
    """Return a drawing as text: as it stands in a page, or, with the declaration, in a file."""
    ElementTree.register_namespace("", SVG[1:-1])
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=xml_declaration)
    return written.decode()


def _parse(data: bytes) -> ElementTree.Element:
    # Depth is watched while reading: everything after it walks the tree by recursion.
    events = ElementTree.iterparse(io.BytesIO(data), events=("start", "end"))
    root: ElementTree.Element | None = None
    depth = 0
    try:
        for event, element in events:
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise UnsafeSvg(f"its elements are nested more than {MAX_DEPTH} deep")
    except ElementTree.ParseError as fault:
        raise UnsafeSvg(f"it is not well-formed XML: {fault}") from None
    if root is None:
        raise UnsafeSvg("it is empty")
    return root


def _cleaned(element: ElementTree.Element) -> ElementTree.Element:
    clean = ElementTree.Element(element.tag, _attributes(element.attrib))
    clean.text, clean.tail = element.text, element.tail
    clean.extend(_cleaned(child) for child in element if _is_allowed(child))
    return clean


def _is_allowed(element: ElementTree.Element) -> bool:
    # Comments and processing instructions have a function as their tag.
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.startswith(SVG) and tag.removeprefix(SVG) in _ELEMENTS


def _attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value for name, value in attributes.items() if name in _ATTRIBUTES and not _FORBIDDEN_VALUE.search(value)
    }
    target = attributes.get("href", attributes.get(_XLINK, ""))
    # Only what lies in the same drawing can be used again.
    return kept | ({"href": target} if target.startswith("#") else {})
