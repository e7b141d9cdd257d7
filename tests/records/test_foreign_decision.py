"""Decision records in forms of others as ours: issue 3, sentence 3, half by half."""

from __future__ import annotations

import pytest

from aipm_site.project import Project
from aipm_site.records.decision import Decision
from aipm_site.records.foreign_decision import known_status
from tests.snapshots import found, project_of

CHARTER = "id: PRJ-001\ntitle: Events\n"


def nygard(status: str = "Accepted", date: str = "2026-03-02", title: str = "Use X", more: str = "") -> str:
    return f"# {title}\n\nDate: {date}\n\n## Status\n\n{status}\n\n## Context\n\nC.\n\n## Decision\n\nD.\n{more}"


def madr(front: str = "", outcome: str = "X") -> str:
    chosen = f"Chosen option: {outcome}\n" if outcome else ""
    head = f"---\n{front}---\n" if front else ""
    return f"{head}# Use X\n\n## Context and Problem Statement\n\nC.\n\n## Decision Outcome\n\n{chosen}"


def only(files: dict[str, str]) -> Decision:
    project = project_of(files)[0]
    (decision,) = project.of(Decision)
    return decision


def decision(project: Project, record_id: str) -> Decision:
    record = project.get(record_id)
    assert isinstance(record, Decision)
    return record


def information(files: dict[str, str]) -> list[str]:
    assert found(files) == []
    return found(files, severity="information")


@pytest.mark.parametrize(
    ("path", "record_id"),
    [
        ("decisions/012-use-x.md", "DEC-012"),
        ("decisions/0012-use-x.md", "DEC-0012"),
        ("raid/decisions/backend/0012-use-x.md", "DEC-0012"),
    ],
)
def test_an_id_is_the_number_as_the_file_writes_it(path, record_id):
    assert only({path: nygard()}).id == record_id
    assert found({path: nygard()}) == []


def test_the_same_text_elsewhere_is_a_page():
    project = project_of({"wiki/0012-use-x.md": nygard(), "risks/0012-use-x.md": nygard()})[0]

    assert project.of(Decision) == ()
    assert len(project.pages) == 2


def test_a_file_with_an_id_is_ours_and_its_rules_are_strict():
    assert found({"decisions/0012-use-x.md": f"---\nid: DEC-0012\ntitle: X\ndate: 02/03/2026\n---\n{nygard()}"}) == [
        "decisions/0012-use-x.md:4 not-a-date"
    ]


def test_folders_that_each_count_from_one_are_told_apart_by_prefixes():
    settings = f"{CHARTER}decisions: {{prefixes: {{decisions/backend: BE, decisions: ADR}}}}\n"
    same = {"decisions/0001-x.md": nygard(), "decisions/backend/0001-y.md": nygard(title="Use Y")}

    assert found(same) == ["decisions/backend/0001-y.md:1 duplicate-id"]
    project, _, problems = project_of({"project.yml": settings, **same})
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert [record.id for record in project.of(Decision)] == ["ADR-0001", "BE-0001"]


def test_an_id_with_another_prefix_is_an_id_of_a_decision_everywhere():
    settings = f"{CHARTER}decisions: {{prefixes: {{decisions: ADR}}}}\n"
    risk = (
        "id: RSK-001\ntitle: See [[ADR-0001]]\nprobability: 2\nimpact: 2\nsummary: See [[ADR-0001]], not [[ADR-0002]]\n"
    )
    own = "id: ADR-0003\ntitle: Ours\nlinks: [{rel: relates_to, id: ADR-0001}]\n"
    files = {"project.yml": settings, "decisions/0001-x.md": nygard(), "risks/a.yml": risk, "wiki/b.yml": own}

    project = project_of(files)[0]

    assert found(files) == ["risks/a.yml:5 unknown-reference"]
    assert [record.id for record in project.of(Decision)] == ["ADR-0001", "ADR-0003"]
    assert [link.record_id for link in project.backlinks("ADR-0001")] == ["ADR-0003"]


def test_a_prefix_of_another_kind_is_refused_and_one_without_effect_is_named():
    settings = f"{CHARTER}decisions:\n  prefixes:\n    decisions: RSK\n    decision: ADR\n"
    files = {"project.yml": settings, "decisions/0001-x.md": nygard()}

    assert "project.yml:5 prefix-taken" in found(files)
    assert "project.yml:6 prefix-without-effect" in found(files, severity="warning")


