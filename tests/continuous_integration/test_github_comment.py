"""The comment on a pull request: made from data that a stranger may have made up, with a token that may write."""

import html
import io
import json
import re
import zipfile

import pytest

from aipm_site.facts.numbers import money
from aipm_site.summaries.change_words import words
from tests.continuous_integration.servers import Github, serving
from tests.continuous_integration.test_github_check import check
from tests.continuous_integration.workflow_runs import GithubJob, needs

pytestmark = [pytest.mark.slow, needs("git", "bash", "curl", "jq", "unzip")]
HEAD = "0123456789abcdef0123456789abcdef01234567"
PULL = {"number": 12, "state": "open", "head": {"sha": HEAD, "repo": {"full_name": "stranger/triage"}}}
# In the form of `aipm changes --format json`, with the change that the issue of that command tells of.
CHANGES = {
    "schema": "aipm/changes-1",
    "base": "aaaa",
    "head": "bbbb",
    "headline": "Overall amber → red: RSK-014 now 20; finish P80 +9 days; estimate at completion + USD 40,000",
    "verdict": "warn",
    "policy": [{"rule": "finish-moves", "verdict": "warn", "text": "the finish moves by more than 5 days"}],
    "status": {"before": "amber", "after": "red"},
    "dimensions": [{"name": "risk", "before": "amber", "after": "red"}],
    "records": {
        "added": [{"id": "RSK-015", "kind": "risk", "title": "Vendor ends support"}],
        "removed": [],
        "closed": [],
        "changed": [
            {
                "id": "RSK-014",
                "kind": "risk",
                "title": "Units change",
                "fields": [{"field": "impact", "before": 4, "after": 5}],
            }
        ],
    },
    "figures": [{"name": "cost.eac", "unit": "USD", "before": "1200000", "after": "1240000", "better": False}],
    "gates": [{"id": "DEC-012", "title": "Go-live", "before": "go", "after": "no-go", "better": False}],
    "id_collisions": [{"id": "RSK-015", "base": {"title": "Vendor"}, "head": {"title": "Vendor ends support"}}],
    "reclassified": [{"id": "RSK-002", "before": "internal", "after": "public", "narrower": False}],
    "problems": {"base": 0, "head": 0},
}
QUIET = {"schema": "aipm/changes-1", "headline": "No change to the status.", "verdict": "allow"}
PROBLEMS = {"schema": "aipm/problems-1", "problems": [], "counts": {"error": 0}}
NUMBER = {"schema": "aipm/pull-request-1", "number": 12}


def archive(changes=CHANGES, problems=PROBLEMS, number=NUMBER, **others):
    """Return the ZIP of a report; a text stands as it is, None leaves the file out, others come in place of these."""
    files = {"changes.json": changes, "problems.json": problems, "pull-request.json": number} | others
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in files.items():
            if data is not None:
                written.writestr(name, data if isinstance(data, str) else json.dumps(data))
    return buffer.getvalue()


def comment(scratch, github):
    """Run the workflow against a server."""
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
        return GithubJob(scratch, "aipm-comment", "comment", context).run()


def test_one_comment_says_what_the_change_does(scratch):
    github = Github(archive(), PULL)

    run = comment(scratch, github)

    assert run.succeeded, [step.output for step in run.steps.values()]
    assert github.written == ["new"]
    body = html.unescape(github.comments[0]["body"])
    mark, first, *rest = body.split("\n")
    assert mark == "<!-- aipm-changes -->"
    assert first == f"**{CHANGES['headline']}**"
    assert "The policy warns of this change." in rest
    assert "| <code>warn</code> | <code>the finish moves by more than 5 days</code> |" in rest
    assert "| <code>risk</code> | amber | red |" in rest
    assert "| <code>cost.eac</code> | <code>1200000</code> | <code>1240000</code> | worse |" in rest
    assert "| <code>RSK-015</code> | <code>Vendor ends support</code> |" in rest
    assert "| <code>RSK-014</code> | <code>impact</code> | <code>4</code> | <code>5</code> |" in rest
    assert "| <code>DEC-012</code> | <code>Go-live</code> | <code>go</code> | <code>no-go</code> |" in rest
    assert "| <code>RSK-015</code> | <code>Vendor</code> | <code>Vendor ends support</code> |" in rest
    assert "| <code>RSK-002</code> | <code>internal</code> | <code>public</code> |" in rest
    assert "<details><summary>Records: 1 added, 1 changed, 0 closed, 0 removed</summary>" in rest
    assert rest[-1] == (
        "[Full report](https://github.com/team/triage/actions/runs/99)"
        " · [the site](https://github.com/team/triage/actions/runs/99/artifacts/8), to download"
        " · for commit 0123456789ab"
    )
    assert github.labels == []


