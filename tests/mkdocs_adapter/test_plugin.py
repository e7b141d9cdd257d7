"""The plugin under plain MkDocs: the same pages as `aipm build`, and the old site until the content is right."""

import json
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from msgspec.structs import replace

from aipm_site.mkdocs_adapter import plugin as plugin_module
from aipm_site.mkdocs_adapter.site import build_site
from aipm_site.pages.page import Page
from aipm_site.problems import Place, error, warning
from aipm_site.publication.manifest import check_site
from aipm_site.publication.plan import ContentRefused, PlanOptions, SitePlan
from tests.mkdocs_adapter.sites import SETTINGS, FakePlanner, a_plan, read_tree, write_site

CONTENT = {"index.md": "# Home\n\nSee [risks](risks/index.md).\n", "wiki/start.md": "# Start\n\ntext\n"}


@pytest.fixture
def planner(monkeypatch):
    fake = FakePlanner()
    monkeypatch.setattr(plugin_module, "_own_planner", lambda: fake)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(fake.plan.build.source_date_epoch))
    return fake


@pytest.fixture
def config(tmp_path, planner):
    return write_site(tmp_path, CONTENT)


def mkdocs_build(config: Path, command: str = "build") -> None:
    settings = load_config(config_file=str(config))
    settings.plugins.on_startup(command=command, dirty=False)
    try:
        build(settings, serve_url="http://127.0.0.1:8000/" if command == "serve" else None)
    finally:
        settings.plugins.on_shutdown()


def test_plain_mkdocs_makes_the_same_bytes_as_aipm_build(config, tmp_path, planner):
    mkdocs_build(config)
    plain = read_tree(tmp_path / "site")

    build_site(config, planner, tmp_path / "other")

    assert read_tree(tmp_path / "other") == plain
    assert check_site(tmp_path / "site") == []


def test_content_errors_are_printed_and_leave_the_old_site(config, tmp_path, monkeypatch, capsys):
    mkdocs_build(config)
    before = read_tree(tmp_path)

    def refuse(root: Path, docs_dir: Path, options: PlanOptions) -> SitePlan:
        raise ContentRefused([error("out-of-range", "probability 7", Place("content/x.yml", 7, 14))])

    monkeypatch.setattr(plugin_module, "_own_planner", lambda: refuse)
    with pytest.raises(Abort):
        mkdocs_build(config)

    assert "content/x.yml:7:14: error[out-of-range]: probability 7" in capsys.readouterr().err
    assert read_tree(tmp_path) == before


def test_a_site_folder_without_our_mark_is_not_emptied(config, tmp_path, caplog):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/precious.txt").write_text("do not lose")

    with pytest.raises(Abort):
        mkdocs_build(config)

    assert (tmp_path / "site/precious.txt").read_text() == "do not lose"
    assert "holds files and no build of ours" in caplog.text


def test_on_config_writes_nothing_and_plans_nothing(config, tmp_path, planner):
    before = read_tree(tmp_path)
    settings = load_config(config_file=str(config))

    settings.plugins.on_config(settings)

    assert planner.calls == []
    assert read_tree(tmp_path) == before
    assert settings.docs_dir == str(tmp_path / "content")


def test_mkdocs_watches_the_real_folder_and_no_staging_folder_is_left(config, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    settings = load_config(config_file=str(config))

    build(settings)

    assert settings.docs_dir == str(tmp_path / "content")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_failing_build_leaves_no_staging_folder_and_a_site_that_no_check_takes(
    config, tmp_path, planner, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    wrong = Page("risks/RSK-015/", "x", "<h1>x</h1><script>x()</script>", "internal", "risks")
    planner.plan = a_plan(pages=(*a_plan().pages, wrong))

    with pytest.raises(Abort):
        mkdocs_build(config)

    assert list((tmp_path / "temporary").iterdir()) == []
    assert [problem.code for problem in check_site(tmp_path / "site")] == ["unfinished-build"]
    planner.plan = a_plan()
    mkdocs_build(config)
    assert check_site(tmp_path / "site") == []


def test_a_preview_is_lenient_shows_errors_and_is_not_publishable(config, tmp_path, planner, capsys):
    bad = error("out-of-range", "probability 7", Place("content/x.yml", 7, 14))
    plan = a_plan()
    planner.plan = replace(plan, problems=(bad,), build=replace(plan.build, publishable=False))

    mkdocs_build(config, "serve")

    assert [options.lenient for options in planner.calls] == [True]
    assert "Content-Security-Policy" not in (tmp_path / "site/risks/index.html").read_text()
    assert json.loads((tmp_path / "site/build.json").read_text())["publishable"] is False
    assert "content/x.yml:7:14: error[out-of-range]" in capsys.readouterr().err


def test_warnings_are_told_at_info_so_that_mkdocs_strict_keeps_its_meaning(config, planner, caplog):
    planner.plan = a_plan(problems=(warning("no-owner", "nobody owns it", Place("content/x.yml", 1)),))
    caplog.set_level("INFO", "mkdocs")

    mkdocs_build(config)

    record = next(record for record in caplog.records if "no-owner" in record.getMessage())
    assert record.levelname == "INFO"


def test_options_of_mkdocs_yml_reach_the_planner(tmp_path, planner):
    settings = SETTINGS.replace("aipm]", "aipm: {audience: client, as_of: 2026-04-15}]").replace(
        "plugins: [search, aipm: {audience: client, as_of: 2026-04-15}]",
        "plugins:\n  - search\n  - aipm:\n      audience: client\n      as_of: '2026-04-15'\n",
    )

    mkdocs_build(write_site(tmp_path, CONTENT, settings))

    assert planner.calls == [PlanOptions("client", "2026-04-15", False)]
