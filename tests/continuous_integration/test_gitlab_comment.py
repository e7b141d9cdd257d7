"""The comment on a merge request: made by the default branch from data that a stranger may have made up."""

import html
import json
import re

import pytest
import yaml

from tests.continuous_integration.servers import Gitlab, serving
from tests.continuous_integration.test_github_comment import CHANGES, HOSTILE, PROBLEMS, QUIET
from tests.continuous_integration.test_gitlab import RISK, on_merge_request
from tests.continuous_integration.workflow_runs import needs, run_gitlab_job

pytestmark = [pytest.mark.slow, needs("git", "bash", "curl", "jq")]
MARK = "<!-- aipm-changes -->"


def report(changes=CHANGES, problems=PROBLEMS):
    """Return the files of a report; a text stands as it is."""
    files = {"report/changes.json": changes, "report/problems.json": problems}
    return {path: (data if isinstance(data, str) else json.dumps(data)).encode() for path, data in files.items()}


def comment(scratch, gitlab, **variables):
    """Run the job against a server."""
    with serving(gitlab) as address, serving(gitlab) as storage:
        gitlab.storage = f"{storage.replace('127.0.0.1', 'localhost')}/storage"
        given = {"CI_API_V4_URL": f"{address}/api/v4", "CI_PROJECT_ID": "7", "AIPM_COMMENT_TOKEN": "a-token"}
        return run_gitlab_job(scratch, "aipm-comment", **{**given, "AIPM_COMMENTS": "true", **variables})


@pytest.fixture
def settings(scratch):
    """The pipeline as `aipm init` wrote it."""
    return yaml.safe_load((scratch.project / ".gitlab-ci.yml").read_text(encoding="utf-8"))


def test_one_comment_begins_with_the_line_of_aipm_changes(scratch):
    gitlab = Gitlab(report())

    run = comment(scratch, gitlab)

    assert run.returncode == 0, run.stderr
    assert gitlab.written == ["new"]
    mark, first, *rest = html.unescape(gitlab.notes[0]["body"]).split("\n")
    assert (mark, first) == (MARK, f"**{CHANGES['headline']}**")
    assert "| <code>cost.eac</code> | <code>1200000</code> | <code>1240000</code> | worse |" in rest
    assert rest[-1] == (
        "[Full report](https://gitlab.com/team/triage/-/jobs/41/artifacts/browse/report)"
        " · [the site](https://gitlab.com/team/triage/-/jobs/42/artifacts/browse), to download"
        " · for commit 0123456789ab"
    )
    assert "outside of the records" not in gitlab.notes[0]["body"]


