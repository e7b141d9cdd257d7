"""The output gate: what is wrong in the pages of a site that was just built."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from aipm_site.problems import Place, Problem, error, warning

_BASE = "https://site.invalid/"
_SAFE_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
_FRAMES = frozenset({"iframe", "frame", "frameset", "object", "embed", "applet", "portal", "template"})
# A link that names a relation is not a request; these relations are.
_LOADING_RELATIONS = frozenset(
    {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest", "shortcut"}
)
_ADDRESS_ATTRIBUTES = frozenset({"href", "src", "action", "xlink:href", "data"})
_LOADING_ATTRIBUTES = ("src", "poster", "background", "data")
_STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f]+")
_MAY_ACT = _FRAMES | {"script", "style", "base", "form"}
# Most elements are cells and words; one that has no other attributes and is of no acting kind says nothing.
_SILENT_ATTRIBUTES = frozenset({"class", "scope", "role", "tabindex", "datetime", "aria-hidden", "data-label"})
# Of an element with no others besides these, all that can go wrong is its id and where its link leads.
_PLAIN_ATTRIBUTES = _SILENT_ATTRIBUTES | {"id", "href", "title", "aria-label", "aria-labelledby", "data-sort"}
_LOADED_BY_HREF = frozenset({"image", "use", "feimage"})
# An address inside the site as we write them: up some folders, down others, and an anchor.
_PLAIN_ADDRESS = re.compile(
    r"((?:\.\./)*)((?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)?)(?:#([A-Za-z0-9_.-]+))?\Z"
)
_PLAIN_PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*\Z")


class OutputPage(Struct, frozen=True):
    """A page of the output, as the gate looks at it.

    Attributes:
        path: Its file in the site, such as "risks/RSK-014/index.html".
        origin: The file that problems of it are named after.
        content: What stands in the frame.
        frame: What is around it, or the frame without any content, whose scripts are the theme's own.
        is_generated: Whether we wrote the content, so that everything wrong in it is an error.
        whole: The page with its frame, where the theme rendered it; None where the content was filled into `frame`.
        source: What its writer wrote, to find the line of a link.
    """

    path: str
    origin: str
    content: str
    frame: str
    is_generated: bool
    whole: str | None = None
    source: str = ""


class Scan(Struct, frozen=True):
    """What one piece of HTML holds that can go wrong."""

    ids: Counter[str]
    links: tuple[str, ...]
    loads: tuple[str, ...]
    active: Counter[str]


class Site(Struct, frozen=True, dict=True):
    """A built site: its files, and where it will lie.

    Attributes:
        paths: All files, relative to the site's folder.
        base_path: Path of `site_url`, "/" where there is none.
        strict: Whether ordinary pages are held to the rules of generated ones.
    """

    paths: frozenset[str]
    base_path: str = "/"
    strict: bool = False

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders that have an index page, which are what addresses without a file name mean."""
        return frozenset(path.removesuffix("index.html") for path in self.paths if path.endswith("index.html"))

    def file_at(self, path: str) -> str | None:
        """Return the file that a server answers with for a path, if there is one."""
        if path in self.paths:
            return path
        folder = f"{path.rstrip('/')}/" if path.strip("/") else ""
        return f"{folder}index.html" if folder in self.folders else None


def scan(html: str, path: str) -> Scan:
    """Return the ids, links, requests and active content of a page; addresses are resolved from the site's root."""
    ids: Counter[str] = Counter()
    active: Counter[str] = Counter()
    links: dict[str, None] = {}
    loads: dict[str, None] = {}
    base = _BASE + path
    for node in _elements(html):
        attributes, tag = node.attributes, node.tag or ""
        if attributes.keys() <= _SILENT_ATTRIBUTES and tag not in _MAY_ACT:
            continue
        if identifier := attributes.get("id"):
            ids[identifier] += 1
        if tag == "a" and (name := attributes.get("name")):
            ids[name] += 0
        if tag in {"a", "area"} and (href := attributes.get("href")) is not None:
            links[href] = None
        if attributes.keys() <= _PLAIN_ATTRIBUTES and tag not in _MAY_ACT and tag not in _LOADED_BY_HREF:
            if "href" in attributes and _runs(attributes["href"] or "", tag):
                active[f"href={attributes['href']}"] += 1
            continue
        for word in _active_content(node, attributes, base):
            active[word] += 1
        for url in _loads(node, attributes):
            loads[url] = None
    return Scan(ids, tuple(links), tuple(loads), active)


def _elements(html: str) -> Iterator[LexborNode]:
    root = LexborHTMLParser(html).root
    # Walking costs a tenth of a search by selectors, which are compiled anew for every page.
    return iter(()) if root is None else root.traverse(include_text=False)


def _loads(node: LexborNode, attributes: Mapping[str, str | None]) -> Iterator[str]:
    for name in _LOADING_ATTRIBUTES:
        if value := attributes.get(name):
            yield value
    if srcset := attributes.get("srcset"):
        yield from (part.split()[0] for part in srcset.split(",") if part.strip())
    relations = (attributes.get("rel") or "").lower().split()
    if node.tag == "link" and _LOADING_RELATIONS.intersection(relations) and (href := attributes.get("href")):
        yield href
    if node.tag in {"image", "use", "feimage"}:
        yield from (value for name in ("href", "xlink:href") if (value := attributes.get(name)))
    if style := attributes.get("style"):
        yield from _STYLE_URL.findall(style)


