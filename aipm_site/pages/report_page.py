"""Report pages: rendered reports, the executive summary first among them, each at its own address."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup
from msgspec import Struct

from aipm_site.pages.addresses import report_address
from aipm_site.pages.context import PageContext
from aipm_site.pages.home import as_of_html
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.summaries.report import Report


class ReportView(Struct, frozen=True):
    """The context of templates/pages/report.html.

    Attributes:
        title: The report's title.
        is_draft: Whether it may still change.
        project: The project's title.
        as_of: The day or moment that it speaks for.
        html: Its body, without the title; empty where it could not be rendered.
    """

    title: str
    is_draft: bool
    project: str
    as_of: Markup
    html: Markup


def report_pages(context: PageContext, reports: Iterable[Report]) -> tuple[Page, ...]:
    """Return a page for each report; one that could not be rendered says so, in a lenient build."""
    return tuple(report_page(context, report) for report in reports)


def report_page(context: PageContext, report: Report) -> Page:
    """Return the page of one report."""
    view = ReportView(
        title=report.title,
        is_draft=report.status == "draft",
        project=context.title,
        as_of=as_of_html(context),
        # The report room gives HTML of an allow-list, in which record text is escaped.
        html=Markup(report.html),
    )
    return Page(
        address=report_address(report.name),
        title=report.title,
        body=render("pages/report.html", view=view),
        audience=report.audience,
        section="reports",
        search_html=report.html,
        in_nav=True,
    )
