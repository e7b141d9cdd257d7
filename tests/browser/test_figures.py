"""The page of figures: each is folded behind its name and value, and opens where a link leads to it and on paper."""

from __future__ import annotations

import pytest

from tests.browser.browsing import PHONE, Visit, visiting

pytestmark = pytest.mark.browser

EAC, CPI = ("figures/#cost-eac", "[id='cost-eac']"), "[id='cost-cpi']"
_IS_BELOW_THE_HEADER = """entry => entry.querySelector("summary").getBoundingClientRect().top
    >= document.querySelector(".md-header").getBoundingClientRect().bottom"""


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_a_link_opens_the_figure_that_it_leads_to_and_no_other(browser, sample_address, has_script, size):
    more = {"viewport": size} if size else {}
    with visiting(browser, sample_address, java_script_enabled=has_script, **more) as visit:
        page = visit.open(EAC[0])

        entry = page.locator("details", has=page.locator(EAC[1]))
        assert page.locator(EAC[1]).is_visible()
        assert not page.locator(CPI).is_visible()
        assert entry.locator("summary").first.inner_text().replace("\u00a0", " ").endswith("USD 1.28 million")
        if has_script:
            assert entry.evaluate(_IS_BELOW_THE_HEADER)


def test_where_a_browser_leaves_it_folded_the_script_opens_it(visit: Visit):
    page = visit.open(EAC[0])
    page.eval_on_selector(EAC[1], "body => body.closest('details').open = false")

    page.evaluate("dispatchEvent(new Event('hashchange'))")

    assert page.locator(EAC[1]).is_visible()


def test_paper_has_every_figure_whole(visit: Visit):
    page = visit.open("figures/")
    folded = page.locator("article").inner_text().count("Formula")

    page.emulate_media(media="print")

    assert folded == 0
    assert page.locator(EAC[1]).is_visible()
    assert page.locator("article").inner_text().count("Formula") > 100


def test_where_a_browser_prints_what_is_folded_as_folded_the_script_opens_it_and_folds_it_again(visit: Visit):
    page = visit.open(EAC[0])
    count = "document.querySelectorAll('details.aipm-figure-entry[open]').length"

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(count) == page.locator("details.aipm-figure-entry").count()

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(count) == 1
