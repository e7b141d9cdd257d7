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


STRICT = {"project.yml": "id: PRJ-001\ntitle: A project\npages: strict\n"}
CITING = "---\nreviewed_on: {}\n---\nSee [[RSK-001]].\n"


@pytest.mark.parametrize("written", ["last spring", "2026-02-30", "[2026-04-01]", "{day: 2026-04-01}"])
def test_a_review_of_a_page_on_no_day_is_an_error_where_the_project_vouches_for_its_pages(written: str) -> None:
    files = {**STRICT, "wiki/a.md": CITING.format(written), "risks/a.yml": RISK}

    assert "wiki/a.md:2 not-a-date" in found(files)


def test_in_other_pages_it_is_a_warning_and_only_where_a_record_is_named() -> None:
    files = {"wiki/a.md": CITING.format("last spring"), "wiki/b.md": "---\nreviewed_on: soon\n---\nText\n"}

    warnings = found({**files, "risks/a.yml": RISK}, severity="warning")

    assert [line for line in warnings if line.endswith("not-a-date")] == ["wiki/a.md:2 not-a-date"]


def test_a_page_may_give_a_moment_for_a_day() -> None:
    page = "---\nreview_by: 2026-04-14T23:00-05:00\nreviewed_on: 2026-04-01T09:00Z\n---\nSee [[RSK-001]].\n"

    # 23:00 at an offset of five hours is 04:00 on the 15th in UTC, the project's zone: the day itself.
    assert [line for line in found({**STRICT, "wiki/a.md": page, "risks/a.yml": RISK}) if "wiki" in line] == []
    assert "wiki/a.md:2 review-overdue" not in found({"wiki/a.md": page, "risks/a.yml": RISK}, severity="warning")


def test_the_day_itself_has_not_passed() -> None:
    text = "id: ACT-001\ntitle: Ask\ndue: 2026-04-15\n"

    assert not [line for line in found({"actions/a.yml": text}, severity="warning") if line.endswith(" overdue")]


def test_what_is_closed_is_never_overdue() -> None:
    text = "id: ACT-001\ntitle: Ask\ndue: 2026-04-01\nstatus: done\ndone_on: 2026-04-02\n"

    assert not [line for line in found({"actions/a.yml": text}, severity="warning") if line.endswith(" overdue")]
