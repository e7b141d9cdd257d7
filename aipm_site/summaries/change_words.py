"""Words of the report of changes: values, differences and senses as text, from aipm_site/templates/changes.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from pydantic_core import to_jsonable_python

from aipm_site.changes.figures import FigureChange
from aipm_site.facts.figure import AnyFigure, Figure
from aipm_site.facts.numbers import as_written, days, fixed, money, points_short, rounded
from aipm_site.summaries.word_files import words_in

# A value is cut where it is longer, and begins shortly before the first difference.
SHOWN_AT_MOST = 160
_BEFORE_DIFFERENCE = 40
# A smaller difference than these show is written as none.
_MOST_DECIMALS = 6


def words(group: str) -> Mapping[str, Any]:
    """Return a group of words."""
    found: Mapping[str, Any] = words_in("changes.yml")[group]
    return found


def status_text(status: str) -> str:
    """Return a status in a sentence: "amber", "not reported"."""
    return str(words("status").get(status, status))


def sense(better: bool | None, *, is_rebaselined: bool = False) -> str:
    """Return whether something is better or worse, in a word, or that the baseline is another; "" for none of them."""
    if is_rebaselined:
        return str(words("sense")["rebaselined"])
    return str(words("sense")["neither" if better is None else "better" if better else "worse"])


def figure_text(figure: AnyFigure | None) -> str:
    """Return a figure as it stands in a table: its text, or why it is not known."""
    if figure is None:
        return str(words("values")["no_figure"])
    if isinstance(figure, Figure):
        return figure.text
    return str(words("values")["unknown"]).format(reason=figure.reason)


def delta_text(change: FigureChange) -> str:
    """Return by how much a figure rose or fell, with its unit: "+9 days", "+ USD 40,000", "−1.0 pp"."""
    delta, unit = change.delta, change.unit
    if delta is None:
        return ""
    if change.is_date or unit == "d":
        return days_text(int(delta))
    if len(unit) >= 3 and unit[:3].isupper() and unit[3:4] in {"", "/", " "}:
        return f"{'+' if delta > 0 else '−'} {money(abs(delta), unit[:3])}"
    if unit == "pp" or (unit == "ratio" and _is_percent(change)):
        return points_short(delta, _decimals(delta * 100, 1))
    if unit == "ratio":
        return fixed(delta, _decimals(delta, 2), signed=True)
    return as_written(delta, most_decimals=_decimals(delta, 2), signed=True)


def days_text(delta: int) -> str:
    """Return by how many days something is later or earlier: "+9 days"."""
    return ("+" if delta > 0 else "−") + days(abs(delta))


def _decimals(delta: Fraction, usual: int) -> int:
    """Return how many decimals a difference is written with: more than usual where those would make it nothing."""
    return next((number for number in range(usual, _MOST_DECIMALS) if rounded(delta, number)), _MOST_DECIMALS)


def _is_percent(change: FigureChange) -> bool:
    return isinstance(change.after, Figure) and "%" in change.after.text


def value_texts(before: Any, after: Any) -> tuple[str, str]:
    """Return a field's value before and after as text on one line, cut around the first difference."""
    old, new = value_text(before), value_text(after)
    same = next(
        (i for i, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    begin = max(0, same - _BEFORE_DIFFERENCE) if max(len(old), len(new)) > SHOWN_AT_MOST else 0
    return _cut(old, begin), _cut(new, begin)


def _cut(text: str, begin: int) -> str:
    shown = text[begin : begin + SHOWN_AT_MOST]
    return f"{'…' if begin and text else ''}{shown}{'…' if len(text) > begin + SHOWN_AT_MOST else ''}"


def value_text(value: Any) -> str:
    """Return a value of a field as text on one line."""
    if value is None:
        return str(words("values")["absent"])
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {value_text(item)}" for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value_text(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    plain = value.isoformat() if isinstance(value, date) else to_jsonable_python(value)
    return " ".join(str(plain).split())
