"""A browser, and the sample's site as it is published; without Chromium or playwright the tests here are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.browsing import CHROMIUM, FLAGS, Visit, served, visiting
from tests.sample import Site, build, copy_sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install -y --no-install-recommends chromium fonts-dejavu-core")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def sample_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample's site; it is not built where there is no browser to look at it."""
    return build(copy_sample(tmp_path_factory.mktemp("sample")))


@pytest.fixture(scope="session")
def sample_address(sample_site: Site) -> Iterator[str]:
    """Where the sample's site is served."""
    with served(sample_site.folder) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, sample_address: str) -> Iterator[Visit]:
    """A window of a desktop on the sample's site."""
    with visiting(browser, sample_address) as opened:
        yield opened


@pytest.fixture(scope="session")
def a_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder."""
    return tmp_path_factory.mktemp("folder")
