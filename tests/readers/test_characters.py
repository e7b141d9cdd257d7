"""Characters: which invisible ones a text may hold (R7), line ends, bytes that are no text, leftovers of git."""

from __future__ import annotations

import pytest

from aipm_site.problems import Place
from aipm_site.readers.characters import (
    REPORTED_AT_MOST,
    check_characters,
    check_text,
    decode_text,
    describe_character,
    replace_forbidden,
    size_of,
)

FILE = "content/wiki/page.md"
ZWJ, ZWNJ, LRM, RLM = "\u200d", "\u200c", "\u200e", "\u200f"


def codes(text: str) -> list[str]:
    return [problem.code for problem in check_text(text, FILE)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("👩\u200d💻 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈", id="emoji sequences"),
        pytest.param(
            "👩🏽\u200d🚀 ❤\ufe0f\u200d🔥 🙂\u200d↔\ufe0f 🧑\u200d🦰 ♀\ufe0f", id="emoji with tones and signs"
        ),
        pytest.param("🇮🇳 1\ufe0f⃣ ☕\ufe0e", id="flags, keycaps, text style"),
        pytest.param("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", id="flag of Scotland"),
        pytest.param("می\u200cخواهم کتاب\u200cها", id="Persian with a non-joiner"),
        pytest.param("क्\u200dष श्री क्\u200cष", id="Hindi with joiners"),
        pytest.param("שלום\u200eabc\u200fשלום", id="direction marks between letters"),
        pytest.param("Zoë, naïve, 東京, Ελλάδα, ไทย, e\u0301", id="scripts of the world"),
        pytest.param("a\tb\nc — “d” … 5\u00a0%\u00ad", id="TAB, LF and typography"),
        pytest.param("\ufffd", id="the replacement character itself"),
    ],
)
def test_what_people_write_is_allowed(text):
    assert codes(text) == []
    assert replace_forbidden(text) == text


@pytest.mark.parametrize(
    "char",
    [
        *("\x00", "\x01", "\x08", "\x0b", "\x0c", "\x0d", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9f"),
        *("\ufffe", "\uffff", "\ud800", "\udfff", "\ufeff"),
        *("\u200b", "\u2060", "\u2064", "\u180e", "\u206a"),
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),
        *("\U000e0001", "\U000e0041", "\U000e007f"),
    ],
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_what_nobody_can_see_is_refused_with_line_column_and_code_point(char):
    problems = check_text(f"one\ntwo {char}three", FILE)

    assert [(p.code, p.place) for p in problems] == [("forbidden-character", Place(FILE, 2, 5))]
    assert f"U+{ord(char):04X}" in problems[0].message
    assert problems[0].hint


@pytest.mark.parametrize(
    "text",
    [
        *(f"a {ZWJ}b", f"a{ZWJ} b", f"{ZWJ}b", f"a{ZWJ}", f"a{ZWJ}{ZWJ}b", f"1{ZWNJ}2", f"👩{ZWJ}", f"id:{ZWNJ}x"),
        *(f"{LRM}a", f"a{RLM}", f"a {LRM}b", f"1{RLM}2", f"👩{LRM}💻"),
    ],
    ids=ascii,
)
def test_joiners_and_direction_marks_elsewhere_are_refused(text):
    assert set(codes(text)) == {"forbidden-character"}


def test_tag_characters_hide_nothing_behind_a_flag():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "run")

    assert len(codes(f"🏴{hidden}\U000e007f")) == 4


def test_check_text_counts_lines_from_the_first_line_given():
    assert check_text("a\nb\u200b", FILE, first_line=10)[0].place == Place(FILE, 11, 2)


def test_a_file_full_of_them_is_told_in_a_few_lines():
    problems = check_text("\x01" * 1_000, FILE)

    assert len(problems) == REPORTED_AT_MOST + 1
    assert problems[-1].message == "U+0001 (a control character) and 949 more follow"
    assert problems[-1].place.column == 51


def test_a_value_names_each_code_point_once_at_its_place():
    place = Place(FILE, 4, 8)

    problems = check_characters("a\u200bb\u200bc\u202e", place)

    assert [(p.place, p.message[:6]) for p in problems] == [(place, "U+200B"), (place, "U+202E")]


def test_replaced_characters_keep_the_columns_of_the_rest():
    assert replace_forbidden("a\u200bb\x00c") == "a\ufffdb\ufffdc"


def test_characters_without_a_name_are_described():
    assert describe_character("\u200b") == "U+200B ZERO WIDTH SPACE"
    assert describe_character("\x1b") == "U+001B (a control character)"
    assert describe_character("\uffff") == "U+FFFF (not a character)"


def test_a_byte_order_mark_and_all_line_ends_are_read():
    assert decode_text("\ufeffa\r\nb\rc\n".encode(), FILE) == ("a\nb\nc\n", [])


def test_only_one_byte_order_mark_at_the_start_is_a_mark():
    text, problems = decode_text("\ufeff\ufeffa".encode(), FILE)

    assert text == "\ufeffa"
    assert [(p.code, p.place.column) for p in problems] == [("forbidden-character", 1)]


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        ("id: x\ntitle: Zoë".encode("latin-1"), 2, 10, "0xEB"),
        (b"\xc0\x80", 1, 1, "0xC0"),
        (b"abc\xed\xa0\x80", 1, 4, "0xED"),
        ("ü".encode() + b"\xff", 1, 2, "0xFF"),
        ("id: x".encode("utf-16"), 1, 1, "UTF-16"),
    ],
)
def test_bytes_that_are_no_utf_8_are_named_at_their_place(data, line, column, words):
    text, problems = decode_text(data, FILE)

    assert text is None
    assert [(p.code, p.place) for p in problems] == [("not-utf-8", Place(FILE, line, column))]
    assert words in problems[0].message


def test_a_pointer_of_git_lfs_is_named_as_one():
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"

    text, problems = decode_text(pointer, FILE)

    assert text is None
    assert [p.code for p in problems] == ["lfs-pointer"]


def test_an_unfinished_merge_is_named_at_each_marker():
    _, problems = decode_text(b"id: x\n<<<<<<< HEAD\nowner: a\n=======\nowner: b\n>>>>>>> topic\n", FILE)

    assert [(p.code, p.place.line) for p in problems] == [("conflict-markers", 2), ("conflict-markers", 6)]


def test_a_flood_of_markers_is_told_in_a_few_lines():
    assert len(decode_text(b"<<<<<<< a\n" * 200_000, FILE)[1]) == REPORTED_AT_MOST


def test_a_page_may_show_merge_markers_in_a_fenced_block_and_underline_headings():
    page = "Title\n=======\n\n```\n<<<<<<< HEAD\n=======\n>>>>>>> topic\n```\n"

    assert decode_text(page.encode(), FILE) == (page, [])


def test_sizes_are_bytes():
    assert (size_of("abc"), size_of("aü"), size_of("👩")) == (3, 3, 4)
