"""Adding the plugin to a site that somebody already has changes no byte of its pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What may gain entries, and what is ours.
MAY_DIFFER = {"sitemap.xml", "sitemap.xml.gz", "search/search_index.json"}

SETTINGS = """site_name: A site of before
site_url: https://example.org/docs/
theme:
  name: material
  features: [navigation.tabs, content.code.annotate]
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - pymdownx.details
  - pymdownx.superfences
  - pymdownx.snippets
  - pymdownx.tabbed: {alternate_style: true}
plugins:
  - search
"""
INDEX = """---
title: Welcome
description: A site with everything that a wiki collects over the years
template: main.html
status: new
---

# Welcome {#top .big onclick="nothing()"}

<div class="grid cards" markdown>

- **Raw HTML** <span style="color: red">stays</span> as it was <!-- and so do comments -->

</div>

<script>console.log("the owner's own script")</script>

=== "A tab"

    A tab with `{{ jinja }}` in it and a [[wiki link]] that is nobody's.

=== "Another"

    ```jinja
    {% for risk in risks %}{{ risk }}{% endfor %}
    ```

!!! note "Admonition"
    With an image: ![](assets/logo.svg) and [a dead link](nowhere.md).

[[RSK-014]] looks like an id, and this site has no records.
"""


def build(folder: Path, site: str, *, plugin: bool) -> Path:
    """Build the site of a folder by plain MkDocs and return where it lies."""
    (folder / "mkdocs.yml").write_text(SETTINGS + ("  - aipm\n" if plugin else ""))
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1770000000", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", site]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=120)
    return folder / site


def files_of(site: Path) -> dict[str, bytes]:
    """Return the bytes of each file of a site."""
    return {f.relative_to(site).as_posix(): f.read_bytes() for f in sorted(site.rglob("*")) if f.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a site as people have them: raw HTML, tabs, an assets folder, Jinja-looking text in code."""
    docs = tmp_path / "docs"
    (docs / "assets").mkdir(parents=True)
    (docs / "tasks").mkdir()
    (docs / "index.md").write_text(INDEX)
    (docs / "tasks" / "how-we-work.md").write_text("# How we work\n\nA page in a folder that is called like a kind.\n")
    (docs / "assets" / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>\n')
    (docs / "assets" / "old page.html").write_text("<h1>An old page</h1>\n")
    (docs / "data.yml").write_text("just: data\n")
    return tmp_path


def test_the_plugin_changes_no_byte_of_a_site_without_records(folder: Path) -> None:
    before = files_of(build(folder, "before", plugin=False))

    after = files_of(build(folder, "after", plugin=True))

    assert set(before) <= set(after)
    changed = {path for path in before if before[path] != after[path]}
    assert changed <= MAY_DIFFER


def test_one_record_adds_its_pages_and_its_menu_and_leaves_the_articles_as_they_were(folder: Path) -> None:
    index = folder / "docs" / "index.md"
    # With risks of its own, what looks like the id of a risk is one.
    index.write_text(index.read_text().replace("[[RSK-014]]", "[[somebody else's link]]"))
    before = files_of(build(folder, "before", plugin=False))
    (folder / "docs" / "risks").mkdir()
    (folder / "docs" / "risks" / "RSK-001.yml").write_text("id: RSK-001\ntitle: A\nprobability: 3\nimpact: 4\n")

    after = files_of(build(folder, "after", plugin=True))

    assert "risks/RSK-001/index.html" in after
    for path in (path for path in before if path.endswith("index.html")):
        assert article(before[path]) == article(after[path])


def article(page: bytes) -> bytes:
    """Return what a writer wrote of a page, without the navigation around it and the links to its neighbours."""
    return page.partition(b"<article")[2].partition(b"</article>")[0]
