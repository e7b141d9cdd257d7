"""`aipm changes`: what a range does to records, status, figures and gates, in real repositories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.changes.projects import FILES, MILESTONE, RISK, UNDATED, begin_here, changes, other, raised, run
from tests.repository import History
from tests.sample import SMALL, aipm, write

LIST = "content/raid/risks.yml"


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a small project with one commit, tagged "base"."""
    history = History(tmp_path / "project")
    history.commit(FILES, day=0)
    history.git("tag", "base")
    return history


def text(history: History, *arguments: str) -> str:
    return run(history, *arguments).out


def headline(history: History, *arguments: str) -> str:
    return text(history, *arguments).splitlines()[0]


def ids(records: list[Mapping[str, Any]]) -> list[str]:
    return [record["id"] for record in records]


def nothing(data: Mapping[str, Any]) -> bool:
    """Say whether nothing at all is said to have changed."""
    lists = (data["dimensions"], data["figures"], data["gates"], data["id_collisions"], *data["records"].values())
    return not any(lists) and "status" not in data and "owner_review" not in data and "reclassified" not in data


def test_a_shallow_clone_says_that_it_may_not_know_where_branches_parted(history: History, tmp_path: Path) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002")}, day=1)
    history.commit({"content/risks/RSK-003.yml": other("RSK-003")}, day=2)
    shallow = history.clone(tmp_path / "shallow", "--depth", "2")

    outcome = aipm(shallow, "changes", "HEAD~1", "HEAD")

    assert "This clone is cut off" in outcome.out
    assert "\nAdded: 1 risk\n  RSK-003" in outcome.out


def test_the_same_revision_twice_changes_nothing(history: History) -> None:
    data = changes(history, "base", "base")

    assert nothing(data)
    assert (data["schema"], data["verdict"], data["policy"]) == ("aipm/changes-1", "allow", [])
    assert headline(history) == "No change to the status."


def test_time_alone_changes_nothing(history: History) -> None:
    # A year on the risk is stale, and so it is on both sides.
    history.commit({}, day=365)

    assert nothing(changes(history))


def test_a_moved_and_reformatted_record_is_no_change(history: History) -> None:
    as_list = '[{"impact": "2", "probability": 2, "next_review": "2026-05-01", "reviewed_on": "2026-04-01",\n"title": "Feed B changes its units", "id": "RSK-001"}]\n'
    history.commit({"content/risks/RSK-001.yml": None, LIST: as_list}, day=1)

    assert nothing(changes(history))


def test_an_added_a_removed_and_a_changed_record_are_named(history: History) -> None:
    history.commit(
        {"content/risks/RSK-002.yml": other("RSK-002"), "content/risks/RSK-003.yml": other("RSK-003")}, day=1
    )
    begin_here(history)
    history.commit(
        {
            "content/risks/RSK-002.yml": None,
            "content/risks/RSK-003.yml": other("RSK-003").replace("Feed B changes", "Feed C changes"),
            "content/risks/RSK-004.yml": other("RSK-004"),
        },
        day=2,
    )

    records = changes(history)["records"]

    assert ids(records["added"]) == ["RSK-004"]
    assert ids(records["removed"]) == ["RSK-002"]
    assert records["closed"] == []
    assert ids(records["changed"]) == ["RSK-003"]
    assert records["changed"][0]["fields"] == [
        {"field": "title", "before": "Feed B changes its units", "after": "Feed C changes its units"}
    ]


def test_a_record_that_is_removed_while_open_is_named_apart(history: History) -> None:
    closed = other("RSK-002") + "status: closed\nclosed: 2026-04-01\n"
    history.commit({"content/risks/RSK-002.yml": closed}, day=1)
    begin_here(history)
    history.commit({"content/risks/RSK-001.yml": None, "content/risks/RSK-002.yml": None}, day=2)

    removed = changes(history)["records"]["removed"]

    assert [(record["id"], record["open"]) for record in removed] == [("RSK-001", True), ("RSK-002", False)]
    section = text(history).split("Removed while open")[1].split("\n\n")[0]
    assert "RSK-001" in section
    assert "RSK-002" not in section


