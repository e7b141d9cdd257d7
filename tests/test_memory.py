"""What is read once of two revisions is what is read of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aipm_site import memory as memory_of_records
from aipm_site.loading import load_project
from aipm_site.memory import Memory
from aipm_site.readers.git_snapshot import GitSnapshot
from aipm_site.readers.record_files import value_of_file
from aipm_site.readers.snapshot import WorkingTree
from tests.repository import History, line_of_folder
from tests.sample import RISK, SMALL, copy_sample, write


def test_a_project_is_the_same_with_and_without_memory(tmp_path: Path) -> None:
    history = History(tmp_path / "sample")
    copy_sample(history.root)
    first = history.commit({"content/riskss/RSK-900.yml": "id: RSK-900\n", "content/risks/x.txt": "odd"}, day=0)
    second = history.commit({"content/risks/RSK-901.yml": RISK.replace("RSK-001", "RSK-901")}, day=1)
    write(history.root, {"content/risks/RSK-901.yml": RISK.replace("impact: 2", "impact: 9")})
    memory = Memory()

    for snapshot in (GitSnapshot(history.root, first), GitSnapshot(history.root, second), WorkingTree(history.root)):
        project, problems = load_project(snapshot, memory=memory)
        fresh, fresh_problems = load_project(snapshot)

        assert project == fresh
        assert sorted(map(repr, problems)) == sorted(map(repr, fresh_problems))
        assert [entry.origin for entry in project.records.values()] == [e.origin for e in fresh.records.values()]


def test_only_what_changed_is_decoded_again_also_in_the_working_tree(tmp_path: Path, monkeypatch) -> None:
    history = History(tmp_path / "project")
    two = {**SMALL, "content/risks/RSK-002.yml": RISK.replace("RSK-001", "RSK-002")}
    commit = history.commit(two, day=0)
    memory, decoded = Memory(), []
    load_project(GitSnapshot(history.root, commit), memory=memory)
    decode = memory_of_records.decode_record
    monkeypatch.setattr(
        memory_of_records, "decode_record", lambda kind, raw: decoded.append(raw.file) or decode(kind, raw)
    )
    write(
        history.root, {"content/risks/RSK-002.yml": two["content/risks/RSK-002.yml"].replace("impact: 2", "impact: 3")}
    )

    project, _ = load_project(WorkingTree(history.root), memory=memory)

    assert [file for file in decoded if "risks" in file] == ["content/risks/RSK-002.yml"]
    assert project.records["RSK-002"].impact == 3


def test_a_declaration_that_says_how_records_are_read_makes_all_be_read_anew(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    supplier = {"content/suppliers/SUP-001.yml": "id: SUP-001\ntitle: Annotation house\n"}
    kind = "name: supplier\nprefix: SUP\nfields:\n  - {name: country, type: line, description: where it sits}\n"
    first = history.commit({**SMALL, **supplier}, day=0)
    second = history.commit({"content/kinds/supplier.yml": kind}, day=1)
    memory = Memory()

    for commit in (first, second, first):
        project, problems = load_project(GitSnapshot(history.root, commit), memory=memory)
        fresh, fresh_problems = load_project(GitSnapshot(history.root, commit))

        assert project.records == fresh.records
        assert sorted(map(repr, problems)) == sorted(map(repr, fresh_problems))


def test_what_was_read_of_a_file_is_not_read_again_to_find_out_when_it_changed(tmp_path: Path, monkeypatch) -> None:
    history = History(tmp_path / "project")
    first = history.commit(SMALL, day=0)
    later = {"content/risks/RSK-001.yml": SMALL["content/risks/RSK-001.yml"].replace("impact: 2", "impact: 3")}
    second = history.commit(later, day=1)
    parsed: list[bytes] = []
    monkeypatch.setattr(memory_of_records, "value_of_file", lambda data: parsed.append(data) or value_of_file(data))

    with Memory() as memory:
        for commit in (first, second):
            load_project(GitSnapshot(history.root, commit), memory=memory)
        changed = memory.changes(line_of_folder(history.root)).files.dates(["content/risks/RSK-001.yml"], second)

    assert [moment.date() for moment in changed.values()] == [date(2026, 4, 2)]
    assert parsed == []


@pytest.mark.parametrize("name", ["risks/RSK-001.yml", "risks/RSK-001.md", "people/people.yml", "wiki/page.md"])
@pytest.mark.parametrize(
    "text",
    [
        "id: RSK-001\ntitle: A risk\n",
        "---\nid: RSK-001\ntitle: A risk\n",
        "---\nid: RSK-001\ntitle: A risk\n---\n\nText below.\n",
        "- id: PER-001\n  title: A person\n- id: PER-002\n  title: Another\n",
        "common: {tags: [a]}\nitems:\n  - {id: PER-001}\n",
        "id: [broken\n",
        "",
        "# only a comment\n",
        "Only text.\n",
        "<<<<<<< HEAD\nid: RSK-001\n=======\nid: RSK-002\n>>>>>>> other\n",
    ],
)
def test_what_is_kept_of_a_file_is_what_its_content_means(tmp_path: Path, name: str, text: str) -> None:
    history = History(tmp_path / "project")
    commit = history.commit({**SMALL, f"content/{name}": text}, day=0)
    snapshot, memory = GitSnapshot(history.root, commit), Memory()

    load_project(snapshot, memory=memory)
    kept = memory.files.value_of(snapshot.blob(f"content/{name}"))

    assert kept in (None, value_of_file(text.encode("utf-8")))
