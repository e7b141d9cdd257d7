"""The sample's site in a browser: it asks nobody else for anything, keeps its policy, and fits on a phone."""

from __future__ import annotations

import pytest

from tests.browser.browsing import PHONE, Visit, visiting
from tests.sample import Site

pytestmark = pytest.mark.browser

# A page of each sort: of each kind of record one, and everything that stands once.
_ONE_OF_EACH = (
    "",
    "reports/executive/",
    "project/",
    "figures/",
    "status/missing/",
    "status/data/",
    "status/kinds/risk/",
    "risks/",
    "risks/RSK-014/",
    "risks/RSK-019/",
    "issues/ISS-031/",
    "actions/ACT-078/",
    "decisions/",
    "decisions/DEC-018/",
    "milestones/MS-05/",
    "sprints/SPR-08/",
    "models/MV-RW-1.7.0-rc1/",
    "metrics/M-accuracy/",
    "observations/",
    "wiki/start-here/",
    "wiki/data-architecture/",
    "wiki/model-versioning/",
    "404.html",
)


def _look(visit: Visit, addresses: tuple[str, ...]) -> dict[str, object]:
    """Return what is wrong with pages, by address."""
    wrong: dict[str, object] = {}
    for address in addresses:
        visit.open(address)
        found = {
            "foreign": visit.foreign,
            "violations": visit.violations(),
            "errors": visit.errors,
            "overflow": visit.overflow(),
        }
        if any(found.values()):
            wrong[address] = {name: value for name, value in found.items() if value}
        visit.foreign, visit.errors = [], []
    return wrong


def test_a_page_of_each_sort_keeps_to_itself_and_fits_on_a_phone(browser, sample_address):
    with visiting(browser, sample_address, viewport=PHONE) as visit:
        assert _look(visit, _ONE_OF_EACH) == {}


@pytest.mark.slow
def test_every_page_keeps_to_itself_and_fits_on_a_phone(browser, sample_address, sample_site: Site):
    addresses = tuple(f"{address}/" if address != "." else "" for address in sample_site.addresses())

    with visiting(browser, sample_address, viewport=PHONE) as visit:
        assert _look(visit, addresses) == {}


def test_a_page_fits_on_a_desktop(visit: Visit):
    assert _look(visit, ("", "risks/", "observations/", "models/MV-RW-1.6.2/")) == {}


def test_search_finds_a_record_and_keeps_the_policy(visit: Visit):
    page = visit.open("?q=creatinine")

    page.wait_for_selector(".md-search-result__item")

    assert "ACT-077" in page.inner_text(".md-search-result__list")
    assert (visit.violations(), visit.errors, visit.foreign) == ([], [], [])


def test_a_figure_leads_to_how_it_was_computed(visit: Visit):
    page = visit.open("reports/executive/")

    page.click("a.aipm-figure:has-text('10 open risks')")

    page.wait_for_selector("#risk-open")
    assert "content/raid/risks/RSK-012.yml" in page.inner_text("#risk-open")


def test_a_line_of_the_overall_status_leads_to_its_dimension(visit: Visit):
    page = visit.open()

    page.click(".aipm-lines__label:has-text('Quality')")

    assert page.url.endswith("#dimension-quality")
    assert "fails its gate" in page.inner_text("#dimension-quality")
