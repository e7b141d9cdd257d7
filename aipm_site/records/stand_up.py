"""Stand-ups: what each stream did, does next and is blocked by, and what was raised; never who was there."""

from __future__ import annotations

from typing import Annotated, Literal

from aipm_site.records.fields import IsoDate, Line, reference_to
from aipm_site.records.kind import Kind
from aipm_site.records.record import Part, Row, expected, needed, optional


class Stream(Part):
    """What one stream of work told."""

    stream: Literal["data_eng", "ml", "app", "compliance", "domain"] = needed("which stream")
    done: tuple[Line, ...] = optional("what was done since the last one", many=True)
    next: tuple[Line, ...] = optional("what comes next", many=True)
    blockers: tuple[Annotated[Line, reference_to(only_ids=True)], ...] = optional(
        "what is in the way: words, or ids of records", many=True
    )


class StandUp(Row):
    """The notes of one stand-up."""

    date: IsoDate = needed("the day")
    team: Line | None = expected("the team, such as core")
    streams: tuple[Stream, ...] = expected("what each stream told", many=True)
    risks_raised: tuple[Annotated[Line, reference_to("risk", "issue", only_ids=True)], ...] = optional(
        "risks and issues that were raised: ids, or words until there is a record", many=True
    )
    decisions: tuple[Annotated[Line, reference_to("decision", only_ids=True)], ...] = optional(
        "what was decided: ids, or words", many=True
    )
    actions: tuple[Annotated[Line, reference_to("action", only_ids=True)], ...] = optional(
        "what was taken on: ids, or words", many=True
    )


def row_key(row: StandUp) -> str:
    """Return the id of a stand-up that carries none: its day and team."""
    team = "-".join((row.team or "").split())
    return f"STU-{row.date.isoformat()}" + (f"-{team}" if team else "")


KIND = Kind(
    StandUp,
    name="stand-up",
    folder="stand-ups",
    prefix="STU",
    id_form="dated",
    plural="stand-ups",
    register="Stand-ups",
    columns=("id", "date", "team", "streams", "risks_raised", "decisions", "actions"),
    fresh_days=1,
    dated="date",
    row_key=row_key,
    order=lambda row: (-row.date.toordinal(), row.id),
)
