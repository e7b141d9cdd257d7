"""Plan of the project's own site: from a session to everything that the build will write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from aipm_site import __version__
from aipm_site.charts.drawing import LIBRARY, library_version
from aipm_site.exports.site_file import SiteFile
from aipm_site.exports.status_json import as_of_text
from aipm_site.pages.addresses import address_of, register_of, report_address
from aipm_site.pages.build import build_pages
from aipm_site.pages.context import PageContext
from aipm_site.pages.freshness import stale_notes
from aipm_site.pages.looks import script, stylesheet
from aipm_site.pages.milestone_trends import trends_of_milestones
from aipm_site.pages.problems_page import problems_notice
from aipm_site.pages.wiki import wiki_extensions
from aipm_site.problems import has_errors
from aipm_site.project import Project
from aipm_site.publication.outputs import render_session_reports, site_info, staged_files
from aipm_site.publication.plan import (
    ADDRESSES_OF_ALL_PROJECTS,
    BuildInfo,
    ContentRefused,
    PlanOptions,
    SitePlan,
)
from aipm_site.publication.published_files import published_files
from aipm_site.publication.shared_problems import shared_problems
from aipm_site.publication.site_charts import draw_charts
from aipm_site.readers.site_settings import FILE_NAME, read_site_settings
from aipm_site.records.record import Entry
from aipm_site.session import Session, open_session

STYLE_SHEET = "assets/aipm/aipm.css"
SCRIPT = "assets/aipm/aipm.js"
_MADE_BY = ("mkdocs", "mkdocs-material", "markdown", "jinja2", "pydantic", "pymdown-extensions")


def plan_site(root: Path, docs_dir: Path, options: PlanOptions) -> SitePlan:
    """Return the plan of the site of the project in `root`.

    Raises:
        ContentRefused: The content has errors, and the build is not lenient.
        WrongRequest: There is no such audience, or the as-of is no date.
    """
    content = docs_dir.relative_to(root).as_posix()
    settings, _ = read_site_settings(root / FILE_NAME)
    session = open_session(root, content, as_of=options.as_of, audience=options.audience, with_history=True)
    return plan_session(session, settings.site_name, site_url=settings.site_url, lenient=options.lenient)


def plan_session(session: Session, site_name: str, *, site_url: str = "", lenient: bool = False) -> SitePlan:
    """Return the plan of a session's site.

    Args:
        session: The session.
        site_name: Title of the site.
        site_url: Where it is published; "" where it does not say.
        lenient: Whether what is wrong is left out.

    Raises:
        ContentRefused: The content has errors, and the build is not lenient.
    """
    if session.has_errors and not lenient:
        raise ContentRefused(session.problems)
    project, facts = session.shown()
    site = site_info(session, site_name, lenient=lenient)
    history = session.shown_history()
    reports, report_problems = render_session_reports(project, facts, site, history)
    staged, staging_problems = staged_files(session, project)
    trends = trends_of_milestones(facts, history)
    drawings, undrawn = draw_charts(trends.charted, facts.as_of.date)
    problems = (*session.problems, *report_problems, *staging_problems, *undrawn)
    if has_errors(problems):
        if not lenient:
            raise ContentRefused(problems)
        shared = shared_problems(session.root, project, session.audience, problems)
        site = replace(site, problems=shared, unshared_problems=len(problems) - len(shared))
    context = PageContext(project, facts, site, history, trends, drawings)
    return SitePlan(
        pages=build_pages(context, reports) if project.is_in_use else (),
        files=(*published_files(session, facts, site_name, site_url), *_assets()),
        staged=staged,
        audience=session.audience,
        audience_order=project.charter.audience_order,
        build=_build_info(session, is_publishable=not has_errors(problems)),
        extensions=wiki_extensions(context),
        strict_pages=project.charter.pages == "strict",
        counts=_counts(project),
        record_addresses=tuple(_address(project, record) for record in project.records.values()),
        problems=problems,
        notice=problems_notice(context),
        page_notes={path.removeprefix(f"{project.content}/"): note for path, note in stale_notes(context).items()},
        known_addresses=(*ADDRESSES_OF_ALL_PROJECTS, *_addresses_of_others(session.whole, project)),
        record_files=_record_files(project),
    )


def _addresses_of_others(whole: Project, project: Project) -> Iterator[str]:
    """Yield addresses that `nav` may name though this audience has no such page.

    They are those of reports, of registers of the project's own kinds, and of records that are hidden.
    """
    yield from (report_address(PurePosixPath(template.path).stem) for template in whole.templates)
    yield from (register_of(kind) for kind in whole.kinds)
    hidden = (record for record_id, record in whole.records.items() if record_id in project.hidden_ids)
    yield from (_address(whole, record) for record in hidden)


def _record_files(project: Project) -> Mapping[str, str]:
    records = project.records.values()
    per_file = Counter(record.origin.file for record in records)
    return {
        record.origin.file.removeprefix(f"{project.content}/"): _address(project, record)
        for record in records
        if per_file[record.origin.file] == 1
    }


def _assets() -> tuple[SiteFile, ...]:
    return SiteFile(STYLE_SHEET, stylesheet().encode()), SiteFile(SCRIPT, script().encode())


def _build_info(session: Session, *, is_publishable: bool) -> BuildInfo:
    return BuildInfo(
        revision=session.revision.commit,
        uncommitted=session.revision.uncommitted,
        as_of=as_of_text(session.facts.as_of),
        versions=_versions(),
        source_date_epoch=session.epoch,
        publishable=is_publishable,
        committed=session.revision.committed.isoformat() if session.revision.committed else None,
    )


@cache
def _versions() -> Mapping[str, str]:
    charts = library_version()
    drawn_by = {} if charts is None else {LIBRARY: charts}
    return {"aipm": __version__} | {name: version(name) for name in _MADE_BY} | drawn_by


def _counts(project: Project) -> Mapping[str, int]:
    by_kind = Counter(project.kinds.of(record).name for record in project.records.values())
    return {"records": len(project.records), **by_kind}


def _address(project: Project, record: Entry) -> str:
    return address_of(project.kinds.of(record), record)
