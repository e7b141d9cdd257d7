"""Pages: references and views in prose that lead nowhere, and front matter that a strict project does not allow."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from msgspec.structs import replace
from pydantic import BaseModel

from aipm_site.checks.references import unknown_id
from aipm_site.checks.views import check_views
from aipm_site.problems import Place, Problem, did_you_mean, error
from aipm_site.project import Project
from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.prose_links import links, record_links, remote_images
from aipm_site.readers.yaml_data import YamlList, YamlMapping
from aipm_site.records.once import once_a_record
from aipm_site.records.record import Entry
from aipm_site.records.shape import shape_of

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
# R22: what a page may say of itself. Looks and search are the site's business, a status is computed.
PAGE_KEYS = ("title", "description", "audience", "owner", "tags", "review_by", "reviewed_on", "hide")
# R23: themes put tags into pages as they are, and their scripts decode them once more.
_MARKUP = re.compile(r"[<>]|&#?\w+;")


def check_pages(project: Project, figures: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong in ordinary pages and in the prose of records."""
    if not project.is_in_use:
        return  # what looks like ours is not
    is_strict = project.charter.pages == "strict"
    for page in project.pages:
        yield from _check_links(project, page.body, page.path, page.body_line)
        yield from check_views(page.body, page.path, page.body_line, project.kinds, figures)
        if is_strict:
            yield from _check_keys(page, PAGE_KEYS)
            yield from _check_tags(page)
            yield from _check_targets(project, page.body, page.path, page.body_line)
    for record in project.records.values():
        found = _check_record(project, record)
        # What others wrote for another place is shown as far as it may be, as pages are: words in place of dead links.
        yield from (_weighed(problem) for problem in found) if record.foreign else found


def _weighed(problem: Problem) -> Problem:
    return problem if problem.code == "unknown-reference" else replace(problem, severity="warning")


def _check_record(project: Project, record: Entry) -> Iterator[Problem]:
    file = record.origin.file
    if record.prose and record.origin.prose_line:
        yield from _check_links(project, record.prose, file, record.origin.prose_line)
        yield from _check_images(record.prose, file, record.origin.prose_line)
        yield from _check_targets(project, record.prose, file, record.origin.prose_line)
    for text, place in _texts_of(record):
        # A text of several lines is judged by what it holds, and shown where it begins.
        found = (*_check_links(project, text, file, 1), *_check_images(text, file, 1), *_check_addresses(text, file, 1))
        yield from (replace(problem, place=place) for problem in found)


@once_a_record
def _texts_of(record: Entry) -> tuple[tuple[str, Place], ...]:
    return tuple(_texts(record.origin.data, record.place, type(record)))


def _texts(node: object, place: Place, part: type[BaseModel] | None) -> Iterator[tuple[str, Place]]:
    """Yield each Markdown text in a record's data that holds a link of any form, with its place.

    Args:
        node: What YAML holds.
        place: Where it begins.
        part: The class of the fields in it; None where it is the text of a Markdown field.
    """
    if isinstance(node, YamlList):
        for value, (line, column) in zip(node, node.places, strict=True):
            yield from _texts(value, Place(place.file, line, column), part)
    elif part is None and isinstance(node, str) and ("[[" in node or "](" in node):
        yield node, place
    elif part is not None and isinstance(node, YamlMapping):
        for key, shape in shape_of(part).items():
            # A line is no Markdown: what looks like a link in it is shown letter by letter.
            if key in node and (shape.part or "Markdown" in shape.word):
                yield from _texts(node[key], Place(place.file, *node.value_places[key]), shape.part)


def _check_targets(project: Project, text: str, file: str, first_line: int) -> Iterator[Problem]:
    """Yield links to what a page may not name, and to files that are not there.

    A link to an address, such as `../risks/`, is looked at by the gate, which sees every page of the built site.
    """
    yield from _check_addresses(text, file, first_line)
    known = project.paths
    for target, line, column in links(text):
        path = unquote(target.partition("#")[0].partition("?")[0])
        name = posixpath.basename(path)
        if _SCHEME.match(target) or target.startswith(("/", "#")) or "." not in name or name == "index.md":
            continue
        if posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) not in known:
            place = Place(file, first_line + line - 1, column)
            hint = did_you_mean(name, sorted({posixpath.basename(other) for other in known}))
            yield error("dead-link", f"the link '{target}' leads nowhere: there is no such file", place, hint)


def _check_addresses(text: str, file: str, first_line: int) -> Iterator[Problem]:
    for target, line, column in links(text):
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() not in _SAFE_SCHEMES:
            place = Place(file, first_line + line - 1, column)
            hint = "write http, https, mailto, or an address inside the site"
            yield error("unsafe-address", f"the address '{target}' is of a kind that pages may not use", place, hint)


def _check_links(project: Project, text: str, file: str, first_line: int) -> Iterator[Problem]:
    for record_id, line, column in record_links(text):
        kind = project.kinds.of_id(record_id)
        if kind is not None and record_id not in project.records and record_id not in project.unread_ids:
            yield unknown_id(project, kind, record_id, Place(file, first_line + line - 1, column))


def _check_images(text: str, file: str, first_line: int) -> Iterator[Problem]:
    # R17: an image of another host tells that host who reads the page, and is another one tomorrow.
    for address, line, column in remote_images(text):
        hint = "put the image beside the record and name it by its path"
        yield error(
            "remote-image",
            f"the image '{address}' is on another host",
            Place(file, first_line + line - 1, column),
            hint,
        )


def _check_keys(page: PageSource, allowed: Collection[str]) -> Iterator[Problem]:
    for key in page.meta or {}:
        if key not in allowed:
            place = Place(page.path, *page.meta.key_places[key]) if page.meta else Place(page.path)
            hint = did_you_mean(key, allowed, f"it may have {', '.join(allowed)}")
            yield error("unknown-field", f"front matter has no field '{key}'", place, hint)


def _check_tags(page: PageSource) -> Iterator[Problem]:
    tags = page.meta.get("tags") if page.meta else None
    if page.meta is None or tags is None:
        return
    listed = list(zip(tags, tags.places, strict=True)) if isinstance(tags, YamlList) else []
    for tag, spot in listed or [(tags, page.meta.value_places["tags"])]:
        if not isinstance(tag, str) or _MARKUP.search(tag):
            hint = "themes print tags as they are: words, digits and hyphens are safe"
            yield error("unsafe-tag", f"the tag '{tag}' is not plain text", Place(page.path, *spot), hint)
