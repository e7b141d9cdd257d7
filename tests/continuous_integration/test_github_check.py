"""The check of a pull request on GitHub: its steps are run, in a repository that stands as the runner's does."""

import json

import pytest

from tests.continuous_integration.workflow_runs import DUE, GithubJob, needs

pytestmark = [pytest.mark.slow, needs("git", "bash")]
RISK = "content/risks/RSK-001.yml"


def check(scratch, number="12"):
    """Run the check on the pull request that the branch `change` is."""
    merge = scratch.merge_for_checks()
    context = {"github.event.pull_request.number": number, "github.event.merge_group.base_sha": ""}
    return GithubJob(scratch, "aipm-check", "check", context).run(GITHUB_SHA=merge)


def check_in_queue(scratch, base):
    """Run the check on what a merge queue made of the branch `change` and of what is before it in the queue."""
    # What does not belong to an event is empty.
    context = {"github.event.pull_request.number": "", "github.event.merge_group.base_sha": base}
    return GithubJob(scratch, "aipm-check", "check", context).run(GITHUB_SHA=scratch.git("rev-parse", "HEAD"))


def report(scratch, name):
    """Return a file that the check left for the comment."""
    return json.loads((scratch.folder / "runner" / "report" / name).read_text(encoding="utf-8"))


