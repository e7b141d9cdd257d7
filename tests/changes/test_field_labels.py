"""What changed in a record is called in `aipm changes` as it is called on the record's page."""

from __future__ import annotations

from pathlib import Path

import pytest

from aipm_site.pages.field_values import plan_of
from aipm_site.records import KINDS
from aipm_site.summaries.field_labels import path_label
from tests.changes.projects import FILES, begin_here, run
from tests.repository import History

EVERY_FIELD = sorted({(name, plan.label) for kind in KINDS for name, plan in plan_of(kind.model).items()})
# With the labels that they have on pages.
RECORDS = {
    "content/datasets/DST-001.yml": "id: DST-001\ntitle: Stays\ncontains_personal_data: no\ndpia: {}\n",
    "content/tasks/TSK-001.yml": "id: TSK-001\ntitle: Label stays\nwbs: {}\n",
    "content/meetings/MTG-001.yml": "id: MTG-001\ntitle: Board\nstart: 2026-05-04T10:00\nend: 2026-05-04T11:00\ntz: {}\n",
}
BEFORE, AFTER = ("not begun", "1.1", "Europe/Berlin"), ("none is needed", "1.2", "America/Chicago")
LABELS = ("Impact assessment (DPIA)", "Work breakdown (WBS)", "Time zone")


def written(values: tuple[str, ...]) -> dict[str, str]:
    return {file: text.format(value) for (file, text), value in zip(RECORDS.items(), values, strict=True)}


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_changed_field_has_the_label_of_the_page(tmp_path: Path, form: str) -> None:
    history = History(tmp_path / "project")
    history.commit({**FILES, **written(BEFORE)}, day=0)
    begin_here(history)
    history.commit(written(AFTER), day=1)

    told = run(history, "--format", form).out

    for label, before, after in zip(LABELS, BEFORE, AFTER, strict=True):
        line = next(line for line in told.splitlines() if label in line)
        assert before in line
        assert after in line


@pytest.mark.parametrize(("name", "label"), EVERY_FIELD)
def test_every_field_of_every_kind_has_one_label(name: str, label: str) -> None:
    assert path_label(name) == label
