"""`aipm init`: a new project that checks, builds, and helps its writers in editor and commit."""

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import yaml

from aipm_site.commands.starter import NEEDS, kinds_with_example, with_needed_kinds
from aipm_site.loading import load_project
from aipm_site.readers.snapshot import WorkingTree
from aipm_site.records import KINDS
from tests.command_line import run_aipm
from tests.commands.runs import aipm

ROOT = Path(__file__).resolve().parent.parent.parent
CHOICES = [*kinds_with_example(), ",".join(kinds_with_example()), "risks,issues", ""]


def test_every_kind_but_the_charter_has_an_example():
    assert kinds_with_example() == tuple(kind.name for kind in KINDS if kind.folder)


@pytest.mark.parametrize("kinds", CHOICES, ids=lambda kinds: kinds or "default")
def test_a_new_project_has_neither_errors_nor_warnings(tmp_path, kinds):
    made = aipm("init", str(tmp_path / "triage"), *(["--kinds", kinds] if kinds else []))

    checked = aipm("check", at=tmp_path / "triage")

    assert made.exit_code == 0, made.stderr
    assert checked.exit_code == 0
    assert checked.stdout.startswith("0 errors, 0 warnings; "), checked.stdout


def test_without_a_wish_it_has_risks_issues_actions_decisions_sprints_and_milestones_with_their_baseline(tmp_path):
    aipm("init", str(tmp_path / "triage"))

    folders = {path.name for path in (tmp_path / "triage" / "content").iterdir() if path.is_dir()}
    assert folders == {"risks", "issues", "actions", "decisions", "milestones", "baselines", "sprints"}


def test_the_first_baseline_of_a_new_project_keeps_the_day_of_its_milestone(tmp_path):
    aipm("init", str(tmp_path / "triage"))
    aipm("init", str(tmp_path / "scope"), "--kinds", "baseline")

    def read(name, path):
        return yaml.safe_load((tmp_path / name / "content" / path).read_text())

    promised = read("triage", "milestones/MS-001.yml")["baseline_date"]
    assert read("triage", "baselines/BSL-0.yml")["milestones"] == [{"milestone": "MS-001", "date": promised}]
    assert "milestones" not in read("scope", "baselines/BSL-0.yml")


def test_each_project_has_a_uuid_that_no_other_has(tmp_path):
    def made(name):
        aipm("init", str(tmp_path / name))
        return re.search(r"^uuid: (\S+)", (tmp_path / name / "content" / "project.yml").read_text(), re.MULTILINE)[1]

    first, second = made("one"), made("two")

    assert first != second
    assert uuid.UUID(first).version == uuid.UUID(second).version == 4


def test_an_example_brings_those_along_that_it_refers_to():
    assert with_needed_kinds(["observation", "risk"]) == ("risk", "model", "metric", "observation")
    assert set(NEEDS) <= set(kinds_with_example())


def test_the_status_of_a_new_project_is_green_by_its_records(tmp_path):
    aipm("init", str(tmp_path / "triage"), "--kinds", ",".join(kinds_with_example()))

    result = aipm("status", at=tmp_path / "triage")

    assert result.stdout.startswith("Triage: On track (green)\n"), result.stdout


@pytest.mark.parametrize(
    ("folder", "options", "title"),
    [
        ("triage-assistant", [], "Triage assistant"),
        ("Ärger_und  語", [], "Ärger und 語"),
        ("it's: a #1 {{ 7*7 }}", [], "It's: a #1 {{ 7*7 }}"),
        ("x", ["--title", 'A "quoted": title \\ # & <b>'], 'A "quoted": title \\ # & <b>'),
        ("x", ["--title", "null"], "null"),
        ("---", [], "New project"),
    ],
)
def test_folders_and_titles_may_have_odd_characters(tmp_path, folder, options, title):
    result = aipm("init", *options, "--", str(tmp_path / folder))

    assert result.exit_code == 0, result.stderr
    checked = aipm("check", at=tmp_path / folder)
    assert checked.stdout.startswith("0 errors, 0 warnings; "), checked.stdout
    assert load_project(WorkingTree(tmp_path / folder))[0].charter.title == title
    settings = yaml.safe_load((tmp_path / folder / "mkdocs.yml").read_text(encoding="utf-8"))
    assert settings["site_name"] == title


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="such names cannot be made here")
def test_a_folder_whose_name_cannot_be_a_title_gets_another_one(tmp_path):
    folder = tmp_path / "a\x1b[2J\udcff"

    result = aipm("init", str(folder))

    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert load_project(WorkingTree(folder))[0].charter.title == "New project"


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "a\x1bb", "a\u202eb"])
def test_a_title_that_is_no_line_of_text_is_refused(tmp_path, title):
    result = aipm("init", str(tmp_path / "x"), "--title", title)

    assert result.exit_code == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("kinds", ["rsk", "risk,rsk"])
