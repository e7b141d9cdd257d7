"""Decision records in forms of others: issue 3, sentence 3; the forms are MADR 2.1.2, 3.0, 4.0 and Nygard's of 2011."""

from __future__ import annotations

import time

import pytest

from aipm_site.readers.decision_forms import DecisionText, read_decision
from aipm_site.readers.decision_words import is_template, number_of, option_in, words_of
from aipm_site.readers.front_matter import read_front_matter

FILE = "content/decisions/0012-use-postgres.md"

MADR_4 = """---
status: "superseded by [ADR-0015](0015-use-two-stores.md)"
date: 2026-03-02
decision-makers: [data lead, sponsor]
consulted: security officer, client
informed:
nav_order: 12
---

# Keep `events` in *Postgres*

## Context and Problem Statement

Where do events go?

## Considered Options

* [Postgres](https://www.postgresql.org/)
  * with partitions
* A queue, "because it is there"

```markdown
* not an option
```

## Decision Outcome

Chosen option: "A queue, "because it is there"", because it is there.

### Consequences

* Good, because it works
"""

MADR_2 = """# Keep events in Postgres

* Status: accepted <!-- optional -->
* Deciders: data lead; sponsor
* Date: [2026-03-02]

Technical Story: #14

## Context and Problem Statement

Where do events go?

## Considered Options

* Postgres
* a queue

## Decision Outcome

Chosen option: Postgres, because we know it.
"""

NYGARD = """# 12. Keep events in Postgres ##

Date: 02/03/2026

## Status

✅ Accepted

**May 2026** It holds.

Supersedes [3. Keep events in files](0003-keep-events-in-files.md)

## Context

Events came in files.

## Decision

We will keep them in Postgres.

## Consequences

Backups.
"""


def read(text: str, file: str = FILE) -> DecisionText | None:
    front, problems = read_front_matter(text, file)
    assert problems == []
    return read_decision(front, file)


def right(text: str, file: str = FILE) -> DecisionText:
    decision = read(text, file)
    assert decision is not None
    return decision


def test_madr_4_keeps_its_data_in_front_matter():
    decision = right(MADR_4)

    assert (decision.form, decision.number) == ("MADR", "0012")
    assert dict(decision.data) == {
        "title": "Keep events in Postgres",
        "status": "superseded by ADR-0015",
        "date": "2026-03-02",
        "decision_makers": ["data lead", "sponsor"],
        "consulted": ["security officer", "client"],
        "options": ["Postgres", 'A queue, "because it is there"'],
        "outcome": 'A queue, "because it is there"',
    }
    assert [key for key, _ in decision.ignored] == ["nav_order"]
    assert decision.superseded_by is not None
    assert decision.superseded_by.path == "content/decisions/0015-use-two-stores.md"


def test_madr_3_calls_its_decision_makers_deciders():
    decision = right("---\ndeciders: [sponsor]\n---\n# Use X\n\n## Decision Outcome\n\nChosen option: X\n")

    assert decision.data["decision_makers"] == ["sponsor"]


def test_madr_2_keeps_its_data_in_a_list_and_is_filled_in_between_brackets():
    decision = right(MADR_2)

    assert dict(decision.data) == {
        "title": "Keep events in Postgres",
        "status": "accepted",
        "decision_makers": ["data lead", "sponsor"],
        "date": "2026-03-02",
        "options": ["Postgres", "a queue"],
        "outcome": "Postgres",
    }


def test_nygards_form_keeps_its_data_in_a_line_and_a_section():
    decision = right(NYGARD)

    assert (decision.form, decision.number) == ("Nygard", "0012")
    assert dict(decision.data) == {
        "title": "Keep events in Postgres",
        "date": "02/03/2026",
        "status": "✅ Accepted",
    }
    assert [pointer.path for pointer in decision.supersedes] == ["content/decisions/0003-keep-events-in-files.md"]


def test_every_value_knows_the_line_and_column_where_it_is_written():
    madr, older, nygard = right(MADR_4).data, right(MADR_2).data, right(NYGARD).data

    assert (madr.line, madr.value_places["status"], madr.value_places["date"]) == (10, (2, 9), (3, 7))
    assert (madr.value_places["options"], madr.value_places["outcome"]) == ((18, 3), (28, 16))
    assert (older.value_places["status"], older.value_places["date"]) == ((3, 11), (5, 9))
    assert (nygard.value_places["date"], nygard.value_places["status"]) == ((3, 7), (7, 1))


def test_the_prose_is_the_whole_text_below_the_title():
    decision = right(NYGARD)

    assert decision.prose == NYGARD.partition("\n\n")[2].rstrip()
    assert decision.prose_line == 3


def test_what_stands_above_the_title_is_not_lost():
    decision = right(f"![A badge](badge.png)\n\n{NYGARD}")

    assert decision.prose.startswith("![A badge](badge.png)\n\n# 12. Keep")
    assert decision.prose_line == 1


def test_code_above_the_title_is_not_lost_either():
    assert right(f"```\ncode\n```\n\n{NYGARD}").prose.startswith("```\ncode")


@pytest.mark.parametrize(
    "comment", ["<!-- proposed | accepted -->\n\n", "<!--\nproposed\n-->\n\n", "<!-- a\n## Date\nb --> "]
)
def test_comments_say_nothing(comment):
    decision = right(NYGARD.replace("✅ Accepted", f"{comment}✅ Accepted"))

    assert (decision.data["status"], decision.data["date"]) == ("✅ Accepted", "02/03/2026")
    assert decision.data.value_places["status"][0] == 7 + comment.count("\n")


def test_what_an_introduction_tells_of_others_is_no_successor():
    decision = right(MADR_2.replace("Technical Story: #14", "Files are superseded by 2 stores."))

    assert decision.superseded_by is None


