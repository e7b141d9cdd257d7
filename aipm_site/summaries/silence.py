"""Silence: how a report says since when something has not been reported."""

from __future__ import annotations

from aipm_site.facts.finding import age_words
from aipm_site.facts.freshness import Freshness


def silence_of(age: Freshness | None) -> str:
    """Return "since 31 March 2026 (15 days; limit 7)"; empty where it still speaks, or where no date says when it did.

    The words are those of domain §4.3.
    """
    if age is None or age.is_current or age.since is None:
        return ""
    words = age_words(age)
    return f"since {words['since']} ({words['days']}; limit {words['limit']})"
