"""Prose: Markdown of record fields that cannot leave its place."""

import time

import pytest
from markupsafe import Markup

from aipm_site.pages.markdown import ProseRenderer
from aipm_site.pages.safe_markdown import safe_url


def show(record_id: str) -> Markup | None:
    if not record_id.startswith("RSK"):
        return None
    return Markup('<a class="aipm-reference" href="aipm-root:/risks/{0}/">{0} Units &amp; *more*</a>').format(record_id)


@pytest.fixture
def prose():
    return ProseRenderer(show, {"content/wiki/start.md": "wiki/start/", "content/a.png": "a.png"})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain words, no marks.", "<p>Plain words, no marks.</p>"),
        ("*soft* **strong** `code`", "<p><em>soft</em> <strong>strong</strong> <code>code</code></p>"),
        ("{{ 7*7 }}", "<p>{{ 7*7 }}</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("[t](javascript:alert(1))", "<p><a>t</a></p>"),
        ("[t](&#106;avascript:alert(1))", "<p><a>t</a></p>"),
        ("[t](java%0ascript:alert(1))", "<p><a>t</a></p>"),
        ("[t](//evil.example)", "<p><a>t</a></p>"),
        ("[t]: javascript:alert(1)\n\n[t]", "<p><a>t</a></p>"),
        ("![t](https://evil.example/x.png)", "<p><span>t</span></p>"),
        ("![t](javascript:alert(1))", "<p><span>t</span></p>"),
        ("<https://example.org>", '<p><a href="https://example.org">https://example.org</a></p>'),
        ("shown <!-- not shown -->", "<p>shown </p>"),
        ("`<!-- shown -->`", "<p><code>&lt;!-- shown --&gt;</code></p>"),
        ("```\n# no heading\n[[RSK-1]]", "<pre><code># no heading\n[[RSK-1]]\n</code></pre>"),
        ("`[[RSK-1]]`", "<p><code>[[RSK-1]]</code></p>"),
        ("[[nope]] [[MS-1]]", "<p>[[nope]] [[MS-1]]</p>"),
    ],
)
def test_text_is_rendered_and_stays_harmless(prose, text, html):
    assert prose.render(text) == html


def test_a_reference_shows_the_record_and_its_title_is_not_markdown(prose):
    html = prose.render("see [[RSK-14]]")

    assert '<a class="aipm-reference" href="aipm-root:/risks/RSK-14/">RSK-14 Units &amp; *more*</a>' in html


def test_a_reference_inside_a_link_does_not_make_a_link_inside_a_link(prose):
    html = prose.render("[see [[RSK-14]] here](https://example.org)")

    assert html.count("<a") == 1


@pytest.mark.parametrize("text", ["# One\n\n## Two", "## One\n\n### Two", "One\n===\n\nTwo\n---"])
def test_headings_begin_at_the_third_level_in_their_order(prose, text):
    html = prose.render(text)

    assert "<h3>One</h3>" in html
    assert "<h4>Two</h4>" in html


def test_relative_links_count_from_the_file_that_they_stand_in(prose):
    assert 'href="aipm-root:/wiki/start/#a"' in prose.render("[x](../wiki/start.md#a)", "content/risks")
    assert 'src="aipm-root:/a.png"' in prose.render("![x](../a.png)", "content/risks")


def test_a_link_to_a_file_that_is_not_there_is_words(prose):
    assert prose.render("[x](start.md) ![y](y.png)", "content/elsewhere") == "<p><span>x</span> <span>y</span></p>"
    assert 'href="../risks/"' in prose.render("[x](../risks/)", "content/elsewhere")


@pytest.mark.parametrize("text", ["[" * 20_000, "![[" * 5_000, ">" * 500 + " x", " " * 400 + "- x", "<!" * 3_000])
def test_text_that_would_take_minutes_is_shown_as_written(prose, text):
    start = time.process_time()

    html = prose.render(text)

    # A generous bound against minutes; brackets of this number took 14 s and more (security §0, measured).
    assert time.process_time() - start < 5
    assert "aipm-as-written" in html


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://example.org/a?b=c:d", True),
        ("mailto:team@example.org", True),
        ("../wiki/start.md", True),
        ("#part", True),
        ("page%20name/", True),
        ("a/b:c", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("  javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("&#x6a;avascript:alert(1)", False),
        ("%6aavascript:alert(1)", False),
        ("&amp;#106;avascript:alert(1)", False),
        ("%256aavascript:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("\\\\evil.example", False),
        ("\u200bjavascript:alert(1)", False),
    ],
)
def test_addresses_are_allow_listed_after_decoding(url, is_safe):
    assert safe_url(url) is is_safe
