"""Problems: how they are sorted, counted and printed, for people, for GitHub and as JSON."""

import json

import pytest

from aipm_site.problems import (
    Place,
    Related,
    count_problems,
    did_you_mean,
    error,
    format_github,
    format_json,
    format_text,
    has_errors,
    information,
    nearest,
    printable,
    problems_as_data,
    sort_problems,
    warning,
)

RISK = Place("content/raid/risks/RSK-014.yml", 7, 14)


def test_a_problem_reads_as_the_contract_says():
    # The form of architecture.md §4, letter by letter.
    found = error(
        "out-of-range", "probability 7 is not between 1 and 5", RISK, "1 is very unlikely, 5 is almost certain"
    )

    text = format_text([found], "nothing was written")

    assert text == (
        "content/raid/risks/RSK-014.yml:7:14: error[out-of-range]: probability 7 is not between 1 and 5\n"
        "  hint: 1 is very unlikely, 5 is almost certain\n"
        "1 error, 0 warnings in 1 file; nothing was written"
    )


def test_related_places_stand_below_their_problem():
    related = Related(Place("content/budget.yml", 22, 3), "budget line")

    lines = format_text([warning("over-budget", "GPU hours cost more", RISK, related=[related])]).splitlines()

    assert lines[1] == "  budget line: content/budget.yml:22:3"


def test_a_place_without_line_or_column_says_the_file_alone():
    assert str(Place("mkdocs.yml")) == "mkdocs.yml"
    assert str(Place("mkdocs.yml", 3)) == "mkdocs.yml:3"


def test_problems_are_sorted_by_place_as_numbers_and_errors_come_first():
    late, early = error("b", "late", Place("a.yml", 10, 1)), error("b", "early", Place("a.yml", 9, 1))
    mild, grave = warning("a", "mild", Place("a.yml", 9, 1)), information("a", "note", Place("a.yml", 9, 1))

    assert sort_problems([late, grave, mild, early]) == [early, mild, grave, late]


def test_the_same_problem_is_said_once():
    assert sort_problems([error("a", "m", RISK), error("a", "m", RISK)]) == [error("a", "m", RISK)]


def test_at_most_two_hundred_are_printed_and_all_are_counted():
    # R11: "at most 200 printed, then '… and N more'".
    found = [error("a", "wrong", Place("a.yml", line, 1)) for line in range(1, 251)]

    lines = format_text(found, "nothing was written").splitlines()

    assert len(lines) == 202
    assert lines[199].startswith("a.yml:200:1:")
    assert lines[200] == "… and 50 more"
    assert lines[201] == "250 errors, 0 warnings in 1 file; nothing was written"


def test_two_hundred_are_printed_without_a_remark():
    found = [error("a", "wrong", Place("a.yml", line, 1)) for line in range(1, 201)]

    assert "more" not in format_text(found)


@pytest.mark.parametrize(
    ("problems", "closing"),
    [
        ([], "0 errors, 0 warnings"),
        ([warning("a", "m", Place("a.yml"))], "0 errors, 1 warning in 1 file"),
        ([error("a", "m", Place("a.yml")), error("a", "m", Place("b.yml"))], "2 errors, 0 warnings in 2 files"),
        ([information("a", "m", Place("a.yml"))], "0 errors, 0 warnings, 1 for information in 1 file"),
    ],
)
def test_the_last_line_counts(problems, closing):
    assert format_text(problems).splitlines()[-1] == closing


def test_only_errors_stop_a_publication():
    assert has_errors([warning("a", "m", RISK), error("a", "m", RISK)])
    assert not has_errors([warning("a", "m", RISK), information("a", "m", RISK)])
    assert count_problems([warning("a", "m", RISK)]) == {"error": 0, "warning": 1, "information": 0}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\nb\tc\rd\x00e", "a\\nb\\tc\\rd\\x00e"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("Ärger 語 🙂", "Ärger 語 🙂"),
        ("86.4\u00a0%", "86.4 %"),
    ],
)
def test_what_could_steer_a_terminal_is_shown_as_an_escape(text, shown):
    assert printable(text) == shown


