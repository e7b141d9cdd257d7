"""Pages of decision records in forms of others: title, date and status as written, their text, and links that lead on."""

from __future__ import annotations

from aipm_site.exports.records_json import record_data

CHARTER = "id: PRJ-001\ntitle: Events\n"
REJECTED = """# 18. Dedicated queues

Date: 02/09/2020

## Status

❌ Rejected (see [019](019-shared-queues.md))

## Context

One queue was ![full](full.png), see the [notes](notes.txt) and [how](../wiki/queues.md#why).

## Decision

We take [many](gone.md).
"""
PROPOSED = "# 19. Shared queues\n\nDate: 2020-09-09\n\n## Status\n\nproposed\n\n## Context\n\nC.\n\n## Decision\n\nD.\n"
ON_HOLD = (
    "---\nstatus: on hold\n---\n# Own tool\n\n## Considered Options\n\n* One\n* Two\n\n## Decision Outcome\n\nLater.\n"
)
SILENT = '# Keep it\n\n## Decision Outcome\n\nChosen option: "One", because it is enough.\n'
FILES = {
    "project.yml": CHARTER,
    "wiki/queues.md": "# Queues\n",
    "decisions/full.png": "",
    "decisions/018-dedicated-queues.md": REJECTED,
    "decisions/019-shared-queues.md": PROPOSED,
    "decisions/020-own-tool.md": ON_HOLD,
    "decisions/021-keep-it.md": SILENT,
}


def test_the_head_says_our_word_and_the_details_what_was_written(build):
    text = build(FILES).text("decisions/DEC-018/")

    assert "DEC-018 Dedicated queues" in text
    assert "StatusRejected" in text
    assert "Status as written❌ Rejected (see 019)" in text
    assert "Date as written02/09/2020 (not read)" in text


def test_what_is_written_as_we_write_it_is_said_once(build):
    text = build(FILES).text("decisions/DEC-019/")

    assert "as written" not in text
    assert "Date9 September 2020" in text


def test_a_status_that_is_none_of_ours_stands_in_the_head_and_bears_no_tick(build):
    built = build(FILES)

    chips = [built.dom(f"decisions/{name}/").css_first(".aipm-chip") for name in ("DEC-020", "DEC-021")]

    assert [chip.text() for chip in chips] == ["on hold", "Status not given"]
    assert all("aipm-chip--draft" in chip.attributes["class"] for chip in chips)


def test_the_whole_text_stands_on_the_page_without_its_title_twice(build):
    page = build(FILES).dom("decisions/DEC-018/")

    assert [heading.text() for heading in page.css("h1")] == ["DEC-018 Dedicated queues"]
    assert [heading.text() for heading in page.css(".aipm-prose h3")] == ["Status", "Context", "Decision"]
    assert "Date: 02/09/2020" in page.css_first(".aipm-prose").text()


def test_links_between_files_lead_to_pages_and_pictures_and_dead_ones_are_words(build):
    prose = build(FILES).dom("decisions/DEC-018/").css_first(".aipm-prose")

    assert {link.text(): link.attributes["href"] for link in prose.css("a")} == {
        "019": "aipm-root:/decisions/DEC-019/",
        "how": "aipm-root:/wiki/queues/#why",
    }
    assert prose.css_first("img").attributes["src"] == "aipm-root:/decisions/full.png"
    assert "see the notes and how" in " ".join(prose.text().split())


def test_the_options_stand_in_the_text_only(build):
    text = build(FILES).text("decisions/DEC-020/")

    assert text.count("Two") == 1


def test_nothing_is_missed_that_the_form_has_no_place_for(build):
    built = build(FILES)

    assert "not given" not in built.text("decisions/DEC-018/")
    assert "Owner" not in built.text("decisions/DEC-018/")
    assert "DEC-018" not in built.text("status/missing/")
    assert "DEC-020" in built.text("status/missing/")


def test_a_register_of_foreign_records_has_the_columns_that_any_of_them_fills(build):
    table = build(FILES).dom("decisions/").css_first("table")

    assert [head.text() for head in table.css("th")] == ["ID", "Title", "Status", "Date"]
    rows = [[cell.text() for cell in row.css("td")] for row in table.css("tbody tr")]
    assert rows == [
        ["DEC-018", "Dedicated queues", "Rejected", "02/09/2020"],
        ["DEC-019", "Shared queues", "Proposed", "2020-09-09"],
        ["DEC-020", "Own tool", "on hold", ""],
        ["DEC-021", "Keep it", "Status not given", ""],
    ]


def test_a_register_with_a_record_of_ours_has_all_columns(build):
    built = build({**FILES, "decisions/DEC-022.yml": "id: DEC-022\ntitle: Ours\n"})

    assert "Owner" in built.dom("decisions/").css_first("thead").text()


def test_the_page_says_in_which_form_the_record_was_written(build):
    assert "018-dedicated-queues.md:1, in Nygard’s form" in build(FILES).text("decisions/DEC-018/")


def test_machines_get_our_values_and_the_words_beside_them(build):
    built = build(FILES)

    data = record_data(built.project, built.project.records["DEC-018"])

    assert (data["status"], data["missing"], data["url"]) == ("rejected", [], "decisions/DEC-018/")
    assert "date" not in data["fields"]
    assert data["fields"]["as_written"] == {
        "form": "Nygard’s form",
        "status": "❌ Rejected (see 019)",
        "date": "02/09/2020",
    }


def test_words_of_others_name_no_record_that_the_reader_may_not_see(build):
    hidden = f"---\naudience: restricted\n---\n{PROPOSED}"
    told = REJECTED.replace("(see [019](019-shared-queues.md))", "(see DEC-019 and [it](019-shared-queues.md))")
    files = {**FILES, "decisions/019-shared-queues.md": hidden, "decisions/018-dedicated-queues.md": told}

    built = build(files, audience="internal")

    assert "decisions/DEC-019/" not in built.pages
    for page in built.pages.values():
        assert "DEC-019" not in page.body + page.search_text + page.search_html
        assert "Shared queues" not in page.body + page.search_text + page.search_html
    record = built.project.records["DEC-018"]
    assert record.foreign.texts["status"] == "❌ Rejected (see (not shared) and it)"
    assert "DEC-019" not in str(record_data(built.project, record))
