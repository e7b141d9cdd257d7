"""A page or record that was reviewed before something it cites changed is stale, and says so wherever it is shown."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aipm_site.session import open_session, today
from tests.repository import FIRST_DAY, History
from tests.sample import RISK, SMALL, Site, aipm, build, read_tree, write

CHARTER = """\
id: PRJ-001
title: Small
tz: America/Chicago
dimensions: [risk]
pages: strict
reviewed_on: 2026-04-01
history: {every: day}
"""
CITING = f"{RISK}next_review: 2026-06-01\nlinks: [{{rel: caused_by, id: ISS-001}}]\n".replace("04-14", "04-03")
ISSUE = "id: ISS-001\ntitle: Feed B sends other units\nseverity: {severity}\nopened: 2026-04-01\nstatus: {status}\n"
PAGE = "---\ntitle: Feeds\nreviewed_on: 2026-04-03\n---\n# Feeds\n\nSee [[ISS-001]], which is open.\n"
RISK_FILE, ISSUE_FILE, PAGE_FILE = "content/risks/RSK-001.yml", "content/issues/ISS-001.yml", "content/wiki/feeds.md"


def issue(severity: int = 3, status: str = "open", more: str = "") -> str:
    return ISSUE.format(severity=severity, status=status) + more


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project of 4 April 2026 in which a risk and a page, reviewed on the 3rd, cite an issue."""
    history = History(tmp_path / "project")
    files = {**SMALL, "content/project.yml": CHARTER, ISSUE_FILE: issue(), RISK_FILE: CITING, PAGE_FILE: PAGE}
    history.commit({**files, ".gitignore": "site*/\n"}, day=3)
    return history


def stale(root: Path, **options: str) -> dict[str, list[tuple[str, str]]]:
    """Return what is overtaken, and by what."""
    facts = open_session(root, environment={}, **options).facts
    ages = {**facts.freshness, **facts.overtaken_pages}
    return {
        key: [(change.record_id, change.on.isoformat()) for change in age.overtaken_by]
        for key, age in ages.items()
        if age.is_overtaken
    }


def both(day: str) -> dict[str, list[tuple[str, str]]]:
    return {"RSK-001": [("ISS-001", day)], PAGE_FILE: [("ISS-001", day)]}


def test_what_a_commit_changes_makes_stale_what_was_reviewed_before(history: History) -> None:
    assert stale(history.root) == {}

    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)

    assert stale(history.root) == both("2026-04-07")


def test_a_day_that_the_record_gives_goes_before_that_of_the_commit(history: History) -> None:
    history.commit({ISSUE_FILE: issue(2, more="updated: 2026-04-05\n")}, day=6)

    assert stale(history.root) == both("2026-04-05")


def test_an_edit_that_says_it_was_made_before_the_review_was_known_to_it(history: History) -> None:
    history.commit({ISSUE_FILE: issue(2, more="updated: 2026-04-02\n")}, day=6)

    assert stale(history.root) == {}


RESOLVED = "resolved_at: 2026-04-02\nresolution: {}\n"
MILESTONE = "id: MS-01\ntitle: Pilot\nbaseline_date: 2026-04-02\nstatus: done\nactual_date: {}\n"
PROPOSED = "id: DEC-001\ntitle: Feed\nquestion: Which feed?\ndate: 2026-04-01\nstatus: proposed\n"
ACCEPTED = "id: DEC-001\ntitle: Feed\nquestion: Which feed?\ndate: 2026-04-02\nstatus: accepted\noutcome: {}\n"


def edited(history: History, path: str, before: str, after: str) -> None:
    """Commit a record and what cites it before the review, and another state of it after that."""
    record_id = before.partition("\n")[0].removeprefix("id: ")
    citing = {name: text.replace("ISS-001", record_id) for name, text in {RISK_FILE: CITING, PAGE_FILE: PAGE}.items()}
    history.commit({path: before, **citing}, day=2)
    history.commit({path: after}, day=6)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (ISSUE_FILE, issue(3, more="updated: 2026-04-02\n"), issue(1, more="updated: 2026-04-02\n")),
        (
            ISSUE_FILE,
            issue(1, "resolved", RESOLVED.format("mended")),
            issue(1, "resolved", RESOLVED.format("it stays")),
        ),
        (ISSUE_FILE, issue(1, "resolved", RESOLVED.format("mended")), issue(1)),
        ("content/milestones/MS-01.yml", MILESTONE.format("2026-04-02"), MILESTONE.format("2026-04-01")),
        ("content/decisions/DEC-001.yml", ACCEPTED.format("Feed B"), ACCEPTED.format("Feed C")),
    ],
    ids=["updated", "resolution", "reopened", "moved", "outcome"],
)
def test_an_edit_is_noticed_though_the_record_gives_an_older_day(
    history: History, path: str, before: str, after: str
) -> None:
    edited(history, path, before, after)

    found = stale(history.root)

    assert [[day for _, day in changes] for changes in found.values()] == [["2026-04-07"], ["2026-04-07"]]


