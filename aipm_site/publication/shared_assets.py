"""Shared assets: style sheets and scripts that versions have in common lie once beside them, named by their content."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote

from msgspec import Struct

from aipm_site.pages.looks import theme_folder

ASSETS = "assets"
PUBLICATION = "publication"
"""Folder of our own two files among them, so that a theme has none of the name."""
# What belongs to the looks of a site. Pictures stay where they are: they may be content, and are found from outside.
_KINDS = (".css", ".js", ".mjs", ".map", ".wasm", ".woff", ".woff2")
_TAG_LINK = re.compile(r'(<(?:link|script|img|source)\b[^<>]*?\s(?:href|src)=")([^"]*)(?=")', re.IGNORECASE)
_SETTINGS = re.compile(r'(<script id="__config" type="application/json">)(.*?)(?=</script>)', re.DOTALL)
_STRING = re.compile(r'(?<=")((?:\.{1,2}/)*assets/[^"\\]*)(?=")')
_MENTION = re.compile(r"""(?:\.{1,2}/)*assets/[^\s"'<>()\\,]+""")
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


class SharedAssets(Struct, frozen=True):
    """The files of a build that it shares with other versions.

    Attributes:
        folder: Name of their folder below `assets/`.
        files: Their bytes by the path that they had in the build.
        own: Our own files beside them, by their path in the folder.
    """

    folder: str
    files: Mapping[str, bytes]
    own: Mapping[str, bytes]

    def published(self) -> dict[str, bytes]:
        """Return the files by their paths in the published site."""
        below = {path.removeprefix(f"{ASSETS}/"): data for path, data in self.files.items()}
        return {f"{ASSETS}/{self.folder}/{path}": data for path, data in (below | dict(self.own)).items()}

    def link(self, path: str, name: str) -> str:
        """Return the link from a page of a version to a file in the folder."""
        return f"{'../' * (path.count('/') + 1)}{ASSETS}/{self.folder}/{name}"

    def relink(self, html: str, path: str) -> str:
        """Return a page with its links to shared files pointing to where those are published."""

        def moved(url: str) -> str:
            target = resolved(url, path)
            return self.link(path, target.removeprefix(f"{ASSETS}/")) if target in self.files else url

        html = _TAG_LINK.sub(lambda match: match[1] + moved(match[2]), html)
        # Material's script reads from its settings where the search's script lies.
        return _SETTINGS.sub(
            lambda match: match[1] + _STRING.sub(lambda found: moved(found[0]), match[2]), html, count=1
        )

    def mentioned(self, text: str, path: str) -> Iterator[str]:
        """Give the shared files that a text still names by their old path, so that a copy must stay there."""
        for match in _MENTION.finditer(text):
            target = resolved(match[0], path)
            if target in self.files:
                yield target


def resolved(url: str, path: str) -> str:
    """Return the path in the build that a relative address in a page or style sheet means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(url.partition("?")[0].partition("#")[0])))


def shared_assets(files: Mapping[str, bytes]) -> SharedAssets:
    """Return what a build can share: its theme's files, as far as none of them needs a file that stays behind."""
    shared = {p: data for p, data in files.items() if p.startswith(f"{ASSETS}/") and p.lower().endswith(_KINDS)}
    if any(not _can_move(path, data, shared.__contains__) for path, data in shared.items()):
        shared = {}
    own = _own_files()
    names = {path: hashlib.sha256(data).hexdigest() for path, data in (shared | own).items()}
    return SharedAssets(hashlib.sha256(json.dumps(sorted(names.items())).encode()).hexdigest()[:12], shared, own)


def _can_move(path: str, data: bytes, is_shared: Callable[[str], bool]) -> bool:
    """Say whether all that a style sheet fetches by relative addresses moves with it."""
    if not path.lower().endswith(".css"):
        return True
    for match in _CSS_URL.finditer(data.decode("utf-8", "replace")):
        url = (match[1] or match[2]).strip()
        if not url.startswith(("data:", "#", "http:", "https:", "/")) and not is_shared(resolved(url, path)):
            return False
    return True


def _own_files() -> dict[str, bytes]:
    folder = theme_folder() / "assets" / PUBLICATION
    return {f"{PUBLICATION}/{name}": (folder / name).read_bytes() for name in ("root.css", "version.css", "version.js")}
