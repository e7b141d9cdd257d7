"""Addresses: where each record, row, figure and generated page lies in the site."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from aipm_site.project import Project
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry
from aipm_site.summaries.printed import Addresses

ROOT = "aipm-root:/"
"""Stands for the site's root in a page's body, until the page is written at its address."""

HOME = ""
STATUS = "status/"
FIGURES = "figures/"
EXECUTIVE = "reports/executive/"
MISSING = "status/missing/"
DATA = "status/data/"
PROBLEMS = "status/problems/"
FEED_ATOM = "feed.atom"
FEED_JSON = "feed.json"
CALENDAR = "calendar.ics"

_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_SLUG_LENGTH = 60
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def address_of(kind: Kind, record: Entry) -> str:
    """Return the address of a record's page, of a row's anchor in its register, or of the project's page."""
    if kind.is_rows:
        return f"{register_of(kind)}#{anchor_of(record.id)}"
    return f"{kind.folder}/{quote(record.id)}/" if kind.folder else f"{kind.name}/"


def register_of(kind: Kind) -> str:
    """Return the address of a kind's register."""
    return f"{kind.folder}/" if kind.folder else f"{kind.name}/"


def report_address(name: str) -> str:
    """Return the address of a report."""
    return f"reports/{quote(name)}/"


def fields_of(kind: Kind) -> str:
    """Return the address of the page that explains a kind's fields."""
    return f"status/kinds/{kind.name}/"


def anchor_of(text: str) -> str:
    """Return an anchor for a row's id or a figure's name: plain characters, unique, never one of the theme's."""
    plain = _NOT_PLAIN.sub("-", text).strip("-")
    # Two ids that differ only in replaced characters must not share an anchor.
    mark = "" if plain == text else f"-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
    return f"r-{plain}{mark}"


def calendar_of(role: str) -> str:
    """Return the address of the calendar of a role; the same for a role that is written with other capitals."""
    small = " ".join(role.casefold().split())
    slug = _NOT_WORDS.sub("-", small).strip("-")[:_SLUG_LENGTH]
    # Two roles that differ only in replaced or cut letters must not share a calendar.
    mark = "" if slug == small.replace(" ", "-") else f"-{hashlib.sha256(small.encode()).hexdigest()[:6]}"
    return f"calendar/{slug or 'role'}{mark}.ics"


def is_calendar(address: str) -> bool:
    """Say whether an address is that of the project's calendar or of a role's."""
    return address == CALENDAR or (address.startswith("calendar/") and address.endswith(".ics"))


def absolute(site_url: str, address: str) -> str | None:
    """Return an address of the site in full; None where the site does not say where it is published."""
    return f"{site_url.rstrip('/')}/{address}" if site_url.startswith(("https://", "http://")) else None


def figure_anchor(name: str) -> str:
    """Return the anchor of a figure on the page of figures."""
    return name.replace(".", "-")


def figure_address(name: str) -> str:
    """Return the address of the entry that says how a figure was computed."""
    return f"{FIGURES}#{figure_anchor(name)}"


def rooted(body: str, address: str) -> str:
    """Return a page's body with links to the site's root made relative to the page's own address."""
    return body.replace(ROOT, "../" * address.count("/") or "./")


def report_addresses(project: Project) -> Addresses:
    """Return where the links of a report lead: to the records that its readers may see, and to figures."""

    def record_address(record_id: str) -> str | None:
        record = project.get(record_id)
        return None if record is None else ROOT + address_of(project.kinds.of(record), record)

    return Addresses(figure=lambda name: ROOT + figure_address(name), record=record_address)
