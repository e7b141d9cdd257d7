"""Hostile text in every text field of every kind stays text in its place, or is refused by its code point."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from aipm_site.pages.page import Page
from aipm_site.problems import Problem
from aipm_site.publication.plan import SitePlan
from aipm_site.publication.plan_site import plan_session
from aipm_site.records import KINDS
from aipm_site.records.kind import Kind
from aipm_site.session import open_session
from tests.every_field import Written, file_of, full_record, record_kinds, yaml_of
from tests.sample import CHARTER, SETTINGS, SMALL, Site, aipm, build, words, write
from tests.shared_data import shared_data

OWN = [
    # HTML
    "<script>window.__xss=1</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "</td></tr></table><h1>out</h1>",
    "</td><td>one cell more",
    "</a></li></ul></dl></div></article></main></body></html>",
    "</q></strong></p>",
    "</title><meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example/><iframe srcdoc='<script>1</script>'>",
    "<!--",
    "--> <b>after</b> <!-- -->",
    "<![CDATA[ x ]]>",
    "<![",
    "<?php echo 1 ?>",
    "<style>*{display:none}</style>",
    "<form action=//evil.example><input name=a>",
    "<template><plaintext><xmp><noscript><textarea>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#x3C;script&#x3E; &#0; &amp;amp; &nbsp; &notanentity;",
    # Markdown
    "# heading",
    "[a](javascript:alert(1))",
    "](javascript:alert(1))",
    "[a](java&#115;cript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,<script>1</script>)",
    "[a](//evil.example) [b](\\\\evil.example) [c](http://[x)",
    "![a](http://evil.example/a.png) ![b](# 'onerror=alert(1)')",
    "[a]: javascript:alert(1)",
    "<javascript:alert(1)> <https://evil.example>",
    "[text](#){onclick=alert(1)}",
    "text {: onclick=alert(1) .md-header #__search }",
    "| a | b |",
    "```aipm title='x'",
    "~~~ {.html onclick=x}",
    "- [ ] task",
    "*[ABBR]: <img src=x onerror=alert(1)>",
    "[^1]: footnote",
    "!!! danger 'admonition'",
    "=== 'tab'",
    "--8<-- 'mkdocs.yml'",
    "***bold** and `code` and \\* and _under_score_",
    "[[nope]] [[RSK-1]x]] [[",
    "    indented",
    "> > > > quote",
    "1. one",
    "a  b   c",
    "word-\u00adbreak",
    # Templates
    "{{7*7}}",
    "{% raw %}{{ config }}{% endraw %}",
    "{{ fig('risk.open') }} {# comment #}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "{0} %s %(a)s {name} {",
    # What we write ourselves
    "aipm-root:/status/",
    "https://evil.example/?q=<script>&a=b#x",
    "http://evil.example/ and more",
    "(not shared)",
    "\ue0000\ue001 \ue0001\ue001",
    # YAML, JSON, CSV
    "- : ? | > ! & * % @ `",
    "=cmd|' /C calc'!A0",
    "'single' \"double\" \\ back\\slash \\n \\u0000",
    # Languages and directions
    "עברית ואז English 123",
    "العَرَبِيَّة، ثم 123",
    "हिन्दी क्‍ष",
    "👩‍🔬 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "Z̗̘͠a̷͎lgo",
    "ﷺ ℝ ﬀ ½",
    # Terminals and logs
    "::error file=x::y",
    "##vso[task.setvariable]",
]
# R7: refused, raw or escaped, by their code point.
REFUSED = {
    "\0": "U+0000",
    "a\x1b[31mred": "U+001B",
    "a\x07": "U+0007",
    "a\x85b": "U+0085",
    "evil\u202etxt.exe": "U+202E",
    "\u2066isolate\u2069": "U+2066",
    "zero\u200b width": "U+200B",
    "bom\ufeffinside": "U+FEFF",
    "\ufffe": "U+FFFE",
    "\U000e0041\U000e0042": "U+E0041",
    "a\u2060b": "U+2060",
    "mark at the end\u200e": "U+200E",
}
CALM_METRIC = "id: M-calm\ntitle: Calm\nunit: count\npolarity: neutral\n"
PAD = ", and so on, and so on, and so on"

# Elements that Markdown may make of prose, beside those that stand on a page anyway.
MARKDOWN = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "dl",
        "dt",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# Lists can be filtered, and open on demand.
OF_LISTS = frozenset({"input", "label", "details", "summary", "q"})
SAFE_TARGET = re.compile(r"(https?://|mailto:|aipm-root:/|#|(?![a-z][a-z0-9+.-]*:|//|\\))", re.IGNORECASE)


def own_id(kind: Kind, number: int) -> str:
    natural = {"model": f"MV-H{number}-1.0.0", "metric": f"M-h{number}"}
    dated = f"{kind.prefix}-2026-04-14-{1000 + number}" if kind.id_form == "dated" else ""
    return natural.get(kind.name) or dated or f"{kind.prefix}-{1000 + number}"


def yaml_text(value: object, *, escaped: bool = False) -> str:
    """Return a value in JSON's form, which YAML reads too; beyond the first plane YAML's escapes are not JSON's."""
    text = json.dumps(value, ensure_ascii=False)
    if not escaped:
        return text
    return "".join(char if char.isascii() else f"\\U{ord(char):08X}" for char in text)


