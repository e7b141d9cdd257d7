"""Since when the status has been as it is: over the revisions, where no issued report says so (domain §3.6 rule 5)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from aipm_site.session import Session, open_session
from tests.repository import History
from tests.sample import RISK, SMALL, Site, aipm, build, words, write

CHARTER = """\
id: PRJ-001
title: Small
dimensions: [risk]
reviewed_on: 2026-04-01
history: {every: day}
"""
# A score of 16 is in the red band: with response, fallback and owner amber, without them red (domain §3.6).
GREEN = RISK.replace("reviewed_on: 2026-04-14", "reviewed_on: 2026-04-01\nnext_review: 2026-06-01")
RED = GREEN.replace("probability: 2\nimpact: 2", "probability: 4\nimpact: 4")
AMBER = RED + (
    "owner: Data lead\nresponse_strategy: mitigate\nresponse_actions: [ACT-001]\nfallback_plan: Leave it out.\n"
    "trigger: a histogram shifts\n"
)
ACTION = {"content/actions/ACT-001.yml": "id: ACT-001\ntitle: Find the cause\nowner: Data lead\ndue: 2026-06-01\n"}
RISK_FILE = "content/risks/RSK-001.yml"


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project that was green on the 1st and 2nd, amber on the 4th, and red on the 6th and 8th of April."""
    history = History(tmp_path / "project")
    history.commit(
        {**SMALL, **ACTION, RISK_FILE: GREEN, "content/project.yml": CHARTER, ".gitignore": "site*/\n"}, day=0
    )
    history.commit({"content/wiki/a.md": "# A\n"}, day=1)
    history.commit({RISK_FILE: AMBER}, day=3)
    history.commit({RISK_FILE: RED}, day=5)
    history.commit({"content/wiki/b.md": "# B\n"}, day=7)
    return history


def session_of(root: Path, **options: str) -> Session:
    return open_session(root, with_history=True, environment={}, **options)


def known(root: Path, **options: str) -> tuple[str, date | None, str | None]:
    status = session_of(root, **options).shown()[1].status
    return status.overall, status.since, status.previous


def test_it_counts_from_the_first_of_the_revisions_that_say_so_one_after_the_other(history: History) -> None:
    assert known(history.root) == ("red", date(2026, 4, 6), "red")
    # The 6th to the 8th.
    assert session_of(history.root).facts.status.days == 2


def test_a_worse_status_counts_at_once(history: History) -> None:
    status = session_of(history.root, at="main~2").facts.status

    assert (status.overall, status.previous) == ("amber", "green")


def test_a_better_status_waits_until_two_revisions_have_shown_it(history: History) -> None:
    history.commit({RISK_FILE: GREEN}, day=9)
    first = session_of(history.root).facts.status
    history.commit({"content/wiki/c.md": "# C\n"}, day=10)
    second = session_of(history.root).facts.status
    history.commit({"content/wiki/d.md": "# D\n"}, day=11)

    assert (first.overall, first.dimension("risk").unconfirmed) == ("red", "green")
    assert (second.overall, second.previous, second.days) == ("red", "red", 5)
    assert known(history.root) == ("green", date(2026, 4, 12), "red")


def test_on_the_day_of_a_change_it_counts_from_that_day_as_it_does_later(history: History) -> None:
    # What the 4th told is amber, and green on the days before.
    for as_of, days in (("2026-04-04", 0), ("2026-04-05", 1)):
        session = session_of(history.root, at="main~2", as_of=as_of)
        status = session.facts.status
        assert (status.overall, status.since, status.days) == ("amber", date(2026, 4, 4), days)
        assert status.dimension("risk").standing.since == date(2026, 4, 4)
        assert {one.on for one in session.facts.news if one.kind == "status-changed"} == {date(2026, 4, 4)}

    data = json.loads(aipm(history.root, "status", "--json", "--at", "main~2").out)
    assert data["overall"]["since"] == "2026-04-04"


def test_what_is_in_no_commit_yet_has_no_day(history: History) -> None:
    history.git("checkout", "--quiet", "main~3")
    write(history.root, {RISK_FILE: AMBER})

    status = session_of(history.root, as_of="2026-04-05").facts.status

    assert (status.overall, status.since) == ("amber", None)
    assert status.since_reason == "it changed after 2 April 2026"


