"""Wrong records, pages and settings: a place, a code and a hint; nothing is written, and the site before stays."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from mkdocs.__main__ import cli as mkdocs

from tests.sample import CHARTER, RISK, SETTINGS, SMALL, Outcome, aipm, build, change, read_tree, write

# What a site was before: our marker, and a page that must stay as it is.
BEFORE = {"site/build.json": '{"schema": "aipm/build-1"}\n', "site/index.html": "<p>The site before.</p>\n"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@dataclass(frozen=True)
class Bad:
    """Something wrong.

    Attributes:
        name: What is wrong, for whoever reads the list of tests.
        files: What differs from the small project that is right.
        says: How the line begins that names it: place, severity and code.
        hint: Words of the hint; empty where there is none to give.
        is_late: Whether it shows only in the built pages, when MkDocs alone has emptied the site's folder.
    """

    name: str
    files: Mapping[str, str | bytes]
    says: str
    hint: str = ""
    is_late: bool = False
    links: Mapping[str, str] = field(default_factory=dict)


def risk(name: str, more: str, says: str, hint: str = "") -> Bad:
    """Return a risk with wrong lines after its five right ones; places count from there."""
    return Bad(name, {"content/risks/RSK-001.yml": RISK + more}, f"content/risks/RSK-001.yml:{says}", hint)


def record(name: str, text: str | bytes, says: str, hint: str = "", file: str = "content/risks/RSK-001.yml") -> Bad:
    """Return a file of a record with another text."""
    return Bad(name, {file: text}, f"{file}{says}", hint)


def page(name: str, text: str | bytes, says: str, hint: str = "", *, is_late: bool = False) -> Bad:
    """Return an ordinary page."""
    return Bad(name, {"content/wiki/page.md": text}, f"content/wiki/page.md{says}", hint, is_late)


def charter(name: str, more: str, says: str, hint: str = "") -> Bad:
    """Return a project.yml with wrong lines after its seven right ones."""
    return Bad(name, {"content/project.yml": CHARTER + more}, f"content/project.yml:{says}", hint)


def report(name: str, text: str, says: str, hint: str = "") -> Bad:
    """Return a template of a report."""
    return Bad(name, {"content/reports/own.md": text}, f"content/reports/own.md{says}", hint)


FOUR = "id: RSK-001\ntitle: Feed B\nprobability: 2\nimpact: 2\n"
MODEL = "id: MV-A-1.0.0\ntitle: A\nversion: 1.0.0\nstage: dev\n"
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"

RECORDS = [
    # domain 5, T-01 to T-07: what YAML 1.1 would have read as something else.
    risk("a time is no date", "next_review: 11:00\n", "6:14: error[not-a-date]", "2026-04-15"),
    record("NO is not false", f"{MODEL}explainability: {{method: x, user_tested: NO}}\n", ":5:42: error[not-true-or-false]",
           "true or false", "content/models/MV-A-1.0.0.yml"),
    record("a leading zero", FOUR.replace("impact: 2", "impact: 010"), ":4:9: error[not-a-number]", "digits"),
    record("an exponent", FOUR.replace("impact: 2", "impact: 1e0"), ":4:9: error[not-a-number]", "digits"),
    record("an underscore", FOUR.replace("impact: 2", "impact: 0_2"), ":4:9: error[not-a-number]", "digits"),
    record("a percentage", FOUR.replace("impact: 2", "impact: 5%"), ":4:9: error[not-a-number]", "digits"),
    record("yes is no number", FOUR.replace("impact: 2", "impact: true"), ":4:9: error[not-a-number]", "digits"),
    risk("not a number at all", "probability_value: .nan\n", "6:20: error[not-a-number]", "digits"),
    risk("infinity", "probability_value: .inf\n", "6:20: error[not-a-number]", "digits"),
    risk("a thousands separator", "impact_value: {days: 1,200}\n", "6:24: error[unknown-field]", ""),
    record("two equal keys", f"{FOUR}title: Feed C\n", ":5:1: error[duplicate-key]", ""),
    risk("a short date", "opened: 2026-4-5\n", "6:9: error[not-a-date]", "2026-04-15"),
    risk("a date that does not exist", "opened: 2026-02-30\n", "6:9: error[not-a-date]", "last day"),
    risk("a date of digits", "opened: 20260415\n", "6:9: error[not-a-date]", "2026-04-15"),
    risk("an at sign", "owner: @lead\n", "6:8: error[not-yaml]", ""),
    risk("a colon in plain text", "cause: feeds: all of them\n", "6:13: error[not-yaml]", ""),
    risk("a TAB before a key", "inherent:\n\tprobability: 2\n", "7:1: error[not-yaml]", ""),
    record("an id with a space", FOUR.replace("RSK-001", '"RSK-001 x"'), ":1:5: error[not-an-id]", "RSK-"),
    # security R1 to R12.
    risk("an anchor", "cause: &a feeds\n", "6:8: error[yaml-anchor]", ""),
    risk("an alias", "cause: *a\n", "6:8: error[yaml-alias]", ""),
    risk("a merge key", "<<: {cause: feeds}\n", "6:1: error[yaml-merge-key]", ""),
    risk("a tag", "cause: !!python/name:os.system x\n", "6:8: error[yaml-tag]", ""),
    record("a directive", f"%YAML 1.1\n---\n{FOUR}", ":1:1: error[yaml-directive]", ""),
    record("a second document", f"{FOUR}---\n{FOUR}", ":5:1: error[second-document]", ""),
    risk("a key that is a list", "[a]: 1\n", "6:1: error[key-not-text]", ""),
    risk("a key of programs", "__proto__: x\n", "6:1: error[reserved-key]", ""),
    risk("an unknown field", "falback_plan: none\n", "6:1: error[unknown-field]", "did you mean 'fallback_plan'?"),
    record("an empty file", "", ":1:1: error[empty-file]", ""),
    record("only comments", "# to be written\n", ":1:1: error[only-comments]", ""),
    record("a sentence", "A risk.\n", ":1:1: error[not-a-record]", "key: value"),
    record("a merge that was not finished", f"{FOUR}<<<<<<< HEAD\nowner: a\n=======\nowner: b\n>>>>>>> main\n",
           ":5:1: error[conflict-markers]", "keep one side"),
    record("a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
           ":1:1: error[lfs-pointer]", "git lfs pull"),
    record("Latin-1", FOUR.encode().replace(b"Feed", b"F\xe9d"), ":2:9: error[not-utf-8]", "UTF-8"),
    record("UTF-16", FOUR.encode("utf-16"), ":1:1: error[not-utf-8]", "UTF-8"),
    record("a character that turns text around", FOUR.replace("Feed", "Fe\u202eed"), ":2:10: error[forbidden-character]", "remove"),
    risk("too deep", f"custom: {'{a: ' * 20}1{'}' * 20}\n", "6:", ""),
    risk("too many values", f"custom: {{a: [{', '.join('1' * 6000)}]}}\n", "6:", ""),
    record("a needed field is missing", "id: RSK-001\ntitle: Feed B\nprobability: 2\n", ":1:1: error[missing-field]", ""),
    record("out of range", FOUR.replace("probability: 2", "probability: 30"), ":3:14: error[out-of-range]", "1 is very unlikely"),
    risk("an unknown word", "status: opend\n", "6:9: error[unknown-value]", "did you mean 'open'?"),
    risk("a contradiction", "closed: 2026-04-01\n", "6:9: error[contradiction]", "status: closed"),
    risk("an unknown field without a value", "falback_plan:\n", "6:1: error[unknown-field]", "did you mean 'fallback_plan'?"),
    risk("an unknown field in a group", "source: {system: x, reff: }\n", "6:21: error[unknown-field]", "did you mean 'ref'?"),
    risk("an unknown label", "audience: inernal\n", "6:11: error[unknown-audience]", "did you mean 'internal'?"),
    risk("a person who is no record", "owner: PER-001\n", "6:8: error[unknown-reference]", ""),
    risk("a secret", f"cause: token {SECRET} in a log\n", "6:8: error[secret-in-content]", ""),
    Bad("one id in two folders", {"content/other/risks/RSK-001.yml": RISK},
        "content/risks/RSK-001.yml:1:5: error[duplicate-id]", "unique"),
    Bad("ids that differ in case", {"content/risks/b.yml": RISK.replace("RSK-001", "rsk-001")},
        "content/risks/b.yml:1:5: error[not-an-id]", ""),
    Bad("a reference to nothing", {"content/risks/RSK-001.yml": f"{RISK}links: [{{rel: relates_to, id: RSK-002}}]\n"},
        "content/risks/RSK-001.yml:6:31: error[unknown-reference]", ""),
    Bad("milestones in a circle", {
        f"content/milestones/MS-0{a}.yml": f"id: MS-0{a}\ntitle: M\nbaseline_date: 2026-06-01\ndepends_on: [MS-0{b}]\n"
        for a, b in ((1, 2), (2, 1))
    }, "content/milestones/MS-01.yml:4:14: error[circular-reference]", ""),
    Bad("a folder that is nearly a kind's", {"content/riskes/RSK-002.yml": RISK.replace("001", "002")},
        "content/riskes/RSK-002.yml: error[nearly-a-kind-folder]", "risks"),
    Bad("a file among records that is none", {"content/risks/notes.docx": b"PK"},
        "content/risks/notes.docx: error[odd-file-in-kind-folder]", ".yml"),
    Bad("a file named like another record", {"content/risks/RSK-009.yml": RISK.replace("001", "002")},
        "content/risks/RSK-009.yml:1:5: error[file-named-like-another-record]", "rename"),
]  # fmt: skip

PAGES = [
    page("broken front matter", "---\ntitle: [a\n---\n# P\n", ":2:8: error[not-yaml]"),
    page("front matter without an end", "---\ntitle: a\n# P\n", ":1:1: error[front-matter-unclosed]", "---"),
    page("front matter after an empty line", "\n---\naudience: client\n---\n# P\n", ":2:1: error[front-matter-mismarked]", "---"),
    page("front matter with a comment at its mark", "--- #\ntitle: a\n---\n# P\n", ":1:1: error[front-matter-mismarked]", "---"),
    page("a key that is not a page's", "---\ntemplate: x.html\n---\n# P\n", ":2:1: error[unknown-field]"),
    page("an unknown label", "---\naudience: clients\n---\n# P\n", ":2:11: error[unknown-audience]", "did you mean 'client'?"),
    page("a reference to nothing", "# P\n\nSee [[RSK-009]].\n", ":3:5: error[unknown-reference]"),
    page("a dead link", "# P\n\n[x](nowhere.md)\n", ":3:5: error[dead-link]"),
    page("a dead anchor", "# P\n\n[x](start.md#nowhere)\n", ":3:5: error[dead-link]", is_late=True),
    page("a picture that is not there", "# P\n\n![x](nowhere.png)\n", ":3:6: error[dead-link]"),
    page("a picture of another host", "# P\n\n![x](https://evil.example/a.png)\n", ":3:6: error[remote-image]", is_late=True),
    page("a script as a link", "# P\n\n[x](javascript:alert(1))\n", ":3:5: error[unsafe-address]"),
    page("an unknown figure", "# P\n\n```aipm\nfigure: risk.opne\n```\n", ":4:", "risk.open"),
    page("an unknown view", "# P\n\n```aipm\ntabel: risks\n```\n", ":3:1: error[unknown-view]", "table"),
    page("a view without an end", "# P\n\n```aipm\ntable: risks\n", ":3:1: error[unclosed-view]"),
    page("a page that cannot be rendered", "# P\n\n[x](http://[y)\n", ": error[cannot-render]", is_late=True),
    page("a page of Latin-1", b"# P\xe9\n", ":1:4: error[not-utf-8]", "UTF-8"),
    page("a page with a NUL", "# P\n\na\0b\n", ":3:2: error[forbidden-character]", "remove"),
    Bad("a page with a name for a shell", {"content/wiki/a;b.md": "# P\n"}, "content/wiki/a;b.md: error[bad-file-name]", "letters"),
    Bad("names that differ in case", {"content/wiki/Start.md": "# P\n"}, "content/wiki/start.md: error[names-differ-in-case]", "rename"),
    Bad("a page at a record's address", {"content/risks/RSK-001/index.md": "# P\n"},
        "content/risks/RSK-001/index.md: error[address-taken]", "rename", is_late=True),
    Bad("a file where the build writes one", {"content/status.json": "{}", "content/wiki/page.md": "# P\n\n[x](../status.json)\n"},
        "content/status.json: error[address-taken]", "rename"),
    Bad("a file where servers look for orders", {"content/robots.txt": "x", "content/wiki/page.md": "# P\n\n[x](../robots.txt)\n"},
        "content/robots.txt: error[address-taken]", "rename"),
    Bad("a page of HTML", {"content/wiki/a.html": "<p>", "content/wiki/page.md": "# P\n\n[x](a.html)\n"},
        "content/wiki/a.html: error[active-attachment]"),
    Bad("a script", {"content/wiki/a.js": "1", "content/wiki/page.md": "# P\n\n[x](a.js)\n"},
        "content/wiki/a.js: error[active-attachment]"),
    Bad("a kind of file that is not published", {"content/wiki/a.docx": b"PK", "content/wiki/page.md": "# P\n\n[x](a.docx)\n"},
        "content/wiki/a.docx: error[attachment-kind]", "attachments"),
    Bad("a picture that is none", {"content/wiki/a.png": "<script>", "content/wiki/page.md": "# P\n\n![x](a.png)\n"},
        "content/wiki/a.png: error[not-its-kind]"),
    Bad("a drawing with entities", {
        "content/wiki/a.svg": "<!DOCTYPE svg [<!ENTITY a 'aaa'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
        "content/wiki/page.md": "# P\n\n![x](a.svg)\n",
    }, "content/wiki/a.svg: error[unsafe-svg]", "plain SVG"),
    report("a template with an unknown name", "---\ntitle: Own\n---\n{{ nothing }}\n", ":4"),
    report("a template with an unknown figure", "---\ntitle: Own\n---\n{{ fig('risk.opne') }}\n", ":4", "risk.open"),
    report("a template that is none", "---\ntitle: Own\n---\n{% if %}\n", ":4"),
    report("a template that reaches out", "---\ntitle: Own\n---\n{{ fig.__globals__ }}\n", ":4"),
    report("a template without an end", "---\ntitle: Own\n---\n{% for a in range(99999999) %}x{% endfor %}\n", ""),
    report("a template that is neither draft nor final", "---\nstatus: done\n---\nx\n", ":2:9: error[unknown-value]"),
]  # fmt: skip

CHARTERS = [
    charter("a dimension that does not exist", "complete: []\nlifecycle_stage: a\ndimensions: [risks]\n", "10:1: error[duplicate-key]"),
    Bad("an unknown dimension", {"content/project.yml": CHARTER.replace("[risk]", "[risks]")},
        "content/project.yml:5:14: error[unknown-value]", "did you mean 'risk'?"),
    Bad("an unknown time zone", {"content/project.yml": CHARTER.replace("tz: UTC", "tz: Mars/Olympus")},
        "content/project.yml:3:5: error[not-a-time-zone]", "IANA"),
    Bad("a day that does not exist", {"content/project.yml": CHARTER.replace("2026-04-15\nd", "2026-04-31\nd")},
        "content/project.yml:4:8: error[not-a-date]"),
    charter("an unknown setting", "audience_default: client\n", "8:1: error[unknown-field]", "did you mean"),
    charter("a default label that does not exist", "default_audience: clients\n", "8:19: error[unknown-audience]", "client"),
    charter("disclosure to nobody", "disclose: [{figure: risk.open, to: world, reason: x}]\n", "8:36: error[unknown-audience]"),
    charter("an empty order of labels", "audiences: []\n", "8:12: error[no-audience]"),
    charter("freshness of an unknown kind", "freshness: {risks: 3}\n", "8:13: error[unknown-kind]", "did you mean 'risk'?"),
    charter("red below amber", "thresholds: {risk: {amber: 15, red: 5}}\n", "8:20: error[wrong-order]", "amber below red"),
    charter("an end before the start", "start: 2026-04-01\ntarget_end: 2026-03-01\n", "9:13: error[wrong-order]"),
    charter("a currency that is none", "currency: dollar\n", "8:11: error[not-a-currency]", "ISO 4217"),
    Bad("a charter that is a list", {"content/project.yml": "- id: PRJ-001\n"}, "content/project.yml:1:1: error[not-a-record]"),
    Bad("two charters", {"content/wiki/project.yml": CHARTER}, "content/wiki/project.yml"),
]  # fmt: skip

ALL = [*RECORDS, *PAGES, *CHARTERS]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the small project with a site of before."""
    return write(tmp_path / "project", {**SMALL, **BEFORE})


