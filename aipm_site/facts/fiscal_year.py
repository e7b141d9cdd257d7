"""Fiscal years: which one a day belongs to, named by the calendar year in which it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

JANUARY = 1


class FiscalYear(Struct, frozen=True, order=True):
    """A fiscal year of twelve whole months.

    Attributes:
        number: The calendar year in which it ends, by which it is named (domain §5, T-23).
        start: Its first day.
        end: The first day after it.
    """

    number: int
    start: date
    end: date

    @property
    def name(self) -> str:
        """Its name in the names of figures: "FY2026"."""
        return f"FY{self.number}"

    @property
    def text(self) -> str:
        """Its name in a sentence: "fiscal 2026"."""
        return f"fiscal {self.number}"


def fiscal_year_of(day: date, first_month: int) -> FiscalYear:
    """Return the fiscal year that a day belongs to.

    Args:
        day: The day.
        first_month: The month in which fiscal years begin, 1 to 12.
    """
    begins = day.year if day.month >= first_month else day.year - 1
    number = begins if first_month == JANUARY else begins + 1
    return FiscalYear(number, date(begins, first_month, 1), date(begins + 1, first_month, 1))


def fiscal_years(first: date, last: date, first_month: int) -> Iterator[FiscalYear]:
    """Yield the fiscal years from that of the first day to that of the last, in order."""
    day = first
    while day <= last:
        year = fiscal_year_of(day, first_month)
        yield year
        day = year.end
