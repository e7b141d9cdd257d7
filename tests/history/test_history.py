"""The history of a figure in real repositories of every shape."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from aipm_site.facts.history import CUT_OFF_REASON
from aipm_site.history import past
from aipm_site.history.trend import Trend, trend_of
from aipm_site.session import Session, as_told, open_session
from tests.repository import FIRST_DAY, History
from tests.sample import RISK, SMALL, aipm, write

CHARTER = """\
id: PRJ-001
title: Small
tz: America/Chicago
dimensions: [risk]
reviewed_on: 2026-04-01
history: {every: day}
"""
MILESTONE = "id: MS-01\ntitle: Pilot\nbaseline_date: 2026-06-15\nforecast_date: 2026-06-15\nreviewed_on: 2026-04-01\n"


def risk(number: int) -> dict[str, str]:
    return {f"content/risks/RSK-00{number}.yml": RISK.replace("RSK-001", f"RSK-00{number}")}


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project with one, two and three open risks on the 1st, 4th and 9th of April 2026."""
    history = History(tmp_path / "project")
    history.commit({**SMALL, "content/project.yml": CHARTER, ".gitignore": "site*/\n"}, day=0)
    history.commit(risk(2), day=3)
    history.commit(risk(3), day=8)
    return history


def session_of(root: Path, **options: str) -> Session:
    return open_session(root, with_history=True, environment={}, **options)


def trend_of_now(root: Path, name: str, **options: str) -> Trend:
    session = session_of(root, **options)
    return trend_of(
        name,
        session.shown_history(),
        session.shown()[1],
        session.revision.commit,
        is_uncommitted=session.revision.uncommitted,
    )


def points(root: Path, name: str = "risk.open", **options: str) -> list[tuple[str, str]]:
    """Return day and value of each point, the present one included."""
    trend = trend_of_now(root, name, **options)
    return [(point.day.isoformat(), (point.figure and point.figure.value) or point.reason) for point in trend.points]


EXPECTED = [("2026-04-01", "1"), ("2026-04-04", "2"), ("2026-04-09", "3")]


def test_a_figure_has_a_point_for_each_day_on_which_something_was_committed(history: History) -> None:
    assert points(history.root) == EXPECTED


def test_by_the_week_it_has_one_for_each_week(history: History) -> None:
    history.commit({"content/project.yml": CHARTER.replace("day", "week")}, day=8, hours=1)

    # 1 and 4 April 2026 are Wednesday and Saturday of one week.
    assert points(history.root) == [("2026-04-04", "2"), ("2026-04-09", "3")]


def test_why_a_figure_was_unknown_is_told_as_it_was_told_then(history: History) -> None:
    milestone = MILESTONE.replace("forecast_date: 2026-06-15\n", "")
    for day in (9, 10, 11):
        history.commit({"content/milestones/MS-01.yml": f"{milestone}summary: Day {day}\n"}, day=day)

    for _ in ("computed", "kept"):
        days = ("2026-04-10", "2026-04-11", "2026-04-12")
        assert points(history.root, "schedule.slip.MS-01") == [(day, "no forecast_date is given") for day in days]
        told = trend_of_now(history.root, "schedule.slip.MS-01")
        assert [stretch.count for stretch in told.stretches] == [3]


def test_what_a_second_run_keeps_changes_nothing(history: History) -> None:
    cold = session_of(history.root).history

    kept = list((history.root / ".git/aipm/history").rglob("*.json"))

    assert len(kept) == 2
    assert session_of(history.root).history == cold
    assert history.git("status", "--porcelain", "--ignored") == ""


