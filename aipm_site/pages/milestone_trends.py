"""Milestone trends of a site: how far each milestone moved, and which of them a chart has room for."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.charts.milestone_trend import MOST_LINES
from aipm_site.facts.facts import Facts
from aipm_site.facts.slippage import finishing
from aipm_site.history.milestone import MilestoneTrend, milestone_trends, most_slipped
from aipm_site.history.states import History


class MilestoneTrends(Struct, frozen=True):
    """The trends of a project's milestones, for drawings and pages alike.

    Attributes:
        every: All of them, those that slipped most first.
        charted: Those that a chart has room for: what slipped most, and always the milestone that ends the project.
    """

    every: tuple[MilestoneTrend, ...] = ()
    charted: tuple[MilestoneTrend, ...] = ()


def trends_of_milestones(facts: Facts, history: History) -> MilestoneTrends:
    """Return the trends of the milestones that readers may see.

    Args:
        facts: What they may see of the present.
        history: What they may see of the earlier revisions.
    """
    every = milestone_trends(facts.milestones, history, facts.as_of)
    ending = finishing(facts.milestones, facts.project.charter.finish_milestone)
    return MilestoneTrends(every, most_slipped(every, MOST_LINES, ending.milestone.id if ending else None))
