"""Charts of a whole site: drawn or not, the build is right, and says what is missing only where something is wrong."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from aipm_site.charts import drawing
from tests.sample import SMALL, Site, aipm, build, copy_sample, read_tree, write

pytestmark = pytest.mark.slow
needs_library = pytest.mark.skipif(
    find_spec("vl_convert") is None, reason="needs vl-convert: pip install 'aipm-site[charts]'"
)
MILESTONE = """\
id: MS-05
title: Pilot
baseline_date: 2026-06-15
forecast_date: 2026-06-29
reviewed_on: 2026-04-14
forecast_history:
  - {as_of: 2026-04-01, forecast_date: 2026-06-15}
"""
PROJECT = {**SMALL, "content/milestones/MS-05.yml": MILESTONE}


@needs_library
def test_the_sample_shows_its_milestones_in_a_chart_and_passes_the_gate(tmp_path: Path) -> None:
    page = build(copy_sample(tmp_path / "sample")).page("milestones")

    assert len(page.css("figure.aipm-chart svg[role=img]")) == 2
    words = page.css_first("figure.aipm-chart desc").text()
    # MS-09 was first expected on 2 February 2026 and reached on the 23rd.
    assert (
        "MS-09 (Feed B connected) slipped 21 days since 14 November 2025 and was reached on 23 February 2026" in words
    )


def test_a_chart_that_fails_is_a_warning_and_its_data_stands_alone(tmp_path: Path, monkeypatch) -> None:
    program = tmp_path / "program.py"
    program.write_text("import sys\nsys.exit(3)\n")
    monkeypatch.setattr(drawing, "_PROGRAM", program)
    monkeypatch.setattr(drawing, "_remembered", {})
    monkeypatch.setattr(drawing, "library_version", lambda: "1.0")

    root = write(tmp_path / "small", PROJECT)
    outcome = aipm(root, "build")

    assert outcome.code == 0
    assert outcome.err.count("warning[chart-not-drawn]") == 1
    assert "it ended with code 3" in outcome.err
    site = Site(root / "site")
    assert site.page("milestones").css_first("figure") is None
    assert len(site.page("milestones").css("details.aipm-chart-data tbody tr")) == 2


def test_without_the_library_the_data_stands_alone_and_nobody_is_warned(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(drawing, "library_version", lambda: None)

    root = write(tmp_path / "small", PROJECT)
    outcome = aipm(root, "build")

    assert outcome.code == 0
    assert "chart-not-drawn" not in outcome.err
    assert "vl-convert" not in outcome.err
    site = Site(root / "site")
    assert site.page("milestones").css_first("figure") is None
    assert len(site.page("milestones").css("details.aipm-chart-data tbody tr")) == 2


@needs_library
def test_a_command_that_draws_nothing_starts_nothing(tmp_path: Path, monkeypatch) -> None:
    root = write(tmp_path / "small", PROJECT)
    code = (
        "import sys; from aipm_site.cli import main\n"
        "sys.argv = ['aipm', 'check']\n"
        "try: main()\n"
        "finally: print([m for m in sys.modules if 'vl_convert' in m or 'charts.drawing' in m])\n"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False)

    assert run.stdout.splitlines()[-1] == "[]"


@needs_library
def test_a_site_from_the_cache_is_the_same_byte_for_byte(tmp_path: Path, monkeypatch) -> None:
    root = write(tmp_path / "small", PROJECT)
    trees = []
    for cache in ("", str(tmp_path / "cache"), str(tmp_path / "cache")):
        command = [sys.executable, "-m", "aipm_site", "-C", str(root), "build", "--force"]
        subprocess.run(command, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "AIPM_CACHE": cache})
        trees.append(read_tree(root / "site"))

    assert trees[0] == trees[1] == trees[2]
    assert list((tmp_path / "cache").glob("chart-*"))