def site_of(root: Path) -> dict[str, bytes]:
    return read_tree(root / "site")


def outside(root: Path) -> set[str]:
    """Return what lies beside the content."""
    return {path.name for path in root.iterdir()}


def run_mkdocs(root: Path) -> Outcome:
    """Run `mkdocs build` in this process."""
    found = CliRunner().invoke(mkdocs, ["build", "-f", str(root / "mkdocs.yml")])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exc_info
    return Outcome(found.exit_code, found.stdout, found.stderr)


def lines_of(outcome: Outcome, says: str) -> list[str]:
    return [line for line in outcome.err.splitlines() if line.startswith(says)]


def test_the_small_project_is_right(root: Path) -> None:
    assert aipm(root, "build").code == 0
    assert run_mkdocs(root).code == 0


@pytest.mark.parametrize("bad", ALL, ids=lambda bad: bad.name)
def test_what_is_wrong_is_named_with_its_place_and_nothing_is_written(root: Path, bad: Bad) -> None:
    write(root, bad.files)
    before, beside = site_of(root), outside(root)

    outcome = aipm(root, "build")

    assert outcome.code == 1, outcome.err
    assert outcome.out == ""
    found = lines_of(outcome, bad.says)
    assert found, outcome.err
    assert "error[" in found[0]
    after = outcome.err.splitlines()[outcome.err.splitlines().index(found[0]) + 1]
    assert bad.hint in after
    assert not bad.hint or after.startswith("  hint: ")
    assert re.fullmatch(r"\d+ errors?, \d+ warnings? in \d+ files?; nothing was written", outcome.err.splitlines()[-1])
    assert "Traceback" not in outcome.err
    assert site_of(root) == before
    assert outside(root) == beside


