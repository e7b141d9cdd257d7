"""The status home says how the project is, why, what is asked of the reader, and for which day it speaks."""

from tests.pages.conftest import CHARTER


def test_the_status_is_a_word_and_a_shape_with_its_reasons(sample):
    overall = sample.dom("").css_first(".aipm-overall")

    # The red risk has no trigger, so it has no full answer: red (domain §3.6).
    assert overall.css_first(".aipm-overall__word").text() == "Red"
    assert overall.css_first(".aipm-shape--red") is not None
    assert "RSK-014" in overall.css_first(".aipm-lines").text()


def test_the_overall_status_has_one_line_for_each_dimension_that_made_it_so(sample):
    lines = {
        line.css_first(".aipm-lines__label").text(): line.css_first(".aipm-lines__text").text()
        for line in sample.dom("").css(".aipm-overall .aipm-lines__line")
    }

    # Schedule is amber only, and says so on its card.
    assert lines == {"Risk": "Risk RSK-014 in the red band has no complete answer."}


def test_ids_that_a_reason_names_are_links_and_are_not_repeated(sample):
    schedule = sample.dom("").css_first("#dimension-schedule .aipm-reasons")

    assert schedule.css_first("a").attributes["href"] == "aipm-root:/milestones/MS-05/"
    assert schedule.text().count("MS-05") == 1


def test_each_tracked_dimension_has_a_card_and_the_others_are_named(sample):
    cards = [card.css_first("h3").text() for card in sample.dom("").css(".aipm-card")]

    assert cards == ["Schedule", "Risk"]
    assert "Not tracked in this project: cost, scope, quality" in sample.text("")


def test_the_page_says_for_which_day_and_revision_it_speaks(sample):
    assert "As of Wednesday 15 April 2026 (as asked for)" in sample.text("")
    assert "4f2a91c" in sample.text("")
    assert "Since when is not known" in sample.text("")


def test_uncommitted_changes_are_said(build):
    from aipm_site.pages.page import SiteInfo

    built = build(site=SiteInfo("Sample", "internal", "4f2a91c", uncommitted=True))

    assert "with uncommitted changes" in built.text("")


def test_what_people_act_on_says_its_weekday(build):
    # 15 April 2026 is a Wednesday (domain 1.2.2), so the 17th is a Friday.
    decision = "id: DEC-001\ntitle: Change the vendor\nowner: Sponsor\ndecide_by: 2026-04-17\nstatus: proposed\n"
    action = "id: ACT-001\ntitle: Ask\nowner: Sponsor\ndue: 2026-04-17\n"
    dom = build({"project.yml": CHARTER, "decisions/1.yml": decision, "actions/1.yml": action}).dom("")

    assert dom.css_first(".aipm-decision__date").text() == "by Friday 17 April 2026"
    dates = [node.text() for node in dom.css(".aipm-due__date")]
    assert "Friday 17 April 2026" in dates
    assert dom.css_first(".aipm-due__date time").attributes["datetime"] == "2026-04-17"


def test_a_time_in_another_zone_stands_with_the_day_that_goes_with_it(build):
    # 06:00 on 18 April in Tokyo (UTC+9) is 23:00 on 17 April in Berlin (UTC+2).
    call = "id: MTG-001\ntitle: Call\nstart: 2026-04-18T06:00\ntz: Asia/Tokyo\n"
    built = build({"project.yml": CHARTER, "meetings/MTG-001.yml": call})

    item = next(item for item in built.dom("").css(".aipm-due__item") if "MTG-001" in item.text())

    assert " ".join(item.text().split()) == "Saturday 18 April 2026 MTG-001 Call meeting at 06:00 (Asia/Tokyo)"
    assert item.css_first("time").attributes["datetime"] == "2026-04-18"


def test_what_is_due_is_grouped_by_urgency(sample):
    groups = {group.attributes["aria-label"]: group.text() for group in sample.dom("").css(".aipm-due")}

    assert "ACT-077" in groups["Soon"]
    assert "Overdue" not in groups


def test_a_decision_needed_shows_question_options_and_day(build):
    decision = (
        "id: DEC-001\ntitle: Release\nquestion: Do we release?\noptions: [go, no-go]\nrecommendation: no-go\n"
        "decide_by: 2026-04-22\n"
    )

    shown = build({"decisions/DEC-001.yml": decision}).dom("").css_first(".aipm-decision").text()

    for words in ("DEC-001 Release", "22 April 2026", "Do we release?", "go", "no-go"):
        assert words in shown


def test_no_decision_is_said_in_words(sample):
    assert "No decisions needed." in sample.text("")


def test_an_empty_list_is_not_none_where_records_are_hidden(build):
    files = {
        "project.yml": "id: PRJ-001\ntitle: P\naudience: public\ndimensions: [risk]\n",
        "decisions/DEC-001.yml": "id: DEC-001\ntitle: Buy or build\naudience: restricted\n",
    }

    text = build(files, audience="client").text("")

    assert "No decisions needed" not in text
    assert "None that is shared with this audience." in text


def test_a_front_page_of_the_writers_own_sends_the_home_to_status(build):
    files = {"risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 2\n", "index.md": "# Welcome\n"}

    pages = build(files).pages

    assert "status/" in pages
    assert "" not in pages


def test_a_front_page_that_shows_the_home_is_the_home(build):
    front = "# Welcome\n\n```aipm\nhome\n```\n"

    built = build({"project.yml": "id: PRJ-001\ntitle: P\n", "index.md": front})

    assert "status/" not in built.pages
    assert "" not in built.pages
    assert built.context.home_address == ""


def test_nothing_is_green_by_default(build):
    built = build({"project.yml": "id: PRJ-001\ntitle: P\naudience: public\ndimensions: [schedule, risk]\n"})

    assert built.dom("").css_first(".aipm-overall__word").text() == "Not fully reported"
    assert [card.css_first(".aipm-card__status").text() for card in built.dom("").css(".aipm-card")] == [
        "Not reported",
        "Not reported",
    ]
