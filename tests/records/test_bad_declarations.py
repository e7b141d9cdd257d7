"""Bad declarations: each fault is a problem at its place, and the rest of the project is checked in the same run."""

from __future__ import annotations

import pytest

from aipm_site.loading import load_kinds, load_project
from aipm_site.records.risk import Risk
from tests.own_kinds import CLOUD, HAZARD, RISK, VENDOR
from tests.snapshots import Files, found

HEAD = "description: a tool\nfolder: tools\nprefix: TL\n"


def problems_of(files):
    return load_kinds(Files({f"kinds/{name}": text for name, text in files.items()}))[1]


def told(text, name="tool.yml"):
    """Return "line:column code" of each problem of one declaration."""
    return [f"{p.place.line}:{p.place.column} {p.code}" for p in problems_of({name: text})]


def field(rest):
    return f"{HEAD}fields:\n  - {{name: size, description: how big, {rest}}}\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (HEAD, []),
        ("folder: tools\nprefix: TL\n", ["1:1 missing-field"]),
        ("- a\n- b\n", ["1:1 not-a-record"]),
        ("# nothing\n", ["1:1 only-comments"]),
        ("description: [\n", ["1:15 not-yaml"]),
        (HEAD + "prefix: TLS\n", ["4:1 duplicate-key"]),
        (HEAD + "colums: [id]\n", ["4:1 unknown-field"]),
        (HEAD.replace("TL", "tl"), ["3:9 not-a-name"]),
        (HEAD.replace("TL", "TOOLS"), ["3:9 not-a-name"]),
        (HEAD.replace("tools", "Tools"), ["2:9 not-a-name"]),
        (HEAD.replace("tools", "status"), ["2:9 not-a-name"]),
        (HEAD.replace("tools", "../tools"), ["2:9 not-a-name"]),
        (HEAD.replace("tools", "t" * 41), ["2:9 not-a-name"]),
        (HEAD.replace("TL", "RSK"), ["3:9 kind-taken"]),
        (HEAD.replace("tools", "risks"), ["2:9 kind-taken"]),
        (HEAD + "plural: risks\n", ["4:9 kind-taken"]),
        (HEAD + "ids: free\n", ["4:6 unknown-value"]),
        (HEAD + "fresh_days: 0\n", ["4:13 out-of-range"]),
        (field("type: text"), ["5:46 unknown-value"]),
        (field("level: needed"), ["5:5 missing-field"]),
        (field("type: line, level: must"), ["5:59 unknown-value"]),
        (field("type: line").replace("size", "Size"), ["5:12 not-a-name"]),
        (field("type: line").replace("size", "constructor"), ["5:12 not-a-name"]),
        (field("type: line").replace("size", "owner"), ["5:12 field-taken"]),
        (field("type: line").replace("size", "kind"), ["5:12 field-taken"]),
        (field("type: line").replace("size", "status"), ["5:12 field-taken"]),
        (field("type: line").replace("size", "custom"), ["5:12 field-taken"]),
        (field("type: line") + "  - {name: size, type: date, description: again}\n", ["6:12 field-taken"]),
        (field("type: word"), ["5:46 missing-field"]),
        (field("type: word, words: [a, b, a]"), ["5:66 repeated-word"]),
        (field("type: word, words: [Big]"), ["5:60 not-a-name"]),
        (field("type: word, words: [true]"), ["5:60 not-a-name"]),
        (field("type: date, words: [a]"), ["5:59 option-without-effect"]),
        (field("type: line, to: [risk]"), ["5:56 option-without-effect"]),
        (field("type: money, least: 3"), ["5:60 option-without-effect"]),
        (field("type: reference, to: [rsik]"), ["5:62 unknown-kind"]),
        (field("type: whole_number, least: 3, most: 2"), ["5:76 wrong-order"]),
        (field("type: whole_number, least: 0.5"), ["5:67 not-a-number"]),
        (field("type: group"), ["5:46 missing-field"]),
        (field("type: group, fields: [{name: a, type: group, description: b}]"), ["5:78 unknown-value"]),
        (field("type: group, fields: [{name: a, type: word, description: b}]"), ["5:78 missing-field"]),
        (HEAD + "columns: [id, siz]\n", ["4:15 unknown-field"]),
        (HEAD + "columns: [id, status]\n", ["4:15 unknown-field"]),
        (HEAD + "order: [-siz]\n", ["4:9 unknown-field"]),
        (HEAD + "order: [tags]\n", ["4:9 wrong-type"]),
        (HEAD + "dated: title\n", ["4:8 wrong-type"]),
        (HEAD + "dated: since\n", ["4:8 unknown-field"]),
        (HEAD + "ended: [summary]\n", ["4:8 wrong-type"]),
        (HEAD + "ended: [as_of, tags]\n", ["4:16 wrong-type"]),
        (HEAD + "status: {words: []}\n", ["4:17 missing-field"]),
        (HEAD + "status: {words: [open, opne, open]}\n", ["4:30 repeated-word"]),
        (HEAD + "status: {words: [open], default: opne}\n", ["4:34 unknown-value"]),
        (HEAD + "status: {words: [open], done: [closed]}\n", ["4:32 unknown-value"]),
        (HEAD + "rows: true\n", ["4:7 missing-field"]),
        (HEAD + "key: [id]\n", ["4:6 option-without-effect"]),
        (HEAD + "ids: dated\nrows: true\nkey: [as_of]\n", ["4:6 option-without-effect"]),
        (field("type: line, level: needed") + "rows: true\nkey: [size]\n", ["7:7 wrong-type"]),
        (field("type: date") + "rows: true\nkey: [size]\n", ["7:7 wrong-type"]),
    ],
)
def test_each_fault_of_a_declaration_is_told_at_its_place(text, problems):
    assert told(text) == problems


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (HAZARD.replace("to: [vendor], ", ""), []),
        ("extends: rsk\n", ["1:10 unknown-kind"]),
        ("extends: project\n", ["1:10 not-extendable"]),
        ("extends: tool\n", ["1:10 not-extendable"]),
        ("extends: risk\nfolder: tools\n", ["2:1 unknown-field"]),
        ("extends: risk\nfields: [{name: cause, type: line, description: why}]\n", ["2:17 field-taken"]),
        ("extends: risk\nfields: [{name: score, type: number, description: why}]\n", ["2:17 field-taken"]),
        ("extends: risk\ntighten: [{field: cuase, level: needed}]\n", ["2:19 unknown-field"]),
        ("extends: risk\ntighten: [{field: title, level: needed}]\n", ["2:33 not-stricter"]),
        ("extends: risk\ntighten: [{field: cause, level: expected}]\n", ["2:33 not-stricter"]),
        ("extends: risk\ntighten: [{field: cause, level: optional}]\n", ["2:33 unknown-value"]),
        ("extends: risk\ntighten: [{field: polarity, level: expected}]\n", ["2:36 not-stricter"]),
        ("extends: risk\ntighten: [{field: polarity, words: [opportunity]}]\n", ["2:36 not-stricter"]),
        ("extends: risk\ntighten: [{field: polarity, words: [threat, opportunity]}]\n", ["2:36 not-stricter"]),
        ("extends: risk\ntighten: [{field: category, words: [weather]}]\n", ["2:37 unknown-value"]),
        ("extends: risk\ntighten: [{field: cause, words: [prices]}]\n", ["2:33 option-without-effect"]),
        ("extends: risk\ntighten: [{field: cause}]\n", ["2:11 missing-field"]),
        (
            "extends: risk\ntighten:\n- {field: cause, level: needed}\n- {field: cause, level: needed}\n",
            ["4:11 field-taken"],
        ),
        ("extends: risk\ncolumns: [id, score, title]\n", []),
        ("extends: risk\ncolumns: [id, scroe]\n", ["2:15 unknown-field"]),
    ],
)
def test_each_fault_of_an_extension_is_told_at_its_place(text, problems):
    assert told(text) == problems


