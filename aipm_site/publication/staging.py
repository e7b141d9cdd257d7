"""Staging: the folder that holds only what an audience may see, and what may be in it."""

from __future__ import annotations

import json
import os
import posixpath
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aipm_site.charts.svg import UnsafeSvg, clean_svg
from aipm_site.problems import Place, Problem, error
from aipm_site.publication.plan import SitePlan, StagedFile

PUBLISHED_KINDS = frozenset(
    {"png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "pdf", "csv", "txt", "json", "ico", "woff2"}
)
_ACTIVE_KINDS = frozenset({"html", "htm", "xhtml", "shtml", "svgz", "js", "mjs", "css", "wasm", "swf", "xml", "xsl"})

# Made by the build, or read by servers as instructions: no content file may stand in their place (R30).
_RESERVED_FILES = frozenset(
    {
        "sitemap.xml",
        "sitemap.xml.gz",
        "404.html",
        "versions.json",
        "sw.js",
        "_headers",
        "_redirects",
        "CNAME",
        "robots.txt",
    }
)
_RESERVED_FOLDERS = ("search/",)

_MAGIC: Mapping[str, Callable[[bytes], bool]] = {
    "png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "jpeg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "gif": lambda data: data.startswith((b"GIF87a", b"GIF89a")),
    "webp": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
    "avif": lambda data: data[4:12] in {b"ftypavif", b"ftypavis", b"ftypmif1"},
    "pdf": lambda data: data.startswith(b"%PDF-"),
    "ico": lambda data: data.startswith(b"\x00\x00\x01\x00"),
    "woff2": lambda data: data.startswith(b"wOF2"),
    "csv": lambda data: _is_text(data),
    "txt": lambda data: _is_text(data),
    "json": lambda data: _is_json(data),
}

_REFERENCE = re.compile(
    r"""\]\(\s*<?([^)>\s]+)          # [text](target) and ![text](target)
      | ^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)  # [name]: target
      | \b(?:src|href|data|poster)\s*=\s*["']?([^"'\s>]+)  # in raw HTML
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


class NotARegularFile(OSError):
    """A link, pipe or device where a file was expected."""


def stage(files: Iterable[StagedFile], to: Path) -> None:
    """Write the staging folder."""
    for file in files:
        target = to / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.source if isinstance(file.source, bytes) else read_regular(file.source))


def read_regular(path: Path) -> bytes:
    """Return a file's bytes; a link is not followed and a pipe is not waited for, whatever a listing said before."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotARegularFile(f"'{path}' is not a regular file")
        return file.read()


def check_paths(plan: SitePlan, is_theme_file: Callable[[str], bool]) -> Iterator[Problem]:
    """Find staged files that stand in the place of a generated file, or of one of the theme's.

    Args:
        plan: The plan of the site.
        is_theme_file: Says whether the theme has a file of that path.
    """
    generated = {file.path.casefold() for file in plan.files} | {"build.json"}
    for file in plan.staged:
        if file.path.casefold() in generated:
            yield _taken(file, "a file that the build makes")
        elif plan.strict_pages and is_reserved(file.path):
            yield _taken(file, "a file that the site or its server gives a meaning")
        elif plan.strict_pages and is_theme_file(file.path):
            yield _taken(file, "a file of the theme")


def _taken(file: StagedFile, whose: str) -> Problem:
    return error(
        "address-taken", f"its path in the site, '{file.path}', is that of {whose}", Place(file.origin), "rename it"
    )


def is_reserved(path: str) -> bool:
    """Say whether a path has a meaning for the site or its server."""
    folded = path.casefold()
    hidden = any(part.startswith(".") for part in path.split("/"))
    return hidden or folded in {name.casefold() for name in _RESERVED_FILES} or folded.startswith(_RESERVED_FOLDERS)


def check_attachment(path: str, data: bytes, kinds: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Find what is wrong with an attachment of a project with `pages: strict` (R29).

    Args:
        path: The file, such as "content/data/labels.csv".
        data: Its bytes.
        kinds: File kinds that project.yml adds under `attachments:`, such as "pptx".
    """
    kind = posixpath.splitext(path)[1].lstrip(".").lower()
    place = Place(path)
    if kind in _ACTIVE_KINDS:
        yield error(
            "active-attachment", f"a '.{kind}' file can act in the reader's browser, so it is not published", place
        )
    elif kind not in PUBLISHED_KINDS | kinds:
        hint = "name the kind under `attachments:` in project.yml if readers shall have it"
        yield error("attachment-kind", f"files of the kind '.{kind}' are not published", place, hint)
    elif kind == "svg":
        yield from _svg_problems(data, place)
    elif not _MAGIC.get(kind, bool)(data) and data:
        yield error(
            "not-its-kind", f"the file is not what its name says: its bytes are not those of a '.{kind}' file", place
        )


def _svg_problems(data: bytes, place: Place) -> Iterator[Problem]:
    try:
        clean_svg(data)
    except UnsafeSvg as fault:
        yield error(
            "unsafe-svg", f"the drawing cannot be published: {fault}", place, "export it as plain SVG, or as PNG"
        )


def published_bytes(path: str, data: bytes) -> bytes:
    """Return an attachment as it is published: drawings written anew, so that nothing in them can act."""
    return clean_svg(data) if path.lower().endswith(".svg") else data


def referenced_attachments(texts: Iterable[tuple[str, str]], attachments: Sequence[str]) -> frozenset[str]:
    """Return the attachments that published pages refer to (R43); the others are not for this audience.

    Args:
        texts: Path and Markdown of each published page, and of each record with prose.
        attachments: Paths of all attachments.
    """
    if not attachments:
        return frozenset()
    known = frozenset(attachments)
    return frozenset(target for path, text in texts for target in _targets(path, text) if target in known)


def _targets(path: str, text: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    for match in _REFERENCE.finditer(text):
        target = next(group for group in match.groups() if group is not None)
        try:
            parts = urlsplit(target)
        except ValueError:
            continue
        if not parts.scheme and not parts.netloc and parts.path:
            yield posixpath.normpath(posixpath.join(folder, unquote(parts.path)))


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
