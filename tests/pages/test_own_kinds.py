"""Own kinds on the site: register, record page, references, views, field reference, for each audience."""

import json

from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from aipm_site.exports.records_json import records_json
from aipm_site.exports.status_json import Identity
from aipm_site.pages.wiki import AipmExtension
from tests.own_kinds import CLOUD, FILES, LABELS, VENDOR

PAGE = "# Home\n\nSee [[VND-001]].\n\n```aipm\ntable: vendors\ncolumns: [id, seats, contacts]\n```\n"


def data_of(built):
    identity = Identity("PRJ-001", "Sample", None, uncommitted=False, audience="internal")
    return {r["id"]: r for r in json.loads(records_json(built.project, built.facts.as_of, identity).data)["records"]}


def test_the_register_shows_the_declared_columns_in_the_declared_order(build):
    register = build(FILES).dom("vendors/")

    assert [cell.text() for cell in register.css("th")] == [
        "ID",
        "Title",
        "Criticality",
        "Status",
        "Yearly cost",
        "Owner",
    ]
    rows = [[cell.text(strip=True) for cell in row.css("td, th")] for row in register.css("tbody tr")]
    assert [row[:3] for row in rows] == [["VND-001", "Cloud provider", "high"], ["VND-002", "Labelling office", "low"]]


def test_the_register_says_how_many_records_are_open(build):
    assert "2 vendors, 2 open" in build(FILES).text("vendors/")
    ended = FILES | {"vendors/VND-002.yml": LABELS + "status: ended\n"}
    assert "2 vendors, 1 open" in build(ended).text("vendors/")


def test_a_record_has_a_page_with_all_that_it_says(build):
    text = build(FILES).text("vendors/VND-001/")

    for said in (
        "Cloud provider",
        "GPU hours",
        "12,000.50",
        "USD",
        "account manager",
        "by day",
        "0.999",
        "yes",
        "4711",
    ):
        assert said in text, said


def test_a_record_page_leads_to_what_refers_to_it_and_to_what_it_refers_to(build):
    page = build(FILES).dom("vendors/VND-001/")

    targets = {link.attributes["href"] for link in page.css("a")}
    assert {"aipm-root:/risks/RSK-001/", "aipm-root:/vendors/VND-002/", "aipm-root:/status/kinds/vendor/"} <= targets
    assert "Assessed with" in page.css_first('[aria-labelledby="backlinks"]').text()


def test_what_is_missing_is_listed_under_the_kind(build):
    text = build(FILES).text("status/missing/")

    assert "Vendors" in text
    assert "VND-002" in text
    assert "Services" in text


def test_the_field_reference_says_what_the_declaration_says(build):
    text = build(FILES).text("status/kinds/vendor/")

    assert "how much stops without it" in text
    assert "low, medium, high" in text
    assert "whole number, 1 to 500" in text
    assert "contacts[].role" in text


def test_the_field_reference_of_an_extended_kind_has_its_new_fields(build):
    text = build(FILES).text("status/kinds/risk/")

    assert "what a patient may suffer" in text
    assert "safety, privacy_security, data_quality" in text


def test_rows_stand_in_their_register_with_what_they_give(build):
    built = build(FILES)

    text = built.text("usages/")
    assert "120.5" in text
    assert built.pages["usages/"].anchors
    assert "usages/USE-VND-001/2026-03-01/" not in built.pages


def test_records_json_has_the_fields_under_their_names(build):
    vendor = data_of(build(FILES))["VND-001"]

    assert (vendor["kind"], vendor["status"], vendor["url"]) == ("vendor", "active", "vendors/VND-001/")
    assert vendor["fields"]["yearly_cost"] == {"amount": "12000.50", "currency": "USD"}
    assert vendor["fields"]["copy"] == "nothing"
    assert vendor["fields"]["contacts"] == [{"answers": "by_day", "role": "account manager"}]
    assert {"rel": "risks", "id": "RSK-001"} in vendor["references"]
    assert {"rel": "assessed_with", "id": "RSK-001"} in vendor["backlinks"]


