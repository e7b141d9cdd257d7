"""Definitions: what a word means in this project, who agreed to it, and from when on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from aipm_site.records.fields import IsoDate, Line, Prose, reference_to
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.record import Record, expected, optional


class Definition(Record):
    """A term that people and models must mean the same by."""

    term: Line | None = expected("the word or phrase")
    definition: Prose | None = expected("what it means, in a sentence")
    parameters: dict[Line, Line] | None = optional('the same for machines, such as lace_score: ">= 10"')
    agreed_by: tuple[Line, ...] = expected("roles that agreed to it", many=True)
    agreed_on: IsoDate | None = optional("the day on which they did")
    effective_from: IsoDate | None = expected("the day from which it holds")
    supersedes: Annotated[Line, reference_to("definition")] | None = optional("the definition that it replaces")
    used_by: tuple[Annotated[Line, reference_to(only_ids=True)], ...] = optional(
        "what relies on it: ids of records, or words", many=True
    )
    examples: tuple[Line, ...] = optional("cases that it covers, and cases that it does not", many=True)


def agreed_before_it_holds(definition: Definition) -> Iterable[Breach]:
    """Warn of a definition that holds from a day before anybody agreed to it."""
    agreed, effective = definition.agreed_on, definition.effective_from
    if agreed and effective and effective < agreed:
        message = f"effective_from {effective} is before agreed_on {agreed}"
        hint = "numbers of the days between were made by another definition"
        yield Breach("in-force-before-agreed", message, ("effective_from",), hint, "warning")


KIND = Kind(
    Definition,
    name="definition",
    folder="definitions",
    prefix="DEF",
    plural="definitions",
    register="Definitions",
    columns=("id", "title", "definition", "agreed_by", "effective_from", "owner"),
    # A definition holds until another one replaces it.
    is_over=lambda _: False,
    rules=(agreed_before_it_holds,),
    order=lambda definition: ((definition.term or definition.title).casefold(), definition.id),
)