@pytest.mark.parametrize("bad", ALL, ids=lambda bad: bad.name)
def test_mkdocs_alone_names_it_too_and_publishes_nothing(root: Path, bad: Bad) -> None:
    write(root, bad.files)
    before = site_of(root)

    outcome = run_mkdocs(root)

    assert outcome.code == 1, outcome.err
    assert lines_of(outcome, bad.says), outcome.err
    assert "Traceback" not in outcome.err
    if bad.is_late:
        assert '"publishable": false' in (root / "site/build.json").read_text()
    else:
        assert site_of(root) == before


def test_all_that_is_wrong_is_said_in_one_run_sorted_by_place(root: Path) -> None:
    independent = [
        bad for bad in (*RECORDS, *PAGES) if len(bad.files) == 1 and not bad.is_late and "reports" not in bad.says
    ]
    for number, bad in enumerate(independent):
        for path, data in bad.files.items():
            write(root, {path.replace("content/", f"content/part-{number:03}/", 1): data})

    outcome = aipm(root, "build")

    files = {line.split(":")[0] for line in outcome.err.splitlines() if ": error[" in line}
    parts = {found[1] for file in files if (found := re.match(r"content/part-(\d+)", file))}
    assert len(parts) > 50
    ordered = [line.split(": error[")[0].split(":") for line in outcome.err.splitlines() if ": error[" in line]
    places = [(file, *map(int, numbers)) for file, *numbers in ordered]
    assert places == sorted(places)