def test_what_a_real_merge_request_leaves_becomes_a_comment(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")
    assert on_merge_request(scratch, "aipm-changes").returncode == 0
    kept = {
        f"report/{name}.json": (scratch.project / f"report/{name}.json").read_bytes()
        for name in ("changes", "problems")
    }
    gitlab = Gitlab(kept, source=8)

    run = comment(scratch, gitlab)

    assert run.returncode == 0, run.stderr
    body = html.unescape(gitlab.notes[0]["body"])
    assert body.split("\n")[1] == f"**{json.loads(kept['report/changes.json'])['headline']}**"
    assert "| <code>RSK-001</code> | <code>impact</code> | <code>4</code> | <code>3</code> |" in body


def test_the_same_comment_is_brought_up_to_date_and_left_alone_where_nothing_changed(scratch):
    gitlab = Gitlab(report())
    # A stranger's comment that begins like ours is not ours, and ours may stand on a later page.
    gitlab.notes += [{"id": 1, "author": {"id": 13}, "body": f"{MARK}\nMine"}]
    gitlab.notes += [{"id": n, "author": {"id": 14}, "body": "Hello"} for n in range(2, 130)]
    comment(scratch, gitlab)
    again = comment(scratch, gitlab)
    gitlab.report = report(QUIET)

    comment(scratch, gitlab)

    ours = [note for note in gitlab.notes if note["author"]["id"] == Gitlab.ME]
    assert "!12: as it was" in again.stdout
    assert gitlab.written == ["new", str(ours[0]["id"])]
    assert len(ours) == 1
    assert "No change to the status" in ours[0]["body"]
    assert gitlab.notes[0]["body"] == f"{MARK}\nMine"


@pytest.mark.parametrize("text", [*HOSTILE, "/merge\n/approve\n/assign me", "!1 ~bug %v1 &2 $3 ^a :tada: team/other#1"])
def test_texts_are_no_link_no_mention_and_no_quick_action(scratch, text):
    entry = {"id": text, "title": text, "name": text, "before": text, "after": text, "text": text, "verdict": text}
    changes = CHANGES | {"headline": text, "figures": [entry], "policy": [entry], "records": {"added": [entry]}}
    gitlab = Gitlab(report(changes))

    run = comment(scratch, gitlab)

    assert run.returncode == 0, run.stderr
    body = gitlab.notes[0]["body"]
    codes = re.findall(r"<code>(.*?)</code>", body)
    assert all(re.fullmatch(r"(?:[^\W_]| |&#\d+;)+", code) for code in codes)
    assert not any(line.startswith("/") for line in body.split("\n"))
    ours = re.sub(r"<code>.*?</code>", "", body)
    assert not re.search(r"[@#`~$^]|evil|octocat|alert|touch|Approved|approve", ours)


@pytest.mark.parametrize(
    ("gitlab", "said"),
    [
        (Gitlab(None), "no report"),
        (Gitlab({"report/changes.json": b"{}"}), "report/problems.json cannot be read"),
        (Gitlab(report(" " * 2_000_001)), "report/changes.json cannot be read, or is too long"),
    ],
    ids=["none", "part", "long"],
)
def test_without_a_whole_report_there_is_no_comment_and_no_failure(scratch, gitlab, said):
    run = comment(scratch, gitlab)

    assert (run.returncode, gitlab.written) == (0, [])
    assert f"!12: {said}" in run.stdout


def test_a_merge_request_without_a_pipeline_is_passed_over(scratch):
    gitlab = Gitlab(report())
    gitlab.has_pipeline = False

    assert comment(scratch, gitlab).returncode == 0
    assert gitlab.written == []


@pytest.mark.parametrize("changes", [{**QUIET, "schema": "aipm/changes-2"}, "{", {**CHANGES, "records": "@all"}])
def test_what_has_not_the_form_of_a_report_is_refused(scratch, changes):
    gitlab = Gitlab(report(changes))

    run = comment(scratch, gitlab)

    assert (run.returncode, gitlab.written) == (1, [])
    assert "!12: changes.json does not have the form of a report; no comment is written" in run.stdout


def test_a_change_outside_of_the_records_is_said(scratch):
    gitlab = Gitlab(report())
    gitlab.changed += [{"new_path": "content/hook.py", "old_path": "hook.py"}]

    comment(scratch, gitlab)

    assert "This merge request also changes files outside of the records." in gitlab.notes[0]["body"]


def many_files(count):
    """Return so many changed files of the content."""
    paths = [f"content/risks/RSK-{number:04}.yml" for number in range(count)]
    return [{"new_path": path, "old_path": path} for path in paths]


def test_a_file_on_a_later_page_is_not_hidden_by_150_others(scratch):
    inside, outside = Gitlab(report()), Gitlab(report())
    inside.changed = many_files(150)
    outside.changed = [*many_files(149), {"new_path": "mkdocs.yml", "old_path": "mkdocs.yml"}]

    for gitlab in (inside, outside):
        run = comment(scratch, gitlab)
        assert run.returncode == 0, run.stderr

    assert "outside of the records" not in inside.notes[0]["body"]
    assert "also changes files outside of the records" in outside.notes[0]["body"]


@pytest.mark.parametrize(
    ("count", "kept"),
    # Thirty pages of thirty; and as many as GitLab keeps where that is less.
    [(900, 1000), (901, 1000), (300, 300), (301, 300)],
)
def test_more_files_than_are_read_or_kept_count_as_outside(scratch, count, kept):
    gitlab = Gitlab(report())
    gitlab.FILES_AT_MOST = kept
    gitlab.changed = many_files(count)

    assert comment(scratch, gitlab).returncode == 0
    assert ("outside of the records" in gitlab.notes[0]["body"]) == (count % 100 == 1)


def test_a_merge_request_after_a_hundred_others_gets_its_comment(scratch):
    gitlab = Gitlab(report())
    gitlab.others = tuple(range(100, 220))

    assert comment(scratch, gitlab).returncode == 0
    assert gitlab.written == ["new"]


def test_the_token_is_told_to_gitlab_alone(scratch):
    gitlab = Gitlab(report())

    run = comment(scratch, gitlab)

    assert gitlab.strangers_heard == [None, None]
    assert "a-token" not in run.stdout + run.stderr


def test_without_a_token_it_says_what_is_missing(scratch):
    run = comment(scratch, Gitlab(report()), AIPM_COMMENT_TOKEN="")

    assert run.returncode == 1
    assert "AIPM_COMMENT_TOKEN is not set" in run.stdout


def test_no_pipeline_of_a_merge_request_runs_it_and_nothing_else_runs_with_it(settings):
    # In a pipeline of a merge request no rule holds, as CI_COMMIT_BRANCH is not set there.
    rules = {
        job: settings[job]["rules"] for job in settings if isinstance(settings[job], dict) and "rules" in settings[job]
    }
    of_main = {job for job, found in rules.items() if any("$CI_COMMIT_BRANCH" in rule["if"] for rule in found)}

    assert rules["aipm-comment"] == [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $AIPM_COMMENTS"}]
    assert {"pages", "aipm-audiences", "aipm-notify"} < of_main
    for job in of_main - {"aipm-comment", "workflow"}:
        assert rules[job][0] == {"if": "$AIPM_COMMENTS", "when": "never"}
    text = json.dumps({job: settings[job] for job in settings if job != "aipm-comment"})
    assert "AIPM_COMMENT_TOKEN" not in text
    comment = settings["aipm-comment"]
    assert comment["variables"]["GIT_STRATEGY"] == "none"
    assert comment["environment"] == {"name": "aipm-comment", "action": "access"}
    assert comment["dependencies"] == []