def is_line(text: str) -> bool:
    return bool(text.strip()) and "\n" not in text and "\t" not in text


def text_for(string: str, *, with_prose: bool = True) -> Callable[[bool], str | None]:
    """Return what writes a string into all fields that can hold it."""
    return lambda one_line: string if (is_line(string) if one_line else with_prose and bool(string.strip())) else None


@dataclass(frozen=True)
class Case:
    """A record of one kind that says one string everywhere."""

    kind: Kind
    record_id: str
    string: str
    written: Written


def write_project(root: Path, strings: Iterable[str], *, with_prose: bool = True) -> list[Case]:
    """Write a project in which, for each string and kind, a record has the string in all its text fields."""
    cases, rows = [], []
    files: dict[str, str] = {"mkdocs.yml": SETTINGS, "content/project.yml": CHARTER}
    files["content/metrics/M-calm.yml"] = CALM_METRIC
    for number, string in enumerate(strings):
        for kind in record_kinds():
            record_id = own_id(kind, number)
            fields: dict[str, Any] = {"id": record_id} if kind.is_rows else {}
            if kind.name == "observation":
                # Its id is its key, so each is measured at a moment of its own.
                fields = {"as_of": f"2026-01-01T{number // 60:02}:{number % 60:02}Z"}
            written = full_record(kind, record_id, text_for(string, with_prose=with_prose), **fields)
            cases.append(Case(kind, record_id, string, written))
            if kind.is_rows:
                files[f"content/{kind.folder}/rows-{number}.yml"] = yaml_of(written.data, rows=True)
                rows.append(written)
            else:
                files[file_of(kind, record_id)] = yaml_of(written.data)
    write(root, files)
    return cases


def plan_of(root: Path) -> tuple[SitePlan, tuple[Problem, ...]]:
    """Return everything that a build writes, without MkDocs; bad records are left out."""
    session = open_session(root, environment={})
    return plan_session(session, "Hostile", lenient=True), session.problems


