"""What a report tells of the time before: the course of its figures and their change, in sites built from real commits."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.repository import History
from tests.sample import RISK, SMALL, Site, aipm, build, read_tree, words, write

CHARTER = """\
id: PRJ-001
title: Small
tz: America/Chicago
currency: USD
audience: public
dimensions: [risk]
reviewed_on: 2026-04-01
history: {every: day}
"""
BOARD = """\
---
title: Board
---
Risks: {{ fig("risk.open") }}, {{ fig("risk.open") | since_last_report }}, {{ fig("risk.open") | trend }}.

Status: {{ fig("status.overall") }}, {{ fig("status.overall") | trend }}.
"""
# Of the 4th of April, when two risks were open; it says one, so that nobody takes the revision for it.
REPORT = """\
id: RPT-2026-04-04-board
title: Report of 4 April
status: final
as_of: 2026-04-04
figures: [{name: risk.open, value: "1", unit: risks, text: 1 open risk}]
"""
LABEL = "risk.open: from 1 open risk on 1 April 2026 to 3 open risks on 9 April 2026"


def risk(number: int) -> dict[str, str]:
    return {f"content/risks/RSK-00{number}.yml": RISK.replace("RSK-001", f"RSK-00{number}")}


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project with one, two and three open risks on the 1st, 4th and 9th of April 2026."""
    history = History(tmp_path / "project")
    first = {"content/project.yml": CHARTER, "content/reports/board.md": BOARD, ".gitignore": "site*/\n"}
    history.commit({**SMALL, **first}, day=0)
    history.commit(risk(2), day=3)
    history.commit(risk(3), day=8)
    return history


def labels(site: Site, address: str) -> list[str | None]:
    return [svg.attributes.get("aria-label") for svg in site.article(address).css("svg[role=img]")]


def table(site: Site) -> list[list[str]]:
    """Return the table of main figures."""
    tables = site.article("reports/executive").css("table")
    found = [[[words(cell.text()) for cell in row.css("th, td")] for row in table.css("tr")] for table in tables]
    return next((rows for rows in found if rows[0][0] == "Figure"), [])


def test_a_report_shows_the_course_and_the_change_since_the_revision_before(history: History) -> None:
    site = build(history.root)

    text = site.text("reports/board")
    assert "Risks: 3 open risks, +1 since the revision of 4 April 2026, worse," in text
    # A status is no number, so it has no line.
    assert labels(site, "reports/board") == [LABEL]
    svg = site.article("reports/board").css_first("svg")
    # 1, 2 and 3 on days 0, 3 and 8 of 8: 2 + 156 · 3 ÷ 8 = 60.5; a half of the range lies at 14.
    assert svg.css_first("path").attributes["d"] == "M2 26L60.5 14L158 2"


def test_with_an_issued_report_it_counts_from_that(history: History) -> None:
    history.commit({"content/issued-reports/last.yml": REPORT}, day=8, hours=1)

    site = build(history.root)

    assert "3 open risks, +2 since the report of 4 April 2026, worse," in site.text("reports/board")
    links = {link.text(): link.attributes["href"] for link in site.article("reports/board").css("a")}
    assert links["+2"] == "../../figures/#risk-open"
    assert links["report of 4 April 2026"] == "../../issued-reports/RPT-2026-04-04-board/"