def test_a_decision_that_was_made_before_the_review_and_committed_after_it_was_known_to_it(history: History) -> None:
    edited(history, "content/decisions/DEC-001.yml", PROPOSED, ACCEPTED.format("Feed B"))

    assert stale(history.root) == {}


def test_a_record_that_says_it_was_closed_before_the_review_was_known_to_it(history: History) -> None:
    closed = issue(status="closed", more="resolved_at: 2026-04-02\nresolution: mended\n")
    history.commit({ISSUE_FILE: closed}, day=6)

    assert stale(history.root) == {}


def test_a_review_that_comes_with_the_change_looked_at_it(history: History) -> None:
    # The day of the review is before that of the commit, as reviews are written down later than they are made.
    reviewed = {path: text.replace("04-03", "04-06") for path, text in {RISK_FILE: CITING, PAGE_FILE: PAGE}.items()}
    history.commit({ISSUE_FILE: issue(severity=2), **reviewed}, day=6)

    assert stale(history.root) == {}

    history.commit({ISSUE_FILE: issue(severity=1)}, day=8)

    assert stale(history.root) == both("2026-04-09")


def test_a_page_reviewed_at_a_moment_looked_at_what_its_commit_changed(history: History) -> None:
    reviewed = PAGE.replace("2026-04-03", "2026-04-06T10:00-05:00")
    assert reviewed != PAGE
    history.commit({ISSUE_FILE: issue(severity=2), PAGE_FILE: reviewed}, day=6)

    assert stale(history.root) == {"RSK-001": [("ISS-001", "2026-04-07")]}


def test_a_new_review_makes_it_fresh_again(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)
    history.commit({RISK_FILE: CITING.replace("04-03", "04-07")}, day=7)

    assert stale(history.root) == {PAGE_FILE: [("ISS-001", "2026-04-07")]}


def test_time_format_a_move_and_a_review_that_changes_nothing_make_nothing_stale(history: History) -> None:
    history.commit({ISSUE_FILE: "# A comment\n" + issue().replace("severity: 3", "severity:   '3'")}, day=6)
    history.commit({ISSUE_FILE: None, "content/raid/issues/ISS-001.yml": issue()}, day=7)
    history.commit({"content/raid/issues/ISS-001.yml": issue(more="reviewed_on: 2026-04-09\n")}, day=8)
    history.commit({"content/wiki/other.md": "# Other\n"}, day=20)

    assert stale(history.root) == {}


def test_what_was_changed_back_makes_nothing_stale_any_more(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)
    history.commit({ISSUE_FILE: issue(severity=1)}, day=7)

    assert stale(history.root) == both("2026-04-08")

    history.commit({ISSUE_FILE: issue()}, day=8)

    assert stale(history.root) == {}


def test_another_record_of_the_same_file_makes_nothing_stale(history: History) -> None:
    def listed(other: int) -> str:
        return "".join(
            f"- {text}".replace("\n", "\n  ").rstrip(" ")
            for text in (issue(), issue(other).replace("ISS-001", "ISS-002"))
        )

    history.commit({ISSUE_FILE: None, "content/issues/issues.yml": listed(3)}, day=4)
    history.commit({"content/issues/issues.yml": listed(1)}, day=6)

    assert stale(history.root) == {}


def test_a_commit_after_the_as_of_says_nothing_of_what_was_known_then(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)

    assert stale(history.root, as_of="2026-04-06") == {}
    assert stale(history.root, as_of="2026-04-07") == both("2026-04-07")


