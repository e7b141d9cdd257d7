"""The page that documents the files which the site publishes for machines."""

from __future__ import annotations

from aipm_site.pages.addresses import DATA
from aipm_site.pages.calendars import role_calendars
from aipm_site.pages.context import PageContext
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.pages.words import phrase


def data_page(context: PageContext) -> Page:
    """Return the documentation of the files for machines, feeds and calendars among them."""
    calendars = role_calendars(context.facts.agenda)
    return Page(
        address=DATA,
        title=phrase("data_title"),
        body=render("pages/data.html", has_calendar=bool(context.facts.agenda), calendars=calendars),
        audience=context.site.audience,
        section="status",
        search_text="status.json records.json build.json JSON API feed Atom calendar iCalendar ICS",
        in_nav=True,
    )
