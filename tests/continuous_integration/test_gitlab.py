"""CI on GitLab: the lines of its jobs are run, in a repository that stands as the runner's does."""

import json

import pytest

from tests.continuous_integration.servers import Received, serving
from tests.continuous_integration.test_github_check import hostile_files
from tests.continuous_integration.workflow_runs import DUE, needs, run_gitlab_job

pytestmark = [pytest.mark.slow, needs("git", "bash")]
RISK = "content/risks/RSK-001.yml"


def on_merge_request(scratch, job, **variables):
    """Run a job on the merge request that the branch `change` is; GitLab checks out its newest commit."""
    head = scratch.commit("Change")
    scratch.git("checkout", "--quiet", "--detach", head)
    given = {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_COMMIT_SHA": head,
        "CI_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": scratch.git("merge-base", "main", head),
    }
    return run_gitlab_job(scratch, job, **{**given, **variables})


def merged_meanwhile(scratch, files):
    """Let others merge files into the target branch; the runner's own copy of it is as old as the merge request."""
    scratch.branch_off()
    scratch.git("switch", "--quiet", "main")
    for path, text in files.items():
        scratch.write(path, text)
    scratch.commit("Meanwhile")
    scratch.git("push", "--quiet", "origin", "main")
    scratch.git("reset", "--quiet", "--hard", "HEAD^")
    scratch.git("switch", "--quiet", "change")


def on_main(scratch, job, source="push", **variables):
    """Run a job on the default branch."""
    return run_gitlab_job(scratch, job, CI_PIPELINE_SOURCE=source, **variables)


def test_a_broken_record_fails_and_is_shown_at_its_line(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "probability: 3", "probability: 30")

    run = on_merge_request(scratch, "aipm-check")

    assert run.returncode == 1, run.stderr
    assert f"{RISK}:7:14: error[out-of-range]: probability 30 is not between 1 and 5" in run.stdout
    quality = json.loads((scratch.project / "report" / "code-quality.json").read_text(encoding="utf-8"))
    (found,) = (entry for entry in quality if entry["severity"] == "blocker")
    assert found["check_name"] == "out-of-range"
    assert found["location"] == {"path": RISK, "lines": {"begin": 7}}
    assert len({entry["fingerprint"] for entry in quality}) == len(quality)


