"""The form aipm/changes-1 on a change that puts something into every list of it (architecture: what is for machines)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.changes.projects import MILESTONE, RISK, UNDATED, changes, other, raised, run
from tests.repository import History
from tests.sample import SMALL

GATE = """\
id: DEC-020
title: Release 1.1
type: gate
subject: MV-1
criteria:
  - {name: Recall, operator: ">=", threshold: 0.70, observed: {value: 0.71, as_of: 2026-04-01, source: a count}}
date: 2026-04-01
"""
MODEL = "id: MV-1\ntitle: Model\nmodel: m\nversion: 1.1.0\nstage: validation\n"
ENDED = "close_reason: It is over.\n"
POLICY = """\
- {when: overall_worse, then: warn, because: the sponsor is told}
- {when: {record_removed: any}, then: block, unless: {record_added: RSK-006}}
"""
CHARTER = UNDATED + "currency: USD\n"
WORTH = "probability_value: 0.5\nimpact_value: {money: 1000}\n"


def risk_file(record_id: str) -> str:
    return f"content/risks/{record_id}.yml"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Return branches that parted at the tag "parted"; "feature" changes something of each sort."""
    history = History(tmp_path_factory.mktemp("form") / "project")
    history.commit(
        {
            **SMALL,
            "content/project.yml": CHARTER,
            "content/policy.yml": POLICY,
            "content/milestones/MS-01.yml": MILESTONE,
            "content/models/MV-1.yml": MODEL,
            "content/decisions/DEC-020.yml": GATE,
            risk_file("RSK-001"): RISK,
            risk_file("RSK-002"): other("RSK-002", RISK + WORTH),
            risk_file("RSK-003"): other("RSK-003"),
            risk_file("RSK-004"): other("RSK-004"),
        },
        day=0,
    )
    history.git("tag", "parted")
    history.git("checkout", "--quiet", "-b", "feature")
    history.commit(
        {
            risk_file("RSK-001"): raised() + "audience: public\n",
            risk_file("RSK-002"): other("RSK-002", RISK + WORTH + f"status: closed\nclosed: 2026-04-02\n{ENDED}"),
            risk_file("RSK-003"): None,
            risk_file("RSK-004"): other("RSK-004", RISK + f"status: withdrawn\nwithdrawn_on: 2026-04-02\n{ENDED}"),
            risk_file("RSK-005"): other("RSK-005").replace("Feed B", "Feed C"),
            risk_file("RSK-006"): other("RSK-006"),
            "content/milestones/MS-01.yml": MILESTONE.replace("forecast_date: 2026-05-01", "forecast_date: 2026-05-10"),
            "content/decisions/DEC-020.yml": GATE.replace("value: 0.71", "value: 0.69"),
            "content/reports/board.md": "# Board\n",
        },
        day=1,
    )
    history.git("checkout", "--quiet", "main")
    history.commit({risk_file("RSK-005"): other("RSK-005")}, day=2)
    return history


@pytest.fixture(scope="module")
def data(history: History) -> dict[str, Any]:
    return changes(history, "main", "feature")


def record(record_id: str, status: str | None = "open", **more: Any) -> dict[str, Any]:
    """Return how a record of the small project is named."""
    kind, title, folder = {
        "RSK": ("risk", "Feed B changes its units", "risks"),
        "MS-": ("milestone", "First clinic live", "milestones"),
        "DEC": ("decision", "Release 1.1", "decisions"),
    }[record_id[:3]]
    named = {"id": record_id, "kind": kind, "plural": f"{kind}s", "title": title, "status": status}
    return {**named, "file": f"content/{folder}/{record_id}.yml", "line": 1, **more}


def field(name: str, before: object, after: object) -> dict[str, object]:
    return {"field": name, "before": before, "after": after}


