"""What README, CONTRIBUTING and benchmarks promise: examples run, named files and commands exist."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from invented_project import invent_project, write_markdown_twin, write_project

from aipm_site.cli import main
from aipm_site.records.declaration import FieldType, KindDeclaration
from aipm_site.summaries.report import FILTERS, SETTINGS
from aipm_site.summaries.template_language import LIST_FILTERS
from tests.command_line import run_aipm

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/ci.md",
    "docs/changes.md",
    "docs/own-kinds.md",
    "docs/publishing.md",
    "docs/reports.md",
)
PAGES = [ROOT / name for name in DOCUMENTS]
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def readme() -> str:
    """Return the README."""
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_project_in_ten_lines_builds(tmp_path):
    example = re.search(r"## A project in ten lines.*?```sh\n(.*?)```", readme(), re.DOTALL)

    run = subprocess.run(["sh", "-e", "-c", example[1]], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "site" / "risks" / "RSK-021" / "index.html").is_file()
    assert "RSK-021" in (tmp_path / "site" / "status" / "missing" / "index.html").read_text(encoding="utf-8")


def test_the_error_in_the_readme_is_the_one_that_is_printed(tmp_path):
    shown = re.search(r"^    (content/.*\n      hint: .*)$", readme(), re.MULTILINE)[1].replace("\n    ", "\n")
    (tmp_path / "content" / "risks").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text("site_name: Triage\ndocs_dir: content\nplugins: [aipm]\n", encoding="utf-8")
    risk = "id: RSK-021\ntitle: Hospital B changes units without notice\nprobability: 30\nimpact: 4\n"
    (tmp_path / "content" / "risks" / "RSK-021.yml").write_text(risk, encoding="utf-8")

    run = run_aipm("check", cwd=tmp_path)

    assert run.returncode == 1
    assert shown in run.stdout


def test_every_command_is_in_the_readme_and_every_command_in_the_readme_exists():
    named = set(re.findall(r"^\| `aipm ([a-z]+)", readme(), re.MULTILINE))

    assert named == set(main.commands)


def own_kinds() -> str:
    """Return the page on kinds of a project's own."""
    return (ROOT / "docs" / "own-kinds.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_kinds_in_the_page_on_own_kinds_check_and_build(tmp_path):
    files = re.findall(r"^```yaml\n# (content/\S+)\n(.*?)^```$", own_kinds(), re.MULTILINE | re.DOTALL)
    assert len(files) == 4
    for path, text in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    settings = "site_name: T\ndocs_dir: content\ntheme: {name: material, font: false}\nplugins: [search, aipm]\n"
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")

    run = run_aipm("build", cwd=tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
    page = (tmp_path / "site" / "vendors" / "VND-001" / "index.html").read_text(encoding="utf-8")
    assert all(said in page for said in ("account manager", "12,000.50", "4711", "RSK-001"))
    assert "what a patient may suffer" in (tmp_path / "site/status/kinds/risk/index.html").read_text(encoding="utf-8")


def test_the_page_on_own_kinds_names_every_type_and_every_key():
    first_cells = re.findall(r"^\| (`.*?`) \|", own_kinds(), re.MULTILINE)
    named = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}

    assert named == {*get_args(FieldType), *KindDeclaration.model_fields}


def reports_page() -> str:
    """Return the page on reports of one's own."""
    return (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")


def test_the_templates_in_the_page_on_reports_check(tmp_path):
    first, second = re.findall(r"^```jinja\n(.*?)^```$", reports_page(), re.MULTILINE | re.DOTALL)
    money = {"budget/BUD-001.yml": BUDGET_LINE, "costs/costs.yml": COSTS}
    reports = {"reports/board.md": first, "reports/executive.md": second}
    for path, text in {"project.yml": "id: PRJ-001\ntitle: T\nas_of: 2026-04-15\n", **money, **reports}.items():
        (tmp_path / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / path).write_text(text, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: T\ndocs_dir: content\nplugins: [aipm]\n", encoding="utf-8")

    run = run_aipm("check", cwd=tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr


BUDGET_LINE = """\
id: BUD-001
title: Work
currency: USD
planned: [{period: 2026-01, amount: 100}, {period: 2026-02, amount: 100}]
earned: [{period: 2026-01, amount: 90}]
reviewed_on: 2026-04-13
"""
COSTS = "- {period: 2026-01, amount: 100, budget_line: BUD-001}\n"


def test_the_page_on_reports_names_every_block_filter_and_setting():
    template = (ROOT / "aipm_site/templates/reports/executive.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", reports_page())) | set(re.findall(r"\\\| (\w+)", reports_page()))

    assert {*re.findall(r"{% block (\w+)", template), *FILTERS, *LIST_FILTERS, *SETTINGS} <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_the_documents_lead_to_files(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_change_in_changelog_d_says_what_it_is():
    names = {path.name for path in (ROOT / "changelog.d").iterdir()} - {"README.md"}

    assert [
        name for name in sorted(names) if not re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md", name)
    ] == []


def test_the_benchmark_compares_the_same_records(tmp_path):
    project = invent_project(100)

    write_project(project, tmp_path / "records")
    write_markdown_twin(project, tmp_path / "markdown")

    assert len(project.records) + len(project.observations) == 100
    ours = {path.stem for path in (tmp_path / "records" / "content").rglob("*-0*.*")}
    theirs = {path.stem for path in (tmp_path / "markdown" / "docs").rglob("*-0*.md")}
    assert ours == theirs == {record.id for record in project.records}


def test_the_benchmark_invents_records_without_errors(tmp_path):
    write_project(invent_project(100), tmp_path)

    run = run_aipm("check", cwd=tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
