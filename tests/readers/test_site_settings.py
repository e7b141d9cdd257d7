"""The settings that every command needs are read without MkDocs, and nothing in them runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from aipm_site.readers.site_settings import read_site_settings


def settings_file(folder: Path, text: str, name: str = "mkdocs.yml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_the_settings_are_those_of_the_outermost_mapping(tmp_path: Path) -> None:
    text = "site_name: A site\ndocs_dir: content\nextra: {docs_dir: elsewhere}\nplugins:\n  - search\n  - aipm: {lenient: true}\n"

    settings, problems = read_site_settings(settings_file(tmp_path, text))

    assert (settings.site_name, settings.docs_dir, settings.site_dir, settings.has_plugin) == (
        "A site",
        "content",
        "site",
        True,
    )
    assert problems == []


def test_what_a_file_does_not_say_comes_from_the_file_it_inherits_from(tmp_path: Path) -> None:
    settings_file(tmp_path, "docs_dir: content\nsite_name: Base\nplugins: [aipm]\n", "base.yml")

    settings, _ = read_site_settings(settings_file(tmp_path, "INHERIT: base.yml\nsite_name: Own\n"))

    assert (settings.site_name, settings.docs_dir, settings.has_plugin) == ("Own", "content", True)


def test_files_that_inherit_from_each_other_come_to_an_end(tmp_path: Path) -> None:
    file = settings_file(tmp_path, "INHERIT: mkdocs.yml\nsite_name: Own\n")

    assert read_site_settings(file)[0].site_name == "Own"


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [ls]", "!!python/object/new:os.system [ls]"])
def test_a_tag_that_runs_code_is_a_problem_at_its_place_and_does_not_run(tmp_path: Path, tag: str) -> None:
    _, problems = read_site_settings(settings_file(tmp_path, f"site_name: x\nextra: {tag}\n"))

    assert [(p.code, str(p.place)) for p in problems] == [("tag-runs-code", "mkdocs.yml:2:8")]


def test_names_of_functions_and_values_of_the_environment_are_the_owners_own(tmp_path: Path) -> None:
    text = "site_name: !ENV [NAME, x]\nemoji: !!python/name:material.extensions.emoji.twemoji\n"

    assert read_site_settings(settings_file(tmp_path, text))[1] == []


@pytest.mark.parametrize(("text", "code"), [("site_name: [x\n", "not-yaml"), ("\tx: y\n", "not-yaml")])
def test_what_is_not_yaml_is_a_problem_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    _, problems = read_site_settings(settings_file(tmp_path, text))

    assert [p.code for p in problems] == [code]
    assert problems[0].place.line >= 1
