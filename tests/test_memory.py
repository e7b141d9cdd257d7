"""What is read once of two revisions is what is read of each."""

from __future__ import annotations

from pathlib import Path

from aipm_site import loading
from aipm_site.loading import Memory, load_project
from aipm_site.readers.git_snapshot import GitSnapshot
from aipm_site.readers.snapshot import WorkingTree
from tests.repository import History
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
    decode = loading.decode_record
    monkeypatch.setattr(loading, "decode_record", lambda kind, raw: decoded.append(raw.file) or decode(kind, raw))
    write(
        history.root, {"content/risks/RSK-002.yml": two["content/risks/RSK-002.yml"].replace("impact: 2", "impact: 3")}
    )

    project, _ = load_project(WorkingTree(history.root), memory=memory)

    assert [file for file in decoded if "risks" in file] == ["content/risks/RSK-002.yml"]
    assert project.records["RSK-002"].impact == 3
