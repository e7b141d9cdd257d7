"""The policy: what a change may do, what excuses it, and how strictly content/policy.yml is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aipm_site.changes.policy import CONDITIONS_HELD
from aipm_site.records import KINDS
from aipm_site.records.policy import CONDITIONS
from aipm_site.records.policy_rules import read_policy
from aipm_site.summaries.explanations import policy_example
from tests.changes.projects import FILES, MILESTONE, RISK, UNDATED, begin_here, changes, other, raised, run
from tests.repository import History
from tests.sample import aipm, write

POLICY = "content/policy.yml"
DECISION = "id: DEC-001\ntitle: Go on in spite of it\nstatus: accepted\ndate: 2026-04-01\noutcome: We go on.\n"
REPORT = "content/issued-reports/RPT-2026-03-25.yml"
FINAL = """\
id: RPT-2026-03-25
title: Report
status: final
as_of: 2026-03-25
figures: [{name: status.cost, value: amber}]
"""
TWO = UNDATED.replace("dimensions: [risk]", "dimensions: [risk, schedule]")


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "project")
    history.commit(FILES, day=0)
    begin_here(history)
    return history


def judged(history: History, rule: str) -> tuple[str, list[str]]:
    """Return the verdict under a policy of one rule, and the texts of the rules that are met."""
    file = write(history.root.parent, {"policy.yml": rule}) / "policy.yml"
    data = changes(history, "--policy", str(file))
    return data["verdict"], [met["text"] for met in data["policy"]]


def verdict(history: History, when: str, unless: str = "") -> str:
    excuse = f"  unless: {unless}\n" if unless else ""
    return judged(history, f"- when: {when}\n  then: block\n{excuse}")[0]


def met_by(files: dict[str, str | None]) -> dict[str, str | bytes | None]:
    return dict(files)


# Each condition, what makes it hold, and what does not.
HOLDS = [
    ("overall_worse", {"content/risks/RSK-001.yml": raised()}),
    ("overall_becomes: red", {"content/risks/RSK-001.yml": raised()}),
    ("dimension_worse: [risk]", {"content/risks/RSK-001.yml": raised()}),
    ("dimension_dropped: schedule", {"content/project.yml": UNDATED}),
    ("figure_worse: risk.*", {"content/risks/RSK-002.yml": other("RSK-002")}),
    ("figure_changed: [risk.open]", {"content/risks/RSK-002.yml": other("RSK-002")}),
    ("risk_score_from: 20", {"content/risks/RSK-001.yml": raised()}),
    ("record_added: [issue, RSK-002]", {"content/risks/RSK-002.yml": other("RSK-002")}),
    ("record_changed: risk", {"content/risks/RSK-001.yml": RISK.replace("Feed B", "Feed C")}),
    ("record_closed: any", {"content/risks/RSK-001.yml": RISK + "status: closed\nclosed: 2026-04-01\n"}),
    ("record_removed: milestone", {"content/milestones/MS-01.yml": None}),
    ("removed_while_open: any", {"content/milestones/MS-01.yml": None}),
    ("decision_accepted: DEC-001", {"content/decisions/DEC-001.yml": DECISION}),
    ("report_rewritten: RPT-2026-03-25", {REPORT: FINAL.replace("value: amber", "value: red")}),
    ("audience_wider", {"content/risks/RSK-001.yml": RISK + "audience: public\n"}),
    ("audience_narrower", {"content/risks/RSK-001.yml": RISK + "audience: restricted\n"}),
    ("template_changed", {"content/reports/board.md": "# Board\n"}),
    ("policy_changed", {POLICY: "- {when: overall_worse, then: warn}\n"}),
    ("more_errors", {"content/risks/RSK-001.yml": RISK + "impcat: 3\n"}),
    ("more_warnings", {"content/actions/ACT-001.yml": "id: ACT-001\ntitle: Ask them\ndue: 2026-05-01\n"}),
]
# These need a history or a plan of their own, below.
APART = {"gate_worse", "finish_later_days", "estimate_up", "id_taken_twice"}


@pytest.mark.parametrize(("condition", "files"), HOLDS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_condition_holds_where_the_change_does_that_and_not_otherwise(history: History, condition, files) -> None:
    history.commit({"content/project.yml": TWO, "content/milestones/MS-01.yml": MILESTONE, REPORT: FINAL}, day=0)
    begin_here(history)
    when = f"{{{condition}}}" if ":" in condition else condition
    before = verdict(history, when)

    history.commit(files, day=0)

    assert (before, verdict(history, when)) == ("allow", "block")
    # The same words excuse, too.
    assert verdict(history, when, unless=when) == "allow"


def explained(history: History) -> dict[str, dict[str, str]]:
    """Return what `aipm explain policy` says of each key, by section and key; a key is indented by two spaces."""
    outcome = aipm(history.root, "explain", "policy")
    assert outcome.code == 0
    sections = {}
    for section in outcome.out.split("\n\n"):
        title, *lines = section.splitlines()
        keys = re.findall(r"^  (\w+) +(.*(?:\n {3,}.*)*)", "\n".join(lines), re.MULTILINE)
        sections[title] = {key: " ".join(about.split()) for key, about in keys}
    return sections


def test_what_is_explained_is_the_whole_vocabulary(history: History) -> None:
    sections = explained(history)

    assert list(sections["A rule"]) == ["when", "then", "unless", "because"]
    assert sections["A rule"]["then"].endswith("(allow, warn, block)")
    # In the order of the vocabulary, each with words and, in brackets, with what it takes.
    assert list(sections["Conditions, for `when` and `unless`"]) == list(CONDITIONS_HELD)
    for name, about in sections["Conditions, for `when` and `unless`"].items():
        assert about.startswith(f"{CONDITIONS[name]} ("), name
        assert about.endswith(")"), name


# What each form takes, as it is explained.
FORMS = {
    "true": ["true"],
    "green, amber, red, not_fully_reported": ["green", "amber", "red", "not_fully_reported"],
    "whole number, 0 or more": ["0", "20"],
    "number, 0 to 1": ["0", "0.02", "1"],
}
# A name, a list of names, or any.
NAMES = {
    "dimension_worse": ["schedule", "[cost, risk]", "any"],
    "dimension_dropped": ["schedule", "[cost, risk]", "any"],
    "gate_worse": ["DEC-001", "[DEC-001, DEC-002]", "any"],
    "figure_worse": ["risk.open", "[risk.*, cost.eac]", "any"],
    "figure_changed": ["risk.open", "[risk.*, cost.eac]", "any"],
    "report_rewritten": ["RPT-2026-03-25", "[RPT-2026-03-25, RPT-2026-04-01]", "any"],
    "decision_accepted": ["DEC-001", "[DEC-001, DEC-002]", "any"],
}
OF_RECORDS = ["risk", "[issue, RSK-001]", "any"]


def test_every_key_works_in_every_form_in_which_it_is_explained(history: History) -> None:
    conditions = explained(history)["Conditions, for `when` and `unless`"]

    for name, about in conditions.items():
        form = about.rpartition(" (")[2].removesuffix(")")
        values = FORMS.get(form) or NAMES.get(name, OF_RECORDS)
        assert form in {*FORMS, "a name, a list of names, or any"}, name
        for value in values:
            for part in ("when", "unless"):
                other_part = "  unless: more_errors\n" if part == "when" else "  when: more_errors\n"
                rule = f"- then: warn\n{other_part}  {part}: {{{name}: {value}}}\n"
                policy, problems = read_policy(rule.encode(), POLICY, KINDS)
                assert (problems, len(policy.rules)) == ([], 1), rule
                assert name in getattr(policy.rules[0], part).given(), rule


@pytest.mark.parametrize("then", ["allow", "warn", "block"])
def test_each_verdict_is_what_follows(history: History, then: str) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)

    # Where the condition holds, the rule is told, also where it allows.
    assert judged(history, f"- {{when: overall_worse, then: {then}}}\n") == (then, ["overall_worse: green → red"])


def test_an_id_that_was_taken_twice_can_block(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "feature")
    history.commit({"content/risks/RSK-015.yml": other("RSK-015").replace("Feed B", "Feed C")}, day=1)
    history.git("checkout", "--quiet", "main")
    history.commit({"content/risks/RSK-015.yml": other("RSK-015")}, day=2)
    begin_here(history)
    history.git("checkout", "--quiet", "feature")

    assert verdict(history, "id_taken_twice") == "block"
    assert verdict(history, "id_taken_twice", unless="id_taken_twice") == "allow"


def test_all_conditions_of_when_must_hold(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)

    assert verdict(history, "{overall_worse: true, record_added: any}") == "allow"
    assert verdict(history, "{overall_worse: true, record_changed: any}") == "block"


def test_one_condition_of_unless_excuses(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised(), "content/decisions/DEC-001.yml": DECISION}, day=1)

    verdict_, texts = judged(
        history, "- {when: overall_worse, then: block, unless: {decision_accepted: any, record_added: [issue]}}\n"
    )

    assert verdict_ == "allow"
    assert texts == ["overall_worse: green → red; excused by decision_accepted any"]


def test_the_strictest_rule_decides_and_the_reason_of_each_is_told(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)
    rules = (
        "- {when: overall_worse, then: warn, because: tell the sponsor}\n- {when: {record_changed: any}, then: allow}\n"
    )

    assert judged(history, rules) == (
        "warn",
        ["overall_worse: green → red (tell the sponsor)", "record_changed any: RSK-001"],
    )


def test_a_later_finish_of_a_project_without_percentiles_is_that_of_its_last_milestone(history: History) -> None:
    history.commit({"content/milestones/MS-01.yml": MILESTONE}, day=0)
    begin_here(history)
    # 1 to 10 May are nine days.
    moved = MILESTONE.replace("forecast_date: 2026-05-01", "forecast_date: 2026-05-10")
    history.commit({"content/milestones/MS-01.yml": moved}, day=0)

    assert judged(history, "- {when: {finish_later_days: 8}, then: block}\n") == (
        "block",
        ["finish_later_days 8: 9 days later"],
    )
    assert verdict(history, "{finish_later_days: 9}") == "allow"


def test_what_nobody_knows_is_held_against_a_change_and_excuses_nothing(history: History) -> None:
    broken, grave = "content/risks/broken.yml", raised().replace("RSK-001", "RSK-099")
    history.commit({broken: "id: [\n"}, day=1)
    begin_here(history)
    history.commit({broken: None, "content/risks/RSK-099.yml": grave, "content/decisions/DEC-001.yml": DECISION}, day=2)

    # RSK-099 and DEC-001 may have been in the file that nobody could read.
    assert verdict(history, "{risk_score_from: 16}") == "block"
    assert verdict(history, "{record_added: [RSK-099]}") == "block"
    assert verdict(history, "{record_added: [RSK-099]}", "{decision_accepted: DEC-001}") == "block"


def test_block_exits_1_and_warn_0_and_the_report_is_written_in_both(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)
    for then, code in (("warn", 0), ("block", 1)):
        file = write(history.root.parent, {"policy.yml": f"- {{when: overall_worse, then: {then}}}\n"}) / "policy.yml"

        outcome = run(history, "--policy", str(file))

        assert (outcome.code, outcome.out.splitlines()[0]) == (code, "Overall green → red: RSK-001 now 20")
        assert f"\nPolicy: {then}\n" in outcome.out


def test_a_change_cannot_excuse_itself_the_policy_is_that_of_the_base(history: History) -> None:
    history.commit({POLICY: "- {when: overall_worse, then: block}\n"}, day=0)
    begin_here(history)
    history.commit({POLICY: "- {when: overall_worse, then: allow}\n", "content/risks/RSK-001.yml": raised()}, day=1)

    data = changes(history)

    assert data["verdict"] == "block"
    assert data["owner_review"] == [{"file": POLICY, "change": "changed"}]


def test_a_first_policy_holds_at_once(history: History) -> None:
    history.commit({POLICY: "- {when: overall_worse, then: block}\n", "content/risks/RSK-001.yml": raised()}, day=1)

    assert changes(history)["verdict"] == "block"


def test_a_reformatted_policy_is_no_change(history: History) -> None:
    history.commit({POLICY: "- {when: overall_worse, then: block}\n"}, day=0)
    begin_here(history)
    history.commit({POLICY: "# Why\n- when:\n    overall_worse: true\n  then: block\n"}, day=1)

    assert "owner_review" not in changes(history)


def test_a_policy_that_cannot_be_read_allows_nothing(history: History) -> None:
    file = write(history.root.parent, {"policy.yml": "- {when: overal_worse, then: block}\n"}) / "policy.yml"

    outcome = run(history, "--policy", str(file))

    assert outcome.code == 1
    assert "error[unknown-condition]: there is no condition 'overal_worse'" in outcome.err
    assert "cannot be read, so nothing is allowed" in outcome.out


def test_a_policy_that_is_not_there_is_a_wrong_call(history: History) -> None:
    assert run(history, "--policy", "nowhere.yml").code == 2


@pytest.mark.parametrize(
    ("text", "code", "place", "hint"),
    [
        ("- {when: {overal_worse: true}, then: warn}\n", "unknown-condition", "1:11", "did you mean 'overall_worse'?"),
        ("- {when: overall_wrose, then: warn}\n", "unknown-condition", "1:10", "did you mean 'overall_worse'?"),
        ("- when: overall_worse\n  then: warn\n  unles: x\n", "unknown-field", "3:3", "did you mean 'unless'?"),
        (
            "- {when: overall_worse, then: blok}\n",
            "unknown-value",
            "1:31",
            "did you mean 'block'? allowed: allow, warn, block",
        ),
        ("- {when: {dimension_worse: csot}, then: warn}\n", "unknown-name", "1:28", "did you mean 'cost'?"),
        ("- {when: {record_added: rsik}, then: warn}\n", "unknown-name", "1:25", "did you mean 'risk'?"),
        ("- {when: {gate_worse: the gate}, then: warn}\n", "unknown-name", "1:23", "write an id, or any"),
        ("- {when: {finish_later_days: soon}, then: warn}\n", "not-a-number", "1:30", None),
        ("- {when: {overall_worse: false}, then: warn}\n", "wrong-type", "1:26", None),
        ("- {then: warn}\n", "missing-field", "1:3", None),
        ("- {when: {}, then: warn}\n", "missing-field", "1:10", None),
        ("when: overall_worse\nthen: warn\n", "not-a-policy", "1:1", None),
        ("- overall_worse\n", "not-a-policy", "1:3", None),
        ("- {when: overall_worse, then: warn, then: block}\n", "duplicate-key", "1:37", None),
    ],
)
def test_what_is_wrong_with_a_policy_has_its_place_and_a_hint(
    text: str, code: str, place: str, hint: str | None
) -> None:
    policy, problems = read_policy(text.encode(), POLICY, KINDS)

    assert [(p.code, str(p.place)) for p in problems] == [(code, f"{POLICY}:{place}")]
    assert hint is None or problems[0].hint == hint
    assert not policy.is_sound


def test_check_finds_what_is_wrong_with_the_policy_and_what_would_never_be_met(history: History) -> None:
    write(
        history.root,
        {POLICY: "- {when: {figure_worse: risk.opne}, then: warn}\n- {when: {record_changed: RSK-009}, then: warn}\n"},
    )

    outcome = aipm(history.root, "check")

    assert f"{POLICY}:1: warning[rule-without-effect]: figure_worse: there is no figure 'risk.opne'" in outcome.out
    assert "there is no record 'RSK-009'" in outcome.out
    write(history.root, {POLICY: "- {when: x, then: y}\n"})
    assert aipm(history.root, "check").code == 1


def test_the_example_that_is_explained_is_right() -> None:
    policy, problems = read_policy(policy_example().encode(), POLICY, KINDS)

    assert problems == []
    assert len(policy.rules) > 3
