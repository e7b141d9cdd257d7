"""Ordinary pages: references and views in them, and the strict rules."""

import re

import pytest
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from aipm_site.pages.wiki import AipmExtension, StrictExtension, wiki_extensions

# What Material's own documentation asks people to switch on.
USUAL = [
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
]
SETTINGS = {"pymdownx.tabbed": {"alternate_style": True}, "toc": {"permalink": True}}


@pytest.fixture
def shown(sample):
    def show(text: str) -> LexborHTMLParser:
        extension = AipmExtension(sample.context)
        return LexborHTMLParser(Markdown(extensions=[*USUAL, extension], extension_configs=SETTINGS).convert(text))

    return show


@pytest.fixture
def strict():
    extension = StrictExtension()

    def render(text: str) -> str:
        return Markdown(extensions=[*USUAL, extension], extension_configs=SETTINGS).convert(text)

    render.extension = extension
    return render


def test_a_reference_becomes_a_link_with_title_and_status(shown):
    dom = shown("Look at [[RSK-014]].")

    assert dom.css_first("a.aipm-reference").text() == "RSK-014 Units change without notice"
    assert dom.css_first(".aipm-chip").text() == "Open"


@pytest.mark.parametrize(
    "text",
    [
        "`[[RSK-014]]`",
        "```\n[[RSK-014]]\n```",
        "~~~ yaml\n[[RSK-014]]\n~~~",
        "text\n\n    [[RSK-014]]",
        "!!! note\n    ```\n    [[RSK-014]]\n    ```",
        "[[WAT-014]] and [[not an id]] and [[RSK-999]]",
    ],
)
def test_code_and_what_is_not_an_id_stay_as_written(shown, text):
    dom = shown(text)

    assert dom.css_first("a.aipm-reference") is None
    assert "[[" in dom.body.text()


def test_a_title_of_a_record_is_not_markdown(build):
    built = build({"risks/RSK-001.yml": "id: RSK-001\ntitle: '**a** `b` <i>'\nprobability: 1\nimpact: 1\n"})
    extension = AipmExtension(built.context)

    html = Markdown(extensions=[extension]).convert("# About [[RSK-001]]\n\n* [[RSK-001]]")

    dom = LexborHTMLParser(html)
    assert [link.text() for link in dom.css("a")] == ["RSK-001 **a** `b` <i>"] * 2


def test_a_hidden_record_is_named_by_nothing(build):
    files = {
        "project.yml": "id: PRJ-001\ntitle: P\naudience: public\n",
        "issues/ISS-007.yml": "id: ISS-007\ntitle: Secret\nseverity: 1\naudience: restricted\n",
    }
    built = build(files, audience="client")
    extension = AipmExtension(built.context)

    html = Markdown(extensions=[extension]).convert("See [[ISS-007]].")

    assert "not shared with this audience" in html
    assert "ISS-007" not in html


@pytest.mark.parametrize(
    "text",
    [
        "```aipm\ntable: risks\n```",
        "~~~ aipm\ntable: risk\n~~~",
        "!!! note\n\n    ```aipm\n    table: risks\n    ```",
        '=== "Tab"\n\n    ```aipm\n    table: risks\n    ```',
        "- item\n\n    ```aipm\n    table: risks\n    ```",
        "??? note\n    !!! tip\n        ```aipm\n        table: risks\n        ```",
    ],
)
def test_a_table_view_stands_wherever_a_fence_may_stand(shown, text):
    dom = shown(text)

    assert dom.css_first("table.aipm-table td").text() == "RSK-014"
    assert "```" not in dom.body.text()
    assert dom.css_first("p table") is None


@pytest.mark.parametrize(
    "text",
    ["````\n```aipm\ntable: risks\n```\n````", "text\n\n    ```aipm\n    table: risks\n    ```", "```yaml\naipm\n```"],
)
def test_a_view_inside_code_is_code(shown, text):
    assert shown(text).css_first("table") is None


def test_text_around_a_view_is_untouched(shown):
    dom = shown("Before.\n```aipm\nfigure: risk.open\n```\nAfter.")

    assert [p.text() for p in dom.css("p") if not p.attributes] == ["Before.", "After."]
    assert dom.css_first("a.aipm-figure-card__link").attributes["href"] == "aipm-root:/figures/#risk-open"