def test_a_drawing_is_published_without_what_could_act_in_it(root: Path) -> None:
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script><path d='M0 0'/>"
        "<a href='javascript:alert(1)'><text>x</text></a><image href='https://evil.example/a.png'/></svg>"
    )
    write(root, {"content/wiki/a.svg": drawing, "content/wiki/page.md": "# P\n\n![x](a.svg)\n"})

    site = build(root)

    published = (site.folder / "wiki/a.svg").read_text()
    assert 'd="M0 0"' in published
    assert not re.search("script|alert|evil", published)


def test_a_secret_is_named_by_its_line_and_never_printed(root: Path) -> None:
    write(
        root,
        {"content/risks/RSK-001.yml": f"{RISK}cause: token {SECRET}\n", "content/wiki/page.md": f"# P\n\n{SECRET}\n"},
    )

    outcome = aipm(root, "build")

    assert "content/risks/RSK-001.yml:6" in outcome.err
    assert "content/wiki/page.md:3" in outcome.err
    assert SECRET not in outcome.err + outcome.out
    assert SECRET[4:] not in outcome.err + outcome.out


# What is no file.


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("content/risks/RSK-002.yml", "../../mkdocs.yml"),
        ("content/wiki/outside.md", "/etc/hostname"),
        ("content/wiki/folder", "/etc"),
        ("content/wiki/nowhere.md", "not-there.md"),
        ("content/wiki/circle", "."),
        ("content/wiki/environment.txt", "/proc/self/environ"),
    ],
)
@pytest.mark.parametrize("build_with", [lambda root: aipm(root, "build"), run_mkdocs], ids=["aipm", "mkdocs"])
def test_links_are_never_followed(root: Path, path: str, target: str, build_with) -> None:
    before = site_of(root)
    (root / path).symlink_to(target)

    outcome = build_with(root)

    assert outcome.code == 1
    assert any("error[symlink]" in line and target in line for line in lines_of(outcome, path)), outcome.err
    assert site_of(root) == before