def test_records_json_names_fields_as_their_writers_do(build):
    sprint = "id: SPR-1\ntitle: A\nstart: 2026-04-01\nend: 2026-04-14\nretro: {try: [shorter reviews]}\n"

    # `try` is a word of Python's, so the field has another name there.
    assert data_of(build({"sprints/SPR-1.yml": sprint}))["SPR-1"]["fields"]["retro"]["try"] == ["shorter reviews"]


def test_a_hidden_record_of_an_own_kind_is_nowhere(build):
    files = FILES | {
        "vendors/VND-001.yml": CLOUD + "audience: restricted\n",
        "risks/RSK-002.yml": "id: RSK-002\ntitle: As VND-001 says\nprobability: 1\nimpact: 1\nhazard: none\n"
        "cause: see VND-001\naffected_objectives: [x]\n",
        "index.md": PAGE,
    }

    built = build(files)

    everything = " ".join(
        page.body + page.search_text + page.search_html for page in built.pages.values()
    ) + json.dumps(data_of(built))
    assert "VND-001" not in everything
    assert "Cloud provider" not in everything
    assert "As (not shared) says" in built.text("risks/RSK-002/")
    assert "1 vendor shared with this audience" in built.text("vendors/")
    assert "VND-001" in build(files, audience="restricted").text("vendors/")


def test_what_a_declaration_says_of_a_hidden_record_is_not_shown(build):
    declared = VENDOR.replace("what it does for us", "'what it does for us, such as VND-001'").replace(
        "fresh_days: 90\n", "fresh_days: 90\nplural: vendors like VND-001\nheading: Vendors like VND-001\n"
    )
    files = FILES | {"kinds/vendor.yml": declared, "vendors/VND-001.yml": CLOUD + "audience: restricted\n"}

    built = build(files)

    assert "such as (not shared)" in built.text("status/kinds/vendor/")
    assert [address for address, page in built.pages.items() if "VND-001" in page.body + page.title] == []


def test_live_records_stand_in_an_ordinary_page(build):
    built = build(FILES)
    extension = AipmExtension(built.context)

    dom = LexborHTMLParser(Markdown(extensions=["fenced_code", extension]).convert(PAGE))

    assert dom.css_first("a").text() == "VND-001 Cloud provider"
    assert [cell.text() for cell in dom.css("th")][:3] == ["ID", "Seats", "Contacts"]
    assert [cell.text() for cell in dom.css('td[data-label="ID"]')] == ["VND-001", "VND-002"]
    assert [cell.text() for cell in dom.css('td[data-label="Seats"]')] == ["12", ""]


def test_a_view_can_ask_for_what_is_open_and_by_whom_it_is_owned(build):
    built = build(FILES | {"vendors/VND-002.yml": LABELS + "status: ended\n"})
    extension = AipmExtension(built.context)

    text = Markdown(extensions=["fenced_code", extension]).convert("```aipm\nlist: vendors\nopen: true\n```\n")

    assert "VND-001" in text
    assert "VND-002" not in text


def test_a_kind_of_which_nothing_is_shared_has_no_page(build):
    files = FILES | {
        "vendors/VND-001.yml": CLOUD + "audience: restricted\n",
        "vendors/VND-002.yml": LABELS + "audience: restricted\n",
    }

    pages = build(files).pages

    assert not [address for address in pages if "vendor" in address or "usage" in address]


def test_a_kind_that_nobody_uses_appears_nowhere(build):
    pages = build(
        {"kinds/vendor.yml": VENDOR, "risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 1\n"}
    )

    assert not [address for address in pages.pages if "vendor" in address]


def test_what_a_declaration_says_is_text_and_never_markup(build):
    hostile = "<script>alert(1)</script> {{ 7*7 }}"
    declared = VENDOR.replace("description: how much stops without it", f'description: "{hostile}"')
    declared += f'heading: "{hostile}"\nplural: "{hostile} x"\n'

    built = build(FILES | {"kinds/vendor.yml": declared})

    for address in ("vendors/", "vendors/VND-002/", "status/kinds/vendor/", "status/missing/"):
        assert "<script>alert" not in built.pages[address].body
    assert "{{ 7*7 }}" in built.text("vendors/")
