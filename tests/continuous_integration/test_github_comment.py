"""The comment on a pull request: made from data that a stranger may have made up, with a token that may write."""

import io
import json
import re
import zipfile

import pytest

from tests.changes.made_up import made_up_of
from tests.continuous_integration.servers import Github, serving
from tests.continuous_integration.test_github_check import check
from tests.continuous_integration.workflow_runs import GithubJob, JobRun, needs

pytestmark = [pytest.mark.slow, needs("git", "bash", "curl", "jq", "unzip")]
HEAD = "0123456789abcdef0123456789abcdef01234567"
PULL = {"number": 12, "state": "open", "head": {"sha": HEAD, "repo": {"full_name": "stranger/triage"}}}
# The smallest report that has the form of `aipm changes --format json`.
QUIET = {
    "schema": "aipm/changes-1",
    "base": "a" * 40,
    "head": "working tree",
    "as_of": "2026-04-15",
    "audience": "internal",
    "headline": "No change to the status.",
    "verdict": "allow",
    "records": {"added": [], "removed": [], "closed": [], "changed": []},
    "problems": {"base": {}, "head": {}},
    **{name: [] for name in ("policy", "dimensions", "figures", "gates", "id_collisions")},
}
NUMBER = {"schema": "aipm/pull-request-1", "number": 12}
MARK = "<!-- aipm-changes -->"
LINKS = (
    "[Full report](https://github.com/team/triage/actions/runs/99)"
    " · [the site](https://github.com/team/triage/actions/runs/99/artifacts/8), to download"
    " · for commit 0123456789ab"
)


def archive(changes=QUIET, number=NUMBER, **others):
    """Return the ZIP of a report; a text stands as it is, None leaves the file out, others come in place of these."""
    files = {"changes.json": changes, "pull-request.json": number} | others
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in files.items():
            if data is not None:
                written.writestr(name, data if isinstance(data, str) else json.dumps(data))
    return buffer.getvalue()


def comment(scratch, github):
    """Run both jobs of the workflow against a server, the second where the first hands a comment on."""
    with serving(github) as address, serving(github) as storage:
        github.storage = f"{storage.replace('127.0.0.1', 'localhost')}/storage"
        context = {
            "github.api_url": address,
            "github.repository": "team/triage",
            "github.event.workflow_run.id": "99",
            "github.event.workflow_run.html_url": "https://github.com/team/triage/actions/runs/99",
            "github.event.workflow_run.head_sha": HEAD,
            "github.event.workflow_run.head_repository.full_name": "stranger/triage",
        }
        worded = GithubJob(scratch, "aipm-comment", "word", context).run()
        # The condition of the second job; GitHub skips it where the first has failed.
        if not worded.succeeded or not worded.outputs["number"]:
            return worded
        context |= {f"needs.word.outputs.{name}": value for name, value in worded.outputs.items()}
        written = GithubJob(scratch, "aipm-comment", "comment", context).run()
        return JobRun({**worded.steps, **written.steps})


def test_one_comment_says_what_aipm_changes_says(scratch, of_change):
    github = Github(archive(of_change.changes), PULL)

    run = comment(scratch, github)

    assert run.succeeded, [step.output for step in run.steps.values()]
    assert github.written == ["new"]
    body = github.comments[0]["body"]
    assert body == f"{MARK}\n{of_change.markdown}\n{LINKS}"
    # What a reviewer is promised stands in it.
    titles = set(re.findall(r"### (.*)|<summary>(\w+)", body))
    assert {one or other for one, other in titles} == {
        *("Ids that both branches took", "Status", "Gates", "Forecasts"),
        *("Figures", "Added", "Changed"),
    }
    assert "| <code>risk</code> | green | red |  | worse |" in body
    assert "red-risk-without-answer" in body
    assert "Probability: <code>2</code> → <code>5</code>" in body
    assert re.search(r"<code>DEC-020</code> \| go \(.* met.*\) \| no-go \(.*\) \|  \| worse \|", body)
    assert "| +9 days | worse |" in body
    assert github.labels == []


