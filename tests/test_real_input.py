"""A project that nobody here wrote builds: every record has its page, no cell is lost, nothing is guessed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.command_line import run_aipm
from tests.real_project import BREAK_AT, MEASURES, make_real_project, model_id, register_rows, releases, risk_id

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built site of the real project; warnings are fine, errors are not."""
    root = make_real_project(tmp_path_factory.mktemp("real"))

    result = run_aipm("build", cwd=root)

    assert result.returncode == 0, result.stderr
    return root / "site"


def page_text(site: Path, address: str) -> str:
    article = LexborHTMLParser((site / address / "index.html").read_text()).css_first("article")
    return " ".join(article.text(separator=" ").split())


def test_every_record_has_its_page_and_every_row_its_anchor(site: Path) -> None:
    records = json.loads((site / "records.json").read_text())["records"]

    assert len(records) == 1 + len(register_rows()) + len(releases()) + len(MEASURES) + sum(
        len(measured) for _, measured in releases()
    )
    for record in records:
        address, _, anchor = record["url"].partition("#")
        html = (site / address / "index.html").read_text()
        assert not anchor or f'id="{anchor}"' in html


def test_no_cell_of_the_register_is_lost(site: Path) -> None:
    for row in register_rows():
        text = page_text(site, f"risks/{risk_id(row)}")
        for cell in filter(None, row.values()):
            # Markdown turns list marks and addresses into elements, so words are compared.
            for word in re.findall(r"\w+", cell):
                assert word in text, (risk_id(row), cell)


def test_a_risk_whose_scores_are_unknown_is_a_draft_without_scores(site: Path) -> None:
    records = {r["id"]: r for r in json.loads((site / "records.json").read_text())["records"]}
    unknown = [row for row in register_rows() if "Unknown" in (row["Likelihood"], row["Severity"])]

    assert unknown
    for row in unknown:
        assert records[risk_id(row)]["status"] == "draft"


def test_fields_that_the_register_does_not_have_are_listed_as_missing(site: Path) -> None:
    text = page_text(site, "status/missing")

    for row in register_rows():
        assert risk_id(row) in text


def test_the_change_of_unit_is_a_break_and_never_a_drop(site: Path) -> None:
    figures = json.loads((site / "status.json").read_text())["figures"]
    first_after = figures[f"model.{model_id(BREAK_AT)}.ents-f"]
    last_before = figures[f"model.{model_id('2.3.1')}.ents-f"]

    assert last_before["unit"] == "percent"
    assert first_after["unit"] == "ratio"
    assert first_after["comparator"] is None
    for page in site.rglob("*.html"):
        assert not re.search(r"[−-]9[89](\.\d+)?\s*(%|percentage)", page.read_text()), page


def test_the_series_after_the_break_compares_again(site: Path) -> None:
    figures = json.loads((site / "status.json").read_text())["figures"]

    assert figures[f"model.{model_id('3.1.0')}.ents-f"]["comparator"]["kind"] == "previous"


def test_dead_links_of_the_goals_are_warnings(site: Path) -> None:
    result = run_aipm("build", cwd=site.parent)

    assert result.returncode == 0
    assert "warning[dead-link]: " in result.stderr
    assert "content/goals/" in result.stderr
    assert "error" not in result.stderr.splitlines()[-1].replace("0 errors", "")