@pytest.mark.parametrize("path", ["content/risks/RSK-002.yml", "content/wiki/pipe.md", "content/pipe.png"])
@pytest.mark.parametrize("build_with", [lambda root: aipm(root, "build"), run_mkdocs], ids=["aipm", "mkdocs"])
def test_a_pipe_is_not_waited_for(root: Path, path: str, build_with) -> None:
    before = site_of(root)
    os.mkfifo(root / path)

    outcome = build_with(root)

    assert outcome.code == 1
    assert lines_of(outcome, f"{path}: error[not-a-regular-file]: this is a named pipe"), outcome.err
    assert site_of(root) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for the superuser")
def test_a_file_that_may_not_be_read_is_named(root: Path) -> None:
    (root / "content/wiki/start.md").chmod(0)

    outcome = aipm(root, "build")

    assert outcome.code == 1
    assert lines_of(outcome, "content/wiki/start.md: error[unreadable-file]")


def test_a_content_folder_that_is_a_link_is_refused(root: Path) -> None:
    (root / "content").rename(root / "elsewhere")
    (root / "content").symlink_to("elsewhere")
    before = site_of(root)

    outcome = aipm(root, "build")

    assert outcome.code in {1, 2}
    assert "content" in outcome.err
    assert "Traceback" not in outcome.err
    assert site_of(root) == before


