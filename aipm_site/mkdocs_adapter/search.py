"""Search index and sitemap: our pages are added to what MkDocs and its search plugin wrote."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import get_build_date, get_build_timestamp

from aipm_site.pages.markdown import as_text
from aipm_site.pages.page import Page
from aipm_site.publication.site_checks import SEARCH_INDEX, SITEMAP

_SEARCH_PLUGINS = ("material/search", "search")


def drop_search(config: MkDocsConfig) -> None:
    """Build without any search: its plugins are taken out, so the theme shows no search field either."""
    for name in _SEARCH_PLUGINS:
        plugin = config.plugins.pop(name, None)
        if plugin is None:
            continue
        for methods in config.plugins.events.values():
            methods[:] = [method for method in methods if getattr(method, "__self__", None) is not plugin]


def add_search_entries(site_dir: Path, pages: Iterable[Page]) -> None:
    """Add an entry per page to the search index, where there is one."""
    path, pages = site_dir / SEARCH_INDEX, list(pages)
    if not pages or not path.is_file():
        return
    index = json.loads(path.read_text(encoding="utf-8"))
    index["docs"] = with_entries(index["docs"], pages)
    path.write_text(json.dumps(index, separators=(",", ":")), encoding="utf-8")


def with_entries(docs: Sequence[dict[str, object]], pages: Iterable[Page]) -> list[dict[str, object]]:
    """Return the documents of an index with one per page; a writer's text at the same address is kept in front."""
    documents = [dict(doc) for doc in docs]
    written = {str(doc["location"]): doc for doc in reversed(documents)}
    for page in pages:
        # The theme shows titles and texts of the index as HTML.
        text = escape(" ".join((*page.search_text.split(), as_text(page.search_html))).strip(), quote=False)
        if doc := written.get(page.address):
            doc["text"] = f"{doc.get('text') or ''} {text}".strip()
        else:
            documents.append({"location": page.address, "title": escape(page.title, quote=False), "text": text})
    return documents


def add_to_sitemap(site_dir: Path, addresses: Sequence[str], site_url: str | None) -> None:
    """Add addresses to the sitemap and its compressed copy, which are empty without `site_url`."""
    path = site_dir / SITEMAP
    if not site_url or not addresses or not path.is_file():
        return
    entries = "".join(_sitemap_entry(urljoin(site_url.rstrip("/") + "/", address)) for address in addresses)
    text = path.read_text(encoding="utf-8").replace("</urlset>", f"{entries}</urlset>")
    path.write_text(text, encoding="utf-8")
    with (
        path.with_suffix(".xml.gz").open("wb") as file,
        gzip.GzipFile(filename=f"{SITEMAP}.gz", mode="wb", fileobj=file, mtime=get_build_timestamp()) as packed,
    ):
        packed.write(text.encode())


def _sitemap_entry(location: str) -> str:
    loc, lastmod = escape(location), get_build_date()
    return f"    <url>\n         <loc>{loc}</loc>\n         <lastmod>{lastmod}</lastmod>\n    </url>\n"
