"""The output gate: what it finds, and what it lets pass."""

from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest
from hypothesis import given
from hypothesis.strategies import from_regex, lists, sampled_from

from aipm_site.publication.gate import (
    Gate,
    OutputPage,
    Site,
    _plain_target,
    scan,
)

FRAME = (
    '<html><head><script src="../a.js"></script></head><body><input id="__search"><a href="../">Home</a></body></html>'
)
PATHS = frozenset({"index.html", "risks/index.html", "a.js", "img/a.png", "data.json", "wiki/other/index.html"})


def problems(content: str, **changes: object) -> list[tuple[str, str]]:
    values: dict[str, object] = {
        "path": "risks/index.html",
        "origin": "content/x.md",
        "content": content,
        "frame": FRAME,
        "is_generated": True,
    }
    page = OutputPage(**(values | changes))  # type: ignore[arg-type]
    home = OutputPage("index.html", "content/index.md", '<h1 id="top">x</h1><a name="old"></a>', "", False)
    found = Gate(Site(PATHS, base_path="/watch/")).check([home, page])
    return [(problem.severity, problem.code) for problem in found]


@pytest.mark.parametrize(
    "content",
    [
        '<a href="../">home</a>',
        '<a href="..">home</a>',
        '<a href="../#top">x</a><a href="../#old">x</a><a href="#">x</a><a href="#top">x</a>',
        '<a href="../wiki/other">no slash</a>',
        '<a href="../index.html?x=1#top">x</a>',
        '<a href="/watch/risks/">absolute</a><a href="/elsewhere/">another site of the host</a>',
        '<a href="https://example.org/">x</a><a href="mailto:pm@example.org">x</a><a href="tel:1">x</a>',
        '<img src="../img/a.png"><img src="data:image/png;base64,AA==">',
        '<a id="x" href="#x">self</a><a href="#__search">an anchor of the frame</a>',
        '<p style="color: red">styled</p>',
        '<script type="application/json">{"a": 1}</script>',
        '<a href="http://[x">no address</a>',
    ],
)
def test_what_is_right_passes(content):
    assert problems(content) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<a href="gone/">x</a>', "dead-link"),
        ('<a href="../#gone">x</a>', "dead-link"),
        ('<a href="#gone">x</a>', "dead-link"),
        ('<a href="/watch/gone/">x</a>', "dead-link"),
        ('<a href="page.md">x</a>', "dead-link"),
        ('<img src="../img/gone.png">', "dead-link"),
        ('<img src="//evil.example/x.png">', "foreign-request"),
        ('<img srcset="../img/a.png 1x, https://evil.example/x.png 2x">', "foreign-request"),
        ('<p style="background: url(https://evil.example/x.png)">x</p>', "foreign-request"),
        ('<link rel="stylesheet" href="https://evil.example/x.css">', "foreign-request"),
        ('<video poster="https://evil.example/x.png"></video>', "foreign-request"),
        ("<svg><script>x()</script></svg>", "active-content"),
        ("<style>p{}</style>", "active-content"),
        ('<iframe srcdoc="x"></iframe>', "active-content"),
        ('<object data="../img/a.png"></object>', "active-content"),
        ('<form action="../"><input></form>', "active-content"),
        ('<base href="../">', "active-content"),
        ('<meta http-equiv="Refresh" content="0">', "active-content"),
        ('<template><img src="x"></template>', "active-content"),
        ('<a href=" java\nscript:alert(1)">x</a>', "active-content"),
        ('<a href="&#106;avascript:alert(1)">x</a>', "active-content"),
        ('<a href="data:text/html,x">x</a>', "active-content"),
        ('<a href="vbscript:x">x</a>', "active-content"),
        ("<details ontoggle=alert(1) open>x</details>", "active-content"),
        ('<button formaction="../">x</button>', "active-content"),
        ('<p id="a"></p><p id="a"></p>', "repeated-anchor"),
        ('<p id="__search"></p>', "repeated-anchor"),
    ],
)
def test_what_is_wrong_in_a_generated_page_is_an_error(content, code):
    assert ("error", code) in problems(content)


def test_the_same_in_an_ordinary_page_is_a_warning():
    assert problems('<a href="gone/">x</a>', is_generated=False) == [("warning", "dead-link")]


