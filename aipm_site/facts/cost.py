"""Cost: what is known of a project's money, and what it makes of the status."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct

from aipm_site.facts.earned_value import EarnedValue
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.numbers import money


class PeriodValue(Struct, frozen=True):
    """The sums at the end of one period: a point of the cost chart.

    Attributes:
        day: The last day of the period.
        pv: Planned value up to then.
        ev: Earned value up to then; None after the cut-off, and where nobody says.
        ac: Actual cost up to then; None where it is not known.
    """

    day: date
    pv: Fraction
    ev: Fraction | None
    ac: Fraction | None

    @property
    def sv(self) -> Fraction | None:
        """Schedule variance, EV − PV (domain §3.1)."""
        return None if self.ev is None else self.ev - self.pv

    @property
    def cv(self) -> Fraction | None:
        """Cost variance, EV − AC (domain §3.1)."""
        return None if self.ev is None or self.ac is None else self.ev - self.ac

    @property
    def spi(self) -> Fraction | None:
        """Schedule performance index, EV ÷ PV; None where nothing was planned by then."""
        return None if self.ev is None or not self.pv else self.ev / self.pv

    @property
    def cpi(self) -> Fraction | None:
        """Cost performance index, EV ÷ AC; None where nothing was spent by then."""
        return None if self.ev is None or not self.ac else self.ev / self.ac


class CostState(Struct, frozen=True):
    """What is known of a project's money.

    Attributes:
        currency: ISO 4217 code of all amounts; empty where several are in use, so that nothing is added.
        cut_off: The last day for which cost and earned value are both given and closed; None without any.
        costed_to: The last day for which cost is given and closed; None without any.
        values: The sums and measures at the cut-off, else at `costed_to`; each may be the reason why it is not known.
        spent: Actual cost up to `costed_to`; None where it is not known.
        series: The sums period by period, for a chart.
        is_declared: Whether somebody declares the earned value, of one account at least, instead of tasks earning it.
        audience: Strictest label of all records that were looked at.
    """

    currency: str
    cut_off: date | None
    costed_to: date | None
    values: EarnedValue
    spent: Fraction | None
    series: tuple[PeriodValue, ...]
    is_declared: bool
    audience: str

    @property
    def eac_range(self) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest of the estimates at completion; None where none is known."""
        return self.values.eac_range

    @property
    def eac_range_text(self) -> str:
        """The range in words, "USD 1.23 million to USD 1.30 million"; empty where no estimate is known."""
        if self.eac_range is None:
            return ""
        texts = [money(value, self.currency) for value in self.eac_range]
        return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def cost_state(ledger: Ledger) -> CostState | None:
    """Return what is known of the money; None where neither a budget nor a cost is recorded."""
    if not ledger.accounts and not ledger.costs:
        return None
    closed, is_one = ledger.closed_days, len(ledger.currencies) == 1
    return CostState(
        currency=ledger.currencies[0] if is_one else "",
        cut_off=ledger.cut_off if is_one else None,
        costed_to=closed[-1] if closed else None,
        values=ledger.at(ledger.status_day),
        spent=ledger.spent.at(closed[-1]) if closed and is_one else None,
        series=_series(ledger) if is_one else (),
        is_declared=any(account.line.earned for account in ledger.accounts),
        audience=ledger.audience,
    )


def _series(ledger: Ledger) -> tuple[PeriodValue, ...]:
    days = {day for day, _ in ledger.plan.points()} | set(ledger.closed_days)
    planned = ((day, ledger.plan.at(day)) for day in sorted(days))
    return tuple(_point(ledger, day, value) for day, value in planned if value is not None)


def _point(ledger: Ledger, day: date, planned: Fraction) -> PeriodValue:
    earned = ledger.earned_by(day) if day in ledger.compared_days else ""
    spent = ledger.spent.at(day) if day in ledger.closed_days else None
    return PeriodValue(day, planned, earned if isinstance(earned, Fraction) else None, spent)