def _active_content(node: LexborNode, attributes: Mapping[str, str | None], base: str) -> Iterator[str]:
    """Name what can run, frame, submit or redirect, so that the same thing has the same name on every page."""
    tag = node.tag or ""
    if tag == "script" and (attributes.get("type") or "") not in {"application/json", "application/ld+json"}:
        source = attributes.get("src")
        yield f"script {urljoin(base, source)}" if source is not None else f"script {_digest(node.text())}"
    elif tag == "style":
        yield f"style {_digest(node.text())}"
    elif tag in _FRAMES or tag == "base":
        yield f"<{tag}>"
    elif tag == "form":
        yield f"form {attributes.get('action') or ''}"
    elif tag == "meta" and (attributes.get("http-equiv") or "").lower() == "refresh":
        yield "meta refresh"
    elif tag == "link" and "stylesheet" in (attributes.get("rel") or "").lower().split():
        yield f"stylesheet {urljoin(base, attributes.get('href') or '')}"
    for name, value in attributes.items():
        if name.startswith("on") or (name in _ADDRESS_ATTRIBUTES and _runs(value or "", tag)):
            yield f"{name}={value}"
        elif name in {"formaction", "srcdoc"}:
            yield name


def _runs(url: str, tag: str) -> bool:
    scheme = _scheme(url)
    # An image from a data: address shows; a link to one would open a page of unknown origin.
    return scheme not in _SAFE_SCHEMES and not (scheme == "data" and tag in {"img", "image", "source"})


def _scheme(url: str) -> str:
    if ":" not in url:
        return ""
    # Browsers drop tabs and line feeds anywhere in an address before they look for its scheme.
    head, colon, _ = _INVISIBLE.sub("", url).partition(":")
    return head.lower() if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", head) else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Gate:
    """Looks at every page of a site; what comes from a frame is looked at once per frame."""

    def __init__(self, site: Site) -> None:
        """Take the site that pages point into."""
        self._site = site
        self._frames: dict[str, Scan] = {}
        self._anchors: dict[str, frozenset[str]] = {}
        self._looked_up: dict[tuple[str, str], str | None] = {}

    def check(self, pages: Sequence[OutputPage]) -> list[Problem]:
        """Return what is wrong in the pages."""
        scans = [(page, scan(page.whole if page.whole is not None else page.content, page.path)) for page in pages]
        for page, found in scans:
            around = frozenset[str]() if page.whole is not None else frozenset(self._frame(page).ids)
            self._anchors[page.path] = self._anchors.get(page.path, frozenset()) | frozenset(found.ids) | around
        self._looked_up.clear()
        problems = [problem for page, found in scans for problem in self._page_problems(page, found)]
        for page in self._first_pages(pages):
            around_scan = self._frame(page)
            problems += self._frame_problems(around_scan.links, around_scan.loads, page.path)
        return problems

    def _frame(self, page: OutputPage) -> Scan:
        if page.frame not in self._frames:
            self._frames[page.frame] = scan(page.frame, page.path)
        return self._frames[page.frame]

    @staticmethod
    def _first_pages(pages: Sequence[OutputPage]) -> list[OutputPage]:
        first: dict[str, OutputPage] = {}
        for page in pages:
            first.setdefault(page.frame, page)
        return list(first.values())

    def _page_problems(self, page: OutputPage, found: Scan) -> Iterator[Problem]:
        around, report = self._frame(page), self._reporter(page)
        own = found
        if page.whole is not None:
            own = scan(page.content, page.path)
            others = set(found.links) - set(own.links), set(found.loads) - set(own.loads)
            yield from self._frame_problems(*others, page.path)
        for url in own.links:
            yield from self._link_problems(url, page, report)
        for url in own.loads:
            yield from self._load_problems(url, page, report)
        # Of a generated page the head is ours and escaped; a writer's title can hold as much as the text.
        for word in (own if page.is_generated or not self._site.strict else found).active - around.active:
            yield report("active-content", f"the page holds {_shown(word)}, which can act in the reader's browser", "")
        if page.is_generated or self._site.strict:
            yield from self._repeated_ids(page, found, around, report)

    def _repeated_ids(self, page: OutputPage, found: Scan, around: Scan, report: Report) -> Iterator[Problem]:
        for identifier, count in found.ids.items():
            if count > max(1, around.ids[identifier]) or (page.whole is None and around.ids[identifier]):
                yield report("repeated-anchor", f"two elements of the page have the id '{identifier}'", "")

    def _frame_problems(self, links: Iterable[str], loads: Iterable[str], path: str) -> Iterator[Problem]:
        """Look at what a theme puts around pages: foreign requests, and navigation that leads nowhere."""
        make = error if self._site.strict else warning
        settings = Place("mkdocs.yml")
        for url in loads:
            if _is_foreign(url):
                hint = "`theme: {font: false}` keeps Material from asking Google for fonts" if "fonts.g" in url else ""
                yield make("foreign-request", f"the theme asks another host for '{url}'", settings, hint)
        for url in links:
            if (missing := self._missing(url, path)) is not None:
                yield make("dead-link", f"a link around the pages leads nowhere: {missing}", settings)

    def _link_problems(self, url: str, page: OutputPage, report: Report) -> Iterator[Problem]:
        missing = self._missing(url, page.path)
        if missing is not None:
            yield report("dead-link", f"the link '{url}' leads nowhere: {missing}", url)

    def _load_problems(self, url: str, page: OutputPage, report: Report) -> Iterator[Problem]:
        if _is_foreign(url):
            yield report("foreign-request", f"the page asks another host for '{url}'", url)
        elif _scheme(url) not in {"data", "blob"} and (missing := self._missing(url, page.path)):
            yield report("dead-link", f"the page shows '{url}', which is not there: {missing}", url)

    def _missing(self, url: str, path: str) -> str | None:
        """Return what an address of the site lacks, None where it leads somewhere or out of the site."""
        key = url, _reach(url, path)
        if key not in self._looked_up:
            self._looked_up[key] = self._look_up(url, path)
        return self._looked_up[key]

    def _look_up(self, url: str, path: str) -> str | None:
        if plain := _plain_target(url, path):
            return self._missing_target(*plain)
        # Tabs and line feeds count for nothing in an address, as for browsers.
        target = _resolved(url, path)
        if not target.startswith(_BASE):
            return None
        parts = urlsplit(target)
        in_site = (
            _below(unquote(parts.path), self._site.base_path)
            if url.strip().startswith("/")
            else unquote(parts.path)[1:]
        )
        return None if in_site is None else self._missing_target(in_site, unquote(parts.fragment))

    def _missing_target(self, in_site: str, fragment: str) -> str | None:
        file = self._site.file_at(in_site)
        if file is None:
            return f"there is no page '{in_site or '/'}'"
        return self._missing_anchor(file, fragment)

    def _missing_anchor(self, file: str, fragment: str) -> str | None:
        anchors = self._anchors.get(file)
        # "top" and text fragments are the browser's own; a file that is no page has no anchors to look for.
        if anchors is None or fragment in {"", "top", *anchors} or fragment.startswith(":~:"):
            return None
        return f"'{file}' has no anchor '{fragment}'"

    def _reporter(self, page: OutputPage) -> Report:
        make = error if page.is_generated or self._site.strict else warning

        def report(code: str, message: str, url: str) -> Problem:
            hint = "" if not page.is_generated else f"on the generated page {page.path}"
            return make(code, message, Place(page.origin, *place_of(url, page.source)), hint)

        return report

    def anchors_of(self, path: str) -> frozenset[str] | None:
        """Return the anchors of a page that was checked, None where there is no such page."""
        return self._anchors.get(path)