def test_kept_states_are_not_computed_again(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = session_of(history.root).history
    monkeypatch.setattr(past, "load_project", None)

    assert session_of(history.root).history == cold


def test_since_a_day_after_all_revisions_it_says_that_there_is_none(history: History) -> None:
    outcome = aipm(history.root, "history", "risk.open", "--since", "2027-01-01")

    assert outcome.out.splitlines()[-1] == "There is nothing: there is no revision of 2027-01-01 or later."


def test_a_commit_that_speaks_for_another_day_says_so(history: History) -> None:
    # 18:00 UTC in Chicago is the next morning in Tokyo.
    history.commit({"content/project.yml": CHARTER.replace("America/Chicago", "Asia/Tokyo")}, day=9)

    lines = aipm(history.root, "history", "risk.open").out.splitlines()

    assert [line[:10] + line[22:] for line in lines if "RSK" not in line and line[:2] == "20"] == [
        "2026-04-02  1 open risk (as at 2026-04-01)",
        "2026-04-05  2 open risks (as at 2026-04-04)",
        "2026-04-10  3 open risks (as at 2026-04-09)",
        "2026-04-11  3 open risks",
    ]


@pytest.mark.parametrize("wrong", ["2062-04-06", "2027-04-06", "2025-04-06"])
@pytest.mark.parametrize("mended", ["as_of: 2026-04-12\n", ""], ids=["mended", "removed"])
def test_a_wrong_as_of_that_a_later_commit_mended_is_no_point(history: History, wrong: str, mended: str) -> None:
    history.commit({**risk(4), "content/project.yml": f"{CHARTER}as_of: {wrong}\n"}, day=9)
    history.commit(risk(5), day=10)
    history.commit({"content/project.yml": CHARTER + mended}, day=11)

    for _ in ("computed", "kept"):
        assert points(history.root)[:-1] == EXPECTED
        assert points(history.root)[-1][1] == "5"


def test_of_the_week_of_a_wrong_as_of_the_commits_before_it_are_shown(history: History) -> None:
    weekly = CHARTER.replace("day", "week")
    history.commit({"content/project.yml": f"{weekly}as_of: 2062-04-11\n"}, day=10)
    history.commit({"content/project.yml": weekly}, day=12)

    # The 9th was a Thursday, the 11th the Saturday of the same week.
    assert points(history.root) == [("2026-04-04", "2"), ("2026-04-09", "3"), ("2026-04-13", "3")]


@pytest.mark.parametrize("damage", [b"", b"not json", b"{}\n{}", None])
def test_a_kept_state_that_is_damaged_is_computed_again(history: History, damage: bytes | None) -> None:
    cold = session_of(history.root).history
    for file in (history.root / ".git/aipm/history").rglob("*.json"):
        # Without its own words: one digit of a value changed.
        file.write_bytes(file.read_bytes().replace(b'"1 open risk"', b'"7 open risk"') if damage is None else damage)

    assert session_of(history.root).history == cold


def test_a_repository_that_cannot_be_written_to_has_its_history_all_the_same(history: History) -> None:
    (history.root / ".git/aipm").write_text("in the way")

    assert points(history.root) == EXPECTED


def test_a_state_that_was_kept_by_other_code_is_computed_again(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = session_of(history.root).history
    monkeypatch.setattr("aipm_site.history.store._code", lambda: "another version")
    monkeypatch.setattr("aipm_site.history.past.state_of", lambda *_, **__: pytest.fail("computed anew"))

    with pytest.raises(pytest.fail.Exception, match="computed anew"):
        session_of(history.root)
    assert len(cold.states) == 2


def test_uncommitted_changes_are_a_last_point_beside_the_last_commit(history: History) -> None:
    write(history.root, risk(4))

    outcome = aipm(history.root, "history", "risk.open", "--json")

    found = json.loads(outcome.out)["points"]
    assert [(point["value"], point["uncommitted"]) for point in found] == [
        ("1", False),
        ("2", False),
        ("3", False),
        ("4", True),
    ]


def test_a_detached_head_has_the_history_up_to_it(history: History) -> None:
    history.git("checkout", "--quiet", "main~1")

    assert points(history.root) == EXPECTED[:2]


def test_at_a_revision_the_history_ends_there(history: History) -> None:
    assert points(history.root, at="main~1") == EXPECTED[:2]


def test_what_a_branch_did_counts_from_its_merge(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "side", "main~1")
    history.commit(risk(4), day=4)
    history.commit(risk(5), day=5)
    history.git("checkout", "--quiet", "main")
    history.git("merge", "--quiet", "--no-ff", "--no-edit", "side", when=FIRST_DAY + timedelta(days=12))

    assert points(history.root) == [*EXPECTED, ("2026-04-13", "5")]


def test_files_that_were_moved_have_their_history(history: History) -> None:
    (history.root / "content/raid").mkdir()
    history.git("mv", "content/risks", "content/raid/risks")
    history.commit({}, day=10)

    assert points(history.root) == [*EXPECTED, ("2026-04-11", "3")]


def test_a_content_folder_that_had_another_name_has_its_history(history: History) -> None:
    history.git("mv", "content", "docs")
    history.commit({"mkdocs.yml": SMALL["mkdocs.yml"].replace("docs_dir: content\n", "")}, day=10)

    session = open_session(history.root, "docs", with_history=True, environment={})

    values = [point.figure and point.figure.value for point in session.history.points("risk.open")]
    assert values == ["1", "2", "3"]


def test_before_the_project_there_is_nothing(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    history.commit({"README.md": "# Soon\n"}, day=0)
    history.commit({**SMALL, "content/project.yml": CHARTER}, day=1)
    history.commit(risk(2), day=2)

    assert points(history.root) == [("2026-04-02", "1"), ("2026-04-03", "2")]


def test_a_shallow_clone_shows_what_it_has_and_says_how_to_get_the_rest(history: History, tmp_path: Path) -> None:
    clone = history.clone(tmp_path / "clone", "--depth=2")

    outcome = aipm(clone, "history", "risk.open")

    assert points(clone) == EXPECTED[1:]
    assert outcome.code == 0
    assert "fetch-depth: 0" in outcome.out


def test_what_a_shallow_clone_kept_is_not_taken_for_whole_when_it_was_deepened(
    history: History, tmp_path: Path
) -> None:
    # Nothing dates this milestone but its commit, which the shallow clone does not hold.
    undated = MILESTONE.replace("reviewed_on: 2026-04-01\n", "")
    charter = CHARTER.replace("[risk]", "[risk, schedule]")
    history.commit({"content/milestones/MS-01.yml": undated, "content/project.yml": charter}, day=9)
    history.commit(risk(4), day=10)
    history.commit(risk(5), day=11)
    clone = history.clone(tmp_path / "clone", "--depth=2")
    assert points(clone, "status.schedule")[0] == ("2026-04-11", CUT_OFF_REASON)

    history.git("fetch", "--quiet", "--unshallow", at=clone)

    assert points(clone, "status.schedule") == points(history.root, "status.schedule")
    assert ("2026-04-11", "green") in points(clone, "status.schedule")


@pytest.fixture
def without_contents(history: History, tmp_path: Path) -> Path:
    """Return a clone that lacks what no file of the last commit holds: RSK-001 as it was until the 9th of April."""
    history.git("config", "uploadpack.allowFilter", "true")
    changed = RISK.replace("impact: 2", "impact: 3").replace("2026-04-14", "2026-04-10")
    history.commit({"content/risks/RSK-001.yml": changed}, day=9)
    history.commit(risk(4), day=11)
    return history.clone(tmp_path / "clone", "--filter=blob:none")


def test_a_clone_without_earlier_contents_shows_what_it_has_and_says_that_it_is_cut_off(
    without_contents: Path, history: History
) -> None:
    outcome = aipm(without_contents, "history", "risk.open")

    assert points(without_contents) == points(history.root)[3:] == [("2026-04-10", "3"), ("2026-04-12", "4")]
    assert outcome.code == 0
    assert "fetch-depth: 0" in outcome.out
    assert session_of(without_contents).history.is_cut_off


def test_a_clone_that_lacks_contents_tells_the_same_status_to_whoever_asks_for_it(without_contents: Path) -> None:
    session = open_session(without_contents, environment={})

    told, with_history = as_told(session), session_of(without_contents)

    assert told.facts.status.overall == with_history.facts.status.overall


def test_what_a_clone_kept_while_it_lacked_contents_is_not_kept_when_it_has_them(
    history: History, tmp_path: Path
) -> None:
    # Nothing dates this milestone but its commits, and the clone lacks what it was before the last of them.
    undated = MILESTONE.replace("reviewed_on: 2026-04-01\n", "")
    charter = CHARTER.replace("[risk]", "[risk, schedule]")
    history.commit({"content/milestones/MS-01.yml": undated, "content/project.yml": charter}, day=9)
    history.commit({"content/milestones/MS-01.yml": undated.replace("Pilot", "The pilot")}, day=10)
    history.commit(risk(4), day=11)
    history.commit(risk(5), day=12)
    history.git("config", "uploadpack.allowFilter", "true")
    clone = history.clone(tmp_path / "clone", "--filter=blob:none")
    assert ("2026-04-12", "green") not in points(clone, "status.schedule")

    for lacking in history.git("rev-list", "--objects", "--no-object-names", "--all").split():
        history.git("cat-file", "-e", lacking, at=clone)

    assert points(clone, "status.schedule") == points(history.root, "status.schedule")


def test_in_a_clone_with_a_filter_settings_that_are_wrong_do_not_cut_it_off(history: History, tmp_path: Path) -> None:
    settings = (history.root / "mkdocs.yml").read_text()
    history.commit({"mkdocs.yml": "site_name: [broken\n"}, day=9)
    history.commit({"mkdocs.yml": settings}, day=11)
    history.git("config", "uploadpack.allowFilter", "true")
    clone = history.clone(tmp_path / "clone", "--filter=blob:limit=100k")

    assert points(clone) == points(history.root)
    assert not session_of(clone).history.is_cut_off


def test_a_clone_without_earlier_folders_is_cut_off_and_says_why_nothing_can_be_looked_up(
    without_contents: Path, history: History, tmp_path: Path
) -> None:
    clone = history.clone(tmp_path / "without-folders", "--filter=tree:0")

    assert points(clone) == points(history.root)[-1:]
    assert session_of(clone).history.is_cut_off
    outcome = aipm(clone, "status", "--at", "HEAD~2")
    assert outcome.code == 2
    assert "made with a filter" in outcome.err
    assert "lazy" not in outcome.err + aipm(clone, "status").out


def test_a_clone_whose_contents_are_all_there_is_not_cut_off(history: History, tmp_path: Path) -> None:
    history.git("config", "uploadpack.allowFilter", "true")
    clone = history.clone(tmp_path / "clone", "--filter=blob:none")

    assert points(clone) == EXPECTED
    assert not session_of(clone).history.is_cut_off


def test_a_clone_of_depth_one_of_a_single_commit_lacks_nothing(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    history.commit({**SMALL, "content/project.yml": CHARTER}, day=0)
    clone = history.clone(tmp_path / "clone", "--depth=1")

    assert not session_of(clone).history.is_cut_off
    assert session_of(clone).history == session_of(history.root).history


def test_without_git_there_is_none_and_the_reason_is_said(history: History, tmp_path: Path) -> None:
    write(tmp_path / "plain", {**SMALL, "content/project.yml": CHARTER})

    outcome = aipm(tmp_path / "plain", "history", "risk.open", "--json")

    data = json.loads(outcome.out)
    assert data["reason"] == "the folder is no git checkout"
    assert [point["value"] for point in data["points"]] == ["1"]


def test_a_revision_whose_records_cannot_be_read_has_no_value_rather_than_one_of_the_rest(history: History) -> None:
    history.commit({**risk(4), "content/risks/RSK-001.yml": RISK.replace("impact: 2", "impact: 9")}, day=10)
    history.commit({"content/risks/RSK-001.yml": RISK}, day=11)

    assert points(history.root)[-2:] == [("2026-04-11", "records of this revision cannot be read"), ("2026-04-12", "4")]


def test_an_earlier_as_of_knows_no_later_revision(history: History) -> None:
    assert [day for day, _ in points(history.root, as_of="2026-04-05")] == ["2026-04-01", "2026-04-04", "2026-04-05"]


def test_a_later_as_of_leaves_the_last_commit_a_point_of_its_own(history: History) -> None:
    assert points(history.root, as_of="2026-04-20") == [*EXPECTED, ("2026-04-20", "3")]


def test_a_figure_that_came_later_begins_where_it_came(history: History) -> None:
    history.commit({"content/milestones/MS-01.yml": MILESTONE}, day=9)
    history.commit(
        {"content/milestones/MS-01.yml": MILESTONE.replace("forecast_date: 2026-06-15", "forecast_date: 2026-06-20")},
        day=10,
    )

    assert points(history.root, "schedule.slip.MS-01") == [("2026-04-10", "0"), ("2026-04-11", "5")]
    forecasts = [state.forecasts.get("MS-01") for state in session_of(history.root).history.states]
    assert [forecast.expected for forecast in forecasts if forecast] == [date(2026, 6, 15)]


def test_a_folder_with_a_line_break_in_its_name_has_a_history(tmp_path: Path) -> None:
    folder = "odd\nfolder/project"
    history = History(tmp_path / "repository")
    for day, files in ((0, {**SMALL, "content/project.yml": CHARTER}), (3, risk(2)), (8, risk(3))):
        history.commit({f"{folder}/{path}": text for path, text in files.items()}, day=day)

    assert points(history.root / folder) == EXPECTED


def test_two_projects_of_one_repository_have_histories_of_their_own(tmp_path: Path) -> None:
    history = History(tmp_path / "both")
    for number in (1, 2):
        one = {f"one/{path}": data for path, data in {**SMALL, "content/project.yml": CHARTER, **risk(number)}.items()}
        other = {f"other/{path}": data for path, data in {**SMALL, "content/project.yml": CHARTER}.items()}
        history.commit({**one, **other}, day=number)

    assert points(history.root / "one") == [("2026-04-02", "1"), ("2026-04-03", "2")]
    assert points(history.root / "other") == [("2026-04-02", "1"), ("2026-04-03", "1")]


def test_a_figure_that_is_hidden_today_is_hidden_at_every_revision(history: History) -> None:
    audience = "audience: public\n"
    shown = {
        f"content/risks/RSK-00{number}.yml": RISK.replace("RSK-001", f"RSK-00{number}") + audience
        for number in (1, 2, 3)
    }
    history.commit({**shown, "content/project.yml": CHARTER + audience}, day=9)
    assert points(history.root, audience="public")[-1] == ("2026-04-10", "3")
    history.commit({"content/risks/RSK-001.yml": RISK + "audience: restricted\n"}, day=10)

    outcome = aipm(history.root, "history", "risk.open", "--audience", "public")

    assert outcome.code == 2
    assert "not shared with the audience 'public'" in outcome.err
    assert outcome.out == ""


def test_a_value_of_a_time_when_it_was_for_fewer_readers_is_not_shown_today(history: History) -> None:
    audience = "audience: public\n"
    shown = {
        f"content/risks/RSK-00{number}.yml": RISK.replace("RSK-001", f"RSK-00{number}") + audience
        for number in (1, 2, 3)
    }
    history.commit({**shown, "content/project.yml": CHARTER + audience}, day=9)

    hidden = "not shared with this audience"
    assert points(history.root, audience="public") == [
        *((day, hidden) for day, _ in EXPECTED),
        ("2026-04-10", "3"),
    ]


def test_of_a_figure_that_is_disclosed_the_past_is_shown_from_that_day_on(history: History) -> None:
    line = "disclose: [{figure: risk.open, to: public, reason: agreed}]\n"
    history.commit({"content/project.yml": CHARTER + line}, day=9)
    history.commit(risk(4), day=10)

    for _ in ("computed", "kept"):
        hidden = [(day, "not shared with this audience") for day, _ in EXPECTED]
        assert points(history.root, audience="public") == [*hidden, ("2026-04-10", "3"), ("2026-04-11", "4")]

    history.commit({"content/project.yml": CHARTER}, day=11)

    assert points(history.root, audience="public") == []


def test_the_terminal_shows_a_line_for_each_point(history: History) -> None:
    outcome = aipm(history.root, "history", "risk.open", "--since", "2026-04-04")

    commits = history.git("rev-list", "--max-count=2", "main").split()
    assert outcome.out.splitlines()[2:4] == [
        f"2026-04-04  {commits[1][:10]}  2 open risks",
        f"2026-04-09  {commits[0][:10]}  3 open risks",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("risk.opn",), "did you mean 'risk.open'?"),
        (("risk.open", "--since", "spring"), "'spring' is no day"),
        (("risk.open", "--at", "nowhere"), "there is no revision"),
    ],
)
def test_what_cannot_be_shown_is_a_wrong_request(history: History, arguments: tuple[str, ...], says: str) -> None:
    outcome = aipm(history.root, "history", *arguments)

    assert outcome.code == 2
    assert says in outcome.err


def test_json_has_its_form(history: History) -> None:
    data = json.loads(aipm(history.root, "history", "risk.open", "--json").out)

    assert data["schema"] == "aipm/history-1"
    assert {key: data[key] for key in ("figure", "unit", "audience", "every", "cut_off", "reason")} == {
        "figure": "risk.open",
        "unit": "risks",
        "audience": "internal",
        "every": "day",
        "cut_off": False,
        "reason": None,
    }
    assert data["points"][1] == {
        "commit": history.git("rev-parse", "main~1"),
        "date": "2026-04-04",
        "as_of": "2026-04-04",
        "uncommitted": False,
        "value": "2",
        "text": "2 open risks",
    }