def test_without_git_there_is_no_course_and_the_change_since_the_report_stays(history: History, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(history.root, root, ignore=shutil.ignore_patterns(".git"))
    write(root, {"content/issued-reports/last.yml": REPORT})

    site = build(root, "--as-of", "2026-04-09")

    assert labels(site, "reports/board") == []
    assert "3 open risks, +2 since the report of 4 April 2026, worse, ." in site.text("reports/board")
    assert table(site)[0] == ["Figure", "Now", "Since the last report"]


def test_the_summary_has_a_table_of_main_figures(history: History) -> None:
    # One of them becomes red: a score of 25 (domain §3.6).
    grave = RISK.replace("RSK-001", "RSK-003").replace("probability: 2\nimpact: 2", "probability: 5\nimpact: 5")
    history.commit({"content/risks/RSK-003.yml": grave}, day=9)

    site = build(history.root)

    assert table(site) == [
        ["Figure", "Now", "Since the revision of 9 April 2026", "Course"],
        ["Red risks", "1 risk in the red band", "+1, worse", ""],
    ]
    assert labels(site, "reports/executive") == [
        "risk.red: from no risks in the red band on 1 April 2026 to 1 risk in the red band on 10 April 2026"
    ]


def test_a_project_without_such_figures_has_no_table(tmp_path: Path) -> None:
    files = {**SMALL, "content/project.yml": CHARTER, "content/wiki/start.md": "# Start\n"}
    files.pop("content/risks/RSK-001.yml")

    site = build(write(tmp_path / "empty", files), "--as-of", "2026-04-09")

    assert table(site) == []
    assert "Main figures" not in site.text("reports/executive")


def test_a_build_at_a_revision_shows_the_past_of_that_revision_byte_for_byte(history: History, tmp_path: Path) -> None:
    then = history.commit({"content/issued-reports/last.yml": REPORT}, day=9)
    history.commit(risk(4), day=10)

    here = build(history.root, "--at", then, site="site-then")
    there = build(history.clone_at(tmp_path / "clone", then))

    assert "since the report of 4 April 2026" in here.text("reports/board")
    assert len(labels(here, "reports/board")) == 1
    assert read_tree(here.folder) == read_tree(there.folder)


EXPOSED = """\
id: RSK-001
title: Feed B changes its units
probability: 2
impact: 2
opened: 2026-01-01
reviewed_on: 2026-04-01
probability_value: 0.5
impact_value: {money: 771122}
audience: restricted
"""
CLIENT = """\
---
title: For the client
audience: client
---
{{ fig("risk.exposure") }}: {{ fig("risk.exposure") | since_last_report }} {{ fig("risk.exposure") | trend }}
"""
# 0.5 · 771,122 = 385,561, and 0.5 · 882,233 − 385,561 = 55,555.5: as numbers and as three figures.
BEFORE = re.compile(rb"771,?122|385,?561|386,000|55,?555|55,600|since the revision of 1 April")


@pytest.mark.parametrize(("audience", "is_told"), [("client", False), ("restricted", True)])
def test_no_byte_of_a_site_tells_what_a_figure_was_while_it_was_hidden(
    tmp_path: Path, audience: str, is_told: bool
) -> None:
    history = History(tmp_path / "project")
    first = {**SMALL, "content/project.yml": CHARTER, "content/wiki/start.md": "# Start\n", ".gitignore": "site*/\n"}
    history.commit({**first, "content/risks/RSK-001.yml": EXPOSED}, day=0)
    shown = EXPOSED.replace("771122", "882233").replace("restricted", "client")
    template = CLIENT if audience == "client" else CLIENT.replace("client\n---", "restricted\n---")
    history.commit({"content/risks/RSK-001.yml": shown, "content/reports/client.md": template}, day=3)

    site = build(history.root, "--audience", audience)

    found = [path for path, data in read_tree(site.folder).items() if BEFORE.search(data)]
    assert ("reports/client/index.html" in found) == is_told
    assert bool(found) == is_told
    says = "USD 441,000: what it was before is not shared with this audience"
    assert (says in site.text("reports/client")) != is_told


def test_a_report_for_fewer_readers_tells_no_more_in_the_site_of_others(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    first = {**SMALL, "content/project.yml": CHARTER, "content/wiki/start.md": "# Start\n", ".gitignore": "site*/\n"}
    history.commit({**first, "content/risks/RSK-001.yml": EXPOSED}, day=0)
    shown = EXPOSED.replace("771122", "882233").replace("restricted", "client")
    history.commit({"content/risks/RSK-001.yml": shown, "content/reports/client.md": CLIENT}, day=3)

    site = build(history.root, "--audience", "restricted")

    assert not BEFORE.search(site.html("reports/client").encode())


def test_a_report_that_was_issued_keeps_what_it_said_of_the_change(history: History) -> None:
    settings = ("--set", "template=board", "--set", "status=final", "--id", "RPT-2026-04-09-board")
    made = aipm(history.root, "new", "report", "Report of 9 April", *settings)
    assert made.code == 0, made.err
    file = history.root / "content/issued-reports/RPT-2026-04-09-board.yml"
    frozen = file.read_text()
    assert 'change: "+1 since the revision of 4 April 2026, worse"' in frozen
    history.commit({**risk(4), **risk(5)}, day=12)

    site = build(history.root)

    assert "+1 since the revision of 4 April 2026, worse" in site.text("issued-reports/RPT-2026-04-09-board")
    assert "5 open risks, +2 since the report of 9 April 2026, worse," in site.text("reports/board")
