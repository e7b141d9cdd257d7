"""The theme's frame: what the real theme renders around a page, rendered once per shape and filled in many times."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from html import escape
from urllib.parse import urljoin

from jinja2 import Environment
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import get_relative_url
from msgspec import Struct

from aipm_site.pages.page import Page

STYLESHEET = "assets/aipm/aipm.css"
SCRIPT = "assets/aipm/aipm.js"
# Feed readers find these in the head of any page of ours.
_FEEDS = {"feed.atom": "application/atom+xml", "feed.json": "application/feed+json"}

_SLOTS = ("title", "description", "canonical", "edit", "skip", "heading", "entries", "content")
# Plain letters, so that every filter of a theme (striptags, e, url) leaves a mark as it is.
_MARK = {slot: f"xAIPMx{slot.upper()}x" for slot in _SLOTS}
_ENTRY = "xAIPMxENTRY{}x"
_ENTRY_ID = "xAIPMxANCHOR{}x"
_MARKS = re.compile("|".join(_MARK.values()))

_HEADING = re.compile(r"<h([12])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_TAG = re.compile(r"<[^>]*>")
_INLINE_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_CHARSET = re.compile(r"<meta\s[^>]*charset=[^>]*>", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


def harmless(title: str) -> str:
    """Return an escaped title without angle brackets.

    Menus and heads cut long titles off, and scripts of themes then put the whole of it into a tooltip, as HTML.
    """
    return title.replace("&lt;", "‹").replace("&gt;", "›")


class Heading(Struct, frozen=True):
    """A heading that a table of contents can point to; its text is HTML without tags."""

    level: int
    anchor: str
    text: str


class Shape(Struct, frozen=True):
    """What of a page decides which frame it needs; `folder` is where its own folder lies, as links are relative."""

    folder: str
    section: str
    has_description: bool
    has_edit: bool
    has_h1: bool
    has_skip: bool
    has_entries: bool


class Frame(Struct, frozen=True, dict=True):
    """A rendered frame: literal text and slots in turn, and how one entry of the table of contents looks."""

    pieces: tuple[str, ...]
    entry: str

    @cached_property
    def text(self) -> str:
        """The frame with nothing in it."""
        return "".join(self.pieces[::2])


# Asked for each page by its frame's shape, its values and its table of contents, one after the other.
@lru_cache(maxsize=8)
def headings_of(body: str) -> tuple[Heading, ...]:
    """Return the headings of level 1 and 2 of a page's body that have an anchor."""
    found = []
    for level, attributes, inner in _HEADING.findall(body):
        if anchor := _ID.search(attributes):
            found.append(Heading(int(level), anchor.group(1), " ".join(_TAG.sub("", inner).split())))
    return tuple(found)


def contents_of(headings: Sequence[Heading]) -> TableOfContents:
    """Return headings as MkDocs' table of contents: below the heading of level 1, if there is one."""
    entries = [AnchorLink(h.text, h.anchor, h.level) for h in headings if h.level == 2]
    root = next((AnchorLink(h.text, h.anchor, 1) for h in headings if h.level == 1), None)
    if root is None:
        return TableOfContents(entries)
    root.children = entries
    return TableOfContents([root])


