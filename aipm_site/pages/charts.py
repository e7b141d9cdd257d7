"""Charts of a site: what must be drawn before its pages are built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from aipm_site.history.milestone import MilestoneTrend
from aipm_site.pages.addresses import register_of
from aipm_site.pages.milestone_chart import milestone_descriptions
from aipm_site.records.milestone import KIND


class SiteChart(Struct, frozen=True):
    """A chart of a site: the page that it stands on, and its Vega-Lite description."""

    address: str
    description: Mapping[str, Any]


def charts_of(trends: Sequence[MilestoneTrend], as_of: date) -> tuple[SiteChart, ...]:
    """Return every chart of a site, for all of them to be drawn at once.

    Args:
        trends: The milestone trends that are drawn.
        as_of: The day that the site speaks for.
    """
    return tuple(SiteChart(register_of(KIND), description) for description in milestone_descriptions(trends, as_of))
