"""Root files: what lies beside the versions of a published site, from the way to the latest to the map of its pages."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from markupsafe import Markup
from msgspec import Struct

from aipm_site.pages.looks import render, theme_folder
from aipm_site.publication.shared_assets import PUBLICATION
from aipm_site.publication.stamp import address_of_page, canonical
from aipm_site.publication.versions import VERSIONS, Version, versions_json
from aipm_site.readers.project_mark import ProjectMark
from aipm_site.records.publishing import LATEST

REMOVED = "removed.json"
VERSIONS_PAGE = "versions/index.html"
_ROBOTS = {
    "index": "User-agent: *\nAllow: /\n",
    # Who may not fetch a page does not see that it says noindex, so all may.
    "noindex": "User-agent: *\nAllow: /\n",
    "disallow": "User-agent: *\nDisallow: /\n",
}


class SiteWords(Struct, frozen=True):
    """What a published site says of itself.

    Attributes:
        title: Its title.
        audience: For whom it is.
        base_url: Its address, ending in a slash; None where it is not known.
        domain: Domain that a server is told by a file CNAME.
        robots: What search engines may do.
        project: The project that it is of.
    """

    title: str
    audience: str
    base_url: str | None = None
    domain: str | None = None
    robots: str | None = None
    project: ProjectMark | None = None

    @property
    def noindex(self) -> bool:
        """Whether search engines are told to leave all pages out."""
        return self.robots in {"noindex", "disallow"}


class RootPage(Struct, frozen=True):
    """What every page beside the versions needs: the context of templates/publication/frame.html.

    Attributes:
        title: Title of the page.
        site: What the site says of itself.
        style: Its style sheet; in the page, as a page that stands for all that is not found has no fixed depth.
        script: Its script, "" without one.
        policy: The content security policy that lets just this script run.
    """

    title: str
    site: SiteWords
    style: Markup
    script: Markup
    policy: Markup


def root_files(
    versions: Sequence[Version], pages: Iterable[str], removed: Mapping[str, str], words: SiteWords
) -> dict[str, bytes]:
    """Return the files beside the versions.

    Args:
        versions: All versions, newest first.
        pages: Paths of the pages of the latest version.
        removed: Addresses that the latest version lost, with the version that has each.
        words: What the site says of itself.
    """
    files = {
        VERSIONS: versions_json(versions),
        REMOVED: f"{json.dumps(removed, ensure_ascii=False, indent=0, sort_keys=True)}\n".encode(),
        "index.html": _home(versions, words),
        "404.html": _not_found(words),
        VERSIONS_PAGE: _list(versions, words),
        # GitHub Pages would leave out what Jekyll does not like.
        ".nojekyll": b"",
    }
    if words.base_url and not words.noindex:
        files["sitemap.xml"] = _sitemap(pages, words.base_url)
    if words.domain:
        files["CNAME"] = f"{words.domain}\n".encode()
    if words.robots:
        files["robots.txt"] = _robots(words)
    return files


def _home(versions: Sequence[Version], words: SiteWords) -> bytes:
    frame = _frame(words.title, words)
    address = f"{words.base_url}{LATEST}/" if words.base_url and versions else None
    return render("publication/home.html", frame=frame, latest=LATEST if versions else "", canonical=address).encode()


def _not_found(words: SiteWords) -> bytes:
    root = urlsplit(words.base_url).path if words.base_url else ""
    frame = _frame("Page not found", words, "missing.js")
    return render("publication/404.html", frame=frame, root=root, latest=LATEST).encode()


def _list(versions: Sequence[Version], words: SiteWords) -> bytes:
    frame = _frame("Versions", words, "compare.js")
    return render("publication/versions.html", frame=frame, versions=versions, latest=LATEST).encode()


def moved_page(path: str, version: str) -> bytes:
    """Return the page that stands where a version no longer has one, and leads to the version that has it."""
    words = SiteWords("", "")
    link = f"{'../' * (path.count('/') + 1)}{version}/{quote(address_of_page(path))}"
    home = "../" * path.count("/") or "./"
    frame = _frame("This page is in an earlier version", words)
    return render("publication/moved.html", frame=frame, link=link, version=version, home=home).encode()


def _frame(title: str, words: SiteWords, script: str = "") -> RootPage:
    folder = theme_folder() / "assets" / PUBLICATION
    style = (folder / "root.css").read_text(encoding="utf-8").strip()
    code = (folder / script).read_text(encoding="utf-8").strip() if script else ""
    scripts = f"'{_hash_of(code)}'" if code else "'none'"
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src '{_hash_of(style)}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )
    return RootPage(title, words, Markup(style), Markup(code), Markup(policy))


def _hash_of(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _sitemap(pages: Iterable[str], base_url: str) -> bytes:
    places = (f"<url><loc>{escape(canonical(base_url, path))}</loc></url>" for path in sorted(pages))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *places, "</urlset>\n"]).encode()


def _robots(words: SiteWords) -> bytes:
    rules = _ROBOTS[words.robots or "index"]
    has_map = words.base_url and not words.noindex
    return f"{rules}Sitemap: {words.base_url}sitemap.xml\n".encode() if has_map else rules.encode()
