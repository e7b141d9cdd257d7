"""Quantities that several kinds use: money, durations, amounts of work."""

from __future__ import annotations

from typing import Literal

from aipm_site.records.fields import Currency, Number
from aipm_site.records.record import Part, needed, optional


class Money(Part):
    """An exact number with its currency."""

    short_field = "amount"

    amount: Number = needed("how much, as a plain number")
    currency: Currency | None = optional("ISO 4217 code; the project's currency where absent")


class Duration(Part):
    """A length of time with its basis, as ten working days are not ten days."""

    value: Number = needed("how many")
    unit: Literal["working_days", "calendar_days"] = needed("which days are counted")


class Work(Part):
    """An amount of work."""

    value: Number = needed("how much")
    unit: Literal["points", "items", "hours"] = needed("what is counted; never mixed within a project's sprints")
