"""The YAML test suite and the list of naughty strings: data or a problem with its place, never another exception."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import yaml

from aipm_site.readers.characters import decode_text, replace_forbidden
from aipm_site.readers.strict_yaml import YamlMapping, read_yaml
from tests.shared_data import shared_data

# How the suite's files write characters that would not be seen (its ReadMe.md, "Special Characters").
_VISIBLE = [("␣", " "), ("—*»", "\t"), ("↵", ""), ("⇔", "\ufeff"), ("←", "\r"), ("∎\n\\Z", "")]
# libyaml adds no line end to a block that ends with blanks and no line end.
_KNOWN = {"L24T-1"}
_FILE = "content/case.yml"


@dataclass(frozen=True)
class Case:
    """One case of the suite: its text, and the JSON that it means where it has one."""

    name: str
    text: str
    json: str | None


def cases() -> Iterator[Case]:
    for path in sorted((shared_data("yaml-test-suite") / "src").glob("*.yaml")):
        for number, item in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            if "yaml" in item:
                yield Case(f"{path.stem}-{number}", as_written(item["yaml"]), item.get("json"))


def as_written(text: str) -> str:
    for shown, meant in _VISIBLE:
        text = re.sub(shown, meant, text)
    return text


def test_every_case_of_the_yaml_test_suite_gives_data_or_a_problem_with_its_place():
    count = 0
    for case in cases():
        count += 1
        text, problems = decode_text(case.text.encode(), _FILE)
        assert text is not None
        data, found = read_yaml(replace_forbidden(text), _FILE)
        lines = text.split("\n")
        for problem in (*problems, *found):
            assert problem.place.file == _FILE
            assert 1 <= problem.place.line <= len(lines), (case.name, problem)
            assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1, (case.name, problem)
        assert data is not None or problems or found, case.name
    assert count > 350


def test_where_we_accept_a_case_our_data_are_those_of_the_suite():
    compared = 0
    for case in cases():
        data, problems = read_yaml(case.text, _FILE)
        if case.json is None or problems or case.name in _KNOWN:
            continue
        compared += 1
        assert agrees(data, json.loads(case.json)), (case.name, data, case.json)
    assert compared > 60


def agrees(ours: object, theirs: object) -> bool:
    """Compare shapes and texts; what JSON writes without quotes is text with us, or nothing."""
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and set(ours) == set(theirs) and all(agrees(ours[k], theirs[k]) for k in ours)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(agrees, ours, theirs))
    if isinstance(theirs, str):
        return ours == theirs
    return ours is None or isinstance(ours, str) if theirs is None else isinstance(ours, str)


@pytest.mark.parametrize("ascii_only", [False, True], ids=["as characters", "as escapes"])
def test_every_naughty_string_comes_back_as_it_is_or_is_refused_by_its_code_point(ascii_only):
    strings = json.loads((shared_data("blns") / "blns.json").read_text(encoding="utf-8"))
    refused = 0
    for string in strings:
        raw = f"title: {json.dumps(string, ensure_ascii=ascii_only)}\n"
        text, problems = decode_text(raw.encode(), _FILE)
        assert text is not None
        data, found = read_yaml(replace_forbidden(text), _FILE)
        if problems or found:
            refused += 1
            assert {p.code for p in (*problems, *found)} == {"forbidden-character"}, string
            assert all("U+" in p.message for p in (*problems, *found)), string
        else:
            assert isinstance(data, YamlMapping)
            assert data["title"] == string
    assert len(strings) > 500
    assert refused < 40
