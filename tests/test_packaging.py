"""What is shipped: wheel and source archive hold theme and templates, work without the checkout, and are pinned."""

import json
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

import click
import mkdocs
import pydantic
import pytest
import yaml

from tests.own_kinds import FILES as KINDS_OF_A_PROJECT

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
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
def programs(archives, tmp_path_factory) -> Path:
    """Install the wheel with pip into a virtual environment of its own and return the folder of its programs.

    Only its dependencies come from the environment that runs the tests, as tests use no network.
    """
    home = tmp_path_factory.mktemp("installed") / "venv"
    run([sys.executable, "-m", "venv", "--without-pip", home], home.parent)
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet"]
    run([*pip, "--no-deps", "--no-index", archives["wheel"]], home.parent)
    packages = run([programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], home.parent)
    # Python reads .pth files of its own folder alone: the one that leads from these packages to the checkout is none.
    paths = {str(Path(module.__file__).parent.parent) for module in (click, mkdocs, pydantic, yaml)}
    Path(packages.strip(), "dependencies.pth").write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    return programs


def without_checkout() -> dict[str, str]:
    """Return an environment in which nothing leads to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "AIPM"))}


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
def test_an_installed_wheel_is_what_its_programs_run(programs, tmp_path):
    where = run(
        [programs / "python", "-c", "import aipm_site; print(aipm_site.__file__)"], tmp_path, without_checkout()
    )

    assert Path(where.strip()).is_relative_to(programs.parent)
    assert str(ROOT) not in where
    assert run([programs / "aipm", "--version"], tmp_path, without_checkout()).startswith("aipm")


@pytest.mark.slow
def test_an_installed_wheel_makes_checks_and_builds_a_project_in_an_empty_folder(programs, tmp_path):
    def aipm(*words: str, folder: Path = tmp_path / "demo") -> str:
        return run([programs / "aipm", *words], folder, without_checkout())

    aipm("init", "demo", folder=tmp_path)
    assert "0 errors" in aipm("check")
    assert json.loads(aipm("check", "--format", "sarif"))["version"] == "2.1.0"
    aipm("build")
    assert "0 errors" in aipm("check", "--site", "site")
    assert json.loads(aipm("schema", "risk"))["title"] == "risk"
    aipm("new", "risk", "Vendor ends support", "--set", "probability=2", "--set", "impact=4")
    assert aipm("explain", "unknown-field").startswith("unknown-field")
    assert json.loads(aipm("status", "--json"))["schema"] == "aipm/status-1"

    site = tmp_path / "demo" / "site"
    assert {"build.json", "status.json", "records.json", "index.html"} <= {path.name for path in site.iterdir()}
    assert (site / "risks" / "RSK-001" / "index.html").is_file()
    assert (site / "assets" / "aipm" / "aipm.css").stat().st_size > 1000


@pytest.mark.slow
def test_an_installed_wheel_builds_under_plain_mkdocs_and_knows_own_kinds(programs, tmp_path):
    for path, text in KINDS_OF_A_PROJECT.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings = "site_name: T\ndocs_dir: content\ntheme: {name: material, font: false}\nplugins: [search, aipm]\n"
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")

    run([programs / "python", "-m", "mkdocs", "build", "--quiet"], tmp_path, without_checkout())

    assert "Cloud provider" in (tmp_path / "site" / "vendors" / "VND-001" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_installed_wheel_says_in_an_empty_folder_how_to_begin(programs, tmp_path):
    command = [programs / "aipm", "build"]

    result = subprocess.run(command, cwd=tmp_path, env=without_checkout(), capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert "`aipm init DIR` makes a project" in result.stderr
    assert list(tmp_path.iterdir()) == []


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


def test_every_dependency_of_the_core_and_of_the_samples_extras_is_pinned_for_the_site():
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "site.txt").read_text("utf-8"), re.MULTILINE))
    project = PYPROJECT["project"]
    # The sample shows charts.
    wanted = (*project["dependencies"], *project["optional-dependencies"]["charts"])

    assert {re.split(r"[<>=;\[ ]", one)[0] for one in wanted} <= pinned


def run(command, folder, environment=None) -> str:
    """Run a command that must succeed and return what it printed."""
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    return result.stdout


def files_below(folder: Path) -> set[str]:
    """Return the files below a folder, relative to it, without what Python leaves behind."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}
