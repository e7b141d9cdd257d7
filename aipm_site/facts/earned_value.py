"""Earned value: what four sums of one day say of cost and schedule; each measure is exact, or says why it is none."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

Measure = Fraction | str
"""A value, or the reason why there is none."""

# PMI on the reports of the US Department of Defense: CPI is stable from 15 % complete on (domain §3.1).
STABLE_FROM = Fraction(15, 100)

_NO_PLAN = "not yet measurable: nothing was planned to be done by then"
_NO_COST = "not yet measurable: actual cost is not above zero"
_NOTHING_EARNED = "not yet measurable: nothing is earned yet"
_NOTHING_LEFT = "all work is earned, so nothing is left to do"
_EXHAUSTED = "the budget is exhausted"
_NO_ESTIMATE = "no estimate to complete is recorded"


class EarnedValue(Struct, frozen=True):
    """The four sums of earned value at one day, in one currency (PMI's practice standard; domain §3.1).

    Attributes:
        bac: Budget at completion: all that is planned, without management reserve.
        pv: Planned value (BCWS): the budget of the work that was to be done by then.
        ev: Earned value (BCWP): the budget of the work that was done by then.
        ac: Actual cost (ACWP): what was spent for it by then, accruals included.
        new_etc: What the rest is newly estimated to cost from then on, bottom up.
    """

    bac: Measure
    pv: Measure
    ev: Measure
    ac: Measure
    new_etc: Measure = _NO_ESTIMATE

    @property
    def sv(self) -> Measure:
        """Schedule variance, EV − PV: positive is good."""
        return _difference(self.ev, self.pv)

    @property
    def cv(self) -> Measure:
        """Cost variance, EV − AC: positive is good."""
        return _difference(self.ev, self.ac)

    @property
    def sv_share(self) -> Measure:
        """Schedule variance as a share of PV."""
        return _ratio(self.sv, self.pv, _NO_PLAN)

    @property
    def cv_share(self) -> Measure:
        """Cost variance as a share of EV."""
        return _ratio(self.cv, self.ev, _NOTHING_EARNED)

    @property
    def spi(self) -> Measure:
        """Schedule performance index, EV ÷ PV; it goes to 1 at the end however late that is."""
        return _ratio(self.ev, self.pv, _NO_PLAN)

    @property
    def cpi(self) -> Measure:
        """Cost performance index, EV ÷ AC."""
        return _ratio(self.ev, self.ac, _NO_COST)

    @property
    def complete(self) -> Measure:
        """Share of all work that is earned, EV ÷ BAC."""
        return _ratio(self.ev, self.bac, "no budget is planned")

    @property
    def eac(self) -> Measure:
        """Estimate at completion where the variances continue, BAC ÷ CPI."""
        return _ratio(self.bac, self.cpi, _NOTHING_EARNED)

    @property
    def eac_atypical(self) -> Measure:
        """Estimate at completion where the variances do not come again, AC + (BAC − EV)."""
        return _sum(self.ac, _difference(self.bac, self.ev))

    @property
    def eac_composite(self) -> Measure:
        """Estimate at completion under pressure of cost and schedule, AC + (BAC − EV) ÷ (CPI × SPI)."""
        rest = _difference(self.bac, self.ev)
        return _sum(self.ac, _ratio(_ratio(rest, self.cpi, _NOTHING_EARNED), self.spi, _NOTHING_EARNED))

    @property
    def eac_bottom_up(self) -> Measure:
        """Estimate at completion where the plan holds no more, AC + new ETC."""
        return _sum(self.ac, self.new_etc)

    @property
    def etc(self) -> Measure:
        """Estimate to complete, EAC − AC."""
        return _difference(self.eac, self.ac)

    @property
    def vac(self) -> Measure:
        """Variance at completion, BAC − EAC: positive is good."""
        return _difference(self.bac, self.eac)

    @property
    def vac_share(self) -> Measure:
        """Variance at completion as a share of BAC; equal to 1 − 1 ÷ CPI."""
        return _ratio(self.vac, self.bac, "no budget is planned")

    @property
    def tcpi_bac(self) -> Measure:
        """Cost performance that the rest of the work needs to keep the budget, (BAC − EV) ÷ (BAC − AC)."""
        return self._to_complete(self.bac, _EXHAUSTED)

    @property
    def tcpi_eac(self) -> Measure:
        """Cost performance that the rest of the work needs to keep the estimate; equal to CPI for EAC = BAC ÷ CPI."""
        return self._to_complete(self.eac, "the estimate at completion is exhausted")

    def _to_complete(self, limit: Measure, exhausted: str) -> Measure:
        left = _difference(self.bac, self.ev)
        if isinstance(left, Fraction) and left <= 0:
            return _NOTHING_LEFT
        return _ratio(left, _difference(limit, self.ac), exhausted)

    @property
    def eac_range(self) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest of the estimates at completion; GAO asks for a range, not for one of them."""
        forms = (self.eac, self.eac_atypical, self.eac_composite, self.eac_bottom_up)
        known = [form for form in forms if isinstance(form, Fraction)]
        return (min(known), max(known)) if known else None

    @property
    def is_early(self) -> bool:
        """Whether less than 15 % is done, so that the indices are not stable yet."""
        return isinstance(self.complete, Fraction) and self.complete < STABLE_FROM

    @property
    def is_exhausted(self) -> bool:
        """Whether the budget is spent and work is left, as far as one knows."""
        if not (isinstance(self.bac, Fraction) and isinstance(self.ac, Fraction)):
            return False
        is_done = isinstance(self.ev, Fraction) and self.ev >= self.bac
        return self.ac >= self.bac and not is_done


def _sum(one: Measure, other: Measure) -> Measure:
    if isinstance(one, str):
        return one
    return other if isinstance(other, str) else one + other


def _difference(one: Measure, other: Measure) -> Measure:
    if isinstance(one, str):
        return one
    return other if isinstance(other, str) else one - other


def _ratio(over: Measure, under: Measure, why_none: str) -> Measure:
    """Return a quotient; `why_none` where the divisor is not above zero: the result would mean nothing."""
    if isinstance(over, str):
        return over
    if isinstance(under, str):
        return under
    return over / under if under > 0 else why_none
