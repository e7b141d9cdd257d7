"""Kinds of a project's own: declared in content/kinds/, they read records as strictly as the built-in ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import compute_facts
from aipm_site.loading import load_kinds, load_project
from aipm_site.pages.addresses import DATA, EXECUTIVE, FIGURES, HOME, MISSING, PROBLEMS, STATUS
from aipm_site.records import KINDS
from aipm_site.records.declaration import RESERVED_FOLDERS
from tests.own_kinds import CLOUD, FILES, LABELS, USAGE, USES, VENDOR
from tests.snapshots import Files, found, project_of


def project(files=FILES):
    loaded, problems = load_project(Files(files))
    assert [problem for problem in problems if problem.severity == "error"] == []
    return loaded


def at(day):
    return compute_facts(project(), AsOf.of_day(date.fromisoformat(day), "UTC"))


def errors_of(record, declaration=VENDOR):
    """Return "line code" of each error in a record of the declared kind."""
    lines = found({"kinds/vendor.yml": declaration, "vendors/VND-001.yml": record})
    return [line.removeprefix("vendors/VND-001.yml:") for line in lines]


def test_a_field_of_each_type_is_read_to_its_own_kind_of_value():
    vendor = project().get("VND-001")

    assert vendor.status == "active"
    assert vendor.services == ("GPU hours", "storage")
    assert vendor.signed == date(2026, 1, 15)
    assert vendor.answered_at == datetime(2026, 4, 10, 7, 30, tzinfo=UTC)
    assert vendor.yearly_cost.amount == Decimal("12000.50")
    assert vendor.availability == Decimal("0.999")
    assert vendor.seats == 12
    assert vendor.delay_hours == Decimal("1.5")
    assert vendor.is_audited is True
    assert vendor.contacts[0].role == "account manager"
    assert vendor.contacts[0].answers == "by_day"
    assert vendor.custom == {"cost_centre": "4711", "nested": {"list": ["1", "two"]}}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("criticality: high", "criticality: hgih", "4 unknown-value"),
        ("criticality: high\n", "", "1 missing-field"),
        ("signed: 2026-01-15", "signed: 2026-02-30", "6 not-a-date"),
        ("+02:00", "", "8 not-a-moment"),
        ("12000.50", "a lot", "9 not-a-number"),
        ("0.999", "99.9", "10 out-of-range"),
        ("seats: 12", "seats: 0", "11 out-of-range"),
        ("seats: 12", "seats: 501", "11 out-of-range"),
        ("seats: 12", "seats: 1.5", "11 not-a-number"),
        ("delay_hours: 1.5", "delay_hours: 72.5", "12 out-of-range"),
        ("is_audited: true", "is_audited: yes", "13 not-true-or-false"),
        ("copy: nothing", "copy: ''", "15 empty-text"),
        ("copy: nothing", "kopy: nothing", "15 unknown-field"),
        ("role: account manager, ", "", "16 missing-field"),
        ("answers: by_day", "answers: at_night", "16 unknown-value"),
        ("[GPU hours, storage]", "GPU hours", "5 wrong-type"),
    ],
)
def test_what_is_wrong_in_a_record_is_found_at_its_line(old, new, code):
    wrong = CLOUD.replace("risks: [RSK-001]\n", "# no risks\n").replace(old, new)

    assert errors_of(wrong) == [code]


def test_an_id_has_the_declared_form():
    files = {"kinds/vendor.yml": VENDOR, "vendors/cloud.yml": "id: VND-x\ntitle: Cloud\ncriticality: low\n"}

    assert found(files) == ["vendors/cloud.yml:1 not-an-id"]


def test_a_number_without_limits_may_be_anything_and_a_whole_number_is_not_negative():
    declared = VENDOR.replace("least: 1, most: 500, ", "").replace("most: 72, ", "")
    record = LABELS.replace("VND-002", "VND-001").replace("parent_company: VND-001\n", "")

    assert errors_of(record + "delay_hours: -900.25\nseats: 100000\n", declared) == []
    assert errors_of(record + "seats: -1\n", declared) == ["4 out-of-range"]


def test_a_needed_list_has_at_least_one_item():
    declared = VENDOR.replace("many: true, level: expected", "many: true, level: needed")

    assert errors_of(CLOUD.replace("[GPU hours, storage]", "[]").replace("risks: [RSK-001]\n", ""), declared) == [
        "5 missing-field"
    ]


def test_references_lead_both_ways_and_must_name_a_record_of_a_fitting_kind():
    loaded = project()

    assert [(link.rel, link.record_id) for link in loaded.backlinks("VND-001")] == [
        ("assessed_with", "RSK-001"),
        ("parent_company", "VND-002"),
        ("vendor", "USE-VND-001/2026-03-01"),
    ]
    assert ("risks", "VND-001") in [(link.rel, link.record_id) for link in loaded.backlinks("RSK-001")]
    files = FILES | {"vendors/VND-002.yml": LABELS.replace("parent_company: VND-001", "parent_company: RSK-001")}
    assert found(files) == ["vendors/VND-002.yml:4 wrong-kind"]
    files = FILES | {"vendors/VND-002.yml": LABELS.replace("parent_company: VND-001", "parent_company: VND-009")}
    assert found(files) == ["vendors/VND-002.yml:4 unknown-reference"]


def test_an_id_in_prose_must_be_one_that_exists():
    assert found(FILES | {"index.md": "# Home\n\nSee [[VND-001]] and [[VND-007]].\n"}) == [
        "index.md:3 unknown-reference"
    ]


def test_a_natural_id_in_a_field_for_words_or_ids_is_a_reference():
    files = {
        "kinds/team.yml": "description: people who work together\nfolder: teams\nprefix: TEAM\nids: natural\n",
        "teams/TEAM-core.yml": "id: TEAM-core\ntitle: Core\nowner: head of data\n",
        "teams/TEAM-ops.yml": "id: TEAM-ops\ntitle: Operations\nowner: TEAM-core\n",
    }

    assert [link.record_id for link in project(files).backlinks("TEAM-core")] == ["TEAM-ops"]
    assert found(files | {"teams/TEAM-ops.yml": "id: TEAM-ops\ntitle: Operations\nowner: TEAM-cor\n"}) == [
        "teams/TEAM-ops.yml:3 unknown-reference"
    ]


def test_a_dated_id_is_read_as_one():
    declared = "description: a drill\nfolder: drills\nprefix: DRL\nids: dated\n"

    assert found({"kinds/drill.yml": declared, "drills/a.yml": "id: DRL-2026-04-15-night\ntitle: Night\n"}) == []
    assert found({"kinds/drill.yml": declared, "drills/a.yml": "id: DRL-15\ntitle: Night\n"}) == [
        "drills/a.yml:1 not-an-id"
    ]


def test_expected_fields_are_missed_while_a_record_is_open_and_errors_where_the_kind_is_complete():
    files = FILES | {"project.yml": "id: PRJ-001\ntitle: Sample\ncomplete: [vendor]\n"}

    assert project().missing["VND-002"] == ("owner", "services")
    assert found(files) == ["vendors/VND-002.yml:1 fields-not-given"]
    assert found(files | {"vendors/VND-002.yml": LABELS + "status: ended\n"}) == []


def test_freshness_is_the_declared_one_or_that_of_the_settings():
    # 2026-04-01 is 90 days before 2026-06-30.
    assert at("2026-06-30").freshness["VND-001"].state == "due"
    assert at("2026-07-01").freshness["VND-001"].state == "stale"
    charter = "id: PRJ-001\ntitle: Sample\nfreshness: {vendor: 7}\n"
    facts = project_of(FILES | {"project.yml": charter})[1]
    assert facts.freshness["VND-001"].state == "stale"


def test_a_fact_dated_later_is_not_there_yet_and_a_later_end_is_not_given():
    ended = CLOUD + "status: ended\nended_on: 2026-04-30\nend_reason: too dear\n"
    loaded, _ = load_project(Files(FILES | {"vendors/VND-001.yml": ended}))

    def known(day):
        return compute_facts(loaded, AsOf.of_day(day, "UTC")).project.get("VND-001")

    assert known(date(2026, 1, 14)) is None
    assert known(date(2026, 1, 15)).status == "active"
    assert (known(date(2026, 4, 29)).ended_on, known(date(2026, 4, 29)).end_reason) == (None, None)
    assert (known(date(2026, 4, 30)).status, known(date(2026, 4, 30)).end_reason) == ("ended", "too dear")


def test_the_register_is_sorted_as_declared():
    files = {"kinds/vendor.yml": VENDOR} | {
        f"vendors/VND-{number}.yml": f"id: VND-{number}\ntitle: {title}\ncriticality: {word}\n"
        for number, title, word in (("1", "b", "low"), ("2", "B", "high"), ("3", "a", "high"), ("4", "c", "medium"))
    }

    loaded = project(files)
    kind = loaded.kinds.named("vendor")
    ordered = sorted(loaded.of(kind.model), key=kind.order)

    # From high to low as the words are declared, not as they are spelt; then by title, in any case of letters.
    assert [vendor.id for vendor in ordered] == ["VND-3", "VND-2", "VND-4", "VND-1"]


@pytest.mark.parametrize(
    ("field", "ascending"),
    [
        ("yearly_cost", ["VND-3", "VND-1", "VND-2"]),
        ("signed", ["VND-3", "VND-1", "VND-2"]),
        ("seats", ["VND-3", "VND-1", "VND-2"]),
    ],
)
def test_records_without_the_value_that_sorts_come_last_either_way(field, ascending):
    declared = VENDOR.replace("order: [-criticality, title]", f"order: [{field}]")
    files = {
        "kinds/vendor.yml": declared,
        "vendors/VND-1.yml": "id: VND-1\ntitle: A\ncriticality: low\nyearly_cost: 9\nsigned: 2026-02-01\nseats: 9\n",
        "vendors/VND-2.yml": "id: VND-2\ntitle: A\ncriticality: low\n",
        "vendors/VND-3.yml": "id: VND-3\ntitle: A\ncriticality: low\nyearly_cost: 8.5\nsigned: 2026-01-31\nseats: 8\n",
    }

    def ordered(files):
        loaded = project(files)
        kind = loaded.kinds.named("vendor")
        return [record.id for record in sorted(loaded.of(kind.model), key=kind.order)]

    assert ordered(files) == ascending
    down = declared.replace(f"order: [{field}]", f"order: [-{field}]")
    assert ordered(files | {"kinds/vendor.yml": down}) == ["VND-1", "VND-3", "VND-2"]


def test_rows_have_an_id_of_their_key_and_the_label_of_what_they_name():
    files = FILES | {"vendors/VND-001.yml": CLOUD + "audience: restricted\n"}

    assert "USE-VND-001/2026-03-01" in project().records
    loaded = project(files)
    # Domain §2.0: the id of a row is made from its key, so who may not see the vendor may not see the row.
    assert loaded.audience_of(loaded.get("USE-VND-001/2026-03-01")) == "restricted"


def test_a_row_is_there_once():
    assert found(FILES | {"usages.yml": USES + USES}) == ["usages.yml:2 duplicate-id"]


def test_a_row_without_a_part_of_its_key_is_refused():
    assert found(FILES | {"usages.yml": "- {vendor: VND-001, hours: 4}\n"}) == ["usages.yml:1 missing-field"]


def test_names_that_python_has_a_use_for_are_fields_like_any_other():
    names = (
        "copy",
        "json",
        "dict",
        "schema",
        "validate",
        "model_dump",
        "model_fields",
        "label",
        "origin",
        "from",
        "class",
    )
    fields = "".join(f"  - {{name: {name}, type: line, description: any}}\n" for name in names)
    files = {
        "kinds/thing.yml": f"description: a thing\nfolder: things\nprefix: TH\nfields:\n{fields}columns: [id, copy, label]\n",
        "things/TH-1.yml": "id: TH-1\ntitle: A\n" + "".join(f"{name}: said of {name}\n" for name in names),
    }

    thing = project(files).get("TH-1")

    assert thing.label == "A"
    dumped = thing.model_dump(by_alias=True)
    assert [dumped[name] for name in names] == [f"said of {name}" for name in names]


def test_a_project_without_declarations_has_the_very_kinds_that_are_built_in():
    assert load_kinds(Files({"index.md": "# Home\n"})) == (KINDS, [])


def test_equal_declarations_of_two_revisions_give_records_that_can_be_compared():
    first, second = project(), project(FILES | {"kinds/team.yml": "description: a team\nfolder: teams\nprefix: TM\n"})

    assert first.records["VND-001"] == second.records["VND-001"]
    assert first.records["RSK-001"] == second.records["RSK-001"]


def test_a_kind_is_declared_in_a_folder_below_too_and_with_the_longer_ending():
    files = {"kinds/supply/vendor.yaml": VENDOR, "vendors/VND-002.yml": LABELS.replace("parent_company: VND-001\n", "")}

    assert found(files) == []
    assert project(files).kinds.named("vendor").prefix == "VND"


def test_no_folder_of_a_kind_can_be_where_the_site_keeps_what_it_makes():
    made = {address.partition("/")[0] for address in (DATA, EXECUTIVE, FIGURES, HOME, MISSING, PROBLEMS, STATUS)} - {""}

    assert made | {"assets", "search", "project"} <= RESERVED_FOLDERS


def test_a_usual_column_is_what_is_needed():
    plain = "".join(line for line in VENDOR.splitlines(keepends=True) if not line.startswith(("columns", "order")))
    kinds, problems = load_kinds(Files({"kinds/vendor.yml": plain, "kinds/usage.yml": USAGE}))

    assert problems == []
    assert kinds.named("vendor").columns == ("id", "title", "status", "criticality", "owner")
    assert kinds.named("usage").columns == ("vendor", "month", "hours")
    assert (kinds.named("vendor").plural, kinds.named("vendor").register) == ("vendors", "Vendors")
