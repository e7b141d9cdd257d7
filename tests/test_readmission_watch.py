"""Readmission Watch, the sample, end to end: what domain 1.2 expects of it, on the pages and in the files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import icalendar
import pytest
from selectolax.lexbor import LexborNode

from aipm_site.summaries import printed
from tests.command_line import run_aipm
from tests.sample import ROOT, Site, aipm, build, change, copy_sample, read_tree, sentences, words, write

EXECUTIVE = "reports/executive"
CANDIDATE = "content/ai/observations/2026-04-15-candidate.yml"
PRODUCTION = "content/ai/observations/2026-04.yml"
# domain 4.3: words that a status text does without, and numbers that are never written so.
FORBIDDEN = re.compile(
    r"\b(amazing|unfortunately|significant\w*|leverag\w*|robust|just|only|yesterday|tomorrow|next week|today)\b"
    r"|\d\s?% (drop|rise|fall|increase|decrease) in|−0\.0\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sample that no test changes, without git."""
    return copy_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def site(sample: Path) -> Site:
    """Return the built sample."""
    return build(sample)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the sample to change."""
    return copy_sample(tmp_path / "project")


# A1, A2, A4: the candidate against production.


def test_a1_the_change_is_one_percentage_point_and_never_one_percent(site: Site) -> None:
    figure = site.figures["model.MV-RW-1.7.0-rc1.accuracy.change"]

    assert figure["text"].replace("\xa0", " ") == "−1.0 percentage point"
    assert (figure["value"], figure["unit"]) == ("-1", "pp")
    assert figure["comparator"]["value"] == "0.874"
    assert "1.0 percentage point lower than production 1.6.2 (86.4 % against 87.4 %" in site.text(EXECUTIVE)
    for address in ("", EXECUTIVE):
        assert not re.search(r"(?<![\d.,])1(\.0)?\s?%", site.text(address)), address


def test_a2_the_test_is_the_paired_one(site: Site) -> None:
    formula = site.figures["model.MV-RW-1.7.0-rc1.accuracy.change"]["formula"].replace("\xa0", " ")

    # domain 1.2.2, A2.
    assert "McNemar χ² 13.158" in formula
    assert "p 0.00029" in formula
    assert "95 % CI −1.54 to −0.46 percentage points" in formula
    assert "right only in production 430, only in the candidate 330" in formula
    assert "same 10,000 cases, 95 % CI −1.5 to −0.5" in site.text(EXECUTIVE)
    assert words(formula) in site.text("figures")


def test_a4_the_slices_explain_the_change(site: Site) -> None:
    change_of = "model.MV-RW-1.7.0-rc1.accuracy.ehr_feed={}.change"
    texts = {name: site.figures[change_of.format(name)] for name in ("B", "rest")}

    # domain 1.2.2, A4; the change of the rest is 5 of 8,750 cases, 2/35 of a point.
    assert texts["B"]["text"].replace("\xa0", " ") == "−8.4 percentage points"
    assert texts["rest"]["text"].replace("\xa0", " ") == "+0.06 percentage points"
    assert texts["rest"]["exact"] == "2/35"
    assert "fell by 8.4 percentage points (87.2 % to 78.8 %, 95 % CI" in site.text(EXECUTIVE)
    assert "was steady at 87.49 % (production 87.43 %" in site.text(EXECUTIVE)


def test_a_candidate_beyond_its_limits_leaves_production_as_it_is(site: Site) -> None:
    text = site.text(EXECUTIVE)

    # A6, as far as its kinds go: quality is amber because of the candidate, and production is named within its limit.
    assert {d["name"]: d["status"] for d in site.status["dimensions"]}["quality"] == "amber"
    assert "Do not release model 1.7.0-rc1" in text
    assert "Production stays on 1.6.2." in text
    assert "Accuracy: 87.4 % (14 April 2026, within its limit of 87.0 %)." in text


# A3: how much may be said depends on the cases and the test.


@pytest.mark.parametrize(
    ("counts", "pairs", "says"),
    [
        # domain 3.10: unpaired, at 2,000 cases p = 0.35; at 10,000 p = 0.036 and the interval is −1.94 to −0.06.
        ((1748, 1728, 2000), None, "1.0 percentage point lower, which cannot be told apart from chance"),
        ((8740, 8640, 10000), None, "1.0 percentage point lower than production 1.6.2"),
        # By hand, paired: (86 − 66)²/(86 + 66) = 2.63 < 3.84, so the interval spans 0.
        ((1748, 1728, 2000), (86, 66), "1.0 percentage point lower, which cannot be told apart from chance"),
    ],
)
def test_a3_chance_is_called_chance(copy: Path, counts: tuple, pairs: tuple | None, says: str) -> None:
    before, after, n = counts
    pairing = f", paired_with: {{subject: MV-RW-1.6.2, b: {pairs[0]}, c: {pairs[1]}}}" if pairs else ""
    change(
        copy / PRODUCTION, "value: 0.874, successes: 8740, n: 10000}", f"value: 0.874, successes: {before}, n: {n}}}"
    )
    change(
        copy / CANDIDATE,
        "value: 0.864, successes: 8640, n: 10000, paired_with: {subject: MV-RW-1.6.2, b: 430, c: 330}}",
        f"value: 0.864, successes: {after}, n: {n}{pairing}}}",
    )

    text = build(copy).text(EXECUTIVE)

    assert says in text
    if "chance" not in says:
        assert "95 % CI −1.9 to −0.1 percentage points" in text
    assert "significan" not in text


# A9: the issue of the morning, and what it came from and led to.

FOUND = "M-accuracy/MV-RW-1.7.0-rc1/DST-002@2026-02/all/2026-04-15T06:12:00-05:00"


def test_a9_the_issue_is_linked_to_what_showed_it_and_to_what_follows(site: Site) -> None:
    issue = site.records["ISS-031"]

    # domain 1.2.2, A9: opened 09:00 CDT, which is five hours behind UTC, linked to MET, RSK-014, ACT-077 and STU.
    assert issue["fields"]["opened"] == "2026-04-15T09:00:00-05:00"
    wanted = {FOUND, "RSK-014", "ACT-077", "STU-2026-04-15-core"}
    assert wanted <= {reference["id"] for reference in issue["references"]}
    for other in wanted:
        assert "ISS-031" in {backlink["id"] for backlink in site.records[other]["backlinks"]}, other
    assert (site.records[FOUND]["kind"], site.records[FOUND]["fields"]["value"]) == ("observation", "0.864")


def test_a9_a_reader_of_the_issue_gets_to_each_of_them(site: Site) -> None:
    links = {link.attributes["href"] or "" for link in site.article("issues/ISS-031").css("a")}
    wanted = (FOUND, "RSK-014", "ACT-077", "STU-2026-04-15-core")

    assert {f"../../{site.records[other]['url']}" for other in wanted} <= links
    assert "09:00" in site.text("issues/ISS-031")


# A11: the sprint.


def test_a11_the_sprint_stands_behind_the_line_of_its_commitment(site: Site) -> None:
    figures = {name: site.figures[f"sprint.{name}"] for name in ("scope", "done", "remaining", "velocity")}
    text = site.text(EXECUTIVE)

    # domain 1.2.2, A11: 204 points in 7 sprints.
    assert [figures[name]["value"] for name in ("scope", "done", "remaining")] == ["37", "15", "22"]
    assert figures["velocity"]["exact"] == "204/7"
    assert figures["done"]["comparator"]["value"] == "17"
    assert "2 points behind its commitment line (15 points done of 37 points, 22 points left" in text
    assert "commitment of 34 points exceeds every past sprint: mean velocity 29.1 points, 7 sprints, 26–33)" in text


# A16, A18: what it is worth, once live and in the year itself, and what a lower recall would cost.


def test_a16_the_two_honest_answers_and_the_break_even_are_those_of_the_cfos_table(site: Site) -> None:
    figures = site.figures

    def value(name: str) -> Decimal:
        return Decimal(figures[f"benefit.BEN-002.{name}"]["value"])

    assert (value("6.net_run_rate"), value("6.in_year.FY2026")) == (2_448_000, -468_000)
    assert [round(value(f"{scale}.npv")) for scale in (3, 6, 9, 12)] == [2_614_367, 5_228_733, 7_843_100, 10_457_467]
    assert (round(value("6.payback"), 1), round(value("6.roi"), 3)) == (Decimal("5.3"), Decimal("0.543"))
    assert (round(value("break_even"), 4), round(value("break_even_with_one_off"), 4)) == (
        Decimal("0.0185"),
        Decimal("0.0231"),
    )


def test_a18_a_lower_recall_lowers_the_run_rate_and_accuracy_is_not_multiplied(site: Site) -> None:
    effect = site.figures["benefit.BEN-002.6.release_effect"]

    assert (effect["value"], effect["unit"], effect["comparator"]["value"]) == ("-108000", "USD/year", "2448000")
    assert not any("accuracy" in source["record"] for source in effect["sources"])


def test_the_request_for_six_hospitals_waits_among_the_decisions(site: Site) -> None:
    # domain 4.4, sample A: fund USD 1.08 million one-off for six hospitals, by 15 May.
    needed = {decision["record"]: decision for decision in site.status["decisions_needed"]}

    assert needed["FND-001"]["decide_by"] == "2026-05-15"


# A12, A13, A14: earned value and earned schedule at the end of March.


def test_a12_earned_value_at_the_end_of_march(site: Site) -> None:
    figures = {
        name: site.figures[f"cost.{name}"] for name in ("sv", "cv", "spi", "cpi", "eac", "etc", "vac", "tcpi_bac")
    }

    # domain 1.2.2, A12: SV −36,000; CV −28,000; SPI 0.925; CPI 0.941; EAC 1,275,676; ETC 803,676; VAC −75,676
    # (−6.3 %); TCPI(BAC) 1.038.
    assert {name: round(Decimal(figure["value"]), 3 if "pi" in name else 0) for name, figure in figures.items()} == {
        "sv": -36_000,
        "cv": -28_000,
        "spi": Decimal("0.925"),
        "cpi": Decimal("0.941"),
        "eac": 1_275_676,
        "etc": 803_676,
        "vac": -75_676,
        "tcpi_bac": Decimal("1.038"),
    }
    assert figures["cpi"]["exact"] == "111/118"
    assert {figure["as_of"] for figure in figures.values()} == {"2026-03-31"}
    assert figures["vac"]["text"].endswith("(−6.3\u00a0%)")


def test_a13_earned_schedule_at_the_end_of_march(site: Site) -> None:
    figures = {name: site.figures[f"schedule.{name}"]["value"] for name in ("es", "sv_t", "spi_t", "ieac_t")}

    # domain 1.2.2, A13: ES 4.70 months at AT 5; SV(t) −0.30; SPI(t) 0.94; IEAC(t) 12.77.
    assert (figures["es"], figures["sv_t"], figures["spi_t"]) == ("4.7", "-0.3", "0.94")
    assert round(Decimal(figures["ieac_t"]), 2) == Decimal("12.77")
    assert site.figures["schedule.es"]["comparator"]["value"] == "5"


def test_a14_cost_is_amber_by_both_indices(site: Site) -> None:
    cost = next(dimension for dimension in site.status["dimensions"] if dimension["name"] == "cost")

    # domain 1.2.2, A14: CPI 0.941 and SPI 0.925 lie between 0.90 and 0.95.
    assert cost["status"] == "amber"
    told = [reason["text"] for reason in cost["reasons"] if reason["rule"] == "index-below-plan"]
    assert any("(CPI) is 0.94, below 0.95" in text for text in told)
    assert any("(SPI) is 0.93, below 0.95" in text for text in told)


def test_a17_six_hospitals_by_the_end_of_the_third_quarter_are_likely(site: Site) -> None:
    chance = site.figures["forecast.MS-07.chance"]

    # domain 1.2.2, A17: 6 of 8 past slips are 12 days or less: 6 ÷ 9, "likely"; P50 26 September, P80 9 October.
    assert (chance["exact"], chance["text"]) == ("2/3", "likely, 67\u00a0%")
    assert "6 of 8 past milestones slipped by 12 days or less" in chance["formula"]
    assert site.figures["schedule.finish_p50"]["value"] == "2026-09-26"
    assert site.figures["schedule.finish_p80"]["value"] == "2026-10-09"
    assert site.figures["forecast.MS-07.p90"] == {"unknown": "cannot state P90 from 8 past milestones"}


# A20: what is silent is not green.


def make_all_else_green(root: Path) -> None:
    """Mend everything that makes the sample amber; the response time stays silent since 31 March."""
    change(root / "content/ai/models/MV-RW-1.7.0-rc1.md", "stage: validation", "stage: rejected")
    change(root / "content/plan/milestones/MS-05.yml", "\nforecast_date: 2026-06-29", "\nforecast_date: 2026-06-15")
    change(root / "content/raid/risks/RSK-012.yml", "probability: 3\nimpact: 5", "probability: 2\nimpact: 5")
    change(root / "content/raid/risks/RSK-010.yml", "next_review: 2026-04-10", "next_review: 2026-04-20")
    # The report of 8 April said amber; a colour improves after two reports in a row, so here none was issued yet.
    for report in (root / "content/issued-reports").iterdir():
        report.unlink()
    change(
        root / "content/project.yml",
        "dimensions: [schedule, cost, scope, quality, risk, benefits]",
        "dimensions: [schedule, cost, scope, quality, risk]",
    )
    # 28,000 more earned in March make EV 472,000, as much as it cost: CPI 1, SPI 0.983, SPI(t) (4 + 112/120) ÷ 5.
    change(
        root / "content/money/budget/BUD-001.yml", "period: 2026-03, amount: 55000", "period: 2026-03, amount: 83000"
    )


def colours(site: Site) -> dict[str, str]:
    dimensions = {dimension["name"]: dimension["status"] for dimension in site.status["dimensions"]}
    return {name: dimensions[name] for name in ("schedule", "quality", "risk")}


def test_a20_a_required_dimension_without_fresh_data_is_never_green(copy: Path) -> None:
    make_all_else_green(copy)

    site = build(copy)

    assert colours(site) == {"schedule": "green", "quality": "not_reported", "risk": "green"}
    assert site.status["overall"]["status"] == "not_fully_reported"
    assert "unknown" in site.figures["status.quality"]
    for address in ("", EXECUTIVE):
        assert "since 31 March 2026 (15 days; limit 7)" in site.text(address), address
    assert "Not fully reported" in site.text("")
    assert "not fully reported" in site.text(EXECUTIVE).lower()


def test_a20_realised_benefits_are_silent_and_their_dimension_is_not_reported(site: Site) -> None:
    benefits = next(dimension for dimension in site.status["dimensions"] if dimension["name"] == "benefits")

    # domain 1.2.2, A20: since 28 February 2026, 46 days to 15 April; limit 31.
    assert benefits["status"] == "not_reported"
    assert any("since 28 February 2026 (46 days; limit 31)" in reason["text"] for reason in benefits["reasons"])
    for address in ("", EXECUTIVE):
        assert "since 28 February 2026 (46 days; limit 31)" in site.text(address), address


def test_a20_what_is_silent_on_benefits_keeps_the_whole_from_green(copy: Path) -> None:
    make_all_else_green(copy)
    change(copy / "content/project.yml", "dimensions: [schedule, cost, scope, quality, risk]", "dimensions: [benefits]")

    site = build(copy)

    assert site.status["overall"]["status"] == "not_fully_reported"
    assert "unknown" in site.figures["status.benefits"]


def test_the_same_project_is_green_once_the_silent_input_speaks(copy: Path) -> None:
    make_all_else_green(copy)
    row = "- {metric: M-response-time, slice: all, unit: ms, value: 284, n: 452, subject: MV-RW-1.6.2, "
    write(
        copy,
        {
            "content/ai/observations/new.yml": row
            + "as_of: 2026-04-14, environment: production, dataset: gateway-log}\n"
        },
    )

    site = build(copy)

    assert colours(site) == {"schedule": "green", "quality": "green", "risk": "green"}
    assert site.status["overall"]["status"] == "green"


def test_a_silent_input_beside_a_colour_is_counted(site: Site) -> None:
    assert colours(site)["quality"] == "amber"
    assert "and 1 input not reported" in site.text("")


# A23: the day is the project's, not the machine's.

SAYS_THE_DAY = ("", EXECUTIVE)


def assert_speaks_for_15_april(site: Site) -> None:
    assert site.status["as_of"].startswith("2026-04-15")
    assert "2026-04-15" in site.json("build.json")["as_of"]
    for address in SAYS_THE_DAY:
        text = site.text(address)
        assert re.search(r"\b[Aa]s of Wednesday 15 April 2026\b", text), address
        assert not re.search(r"[Aa]s (of|at) \w*,? ?16 April 2026", text), address


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        # 23:30 in Chicago on 15 April is 04:30 UTC on 16 April, and later still in Kiritimati.
        (["--as-of", "2026-04-15"], {"SOURCE_DATE_EPOCH": "1776313800", "TZ": "UTC"}),
        (["--as-of", "2026-04-16T04:30Z"], {"TZ": "Pacific/Kiritimati"}),
        ([], {"AIPM_AS_OF": "2026-04-15T23:30-05:00", "TZ": "UTC"}),
    ],
    ids=["day", "moment", "variable"],
)
def test_a23_a_build_at_half_past_four_utc_still_says_15_april(
    copy: Path, arguments: list[str], environment: dict[str, str]
) -> None:
    outcome = run_aipm("build", *arguments, cwd=copy, environment=environment)

    assert outcome.returncode == 0, outcome.stderr
    assert_speaks_for_15_april(Site(copy / "site"))


def test_a23_the_day_of_a_commit_is_counted_in_the_projects_time_zone(copy: Path) -> None:
    change(copy / "content/project.yml", "as_of: 2026-04-15\n", "")
    write(copy, {".gitignore": "site/\n"})
    identity = ("-c", "user.name=Writer", "-c", "user.email=writer@example.org")
    dates = {"GIT_AUTHOR_DATE": "2026-04-16T04:30:00Z", "GIT_COMMITTER_DATE": "2026-04-16T04:30:00Z"}
    for command in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "all")):
        subprocess.run(
            ["git", *command], cwd=copy, check=True, env={"PATH": "/usr/bin:/bin", "HOME": str(copy), **dates}
        )

    assert_speaks_for_15_april(build(copy))


# Every figure leads back to its records.


def figure_links(site: Site) -> list[str]:
    links = site.article(EXECUTIVE).css("a.aipm-figure")
    return [link.attributes["href"] or "" for link in links]


def entry_of(site: Site, href: str) -> LexborNode:
    address, _, anchor = href.partition("#")
    assert address == "../../figures/", href
    found = figure_entries(site).get(anchor)
    assert found is not None, href
    return found


@cache
def figure_entries(site: Site) -> dict[str, LexborNode]:
    bodies = site.article("figures").css(".aipm-figure-entry__body")
    return {body.attributes["id"] or "": body.parent for body in bodies if body.parent}


def test_every_figure_of_the_summary_leads_to_an_entry_with_records_and_lines(site: Site, sample: Path) -> None:
    links = figure_links(site)

    assert len(links) > 30
    for href in links:
        entry = entry_of(site, href)
        sources = entry.css(".aipm-figure-entry__sources li")
        name = entry.css_first("code").text()
        assert sources or site.figures[name]["value"] == "0", name
        # Of more than twenty the rest is a count.
        for source in sources[:20]:
            check_source(site, sample, source)


def check_source(site: Site, sample: Path, source: LexborNode) -> None:
    link = source.css_first("a")
    record = site.records[link.css_first(".aipm-reference__id").text()]
    file, _, line = source.css_first("code").text().rpartition(":")
    address, _, anchor = (link.attributes["href"] or "").removeprefix("../").partition("#")

    assert (file, int(line)) == (record["file"], record["line"])
    assert f"{address}#{anchor}".rstrip("#") == record["url"]
    assert not anchor or site.article(address).css_first(f'[id="{anchor}"]') is not None
    assert stands_at(record, (sample / file).read_text().splitlines()[int(line) - 1]), (file, line)


def stands_at(record: dict[str, Any], line: str) -> bool:
    if record["kind"] == "cost":
        return all(f"{name}: {record['fields'][name]}" in line for name in ("period", "amount", "budget_line"))
    if record["kind"] != "observation":
        return f"id: {record['id']}" in line
    written = re.search(r"value: ([\d.]+)", line)
    return (
        record["fields"]["metric"] in line
        and written is not None
        and Decimal(written[1]) == Decimal(record["fields"]["value"])
    )


def test_every_figure_of_status_json_has_an_entry_and_every_source_its_record(site: Site, sample: Path) -> None:
    entries = {entry.css_first("code").text(): entry for entry in figure_entries(site).values()}

    assert entries.keys() == site.figures.keys()
    for name, figure in site.figures.items():
        for source in figure.get("sources", ()):
            record = site.records[source["record"]]
            assert (source["file"], source["line"]) == (record["file"], record["line"]), name


# Every record has its page.


def test_every_record_has_its_page_and_every_row_its_anchor(site: Site) -> None:
    files = [path for path in (ROOT / "content").rglob("*.yml") if path.parent.name != "observations"]
    anchors = site.json("build.json")["anchors"]

    assert len(site.records) > 90
    assert {f"content/{path.relative_to(ROOT / 'content')}" for path in files} <= {
        record["file"] for record in site.records.values()
    }
    for record in site.records.values():
        address, _, anchor = record["url"].partition("#")
        article = site.article(address.rstrip("/"))
        if anchor:
            assert article.css_first(f'[id="{anchor}"]') is not None, record["id"]
            assert anchor in anchors[f"{address}index.html"]
        else:
            assert f"{record['file']}:{record['line']}" in words(article.text())
            assert record["title"] in words(article.text())


def test_record_pages_never_stand_in_the_navigation(site: Site) -> None:
    pages = {record["url"] for record in site.records.values() if "#" not in record["url"]} - {"project/"}

    for address in ("", "risks", "risks/RSK-014", "wiki/start-here"):
        depth = address.count("/") + 1 if address else 0
        in_nav = {link.attributes["href"] for link in site.page(address).css("nav.md-nav a, nav.md-tabs a")}
        assert in_nav
        assert not {("../" * depth) + page for page in pages} & in_nav, address


def test_the_register_of_a_kind_that_is_not_in_use_does_not_exist(copy: Path) -> None:
    shutil.rmtree(copy / "content/plan/sprints")
    for path in (copy / "content").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        # Records that name a sprint name its number.
        path.write_text(
            re.sub(r"\[\[(SPR-\d+)\]\]", r"\1", re.sub(r"id: SPR-\d+", "id: PRJ-001", text)), encoding="utf-8"
        )
    for action in ("ACT-069", "ACT-068"):
        file = copy / f"content/raid/actions/{action}.yml"
        file.write_text(re.sub(r"raised_in: SPR-\d+", "raised_in: MTG-053", file.read_text()))
    tasks = copy / "content/plan/tasks/sprint-08.yml"
    tasks.write_text(tasks.read_text().replace("sprint: SPR-08, ", "", 1))

    site = build(copy)

    assert not any(path.startswith(("sprints", "status/kinds/sprint")) for path in read_tree(site.folder))
    assert not re.search(r'href="[^"]*sprints/', site.html() + site.html("status/missing") + site.html("status/data"))
    assert not any(name.startswith("sprint.") for name in site.figures)


# The summary is short and plain.


def prose_blocks(site: Site) -> list[LexborNode]:
    """Return the paragraphs and items of the summary before its data notes."""
    found = []
    for node in site.article(EXECUTIVE).css(".aipm-report h2, .aipm-report p, .aipm-report li"):
        if node.tag == "h2" and node.text().strip() == "Data notes":
            break
        if node.tag != "h2" and "aipm-speaks-for" not in (node.attributes.get("class") or ""):
            found.append(node)
    return found


def without_brackets(text: str) -> str:
    return re.sub(r" +([.,;:])", r"\1", words(re.sub(r"\([^()]*\)", "", text)))


def quoted_as_one_word(node: LexborNode) -> str:
    html = re.sub(r"<q.*?</q>", "“…”", node.html or "", flags=re.DOTALL)
    return without_brackets(re.sub(r"<[^>]+>", "", html))


def test_the_summary_has_350_words_at_most_and_the_headline_40(site: Site) -> None:
    blocks = [without_brackets(node.text()) for node in prose_blocks(site)]
    headline = [text for node, text in zip(prose_blocks(site), blocks, strict=True) if is_bold(node)][:2]

    assert sum(len(text.split()) for text in blocks) <= 350
    assert headline
    assert sum(len(text.split()) for text in headline) <= 40


def test_a_new_baseline_is_told_within_the_words_of_the_summary(copy: Path) -> None:
    # Domain §5, T-31. The pilot is promised for 22 June in place of the 15th, the finish for 30 in place of 18 September.
    first = copy / "content/plan/baselines/BSL-0.yml"
    first.write_text(first.read_text(encoding="utf-8") + "audience: client\n", encoding="utf-8")
    second = first.with_name("BSL-1.yml")
    shutil.copyfile(first, second)
    for old, new in (
        ("id: BSL-0", "id: BSL-1"),
        ("number: 0", "number: 1\nsupersedes: BSL-0"),
        ("date: 2025-11-03", "date: 2026-04-10"),
        ("MS-05, date: 2026-06-15", "MS-05, date: 2026-06-22"),
        ("MS-07, date: 2026-09-18", "MS-07, date: 2026-09-30"),
    ):
        change(second, old, new)
    pilot, finish = (copy / f"content/plan/milestones/MS-0{number}.yml" for number in (5, 7))
    change(pilot, "baseline_date: 2026-06-15", "baseline_date: 2026-06-22")
    change(
        finish,
        "baseline_date: 2026-09-18\nforecast_date: 2026-09-18",
        "baseline_date: 2026-09-30\nforecast_date: 2026-09-30",
    )
    for file in (pilot, finish):
        change(file, "baseline: BSL-0", "baseline: BSL-1")

    site = build(copy)

    text = site.text(EXECUTIVE)
    assert "(BSL-1 on 10 April 2026; finish MS-07 moved from 18 September 2026 to 30 September 2026)." in text
    # 29 June is 14 days after 15 June, 10 of them working days to the 5 after 22 June.
    assert "7 days (5 working days) after the baseline (14 days after the first)." in text
    assert "(MS-07): 30 September 2026 (on the baseline, 12 days after the first)." in text
    assert sum(len(without_brackets(node.text()).split()) for node in prose_blocks(site)) <= 350
    # Nor is the day better or worse by which the finish is reached with 80 %: it is counted from the baseline.
    assert re.search(r"Finish, P80 *21 October 2026 *\+12 days *Estimate", text)


def test_the_table_of_main_figures_has_six_lines_and_60_words_at_most(site: Site) -> None:
    # Domain 4.2: at most six headline tiles, beside the 350 words of prose.
    table = next(
        table for table in site.article(EXECUTIVE).css("table") if words(table.css_first("th").text()) == "Figure"
    )
    cells = [without_brackets(cell.text()) for cell in table.css("td")]

    assert 1 <= len(table.css("tbody tr")) <= 6
    assert sum(len(text.split()) for text in cells) <= 60


def test_the_main_figures_tell_what_they_did_since_the_board_report(site: Site) -> None:
    # Domain 1.2.1: the report of 8 April, whose estimate at completion rested on the same months.
    text = site.text(EXECUTIVE)

    assert "Since the report of 8 April 2026" in text
    assert re.search(r"Estimate at completion *USD 1.28 million \(31 March 2026\) *unchanged", text)


def is_bold(node: LexborNode) -> bool:
    strong = " ".join(found.text() for found in node.css("strong"))
    return words(strong) == words(node.text())


def test_no_sentence_of_the_summary_has_more_than_25_words(site: Site) -> None:
    for node in prose_blocks(site):
        for sentence in sentences(quoted_as_one_word(node)):
            assert len(sentence.split()) <= 25, sentence


def test_the_summary_uses_no_word_that_a_status_text_does_without(site: Site) -> None:
    for node in site.article(EXECUTIVE).css("p, li, h1, h2, td"):
        text = quoted_as_one_word(node)
        assert not FORBIDDEN.search(text), text


def test_no_page_says_a_number_that_is_not_a_number(site: Site) -> None:
    odd = re.compile(r"\b(nan|NaN|inf|None|Undefined|Traceback)\b|−0\.0\b|\{\{|\}\}|aipm-root")
    generated = [address for address in site.addresses() if not address.startswith("wiki/")]
    assert len(generated) > 80
    for address in generated:
        text = site.text("" if address == "." else address)
        assert not (found := odd.search(text)), (address, found)


# A template that claims to be final.


@pytest.mark.parametrize(
    ("figure", "lacking", "code"),
    [("risk.open", "comparator", "incomplete-figure"), ("risk.nowhere", "", "unknown-figure")],
)
def test_a_final_report_with_a_figure_that_lacks_something_is_not_published(
    copy: Path, monkeypatch: pytest.MonkeyPatch, figure: str, lacking: str, code: str
) -> None:
    site = build(copy)
    before = read_tree(site.folder)
    # All figures of ours have all that they need, so one is taken for lacking something.
    monkeypatch.setattr(printed, "lacks", lambda each, **_: lacking if each.name == figure else "")
    write(
        copy, {"content/reports/own.md": f"---\ntitle: Own\nstatus: final\n---\nClosed: {{{{ fig('{figure}') }}}}.\n"}
    )

    outcome = aipm(copy, "build")

    assert outcome.code == 1
    assert "content/reports/own.md:5" in outcome.err
    assert f"error[{code}]: " in outcome.err
    assert "nothing was written" in outcome.err
    assert read_tree(site.folder) == before


# Ordinary pages show live records.


def test_references_in_wiki_pages_are_links_with_title_and_status(site: Site) -> None:
    links = {link.attributes["href"]: words(link.text()) for link in site.article("wiki/risk-procedure").css("a")}

    assert "A hospital feed changes its schema or units without notice" in links["../../risks/RSK-014/"]
    assert "[[" not in site.text("wiki/risk-procedure")
    assert "Readmission Watch" in next(
        words(link.text())
        for link in site.article("wiki/start-here").css("a")
        if link.attributes["href"] == "../../project/"
    )


def test_view_blocks_in_wiki_pages_show_records(site: Site) -> None:
    article = site.article("wiki/risk-procedure")

    assert "10 open risks" in words(article.text())
    tables = [table for table in article.css("table.aipm-table") if "RSK-012" in table.text()]
    assert [len(table.css("tbody tr")) for table in tables] == [5]
    assert "table: risks" not in article.text()


def test_the_risk_matrix_is_a_table_with_headings_and_the_count_of_open_risks(site: Site) -> None:
    matrix = site.article("risks").css_first("table.aipm-matrix")

    assert matrix is not None
    rows = matrix.css("tbody tr")
    assert [len(row.css("td")) for row in rows] == [5] * 5
    assert all(row.css_first("th").attributes.get("scope") == "row" for row in rows)
    assert {head.attributes.get("scope") for head in matrix.css("thead th")} <= {"col", "colgroup", "row", "rowgroup"}
    assert matrix.css_first("caption") is not None
    assert str(sum(matrix_counts(matrix))) == site.figures["risk.open"]["value"] == "10"


def matrix_counts(matrix: LexborNode) -> Iterable[int]:
    for count in matrix.css("tbody td .aipm-matrix__count a"):
        yield int(count.text())


# The files for machines have the form that architecture 5 promises.

TEXT, NUMBER, YES_NO, NOTHING = str, int, bool, type(None)
REVISION = (TEXT, NOTHING)
SOURCE = {"record": TEXT, "file": TEXT, "line": NUMBER}


def assert_form(data: Any, form: Any, path: str = "") -> None:
    """Compare data with a form: a type, several types, a mapping of keys ("?" where optional), or a list."""
    if isinstance(form, dict):
        assert isinstance(data, dict), path
        needed = {key for key in form if not key.endswith("?")}
        assert needed <= data.keys() <= {key.rstrip("?") for key in form}, (path, sorted(data.keys() ^ needed))
        for key, value in data.items():
            assert_form(value, form.get(key, form.get(f"{key}?")), f"{path}.{key}")
    elif isinstance(form, list):
        assert isinstance(data, list), path
        for index, item in enumerate(data):
            assert_form(item, form[0], f"{path}[{index}]")
    else:
        # A bool is an int to Python, and not to readers of JSON.
        allowed = form if isinstance(form, tuple) else (form,)
        assert type(data) in allowed, (path, data)


REASON = {"rule": TEXT, "text": TEXT, "sources": [SOURCE], "more?": NUMBER}
# domain 3.6, rule 6, asks for the previous colour and the days in the present one, beside what architecture 5 names.
STANDING = {
    "since": (TEXT, NOTHING),
    "days": (NUMBER, NOTHING),
    "computed": (TEXT, NOTHING),
    "previous": (dict, NOTHING),
}
STATUS = {
    "schema": TEXT,
    "project": {"id": (TEXT, NOTHING), "name": TEXT},
    "as_of": TEXT,
    "revision": REVISION,
    "uncommitted": YES_NO,
    "audience": TEXT,
    "overall": {"status": TEXT, "label": TEXT, "reasons": [REASON], **STANDING},
    "dimensions": [{"name": TEXT, "status": TEXT, "reasons": [REASON], "as_of": (TEXT, NOTHING), **STANDING}],
    "figures": dict,
    "decisions_needed": [
        {
            **dict.fromkeys(("record", "title", "file"), TEXT),
            **dict.fromkeys(("question", "recommendation", "decide_by", "cost_of_delay"), (TEXT, NOTHING)),
            "options": [TEXT],
            "line": NUMBER,
        }
    ],
    "due": [
        {
            **dict.fromkeys(("date", "kind", "record", "title", "state", "at?"), TEXT),
            **dict.fromkeys(("act_by", "owner"), (TEXT, NOTHING)),
        }
    ],
}
COMPARATOR = {"kind": TEXT, "value": TEXT, "exact?": TEXT, "text": TEXT, "as_of": (TEXT, NOTHING)}
FIGURE = {
    **dict.fromkeys(("value", "unit", "as_of", "text", "formula", "exact?"), TEXT),
    "comparator": (dict, NOTHING),
    "sources": [SOURCE],
    "more?": NUMBER,
}
RECORDS = {
    "schema": TEXT,
    "as_of": TEXT,
    "revision": REVISION,
    "audience": TEXT,
    "records": [
        {
            **dict.fromkeys(("id", "kind", "url", "file"), TEXT),
            **dict.fromkeys(("title", "status"), (TEXT, NOTHING)),
            "line": NUMBER,
            "fields": dict,
            "missing": [TEXT],
            "references": [{"rel": TEXT, "id": TEXT}],
            "backlinks": [{"rel": TEXT, "id": TEXT}],
        }
    ],
}
BUILD = {
    "schema": TEXT,
    "revision": REVISION,
    "committed": REVISION,
    "uncommitted": YES_NO,
    "as_of": TEXT,
    "audience": TEXT,
    "publishable": YES_NO,
    "versions": dict,
    "counts": dict,
    "anchors": dict,
    "files": dict,
}
DIMENSIONS = ["schedule", "cost", "scope", "quality", "data", "compliance", "risk", "resources", "benefits"]


def test_status_json_has_its_form(site: Site) -> None:
    status = site.status

    assert_form(status, STATUS)
    assert status["schema"] == "aipm/status-1"
    assert status["overall"]["status"] in {"green", "amber", "red", "not_fully_reported"}
    assert [dimension["name"] for dimension in status["dimensions"]] == DIMENSIONS
    assert {dimension["status"] for dimension in status["dimensions"]} <= {
        *("green", "amber", "red", "not_reported", "not_applicable")
    }
    assert {due["state"] for due in status["due"]} <= {"overdue", "due", "soon"}
    assert list(status["figures"]) == sorted(status["figures"])


def test_figures_of_status_json_have_their_form(site: Site) -> None:
    for name, figure in site.figures.items():
        if "unknown" in figure:
            assert_form(figure, {"unknown": TEXT}, name)
            continue
        assert_form(figure, FIGURE, name)
        date.fromisoformat(figure["as_of"])
        assert len(figure["sources"]) <= 20
        assert figure["formula"], name
        if figure["comparator"] is not None:
            assert_form(figure["comparator"], COMPARATOR, name)
            assert figure["comparator"]["kind"] in {"baseline", "target", "previous"}
        if figure["unit"] == "date":
            date.fromisoformat(figure["value"])
        elif figure["unit"] not in {"status", "verdict"}:
            Decimal(figure["value"])


def test_records_json_has_its_form_and_its_references_have_two_ends(site: Site) -> None:
    data = site.json("records.json")

    assert_form(data, RECORDS)
    assert data["schema"] == "aipm/records-1"
    ids = [record["id"] for record in data["records"]]
    assert ids == sorted(ids)
    forward = {(r["id"], x["rel"], x["id"]) for r in data["records"] for x in r["references"] if x["id"] != r["id"]}
    back = {(x["id"], x["rel"], r["id"]) for r in data["records"] for x in r["backlinks"]}
    assert forward == back


def test_build_json_names_every_file_and_no_moment(site: Site) -> None:
    data = site.json("build.json")

    assert_form(data, BUILD)
    assert data["schema"] == "aipm/build-1"
    assert data["publishable"] is True
    assert data["files"].keys() | {"build.json"} == read_tree(site.folder).keys()
    assert data["counts"]["records"] == len(site.records)
    assert str(datetime.now().year) not in str(data["versions"].values())


def test_the_list_of_problems_has_its_form(sample: Path) -> None:
    outcome = aipm(sample, "check", "--format", "json")
    problem = {
        **dict.fromkeys(("severity", "code", "message", "hint", "file"), TEXT),
        "line": NUMBER,
        "column": NUMBER,
        "related": [{"file": TEXT, "line": NUMBER, "message": TEXT}],
    }

    assert outcome.code == 0
    assert_form(json.loads(outcome.out), {"schema": TEXT, "problems": [problem], "counts": dict})
    assert json.loads(outcome.out)["schema"] == "aipm/problems-1"


def test_the_status_command_prints_what_the_site_publishes(sample: Path, site: Site) -> None:
    outcome = aipm(sample, "status", "--json")

    assert outcome.code == 0
    assert outcome.out.encode() == (site.folder / "status.json").read_bytes()


# What everybody may read: the first page and the start page of the wiki, and nothing else that somebody wrote.


def test_the_first_page_and_the_start_page_are_for_everybody(sample: Path) -> None:
    public = build(sample, "--audience", "public", site="public")

    assert [address for address in public.addresses() if address.startswith("wiki")] == ["wiki/start-here"]
    for address, source in (("", "index.md"), ("wiki/start-here", "wiki/start-here.md")):
        # Every paragraph of plain words; lists, tables and records are looked at elsewhere.
        text = (sample / "content" / source).read_text(encoding="utf-8").partition("\n---\n")[2]
        paragraphs = [words(part) for part in re.split(r"\n\n+", text) if re.match(r"[A-Z][^|*\[`]*\Z", part)]
        assert len(paragraphs) >= 2
        for paragraph in paragraphs:
            assert paragraph in public.text(address)
    assert "Readmission Watch" in public.article().css_first("h1").text()
    assert "Start here" in public.article("wiki/start-here").css_first("h1").text()
    # The one leads to the other, and of records only the charter is there.
    navigation = {link.attributes["href"] for link in public.page().css("nav a")}
    assert "wiki/start-here/" in navigation
    assert public.records.keys() == {"PRJ-001"}
    assert 'href="../../project/"' in public.html("wiki/start-here")
    # The status is not for them (disclose names the client), and the page says so.
    assert public.status["overall"]["status"] is None
    assert "Not shared with this audience" in public.text()


# A22: the reminder stands in the calendar and on the first page; tests/commands/test_report.py posts it.


def test_the_reminder_is_an_event_of_the_calendar_and_listed_on_the_first_page(site: Site) -> None:
    calendar = (site.folder / "calendar.ics").read_text(encoding="utf-8")
    # The team's own calendar holds its own entries only.
    team = (site.folder / "calendar/core-team.ics").read_text(encoding="utf-8")

    for text in (calendar, team):
        event = next(part for part in text.split("BEGIN:VEVENT") if "EVT-2026-04-16-standup" in part)
        assert "DTSTART;TZID=America/Chicago:20260416T090000" in event
    assert team.count("BEGIN:VEVENT") == 1
    soon = site.article().css_first(".aipm-due--soon")
    assert soon is not None
    assert "16 April 2026 EVT-2026-04-16-standup Morning stand-up reminder at 09:00 (America/Chicago)" in words(
        soon.text(separator=" ")
    )
    assert {"date": "2026-04-16", "at": "2026-04-16T09:00:00-05:00"}.items() <= next(
        due.items() for due in site.status["due"] if due["record"] == "EVT-2026-04-16-standup"
    )


def events(file: Path) -> dict[str, icalendar.Event]:
    """Return the entries of a calendar by what stands before the project in their ids."""
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    return {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


def test_the_calendars_hold_milestones_meetings_reminders_and_days_to_act_by(site: Site) -> None:
    project = events(site.folder / "calendar.ics")
    zone = ZoneInfo("America/Chicago")
    # domain 1.2.1, and the records: MS-05 by its forecast, what is reached by its day, an approval by its own.
    begins = {
        "MS-05.milestone": date(2026, 6, 29),
        "MS-07.milestone": date(2026, 9, 18),
        "MS-09.milestone": date(2026, 2, 23),
        "MTG-052.meeting": datetime(2026, 4, 15, 11, 0, tzinfo=zone),
        "EVT-2026-04-16-standup.reminder": datetime(2026, 4, 16, 9, 0, tzinfo=zone),
        "ACT-077.action": date(2026, 4, 17),
        "ACT-078.approval": date(2026, 4, 22),
        "DEC-020.decision": date(2026, 4, 29),
        "FND-001.funding": date(2026, 5, 15),
    }

    assert {uid: project[uid].decoded("DTSTART") for uid in begins} == begins
    roles = {file.stem: events(file) for file in (site.folder / "calendar").glob("*.ics")}
    # A role has what it answers for or attends, and nothing that the project has not.
    assert set().union(*roles.values()) <= project.keys()
    attending = {"project-manager", "compliance-officer", "lead-data-scientist"}
    assert {role for role, own in roles.items() if "MTG-052.meeting" in own} == attending
    assert {role for role, own in roles.items() if "ACT-077.action" in own} == {"lead-data-scientist"}
    assert roles["core-team"].keys() == {"EVT-2026-04-16-standup.reminder"}


def test_the_feeds_hold_status_changes_decisions_new_risks_and_issued_reports(site: Site) -> None:
    items = site.json("feed.json")["items"]
    feed = ElementTree.parse(site.folder / "feed.atom").getroot()
    told = {(item["date_published"][:10], *item["tags"], words(item["title"])) for item in items}

    # domain 1.2.1, the reports of 1 and 8 April with "overall amber since 2026-04-06", and the records.
    assert {
        ("2026-04-06", "status-changed", "Overall status: not fully reported → amber"),
        ("2026-04-08", "report-issued", "Report issued: Board report of 8 April 2026"),
        ("2026-04-09", "risk-new", "New risk: A tablet update empties the app's offline list"),
        ("2026-04-13", "decision-accepted", "Decided: Sign-in for shared tablets in sprint 8"),
        ("2026-04-15", "decision-proposed", "To be decided: De-identify dates by expert determination"),
        ("2026-03-18", "decision-rejected", "Rejected: Neural sequence model for 1.7"),
        # Superseded since by DEC-016.
        ("2025-12-17", "decision-accepted", "Decided: Train from the beginning every night"),
    } <= told
    assert {tag for _, tag, _ in told} == {
        *("status-changed", "report-issued", "risk-new"),
        *("decision-accepted", "decision-proposed", "decision-rejected"),
    }
    # Both forms say the same, the newest first.
    atom = {"a": "http://www.w3.org/2005/Atom"}
    entries = [
        tuple(entry.findtext(f"a:{name}", "", atom) for name in ("id", "updated", "title"))
        for entry in feed.findall("a:entry", atom)
    ]
    assert entries == [(item["id"], item["date_published"], item["title"]) for item in items]
    days = [day for _, day, _ in entries]
    assert days == sorted(days, reverse=True)
    assert len({entry for entry, _, _ in entries}) == len(entries)
