"""Findings: what one rule of the status found, how bad it is, and in which records; the words come later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from aipm_site.facts.figure import Source, sources_of
from aipm_site.facts.freshness import Freshness
from aipm_site.facts.numbers import day, days, listed
from aipm_site.project import Project
from aipm_site.records.record import Entry, Record

FindingStatus = Literal["green", "amber", "red", "not_reported"]

# A sentence names so many of the records that changed.
NAMED_AT_MOST = 3

_BADNESS: dict[FindingStatus, int] = {"green": 0, "not_reported": 1, "amber": 2, "red": 3}


class Finding(Struct, frozen=True):
    """What a rule found.

    Attributes:
        rule: Stable name of the rule; aipm_site/templates/reasons.yml holds its sentence.
        status: What the rule makes of its dimension; "not_reported" where an input is missing or stale.
        words: What fills the sentence, in text forms.
        sources: The records that the rule looked at.
        audience: Strictest label of those records.
    """

    rule: str
    status: FindingStatus
    words: dict[str, str]
    sources: tuple[Source, ...]
    audience: str


class Assessment(Struct, frozen=True):
    """What the records say about one dimension, before people judge it.

    Attributes:
        findings: All findings, those of the worst status first.
        audience: Strictest label of every record that was considered, whatever was found in it.
        as_of: The day that the oldest required input speaks for; None where none speaks.
        has_records: Whether the project has records that belong to the dimension.
    """

    findings: tuple[Finding, ...]
    audience: str
    as_of: date | None
    has_records: bool


def make_finding(
    project: Project, rule: str, status: FindingStatus, records: Iterable[Entry] = (), **words: str
) -> Finding:
    """Return a finding about some records; its label is the strictest of theirs."""
    found = tuple(records)
    audience = project.strictest(project.audience_of(record) for record in found)
    return Finding(rule, status, words, sources_of(found), audience)


def make_age_finding(project: Project, inputs: str, record: Record, age: Freshness, **words: str) -> Finding:
    """Return the finding about a record that does not speak: overtaken, or perhaps, too old, or not reviewed by then.

    What overtook it is a source too, so only those who may see that are told.

    Args:
        project: The project.
        inputs: What the record is to its dimension; the names of the rules begin with it.
        record: The record.
        age: How fresh it is.
        words: What else fills the sentence.
    """
    if age.is_overtaken:
        rule, said = f"{inputs}-overtaken", _overtaken_words(age)
    elif age.is_cut_off:
        rule, said = f"{inputs}-cut-off", {"reviewed": day(age.reviewed_on) if age.reviewed_on else ""}
    else:
        rule, said = age_rule(inputs, age), age_words(age)
    known = {"id": record.id, "title": record.title}
    changed = (project.records[change.record_id] for change in age.overtaken_by)
    return make_finding(project, rule, "not_reported", [record, *changed], **known, **words, **said)


def _overtaken_words(age: Freshness) -> dict[str, str]:
    named = [change.record_id for change in age.overtaken_by]
    # There is room for one day; the page of the record gives those of all.
    last = max(change.on for change in age.overtaken_by)
    reviewed = day(age.reviewed_on) if age.reviewed_on else ""
    return {"reviewed": reviewed, "changes": listed(named, NAMED_AT_MOST), "on": day(last)}


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in a total order: the worst first, then by rule and records."""
    return tuple(sorted(findings, key=lambda f: (-_BADNESS[f.status], f.rule, f.sources)))


def age_words(age: Freshness) -> dict[str, str]:
    """Return the words that a sentence about a stale or missing input needs."""
    if age.since is None:
        return {"limit": str(age.limit_days)} | ({"later": day(age.later)} if age.later else {})
    return {"since": day(age.since), "days": days(age.age_days or 0), "limit": str(age.limit_days)}


def age_rule(name: str, age: Freshness) -> str:
    """Return the rule that a record breaks which does not speak any more, or not yet: "risk-stale"."""
    if age.state == "stale":
        return f"{name}-stale"
    return f"{name}-reviewed-later" if age.later else f"{name}-never-reviewed"


def worst_status(findings: Iterable[Finding]) -> FindingStatus:
    """Return the worst status of some findings: red, amber, not reported, green; of none, not reported."""
    return max((finding.status for finding in findings), key=_BADNESS.__getitem__, default="not_reported")
