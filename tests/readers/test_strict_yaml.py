"""Strict YAML: plain scalars stay text, everything knows its place, YAML's tricks are named and refused."""

from __future__ import annotations

import json
import time

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from aipm_site.problems import Place, Problem
from aipm_site.readers import yaml_builder
from aipm_site.readers.strict_yaml import Limits, YamlList, YamlMapping, read_yaml

FILE = "content/risks/RSK-014.yml"


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with both parsers, as a machine may lack the quick one."""
    if request.param == "pure":
        monkeypatch.setattr(yaml_builder, "_PARSER", yaml.SafeLoader)
    return str(request.param)


def only_problem(text: str) -> Problem:
    """Return the one problem that a text has."""
    _, problems = read_yaml(text, FILE)
    assert len(problems) == 1, problems
    return problems[0]


def found(text: str) -> list[tuple[str, int, int]]:
    """Return code, line and column of each problem of a text."""
    return [(p.code, p.place.line, p.place.column) for p in read_yaml(text, FILE)[1]]


def mapping(text: str) -> YamlMapping:
    """Return the mapping in a text that has no problems."""
    data, problems = read_yaml(text, FILE)
    assert not problems
    assert isinstance(data, YamlMapping)
    return data


# T-01, T-02, T-03, T-05, T-06 of the specification: what YAML 1.1 makes another value of.
@pytest.mark.parametrize(
    "scalar",
    [
        *("NO", "no", "on", "off", "yes", "y", "true", "False", "NULL", "Null", "="),
        *("11:00", "9:00", "1:30", "12:30:45", "2026-04-15", "2026-4-5", "2026-13-01", "2026-02-30", "20260415"),
        *("3.10", "1.10", "1.6.2", "0123", "010", "08", "1_000", "1e3", "0x1F", "0o17", "5%", "1,200", "+12", "-0"),
        *(".nan", ".inf", "-.INF"),
    ],
)
def test_a_plain_scalar_stays_the_text_that_was_written(scalar):
    assert mapping(f"value: {scalar}\n")["value"] == scalar


@pytest.mark.parametrize("written", ["", "null", "~", " # comment"])
def test_null_tilde_and_nothing_are_not_given(written):
    assert mapping(f"value: {written}\nnext: x\n") == {"value": None, "next": "x"}


@pytest.mark.parametrize("written", ["'null'", '"~"', "''", '""'])
def test_in_quotes_they_are_text(written):
    assert mapping(f"value: {written}\n")["value"] == written[1:-1]


def test_block_and_folded_text_is_kept():
    assert mapping("a: |\n  one\n  two\nb: >-\n  one\n  two\n") == {"a": "one\ntwo\n", "b": "one two"}


def test_every_key_value_and_item_knows_its_place():
    data = mapping("id: RSK-014\nlinks:\n  - rel: blocks\n    id: MS-05\n  - {rel: affects}\ntags: [a, b]\nend:\n")

    assert (data.line, data.column) == (1, 1)
    assert data.key_places == {"id": (1, 1), "links": (2, 1), "tags": (6, 1), "end": (7, 1)}
    assert data.value_places == {"id": (1, 5), "links": (3, 3), "tags": (6, 7), "end": (7, 5)}
    links = data["links"]
    assert isinstance(links, YamlList)
    assert links.places == [(3, 5), (5, 5)]
    assert links[0].value_places["id"] == (4, 9)
    assert (links[1].line, links[1].column) == (5, 5)
    assert data["tags"].places == [(6, 8), (6, 11)]


def test_places_count_from_the_first_line_that_the_text_has_in_its_file():
    data, problems = read_yaml("id: A\nid: B\n", FILE, first_line=12)

    assert isinstance(data, YamlMapping)
    assert data.value_places["id"] == (12, 5)
    assert problems[0].place == Place(FILE, 13, 1)


def test_a_column_counts_characters_not_bytes():
    assert mapping("{'größe': 3, b: 4}").key_places["b"] == (1, 14)


def test_a_repeated_key_names_both_lines_and_the_first_value_stays():
    data, problems = read_yaml("id: RSK-014\ntitle: One\ntitle: Two\n", FILE)

    assert data == {"id": "RSK-014", "title": "One"}
    assert [(p.code, p.place) for p in problems] == [("duplicate-key", Place(FILE, 3, 1))]
    assert "line 2" in problems[0].message
    assert problems[0].related[0].place == Place(FILE, 2, 1)


def test_a_repeated_key_inside_another_value_is_found_too():
    assert found("raci:\n  consulted: [a]\n  consulted: [b]\n") == [("duplicate-key", 3, 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("owner: &lead Data lead\n", ("yaml-anchor", 1, 8)),
        ("links: &l [a]\n", ("yaml-anchor", 1, 8)),
        ("value: !!int 3\n", ("yaml-tag", 1, 8)),
        ("value: ! 3\n", ("yaml-tag", 1, 8)),
        ("value: !secret x\n", ("yaml-tag", 1, 8)),
        ("value: !e!x 1\n", ("yaml-tag", 1, 8)),
        ("links: !!python/tuple [a]\n", ("yaml-tag", 1, 8)),
        ("<<: {a: 1}\nid: x\n", ("yaml-merge-key", 1, 1)),
        ("%YAML 1.1\n---\nid: x\n", ("yaml-directive", 1, 1)),
        ("%TAG ! tag:x,2000:\n---\nid: x\n", ("yaml-directive", 1, 1)),
        ("%YAML 3.0\n---\nid: x\n", ("yaml-directive", 1, 1)),
        ("id: x\n---\nid: y\n", ("second-document", 2, 1)),
        ("? [a, b]\n: c\n", ("key-not-text", 1, 3)),
        ("? {a: b}\n: c\n", ("key-not-text", 1, 3)),
        ("{a: b}: c\n", ("key-not-text", 1, 1)),
        ("?\n: c\n", ("key-not-text", 1, 2)),
        ("tags: [a, ?b]\n", ("not-yaml", 1, 12)),
        ("raci: {?a: b}\n", ("not-yaml", 1, 9)),
        ("~: c\n", ("key-not-text", 1, 1)),
        ("'': c\n", ("key-not-text", 1, 1)),
        ("__proto__: c\n", ("reserved-key", 1, 1)),
        ("__class__: c\n", ("reserved-key", 1, 1)),
        ("custom: {constructor: c}\n", ("reserved-key", 1, 10)),
        ("prototype: c\n", ("reserved-key", 1, 1)),
    ],
)
def test_what_records_must_not_use_is_named_at_its_place(text, expected):
    assert found(text) == [expected]


def test_an_alias_is_refused_and_a_scalar_behind_it_is_not_reported_as_missing():
    data, problems = read_yaml("owner: &lead Data lead\nreviewer: *lead\n", FILE)

    assert data == {"owner": "Data lead", "reviewer": "Data lead"}
    assert [p.code for p in problems] == ["yaml-anchor", "yaml-alias"]


def test_an_alias_bomb_is_refused_at_once():
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))

    _, problems = read_yaml("l0: &l0 x\n" + levels, FILE)

    assert {p.code for p in problems} == {"yaml-anchor", "yaml-alias"}


def test_all_problems_of_a_text_are_found_in_one_pass():
    text = "id: A\nid: B\n__x__: 1\nowner: &a b\nvalue: !!int 3\n? [k]\n: v\nlinks: [{rel: a, rel: b}]\n"

    assert [code for code, _, _ in found(text)] == [
        "duplicate-key",
        "reserved-key",
        "yaml-anchor",
        "yaml-tag",
        "key-not-text",
        "duplicate-key",
    ]


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("title: Delay: two weeks\n", (1, 13), "a key cannot stand here", "quotes"),
        ("id: x\n\ttitle: y\n", (2, 1), "TAB", "spaces"),
        ("id: x\ncause:\n  - a\n\t- b\n", (4, 1), "TAB", "spaces"),
        ("owner: @lead\n", (1, 8), "cannot begin with '@'", "quotes"),
        ("owner: `lead`\n", (1, 8), "cannot begin with '`'", "quotes"),
        ("title: % done\n", (1, 8), "cannot begin with '%'", "quotes"),
        ('id: x\ntitle: "Open\nowner: y\n', (2, 8), "quote is not closed", "close it"),
        ("id: x\ntags: [a, b\n", (2, 7), "'[' is not closed", "']'"),
        ("id: x\nraci: {a: b\n", (2, 7), "'{' is not closed", "'}'"),
        ("id: x\n title: y\n", (2, 7), "a key cannot stand here", "same column"),
        ("id: x\n- y\n", (2, 1), "does not fit the lines above", "same column"),
        ("- id: x\nid: y\n", (2, 1), "does not", "same column"),
        ("title: 'a' b\n", (1, 12), "does not fit", "quote"),
        ("id: x\ntitle\nowner: y\n", (3, 1), "", ""),
        ('title: "C:\\Users"\n', (1, 11), "backslash", "single quotes"),
        ("note: |text\n  more\n", (1, 8), "behind '|' or '>'", "next line"),
        ("title: - a\n", (1, 8), "list item cannot stand here", "next line"),
        ("title: *\n", (1, 9), "'*' or '&'", "quotes"),
        ("{a: 1}}\n", (1, 7), "has ended", "bracket"),
    ],
)
def test_broken_yaml_is_explained_in_plain_words(text, place, message, hint):
    problem = only_problem(text)

    assert problem.code == "not-yaml"
    assert problem.place.line == place[0]
    assert message in problem.message
    assert hint in problem.hint


def test_broken_yaml_is_pointed_at_to_the_column(parser):
    if parser == "pure":
        pytest.skip("the pure parser stops a character earlier or later")

    assert only_problem("title: Delay: two weeks\n").place == Place(FILE, 1, 13)
    assert only_problem('id: x\ntitle: "Open\nowner: y\n').place == Place(FILE, 2, 8)


def test_problems_before_a_syntax_error_are_told_with_it():
    assert [code for code, _, _ in found("id: A\nid: B\ntitle: a: b\n")] == ["duplicate-key", "not-yaml"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("\n  \n", "empty-file"),
        ("---\n", "empty-file"),
        ("~\n", "empty-file"),
        ("# nothing yet\n", "only-comments"),
        ("---\n# nothing\n...\n", "only-comments"),
        ("just a text\n", "not-a-record"),
        ("'quoted'\n", "not-a-record"),
        ("|\n block\n", "not-a-record"),
    ],
)
def test_a_text_without_a_record_is_named_as_what_it_is(text, code):
    data, problems = read_yaml(text, FILE)

    assert data is None
    assert [p.code for p in problems] == [code]


def test_a_leading_document_mark_is_fine():
    assert mapping("--- # risk\nid: x\n...\n") == {"id": "x"}


def test_sixteen_levels_are_allowed_and_not_one_more():
    assert read_yaml("a: " + "[" * 15 + "]" * 15, FILE)[1] == []
    assert found("a: " + "[" * 16 + "]" * 16) == [("too-deep", 1, 19)]


def test_in_a_list_of_records_the_levels_count_for_each():
    assert read_yaml("- a: " + "[" * 15 + "]" * 15, FILE)[1] == []
    assert [code for code, _, _ in found("- a: " + "[" * 16 + "]" * 16)] == ["too-deep"]


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000, "a: " + "[" * 50_000 + "]" * 50_000])
def test_fifty_thousand_levels_are_a_problem_and_no_crash(text):
    started = time.process_time()

    data, problems = read_yaml(text, FILE)

    assert data is None
    assert {p.code for p in problems} <= {"too-deep", "not-yaml"}
    assert problems
    assert time.process_time() - started < 20


def test_a_record_of_5000_nodes_is_allowed_and_not_one_more():
    # One mapping, one key, one list and 4,997 items are 5,000 nodes.
    assert read_yaml(f"a: [{', '.join(['x'] * 4_997)}]", FILE)[1] == []
    assert [code for code, _, _ in found(f"a: [{', '.join(['x'] * 4_998)}]")] == ["too-many-values"]


def test_in_a_list_of_records_the_nodes_count_for_each():
    data, problems = read_yaml("- {a: 1, b: 2}\n" * 2_000, FILE)

    assert problems == []
    assert data is not None
    assert len(data) == 2_000


def test_a_list_cannot_hold_more_than_the_file_may():
    _, problems = read_yaml("- a\n" * 30, FILE, limits=Limits(file_nodes=20))

    assert [p.code for p in problems] == ["too-many-values"]


def test_a_record_of_256_kib_is_allowed_and_not_one_byte_more():
    filler = "x" * (256 * 1024 - len("note: ''"))

    assert read_yaml(f"note: '{filler}'", FILE)[1] == []
    assert [code for code, _, _ in found(f"note: 'x{filler}'")] == ["too-large"]
    assert "262,144 are allowed" in only_problem(f"note: 'x{filler}'").message


def test_in_a_list_of_records_the_size_counts_for_each_in_bytes():
    item = "- {note: '" + "ü" * 100_000 + "'}\n"

    assert read_yaml(item * 3, FILE)[1] == []
    assert found(item + "- {note: '" + "ü" * 140_000 + "'}\n") == [("too-large", 2, 3)]


def test_a_text_beyond_the_limit_of_a_file_is_not_even_parsed():
    _, problems = read_yaml("a: [" + "x" * 100, FILE, limits=Limits(file_size=50))

    assert [p.code for p in problems] == ["too-large"]


def test_forbidden_characters_behind_escapes_are_found():
    data, problems = read_yaml('id: x\ntitle: "a\\u200Bb\\x00\\u202E"\n', FILE)

    assert data == {"id": "x", "title": "a\ufffdb\ufffd\ufffd"}
    assert [p.place for p in problems] == [Place(FILE, 2, 8)] * 3
    assert [p.message.split()[0] for p in problems] == ["U+200B", "U+0000", "U+202E"]


@pytest.mark.parametrize("quoted", ["'a\\u200Bb'", "a\\u200Bb"])
def test_outside_double_quotes_a_backslash_is_a_backslash(quoted):
    assert mapping(f"title: {quoted}\n")["title"] == "a\\u200Bb"


def test_escaped_line_ends_are_normalised_like_written_ones():
    assert mapping('note: "a\\r\\nb\\rc\\td"\n')["note"] == "a\nb\nc\td"


def test_half_a_character_is_named_by_its_code_point():
    _, problems = read_yaml('title: "\\ud83d\\ude00"\n', FILE)

    assert {p.code for p in problems} == {"forbidden-character"}
    assert "U+D83D" in problems[0].message


def test_unicode_line_separators_are_letters_not_line_ends():
    data = mapping('title: a\u2028audience:public\nnote: "b\u2029c"\nlast: x\n')

    assert data == {"title": "a\u2028audience:public", "note": "b\u2029c", "last": "x"}
    assert data.key_places["last"] == (3, 1)


def test_text_that_was_not_decoded_by_us_is_refused_and_does_not_crash():
    assert only_problem("title: a\x07b\n").code == "forbidden-character"
    assert only_problem("title: a\ud800b\n").code == "forbidden-character"


def test_a_mapping_can_be_made_in_code():
    made = YamlMapping()

    assert (made.line, made.column, made, made.key_places) == (1, 1, {}, {})


def test_a_copy_without_a_key_leaves_the_original_as_it_was():
    data = mapping("kind: risk\nid: x\n")

    copy = data.without("kind")

    assert copy == {"id": "x"}
    assert (copy.key_places, copy.value_places) == ({"id": (2, 1)}, {"id": (2, 5)})
    assert data["kind"] == "risk"


@given(st.text(alphabet=st.sampled_from(list("ab:-[]{}\"'&*!|>%@#,? \n\t\\~0=<.\u00fc\u2028")), max_size=60))
@example("? ")
@example("- - -")
@example("a: |\n")
def test_any_text_gives_data_or_a_problem_inside_the_text(text):
    for parser in (yaml.CSafeLoader, yaml.SafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_builder, "_PARSER", parser)
            data, problems = read_yaml(text, FILE)
        assert data is not None or problems
        assert all(is_inside(p.place, text) for p in problems), problems


@given(st.dictionaries(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1), st.text(max_size=30)))
def test_what_json_writes_is_read_back_or_refused_by_code_point(values):
    values = {key: text for key, text in values.items() if key not in ("constructor", "prototype")}
    data, problems = read_yaml(json.dumps(values, ensure_ascii=False), FILE)

    expected = {key: text.replace("\r\n", "\n").replace("\r", "\n") for key, text in values.items()}
    assert data == expected or all("U+" in p.message for p in problems)


def is_inside(place: Place, text: str) -> bool:
    """Say whether a place is one that an editor can show."""
    lines = text.split("\n")
    return 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1
