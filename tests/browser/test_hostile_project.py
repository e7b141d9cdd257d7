"""What hostile people write in records and pages appears letter by letter, and none of it runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.browsing import Visit, served, visiting
from tests.browser.hostile_project import ACCEPTED, REFUSED, files, payload
from tests.sample import Site, aipm, build, words, write

pytestmark = pytest.mark.browser

_GADGETS = ("article abbr", "article [title]", "article sup a", ".md-annotation", ".md-sidebar [title*='<']")
# The theme's tooltips come with a delay.
_TOOLTIP = 400
_RAN = "window.__xss"
_SCHEMES = "links => links.map(link => link.protocol).filter(p => !['http:', 'https:', 'mailto:'].includes(p))"
# What holds every payload: registers, the home, the page of figures, and a wiki page with each gadget.
_TELLING = ("", "risks/", "decisions/", "observations/", "figures/", "status/missing/", "wiki/breakout/")


@pytest.fixture(scope="session")
def hostile_site(browser, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the hostile project, without the pages that a build refuses; beside it a page that runs a script."""
    site = build(write(tmp_path_factory.mktemp("hostile"), files()))
    page = site.html("wiki/script")
    control = page.replace("</body>", f"<script>{_RAN}='control'</script></body>")
    assert control != page
    write(site.folder, {"control/index.html": control})
    return site


@pytest.fixture(params=[True, False], ids=["with policy", "without policy"])
def visit(request: pytest.FixtureRequest, browser, hostile_site: Site) -> Iterator[Visit]:
    """A window on the hostile site; without its policy, escaping alone must hold."""
    with served(hostile_site.folder, has_policy=request.param) as base, visiting(browser, base) as opened:
        yield opened


def _happened(visit: Visit) -> dict[str, object]:
    """Return what happened on the open page that must not."""
    found = {
        "ran": visit.page.evaluate(f"{_RAN} || ''"),
        "dialogs": visit.dialogs,
        "foreign": visit.foreign,
        "violations": visit.violations(),
        "moved": visit.page.evaluate("location.origin + '/'").replace(visit.base, ""),
        "schemes": visit.page.eval_on_selector_all("a[href]", _SCHEMES),
        "handlers": visit.page.eval_on_selector_all("article *", _HANDLERS),
    }
    return {name: value for name, value in found.items() if value}


_HANDLERS = """elements => elements.flatMap(element => [...element.attributes])
    .filter(attribute => attribute.name.startsWith("on") || attribute.name === "srcdoc").map(a => a.name)"""


def _hover(visit: Visit, each: int) -> None:
    # The theme gives what it cut off a title when that has come into view.
    visit.page.wait_for_timeout(_TOOLTIP)
    for gadget in _GADGETS:
        # Not as locators: the theme takes a title away while its tooltip is shown, and the others move up.
        for one in [found for found in visit.page.query_selector_all(gadget) if found.is_visible()][:each]:
            one.hover(force=True)
            visit.page.wait_for_timeout(_TOOLTIP)


def test_nothing_runs_on_the_pages_that_hold_every_payload(visit: Visit):
    wrong = {}
    for address in _TELLING:
        visit.open(address)
        wrong[address] = _happened(visit)

    assert {address: found for address, found in wrong.items() if found} == {}


def test_nothing_runs_in_tooltips_and_search_results(visit: Visit):
    visit.open("wiki/breakout/")
    _hover(visit, 4)
    assert _happened(visit) == {}

    page = visit.open("?q=canary")
    page.wait_for_selector(".md-search-result__item")
    page.wait_for_timeout(_TOOLTIP)
    assert _happened(visit) == {}


@pytest.mark.slow
@pytest.mark.parametrize("visit", [False], indirect=True, ids=["without policy"])
def test_nothing_runs_on_any_page(visit: Visit, hostile_site: Site):
    wrong = {}
    for address in hostile_site.addresses():
        if address != "control":
            visit.open(f"{address}/" if address != "." else "")
            wrong[address] = _happened(visit)

    assert {address: found for address, found in wrong.items() if found} == {}


@pytest.mark.slow
@pytest.mark.parametrize("visit", [False], indirect=True, ids=["without policy"])
def test_nothing_runs_in_any_tooltip(visit: Visit):
    visit.open("wiki/gadgets/")
    _hover(visit, len(ACCEPTED))

    assert _happened(visit) == {}


def test_the_oracle_sees_what_runs(browser, hostile_site: Site):
    with served(hostile_site.folder, has_policy=False) as base, visiting(browser, base) as visit:
        visit.open("control/")
        assert _happened(visit)["ran"] == "control"

    with served(hostile_site.folder) as base, visiting(browser, base) as visit:
        visit.open("control/")
        assert _happened(visit).keys() == {"violations"}


def test_each_title_appears_letter_by_letter(browser, hostile_site: Site):
    with served(hostile_site.folder) as base, visiting(browser, base) as visit:
        shown = words(visit.open("risks/").inner_text("#risks"))

    assert [name for name in ACCEPTED if words(payload(name)) not in shown] == []


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_page_with_an_address_that_acts_is_refused_with_its_place(tmp_path: Path, name: str):
    write(tmp_path, files(pages=(name,)))

    outcome = aipm(tmp_path, "build")

    assert outcome.code == 1
    assert f"content/wiki/{name}.md:" in outcome.err
    assert "error[unsafe-address]" in outcome.err
    assert not (tmp_path / "site").exists()


def test_a_file_whose_name_would_act_is_refused(tmp_path: Path):
    write(tmp_path, {**files(pages=()), "content/wiki/<img src=x onerror=alert(1)>.md": "# Page\n"})

    outcome = aipm(tmp_path, "build")

    assert outcome.code == 1
    assert "error[bad-file-name]" in outcome.err
    assert not (tmp_path / "site").exists()
