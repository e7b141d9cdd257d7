"""Scales: how the values and differences of a metric are written, shares as percent and percentage points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts import numbers

Measured = Decimal | Fraction

# How much of a share of one the value 1 of a unit is.
SHARE_UNITS = {"ratio": Fraction(1), "percent": Fraction(1, 100)}
# Units that say what sort of number it is and are not written after it.
_UNWRITTEN_UNITS = frozenset({"", "index", "number", "score"})
_MOST_EXTRA_DECIMALS = 2


class Scale(Struct, frozen=True):
    """How the values of a metric are written.

    Attributes:
        unit: Their unit; of ratio and percent a percentage is shown, and differences in percentage points.
        decimals: How many decimals are shown, of the percentage where it is one; None shows what a value has.
    """

    unit: str
    decimals: int | None

    @property
    def is_share(self) -> bool:
        """Whether its values are shares of one."""
        return self.unit in SHARE_UNITS

    @property
    def _digits(self) -> int:
        return 1 if self.decimals is None else self.decimals

    def share(self, value: Measured) -> Fraction:
        """Return a value, or a difference of values, of a unit of shares as a share of one."""
        return Fraction(value) * SHARE_UNITS[self.unit]

    def text(self, value: Measured) -> str:
        """Return a value with its unit: "87.4 %", "212 ms"."""
        return numbers.percent(self.share(value), self._digits) if self.is_share else self._with_unit(value)

    def difference(self, value: Measured, *, signed: bool = True) -> str:
        """Return a difference in words: "−1.0 percentage point", "+12 ms"."""
        if self.is_share:
            return numbers.points(self.share(value), self._digits, signed=signed)
        return self._with_unit(value, signed=signed)

    def short_difference(self, value: Measured) -> str:
        """Return a difference for brackets: "−8.4 pp"."""
        if self.is_share:
            return numbers.points_short(self.share(value), self._digits)
        return self._with_unit(value, signed=True)

    def fit_for(self, difference: Measured) -> Scale:
        """Return the scale with as many more decimals as a small difference needs to be seen at all."""
        if not difference or (self.decimals is None and not self.is_share):
            return self
        shown = abs(self.share(difference) * 100 if self.is_share else Fraction(difference))
        more = next((d for d in range(_MOST_EXTRA_DECIMALS) if shown * 10 ** (self._digits + d) >= 1), None)
        return replace(self, decimals=self._digits + (_MOST_EXTRA_DECIMALS if more is None else more))

    def showing(self, value: Measured) -> Scale:
        """Return the scale with as many more decimals as show a value as it is, such as a limit of 87.25 %."""
        if self.decimals is None and not self.is_share:
            return self
        shown = self.share(value) * 100 if self.is_share else Fraction(value)
        more = range(self._digits, self._digits + _MOST_EXTRA_DECIMALS + 1)
        return replace(self, decimals=next((d for d in more if numbers.rounded(shown, d) == shown), more[-1]))

    def _with_unit(self, value: Measured, *, signed: bool = False) -> str:
        if self.decimals is None:
            digits = numbers.as_written(value, signed=signed)
        else:
            digits = numbers.fixed(value, self.decimals, signed=signed)
        return digits if self.unit in _UNWRITTEN_UNITS else f"{digits}{numbers.SPACE}{self.unit}"