def test_it_begins_with_its_version_and_says_between_what_and_for_whom(history: History, data: dict[str, Any]) -> None:
    commits = {name: history.git("rev-parse", f"{name}^{{commit}}") for name in ("main", "feature", "parted")}

    assert data["schema"] == "aipm/changes-1"
    assert (data["base"], data["head"], data["merge_base"]) == (
        commits["main"],
        commits["feature"],
        commits["parted"],
    )
    # The day of the head's commit.
    assert (data["as_of"], data["audience"]) == ("2026-04-02", "internal")


def test_it_has_these_keys_and_no_others_and_so_have_their_parts(data: dict[str, Any]) -> None:
    assert data.keys() == {
        *("schema", "base", "merge_base", "head", "as_of", "audience", "headline", "verdict", "policy", "status"),
        *("dimensions", "records", "figures", "gates", "id_collisions", "problems", "reclassified", "owner_review"),
    }
    assert data["records"].keys() == {"added", "removed", "closed", "changed"}
    for name in ("policy", "dimensions", "figures", "gates", "id_collisions", "reclassified", "owner_review"):
        # None is empty, or the tests below would hold nothing.
        assert data[name], name
        assert len({frozenset(item) for item in data[name]}) == 1, name


def test_verdict_and_policy_are_words(data: dict[str, Any]) -> None:
    # A removed record would block, were it not for the new one that excuses it.
    assert data["verdict"] == "warn"
    assert data["policy"] == [
        {
            "rule": "overall_worse",
            "number": 1,
            "line": 1,
            "verdict": "warn",
            "evidence": "green → red",
            "because": "the sponsor is told",
            "excuse": None,
            "text": "overall_worse: green → red (the sponsor is told)",
        },
        {
            "rule": "record_removed any",
            "number": 2,
            "line": 2,
            "verdict": "allow",
            "evidence": "RSK-003",
            "because": None,
            "excuse": "record_added RSK-006: RSK-006",
            "text": "record_removed any: RSK-003; excused by record_added RSK-006",
        },
    ]


def test_status_and_dimensions_say_before_and_after_and_the_rule_that_fired(data: dict[str, Any]) -> None:
    source = {"record": "RSK-001", "file": "content/risks/RSK-001.yml", "line": 1}
    # 5 × 4 without an answer is red (domain §3.6).
    text = (
        "Risk RSK-001 “Feed B changes its units” has score 20, in the red band, and lacks: response actions, "
        "fallback plan, trigger, owner."
    )

    moved = {
        "before": "green",
        "after": "red",
        "better": False,
        "reasons": [{"rule": "red-risk-without-answer", "text": text, "sources": [source]}],
    }
    assert data["status"] == moved
    assert data["dimensions"] == [{"name": "risk", **moved}]
    # Three risks of the six that moved are named, those first that can have made it red.
    assert data["headline"] == (
        "Overall green → red: RSK-001 now 20; RSK-003 removed while open; RSK-005 new at 4; DEC-020 no-go; "
        "MS-01 +9 days; 3 more"
    )


def test_records_are_added_removed_closed_and_changed_by_kind_and_id(data: dict[str, Any]) -> None:
    ended = field("close_reason", None, "It is over.")

    assert data["records"] == {
        "added": [record("RSK-005", title="Feed C changes its units"), record("RSK-006")],
        "removed": [record("RSK-003", open=True)],
        "closed": [
            record(
                "RSK-002",
                "closed",
                fields=[field("status", "open", "closed"), field("closed", None, "2026-04-02"), ended],
            ),
            record(
                "RSK-004",
                "withdrawn",
                fields=[field("status", "open", "withdrawn"), field("withdrawn_on", None, "2026-04-02"), ended],
            ),
        ],
        # A number that is counted with is a decimal text, one that is only compared a number.
        "changed": [
            record("MS-01", None, fields=[field("forecast_date", "2026-05-01", "2026-05-10")]),
            record(
                "RSK-001",
                fields=[field("audience", None, "public"), field("probability", 2, 5), field("impact", 2, 4)],
            ),
            record("DEC-020", "proposed", fields=[field("criteria.1.observed.value", "0.71", "0.69")]),
        ],
    }


