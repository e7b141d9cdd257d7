"""The comment on a merge request: made by the default branch from data that a stranger may have made up."""

import json
import re

import pytest

from tests.changes.made_up import made_up_of
from tests.continuous_integration.servers import Gitlab, serving
from tests.continuous_integration.test_github_comment import HOSTILE, MARK, QUIET
from tests.continuous_integration.test_gitlab import RISK, on_merge_request
from tests.continuous_integration.workflow_runs import gitlab_settings, needs, run_gitlab_jobs

pytestmark = [pytest.mark.slow, needs("git", "bash", "curl", "jq")]
JOBS = ("aipm-comment-reports", "aipm-comment-words", "aipm-comment")
LINKS = (
    "[Full report](https://gitlab.com/team/triage/-/jobs/41/artifacts/browse/report)"
    " · [the site](https://gitlab.com/team/triage/-/jobs/42/artifacts/browse), to download"
    " · for commit 0123456789ab"
)


def report(changes=QUIET):
    """Return the files of a report; a text stands as it is."""
    return {"report/changes.json": (changes if isinstance(changes, str) else json.dumps(changes)).encode()}


def comment(scratch, gitlab, **variables):
    """Run the three jobs against a server."""
    with serving(gitlab) as address, serving(gitlab) as storage:
        gitlab.storage = f"{storage.replace('127.0.0.1', 'localhost')}/storage"
        given = {"CI_API_V4_URL": f"{address}/api/v4", "CI_PROJECT_ID": "7", "AIPM_COMMENT_TOKEN": "a-token"}
        return run_gitlab_jobs(scratch, JOBS, **{**given, "AIPM_COMMENTS": "true", **variables})


def said(runs):
    """Return all that the jobs printed."""
    return "".join(run.stdout + run.stderr for run in runs.values())


def codes(runs):
    """Return how the jobs ended."""
    return [run.returncode for run in runs.values()]


def test_one_comment_says_what_aipm_changes_says(scratch, of_change):
    gitlab = Gitlab(report(of_change.changes))

    runs = comment(scratch, gitlab)

    assert codes(runs) == [0, 0, 0], said(runs)
    assert gitlab.written == ["new"]
    assert gitlab.notes[0]["body"] == f"{MARK}\n{of_change.markdown}\n{LINKS}"


def test_what_a_real_merge_request_leaves_becomes_a_comment(scratch):
    scratch.branch_off()
    scratch.edit(RISK, "impact: 4", "impact: 3")
    assert on_merge_request(scratch, "aipm-changes").returncode == 0
    kept = {
        f"report/{name}": (scratch.project / "report" / name).read_bytes() for name in ("changes.json", "changes.md")
    }
    scratch.git("checkout", "--quiet", "--force", "main")
    gitlab = Gitlab(kept, source=8)

    runs = comment(scratch, gitlab)

    assert codes(runs) == [0, 0, 0], said(runs)
    assert gitlab.notes[0]["body"] == f"{MARK}\n{kept['report/changes.md'].decode()}\n{LINKS}"
    assert "Impact: <code>4</code> → <code>3</code>" in gitlab.notes[0]["body"]


def test_the_same_comment_is_brought_up_to_date_and_left_alone_where_nothing_changed(scratch):
    gitlab = Gitlab(report())
    # A stranger's comment that begins like ours is not ours, and ours may stand on a later page.
    gitlab.notes += [{"id": 1, "author": {"id": 13}, "body": f"{MARK}\nMine"}]
    gitlab.notes += [{"id": n, "author": {"id": 14}, "body": "Hello"} for n in range(2, 130)]
    comment(scratch, gitlab)
    again = comment(scratch, gitlab)
    gitlab.report = report(QUIET | {"headline": "Overall still amber"})

    comment(scratch, gitlab)

    ours = [note for note in gitlab.notes if note["author"]["id"] == Gitlab.ME]
    assert "!12: as it was" in said(again)
    assert gitlab.written == ["new", str(ours[0]["id"])]
    assert len(ours) == 1
    assert ours[0]["body"].split("\n")[1] == "Overall still amber"
    assert gitlab.notes[0]["body"] == f"{MARK}\nMine"


@pytest.mark.parametrize(
    "text", [HOSTILE[0], "/merge\n/approve\n/assign me", "!1 ~bug %v1 &2 $3 ^a :tada: team/other#1"]
)
def test_a_text_in_every_place_of_the_report_is_no_mention_and_no_quick_action(scratch, of_change, text):
    # What the words do to a text, tests/changes/ says; here it is that no other way leads into the comment.
    gitlab = Gitlab(report(made_up_of(of_change.changes, text)))

    runs = comment(scratch, gitlab)

    assert codes(runs) == [0, 0, 0], said(runs)
    body = gitlab.notes[0]["body"]
    assert body.startswith(f"{MARK}\n{of_change.changes['headline']}\n")
    assert body.endswith(LINKS)
    assert not any(line.startswith("/") for line in body.split("\n"))
    assert not re.search(r"@|[~%$^](?=\w)|!(?=\d)|:tada:", re.sub(r"&#\d+;", "", body))


