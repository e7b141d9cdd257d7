"""The whole way of `aipm build`: the site, or the one before it."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from markdown import Extension
from markdown.preprocessors import Preprocessor
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from aipm_site.exports.site_file import SiteFile
from aipm_site.mkdocs_adapter.settings import WrongSettings
from aipm_site.mkdocs_adapter.site import build_site
from aipm_site.pages.page import Page
from aipm_site.problems import Place, error
from aipm_site.publication.lock import build_lock
from aipm_site.publication.manifest import check_site
from aipm_site.publication.plan import ContentRefused, PlanOptions, SitePlan, StagedFile
from tests.mkdocs_adapter.sites import ASSETS, RISK, SETTINGS, FakePlanner, a_plan, empty_plan, read_tree, write_site

CONTENT = {"index.md": "# Home\n\nSee [risks](risks/index.md).\n", "wiki/start.md": "# Start\n\n## More\n\ntext\n"}


@pytest.fixture
def config(tmp_path):
    return write_site(tmp_path, CONTENT)


def codes(result) -> list[str]:
    return [problem.code for problem in result.problems]


def test_a_build_writes_pages_files_and_a_manifest_that_holds(config, tmp_path):
    result = build_site(config, FakePlanner())

    site = tmp_path / "site"
    assert result.is_written
    assert result.site == site
    assert result.problems == ()
    assert {"index.html", "risks/index.html", "risks/RSK-014/index.html", "status.json"} <= set(read_tree(site))
    manifest = json.loads((site / "build.json").read_text())
    assert (manifest["schema"], manifest["revision"], manifest["publishable"]) == ("aipm/build-1", "abc123", True)
    assert manifest["anchors"] == {"risks/index.html": ["r-1"]}
    assert check_site(site) == []


def test_nothing_is_left_beside_the_site(config, tmp_path):
    build_site(config, FakePlanner())

    build_site(config, FakePlanner())

    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "mkdocs.yml", "site"]


def test_index_pages_stand_in_one_section_of_the_navigation_and_record_pages_do_not(config, tmp_path):
    build_site(config, FakePlanner())

    home = (tmp_path / "site/index.html").read_text()
    assert home.count("Project records") > 0
    assert 'href="risks/"' in home
    assert "RSK-014" not in home


def test_an_index_page_that_nav_names_stands_where_nav_says(tmp_path):
    nav = "nav:\n  - Home: index.md\n  - Our risks: risks/index.md\n  - State: status/index.md\n  - wiki/start.md\n"
    config = write_site(tmp_path, CONTENT, SETTINGS + nav)

    result = build_site(config, FakePlanner())

    home = (tmp_path / "site/index.html").read_text()
    assert result.problems == ()
    assert "Our risks" in home
    assert "Project records" not in home


def test_registers_side_by_side_are_entries_and_a_single_one_may_be_its_sections_heading(tmp_path):
    # `navigation.indexes` makes the first index page of a section its heading.
    two = "nav:\n  - index.md\n  - Both:\n      - Our risks: risks/index.md\n      - State: status/index.md\n"
    one = two.replace("      - State: status/index.md", "      - wiki/start.md\n  - State: status/index.md")
    pages = []
    for nav in (two, one):
        config = write_site(tmp_path, CONTENT, SETTINGS + nav)
        assert build_site(config, FakePlanner()).problems == ()
        pages.append((tmp_path / "site/index.html").read_text())

    assert "Our risks" in pages[0]
    assert "md-nav__container" not in pages[0]
    assert "Our risks" not in pages[1]
    assert "md-nav__container" in pages[1]


def test_nav_may_name_what_this_build_does_not_have_and_mistakes_are_still_told(tmp_path):
    nav = (
        "nav:\n  - index.md\n  - Registers:\n      - risks/index.md\n      - Issues: issues/index.md\n"
        "  - Only for some:\n      - secret.md\n  - Mistake: wiki/strat.md\n"
    )
    config = write_site(tmp_path, {**CONTENT, "secret.md": "# wombat\n"}, SETTINGS + nav)
    home = StagedFile("index.md", b"# Home\n", "content/index.md", "internal")

    result = build_site(config, lambda *_: a_plan(staged=(home,)))

    page = (tmp_path / "site/index.html").read_text()
    assert result.is_written
    assert [problem.code for problem in result.problems] == ["dead-link", "mkdocs-warning"]
    assert all("strat" in problem.message for problem in result.problems)
    assert "Registers" in page
    assert all(word not in page for word in ("Issues", "Only for some", "secret"))


def test_a_writers_text_stands_above_the_register_at_the_same_address(tmp_path):
    config = write_site(tmp_path, {**CONTENT, "risks/index.md": "# How we keep risks\n\nWe ask quokka.\n"})

    result = build_site(config, FakePlanner())

    page = (tmp_path / "site/risks/index.html").read_text()
    assert result.problems == ()
    assert page.index("We ask quokka.") < page.index("aipm-table")
    assert "<title>How we keep risks" in page
    documents = json.loads((tmp_path / "site/search/search_index.json").read_text())["docs"]
    text = next(doc["text"] for doc in documents if doc["location"] == "risks/")
    assert "quokka" in text
    assert "Risk register" in text


def test_a_home_page_of_ours_is_the_first_entry_of_the_navigation(tmp_path):
    home = Page("", "Readmission Watch", "<h1>Readmission Watch</h1>", "internal", "status", in_nav=True)
    config = write_site(tmp_path, {"wiki/start.md": "# Start\n"})

    result = build_site(config, FakePlanner(a_plan(pages=(home, *a_plan().pages))))

    page = (tmp_path / "site/index.html").read_text()
    assert result.problems == ()
    assert "<title>Readmission Watch</title>" in page
    assert page.index('class="md-nav__link md-nav__link--active"') < page.index("Project records")


def test_search_and_sitemap_gain_our_pages(config, tmp_path):
    build_site(config, FakePlanner())

    documents = json.loads((tmp_path / "site/search/search_index.json").read_text())["docs"]
    found = next(doc for doc in documents if "zanzibar" in doc["text"])
    assert found["location"] == "risks/RSK-014/"
    assert found["title"] == "Vendor &lt;raises&gt; price &amp; more"
    assert "<loc>https://example.org/watch/risks/RSK-014/</loc>" in (tmp_path / "site/sitemap.xml").read_text()


def test_without_search_there_is_no_index_and_no_search_field(config, tmp_path):
    result = build_site(config, FakePlanner(), search=False)

    assert result.is_written
    assert not (tmp_path / "site/search").exists()
    assert "md-search" not in (tmp_path / "site/index.html").read_text()


def test_content_with_errors_leaves_the_site_as_it_was(config, tmp_path):
    build_site(config, FakePlanner())
    before = read_tree(tmp_path)

    def refuse(root: Path, docs_dir: Path, options: PlanOptions) -> SitePlan:
        raise ContentRefused([error("out-of-range", "probability 7", Place("content/x.yml", 1, 2))])

    with pytest.raises(ContentRefused):
        build_site(config, refuse)

    assert read_tree(tmp_path) == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<h1>x</h1><a href="aipm-root:/risks/RSK-999/">x</a>', "dead-link"),
        ('<h1>x</h1><a href="aipm-root:/risks/#r-9">x</a>', "dead-link"),
        ('<h1>x</h1><img src="https://evil.example/x.png">', "foreign-request"),
        ("<h1>x</h1><script>alert(1)</script>", "active-content"),
        ('<h1>x</h1><p onclick="x()">x</p>', "active-content"),
        ('<h1>x</h1><a href="java&#9;script:x()">x</a>', "active-content"),
        ('<h1>x</h1><p id="a"></p><p id="a"></p>', "repeated-anchor"),
        ('<h1>x</h1><p id="__search"></p>', "repeated-anchor"),
    ],
)
def test_a_generated_page_that_is_wrong_leaves_the_site_as_it_was(config, tmp_path, body, code):
    build_site(config, FakePlanner())
    before = read_tree(tmp_path)
    wrong = Page("risks/RSK-015/", "x", body, "internal", "risks", edit_path="content/risks/RSK-015.yml")

    result = build_site(config, FakePlanner(a_plan(pages=(*a_plan().pages, wrong))))

    assert not result.is_written
    assert code in codes(result)
    assert result.problems[0].place.file == "content/risks/RSK-015.yml"
    assert read_tree(tmp_path) == before


def test_a_lenient_build_is_written_and_says_that_it_cannot_be_published(config, tmp_path):
    plan = a_plan()
    bad = error("out-of-range", "probability 7", Place("content/x.yml", 7, 14))

    result = build_site(
        config, FakePlanner(replace(plan, problems=(bad,), build=replace(plan.build, publishable=False)))
    )

    assert result.is_written
    assert result.problems == (bad,)
    assert json.loads((tmp_path / "site/build.json").read_text())["publishable"] is False


def test_a_page_for_a_stricter_audience_does_not_pass(config):
    secret = Page("risks/RSK-016/", "x", "<h1>x</h1>", "restricted", "risks")

    result = build_site(config, FakePlanner(a_plan(pages=(*a_plan().pages, secret))))

    assert not result.is_written
    assert codes(result) == ["wrong-audience"]


def test_a_record_without_its_page_or_anchor_does_not_pass(config):
    promised = ("risks/RSK-014/", "risks/RSK-099/", "risks/#r-2")

    result = build_site(config, FakePlanner(a_plan(record_addresses=promised)))

    assert codes(result) == ["page-missing", "anchor-missing"]


def test_a_page_that_cannot_be_rendered_is_named_and_the_others_are_still_checked(tmp_path):
    # "<![" gives an AssertionError in MkDocs' own preprocessor.
    config = write_site(tmp_path, {**CONTENT, "bad.md": "# Bad\n\n<![\n", "bad2.md": "# Bad\n\ntext `<![` text\n"})

    result = build_site(config, FakePlanner())

    assert not result.is_written
    assert [p.place.file for p in result.problems if p.code == "cannot-render"] == ["content/bad.md", "content/bad2.md"]


def test_dead_links_of_ordinary_pages_are_warnings_with_their_place_and_errors_where_pages_are_strict(tmp_path):
    config = write_site(tmp_path, {"index.md": "# Home\n\nSee [x](gone.md).\n"})

    lax = build_site(config, FakePlanner())
    strict = build_site(config, FakePlanner(a_plan(strict_pages=True)))

    assert [(p.severity, str(p.place)) for p in lax.problems] == [("warning", "content/index.md:3:9")]
    assert lax.is_written
    assert [(p.severity, p.code) for p in strict.problems] == [("error", "dead-link")]
    assert not strict.is_written


def test_strict_pages_get_the_policy_and_ordinary_pages_of_others_do_not(config, tmp_path):
    build_site(config, FakePlanner(a_plan(strict_pages=True)))
    strict = read_tree(tmp_path / "site")
    build_site(config, FakePlanner())
    lax = read_tree(tmp_path / "site")

    meta = b'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="'
    assert all(data.count(meta) == 1 for path, data in strict.items() if path.endswith(".html"))
    assert all(data.count(b"http-equiv") == 1 for path, data in lax.items() if meta in data)
    assert {path for path, data in lax.items() if meta in data} == {
        "risks/index.html",
        "risks/RSK-014/index.html",
        "status/index.html",
    }


def test_a_title_cannot_act_where_pages_are_strict(tmp_path):
    title = "</title><script>alert(1)</script>"
    pages = {
        "index.md": "# Home\n",
        "a.md": f"---\ntitle: {title}\n---\n# A\n",
        "b.md": "# &lt;/title&gt;&lt;script&gt;alert(2)&lt;/script&gt;\n",
    }
    config = write_site(tmp_path, pages)

    result = build_site(config, FakePlanner(a_plan(strict_pages=True)))

    assert result.is_written, result.problems
    assert all(b"<script>alert" not in data for data in read_tree(tmp_path / "site").values())
    # Not even where a script of the theme takes the text of a menu for HTML.
    menu = LexborHTMLParser((tmp_path / "site" / "index.html").read_text(encoding="utf-8")).css("nav a")
    assert not any("<" in link.text() for link in menu)


def test_scripts_of_content_are_refused_where_pages_are_strict(tmp_path):
    config = write_site(tmp_path, {**CONTENT, "assets/extra.js": "alert(1)"})

    result = build_site(config, FakePlanner(a_plan(strict_pages=True)))

    assert codes(result) == ["foreign-code"]


def test_content_cannot_stand_in_the_place_of_what_the_build_or_the_theme_makes(tmp_path):
    config = write_site(tmp_path, {**CONTENT, "status.json": "{}", "assets/images/favicon.png": b"\x89PNG\r\n\x1a\n"})

    lax = build_site(config, FakePlanner())
    strict = build_site(config, FakePlanner(a_plan(strict_pages=True)))

    assert [(p.code, p.place.file) for p in lax.problems] == [("address-taken", "content/status.json")]
    assert [p.place.file for p in strict.problems] == ["content/assets/images/favicon.png", "content/status.json"]


def test_a_page_at_the_address_of_a_record_is_refused(tmp_path):
    config = write_site(tmp_path, {**CONTENT, "risks/RSK-014.md": "# Mine\n"})

    result = build_site(config, FakePlanner())

    assert codes(result) == ["address-taken"]


def test_only_what_was_staged_is_in_the_site(tmp_path):
    config = write_site(tmp_path, {**CONTENT, "secret.md": "# wombat\n", "secret.csv": "wombat\n"})
    home = StagedFile("index.md", b"# Home\n", "content/index.md", "internal")

    def planner(root: Path, docs_dir: Path, options: PlanOptions) -> SitePlan:
        return a_plan(staged=(home,))

    build_site(config, planner)

    assert all(b"wombat" not in data for data in read_tree(tmp_path / "site").values())


def test_a_project_without_records_adds_nothing_to_navigation_and_pages(config, tmp_path):
    build_site(config, FakePlanner(empty_plan()))
    ours = read_tree(tmp_path / "site")
    (tmp_path / "mkdocs.yml").write_text(SETTINGS.replace(", aipm", ""))
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1776211200", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--site-dir", str(tmp_path / "plain")]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)

    plain = read_tree(tmp_path / "plain")

    assert {path: ours[path] for path in plain} == plain
    assert set(ours) - set(plain) == {file.path for file in ASSETS} | {"build.json"}


def test_a_folder_that_holds_other_files_is_replaced_by_force_only(config, tmp_path):
    precious = tmp_path / "site/precious.txt"
    precious.parent.mkdir()
    precious.write_text("do not lose")

    with pytest.raises(WrongSettings, match="--force"):
        build_site(config, FakePlanner())

    assert precious.read_text() == "do not lose"
    assert build_site(config, FakePlanner(), force=True).is_written
    assert not precious.exists()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (SETTINGS.replace(", aipm", ""), "does not use our plugin"),
        (SETTINGS.replace(", aipm", ", aipm, nonsense"), "nonsense"),
        ("site_name: [x\n", "mkdocs.yml:2:1: is not YAML"),
        ("site_name: x\nextra: !!python/object/apply:os.system ['touch ran']\n", "mkdocs.yml:2:8: .* runs code"),
        (SETTINGS.replace("docs_dir: content", "docs_dir: content/wiki"), "inside content/"),
        (SETTINGS.replace("  name: material", "  name: material\n  custom_dir: content/wiki"), "inside the content"),
        (SETTINGS + "site_dir: content/site\n", "content"),
        (SETTINGS + "site_dir: .\n", "site_dir"),
        (SETTINGS + "site_dir: /\n", "site_dir"),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_written_or_run(tmp_path, monkeypatch, settings, message):
    monkeypatch.chdir(tmp_path)
    config = write_site(tmp_path, CONTENT, settings)
    before = read_tree(tmp_path)

    with pytest.raises(WrongSettings, match=message):
        build_site(config, FakePlanner())

    assert read_tree(tmp_path) == before


@pytest.mark.parametrize("site", ["/", ".", "content", "content/site", "..", "~"])
def test_a_site_never_takes_the_place_of_other_things_not_even_by_force(config, tmp_path, monkeypatch, site):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    before = read_tree(tmp_path)

    with pytest.raises(WrongSettings, match="cannot"):
        build_site(config, FakePlanner(), home if site == "~" else tmp_path / site, force=True)

    assert read_tree(tmp_path) == before


def test_a_missing_settings_file_is_said_so(tmp_path):
    with pytest.raises(WrongSettings, match=r"mkdocs\.yml: cannot be read"):
        build_site(tmp_path / "mkdocs.yml", FakePlanner())


def test_the_function_names_of_materials_own_documentation_are_allowed(tmp_path):
    emoji = (
        "markdown_extensions:\n  - pymdownx.emoji:\n"
        "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "      emoji_generator: !!python/name:material.extensions.emoji.to_svg\n"
    )
    config = write_site(tmp_path, CONTENT, SETTINGS.partition("markdown_extensions")[0] + emoji)

    assert build_site(config, FakePlanner()).is_written


def test_a_second_build_of_the_same_folder_waits_and_then_gives_up(config, tmp_path):
    with build_lock(tmp_path / "site"):
        result = build_site(config, FakePlanner(), wait_seconds=0.2)

    assert codes(result) == ["another-build-is-running"]
    assert f"process {os.getpid()} on" in result.problems[0].message
    assert build_site(config, FakePlanner()).is_written


def test_a_full_disk_is_one_line_with_the_path_and_leaves_the_site_as_it_was(config, tmp_path, monkeypatch):
    build_site(config, FakePlanner())
    before = read_tree(tmp_path)

    def full(path: str, *arguments: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("aipm_site.publication.swap.os.open", full)
    result = build_site(config, FakePlanner())

    assert codes(result) == ["cannot-write"]
    assert "No space left on device" in result.problems[0].message
    assert read_tree(tmp_path) == before


def test_the_environment_is_as_it_was_after_a_build(config, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.delenv("NO_MKDOCS_2_WARNING", raising=False)

    build_site(config, FakePlanner())

    assert os.environ["SOURCE_DATE_EPOCH"] == "1"
    assert "NO_MKDOCS_2_WARNING" not in os.environ


def test_a_link_to_the_file_of_a_record_leads_to_its_page(tmp_path):
    text = "# Start\n\n[a](../decisions/0001%20x.md#context) [b](../decisions/two.yml) [c](other.md#more)\n"
    config = write_site(
        tmp_path, {**CONTENT, "index.md": "# Home\n", "wiki/a.md": text, "wiki/other.md": "# O\n\n## More\n"}
    )
    plan = replace(a_plan(), record_files={"decisions/0001 x.md": "risks/RSK-014/", "decisions/two.yml": "risks/"})

    result = build_site(config, FakePlanner(plan))

    page = LexborHTMLParser((tmp_path / "site/wiki/a/index.html").read_text())
    links = {link.text(): link.attributes["href"] for link in page.css("article a") if len(link.text()) == 1}
    assert links == {"a": "../../risks/RSK-014/", "b": "../../risks/", "c": "../other/#more"}
    assert result.problems == ()


def test_links_and_styles_of_ours_appear_on_pages_that_hold_something_of_ours_only(tmp_path, monkeypatch):
    view = '<p class="aipm-view"><a href="aipm-root:/risks/">Risks</a> `x`</p>'
    pages = {"index.md": "# Home\n", "a/deep/page.md": f'# Deep\n\n{view}\n\n```\n<a href="aipm-root:/">\n```\n'}
    config = write_site(tmp_path, pages)

    result = build_site(config, FakePlanner())

    site = tmp_path / "site"
    assert result.problems == ()
    assert '<a href="../../../risks/">' in (site / "a/deep/page/index.html").read_text()
    assert "&lt;a href=&quot;aipm-root:/&quot;&gt;" in (site / "a/deep/page/index.html").read_text()
    assert (
        '<link rel="stylesheet" href="../../../assets/aipm/aipm.css"></head>'
        in (site / "a/deep/page/index.html").read_text()
    )
    assert "Content-Security-Policy" not in (site / "a/deep/page/index.html").read_text()
    assert "aipm.css" not in (site / "index.html").read_text()


def test_a_large_file_of_data_is_written_as_it_is(config, tmp_path):
    data = SiteFile("records.json", b'{"records": []}\n')

    build_site(config, FakePlanner(a_plan(files=(*ASSETS, data))))

    assert (tmp_path / "site/records.json").read_bytes() == data.data


def _build(config: Path, seconds: float) -> None:
    build_site(config, FakePlanner(), wait_seconds=seconds)


def test_two_builds_at_once_both_end_in_a_whole_site(config, tmp_path):
    processes = [multiprocessing.get_context("spawn").Process(target=_build, args=(config, 60)) for _ in range(2)]

    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    assert check_site(tmp_path / "site") == []
    assert RISK.title == "Vendor <raises> price & more"


class _Slow(Extension):
    def extendMarkdown(self, md):  # noqa: N802 - the name is Markdown's
        md.preprocessors.register(_Wait(md), "wait", 100)


class _Wait(Preprocessor):
    def run(self, lines):
        if lines == ["# Slow"]:
            time.sleep(5)
        return lines


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that interrupts")
def test_a_page_that_takes_for_ever_is_stopped_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr("aipm_site.mkdocs_adapter.build.PAGE_SECONDS", 0.1)
    config = write_site(tmp_path, {**CONTENT, "slow.md": "# Slow"})

    result = build_site(config, FakePlanner(a_plan(extensions=(_Slow(),))))

    assert [(problem.code, problem.place.file) for problem in result.problems] == [("cannot-render", "content/slow.md")]
    assert "longer than 0.1 seconds" in result.problems[0].message


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a word of POSIX systems")
def test_killing_a_whole_build_at_any_moment_leaves_the_old_site_or_the_new_one(config, tmp_path):
    build_site(config, FakePlanner())
    old = read_tree(tmp_path / "site")
    program = PROGRAM.format(root=str(Path(__file__).parents[2]), config=str(config))
    for attempt in range(8):
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.05 * attempt)
        process.kill()
        process.wait()
        process.stdout.close()

        assert check_site(tmp_path / "site") == []

    build_site(config, FakePlanner())
    assert read_tree(tmp_path / "site") == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "mkdocs.yml", "site"]


PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from aipm_site.mkdocs_adapter.site import build_site
from tests.mkdocs_adapter.sites import FakePlanner, a_plan
print("ready", flush=True)
number = 0
while True:
    number += 1
    build_site(Path({config!r}), FakePlanner(a_plan(counts={{"records": number}})))
"""
