"""Commands in a project with kinds of its own know them as they know the built-in ones."""

import json

import pytest
from jsonschema import Draft7Validator

from aipm_site.records import KINDS
from tests.commands.runs import aipm, write_project
from tests.commands.test_schema import as_an_editor_reads, matcher
from tests.own_kinds import CLOUD, FILES, HAZARD, LABELS, RISK, USAGE, USES, VENDOR

BROKEN = FILES | {"kinds/vendor.yml": VENDOR.replace("type: ratio", "type: share")}


def schema_for(tmp_path, name):
    return json.loads(aipm("schema", name, at=tmp_path).stdout)


def as_editor(text):
    import yaml

    return as_an_editor_reads(yaml.compose(text, Loader=yaml.BaseLoader))


def test_a_new_record_of_an_own_kind_gets_the_next_id_and_its_expected_fields_as_comments(tmp_path):
    write_project(tmp_path, FILES)

    result = aipm("new", "vendor", "Translation office", "--set", "criticality=low", at=tmp_path)

    assert result.exit_code == 0, result.stderr
    text = (tmp_path / "content" / "vendors" / "VND-003.yml").read_text(encoding="utf-8")
    assert text.startswith("id: VND-003\ntitle: Translation office\ncriticality: low\n")
    assert "# services: [] # what it does for us" in text
    assert aipm("check", at=tmp_path).exit_code == 0


def test_a_new_record_wants_what_its_kind_needs_in_the_words_of_the_declaration(tmp_path):
    result = aipm("new", "vendors", "Translation office", at=write_project(tmp_path, FILES))

    assert result.exit_code == 2
    assert "criticality: how much stops without it (low, medium, high)" in result.stderr


def test_a_new_record_of_an_extended_kind_wants_what_the_extension_needs(tmp_path):
    write_project(tmp_path, FILES)
    scores = ("--set", "probability=2", "--set", "impact=2")

    refused = aipm("new", "risk", "Short", *scores, at=tmp_path)
    more = ("--set", "hazard=none", "--set", "cause=age", "--set", "affected_objectives=less waiting, fewer returns")
    written = aipm("new", "risk", "Short", *scores, *more, at=tmp_path)

    assert refused.exit_code == 2
    assert "hazard: what a patient may suffer (none, minor, major)" in refused.stderr
    assert "cause: " in refused.stderr
    assert written.exit_code == 0, written.stderr
    text = (tmp_path / "content" / "risks" / "RSK-002.yml").read_text(encoding="utf-8")
    assert "affected_objectives: [less waiting, fewer returns]\n" in text


def test_needed_groups_and_lists_are_given_as_yaml_writes_them_on_one_line(tmp_path):
    declared = VENDOR.replace(
        "many: true\n    description: whom", "many: true\n    level: needed\n    description: whom"
    )
    write_project(tmp_path, FILES | {"kinds/vendor.yml": declared})
    contacts = "contacts=[{role: account manager, answers: always}]"

    written = aipm("new", "vendor", "Office", "--set", "criticality=low", "--set", contacts, at=tmp_path)
    strange = aipm(
        "new", "vendor", "Office", "--set", "criticality=low", "--set", "contacts=[a]\naudience: public", at=tmp_path
    )

    assert written.exit_code == 0, written.stderr
    text = (tmp_path / "content" / "vendors" / "VND-003.yml").read_text(encoding="utf-8")
    assert "contacts: [{role: account manager, answers: always}]\n" in text
    assert strange.exit_code == 2


def test_a_new_row_of_an_own_kind_is_printed_as_an_item(tmp_path):
    write_project(tmp_path, FILES)
    values = ("--set", "vendor=VND-002", "--set", "month=2026-04-01", "--set", "hours=3")

    result = aipm("new", "usage", *values, at=tmp_path)

    assert result.stdout == "- vendor: VND-002\n  month: 2026-04-01\n  hours: 3\n"


@pytest.mark.parametrize("name", ["vendor", "vendors"])
def test_an_own_kind_is_explained_with_its_fields(tmp_path, name):
    text = aipm("explain", name, at=write_project(tmp_path, FILES)).stdout

    assert text.startswith("vendor: a company whose services the project relies on\n")
    assert "Files lie in a folder vendors/" in text
    assert "how much stops without it (low, medium, high)" in " ".join(text.split())
    assert "role" in text


def test_an_extended_kind_is_explained_with_the_levels_that_hold_here(tmp_path):
    text = aipm("explain", "risk", at=write_project(tmp_path, FILES)).stdout

    needed = text.partition("Needed")[2].partition("Expected")[0]
    assert "hazard" in needed
    assert "cause" in needed


@pytest.mark.parametrize("name", ["kind", "kind-extension"])
def test_what_can_be_declared_is_explained_outside_a_project_too(tmp_path, name):
    result = aipm("explain", name, at=tmp_path)

    assert result.exit_code == 0
    assert result.stdout.startswith(f"{name}: ")
    assert "whole_number" in result.stdout


def test_own_kinds_are_near_names_too(tmp_path):
    write_project(tmp_path, FILES)

    assert "did you mean 'vendor'?" in aipm("explain", "vender", at=tmp_path).stderr
    assert "did you mean 'vendor'?" in aipm("new", "vender", at=tmp_path).stderr
    assert "did you mean 'vendor'?" in aipm("schema", "vender", at=tmp_path).stderr


