"""One build: what the plugin's hooks do, from the staging folder to the checked site."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape, unescape
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import unquote, urlsplit

import mkdocs.contrib.search
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import is_error_template

from aipm_site.mkdocs_adapter.frame import Frames, contents_of, harmless, headings_of
from aipm_site.mkdocs_adapter.navigation import add_generated_files, complete_navigation, source_path, without_absent
from aipm_site.mkdocs_adapter.search import add_search_entries, add_to_sitemap
from aipm_site.mkdocs_adapter.theme import QuickTheme
from aipm_site.pages.addresses import ROOT, rooted
from aipm_site.pages.build import NOTICE
from aipm_site.pages.page import Page
from aipm_site.pages.wiki import StrictExtension
from aipm_site.problems import Place, Problem, error, has_errors
from aipm_site.publication.gate import Gate, OutputPage, Site, place_of
from aipm_site.publication.manifest import MANIFEST, hash_files, manifest_of, mark_unfinished, write_manifest
from aipm_site.publication.plan import SitePlan, StagedFile
from aipm_site.publication.site_checks import check_code, check_labels, check_machine_files, check_records, is_code
from aipm_site.publication.staging import check_paths, stage

PAGE_SECONDS = 5.0
_OUR_LINK = re.compile(rf'(<[a-zA-Z][^<>]*?\s(?:href|src)="){re.escape(ROOT)}')
# MkDocs leaves a link as it is written where it knows no such page: the file of a record is none to it.
_FILE_LINK = re.compile(r'(<a\s(?:[^<>]*?\s)?href=")([^"#?:]+\.(?:md|ya?ml))(?:#[^"]*)?(?=")')
_OURS = re.compile(r'<[a-zA-Z][^<>]*?\sclass="[^"]*\baipm-')


def start_build(plan: SitePlan, config: MkDocsConfig, *, is_preview: bool, temporary: Path | None = None) -> Build:
    """Return the build of a plan: staged, and MkDocs pointed to the staging folder.

    Args:
        plan: What to write.
        config: Settings of the site; its `docs_dir` and Markdown extensions are set for this build.
        is_preview: Whether MkDocs serves the site, with a script of its own in every page.
        temporary: Where the staging folder is made; None is the system's folder for such things.
    """
    build = Build(plan, config, is_preview=is_preview)
    if not has_errors(build.problems):
        build.stage(temporary)
    return build


class Build:
    """What one run of MkDocs makes of a plan."""

    def __init__(self, plan: SitePlan, config: MkDocsConfig, *, is_preview: bool) -> None:
        """Take the plan and the settings; nothing is written yet.

        `problems` are those of the site; those of the content are in the plan, and stopped it or were let pass.
        """
        self.plan = plan
        self._config = config
        self._is_preview = is_preview
        self._docs_dir = config.docs_dir
        self._staging: Path | None = None
        self._quick_theme: QuickTheme | None = None
        self._staged = {file.path: file for file in plan.staged}
        self._placed: dict[str, Page] = {}
        self._nav: Navigation | None = None
        self._frames: Frames | None = None
        self._contents: dict[str, str] = {}
        self._output: list[OutputPage] = []
        self._hashes: dict[str, str] = {}
        self.problems: list[Problem] = list(self._path_problems())

    def _path_problems(self) -> Iterator[Problem]:
        themes = [Path(folder) for folder in self._config.theme.dirs]
        return check_paths(self.plan, lambda path: any((folder / path).is_file() for folder in themes))

    def stage(self, temporary: Path | None = None) -> None:
        """Write the staging folder and let MkDocs read nothing else."""
        self._staging = Path(tempfile.mkdtemp(prefix="aipm-staging-", dir=temporary))
        stage(self.plan.staged, self._staging)
        self._quick_theme = QuickTheme(self._config.theme)
        self._config.docs_dir = str(self._staging)
        extensions: list[Any] = [*self._config.markdown_extensions, *self.plan.extensions]
        self._config.markdown_extensions = extensions

    def clean_up(self) -> None:
        """Remove the staging folder; MkDocs watches the real one again."""
        self._config.docs_dir = self._docs_dir
        if self._quick_theme is not None:
            self._quick_theme.restore()
        if self._staging is not None:
            shutil.rmtree(self._staging, ignore_errors=True)

    def add_files(self, files: Files) -> None:
        """Add our index pages; the site's folder is empty now, so it gets its mark."""
        mark_unfinished(Path(self._config.site_dir))
        self._placed = add_generated_files([page for page in self.plan.pages if page.in_nav], files, self._config)
        self.problems += self._taken_addresses(files)
        if self._config.nav is not None:
            self._config.nav = without_absent(self._config.nav, lambda path: self._is_absent(path, files)) or []

    def _is_absent(self, path: str, files: Files) -> bool:
        """Say whether `nav` names what other builds have: a page for other readers, or an unused kind."""
        if files.get_file_from_path(path) is not None:
            return False
        return path in map(source_path, self.plan.known_addresses) or Path(self._docs_dir, path).is_file()

    def _taken_addresses(self, files: Files) -> Iterator[Problem]:
        destinations = {file.dest_uri: file for file in files if file.src_uri in self._staged}
        for page in self.plan.pages:
            file = destinations.get(_path_of(page))
            if file is not None and not page.in_nav:
                message = f"its address '{page.address}' is that of a generated page"
                yield error("address-taken", message, Place(self._staged[file.src_uri].origin), "rename the file")

    def complete_navigation(self, nav: Navigation, files: Files) -> None:
        """Add the index pages that `nav` does not name."""
        complete_navigation(nav, list(self._placed), files)
        self._nav = nav

    def prepare_page(self, page: MkDocsPage) -> None:
        """Give one of our pages its title; let no other page stop the build or take for ever."""
        ours = self._placed.get(page.file.src_uri)
        if ours is not None and page.file.generated_by is not None:
            page.meta.update(_head_of(ours))
            if page.is_homepage:
                # Themes call the front page by the site's name, and name it twice if the page says its own.
                page.title = str(page.meta.pop("title"))
        elif page.file.src_uri in self._staged:
            # MkDocs would abort with a traceback at the first page that cannot be rendered.
            page.render = self._guarded(page, page.render)  # type: ignore[method-assign, assignment]

    def _guarded(self, page: MkDocsPage, render: Callable[[MkDocsConfig, Files], None]) -> _Render:
        def guarded(config: MkDocsConfig, files: Files) -> None:
            try:
                with _time_limit(PAGE_SECONDS):
                    render(config, files)
            except Exception as fault:
                page.content, page.toc, page.present_anchor_ids = "", TableOfContents([]), set()
                reason = " ".join(f"{type(fault).__name__}: {fault}".split())[:200]
                place = Place(self._staged[page.file.src_uri].origin)
                self.problems.append(error("cannot-render", f"the page cannot be rendered ({reason})", place))
            self.problems += self._refusals(self._staged[page.file.src_uri])

        return guarded

    def _refusals(self, staged: StagedFile) -> Iterator[Problem]:
        """Say what the strict rules took out of the page that was rendered last."""
        for extension in self.plan.extensions:
            if isinstance(extension, StrictExtension):
                for what, text in extension.refused:
                    code, message, hint = _REFUSED[what]
                    place = Place(staged.origin, *place_of(text, _text_of(staged)))
                    yield error(code, message.format(text), place, hint)

    def link_page(self, html: str, page: MkDocsPage) -> str:
        """Return an ordinary page's content with links of ours relative to it."""
        if self.plan.strict_pages and page.file.src_uri in self._staged:
            _make_title_safe(page)
        if page.file.src_uri in self._staged and NOTICE not in html:
            html = self.plan.notice + html
        html = self.plan.page_notes.get(page.file.src_uri, "") + html
        html = _FILE_LINK.sub(lambda link: self._led_to_record(link, page), html)
        return _OUR_LINK.sub(rf"\g<1>{_root_of(page.url)}", html)

    def _led_to_record(self, link: re.Match[str], page: MkDocsPage) -> str:
        """Return a link of an ordinary page so that it leads to the record in the file it names; any other as it is."""
        named = unquote(unescape(link[2]))
        address = self.plan.record_files.get(posixpath.normpath(posixpath.join(_folder_of(page), named)))
        # The headings of a record's text have no anchors on its page.
        return link[0] if address is None else f"{link[1]}{_root_of(page.url)}{address}"

    def take_theme(self, env: Environment, files: Files) -> None:
        """Take what the theme renders from."""
        root = Path(self._config.config_file_path).resolve().parent
        docs_dir = Path(self._docs_dir).resolve()
        self._frames = Frames(
            env,
            self._config,
            files,
            self._nav or Navigation([], []),
            assets=frozenset(file.path for file in self.plan.files),
            docs_folder=docs_dir.relative_to(root).as_posix() if docs_dir.is_relative_to(root) else "",
            # The script that reloads a preview is written into the page by MkDocs' server and has no known hash.
            csp=not self._is_preview,
        )

    @property
    def _theme(self) -> Frames:
        assert self._frames is not None, "MkDocs renders no page before `on_env`"
        return self._frames

    def fill_page(self, page: MkDocsPage) -> None:
        """Put our text below the writer's, with its headings in the table of contents."""
        ours = self._placed.get(page.file.src_uri)
        if ours is not None:
            page.content = (page.content or "") + rooted(ours.body, page.url)
            page.toc = _joined(page.toc, contents_of(headings_of(ours.body)))
        self._contents[page.file.src_uri] = page.content or ""

    def finish_page(self, output: str, page: MkDocsPage) -> str:
        """Return a page as it is written: ours linked and protected, an ordinary one only as far as it must be."""
        path, root = page.file.src_uri, _root_of(page.url)
        content = self._contents.get(path, "")
        ours = self._placed.get(path)
        frame = self._theme.bare(root)
        if ours is not None or _OURS.search(content):
            output, frame = self._theme.link_assets(output, root), self._theme.link_assets(frame, root)
        if ours is not None or self.plan.strict_pages:
            output = self._theme.protect(output, root)
        self._output.append(self._as_output(page.file, content, frame, output))
        if ours is not None and page.file.generated_by is None:
            # What a writer put above a register is the writer's; what we put below it is held to our own rules.
            self._output.append(OutputPage(page.file.dest_uri, _origin_of(ours), rooted(ours.body, page.url), "", True))
        return output

    def _as_output(self, file: File, content: str, frame: str, whole: str) -> OutputPage:
        staged = self._staged.get(file.src_uri)
        if staged is None:
            ours = self._placed.get(file.src_uri)
            origin = _origin_of(ours) if ours else file.src_uri
            return OutputPage(file.dest_uri, origin, content, frame, ours is not None, whole)
        return OutputPage(file.dest_uri, staged.origin, content, frame, False, whole, _text_of(staged))

    def finish_template(self, output: str, name: str) -> str:
        """Return a page that the theme makes by itself, protected where all pages are."""
        if not name.endswith(".html"):
            return output
        root = urlsplit(self._config.site_url or "/").path if is_error_template(name) else "../" * name.count("/")
        if self.plan.strict_pages:
            output = self._theme.protect(output, root, name)
        self._output.append(OutputPage(name, "mkdocs.yml", "", self._theme.bare(root, name), False, output))
        return output

    def write(self, site: Path) -> list[Problem]:
        """Write our pages and files, look at the whole site, and write the manifest if it is right."""
        placed = {page.address for page in self._placed.values()}
        filled = [page for page in self.plan.pages if page.address not in placed]
        for page in filled:
            self._output.append(self._write_filled(site, page))
        for file in self.plan.files:
            self._hashes[file.path] = _write(site, file.path, file.data)
        add_search_entries(site, self.plan.pages)
        # MkDocs puts its own pages, our index pages among them, into the sitemap.
        add_to_sitemap(site, [page.address for page in filled], self._config.site_url)
        hashes = hash_files(site, self._hashes)
        self.problems += self._check(site, hashes)
        if not has_errors(self.problems) or self._is_preview:
            publishable = not has_errors(self.problems)
            write_manifest(site, manifest_of(self.plan, hashes, publishable=publishable))
        return self.problems

    def _write_filled(self, site: Path, page: Page) -> OutputPage:
        """Write a page of ours in the theme's frame, and return it as the gate looks at it."""
        path, frame, content = _path_of(page), self._theme.frame_of(page), rooted(page.body, page.address)
        self._hashes[path] = _write(site, path, self._theme.fill(page, frame, content).encode())
        return OutputPage(path, _origin_of(page), content, frame.text, True)

    def _check(self, folder: Path, hashes: Mapping[str, str]) -> list[Problem]:
        strict = self.plan.strict_pages
        base_path = urlsplit(self._config.site_url or "/").path or "/"
        site = Site(frozenset({*hashes, MANIFEST}), base_path=base_path, strict=strict)
        gate = Gate(site)
        found = gate.check(self._output)
        found += check_labels(self.plan.pages, self.plan.audience, self.plan.audience_order)
        found += check_records(self.plan.record_addresses, gate)
        found += check_machine_files(folder, site, self._config.site_url)
        if strict:
            found += check_code(hashes, self._known_code(site.paths))
        return found

    def _known_code(self, paths: frozenset[str]) -> frozenset[str]:
        """Return the hashes of scripts and style sheets that packages, the theme and we ourselves ship."""
        search = Path(mkdocs.contrib.search.__file__).parent
        folders = [*map(Path, self._config.theme.dirs), search / "templates"]
        shipped = [folder / path for folder in folders for path in paths if is_code(path) and (folder / path).is_file()]
        shipped += (search / "lunr-language").glob("*.js")
        data = [path.read_bytes() for path in shipped] + [file.data for file in self.plan.files]
        return frozenset(hashlib.sha256(item).hexdigest() for item in data)


