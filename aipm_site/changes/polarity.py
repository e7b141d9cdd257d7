"""Polarity: whether more of a figure is better or worse, by what the figure is or by what its metric says."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from aipm_site.facts.figure import AnyFigure, Figure
from aipm_site.project import Project
from aipm_site.records.metric import Metric

Direction = Literal["higher", "lower"]

_SILENT = frozenset({"not_reported", "not_fully_reported"})
# Worst last. What is not reported hides nothing that is worse than itself (domain §3.6, rule 1).
STATUS_ORDER = ("green", "not_reported", "not_fully_reported", "amber", "red")
VERDICT_ORDER = ("go", "conditional", "no-go")
# The first pattern that fits a name decides; a figure that fits none is neither better nor worse. Money that is spent
# or budgeted, and how many risks are recorded as new or closed, say nothing of that by themselves.
_DIRECTIONS: tuple[tuple[str, Direction], ...] = (
    (r"cost\.(spi|cpi|sv|cv|vac|runway_months)", "higher"),
    (r"cost\.(eac|eac_\w+|etc|tcpi_\w+|cloud_month_end)", "lower"),
    (r"schedule\.(es|sv_t|spi_t)", "higher"),
    (r"schedule\.(ieac_t|finish_\w+|slip(_original)?\..+)", "lower"),
    (r"forecast\..+\.chance", "higher"),
    (r"forecast\..+\.p\d+", "lower"),
    (r"risk\.(open|exposure|red|materialised|reopened)", "lower"),
    (r"scope\.growth", "lower"),
    (r"sprint\.(done|velocity|predictability)", "higher"),
    (r"sprint\.remaining", "lower"),
    (r"benefit\..+\.(one_off|running_cost|payback|break_even|break_even_with_one_off)", "lower"),
    (r"benefit\..+\.sensitivity\..+", "higher"),
    (r"benefit\..+\.(gross_run_rate|net_run_rate|npv|roi|release_effect|realised|forecast|in_year\..+)", "higher"),
    (r"gate\..+\.met", "higher"),
    (r"gate\..+\.(not_met|not_assessed)", "lower"),
)


def is_better(before: AnyFigure | None, after: AnyFigure | None, project: Project) -> bool | None:
    """Say whether a figure became better; None where nobody can say: nothing to compare with, or no direction.

    Counted from another baseline, a value is neither: a new baseline would turn every delay into success (domain §5,
    T-31).

    Args:
        before: The figure on one side; None where there was none.
        after: The figure on the other.
        project: The project whose metrics say which direction is better.
    """
    if not isinstance(before, Figure) or not isinstance(after, Figure):
        return None
    old, new = before.value, after.value
    if before.unit != after.unit or old == new or before.baseline != after.baseline:
        return None
    if isinstance(old, str) or isinstance(new, str):
        return is_better_word(str(old), str(new))
    direction = _direction(after, project)
    if direction is None or isinstance(old, date) != isinstance(new, date):
        return None
    return (new > old) == (direction == "higher")  # type: ignore[operator]


def is_better_word(before: str, after: str) -> bool | None:
    """Say whether a status or a verdict is better than another; None where they cannot be compared."""
    # Who stops reporting what was amber or red has bettered nothing.
    if before == after or (after in _SILENT and before in {"amber", "red"}):
        return None
    for order in (STATUS_ORDER, VERDICT_ORDER):
        if before in order and after in order:
            return order.index(after) < order.index(before)
    return None


def _direction(figure: Figure, project: Project) -> Direction | None:
    if figure.name.startswith("model."):
        return _direction_of_metric(figure, project)
    return next((direction for form, direction in _DIRECTIONS if re.fullmatch(form, figure.name)), None)


def _direction_of_metric(figure: Figure, project: Project) -> Direction | None:
    records = (project.get(source.record_id) for source in figure.sources)
    polarities = {record.polarity for record in records if isinstance(record, Metric)}
    if polarities == {"higher_better"}:
        return "higher"
    return "lower" if polarities == {"lower_better"} else None