@pytest.mark.parametrize(
    ("gitlab", "why"),
    [
        (Gitlab(None), "no report"),
        (Gitlab({"report/others.json": b"{}"}), "report/changes.json cannot be read"),
        (Gitlab(report(" " * 2_000_001)), "report/changes.json cannot be read, or is too long"),
    ],
    ids=["none", "part", "long"],
)
def test_without_a_whole_report_there_is_no_comment_and_no_failure(scratch, gitlab, why):
    runs = comment(scratch, gitlab)

    assert (codes(runs), gitlab.written) == ([0, 0, 0], [])
    assert f"!12: {why}" in said(runs)


def test_a_merge_request_without_a_pipeline_is_passed_over(scratch):
    gitlab = Gitlab(report())
    gitlab.has_pipeline = False

    runs = comment(scratch, gitlab)

    assert codes(runs) == [0, 0, 0], said(runs)
    assert gitlab.written == []


@pytest.mark.parametrize("changes", [{**QUIET, "schema": "aipm/changes-2"}, "{", {**QUIET, "headline": "Approved"}])
def test_what_has_not_the_form_of_a_report_is_refused_and_keeps_no_other_from_its_comment(scratch, changes):
    gitlab = Gitlab(report(changes))

    runs = comment(scratch, gitlab)

    # The job that words is marked as failed; the one that writes runs all the same.
    assert (codes(runs), gitlab.written) == ([0, 1, 0], [])
    assert "comments/12/changes.json does not have the form of a report; no comment is written" in said(runs)


def test_a_merge_request_that_moved_on_waits_for_its_next_report(scratch):
    gitlab = Gitlab(report())
    gitlab.commits = ["0123456789abcdef", "fedcba9876543210"]

    runs = comment(scratch, gitlab)

    assert (codes(runs), gitlab.written) == ([0, 0, 0], [])
    assert "!12: there is a newer commit" in said(runs)


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
        runs = comment(scratch, gitlab)
        assert codes(runs) == [0, 0, 0], said(runs)

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

    runs = comment(scratch, gitlab)

    assert codes(runs) == [0, 0, 0], said(runs)
    assert ("outside of the records" in gitlab.notes[0]["body"]) == (count % 100 == 1)


def test_a_merge_request_after_a_hundred_others_gets_its_comment(scratch):
    gitlab = Gitlab(report())
    gitlab.others = tuple(range(100, 220))

    runs = comment(scratch, gitlab)

    assert codes(runs) == [0, 0, 0], said(runs)
    assert gitlab.written == ["new"]


def test_the_token_is_told_to_gitlab_alone(scratch):
    gitlab = Gitlab(report())

    runs = comment(scratch, gitlab)

    assert gitlab.strangers_heard == [None]
    assert "a-token" not in said(runs)


def test_without_a_token_it_says_what_is_missing(scratch):
    runs = comment(scratch, Gitlab(report()), AIPM_COMMENT_TOKEN="")

    assert codes(runs) == [1, 0, 1]
    assert "AIPM_COMMENT_TOKEN is not set" in runs["aipm-comment"].stdout


def test_no_pipeline_of_a_merge_request_runs_them_and_nothing_else_runs_with_them(scratch):
    # In a pipeline of a merge request no rule holds, as CI_COMMIT_BRANCH is not set there.
    settings = gitlab_settings(scratch.project)
    rules = {name: job["rules"] for name, job in settings.items() if isinstance(job, dict) and "rules" in job}
    of_main = {job for job, found in rules.items() if any("$CI_COMMIT_BRANCH" in rule["if"] for rule in found)}

    for job in JOBS:
        assert rules[job] == [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $AIPM_COMMENTS"}]
    others = of_main - {*JOBS, "workflow", ".aipm-of-comments", ".aipm-with-token"}
    assert others == {"pages", "aipm-audiences", "aipm-notify"}
    for job in others:
        assert rules[job][0] == {"if": "$AIPM_COMMENTS", "when": "never"}


def test_what_has_the_token_installs_no_tool_and_what_installs_the_tool_has_no_token(scratch):
    settings = gitlab_settings(scratch.project)
    with_token = {name for name, job in settings.items() if "AIPM_COMMENT_TOKEN" in json.dumps(job)}

    assert with_token == {".aipm-with-token", "aipm-comment-reports", "aipm-comment"}
    for job in ("aipm-comment-reports", "aipm-comment"):
        assert settings[job]["variables"]["GIT_STRATEGY"] == "none"
        assert settings[job]["environment"] == {"name": "aipm-comment", "action": "access"}
        assert "pip install" not in json.dumps(settings[job])
    words = settings["aipm-comment-words"]
    assert "pip install" in json.dumps(words["before_script"])
    assert "environment" not in words
    # What it leaves is what it worded, and not where that is written to.
    assert words["artifacts"]["paths"] == ["comments/*/changes.md"]