# Settings and the command line: exit code 2.

PLUGINS = "plugins: [search, aipm]\n"


@dataclass(frozen=True)
class Settings:
    """A mkdocs.yml that cannot be used, and words of what is said of it."""

    name: str
    text: str
    says: str


WRONG_SETTINGS = [
    Settings("not YAML", "site_name: [a\n", "mkdocs.yml:"),
    Settings("an empty file", "", "mkdocs.yml"),
    Settings("a list", "- a\n", "mkdocs.yml"),
    Settings("a tag that runs code", SETTINGS + "extra: !!python/object/apply:os.system ['touch ran']\n", "mkdocs.yml:5"),
    Settings("a tag that makes an object", SETTINGS + "extra: !!python/object/new:os.system ['touch ran']\n", "mkdocs.yml:5"),
    Settings("docs_dir inside the content", SETTINGS.replace("docs_dir: content", "docs_dir: content/wiki"), "docs_dir"),
    Settings("docs_dir that is not there", SETTINGS.replace("docs_dir: content", "docs_dir: nowhere"), "nowhere"),
    Settings("docs_dir outside", SETTINGS.replace("docs_dir: content", "docs_dir: /etc"), "'/etc', which lies outside"),
    Settings("docs_dir above", SETTINGS.replace("docs_dir: content", "docs_dir: .."), "'..', which lies outside"),
    Settings("templates inside the content", SETTINGS.replace("font: false", "font: false, custom_dir: content/wiki"), "custom_dir"),
    Settings("the project as the site", SETTINGS + "site_dir: .\n", "site_dir"),
    Settings("the content as the site", SETTINGS + "site_dir: content\n", "site_dir"),
    Settings("a site inside the content", SETTINGS + "site_dir: content/site\n", "site_dir"),
    Settings("a site above the project", SETTINGS + "site_dir: ..\n", "site_dir"),
    Settings("everything as the site", SETTINGS + "site_dir: /\n", "site_dir"),
    Settings("an unknown theme", SETTINGS.replace("name: material", "name: materiel"), "materiel"),
    Settings("an unknown plugin", SETTINGS.replace("search, aipm", "search, aipm, nowhere"), "nowhere"),
    Settings("without our plugin", SETTINGS.replace("search, aipm", "search"), "aipm"),
    Settings("an unknown option of ours", SETTINGS.replace("search, aipm", "search, aipm: {audiance: a}"), "audiance"),
    Settings("no name", SETTINGS.replace("site_name: Small\n", ""), "site_name"),
    Settings("a wrong navigation", SETTINGS + "nav: {a: {b: 1}}\n", "nav"),
]  # fmt: skip


