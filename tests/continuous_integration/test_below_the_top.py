"""A project below the top of a repository: where its CI files have to go, and which lines of them have to change."""

import re
import shutil
from pathlib import Path

import pytest

from tests.commands.runs import aipm
from tests.continuous_integration.servers import Github
from tests.continuous_integration.test_github_check import check, report
from tests.continuous_integration.test_github_comment import NUMBER, PULL, archive, comment
from tests.continuous_integration.test_github_publish import publish, published
from tests.continuous_integration.workflow_runs import Scratch, needs, new_project, run_gitlab_job
from tests.publication.builds import git

pytestmark = [pytest.mark.slow, needs("git", "bash", "curl", "jq", "tar", "unzip")]
PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "ci.md"
FOLDER = "sub/three"
RISK = f"{FOLDER}/content/risks/RSK-001.yml"
SHELL = "defaults:\n  run:\n    shell: bash\n"
DEFAULTS = f"defaults: {{run: {{shell: bash, working-directory: {FOLDER}}}}}\n"
CD = f'  - cd "$CI_PROJECT_DIR/{FOLDER}"\n'


def made(tmp_path, *arguments):
    """Make a project below the top of a repository and return what the command says."""
    git(tmp_path, "init", "-q")
    outcome = aipm("init", str(tmp_path / FOLDER), *arguments)
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.stdout


def test_below_the_top_nobody_is_told_that_ci_runs(tmp_path):
    said = made(tmp_path)

    assert "does the rest" not in said
    assert "is not the top of its repository" in said
    for file in (".github/", ".gitlab-ci.yml", ".pre-commit-config.yaml", "aipm-check.yml", "aipm-publish.yml"):
        assert file in said
    assert DEFAULTS.strip() in said
    assert "CONTENT: sub/three/content" in said


def test_a_folder_of_any_name_is_named_so_that_the_lines_work(tmp_path):
    git(tmp_path, "init", "-q")

    said = aipm("init", str(tmp_path / "a+b" / "c d")).stdout

    assert "entry: aipm -C 'a+b/c d' check" in said
    assert re.search(re.search(r"files: (.*)", said)[1], "a+b/c d/content/risks/RSK-001.yml")
    assert 'working-directory: "a+b/c d"' in said
    assert 'CONTENT: "a+b/c d/content"' in said


@pytest.mark.parametrize(("ci", "named"), [("github", ".github/"), ("gitlab", ".gitlab-ci.yml")])
def test_only_the_files_that_were_written_have_to_be_moved(tmp_path, ci, named):
    said = made(tmp_path, "--ci", ci)

    assert named in said
    assert {".github/": ".gitlab-ci.yml", ".gitlab-ci.yml": ".github/"}[named] not in said


def test_at_the_top_of_a_repository_it_is_as_elsewhere(tmp_path):
    git(tmp_path, "init", "-q")
    at_top = aipm("init", str(tmp_path))

    assert ".github/workflows/ does the rest" in at_top.stdout
    assert "top of its repository" not in at_top.stdout


# What the page says, as edits: the file, the text, what it becomes, and how often it stands there.
CHANGES = [
    (".github/workflows/aipm-check.yml", SHELL, DEFAULTS, 1),
    *(
        (".github/workflows/aipm-publish.yml", f"\n  {job}:\n", f"\n  {job}:\n    {DEFAULTS}", 1)
        for job in ("publish", "audiences", "notify")
    ),
    (".github/workflows/aipm-publish.yml", ".cache/aipm/", f"{FOLDER}/.cache/aipm/", 3),
    (".github/workflows/aipm-comment.yml", "CONTENT: content", f"CONTENT: {FOLDER}/content", 1),
    (
        ".github/workflows/aipm-comment.yml",
        "      - name: Install the tool\n",
        f"      - name: Install the tool\n        working-directory: {FOLDER}\n",
        1,
    ),
    (".gitlab-ci.yml", ".install: &install\n", f".install: &install\n{CD}", 1),
    (".gitlab-ci.yml", ".content_only: &content_only\n", f".content_only: &content_only\n{CD}", 1),
    (
        ".gitlab-ci.yml",
        "[report/changes.md, report/changes.json]",
        f"[{FOLDER}/report/changes.md, {FOLDER}/report/changes.json]",
        1,
    ),
    (".gitlab-ci.yml", "codequality: report/", f"codequality: {FOLDER}/report/", 1),
    (".gitlab-ci.yml", "paths: [site/]", f"paths: [{FOLDER}/site/]", 2),
    (".gitlab-ci.yml", "paths: [.cache/aipm/]", f"paths: [{FOLDER}/.cache/aipm/]", 1),
    (".gitlab-ci.yml", '"path": problem["file"]', f'"path": "{FOLDER}/" + problem["file"]', 1),
    (".gitlab-ci.yml", "--to public", '--to "$CI_PROJECT_DIR/public"', 1),
    (".gitlab-ci.yml", "--site public", '--site "$CI_PROJECT_DIR/public"', 1),
]


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """A project below the top, with the files of both services at the top and changed as the page says."""
    top = tmp_path_factory.mktemp("moved") / "project"
    project = new_project(top / FOLDER)
    for name in (".github", ".gitlab-ci.yml"):
        shutil.move(project / name, top / name)
    for name, old, new, count in CHANGES:
        file = top / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == count, (name, old)
        file.write_text(text.replace(old, new), encoding="utf-8")
    return top


