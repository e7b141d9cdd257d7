"""Values are written as people write them: quantities with their unit, money with its thousands, shares in percent."""

import pytest

from tests.pages.conftest import CHARTER, SAMPLE
from tests.pages.test_benefit_page import BENEFIT

METRIC = {"metrics/M-recall.yml": "id: M-recall\ntitle: Recall\nunit: ratio\npolarity: higher_better\ntarget: 0.745\n"}
OBJECTIVE = "id: OBJ-001\ntitle: Find patients\nmeasure: M-recall\nbaseline: 0.61\ntarget: 0.72\n"


def test_an_amount_of_work_is_a_number_with_its_unit(build):
    files = {
        "tasks/TSK-001.yml": "id: TSK-001\ntitle: A\nestimate: {value: 5, unit: points}\n",
        "tasks/TSK-002.yml": "id: TSK-002\ntitle: B\nestimate: {value: 1, unit: points}\n",
    }

    built = build(files)

    assert "5 points" in built.text("tasks/TSK-001/")
    assert "1 point" in built.text("tasks/TSK-002/")
    assert "1 points" not in built.text("tasks/TSK-002/")


def test_an_objective_on_a_ratio_is_told_in_percent(build):
    built = build(METRIC | {"objectives/OBJ-001.yml": OBJECTIVE})

    assert "72 %" in built.text("objectives/OBJ-001/")
    cells = [cell.text() for cell in built.dom("objectives/").css("tbody td.aipm-table__number")]
    assert [cell.replace("\u00a0", " ") for cell in cells] == ["61 %", "72 %"]
    assert "74.5 %" in built.text("metrics/M-recall/")


def test_an_objective_without_a_known_metric_keeps_its_number(build):
    built = build({"objectives/OBJ-001.yml": OBJECTIVE.replace("measure: M-recall\n", "")})

    assert "0.72" in built.text("objectives/")


def test_what_is_planned_in_all_has_its_thousands_apart(build):
    line = "id: BUD-001\ntitle: A\ncurrency: EUR\nplanned: [{period: 2026-01, amount: 8000}, {period: 2026-02, amount: 730000}]\n"

    built = build({"project.yml": CHARTER, "budget/BUD-001.yml": line})

    assert "738,000" in built.text("budget/")
    assert "8,000" in built.text("budget/BUD-001/")


def test_a_local_time_has_the_offset_of_its_zone_where_that_is_not_the_projects(build):
    # The project goes by the clocks of Berlin (UTC+2 in April).
    files = {
        "project.yml": CHARTER,
        "meetings/MTG-001.yml": "id: MTG-001\ntitle: A\nstart: 2026-04-18T06:00\ntz: Asia/Tokyo\n",
        "meetings/MTG-002.yml": "id: MTG-002\ntitle: B\nstart: 2026-04-17T10:00\ntz: Europe/Berlin\n",
        "meetings/MTG-003.yml": "id: MTG-003\ntitle: C\nstart: 2026-04-16T10:00\n",
    }

    built = build(files)

    rows = [row.css_first("time").text() for row in built.dom("meetings/").css("tbody tr")]
    assert rows == ["2026-04-18 06:00 UTC+09:00", "2026-04-17 10:00", "2026-04-16 10:00"]
    times = {i: built.dom(f"meetings/MTG-00{i}/").css_first("dd time") for i in (1, 2, 3)}
    assert times[1].attributes["datetime"] == "2026-04-18T06:00:00+09:00"
    assert [time.text() for time in times.values()] == [
        "18 April 2026, 06:00 UTC+09:00",
        "17 April 2026, 10:00",
        "16 April 2026, 10:00",
    ]


def test_one_moment_by_two_clocks_is_told_by_each(build):
    # 23:30 in Berlin in winter (UTC+1) is 07:30 of the next day in Tokyo.
    issue = "id: ISS-00{n}\ntitle: A{n}\nseverity: 3\nopened: {opened}\n"
    files = {
        "project.yml": CHARTER,
        "issues/ISS-001.yml": issue.format(n=1, opened="2026-02-03T23:30+01:00"),
        "issues/ISS-002.yml": issue.format(n=2, opened="2026-02-04T07:30+09:00"),
    }

    built = build(files)

    rows = [row.css_first("time").text() for row in built.dom("issues/").css("tbody tr")]
    assert rows == ["2026-02-03 23:30", "2026-02-04 07:30 UTC+09:00"]
    assert "3 February 2026, 23:30 UTC+01:00" in built.text("issues/ISS-001/")
    assert "4 February 2026, 07:30 UTC+09:00" in built.text("issues/ISS-002/")


def test_a_year_is_no_amount(build):
    benefit = BENEFIT + "price_base: {type: nominal, year: 2026}\n"

    text = build({"benefits/BEN-002.yml": benefit.replace(", metric: M-recall", "")}).text("benefits/BEN-002/")

    assert "2026" in text
    assert "2,026" not in text


def test_an_optional_column_that_nobody_fills_is_left_out(build):
    line = "id: BUD-001\ntitle: A\ncurrency: EUR\nplanned: [{period: 2026-01, amount: 1}]\n"
    paid = line.replace("BUD-001", "BUD-002") + "milestone: MS-05\n"

    without = build({"budget/BUD-001.yml": line})
    heads = [head.text() for head in without.dom("budget/").css("table.aipm-table--cards thead th[scope=col]")]
    assert "Milestone" not in heads
    # What should be there and is not stays to be seen.
    assert "Owner" in heads

    given = build(SAMPLE | {"budget/BUD-002.yml": paid})
    assert "Milestone" in given.text("budget/")


def test_a_stand_up_tells_each_stream_in_a_list_and_not_in_a_table_within_the_table(build):
    rows = "- {date: 2026-04-15, team: core, streams: [{stream: ml, done: [evaluated], blockers: [no tablet]}]}\n"

    dom = build({"stand-ups/2026-04.yml": rows}).dom("stand-ups/")

    assert len(dom.css("table")) == 1
    assert dom.css_first(".aipm-brief__part b").text() == "machine learning"
    assert [part.text() for part in dom.css(".aipm-brief__field")] == ["Done evaluated", "Blockers no tablet"]


@pytest.mark.parametrize("address", ["risks/RSK-014/", "actions/ACT-077/"])
def test_links_are_listed_in_the_directions_that_there_are(sample, address):
    assert all(section.css("dd") for section in sample.dom(address).css(".aipm-links"))
