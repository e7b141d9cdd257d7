"""Lenient: what can be read is shown, what cannot is listed on each page, and nobody takes it for a publication (R64)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sample import RISK, SMALL, Outcome, Site, aipm, change, copy_sample, read_tree, write

GOOD = RISK.replace("RSK-001", "RSK-002")
BAD = RISK.replace("RSK-001", "RSK-003").replace("probability: 2", "probability: seven")
BROKEN = "id: RSK-004\ntitle: [a\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small project with two good risks and two that cannot be read."""
    files = {"RSK-002": GOOD, "RSK-003": BAD, "RSK-004": BROKEN}
    return write(tmp_path / "project", SMALL | {f"content/risks/{name}.yml": text for name, text in files.items()})


def lenient(root: Path, *arguments: str) -> tuple[Outcome, Site]:
    outcome = aipm(root, "build", "--lenient", *arguments)
    return outcome, Site(root / "site")


def test_strict_writes_nothing_where_lenient_shows_what_can_be_read(root: Path) -> None:
    strict = aipm(root, "build")
    assert (strict.code, (root / "site").exists()) == (1, False)

    outcome, site = lenient(root)

    assert outcome.code == 1
    assert {"RSK-001", "RSK-002"} <= site.records.keys()
    assert "RSK-003" not in site.records
    assert site.has("risks/RSK-002")
    assert not site.has("risks/RSK-003")
    assert "content/risks/RSK-003.yml:3:14: error[not-a-number]" in outcome.err
    assert "content/risks/RSK-004.yml" in outcome.err


def test_every_bad_record_is_listed_on_a_page_with_its_place_and_hint(root: Path) -> None:
    _, site = lenient(root)

    text = site.text("status/problems")
    assert "content/risks/RSK-003.yml:3:14" in text
    assert "'seven' is not a whole number" in text
    assert "write digits only" in text
    assert "content/risks/RSK-004.yml" in text


def test_every_page_says_that_records_could_not_be_read(root: Path) -> None:
    _, site = lenient(root)

    assert len(site.addresses()) > 8
    for address in site.addresses():
        notices = site.article("" if address == "." else address).css(".aipm-notice--red")
        if address == "status/problems":
            assert "could not be read" in site.text(address)
            continue
        assert len(notices) == 1, address
        assert "could not be read" in notices[0].text(), address
        assert notices[0].css_first("a").attributes["href"].endswith("status/problems/"), address


def test_a_lenient_site_says_that_it_is_not_publishable(root: Path) -> None:
    _, site = lenient(root)

    assert site.json("build.json")["publishable"] is False


def test_nothing_is_green_where_a_record_is_left_out_and_home_and_summary_say_so(root: Path) -> None:
    # The only risk that would be red cannot be read.
    write(root, {"content/risks/RSK-003.yml": BAD.replace("impact: 2", "impact: 5")})

    _, site = lenient(root)

    assert site.status["overall"]["status"] == "not_fully_reported"
    assert {d["name"]: d["status"] for d in site.status["dimensions"]}["risk"] == "not_reported"
    assert "figures that depend on that are wrong" in site.text("")
    assert "figures that depend on that are wrong" in site.text("reports/executive")


def test_a_project_that_is_right_is_the_same_with_and_without_lenient(tmp_path: Path) -> None:
    root = write(tmp_path, SMALL)
    assert aipm(root, "build", "--site", str(tmp_path / "strict")).code == 0

    outcome, site = lenient(root)

    assert outcome.code == 0
    assert read_tree(site.folder) == read_tree(tmp_path / "strict")
    assert site.json("build.json")["publishable"] is True


def test_warnings_change_nothing_in_a_site(tmp_path: Path) -> None:
    root = write(tmp_path, SMALL)

    outcome, site = lenient(root)

    assert "0 errors, 2 warnings" in outcome.err
    assert not site.has("status/problems")
    assert not site.article("").css(".aipm-notice--red")


def test_a_reference_to_a_bad_record_is_no_second_problem_and_no_dead_link(root: Path) -> None:
    write(
        root,
        {
            "content/risks/RSK-001.yml": RISK + "links: [{rel: relates_to, id: RSK-003}]\n",
            "content/wiki/start.md": "# Start\n\nSee [[RSK-003]].\n",
        },
    )

    outcome, site = lenient(root)

    assert "unknown-reference" not in outcome.err
    assert "dead-link" not in outcome.err
    assert "RSK-003" in site.text("wiki/start")


def test_a_wrong_project_yml_is_listed_and_the_defaults_hold(root: Path) -> None:
    change(root / "content/project.yml", "tz: UTC", "tz: Mars/Olympus")

    outcome, site = lenient(root)

    assert outcome.code == 1
    assert "content/project.yml:3:5: error[not-a-time-zone]" in outcome.err
    assert "content/project.yml:3:5" in site.text("status/problems")
    assert site.has("risks/RSK-001")


def test_a_template_that_is_wrong_is_listed_too(tmp_path: Path) -> None:
    root = write(tmp_path, {**SMALL, "content/reports/own.md": "---\ntitle: Own\n---\n{{ nothing }}\n"})

    outcome, site = lenient(root)

    assert outcome.code == 1
    assert "content/reports/own.md:4" in site.text("status/problems")
    assert site.json("build.json")["publishable"] is False
    assert site.article("").css(".aipm-notice--red")


def test_mkdocs_with_the_option_shows_the_same(root: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner
    from mkdocs.__main__ import cli as mkdocs

    change(root / "mkdocs.yml", "plugins: [search, aipm]", "plugins: [search, aipm: {lenient: true}]")
    found = CliRunner().invoke(mkdocs, ["build", "-f", str(root / "mkdocs.yml"), "-d", str(tmp_path / "plain")])

    plain = Site(tmp_path / "plain")
    assert found.exit_code in {0, 1}
    assert "content/risks/RSK-003.yml:3:14: error[not-a-number]" in found.stderr
    assert "not publishable" in found.stderr
    assert plain.json("build.json")["publishable"] is False
    assert plain.text("status/problems") == lenient(root)[1].text("status/problems")


def test_lenient_still_refuses_what_would_harm(root: Path) -> None:
    assert aipm(root, "build", "--lenient", "--audience", "world").code == 2
    assert aipm(root, "build", "--lenient", "--site", str(root / "content")).code == 2


# `aipm status`


def test_status_is_not_computed_from_records_that_cannot_be_read(root: Path) -> None:
    outcome = aipm(root, "status")

    assert outcome.code == 1
    assert outcome.out == ""
    assert "content/risks/RSK-003.yml:3:14: error[not-a-number]" in outcome.err
    assert "no status was computed" in outcome.err


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_lenient_status_shows_what_can_be_read_and_counts_the_rest(root: Path, form: tuple[str, ...]) -> None:
    outcome = aipm(root, "status", "--lenient", *form)

    assert outcome.code == 1
    assert "content/risks/RSK-003.yml:3:14: error[not-a-number]" in outcome.err
    # The charter and two risks of five records; the file that is no YAML has none that could be counted.
    assert "could not be read and are left out" in outcome.err
    if form:
        status = json.loads(outcome.out)
        assert status["schema"] == "aipm/status-1"
        assert status["figures"]["risk.open"]["value"] == "2"
    else:
        assert "Small" in outcome.out


def test_lenient_status_of_a_project_that_is_right_is_the_status(tmp_path: Path) -> None:
    root = copy_sample(tmp_path / "sample")

    strict, loose = aipm(root, "status", "--json"), aipm(root, "status", "--json", "--lenient")

    assert (strict.code, loose.code) == (0, 0)
    assert strict.out == loose.out
