"""`aipm export`: the files of the site without the site, byte for byte."""

from pathlib import Path

import pytest

from tests.sample import SMALL, aipm, build, read_tree, write

ACTION = "id: ACT-001\ntitle: Ask\ndue: 2026-04-20\nowner: Data lead\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "small", {**SMALL, "content/actions/ACT-001.yml": ACTION})


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("json", ["records.json", "status.json"]),
        ("atom", ["feed.atom", "feed.json"]),
        ("ics", ["calendar.ics", "calendar/data-lead.ics"]),
    ],
)
def test_it_writes_what_the_site_publishes(project: Path, tmp_path: Path, form: str, names: list[str]) -> None:
    environment = {"SOURCE_DATE_EPOCH": "1776200000"}
    assert aipm(project, "build", "--no-search", environment=environment).code == 0

    outcome = aipm(project, "export", "--format", form, "--out", str(tmp_path / "out"), environment=environment)

    assert outcome.code == 0
    written = read_tree(tmp_path / "out")
    assert sorted(written) == names
    assert sorted(outcome.out.splitlines()) == sorted(str(tmp_path / "out" / name) for name in names)
    assert all((project / "site" / name).read_bytes() == data for name, data in written.items())


def test_what_is_not_for_an_audience_is_not_in_it(project: Path, tmp_path: Path) -> None:
    for form in ("json", "atom", "ics"):
        aipm(project, "export", "--format", form, "--audience", "public", "--out", str(tmp_path / "out"))

    assert not [path for path, data in read_tree(tmp_path / "out").items() if b"ACT-001" in data]
    assert not (tmp_path / "out" / "calendar.ics").exists()


def test_forms_that_there_are_not_are_not_offered(project: Path) -> None:
    outcome = aipm(project, "export", "--format", "xlsx")

    assert outcome.code == 2
    assert "'xlsx' is not one of 'json', 'ics', 'atom'" in outcome.err


def test_content_with_errors_is_not_written(project: Path, tmp_path: Path) -> None:
    write(project, {"content/actions/ACT-002.yml": "id: ACT-002\ntitle: Ask\n"})

    outcome = aipm(project, "export", "--out", str(tmp_path / "out"))

    assert outcome.code == 1
    assert "missing-field" in outcome.err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_pages_name_the_feeds_and_link_the_calendars(project: Path) -> None:
    site = build(project)

    for address in ("", "actions", "actions/ACT-001", "status/data"):
        links = site.page(address).css('link[rel="alternate"]')
        folder = site.folder / address
        assert {(folder / (link.attributes["href"] or "")).resolve().name for link in links} == {
            "feed.atom",
            "feed.json",
        }
        assert all((folder / (link.attributes["href"] or "")).resolve().is_file() for link in links)
    linked = {link.attributes["href"] for link in site.article("status/data").css("a")}
    assert {"../../calendar.ics", "../../calendar/data-lead.ics", "../../feed.atom", "../../feed.json"} <= linked
    assert {"./calendar.ics", "./feed.atom"} <= {link.attributes["href"] for link in site.article().css("a")}
