"""The 22 versions of a risk register that nobody here wrote, through real commits: exactly the differences of rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aipm_site.changes.records import RecordChange
from aipm_site.comparison import open_comparison
from aipm_site.workspace import find_workspace
from tests.real_project import CHARTER, SETTINGS, risk_id, risk_record
from tests.repository import History
from tests.shared_data import shared_data

VERSIONS = 22
Cells = tuple[Any, Any]


def versions() -> list[dict[str, dict[str, Any]]]:
    """Return the records of each version by id, oldest first."""
    folder = shared_data("ssi-risk-register")
    files = [*sorted((folder / "history").glob("*.csv")), folder / "register" / "risks.csv"]
    return [{risk_id(row): _given(risk_record(row)) for row in _rows(file)} for file in files]


def _rows(file: Path) -> list[Mapping[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row.get("Risk")]


def _given(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record gives; blanks around a text and lines that end in blanks are no value."""
    return {name: _plain(value) for name, value in record.items() if value not in (None, {}, "")}


def _plain(value: Any) -> Any:
    return {name: inner for name, inner in value.items() if inner.strip()} if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> tuple[History, list[dict[str, dict[str, Any]]], list[str]]:
    """Return a repository with a commit for each version, the versions and the commits.

    Every other version is written as one list, and the others as one file for each risk in a folder of its own: what
    only moved or has another form must not count.
    """
    found = versions()
    history = History(tmp_path_factory.mktemp("register") / "project")
    commits, before = [], set[str]()
    for number, records in enumerate(found):
        files = _as_list(records) if number % 2 else _as_files(records)
        gone = dict.fromkeys(before - files.keys())
        start = {"mkdocs.yml": SETTINGS, "content/project.yml": CHARTER} if not number else {}
        commits.append(history.commit({**start, **files, **gone}, day=0, hours=number / 60))
        before = set(files)
    return history, found, commits


def _as_files(records: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"content/raid/risks/{i}.yml": json.dumps(record, ensure_ascii=False, indent=1) for i, record in records.items()
    }


def _as_list(records: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    # Another order of records and of keys, and other escapes.
    rows = [dict(sorted(records[i].items(), reverse=True)) for i in sorted(records, reverse=True)]
    return {"content/risks.yml": json.dumps(rows, ensure_ascii=False)}


@pytest.mark.parametrize("number", range(1, VERSIONS))
def test_a_change_of_the_register_is_exactly_the_difference_of_its_rows(register, number: int) -> None:
    history, found, commits = register
    before, after = found[number - 1], found[number]

    changes = open_comparison(find_workspace(history.root), commits[number - 1], commits[number]).changes

    assert changes.is_computed
    assert {change.record_id for change in changes.of("added")} == after.keys() - before.keys()
    assert {change.record_id for change in changes.of("removed")} == before.keys() - after.keys()
    told = {change.record_id: fields_of(change) for change in changes.of("changed", "closed", "withdrawn")}
    differing = {i: cells for i in before.keys() & after.keys() if (cells := differences(before[i], after[i]))}
    assert told == differing
    # The figure follows from the rows alone: how many have known scores. Without any row there is no figure.
    figure = next((one for one in changes.figures if one.name == "risk.open"), None)
    told = figure and [one and one.value for one in (figure.before, figure.after)]
    counted = [open_risks(before), open_risks(after)]
    assert told == (counted if counted[0] != counted[1] else None)


def open_risks(records: Mapping[str, Mapping[str, Any]]) -> int | None:
    return sum(record["status"] == "open" for record in records.values()) if records else None


def fields_of(change: RecordChange) -> dict[str, Cells]:
    return {field.field: (plain(field.before), plain(field.after)) for field in change.fields}


def plain(value: Any) -> Any:
    """Return a value with single blanks in its texts: which of them a text has is YAML's to say."""
    if isinstance(value, str):
        return " ".join(value.split())
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Cells]:
    """Return the cells in which two rows differ, each as it was and as it is."""
    names = before.keys() | after.keys()
    cells = {name: (plain(before.get(name)), plain(after.get(name))) for name in names if name != "custom"}
    old, new = before.get("custom", {}), after.get("custom", {})
    cells |= {f"custom.{name}": (plain(old.get(name)), plain(new.get(name))) for name in old.keys() | new.keys()}
    return {name: (one, other) for name, (one, other) in cells.items() if one != other}


def test_all_versions_were_replayed(register) -> None:
    assert len(register[2]) == VERSIONS
