"""What is shipped: wheel and source archive hold theme and templates, work without the checkout, and are pinned."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
AIPM = [sys.executable, "-m", "aipm_site"]
PINS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def archives(tmp_path_factory) -> dict[str, Path]:
    """Build the source archive from the checkout, and the wheel from the unpacked archive, as installers do."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder], ROOT)
    sdist = next(folder.glob("*.tar.gz"))
    shutil.unpack_archive(sdist, folder)
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], unpacked)
    return {"sdist": sdist, "wheel": next(folder.glob("*.whl"))}


@pytest.fixture(scope="module")
def installed(archives, tmp_path_factory) -> dict[str, str]:
    """Install the wheel into a folder of its own and return an environment in which it hides the checkout."""
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target]
    run([*command, archives["wheel"]], target)
    return {**os.environ, "PYTHONPATH": str(target), "PYTHONSAFEPATH": "1"}


@pytest.mark.slow
def test_the_wheel_holds_every_template_and_every_file_of_the_theme(archives):
    shipped = set(zipfile.ZipFile(archives["wheel"]).namelist())

    templates = {f"aipm_site/templates/{name}" for name in files_below(ROOT / "aipm_site" / "templates")}
    theme = {f"aipm_site/theme/{name}" for name in files_below(ROOT / "theme")}

    assert templates
    assert theme
    assert templates | theme <= shipped


@pytest.mark.slow
def test_the_wheel_holds_nothing_but_the_package(archives):
    top_levels = {name.split("/")[0] for name in zipfile.ZipFile(archives["wheel"]).namelist()}

    assert {name for name in top_levels if not name.endswith(".dist-info")} == {"aipm_site"}


@pytest.mark.slow
def test_the_source_archive_holds_what_tests_and_sample_need(archives):
    with tarfile.open(archives["sdist"]) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}

    assert {"LICENSE", "Makefile", "README.md", "content/project.yml", "mkdocs.yml", "pyproject.toml"} <= shipped
    assert {"requirements/site.txt", "tests/test_packaging.py"} <= shipped
    assert not [name for name in shipped if name.startswith((".venv", "site/", ".git/"))]


@pytest.mark.slow
def test_an_installed_wheel_makes_and_builds_a_project_without_the_checkout(installed, tmp_path):
    where = run([sys.executable, "-c", "import aipm_site; print(aipm_site.__file__)"], tmp_path, installed)
    assert str(ROOT) not in where

    run([*AIPM, "init", "new-project"], tmp_path, installed)
    run([*AIPM, "build"], tmp_path / "new-project", installed)

    assert (tmp_path / "new-project" / "site" / "build.json").is_file()
    assert (tmp_path / "new-project" / "site" / "status.json").is_file()


def test_command_and_plugin_are_announced():
    commands = entry_points(group="console_scripts", name="aipm")
    plugins = entry_points(group="mkdocs.plugins", name="aipm")

    assert [command.value for command in commands] == ["aipm_site.cli:main"]
    assert [plugin.value for plugin in plugins] == ["aipm_site.mkdocs_adapter.plugin:AipmPlugin"]
    assert plugins["aipm"].load()


@pytest.mark.parametrize("pins", PINS, ids=lambda path: path.name)
def test_pins_have_hashes_and_name_no_index(pins):
    text = pins.read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.\[\]-]+==[^\\]+\\\n    --hash=sha256:", text, re.MULTILINE)
    named = re.findall(r"^[\w.\[\]-]+", text, re.MULTILINE)

    assert pinned
    assert len(pinned) == len(named)
    assert not re.search(r"https?:|file:|--index-url|--extra-index-url|--find-links|--trusted-host|(?<![\w.])/", text)


def test_every_core_dependency_is_pinned_for_the_site():
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "site.txt").read_text("utf-8"), re.MULTILINE))
    core = {re.split(r"[<>=;\[ ]", wanted)[0] for wanted in PYPROJECT["project"]["dependencies"]}

    assert core <= pinned


def run(command, folder, environment=None) -> str:
    """Run a command that must succeed and return what it printed."""
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    return result.stdout


def files_below(folder: Path) -> set[str]:
    """Return the files below a folder, relative to it, without what Python leaves behind."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}