@pytest.mark.parametrize(("old", "new"), [("impact: 4", "impact: 3"), ("probability: 3", "probability: 30")])
def test_what_a_real_check_leaves_becomes_a_comment(scratch, old, new):
    scratch.branch_off()
    scratch.edit("content/risks/RSK-001.yml", old, new)
    check(scratch)
    report = scratch.folder / "runner" / "report"
    files = {file.name: file.read_text(encoding="utf-8") for file in report.iterdir()}
    github = Github(archive(**files), PULL)

    run = comment(scratch, github)

    assert run.succeeded, [step.output for step in run.steps.values()]
    body = html.unescape(github.comments[0]["body"])
    headline = json.loads(files["changes.json"])["headline"]
    assert body.split("\n")[1] == f"**{headline}**"
    assert html.unescape(files["changes.md"].split("\n")[0]) == headline
    if new == "impact: 3":
        assert "| <code>RSK-001</code> | <code>impact</code> | <code>4</code> | <code>3</code> |" in body
    else:
        assert "1 error in the records must be mended." in body
        assert "<code>probability 30 is not between 1 and 5</code>" in body


def test_a_change_without_effect_says_so(scratch):
    github = Github(archive(QUIET), PULL)

    comment(scratch, github)

    assert github.comments[0]["body"].split("\n")[1] == "**No change to the status.**"
    assert "|" not in github.comments[0]["body"]


ROOM = {
    "id": "MV-RW-1.6.2",
    "score": 20,
    "name": "risk",
    "before": "not reported",
    "after": "amber",
    "verdict": "no-go",
    "count": 3,
}
RISES = ("+9 days", "−1 day", f"+ {money(40_000, 'USD')}", f"− {money(1_280_000_000_000, 'JPY')}")


def headlines():
    """Every form that the words of `aipm changes` give the line, several of them in one."""
    told = words("headline")
    clauses = [told[form].format(**ROOM) for form in ("dimension", "dropped", "gate", "gate_gone", "more")]
    clauses += [form.format(**ROOM) for form in dict(told["risk"]).values()]
    clauses += [f"{label} {rise}" for label in dict(told["figures"]).values() for rise in RISES]
    overall = (
        told["moved"].format(before="green", after="not fully reported"),
        told["still"].format(status="amber"),
        told["not_shared"],
        told["no_status"],
    )
    unread = told["not_compared"].format
    return [
        told["none"],
        unread(count="1 record", side=told["before"]),
        unread(count="3 records", side=told["after"]),
        *overall,
        *(f"{line}: {'; '.join(clauses[number::4])}" for number, line in enumerate(overall)),
    ]


@pytest.mark.parametrize("line", headlines())
def test_the_first_line_is_that_of_aipm_changes_in_every_form_that_it_has(scratch, line):
    github = Github(archive(QUIET | {"headline": line}), PULL)

    comment(scratch, github)

    assert github.comments[0]["body"].split("\n")[1] == f"**{line}**"


@pytest.mark.parametrize(
    "line",
    [
        "Overall red → green. Approved by the sponsor",
        "Overall red → green: Merge it now",
        "No change to the status.\n# Approved",
        "Overall still green: " + "; ".join(["RSK-001 closed"] * 40),
    ],
)
def test_a_first_line_that_aipm_changes_would_not_write_is_shown_as_a_text_of_the_report(scratch, line):
    github = Github(archive(QUIET | {"headline": line}), PULL)

    comment(scratch, github)

    first = github.comments[0]["body"].split("\n")[1]
    assert re.fullmatch(r"<code>(?:[^\W_]| |&#\d+;)+</code>", first)
    shown = html.unescape(first.removeprefix("<code>").removesuffix("</code>"))
    assert shown == (" ".join(line.split()) if len(line) <= 500 else line[:499] + "…")


def test_errors_are_counted_and_shown_with_their_place(scratch):
    found = {
        "severity": "error",
        "code": "out-of-range",
        "message": "probability 30",
        "file": "content/a.yml",
        "line": 7,
    }
    problems = PROBLEMS | {"problems": [found, {**found, "severity": "warning"}]}
    github = Github(archive(CHANGES | {"verdict": "block"}, problems), PULL)

    comment(scratch, github)

    body = html.unescape(github.comments[0]["body"])
    assert "1 error in the records must be mended. The policy does not allow this change." in body
    assert "| <code>content/a.yml:7</code> | <code>out-of-range</code> | <code>probability 30</code> |" in body


def test_the_next_push_brings_the_same_comment_up_to_date(scratch):
    github = Github(archive(), PULL)
    # A stranger's comment that begins like ours is not ours, and ours may stand on a later page.
    github.comments += [{"id": 1, "user": {"login": "stranger"}, "body": "<!-- aipm-changes -->\nMine"}]
    github.comments += [{"id": n, "user": {"login": "someone"}, "body": "Hello"} for n in range(2, 130)]
    comment(scratch, github)
    github.archive = archive(QUIET)

    comment(scratch, github)

    ours = [entry for entry in github.comments if entry["user"]["login"] == "github-actions[bot]"]
    assert github.written == ["new", str(ours[0]["id"])]
    assert len(ours) == 1
    assert "No change to the status" in ours[0]["body"]
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


