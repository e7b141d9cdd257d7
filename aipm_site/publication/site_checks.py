"""Site checks: what is wrong in a site beyond its pages: labels, missing records, foreign code, files for machines."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from aipm_site.pages.page import Page
from aipm_site.problems import Place, Problem, error, warning
from aipm_site.publication.gate import Gate, Site

SEARCH_INDEX = "search/search_index.json"
SITEMAP = "sitemap.xml"

_CODE_KINDS = (".js", ".mjs", ".css", ".wasm", ".swf")


def is_code(path: str) -> bool:
    """Say whether a file can act in a browser by itself."""
    return path.lower().endswith(_CODE_KINDS)


def check_labels(pages: Iterable[Page], audience: str, order: Sequence[str]) -> Iterator[Problem]:
    """Find pages that a stricter audience is meant to read."""
    allowed = order[: order.index(audience) + 1]
    for page in pages:
        if page.audience not in allowed:
            message = f"the page '{page.address}' is for '{page.audience}' and the build for '{audience}'"
            yield error("wrong-audience", message, Place(page.edit_path or page.address))


def check_records(addresses: Iterable[str], gate: Gate) -> Iterator[Problem]:
    """Find records that have no page, and rows that have no anchor in their register."""
    for address in addresses:
        path, _, anchor = unquote(address).partition("#")
        anchors = gate.anchors_of(f"{path}index.html")
        if anchors is None:
            yield error("page-missing", f"there is no page at '{path}'", Place(f"{path}index.html"))
        elif anchor and anchor not in anchors:
            yield error("anchor-missing", f"there is no anchor '{anchor}' at '{path}'", Place(f"{path}index.html"))


def check_code(hashes: Mapping[str, str], known: frozenset[str]) -> Iterator[Problem]:
    """Find scripts and style sheets that come neither from an installed package nor from the theme (R31).

    Args:
        hashes: SHA-256 of each file of the site.
        known: SHA-256 of the scripts and style sheets that packages and the theme ship.
    """
    for path, digest in sorted(hashes.items()):
        if is_code(path) and digest not in known:
            hint = "scripts and style sheets of a site belong into the theme's folder"
            yield error(
                "foreign-code", f"'{path}' is not a file of the theme or of an installed package", Place(path), hint
            )


def check_machine_files(folder: Path, site: Site, site_url: str | None) -> Iterator[Problem]:
    """Read back search index, sitemap and JSON files: each can be read, and names only pages that exist (R70)."""
    for path in sorted(site.paths):
        if path == SITEMAP:
            yield from _sitemap_problems(folder / path, site, site_url or "")
        elif path.endswith(".json"):
            yield from _json_problems(folder, path, site)


def _json_problems(folder: Path, path: str, site: Site) -> Iterator[Problem]:
    try:
        data = json.loads((folder / path).read_bytes())
    except ValueError as fault:
        # An ordinary page's attachment is its writer's business; the files of the build are ours.
        make = error if path == SEARCH_INDEX or site.strict else warning
        yield make("unreadable-output", f"the file is not JSON: {fault}", Place(path))
        return
    if path == SEARCH_INDEX:
        for document in data["docs"]:
            target = unquote(str(document["location"]).partition("#")[0])
            if site.file_at(target) is None:
                yield error("dead-link", f"the search index names '{target}', which does not exist", Place(path))


def _sitemap_problems(path: Path, site: Site, site_url: str) -> Iterator[Problem]:
    prefix = site_url.rstrip("/") + "/"
    for element in ElementTree.fromstring(path.read_bytes()).iter():
        if not element.tag.endswith("}loc"):
            continue
        location = (element.text or "").strip()
        target = unquote(posixpath.join("", location.removeprefix(prefix)))
        if location.startswith(prefix) and site.file_at(target) is None:
            yield error("dead-link", f"the sitemap names '{location}', which does not exist", Place(SITEMAP))
