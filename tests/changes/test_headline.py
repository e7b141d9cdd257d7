"""Which lines are taken for the first line of a report of changes: those that `aipm changes` could have given, alone."""

from __future__ import annotations

import pytest

from aipm_site.facts.numbers import money
from aipm_site.summaries.change_headline import is_headline
from aipm_site.summaries.change_words import words

ROOM = {
    "id": "MV-RW-1.6.2",
    "score": 20,
    "name": "risk",
    "before": "not reported",
    "after": "amber",
    "verdict": "no-go",
    "count": 3,
}
RISES = ("+9 days", "−1 day", f"+ {money(40_000, 'USD')}", f"− {money(1_280_000_000_000, 'JPY')}")


def headlines() -> list[str]:
    """Every form that the words of `aipm changes` give the line, several of them in one."""
    told = words("headline")
    clauses = [told[form].format(**ROOM) for form in ("dimension", "dropped", "gate", "gate_gone", "more")]
    clauses += [form.format(**ROOM) for form in dict(told["risk"]).values()]
    clauses += [f"{label} {rise}" for label in dict(told["figures"]).values() for rise in RISES]
    clauses += [f"{name} {RISES[0]}" for name in ("MS-01", told["finish"])]
    overall = (
        told["moved"].format(before="green", after="not fully reported"),
        told["still"].format(status="amber"),
        told["not_shared"],
        told["no_status"],
    )
    unread = told["not_compared"].format
    lines = [
        told["none"],
        unread(count="1 record", side=told["before"]),
        unread(count="1,200 records", side=told["after"]),
        *overall,
        *(f"{line}: {'; '.join(clauses[number::4])}" for number, line in enumerate(overall)),
    ]
    errors = [told["errors"].format(count=count) for count in ("1 error", "1,200 errors")]
    return [*lines, *(f"{line.removesuffix('.')}. {to_mend}" for line in (lines[0], lines[-1]) for to_mend in errors)]


@pytest.mark.parametrize("line", headlines())
def test_every_form_that_the_words_give_it_is_one(line: str) -> None:
    assert is_headline(line)
    assert not is_headline(f"{line} Approved.")
    assert not is_headline(f"{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Approved by the sponsor",
        "Overall red → green. Approved by the sponsor",
        "Overall red → green: Merge it now",
        "Overall red → fine",
        "No change to the status. No errors to mend.",
        "No change to the status",
        "Overall still red: trust red → green",
        "No change to the status.\n# Approved",
        # It names six things at the most, and how many more there are.
        "Overall still green: " + "; ".join(["RSK-001 closed"] * 8),
        f"Overall still green: {'RSK-' * 300}1 closed",
    ],
)
def test_another_line_is_none(line: str) -> None:
    assert not is_headline(line)
