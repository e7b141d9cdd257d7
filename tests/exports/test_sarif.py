"""SARIF: what `aipm check --format sarif` prints is SARIF 2.1.0, as far as its schema and its prose rule what we use."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from jsonschema import Draft7Validator

from aipm_site.exports.sarif import FINGERPRINT, format_sarif
from aipm_site.problems import Place, Related, error, information, warning
from aipm_site.summaries.explanations import known_codes
from tests.commands.runs import RISK, aipm, write_project
from tests.commands.test_check import WRONG

_TEXT = {"type": "string"}


def group(required=(), **properties):
    """Return the schema of an object that has no other properties, as every object of SARIF's schema but bags."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def many(item):
    return {"type": "array", "items": item, "uniqueItems": True}


# Written by hand from the schema that OASIS publishes (sarif-schema-2.1.0.json, errata 01): of each object the
# properties that we use, with what it requires and forbids; `required` has besides what GitHub asks for ("SARIF
# support for code scanning": rules with shortDescription, fullDescription and help, results with a region's line).
MESSAGE = group(["text"], text=_TEXT, markdown=_TEXT)
REGION = group(
    ["startLine"],
    startLine={"type": "integer", "minimum": 1},
    startColumn={"type": "integer", "minimum": 1},
)
LOCATION = group(
    ["physicalLocation"],
    id={"type": "integer", "minimum": -1},
    physicalLocation=group(
        ["artifactLocation", "region"],
        artifactLocation=group(["uri"], uri={"type": "string", "format": "uri-reference"}),
        region=REGION,
    ),
    message=MESSAGE,
)
RULE = group(
    ["id", "shortDescription", "fullDescription", "help"],
    id=_TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
)
RESULT = group(
    ["ruleId", "message", "locations", "level", "partialFingerprints"],
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations={**many(LOCATION), "minItems": 1},
    relatedLocations=many(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
)
SCHEMA = group(
    ["version", "runs", "$schema"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"enum": ["2.1.0"]},
    runs={
        "type": "array",
        "items": group(
            ["tool", "results"],
            tool=group(["driver"], driver=group(["name"], name=_TEXT, semanticVersion=_TEXT, rules=many(RULE))),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results={"type": "array", "items": RESULT},
        ),
    },
)
# https://semver.org/spec/v2.0.0.html
SEMANTIC = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\Z")
PLACE = Place("content/raid/risks/RSK-014.yml", 7, 14)


def run_of(problems):
    data = json.loads(format_sarif(problems))
    assert [problem.message for problem in Draft7Validator(SCHEMA).iter_errors(data)] == []
    return data["runs"][0]


def result_of(problem):
    return run_of([problem])["results"][0]


def some_of_each():
    related = [Related(Place("content/b.yml", 2, 1), "the first one"), Related(Place("content/b.yml", 2, 1), "again")]
    return [
        error("duplicate-id", "the id is taken", PLACE, "ids are unique", related),
        warning("overdue", "due 2026-04-01", Place("content/actions/ACT-001.yml", 3)),
        information("odd-file-in-kind-folder", "a picture lies among records", Place("content/risks/a.png")),
    ]


def test_the_file_has_the_form_of_the_standard():
    run = run_of(some_of_each())

    assert SEMANTIC.match(run["tool"]["driver"]["semanticVersion"])
    assert [result["level"] for result in run["results"]] == ["warning", "error", "note"]


def test_a_run_without_problems_has_results_and_rules_that_are_empty():
    run = run_of([])

    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_each_result_points_at_its_rule_and_each_rule_is_there_once():
    run = run_of([*some_of_each(), error("duplicate-id", "another id is taken", PLACE)])

    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]


@pytest.mark.parametrize("code", known_codes())
def test_a_rule_says_what_the_code_means_in_a_line_and_in_full(code):
    rule = run_of([error(code, "m", PLACE)])["tool"]["driver"]["rules"][0]

    # "SARIF support for code scanning": names and short descriptions hold 255 and 1,024 characters at most.
    assert 0 < len(rule["shortDescription"]["text"]) <= 1024
    assert "\n" not in rule["shortDescription"]["text"]
    assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
    assert rule["help"]["markdown"] == known_codes()[code].strip()


