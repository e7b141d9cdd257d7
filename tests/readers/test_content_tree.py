"""Content tree: architecture.md section 2, "Records", sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aipm_site.problems import Place, Problem
from aipm_site.readers.content_tree import ContentTree, RawRecord, read_content
from aipm_site.readers.snapshot import READ_AT_MOST, UnreadableFileError

FOLDERS = {
    "risks": "risk",
    "sprints": "sprint",
    "decisions": "decision",
    "models": "model",
    "tasks": "task",
    "observations": "observation",
}
PREFIXES = {"RSK": "risk", "SPR": "sprint", "DEC": "decision", "TSK": "task", "PRJ": "project"}
RISK = "id: RSK-014\ntitle: Vendor raises price\n"


class Files:
    """A snapshot of files that exist in the test only."""

    problems: tuple[Problem, ...] = ()

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {f"content/{path}": text for path, text in files.items()}

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        text = self._files[path]
        if text == "unreadable":
            raise UnreadableFileError(Problem("unreadable-file", "this cannot be read", Place(path)))
        return text.encode() if isinstance(text, str) else text


def kind_of_id(text: str) -> str | None:
    prefix, _, rest = text.partition("-")
    if prefix == "MV":
        return "model" if rest else None
    return PREFIXES.get(prefix) if rest.isdigit() else None


def tree(files: Mapping[str, str | bytes]) -> ContentTree:
    return read_content(Files(files), FOLDERS, kind_of_id)


def records(files: Mapping[str, str | bytes]) -> list[tuple[str, object, str]]:
    """Return kind, id and file of the records of files that have no problem."""
    read = tree(files)
    assert read.problems == ()
    return [(record.kind, record.data.get("id"), record.file) for record in read.records]


def codes(files: Mapping[str, str | bytes]) -> list[str]:
    return [problem.code for problem in tree(files).problems]


def only_problem(files: Mapping[str, str | bytes]) -> Problem:
    problems = tree(files).problems
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    "path",
    ["risks/RSK-014.yml", "raid/risks/RSK-014.yml", "raid/risks/2026/q3/vendor.yaml", "sprints/risks/any name.yml"],
)
def test_the_nearest_folder_named_like_a_kinds_says_the_kind_at_any_depth(path):
    assert records({path: RISK}) == [("risk", "RSK-014", f"content/{path}")]


def test_the_key_kind_goes_before_the_folder_and_is_no_field():
    read = tree({"risks/x.yml": "kind: sprint\nid: SPR-08\n"})

    assert read.problems == ()
    assert [(r.kind, dict(r.data)) for r in read.records] == [("sprint", {"id": "SPR-08"})]
    assert read.records[0].data.value_places == {"id": (2, 5)}


def test_a_file_may_hold_a_list_of_records():
    assert records({"raid/risks/all.yml": "- id: RSK-001\n- id: RSK-002\n"}) == [
        ("risk", "RSK-001", "content/raid/risks/all.yml"),
        ("risk", "RSK-002", "content/raid/risks/all.yml"),
    ]


def test_a_list_file_may_bear_the_folders_name():
    assert [
        kind for kind, _, _ in records({"raid/risks.yml": "- id: RSK-001\n", "sprints.yaml": "- {id: SPR-01}\n"})
    ] == [
        "risk",
        "sprint",
    ]


def test_a_single_mapping_named_like_a_folder_is_no_list_file():
    assert tree({"wiki/models.yml": "theme: dark\n"}).attachments == ("content/wiki/models.yml",)


def test_values_common_to_all_items_come_first_and_an_items_own_value_wins():
    text = "- common: {metric: M-accuracy, n: 720}\n- {value: 0.874}\n- value: 0.9\n  n: 500\n"
    first, second = tree({"observations/a.yml": text}).records

    assert dict(first.data) == {"metric": "M-accuracy", "n": "720", "value": "0.874"}
    assert dict(second.data) == {"metric": "M-accuracy", "n": "500", "value": "0.9"}
    assert (second.data.line, second.data.value_places["n"]) == (3, (4, 6))
    assert second.data.value_places["metric"] == (1, 20)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("- {value: 1}\n- common: {n: 1}\n", 2, 3),
        ("- common: x\n- {value: 1}\n", 1, 11),
        ("- common: {n: 1}\n  value: 3\n", 2, 3),
    ],
)
def test_common_values_in_another_place_or_form_are_an_error(text, line, column):
    problem = only_problem({"observations/a.yml": text})

    assert (problem.code, problem.place.line, problem.place.column) == ("misplaced-common", line, column)


def test_items_that_are_no_records_are_named_and_the_others_kept():
    read = tree({"risks/all.yml": "- id: RSK-001\n- text\n-\n- [a]\n"})

    assert [record.data["id"] for record in read.records] == ["RSK-001"]
    assert [(p.code, p.place.line) for p in read.problems] == [("not-a-record", n) for n in (2, 3, 4)]


def test_an_empty_list_holds_no_records_and_is_fine():
    assert records({"risks/all.yml": "[]\n"}) == []


def test_a_markdown_file_with_an_id_in_a_kinds_folder_is_a_record_with_prose():
    read = tree({"decisions/DEC-007.md": "---\nid: DEC-007\ntitle: x\n---\n\n\n## Context\n\nText\n"})

    assert read.problems == ()
    assert read.records == (RawRecord("decision", read.records[0].data, "content/decisions/DEC-007.md", *PROSE),)
    assert read.pages == ()


PROSE = ("## Context\n\nText\n", 7)


@pytest.mark.parametrize("body", ["", "\n\n", "  \n"])
def test_without_text_a_markdown_record_has_no_prose(body):
    record = tree({"decisions/DEC-007.md": f"---\nid: DEC-007\n---\n{body}"}).records[0]

    assert (record.prose, record.prose_line) == (None, 0)


def test_a_markdown_file_with_kind_or_with_an_id_of_ours_is_a_record_anywhere():
    files = {"wiki/a.md": "---\nkind: risk\nid: RSK-001\n---\n", "b.md": "---\nid: RSK-002\n---\n"}

    assert records(files) == [("risk", "RSK-002", "content/b.md"), ("risk", "RSK-001", "content/wiki/a.md")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("wiki/page.md", "# Page\n"),
        ("models/how-we-name.md", "# Models\n"),
        ("tasks/README.md", "---\ntitle: Our tasks\n---\n"),
        ("risks/index.md", "---\ntitle: Risks\n---\nHow we read this table\n"),
        ("wiki/with-id.md", "---\nid: install-guide\n---\n"),
        ("wiki/with-kind.md", "---\nkind: howto\n---\n"),
        ("wiki/long.markdown", "---\nid: RSK-001\n---\n"),
    ],
)
def test_any_other_markdown_file_is_a_page_also_in_a_kinds_folder(path, text):
    read = tree({path: text})

    assert [(page.path, page.text) for page in read.pages] == [(f"content/{path}", text)]
    assert (read.records, read.problems, read.page_problems) == ((), (), ())


def test_a_page_knows_its_front_matter_and_where_its_body_begins():
    page = tree({"wiki/a.md": "---\ntitle: A\n---\n# A\n"}).pages[0]

    assert (page.meta, page.body, page.body_line) == ({"title": "A"}, "# A\n", 4)


@pytest.mark.parametrize(
    "text",
    [
        "theme: dark\n",
        "services: &s\n  web: *s\n",
        "a: !secret b\n",
        "apiVersion: v1\nkind: Deployment\nmetadata: {name: x}\n---\nkind: Service\n",
        "- 1\n- 2\n",
        "just text\n",
        "a: [b\n",
        "",
        b"\xff\xfe",
        "id: install-guide\n",
    ],
)
def test_a_yaml_file_elsewhere_is_an_attachment_whatever_it_holds(text):
    read = tree({"assets/data.yml": text})

    assert read.attachments == ("content/assets/data.yml",)
    assert (read.records, read.problems) == ((), ())


@pytest.mark.parametrize(
    "text", [RISK, f"kind: risk\n{RISK}", "kind: risk\ntitle: x\n", "- id: RSK-001\n- id: RSK-002\n"]
)
def test_a_yaml_file_elsewhere_with_a_kind_or_an_id_of_ours_is_records(text):
    assert {kind for kind, _, _ in records({"notes/vendor.yml": text})} == {"risk"}


def test_a_list_elsewhere_takes_its_kind_from_the_common_values():
    text = "- common: {kind: observation, metric: M-a}\n- {value: 1}\n"

    assert [(kind, id_) for kind, id_, _ in records({"data/series.yml": text})] == [("observation", None)]


def test_a_broken_yaml_file_elsewhere_that_names_an_id_of_ours_is_not_lost():
    assert codes({"notes/vendor.yml": "id: RSK-014\ntitle: a: b\n"}) == ["not-yaml"]
    assert codes({"notes/vendor.yml": "- kind: risk\n  title: 'a\n"}) == ["not-yaml"]


@pytest.mark.parametrize(
    ("path", "text", "hint"),
    [
        ("risks/a.yml", "kind: rsik\nid: RSK-001\n", "did you mean 'risk'?"),
        ("risks/a.md", "---\nkind: rsik\nid: RSK-001\n---\n", "did you mean 'risk'?"),
        ("notes/a.yml", "kind: Risk\ntitle: x\n", "did you mean 'risk'?"),
        ("notes/a.yml", "kind: spirnt\nid: SPR-01\n", "did you mean 'sprint'?"),
        ("notes/a.yml", "kind: zebra\nid: 12\n", "kinds are decision, model"),
        ("notes/a.md", "---\nkind: rsik\nid: RSK-001\n---\n", "did you mean 'risk'?"),
        ("risks/a.yml", "kind:\nid: RSK-001\n", "kinds are"),
        ("risks/a.yml", "kind: [risk]\nid: RSK-001\n", ""),
    ],
)
def test_an_unknown_kind_is_an_error_at_its_value_with_the_near_word(path, text, hint):
    problem = only_problem({path: text})

    assert (problem.code, problem.place.file) == ("unknown-kind", f"content/{path}")
    assert problem.place.line == (2 if path.endswith(".md") else 1)
    assert hint in problem.hint


def test_an_item_of_a_list_elsewhere_that_tells_no_kind_is_an_error():
    assert only_problem({"notes/a.yml": "- id: RSK-001\n- title: x\n"}).code == "unknown-kind"


@pytest.mark.parametrize(
    ("folder", "near"),
    [
        *(("risk", "risks"), ("Risks", "risks"), ("riks", "risks"), ("decison", "decisions"), ("sprint", "sprints")),
        *(("observation", "observations"), ("model", "models")),
    ],
)
def test_a_folder_named_nearly_like_a_kinds_is_an_error_with_the_near_name(folder, near):
    read = tree({f"raid/{folder}/a.yml": "title: x\n", f"raid/{folder}/b.yml": "title: y\n"})

    assert [(p.code, p.place.file) for p in read.problems] == [("nearly-a-kind-folder", f"content/raid/{folder}/a.yml")]
    assert f"did you mean '{near}'?" in read.problems[0].hint
    assert read.attachments == ()


@pytest.mark.parametrize("folder", ["tests", "images", "wiki", "data", "examples", "costs", "assets"])
def test_ordinary_folders_are_not_near(folder):
    assert codes({f"{folder}/a.yml": "title: x\n"}) == []


def test_in_a_nearly_named_folder_an_id_of_ours_is_read_too_and_a_kind_is_enough():
    read = tree({"risk/RSK-014.yml": RISK, "riks/a.yml": "kind: risk\nid: RSK-015\n"})

    assert sorted(str(record.data["id"]) for record in read.records) == ["RSK-014", "RSK-015"]
    assert [(p.code, p.place.file) for p in read.problems] == [("nearly-a-kind-folder", "content/risk/RSK-014.yml")]


@pytest.mark.parametrize("name", ["RSK-014.txt", "RSK-014.yml.bak", "RSK-014.YML", "notes", "risks.csv", "a.markdown"])
def test_a_file_in_a_kinds_folder_that_is_no_record_and_no_page_is_named(name):
    read = tree({f"risks/{name}": RISK})

    assert [(p.code, p.severity, p.place.file) for p in read.problems] == [
        ("odd-file-in-kind-folder", "error", f"content/risks/{name}")
    ]


def test_a_picture_in_a_kinds_folder_is_named_and_kept():
    read = tree({"models/roc.png": b"\x89PNG", "models/about.md": "![](roc.png)\n"})

    assert [(p.code, p.severity) for p in read.problems] == [("odd-file-in-kind-folder", "information")]
    assert read.attachments == ("content/models/roc.png",)


@pytest.mark.parametrize(
    "text", ["unreadable", b"\xff", "", "# comment\n", "text\n", "id: RSK-1\n<<<<<<< a\n>>>>>>> b\n"]
)
def test_a_file_in_a_kinds_folder_that_cannot_be_read_as_a_record_is_named(text):
    read = tree({"risks/a.yml": text})

    assert len({problem.code for problem in read.problems}) == 1
    assert (read.records, read.attachments) == ((), ())


@pytest.mark.parametrize(
    ("path", "id_"),
    [
        *(
            ("risks/RSK-014.yml", "RSK-014"),
            ("risks/RSK-014-vendor.yml", "RSK-014"),
            ("risks/RSK-014 x.yml", "RSK-014"),
        ),
        *(("risks/vendor.yml", "RSK-014"), ("risks/RSK-.yml", "RSK-014"), ("risks/DEC-001.yml", "RSK-014")),
        *(("models/MV-RW-1.6.2.yml", "MV-RW-1.6.2"), ("models/MV-RW-1.6.2-notes.yml", "MV-RW-1.6.2")),
        ("risks/RSK-0145.yml", "RSK-0145"),
    ],
)
def test_a_file_may_have_any_name_that_does_not_begin_with_another_id(path, id_):
    assert [found for _, found, _ in records({path: f"id: {id_}\n"})] == [id_]


@pytest.mark.parametrize(
    ("path", "id_"),
    [
        *(("risks/RSK-014.yml", "RSK-015"), ("risks/RSK-014-vendor.yml", "RSK-015"), ("risks/RSK-14.yml", "RSK-014")),
        ("models/MV-RW-1.6.2.yml", "MV-RW-1.7.0"),
    ],
)
def test_a_file_named_like_another_record_is_an_error_at_the_id(path, id_):
    problem = only_problem({path: f"title: x\nid: {id_}\n"})

    assert (problem.code, problem.place.line, problem.place.column) == ("file-named-like-another-record", 2, 5)


def test_a_list_file_may_be_named_after_one_of_its_records():
    assert len(records({"risks/RSK-001-and-more.yml": "- id: RSK-002\n- id: RSK-001\n"})) == 2
    assert codes({"risks/RSK-003-and-more.yml": "- id: RSK-002\n- id: RSK-001\n"}) == ["file-named-like-another-record"]


def test_the_charter_is_not_among_the_records():
    read = tree({"project.yml": "kind: project\nid: PRJ-001\ntitle: Readmission Watch\n"})

    assert read.charter is not None
    assert (read.charter.kind, read.charter.file) == ("project", "content/project.yml")
    assert read.charter.data == {"id": "PRJ-001", "title": "Readmission Watch"}
    assert (read.records, read.problems, read.attachments) == ((), (), ())


def test_without_a_charter_there_is_none():
    assert tree({"index.md": "# Home\n"}).charter is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("- id: PRJ-001\n", "not-a-record"), ("kind: risk\nid: PRJ-001\n", "unknown-kind"), ("", "empty-file")],
)
def test_a_charter_that_is_none_is_an_error(text, code):
    assert codes({"project.yml": text}) == [code]


def test_a_second_charter_is_an_error():
    assert codes({"wiki/project.yml": "id: PRJ-001\n"}) == ["misplaced-charter"]


def test_the_content_may_lie_in_another_folder():
    class Docs(Files):
        def __init__(self) -> None:
            self._files = {"docs/project.yml": "id: PRJ-001\n", "docs/reports/executive.md": "x\n"}

    read = read_content(Docs(), FOLDERS, kind_of_id, "docs/project.yml")

    assert read.charter is not None
    assert [template.path for template in read.templates] == ["docs/reports/executive.md"]


def test_templates_settings_and_descriptions_are_known():
    read = tree(
        {
            "reports/executive.md": "---\nstatus: draft\n---\n{{ fig('risk.open') }}\n",
            "reports/logo.png": b"\x89PNG",
            "policy.yml": "rules: []\n",
            "api/service.yaml": "openapi: 3.1.0\n",
            "api/index.md": "# API\n",
            "kinds/audit.yml": "kind: audit\nextends: risk\n",
        }
    )

    assert [(t.path, t.meta) for t in read.templates] == [("content/reports/executive.md", {"status": "draft"})]
    assert [page.path for page in read.pages] == ["content/api/index.md"]
    assert read.attachments == ("content/reports/logo.png",)
    assert (read.records, read.problems) == ((), ())


def test_other_files_are_attachments():
    assert tree({"a.pdf": b"%PDF", "assets/app.js": "x", "CNAME": "example.org"}).attachments == (
        "content/CNAME",
        "content/a.pdf",
        "content/assets/app.js",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# a\u200bb\n", "forbidden-character"),
        ("---\ntitle: x\n", "front-matter-unclosed"),
        ("---\ntitle: a: b\n---\n", "not-yaml"),
        ("<<<<<<< a\nx\n>>>>>>> b\n", "conflict-markers"),
        ("x" * (1024 * 1024 + 1), "too-large"),
    ],
    ids=ascii,
)
def test_what_is_wrong_with_an_ordinary_page_is_told_apart_and_the_page_keeps_its_text(text, code):
    read = tree({"wiki/a.md": text})

    assert {problem.code for problem in read.page_problems} == {code}
    assert read.problems == ()
    assert [page.text for page in read.pages] == [text]


def test_a_page_that_is_no_text_is_left_out_and_named():
    read = tree({"wiki/a.md": b"\xff\xfe"})

    assert [problem.code for problem in read.page_problems] == ["not-utf-8"]
    assert read.pages == ()


@pytest.mark.parametrize(
    "text",
    [
        "---\nid: RSK-014\ntitle: a: b\n---\n",
        "---\nid: RSK-014\n",
        "\n---\nid: RSK-014\n---\n",
        "---\nkind: risk\n\ta: b\n---\n",
    ],
)
def test_a_broken_markdown_record_is_an_error_and_no_page(text):
    read = tree({"wiki/a.md": text})

    assert len(read.problems) == 1
    assert (read.pages, read.page_problems) == ((), ())


def test_all_problems_of_all_files_are_found_in_one_run():
    files = {
        "risks/RSK-001.yml": "id: RSK-002\ntitle: a\u200bb\ntitle: c\n",
        "risks/b.txt": "x",
        "riks/c.yml": "x: y\n",
        "decisions/d.md": "---\nkind: x\n---\n",
    }

    assert sorted(codes(files)) == [
        "duplicate-key",
        "file-named-like-another-record",
        "forbidden-character",
        "nearly-a-kind-folder",
        "odd-file-in-kind-folder",
        "unknown-kind",
    ]


def test_a_forbidden_character_does_not_reach_the_record():
    assert tree({"risks/a.yml": "id: RSK-001\ntitle: a\u202eb\n"}).records[0].data["title"] == "a\ufffdb"


def test_names_of_record_files_are_checked_and_those_of_pages_are_the_callers_choice():
    assert codes({"risks/a#b.yml": RISK, "wiki/a#b.md": "x\n"}) == ["bad-file-name"]


def test_crlf_and_a_byte_order_mark_change_nothing():
    read = tree({"risks/a.yml": b"\xef\xbb\xbfid: RSK-001\r\ntitle: x\r\n"})

    assert (dict(read.records[0].data), read.problems) == ({"id": "RSK-001", "title": "x"}, ())


def test_problems_of_the_snapshot_are_told_with_the_others():
    files = Files({})
    files.problems = (Problem("symlink", "this is a link", Place("content/a.yml")),)

    assert [problem.code for problem in read_content(files, FOLDERS, kind_of_id).problems] == ["symlink"]
