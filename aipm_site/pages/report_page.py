"""Report pages: rendered reports, the executive summary first among them, each at its own address."""

from __future__ import annotations

from collections.abc import Iterable

from aipm_site.pages.addresses import EXECUTIVE
from aipm_site.pages.context import PageContext
from aipm_site.pages.home import as_of_html
from aipm_site.pages.looks import render
from aipm_site.pages.markdown import as_text
from aipm_site.pages.page import Page
from aipm_site.summaries.executive import Report


def report_pages(context: PageContext, reports: Iterable[Report]) -> tuple[Page, ...]:
    """Return a page for each report."""
    return tuple(report_page(context, report) for report in reports)


def report_page(context: PageContext, report: Report) -> Page:
    """Return the page of one report; the first heading is its title."""
    return Page(
        address=EXECUTIVE,
        title=report.title,
        body=render("pages/report.html", report=report, as_of=as_of_html(context), site=context.site),
        audience=report.audience,
        section="reports",
        search_text=as_text(report.html),
        in_nav=True,
    )