@pytest.mark.parametrize("name", ["Tool.yml", "my_tool.yml", "2-tools.yml", "kind.yml", "record.yml", "a--b.yml"])
def test_a_file_whose_name_is_no_name_of_a_kind_is_refused(name):
    assert [(p.code, p.place.line) for p in problems_of({name: HEAD})] == [("not-a-name", 0)]


def test_a_file_named_like_a_built_in_kind_is_shown_the_way_to_extend_it():
    problem = problems_of({"risk.yml": HEAD})[0]

    assert problem.code == "kind-taken"
    assert "extends: risk" in problem.hint


def test_two_files_of_one_name_are_told_with_the_other_one():
    problem = problems_of(
        {"tool.yml": HEAD, "tool.yaml": HEAD, "more/x.yml": "description: a\nfolder: xs\nprefix: XX\n"}
    )[0]

    assert (problem.code, problem.place.file) == ("kind-taken", "content/kinds/tool.yml")
    assert problem.related[0].place.file == "content/kinds/tool.yaml"


def test_two_kinds_cannot_share_a_prefix_or_a_folder():
    problems = problems_of({"tool.yml": HEAD, "device.yml": HEAD})

    # The first in the order of the files has them.
    assert [(p.place.file, p.place.line, p.code) for p in problems] == [
        ("content/kinds/tool.yml", 3, "kind-taken"),
        ("content/kinds/tool.yml", 2, "kind-taken"),
    ]
    assert "content/kinds/device.yml" in problems[0].message


