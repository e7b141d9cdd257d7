"""`custom:` holds a project's own keys, on every kind of record, as deep as they are written."""

import json

import pytest
from jsonschema import Draft7Validator

from aipm_site.records import KINDS
from aipm_site.records.json_schema import schema_of
from tests.commands.runs import aipm, write_project
from tests.every_field import file_of, full_record, yaml_of
from tests.pages.conftest import build  # noqa: F401  the fixture
from tests.pages.test_own_kinds import data_of
from tests.snapshots import found, project_of

OWN = {"cost centre": "4711", "board": {"column": "doing", "labels": ["red", {"deep": "end"}]}, "n": "007"}
NAMES = {
    "model": "MV-A-1",
    "metric": "M-a",
    "project": "PRJ-001",
    "report": "RPT-2026-04-14-a",
    "reminder": "EVT-2026-04-14-a",
}


def record_of(kind):
    """Return a record of a kind with the least that it needs, and the keys of its own."""
    beside = {"metric": "M-a", "subject": "MV-A-1"} if kind.name == "observation" else {}
    beside |= {"type": "policy", "subject": None} if kind.name == "decision" else {}
    return full_record(kind, NAMES.get(kind.name, f"{kind.prefix}-1"), lambda _: None, custom=OWN, **beside).data


def files_with(kind):
    needed = {name: record_of(KINDS.named(name)) for name in ("metric", "model") if kind.is_rows}
    files = {file_of(KINDS.named(name), name): yaml_of(data) for name, data in needed.items()}
    files[file_of(kind, NAMES.get(kind.name, f"{kind.prefix}-1"))] = yaml_of(record_of(kind), rows=kind.is_rows)
    return {path.removeprefix("content/"): text for path, text in files.items()}


every_kind = pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)


@every_kind
def test_no_kind_refuses_own_keys_and_each_keeps_them_as_written(kind):
    project = project_of(files_with(kind))[0]

    assert found(files_with(kind)) == []
    records = [record for record in project.records.values() if project.kinds.of(record) is kind]
    assert [record.custom for record in records] == [OWN]


@every_kind
def test_a_schema_allows_own_keys_of_any_form(kind):
    data = record_of(kind)

    wrong = Draft7Validator(schema_of(kind)).iter_errors([data] if kind.is_rows else data)

    assert [error.message for error in wrong if "custom" in error.absolute_path] == []
    assert list(Draft7Validator(schema_of(kind)).iter_errors(data | {"custom": "a text"}))


@every_kind
def test_own_keys_stand_on_the_page_and_in_records_json(kind, build):  # noqa: F811
    built = build(files_with(kind))

    record = next(r for r in built.project.records.values() if built.project.kinds.of(r) is kind)
    address = f"{kind.folder}/" if kind.is_rows else f"{kind.folder}/{record.id}/" if kind.folder else "project/"
    for said in ("cost centre", "4711", "column", "doing", "red", "deep", "end", "007"):
        assert said in built.text(address), said
    assert data_of(built)[record.id]["fields"]["custom"] == OWN


def test_own_keys_are_text_whatever_yaml_makes_of_them(tmp_path):
    risk = "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 1\ncustom: {a: NO, b: 3.10, c: 0123, d: 11:00, e: null}\n"
    project = project_of({"risks/RSK-001.yml": risk})[0]

    assert project.get("RSK-001").custom == {"a": "NO", "b": "3.10", "c": "0123", "d": "11:00", "e": None}


def test_own_keys_must_be_keys(tmp_path):
    risk = "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 1\ncustom: a text\n"

    result = aipm("check", "--format", "json", at=write_project(tmp_path, {"risks/RSK-001.yml": risk}))

    errors = [p for p in json.loads(result.stdout)["problems"] if p["severity"] == "error"]
    assert [(p["code"], p["line"], p["column"]) for p in errors] == [("wrong-type", 5, 9)]
