"""Record pages say all that a record says, what it leaves out, and what it is tied to."""

SAMPLE_RISK = "risks/RSK-014/"


def test_a_risk_is_told_in_one_sentence(sample):
    sentence = sample.dom(SAMPLE_RISK).css_first(".aipm-sentence").text()

    assert sentence == (
        "Because of feeds that are upgraded by their vendors, a silent change of a unit may happen, "
        "which would teach the model wrong values."
    )


def test_a_risk_without_its_three_clauses_shows_those_it_has(build):
    built = build({"risks/RSK-001.yml": "id: RSK-001\ntitle: Small\nprobability: 1\nimpact: 2\ncause: old parts\n"})

    page = built.dom("risks/RSK-001/")

    assert page.css_first(".aipm-sentence") is None
    assert "old parts" in page.css_first(".aipm-fields").text()


def test_the_band_of_a_score_is_a_word_besides_its_colour(sample):
    # 4 × 4 = 16, and red begins at 15 (domain §2.1).
    assert sample.dom(SAMPLE_RISK).css_first(".aipm-band").text() == "high 16"


def test_ids_in_fields_are_links_with_titles(sample):
    links = {link.attributes["href"]: link.text() for link in sample.dom(SAMPLE_RISK).css(".aipm-fields a")}

    assert links["aipm-root:/actions/ACT-077/"] == "ACT-077 Find the cause"


def test_references_are_named_in_words_from_both_ends(sample):
    assert "Response actions" in sample.dom(SAMPLE_RISK).css_first('[aria-labelledby="references"]').text()
    assert "Mitigated by" in sample.dom(SAMPLE_RISK).css_first('[aria-labelledby="backlinks"]').text()
    assert "Mitigates" in sample.dom("actions/ACT-077/").css_first('[aria-labelledby="references"]').text()


def test_what_is_not_given_is_said_with_what_it_means(sample):
    missing = sample.dom(SAMPLE_RISK).css_first(".aipm-fields--absent").text()

    # A red risk is expected to have a trigger (domain §2.1), and this one gives none.
    assert "Trigger" in missing
    assert "not given" in missing
    assert "Fallback plan" not in missing


def test_the_source_is_file_and_line(sample):
    assert "content/risks/RSK-014.yml:1" in sample.text(SAMPLE_RISK)
    assert sample.pages[SAMPLE_RISK].edit_path == "content/risks/RSK-014.yml"


def test_the_projects_own_keys_keep_their_names(build):
    built = build(
        {"risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 2\ncustom: {boardRank: '07'}\n"}
    )

    assert "boardRank" in built.text("risks/RSK-001/")
    assert "07" in built.text("risks/RSK-001/")


def test_a_field_that_is_not_applicable_says_why(build):
    built = build(
        {
            "risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 2\n"
            "category: {na: {reason: no list yet}}\n"
        }
    )

    assert "not applicable – no list yet" in built.text("risks/RSK-001/")


def test_a_stale_record_says_since_when(build):
    risk = "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 2\nreviewed_on: 2026-03-01\n"

    built = build({"risks/RSK-001.yml": risk})

    # 1 March to 15 April 2026 is 45 days; a risk speaks for 30 (domain §2.0).
    assert "not confirmed since 1 March 2026: 45 days, limit 30" in built.text("risks/RSK-001/")


def test_a_record_that_was_confirmed_later_says_when(build):
    risk = "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 2\nreviewed_on: 2026-04-20\n"

    built = build({"risks/RSK-001.yml": risk})

    assert "not confirmed by then, and first on 20 April 2026" in built.text("risks/RSK-001/")


def test_the_figures_about_a_record_stand_on_its_page(sample):
    links = [link.attributes["href"] for link in sample.dom("milestones/MS-05/").css("a")]

    assert "aipm-root:/figures/#schedule-slip-MS-05" in links


def test_the_slip_of_a_milestone_is_its_computed_status(sample):
    assert sample.dom("milestones/MS-05/").css_first(".aipm-chip").text() == "At risk"


def test_a_hidden_record_leaves_no_trace(build):
    files = {
        "project.yml": "id: PRJ-001\ntitle: P\naudience: public\ndimensions: [risk]\n",
        "risks/RSK-001.yml": "id: RSK-001\ntitle: Open one\nprobability: 1\nimpact: 2\naudience: client\n"
        "summary: See [[ISS-007]].\nlinks: [{rel: relates_to, id: ISS-007}]\n",
        "issues/ISS-007.yml": "id: ISS-007\ntitle: Secret trouble\nseverity: 1\naudience: restricted\n",
    }

    built = build(files, audience="client")

    everything = "".join(page.body + page.search_text + page.search_html + page.title for page in built.pages.values())
    assert "ISS-007" not in everything
    assert "Secret trouble" not in everything
    assert "not shared" in built.text("risks/RSK-001/")


def test_links_to_files_of_the_content_lead_to_their_pages(build):
    risk = "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 2\nsummary: 'See [how](../wiki/risks.md#scoring).'\n"

    built = build({"raid/risks/RSK-001.yml": risk, "raid/wiki/risks.md": "# Risks\n"})

    link = built.dom("risks/RSK-001/").css_first(".aipm-record__lead a")
    assert link.attributes["href"] == "aipm-root:/raid/wiki/risks/#scoring"
