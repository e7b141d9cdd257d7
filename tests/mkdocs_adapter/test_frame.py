"""Frames: a filled frame has the very bytes that the theme writes for such a page."""

from html import escape

import pytest
from mkdocs.commands.build import get_context
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page as MkDocsPage

from aipm_site.mkdocs_adapter import build as build_module
from aipm_site.mkdocs_adapter.frame import Frames, Heading, content_security_policy, harmless, headings_of, script_hash
from aipm_site.mkdocs_adapter.site import build_site
from aipm_site.pages.addresses import rooted
from aipm_site.pages.page import Page
from tests.mkdocs_adapter.sites import RISK, SETTINGS, FakePlanner, a_plan, write_site

MATERIAL = SETTINGS
TABS = SETTINGS.replace("navigation.path", "navigation.tabs, navigation.sections, toc.integrate, navigation.footer")
EDITABLE = (
    SETTINGS.replace("navigation.path", "content.action.edit, content.action.view, header.autohide")
    + "repo_url: https://example.org/team/watch\nedit_uri: edit/main/content/\n"
)
PLAIN = SETTINGS.replace("site_url: https://example.org/watch/\n", "site_description: The watch\n")
MKDOCS = "site_name: Watch\ndocs_dir: content\ntheme: mkdocs\nplugins: [search, aipm]\n"

TWO_HEADINGS = Page(
    address="risks/RSK-015/",
    title="Data arrives late",
    body='<h1 id="x">Data arrives late</h1><h2 id="a">First <em>part</em></h2><p>t</p>'
    '<h2 class="k" id="b">R&amp;D</h2>',
    audience="internal",
    section="risks",
)
NO_HEADINGS = Page("decisions/DEC-001/", "No <h1> of its own", "<p>text</p>", "internal", "decisions", edit_path=None)
DEEP = Page("status/kinds/risk/", "Fields", '<h1>Fields</h1><h2 id="f">f</h2>', "internal", "status", description="d")


class RecordedFrames(Frames):
    """Keeps what the build gave to its frames, so that a test can render a page in full."""

    last: "RecordedFrames"

    def __init__(self, env, config, files, nav, **options):
        super().__init__(env, config, files, nav, **options)
        self.given = env, config, files, nav
        RecordedFrames.last = self


def full_render(frames: RecordedFrames, page: Page) -> str:
    """Render a page as MkDocs renders its own: a real page object, all values in it, the whole theme."""
    env, config, files, nav = frames.given
    file = File.generated(config, f"{page.address}index.md", content="")
    if page.edit_path:
        file.edit_uri = page.edit_path.removeprefix("content/")
    rendered = MkDocsPage(harmless(escape(page.title)), file, config)
    has_entries = any(h.level == 2 for h in headings_of(page.body))
    rendered.meta = {"title": harmless(escape(page.title)), **({} if has_entries else {"hide": ["toc"]})}
    if page.description:
        rendered.meta["description"] = escape(page.description)
    rendered.content = rooted(page.body, page.address)
    rendered.toc = build_module.contents_of(headings_of(page.body))
    register = next((p for p in nav.pages if p.url == f"{page.section}/"), None)
    if register:
        rendered.parent, register.active = register.parent, True
    html = env.get_template("main.html").render(dict(get_context(nav, files, config, rendered)))
    if register:
        register.active = False
    return frames.decorate(html, "../" * page.address.count("/"))


@pytest.mark.parametrize(
    "settings",
    [MATERIAL, TABS, EDITABLE, PLAIN, MKDOCS],
    ids=["material", "tabs", "editable", "plain", "mkdocs"],
)
def test_a_filled_frame_is_byte_for_byte_what_the_theme_renders(tmp_path, monkeypatch, settings):
    monkeypatch.setattr(build_module, "Frames", RecordedFrames)
    extra = (TWO_HEADINGS, NO_HEADINGS, DEEP)
    planner = FakePlanner(a_plan(pages=(*a_plan().pages, *extra)))
    config = write_site(tmp_path, {"index.md": "# Home\n", "wiki/start.md": "# Start\n"}, settings)

    result = build_site(config, planner, tmp_path / "site")

    assert result.is_written, result.problems
    for page in (RISK, *extra):
        written = (tmp_path / "site" / page.address / "index.html").read_text()
        assert written == full_render(RecordedFrames.last, page), page.address


def test_a_frame_is_rendered_once_for_pages_of_one_shape(tmp_path, monkeypatch):
    monkeypatch.setattr(build_module, "Frames", RecordedFrames)
    many = tuple(
        Page(f"risks/RSK-{n:03}/", f"Risk {n}", f"<h1>Risk {n}</h1>", "internal", "risks") for n in range(100, 120)
    )
    config = write_site(tmp_path, {"index.md": "# Home\n"})

    build_site(config, FakePlanner(a_plan(pages=(*a_plan().pages, *many))), tmp_path / "site")

    assert len({id(RecordedFrames.last.frame_of(page)) for page in many}) == 1
    assert "Risk 119" in (tmp_path / "site/risks/RSK-119/index.html").read_text()


def test_headings_are_read_with_their_text_and_anchor():
    html = '<h1 id="t">A <b>b</b></h1><h2>no anchor</h2><h2 class="x" id="s">S\n s</h2><h3 id="u">deep</h3>'

    assert headings_of(html) == (Heading(1, "t", "A b"), Heading(2, "s", "S s"))


def test_the_policy_names_inline_scripts_by_hash_and_leaves_data_out():
    # printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    alert = "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI="
    html = '<script>alert(1)</script><script src="a.js"></script><script type="application/json">{}</script>'

    policy = content_security_policy(html)

    assert script_hash("alert(1)") == alert
    assert policy.startswith(f"script-src 'self' '{alert}'; object-src 'none'; base-uri 'none'; form-action 'none'")
    assert "connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'" in policy