def test_a_good_change_passes_with_the_tool_the_settings_and_the_theme_of_the_base(scratch):
    scratch.branch_off()
    marker = scratch.folder / "marker"
    for path, text in hostile_files(marker).items():
        scratch.write(path, text)
    scratch.write(".gitlab-ci.yml", (scratch.project / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    scratch.edit(RISK, "impact: 4", "impact: 3")

    run = on_merge_request(scratch, "aipm-site")

    assert run.returncode == 0, run.stderr
    assert "They had no part in this check." in run.stdout
    pages = [page.read_text(encoding="utf-8") for page in (scratch.project / "site").rglob("*.html")]
    assert len(pages) > 3
    assert not any("Taken over" in page for page in pages)
    assert "evil-package" not in (scratch.folder / "installed").read_text(encoding="utf-8")
    assert not marker.exists()


def test_a_link_in_place_of_the_content_is_refused(scratch):
    scratch.branch_off()
    scratch.git("mv", "content", "elsewhere")
    (scratch.project / "content").symlink_to("/etc")

    run = on_merge_request(scratch, "aipm-check")

    assert run.returncode == 1
    assert "content/ is not a folder in this merge request" in run.stdout


MEANWHILE = {
    "content/policy.yml": "- when: {record_removed: [risk]}\n  then: block\n",
    "content/wiki/news.md": "# Written meanwhile\n",
}


def changes_of(scratch):
    """Return what a merge request does, as it was left for people and programs."""
    return json.loads((scratch.project / "report" / "changes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("is_fork", [False, True])
def test_the_policy_of_the_target_branch_as_it_is_now_decides(scratch, is_fork):
    merged_meanwhile(scratch, MEANWHILE)
    (scratch.project / RISK).unlink()
    fork = {"CI_PROJECT_ID": "8", "CI_MERGE_REQUEST_PROJECT_URL": str(scratch.origin)} if is_fork else {}

    run = on_merge_request(scratch, "aipm-changes", **fork)

    assert run.returncode == 1, run.stderr
    assert changes_of(scratch)["verdict"] == "block"
    # What others merged is no change of this one.
    changed = scratch.git("status", "--porcelain", "--", "content")
    assert changed == f"D {RISK}"


def test_an_id_that_was_taken_meanwhile_is_an_error(scratch):
    risk = (scratch.project / RISK).read_text(encoding="utf-8").replace("RSK-001", "RSK-002")
    merged_meanwhile(scratch, {"content/risks/RSK-002.yml": risk})
    scratch.write("content/risks/second.yml", risk)

    run = on_merge_request(scratch, "aipm-check")

    assert run.returncode == 1
    assert "error[duplicate-id]" in run.stdout


def test_a_merge_request_with_conflicts_is_told_so(scratch):
    risk = (scratch.project / RISK).read_text(encoding="utf-8")
    merged_meanwhile(scratch, {RISK: risk.replace("impact: 4", "impact: 5")})
    scratch.edit(RISK, "impact: 4", "impact: 3")

    run = on_merge_request(scratch, "aipm-changes")

    assert run.returncode == 1
    assert f"Merge conflict in {RISK}" in run.stdout
    assert "cannot be merged into main as it is now" in run.stdout


def test_a_fork_that_cannot_read_the_target_compares_with_where_it_left_it(scratch):
    merged_meanwhile(scratch, MEANWHILE)
    (scratch.project / RISK).unlink()

    elsewhere = str(scratch.folder / "private.git")
    run = on_merge_request(scratch, "aipm-changes", CI_PROJECT_ID="8", CI_MERGE_REQUEST_PROJECT_URL=elsewhere)

    assert "The target branch cannot be read from here." in run.stdout
    assert run.returncode == 0, run.stderr
    assert [record["id"] for record in changes_of(scratch)["records"]["removed"]] == ["RSK-001"]


def test_what_a_change_does_is_left_as_a_report(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")

    run = on_merge_request(scratch, "aipm-changes")

    assert run.returncode == 0, run.stderr
    assert [record["id"] for record in changes_of(scratch)["records"]["changed"]] == ["RSK-001"]
    assert (scratch.project / "report" / "changes.md").read_text(encoding="utf-8").strip() in run.stdout
    assert sorted(file.name for file in (scratch.project / "report").iterdir()) == ["changes.json", "changes.md"]


def test_a_night_adds_a_version_beside_that_of_the_push(scratch):
    scratch.commit("Old", date="2026-01-10T12:00:00+00:00")
    scratch.set_clock("2026-01-15T15:00:00+00:00")
    pushed = on_main(scratch, "pages")

    scratch.set_clock("2026-01-16T05:17:00+00:00")
    night = on_main(scratch, "pages", source="schedule")

    assert pushed.returncode == night.returncode == 0, pushed.stderr + night.stderr
    versions = json.loads((scratch.project / "public" / "versions.json").read_text(encoding="utf-8"))
    assert [version["version"] for version in versions] == ["2026-01-16", "2026-01-15"]
    assert (
        json.loads((scratch.project / "public/latest/build.json").read_text(encoding="utf-8"))["audience"] == "public"
    )


@pytest.mark.parametrize(
    ("audiences", "kept"),
    [({}, {"default": "internal"}), ({"AIPM_AUDIENCES": "public client"}, {"public": "public", "client": "client"})],
)
def test_a_site_is_kept_for_each_audience(scratch, audiences, kept):
    run = on_main(scratch, "aipm-audiences", **audiences)

    assert run.returncode == 0, run.stderr
    manifests = {folder.name: folder / "build.json" for folder in (scratch.project / "site").iterdir()}
    found = {name: json.loads(file.read_text(encoding="utf-8"))["audience"] for name, file in manifests.items()}
    assert found == kept


def test_what_is_due_is_posted_once_though_two_nights_see_it(scratch):
    scratch.write("content/actions/ACT-001.yml", DUE)
    scratch.commit("Promise")
    scratch.set_clock("2026-04-15T12:00:00+00:00")
    webhook = Received()
    with serving(webhook) as address:
        first = on_main(scratch, "aipm-notify", AIPM_SLACK_WEBHOOK=f"{address}/hook")
        posted = len(webhook.bodies)
        second = on_main(scratch, "aipm-notify", AIPM_SLACK_WEBHOOK=f"{address}/hook")

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert posted == 1
    assert b"ACT-001" in webhook.bodies[0]
    assert len(webhook.bodies) == posted