class Frames:
    """The frames of one build, rendered when first needed."""

    def __init__(
        self,
        env: Environment,
        config: MkDocsConfig,
        files: Files,
        nav: Navigation,
        *,
        assets: frozenset[str],
        docs_folder: str,
        csp: bool,
    ) -> None:
        """Take what MkDocs renders pages from.

        Args:
            env: The theme's templates.
            config: Settings of the site.
            files: All files of the site.
            nav: The navigation.
            assets: Paths of generated files; of our style sheet and script only those that are there are linked.
            docs_folder: The folder of the pages as edit links leave it out, such as "content".
            csp: Whether pages of ours get a content security policy.
        """
        self._env = env
        self._config = config
        self._files = files.documentation_pages()
        self._nav = nav
        self._assets = assets
        self._docs_folder = docs_folder
        self._csp = csp
        self._frames: dict[Shape, Frame] = {}
        self._entry = ""
        self._policies: dict[tuple[str, str], str] = {}
        self._bare: dict[tuple[str, str], str] = {}

    def fill(self, page: Page, frame: Frame, content: str) -> str:
        """Return a page in its frame, with the bytes that the theme itself would have written.

        Args:
            page: The page.
            frame: Its frame, from `frame_of`.
            content: Its body, with links relative to its address.
        """
        values = self._values(page, frame) | {"content": content}
        return "".join(values[piece] if index % 2 else piece for index, piece in enumerate(frame.pieces))

    def frame_of(self, page: Page) -> Frame:
        """Return the frame of a page's shape."""
        shape = self._shape(page)
        if shape not in self._frames:
            self._frames[shape] = self._make(shape)
        return self._frames[shape]

    def _shape(self, page: Page) -> Shape:
        headings = headings_of(page.body)
        return Shape(
            folder=_folder_of(page.address),
            section=page.section,
            has_description=bool(page.description),
            has_edit=page.edit_path is not None,
            has_h1="<h1" in page.body,
            has_skip=any(h.level == 1 for h in headings),
            has_entries=any(h.level == 2 for h in headings),
        )

    def _values(self, page: Page, frame: Frame) -> dict[str, str]:
        headings = headings_of(page.body)
        entries = [h for h in headings if h.level == 2]
        first = next((h for h in headings if h.level == 1), entries[0] if entries else None)
        fill_entry = frame.entry.replace
        return {
            "title": harmless(escape(page.title)),
            "description": escape(page.description),
            "canonical": urljoin(_with_slash(self._config.site_url), page.address),
            "edit": escape(self.edit_uri(page.edit_path or "")),
            "skip": first.anchor if first else "",
            "heading": first.text if first else "",
            "entries": "".join(
                fill_entry(_ENTRY_ID.format(0), h.anchor).replace(_ENTRY.format(0), h.text) for h in entries
            ),
        }

    def edit_uri(self, path: str) -> str:
        """Return a project's path as MkDocs' edit links want it: relative to the folder of the pages."""
        return path.removeprefix(f"{self._docs_folder}/")

    def _make(self, shape: Shape) -> Frame:
        text, entry = self._render(shape, 1), ""
        if shape.has_entries:
            entry, text = self._cut_known_entry(text) or _cut_entry(text, self._render(shape, 2))
            self._entry = entry
        pieces: list[str] = []
        end = 0
        for mark in _MARKS.finditer(text):
            pieces += [text[end : mark.start()], _SLOT_OF[mark.group()]]
            end = mark.end()
        return Frame((*pieces, text[end:]), entry)

    def _cut_known_entry(self, text: str) -> tuple[str, str] | None:
        """Cut an entry out as an earlier frame had it, which spares rendering every frame twice."""
        if not self._entry or text.count(self._entry) != 1:
            return None
        return self._entry, _without_ids(text.replace(self._entry, _MARK["entries"]))

    def _render(self, shape: Shape, entries: int) -> str:
        """Render the theme around marks, with so many entries in the table of contents."""
        page = self._blank_page(f"{shape.folder}index.md", has_edit=shape.has_edit)
        page.meta = {"title": _MARK["title"], **({} if shape.has_entries else {"hide": ["toc"]})}
        if shape.has_description:
            page.meta["description"] = _MARK["description"]
        if page.canonical_url:
            page.canonical_url = _MARK["canonical"]
        page.title = _MARK["title"]
        # Themes ask whether the content brings a heading of its own.
        page.content = "<h1" + _MARK["content"] if shape.has_h1 else _MARK["content"]
        marks = [Heading(2, _ENTRY_ID.format(n), _ENTRY.format(n)) for n in range(entries if shape.has_entries else 0)]
        page.toc = contents_of([*([Heading(1, _MARK["skip"], _MARK["heading"])] if shape.has_skip else []), *marks])
        with self._active(shape.section, page):
            html = self._env.get_template("main.html").render(self._context(page))
        html = html.replace("<h1" + _MARK["content"], _MARK["content"])
        return self.decorate(html, "../" * shape.folder.count("/"))

    def _blank_page(self, path: str, *, has_edit: bool = False) -> MkDocsPage:
        file = File(path, None, self._config.site_dir, self._config.use_directory_urls)
        file.generated_by = "aipm"
        if has_edit:
            file.edit_uri = _MARK["edit"]
        return MkDocsPage(_MARK["title"], file, self._config)

    def _context(self, page: MkDocsPage) -> dict[str, object]:
        return dict(get_context(self._nav, self._files, self._config, page))

    @contextmanager
    def _active(self, section: str, page: MkDocsPage) -> Iterator[None]:
        """Let the navigation show the register that a page belongs to as the place where the reader is."""
        register = next((p for p in self._nav.pages if p.url == f"{section}/"), None)
        if register is None:
            yield
            return
        page.parent, register.active = register.parent, True
        try:
            yield
        finally:
            register.active = False

    def decorate(self, html: str, root: str) -> str:
        """Return a page with our style sheet, our script and the policy that lets only known scripts run."""
        return self.protect(self.link_assets(html, root), root)

    def link_assets(self, html: str, root: str) -> str:
        """Return a page that loads our style sheet and script, and names the feeds."""
        links = [f'<link rel="stylesheet" href="{root}{STYLESHEET}">'] if STYLESHEET in self._assets else []
        links += [
            f'<link rel="alternate" type="{kind}" title="{escape(self._config.site_name)}" href="{root}{path}">'
            for path, kind in _FEEDS.items()
            if path in self._assets
        ]
        html = html.replace("</head>", f"{''.join(links)}</head>", 1)
        if SCRIPT in self._assets:
            before, end, after = html.rpartition("</body>")
            html = f'{before}<script src="{root}{SCRIPT}" defer></script>{end}{after}'
        return html

    def protect(self, html: str, root: str, template: str = "main.html") -> str:
        """Return a page with a content security policy as the first element after the character set."""
        if not self._csp:
            return html
        place = _CHARSET.search(html) or _HEAD.search(html)
        if place is None:
            return html
        meta = f'<meta http-equiv="Content-Security-Policy" content="{self.policy(root, template)}">'
        return html[: place.end()] + meta + html[place.end() :]

    def policy(self, root: str, template: str = "main.html") -> str:
        """Return the policy of pages at one depth; only scripts of the bare frame are in it, never those of content."""
        key = (root, template)
        if key not in self._policies:
            self._policies[key] = content_security_policy(self.bare(root, template))
        return self._policies[key]

    def bare(self, root: str, template: str = "main.html") -> str:
        """Return what the theme renders without any content: no text, no title, no navigation."""
        key = (root, template)
        if key not in self._bare:
            self._bare[key] = self._render_bare(root, template)
        return self._bare[key]

    def _render_bare(self, root: str, template: str) -> str:
        empty = Navigation([], [])
        if template == "main.html":
            page = self._blank_page("x/" * root.count("../") + "index.md")
            page.title, page.content = "", ""
            context = get_context(empty, [], self._config, page)
        else:
            base_url = root if root.startswith("/") else get_relative_url(".", template)
            context = get_context(empty, [], self._config, base_url=base_url)
        return self._env.get_template(template).render(dict(context))


