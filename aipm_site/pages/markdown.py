"""Prose: the Markdown of record fields as HTML that cannot leave its place; each text is rendered once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from html import unescape
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup, escape

from aipm_site.pages.addresses import ROOT
from aipm_site.pages.safe_markdown import (
    ReferenceInline,
    SafeTree,
    close_fences,
    demote_headings,
    is_remote,
    is_runaway,
    take_raw_html_as_text,
)

HIGHEST_HEADING = 3
# Most prose is plain sentences, and for those Markdown's forty regular expressions find nothing.
_PLAIN = re.compile(r"[^\W_][^\\`*_\[\]<>&#|~{}$^=+:!\n]*(?:\n[^\W\d_][^\\`*_\[\]<>&#|~{}$^=+:!\n]*)*\Z")
_TAG = re.compile(r"<[^>]*>")
_RELATIVE_LINK = re.compile(r"\]\(|\]:")


class ProseRenderer:
    """Renders prose of one project: references become links, and links to files of the content lead to their pages."""

    def __init__(self, show: Callable[[str], Markup | None], paths: Mapping[str, str]) -> None:
        """Take what stands for [[ID]], and the address of each file of the content by its path."""
        self._rendered: dict[tuple[str, str], Markup] = {}
        self._links = _ContentLinks(paths)
        self._markdown = Markdown(
            extensions=[
                TableExtension(),
                FencedCodeExtension(),
                SaneListExtension(),
                _ProseExtension(show, self._links),
            ],
            output_format="html",
        )

    def render(self, text: str, folder: str = "") -> Markup:
        """Return prose as HTML.

        Args:
            text: Markdown as its writer wrote it.
            folder: Folder of the file that it stands in, from which its relative links count.
        """
        # Only links to files depend on where the text stands.
        key = (text, folder if _RELATIVE_LINK.search(text) else "")
        found = self._rendered.get(key)
        if found is None:
            found = self._rendered[key] = self._render(*key)
        return found

    def _render(self, text: str, folder: str) -> Markup:
        if _PLAIN.match(text):
            return Markup(f"<p>{escape(text)}</p>")
        if is_runaway(text):
            return Markup('<pre class="aipm-as-written">{}</pre>').format(text)
        self._links.folder = folder
        try:
            return Markup(self._markdown.reset().convert(close_fences(text)))
        except RecursionError:
            return Markup('<pre class="aipm-as-written">{}</pre>').format(text)


class _ProseExtension(Extension):
    def __init__(self, show: Callable[[str], Markup | None], links: _ContentLinks) -> None:
        super().__init__()
        self._show = show
        self._links = links

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        take_raw_html_as_text(md)
        md.inlinePatterns.register(ReferenceInline(md, self._show), "aipm-reference", 175)
        md.treeprocessors.register(_ProseTree(md, self._links), "aipm-prose", -20)
        md.treeprocessors.register(SafeTree(md), "aipm-safe", -30)


class _ProseTree(Treeprocessor):
    """Gives headings their level, and resolves links and images."""

    def __init__(self, md: Markdown, links: _ContentLinks) -> None:
        super().__init__(md)
        self._links = links

    def run(self, root: Element) -> None:
        """Change a tree in place."""
        demote_headings(root, HIGHEST_HEADING)
        for element in root.iter():
            for name in ("href", "src"):
                value = element.get(name)
                if value:
                    _lead(element, name, self._links.resolve(value))
            if element.tag == "table":
                element.set("class", "aipm-table aipm-table--prose")


def _lead(element: Element, name: str, target: str | None) -> None:
    if target is None:
        # The check names it; a reader gets the words and no dead link.
        del element.attrib[name]
        element.tag = "span" if element.tag == "a" else element.tag
    else:
        element.set(name, target)


class _ContentLinks:
    """Resolves relative links in record files to addresses in the site."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = paths
        self.folder = ""

    def resolve(self, url: str) -> str | None:
        """Return where a link leads in the site; None where it names a file that is not there."""
        path, mark, fragment = url.partition("#")
        if not path or not self.folder or ":" in path or path.startswith("/") or is_remote(url):
            return url
        wanted = posixpath.normpath(posixpath.join(self.folder, unquote(path)))
        found = self._paths.get(wanted)
        if found is None:
            # An address, such as ../risks/, is looked at by the gate, which sees all pages.
            return None if "." in posixpath.basename(wanted) else url
        return f"{ROOT}{found}{mark}{fragment}"


def as_text(html: str) -> str:
    """Return the words of a piece of HTML, for search entries and labels."""
    return " ".join(unescape(_TAG.sub("", html)).split())


__all__ = ["ProseRenderer", "as_text", "escape"]