def test_schemas_of_own_kinds_and_of_declarations_are_written_with_the_files_that_they_are_for(tmp_path):
    write_project(tmp_path, FILES)
    folder = tmp_path / ".vscode" / "schemas"

    schemas = json.loads(aipm("schema", "--out", str(folder), at=tmp_path).stdout)["yaml.schemas"]

    names = {f"{name}.schema.json" for name in ("vendor", "usage", "kind", *(kind.name for kind in KINDS))}
    assert {path.name for path in folder.iterdir()} == names
    for path in FILES:
        matching = [schema for schema, patterns in schemas.items() if any(map(matcher(f"content/{path}"), patterns))]
        assert len(matching) == 1, path
    assert schemas["./.vscode/schemas/kind.schema.json"] == ["content/kinds/**/*.yml", "content/kinds/**/*.yaml"]


@pytest.mark.parametrize(("name", "text"), [("vendor", CLOUD), ("vendor", LABELS), ("usage", USES), ("risk", RISK)])
def test_a_right_record_is_right_by_its_schema(tmp_path, name, text):
    schema = schema_for(write_project(tmp_path, FILES), name)

    Draft7Validator.check_schema(schema)
    assert [error.message for error in Draft7Validator(schema).iter_errors(as_editor(text))] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vendor", CLOUD.replace("criticality: high", "criticality: hgih")),
        ("vendor", CLOUD.replace("criticality: high\n", "")),
        ("vendor", CLOUD.replace("seats: 12", "seats: 501")),
        ("vendor", CLOUD.replace("seats: 12", "seets: 12")),
        ("vendor", CLOUD.replace("role: account manager, ", "")),
        ("usage", USES.replace("month: 2026-03-01, ", "")),
        ("risk", RISK.replace("hazard: minor\n", "")),
        ("risk", RISK.replace("cause: prices of energy\n", "")),
        ("risk", RISK + "category: vendor\n"),
    ],
)
def test_a_wrong_record_is_wrong_by_its_schema(tmp_path, name, text):
    schema = schema_for(write_project(tmp_path, FILES), name)

    assert list(Draft7Validator(schema).iter_errors(as_editor(text)))


def test_an_editor_knows_what_a_declaration_can_say(tmp_path):
    schema = schema_for(write_project(tmp_path, FILES), "kind")

    Draft7Validator.check_schema(schema)
    for text in (VENDOR, USAGE, HAZARD):
        assert [error.message for error in Draft7Validator(schema).iter_errors(as_editor(text))] == []
    for text in (
        VENDOR.replace("type: ratio", "type: share"),
        VENDOR.replace("prefix: VND\n", ""),
        VENDOR.replace("prefix: VND", "prefix: vnd"),
        HAZARD.replace("level: needed}", "level: must}"),
        HAZARD.replace("extends: risk", "extends: risk\nfolder: hazards"),
    ):
        assert list(Draft7Validator(schema).iter_errors(as_editor(text)))


def test_a_broken_declaration_stops_what_needs_it_and_nothing_is_written(tmp_path):
    write_project(tmp_path, BROKEN)

    checked = aipm("check", at=tmp_path)
    schemas = aipm("schema", "--out", str(tmp_path / "schemas"), at=tmp_path)
    others = [aipm(*words, at=tmp_path) for words in (("schema", "vendor"), ("explain", "vendor"), ("new", "vendor"))]

    assert checked.exit_code == 1
    assert "content/kinds/vendor.yml:16:32: error[unknown-value]" in checked.stdout
    assert schemas.exit_code == 1
    assert not (tmp_path / "schemas").exists()
    for result in others:
        assert (result.exit_code, result.stdout) == (1, "")
        assert "content/kinds/vendor.yml:16:32: error[unknown-value]" in result.stderr


def test_a_broken_declaration_does_not_keep_other_kinds_from_working(tmp_path):
    write_project(tmp_path, BROKEN)

    assert aipm("explain", "action", at=tmp_path).exit_code == 0
    assert aipm("explain", "unknown-value", at=tmp_path).exit_code == 0
    assert aipm("schema", "action", at=tmp_path).exit_code == 0
    assert aipm("new", "action", "Ask", "--set", "due=2026-05-01", at=tmp_path).exit_code == 0


@pytest.mark.slow
def test_a_broken_declaration_leaves_the_site_as_it_was(tmp_path):
    write_project(tmp_path, FILES)
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: T\ndocs_dir: content\ntheme: {name: material, font: false}\nplugins: [search, aipm]\n",
        encoding="utf-8",
    )
    assert aipm("build", at=tmp_path).exit_code == 0
    before = (tmp_path / "site" / "vendors" / "VND-001" / "index.html").read_bytes()
    (tmp_path / "content" / "kinds" / "vendor.yml").write_text(BROKEN["kinds/vendor.yml"], encoding="utf-8")

    result = aipm("build", at=tmp_path)

    assert result.exit_code == 1
    assert (tmp_path / "site" / "vendors" / "VND-001" / "index.html").read_bytes() == before
    # A lenient build shows nothing of records that it cannot judge, and no file of theirs is published as it is.
    assert aipm("build", "--lenient", at=tmp_path).exit_code == 1
    assert not (tmp_path / "site" / "vendors").exists()
    assert "Cloud provider" not in (tmp_path / "site" / "records.json").read_text(encoding="utf-8")