@pytest.mark.parametrize(("old", "new"), [("impact: 4", "impact: 3"), ("probability: 3", "probability: 30")])
def test_what_a_real_check_leaves_becomes_a_comment(scratch, old, new):
    scratch.branch_off()
    scratch.edit("content/risks/RSK-001.yml", old, new)
    checked = check(scratch)
    report = scratch.folder / "runner" / "report"
    files = {file.name: file.read_text(encoding="utf-8") for file in report.iterdir()}
    scratch.git("checkout", "--quiet", "--force", "main")
    github = Github(archive(**files), PULL)

    run = comment(scratch, github)

    assert run.succeeded, [step.output for step in run.steps.values()]
    assert github.comments[0]["body"] == f"{MARK}\n{files['changes.md']}\n{LINKS}"
    assert files["changes.md"] == checked.summary
    said = (
        "Impact: <code>4</code> → <code>3</code>" if new == "impact: 3" else "| probability 30 is not between 1 and 5 |"
    )
    assert said in files["changes.md"]


def test_the_tool_is_that_of_the_trusted_branch_and_sees_no_token(scratch, of_change):
    github = Github(archive(of_change.changes), PULL)

    run = comment(scratch, github)

    assert run.succeeded
    assert "aipm-site[charts]==" in (scratch.folder / "installed").read_text(encoding="utf-8")
    job = GithubJob(scratch, "aipm-comment", "word", {}).settings
    with_token = [step["name"] for step in job["steps"] if "github.token" in json.dumps(step)]
    assert with_token == ["Get the report"]
    # And that step comes before anything is installed.
    names = [step["name"] for step in job["steps"]]
    assert names.index("Get the report") < names.index("Install the tool")


def test_a_change_without_effect_says_so(scratch):
    github = Github(archive(QUIET), PULL)

    comment(scratch, github)

    assert github.comments[0]["body"].split("\n")[1] == "No change to the status."
    assert "|" not in github.comments[0]["body"]


def test_the_next_push_brings_the_same_comment_up_to_date(scratch):
    github = Github(archive(), PULL)
    # A stranger's comment that begins like ours is not ours, and ours may stand on a later page.
    github.comments += [{"id": 1, "user": {"login": "stranger"}, "body": "<!-- aipm-changes -->\nMine"}]
    github.comments += [{"id": n, "user": {"login": "someone"}, "body": "Hello"} for n in range(2, 130)]
    comment(scratch, github)
    github.archive = archive(QUIET | {"headline": "Overall still amber"})

    comment(scratch, github)

    ours = [entry for entry in github.comments if entry["user"]["login"] == "github-actions[bot]"]
    assert github.written == ["new", str(ours[0]["id"])]
    assert len(ours) == 1
    assert ours[0]["body"].split("\n")[1] == "Overall still amber"
    assert github.comments[0]["body"] == "<!-- aipm-changes -->\nMine"


@pytest.mark.parametrize(
    "pull",
    [
        PULL | {"head": {"sha": "f" * 40, "repo": {"full_name": "stranger/triage"}}},
        PULL | {"head": {"sha": HEAD, "repo": {"full_name": "another/triage"}}},
        PULL | {"head": {"sha": HEAD, "repo": None}},
        PULL | {"state": "closed"},
    ],
    ids=["commit", "repository", "no-repository", "closed"],
)
def test_a_pull_request_that_is_not_of_this_run_gets_no_comment(scratch, pull):
    github = Github(archive(), pull)

    run = comment(scratch, github)

    assert run.succeeded
    assert github.written == []
    assert "title=not-this-one" in "".join(step.output for step in run.steps.values())


