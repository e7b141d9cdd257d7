"""Text forms: how numbers, shares, money and days are written in a sentence; exact rounding, never a float."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from aipm_site.records.currency import decimals_of

Number = int | Decimal | Fraction

# A number and its unit are not torn apart at the end of a line.
SPACE = "\u00a0"
MINUS = "−"
# Written out, not taken from Babel: its import and first use cost 30 ms of every command for twelve words, its numbers
# are rounded half to even, and its tables change with its version, which would change the bytes of the same commit.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# As `date.weekday` counts them.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PROSE_DIGITS = 3
_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))

# Where the status changes its colour by an index (domain §3.6).
INDEX_LIMITS = (Fraction(90, 100), Fraction(95, 100), Fraction(1), Fraction(105, 100), Fraction(110, 100))
# ICD 203, Analytic Standards: the words of the first row and the shares below which they hold; the last has no end.
_LIKELIHOOD = (
    (Fraction(5, 100), "almost no chance"),
    (Fraction(20, 100), "very unlikely"),
    (Fraction(45, 100), "unlikely"),
    (Fraction(55, 100), "roughly even"),
    (Fraction(80, 100), "likely"),
    (Fraction(95, 100), "very likely"),
    (Fraction(2), "almost certain"),
)


def rounded(value: Number, decimals: int = 0) -> Fraction:
    """Return a number rounded half away from zero; negative `decimals` round to tens, hundreds and so on."""
    scale = Fraction(10) ** decimals
    scaled = abs(Fraction(value)) * scale
    # floor(x + 1/2) on the exact magnitude; round() would go half to even (2.5 to 2).
    magnitude = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (-magnitude if value < 0 else magnitude) / scale


def fixed(value: Number, decimals: int = 0, *, signed: bool = False) -> str:
    """Return a number with so many decimals, thousands separated, "−" for less than zero, and never "−0".

    Args:
        value: The number, unrounded.
        decimals: How many digits stand after the point.
        signed: Whether more than zero is written with "+", as for differences.
    """
    # Most of what is written is counted, and needs no fraction made of it.
    exact = value if isinstance(value, int) and decimals >= 0 else rounded(value, decimals)
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    whole_part, part = divmod(abs(exact) * 10**decimals, 10**decimals)
    return f"{sign}{whole_part:,}" + (f".{int(part):0{decimals}}" if decimals else "")


def whole(value: Number) -> str:
    """Return a whole number with its thousands separated: "10,000"."""
    return fixed(value)


def as_written(value: Number, *, most_decimals: int = 4, signed: bool = False) -> str:
    """Return a number with the decimals that it has, "0.3", at most so many where they do not end."""
    decimals = next((d for d in range(most_decimals) if rounded(value, d) == value), most_decimals)
    return fixed(value, decimals, signed=signed)


def percent(share: Number, decimals: int = 1, *, signed: bool = False) -> str:
    """Return a share of one as percent: 0.874 is "87.4 %"."""
    return f"{fixed(Fraction(share) * 100, decimals, signed=signed)}{SPACE}%"


def points(difference: Number, decimals: int = 1, *, signed: bool = False) -> str:
    """Return a difference of two shares in words: 0.01 is "1.0 percentage point"."""
    noun = "point" if abs(rounded(Fraction(difference) * 100, decimals)) == 1 else "points"
    return f"{fixed(Fraction(difference) * 100, decimals, signed=signed)}{SPACE}percentage{SPACE}{noun}"


def points_short(difference: Number, decimals: int = 1, *, signed: bool = True) -> str:
    """Return a difference of two shares for brackets and tables: −0.084 is "−8.4 pp"."""
    return f"{fixed(Fraction(difference) * 100, decimals, signed=signed)}{SPACE}pp"


def share_decimals(n: int) -> int:
    """Return how many decimals a percentage of `n` cases can bear: none below 1,000, where one case is over 0.1 %."""
    return 1 if n >= 1000 else 0


def money(amount: Number, currency: str) -> str:
    """Return an amount to three significant figures, for prose: "USD 1.28 million"."""
    short = _to_three_figures(amount, currency)
    size, word = next(((size, word) for size, word in _LARGE if abs(short) >= size), (1, ""))
    scaled = short / size
    decimals = max(0, PROSE_DIGITS - len(str(int(abs(scaled))))) if word else _cents(short, currency)
    return f"{currency}{SPACE}{fixed(scaled, decimals)}" + (f"{SPACE}{word}" if word else "")


def money_exact(amount: Number, currency: str) -> str:
    """Return an amount in full, for tables: "USD 1,275,676"."""
    return f"{currency}{SPACE}{fixed(amount, _cents(amount, currency))}"


def _to_three_figures(amount: Number, currency: str) -> Fraction:
    magnitude = len(str(int(abs(rounded(amount)))))
    # A price below a hundred keeps its cents: USD 12.34 reads as money, USD 12.3 does not.
    return rounded(amount, decimals_of(currency) if magnitude < PROSE_DIGITS else PROSE_DIGITS - magnitude)


def _cents(amount: Number, currency: str) -> int:
    return 0 if Fraction(amount).denominator == 1 else decimals_of(currency)


def index(value: Number) -> str:
    """Return an index, such as CPI, with two decimals; with more where two would put it on the other side of a limit.

    0.9468 is below 0.95 and is not written as 0.95.
    """
    return fixed(value, next((d for d in range(2, 6) if _on_same_side(rounded(value, d), value)), 6))


def _on_same_side(shown: Fraction, value: Number) -> bool:
    return all((shown < limit) == (value < limit) and (shown > limit) == (value > limit) for limit in INDEX_LIMITS)


def likelihood(chance: Number) -> str:
    """Return a chance in the words of ICD 203 with its number: 2/3 is "likely, 67 %"."""
    word = next(word for below, word in _LIKELIHOOD if chance < below)
    return f"{word}, {percent(chance, 0)}"


def day(when: date) -> str:
    """Return a day as people write it: "15 April 2026"."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def weekday_and_day(when: date) -> str:
    """Return a day on which people act, with its weekday: "Wednesday 15 April 2026"."""
    return f"{WEEKDAYS[when.weekday()]} {day(when)}"


def listed(items: Sequence[str], at_most: int | None = None) -> str:
    """Return words as a sentence lists them: "a, b and c", or the first of them: "a, b and 2 more"."""
    shown = list(items[:at_most])
    if len(items) > len(shown):
        shown.append(f"{len(items) - len(shown)} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its noun: "no risks", "1 risk", "3 risks"."""
    return f"{whole(count) if count else 'no'} {one if abs(count) == 1 else many}"


def days(count: int, words: tuple[str, str] = ("day", "days")) -> str:
    """Return a duration with its basis: "10 working days"; `words` are those of the calendar, one and many."""
    return f"{whole(count)} {words[0] if abs(count) == 1 else words[1]}"