def test_the_page_says_each_change_that_the_tests_make():
    section = PAGE.read_text(encoding="utf-8").partition("## Below the top of a repository\n")[2].partition("\n## ")[0]

    for words in (DEFAULTS.strip(), f"{FOLDER}/.cache/aipm/", f"CONTENT: {FOLDER}/content", CD.strip()):
        assert words in section
    for *_, new, _ in CHANGES[-3:]:
        assert new in section
    assert f"`working-directory: {FOLDER}` in the step `Install the tool`" in section
    assert "`publish`, `audiences` and `notify`" in section
    assert f"entry: aipm -C {FOLDER} check" in section


@pytest.fixture
def scratch(tmp_path, moved):
    """A repository with a project below its top."""
    return Scratch(tmp_path, moved)


def test_a_pull_request_is_checked_there(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")
    scratch.write("other/readme.md", "# Another part of the repository\n")

    run = check(scratch)

    assert run.succeeded, [step.output for step in run.steps.values()]
    assert [record["id"] for record in report(scratch, "changes.json")["records"]["changed"]] == ["RSK-001"]
    took = run.steps["Take the content of the pull request, and everything else from the base branch"]
    assert "::notice title=outside-content::" in took.output
    # All but the content is that of the base branch.
    assert scratch.git("status", "--porcelain") == f"M {RISK}"
    assert (scratch.folder / "runner" / "site" / "risks" / "RSK-001" / "index.html").is_file()


def test_it_is_published_from_there(scratch):
    run = publish(scratch, "push")

    assert run.succeeded, [step.output for step in run.steps.values()]
    assert published(scratch) == [run.steps["Publish"].outputs["version"]]
    assert (scratch.folder / "runner" / "pages" / "latest" / "index.html").is_file()


@pytest.mark.parametrize(("path", "is_outside"), [(RISK, False), ("content/risks/RSK-001.yml", True)])
def test_what_is_outside_of_the_content_is_told_by_its_whole_path(scratch, path, is_outside):
    github = Github(archive(number=NUMBER), PULL)
    github.files = [{"filename": path}]

    run = comment(scratch, github)

    assert run.succeeded, [step.output for step in run.steps.values()]
    assert ("outside of the records" in github.comments[0]["body"]) == is_outside


def test_on_gitlab_a_merge_request_is_checked_and_the_site_published_there(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")
    scratch.commit("Change")
    scratch.git("push", "--quiet", "origin", "change")
    request = {
        "CI_MERGE_REQUEST_PROJECT_ID": "7",
        "CI_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_COMMIT_SHA": scratch.git("rev-parse", "HEAD"),
        "CI_PROJECT_DIR": str(scratch.project),
    }

    runs = [run_gitlab_job(scratch, job, **request) for job in ("aipm-check", "aipm-changes", "aipm-site")]

    assert [run.returncode for run in runs] == [0, 0, 0], [run.stdout + run.stderr for run in runs]
    for name in ("report/code-quality.json", "report/changes.json", "site/index.html"):
        assert (scratch.project / FOLDER / name).is_file()
    scratch.git("checkout", "--quiet", "--force", "main")
    pages = run_gitlab_job(scratch, "pages", CI_PROJECT_DIR=str(scratch.project), CI_PIPELINE_SOURCE="push")
    assert pages.returncode == 0, pages.stdout + pages.stderr
    assert (scratch.project / "public" / "latest" / "index.html").is_file()