def test_a_project_that_is_dated_before_all_its_commits_goes_by_the_days_of_its_records(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2), RISK_FILE: CITING.replace("04-03", "04-01")}, day=6)

    assert stale(history.root, as_of="2026-04-03") == {}

    history.commit({ISSUE_FILE: issue(2, more="updated: 2026-04-02\n")}, day=8)

    assert stale(history.root, as_of="2026-04-03") == {"RSK-001": [("ISS-001", "2026-04-02")]}


# The day on which these tests run: nobody but the clock says on which day the working tree was changed.
TODAY = today("America/Chicago").isoformat()
OTHER = "- {id: ISS-002, title: Other, severity: 3, opened: 2026-04-01, status: open}\n"
LISTED = "- {id: ISS-001, title: Feed B sends other units, severity: 3, opened: 2026-04-01, status: open}\n"
REVIEWED = {path: text.replace("2026-04-03", TODAY) for path, text in {RISK_FILE: CITING, PAGE_FILE: PAGE}.items()}
EDITS: dict[str, tuple[dict[str, str | None], dict[str, list[tuple[str, str]]]]] = {
    "change": ({ISSUE_FILE: issue(severity=2)}, both(TODAY)),
    "dated": ({ISSUE_FILE: issue(2, more="updated: 2026-04-05\n")}, both("2026-04-05")),
    "made before the review": ({ISSUE_FILE: issue(2, more="updated: 2026-04-02\n")}, {}),
    "reviewed with it": ({ISSUE_FILE: issue(severity=2), **REVIEWED}, {}),
    "format": ({ISSUE_FILE: issue().replace("severity: 3", "severity:   '3'  # of 4")}, {}),
    "move": ({ISSUE_FILE: None, "content/raid/issues/feeds.yml": issue()}, {}),
    "move and change": ({ISSUE_FILE: None, "content/raid/issues/ISS-001.yml": issue(2)}, both(TODAY)),
    "into a list": ({ISSUE_FILE: None, "content/issues/issues.yml": OTHER + LISTED}, {}),
    "confirmed": ({ISSUE_FILE: issue(more=f"reviewed_on: {TODAY}\n")}, {}),
    "another record": ({"content/issues/ISS-002.yml": issue(1).replace("ISS-001", "ISS-002")}, {}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_not_committed_makes_stale_what_it_will_once_it_is_committed_today(history: History, edit: str) -> None:
    files, expected = EDITS[edit]
    write(history.root, {path: text for path, text in files.items() if text is not None})
    for path in (path for path, text in files.items() if text is None):
        (history.root / path).unlink()

    assert stale(history.root) == expected
    history.git("add", "--all")
    assert stale(history.root) == expected
    history.git("commit", "--quiet", "--message", "change", when=datetime.now(UTC))
    assert stale(history.root) == expected


def test_what_is_not_committed_and_says_again_what_was_reviewed_makes_nothing_stale(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)
    write(history.root, {ISSUE_FILE: issue()})

    assert stale(history.root) == {}


def test_what_is_not_committed_says_nothing_of_an_as_of_in_the_past(history: History) -> None:
    # It will be committed after that day, and what is committed then was not known.
    write(history.root, {ISSUE_FILE: issue(severity=2)})

    assert stale(history.root, as_of="2026-04-08") == {}
    assert stale(history.root, at="main") == {}


def test_what_git_ignores_has_no_day(history: History) -> None:
    write(history.root, {".gitignore": "content/issues/\n"})
    history.git("rm", "--quiet", "--cached", ISSUE_FILE)
    history.git("commit", "--quiet", "--all", "--message", "ignore", when=FIRST_DAY + timedelta(days=4))
    write(history.root, {ISSUE_FILE: issue(severity=2), "content/wiki/other.md": "# Other\n"})

    assert stale(history.root) == {}


def test_in_a_folder_of_the_repository_it_is_the_same(tmp_path: Path) -> None:
    history = History(tmp_path / "all")
    files = {**SMALL, "content/project.yml": CHARTER, ISSUE_FILE: issue(), RISK_FILE: CITING, PAGE_FILE: PAGE}
    history.commit({f"own name/{path}": text for path, text in files.items()}, day=3)
    write(history.root / "own name", {ISSUE_FILE: issue(severity=2)})

    assert stale(history.root / "own name") == both(TODAY)


def test_a_record_without_a_day_of_its_own_speaks_for_today_where_it_is_not_committed(history: History) -> None:
    undated = RISK.replace("reviewed_on: 2026-04-14\n", "")
    assert undated != RISK
    history.commit({"content/risks/RSK-002.yml": undated.replace("001", "002")}, day=4)
    write(history.root, {"content/risks/RSK-002.yml": undated.replace("001", "002") + "owner: Data lead\n"})
    write(history.root, {"content/risks/RSK-003.yml": undated.replace("001", "003")})

    ages = open_session(history.root, environment={}).facts.freshness

    assert [ages[i].since for i in ("RSK-002", "RSK-003")] == [date.fromisoformat(TODAY)] * 2


def test_without_git_nothing_is_known_of_commits_and_nothing_said(history: History, tmp_path: Path) -> None:
    without_git = write(tmp_path / "plain", {**SMALL, "content/project.yml": CHARTER, RISK_FILE: CITING})
    write(without_git, {ISSUE_FILE: issue(severity=2), PAGE_FILE: PAGE})

    assert stale(without_git, as_of="2026-04-08") == {}
    assert unknown(without_git, as_of="2026-04-08") == set()
    assert "history-cut-off" not in aipm(without_git, "check", "--as-of", "2026-04-08").out


def unknown(root: Path, **options: str) -> set[str]:
    """Return what nobody knows of whether it is overtaken."""
    return set(open_session(root, environment={}, **options).facts.cut_off_reviews)


@pytest.fixture
def shallow(history: History, tmp_path: Path) -> Path:
    """Return a clone of 11 April that does not hold the commit of the 7th, in which the issue changed."""
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)
    history.commit({"content/wiki/other.md": "# Other\n"}, day=10)
    return history.clone(tmp_path / "shallow", "--depth=1")


def test_a_shallow_clone_does_not_know_of_reviews_before_its_end(history: History, shallow: Path) -> None:
    assert stale(history.root) == both("2026-04-07")
    assert (stale(shallow), unknown(shallow)) == ({}, {"RSK-001", PAGE_FILE})
    assert unknown(history.root) == set()


def test_a_shallow_clone_knows_of_reviews_from_its_first_day_on(history: History, tmp_path: Path) -> None:
    reviewed = CITING.replace("04-03", "04-07")
    history.commit({RISK_FILE: reviewed, PAGE_FILE: PAGE.replace("04-03", "04-05")}, day=6)
    history.commit({ISSUE_FILE: issue(severity=2)}, day=10)

    shallow = history.clone(tmp_path / "shallow", "--depth=2")
    # It ends on 7 April. What is known to have changed makes stale, whatever else may have.
    assert (stale(shallow), unknown(shallow)) == (both("2026-04-11"), set())
    assert unknown(shallow, as_of="2026-04-08") == {PAGE_FILE}


def test_what_the_records_say_themselves_is_known_in_a_shallow_clone(history: History, tmp_path: Path) -> None:
    history.commit({ISSUE_FILE: issue(2, more="updated: 2026-04-05\n")}, day=6)
    shallow = history.clone(tmp_path / "shallow", "--depth=1")

    assert (stale(shallow), unknown(shallow)) == (both("2026-04-05"), set())


def test_the_status_of_a_shallow_clone_is_not_green_by_what_is_not_known(shallow: Path) -> None:
    told = json.loads(aipm(shallow, "status", "--json").out)

    (risk,) = (dimension for dimension in told["dimensions"] if dimension["name"] == "risk")
    assert (told["overall"]["status"], risk["status"]) == ("not_fully_reported", "not_reported")
    assert [reason["rule"] for reason in risk["reasons"]] == ["risk-cut-off"]
    assert "was reviewed on 3 April 2026, and whether" in risk["reasons"][0]["text"]
    assert "fetch-depth: 0" in risk["reasons"][0]["text"]


def test_a_check_in_a_shallow_clone_says_once_how_to_know(history: History, shallow: Path) -> None:
    outcome = aipm(shallow, "check", "--format", "json")
    found = [p for p in json.loads(outcome.out)["problems"] if p["code"] == "history-cut-off"]

    assert outcome.code == 0
    assert [(p["file"], p["severity"]) for p in found] == [("content/project.yml", "warning")]
    assert found[0]["message"].startswith("whether 2 reviews still hold is not known")
    assert "fetch-depth: 0" in found[0]["hint"]
    assert "history-cut-off" not in aipm(history.root, "check").out


def test_without_settings_it_is_said_at_the_first_file_that_was_reviewed(history: History, tmp_path: Path) -> None:
    history.commit({"content/project.yml": None, ISSUE_FILE: issue(severity=2)}, day=6)
    shallow = history.clone(tmp_path / "shallow", "--depth=1")

    assert f"{RISK_FILE}: warning[history-cut-off]" in aipm(shallow, "check").out


def test_the_pages_of_a_shallow_clone_say_that_it_is_not_known(shallow: Path) -> None:
    site = build(shallow)

    said = "it is not known of every review whether what it looked at changed since"
    assert said in site.text("status/missing")
    assert "not known to hold: reviewed on 3 April 2026" in site.text("risks/RSK-001")
    assert "RSK-001 stale" not in site.text("risks")
    assert "aipm-notice" not in site.html("wiki/feeds")


def test_a_review_that_readers_may_not_see_is_not_told_to_them(history: History, tmp_path: Path) -> None:
    charter = CHARTER + "audience: client\n"
    history.commit({"content/project.yml": charter, PAGE_FILE: None, RISK_FILE: CITING + "audience: internal\n"}, day=6)
    shallow = history.clone(tmp_path / "shallow", "--depth=1")

    assert unknown(shallow) == {"RSK-001"}
    assert "it is not known of every review" not in build(shallow, "--audience", "client").text("status/missing")


def test_without_git_the_days_of_the_records_still_count(tmp_path: Path) -> None:
    files = {**SMALL, RISK_FILE: CITING, PAGE_FILE: PAGE, ISSUE_FILE: issue(more="updated: 2026-04-05\n")}
    root = write(tmp_path, {**files, "content/project.yml": CHARTER})

    assert stale(root, as_of="2026-04-08") == both("2026-04-05")


def test_the_status_is_never_green_with_a_stale_risk_and_says_why(history: History) -> None:
    assert json.loads(aipm(history.root, "status", "--json").out)["overall"]["status"] == "green"

    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)
    told = json.loads(aipm(history.root, "status", "--json").out)

    assert told["overall"]["status"] == "not_fully_reported"
    (risk,) = (dimension for dimension in told["dimensions"] if dimension["name"] == "risk")
    assert [reason["rule"] for reason in risk["reasons"]] == ["risk-overtaken"]
    assert "reviewed on 3 April 2026, before ISS-001 changed (last on 7 April 2026)" in risk["reasons"][0]["text"]
    assert "before ISS-001 changed (last on 7 April 2026)" in " ".join(aipm(history.root, "status").out.split())


