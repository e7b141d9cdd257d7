"""Decoding: problems at their places, in the words of the record, and never an exception."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.problems import Place
from aipm_site.readers.record_files import RawRecord
from aipm_site.readers.strict_yaml import YamlList, YamlMapping, read_yaml
from aipm_site.records import KINDS
from aipm_site.records.decode import decode_record
from aipm_site.records.shape import shape_of
from tests.records.cases import decode_text, right

RISK = "id: RSK-1\ntitle: Vendor raises its price\nprobability: 3\nimpact: 2\n"


def only_problem(kind, text):
    _, problems = decode_text(kind, text)
    (problem,) = problems
    return problem


def test_a_number_out_of_range_stands_at_its_value_and_names_its_field():
    problem = only_problem("risk", RISK.replace("probability: 3", "probability: 30"))

    assert problem.place == Place("risk.yml", 3, 14)
    assert problem.message == "probability 30 is not between 1 and 5"
    assert problem.hint == "1 is very unlikely, 5 is almost certain"


def test_an_unknown_field_stands_at_its_key_and_names_the_near_one():
    problem = only_problem("risk", RISK + "falback_plan: none\n")

    assert problem.place == Place("risk.yml", 5, 1)
    assert problem.message == "risk has no field 'falback_plan'"
    assert problem.hint == "did you mean 'fallback_plan'?"


def test_an_unknown_field_like_no_other_is_told_where_fields_are_listed():
    assert "aipm explain risk" in only_problem("risk", RISK + "zzz: none\n").hint


def test_an_unknown_field_inside_a_part_is_held_against_the_fields_of_the_part():
    problem = only_problem("risk", RISK + "target: {probability: 1, impact: 1, probabilty: 2}\n")

    assert problem.place == Place("risk.yml", 5, 37)
    assert problem.message == "'target' has no field 'probabilty'"
    assert problem.hint == "did you mean 'probability'?"


def test_an_unknown_word_is_shown_with_the_allowed_ones():
    problem = only_problem("issue", "id: ISS-1\ntitle: A\nseverity: 1\nstatus: opne\n")

    assert problem.message == "status 'opne' is not one of the allowed words"
    assert problem.hint == (
        "did you mean 'open'? allowed: open, triaged, in_progress, blocked, resolved, closed, wont_fix"
    )


def test_a_missing_field_stands_at_the_record_and_says_what_it_is_for():
    problem = only_problem("issue", "id: ISS-1\ntitle: A\n")

    assert (problem.code, problem.place) == ("missing-field", Place("issue.yml", 1, 1))
    assert problem.message == "issue needs 'severity'"
    assert problem.hint == "severity: how bad it is, 1 (worst) to 4 (slight)"


def test_all_that_is_wrong_is_said_at_once():
    _, problems = decode_text("risk", "id: RSK-1\nprobability: x\nimpct: 2\nopened: 2026-02-30\n")

    assert {p.code for p in problems} == {"missing-field", "not-a-number", "unknown-field", "not-a-date"}


def test_a_record_with_a_broken_rule_is_still_a_record():
    record, problems = decode_text("risk", RISK + "response_strategy: share\n")

    assert record is not None
    assert [p.code for p in problems] == ["wrong-strategy"]


def test_a_strategy_for_the_other_polarity_is_told_with_the_right_article():
    threat = decode_text("risk", RISK + "response_strategy: exploit\n")[1]
    chance = decode_text("risk", RISK + "polarity: opportunity\nresponse_strategy: avoid\n")[1]

    assert threat[0].message.endswith("and this risk is a threat")
    assert chance[0].message.endswith("and this risk is an opportunity")


def test_a_record_knows_the_place_of_each_of_its_fields():
    record = right("risk", RISK + "links:\n  - {rel: affects, id: MS-05}\n")

    assert record.place == Place("risk.yml", 1, 1)
    assert record.origin.place_of(("impact",)) == Place("risk.yml", 4, 9)
    assert record.origin.place_of(("links", 0, "id")) == Place("risk.yml", 6, 24)
    assert record.origin.place_of(("owner",)) == record.place


def test_the_text_under_the_front_matter_is_prose():
    data, _ = read_yaml("id: DEC-1\ntitle: How dates are shown\n", "DEC-1.md", first_line=2)
    kind = KINDS.named("decision")

    record, problems = decode_record(kind, RawRecord("decision", data, "DEC-1.md", "\nBecause of *T*.\n", 5))

    assert problems == []
    assert record.prose == "\nBecause of *T*."
    assert (record.place.line, record.origin.prose_line) == (2, 5)


def test_prose_stands_in_one_place():
    data, _ = read_yaml("id: DEC-1\ntitle: How dates are shown\nprose: so\n", "DEC-1.md")

    _, problems = decode_record(KINDS.named("decision"), RawRecord("decision", data, "DEC-1.md", "and so", 5))

    assert [p.code for p in problems] == ["prose-twice"]


def test_not_applicable_is_neither_given_nor_missing():
    record = right("risk", RISK + "owner: {na: {reason: the vendor carries it}}\n")

    assert record.owner is None
    assert record.not_applicable == {"owner": "the vendor carries it"}


def test_the_id_of_a_row_is_made_from_its_key():
    # The example of the domain reference, "Rows".
    text = "metric: M-accuracy\nvalue: 0.874\nas_of: 2026-04-14\nsubject: MV-RW-1.6.2\ndataset: DST-002@2026-02\n"

    assert right("observation", text).id == "M-accuracy/MV-RW-1.6.2/DST-002@2026-02/all/2026-04-14"
    assert right("observation", text + "corrects: obs-1\n").id.endswith("/2026-04-14/corrected")
    assert right("observation", text + "id: obs-2\n").id == "obs-2"


def test_what_is_absent_from_a_key_is_a_dash():
    assert right("observation", "metric: M-a\nvalue: 1\nas_of: 2026-04-14\n").id == "M-a/-/-/all/2026-04-14"


def test_a_model_id_holds_its_version():
    assert right("model", "id: MV-RW-1.7.0-rc1\ntitle: RW\nversion: 1.7.0-rc1\nstage: validation\n")
    assert only_problem("model", "id: MV-\ntitle: RW\nversion: 1.7.0\nstage: dev\n").code == "not-an-id"


@pytest.mark.parametrize("record_id", ["RSK-1234567", "RSK-", "RSK-1a", "RSK-１", "RSK-1\u200b", "ISS-1", "RSK 1"])
def test_a_numbered_id_is_the_prefix_and_one_to_six_digits(record_id):
    assert only_problem("risk", RISK.replace("RSK-1", record_id, 1)).code == "not-an-id"


def test_a_projects_own_keys_are_left_as_they_are():
    record = right("risk", RISK + "custom: {board: {column: doing, empty: null}}\n")

    assert record.custom == {"board": {"column": "doing", "empty": None}}


def as_yaml_data(value: object) -> object:
    """Return plain data as the reader would give it, with places."""
    if isinstance(value, Mapping):
        mapping = YamlMapping()
        for key, inside in value.items():
            mapping[key] = as_yaml_data(inside)
            mapping.key_places[key] = mapping.value_places[key] = (1, 1)
        return mapping
    if isinstance(value, list):
        items = YamlList()
        items.extend(as_yaml_data(item) for item in value)
        items.places.extend([(1, 1)] * len(value))
        return items
    return value


ANY_DATA = st.recursive(
    st.none() | st.text() | st.from_regex(r"-?[0-9]{1,20}(\.[0-9]+)?", fullmatch=True) | st.just("2026-04-15"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
@given(data=st.data())
def test_no_data_makes_decoding_fail(kind, data):
    names = st.sampled_from([*shape_of(kind.model), "na", "zzz"])
    values = data.draw(st.dictionaries(names, ANY_DATA, max_size=8))

    record, problems = decode_record(kind, RawRecord(kind.name, as_yaml_data(values), "any.yml"))

    assert record is not None or problems
    assert all(problem.place.file == "any.yml" and problem.message for problem in problems)


def test_text_of_records_is_never_a_pattern_of_ours():
    # Pydantic fills braces in its own messages; text from a record must come through as it is.
    problem = only_problem("risk", RISK.replace("impact: 2", "impact: '{code} {message} %s'"))

    assert problem.message == "impact '{code} {message} %s' is not a whole number"
    assert json.dumps(problem.hint)
