"""Local times: meetings and reminders at a time that clocks skip or show twice, and channels that nobody declared."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.facts.occurrence import taking_place, zone_of
from aipm_site.problems import Problem, did_you_mean, error, warning
from aipm_site.project import Project
from aipm_site.records.local_time import clock_change
from aipm_site.records.meeting import Meeting
from aipm_site.records.reminder import CHANNELS, Reminder

_TIMES = ("start", "end", "when")


def check_local_times(project: Project) -> Iterator[Problem]:
    """Yield what is wrong with the times of meetings and reminders, and with the channels of the latter."""
    for record in taking_place(project):
        yield from _check_clock(record, zone_of(record, project))
    known = project.charter.channels or {}
    for reminder in project.of(Reminder):
        if reminder.channel is not None and reminder.channel not in {*CHANNELS, *known}:
            message = f"there is no channel '{reminder.channel}'"
            near = did_you_mean(reminder.channel, [*CHANNELS, *known], "name it under 'channels' in project.yml")
            yield warning("unknown-channel", message, reminder.origin.place_of(("channel",)), near)


def _check_clock(record: Meeting | Reminder, tz: str) -> Iterator[Problem]:
    for name in _TIMES:
        local = getattr(record, name, None)
        change = None if local is None else clock_change(local, tz)
        if change is None:
            continue
        place, written = record.origin.place_of((name,)), f"{local:%Y-%m-%d %H:%M}"
        if change == "skipped":
            message = f"clocks in {tz} are put forward over {written}: there is no such time"
            yield error("skipped-time", message, place, "write the time that the clock shows an hour later")
        else:
            message = f"clocks in {tz} are put back over {written}: there are two such times, and the first is meant"
            yield warning("repeated-time", message, place, "choose another time, or let the zone be UTC")
