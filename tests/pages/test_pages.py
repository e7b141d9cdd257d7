"""What holds of every generated page."""

import re
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib
import pytest

from aipm_site.pages.addresses import address_of, is_calendar, rooted
from aipm_site.pages.page import SiteInfo
from aipm_site.problems import Place, error

HOSTILE = [
    "{{7*7}}",
    "<script>window.__xss=1</script>",
    "</td></tr></table><h1>out</h1>",
    "](javascript:alert(1))",
    "[a](javascript:alert(1)) ![b](x onerror=alert(1))",
    "[[nope]] [[RSK-999]]",
    '" onmouseover="alert(1)',
    "| a | b |",
    "# heading",
    "```",
    "<!-- comment -->",
    "&lt;img src=x onerror=alert(1)&gt;",
    "{% raw %}",
    "%s {0} {name}",
]


def test_every_page_has_one_h1_and_no_id_twice(sample):
    for address, page in sample.pages.items():
        dom = sample.dom(address)
        ids = Counter(node.attributes["id"] for node in dom.css("[id]"))

        assert len(dom.css("h1")) == 1, address
        assert [name for name, count in ids.items() if count > 1] == [], address
        assert page.title


def test_every_record_has_a_page_and_every_row_an_anchor(sample):
    for record in sample.project.records.values():
        address, _, anchor = address_of(sample.project.kinds.of(record), record).partition("#")

        assert address in sample.pages
        if anchor:
            assert anchor in sample.pages[address].anchors
            assert sample.dom(address).css_first(f'[id="{anchor}"]') is not None


def test_every_link_into_the_site_leads_to_a_page_and_a_place_on_it(sample):
    known = {"status.json", "records.json", "build.json", "feed.atom", "feed.json"}
    for address in sample.pages:
        for link in sample.dom(address).css("a[href]"):
            target, _, anchor = (link.attributes["href"] or "").removeprefix("aipm-root:/").partition("#")
            if link.attributes["href"].startswith("#"):
                target = address
            if target in known or is_calendar(target):
                continue
            assert target in sample.pages, (address, target)
            if anchor:
                assert sample.dom(target).css_first(f'[id="{anchor}"]') is not None, (address, target, anchor)


def test_pages_of_records_stay_out_of_the_navigation(sample):
    in_nav = {address for address, page in sample.pages.items() if page.in_nav}

    assert {"", "risks/", "figures/", "status/missing/"} <= in_nav
    assert not any(address.startswith("risks/RSK") for address in in_nav)


def test_a_page_finds_the_root_from_its_own_address():
    body = '<a href="aipm-root:/figures/#risk-open">'

    assert rooted(body, "risks/RSK-014/") == '<a href="../../figures/#risk-open">'


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_place(build, text):
    quoted = "'" + text.replace("'", "''") + "'"
    plain = _files("harmless")

    calm, hostile = build(plain), None
    hostile = build(_files(quoted))

    for address in calm.pages:
        expected, found = _skeleton(calm.pages[address].body), _skeleton(hostile.pages[address].body)
        assert found["h1"] == expected["h1"] == 1, address
        for name in ("tr", "td", "th", "table", "dt", "dd"):
            # Prose may hold a table or a list of its own; the cells and rows around it stay as they are.
            assert found[name] >= expected[name], (address, name)
        assert found["script"] == 0
    register = hostile.dom("risks/").css_first("table.aipm-table")
    assert {len(row.css("td")) for row in register.css("tbody tr")} == {len(register.css("thead th"))}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gives_no_active_attribute_and_appears_letter_by_letter(build, text):
    built = build(_files("'" + text.replace("'", "''") + "'"))

    for page in built.pages.values():
        for element in html5lib.parseFragment(page.body, namespaceHTMLElements=False).iter():
            assert not any(name.lower().startswith("on") for name in element.attrib), element.tag
            assert not re.match(r"\s*(javascript|data|vbscript):", element.attrib.get("href", "").lower())
            assert element.tag not in {"script", "iframe", "object", "style", "base", "meta", "form"}
    assert text in html5lib_text(built.pages["risks/"].body)
    assert text in html5lib_text(built.pages["risks/RSK-014/"].body)


def test_an_empty_project_invites_instead_of_praising(build):
    built = build({"project.yml": "id: PRJ-001\ntitle: New\naudience: public\n"})

    assert "No status yet" in built.text("")
    assert "Nothing recorded yet" in built.text("")
    assert "risks/" not in built.pages
    assert "green" not in built.text("").lower()


def test_a_lenient_build_lists_what_is_wrong(build):
    problem = error("unknown-field", "risk has no field '<b>'", Place("content/risks/RSK-009.yml", 6, 1), "did you?")

    built = build(site=SiteInfo("Sample", "internal", problems=(problem,), unread=1))

    assert "content/risks/RSK-009.yml:6:1" in built.text("status/problems/")
    assert "risk has no field '<b>'" in built.text("status/problems/")
    # Seven records of the sample could be read.
    assert "1 of 8 records could not be read and is left out" in built.text("")


def test_a_lenient_build_says_on_every_page_what_it_left_out(build):
    problem = error("unknown-field", "risk has no field 'x'", Place("content/risks/RSK-009.yml", 6, 1))

    built = build(site=SiteInfo("Sample", "internal", problems=(problem,), unread=2))

    assert "reports/executive/" in built.pages
    for address in built.pages:
        assert built.text(address).count("2 of 9 records could not be read and are left out") == 1, address
        assert len(built.dom(address).css(".aipm-notice--red")) == 1, address


def test_readers_from_whom_records_are_hidden_do_not_learn_how_many_there_are(build):
    files = {
        "project.yml": "id: PRJ-001\ntitle: Sample\naudience: public\n",
        "actions/ACT-001.yml": "id: ACT-001\ntitle: A\nowner: B\ndue: 2026-05-01\naudience: internal\n",
    }
    problem = error("unknown-field", "risk has no field 'x'", Place("content/risks/RSK-009.yml", 6, 1))

    built = build(files, audience="client", site=SiteInfo("Sample", "client", problems=(problem,), unread=1))

    assert "1 record could not be read and is left out" in built.text("figures/")


def test_errors_that_leave_no_record_out_are_said_too(build):
    problem = error("dead-link", "this leads nowhere", Place("content/index.md", 6, 1))

    built = build(site=SiteInfo("Sample", "internal", problems=(problem,)))

    assert "built with errors in its records, and figures may be wrong" in built.text("risks/")


def _files(text: str) -> dict[str, str]:
    risk = (
        f"id: RSK-014\ntitle: {text}\nowner: {text}\nprobability: 3\nimpact: 4\ncause: {text}\nevent: {text}\n"
        f"effect: {text}\nfallback_plan: {text}\ncustom: {{key: {text}}}\nsummary: {text}\ntags: [{text}]\n"
        "inherent: {probability: 4, impact: 4}\nreviewed_on: 2026-04-10\n"
    )
    decision = f"id: DEC-001\ntitle: {text}\nquestion: {text}\noptions: [{text}, other]\nrecommendation: {text}\n"
    charter = f"id: PRJ-001\ntitle: {text}\ncharter: {text}\ndimensions: [risk]\naudience: public\n"
    return {"project.yml": charter, "risks/RSK-014.yml": risk, "decisions/DEC-001.yml": decision}


def _skeleton(html: str) -> Counter[str]:
    tree: Element = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return Counter(str(element.tag) for element in tree.iter())


def html5lib_text(html: str) -> str:
    return "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext())
