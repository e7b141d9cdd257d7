"""What an audience is told of a change: nothing that it may not see on one side or the other (security R40, R45)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.projects import FILES, RISK, begin_here, changes, other, raised, run
from tests.repository import History

SECRET = other("RSK-099").replace("Feed B changes its units", "Talks with a zebra") + "audience: restricted\n"
FORMS = ("text", "markdown", "json")


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "project")
    history.commit({**FILES, "content/risks/RSK-099.yml": SECRET}, day=0)
    begin_here(history)
    return history


def told(history: History, *arguments: str) -> str:
    return "".join(run(history, *arguments, "--format", form).out for form in FORMS)


def test_a_change_of_a_hidden_record_is_not_told_to_the_default_audience(history: History) -> None:
    history.commit(
        {"content/risks/RSK-099.yml": SECRET.replace("zebra", "gnu").replace("impact: 2", "impact: 3")}, day=0
    )

    everything = told(history)

    assert not {"RSK-099", "zebra", "gnu"} & set(everything.replace('"', " ").split())
    assert "RSK-099" not in everything
    assert "gnu" in told(history, "--audience", "restricted")


def test_a_hidden_id_in_the_words_of_a_changed_record_is_taken_out(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": RISK + "summary: See RSK-099 for more.\n"}, day=0)

    everything = told(history)

    assert "RSK-099" not in everything
    assert "for more." in everything


def test_a_record_that_becomes_narrower_is_neither_removed_nor_shown_as_it_was(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": RISK + "audience: restricted\n"}, day=0)

    data = changes(history)

    assert data["records"] == {"added": [], "changed": [], "closed": [], "removed": []}
    assert data["reclassified"] == [{"id": None, "before": None, "after": None, "narrower": True}]
    assert "RSK-001" not in told(history)
    assert "Feed B" not in told(history)


def test_a_reclassified_record_is_named_to_those_who_may_see_it(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": RISK + "audience: restricted\n"}, day=0)

    data = changes(history, "--audience", "restricted")

    assert data["reclassified"] == [{"id": "RSK-001", "before": "internal", "after": "restricted", "narrower": True}]
    assert "RSK-001 is for fewer readers: internal → restricted" in run(history, "--audience", "restricted").out


def test_a_record_that_becomes_wider_shows_nothing_of_what_it_said_before(history: History) -> None:
    opened = SECRET.replace("zebra", "horse").replace("audience: restricted\n", "")
    history.commit({"content/risks/RSK-099.yml": opened}, day=0)

    assert "zebra" not in told(history)
    assert changes(history)["reclassified"] == [
        {"id": "RSK-099", "before": "restricted", "after": "internal", "narrower": False}
    ]


def test_a_figure_of_hidden_records_is_not_told(history: History) -> None:
    history.commit({"content/risks/RSK-099.yml": raised(SECRET)}, day=0)

    assert changes(history)["figures"] == []
    assert run(history).out.startswith("No change to the status.\n")
    assert "risk.red" in {f["name"] for f in changes(history, "--audience", "restricted")["figures"]}


def test_the_policy_judges_what_is_hidden_and_does_not_name_it(history: History, tmp_path: Path) -> None:
    (tmp_path / "policy.yml").write_text("- {when: {risk_score_from: 15}, then: block}\n")
    history.commit({"content/risks/RSK-099.yml": raised(SECRET)}, day=0)

    outcome = run(history, "--policy", str(tmp_path / "policy.yml"), "--format", "json")

    assert outcome.code == 1
    assert "something that is not shared with this audience" in outcome.out
    assert "RSK-099" not in outcome.out


def test_an_audience_that_the_base_did_not_know_sees_of_it_what_the_most_open_one_sees(history: History) -> None:
    order = "audiences: [public, partner, internal, restricted]\ndefault_audience: internal\n"
    history.commit({"content/project.yml": FILES["content/project.yml"] + order}, day=0)

    assert "Feed B" not in told(history, "--audience", "partner")