Report = Callable[[str, str, str], Problem]


def place_of(url: str, source: str) -> tuple[int, int]:
    """Return line and column of an address in what the writer wrote; (0, 0) where it was written otherwise."""
    at = source.find(url) if url else -1
    if at < 0 and "#" in url:
        # MkDocs has written the address of the page anew; what the writer wrote ends with the same anchor.
        written = re.search(rf"[^\s()<>\[\]\"]*{re.escape(url[url.index('#') :])}", source)
        at = written.start() if written else -1
    if at < 0:
        return 0, 0
    return source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)


def _reach(url: str, path: str) -> str:
    """Return as much of a page's path as an address in it depends on: not the folders that its "../" leave."""
    up = 0
    while url.startswith("../", 3 * up):
        up += 1
    return "/".join(path.split("/")[: -up - 1]) if up else path


def _plain_target(url: str, path: str) -> tuple[str, str] | None:
    """Return path and anchor that an address names, None where its form needs a closer look.

    Nearly all addresses are of this form, and taking them apart as the standard says was 3 % of a build.
    """
    found = _PLAIN_ADDRESS.match(url)
    if found is None or not _PLAIN_PATH.match(path):
        return None
    up, down, anchor = found.groups("")
    if not up and not down:
        return path, anchor
    # Above the site's root is the root.
    folders = path.split("/")[:-1]
    kept = folders[: max(0, len(folders) - len(up) // 3)]
    return "".join(f"{folder}/" for folder in kept) + down, anchor


def _resolved(url: str, path: str) -> str:
    try:
        return urljoin(_BASE + path, _INVISIBLE.sub("", url) if "\n" in url or "\t" in url else url.strip())
    except ValueError:
        # "http://[x" and the like: no address at all, so it leads out of the site.
        return "invalid:"


def _below(path: str, base_path: str) -> str | None:
    return path.removeprefix(base_path) if path.startswith(base_path) else None


def _is_foreign(url: str) -> bool:
    return _resolved(url, "").startswith(("http:", "https:", "//", "ftp:")) and not _resolved(url, "").startswith(_BASE)


def _shown(word: str) -> str:
    return "'" + (word if len(word) <= 80 else f"{word[:77]}…") + "'"