@pytest.mark.parametrize(
    ("as_of", "overall", "risk", "begun"),
    [
        # The last commit is of 2 April. A risk that was looked at on 1 April is known for 30 days (domain §2.0).
        ("2026-05-01", "green", "green", None),
        ("2026-05-02", "not_fully_reported", "not_reported", date(2026, 5, 2)),
        ("2026-05-03", "not_fully_reported", "not_reported", date(2026, 5, 2)),
        ("2026-06-01", "not_fully_reported", "not_reported", date(2026, 5, 2)),
        # Its next review was due on 1 June, and one that is overdue makes it amber.
        ("2026-06-02", "amber", "amber", date(2026, 6, 2)),
        ("2026-07-20", "amber", "amber", date(2026, 6, 2)),
    ],
)
def test_what_time_alone_made_of_it_counts_from_the_first_day_that_tells_it(
    history: History, as_of: str, overall: str, risk: str, begun: date | None
) -> None:
    session = session_of(history.root, at="main~3", as_of=as_of)

    status, changes = session.facts.status, [one for one in session.facts.news if one.kind == "status-changed"]

    assert (status.overall, status.since) == (overall, begun or date(2026, 4, 1))
    assert {(one.title, one.on, one.after) for one in changes} == (
        {("overall", begun, overall), ("risk", begun, risk)} if begun else set()
    )


def test_a_status_that_never_was_another_counts_from_the_first_revision(history: History) -> None:
    assert known(history.root, at="main~3") == ("green", date(2026, 4, 1), "green")


def test_a_revision_that_cannot_be_read_says_nothing_of_it(history: History) -> None:
    history.commit({RISK_FILE: RED.replace("impact: 4", "impact: 9")}, day=9)
    history.commit({RISK_FILE: RED}, day=11)

    assert known(history.root) == ("red", date(2026, 4, 6), "red")


def test_the_first_commit_has_nothing_to_compare_with(history: History) -> None:
    status = session_of(history.root, at="main~4").facts.status

    assert status.since is None
    assert status.since_reason == "no issued report is recorded yet, and there is no earlier revision"


def test_where_the_clone_is_cut_off_before_the_change_it_is_not_known(history: History, tmp_path: Path) -> None:
    short, longer = history.clone(tmp_path / "short", "--depth=2"), history.clone(tmp_path / "longer", "--depth=3")

    for clone in (short, longer):
        assert known(clone) == ("red", None, "red")
        reason = session_of(clone).facts.status.since_reason
        # On the 4th it was computed amber, and red may have been told if it had been red before: that is not at hand.
        assert reason.startswith("at least since 6 April 2026, and the history of this clone ends before it changed")
        assert "fetch-depth: 0" in reason


def test_what_was_said_for_the_same_day_was_not_said_before(history: History) -> None:
    # All revisions speak for one day, so none of them speaks for an earlier one.
    history.commit({"content/project.yml": CHARTER + "as_of: 2026-04-08\n"}, day=9)
    history.commit({RISK_FILE: AMBER}, day=10)
    history.commit({RISK_FILE: RED}, day=11)

    assert known(history.root, as_of="2026-04-08") == ("red", date(2026, 4, 6), "red")


def test_issued_reports_say_it_where_there_are_any(history: History) -> None:
    report = (
        "id: RPT-2026-04-03-board\ntitle: Board\nkind: report\nstatus: final\nas_of: 2026-04-03\naudience: internal\n"
        "template: executive\nfigures:\n  - {name: status.overall, value: red, unit: status, since: 2026-03-20}\n"
    )
    history.commit({"content/reports/RPT-2026-04-03-board.yml": report}, day=9)

    assert known(history.root) == ("red", date(2026, 3, 20), "red")


def test_an_audience_that_might_not_see_the_status_then_is_not_told_what_it_was(history: History) -> None:
    public = "audience: public\n"
    history.commit({"content/project.yml": CHARTER + public, RISK_FILE: RED + public}, day=9)
    history.commit({"content/wiki/c.md": "# C\n"}, day=10)

    assert known(history.root, audience="public") == ("red", None, None)
    assert known(history.root) == ("red", date(2026, 4, 6), "red")


def test_the_terminal_and_the_data_say_it(history: History) -> None:
    said, data = aipm(history.root, "status").out, json.loads(aipm(history.root, "status", "--json").out)

    assert "Since 2026-04-06" in said
    assert data["overall"]["since"] == "2026-04-06"


def courses(site: Site) -> dict[str, list[tuple[str, str, str, str]]]:
    """Return the rows of the history of each figure that shows one: first day, value, commit and number of points."""
    found = {}
    for entry in site.article("figures").css(".aipm-figure-entry:has(.aipm-trend)"):
        rows = [[words(cell.text()) for cell in row.css("th, td")] for row in entry.css(".aipm-trend tbody tr")]
        found[entry.css_first("h3 code").text()] = [(day, text, commit, points) for day, text, commit, points in rows]
    return found


def lines(site: Site) -> dict[str, tuple[str, str]]:
    """Return the path and the words of the sparkline of each figure that has one."""
    drawn = site.article("figures").css(".aipm-figure-entry:has(.aipm-trend__line)")
    return {
        entry.css_first("h3 code").text(): (
            entry.css_first(".aipm-trend__line path").attributes["d"],
            entry.css_first(".aipm-trend__line").attributes["aria-label"],
        )
        for entry in drawn
    }