def test_a_kind_is_extended_once():
    problem = problems_of({"a.yml": "extends: risk\n", "b.yml": "extends: risk\n"})[0]

    assert (problem.code, problem.place.file) == ("not-extendable", "content/kinds/b.yml")
    assert problem.related[0].place.file == "content/kinds/a.yml"


def test_extensions_in_a_circle_are_refused_as_extensions_of_what_is_not_built_in():
    problems = problems_of({"a.yml": "extends: b\n", "b.yml": "extends: a\n"})

    assert [(p.place.file, p.code) for p in problems] == [
        ("content/kinds/a.yml", "not-extendable"),
        ("content/kinds/b.yml", "not-extendable"),
    ]


def test_mistyped_words_get_the_near_one():
    def hint(text):
        return problems_of({"tool.yml": text})[0].hint

    assert "did you mean 'columns'?" in hint(HEAD + "colums: [id]\n")
    assert "did you mean 'date'?" in hint(field("type: daet"))
    assert "did you mean 'risk'?" in hint(field("type: reference, to: [rsik]"))
    assert "did you mean 'size'?" in hint(field("type: line") + "columns: [id, siez]\n")
    assert "did you mean 'cause'?" in hint("extends: risk\ntighten: [{field: cuase, level: needed}]\n")


def test_everything_else_is_checked_in_the_same_run():
    files = {
        "kinds/vendor.yml": VENDOR.replace("type: ratio", "type: share"),
        "kinds/tool.yml": HEAD,
        "vendors/VND-001.yml": CLOUD,
        "tools/TL-001.yml": "id: TL-001\n",
        "risks/RSK-001.yml": RISK.replace("probability: 3", "probability: 7").replace("hazard: minor\n", ""),
        "project.yml": "id: PRJ-001\ntitle: Sample\ncomplete: [vendor]\nfreshness: {vendor: 30, vender: 20}\n",
        "index.md": "# Home\n\n```aipm\ntable: vendors\n```\n",
    }

    # The records of the broken kind wait: nobody says of them, or of what names them, that there is no such kind.
    assert found(files) == [
        "kinds/vendor.yml:16 unknown-value",
        "project.yml:4 unknown-kind",
        "risks/RSK-001.yml:4 out-of-range",
        "risks/RSK-001.yml:7 unknown-field",
        "tools/TL-001.yml:1 missing-field",
    ]


def test_records_of_a_kind_whose_declaration_is_broken_are_counted_as_unread():
    files = {"kinds/vendor.yml": VENDOR.replace("ratio", "share"), "vendors/VND-001.yml": CLOUD + "audience: public\n"}

    project, _ = load_project(Files(files))

    assert project.unread == 1
    assert project.unread_ids == {"VND-001": "public"}
    assert project.attachments == ()


def test_a_broken_extension_holds_back_the_records_of_its_kind():
    files = {"kinds/risk.yml": HAZARD.replace("type: word", "type: wort"), "risks/RSK-001.yml": RISK}

    project, problems = load_project(Files(files))

    assert [problem.code for problem in problems] == ["unknown-value"]
    assert project.of(Risk) == ()
    assert project.unread_ids == {"RSK-001": "internal"}


def test_a_secret_in_a_declaration_is_named_by_its_line():
    files = {"kinds/tool.yml": HEAD.replace("a tool", "a tool with the key AKIAIOSFODNN7EXAMPLE")}

    # The key that Amazon's documentation gives as an example.
    assert found(files) == ["kinds/tool.yml:1 secret-in-content"]
