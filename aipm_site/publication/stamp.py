"""The stamp: what publication writes into the pages of a version, the same bytes in every version.

What differs from version to version stands in two files of its folder, so that a page that did not change is the same
file in all of them: a branch with a hundred versions stays small.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from msgspec import Struct

from aipm_site.pages.looks import render
from aipm_site.publication.candidate import Candidate
from aipm_site.publication.shared_assets import PUBLICATION, SharedAssets
from aipm_site.publication.versions import Version
from aipm_site.records.publishing import LATEST

VERSION_PAGE = "aipm-version.html"
VERSION_STYLE = "aipm-version.css"
# Servers show the root's own 404.html. Search engines read the root's site map; that of a version stays, as Material's
# script looks there for the pages of a version, but not packed.
LEFT_OUT = frozenset({"404.html", "sitemap.xml.gz"})
_CANONICAL = re.compile(r'[ \t]*<link\s[^>]*\brel="?canonical"?[^>]*>\n?', re.IGNORECASE)
_SHORT = 10


class Stamp(Struct, frozen=True):
    """What pages are told of the site that they are published in.

    Attributes:
        assets: Shared files.
        base_url: Address of the published site, ending in a slash; None where it is not known.
        noindex: Whether search engines are told to leave the pages out.
    """

    assets: SharedAssets
    base_url: str | None
    noindex: bool = False

    def page(self, html: str, path: str) -> str:
        """Return a page of a version: its assets shared, its address in the latest version named, its version told."""
        html = self.assets.relink(html, path)
        head = [*self._head(path), _style(self.assets.link(path, f"{PUBLICATION}/version.css"))]
        head.append(_style(f"{'../' * path.count('/')}{VERSION_STYLE}"))
        if self.base_url:
            html = _CANONICAL.sub("", html, count=1)
        html = html.replace("</head>", f"{''.join(head)}</head>", 1)
        before, end, after = html.rpartition("</body>")
        return f"{before}{self._foot(path)}{end}{after}" if end else html

    def _head(self, path: str) -> list[str]:
        head = []
        if self.base_url:
            head.append(f'<link rel="canonical" href="{escape(canonical(self.base_url, path))}">')
        if self.noindex:
            head.append('<meta name="robots" content="noindex">')
        return head

    def _foot(self, path: str) -> str:
        home = "../" * path.count("/")
        script = self.assets.link(path, f"{PUBLICATION}/version.js")
        return render("publication/stamp.html", home=home, root=f"{home}../", page=VERSION_PAGE, script=script)


def _style(link: str) -> str:
    return f'<link rel="stylesheet" href="{escape(link)}">'


def canonical(base_url: str, path: str) -> str:
    """Return the address of a page in the latest version."""
    return f"{base_url}{LATEST}/{quote(address_of_page(path))}"


def address_of_page(path: str) -> str:
    """Return the address at which a server shows a page."""
    return path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path


def is_page(path: str) -> bool:
    """Say whether a file of a version is one of its pages."""
    return path.endswith(".html") and path not in {VERSION_PAGE, *LEFT_OUT}


def stamped_files(candidate: Candidate, stamp: Stamp) -> dict[str, bytes]:
    """Return the files of a version as they are published, but for those that tell its name.

    A shared file stays in the version too where something names it in a way that cannot be pointed elsewhere.
    """
    pages = {
        path: stamp.page(data.decode("utf-8", "surrogateescape"), path)
        for path, data in candidate.files.items()
        if path.endswith(".html") and path not in LEFT_OUT
    }
    others = {p: data for p, data in candidate.files.items() if not p.endswith(".html") and p not in LEFT_OUT}
    texts = pages | {p: d.decode("utf-8", "replace") for p, d in others.items() if p.endswith(".css")}
    needed = {name for path, text in texts.items() for name in stamp.assets.mentioned(text, path)}
    stay = {path: data for path, data in others.items() if path not in stamp.assets.files or path in needed}
    return stay | {path: text.encode("utf-8", "surrogateescape") for path, text in pages.items()}


def version_files(version: Version, manifest: Mapping[str, object]) -> dict[str, bytes]:
    """Return the two files that tell a version's name, date and revision: for every page, and for a reader."""
    view = {"version": version, "revision": version.revision[:_SHORT], "tools": manifest.get("versions", {})}
    return {
        VERSION_STYLE: render("publication/version.css", **view).encode(),
        VERSION_PAGE: render("publication/version.html", **view).encode(),
    }