def test_a_date_that_is_not_iso_is_kept_as_written_and_used_for_nothing():
    files = {"decisions/0012-x.md": nygard(date="05/02/2018")}

    record = only(files)

    assert record.date is None
    assert record.foreign is not None
    assert record.foreign.texts["date"] == "05/02/2018"
    assert information(files) == ["decisions/0012-x.md:3 date-not-read"]


@pytest.mark.parametrize(
    ("setting", "written", "day"),
    [
        ('"%d/%m/%Y"', "05/02/2018", "2018-02-05"),
        ('"%m/%d/%Y"', "05/02/2018", "2018-05-02"),
        ('["%d/%m/%Y", "%d/%m/%y"]', "10/04/18", "2018-04-10"),
        ('"%d %B %Y"', "5 February 2018", "2018-02-05"),
        ('"%d/%m/%Y"', "2018-02-05", "2018-02-05"),
    ],
)
def test_the_setting_says_how_dates_are_read_and_an_iso_date_needs_none(setting, written, day):
    files = {
        "project.yml": f"{CHARTER}decisions: {{date_format: {setting}}}\n",
        "decisions/0012-x.md": nygard(date=written),
    }

    assert str(only(files).date) == day
    assert information(files) == []


def test_a_date_that_no_form_fits_is_not_read():
    files = {
        "project.yml": f'{CHARTER}decisions: {{date_format: "%d/%m/%Y"}}\n',
        "decisions/0011-x.md": nygard(date="10/04/18"),
        "decisions/0012-x.md": nygard(date="2026-02-30"),
        "decisions/0013-x.md": nygard(date="31/02/2026"),
    }

    assert information(files) == [f"decisions/00{number}-x.md:3 date-not-read" for number in (11, 12, 13)]


def test_an_iso_moment_is_its_day():
    assert str(only({"decisions/0012-x.md": madr("date: 2026-03-02 10:00:00 +0100\n")}).date) == "2026-03-02"


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("✅ Accepted", "accepted"),
        ("🤔 Proposed", "proposed"),
        ("❌ Rejected (see 019)", "rejected"),
        ("✔️ ACCEPTED", "accepted"),
        (":white_check_mark: Accepted", "accepted"),
        ("accepted ✅", "accepted"),
        ("Accepted on 2026-03-02", "accepted"),
        ("Deprecated.", "deprecated"),
        ("Superceded by ADR 5", "superseded"),
        ("~~Accepted~~ Rejected", "rejected"),
        ("on hold", None),
        ("Not accepted", None),
        ("proposed → accepted", None),
        ("{proposed | rejected | accepted}", None),
        ("accepted | rejected", None),
        ("acceptedly", None),
        ("✅", None),
        ("", None),
    ],
)
def test_a_status_is_matched_without_emoji_and_case(written, status):
    assert known_status(written) == status


def test_a_status_that_we_do_not_know_counts_as_open():
    files = {"decisions/0003-x.md": madr("status: on hold\ndate: 2026-03-02\n")}
    project, facts, _ = project_of(files)
    record = decision(project, "DEC-0003")

    assert information(files) == ["decisions/0003-x.md:2 unknown-status"]
    assert project.kinds.of(record).is_open(record)
    assert [needed.record_id for needed in facts.decisions_needed] == ["DEC-0003"]
    assert record.foreign is not None
    assert record.foreign.texts["status"] == "on hold"


def test_a_record_without_a_status_is_decided_where_it_names_its_choice():
    files = {"decisions/0001-x.md": madr(), "decisions/0002-x.md": madr(outcome="")}
    project, facts, _ = project_of(files)

    assert [needed.record_id for needed in facts.decisions_needed] == ["DEC-0002"]
    assert [(record.id, record.status) for record in project.of(Decision)] == [
        ("DEC-0001", "accepted"),
        ("DEC-0002", "proposed"),
    ]
    assert information(files) == ["decisions/0001-x.md:1 status-not-given", "decisions/0002-x.md:1 status-not-given"]


def test_other_keys_are_ignored_in_one_line():
    files = {"decisions/0001-x.md": madr("status: accepted\nparent: Decisions\nnav_order: 1\n")}

    (problem,) = [p for p in project_of(files)[2] if p.severity == "information"]

    assert (problem.code, problem.place.line) == ("ignored-keys", 3)
    assert "parent, nav_order" in problem.message


def test_broken_front_matter_is_an_error_and_the_record_is_left_out():
    for broken in ("status: &a x\n", "status: a\nstatus: b\n", "- a\n"):
        files = {"decisions/0001-x.md": f"---\n{broken}---\n{nygard()}", "wiki/a.md": "# A\n"}

        assert found(files) != []
        project = project_of(files)[0]
        assert (project.of(Decision), [page.path for page in project.pages]) == ((), ["content/wiki/a.md"])
    assert found({"decisions/0001-x.md": f"---\nstatus: x\n{nygard()}"}) == [
        "decisions/0001-x.md:1 front-matter-unclosed"
    ]


