"""Axe finds nothing wrong with what is ours, in light and dark."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.browser.browsing import PHONE, Visit, visiting

pytestmark = pytest.mark.browser

_PAGES = (
    "",
    "reports/executive/",
    "risks/",
    "risks/RSK-014/",
    "budget/",
    "milestones/",
    "figures/",
    "models/MV-RW-1.6.2/",
    "wiki/model-versioning/",
)
# Material's own, at its version 9.8: nothing here is made by us, and each line is to go when Material mends it.
_MATERIAL = {
    ("aria-dialog-name", ".md-search"),  # the search dialog has no name
    ("color-contrast", ".md-tabs"),  # tabs that are not chosen are drawn with an opacity of 0.7
    ("color-contrast", ".md-copyright"),  # grey words in the footer: 4.47
    ("color-contrast", ".highlight"),  # two colours of the syntax highlighting: 4.47
    ("landmark-unique", ".md-code__nav"),  # each code block has a navigation without a name
    ("landmark-unique", ".md-nav"),  # nested menus on a phone bear one name
    ("scrollable-region-focusable", ".md-typeset__scrollwrap"),  # wide tables of Markdown cannot be reached by keyboard
}
_RUN = "axe.run(document, {resultTypes: ['violations']})"
_IS_BELOW = "([target, part]) => Boolean(document.querySelector(target)?.closest(part))"


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("needs axe: pip install axe-playwright-python")
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def _ours(visit: Visit, axe: str) -> list[tuple[str, str, str]]:
    """Return what axe finds on the open page beside Material's own."""
    visit.page.evaluate(axe)
    return [
        (violation["id"], str(node["target"]), str(node["any"][:1]))
        for violation in visit.page.evaluate(_RUN)["violations"]
        for node in violation["nodes"]
        if not _is_material(visit, violation["id"], node)
    ]


def _is_material(visit: Visit, rule: str, node: dict[str, Any]) -> bool:
    target = node["target"][-1]
    return any(visit.page.evaluate(_IS_BELOW, [target, part]) for name, part in _MATERIAL if name == rule)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_ours_is_wrong(browser, sample_address, axe, scheme):
    wrong = {}
    with visiting(browser, sample_address, color_scheme=scheme) as visit:
        for address in _PAGES:
            visit.open(address)
            wrong[address] = _ours(visit, axe)

    assert {address: found for address, found in wrong.items() if found} == {}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_ours_is_wrong_on_a_phone(browser, sample_address, axe, scheme):
    wrong = {}
    with visiting(browser, sample_address, color_scheme=scheme, viewport=PHONE) as visit:
        for address in (*_PAGES, "status/kinds/risk/", "observations/", "project/", "status/missing/", "stand-ups/"):
            visit.open(address)
            wrong[address] = _ours(visit, axe)

    assert {address: found for address, found in wrong.items() if found} == {}


def test_axe_sees_what_is_wrong(visit: Visit, axe):
    visit.open().evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')")

    assert [rule for rule, _, _ in _ours(visit, axe)] == ["image-alt"]
