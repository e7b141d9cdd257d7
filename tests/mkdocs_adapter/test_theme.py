"""The theme as MkDocs takes it during a build: the same files and templates, only quicker."""

from pathlib import Path

import pytest
from jinja2 import FileSystemLoader
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from aipm_site.mkdocs_adapter.theme import QuickTheme, VisibleFiles
from aipm_site.user_cache import use_cache
from tests.mkdocs_adapter.sites import SETTINGS, write_site


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    """Settings of a site with Material and a folder of its own templates."""
    write_site(tmp_path, {}, SETTINGS.replace("  name: material\n", "  name: material\n  custom_dir: looks\n"))
    for path in ("looks/a.css", "looks/below/main.html", "looks/below/.hidden/b.css", "looks/.icons/c.svg"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x", encoding="utf-8")
    return load_config(str(tmp_path / "mkdocs.yml"))


def files_of(config: MkDocsConfig) -> list[tuple[str, str | None]]:
    files = Files([])
    files.add_files_from_theme(config.theme.get_env(), config)
    return [(file.src_uri, file.abs_src_path) for file in files]


def test_a_site_gets_the_same_files_of_its_theme_in_the_same_order(config: MkDocsConfig) -> None:
    usual = files_of(config)

    QuickTheme(config.theme)

    assert len(usual) > 10
    assert files_of(config) == usual


def test_only_what_lies_in_hidden_folders_is_not_listed(config: MkDocsConfig) -> None:
    usual = FileSystemLoader(config.theme.dirs).list_templates()

    listed = VisibleFiles(config.theme.dirs).list_templates()

    assert "a.css" in listed
    assert "below/main.html" in listed
    assert listed == [path for path in usual if not any(part.startswith(".") for part in path.split("/")[:-1])]


def test_hidden_templates_can_still_be_loaded(config: MkDocsConfig) -> None:
    QuickTheme(config.theme)

    assert config.theme.get_env().get_template(".icons/c.svg").render() == "x"


def test_afterwards_the_theme_is_as_it_was(config: MkDocsConfig) -> None:
    quick = QuickTheme(config.theme)
    quick.restore()

    environment = config.theme.get_env()

    assert type(environment.loader) is FileSystemLoader
    assert environment.bytecode_cache is None


def test_the_templates_of_the_theme_are_kept_where_there_is_a_cache(config: MkDocsConfig, tmp_path: Path) -> None:
    use_cache({"AIPM_CACHE": str(tmp_path / "cache")})
    try:
        QuickTheme(config.theme)
        config.theme.get_env().get_template("main.html")
    finally:
        use_cache({"AIPM_CACHE": ""})

    assert list((tmp_path / "cache").iterdir())
