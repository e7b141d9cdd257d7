"""The CI that `aipm init` writes: for whom, pinned, with few rights, and nothing that an auditor would find."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aipm_site import __version__
from tests.command_line import run_aipm
from tests.commands.runs import aipm
from tests.continuous_integration.workflow_runs import gitlab_settings

ROOT = Path(__file__).resolve().parent.parent.parent
WORKFLOWS = ("aipm-check", "aipm-comment", "aipm-publish")
# Looked up as tags of the actions' repositories on 2026-11-25: the commit that each tag names.
RELEASES = {
    "actions/attest": ("1e69f48acb82d1966a394da916b4c1698aa569d6", "v4.2.2"),
    "actions/cache": ("27d5ce7f107fe9357f9df03efb73ab90386fccae", "v5.0.5"),
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "actions/deploy-pages": ("cd2ce8fcbc39b97be8ca5fce6e763baed58fa128", "v5.0.0"),
    "actions/download-artifact": ("3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
    "actions/setup-python": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    "actions/upload-artifact": ("bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"),
    "actions/upload-pages-artifact": ("fc324d3547104276b827a68afc52ff2a11cc49c9", "v5.0.0"),
}
RIGHTS = {
    "aipm-check": {"check": {"contents": "read"}},
    "aipm-comment": {
        "word": {"actions": "read", "contents": "read"},
        "comment": {"pull-requests": "write"},
    },
    "aipm-publish": {
        "publish": {"contents": "write"},
        "deploy": {"pages": "write", "id-token": "write", "attestations": "write"},
        "audiences": {"contents": "read"},
        "notify": {"contents": "read"},
    },
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A new project with the CI of both services."""
    folder = tmp_path_factory.mktemp("ci") / "triage"
    assert aipm("init", str(folder)).exit_code == 0
    return folder


