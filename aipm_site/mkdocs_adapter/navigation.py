"""Navigation: our index pages as files of MkDocs, and the section that shows those which nobody put into `nav`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage

from aipm_site.pages.page import Page

SECTION_TITLE = "Project records"


def source_path(address: str) -> str:
    """Return the Markdown path by which a writer names a generated page in `nav` and in links."""
    return f"{address}index.md"


def without_absent(nav: Any, is_absent: Callable[[str], bool]) -> Any:
    """Return a navigation as mkdocs.yml has it, without pages that this build does not have and sections left empty.

    Args:
        nav: A path, a mapping of one title to a path or a list, or a list of these.
        is_absent: Says of a path whether it is known and only this build does not have it.
    """
    if isinstance(nav, str):
        return None if is_absent(nav) else nav
    if isinstance(nav, dict):
        kept = {title: without_absent(below, is_absent) for title, below in nav.items()}
        return {title: below for title, below in kept.items() if below is not None} or None
    if isinstance(nav, list):
        items = [item for item in (without_absent(item, is_absent) for item in nav) if item is not None]
        # A section that was written empty is the writer's mistake and MkDocs' to tell.
        return items if items or not nav else None
    return nav


def add_generated_files(pages: Iterable[Page], files: Files, config: MkDocsConfig) -> dict[str, Page]:
    """Add each index page to MkDocs' files, unless a writer's page has its address; return them by Markdown path."""
    # "." is how MkDocs writes the address of the front page.
    by_address = {file.url.removeprefix("./"): file for file in files.documentation_pages()}
    placed = {}
    for page in pages:
        file = by_address.get(page.address)
        if file is None:
            # Not in the navigation by itself: MkDocs would make a section of every folder.
            path = source_path(page.address)
            file = File.generated(config, path, content="", inclusion=InclusionLevel.NOT_IN_NAV)
            files.append(file)
        placed[file.src_uri] = page
    return placed


def complete_navigation(nav: Navigation, placed: Sequence[str], files: Files) -> None:
    """Put the index pages that the navigation does not name into one section; the front page stands first."""
    missing = [page for path in placed if (page := _page_of(path, files)) and page not in nav.pages]
    front = [page for page in missing if page.url == ""]
    rest = [page for page in missing if page.url != ""]
    nav.items[:0] = front
    nav.homepage = nav.homepage or (front[0] if front else None)
    if rest:
        section = Section(SECTION_TITLE, list(rest))
        for page in rest:
            page.parent = section
        nav.items.append(section)
    nav.pages[:] = [*front, *nav.pages, *rest]
    _show_each_entry(nav.items)


def _show_each_entry(items: Iterable[StructureItem]) -> None:
    """Let no register swallow the heading of its section: themes take the first index page of a section for it.

    Where a section has one index page it may be that. Ours are all index pages of their folders, and where several
    stand side by side each is an entry.
    """
    for section in items:
        if not isinstance(section, Section):
            continue
        indexes = [item for item in section.children if isinstance(item, MkDocsPage) and item.is_index]
        for page in indexes if len(indexes) > 1 else ():
            if page.file.generated_by is not None:
                _make_plain(page.file)
        _show_each_entry(section.children)


def _make_plain(file: File) -> None:
    """Let a page no longer be taken for the index page of a section."""
    # MkDocs makes the address from the name when it is first asked for: here, before the name changes.
    address = file.url
    file.name = address.strip("/").rpartition("/")[2]


def _page_of(path: str, files: Files) -> MkDocsPage | None:
    file = files.get_file_from_path(path)
    # A writer's page stands where the writer's navigation puts it, or does not.
    return file.page if file is not None and file.generated_by is not None else None