def test_views_choose_and_order_records(shown):
    dom = shown("```aipm\ntable: actions\nopen: true\nowner: Data lead\ncolumns: [id, due]\nlimit: 1\n```")

    assert [head.text() for head in dom.css("th")] == ["ID", "Due"]
    assert len(dom.css("tbody tr")) == 1


def test_a_list_a_matrix_and_the_home_are_views_too(shown):
    assert shown("```aipm\nlist: risks\n```").css_first("li a.aipm-reference") is not None
    assert shown("```aipm\nchart: risk-matrix\n```").css_first("table.aipm-matrix") is not None
    assert shown("```aipm\nhome\n```").css_first(".aipm-overall") is not None


def test_a_view_of_nothing_says_so(shown):
    assert "No issues recorded." in shown("```aipm\ntable: issues\n```").body.text()


@pytest.mark.parametrize("text", ["table: rikss", "tabel: risks", "figure: no.such", "[", "table: risks\nlimit: x"])
def test_a_wrong_view_says_so_in_its_place(shown, text):
    assert shown(f"```aipm\n{text}\n```").css_first(".aipm-view__problem") is not None


def test_two_views_of_one_page_have_two_ids(shown):
    dom = shown("```aipm\ntable: risks\n```\n\n```aipm\ntable: risks\n```")

    ids = [node.attributes["id"] for node in dom.css("table[id]")]
    assert len(set(ids)) == len(ids) == 2


def test_pages_without_references_and_views_are_the_same_bytes(sample):
    text = '# A\n\n{{ 7*7 }} <b>raw</b> [[nope]] [[a|b]]\n\n=== "T"\n    x\n\n```yaml\na: [[1]]\n```\n'
    plain = Markdown(extensions=USUAL, extension_configs=SETTINGS).convert(text)
    extension = AipmExtension(sample.context)

    assert Markdown(extensions=[*USUAL, extension], extension_configs=SETTINGS).convert(text) == plain


STRICT_ATTACKS = [
    "<script>alert(1)</script>",
    "text <img src=x onerror=alert(1)> text",
    "<div markdown>*x*</div>",
    "[a](javascript:alert(1))",
    "[a](x){: onclick=alert(1) }",
    "# H {: onmouseover=alert(1) style=position:fixed }",
    "[a](x){: target=_blank formaction=javascript:alert(1) }",
    "![a](https://evil.example/x.png)",
    "```{.python onclick=alert(1) #__search}\nx\n```",
    "``` { .yaml style=position:fixed }\nx\n```",
    "``` { .yaml .md-overlay }\nx\n```",
    "*[HTML]: <img src=x onerror=alert(1)>\n\nHTML",
    "*[HTML]: &lt;img src=x onerror=alert(1)&gt;\n\nHTML",
    '[a](https://example.org "<img src=x onerror=alert(1)>")',
    "# H {: #__search }",
    "text {: #__drawer .md-overlay }",
    "text[^1]\n\n[^1]: <script>alert(1)</script>",
    "- [ ] <script>alert(1)</script>",
    '!!! note "<script>alert(1)</script>"\n    x',
    '=== "<script>alert(1)</script>"\n    x',
    "<!-- secret -->",
    "x <!-- secret --> y",
    "<![CDATA[ x ]]>",
    "<?php echo 1 ?>",
    "<iframe src=//evil.example></iframe>",
]


@pytest.mark.parametrize("fences", ["pymdownx.superfences", "fenced_code"])
@pytest.mark.parametrize("text", STRICT_ATTACKS)
def test_strict_pages_have_nothing_active(text, fences):
    extensions = [*(name for name in USUAL if name != "pymdownx.superfences"), fences, StrictExtension()]
    html = Markdown(extensions=extensions, extension_configs=SETTINGS).convert(text)

    dom = LexborHTMLParser(html)
    for node in dom.css("*"):
        assert node.tag not in {"script", "iframe", "object", "style", "base", "meta", "form"} or node.tag == "head"
        for name, value in node.attributes.items():
            assert not name.lower().startswith("on"), html
            assert name not in {"style", "target", "formaction"}, html
            if name in {"href", "src"}:
                assert not re.match(r"(?i)\s*(javascript|data):|//", value or ""), html
            if name == "title":
                assert "<" not in (value or "")
                assert "&lt;" not in (value or "")
            if name == "id":
                assert value not in {"__search", "__drawer"}
            if name == "class":
                assert "md-overlay" not in (value or "").split()
    assert "secret" not in html
    assert dom.css_first("img") is None


