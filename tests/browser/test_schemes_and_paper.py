"""Light, dark and paper: the scheme follows the system and the toggle, and a printed page holds what is on it."""

from __future__ import annotations

import pytest

from tests.browser.browsing import Visit, visiting

pytestmark = pytest.mark.browser

_SCHEME = "document.body.getAttribute('data-md-color-scheme')"
# The widths of A4 less the margins of a browser, in CSS pixels at 96 to an inch.
_A4 = 718


@pytest.mark.parametrize(("system", "scheme"), [("light", "default"), ("dark", "slate")])
def test_the_scheme_follows_the_system(browser, sample_address, system, scheme):
    with visiting(browser, sample_address, color_scheme=system) as visit:
        assert visit.open().evaluate(_SCHEME) == scheme


def test_the_toggle_changes_the_scheme_and_the_next_page_keeps_it(visit: Visit):
    page = visit.open()
    toggle = "label.md-header__button[title]:not([hidden])"

    page.click(f"{toggle}[title='Switch to light colours']")
    page.click(f"{toggle}[title='Switch to dark colours']")

    assert page.evaluate(_SCHEME) == "slate"
    assert visit.open("risks/").evaluate(_SCHEME) == "slate"


def test_a_status_is_word_and_shape_in_forced_colours(browser, sample_address):
    with visiting(browser, sample_address, forced_colors="active") as visit:
        page = visit.open()
        shape = page.locator(".aipm-overall__icon")

        assert shape.bounding_box()["width"] > 10
        assert shape.evaluate(
            "e => getComputedStyle(e).backgroundColor !== getComputedStyle(document.body).backgroundColor"
        )
        assert page.inner_text(".aipm-overall__word") == "Amber"


def test_paper_leaves_the_navigation_out(visit: Visit):
    page = visit.open("risks/")

    page.emulate_media(media="print")

    for part in (".md-header", ".md-tabs", ".md-sidebar", ".md-footer", ".aipm-register__filter"):
        assert not any(one.is_visible() for one in page.locator(part).all()), part
    assert page.locator("#risks").is_visible()


@pytest.mark.parametrize("address", ["", "risks/", "observations/", "sprints/SPR-08/", "models/MV-RW-1.6.2/"])
def test_no_column_is_cut_off_on_paper(visit: Visit, address):
    page = visit.open(address)

    page.emulate_media(media="print")
    page.set_viewport_size({"width": _A4, "height": 1000})

    right = "cells => Math.max(0, ...cells.map(cell => cell.getBoundingClientRect().right))"
    assert page.eval_on_selector_all("article td, article th, article section", right) <= _A4


def test_a_page_can_be_printed(visit: Visit, a_folder):
    visit.open("reports/executive/").pdf(path=a_folder / "summary.pdf", format="A4")

    assert (a_folder / "summary.pdf").read_bytes().startswith(b"%PDF")