_Render = Callable[[MkDocsConfig, Files], None]

# What a strict page may not hold (R14 to R17): code, message and hint by the word of the extension that took it out.
_REFUSED = {
    "address": (
        "unsafe-address",
        "the address '{}' is of a kind that pages may not use",
        "write http, https, mailto, or an address inside the site",
    ),
    "remote image": (
        "remote-image",
        "the image '{}' is on another host",
        "put the image beside the page and name it by its path",
    ),
    "id": ("reserved-anchor", "the anchor '{}' is the theme's own, or stands twice", "name it by other words"),
    "attribute": ("unsafe-attribute", "the attribute '{}' may not stand in a page", "leave it out"),
}


def _path_of(page: Page) -> str:
    return f"{unquote(page.address)}index.html"


def _origin_of(page: Page) -> str:
    return page.edit_path or _path_of(page)


def _folder_of(page: MkDocsPage) -> str:
    return posixpath.dirname(page.file.src_uri)


def _root_of(url: str) -> str:
    return "../" * url.count("/") or "./"


def _text_of(staged: StagedFile) -> str:
    data = staged.source if isinstance(staged.source, bytes) else staged.source.read_bytes()
    return data.decode("utf-8", errors="replace")


def _write(site: Path, path: str, data: bytes) -> str:
    """Write a file of the site and return its SHA-256."""
    # Joined as text: paths as objects cost as much as the writing, once for every page.
    target = os.path.join(site, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data)
    return hashlib.sha256(data).hexdigest()