def text_of(project, name):
    """Return a workflow as it was written."""
    return (project / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")


def steps_of(project, name):
    """Return all steps of a workflow."""
    return [step for job in yaml.safe_load(text_of(project, name))["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize(
    ("choice", "github", "gitlab"),
    [
        ([], True, True),
        (["--ci", "both"], True, True),
        (["--ci", "github"], True, False),
        (["--ci", "gitlab"], False, True),
        (["--ci", "none"], False, False),
    ],
)
def test_each_service_gets_its_files_where_it_is_wanted(tmp_path, choice, github, gitlab):
    made = aipm("init", str(tmp_path / "x"), *choice)

    assert (tmp_path / "x" / ".github" / "workflows" / "aipm-check.yml").exists() == github
    assert (tmp_path / "x" / ".github").exists() == github
    assert (tmp_path / "x" / ".gitlab-ci.yml").exists() == gitlab
    assert ("GitHub:" in made.stdout, "GitLab:" in made.stdout) == (github, gitlab)
    assert (tmp_path / "x" / "requirements.txt").exists()


def test_another_service_is_refused(tmp_path):
    assert run_aipm("init", "x", "--ci", "jenkins", cwd=tmp_path).returncode == 2


def test_ci_installs_the_version_that_wrote_it_and_no_index_is_named(project):
    text = (project / "requirements.txt").read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if not line.startswith("#")] == [f"aipm-site[charts]=={__version__}"]
    assert "index-url http" not in text
    assert "uv pip compile" in text


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_to_the_commit_of_the_release_that_stands_beside_it(project, name):
    used = re.findall(r"^\s*uses: (\S+)(.*)$", text_of(project, name), re.MULTILINE)

    assert len(used) == sum("uses" in step for step in steps_of(project, name))
    for reference, comment in used:
        action, commit = reference.split("@")
        assert RELEASES["/".join(action.split("/")[:2])] == (commit, comment.removeprefix(" # "))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_no_rights_and_each_job_only_those_that_it_needs(project, name):
    workflow = yaml.safe_load(text_of(project, name))

    assert workflow["permissions"] == {}
    assert {job: settings["permissions"] for job, settings in workflow["jobs"].items()} == RIGHTS[name]
    assert all(settings["timeout-minutes"] <= 30 for settings in workflow["jobs"].values())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_checkout_leaves_its_token_behind(project, name):
    for step in steps_of(project, name):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_value_is_written_into_a_script(project, name):
    for step in steps_of(project, name):
        assert "${{" not in step.get("run", ""), step["name"]


def test_a_pull_request_is_checked_without_any_secret(project):
    text = text_of(project, "aipm-check")

    assert list(yaml.safe_load(text)[True]) == ["pull_request", "merge_group"]
    assert "secrets." not in text
    assert "github.token" not in text


def test_no_check_of_a_merge_queue_stops_another_or_leads_to_a_comment(project):
    check, comment = (yaml.safe_load(text_of(project, name)) for name in ("aipm-check", "aipm-comment"))

    # https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#merge_group:
    # the event has no pull request, and the ref of each group is a branch of its own.
    assert check["concurrency"]["group"] == "aipm-check-${{ github.event.pull_request.number || github.ref }}"
    assert "github.event.workflow_run.event == 'pull_request' &&" in comment["jobs"]["word"]["if"]


def test_what_writes_the_comment_installs_nothing_checks_nothing_out_and_has_no_secret(project):
    text = text_of(project, "aipm-comment")
    jobs = yaml.safe_load(text)["jobs"]

    assert list(yaml.safe_load(text)[True]) == ["workflow_run"]
    assert yaml.safe_load(text)[True]["workflow_run"]["workflows"] == [
        yaml.safe_load(text_of(project, "aipm-check"))["name"]
    ]
    used = {
        name: [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step] for name, job in jobs.items()
    }
    assert used["comment"] == ["actions/download-artifact"]
    assert used["word"] == ["actions/checkout", "actions/setup-python", "actions/upload-artifact"]
    assert not [step for step in jobs["comment"]["steps"] if "pip" in step.get("run", "")]
    # What is checked out is what GitHub runs the workflow for: the default branch, and nothing that a run names.
    assert not [step for step in jobs["word"]["steps"] if set(step.get("with", {})) & {"ref", "repository"}]
    assert jobs["comment"]["needs"] == "word"
    assert jobs["comment"]["if"] == "${{ needs.word.outputs.number != '' }}"
    assert "secrets." not in text


def test_publishing_is_for_main_alone_and_never_stopped_halfway(project):
    workflow = yaml.safe_load(text_of(project, "aipm-publish"))

    assert set(workflow[True]) == {"push", "schedule", "workflow_dispatch"}
    assert workflow[True]["push"] == {"branches": ["main"]}
    assert workflow["concurrency"] == {"group": "aipm-publish", "cancel-in-progress": False}
    assert workflow["jobs"]["publish"]["if"] == "github.ref == 'refs/heads/main'"
    # Every other job waits for that one, and is skipped with it; but what is due is posted though publishing failed.
    others = {name: job for name, job in workflow["jobs"].items() if name != "publish"}
    assert all(job["needs"] == "publish" for job in others.values())
    assert {name: job["if"] for name, job in others.items() if "if" in job} == {
        "notify": "${{ !cancelled() && github.ref == 'refs/heads/main' }}"
    }
    assert workflow["jobs"]["deploy"]["environment"]["name"] == "github-pages"


def test_the_page_on_ci_names_every_setting_and_every_setting_of_it_is_one(project):
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    files = [text_of(project, name) for name in WORKFLOWS]
    asked = set(re.findall(r"(?:vars|secrets)\.(\w+)", "".join(files)))

    told = set(re.findall(r"^\| (?:variable|secret) `(\w+)`", page, re.MULTILINE))
    gitlab = set(re.findall(r"AIPM_[A-Z_]+", (project / ".gitlab-ci.yml").read_text(encoding="utf-8")))
    # GitHub gives the token for comments itself, and begins with them by itself.
    assert told - {"AIPM_COMMENT_TOKEN", "AIPM_COMMENTS"} == asked
    assert told - {"AIPM_ATTEST"} == gitlab - {"AIPM_AS_OF"}


def zizmor():
    """Return the auditor, installed beside Python or elsewhere."""
    found = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
    return found or pytest.skip("zizmor is not installed")


def audit(folder):
    """Return what zizmor says of a folder, without asking the network."""
    command = [zizmor(), "--offline", "--persona", "auditor", "--no-progress", "--color", "never", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_zizmor_finds_nothing_and_one_finding_is_answered_where_it_stands(project):
    run = audit(project)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "No findings to report" in run.stdout + run.stderr
    answered = [line for name in WORKFLOWS for line in text_of(project, name).splitlines() if "zizmor:" in line]
    # It reports every workflow_run, whatever that does; there is no form of it that it would accept.
    assert len(answered) == 1
    assert re.fullmatch(r"  workflow_run: # zizmor: ignore\[dangerous-triggers\] \S.+", answered[0])


def test_zizmor_would_find_something(project, tmp_path):
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = text_of(project, "aipm-check").replace("persist-credentials: false", "persist-credentials: true")
    (folder / "aipm-check.yml").write_text(text, encoding="utf-8")

    assert audit(tmp_path).returncode != 0


def test_on_gitlab_what_is_due_is_posted_though_publishing_failed(project):
    settings = gitlab_settings(project)

    # https://docs.gitlab.com/ci/yaml/#when: always, whatever became of the jobs of earlier stages.
    comments, posts = settings["aipm-notify"]["rules"]
    assert comments["when"] == "never"
    assert posts["when"] == "always"
    assert settings["stages"].index("publish") < settings["stages"].index("notify")


def test_gitlab_names_only_what_gitlab_knows_of_a_job(project):
    settings = gitlab_settings(project)
    jobs = {name: job for name, job in settings.items() if isinstance(job, dict) and "script" in job}

    of_requests, of_main = {"aipm-check", "aipm-changes", "aipm-site"}, {"pages", "aipm-audiences", "aipm-notify"}
    of_comments = {"aipm-comment-reports", "aipm-comment-words", "aipm-comment"}
    assert set(jobs) == {*of_requests, *of_main, *of_comments}
    for job in jobs.values():
        assert set(job) <= {
            "stage",
            "interruptible",
            "resource_group",
            "rules",
            "cache",
            "before_script",
            "script",
            "artifacts",
            "environment",
            "variables",
            "dependencies",
            "needs",
            "allow_failure",
        }
        assert job["stage"] in settings["stages"]
        # Each runs on merge requests, or on the default branch, and never on both.
        assert len([rule for rule in job["rules"] if rule.get("when") != "never"]) == 1