@pytest.mark.parametrize("settings", WRONG_SETTINGS, ids=lambda settings: settings.name)
def test_settings_that_cannot_be_used_are_a_wrong_request(root: Path, settings: Settings) -> None:
    write(root, {"mkdocs.yml": settings.text})
    before = read_tree(root)

    outcome = aipm(root, "build")

    assert outcome.code == 2, outcome.err
    assert settings.says in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""
    assert read_tree(root) == before
    assert not (root / "ran").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "--as-of", "tomorrow"], "the as-of 'tomorrow'"),
        (["build", "--as-of", "2026-04-31"], "2026-04-31"),
        (["build", "--as-of", "2026-04-15T07:00"], "offset"),
        (["build", "--audience", "world"], "there is no audience 'world'"),
        (["build", "--site", "content"], "content"),
        (["build", "--site", "content/wiki/site"], "content"),
        (["build", "--site", "."], "site"),
        (["build", "--site", "other"], "other"),
        (["build", "--nothing"], "No such option"),
        (["bild"], "bild"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_command_line_changes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    write(root, {"other/precious.txt": "mine"})
    before = read_tree(root)
    monkeypatch.chdir(root)

    outcome = aipm(root, *arguments)

    assert outcome.code == 2, outcome.err
    assert says in outcome.err
    assert "Traceback" not in outcome.err
    assert read_tree(root) == before


def test_a_project_without_settings_is_a_wrong_request(tmp_path: Path) -> None:
    outcome = aipm(tmp_path, "build")

    assert outcome.code == 2
    assert "there is no mkdocs.yml" in outcome.err
    assert "aipm init" in outcome.err


def test_home_is_never_a_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = write(root.parent / "home", {"build.json": '{"schema": "aipm/build-1"}', "letter.txt": "mine"})
    monkeypatch.setenv("HOME", str(home))

    outcome = aipm(root, "build", "--site", str(home), "--force")

    assert outcome.code == 2
    assert (home / "letter.txt").read_text() == "mine"


# What is missing is said; it is not zero and not green.


def test_a_metric_that_went_silent_is_not_reported_since_its_last_day(root: Path) -> None:
    observe(root, "2026-03-31")

    site = build(root)

    # 2026-03-31 to 2026-04-15 is 15 days; a production metric speaks for 7 (domain 2.0).
    assert site.status["overall"]["status"] == "not_fully_reported"
    assert "not reported since 31 March 2026 (15 days; limit 7)" in site.text("")
    assert "unknown" in site.figures["status.quality"]
    assert "green" not in {
        dimension["status"] for dimension in site.status["dimensions"] if dimension["name"] == "quality"
    }


def observe(root: Path, day: str) -> None:
    """Write a production model that is watched by one metric, measured once."""
    change(root / "content/project.yml", "[risk]", "[risk, quality]")
    model = MODEL.replace("stage: dev", "stage: production") + "monitoring: [M-accuracy]\nreviewed_on: 2026-04-14\n"
    metric = "id: M-accuracy\ntitle: Accuracy\nunit: ratio\npolarity: higher_better\nthresholds: {green: 0.8}\n"
    row = f"- {{metric: M-accuracy, subject: MV-A-1.0.0, value: 0.9, n: 1000, unit: ratio, environment: production, as_of: {day}}}\n"
    write(
        root,
        {
            "content/models/MV-A-1.0.0.yml": model,
            "content/metrics/M-accuracy.yml": metric,
            "content/observations/observations.yml": row
            if day
            else "- {metric: M-accuracy, value: 0.5, as_of: 2026-04-01}\n",
        },
    )


def test_a_metric_that_never_spoke_is_not_reported_yet(root: Path) -> None:
    observe(root, "")

    site = build(root)

    assert site.status["overall"]["status"] == "not_fully_reported"
    assert "not reported yet" in site.text("").lower()
    assert "model.MV-A-1.0.0.accuracy" not in site.figures or "unknown" in site.figures["model.MV-A-1.0.0.accuracy"]


def test_a_dimension_without_any_record_is_not_reported(root: Path) -> None:
    change(root / "content/project.yml", "[risk]", "[risk, schedule]")

    site = build(root)

    assert {d["name"]: d["status"] for d in site.status["dimensions"]}["schedule"] == "not_reported"
    assert site.status["overall"]["status"] == "not_fully_reported"
    assert site.figures["status.schedule"].keys() == {"unknown"}


def test_a_risk_that_nobody_reviewed_is_not_green(root: Path) -> None:
    write(root, {"content/risks/RSK-001.yml": RISK.replace("reviewed_on: 2026-04-14\n", "")})

    site = build(root)

    assert site.status["overall"]["status"] == "not_fully_reported"


def test_a_project_without_records_says_that_nothing_is_recorded(root: Path) -> None:
    (root / "content/risks/RSK-001.yml").unlink()
    write(root, {"content/wiki/start.md": "# Start\n"})

    site = build(root)

    assert site.status["overall"]["status"] == "not_fully_reported"
    assert "green" not in site.text("").lower()
    assert not any(figure.get("value") == "0" for name, figure in site.figures.items() if name.startswith("status."))
