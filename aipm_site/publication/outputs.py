"""Outputs: the reports and files that a site takes from its content as they are, filled, checked and redacted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from aipm_site.facts.facts import Facts
from aipm_site.history.states import History
from aipm_site.pages.addresses import report_addresses
from aipm_site.pages.page import SiteInfo
from aipm_site.pages.trends import sparkline
from aipm_site.problems import Problem, has_errors
from aipm_site.project import Project
from aipm_site.publication.identity import identity_of
from aipm_site.publication.plan import StagedFile
from aipm_site.publication.staging import check_attachment, published_bytes, read_regular, referenced_attachments
from aipm_site.session import Session
from aipm_site.summaries.executive import Edition
from aipm_site.summaries.past import Past
from aipm_site.summaries.report import Report, render_reports

_SHORT = 10


def check_outputs(session: Session, site_name: str) -> list[Problem]:
    """Return what shows only when reports are filled and attachments are read; nothing is built for it."""
    project, facts = session.shown()
    site = site_info(session, site_name, lenient=True)
    _, report_problems = render_session_reports(project, facts, site, session.shown_history())
    _, staging_problems = staged_files(session, project)
    return [*report_problems, *staging_problems]


def render_session_reports(
    project: Project, facts: Facts, site: SiteInfo, history: History
) -> tuple[tuple[Report, ...], list[Problem]]:
    """Return the reports that a site's readers may see, and what is wrong with their templates."""
    edition = Edition(site.title, site.revision, site.uncommitted)
    return render_reports(project, facts, edition, report_addresses(project), Past(history, sparkline))


def site_info(session: Session, site_name: str, *, lenient: bool) -> SiteInfo:
    """Return what a site says of itself."""
    commit = session.revision.commit
    return SiteInfo(
        title=identity_of(session, site_name).project_name,
        audience=session.audience,
        revision=commit[:_SHORT] if commit else None,
        no_revision=session.revision.reason if session.revision.is_refused else "",
        uncommitted=session.revision.uncommitted,
        as_of_reason=session.dated.reason,
        unread=session.whole.unread if lenient else 0,
        content=session.content,
    )


def staged_files(session: Session, project: Project) -> tuple[tuple[StagedFile, ...], list[Problem]]:
    """Return the pages and attachments that a site's readers may see, and what is wrong with them."""
    root, problems = session.root, list[Problem]()
    staged = list(_staged_pages(root, project))
    for path in shown_attachments(session.whole, project, session.audience):
        found = list(_attachment_problems(root, project, path))
        problems += found
        # What is wrong is in no site, a lenient one neither.
        staged += [] if has_errors(found) else [_staged_attachment(root, project, path)]
    return tuple(staged), problems


def _staged_pages(root: Path, project: Project) -> Iterator[StagedFile]:
    for page in project.pages:
        redacted = project.redact(page.text, posixpath.dirname(page.path))
        # A page is published byte for byte as it was written, unless it names what its readers may not see.
        source = root / page.path if redacted == page.text else redacted.encode()
        yield StagedFile(_below_content(project, page.path), source, page.path, project.audience_of(page))


def shown_attachments(whole: Project, project: Project, audience: str) -> tuple[str, ...]:
    """Return the attachments that may be published (R43).

    A page's readers get what it refers to. With `pages: as-is` the settings of the site may name files too, such as
    a logo: there everything is published to those from whom nothing is hidden.

    Args:
        whole: The whole project.
        project: The project as the audience sees it.
        audience: The readers.
    """
    is_open = project.charter.pages == "as-is" and not _hides_anything(whole, project, audience)
    return project.attachments if is_open else in_use(project)


def in_use(project: Project) -> tuple[str, ...]:
    """Return the attachments that some page or record of a project refers to."""
    texts = [(page.path, page.text) for page in project.pages]
    texts += [(record.place.file, record.prose) for record in project.records.values() if record.prose]
    referenced = referenced_attachments(texts, project.attachments)
    return tuple(path for path in project.attachments if path in referenced)


def _hides_anything(whole: Project, project: Project, audience: str) -> bool:
    hides_pages = len(project.pages) < len(whole.pages) or len(project.templates) < len(whole.templates)
    hides_unlabelled = not whole.may_see(audience, whole.charter.default_audience_label)
    return bool(project.hidden_ids) or hides_pages or hides_unlabelled


def _attachment_problems(root: Path, project: Project, path: str) -> Iterator[Problem]:
    if project.charter.pages == "strict":
        yield from check_attachment(path, read_regular(root / path), frozenset(project.charter.attachments))


def _staged_attachment(root: Path, project: Project, path: str) -> StagedFile:
    file = root / path
    source = published_bytes(path, read_regular(file)) if project.charter.pages == "strict" else file
    return StagedFile(_below_content(project, path), source, path, project.charter.default_audience_label)


def _below_content(project: Project, path: str) -> str:
    return path.removeprefix(f"{project.content}/")
