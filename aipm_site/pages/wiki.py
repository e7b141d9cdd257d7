"""Ordinary pages: references and view blocks in what people write, and strict rules for it where a project asks."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markupsafe import Markup

from aipm_site.pages.context import PageContext
from aipm_site.pages.safe_markdown import ReferenceInline, SafeTree, take_raw_html_as_text
from aipm_site.pages.views import show_view
from aipm_site.readers.fenced_blocks import fenced_blocks
from aipm_site.readers.view_blocks import is_view, read_view

# Attribute lists may carry the theme's own classes, and no others (R15).
_CLASSES = frozenset(
    {"annotate", "cards", "center", "end", "grid", "inline", "left", "lg", "middle", "no-copy", "right", "xl"}
    | {"md-button", "md-button--primary"}
)
_ATTRIBUTES = frozenset({"class", "id", "title", "lang", "width", "height", "align", "alt"})
# The opening tags of a code block, and an attribute in them.
_CODE_BLOCK = re.compile(r"(?:<(?:div|pre|code|table)\b(?:\s+[^\s=>]+(?:=\"[^\"]*\")?)*\s*>)+")
_ATTRIBUTE = re.compile(r"\s+([^\s=>]+)(?:=\"([^\"]*)\")?")
_LENGTH = re.compile(r"\d{1,4}(px|%|em|rem)?\Z")


def wiki_extensions(context: PageContext) -> tuple[Extension, ...]:
    """Return the Markdown extensions of ordinary pages, to be added after all others."""
    shows = AipmExtension(context)
    return (shows, StrictExtension()) if context.project.charter.pages == "strict" else (shows,)


class AipmExtension(Extension):
    """Shows records in ordinary pages: [[ID]] becomes a link with title and status, `aipm` blocks become views.

    One instance serves all pages of a build, each of which MkDocs renders by a Markdown instance of its own.
    """

    def __init__(self, context: PageContext) -> None:
        """Take the project and its facts as the readers of the site may see them."""
        super().__init__()
        self._context = context

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Add what finds references and view blocks."""
        # After white space is made regular (30), before any extension looks for fences (25).
        md.preprocessors.register(_ViewBlocks(md, self._context), "aipm-views", 27)
        # Code spans come before (190), links of Markdown's own after (160).
        md.inlinePatterns.register(ReferenceInline(md, self._context.mention), "aipm-reference", 175)


class _ViewBlocks(Preprocessor):
    """Puts the HTML of view blocks aside, so that no other extension changes it."""

    def __init__(self, md: Markdown, context: PageContext) -> None:
        super().__init__(md)
        self._context = context

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with a mark in the place of each view block."""
        if not any("aipm" in line for line in lines):
            return lines
        shown: list[str] = []
        end = 0
        for number, block in enumerate(block for block in fenced_blocks(lines) if is_view(block)):
            html = show_view(self._context, read_view(block), number + 1)
            shown += [*lines[end : block.first], "", block.indent + self._put_aside(html), ""]
            end = block.last + 1
        return [*shown, *lines[end:]]

    def _put_aside(self, html: Markup) -> str:
        return str(self.md.htmlStash.store(str(html).strip()))


class StrictExtension(Extension):
    """Holds pages to the rules of records (R13-R16, R19): raw HTML is text, attributes and addresses are allow-listed.

    It must be the last of all extensions, so that it sees what the others made.
    """

    def __init__(self) -> None:
        """Begin with nothing refused."""
        super().__init__()
        self._tree: SafeTree | None = None

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """What was taken out of the page rendered last: (what, text), such as ("remote image", address)."""
        return tuple(self._tree.refused) if self._tree else ()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Take raw HTML as text, and put the allow-lists in place."""
        take_raw_html_as_text(md)
        if "attr_list" in md.treeprocessors:
            _limit_attribute_lists(md.treeprocessors["attr_list"])
        self._tree = SafeTree(md)
        md.treeprocessors.register(self._tree, "aipm-safe", -30)
        # Before what was put aside goes back into the page (30).
        md.postprocessors.register(_CodeBlockAttributes(md), "aipm-code", 40)


class _CodeBlockAttributes(Postprocessor):
    """Limits the attributes that a writer gave to code blocks, which never stand in the tree."""

    def run(self, text: str) -> str:
        """Clean what was put aside; the text itself stays."""
        blocks: list[Any] = self.md.htmlStash.rawHtmlBlocks
        for index, block in enumerate(blocks):
            if isinstance(block, str) and _CODE_BLOCK.match(block):
                blocks[index] = _CODE_BLOCK.sub(_with_allowed_attributes, block, count=1)
        return text


def _with_allowed_attributes(tags: re.Match[str]) -> str:
    return _ATTRIBUTE.sub(lambda found: found[0] if _is_allowed(found[1], found[2] or "") else "", tags[0])


def _is_allowed(name: str, value: str) -> bool:
    if name == "class":
        return not any(word.startswith("md-") for word in value.split())
    # Ids of two underscores are the theme's own, but for those of numbered lines.
    return name in {"id", "title", "lang"} and (
        not value.startswith("__") or value.startswith(("__codelineno", "__span"))
    )


def _limit_attribute_lists(processor: Any) -> None:
    """Let an attribute-list processor assign nothing but what is allowed."""
    assign = processor.assign_attrs

    def assign_allowed(element: Element, attributes: str, **more: Any) -> str:
        before = dict(element.attrib)
        rest: str = assign(element, attributes, **more)
        for name, value in list(element.attrib.items()):
            if before.get(name) != value and not _set_allowed(element, name, value, before.get(name)):
                del element.attrib[name]
        return rest

    processor.assign_attrs = assign_allowed


def _set_allowed(element: Element, name: str, value: str, before: str | None) -> bool:
    """Keep what is allowed of one attribute; say whether anything is left."""
    if name == "class":
        kept = [word for word in value.split() if word in _CLASSES or word in (before or "").split()]
        element.set(name, " ".join(kept))
        return bool(kept)
    if name in {"width", "height"}:
        return _LENGTH.match(value) is not None
    return name in _ATTRIBUTES