def test_closed_and_withdrawn_records_are_told_from_changed_ones(history: History) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002")}, day=1)
    begin_here(history)
    history.commit(
        {
            "content/risks/RSK-001.yml": RISK + "status: closed\nclosed: 2026-04-03\n",
            "content/risks/RSK-002.yml": other("RSK-002") + "status: withdrawn\n",
        },
        day=2,
    )

    records = changes(history)["records"]

    assert [(r["id"], r["status"]) for r in records["closed"]] == [("RSK-001", "closed"), ("RSK-002", "withdrawn")]
    assert records["changed"] == []
    assert "\nClosed: 1 risk\n" in text(history)
    assert "\nWithdrawn: 1 risk\n" in text(history)


def test_the_first_line_names_the_risk_that_turned_the_status(history: History) -> None:
    # domain §3.6: in the red band (15 and more) without response, fallback and owner is red; 5 × 4 is 20.
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)

    data = changes(history)

    assert headline(history) == data["headline"] == "Overall green → red: RSK-001 now 20"
    assert (data["status"]["before"], data["status"]["after"], data["status"]["better"]) == ("green", "red", False)
    dimension = data["dimensions"][0]
    assert (dimension["name"], dimension["before"], dimension["after"], dimension["better"]) == (
        "risk",
        "green",
        "red",
        False,
    )
    assert [source["record"] for source in dimension["reasons"][0]["sources"]] == ["RSK-001"]
    assert f"[{dimension['reasons'][0]['rule']}]" in text(history)


LATE = MILESTONE.replace("forecast_date: 2026-05-01", "forecast_date: 2026-07-30")
BOTH = UNDATED.replace("dimensions: [risk]", "dimensions: [risk, schedule]")


def test_the_first_line_gives_no_improvement_as_a_cause_and_tells_the_slip_of_a_young_project(
    history: History,
) -> None:
    # Without a history of slips there is no P50; 1 May to 30 July are 90 days. No tolerance is given, so it is amber.
    milestone = {"content/milestones/MS-01.yml": MILESTONE, "content/project.yml": BOTH}
    history.commit({**milestone, "content/risks/RSK-001.yml": raised(impact=2)}, day=1)
    begin_here(history)
    history.commit({"content/milestones/MS-01.yml": LATE, "content/risks/RSK-001.yml": RISK}, day=2)

    assert headline(history) == "Overall green → amber: schedule green → amber; MS-01 +90 days; RSK-001 down to 4"


def test_a_risk_that_fell_does_not_stand_for_its_dimension_that_became_worse(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised(impact=2)}, day=1)
    begin_here(history)
    # Without the day of its next review a risk is not reported (domain §3.6).
    history.commit({"content/risks/RSK-001.yml": RISK.replace("next_review: 2026-05-01\n", "")}, day=2)

    assert headline(history) == ("Overall green → not fully reported: risk green → not reported; RSK-001 down to 4")


def test_the_first_line_of_a_better_status_begins_with_what_bettered_it(history: History) -> None:
    low, high = {"content/risks/RSK-002.yml": other("RSK-002")}, {"content/risks/RSK-001.yml": raised()}
    history.commit({**low, **high}, day=1)
    begin_here(history)
    # 2 × 4 is amber at the most; two revisions have shown the better status by the last (domain §3.6, rule 5).
    history.commit({"content/risks/RSK-001.yml": RISK}, day=2)
    history.commit({}, day=3)
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", raised(probability=3, impact=2))}, day=4)

    assert headline(history) == "Overall red → green: RSK-001 down to 4; RSK-002 now 6"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"content/milestones/MS-01.yml": LATE}, "MS-01 +90 days"),
        # Another ends the project now: from 1 May to 1 June are 31 days.
        (
            {"content/milestones/MS-02.yml": MILESTONE.replace("MS-01", "MS-02").replace("-05-01", "-06-01")},
            "finish +31 days",
        ),
    ],
)
def test_a_later_finish_is_told_where_no_percentile_of_it_is_known_and_the_status_stays(
    history: History, files: Mapping[str, str], told: str
) -> None:
    history.commit({"content/milestones/MS-01.yml": MILESTONE}, day=1)
    begin_here(history)
    history.commit(files, day=2)

    assert headline(history) == f"Overall still green: {told}"


def test_who_may_not_see_the_milestone_that_ends_the_project_is_not_told_that_it_moved(history: History) -> None:
    hidden = "audience: restricted\n"
    history.commit({"content/milestones/MS-01.yml": MILESTONE + hidden}, day=1)
    begin_here(history)
    history.commit({"content/milestones/MS-01.yml": LATE + hidden}, day=2)

    assert headline(history) == "No change to the status."
    assert headline(history, "--audience", "restricted") == "Overall still green: MS-01 +90 days"


