"""What the status was told to be, wherever one asks: at the revision, in its history, by the day or by the week."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aipm_site.facts.history import CUT_OFF_REASON
from aipm_site.history.trend import trend_of
from aipm_site.session import Session, as_told, open_session
from aipm_site.summaries.reasons import reason_text
from tests.history.test_status import ACTION, AMBER, CHARTER, GREEN, RED, RISK_FILE
from tests.repository import History
from tests.sample import SMALL, aipm
from tests.test_at_revision import built

WEEKLY = CHARTER.replace("every: day", "every: week")
CLOSED = RED + "status: closed\nclosed: 2026-04-20\nclose_reason: it is over\n"
# The days on which the risk of the project was another, after Wednesday 1 April 2026; G, A, R as the rules compute it.
COURSE = ["G", "G", "R", "G", "G", "G", "A", "R", "G", "A", "G", "G", "A", "A", "A", "G", "R", "A", "A", "G", "G", "G"]
# Told: worse at once, better as far as both revisions before and the present one show it (domain §3.6, rule 5).
TOLD = ["G", "G", "R", "R", "R", "G", "A", "R", "R", "R", "A", "A", "A", "A", "A", "A", "R", "R", "R", "A", "A", "G"]
WORDS = {"G": "green", "A": "amber", "R": "red"}


def project(root: Path, course: list[str], charter: str = CHARTER) -> History:
    """Write a project whose risk is of another colour from day to day."""
    history = History(root)
    files = {**SMALL, **ACTION, "content/project.yml": charter, ".gitignore": "site*/\n"}
    for day, letter in enumerate(course):
        risk = {"G": GREEN, "A": AMBER, "R": RED, "C": CLOSED}[letter]
        history.commit({**(files if day == 0 else {}), RISK_FILE: risk}, day=day)
    return history


def session_of(root: Path, **options: str) -> Session:
    return open_session(root, with_history=True, environment={}, **options)


def course(session: Session, name: str) -> list[tuple[str, str | None]]:
    trend = trend_of(name, session.shown_history(), session.shown()[1], session.revision.commit, is_uncommitted=False)
    return [(point.commit or "", point.figure and point.figure.value) for point in trend.points]


def test_the_history_tells_what_each_revision_told(tmp_path: Path) -> None:
    history = project(tmp_path / "project", COURSE)

    found = course(session_of(history.root), "status.overall")

    assert [value for _, value in found] == [WORDS[letter] for letter in TOLD]
    assert course(session_of(history.root), "status.risk") == found


@pytest.mark.parametrize("charter", [CHARTER, WEEKLY], ids=["daily", "weekly"])
def test_status_at_a_revision_is_what_the_history_tells_of_it(tmp_path: Path, charter: str) -> None:
    history = project(tmp_path / "project", COURSE, charter)
    today = session_of(history.root)

    assert len(today.history.states) == (len(COURSE) - 1 if charter == CHARTER else 3)
    for name in ("status.overall", "status.risk"):
        for state in today.history.states:
            then = session_of(history.root, at=state.commit)
            assert course(then, name)[-1] == (state.commit, state.figures[name].value)


def test_the_status_is_the_same_by_the_day_and_by_the_week(tmp_path: Path) -> None:
    # 25 April 2026 is a Saturday: with every further day the weeks of the points end elsewhere.
    daily, weekly = project(tmp_path / "daily", COURSE), project(tmp_path / "weekly", COURSE, WEEKLY)

    for back in range(len(COURSE)):
        one = session_of(daily.root, at=f"main~{back}").facts.status
        other = session_of(weekly.root, at=f"main~{back}").facts.status
        assert (one.overall, one.label, one.standing) == (other.overall, other.label, other.standing)


def test_an_improvement_in_the_week_of_the_turn_waits_with_weekly_points_too(tmp_path: Path) -> None:
    # Green on Friday 3 April, red on Monday the 6th, green on Wednesday the 8th: shown once.
    history = project(tmp_path / "project", ["G"], WEEKLY)
    for day, risk in ((2, GREEN), (5, RED), (7, GREEN)):
        history.commit({RISK_FILE: risk, "content/wiki/day.md": f"# {day}\n"}, day=day)

    status = session_of(history.root).facts.status

    assert (status.overall, status.computed, status.since, status.days) == ("red", "green", date(2026, 4, 6), 2)


def course_with(root: Path, days: list[tuple[str, str | None]]) -> History:
    """Write a project whose risk is of another colour from day to day, and whose project.yml fixes some as-ofs."""
    history = project(root, [days[0][0]])
    for day, (letter, as_of) in enumerate(days):
        files = {RISK_FILE: {"G": GREEN, "A": AMBER, "R": RED}[letter], "content/wiki/day.md": f"# {day}\n"}
        charter = CHARTER if as_of is None else f"{CHARTER}as_of: {as_of}\n"
        history.commit({**files, "content/project.yml": charter}, day=day, hours=1)
    return history


def told_both_ways(root: Path, at: str = "HEAD") -> tuple[str, str]:
    """Return the status as the whole history tells it, and as the few days tell it that decide it."""
    outcome = json.loads(aipm(root, "status", "--json", "--at", at).out)
    few = as_told(open_session(root, at=at, environment={})).facts.status.overall
    assert outcome["overall"]["status"] == few
    return session_of(root, at=at).facts.status.overall, few


@pytest.mark.parametrize("wrong", ["2062-04-04", "2025-04-04", "2026-04-02"])
def test_a_wrong_as_of_has_no_part_in_what_is_told(tmp_path: Path, wrong: str) -> None:
    # The commit of the 4th alone was red; the 2nd and 3rd were green, as the 5th is, so nothing waits.
    days = [("G", None), ("G", None), ("G", None), ("R", wrong), ("G", None)]
    history = course_with(tmp_path / "project", days)

    assert told_both_ways(history.root) == ("green", "green")


@pytest.mark.parametrize("wrong", ["2062-04-03", "2026-03-02"])
def test_with_fixed_as_ofs_the_status_is_told_alike_by_all_days_and_by_the_few_that_decide(
    tmp_path: Path, wrong: str
) -> None:
    # Told: red at once on the 2nd; on the 4th and 5th green waits, as on the two days told before there was a red one.
    days = [("G", "2026-04-01"), ("R", "2026-04-02"), ("A", wrong), ("G", "2026-04-04"), ("G", "2026-04-05")]
    days += [("G", "2026-04-06"), ("G", "2026-04-06"), ("G", "2026-04-07")]
    told = {1: "red", 3: "red", 4: "red", 6: "green", 7: "green"}
    history = course_with(tmp_path / "project", days)

    found = {day: told_both_ways(history.root, f"main~{len(days) - 1 - day}") for day in told}

    assert found == {day: (status, status) for day, status in told.items()}


def test_several_days_that_speak_for_one_are_one_of_those_that_confirm(tmp_path: Path) -> None:
    # Amber was shown once, for the 3rd of April, if by two commits: the 5th is the second time.
    days = [("R", "2026-04-01"), ("R", "2026-04-02"), ("A", "2026-04-03"), ("A", "2026-04-03"), ("A", "2026-04-05")]
    history = course_with(tmp_path / "project", days)

    assert told_both_ways(history.root) == ("red", "red")


def test_a_later_commit_changes_nothing_of_what_was_told(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("GRG"))
    then = history.git("rev-parse", "HEAD")
    before = course(session_of(history.root), "status.overall")
    history.commit({}, day=3)

    told = json.loads(aipm(history.root, "status", "--json", "--at", then).out)["overall"]["status"]

    assert before[-1] == (then, "red")
    assert course(session_of(history.root), "status.overall")[:3] == before
    assert told == "red"


def test_what_is_kept_of_a_revision_is_what_was_computed_of_it_alone(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("RGG"))
    cold = session_of(history.root).history

    files = (history.root / ".git/aipm/history").rglob("*.json")
    kept = [json.loads(file.read_text().partition("\n")[2]) for file in files]

    assert sorted(one["computed"]["risk"][0] for one in kept) == ["green", "red"]
    assert {one["figures"]["status.risk"][0] for one in kept} == {"green", "red"}
    # On the second day it waited.
    assert [state.figures["status.risk"].value for state in cold.states] == ["red", "red"]
    assert session_of(history.root).history == cold


def test_a_status_is_better_at_once_where_what_made_it_worse_is_over(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("RRCC"))

    # A closing counts from the day that the record gives: 20 April.
    history.commit({"content/wiki/late.md": "# Late\n"}, day=19)
    told = dict(course(session_of(history.root), "status.risk"))

    assert list(told.values()) == ["red", "red", "red", "red", "green"]
    history.commit({"content/wiki/later.md": "# Later\n"}, day=20)
    assert list(course(session_of(history.root), "status.overall"))[:5] == list(told.items())


def test_the_overall_status_waits_no_longer_than_its_dimensions(tmp_path: Path) -> None:
    charter = CHARTER.replace("[risk]", "[risk, schedule]")
    history = project(tmp_path / "project", list("RGGG"), charter)
    milestone = "id: MS-01\ntitle: Pilot\nbaseline_date: 2026-06-15\nforecast_date: 2026-06-15\n"
    history.commit({"content/milestones/MS-01.yml": milestone + "reviewed_on: 2026-04-04\n"}, day=4)

    session = session_of(history.root)

    assert [value for _, value in course(session, "status.risk")] == ["red", "red", "red", "green", "green"]
    assert (session.facts.status.overall, session.facts.status.is_withheld) == ("green", False)


def test_where_a_report_was_issued_it_decided_what_was_told(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("RG"))
    report = (
        "id: RPT-2026-04-02-board\ntitle: Board\nkind: report\nstatus: final\nas_of: 2026-04-02\n"
        "audience: internal\ntemplate: executive\nfigures:\n"
        "  - {name: status.overall, value: amber, unit: status}\n  - {name: status.risk, value: amber, unit: status}\n"
    )
    history.commit({"content/reports/RPT-2026-04-02-board.yml": report}, day=2)
    history.commit({"content/wiki/a.md": "# A\n"}, day=3)

    assert [value for _, value in course(session_of(history.root), "status.risk")] == ["red", "red", "amber", "amber"]


def test_a_status_that_waited_is_shown_to_those_who_may_see_what_it_waited_for(tmp_path: Path) -> None:
    public = "audience: public\n"
    history = project(tmp_path / "project", list("RR"))
    history.commit({"content/project.yml": CHARTER + public, RISK_FILE: GREEN + public}, day=2)
    history.commit({"content/wiki/a.md": "# A\n"}, day=3)
    history.commit({"content/wiki/b.md": "# B\n"}, day=4)

    found = [value for _, value in course(session_of(history.root, audience="public"), "status.risk")]

    # On the 3rd and 4th it was red as the hidden days before were.
    assert found == [None, None, None, None, "green"]


def test_a_clone_that_is_cut_off_tells_nothing_that_was_not_told(tmp_path: Path) -> None:
    history = project(tmp_path / "project", COURSE)
    whole = session_of(history.root)
    told = dict(course(whole, "status.overall"))

    for depth in range(2, len(COURSE), 3):
        session = session_of(history.clone(tmp_path / f"clone-{depth}", f"--depth={depth}"))
        earlier, standing = course(session, "status.overall")[:-1], session.facts.status.standing

        assert len(earlier) == depth - 1
        assert all(value in (None, told[commit]) for commit, value in earlier)
        # Once it is known it stays known.
        known = [value is not None for _, value in earlier]
        assert known == sorted(known)
        assert standing.previous == earlier[-1][1]
        assert standing.since in (None, whole.facts.status.since)


# Told: red, red, red, green (domain §3.6, rule 5).
@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """Return a clone that holds the last three days of a project that was red on the day before these."""
    return project(tmp_path / "project", list("RGGG")).clone(tmp_path / "clone", "--depth=3")


def test_what_rests_on_commits_that_are_cut_off_is_not_known(mended: Path) -> None:
    session = session_of(mended)
    before = session_of(mended, at="HEAD~1").facts.status

    trend = trend_of("status.overall", session.history, session.facts, None, is_uncommitted=False)

    assert [(point.figure and point.figure.value, point.reason) for point in trend.points] == [
        (None, CUT_OFF_REASON),
        (None, CUT_OFF_REASON),
        ("green", ""),
    ]
    for status in (session.facts.status, before):
        assert (status.overall, status.previous, status.since) == ("green", None, None)
        assert status.since_reason == CUT_OFF_REASON
        assert status.dimension("risk").standing.reason == CUT_OFF_REASON
    said = aipm(mended, "status").out
    assert "it was" not in said
    assert "at least since" not in said
    assert [one for one in session.facts.news if one.kind == "status-changed"] == []


def test_what_waits_in_a_clone_that_is_cut_off_does_not_name_what_was_told_before(tmp_path: Path) -> None:
    # Of the day before nobody knows whether amber was told or still red; green it was not.
    clone = project(tmp_path / "project", list("RAG")).clone(tmp_path / "clone", "--depth=2")

    status = session_of(clone).facts.status
    risk = status.dimension("risk")

    assert (risk.status, risk.unconfirmed, risk.standing.previous) == ("amber", "green", None)
    assert reason_text(risk.findings[0]) == (
        "Computed: on track (green). Reported as at risk (amber), the best that it can be: what was told before is not "
        "known, as the history of this clone is cut off."
    )


def test_what_is_known_in_a_clone_that_is_cut_off_counts_from_the_first_day_that_is_known(mended: Path) -> None:
    origin = History(mended.parent / "project")
    origin.commit({"content/wiki/a.md": "# A\n"}, day=4)
    origin.commit({RISK_FILE: RED}, day=5)
    origin.commit({"content/wiki/b.md": "# B\n"}, day=6)
    clone = origin.clone(mended.parent / "later", "--depth=6")

    green, red = session_of(clone, at="HEAD~2").facts.status, session_of(clone).facts.status

    assert (green.overall, green.previous, green.since) == ("green", "green", None)
    assert green.since_reason.startswith("at least since 4 April 2026, and the history of this clone ends")
    assert (red.overall, red.previous, red.since) == ("red", "red", date(2026, 4, 6))


def exported(history: History, form: str, file: str, *arguments: str) -> dict[str, Any]:
    out = history.root / "site-files"
    outcome = aipm(history.root, "export", "--format", form, "--out", str(out), *arguments)
    assert outcome.code == 0, outcome.err
    data: dict[str, Any] = json.loads((out / file).read_text())
    return data


def test_of_fixed_days_only_those_are_read_that_decide(tmp_path: Path) -> None:
    days = [("G", f"2026-04-0{1 + day // 2 * 2}") for day in range(9)]
    history = course_with(tmp_path / "project", days)

    as_told(open_session(history.root, environment={}))

    # The two days before decide: the 5th and the 7th, for each of which two commits speak.
    kept = [
        json.loads(file.read_text().partition("\n")[2]) for file in (history.root / ".git/aipm/history").rglob("*.json")
    ]
    assert sorted(one["as_of"] for one in kept) == ["2026-04-05", "2026-04-07"]


def test_feeds_tell_the_changes_of_a_project_without_issued_reports_each_on_its_day_for_ever(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("GGR"), WEEKLY)

    feeds = [exported(history, "atom", "feed.json", "--as-of", f"2026-04-0{day}")["items"] for day in (3, 4, 5)]

    changes = [
        [(one["id"], one["title"], one["date_published"]) for one in feed if one["tags"] == ["status-changed"]]
        for feed in feeds
    ]
    assert [(title, day) for _, title, day in changes[0]] == [
        ("Overall status: green → red", "2026-04-03T00:00:00+00:00"),
        ("Risk: green → red", "2026-04-03T00:00:00+00:00"),
    ]
    assert changes[0] == changes[1] == changes[2]


@pytest.mark.parametrize("wrong", ["2062-04-04", "2025-04-04", "2026-04-02"])
def test_feeds_do_not_tell_of_a_wrong_as_of(tmp_path: Path, wrong: str) -> None:
    days = [("G", None), ("G", None), ("G", None), ("R", wrong), ("G", None)]
    history = course_with(tmp_path / "project", days)

    now = exported(history, "atom", "feed.json")["items"]
    # By then time has come to the day that was never meant.
    later = exported(history, "atom", "feed.json", "--as-of", "2063-01-01")["items"]

    assert [item["title"] for item in now if "→" in item["title"]] == []
    assert [item["title"] for item in later if item["date_published"].startswith(wrong)] == []


def test_what_is_exported_is_what_is_told(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("GRG"))

    assert exported(history, "json", "status.json")["overall"]["status"] == "red"


@pytest.mark.slow
def test_a_site_of_a_revision_at_which_the_status_waited_is_the_same_bytes_later(tmp_path: Path) -> None:
    history = project(tmp_path / "project", list("GRGG"), WEEKLY)
    then = history.git("rev-parse", "HEAD~1")

    there = built(history.clone_at(tmp_path / "clone", then), tmp_path / "there")
    here = built(history.root, tmp_path / "here", "--at", then)

    assert here == there
    assert json.loads(here["status.json"])["overall"]["status"] == "red"
