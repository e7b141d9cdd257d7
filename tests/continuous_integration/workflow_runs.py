"""Runs the shell steps of a GitHub workflow, and the lines of a GitLab job, for real in a scratch repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands.runs import aipm

ROOT = Path(__file__).resolve().parent.parent.parent
IDENTITY = {
    "GIT_AUTHOR_NAME": "A writer",
    "GIT_AUTHOR_EMAIL": "writer@example.org",
    "GIT_COMMITTER_NAME": "A writer",
    "GIT_COMMITTER_EMAIL": "writer@example.org",
}
# A record that is due on a day.
DUE = "id: ACT-001\ntitle: Call the vendor\nowner: project manager\ndue: 2026-04-15\n"
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
_COMPARISON = re.compile(r"(\S+) (==|!=) '(.*)'")


def needs(*programs: str) -> pytest.MarkDecorator:
    """Return the mark that skips a test where a program that the runners have is missing."""
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not installed")


def new_project(folder: Path) -> Path:
    """Make a project as `aipm init` does, for scratch repositories to begin with."""
    made = aipm("init", str(folder), "--kinds", "risk,milestone", "--title", "Triage")
    assert made.exit_code == 0, made.stderr
    return folder


class Scratch:
    """A new project in a repository of its own, with a bare repository as its origin."""

    def __init__(self, folder: Path, beginning: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.origin = folder / "origin.git"
        self.tools = folder / "tools"
        self._make_tools()
        shutil.copytree(beginning, self.project)
        self.git("init", "--quiet", "--bare", "--initial-branch", "main", str(self.origin), at=folder)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", str(self.origin))
        self.commit("Begin")
        self.git("push", "--quiet", "origin", "main")

    def _make_tools(self) -> None:
        """Make what the runner has: the command, and a Python that notes what is installed in place of doing it."""
        self.tools.mkdir()
        self._tool("aipm", f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n", "aipm_site.cli")
        note = f'printf "%s\\n" "$*" >> "{self.folder}/installed"; cat requirements.txt >> "{self.folder}/installed"'
        self._tool(
            "python", f'#!/bin/sh\nif [ "$1 $2" = "-m pip" ]; then {note}; else exec "{sys.executable}" "$@"; fi\n'
        )
        self._tool("apt-get", f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{self.folder}/installed"\n')
        self._tool("sleep", f'#!/bin/sh\necho "$1" >> "{self.folder}/slept"\n')

    def _tool(self, name: str, text: str, module: str | None = None) -> None:
        file = self.tools / name
        file.write_text(text + (f"from {module} import main\nmain()\n" if module else ""), encoding="utf-8")
        file.chmod(0o755)

    def set_clock(self, moment: str) -> None:
        """Let it be a moment, for `date --date "+N hours" +FORMAT`."""
        lines = (
            "import os, sys",
            "from datetime import datetime, timedelta",
            "from zoneinfo import ZoneInfo",
            "_, option, ahead, form = sys.argv",
            "assert option == '--date'",
            f"now = datetime.fromisoformat({moment!r}) + timedelta(hours=int(ahead.removesuffix(' hours')))",
            "print(now.astimezone(ZoneInfo(os.environ['TZ'])).strftime(form.removeprefix('+')))",
        )
        self._tool("date", "\n".join((f"#!{sys.executable}", *lines, "")))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of whatever runs here: nothing of whoever runs the tests."""
        return {
            "PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            **IDENTITY,
        }

    def git(self, *arguments: str, at: Path | None = None, more: Mapping[str, str] | None = None) -> str:
        """Run git and return what it prints."""
        run = subprocess.run(
            ["git", *arguments],
            cwd=at or self.project,
            env=self.environment | dict(more or {}),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Write a file of the project."""
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file of the project."""
        text = (self.project / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self, message: str, date: str | None = None) -> str:
        """Commit everything, on a date if one is given, and return the commit."""
        self.git("add", "--all")
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
        self.git("commit", "--quiet", "--allow-empty", "--message", message, more=dates)
        return self.git("rev-parse", "HEAD")

    def branch_off(self) -> None:
        """Begin the branch of a pull request."""
        self.git("switch", "--quiet", "--create", "change")

    def merge_for_checks(self) -> str:
        """Merge the pull request as GitHub does for its checks, check that out and return the merge commit."""
        self.commit("Change")
        self.git("switch", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "--message", "Merge for checks", "change")
        return self.git("rev-parse", "HEAD")


@dataclass
class Step:
    """What became of a step."""

    outcome: str
    output: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)