def elements(html: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the elements of a fragment as a browser would make them."""
    for node in LexborHTMLParser(f"<body>{html}").css("body *"):
        yield node.tag or "", {name: value or "" for name, value in node.attributes.items()}


def elements_by_html5lib(html: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    tree: Element = html5lib.parseFragment(html, namespaceHTMLElements=False)
    for element in tree.iter():
        if element.tag != "DOCUMENT_FRAGMENT":
            yield str(element.tag), {str(name): value for name, value in element.attrib.items()}


def text_by_lexbor(html: str) -> str:
    body = LexborHTMLParser(f"<body>{html}").body
    return words(body.text()) if body else ""


def text_by_html5lib(html: str) -> str:
    return words("".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext()))


def assert_inert(found: Iterable[tuple[str, Mapping[str, str]]], tags: frozenset[str], where: object) -> None:
    """Check that nothing stands on a page that can act, load or lead astray."""
    for tag, attributes in found:
        assert tag in tags, (where, tag)
        for name, value in attributes.items():
            assert not name.lower().startswith("on"), (where, tag, name)
            if name in {"href", "src"}:
                assert SAFE_TARGET.match(value.strip()), (where, tag, value)
                assert name == "href" or not value.startswith(("http", "//")), (where, value)


@dataclass(frozen=True)
class Hostile:
    """A project of hostile records, planned."""

    cases: list[Case]
    pages: Mapping[str, Page]
    problems: tuple[Problem, ...]
    records: Mapping[str, dict[str, Any]]
    tags: frozenset[str]

    def problems_of(self, case: Case) -> list[Problem]:
        """Return the errors of a record."""
        number = case.record_id.rpartition("-")[2]
        file = (
            f"content/{case.kind.folder}/rows-{int(number) - 1000}.yml"
            if case.kind.is_rows
            else file_of(case.kind, case.record_id)
        )
        return self._errors.get(file, [])

    @property
    def _errors(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.severity == "error":
                found.setdefault(problem.place.file, []).append(problem)
        return found


def hostile_project(root: Path, strings: Iterable[str]) -> Hostile:
    calm_root = root / "calm"
    write_project(calm_root, ["calm"])
    calm, _ = plan_of(calm_root)
    cases = write_project(root / "hostile", strings)
    plan, problems = plan_of(root / "hostile")
    records = json.loads(next(file.data for file in plan.files if file.path == "records.json"))["records"]
    return Hostile(
        cases,
        {page.address: page for page in plan.pages},
        problems,
        {record["id"]: record for record in records},
        frozenset(tag for page in calm.pages for tag, _ in elements(page.body)) | MARKDOWN | {"q"},
    )


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return hostile_project(tmp_path_factory.mktemp("own"), OWN)


@pytest.fixture(scope="module")
def naughty(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    strings = json.loads((shared_data("blns") / "blns.json").read_text(encoding="utf-8"))
    return hostile_project(tmp_path_factory.mktemp("blns"), [string for string in strings if string.strip()])


# Links and images that Markdown would make of a text are refused where a field is Markdown, and only there.
OF_MARKDOWN = frozenset({"unsafe-address", "remote-image"})


def check_all(project: Hostile, *, may_refuse: bool) -> None:
    """Check each record: its text is on its page as often as in its fields, or its characters are refused."""
    refused = 0
    for case in project.cases:
        errors = [problem for problem in project.problems_of(case) if problem.code not in OF_MARKDOWN]
        if errors:
            assert may_refuse, (case.string, errors)
            refused += 1
            assert {problem.code for problem in errors} == {"forbidden-character"}, (case.string, errors)
            assert all("U+" in problem.message for problem in errors)
        elif not case.kind.is_rows:
            check_record_page(project, case)
    assert refused < len(project.cases) / 10


def check_record_page(project: Hostile, case: Case) -> None:
    page = project.pages[project.records[case.record_id]["url"]]
    where = (case.kind.name, case.string)
    text = text_by_lexbor(page.body)

    assert text.count(words(case.string)) >= case.written.lines, where
    assert_inert(elements(page.body), project.tags, where)
    assert sum(tag == "h1" for tag, _ in elements(page.body)) == 1, where


def check_registers(project: Hostile) -> None:
    """Check that each row has as many cells as the table has columns, and that there is one for each record."""
    # A refused record is in a lenient build all the same, with a sign in the place of each character that was refused.
    counted = Counter(record["kind"] for record in project.records.values())
    for kind in record_kinds():
        folder, count = kind.folder, counted[kind.name]
        page = project.pages[f"{folder}/"]
        # Above the register of the budget stands the plan's money, in a table of its own.
        found = LexborHTMLParser(page.body).css(f'table.aipm-table[id="{folder}"] tbody tr')
        rows = [row for row in found if not is_in_a_cell(row)]
        heads = LexborHTMLParser(page.body).css(f'table.aipm-table[id="{folder}"] thead th')
        columns = sum(not is_in_a_cell(head.parent) for head in heads if head.parent)
        assert {len([cell for cell in row.iter() if cell.tag in {"td", "th"}]) for row in rows} == {columns}, folder
        assert len(rows) == count, folder
        assert_inert(elements(page.body), project.tags | OF_LISTS, folder)


def is_in_a_cell(row: LexborNode) -> bool:
    """Say whether a row belongs to a table inside a cell, as a list of groups is shown."""
    parent = row.parent
    while parent is not None and parent.tag != "td":
        parent = parent.parent
    return parent is not None


def check_other_pages(project: Hostile) -> None:
    """Check the pages that tell of many records, and that each row of observations says its string."""
    for address, page in project.pages.items():
        assert_inert(elements(page.body), project.tags | OF_LISTS, address)
        assert sum(tag == "h1" for tag, _ in elements(page.body)) == 1, address
    rows = {
        kind.name: [
            words(row.text()) for row in LexborHTMLParser(project.pages[f"{kind.folder}/"].body).css("tbody tr")
        ]
        for kind in record_kinds()
        if kind.is_rows
    }
    for case in project.cases:
        if case.kind.is_rows and not project.problems_of(case) and is_line(case.string):
            assert any(words(case.string) in text for text in rows[case.kind.name]), case.string


def test_every_string_of_ours_is_text_on_the_page_of_each_kind(own: Hostile) -> None:
    check_all(own, may_refuse=False)


def test_every_row_of_a_register_has_its_cells(own: Hostile) -> None:
    check_registers(own)


def test_pages_that_tell_of_many_records_hold_nothing_that_acts(own: Hostile) -> None:
    check_other_pages(own)


def test_a_second_parser_reads_the_same_text(own: Hostile) -> None:
    for case in own.cases:
        if case.kind.name not in {"risk", "decision"}:
            continue
        body = own.pages[own.records[case.record_id]["url"]].body
        assert text_by_html5lib(body) == text_by_lexbor(body), case.string
        assert text_by_html5lib(body).count(words(case.string)) >= case.written.lines, case.string
        assert_inert(elements_by_html5lib(body), own.tags, case.string)


def test_records_json_gives_every_string_back_as_it_was_written(own: Hostile) -> None:
    for case in own.cases:
        if case.kind.is_rows or not is_line(case.string):
            continue
        record = own.records[case.record_id]
        assert record["title"] == case.string.strip()
        assert record["fields"]["tags"] == [case.string.strip()]
        assert record["fields"]["custom"] == {"name": case.string}


@pytest.mark.slow
def test_the_page_of_the_project_holds_hostile_settings_as_text(tmp_path: Path) -> None:
    kind = KINDS.named("project")
    assert kind is not None
    for string in OWN:
        written = full_record(kind, "PRJ-001", text_for(string))
        write(tmp_path, {"mkdocs.yml": SETTINGS, "content/project.yml": yaml_of(written.data)})
        plan, problems = plan_of(tmp_path)
        assert {p.code for p in problems if p.severity == "error"} <= OF_MARKDOWN, string
        body = next(page.body for page in plan.pages if page.address == "project/")
        assert text_by_lexbor(body).count(words(string)) >= written.lines, string
        for page in plan.pages:
            assert_inert(
                elements(page.body), MARKDOWN | {tag for tag, _ in elements(CALM_TAGS)}, (page.address, string)
            )


# Elements of our own pages, so that the page of the project can be looked at without building a calm one.
CALM_TAGS = "<h1><h2><p><div><span><dl><section><nav><ul><table><tbody><tr><td><strong><b><details><summary><time><q>"


@pytest.mark.slow
def test_every_naughty_string_is_text_on_the_page_of_each_kind_or_refused(naughty: Hostile) -> None:
    check_all(naughty, may_refuse=True)
    check_registers(naughty)
    check_other_pages(naughty)


@pytest.mark.parametrize(("string", "code_point"), REFUSED.items(), ids=REFUSED.values())
@pytest.mark.parametrize("escaped", [False, True], ids=["raw", "escaped"])
def test_characters_that_nobody_sees_are_refused_by_their_code_point_in_each_field(
    tmp_path: Path, string: str, code_point: str, escaped: bool
) -> None:
    write(tmp_path, {**SMALL, "content/metrics/M-calm.yml": CALM_METRIC})
    for kind in record_kinds():
        data = full_record(kind, own_id(kind, 1), lambda _: string).data
        lines = [f"{key}: {yaml_text(value, escaped=escaped)}\n" for key, value in data.items()]
        text = ("- " + "  ".join(lines)) if kind.is_rows else "".join(lines)
        write(tmp_path, {f"content/{kind.folder}/x.yml": text})

    outcome, checked = aipm(tmp_path, "build"), aipm(tmp_path, "check", "--format", "json")

    assert (outcome.code, checked.code) == (1, 1)
    assert not (tmp_path / "site").exists()
    problems = [problem for problem in json.loads(checked.out)["problems"] if problem["severity"] == "error"]
    assert {problem["code"] for problem in problems} == {"forbidden-character"}
    for kind in record_kinds():
        found = [problem for problem in problems if problem["file"] == f"content/{kind.folder}/x.yml"]
        assert any(code_point in problem["message"] for problem in found), kind.name
        assert all(problem["line"] and problem["column"] for problem in found)
    assert not any(char in outcome.err for char in string if not char.isprintable())


# A record changes what is its own.


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(sorted(attributes))) for tag, attributes in elements(html)]


@pytest.mark.parametrize("string", OWN)
def test_hostile_lines_build_the_same_elements_as_calm_ones(tmp_path: Path, string: str) -> None:
    # Long enough on both sides, as short words stand in a line and long ones in a list.
    calm_root, root = tmp_path / "calm", tmp_path / "hostile"
    write_project(calm_root, ["calm" + PAD], with_prose=False)
    write_project(root, [f"x {string}{PAD}"], with_prose=False)

    calm, hostile = plan_of(calm_root)[0], plan_of(root)[0]

    calm_pages = {page.address: page.body for page in calm.pages}
    assert [page.address for page in hostile.pages] == list(calm_pages)
    for page in hostile.pages:
        # The summary leaves long titles out of its headline, so there the words decide.
        if page.address != "reports/executive/":
            assert skeleton(page.body) == skeleton(calm_pages[page.address]), page.address


BESIDE: Mapping[str, str] = {"issue": "severity", "action": "due", "metric": "unit"}


@pytest.mark.parametrize("kind_name", BESIDE)
def test_a_hostile_record_changes_only_its_own_page_and_rows(tmp_path: Path, kind_name: str) -> None:
    kind = next(kind for kind in record_kinds() if kind.name == kind_name)
    write_project(tmp_path, ["calm text of the others"])
    before = {page.address: page for page in plan_of(tmp_path)[0].pages}
    more = {"severity": "4"} if kind_name == "issue" else {"due": "2027-01-01"} if kind_name == "action" else {}
    string = "</td></tr></table> <a href=javascript:1> {{7*7}} <!-- </q> # "
    record = full_record(kind, own_id(kind, 900), text_for(string), **more)
    write(tmp_path, {file_of(kind, own_id(kind, 900)): yaml_of(record.data)})

    after = {page.address: page for page in plan_of(tmp_path)[0].pages}

    own_page, register = f"{kind.folder}/{own_id(kind, 900)}/", f"{kind.folder}/"
    assert after.keys() - before.keys() == {own_page}
    # Counters stand on the home page, what is missing on its own.
    # A role that has a calendar of its own stands on the page of the data.
    may_differ = {own_page, register, "", "status/", "status/missing/", "status/data/"}
    assert {a for a, page in after.items() if a not in may_differ and page.body != before[a].body} == set()
    assert rows_of(before[register].body) <= rows_of(after[register].body)
    assert len(rows_of(after[register].body)) == len(rows_of(before[register].body)) + 1


def rows_of(html: str) -> set[str]:
    return {row.html or "" for row in LexborHTMLParser(html).css("table.aipm-table tbody tr")}


@pytest.mark.slow
def test_a_summary_quotes_hostile_titles_and_says_nothing_of_its_own_from_them(tmp_path: Path) -> None:
    for string in OWN:
        quoted = yaml_text(string)
        risk = f"id: RSK-001\ntitle: {quoted}\nprobability: 5\nimpact: 5\nowner: {quoted}\nreviewed_on: 2026-04-14\n"
        decision = (
            f"id: DEC-001\ntitle: {quoted}\nquestion: {quoted}\noptions: [{quoted}, b]\nrecommendation: {quoted}\n"
        )
        decision += f"cost_of_delay: {quoted}\ndecide_by: 2026-04-20\ndate: 2026-04-10\n"
        milestone = f"id: MS-001\ntitle: {quoted}\nbaseline_date: 2026-05-01\nforecast_date: 2026-05-20\nreviewed_on: 2026-04-14\n"
        files = {"risks/RSK-001.yml": risk, "decisions/DEC-001.yml": decision, "milestones/MS-001.yml": milestone}
        write(tmp_path, {**SMALL, **{f"content/{path}": text for path, text in files.items()}})
        (tmp_path / "content/wiki/start.md").write_text("# Start\n")
        plan, _ = plan_of(tmp_path)
        body = next(page.body for page in plan.pages if page.address == "reports/executive/")
        tree = LexborHTMLParser(body)
        quotes = [words(node.text()) for node in tree.css("q")]
        assert quotes.count(words(string)) >= 4, string
        for node in tree.css("q"):
            assert not [inner for inner in node.iter() if inner.tag != "-text"], string
        assert_inert(elements(body), MARKDOWN | {"h1", "h2", "div", "q", "time", "span"}, string)
        assert "49" not in words(tree.body.text() if tree.body else ""), string


# The whole way, with the theme, the search index and the gate.


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("whole")
    cases = write_project(root, OWN)
    for number, string in enumerate(OWN):
        quoted = yaml_text(string)
        front = f"---\ntitle: {quoted}\ndescription: {quoted}\n---\n"
        write(
            root,
            {f"content/wiki/page-{number}.md": f"{front}# Page\n\nBefore {string} after\n\n{string}\n\nThe end.\n"},
        )
    # Strict pages may be refused for what they hold, stage by stage, as may Markdown in records; the rest must build.
    by_file = {file_of(case.kind, case.record_id): case for case in cases}
    while refused := set(re.findall(r"^(content/\S+?)(?::\d+)*: error", aipm(root, "build").err, re.MULTILINE)):
        for path in refused:
            if path in by_file:
                case = by_file.pop(path)
                lines = full_record(case.kind, case.record_id, text_for(case.string, with_prose=False))
                write(root, {path: yaml_of(lines.data)})
            else:
                (root / path).unlink()
    return build(root)


@pytest.mark.slow
def test_the_built_site_has_no_script_but_the_themes(site: Site) -> None:
    calm = {node.attributes.get("src") or words(node.text()) for node in site.page("status/data").css("script")}
    depth = re.compile(r"^(\.\./)+|^\./")
    known = {depth.sub("", source) for source in calm}

    for address in site.addresses():
        page = site.page("" if address == "." else address)
        for node in page.css("script"):
            source = depth.sub("", node.attributes.get("src") or words(node.text()))
            assert source in known or node.attributes.get("type") == "application/json" or "__md_scope" in source, (
                address
            )
        for node in page.css("*"):
            assert not [name for name in node.attributes if name.startswith("on")], (address, node.tag)
            assert node.tag not in {"iframe", "object", "embed", "base"}, (address, node.tag)
            target = node.attributes.get("href") or ""
            assert SAFE_TARGET.match(target), (address, target)


def in_head(string: str) -> str:
    """Return a title as heads and menus have it: without angle brackets, as themes put it into tooltips as HTML."""
    return words(string).replace("<", "‹").replace(">", "›")


@pytest.mark.slow
def test_titles_of_the_built_pages_are_the_strings(site: Site) -> None:
    for number, string in enumerate(OWN):
        page = html5lib.parse(site.html(f"risks/RSK-{1000 + number}"), namespaceHTMLElements=False)
        title = words("".join(page.find(".//title").itertext()))
        assert in_head(string) in title, string
        assert page.find(".//head/meta[@charset]") is not None
        assert len(page.findall(".//h1")) == 1, string


@pytest.mark.slow
def test_the_search_index_gives_every_string_back_as_text(site: Site) -> None:
    entries = {doc["location"]: doc for doc in site.json("search/search_index.json")["docs"]}

    for number, string in enumerate(OWN):
        entry = entries[f"risks/RSK-{1000 + number}/"]
        # Material shows these as HTML.
        for text in (entry["title"], entry["text"]):
            tags = [tag for tag, _ in elements_by_html5lib(text)]
            assert tags == [], string
        assert words(string) in text_by_html5lib(entry["title"]), string


@pytest.mark.slow
def test_front_matter_of_pages_is_text_in_the_head_and_the_menu(site: Site) -> None:
    found = 0
    for number, string in enumerate(OWN):
        if not site.has(f"wiki/page-{number}"):
            continue
        found += 1
        page = html5lib.parse(site.html(f"wiki/page-{number}"), namespaceHTMLElements=False)
        assert in_head(string) in words("".join(page.find(".//title").itertext())), string
        metas = [meta.get("content") for meta in page.findall(".//meta[@name='description']")]
        assert [words(content or "") for content in metas] in ([words(string)], [in_head(string)]), string
        assert not [e for e in page.find(".//head").iter() if e.tag in {"base"} or e.get("http-equiv") == "refresh"]
    assert found > len(OWN) / 2


# Length.


@pytest.mark.parametrize(
    "string",
    ["x" * 100_000, "[" * 100_000, "<![" * 30_000, "*" * 100_000, ">" * 100_000, "`" * 99_999, "a " * 50_000],
    ids=lambda string: f"{len(string) // 1000} kB of {string[:3]}",
)
def test_a_very_long_line_is_shown_or_refused_in_good_time(tmp_path: Path, string: str) -> None:
    data = {"id": "RSK-002", "title": string[:10_000], "probability": "2", "impact": "2", "summary": string}
    write(tmp_path, {**SMALL, "content/risks/RSK-002.yml": yaml_of(data)})

    plan, problems = plan_of(tmp_path)

    assert [problem for problem in problems if problem.severity == "error"] == []
    body = next(page.body for page in plan.pages if page.address == "risks/RSK-002/")
    assert_inert(elements(body), MARKDOWN | {"h1", "h2", "div", "span", "section", "nav", "time", "b"}, string[:10])
    assert words(string[:10_000]) in text_by_lexbor(body)


def test_a_record_beyond_the_limit_is_refused_by_its_size(tmp_path: Path) -> None:
    data = {"id": "RSK-002", "title": "t", "probability": "2", "impact": "2", "summary": "x" * 300_000}
    write(tmp_path, {**SMALL, "content/risks/RSK-002.yml": yaml_of(data)})

    outcome = aipm(tmp_path, "build")

    assert outcome.code == 1
    assert "content/risks/RSK-002.yml" in outcome.err
    assert "error[too-large]" in outcome.err