def test_strict_pages_keep_what_material_offers(strict):
    text = (
        '!!! note "Title"\n    Text\n\n'
        "| a | b |\n|---|--:|\n| 1 | 2 |\n\n"
        "- [x] done\n\n"
        '=== "One"\n    1\n\n=== "Two"\n    2\n\n'
        "[Button](https://example.org){: .md-button .md-button--primary }\n\n"
        "```python\nprint(1)\n```\n\n"
        "Term[^1]\n\n[^1]: Note\n\n"
        "# Heading {: #own }\n"
    )

    dom = LexborHTMLParser(strict(text))

    for selector in (
        ".admonition .admonition-title",
        'td[style="text-align: right;"]',
        'input[type="checkbox"]',
        '.tabbed-set input[name="__tabbed_1"]',
        "a.md-button.md-button--primary",
        "code",
        ".footnote",
        "h1#own",
        "a.headerlink",
    ):
        assert dom.css_first(selector) is not None, selector


def test_strict_rules_leave_views_whole(sample):
    extensions = [*USUAL, AipmExtension(sample.context), StrictExtension()]

    dom = LexborHTMLParser(Markdown(extensions=extensions).convert("See [[RSK-014]].\n\n```aipm\ntable: risks\n```"))

    assert dom.css_first("a.aipm-reference").attributes["href"] == "aipm-root:/risks/RSK-014/"
    assert dom.css_first('[data-aipm-table] [role="region"][tabindex="0"] table') is not None


def test_strict_pages_say_what_was_refused(strict):
    strict("![a](https://evil.example/x.png) [b](javascript:x)")

    assert strict.extension.refused == (
        ("remote image", "https://evil.example/x.png"),
        ("address", "javascript:x"),
    )


def test_only_strict_projects_get_the_strict_rules(build):
    strict = build({"project.yml": "id: PRJ-001\ntitle: P\npages: strict\n"})

    assert len(wiki_extensions(strict.context)) == 2


SECRET = {
    "project.yml": "id: PRJ-001\ntitle: Sample\naudience: public\n",
    "risks/risks.yml": "- {id: RSK-001, title: A, probability: 4, impact: 5, audience: internal}\n",
    "actions/actions.yml": "- {id: ACT-001, title: B, owner: C, due: 2026-05-01, audience: internal}\n",
}


def views_of(built):
    def show(text: str) -> str:
        extension = AipmExtension(built.context)
        html = Markdown(extensions=[*USUAL, extension], extension_configs=SETTINGS).convert(f"```aipm\n{text}\n```")
        return " ".join(LexborHTMLParser(html).body.text(separator=" ").split())

    return show


@pytest.mark.parametrize(
    "text", ["table: risks", "table: risks\nopen: true", "list: actions", "chart: risk-matrix", "figure: risk.open"]
)
def test_a_view_of_what_is_hidden_says_so_and_never_none(build, text):
    said = views_of(build(SECRET, audience="client"))(text)

    assert "not shared with this audience" in said.lower()
    assert "No " not in said


def test_a_view_of_what_is_partly_hidden_says_so(build):
    actions = (
        SECRET["actions/actions.yml"] + "- {id: ACT-002, title: Shown, owner: D, due: 2026-05-01, audience: client}\n"
    )

    show = views_of(build(SECRET | {"actions/actions.yml": actions}, audience="client"))

    assert "Shown" in show("table: actions")
    assert "Some actions are not shared with this audience." in show("table: actions")
    assert "Some actions are not shared with this audience." in show("list: actions")
    assert "others are not shared with this audience" in show("list: actions\nowner: C")


def test_a_view_that_asks_for_nothing_there_is_does_not_say_that_nothing_is_recorded(sample):
    said = views_of(sample)("table: risks\nowner: Nobody")

    assert said == "None of the risks recorded is what this view asks for."


@pytest.mark.parametrize("name", ["risk.open", "sprint.velocity", "schedule.slip.MS-05", "model.x", "metric.x"])
def test_a_figure_that_nothing_is_recorded_for_is_not_known_yet(build, name):
    said = views_of(build({"project.yml": SECRET["project.yml"]}))(f"figure: {name}")

    assert said == f"{name} Not known yet: nothing is recorded for it."