@dataclass
class JobRun:
    """What became of a job: its steps by name, what it wrote for the page of the run, and what other jobs get of it."""

    steps: dict[str, Step] = field(default_factory=dict)
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        """Whether GitHub would show it green."""
        return all(step.outcome != "failure" for step in self.steps.values())


class GithubJob:
    """A job of a workflow in a scratch project.

    Attributes:
        settings: What the workflow says of it.
    """

    def __init__(self, scratch: Scratch, workflow: str, job: str, context: Mapping[str, str]) -> None:
        # As it is on the branch that the project trusts.
        text = scratch.git("show", f"main:.github/workflows/{workflow}.yml")
        self._workflow: dict[str, Any] = yaml.safe_load(text)
        self.settings: dict[str, Any] = self._workflow["jobs"][job]
        self._scratch = scratch
        self._temp = scratch.folder / "runner"
        self._context = {"runner.temp": str(self._temp), "github.token": "a-token", **context}
        self._by_id: dict[str, Step] = {}

    def run(self, **environment: str) -> JobRun:
        """Run all steps in their order.

        Steps that use an action only say with what they were called; what a job of the same run kept is handed to one
        that downloads it.
        """
        shutil.rmtree(self._temp, ignore_errors=True)
        self._temp.mkdir()
        result = JobRun()
        for step in self.settings["steps"]:
            done = self._run_step(step, result, environment)
            result.steps[step["name"]] = done
            if "id" in step:
                self._by_id[step["id"]] = done
        summary = self._temp / "summary"
        result.summary = summary.read_text(encoding="utf-8") if summary.exists() else ""
        result.outputs = {name: self._filled(value) for name, value in self.settings.get("outputs", {}).items()}
        return result

    def run_step(self, name: str) -> Step:
        """Run one step alone."""
        self._temp.mkdir(exist_ok=True)
        return self._run_step(next(step for step in self.settings["steps"] if step["name"] == name), JobRun(), {})

    def _run_step(self, step: dict[str, Any], result: JobRun, environment: Mapping[str, str]) -> Step:
        if not self._applies(step.get("if"), result):
            return Step("skipped")
        if "uses" in step:
            inputs = {name: self._filled(str(value)) for name, value in step.get("with", {}).items()}
            self._hand_over(step["uses"].partition("@")[0], inputs)
            return Step("success", inputs=inputs)
        return self._run_shell(step, environment)

    def _hand_over(self, action: str, inputs: Mapping[str, str]) -> None:
        kept = self._scratch.folder / "artefacts" / inputs.get("name", "")
        if action == "actions/upload-artifact" and Path(inputs["path"]).is_dir():
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(inputs["path"], kept)
        elif action == "actions/download-artifact" and kept.exists():
            shutil.copytree(kept, inputs["path"], dirs_exist_ok=True)

    def _run_shell(self, step: dict[str, Any], environment: Mapping[str, str]) -> Step:
        outputs = self._temp / "outputs"
        outputs.write_text("", encoding="utf-8")
        levels = (self._workflow.get("env", {}), self.settings.get("env", {}), step.get("env", {}))
        given = {name: self._filled(str(value)) for level in levels for name, value in level.items()}
        run = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self._scratch.project / self._working_directory(step),
            env={
                **self._scratch.environment,
                "GITHUB_OUTPUT": str(outputs),
                "GITHUB_STEP_SUMMARY": str(self._temp / "summary"),
                "GITHUB_EVENT_NAME": self._context.get("github.event_name", "push"),
                "GITHUB_RUN_ID": "4711",
                "GITHUB_RUN_ATTEMPT": "1",
                "GITHUB_SERVER_URL": "https://github.com",
                "RUNNER_TEMP": str(self._temp),
                **given,
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        lines = outputs.read_text(encoding="utf-8").splitlines()
        outcome = "success" if run.returncode == 0 else "failure"
        return Step(outcome, run.stdout + run.stderr, dict(line.split("=", 1) for line in lines))

    def _working_directory(self, step: dict[str, Any]) -> str:
        """Return where a step runs: the nearest that says so decides, the step, its job or the workflow."""
        defaults = [level.get("defaults", {}).get("run", {}) for level in (self.settings, self._workflow)]
        return next((found["working-directory"] for found in (step, *defaults) if "working-directory" in found), ".")

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self._value(found[1]), text)

    def _value(self, expression: str) -> str:
        if expression in self._context:
            return self._context[expression]
        if default := re.fullmatch(r"(.+) \|\| '(.*)'", expression):
            return self._value(default[1]) or default[2]
        found = re.fullmatch(r"steps\.([a-z]+)\.(outcome|outputs\.([a-z_]+))", expression)
        assert found, f"the test says nothing of {expression}"
        step = self._by_id.get(found[1], Step("skipped"))
        return step.outputs.get(found[3], "") if found[3] else step.outcome

    def _applies(self, condition: str | None, result: JobRun) -> bool:
        text = "" if condition is None else condition.removeprefix("${{ ").removesuffix(" }}")
        if "!cancelled()" not in text and not result.succeeded:
            return False
        choices = [part.split(" && ") for part in text.split(" || ")]
        return any(all(self._holds(term) for term in terms if term not in {"", "!cancelled()"}) for terms in choices)

    def _holds(self, term: str) -> bool:
        compared = _COMPARISON.fullmatch(term)
        assert compared, f"the tests cannot read the condition {term}"
        hashed = re.fullmatch(r"hashFiles\('(.*)'\)", compared[1])
        value = ("some" if (self._scratch.project / hashed[1]).exists() else "") if hashed else self._value(compared[1])
        return (value == compared[3]) == (compared[2] == "==")


