"""Plain text: lines that fit a terminal and cannot steer it."""

from aipm_site.summaries.plain_text import render_text, wrapped


def test_a_text_is_broken_between_words_and_what_stands_before_its_lines_counts():
    assert wrapped("one two three four", 12, "  - ", "    ") == ("  - one two", "    three", "    four")


def test_a_word_that_is_too_long_stays_whole_so_that_it_can_be_copied():
    assert wrapped("see content/raid/risks/RSK-014.yml:7", 12) == ("see", "content/raid/risks/RSK-014.yml:7")


def test_a_number_and_its_unit_stay_together():
    assert wrapped("it is 86.4\u00a0%", 10) == ("it is", "86.4\u00a0%")


def test_nothing_to_say_is_one_line_of_what_stands_before_it():
    assert wrapped("", 20, "formula  ") == ("formula",)


def test_values_in_a_template_are_shown_with_escapes():
    text = render_text("problem.txt", code="x\x1b[2J", blocks=(("a\u202eb",),))

    assert text == "x\\x1b[2J\n\na\\u202eb\n"