def test_an_unfinished_merge_is_an_error():
    merged = nygard().replace("C.", "<<<<<<< a\nC.\n=======\nE.\n>>>>>>> b")

    assert found({"decisions/0001-x.md": merged})[0].endswith("conflict-markers")
    assert project_of({"decisions/0001-x.md": merged})[0].pages == ()


def test_an_unknown_label_is_an_error_and_hides():
    files = {"project.yml": CHARTER, "decisions/0001-x.md": f"---\naudience: intrenal\n---\n{nygard()}"}

    assert found(files) == ["decisions/0001-x.md:2 unknown-audience"]
    assert project_of(files)[0].visible_to("internal").of(Decision) == ()


def test_two_spellings_of_a_label_are_an_error():
    two = f"---\naudience: public\nAudience: restricted\n---\n{nygard()}"

    assert found({"decisions/0001-x.md": two}) == ["decisions/0001-x.md:3 wrong-type"]


def test_the_successor_is_found_by_its_file_or_its_number():
    files = {
        "decisions/0001-x.md": nygard("Superseded by [ADR 3](./0003-z.md)"),
        "decisions/0002-y.md": madr("status: superseded by ADR-0003\ndate: 2026-03-02\n"),
        "decisions/0003-z.md": nygard("Accepted\n\nSupersedes [1](0001-x.md)\nSupersedes ADR-2"),
    }

    project = project_of(files)[0]

    assert [(r.superseded_by, r.status) for r in project.of(Decision)][:2] == [("DEC-0003", "superseded")] * 2
    assert [(link.rel, link.id) for link in decision(project, "DEC-0003").links] == [
        ("supersedes", "DEC-0001"),
        ("supersedes", "DEC-0002"),
    ]
    assert information(files) == []


def test_a_successor_that_is_not_there_is_information():
    files = {"decisions/0001-x.md": nygard("Superseded by [ADR 3](0003-z.md)")}

    assert information(files) == ["decisions/0001-x.md:7 unknown-successor"]
    assert only(files).superseded_by is None


def test_half_a_pair_stops_nothing_where_a_form_cannot_say_the_other_half():
    old = nygard("Superseded by [2](0002-y.md)")
    ours = "---\nid: DEC-0002\ntitle: Y\n---\n"

    assert information({"decisions/0001-x.md": old, "decisions/0002-y.md": nygard()}) == [
        "decisions/0001-x.md:7 half-a-pair"
    ]
    mixed = {"decisions/0001-x.md": old, "decisions/0002-y.md": ours}
    assert found(mixed) == []
    assert "decisions/0001-x.md:7 half-a-pair" in found(mixed, severity="warning")


def test_only_what_the_form_has_a_place_for_is_missing():
    project = project_of(
        {
            "decisions/0001-x.md": nygard().replace("Date: 2026-03-02\n", ""),
            "decisions/0002-x.md": nygard(date="5 May"),
            "decisions/0003-x.md": madr(outcome=""),
        }
    )[0]

    assert dict(project.missing) == {"DEC-0001": ("date",), "DEC-0002": (), "DEC-0003": ("date",)}


def test_a_decision_dated_later_is_not_there_yet_and_a_date_that_was_not_read_hides_nothing():
    # The as-of of these projects is 15 April 2026.
    files = {
        "decisions/0001-x.md": nygard(date="2026-04-15"),
        "decisions/0002-x.md": nygard(date="2026-04-16"),
        "decisions/0003-x.md": nygard(date="16/04/2026"),
    }

    facts = project_of(files)[1]

    assert [record.id for record in facts.project.of(Decision)] == ["DEC-0001", "DEC-0003"]


def test_what_an_old_record_links_to_stops_nothing():
    more = "[x](../../src/x.py) ![y](https://y.example/y.png) [z](ftp://z.example)\n"
    files = {"decisions/0001-x.md": nygard(more=more)}

    assert found(files) == []
    assert sorted(found(files, severity="warning")) == [
        "decisions/0001-x.md:16 dead-link",
        "decisions/0001-x.md:16 remote-image",
        "decisions/0001-x.md:16 unsafe-address",
    ]


def test_a_file_of_old_may_have_any_name():
    assert found({"decisions/0001-use-c++ & (more).md": nygard()}) == []
