"""Blank records: a new file that says what belongs into it and is read back as it was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.readers.strict_yaml import read_yaml
from aipm_site.records import KINDS
from aipm_site.records.blank import blank_record, needed_fields, quoted
from tests.records.cases import decode_text

RISK = KINDS.named("risk")


def test_needed_fields_are_named_with_what_they_mean():
    needed = dict(needed_fields(RISK))

    assert list(needed) == ["title", "probability", "impact"]
    assert needed["title"] == "what it is called, in a few words"


def test_a_new_record_with_its_needed_values_is_right():
    text = blank_record(RISK, "RSK-022", {"title": "Vendor: price rises", "probability": "3", "impact": "2"})

    record, problems = decode_text("risk", text)
    assert problems == []
    assert record.title == "Vendor: price rises"


def test_expected_fields_stand_as_comments_with_their_meaning_and_words():
    text = blank_record(RISK, "RSK-022", {"title": "Vendor raises its price"})

    assert "\nprobability:  # chance that it happens" in text
    assert "\n# owner:  # who answers for it" in text
    assert "drift" in next(line for line in text.splitlines() if line.startswith("# category:"))


def test_further_values_take_the_place_of_their_comment():
    text = blank_record(RISK, "RSK-022", {"title": "A", "owner": "data engineer"})

    assert "\nowner: data engineer\n" in text
    assert "# owner" not in text


def test_a_row_has_no_id_of_its_own():
    text = blank_record(KINDS.named("observation"), "", {"metric": "M-a", "value": "0.5", "as_of": "2026-04-15"})

    assert "id:" not in text
    assert decode_text("observation", text)[1] == []


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_every_kind_has_a_blank_that_yaml_reads(kind):
    data, problems = read_yaml(blank_record(kind, f"{kind.prefix}-1", {"title": "A"}), "new.yml")

    assert problems == []
    assert data["id"] == f"{kind.prefix}-1"


@pytest.mark.parametrize(
    "text", ["null", "~", "- a", "a: b", "a #b", "'", '"', "*a", "&a", "!a", "%a", "@a", "{a", "a\\b", " a "]
)
def test_text_that_yaml_would_read_otherwise_is_quoted(text):
    data, problems = read_yaml(f"title: {quoted(text)}\n", "new.yml")

    assert problems == []
    assert data["title"] == text


@given(
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cf"]), min_size=1)
)
def test_any_line_comes_back_as_it_was(text):
    data, problems = read_yaml(f"title: {quoted(text)}\n", "new.yml")

    assert problems == []
    assert data["title"] == text
