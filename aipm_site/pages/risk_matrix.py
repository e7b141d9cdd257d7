"""The risk matrix: how many open risks stand in each cell of probability and impact, and which they are."""

from __future__ import annotations

from collections import defaultdict

from markupsafe import Markup
from msgspec import Struct

from aipm_site.pages.context import PageContext
from aipm_site.pages.words import phrase, phrases, plural
from aipm_site.records.risk import Risk

STEPS = (1, 2, 3, 4, 5)


class MatrixCell(Struct, frozen=True):
    """One cell of the matrix.

    Attributes:
        anchor: Where its risks are listed below the matrix.
        score: Probability times impact.
        band: "green", "amber" or "red", by the project's thresholds.
        band_word: What the band is called: low, medium, high.
        risks: Links to the open risks in it.
        words: What it says to those who hear it: "2 risks".
    """

    anchor: str
    score: int
    band: str
    band_word: str
    risks: tuple[Markup, ...]
    words: str


class MatrixRow(Struct, frozen=True):
    """One row of the matrix: a probability, and its cells from the least impact to the worst."""

    probability: int
    word: str
    cells: tuple[MatrixCell, ...]


class RiskMatrix(Struct, frozen=True):
    """The matrix.

    Attributes:
        rows: From the most probable to the least.
        impacts: The columns: step and word.
        total: How many risks are in it, in words.
        unscored: Links to open risks without probability or impact.
    """

    rows: tuple[MatrixRow, ...]
    impacts: tuple[tuple[int, str], ...]
    total: str
    unscored: tuple[Markup, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is no open risk in it nor beside it."""
        return not self.cells and not self.unscored

    @property
    def cells(self) -> tuple[MatrixCell, ...]:
        """The cells that hold risks, the highest scores first."""
        held = [cell for row in self.rows for cell in row.cells if cell.risks]
        return tuple(sorted(held, key=lambda cell: (-cell.score, cell.anchor)))


def risk_matrix(context: PageContext) -> RiskMatrix:
    """Return the matrix of the open risks."""
    risks = [risk for risk in context.project.of(Risk) if risk.is_counted]
    by_cell: dict[tuple[int, int], list[Markup]] = defaultdict(list)
    for risk in risks:
        if risk.probability is not None and risk.impact is not None:
            by_cell[risk.probability, risk.impact].append(context.links.to(risk.id))
    words = phrases("probabilities")
    rows = tuple(
        MatrixRow(p, words[p - 1], tuple(_cell(context, p, i, by_cell[p, i]) for i in STEPS)) for p in reversed(STEPS)
    )
    return RiskMatrix(
        rows=rows,
        impacts=tuple(zip(STEPS, phrases("impacts"), strict=True)),
        total=_total(context, sum(len(held) for held in by_cell.values())),
        unscored=tuple(context.links.to(risk.id) for risk in risks if risk.score is None),
    )


def _total(context: PageContext, count: int) -> str:
    return phrase("shared").format(what=f"{count:,}") if context.hides("risk") else f"{count:,}"


def _cell(context: PageContext, probability: int, impact: int, risks: list[Markup]) -> MatrixCell:
    score = probability * impact
    band = context.project.charter.risk_band(score)
    return MatrixCell(
        anchor=f"risks-{probability}-{impact}",
        score=score,
        band=band,
        band_word=phrase(f"band_{band}"),
        risks=tuple(risks),
        words=plural(len(risks), "risk"),
    )