def test_the_history_of_the_status_says_what_each_day_said(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)
    history.commit({RISK_FILE: CITING.replace("04-03", "04-08")}, day=8)

    told = json.loads(aipm(history.root, "history", "status.risk", "--json").out)

    assert [point.get("value") for point in told["points"]] == ["green", None, "green"]


def test_a_check_warns_at_the_day_of_the_review_and_points_to_what_changed(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)

    outcome = aipm(history.root, "check", "--format", "json")
    problems = [p for p in json.loads(outcome.out)["problems"] if p["code"] == "review-overtaken"]

    assert outcome.code == 0
    assert [(p["file"], p["line"], p["severity"]) for p in problems] == [
        (RISK_FILE, 5, "warning"),
        (PAGE_FILE, 3, "warning"),
    ]
    assert problems[0]["message"] == "RSK-001 was reviewed on 2026-04-03, before ISS-001 changed"
    assert [(r["file"], r["message"]) for r in problems[0]["related"]] == [
        (ISSUE_FILE, "ISS-001 changed on 2026-04-07")
    ]


def test_the_pages_say_which_record_and_link_to_it(history: History) -> None:
    history.commit({ISSUE_FILE: issue(severity=2)}, day=6)

    site = build(history.root)

    said = "reviewed on 3 April 2026, before ISS-001 changed on 7 April 2026"
    assert f"stale: {said}" in site.text("risks/RSK-001")
    assert f"Stale: {said}. What is stale" in site.text("wiki/feeds")
    note = site.article("wiki/feeds").css_first(".aipm-notice")
    assert [link.attributes["href"] for link in note.css("a")] == [
        "../../issues/ISS-001/",
        "../../status/missing/#stale",
    ]
    listed = [[cell.text(strip=True) for cell in row.css("td")] for row in site.page("status/missing").css("tr")]
    assert [row[0] for row in listed if row and "changed on" in row[1]] == [
        "RSK-001Feed B changes its units",
        "Feeds",
    ]
    assert "1 risk, 1 open, 1 stale." in site.text("risks")
    assert "RSK-001 stale" in site.text("risks")
    assert "aipm-notice" not in site.html("wiki/start")