def test_a_problem_has_the_place_where_the_writer_wrote_the_link():
    page = OutputPage(
        "index.html", "content/x.md", '<a href="gone.md">x</a>', "", False, source="# T\n\nsee [x](gone.md)"
    )

    found = Gate(Site(PATHS)).check([page])

    assert [str(problem.place) for problem in found] == ["content/x.md:3:9"]


def test_the_scripts_of_the_theme_are_not_those_of_a_page():
    whole = FRAME.replace("</body>", "<script>x()</script></body>")
    page = OutputPage("risks/index.html", "content/x.md", "", FRAME, False, whole=whole)

    found = Gate(Site(PATHS, strict=True)).check([page])

    assert [problem.code for problem in found] == ["active-content"]


def test_a_dead_link_around_the_pages_is_told_once_and_belongs_to_the_settings():
    frame = '<nav><a href="../gone/">x</a></nav>'
    pages = [OutputPage(path, "x", "", "", False, whole=frame) for path in ("risks/index.html", "img/index.html")]

    found = set(Gate(Site(PATHS)).check(pages))

    assert [(problem.code, problem.place.file) for problem in found] == [("dead-link", "mkdocs.yml")]


def test_fonts_from_another_host_come_with_the_way_out():
    frame = '<link rel="stylesheet" href="https://fonts.googleapis.com/css?family=Roboto">'

    found = Gate(Site(PATHS)).check([OutputPage("index.html", "x", "", frame, True)])

    assert [(problem.severity, problem.code) for problem in found] == [("warning", "foreign-request")]
    assert "font: false" in found[0].hint


@pytest.mark.parametrize(
    "html",
    [
        '<p id="a"><a href="x">1</a><a href=y>2</a><div><p id=b>',
        '<svg><a href="z" id="c"></a></svg><math><a href="m"></a></math>',
        '<table><a href="t"><tr id="d"><td></table><p><a href="s">',
        "<a href='a'><a href='b'></a></p></div><!-- <a href=c> --><textarea><a href=d></textarea>",
    ],
)
def test_a_second_parser_finds_the_same_links_and_ids(html):
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    links = {element.get("href") for element in tree.iter() if str(element.tag).rpartition("}")[2] == "a"} - {None}
    ids = {element.get("id") for element in tree.iter()} - {None}

    found = scan(html, "index.html")

    assert set(found.links) == links
    assert set(found.ids) == ids


@given(
    lists(sampled_from(["..", ".", "", "a", "b.c", "x-1", "a:b", "%41", "é", "a?b"]), max_size=5).map("/".join),
    sampled_from(["", "#", "#a", "#a.b", "#a#b", "#%41"]),
    from_regex(r"([a-z]{1,3}/){0,3}index\.html", fullmatch=True),
)
def test_an_address_that_is_taken_apart_the_short_way_leads_where_the_standard_says(url, anchor, path):
    plain = _plain_target(url + anchor, path)

    target = urlsplit(urljoin(f"https://site.invalid/{path}", url + anchor))

    assert plain is None or plain == (unquote(target.path)[1:], unquote(target.fragment))


@pytest.mark.parametrize("url", ["../risks/RSK-001/", "#links", "../../a/b.html#c", ""])
def test_the_addresses_that_we_write_are_taken_apart_the_short_way(url):
    assert _plain_target(url, "risks/RSK-014/index.html") is not None


@pytest.mark.parametrize(
    ("content", "active", "loads"),
    [
        ('<a class="x" id="y" href="javascript:x">x</a>', {"href=javascript:x": 1}, ()),
        ('<a class="x" title="y" aria-label="z" href="../">x</a>', {}, ()),
        ('<svg><use id="x" href="https://example.org/a.svg"/></svg>', {}, ("https://example.org/a.svg",)),
        ('<p id="x" onclick="x()">x</p>', {"onclick=x()": 1}, ()),
        ('<p id="x" style="background: url(https://example.org/a.png)">x</p>', {}, ("https://example.org/a.png",)),
        ('<form id="x">x</form>', {"form ": 1}, ()),
    ],
)
def test_an_element_with_plain_attributes_is_looked_at_as_closely_as_any(content, active, loads):
    found = scan(content, "index.html")

    assert found.active == active
    assert found.loads == loads