NUMBERS = {
    "none": None,
    "a path": NUMBER | {"number": "12/../../secrets"},
    "a fraction": NUMBER | {"number": 12.5},
    "below zero": NUMBER | {"number": -12},
}
WRONG = {
    "no changes": archive(changes=None),
    "no JSON": archive(changes="{"),
    "another schema": archive(QUIET | {"schema": "aipm/changes-2"}),
    "a headline of their own": archive(QUIET | {"headline": "Approved by the sponsor"}),
    "a command to the runner": archive(QUIET | {"verdict": "x\n::set-output name=number::13\n::error::x"}),
}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_without_the_number_of_a_pull_request_nothing_is_even_installed(scratch, number):
    github = Github(archive(number=number), PULL)

    run = comment(scratch, github)

    assert github.written == []
    assert "::error title=wrong-form::pull-request.json" in run.steps["Check for which pull request it is"].output
    assert run.steps["Install the tool"].outcome == "skipped"
    assert not run.succeeded


@pytest.mark.parametrize("report", WRONG.values(), ids=WRONG)
def test_what_does_not_have_the_form_of_a_report_is_no_comment(scratch, report):
    github = Github(report, PULL)

    run = comment(scratch, github)

    assert github.written == []
    assert not run.succeeded
    output = run.steps["Word it"].output
    assert "::error title=wrong-form::changes.json" in output
    assert output.count("\n::") + output.startswith("::") == 1


def test_what_is_no_archive_is_no_comment(scratch):
    github = Github(b"PK no archive", PULL)

    assert not comment(scratch, github).succeeded
    assert github.written == []


@pytest.mark.parametrize(
    "github",
    [
        Github(None, PULL),
        Github(archive(QUIET | {"base": "x" * 2_000_001}), PULL),
        # A hundred megabytes of nothing, which are small as long as they are packed.
        Github(archive(changes=" " * 100_000_000), PULL),
    ],
    ids=["absent", "long", "bomb"],
)
def test_a_report_that_is_absent_or_too_long_is_no_comment(scratch, github):
    run = comment(scratch, github)

    assert run.succeeded
    assert github.written == []
    kept = [file for file in (scratch.folder / "runner").iterdir() if file.name != "report.zip"]
    assert all(file.stat().st_size < 2_100_000 for file in kept)


def test_a_report_whose_archive_is_too_large_is_not_even_fetched(scratch):
    github = Github(archive(), PULL)
    github.size = 10_000_001

    comment(scratch, github)

    assert github.written == github.strangers_heard == []


def test_an_archive_cannot_write_elsewhere(scratch):
    github = Github(archive(**{"../escaped": "x", "/tmp/aipm-escaped": "x", "gitconfig": "x"}), PULL)

    comment(scratch, github)

    assert github.written == ["new"]
    assert not (scratch.folder / "escaped").exists()
    assert not (scratch.folder / "runner" / "gitconfig").exists()


