"""What an audience is told of a change: nothing that it may not see on one side or the other (security R40, R45)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.changes.projects import FILES, RISK, begin_here, changes, other, raised, run
from tests.repository import History
from tests.sample import write

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
    assert run(history).out.startswith("The overall status is not shared with this audience\n")
    assert "risk.red" in {f["name"] for f in changes(history, "--audience", "restricted")["figures"]}


@pytest.mark.parametrize("form", FORMS)
def test_the_policy_judges_what_is_hidden_and_says_nothing_of_it_but_the_verdict(history: History, form: str) -> None:
    rules = (
        "- {when: {risk_score_from: 15}, then: block, because: a secret}\n- {when: {record_changed: any}, then: warn}\n"
    )
    policy = write(history.root.parent, {"policy.yml": rules}) / "policy.yml"
    history.commit({"content/risks/RSK-099.yml": raised(SECRET)}, day=0)

    outcome = run(history, "--policy", str(policy), "--format", form)

    assert outcome.code == 1
    assert outcome.out.count("for a reason that is not shared with this audience") == 2
    assert not re.search(r"RSK-099|risk_score|record_changed|secret|rule 1|rule 2", outcome.out)


def rulings(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a report says of the policy, without the parts that its text is made of."""
    return [{key: ruling[key] for key in ("rule", "verdict", "text")} for ruling in data["policy"]]


def test_of_what_meets_a_rule_only_that_is_named_which_the_audience_sees(history: History) -> None:
    policy = write(history.root.parent, {"policy.yml": "- {when: {record_changed: any}, then: warn}\n"}) / "policy.yml"
    history.commit({"content/risks/RSK-001.yml": raised(), "content/risks/RSK-099.yml": raised(SECRET)}, day=0)

    data = changes(history, "--policy", str(policy))

    assert rulings(data) == [
        {"rule": "record_changed any", "verdict": "warn", "text": "record_changed any: RSK-001"},
    ]


def test_what_excuses_a_rule_and_is_hidden_is_not_told(history: History) -> None:
    rules = "- {when: {record_changed: any}, then: block, unless: {record_added: decision}}\n"
    policy = write(history.root.parent, {"policy.yml": rules}) / "policy.yml"
    decision = "id: DEC-001\ntitle: Go on\nstatus: accepted\ndate: 2026-04-01\noutcome: On.\naudience: restricted\n"
    history.commit({"content/risks/RSK-001.yml": raised(), "content/decisions/DEC-001.yml": decision}, day=0)

    data = changes(history, "--policy", str(policy))

    assert data["verdict"] == "allow"
    assert rulings(data) == [
        {"rule": None, "verdict": "allow", "text": "for a reason that is not shared with this audience"}
    ]


def test_what_meets_a_rule_is_named_to_those_who_see_it(history: History) -> None:
    # 5 × 4 is 20, which is at least 15.
    policy = write(history.root.parent, {"policy.yml": "- {when: {risk_score_from: 15}, then: warn}\n"}) / "policy.yml"
    history.commit({"content/risks/RSK-099.yml": raised(SECRET)}, day=0)

    assert rulings(changes(history, "--policy", str(policy), "--audience", "restricted")) == [
        {"rule": "risk_score_from 15", "verdict": "warn", "text": "risk_score_from 15: RSK-099 20"}
    ]


@pytest.mark.parametrize("form", FORMS)
def test_who_may_not_see_the_status_does_not_learn_which_way_it_went(history: History, form: str) -> None:
    # Both rules are met in both directions: the first one way, the second the other.
    rules = (
        "- {when: overall_worse, then: block, because: tell the sponsor that it is worse}\n"
        "- {when: {overall_becomes: green}, then: block}\n"
        "- {when: {figure_changed: risk.*}, then: warn}\n"
    )
    policy = write(history.root.parent, {"policy.yml": rules}) / "policy.yml"
    answered = "owner: Lead\nfallback_plan: By hand.\ntrigger: None come.\n"
    history.commit({"content/risks/RSK-001.yml": RISK + answered}, day=0)
    begin_here(history)
    history.commit({"content/risks/RSK-001.yml": raised() + answered}, day=0)
    options = ("--policy", str(policy), "--audience", "public", "--format", form)

    there, back = run(history, "base", "HEAD", *options), run(history, "HEAD", "base", *options)

    assert (there.code, back.code) == (1, 1)
    assert "The overall status is not shared with this audience" in there.out
    assert there.out.count("for a reason that is not shared with this audience") == 2
    assert not re.search(r"No change|worse|better|green|amber|\bred\b|overall_|risk\.", there.out)
    commits = [history.git("rev-parse", name) for name in ("base", "HEAD")]
    assert _without(commits, there.out) == _without(commits, back.out)


def _without(commits: list[str], text: str) -> str:
    return re.sub("|".join((*commits, *(commit[:10] for commit in commits))), "", text)


def test_a_status_that_only_one_side_shares_is_not_said_to_be_still_so(history: History) -> None:
    disclosed = "disclose:\n- {figure: status.overall, to: public, reason: The sponsor wants it.}\n"
    history.commit({"content/project.yml": FILES["content/project.yml"] + disclosed}, day=0)

    line = run(history, "--audience", "public").out.splitlines()[0]

    assert line == "The overall status is not shared with this audience"


def test_an_audience_that_the_base_did_not_know_sees_of_it_what_the_most_open_one_sees(history: History) -> None:
    order = "audiences: [public, partner, internal, restricted]\ndefault_audience: internal\n"
    history.commit({"content/project.yml": FILES["content/project.yml"] + order}, day=0)

    assert "Feed B" not in told(history, "--audience", "partner")
