"""The site's address: where it is published, as `site_url` of mkdocs.yml or the domain of project.yml says."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from aipm_site.problems import Place, Problem, warning
from aipm_site.readers.site_settings import FILE_NAME
from aipm_site.records.charter import Charter
from aipm_site.records.publishing import LATEST


def address_of_site(site_url: str, charter: Charter) -> str | None:
    """Return the address of the published site: of the settings, else of the domain; None where neither is given.

    Args:
        site_url: What mkdocs.yml says, with or without the folder of the latest version.
        charter: What project.yml says.
    """
    if not _is_known(site_url):
        domain = charter.publish.domain if charter.publish else None
        return f"https://{domain}/" if domain else None
    address = f"{site_url.rstrip('/')}/"
    return address.removesuffix(f"{LATEST}/") if address.endswith(f"/{LATEST}/") else address


def _is_known(site_url: str) -> bool:
    # A setting that MkDocs takes from the environment is not known here.
    return site_url.startswith(("http://", "https://"))


def check_address(site_url: str, charter: Charter) -> Iterator[Problem]:
    """Find a domain that is not the host of the address that pages name.

    Args:
        site_url: What mkdocs.yml says.
        charter: What project.yml says.
    """
    domain = charter.publish.domain if charter.publish else None
    host = urlsplit(site_url).hostname if _is_known(site_url) else None
    if domain and host and domain != host:
        message = f"the domain is '{domain}', and the `site_url` of {FILE_NAME} is at '{host}'"
        hint = "name the same host in both: servers take the domain, the links of pages and feeds the `site_url`"
        yield warning("other-host", message, charter.origin.place_of(("publish", "domain")), hint)


def check_has_address(address: str | None) -> Iterator[Problem]:
    """Find that a site is published at an address that nobody said.

    Args:
        address: What `address_of_site` found.
    """
    if address is None:
        hint = f"set `site_url` in {FILE_NAME}, or `publish: {{domain: …}}` in project.yml"
        message = (
            "the address of the site is not known, so its pages name none, it has no site map, and its page for what "
            "is not found has no link without JavaScript"
        )
        yield warning("no-site-url", message, Place(FILE_NAME), hint)
