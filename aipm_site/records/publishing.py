"""Publishing: how versions of the site are named, kept and shown to search engines; the part `publish` of a charter."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from aipm_site.records.fields import Line, Reader, refuse, shown, whole_number
from aipm_site.records.record import Part, optional

Period = Literal["week", "month", "quarter", "year"]
LATEST = "latest"
# One folder of a web address, on every file system and in every shell; what lies beside the versions is left out.
NAME_FORM = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9]|[A-Za-z0-9]"
_NAME = re.compile(rf"(?:{NAME_FORM})\Z")
RESERVED_NAMES = frozenset(
    {
        *("404.html", "assets", "build.json", "cname", "index.html", "removed.json", "robots.txt", "sitemap.xml"),
        *("versions", "versions.json"),
        # What servers and search engines look for at the root, and others put there.
        *("favicon.ico", "sitemap.xml.gz"),
    }
)
_DAY_OR_PERIOD = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?|-W[0-9]{2}|-Q[1-4])?\Z", re.IGNORECASE)
# Names that a rule gives, and the words of the rules.
_WORDS = frozenset({LATEST, *get_args(Period)})
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\Z")


def is_name(text: str) -> bool:
    """Say whether a version or an alias may have this name: it becomes a folder of the site."""
    return bool(_NAME.match(text)) and ".." not in text and text.casefold() not in RESERVED_NAMES


def is_day_or_period(text: str) -> bool:
    """Say whether a name has the form of a day, week, month, quarter or year, by which versions are found."""
    return bool(_DAY_OR_PERIOD.match(text))


def why_no_alias(text: str) -> str | None:
    """Return why a name can be no alias, in words that follow it; None where it can be one."""
    if not is_name(text):
        return "cannot be a folder of the site"
    if is_day_or_period(text):
        return "has the form of a day or period, under which versions are found by rule"
    word = text.casefold()
    return f"is written '{word}'" if word in _WORDS and word != text else None


def _read_name(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str) else ""
    reason = why_no_alias(text)
    if reason:
        hint = "write week, month, quarter or year, or a name of letters, digits, dots, dashes and underscores"
        raise refuse("bad-alias", f"{shown(text)} {reason}", hint)
    return text


def _read_domain(value: Any) -> str:
    text = str(value).strip().lower() if isinstance(value, str) else ""
    if not _DOMAIN.match(text):
        raise refuse("bad-domain", f"{shown(text)} is no domain", "write the name alone, such as status.example.org")
    return text


AliasName = Annotated[str, Reader(_read_name, "name", {"type": "string", "pattern": f"^(?:{NAME_FORM})$"})]
Domain = Annotated[str, Reader(_read_domain, "domain", {"type": "string"})]
AtLeastOne = Annotated[int, whole_number(1)]


class Keep(Part):
    """Which versions are kept when a new one is published; the newest always is, and what was given a name by hand."""

    short_field = "last"

    last: AtLeastOne = optional("how many of the newest versions are kept", 1)
    ends_of: tuple[Period, ...] = optional("periods of each of which the last version is kept", many=True)


class Publishing(Part):
    """How versions are published."""

    domain: Domain | None = optional("domain of the site")
    robots: Literal["index", "noindex", "disallow"] | None = optional(
        "what search engines may do: index it, read but not index it, or stay away"
    )
    keep: Keep | None = optional("which versions are kept; all where absent")
    aliases: tuple[AliasName, ...] = optional(
        "names that move from version to version besides latest: week, month, quarter, year, or a name of your own",
        ("week",),
    )
    acknowledged: tuple[Line, ...] = optional(
        "records, pages, attachments and figures that earlier versions may go on showing though their readers may not "
        "see them any more",
        many=True,
    )