_SLOT_OF = {mark: slot for slot, mark in _MARK.items()}


def _folder_of(address: str) -> str:
    """Return the address of a page that could lie beside this one: all that a theme's relative links depend on."""
    parent, slash, _ = address.rstrip("/").rpartition("/")
    return f"{parent}{slash}xAIPMx/" if address else ""


def _with_slash(site_url: str | None) -> str:
    return f"{(site_url or '').rstrip('/')}/"


def _cut_entry(one: str, two: str) -> tuple[str, str]:
    """Return how a theme writes one entry of the table of contents, and the frame with a mark in the place of them all.

    The frame was rendered with one entry and with two, so what the second has more is one entry.
    """
    size = len(two) - len(one)
    if size == 0:
        # Such a theme shows no headings, or those of pages in the navigation only.
        return "", _without_ids(one)
    last = _ENTRY.format(1)
    last_id = _ENTRY_ID.format(1)
    latest = min(two.index(last), two.index(last_id))
    earliest = max(two.rindex(last) + len(last), two.rindex(last_id) + len(last_id)) - size
    for start in range(latest, earliest - 1, -1):
        if two[:start] + two[start + size :] == one:
            second = two[start : start + size]
            first = second.replace(last, _ENTRY.format(0)).replace(last_id, _ENTRY_ID.format(0))
            if two[start - size : start] == first:
                return first, _without_ids(one[: start - size] + _MARK["entries"] + one[start:])
    raise ValueError("the theme does not write the entries of a table of contents one after the other")


def _without_ids(frame: str) -> str:
    """Return a frame whose link to the first entry, where there is one, leads to the page's own first heading."""
    return frame.replace(_ENTRY_ID.format(0), _MARK["skip"])


def content_security_policy(bare_html: str) -> str:
    """Return the policy (R69) under which only the site's own files and the inline scripts of a bare frame run."""
    hashes = sorted({script_hash(code) for code in inline_scripts(bare_html)})
    scripts = " ".join(["'self'", *(f"'{value}'" for value in hashes)])
    return (
        f"script-src {scripts}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'; "
        "connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"
    )


def inline_scripts(html: str) -> list[str]:
    """Return the code of the scripts that stand in a page; data blocks do not run and are left out."""
    return [
        code
        for attributes, code in _INLINE_SCRIPT.findall(html)
        if "src=" not in attributes and "application/json" not in attributes
    ]


def script_hash(code: str) -> str:
    """Return the hash by which a policy names an inline script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
