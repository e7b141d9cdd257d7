"""Pages: references and views in prose that lead nowhere, and front matter that a strict project does not allow."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from aipm_site.checks.references import unknown_id
from aipm_site.checks.views import check_views
from aipm_site.problems import Place, Problem, did_you_mean, error
from aipm_site.project import Project
from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.prose_links import record_links, remote_images

# R22: what a page may say of itself. Looks and search are the site's business, a status is computed.
PAGE_KEYS = ("title", "description", "audience", "owner", "tags", "review_by", "reviewed_on", "hide")


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
    for record in project.records.values():
        if record.prose and record.origin.prose_line:
            yield from _check_links(project, record.prose, record.origin.file, record.origin.prose_line)
            yield from _check_images(record.prose, record.origin.file, record.origin.prose_line)


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