HOSTILE = "x\n::error file=a::owned\n##vso[task.complete]\r\n\x1b[2J"


def test_no_line_of_text_begins_like_a_command_to_a_runner():
    # R §3: "a line never begins with `::` or `##vso[`", whatever a file is called or says.
    related = Related(Place(HOSTILE, 1, 1), HOSTILE)

    text = format_text([error("a", HOSTILE, Place(HOSTILE, 1, 1), HOSTILE, [related])], "nothing was written")

    assert len(text.splitlines()) == 4
    assert not [line for line in text.splitlines() if line.lstrip().startswith(("::", "##"))]
    assert "\x1b" not in text


@pytest.mark.parametrize("name", ["::error file=a::owned", "##vso[task.complete]"])
def test_a_file_may_be_called_like_a_command_to_a_runner(name):
    assert format_text([error("a", "m", Place(name, 1, 1))]).startswith(f"./{name}:1:1: error[a]")


def test_github_gets_one_line_for_each_problem():
    # https://docs.github.com/actions/reference/workflow-commands-for-github-actions: properties escape : and , too.
    found = error("out-of-range", "100 % of what?", Place("content/a,b:c.yml", 7, 14), "write 0.15, not 15 %")

    assert format_github([found]) == (
        "::error file=content/a%2Cb%3Ac.yml,line=7,col=14,title=out-of-range::"
        "100 %25 of what?%0Ahint: write 0.15, not 15 %25"
    )


def test_github_has_its_own_words_for_weights():
    lines = format_github([warning("a", "m", RISK), information("a", "m", RISK), error("a", "m", RISK)]).splitlines()

    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_github_lines_cannot_be_broken_by_what_they_quote():
    lines = format_github([error("a", HOSTILE, Place(HOSTILE, 1, 1), HOSTILE)]).splitlines()

    assert len(lines) == 1
    assert "\x1b" not in lines[0]


def test_github_gets_no_line_where_nothing_is_wrong():
    assert format_github([]) == ""


def test_json_has_the_form_of_the_contract():
    related = Related(Place("content/b.yml", 2, 1), "the first one")
    found = [error("duplicate-id", "the id is taken", RISK, "hint", [related]), warning("a", "m", Place("z.yml"))]

    data = json.loads(format_json(found))

    assert data["schema"] == "aipm/problems-1"
    assert data["counts"] == {"error": 1, "warning": 1, "information": 0}
    assert data["problems"][0] == {
        "severity": "error",
        "code": "duplicate-id",
        "message": "the id is taken",
        "hint": "hint",
        "file": "content/raid/risks/RSK-014.yml",
        "line": 7,
        "column": 14,
        "related": [{"file": "content/b.yml", "line": 2, "message": "the first one"}],
    }


def test_json_holds_all_problems_and_text_as_it_is():
    found = [error("a", "Ärger \x1b", Place("a.yml", line)) for line in range(1, 301)]

    data = json.loads(format_json(found))

    assert len(data["problems"]) == 300
    assert data["problems"][0]["message"] == "Ärger \x1b"
    assert problems_as_data(reversed(found)) == data


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("falback_plan", "fallback_plan"),
        ("FALLBACK_PLAN", "fallback_plan"),
        ("in-progress", "in_progress"),
        ("x", None),
    ],
)
def test_the_nearest_word_is_found_in_spite_of_slips_and_capitals(word, near):
    assert nearest(word, ["in_progress", "fallback_plan", "title"]) == near


def test_of_two_words_that_are_equally_near_it_is_always_the_same():
    assert nearest("RSK-01", ["RSK-012", "RSK-011"]) == nearest("RSK-01", ["RSK-011", "RSK-012"])


def test_a_hint_says_something_else_where_nothing_is_near():
    assert did_you_mean("titel", ["title"]) == "did you mean 'title'?"
    assert did_you_mean("qqq", ["title"], "its fields are title") == "its fields are title"