def test_a_site_in_which_nothing_is_stale_says_nothing_of_it(history: History) -> None:
    site = build(history.root)

    assert site.everywhere("What is stale") == []
    assert "aipm-notice" not in site.html("wiki/feeds")


def test_at_a_revision_it_is_what_a_build_of_that_commit_said(history: History, tmp_path: Path) -> None:
    stale_at = history.commit({ISSUE_FILE: issue(severity=2)}, day=6)
    history.commit({RISK_FILE: CITING.replace("04-03", "04-08"), ISSUE_FILE: issue(severity=1)}, day=8)
    then = history.clone_at(tmp_path / "then", stale_at)

    build(history.root, "--at", stale_at, site="site-at")
    build(then, site="site")

    assert read_tree(history.root / "site-at") == read_tree(then / "site")
    assert "before ISS-001 changed on 7 April 2026" in Site(then / "site").text("risks/RSK-001")


@pytest.mark.parametrize("by", ["commit", "day"])
def test_a_hidden_record_is_named_in_no_byte_and_neither_is_the_day_of_its_change(history: History, by: str) -> None:
    hidden = "audience: internal\n"
    dated = "updated: 2026-04-07\n" if by == "day" else ""
    shared = {
        RISK_FILE: CITING + "audience: client\n",
        PAGE_FILE: PAGE.replace("title:", "audience: client\ntitle:"),
        # By the week no figure has a point on the day of the change.
        "content/project.yml": CHARTER.replace("every: day", "every: week") + "audience: client\n",
    }
    history.commit({**shared, ISSUE_FILE: issue(more=hidden)}, day=4)
    history.commit({ISSUE_FILE: issue(2, more=hidden + dated)}, day=6)
    history.commit({"content/wiki/other.md": "# Other\n"}, day=9)

    site = build(history.root, "--audience", "client")

    told = "before a record that is not shared with this audience changed"
    assert told in site.text("risks/RSK-001")
    assert told in site.text("wiki/feeds")
    for path, data in read_tree(site.folder).items():
        assert b"ISS-001" not in data, path
        assert b"7 April 2026" not in data, path
        assert b"2026-04-07" not in data or path == "build.json", path
    assert b"ISS-001" not in aipm(history.root, "status", "--json", "--audience", "client").out.encode()