ENDED = "close_reason: It is over.\n"
RISK_CLOSED = RISK + f"status: closed\nclosed: 2026-04-03\n{ENDED}"
HAPPENED = {
    "new at 4": (None, RISK),
    "now 10": (RISK, raised(impact=2)),
    "down to 4": (raised(impact=2), RISK),
    "no longer scored": (RISK, RISK.replace("probability: 2\nimpact: 2\n", "status: draft\n")),
    # A draft is not counted, whatever stands in it.
    "no longer scored, as it is a draft": (RISK, RISK + "status: draft\n"),
    "reopened at 4": (RISK_CLOSED, RISK),
    "closed": (RISK, RISK_CLOSED),
    "materialised": (RISK, RISK + "status: materialised\nmaterialised_on: 2026-04-03\n"),
    "withdrawn": (RISK, RISK + f"status: withdrawn\nwithdrawn_on: 2026-04-03\n{ENDED}"),
    "removed while open": (RISK, None),
}


@pytest.mark.parametrize("said", HAPPENED)
def test_the_first_line_says_what_happened_to_a_risk(history: History, said: str) -> None:
    before, after = HAPPENED[said]
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", before)} if before else {}, day=1)
    begin_here(history)
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", after) if after else None}, day=2)

    # A risk that happened lacks the issue that it became, which is an error.
    line = headline(history).removesuffix(". 1 error to mend.")
    assert line == f"Overall still green: RSK-002 {said.partition(',')[0]}"


def test_the_first_line_names_the_three_greatest_of_the_risks_that_moved_and_counts_the_others(
    history: History,
) -> None:
    # Scores of 20, 15, 12 and twice 4; the first two are red without an answer (domain §3.6).
    scores = {"RSK-002": (3, 4), "RSK-003": (2, 2), "RSK-004": (5, 4), "RSK-005": (2, 2), "RSK-006": (5, 3)}
    history.commit(
        {
            f"content/risks/{record_id}.yml": other(record_id, raised(probability=probability, impact=impact))
            for record_id, (probability, impact) in scores.items()
        },
        day=1,
    )

    assert headline(history) == ("Overall green → red: RSK-004 new at 20; RSK-006 new at 15; RSK-002 new at 12; 2 more")


def test_a_risk_whose_closing_lies_ahead_is_still_open(history: History) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", raised())}, day=1)
    begin_here(history)
    ahead = raised() + f"status: closed\nclosed: 2026-05-02\n{ENDED}"
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", ahead)}, day=2)

    told = changes(history)

    assert told["records"]["closed"] == []
    assert [record["id"] for record in told["records"]["changed"]] == ["RSK-002"]
    assert told["headline"] == "No change to the status."


