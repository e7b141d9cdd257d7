"""`aipm schema`: what editors are told of records is true of the records of the sample."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from aipm_site.records import KINDS
from aipm_site.records.json_schema import schema_of
from tests.commands.runs import aipm, write_project

SAMPLE = Path(__file__).resolve().parent.parent.parent / "content"
# The core schema of YAML 1.2, by which editors read (https://yaml.org/spec/1.2.2/#103-core-schema).
CORE = (
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
        return next((convert(node.value) for form, convert in CORE if form.match(node.value)), node.value)
    return node.value


def kind_of(path):
    """Return the kind whose folder a file of the sample lies in."""
    return next((kind for kind in KINDS if kind.folder in path.parts), KINDS.named("project"))


def record_files():
    found = [SAMPLE / "project.yml"]
    for kind in KINDS:
        if kind.folder:
            found += [path for path in SAMPLE.rglob("*") if path.parent.name == kind.folder and path.is_file()]
    return sorted(found)


def test_the_sample_has_records_to_try_the_schemas_on():
    assert len(record_files()) > 50


@pytest.mark.parametrize("path", record_files(), ids=lambda path: path.name)
def test_every_record_of_the_sample_is_right_by_its_schema(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        text = text.split("---\n")[1]

    data = as_an_editor_reads(yaml.compose(text, Loader=yaml.BaseLoader))

    assert [problem.message for problem in Draft7Validator(schema_of(kind_of(path))).iter_errors(data)] == []


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_a_schema_is_printed_and_nothing_else(kind):
    result = aipm("schema", kind.name)

    assert json.loads(result.stdout)["title"] == kind.name
    assert result.stderr == ""


def test_all_schemas_are_written_with_the_settings_that_use_them(tmp_path):
    write_project(tmp_path)
    folder = tmp_path / ".vscode" / "schemas"

    result = aipm("schema", "--out", str(folder), at=tmp_path)

    schemas = json.loads(result.stdout)["yaml.schemas"]
    # One for each kind, and one for the files that declare kinds.
    names = {f"{name}.schema.json" for name in ("kind", *(kind.name for kind in KINDS))}
    assert {path.name for path in folder.iterdir()} == names
    # A path that begins with "./" is looked for from the folder that the editor has open.
    assert set(schemas) == {f"./.vscode/schemas/{name}" for name in names}
    assert all((tmp_path / path).is_file() for path in schemas)


def test_schemas_outside_the_project_are_named_by_their_whole_path(tmp_path):
    write_project(tmp_path / "project")

    result = aipm("schema", "--out", str(tmp_path / "schemas"), at=tmp_path / "project")

    assert (tmp_path / "schemas" / "risk.schema.json").as_posix() in json.loads(result.stdout)["yaml.schemas"]


def test_the_settings_are_about_the_content_of_this_project(tmp_path):
    write_project(tmp_path)
    (tmp_path / "mkdocs.yml").write_text("site_name: T\ndocs_dir: docs\n", encoding="utf-8")
    (tmp_path / "content").rename(tmp_path / "docs")

    result = aipm("schema", "risk", "--out", str(tmp_path / "schemas"), at=tmp_path)

    assert json.loads(result.stdout)["yaml.schemas"] == {
        "./schemas/risk.schema.json": [
            "docs/**/risks/**/*.yml",
            "docs/**/risks/**/*.yaml",
            "docs/**/risks.yml",
            "docs/**/risks.yaml",
        ]
    }


def test_the_patterns_find_every_yaml_record_of_the_sample(tmp_path):
    schemas = json.loads(aipm("schema", "--out", str(tmp_path / "s"), at=write_project(tmp_path)).stdout)[
        "yaml.schemas"
    ]

    for path in record_files():
        if path.suffix == ".yml":
            name = path.relative_to(SAMPLE.parent).as_posix()
            kinds = [schema for schema, patterns in schemas.items() if any(map(matcher(name), patterns))]
            assert [Path(schema).name for schema in kinds] == [f"{kind_of(path).name}.schema.json"]


def matcher(name):
    """Return what says whether a pattern is for a file: `**/` stands for any folders or none, `*` for a name."""

    def matches(pattern):
        parts = (re.escape(part).replace(r"\*", "[^/]*") for part in pattern.split("**/"))
        return re.fullmatch("(?:.*/)?".join(parts), name) is not None

    return matches


def test_the_ids_of_a_project_with_prefixes_are_right_in_its_editor(tmp_path):
    charter = "id: PRJ-001\ntitle: P\ndecisions: {prefixes: {decisions/backend: BE}}\n"
    write_project(tmp_path, {"project.yml": charter})

    result = aipm("schema", "decision", "--out", str(tmp_path / "schemas"), at=tmp_path)

    assert result.exit_code == 0, result.stderr
    schema = json.loads((tmp_path / "schemas" / "decision.schema.json").read_text())
    record = {"id": "BE-001", "title": "Where events go"}
    assert Draft7Validator(schema).is_valid(record)
    assert not Draft7Validator(schema).is_valid({**record, "id": "FE-001"})
