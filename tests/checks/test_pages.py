"""Ordinary pages: references, views and front matter."""

from __future__ import annotations

from tests.snapshots import found

CHARTER = "id: PRJ-001\ntitle: A project\npages: strict\n"
RISK = "id: RSK-001\ntitle: A vendor raises its price\nprobability: 2\nimpact: 2\n"


def test_a_reference_to_no_record_is_an_error_where_it_stands() -> None:
    page = "---\ntitle: A page\n---\n\nSee [[RSK-001]], [[RSK-009]] and [[somebody's link]].\n"

    assert found({"risks/a.yml": RISK, "wiki/a.md": page}) == ["wiki/a.md:5 unknown-reference"]


def test_references_in_code_are_left_alone() -> None:
    page = "`[[RSK-009]]`\n\n```\n[[RSK-009]]\n```\n\n    [[RSK-009]]\n"

    assert found({"risks/a.yml": RISK, "wiki/a.md": page}) == []


def test_references_in_the_prose_of_a_record_are_checked_too() -> None:
    decision = "---\nid: DEC-001\ntitle: A choice\n---\n\nBecause of [[RSK-404]].\n"

    assert found({"decisions/a.md": decision}) == ["decisions/a.md:6 unknown-reference"]


def test_a_view_that_shows_nothing_there_is_an_error_with_the_near_word() -> None:
    page = "# Page\n\n```aipm\ntable: risk_s\n```\n\n```aipm\nfigure: risk.opn\n```\n\n```aipm\ngraph: x\n```\n"

    assert found({"risks/a.yml": RISK, "wiki/a.md": page}) == [
        "wiki/a.md:4 unknown-kind",
        "wiki/a.md:8 unknown-figure",
        "wiki/a.md:11 unknown-view",
    ]


def test_front_matter_of_a_strict_project_has_known_fields_only() -> None:
    page = "---\ntitle: A page\ntemplate: main.html\n---\n\nText.\n"

    assert found({"project.yml": CHARTER, "wiki/a.md": page}) == ["wiki/a.md:3 unknown-field"]
    assert found({"wiki/a.md": page}) == []


def test_a_tag_that_could_act_as_html_is_an_error_where_it_stands() -> None:
    page = "---\ntags:\n  - R&D\n  - <b>bold</b>\n  - '&lt;b&gt;'\n---\n\nText.\n"

    assert found({"project.yml": CHARTER, "wiki/a.md": page}) == ["wiki/a.md:4 unsafe-tag", "wiki/a.md:5 unsafe-tag"]
    assert found({"wiki/a.md": page}) == []


def test_a_tag_that_is_no_list_is_looked_at_too() -> None:
    page = "---\ntags: <b>\n---\n\nText.\n"

    assert found({"project.yml": CHARTER, "wiki/a.md": page}) == ["wiki/a.md:2 unsafe-tag"]


def test_an_audience_that_does_not_exist_is_an_error_with_the_near_one() -> None:
    assert found({"wiki/a.md": "---\naudience: cleint\n---\n\nText.\n"}) == ["wiki/a.md:2 unknown-audience"]
    assert found({"risks/a.yml": RISK + "audience: intern\n"}) == ["risks/a.yml:5 unknown-audience"]


def test_the_markdown_fields_of_a_record_are_held_to_the_same_rules() -> None:
    fields = 'cause: "see [[RSK-999]]"\nevent: "[x](javascript:alert)"\neffect: "![x](https://example.org/a.png)"\n'

    assert found({"risks/a.yml": RISK + fields}) == [
        "risks/a.yml:5 unknown-reference",
        "risks/a.yml:6 unsafe-address",
        "risks/a.yml:7 remote-image",
    ]


def test_a_link_of_a_strict_page_to_a_file_that_is_not_there_is_an_error_where_it_stands() -> None:
    page = "# A\n\n[no](nope.md) [yes](b.md#x) [record](../risks/a.yml) [web](https://example.org/x.md)\n[address](../risks/)\n"
    files = {"project.yml": CHARTER, "risks/a.yml": RISK, "wiki/a.md": page, "wiki/b.md": "# B\n"}

    assert found(files) == ["wiki/a.md:3 dead-link"]
    assert found({"risks/a.yml": RISK, "wiki/a.md": page, "wiki/b.md": "# B\n"}) == []


def test_an_address_that_a_page_may_not_name_is_an_error_before_anything_is_built() -> None:
    assert found({"project.yml": CHARTER, "wiki/a.md": "[x](javascript:alert)\n"}) == ["wiki/a.md:1 unsafe-address"]


def test_a_view_of_a_figure_that_nothing_is_recorded_for_yet_is_no_error() -> None:
    page = "```aipm\nfigure: risk.open\n```\n"

    assert found({"project.yml": CHARTER, "wiki/a.md": page}) == []
    assert found({"project.yml": CHARTER, "wiki/a.md": page.replace("risk.open", "rsk.open")}) == [
        "wiki/a.md:2 unknown-figure"
    ]
