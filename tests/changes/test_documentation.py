"""What docs/changes.md promises: its policy is right and does what it says, and its keys are those of the JSON."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aipm_site.records import KINDS
from aipm_site.records.policy_rules import read_policy
from tests.changes.projects import FILES, begin_here, changes, raised
from tests.repository import History
from tests.sample import ROOT

PAGE = (ROOT / "docs" / "changes.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "project")
    history.commit({**FILES, "content/policy.yml": EXAMPLE}, day=0)
    begin_here(history)
    return history


def test_the_policy_of_the_page_is_right() -> None:
    assert read_policy(EXAMPLE.encode(), "content/policy.yml", KINDS)[1] == []


def test_the_policy_of_the_page_blocks_what_it_says(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)

    data = changes(history)

    assert data["verdict"] == "block"
    assert "(the sponsor hears of a red project before it is merged)" in data["policy"][0]["text"]


def test_the_policy_of_the_page_excuses_what_was_decided(history: History) -> None:
    decision = "id: DEC-001\ntitle: Go on\nstatus: accepted\ndate: 2026-04-01\noutcome: We go on.\n"
    history.commit({"content/risks/RSK-001.yml": raised(), "content/decisions/DEC-001.yml": decision}, day=1)

    assert changes(history)["verdict"] == "warn"


def test_the_page_names_every_key_of_the_json(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)
    table = PAGE.split("| key |")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-z_]+)(?:\[\])?`", table))

    data = changes(history)

    assert data.keys() - {"schema"} <= named
    for group in ("dimensions", "figures", "policy"):
        assert data[group][0].keys() <= named
    assert data["records"].keys() <= named
