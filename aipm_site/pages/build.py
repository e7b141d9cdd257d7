"""All generated pages of a site, from a project and its facts as one audience may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from aipm_site.pages.context import PageContext
from aipm_site.pages.data_page import data_page
from aipm_site.pages.field_reference import field_reference_page
from aipm_site.pages.figures import figures_page
from aipm_site.pages.home import home_pages
from aipm_site.pages.missing import missing_page
from aipm_site.pages.page import Page
from aipm_site.pages.problems_page import problems_notice, problems_pages
from aipm_site.pages.record_page import record_pages
from aipm_site.pages.register import register_page
from aipm_site.pages.report_page import report_pages
from aipm_site.summaries.report import Report

NOTICE = 'class="aipm-notice aipm-notice--red"'


def build_pages(context: PageContext, reports: Sequence[Report]) -> tuple[Page, ...]:
    """Return every generated page: those for the navigation first, records after them.

    Args:
        context: What they are made from; where a drawing of `charts_of` is missing, its data stands alone.
        reports: The rendered reports for the same audience.
    """
    pages = (*_index_pages(context, reports), *_record_pages(context))
    notice = problems_notice(context)
    return tuple(_with_notice(page, notice) for page in pages) if notice else pages


def _with_notice(page: Page, notice: str) -> Page:
    # A writer's page above ours says it once for both; the home page has a notice of its own.
    says_it = page.lead_path is not None or NOTICE in page.body
    return page if says_it else replace(page, body=notice + page.body)


def _index_pages(context: PageContext, reports: Sequence[Report]) -> Iterator[Page]:
    yield from home_pages(context)
    yield from report_pages(context, reports)
    for kind in context.kinds_in_use:
        yield register_page(context, kind)
    yield figures_page(context)
    yield missing_page(context)
    yield data_page(context)
    yield from problems_pages(context)
    for kind in context.project.kinds:
        if context.project.of(kind.model):
            yield field_reference_page(context, kind)


def _record_pages(context: PageContext) -> Iterator[Page]:
    for kind in context.project.kinds:
        yield from record_pages(context, kind)
