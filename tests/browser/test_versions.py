"""Published versions in a browser: an earlier one says so and leads to the latest, and two can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.browsing import PHONE, Visit, served, visiting
from tests.publication.builds import git
from tests.sample import RISK, SMALL, aipm, change, words, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page, Route

NOTE = "[data-aipm-note]"
OLD, NEW = "2026-04-15", "2026-04-22"


@pytest.fixture(scope="module")
def published(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions below a folder of the server, the second without one of the risks; and the address is not known."""
    root = write(tmp_path_factory.mktemp("project"), {**SMALL, ".gitignore": "public/\n"})
    write(root, {"content/risks/RSK-002.yml": RISK.replace("RSK-001", "RSK-002").replace("Feed B", "Vendor C")})
    git(root, "init", "-q")
    publish(root)
    (root / "content/risks/RSK-002.yml").unlink()
    change(root / "content/risks/RSK-001.yml", "probability: 2\nimpact: 2", "probability: 4\nimpact: 5")
    change(root / "content/project.yml", f"as_of: {OLD}", f"as_of: {NEW}")
    publish(root)
    # Beside it a site of the last state alone, which has two names.
    add_version(root, "twice")
    add_version(root, "twice", "--version", "board-1")
    return root / "public"


def publish(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Change")
    add_version(root, "small")


def add_version(root: Path, site: str, *options: str) -> None:
    outcome = aipm(root, "publish", "--to", str(root / "public" / site), *options)
    assert outcome.code == 0, outcome.err


@pytest.fixture(scope="module")
def address(published: Path) -> Iterator[str]:
    """Where the versions are served."""
    with served(published) as base:
        yield f"{base}small/"


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A window on the published site."""
    with visiting(browser, address) as opened:
        yield opened
        assert (opened.foreign, opened.dialogs) == ([], [])


def is_clean(visit: Visit) -> bool:
    return (visit.violations(), visit.errors) == ([], [])


@pytest.mark.parametrize("folder", [OLD, "2026-W16"])
def test_an_earlier_version_says_so_and_leads_to_the_same_page_of_the_latest(visit, folder):
    page = visit.open(f"{folder}/risks/RSK-001/")

    note = page.wait_for_selector(f"{NOTE} >> visible=true")
    assert "An earlier version: this is the state of 2026-04-15" in note.inner_text()
    page.click("text=This page in the latest version")
    page.wait_for_url("**/latest/risks/RSK-001/")
    assert is_clean(visit)


@pytest.mark.parametrize("folder", [NEW, "latest", "2026-W17"])
def test_the_latest_version_says_nothing(visit, folder):
    with visit.page.expect_response("**/versions.json"):
        page = visit.open(f"{folder}/risks/RSK-001/")

    page.wait_for_timeout(200)
    assert not page.is_visible(NOTE)
    assert is_clean(visit)


@pytest.mark.parametrize("folder", [NEW, "board-1", "latest"])
def test_a_version_of_the_same_state_as_the_latest_is_no_earlier_one(browser, published, folder):
    with served(published / "twice") as address, visiting(browser, address) as visit:
        with visit.page.expect_response("**/versions.json"):
            page = visit.open(f"{folder}/risks/RSK-001/")

        page.wait_for_timeout(200)
        assert not page.is_visible(NOTE)
        assert is_clean(visit)


def test_the_front_page_leads_to_the_latest(visit):
    visit.page.goto(visit.base)

    visit.page.wait_for_url("**/latest/")


def test_a_removed_page_is_found_in_the_version_that_has_it(visit):
    visit.page.goto(f"{visit.base}latest/risks/RSK-002/")

    visit.page.wait_for_url(f"**/{OLD}/risks/RSK-002/")
    note = visit.page.wait_for_selector(f"{NOTE} >> visible=true")
    assert "This page is not in the latest version any more" in note.inner_text()
    assert "This page in the latest" not in note.inner_text()


def test_without_scripts_each_page_names_its_version_date_and_revision(browser, address, published):
    with visiting(browser, address, java_script_enabled=False) as visit:
        page = visit.open(f"{OLD}/wiki/start/")

        assert not page.is_visible(NOTE)
        # What a reader sees comes from the style sheet of the version, and screen readers read it.
        shown = page.locator(".aipm-version").aria_snapshot()
        assert f"Version {OLD} · as of {OLD} · revision " in shown
        page.click("text=About this version")
        revision = git(published.parent, "rev-parse", "HEAD~1")
        assert revision in page.inner_text("main")


def test_two_versions_are_compared(visit):
    page = visit.open(f"{OLD}/risks/RSK-001/")
    page.click(f"{NOTE} >> text=What has changed")
    page.wait_for_url(f"**/versions/?from={OLD}&to={NEW}#compare")

    page.wait_for_selector(".compared tbody tr")
    assert page.locator(".group [data-aipm=title]").first.inner_text() == "Status"
    assert rows(page, "Status") == [
        # Without a next review a risk is not reported (domain §3.6); 4 times 5 is 20, and red begins at 15.
        ["Overall status", "not fully reported", "red"],
        ["Risk", "not reported", "red"],
    ]
    figures = {row[0]: row[1:] for row in rows(page, "Risk")}
    assert figures["risk.open"] == ["2 open risks", "1 open risk"]
    assert figures["risk.red"] == ["no risks in the red band", "1 risk in the red band"]
    assert is_clean(visit)


def rows(page: Page, title: str) -> list[list[str]]:
    """Return the rows of one group of the comparison, and see that its count is theirs."""
    group = page.locator(".group", has=page.locator(f"summary >> text=/^{title}/"))
    found = [
        [words(cell) for cell in row.locator("th, td").all_text_contents()] for row in group.locator("tbody tr").all()
    ]
    assert group.locator("[data-aipm=count]").text_content() == str(len(found))
    return found


def test_only_the_status_is_unfolded(visit):
    page = visit.open(f"versions/?from={OLD}&to={NEW}#compare")
    page.wait_for_selector(".group")

    assert page.locator(".group[open] [data-aipm=title]").all_inner_texts() == ["Status"]
    assert page.locator(".group").count() > 1


def test_a_status_that_was_worse_before_is_said_to_be_better(visit, published):
    page = visit.open("versions/")
    for version, colour in ((OLD, "red"), (NEW, "amber")):
        page.route(f"**/{version}/status.json", answering({"as_of": version, "overall": {"status": colour}}))
    page.goto(f"{visit.base}versions/?from={OLD}&to={NEW}")
    page.wait_for_selector(".compared tbody tr")

    assert rows(page, "Status") == [["Overall status", "red", "amber better"]]
    page.goto(f"{visit.base}versions/?from={NEW}&to={OLD}")
    page.wait_for_selector("text=worse")
    assert rows(page, "Status") == [["Overall status", "amber", "red worse"]]


def answering(data: object) -> Callable[[Route], None]:
    return lambda route: route.fulfill(json=data)


@pytest.mark.parametrize(("before", "after"), [(OLD, NEW), (NEW, OLD)])
def test_a_figure_leads_to_how_the_newer_version_computed_it(visit, before, after):
    page = visit.open(f"versions/?from={before}&to={after}")
    page.wait_for_selector(".group")
    page.click(".group summary >> text=/^Risk/")

    page.click("text=risk.open")

    page.wait_for_url(f"**/{NEW}/figures/#risk-open")
    assert page.is_visible("#risk-open")


def test_the_areas_are_called_as_on_the_page_of_figures(visit):
    page = visit.open(f"versions/?from={OLD}&to={NEW}")
    page.wait_for_selector(".group")
    above, *compared = page.locator(".group [data-aipm=title]").all_text_contents()
    page.goto(f"{visit.base}{NEW}/figures/")

    areas = [words(area) for area in page.locator(".aipm-figure-areas__area a").all_text_contents()]
    assert above == "Status"
    assert compared == [area for area in areas if area in compared] != []


@pytest.mark.parametrize(("asked", "chosen"), [("2026-W16", OLD), ("latest", NEW), ("2026-W17", NEW)])
def test_an_alias_in_the_address_is_the_version_that_bears_it(visit, asked, chosen):
    page = visit.open(f"versions/?from={asked}&to={NEW}")

    assert page.input_value("[name=from]") == chosen
    assert page.input_value("[name=to]") == NEW


def test_the_comparison_that_was_chosen_has_an_address(visit):
    page = visit.open("versions/?from=nosuch&to=latest")
    page.select_option("[name=from]", OLD)

    page.wait_for_selector(".compared tbody tr")
    assert page.url.endswith(f"versions/?from={OLD}&to={NEW}")
    assert not page.is_visible("[data-aipm=message]")


def test_versions_that_say_the_same_are_said_to(visit):
    page = visit.open(f"versions/?from={NEW}&to={NEW}")

    page.wait_for_function("document.querySelector('[data-aipm=message]').textContent.startsWith('Status, figures')")


@pytest.mark.parametrize(
    ("query", "name", "kept"),
    [
        ("from=nosuch&to=latest", "nosuch", ("", NEW)),
        (f"from={OLD}&to=2025-01-01", "2025-01-01", (OLD, "")),
        (f"from=../../secret&to={OLD}", "../../secret", ("", OLD)),
        (f"from={OLD}&to=<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>", (OLD, "")),
    ],
)
def test_a_name_in_the_address_that_is_no_version_is_told_and_nothing_else_is_compared(visit, query, name, kept):
    page = visit.open(f"versions/?{query}")

    page.wait_for_timeout(300)
    assert page.inner_text("[data-aipm=message]") == (
        f"A version “{name}” is not here; it may not be kept any more. Choose one of those that are."
    )
    assert page.locator(".group").count() == 0
    assert (page.input_value("[name=from]"), page.input_value("[name=to]")) == kept
    assert is_clean(visit)


def test_without_scripts_the_list_says_how_to_compare(browser, address):
    with visiting(browser, address, java_script_enabled=False) as visit:
        page = visit.open("versions/")

        assert "made by a script in your browser, and none runs here" in page.inner_text("main")
        assert not page.is_visible("form")
        assert page.get_attribute(f"a:text('{OLD}')", "href") == f"../{OLD}/"


@pytest.mark.parametrize("missing", ["risks/RSK-001/", "risks/RSK-001/?a=b#details"])
def test_an_address_from_before_there_were_versions_leads_to_the_latest(visit, missing):
    visit.page.goto(visit.base + missing)

    visit.page.wait_for_url(f"**/latest/{missing}")


@pytest.mark.parametrize(
    ("missing", "found"),
    [
        ("2025-01-01/risks/RSK-001/", "latest/risks/RSK-001/"),
        (f"{NEW}/risks/RSK-002/", f"{OLD}/risks/RSK-002/"),
    ],
)
def test_an_address_that_is_not_there_offers_what_is(visit, missing, found):
    visit.page.goto(visit.base + missing)

    visit.page.wait_for_selector("[data-aipm=found] >> visible=true")
    assert visit.page.inner_text("[data-aipm=link]") == f"/small/{found}"
    assert visit.page.get_attribute("[data-aipm=latest] >> visible=true", "href") == f"{visit.base}latest/"
    assert not visit.page.is_visible("[data-aipm=words]")


def test_without_scripts_a_page_that_is_not_there_names_the_folders_and_has_no_link_that_is_wrong(browser, address):
    with visiting(browser, address, java_script_enabled=False) as visit:
        visit.page.goto(f"{visit.base}{OLD}/nothing/here/")

        assert "lies in the folder latest/ of this site" in visit.page.inner_text("main")
        assert visit.page.locator("a >> visible=true").count() == 0


def test_a_search_works_with_shared_scripts(visit):
    page = visit.open(f"{OLD}/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.keyboard.type("Vendor")

    link = page.wait_for_selector(".md-search-result__link >> visible=true")
    assert link.get_attribute("href").startswith(f"{visit.base}{OLD}/")
    assert is_clean(visit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(browser, address, scheme):
    with visiting(browser, address, viewport=PHONE, color_scheme=scheme) as visit:
        for place in (
            f"{OLD}/risks/RSK-001/",
            f"versions/?from={OLD}&to={NEW}",
            f"{OLD}/aipm-version.html",
            "404.html",
        ):
            page = visit.open(place)
            page.wait_for_timeout(300)
            page.evaluate("document.querySelectorAll('main details').forEach(group => { group.open = true })")
            assert visit.overflow() <= 0, place
            # Nothing is cut, either: each table ends within the window.
            ends = page.evaluate("[...document.querySelectorAll('main table')].map(t => t.scrollWidth - t.clientWidth)")
            assert not any(beyond > 0 for beyond in ends), (place, ends)
