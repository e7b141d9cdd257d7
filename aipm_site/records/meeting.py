"""Meetings: when which roles come together, what for, and what came of it; never what was said in a one-on-one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from aipm_site.records.fields import Line, Prose, TimeZone, YesNo, reference_to, refuse
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.local_time import LocalTime
from aipm_site.records.record import Record, expected, optional

_ONE_ON_ONES = frozenset({"one_on_one", "one-on-one", "one on one", "1:1", "1-1", "o2o"})


def _refuse_one_on_ones(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() in _ONE_ON_ONES:
        message = "one-on-ones are not recorded: what stands in git stays in its history, in forks, logs and indexes"
        raise refuse("one-on-one", message, "take the file out; what work came of it is a task or an action")
    return value


MeetingType = Annotated[
    Literal[
        "standup",
        "huddle",
        "sprint_review",
        "client_review",
        "steering",
        "board",
        "vendor_check_in",
        "compliance",
        "retro",
        "decision",
    ],
    BeforeValidator(_refuse_one_on_ones),
]


class Meeting(Record):
    """A meeting, ahead or held."""

    start: LocalTime | None = expected("when it begins, as the clock shows it")
    end: LocalTime | None = expected("when it ends, by the same clock")
    tz: TimeZone | None = optional("the zone of that clock; the project's where absent")
    type: MeetingType | None = expected("what sort of meeting it is")
    external: YesNo | None = optional("whether people of other organisations take part")
    attendees: tuple[Annotated[Line, reference_to("person", only_ids=True)], ...] = expected(
        "roles that take part, never names", many=True
    )
    agenda: tuple[Line, ...] = optional("what is talked about", many=True)
    notes: Prose | None = optional("what came of it")
    decisions: tuple[Annotated[Line, reference_to("decision", only_ids=True)], ...] = optional(
        "what was decided or is to be: ids, or words", many=True
    )
    actions: tuple[Annotated[Line, reference_to("action", only_ids=True)], ...] = optional(
        "what was taken on: ids, or words", many=True
    )

    @property
    def has_minutes(self) -> bool:
        """Whether it says what came of it, so that it was held."""
        return bool(self.notes or self.decisions or self.actions)


def ends_after_start(meeting: Meeting) -> Iterable[Breach]:
    """Find a meeting that is over before it has begun."""
    if meeting.start and meeting.end and meeting.end <= meeting.start:
        message = f"end {meeting.end:%Y-%m-%d %H:%M} is not after start {meeting.start:%Y-%m-%d %H:%M}"
        yield Breach("wrong-order", message, ("end",), "write when it ends, by the same clock as the start")


KIND = Kind(
    Meeting,
    name="meeting",
    folder="meetings",
    prefix="MTG",
    plural="meetings",
    register="Meetings",
    columns=("id", "title", "start", "end", "type", "attendees", "owner"),
    rules=(ends_after_start,),
    is_over=lambda meeting: meeting.has_minutes,
    # The newest first; those without a time last.
    order=lambda meeting: (
        (1, 0, 0, meeting.id)
        if meeting.start is None
        else (0, -meeting.start.toordinal(), -(meeting.start.hour * 60 + meeting.start.minute), meeting.id)
    ),
)