def test_a_good_change_passes_and_leaves_a_report_and_the_site(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")

    run = check(scratch)

    assert run.succeeded, [step.output for step in run.steps.values()]
    assert "::error" not in run.steps["Check all records"].output
    assert sorted(file.name for file in (scratch.folder / "runner" / "report").iterdir()) == [
        "changes.json",
        "changes.md",
        "pull-request.json",
    ]
    built = (scratch.folder / "runner" / "site" / "risks" / "RSK-001" / "index.html").read_text(encoding="utf-8")
    assert "Triage" in built
    for kept, folder in (("Keep the report", "report"), ("Keep the site", "site")):
        assert run.steps[kept].inputs["path"] == f"{scratch.folder}/runner/{folder}/"
    assert report(scratch, "pull-request.json") == {"schema": "aipm/pull-request-1", "number": 12}
    changes = report(scratch, "changes.json")
    assert changes["schema"] == "aipm/changes-1"
    assert [record["id"] for record in changes["records"]["changed"]] == ["RSK-001"]
    assert run.summary == (scratch.folder / "runner" / "report" / "changes.md").read_text(encoding="utf-8") != ""


def test_a_broken_record_is_shown_at_its_line_and_no_site_is_built(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "probability: 3", "probability: 30")

    run = check(scratch)

    assert run.steps["Check all records"].outcome == "failure"
    assert f"::error file={RISK},line=7,col=14,title=out-of-range::probability 30 is not between 1 and 5" in (
        run.steps["Check all records"].output
    )
    assert run.steps["Build the site"].outcome == run.steps["Keep the site"].outcome == "skipped"
    assert run.steps["Keep the report"].outcome == "success"
    assert run.steps["Say what the change does"].outcome == "failure"
    assert [error["code"] for error in report(scratch, "changes.json")["errors"]] == ["out-of-range"]
    assert "out-of-range" in run.summary


def test_what_main_changed_meanwhile_is_not_taken_for_a_change_of_the_pull_request(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")
    scratch.commit("Ours")
    scratch.git("switch", "--quiet", "main")
    scratch.write("content/wiki/news.md", "# Written meanwhile\n")
    scratch.commit("Theirs")
    scratch.git("switch", "--quiet", "change")
    scratch.write("content/wiki/ours.md", "# Ours\n")

    run = check(scratch)

    assert run.steps["Take the content of the pull request, and everything else from the base branch"].outputs == {
        "base": scratch.git("rev-parse", "main")
    }
    changed = scratch.git("status", "--porcelain", "--untracked-files=all").split("\n")
    assert {line.split()[-1] for line in changed} == {RISK, "content/wiki/ours.md"}
    assert len(report(scratch, "changes.json")["records"]["changed"]) == 1


def test_a_merge_queue_gets_its_check_of_a_whole_group_and_no_comment_is_asked_for(scratch):
    base = scratch.git("rev-parse", "main")
    scratch.branch_off()
    # A queue that rebases puts several commits on top of the base, so that its first parent would be one of them.
    scratch.edit(RISK, "impact: 4", "impact: 3")
    scratch.commit("One")
    scratch.write("content/actions/ACT-009.yml", DUE.replace("ACT-001", "ACT-009"))
    scratch.commit("Other")

    run = check_in_queue(scratch, base)

    assert run.succeeded, [step.output for step in run.steps.values()]
    changes = report(scratch, "changes.json")
    assert changes["base"] == base
    assert [record["id"] for record in changes["records"]["changed"]] == ["RSK-001"]
    assert [record["id"] for record in changes["records"]["added"]] == ["ACT-009"]
    assert not (scratch.folder / "runner" / "report" / "pull-request.json").exists()
    assert "RSK-001" in run.summary


def test_a_merge_queue_is_told_of_a_broken_record(scratch):
    base = scratch.git("rev-parse", "main")
    scratch.branch_off()
    scratch.edit(RISK, "probability: 3", "probability: 30")
    scratch.commit("Break")

    assert check_in_queue(scratch, base).steps["Check all records"].outcome == "failure"


def hostile_files(marker):
    """Return files which, if anything in them were run, would leave the marker."""
    code = f"import pathlib\npathlib.Path({str(marker)!r}).write_text('run')\n"
    settings = "site_name: Taken over\ndocs_dir: content\nhooks: [evil.py]\ntheme: {name: material, custom_dir: over}\nplugins: [aipm]\n"
    return {
        "mkdocs.yml": settings,
        "evil.py": code,
        "sitecustomize.py": code,
        "aipm_site/__init__.py": code,
        "mkdocs/__init__.py": code,
        "content/evil.py": code,
        "over/main.html": "{% extends 'base.html' %}{% block content %}Taken over{% endblock %}\n",
        "requirements.txt": "evil-package\n",
        ".github/workflows/aipm-check.yml": "name: taken over\n",
    }


def test_settings_theme_hooks_and_requirements_of_a_pull_request_have_no_effect(scratch):
    scratch.branch_off()
    marker = scratch.folder / "marker"
    for path, text in hostile_files(marker).items():
        scratch.write(path, text)
    scratch.edit(RISK, "impact: 4", "impact: 3")

    run = check(scratch)

    assert not marker.exists()
    installed = (scratch.folder / "installed").read_text(encoding="utf-8")
    assert "aipm-site[charts]==" in installed
    assert "evil-package" not in installed
    took = run.steps["Take the content of the pull request, and everything else from the base branch"]
    assert "::notice title=outside-content::" in took.output
    assert scratch.git("status", "--porcelain", "--", ".", ":(exclude)content") == ""
    # A program among the content is a file that no page shows.
    assert not list((scratch.folder / "runner" / "site").rglob("evil.py"))


def test_the_site_of_a_pull_request_has_the_settings_and_the_theme_of_the_base(scratch):
    scratch.branch_off()
    marker = scratch.folder / "marker"
    for path, text in hostile_files(marker).items():
        if not path.startswith("content/"):
            scratch.write(path, text)
    scratch.edit(RISK, "impact: 4", "impact: 3")

    run = check(scratch)

    assert run.steps["Build the site"].outcome == "success", run.steps["Build the site"].output
    pages = [page.read_text(encoding="utf-8") for page in (scratch.folder / "runner" / "site").rglob("*.html")]
    assert len(pages) > 3
    assert not any("Taken over" in page for page in pages)
    assert not marker.exists()


def test_a_link_in_place_of_the_content_is_refused(scratch):
    scratch.branch_off()
    scratch.git("mv", "content", "elsewhere")
    (scratch.project / "content").symlink_to("/etc")

    run = check(scratch)

    assert not run.succeeded
    assert "::error title=no-content::content/ is not a folder in this change" in "".join(
        step.output for step in run.steps.values()
    )
    assert run.steps["Check all records"].outcome == "skipped"
    assert run.steps["Keep the report"].outcome == "skipped"


def test_a_link_within_the_content_is_not_followed(scratch):
    scratch.branch_off()
    (scratch.project / "content" / "passwords.md").symlink_to("/etc/passwd")

    run = check(scratch)

    assert "title=symlink" in run.steps["Check all records"].output
    assert run.steps["Build the site"].outcome == "skipped"


def test_a_lock_without_hashes_is_noted_and_one_with_hashes_is_not(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")

    open_run = check(scratch)
    scratch.git("checkout", "--quiet", "--force", "main")
    scratch.write("requirements.txt", "aipm-site==0.1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    scratch.commit("Lock")
    scratch.git("switch", "--quiet", "change")
    scratch.write("content/wiki/page.md", "# Page\n")
    locked_run = check(scratch)

    assert "title=not-locked" in open_run.steps["Install the tool"].output
    assert locked_run.steps["Install the tool"].output == ""
    assert locked_run.steps["Install the tool"].outcome == "success"


def test_the_policy_that_counts_is_that_of_the_base(scratch):
    scratch.write("content/policy.yml", "- {when: {record_changed: any}, then: block}\n")
    scratch.commit("Policy")
    scratch.branch_off()
    scratch.write("content/policy.yml", "- {when: {record_changed: any}, then: allow}\n")
    scratch.edit(RISK, "impact: 4", "impact: 3")

    run = check(scratch)

    assert run.steps["Say what the change does"].outcome == "failure"
    assert report(scratch, "changes.json")["verdict"] == "block"
