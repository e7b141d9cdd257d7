"""The theme: every class is looked after, nothing is asked from elsewhere, and nothing needs a script."""

import re
from pathlib import Path

import pytest

from aipm_site.pages.looks import TEMPLATES, script, stylesheet, theme_folder

_TEMPLATES = [
    *theme_folder().glob("components/*.html"),
    *TEMPLATES.glob("pages/*.html"),
    *TEMPLATES.glob("records/*.html"),
]
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CLASS = re.compile(r"aipm-[a-z]+(-[a-z]+)*(__[a-z]+(-[a-z]+)*)?(--[a-z_]*)?")
# Written by code: tables, texts and references of prose, figures in reports, and what the script makes.
_ELSEWHERE = {
    "aipm-as-written",
    "aipm-figure",
    "aipm-figure--",
    "aipm-mention",
    "aipm-table--prose",
    "aipm-table__sort",
}


def _classes(path: Path) -> set[str]:
    plain = _JINJA.sub("", path.read_text(encoding="utf-8"))
    return {word for value in re.findall(r'class="([^"]*)"', plain) for word in value.split()}


def test_every_rule_is_for_a_class_that_somebody_writes():
    # A modifier may be filled in from data, such as "aipm-chip--" with a status.
    written = {word for path in _TEMPLATES for word in _classes(path)} | _ELSEWHERE

    for name in set(re.findall(r"\.(aipm-[a-z_0-9-]+)", stylesheet())):
        base, modifier, _ = name.partition("--")
        assert name in written or (modifier and f"{base}--" in written) or name in _conditional(), name


def _conditional() -> set[str]:
    """Return classes that stand inside a condition of a template."""
    texts = (path.read_text(encoding="utf-8") for path in _TEMPLATES)
    return {found[0] for text in texts for found in _CLASS.finditer(text)}


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: path.name)
def test_classes_follow_one_form(path: Path):
    for word in _classes(path):
        assert _CLASS.fullmatch(word) or word in {"md-button", "md-button--primary"}, word


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: path.name)
def test_templates_say_what_they_are_and_run_nothing(path: Path):
    text = path.read_text(encoding="utf-8")

    assert text.startswith("{# ")
    assert not re.search(r"\son[a-z]+=|<script|<style|\sstyle=|javascript:|\| ?safe", text)


def test_the_style_sheet_asks_for_nothing_from_elsewhere():
    css = stylesheet()

    assert "@import" not in css
    assert all(url.startswith("data:image/svg+xml,") for url in re.findall(r'url\("?([^")]+)', css))
    assert css.index("--aipm-green:") < css.index(".aipm-chip")


def test_physical_sides_are_not_used():
    assert not re.search(r"(margin|padding|border)-(left|right)|\b(left|right):", stylesheet())


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("tone", ["green", "amber", "red", "grey", "blue"])
def test_words_on_their_tint_can_be_read(scheme, tone):
    # WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text.
    colours = _colours(scheme)

    assert _contrast(colours[f"--aipm-{tone}"], colours[f"--aipm-{tone}-tint"]) >= 4.5


@pytest.mark.parametrize(("scheme", "background"), [("default", "#ffffff"), ("slate", "#1e2129")])
@pytest.mark.parametrize("name", ["green", "amber", "red", "grey", "blue", "ink-light"])
def test_words_and_shapes_on_the_page_can_be_read(scheme, background, name):
    # Material's own backgrounds: white, and hsla(232, 15%, 14%, 1) in its slate scheme.
    assert _contrast(_colours(scheme)[f"--aipm-{name}"], background) >= 4.5


@pytest.mark.parametrize(("scheme", "background"), [("default", "#ffffff"), ("slate", "#1e2129")])
def test_lines_that_carry_meaning_can_be_seen(scheme, background):
    # WCAG 2.2, success criterion 1.4.11: 3 to 1 for the borders of input fields.
    assert _contrast(_colours(scheme)["--aipm-line-strong"], background) >= 3


def test_the_script_is_small_and_makes_no_html_from_text():
    code = script()

    assert len(code.splitlines()) <= 150
    assert "innerHTML" not in code
    assert "eval" not in code


def _colours(scheme: str) -> dict[str, str]:
    start = stylesheet().index(":root > *" if scheme == "default" else '[data-md-color-scheme="slate"]')
    block = stylesheet()[start : stylesheet().index("}", start)]
    return dict(re.findall(r"(--aipm-[a-z-]+): (#[0-9a-f]{6});", block))


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "rule",
    [
        r'\.aipm-table td\[data-label="Owner"\],\s*\.aipm-table td\[data-label="Title"\],\s*'
        r'\.aipm-table td\[data-label="Value"\]',
        r"\.aipm-part__field > dd",
        r"\.aipm-fields__row > dd",
        r"\.aipm-figure-card",
        r"\.aipm-due__detail",
    ],
)
def test_words_without_end_do_not_widen_the_page(rule):
    assert re.search(rule + r" \{[^}]*overflow-wrap: anywhere", stylesheet())
