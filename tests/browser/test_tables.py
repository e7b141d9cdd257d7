"""Registers: sorted and filtered by the keyboard, said to those who cannot see it, and complete without the script."""

from __future__ import annotations

import pytest

from tests.browser.browsing import PHONE, Visit, visiting

pytestmark = pytest.mark.browser

_IDS = "rows => rows.filter(row => !row.hidden).map(row => row.cells[0].textContent)"


def _ids(visit: Visit) -> list[str]:
    found: list[str] = visit.page.eval_on_selector_all("#risks tbody tr", _IDS)
    return found


def test_a_head_sorts_by_keyboard_in_both_directions(visit: Visit):
    page = visit.open("risks/")
    head = page.locator("#risks th", has_text="ID")

    head.locator("button").focus()
    page.keyboard.press("Enter")

    assert head.get_attribute("aria-sort") == "ascending"
    assert _ids(visit) == sorted(_ids(visit))

    page.keyboard.press("Space")

    assert head.get_attribute("aria-sort") == "descending"
    assert _ids(visit) == sorted(_ids(visit), reverse=True)


def test_only_the_column_that_sorts_says_so(visit: Visit):
    page = visit.open("risks/")

    page.click("#risks th:has-text('Title') button")
    page.click("#risks th:has-text('Owner') button")

    assert page.locator("#risks th[aria-sort]").all_inner_texts() == ["Owner"]


def test_numbers_are_sorted_as_numbers_and_what_is_not_given_comes_last(visit: Visit):
    page = visit.open("risks/")
    scores = "rows => rows.map(row => row.cells[4].textContent.trim())"

    for _ in range(2):
        page.click("#risks th:has-text('Score') button")
        shown = page.eval_on_selector_all("#risks tbody tr", scores)
        # The draft RSK-019 has no score.
        assert shown[-1] == ""
        assert all(shown[:-1])

    assert [int(score) for score in shown[:-1]] == sorted((int(score) for score in shown[:-1]), reverse=True)


def test_the_filter_hides_rows_and_says_how_many_are_left(visit: Visit):
    page = visit.open("risks/")
    box = page.get_by_label("Filter")

    box.fill("clinical LEAD")
    page.wait_for_selector("[role=status]:has-text('3 of 14 risks')")

    # Content: RSK-006, RSK-010 and RSK-019 are owned by the clinical lead.
    assert sorted(_ids(visit)) == ["RSK-006", "RSK-010", "RSK-019"]

    box.fill("")
    page.wait_for_selector("[role=status]:empty", state="attached")
    assert len(_ids(visit)) == 14


def test_a_wide_table_scrolls_in_a_frame_that_the_keyboard_reaches(visit: Visit):
    page = visit.open("observations/")

    page.focus(".aipm-scroll")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)

    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Observations"
    assert page.evaluate("document.activeElement.scrollLeft") > 0


@pytest.mark.parametrize("viewport", [None, PHONE])
def test_without_scripts_everything_can_be_read(browser, sample_address, viewport):
    settings = {"viewport": viewport} if viewport else {}

    with visiting(browser, sample_address, java_script_enabled=False, **settings) as visit:
        page = visit.open("risks/")
        shown = page.locator("#risks tbody tr")
        assert shown.count() == 14
        assert all(shown.nth(row).is_visible() for row in range(14))
        assert not page.get_by_label("Filter").is_visible()
        assert page.locator("#risks th button").count() == 0

        page = visit.open()
        for words in ("Amber", "As of Wednesday 15 April 2026", "DEC-019", "Do not release model 1.7.0-rc1"):
            assert words in page.inner_text("article")
