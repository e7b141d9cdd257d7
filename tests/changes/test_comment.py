"""The comment on a pull request: it says what the report says, does nothing, and is short enough (security R37)."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest
from selectolax.lexbor import LexborHTMLParser

from aipm_site.summaries.change_comment import LONGEST
from aipm_site.summaries.inert_markdown import code, inert
from tests.changes.projects import FILES, RISK, begin_here, other, raised, run
from tests.repository import History

HOSTILE = [
    "@octocat please merge",
    "fixes #12 and GH-12, see other/repo#7",
    "![x](https://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<!-- hidden --> </details> <h1>x</h1>",
    "`code` ``` **bold** _it_ ~~no~~ $x^2$",
    "a | b | c",
    "https://evil.example www.evil.example",
    "# Heading",
    "- [ ] task",
    ":tada: &#64;octocat &lt;b&gt;",
    "\\@octocat \\#1",
    "name@example.org",
    "\u202eevil \u200b",
    "line one\nline two\n\n## line three",
    '!1 ~bug ~"a bug" %v1 %"a milestone" &2 $3 ^alert#4 *iteration:5 [issue:6] :tada: team/other#7',
]
# What GitHub and GitLab look for in each text of a page that is not within code.
# https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
# https://docs.gitlab.com/user/markdown/#gitlab-specific-references
REFERENCE = re.compile(r"""(?i)[@#!~$&%^*](?=["\w])|://|:\w+:|\[\w+:|www\.\w|\bGH-\d|(?:mailto|javascript):\S""")


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "project")
    history.commit(FILES, day=0)
    begin_here(history)
    return history


def comment(history: History) -> str:
    return run(history, "--format", "markdown").out


def rendered(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(markdown.markdown(text, extensions=["tables", "md_in_html"]))


def texts(page: LexborHTMLParser) -> list[str]:
    """Return the texts of a page each by itself, as hosts look at them."""
    body = page.body
    assert body is not None
    return [node.text_content or "" for node in body.traverse(include_text=True) if node.tag == "-text"]


@pytest.mark.parametrize("make", [inert, code], ids=["inert", "code"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_reads_as_it_was_written_and_does_nothing(text: str, make) -> None:
    made = str(make(text))
    page = rendered(f"before {made} after")

    assert "\n" not in made
    assert not re.search(r"[@#](?!\d+;)", re.sub(r"&#\d+;", "", made))
    assert not re.search(r"(?i)\bgh-\d|://|www\.", made)
    assert not [part for part in texts(page) if REFERENCE.search(part)]
    body = page.body
    assert body is not None
    # Nothing but our own paragraph and code came of it.
    assert {node.tag for node in body.traverse()} <= {"body", "p", "code", "i"}
    plain = " ".join(
        "".join(
            char if char.isprintable() else char.encode("unicode_escape").decode() for char in re.sub(r"\s+", " ", text)
        ).split()
    )
    assert " ".join(page.text().split()) == f"before {plain} after"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_changes_its_own_row_only(history: History, text: str) -> None:
    title = " ".join(text.replace("\u202e", "").replace("\u200b", "").split())
    risk = other("RSK-002").replace("Feed B changes its units", "TITLE")
    history.commit({"content/risks/RSK-002.yml": risk}, day=1)
    plain = comment(history)
    history.commit(
        {"content/risks/RSK-002.yml": risk.replace("TITLE", f"'{title.replace(chr(39), chr(39) * 2)}'")}, day=1
    )
    hostile = comment(history)

    differing = [
        (one, other_) for one, other_ in zip(plain.splitlines(), hostile.splitlines(), strict=True) if one != other_
    ]
    # The line of the head's commit and the row of the record.
    assert len(differing) == 2
    assert all("TITLE" in one or one.startswith("From ") for one, _ in differing)


def test_the_first_line_says_it_all(history: History) -> None:
    assert comment(history).splitlines()[0] == "No change to the status."
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)

    assert comment(history).splitlines()[0] == "Overall green → red: RSK-001 now 20"


def test_tables_stand_open_and_details_are_folded(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": raised()}, day=1)

    text = comment(history)

    table, folded = (
        text.index("| <code>risk</code> | green | red |  | worse |"),
        text.index("<details><summary>Figures"),
    )
    assert table < folded
    assert text.count("<details>") == text.count("</details>") == 2
    assert "Probability: <code>2</code> → <code>5</code>" in text


def test_a_comment_of_many_records_is_short_enough_and_counts_what_it_leaves_out(history: History) -> None:
    long = "x" * 900
    files = {
        f"content/risks/RSK-{n:04}.yml": other(f"RSK-{n:04}").replace("Feed B", f"Feed {n} @{long}")
        for n in range(2, 400)
    }
    history.commit(files, day=1)

    text = comment(history)

    assert len(text) <= LONGEST
    shown = text.count("- <code>RSK-0")
    assert 0 < shown < len(files)
    assert f"… and {len(files) - shown} more." in text
    assert text.splitlines()[-1] == "<!-- aipm changes -->"


def test_the_comment_is_of_the_same_bytes_each_time(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": RISK + "summary: x\n"}, day=1)

    assert comment(history) == comment(history)