def test_a_page_of_a_decisions_folder_has_no_number_or_no_form():
    assert read(NYGARD.replace("12. ", ""), "content/decisions/keep-events.md") is None
    assert read("# 12. Notes\n\n## Agenda\n", FILE) is None
    assert read("## Context\n\n## Decision\n", FILE) is None
    assert read(f"```markdown\n{NYGARD}```\n", FILE) is None


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("0012-use-postgres.md", "0012"),
        ("012_use_postgres.md", "012"),
        ("12.md", "12"),
        ("12 Use Postgres.md", "12"),
        ("adr-0012-use-postgres.md", "0012"),
        ("ADR012.md", "012"),
        ("2026-03-02-use-postgres.md", ""),
        ("use-2-stores.md", ""),
        ("1234567-use-postgres.md", ""),
        ("12th-meeting.md", ""),
        ("README.md", ""),
    ],
)
def test_the_number_is_what_the_files_name_begins_with(name, number):
    assert number_of(f"content/decisions/{name}") == number


def test_a_file_without_a_number_may_have_it_in_its_title():
    assert right(NYGARD, "content/decisions/use-postgres.md").number == "12"
    assert right(NYGARD.replace("# 12. ", "# ADR-012: "), "content/decisions/use-postgres.md").number == "012"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("12. Use X", "Use X"),
        ("ADR 12: Use X", "Use X"),
        ("ADR-0012 – Use X", "Use X"),
        ("2. Factor", "2. Factor"),
        ("2FA for all", "2FA for all"),
        ("12 stores", "12 stores"),
        ("Use [X](https://x.example/) and snake_case_names", "Use X and snake_case_names"),
        ("Use C#", "Use C#"),
        ("~~Use X~~", "~~Use X~~"),
    ],
)
def test_a_title_loses_the_number_of_its_file_and_its_markup_and_nothing_else(heading, title):
    assert right(f"# {heading}\n\n## Context\n\n## Decision\n").data["title"] == title


@pytest.mark.parametrize("name", ["adr-template.md", "template.md", "0000-template.md", "000-adr-template.md"])
def test_what_records_are_copied_from_is_a_page(name):
    assert is_template(name)
    assert read(MADR_2, f"content/decisions/{name}") is None


def test_a_label_is_taken_as_it_is_written_whatever_the_form():
    assert right(f"---\naudience: [a]\n---\n{NYGARD}").data["audience"] == ["a"]
    assert right(f"---\nAudience: internal\n---\n{MADR_2}").data["audience"] == "internal"


def test_two_spellings_of_a_label_are_refused():
    assert right(f"---\naudience: client\nAudience: restricted\n---\n{NYGARD}").data["audience"] == []


def test_the_front_matter_goes_before_the_text():
    decision = right(f"---\nstatus: rejected\ndate: 2026-01-01\n---\n{NYGARD}")

    assert (decision.data["status"], decision.data["date"]) == ("rejected", "2026-01-01")


def test_a_value_that_is_no_text_says_nothing():
    decision = right(f"---\nstatus: {{a: b}}\ndate: [2026-01-01]\n---\n{MADR_2}")

    assert [key for key, _ in decision.ignored] == ["status"]
    assert (decision.data["status"], decision.data["date"]) == ("accepted", "2026-03-02")


@pytest.mark.parametrize(
    "line",
    [
        "Superseded by [ADR-0005](0005-use-x.md)",
        "Superceded by [5. Use X](0005-use-x.md)",
        "superseded by ADR-0005",
        "Superseded by #5",
        "Superseded by [5](https://example.org/adr/0005-use-x.md)",
    ],
)
def test_the_successor_is_named_by_a_link_or_a_number(line):
    named = right(NYGARD.replace("✅ Accepted", line)).superseded_by

    assert named is not None
    assert int(named.number) == 5
    assert named.path == ("content/decisions/0005-use-x.md" if "(0005" in line else "")
    assert named.spot == (7, 15)


def test_a_successor_may_stand_under_an_older_status():
    decision = right(NYGARD.replace("**May 2026** It holds.", "Superseded by [5](0005-use-x.md)"))

    assert decision.data["status"] == "✅ Accepted"
    assert decision.superseded_by is not None


@pytest.mark.parametrize(
    ("written", "option"),
    [
        ('"Use X", because it is there', "Use X"),
        ('"X"', "X"),
        ("\"Say 'no', because\", because it is short", "Say 'no', because"),
        ("'Say \"no\"', because it is short", 'Say "no"'),
        ("“Use X” because we know it", "Use X"),
        ("`X`, because we know it", "X"),
        ("X", "X"),
        ('"", because', ""),
    ],
)
def test_the_chosen_option_is_what_stands_before_the_reason(written, option):
    assert option_in(written) == option


def test_words_are_what_is_left_of_a_line_of_markdown():
    assert words_of("**A** [b](c.md) `d` <!-- e --> _f_ g_h <https://i.example>") == "A b d f g_h https://i.example"


# R10: nothing that somebody writes keeps a build busy. A generous bound against minutes.
@pytest.mark.parametrize("piece", ["*a ", "[a", "[a](", "`", "~~", " ", "#", "superseded by ", "<!--", '"a" ', "_"])
def test_long_lines_cost_no_time(piece):
    long, short = piece * 200_000, piece * (900 // len(piece))
    text = f"# 12. A {short}\n\n# {long}\n\nStatus: {short}\n\n## Considered Options\n\n" + f"* {short}\n" * 500
    start = time.process_time()

    read(f"{text}\n## Decision Outcome\n\nChosen option: {short}\n\nChosen option: {long}\n")

    assert time.process_time() - start < 5