@pytest.mark.slow
def test_the_site_says_it_and_shows_the_course_of_every_figure(history: History) -> None:
    commits = {day: history.git("rev-parse", f"main~{back}")[:10] for day, back in ((1, 4), (4, 2), (6, 1))}

    site = build(history.root)

    assert "Since 6 April 2026, 2 days" in site.text()
    assert site.status["overall"]["since"] == "2026-04-06"
    shown, drawn = courses(site), lines(site)
    # All of them were in the first revision already.
    assert shown.keys() == site.figures.keys()
    told = [
        ("6 April 2026", "off track (red)", commits[6], "2 points"),
        ("4 April 2026", "at risk (amber)", commits[4], "1 point"),
        ("1 April 2026", "on track (green)", commits[1], "2 points"),
    ]
    assert shown["status.overall"] == shown["status.risk"] == told
    # A status is a word, through which no line can be drawn.
    assert not {"status.overall", "status.risk"} & drawn.keys()
    # 2 × 2 is no red risk, 4 × 4 is one (domain §3.6).
    assert shown["risk.red"] == [
        ("4 April 2026", "1 risk in the red band", commits[4], "3 points"),
        ("1 April 2026", "no risks in the red band", commits[1], "2 points"),
    ]
    # Days 0, 1, 3, 5 and 7 of 7 lie on a width of 156 from 2 on; 0 lies at 26, the bottom, and 1 at 2, the top.
    assert drawn["risk.red"] == (
        "M2 26L24.3 26L68.9 2L113.4 2L158 2",
        "risk.red: from no risks in the red band on 1 April 2026 to 1 risk in the red band on 8 April 2026",
    )
    assert shown["risk.open"] == [("1 April 2026", "1 open risk", commits[1], "5 points")]


@pytest.mark.slow
def test_money_and_days_have_the_values_that_each_revision_recorded(tmp_path: Path) -> None:
    def risk(chance: str) -> str:
        return GREEN + f"probability_value: {chance}\nimpact_value: {{money: 200000}}\n"

    def milestone(forecast: str) -> str:
        return f"id: MS-01\ntitle: Pilot\nbaseline_date: 2026-06-15\nforecast_date: {forecast}\n"

    history = History(tmp_path / "project")
    money = {"content/project.yml": CHARTER + "currency: USD\n", ".gitignore": "site*/\n"}
    first = history.commit({**SMALL, **money, RISK_FILE: risk("0.1")}, day=0)
    second = history.commit({RISK_FILE: risk("0.25"), "content/milestones/MS-01.yml": milestone("2026-06-15")}, day=2)
    third = history.commit({"content/milestones/MS-01.yml": milestone("2026-06-29")}, day=3)

    site = build(history.root)
    shown = courses(site)

    # 0.1 × 200,000 and 0.25 × 200,000.
    assert [row[:3] for row in shown["risk.exposure"]] == [
        ("3 April 2026", "USD 50,000", second[:10]),
        ("1 April 2026", "USD 20,000", first[:10]),
    ]
    # From Monday 15 to Monday 29 June 2026 are 14 days, 10 of them weekdays; the first revision had no milestone, so it has no point.
    assert shown["schedule.slip.MS-01"] == [
        ("4 April 2026", "14 days (10 weekdays) after the baseline", third[:10], "1 point"),
        ("3 April 2026", "on the baseline", second[:10], "1 point"),
    ]
    assert [row[0] for row in shown["status.overall"]] == ["1 April 2026"]
    for name, values in (("risk.exposure", ("20000", "50000", "50000")), ("schedule.slip.MS-01", ("0", "14"))):
        told = json.loads(aipm(history.root, "history", name, "--json").out)["points"]
        assert tuple(point["value"] for point in told) == values
        assert [point["commit"] for point in told] == [first, second, third][-len(values) :]


@pytest.mark.slow
def test_a_site_of_a_clone_that_is_cut_off_says_so(history: History, tmp_path: Path) -> None:
    clone = history.clone(tmp_path / "clone", "--depth=1")

    assert aipm(clone, "build").code == 0

    assert "is cut off" in (clone / "site/figures/index.html").read_text()
    assert "fetch-depth: 0" in (clone / "site/index.html").read_text()


@pytest.mark.slow
def test_a_site_is_the_same_wherever_the_whole_history_is(history: History, tmp_path: Path) -> None:
    assert aipm(history.root, "build").code == 0
    clone = history.clone(tmp_path / "clone")
    assert aipm(clone, "build").code == 0
    assert aipm(history.root, "build", "--site", str(history.root / "site-again")).code == 0

    def files(site: Path) -> dict[str, bytes]:
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}

    assert files(history.root / "site") == files(clone / "site") == files(history.root / "site-again")
