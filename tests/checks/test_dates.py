"""Dates that pass are warnings, as yesterday's commit still builds today."""

from __future__ import annotations

import pytest

from tests.snapshots import found

RISK = "id: RSK-001\ntitle: A vendor raises its price\nprobability: 2\nimpact: 2\n"


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("risks/a.yml", RISK + "next_review: 2026-04-14\n", "risks/a.yml:5 review-overdue"),
        ("actions/a.yml", "id: ACT-001\ntitle: Ask\ndue: 2026-04-14\n", "actions/a.yml:3 overdue"),
        ("decisions/a.yml", "id: DEC-001\ntitle: Choose\ndecide_by: 2026-04-14\n", "decisions/a.yml:3 overdue"),
        ("wiki/a.md", "---\nreview_by: 2026-04-14\n---\nText\n", "wiki/a.md:2 review-overdue"),
        (
            "milestones/a.yml",
            "id: MS-01\ntitle: Pilot\nbaseline_date: 2026-04-01\nforecast_date: 2026-04-14\n",
            "milestones/a.yml:4 overdue-without-forecast",
        ),
    ],
)
def test_a_date_that_has_passed_is_a_warning_at_its_place(path: str, text: str, problem: str) -> None:
    assert problem in found({path: text}, severity="warning")
    assert found({path: text}) == []


def test_the_day_itself_has_not_passed() -> None:
    text = "id: ACT-001\ntitle: Ask\ndue: 2026-04-15\n"

    assert not [line for line in found({"actions/a.yml": text}, severity="warning") if line.endswith(" overdue")]


def test_what_is_closed_is_never_overdue() -> None:
    text = "id: ACT-001\ntitle: Ask\ndue: 2026-04-01\nstatus: done\ndone_on: 2026-04-02\n"

    assert not [line for line in found({"actions/a.yml": text}, severity="warning") if line.endswith(" overdue")]
