"""Reminders: what somebody shall think of at a time, once or again and again, and where that is said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from aipm_site.records.fields import Line, Prose, TimeZone, reference_to
from aipm_site.records.kind import Breach, Expectation, Gives, Kind
from aipm_site.records.local_time import LocalTime
from aipm_site.records.record import Record, expected, optional
from aipm_site.records.recurrence import Recurrence, occurrences

# Other words name a channel of the project.
CHANNELS = ("ics", "slack", "email")


class Reminder(Record):
    """An entry of the calendar that reminds somebody of something."""

    when: LocalTime | None = expected("when it is, the first time if it recurs, as the clock shows it")
    tz: TimeZone | None = optional("the zone of that clock; the project's where absent")
    what: Prose | None = expected("what it reminds of, in one clause")
    for_: tuple[Line, ...] = optional("roles that it is for", many=True, alias="for")
    channel: Line | None = expected("where it is said: ics, slack, email, or a name of 'channels' in project.yml")
    recurrence: Recurrence | None = optional("how it comes again, such as FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    related: tuple[Annotated[Line, reference_to()], ...] = optional("ids of records that it is about", many=True)


def recurrence_begins_at_its_start(reminder: Reminder) -> Iterable[Breach]:
    """Find a recurrence that does not begin when it says; RFC 5545 §3.8.5.3 leaves open what a calendar shows then."""
    if reminder.recurrence is None or reminder.when is None:
        return
    # Of the clock alone: which moment that is, the zone says.
    first = next(occurrences(reminder.recurrence, reminder.when, "UTC"), None)
    if first is None or first.replace(tzinfo=None) != reminder.when:
        when = f"{reminder.when:%Y-%m-%d %H:%M}"
        hint = f"the first time by the rule is {first:%Y-%m-%d %H:%M}" if first else "let UNTIL lie after 'when'"
        yield Breach("recurrence-misses-start", f"when {when} is no day of the recurrence", ("when",), hint)


KIND = Kind(
    Reminder,
    name="reminder",
    folder="reminders",
    prefix="EVT",
    id_form="dated",
    plural="reminders",
    register="Reminders",
    columns=("id", "title", "when", "recurrence", "channel", "owner"),
    rules=(recurrence_begins_at_its_start,),
    expectations=(
        Expectation(("when",), when=Gives("recurrence"), because="what recurs has a first time", level="needed"),
    ),
    order=lambda reminder: (reminder.when is None, reminder.when, reminder.id),
)
