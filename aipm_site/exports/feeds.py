"""feed.atom and feed.json: what happened in the project, for those who subscribe to it (RFC 4287, JSON Feed 1.1)."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime, time
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from msgspec import Struct

from aipm_site.exports.site_file import SiteFile, json_file
from aipm_site.exports.status_json import Identity
from aipm_site.facts.facts import Facts
from aipm_site.facts.news import News
from aipm_site.pages.addresses import FEED_ATOM, FEED_JSON, HOME, absolute, address_of
from aipm_site.pages.words import news_title

# Readers keep what they have read; who comes new wants the last weeks, not the whole of the project.
ENTRIES_AT_MOST = 100
_ATOM = "http://www.w3.org/2005/Atom"
_JSON_FEED = "https://jsonfeed.org/version/1.1"
# Characters that no XML document may hold, not even escaped (XML 1.0, 2.2). Named by what is allowed it would take
# ten times as long to compile.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Entry(Struct, frozen=True):
    """An entry of a feed.

    Attributes:
        id: A name for ever, the same wherever the site is published.
        title: What happened, in a line.
        text: What the record says of it; the title where it says nothing.
        address: The page that it is about, from the root of the site.
        updated: When it happened: the beginning of that day in the project's zone.
        category: What sort of thing happened.
    """

    id: str
    title: str
    text: str
    address: str
    updated: str
    category: str


def feed_files(facts: Facts, identity: Identity, site_url: str) -> tuple[SiteFile, ...]:
    """Return both feeds for a project of which they hold only what the audience may see.

    Args:
        facts: The facts as the audience may see them.
        identity: What the files say of the project.
        site_url: Where the site is published; without it the links of the Atom feed are relative to it.
    """
    entries = tuple(_entry(facts, identity, one) for one in facts.news[:ENTRIES_AT_MOST])
    updated = entries[0].updated if entries else _moment(facts, facts.as_of.date)
    feed_id = _name(facts, identity, "feed")
    return _atom(feed_id, identity, site_url, entries, updated), _json(facts, identity, site_url, entries)


def _entry(facts: Facts, identity: Identity, one: News) -> Entry:
    record = facts.project.get(one.record_id)
    title = news_title(one.kind, one.title, one.before, one.after)
    return Entry(
        id=_name(facts, identity, one.key),
        title=title,
        text=one.about or title,
        address=address_of(facts.project.kinds.of(record), record) if record else HOME,
        updated=_moment(facts, one.on),
        category=one.kind,
    )


def _name(facts: Facts, identity: Identity, key: str) -> str:
    """Return a name of a thing that is the same in every build: made of its ids, and of no address (RFC 9562 §5.5).

    The project's own uuid is the namespace, so that no other project has the same name. Without one it is made of the
    project's id, which many projects have.
    """
    if facts.project.charter.uuid is not None:
        return uuid.uuid5(uuid.UUID(facts.project.charter.uuid), key).urn
    return uuid.uuid5(uuid.NAMESPACE_URL, f"aipm:{identity.project_id or ''}/{key}").urn


def _moment(facts: Facts, day: date) -> str:
    return datetime.combine(day, time.min, ZoneInfo(facts.project.charter.tz)).isoformat()


def _atom(feed_id: str, identity: Identity, site_url: str, entries: tuple[Entry, ...], updated: str) -> SiteFile:
    feed = ElementTree.Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", feed_id)
    _add(feed, "title", identity.project_name)
    _add(feed, "updated", updated)
    _add(ElementTree.SubElement(feed, "author"), "name", identity.project_name)
    own = absolute(site_url, FEED_ATOM)
    if own is not None:
        _add(feed, "link", rel="self", type="application/atom+xml", href=own)
    _add(feed, "link", rel="alternate", type="text/html", href=absolute(site_url, HOME) or "./")
    for entry in entries:
        _add_entry(feed, entry, absolute(site_url, entry.address) or entry.address or "./")
    ElementTree.indent(feed)
    text = ElementTree.tostring(feed, encoding="unicode")
    return SiteFile(FEED_ATOM, f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode())


def _add_entry(feed: ElementTree.Element, entry: Entry, href: str) -> None:
    element = ElementTree.SubElement(feed, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", entry.updated)
    _add(element, "link", rel="alternate", type="text/html", href=href)
    _add(element, "category", term=entry.category)
    _add(element, "content", entry.text, type="text")


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> None:
    element = ElementTree.SubElement(parent, tag, {name: _xml(value) for name, value in attributes.items()})
    element.text = _xml(text) or None


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _json(facts: Facts, identity: Identity, site_url: str, entries: tuple[Entry, ...]) -> SiteFile:
    addresses = {"home_page_url": absolute(site_url, HOME), "feed_url": absolute(site_url, FEED_JSON)}
    data = {
        "version": _JSON_FEED,
        "title": identity.project_name,
        **{name: url for name, url in addresses.items() if url is not None},
        "authors": [{"name": identity.project_name}],
        "language": facts.project.charter.locale,
        "items": [_item(entry, absolute(site_url, entry.address)) for entry in entries],
    }
    return json_file(FEED_JSON, data)


def _item(entry: Entry, url: str | None) -> dict[str, object]:
    return {
        "id": entry.id,
        **({} if url is None else {"url": url}),
        "title": entry.title,
        "content_text": entry.text,
        "date_published": entry.updated,
        "tags": [entry.category],
    }