def run_gitlab_job(scratch: Scratch, job: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the lines of a GitLab job in one shell, as the runner does."""
    settings = gitlab_settings(scratch.project)
    lines = [settings[job]["before_script"], settings[job]["script"]]
    return run_gitlab_lines(scratch, lines, **{**settings[job].get("variables", {}), **variables})


def run_gitlab_jobs(
    scratch: Scratch, jobs: Sequence[str], **variables: str
) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run jobs of which each gets what those that it needs kept, until one fails that may not.

    A job sees the variables that begin with AIPM_ and end in _TOKEN only where it names the environment.
    """
    settings = gitlab_settings(scratch.project)
    runs = {}
    for job in jobs:
        _begin_with(scratch, settings[job].get("needs", []))
        is_trusted = "environment" in settings[job]
        given = {name: value for name, value in variables.items() if is_trusted or not name.endswith("_TOKEN")}
        runs[job] = run_gitlab_job(scratch, job, **given)
        _keep(scratch, job, settings[job].get("artifacts", {}).get("paths", []))
        if runs[job].returncode and not settings[job].get("allow_failure"):
            break
    return runs


def _begin_with(scratch: Scratch, needed: Sequence[str]) -> None:
    """Let nothing lie in the project that git does not know, but what the needed jobs kept."""
    scratch.git("clean", "--quiet", "-x", "-d", "--force")
    for job in needed:
        shutil.copytree(scratch.folder / "kept" / job, scratch.project, dirs_exist_ok=True)


def _keep(scratch: Scratch, job: str, patterns: Sequence[str]) -> None:
    kept = scratch.folder / "kept" / job
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for file in (found for pattern in patterns for found in scratch.project.glob(pattern)):
        place = kept / file.relative_to(scratch.project)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)


def gitlab_settings(project: Path) -> dict[str, Any]:
    """Return what the .gitlab-ci.yml of a project says, with what each job extends filled in."""
    settings: dict[str, Any] = yaml.safe_load((project / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    return {name: _extended(settings, job) for name, job in settings.items()}


def _extended(settings: Mapping[str, Any], job: Any) -> Any:
    if not isinstance(job, dict) or "extends" not in job:
        return job
    own = {name: value for name, value in job.items() if name != "extends"}
    return {**_extended(settings, settings[job["extends"]]), **own}


def run_gitlab_lines(scratch: Scratch, lines: Any, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run lines in one shell, with the variables that all jobs have."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(_lines(lines))],
        cwd=scratch.project,
        env={**scratch.environment, **gitlab_settings(scratch.project)["variables"], **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )


def _lines(script: Any) -> list[str]:
    return [script] if isinstance(script, str) else [line for part in script for line in _lines(part)]