HOSTILE = [
    "@octocat @team/everyone see #1 and GH-1",
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "[click](https://evil.example) ![x](https://evil.example/x.png) https://evil.example www.evil.example",
    "a | b\n\n# Approved by the sponsor\n\n</code></details> `` ``` ~~~",
    "<!-- aipm-changes --> --> \\` \\| &lt; &#64;",
    "\u202egnp.exe \u200b\u2066",
    "::set-output name=x::y %0A $(touch x) `touch x` ${{ secrets.X }} {{ 7*7 }} \\(env.TOKEN)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_every_place_of_the_report_is_worded_as_the_tool_words_it_and_nothing_else(scratch, of_change, text):
    # What the words do to a text, tests/changes/ says; here it is that no other way leads into the comment.
    made_up = made_up_of(of_change.changes, text)
    plain = made_up_of(of_change.changes, "TEXT")
    github, harmless = Github(archive(made_up), PULL), Github(archive(plain), PULL)

    run = comment(scratch, github)
    assert comment(scratch, harmless).succeeded

    assert run.succeeded, [step.output for step in run.steps.values()]
    body = github.comments[0]["body"]
    assert body.count("\n") == harmless.comments[0]["body"].count("\n")
    assert body.startswith(f"{MARK}\n{of_change.changes['headline']}\n")
    assert body.endswith(LINKS)
    ours = re.sub(r"&#\d+;", "", body.removeprefix(MARK).removesuffix(LINKS))
    assert not re.search(r"@|://|www\.|<img|<script|\]\(|a-token", ours)
    assert re.findall(r"<!--.*?-->", ours) == ["<!-- aipm changes -->"]


def test_the_token_is_told_to_github_alone(scratch):
    github = Github(archive(), PULL)

    run = comment(scratch, github)

    assert github.strangers_heard == [None]
    assert not any("a-token" in step.output for step in run.steps.values())
    files = [file for file in (scratch.folder / "runner").rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if b"a-token" in file.read_bytes()]


def test_a_change_outside_of_the_records_is_said_and_labelled(scratch):
    github = Github(archive(), PULL)
    github.files += [{"filename": "content/hook.py", "previous_filename": "hook.py"}]

    comment(scratch, github)

    assert "also changes files outside of the records" in github.comments[0]["body"]
    assert github.labels == ["outside-content"]


def test_where_the_repository_has_no_such_label_it_is_said_how_to_make_it(scratch):
    github = Github(archive(), PULL)
    github.files += [{"filename": "mkdocs.yml"}]
    github.has_label = False

    run = comment(scratch, github)

    said = run.steps["Write it, or bring it up to date"]
    assert run.succeeded
    assert "also changes files outside of the records" in github.comments[0]["body"]
    assert "::warning title=no-label::" in said.output
    assert "`gh label create outside-content`" in said.output


def many_files(count):
    """Return so many changed files of the content."""
    return [{"filename": f"content/risks/RSK-{number:04}.yml"} for number in range(count)]


def test_a_file_on_a_later_page_is_not_hidden_by_150_others(scratch):
    inside, outside = Github(archive(), PULL), Github(archive(), PULL)
    inside.files = many_files(150)
    outside.files = [*many_files(149), {"filename": "mkdocs.yml"}]

    assert comment(scratch, inside).succeeded
    assert comment(scratch, outside).succeeded

    assert "outside of the records" not in inside.comments[0]["body"]
    assert inside.labels == []
    assert "also changes files outside of the records" in outside.comments[0]["body"]
    assert outside.labels == ["outside-content"]


@pytest.mark.parametrize("count", [3000, 3001])
def test_more_files_than_github_names_count_as_outside(scratch, count):
    github = Github(archive(), PULL)
    github.files = many_files(count)

    assert comment(scratch, github).succeeded
    assert ("changes more files than are listed" in github.comments[0]["body"]) == (count > Github.FILES_AT_MOST)
    assert github.labels == (["outside-content"] if count > Github.FILES_AT_MOST else [])


def test_among_more_comments_than_are_read_there_is_no_second_one(scratch):
    github = Github(archive(), PULL)
    github.comments = [{"id": n, "user": {"login": "another"}, "body": "Hello"} for n in range(3001)]

    run = comment(scratch, github)

    assert run.succeeded
    assert github.written == []
    assert "title=too-many-comments" in "".join(step.output for step in run.steps.values())


def test_a_long_report_is_cut_so_that_its_links_have_room(scratch, of_change):
    records = of_change.changes["records"]
    many = [records["changed"][0] | {"title": "@" * 500}] * 1000
    github = Github(archive(of_change.changes | {"records": records | {"changed": many}}), PULL)

    comment(scratch, github)

    body = github.comments[0]["body"]
    # https://docs.github.com: "body is too long (maximum is 65536 characters)".
    assert len(body) <= 65_536
    assert body.split("\n")[1] == of_change.changes["headline"]
    assert re.search(r"… and \d+ more\.", body)
    assert body.endswith(LINKS)
