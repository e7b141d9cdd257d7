"""Statistics: could a difference of two shares be chance? Paired and unpaired tests, intervals, with sources."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Context, Decimal
from fractions import Fraction

from msgspec import Struct

# The 97.5 % point of the normal distribution (NIST/SEMATECH e-Handbook 1.3.6.7.1), for two-sided 95 % intervals.
Z_95 = Decimal("1.959963984540054")
SIGNIFICANT_P = 0.05
# Below this many discordant pairs the chi-squared approximation is too coarse (Dietterich 1998).
EXACT_BELOW = 25
_CONTEXT = Context(prec=28)


class Interval(Struct, frozen=True):
    """A 95 % confidence interval; it excludes a value only if the value lies outside both ends."""

    low: Decimal
    high: Decimal

    def excludes(self, value: int | Decimal | Fraction) -> bool:
        """Say whether a value lies outside."""
        return value < self.low or value > self.high


class Paired(Struct, frozen=True):
    """McNemar's test of two classifiers on the same cases.

    Attributes:
        b: Cases that only the first one got right.
        c: Cases that only the second one got right.
        chi2: (b − c)² / (b + c).
        chi2_corrected: (|b − c| − 1)² / (b + c), corrected for continuity.
    """

    b: int
    c: int
    chi2: Fraction
    chi2_corrected: Fraction

    @property
    def p_chi2(self) -> float:
        """Chance of a difference at least so large, by chi squared with one degree of freedom."""
        return _chi2_tail(self.chi2)

    @property
    def p_corrected(self) -> float:
        """The same, corrected for continuity."""
        return _chi2_tail(self.chi2_corrected)

    @property
    def p_exact(self) -> float:
        """The same, by the exact two-sided binomial test."""
        return float(min(Fraction(1), 2 * _fair_coin_tail(min(self.b, self.c), self.b + self.c)))

    @property
    def p(self) -> float:
        """The one to report: exact below 25 discordant pairs, else by chi squared."""
        return self.p_exact if self.b + self.c < EXACT_BELOW else self.p_chi2


def mcnemar(b: int, c: int) -> Paired:
    """Return McNemar's test for the discordant pairs; without any, nothing speaks for a difference."""
    discordant = b + c
    if discordant == 0:
        return Paired(b, c, Fraction(0), Fraction(0))
    corrected = max(abs(b - c) - 1, 0)
    return Paired(b, c, Fraction((b - c) ** 2, discordant), Fraction(corrected**2, discordant))


def paired_interval(b: int, c: int, n: int) -> Interval:
    """Return the 95 % interval of the second share less the first, on the same `n` cases.

    Wald's interval for paired shares; below 25 discordant pairs the exact one of Clopper and Pearson for c of b + c,
    so that the interval and the exact test say the same.
    """
    if b + c < EXACT_BELOW:
        return _exact_paired_interval(b, c, n)
    difference = Fraction(c - b, n)
    margin = Z_95 * _root(b + c - Fraction((b - c) ** 2, n)) / n
    return Interval(_decimal(difference) - margin, _decimal(difference) + margin)


def _exact_paired_interval(b: int, c: int, n: int) -> Interval:
    discordant = b + c
    if discordant == 0:
        return Interval(Decimal(0), Decimal(0))
    low, high = clopper_pearson(c, discordant)
    return Interval((2 * low - 1) * discordant / n, (2 * high - 1) * discordant / n)


def clopper_pearson(successes: int, n: int) -> tuple[Decimal, Decimal]:
    """Return the exact 95 % interval of a share, for small `n`."""
    tail = SIGNIFICANT_P / 2
    low = 0.0 if successes == 0 else _root_of_rising(lambda p: 1 - _binomial_cdf(successes - 1, n, p) - tail)
    high = 1.0 if successes == n else _root_of_rising(lambda p: tail - _binomial_cdf(successes, n, p))
    return Decimal(repr(low)), Decimal(repr(high))


def wilson(successes: int, n: int) -> Interval:
    """Return Wilson's 95 % score interval of one share."""
    share, z2 = _decimal(Fraction(successes, n)), Z_95 * Z_95
    centre = share + z2 / (2 * n)
    margin = Z_95 * _CONTEXT.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    return Interval((centre - margin) / scale, (centre + margin) / scale)


def newcombe(successes_1: int, n_1: int, successes_2: int, n_2: int) -> Interval:
    """Return the 95 % interval of share 1 less share 2 in independent samples (Newcombe 1998, method 10)."""
    share_1, share_2 = _decimal(Fraction(successes_1, n_1)), _decimal(Fraction(successes_2, n_2))
    first, second = wilson(successes_1, n_1), wilson(successes_2, n_2)
    down = _CONTEXT.sqrt((share_1 - first.low) ** 2 + (second.high - share_2) ** 2)
    up = _CONTEXT.sqrt((first.high - share_1) ** 2 + (share_2 - second.low) ** 2)
    return Interval(share_1 - share_2 - down, share_1 - share_2 + up)


class Unpaired(Struct, frozen=True):
    """The test of two shares in independent samples: z of the pooled share, and its two-sided p."""

    z: Decimal
    p: float


def two_proportion_z(successes_1: int, n_1: int, successes_2: int, n_2: int) -> Unpaired:
    """Return the pooled z test; where all or none succeed in both samples, nothing speaks for a difference."""
    pooled = Fraction(successes_1 + successes_2, n_1 + n_2)
    variance = pooled * (1 - pooled) * (Fraction(1, n_1) + Fraction(1, n_2))
    if variance == 0:
        return Unpaired(Decimal(0), 1.0)
    z = _decimal(Fraction(successes_1, n_1) - Fraction(successes_2, n_2)) / _root(variance)
    return Unpaired(z, math.erfc(abs(z) / Decimal(2).sqrt()))


def mean(values: Sequence[Decimal | int]) -> Fraction:
    """Return the exact mean."""
    return sum((Fraction(value) for value in values), Fraction(0)) / len(values)


def standard_deviation(values: Sequence[Decimal | int]) -> Decimal | None:
    """Return the sample's standard deviation (n − 1); one value has none."""
    if len(values) < 2:
        return None
    centre = mean(values)
    return _root(sum(((Fraction(value) - centre) ** 2 for value in values), Fraction(0)) / (len(values) - 1))


def _chi2_tail(chi2: Fraction) -> float:
    # With one degree of freedom, chi squared is the square of a normal variable.
    return math.erfc(math.sqrt(chi2 / 2))


def _fair_coin_tail(most: int, n: int) -> Fraction:
    return Fraction(sum(_binomial_row(most, n)), 2**n)


def _binomial_row(most: int, n: int) -> Iterator[int]:
    coefficient = 1
    for k in range(most + 1):
        yield coefficient
        coefficient = coefficient * (n - k) // (k + 1)


def _binomial_cdf(most: int, n: int, p: float) -> float:
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(most + 1))


def _root_of_rising(function: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    # Each step halves the bracket; after 53 a float cannot tell its ends apart.
    for _ in range(53):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _root(value: Fraction) -> Decimal:
    return _CONTEXT.sqrt(_decimal(value))