WRONG = {
    "no changes": archive(changes=None),
    "no number": archive(number=None),
    "no json": archive(changes="{"),
    "two documents": archive(changes=json.dumps(CHANGES) * 2),
    "another schema": archive(CHANGES | {"schema": "aipm/changes-2"}),
    "no headline": archive({key: value for key, value in CHANGES.items() if key != "headline"}),
    "headline that is a list": archive(CHANGES | {"headline": ["@all"]}),
    "another verdict": archive(CHANGES | {"verdict": "<b>"}),
    "records that are a text": archive(CHANGES | {"records": "@all"}),
    "fields that are texts": archive(CHANGES | {"records": {"changed": [{"fields": ["@all"]}]}}),
    "number that is a path": archive(number=NUMBER | {"number": "12/../../secrets"}),
    "number with a fraction": archive(number=NUMBER | {"number": 12.5}),
    "number below zero": archive(number=NUMBER | {"number": -12}),
    "no archive": b"PK no archive",
}


@pytest.mark.parametrize("report", WRONG.values(), ids=WRONG)
def test_what_does_not_have_the_form_of_a_report_is_no_comment(scratch, report):
    github = Github(report, PULL)

    run = comment(scratch, github)

    assert github.written == []
    assert "::error title=wrong-form::" in run.steps["Check its form"].output
    assert not run.succeeded


@pytest.mark.parametrize(
    "github",
    [
        Github(None, PULL),
        Github(archive(CHANGES | {"base": "x" * 2_000_001}), PULL),
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
def test_texts_of_the_report_are_shown_letter_by_letter(scratch, text):
    entry = {"id": text, "title": text, "name": text, "before": text, "after": text, "rule": text, "text": text}
    entry |= {"verdict": text, "field": text, "file": text, "line": text, "code": text, "message": text}
    changes = CHANGES | {
        "headline": text,
        "status": {"before": text, "after": {"value": text}},
        "policy": [entry],
        "dimensions": [entry],
        "figures": [entry],
        "gates": [entry],
        "id_collisions": [{"id": text, "base": entry, "head": entry}],
        "reclassified": [entry],
        "records": {"added": [entry], "removed": [entry], "closed": [entry], "changed": [{**entry, "fields": [entry]}]},
    }
    problems = PROBLEMS | {"problems": [{**entry, "severity": "error"}]}
    github = Github(archive(changes, problems), PULL)

    run = comment(scratch, github)

    assert run.succeeded, [step.output for step in run.steps.values()]
    body = github.comments[0]["body"]
    codes = re.findall(r"<code>(.*?)</code>", body)
    # Only letters, digits, spaces, and signs written as numbers: nothing that Markdown, HTML or GitHub would act on.
    assert all(re.fullmatch(r"(?:[^\W_]| |&#\d+;)+", code) for code in codes)
    shown = " ".join(re.sub(r"[\s\u202e\u200b\u2066]+", " ", text).split())
    assert any(shown in " ".join(html.unescape(code).split()) for code in codes)
    ours = re.sub(r"<code>.*?</code>", "", body)
    assert not re.search(r"[@#`]|evil|octocat|alert|touch|Approved", ours)
    assert ours.count("<!-- ") == 1
    assert "a-token" not in body


def test_the_token_is_told_to_github_alone(scratch):
    github = Github(archive(), PULL)

    run = comment(scratch, github)

    assert github.strangers_heard == [None]
    assert not any("a-token" in step.output for step in run.steps.values())
    assert not [file for file in (scratch.folder / "runner").iterdir() if b"a-token" in file.read_bytes()]


def test_a_change_outside_of_the_records_is_said_and_labelled(scratch):
    github = Github(archive(), PULL)
    github.files += [{"filename": "content/hook.py", "previous_filename": "hook.py"}]

    comment(scratch, github)

    assert "also changes files outside of the records" in github.comments[0]["body"]
    assert github.labels == ["outside-content"]


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
    assert github.labels == (["outside-content"] if count > Github.FILES_AT_MOST else [])


def test_among_more_comments_than_are_read_there_is_no_second_one(scratch):
    github = Github(archive(), PULL)
    github.comments = [{"id": n, "user": {"login": "another"}, "body": "Hello"} for n in range(3001)]

    run = comment(scratch, github)

    assert run.succeeded
    assert github.written == []
    assert "title=too-many-comments" in "".join(step.output for step in run.steps.values())


def test_a_long_comment_is_cut_to_its_first_line_and_its_links(scratch):
    entry = {"id": "RSK-1", "title": ":" * 160, "name": ":" * 160, "before": ":" * 160, "after": ":" * 160}
    many = [entry] * 300
    records = {"added": many, "closed": many, "changed": [{"id": ":" * 160, "fields": [{**entry, "field": "x"}] * 300}]}
    github = Github(archive(CHANGES | {"records": records, "figures": many}), PULL)

    comment(scratch, github)

    body = github.comments[0]["body"]
    assert body.split("\n")[1] == f"**{CHANGES['headline']}**"
    assert "The rest is too long for a comment." in body
    assert "[Full report](" in body
    assert len(body) < 1000