def test_message_and_hint_stand_in_the_message_and_other_places_beside_it():
    result = result_of(some_of_each()[0])

    assert result["message"]["text"] == "the id is taken\nhint: ids are unique"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 14}
    assert [(place["id"], place["message"]["text"]) for place in result["relatedLocations"]] == [
        (1, "the first one"),
        (2, "again"),
    ]


def test_a_file_as_a_whole_is_shown_at_its_first_line():
    # GitHub "can display the correct location only for results that provide" a region with a line (rule GH1003 of
    # the SARIF validator).
    result = result_of(error("empty-file", "there is nothing", Place("content/a.yml")))

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_columns_count_characters_as_ours_do():
    assert run_of([])["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    "path",
    [
        "content/a b.yml",
        "content/100%.yml",
        "content/a#b?c.yml",
        "content/ärger/語.yml",
        "javascript:alert(1).yml",
        "http://example.org/a.yml",
        "content/[a]{b}<c>.yml",
        "content/not-\udcff-utf-8.yml",
    ],
)
def test_any_path_is_a_relative_uri_that_leads_back_to_it(path):
    uri = result_of(error("empty-file", "m", Place(path, 1)))["locations"][0]["physicalLocation"]["artifactLocation"][
        "uri"
    ]

    # RFC 3986: only these characters stand in a path without being encoded.
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri)
    assert urlsplit(uri).scheme == ""
    assert unquote(uri, errors="surrogateescape") == path


def test_what_a_record_says_is_neither_placeholder_nor_link():
    # SARIF §3.11.5: braces stand doubled. §3.11.6: [text](destination) is a link, unless a bracket is escaped.
    text = result_of(error("unknown-value", "'{0}' and '[mend it](https://example.org)' are no words", PLACE))[
        "message"
    ]

    assert text["text"] == "'{{0}}' and '[mend it\\](https://example.org)' are no words"


def test_text_that_is_no_unicode_can_be_written():
    text = format_sarif([error("bad-file-name", "'\udcff' is no name", Place("content/\udcff", 1))])

    assert "\\udcff" in json.loads(text.encode())["runs"][0]["results"][0]["message"]["text"]


def test_a_fingerprint_stays_when_lines_come_and_go_and_tells_equal_problems_apart():
    def prints(*problems):
        return [result["partialFingerprints"][FINGERPRINT] for result in run_of(problems)["results"]]

    here, there = error("a", "m", Place("a.yml", 3, 1)), error("a", "m", Place("a.yml", 9, 1))

    assert prints(here) == prints(there)
    assert len(set(prints(here, there))) == 2
    assert prints(here) != prints(error("a", "m", Place("b.yml", 3, 1)))
    assert prints(here) != prints(error("a", "n", Place("a.yml", 3, 1)))


def test_all_problems_are_there_in_the_same_bytes_whatever_their_order():
    # R11: "at most 200 printed …; JSON and SARIF have all".
    found = [error("empty-text", f"text {line}", Place("a.yml", line, 1)) for line in range(1, 301)]

    assert len(run_of(found)["results"]) == 300
    assert format_sarif(found) == format_sarif(reversed(found)) == format_sarif(found * 2)


def test_the_command_prints_the_same_problems_as_in_json(tmp_path):
    write_project(tmp_path, WRONG)

    printed = aipm("check", "--format", "sarif", at=tmp_path)
    data = json.loads(aipm("check", "--format", "json", at=tmp_path).stdout)

    assert printed.exit_code == 1
    assert list(Draft7Validator(SCHEMA).iter_errors(json.loads(printed.stdout))) == []
    results = json.loads(printed.stdout)["runs"][0]["results"]
    places = [(r["ruleId"], r["locations"][0]["physicalLocation"]) for r in results]
    assert [(code, p["artifactLocation"]["uri"], p["region"]["startLine"]) for code, p in places] == [
        (problem["code"], problem["file"], problem["line"]) for problem in data["problems"]
    ]
    assert len(results) > 6
    assert str(tmp_path) not in printed.stdout


def test_where_nothing_is_wrong_the_exit_code_is_that_of_check(tmp_path):
    write_project(tmp_path, {"risks/RSK-001.yml": RISK})

    result = aipm("check", "--format", "sarif", at=tmp_path)

    assert result.exit_code == 0
    assert {r["level"] for r in json.loads(result.stdout)["runs"][0]["results"]} == {"warning"}