def test_a_kind_that_there_is_not_is_refused(tmp_path, kinds):
    result = aipm("init", str(tmp_path / "x"), "--kinds", kinds)

    assert result.exit_code == 2
    assert "did you mean 'risk'?" in result.stderr
    assert not (tmp_path / "x").exists()


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    result = aipm("init", str(tmp_path))

    assert result.exit_code == 2
    assert "is not empty; name a new folder" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert "is a file" in aipm("init", str(tmp_path / "notes.txt")).stderr


def test_an_empty_repository_is_as_good_as_a_new_folder(tmp_path):
    (tmp_path / ".git").mkdir()

    assert aipm("init", str(tmp_path)).exit_code == 0


def test_what_to_do_next_can_be_typed_as_it_stands(tmp_path):
    result = run_aipm("init", "my triage", cwd=tmp_path)

    assert "\n  cd 'my triage'\n" in result.stdout
    assert "\n  aipm check " in result.stdout


def test_whoever_stands_in_the_folder_is_not_told_to_go_there(tmp_path):
    assert "cd " not in run_aipm("init", ".", cwd=tmp_path).stdout


def test_the_editor_is_told_of_schemas_that_are_there(tmp_path):
    aipm("init", str(tmp_path / "triage"))

    settings = json.loads((tmp_path / "triage" / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert set(settings["yaml.schemas"]) == {f"./.vscode/schemas/{kind.name}.schema.json" for kind in KINDS}
    for path in settings["yaml.schemas"]:
        assert json.loads((tmp_path / "triage" / path).read_text(encoding="utf-8"))["$schema"].endswith(
            "draft-07/schema#"
        )
    recommended = json.loads((tmp_path / "triage" / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert recommended["recommendations"] == ["redhat.vscode-yaml"]


def test_it_needs_no_network(tmp_path):
    code = (
        "import socket\n"
        "def refuse(*_, **__): raise AssertionError('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from aipm_site.cli import main\n"
        "main(['init', 'triage'])\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True
    )

    assert run.returncode == 0, run.stderr


def git(folder, *arguments):
    """Run git in a folder, away from the settings of whoever runs the tests."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(folder.parent / "hooks"),
        "PYTHONPATH": str(ROOT),
    }
    identity = ("-c", "user.name=A writer", "-c", "user.email=writer@example.org")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def repository(tmp_path):
    """A new project in a repository with the hook installed."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    if shutil.which("aipm", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("the command aipm is not installed beside Python")
    folder = tmp_path / "triage"
    aipm("init", str(folder))
    git(folder, "init", "--quiet")
    installed = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    git(folder, "add", "--all")
    return folder


def test_the_hook_lets_a_right_commit_pass(repository):
    run = git(repository, "commit", "--message", "Begin")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "aipm check" in run.stdout + run.stderr
    assert "Passed" in run.stdout + run.stderr


def test_the_hook_refuses_a_broken_record_and_says_where(repository):
    risk = repository / "content" / "risks" / "RSK-001.yml"
    risk.write_text(risk.read_text(encoding="utf-8").replace("probability: 3", "probability: 30"), encoding="utf-8")
    git(repository, "add", "--all")

    run = git(repository, "commit", "--message", "Break")

    assert run.returncode != 0
    assert "content/risks/RSK-001.yml:7:14: error[out-of-range]: probability 30 is not between 1 and 5" in (
        run.stdout + run.stderr
    )
    assert git(repository, "log").returncode != 0


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [CHOICES[-1], CHOICES[-3]], ids=["default", "all"])
def test_a_new_project_builds(tmp_path, kinds):
    aipm("init", str(tmp_path / "triage"), *(["--kinds", kinds] if kinds else []))

    run = run_aipm("build", cwd=tmp_path / "triage")

    assert run.returncode == 0, run.stderr
    assert run.stderr.startswith("0 errors, 0 warnings; "), run.stderr
    assert (tmp_path / "triage" / "site" / "risks" / "RSK-001" / "index.html").is_file()
    assert "on track" in (tmp_path / "triage" / "site" / "index.html").read_text(encoding="utf-8")
    assert run_aipm("check", "--site", "site", cwd=tmp_path / "triage").returncode == 0
