"""Safe Markdown: raw HTML as text, allow-lists for attributes and addresses (security R13 to R20)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote
from xml.etree.ElementTree import Element, fromstring

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markupsafe import Markup

from aipm_site.pages.addresses import ROOT
from aipm_site.readers.fenced_blocks import fenced_blocks
from aipm_site.readers.prose_links import RECORD_LINK

SAFE_SCHEMES = frozenset({"http", "https", "mailto", ROOT.partition(":")[0]})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_ID = re.compile(r"[^\W\d_][\w:.\-]*\Z")
_ALIGNMENT = re.compile(r"text-align: (left|center|right);\Z")

# Python-Markdown takes quadratic time or deep recursion over these; nobody writes that many.
_BRACKETS_AT_MOST = 1_000
_QUOTES_AT_MOST = 24
_INDENT_AT_MOST = 96


def safe_url(url: str) -> bool:
    """Say whether a link may point there: http, https, mailto, or a place inside the site."""
    text = url
    # Browsers decode once, and what is decoded twice has no good reason.
    for _ in range(2):
        text = _INVISIBLE.sub("", unquote(unescape(text)))
    if "\\" in text or text.startswith("//"):
        return False
    scheme = _SCHEME.match(text)
    return scheme is None or scheme[1].lower() in SAFE_SCHEMES


def is_remote(url: str) -> bool:
    """Say whether an address leaves the site."""
    scheme = _SCHEME.match(_INVISIBLE.sub("", unquote(unescape(url))))
    return scheme is not None and scheme[1].lower() in {"http", "https"}


def is_runaway(text: str) -> bool:
    """Say whether text has so many brackets or levels that rendering it would not end in good time."""
    if max(text.count("["), text.count("<")) > _BRACKETS_AT_MOST:
        return True
    margins = (line[: len(line) - len(line.lstrip(" \t>"))] for line in text.split("\n"))
    return any(margin.count(">") > _QUOTES_AT_MOST or len(margin) > _INDENT_AT_MOST for margin in margins)


def close_fences(text: str) -> str:
    """Return text with a line added that closes a fence left open, so that its code stays code."""
    lines = text.split("\n")
    for block in fenced_blocks(lines):
        if not block.is_closed:
            return f"{text}\n{block.indent}{block.fence}"
    return text


def take_raw_html_as_text(md: Markdown) -> None:
    """Make a Markdown instance show raw HTML letter by letter, and leave comments out."""
    for registry, name in ((md.preprocessors, "html_block"), (md.inlinePatterns, "html")):
        if name in registry:
            registry.deregister(name)
    md.preprocessors.register(_CommentsLeftOut(md), "aipm-comments", 19)
    md.inlinePatterns.register(_InlineCommentLeftOut(r"<!--.*?-->", md), "aipm-comments", 90)


class _CommentsLeftOut(Preprocessor):
    """Drops comments that begin a line; fenced code has been put aside by then."""

    _BLOCK = re.compile(r"^ {0,3}<!--.*?-->[ \t]*$", re.MULTILINE | re.DOTALL)

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines without comments, as many as before."""
        text = "\n".join(lines)
        return self._BLOCK.sub(lambda found: "\n" * found[0].count("\n"), text).split("\n") if "<!--" in text else lines


class _InlineCommentLeftOut(InlineProcessor):
    """Drops comments inside a paragraph; code has been put aside by then."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802
        """Return nothing in place of a comment."""
        return "", m.start(0), m.end(0)


class ReferenceInline(InlineProcessor):
    """Turns [[RSK-014]] into what stands for that record; what has no id's form stays as written."""

    def __init__(self, md: Markdown, show: Callable[[str], Markup | None]) -> None:
        """Take what gives the HTML of an id, or None where the text is not ours."""
        super().__init__(RECORD_LINK, md)
        self._show = show

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        """Return the element for a reference."""
        shown = self._show(m[1])
        return (None, None, None) if shown is None else (element_of(shown), m.start(0), m.end(0))


def element_of(html: Markup) -> Element:
    """Return a component's HTML as an element whose text Markdown leaves alone."""
    element = fromstring(f'<span class="aipm-mention">{html}</span>')
    for node in element.iter():
        # The serializer keeps what looks like an entity, so a written `&lt;` needs its own escape.
        if node.text:
            node.text = AtomicString(node.text.replace("&", "&amp;"))
        if node.tail:
            node.tail = AtomicString(node.tail.replace("&", "&amp;"))
    return element


def unwrap_nested_links(root: Element) -> None:
    """Turn links inside links into plain text, as HTML has no such thing."""
    for link in list(root.iter("a")):
        for inner in list(link.iter("a")):
            if inner is not link:
                inner.tag = "span"
                inner.attrib.pop("href", None)


def demote_headings(root: Element, highest: int) -> None:
    """Move headings down so that the highest one has the given level and their order stays."""
    levels = {element: int(element.tag[1]) for element in root.iter() if _is_heading(element)}
    for element, level in levels.items():
        element.tag = f"h{min(6, level - min(levels.values()) + highest)}"


def _is_heading(element: Element) -> bool:
    return isinstance(element.tag, str) and re.fullmatch(r"h[1-6]", element.tag) is not None


class SafeTree(Treeprocessor):
    """The last look at a page's tree: allow-lists for attributes, addresses and ids.

    Attributes:
        refused: What was taken out since the last run, as (what, text).
    """

    def __init__(self, md: Markdown) -> None:
        """Begin with nothing refused."""
        super().__init__(md)
        self.refused: list[tuple[str, str]] = []

    def run(self, root: Element) -> None:
        """Clean a tree in place."""
        self.refused = []
        unwrap_nested_links(root)
        seen: set[str] = set()
        for element in root.iter():
            self._clean_attributes(element, seen)
            self._clean_addresses(element)

    def _clean_attributes(self, element: Element, seen: set[str]) -> None:
        for name, value in list(element.attrib.items()):
            if name.startswith("on") or (name == "style" and not _ALIGNMENT.match(value)):
                self._refuse(element, name, "attribute", f"{name}={value}")
            elif name == "title":
                # The theme's script decodes titles, so no bracket may be in one (R23).
                element.set(name, re.sub(r"[<>]", "", unescape(unescape(value))))
            elif name == "id" and not self._may_have_id(element, value, seen):
                self._refuse(element, name, "id", value)

    @staticmethod
    def _may_have_id(element: Element, value: str, seen: set[str]) -> bool:
        # Ids of two underscores are the theme's own; tabs are made by an extension, not by a writer.
        is_tab = element.tag == "input" and value.startswith("__tabbed_")
        is_fine = (is_tab or _ID.match(value) is not None or value[:1].isdigit()) and value not in seen
        seen.add(value)
        return is_fine

    def _clean_addresses(self, element: Element) -> None:
        for name in ("href", "src"):
            value = element.get(name)
            if value is None:
                continue
            if not safe_url(value):
                self._refuse(element, name, "address", value)
            elif element.tag == "img" and is_remote(value):
                self._refuse(element, name, "remote image", value)
        if element.tag == "img" and not element.get("src"):
            _become_text(element)

    def _refuse(self, element: Element, name: str, what: str, text: str) -> None:
        del element.attrib[name]
        self.refused.append((what, text))


def _become_text(image: Element) -> None:
    words = image.get("alt", "")
    image.tag, image.attrib = "span", {}
    image.text = AtomicString(words.replace("&", "&amp;"))
