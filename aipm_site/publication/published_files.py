"""Published files: data, feeds and calendars of a session, as its audience may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aipm_site.exports.calendar import Publication, calendar_files
from aipm_site.exports.feeds import feed_files
from aipm_site.exports.records_json import records_json
from aipm_site.exports.site_file import SiteFile
from aipm_site.exports.status_json import status_json
from aipm_site.facts.facts import Facts
from aipm_site.publication.identity import identity_of
from aipm_site.session import Session


def published_files(session: Session, facts: Facts, site_name: str, site_url: str) -> tuple[SiteFile, ...]:
    """Return all files that a site publishes for machines.

    Args:
        session: The session.
        facts: Its facts as its audience may see them.
        site_name: Title of the site.
        site_url: Where it is published; "" where it does not say.
    """
    publication = Publication(identity_of(session, site_name), site_url)
    return tuple(file for make in MAKERS.values() for file in make(facts, publication))


def _data(facts: Facts, publication: Publication) -> tuple[SiteFile, ...]:
    identity = publication.identity
    return status_json(facts, identity), records_json(facts.project, facts.as_of, identity)


def _feeds(facts: Facts, publication: Publication) -> tuple[SiteFile, ...]:
    return feed_files(facts, publication.identity, publication.site_url)


# By the word that `aipm export --format` knows.
MAKERS: Mapping[str, Callable[[Facts, Publication], tuple[SiteFile, ...]]] = {
    "json": _data,
    "atom": _feeds,
    "ics": calendar_files,
}