AS_IS = CHARTER.replace("pages: strict\n", "")


def test_in_other_peoples_pages_the_key_means_something_only_where_a_record_is_named(history: History) -> None:
    plain = "---\nreviewed_on: 2026-04-03\n---\n# Plain\n\nNo record.\n"
    odd = "---\nreviewed_on: {by: somebody}\n---\n# Odd\n\nNo record.\n"
    history.commit(
        {"content/project.yml": AS_IS, "content/plain.md": plain, "content/odd.md": odd, ISSUE_FILE: issue(2)}, day=6
    )

    assert stale(history.root) == both("2026-04-07")
    assert "not-a-date" not in aipm(history.root, "check").out
    assert "aipm-" not in build(history.root).article("plain").html


def test_a_site_without_records_keeps_its_bytes(tmp_path: Path) -> None:
    settings = {"mkdocs.yml": SMALL["mkdocs.yml"]}
    page = "---\nreviewed_on: {}\n---\n# Page\n\nSee [[ISS-001]].\n"
    one = write(tmp_path / "one", {**settings, "content/index.md": page.format("2020-01-01")})
    other = write(tmp_path / "other", {**settings, "content/index.md": page.format("some time")})

    assert aipm(one, "check").out == aipm(other, "check").out
    assert build(one, "--as-of", "2026-04-15").html("") == build(other, "--as-of", "2026-04-15").html("")
