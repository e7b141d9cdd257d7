"""Times that no clock shows or that it shows twice, channels that nobody named, and one-on-ones."""

from __future__ import annotations

import pytest

from tests.snapshots import found

CHICAGO = "id: PRJ-001\ntitle: P\ntz: America/Chicago\nchannels: {'#core': the team}\n"
MEETING = "id: MTG-001\ntitle: M\n"
REMINDER = "id: EVT-2026-03-08-a\ntitle: R\n"


def problems(charter: str, path: str, text: str) -> list[str]:
    files = {"project.yml": charter, path: text}
    about = (*found(files), *found(files, severity="warning"))
    return [line for line in about if line.startswith(path) and "fields-not-given" not in line]


def test_a_time_that_clocks_skip_is_an_error_at_its_place() -> None:
    # 8 March 2026, 02:00 to 03:00 in Chicago.
    text = MEETING + "start: 2026-03-08T02:30\nend: 2026-03-08T03:30\n"

    assert problems(CHICAGO, "meetings/a.yml", text) == ["meetings/a.yml:3 skipped-time"]


def test_a_time_that_clocks_show_twice_is_a_warning() -> None:
    # 1 November 2026, 01:00 to 02:00 in Chicago.
    text = REMINDER + "when: 2026-11-01T01:30\n"

    assert problems(CHICAGO, "reminders/a.yml", text) == ["reminders/a.yml:3 repeated-time"]


def test_the_zone_of_the_record_counts_before_that_of_the_project() -> None:
    text = REMINDER + "when: 2026-03-08T02:30\ntz: Europe/Berlin\n"

    assert problems(CHICAGO, "reminders/a.yml", text) == []


@pytest.mark.parametrize(
    ("channel", "said"),
    [("ics", False), ("slack", False), ("email", False), ("'#core'", False), ("'#cores'", True), ("Slack", True)],
)
def test_a_channel_is_one_that_there_is(channel: str, said: bool) -> None:
    text = REMINDER + f"channel: {channel}\n"

    assert problems(CHICAGO, "reminders/a.yml", text) == (["reminders/a.yml:3 unknown-channel"] if said else [])


@pytest.mark.parametrize(
    "path",
    [
        "people/one-on-ones/notes.md",
        "one_on_one/2026-04.yml",
        "O2O/a.csv",
        "wiki/1-on-1s/ana.md",
        "wiki/o2o-ana.yml",
        "meetings/one-on-one.yml",
    ],
)
def test_files_of_one_on_ones_are_refused_wherever_they_lie(path: str) -> None:
    text = MEETING if path.startswith("meetings/") else "said: yes\n"

    assert f"{path}:0 one-on-one" in found({"project.yml": CHICAGO, path: text})


@pytest.mark.parametrize(
    "path", ["wiki/one-on-onerous/a.md", "wiki/1-1/a.md", "wiki/how-we-hold-one-on-ones.md", "wiki/one-on-ones.md"]
)
def test_a_page_about_them_and_names_that_are_only_near_are_none(path: str) -> None:
    assert found({"project.yml": CHICAGO, path: "Said.\n"}) == []


def test_a_site_without_a_project_is_left_alone() -> None:
    assert found({"handbook/one-on-ones/how.md": "We talk.\n"}) == []


def test_a_kind_that_is_declared_for_them_is_refused() -> None:
    kind = (
        "description: talks\nfolder: one-on-ones\nprefix: OOO\nfields: [{name: mood, type: line, description: mood}]\n"
    )

    assert "kinds/talk.yml:1 one-on-one" in found({"project.yml": CHICAGO, "kinds/talk.yml": kind})
