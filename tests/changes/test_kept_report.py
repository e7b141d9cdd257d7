"""A report that was kept as JSON is worded as it would have been at once, and one that was made up does no harm."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from aipm_site.summaries.change_comment import LONGEST
from tests.changes.made_up import made_up_of
from tests.changes.projects import FILES, MILESTONE, begin_here, changes, other, raised, run
from tests.changes.test_comment import HOSTILE, REFERENCE, rendered, texts
from tests.changes.test_three_forms import history as three_forms  # noqa: F401  a fixture of another module
from tests.changes.test_three_forms import told
from tests.commands.runs import aipm
from tests.repository import History
from tests.sample import write

FORMS = ("text", "markdown", "json")


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "project")
    history.commit({**FILES, "content/milestones/MS-01.yml": MILESTONE}, day=0)
    begin_here(history)
    return history


@pytest.fixture
def kept(tmp_path: Path) -> Callable[..., Result]:
    """Word a report that lies in a folder without a project."""

    def word(data: Any, form: str = "markdown") -> Result:
        text = data if isinstance(data, str) else json.dumps(data)
        folder = write(tmp_path / "elsewhere", {"report.json": text})
        return aipm("-C", str(folder), "changes", "--from-json", str(folder / "report.json"), "--format", form)

    return word


def withdrawn_and_removed(history: History) -> None:
    history.commit(
        {"content/risks/RSK-002.yml": other("RSK-002"), "content/risks/RSK-003.yml": other("RSK-003")}, day=0
    )
    history.commit({"content/risks/RSK-004.yml": other("RSK-004")}, day=0)
    begin_here(history)
    (history.root / "content/risks/RSK-002.yml").unlink()
    history.commit(
        {
            "content/risks/RSK-003.yml": other("RSK-003") + "status: withdrawn\nreason: a duplicate\n",
            "content/risks/RSK-004.yml": other("RSK-004") + "status: closed\nclosed: 2026-04-01\n",
        },
        day=0,
    )


def raised_and_moved(history: History) -> None:
    moved = MILESTONE.replace("forecast_date: 2026-05-01", "forecast_date: 2026-05-12")
    history.commit({"content/risks/RSK-001.yml": raised(), "content/milestones/MS-01.yml": moved}, day=1)


def broken(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised(probability=30)}, day=1)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change", [lambda history: None, withdrawn_and_removed, raised_and_moved, broken])
def test_it_says_the_same_as_at_once(history: History, kept, change, form: str) -> None:
    change(history)
    policy = write(history.root.parent, {"policy.yml": "- {when: {record_changed: any}, then: warn, because: so}\n"})
    options = ("--policy", str(policy / "policy.yml"))

    again = kept(changes(history, *options), form)

    assert (again.exit_code, again.stderr) == (0, "")
    assert again.stdout == run(history, *options, "--format", form).out


@pytest.mark.parametrize("form", FORMS)
def test_so_do_gates_forecasts_and_ids_that_both_branches_took(three_forms: History, kept, form: str) -> None:  # noqa: F811
    assert kept(told(three_forms, "json"), form).stdout == told(three_forms, form)


def test_what_is_told_to_one_audience_is_told_in_the_same_words(history: History, kept) -> None:
    history.commit({"content/risks/RSK-001.yml": raised() + "audience: restricted\n"}, day=1)
    for audience in ("public", "internal", "restricted"):
        options = ("--audience", audience)
        assert kept(changes(history, *options)).stdout == run(history, *options, "--format", "markdown").out


def test_errors_are_told_to_those_who_write_and_to_nobody_else(history: History) -> None:
    broken(history)

    written = html.unescape(re.sub("<i></i>", "", run(history, "--format", "markdown").out))
    told_outside = run(history, "--audience", "public", "--format", "markdown").out

    assert "<details><summary>Errors: 1</summary>" in written
    assert "| <code>content/risks/RSK-001.yml:3</code> | <code>out-of-range</code> | probability 30 is not" in written
    assert "30" not in told_outside
    assert "errors" not in changes(history, "--audience", "public")


WRONG = {
    "no JSON": "{",
    "a list": "[]",
    "no UTF-8": '{"schema": "\\ud800"}',
    "two documents": lambda data: json.dumps(data) * 2,
    "deep": lambda data: json.dumps(data).replace('"gates": []', '"gates": ' + "[" * 100_000 + "]" * 100_000),
    "another schema": lambda data: data | {"schema": "aipm/changes-2"},
    "no schema": lambda data: {key: value for key, value in data.items() if key != "schema"},
    "no figures": lambda data: {key: value for key, value in data.items() if key != "figures"},
    "another verdict": lambda data: data | {"verdict": "approved"},
    "a status of their own": lambda data: (
        data | {"status": {"before": "red", "after": "fine", "better": True, "reasons": []}}
    ),
    "a dimension of their own": lambda data: (
        data | {"dimensions": [{"name": "trust", "before": "red", "after": "green", "better": True, "reasons": []}]}
    ),
    "records that are a text": lambda data: data | {"records": "@all"},
    "a headline that is a list": lambda data: data | {"headline": ["@all"]},
    "a headline of their own": lambda data: data | {"headline": "Approved by the sponsor"},
    "a headline with more behind it": lambda data: data | {"headline": "No change to the status. Approved."},
    "a headline without end": lambda data: (
        data | {"headline": "Overall amber → red: " + "; ".join(["RSK-1 closed"] * 99)}
    ),
    "a head that is a sentence": lambda data: data | {"head": "the release, approved"},
    "a base that is a link": lambda data: data | {"base": "https://evil.example"},
    "a day that is none": lambda data: data | {"as_of": "today"},
    "a number beyond all": lambda data: json.dumps(data | {"unread": {"base": 77, "head": 0}}).replace(
        "77", "7" * 5_000
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_does_not_have_the_form_is_refused_and_nothing_is_printed(history: History, kept, wrong) -> None:
    run_ = kept(wrong(changes(history)) if callable(wrong) else wrong)

    assert (run_.exit_code, run_.stdout) == (2, "")
    assert "is no report of `aipm changes --format json`" in run_.stderr
    assert "Traceback" not in run_.stderr


def test_what_is_wrong_is_said_in_a_line_that_steers_nothing(history: History, kept) -> None:
    said = kept(changes(history) | {"verdict": "x\n::error::y\u202e" + "z" * 1_000_000}).stderr

    assert said.count("\n") == 1
    assert "x\\n::error::y\\u202ezzz" in said
    assert said.endswith("- at `$.verdict`\n")
    assert len(said) < 500


def test_keys_of_a_later_version_are_not_read(history: History, kept) -> None:
    data = changes(history)

    assert kept(data | {"mood": "<b>@all</b>"}).stdout == kept(data).stdout


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_of_it_is_inert(three_forms: History, kept, text: str) -> None:  # noqa: F811
    data = json.loads(told(three_forms, "json"))
    made_up = made_up_of(data, text)

    plain = kept(json.loads(json.dumps(made_up).replace(json.dumps(text), '"TEXT"'))).stdout
    hostile = kept(made_up).stdout

    # As many lines as a harmless text makes, and the same but where the text stands; a field is called "Text".
    assert plain.count("TEXT") > 30
    for one, other_ in zip(plain.split("\n"), hostile.split("\n"), strict=True):
        assert re.fullmatch(".*".join(map(re.escape, re.split("TEXT|Text", one))), other_)
    # The comment at its end is ours, and so are these elements.
    assert hostile.count("<!--") == 1
    # Hosts read Markdown within folded parts; the library of the tests where it is asked to.
    page = rendered(hostile.replace("<details>", '<details markdown="1">'))
    assert not [part for part in texts(page) if REFERENCE.search(part)]
    assert page.body is not None
    ours = "body p code i h3 table thead tbody tr th td ul li strong blockquote details summary -comment"
    assert {node.tag for node in page.body.traverse()} <= set(ours.split())


def test_a_report_without_end_is_cut_after_a_whole_section(history: History, kept) -> None:
    raised_and_moved(history)
    data = changes(history)
    long = data["records"]["changed"][0] | {"kind": "k" * 70_000}
    made_up = data | {"records": data["records"] | {"changed": [long]}}

    text = kept(made_up).stdout

    assert len(text) <= LONGEST
    assert text.splitlines()[0] == data["headline"]
    assert "### Status" in text
    assert text.count("<details>") == text.count("</details>") > 0
    assert text.endswith("\nThe rest is too long for a comment.\n")


@pytest.mark.parametrize("others", [["main"], ["--policy", "x"], ["--as-of", "2026-04-01"], ["--audience", "public"]])
def test_nothing_but_the_form_goes_with_it(others: list[str]) -> None:
    assert aipm("changes", "--from-json", "x", *others).exit_code == 2


def test_without_a_base_and_a_report_it_says_what_is_missing(tmp_path: Path) -> None:
    assert "Missing argument 'BASE'" in aipm("changes").stderr
    absent = aipm("changes", "--from-json", str(tmp_path / "absent.json"))
    assert (absent.exit_code, "cannot be read" in absent.stderr) == (2, True)
