"""A drawing in a page: words first, no names of the library's, places to a tenth of a pixel."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from aipm_site.charts.inline_svg import inline_svg
from aipm_site.charts.svg import UnsafeSvg

DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="60" height="50" viewBox="0 0 60 50">
<g fill="none" class="root" role="graphics-object" aria-roledescription="group" aria-label="long words of a machine">
<path class="background" d="M0,0h5v3h-5Z"/><path d="M104.00000000000003,3.25L-0.04,1e-7" stroke="var(--aipm-ink)"/>
<path class="foreground" d="" display="none"/><g><g/></g>
<text transform="translate(4.96,203.00000000000003)" font-family="sans-serif" fill="red">2.55 days &amp; 1e5 &lt;b&gt;</text>
<script>alert(1)</script><image href="https://example.org/a.png"/></g></svg>"""


def test_it_is_one_image_with_a_title_and_a_description():
    dom = LexborHTMLParser(inline_svg(DRAWING, "trend-wide", "Trend <1>", "MS-05 slipped & more"))
    svg = dom.css_first("svg")

    assert svg.attributes["role"] == "img"
    assert dom.css_first(f"#{svg.attributes['aria-labelledby']}").text() == "Trend <1>"
    assert dom.css_first(f"#{svg.attributes['aria-describedby']}").text() == "MS-05 slipped & more"
    assert len(dom.css("[role]")) == 1
    assert "machine" not in dom.html


def test_places_are_rounded_and_texts_are_not():
    html = inline_svg(DRAWING, "a", "", "")

    # Half of a tenth goes away from zero: 3.25 is 3.3; what is nothing is 0, never -0.
    assert 'd="M104,3.3L0,0"' in html
    assert 'transform="translate(5,203)"' in html
    assert "2.55 days &amp; 1e5 &lt;b&gt;" in html


def test_what_nobody_sees_and_what_can_act_is_left_out():
    html = inline_svg(DRAWING, "a", "", "")

    assert html.count("<path") == 1
    assert html.count("<g") == 1
    for word in ("class=", "font-family", "script", "image", "example.org", "display"):
        assert word not in html


def test_what_is_no_drawing_is_refused():
    with pytest.raises(UnsafeSvg):
        inline_svg(b"<svg xmlns='http://www.w3.org/2000/svg'><g>", "a", "", "")
