"""Record sections: what the page of some kinds shows besides its fields, by the kind's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from markupsafe import Markup
from msgspec import Struct

from aipm_site.pages.benefit_section import benefit_section
from aipm_site.pages.context import PageContext
from aipm_site.pages.gate_section import decision_section
from aipm_site.pages.report_section import report_section
from aipm_site.pages.trends import milestone_section
from aipm_site.pages.words import phrase
from aipm_site.records.risk import Risk

_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\Z", re.DOTALL)


class Section(Protocol):
    """The context of what the template of one kind adds to the general one."""

    @property
    def shows(self) -> frozenset[str]:
        """Fields that it shows, which are left out of the general list."""


class RiskSection(Struct, frozen=True):
    """What the page of a risk shows besides: the context of templates/records/risk.html.

    Attributes:
        cause: What it comes from, as the beginning of a sentence; None where the three are not all clauses.
        event: What may happen.
        effect: What that would do.
        score: Probability times impact.
        band: The band of the score, by the project's thresholds.
        band_word: What that band is called.
        shows: Fields that the sentence shows.
    """

    cause: Markup | None
    event: Markup | None
    effect: Markup | None
    score: int | None
    band: str
    band_word: str
    shows: frozenset[str]


def risk_section(context: PageContext, risk: Risk) -> RiskSection:
    """Return the sentence and the score of a risk."""
    clauses = [_clause(context, risk, text) for text in (risk.cause, risk.event, risk.effect)]
    is_sentence = all(clauses)
    band = context.project.charter.risk_band(risk.score) if risk.score is not None else ""
    return RiskSection(
        cause=clauses[0] if is_sentence else None,
        event=clauses[1] if is_sentence else None,
        effect=clauses[2] if is_sentence else None,
        score=risk.score,
        band=band,
        band_word=phrase(f"band_{band}") if band else "",
        shows=frozenset({"cause", "event", "effect"}) if is_sentence else frozenset(),
    )


def _clause(context: PageContext, risk: Risk, text: str | None) -> Markup | None:
    """Return prose that can stand inside a sentence; None where it has more than one paragraph."""
    if text is None:
        return None
    html = context.values_of(risk).show(text.rstrip(" ."), "prose")
    found = _ONE_PARAGRAPH.match(html)
    return Markup(found[1]) if found else None


SECTIONS: Mapping[str, Callable[[PageContext, Any], Section]] = {
    "benefit": benefit_section,
    "decision": decision_section,
    "milestone": milestone_section,
    "report": report_section,
    "risk": risk_section,
}