def _head_of(page: Page) -> dict[str, object]:
    """Return a page's title and description as MkDocs' templates want them: they escape nothing."""
    head: dict[str, object] = {"title": harmless(escape(page.title))}
    if page.description:
        head["description"] = escape(page.description)
    if not any(heading.level == 2 for heading in headings_of(page.body)):
        head["hide"] = ["toc"]
    return head


def _make_title_safe(page: MkDocsPage) -> None:
    """Let no title of a page act as HTML: templates print it as it is, and `striptags` even turns "&lt;" into "<"."""
    for key in ("title", "description"):
        if key in page.meta:
            page.meta[key] = harmless(escape(str(page.meta[key])))
    if "title" not in page.meta and "&" in (page.title or ""):
        page.meta["title"] = harmless(page.title or "")
    _make_entries_safe(page.toc)


def _make_entries_safe(entries: Iterable[AnchorLink]) -> None:
    for entry in entries:
        entry.title = harmless(entry.title)
        _make_entries_safe(entry.children)


def _joined(first: TableOfContents, second: TableOfContents) -> TableOfContents:
    items = list(first)
    if len(items) == 1 and items[0].level == 1:
        items[0].children.extend(second)
        return first
    return TableOfContents([*items, *second])


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Stop the block after some seconds, where the system has timers that interrupt even a regular expression."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"it takes longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
