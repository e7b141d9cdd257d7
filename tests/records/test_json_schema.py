"""JSON Schema: says of the cases what an editor can see, and is the draft that editors read."""

import json
import re

import pytest
import yaml
from jsonschema import Draft7Validator

from aipm_site.records import KINDS
from aipm_site.records.json_schema import DRAFT, schema_of
from aipm_site.records.shape import shape_of
from tests.records.cases import read_cases

# What can be seen of one value or one set of keys alone; the rest needs `aipm check`.
SEEN_BY_EDITORS = {
    "unknown-field",
    "unknown-value",
    "missing-field",
    "wrong-type",
    "not-a-number",
    "not-a-currency",
    "not-an-id",
}
# The core schema of YAML 1.2, which editors use (https://yaml.org/spec/1.2.2/#103-core-schema).
_CORE = (
    (re.compile(r"(|~|null|Null|NULL)\Z"), lambda text: None),
    (re.compile(r"(true|True|TRUE|false|False|FALSE)\Z"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+\Z"), int),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z"), float),
)


def as_an_editor_reads(node):
    if isinstance(node, yaml.MappingNode):
        return {key.value: as_an_editor_reads(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [as_an_editor_reads(item) for item in node.value]
    if node.style is None:
        return next((convert(node.value) for form, convert in _CORE if form.match(node.value)), node.value)
    return node.value


def errors(kind_name, text):
    data = as_an_editor_reads(yaml.compose(text, Loader=yaml.BaseLoader))
    return [error.message for error in Draft7Validator(schema_of(KINDS.named(kind_name))).iter_errors(data)]


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_every_schema_is_draft_07_and_plain_json(kind):
    schema = schema_of(kind)

    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == DRAFT
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_every_field_is_described(kind):
    properties = schema_of(kind)["definitions"]["fields"]["properties"]

    assert set(properties) == {"kind", *shape_of(kind.model)}
    assert all(described["description"] for described in properties.values())


@pytest.mark.parametrize("case", [c for c in read_cases() if c.is_right], ids=lambda case: f"{case.kind}: {case.title}")
def test_a_right_case_is_right_in_an_editor(case):
    assert errors(case.kind, case.text) == []


def visibly_wrong():
    return [
        case for case in read_cases() if SEEN_BY_EDITORS & {code for _, weight, code in case.marks if weight == "error"}
    ]


@pytest.mark.parametrize("case", visibly_wrong(), ids=lambda case: f"{case.kind}: {case.title}")
def test_a_visibly_wrong_case_is_wrong_in_an_editor(case):
    assert errors(case.kind, case.text)


def test_a_list_of_records_is_a_file_too():
    risk = "- {id: RSK-1, title: A, probability: 3, impact: 2}\n"

    assert errors("risk", risk) == []
    assert errors("risk", risk + "- {id: RSK-2, probability: 3, impact: 2}\n")


def test_what_is_common_to_a_list_need_not_be_repeated():
    common = "- common: {metric: M-a, unit: ratio}\n"

    assert errors("observation", common + "- {value: 0.5, as_of: 2026-04-14}\n") == []
    assert errors("observation", common + "- {value: 0.5, as_of: 2026-04-14, vlue: 1}\n")
    assert errors("observation", "- common: {metrc: M-a}\n")


def test_an_enumeration_is_a_list_of_words():
    status = schema_of(KINDS.named("risk"))["definitions"]["fields"]["properties"]["status"]

    assert status["default"] == "open"
    assert status["anyOf"][0]["enum"][0] == "draft"


def test_scores_may_be_absent_in_a_draft_only():
    assert errors("risk", "id: RSK-1\ntitle: A\nstatus: draft\n") == []
    assert errors("risk", "id: RSK-1\ntitle: A\n")
    assert errors("risk", "id: RSK-1\ntitle: A\nstatus: open\n")