def test_figures_are_in_the_order_of_their_names_with_numbers_as_decimal_texts(data: dict[str, Any]) -> None:
    # Four risks were open; of them one is closed, one withdrawn and one removed, and two are new. The one that was worth
    # anything, half of 1,000, is the closed one. From 1 to 10 May are nine days.
    assert [tuple(one[key] for key in ("name", "unit", "before", "after", "better")) for one in data["figures"]] == [
        ("gate.DEC-020.met", "criteria", "1", "0", False),
        ("gate.DEC-020.not_met", "criteria", "0", "1", False),
        ("gate.DEC-020.verdict", "verdict", "go", "no-go", False),
        ("risk.closed", "risks", "0", "1", None),
        ("risk.exposure", "USD", "500", None, None),
        ("risk.open", "risks", "4", "3", True),
        ("risk.red", "risks", "0", "1", False),
        ("risk.withdrawn", "risks", "0", "1", None),
        ("schedule.slip.MS-01", "d", "0", "9", False),
        ("status.overall", "status", "green", "red", False),
        ("status.risk", "status", "green", "red", False),
    ]


def test_figures_are_told_in_words_beside_their_values(data: dict[str, Any]) -> None:
    told = {
        one["name"]: (one["before_text"], one["after_text"], one["change"], one["forecast"]) for one in data["figures"]
    }

    assert told["risk.open"] == ("4 open risks", "3 open risks", "−1", False)
    # What is not known any more says why, and is no quantity.
    assert told["risk.exposure"][1].startswith("unknown: ")
    assert told["risk.exposure"][2:] == ("", False)
    assert told["schedule.slip.MS-01"][2:] == ("+9 days", True)


def test_gates_collisions_and_what_an_owner_must_see(data: dict[str, Any]) -> None:
    place = {"file": "content/risks/RSK-005.yml", "line": 1, "column": 1}

    assert data["gates"] == [
        {
            "id": "DEC-020",
            "title": "Release 1.1",
            "before": "go",
            "after": "no-go",
            "better": False,
            "criteria": {"before": "1 met", "after": "1 not met"},
        }
    ]
    assert data["id_collisions"] == [
        {
            "id": "RSK-005",
            "base": {"title": "Feed B changes its units", **place},
            "head": {"title": "Feed C changes its units", **place},
        }
    ]
    assert data["reclassified"] == [{"id": "RSK-001", "before": "internal", "after": "public", "narrower": False}]
    assert data["owner_review"] == [{"file": "content/reports/board.md", "change": "added"}]


def test_problems_are_counted_on_both_sides_by_severity(data: dict[str, Any]) -> None:
    assert data["problems"].keys() == {"base", "head"}
    for counts in data["problems"].values():
        assert counts.keys() == {"error", "warning", "information"}
        assert all(type(count) is int for count in counts.values())
        assert counts["error"] == 0


def test_what_did_not_change_does_not_appear(history: History) -> None:
    data = changes(history, "parted", "parted")

    empty = ("policy", "dimensions", "figures", "gates", "id_collisions")
    assert {name: data[name] for name in empty} == {name: [] for name in empty}
    assert data["records"] == {"added": [], "removed": [], "closed": [], "changed": []}
    assert data["verdict"] == "allow"
    assert not data.keys() & {"status", "merge_base", "reclassified", "owner_review", "unread"}


def test_it_is_sorted_and_byte_for_byte_the_same_each_time(history: History) -> None:
    def keys_in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert [key for key, _ in pairs] == sorted(key for key, _ in pairs)
        return dict(pairs)

    first, second = (run(history, "main", "feature", "--format", "json").out for _ in range(2))

    assert first == second
    assert first.endswith("}\n")
    assert json.loads(first, object_pairs_hook=keys_in_order)["schema"] == "aipm/changes-1"