def test_a_risk_that_lost_its_score_while_open_is_not_closed(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": RISK.replace("probability: 2\n", "")}, day=1)

    # An impact without a probability is an error, too.
    assert headline(history).endswith(": RSK-001 no longer scored. 1 error to mend.")


def test_a_status_that_is_better_as_a_red_risk_was_deleted_is_no_success(history: History) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", raised())}, day=1)
    begin_here(history)
    history.commit({"content/risks/RSK-002.yml": None}, day=2)
    at_once = headline(history)
    # Two revisions have shown it by the third, so that it waits no more (domain §3.6, rule 5).
    history.commit({}, day=3)
    history.commit({}, day=4)

    assert at_once == "Overall still red: RSK-002 removed while open"
    assert headline(history) == "Overall red → green: RSK-002 removed while open"


def test_a_removed_risk_that_was_closed_before_is_not_in_the_first_line(history: History) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", RISK_CLOSED)}, day=1)
    begin_here(history)
    history.commit({"content/risks/RSK-002.yml": None}, day=2)

    assert headline(history) == "No change to the status."


def test_what_betters_the_status_is_said_to_be_better(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)
    begin_here(history)
    # Two revisions have shown it by then, so that it need not wait any more (domain §3.6, rule 5).
    history.commit({"content/risks/RSK-001.yml": RISK}, day=2)
    history.commit({}, day=3)
    history.commit({}, day=4)

    data = changes(history)

    assert headline(history) == "Overall red → green: RSK-001 down to 4"
    assert data["dimensions"][0]["better"] is True
    assert {f["name"]: f["better"] for f in data["figures"]}["risk.red"] is True


def test_figures_have_value_unit_and_direction_and_only_the_changed_ones_appear(history: History) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002")}, day=1)

    figures = {figure["name"]: figure for figure in changes(history)["figures"]}

    assert figures["risk.open"] == {
        "name": "risk.open",
        "unit": "risks",
        "before": "1",
        "after": "2",
        "before_text": "1 open risk",
        "after_text": "2 open risks",
        "change": "+1",
        "better": False,
        "forecast": False,
    }
    assert "risk.red" not in figures
    assert "status.overall" not in figures


def test_a_forecast_that_moves_is_told_in_days(history: History) -> None:
    # 1 to 10 May are nine days; the slip is counted against the baseline of 1 May.
    history.commit({"content/milestones/MS-01.yml": MILESTONE}, day=1)
    begin_here(history)
    history.commit(
        {"content/milestones/MS-01.yml": MILESTONE.replace("forecast_date: 2026-05-01", "forecast_date: 2026-05-10")},
        day=2,
    )

    figures = {figure["name"]: figure for figure in changes(history)["figures"]}
    slip = figures["schedule.slip.MS-01"]

    assert (slip["before"], slip["after"], slip["unit"], slip["better"]) == ("0", "9", "d", False)
    assert "schedule.slip.MS-01: on the baseline → 9 days" in text(history)
    assert "Forecast date: 2026-05-01 → 2026-05-10" in text(history)


def test_a_dimension_that_is_taken_off_the_list_is_news(history: History) -> None:
    two = UNDATED.replace("dimensions: [risk]", "dimensions: [risk, schedule]")
    history.commit({"content/project.yml": two, "content/milestones/MS-01.yml": MILESTONE}, day=1)
    begin_here(history)
    history.commit({"content/project.yml": UNDATED}, day=2)

    data = changes(history)

    assert "schedule no longer tracked" in headline(history)
    assert [(d["name"], d["after"], d["better"]) for d in data["dimensions"]] == [("schedule", "not_applicable", None)]


def test_a_changed_report_template_is_for_review_by_its_owner(history: History) -> None:
    history.commit({"content/reports/board.md": "# Board\n\nAs of {{ as_of }}.\n"}, day=1)

    assert changes(history)["owner_review"] == [{"file": "content/reports/board.md", "change": "added"}]
    assert "For review by an owner\n  content/reports/board.md is added" in text(history)


def test_the_working_tree_is_the_head_where_none_is_named(history: History) -> None:
    write(history.root, {"content/risks/RSK-007.yml": other("RSK-007")})

    data = changes(history, "base")

    assert data["head"] == "working tree"
    assert data["base"] == history.git("rev-parse", "base")
    assert ids(data["records"]["added"]) == ["RSK-007"]


def test_a_head_with_errors_is_reported_all_the_same_and_exits_1(history: History) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002", raised(probability=9))}, day=1)

    outcome = run(history)

    assert outcome.code == 1
    assert outcome.out.startswith("The status was not compared: 1 record of the state after cannot be read.\n")
    assert "error[out-of-range]" in outcome.err


def test_no_first_line_says_that_all_is_well_while_there_are_errors(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": f"{RISK}links: [{{rel: caused_by, id: ISS-404}}]\n"}, day=1)

    outcome = run(history)

    assert outcome.code == 1
    assert outcome.out.splitlines()[0] == "No change to the status. 1 error to mend."
    assert "error[unknown-reference]" in outcome.err


def test_a_record_that_cannot_be_read_is_not_said_to_be_removed(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": RISK.replace("impact: 2", "impact: [")}, day=1)

    data = changes(history)

    assert data["records"] == {"added": [], "changed": [], "closed": [], "removed": []}
    assert data["figures"] == []
    assert data["unread"] == {"base": 0, "head": 1}
    assert data["problems"]["head"]["error"] > 0


CONFLICT = "<<<<<<< ours\n" + RISK + "=======\n" + raised() + ">>>>>>> theirs\n"
NEW_OR_UNREAD = "Of which nobody knows whether they are new: 1 risk\n  RSK-001  Feed B changes its units\n"
GONE_OR_UNREAD = "Of which nobody knows whether they are gone: 1 risk\n  RSK-001  Feed B changes its units\n"


def test_a_record_that_another_file_may_have_held_unread_is_neither_said_to_be_new_nor_to_be_gone(
    history: History,
) -> None:
    history.commit({"content/risks/RSK-001.yml": None, "content/risks/moved.yml": CONFLICT}, day=1)
    history.commit({"content/risks/moved.yml": None, "content/risks/RSK-001.yml": RISK}, day=2)

    there, back = changes(history, "HEAD~1", "HEAD"), changes(history, "HEAD", "HEAD~1")

    assert (there["records"]["added"], ids(there["records"]["added_or_unread"])) == ([], ["RSK-001"])
    assert (back["records"]["removed"], ids(back["records"]["removed_or_unread"])) == ([], ["RSK-001"])
    for revisions, words in ((("HEAD~1", "HEAD"), NEW_OR_UNREAD), (("HEAD", "HEAD~1"), GONE_OR_UNREAD)):
        told = run(history, *revisions).out
        assert words in told
        assert not re.search(r"^(Added|Removed)", told, re.MULTILINE)
        assert words.split("\n")[0] in run(history, *revisions, "--format", "markdown").out


def test_what_was_mended_elsewhere_leaves_a_new_record_unclear_and_what_is_still_unread_does_not(
    history: History,
) -> None:
    history.commit({"content/risks/other.yml": "- ["}, day=1)
    history.commit({"content/risks/RSK-002.yml": other("RSK-002")}, day=2)
    history.commit({"content/risks/other.yml": "- " + other("RSK-003").replace("\n", "\n  ").rstrip() + "\n"}, day=3)

    unread, mended = (changes(history, "HEAD~2", head)["records"] for head in ("HEAD~1", "HEAD"))

    # Who has not touched the file has taken nothing out of it.
    assert (ids(unread["added"]), "added_or_unread" in unread) == (["RSK-002"], False)
    assert (ids(mended["added"]), ids(mended["added_or_unread"])) == ([], ["RSK-002"])


def test_charter_and_policy_hold_no_record_unread(history: History) -> None:
    history.commit({"content/project.yml": "id: [", "content/policy.yml": "- ["}, day=1)
    mended = {"content/project.yml": UNDATED, "content/policy.yml": "- {when: overall_worse, then: warn}\n"}
    history.commit({**mended, "content/risks/RSK-002.yml": other("RSK-002")}, day=2)

    assert ids(changes(history, "HEAD~1", "HEAD")["records"]["added"]) == ["RSK-002"]


def test_an_id_that_two_branches_took_for_different_risks_is_a_collision(history: History) -> None:
    # domain §5, T-66: RSK-015 twice.
    history.git("checkout", "--quiet", "-b", "feature")
    history.commit({"content/risks/RSK-015.yml": other("RSK-015").replace("Feed B", "Feed C")}, day=1)
    history.git("checkout", "--quiet", "main")
    history.commit(
        {"content/risks/RSK-015.yml": other("RSK-015"), "content/risks/RSK-016.yml": other("RSK-016")}, day=2
    )

    data = changes(history, "main", "feature")

    assert ids(data["id_collisions"]) == ["RSK-015"]
    assert data["id_collisions"][0]["head"]["title"] == "Feed C changes its units"
    # What the base's branch did since is not the head's doing.
    assert data["records"]["removed"] == []
    assert data["merge_base"] == history.git("rev-parse", "base")


def test_the_same_record_on_both_branches_is_no_collision(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "feature")
    history.commit({"content/risks/RSK-015.yml": other("RSK-015")}, day=1)
    history.git("checkout", "--quiet", "main")
    history.commit({LIST: "- " + other("RSK-015").replace("\n", "\n  ").rstrip() + "\n"}, day=2)

    assert changes(history, "main", "feature")["id_collisions"] == []


def test_a_range_backwards_says_what_going_back_does(history: History) -> None:
    history.commit({"content/risks/RSK-002.yml": other("RSK-002")}, day=1)

    assert ids(changes(history, "HEAD", "base")["records"]["removed"]) == ["RSK-002"]


def test_a_base_without_a_project_has_no_records(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    history.commit({"README.md": "Nothing yet.\n"}, day=0)
    history.git("tag", "base")
    history.commit({**SMALL, "content/project.yml": UNDATED}, day=1)

    assert ids(changes(history)["records"]["added"]) == ["PRJ-001", "RSK-001"]


def test_a_folder_that_git_does_not_know_is_a_wrong_call(tmp_path: Path) -> None:
    outcome = aipm(write(tmp_path / "project", SMALL), "changes", "main")

    assert (outcome.code, "the folder is no git checkout" in outcome.err) == (2, True)


def test_an_unknown_revision_is_a_wrong_call(history: History) -> None:
    outcome = aipm(history.root, "changes", "bse")

    assert outcome.code == 2
    assert "did you mean 'base'?" in outcome.err
