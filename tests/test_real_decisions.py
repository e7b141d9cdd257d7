"""Decision records that nobody here wrote: each has a page with title, date, status as written, and its text."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborNode

from tests.command_line import run_aipm
from tests.sample import Site, words
from tests.shared_data import shared_data

pytestmark = pytest.mark.slow

SETTINGS = "{site_name: Decisions, docs_dir: content, theme: {name: material, font: false}, plugins: [search, aipm]}\n"
CHARTER = "id: PRJ-001\ntitle: Decisions nobody here wrote\nas_of: 2026-04-15\n"
READ_DATES = 'decisions: {date_format: ["%d/%m/%Y", "%d/%m/%y"]}\n'


@dataclass(frozen=True)
class Log:
    """A built decision log: the files that were given, and the site made of them."""

    files: Mapping[str, str]
    root: Path
    printed: str

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        data = json.loads((self.root / "site" / "records.json").read_text(encoding="utf-8"))
        return {record["file"].rpartition("/")[2]: record for record in data["records"] if record["kind"] == "decision"}

    def page(self, record: dict[str, Any]) -> LexborNode:
        return Site(self.root / "site").article(record["url"])


def build_log(root: Path, source: Path, charter: str = CHARTER) -> Log:
    folder = root / "content" / "decisions"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("LICENSE*", "SOURCE.txt"))
    (root / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    (root / "content" / "project.yml").write_text(charter, encoding="utf-8")

    result = run_aipm("build", cwd=root)

    assert result.returncode == 0, result.stderr
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("[0-9]*.md"))}
    return Log(texts, root, result.stderr)


@pytest.fixture(scope="module")
def nygard(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Return the log of a platform team: Nygard's form, dates of three sorts, emoji in the status."""
    return build_log(tmp_path_factory.mktemp("nygard"), shared_data("moj-adrs"))


@pytest.fixture(scope="module")
def madr(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Return MADR's own log: nearly all records without status and date, keys of another site generator."""
    return build_log(tmp_path_factory.mktemp("madr"), shared_data("madr") / "docs" / "decisions")


@pytest.mark.parametrize("name", ["nygard", "madr"])
def test_every_numbered_file_is_a_record_and_the_others_are_pages(name: str, request: pytest.FixtureRequest) -> None:
    log: Log = request.getfixturevalue(name)

    assert log.records.keys() == log.files.keys()
    for file, record in log.records.items():
        number = re.match(r"[0-9]+", file)
        assert number is not None
        assert record["id"] == f"DEC-{number[0]}"


# Marks of lists, pictures, targets of links and comments are no words of a text.
MARKS = re.compile(
    r"^```\w+|^ *\d+\.|!\[[^\]]*\]\([^)]*\)|(?<=\])\[[^\]]*\]|(?<=\])\([^)]*\)|^\[[^\]]*\]:.*$|<!--(?s:.*?)-->|&\w+;",
    re.MULTILINE,
)


def words_of(text: str) -> list[str]:
    """Return the whole words of a text in their order; an underscore may be a mark."""
    return re.findall(r"[^\W_]+", text)


@pytest.mark.parametrize("name", ["nygard", "madr"])
def test_every_word_of_a_record_stands_on_its_page_in_its_place(name: str, request: pytest.FixtureRequest) -> None:
    log: Log = request.getfixturevalue(name)

    for file, text in log.files.items():
        record = log.records[file]
        body = text.partition("\n---\n")[2] if text.startswith("---") else text
        heading, _, rest = body.strip().partition("\n")
        page = log.page(record)
        assert record["title"] == re.sub(r"^# (?:[0-9]+\. )?", "", heading)
        assert words(page.css_first("h1").text()) == f"{record['id']} {record['title']}"
        # Code may show marks that are none there, so the page may have more words, but not in another order.
        shown = iter(words_of(page.css_first(".aipm-prose").text()))
        lost = [word for word in words_of(MARKS.sub(" ", rest)) if word not in shown]
        assert lost == [], file


# As the files say: 000 to 016 are accepted, 017 and 019 proposed, and 018 is rejected for 019.
STATES = {"✅ Accepted": "accepted", "🤔 Proposed": "proposed", "❌ Rejected (see 019)": "rejected"}


def test_status_and_date_are_shown_as_written(nygard: Log) -> None:
    for file, text in nygard.files.items():
        record, page = nygard.records[file], nygard.page(nygard.records[file])
        fields = {dt.text(): words(dt.next.text()) for dt in page.css("dt")}
        line = next(line for line in text.partition("## Status")[2].splitlines() if line.strip())
        # A link is shown by its words.
        status = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", line)
        day = re.search(r"^Date:? (\S+)$", text, re.MULTILINE)
        assert day is not None
        assert record["status"] == STATES[status]
        assert fields["Status"] == STATES[status].capitalize()
        assert (record["fields"]["as_written"]["status"], fields["Status as written"]) == (status, status)
        assert record["fields"]["as_written"]["date"] == day[1]
        # A date that can be misread is not read: only one is in the form year, month, day.
        is_read = file.startswith("000-")
        assert fields.get("Date") == ("1 May 2019" if is_read else None)
        assert fields.get("Date as written") == (None if is_read else f"{day[1]} (not read)")
        assert record["fields"].get("date") == (day[1] if is_read else None)
    assert sorted(Counter(record["status"] for record in nygard.records.values()).items()) == [
        ("accepted", 17),
        ("proposed", 2),
        ("rejected", 1),
    ]


def test_dates_are_read_only_where_the_project_says_how(nygard: Log, tmp_path: Path) -> None:
    # The files themselves: one date is ISO, one has a year of two digits, the others are day, month, year.
    assert [file for file, record in nygard.records.items() if "date" in record["fields"]] == [
        "000-Record-Architecture-Decisions.md"
    ]
    assert nygard.printed.count("information[date-not-read]") == len(nygard.files) - 1

    log = build_log(tmp_path, shared_data("moj-adrs"), CHARTER + READ_DATES)

    for file, text in log.files.items():
        written = re.search(r"^Date:? (\S+)$", text, re.MULTILINE)
        assert written is not None
        parts = written[1].split("/")
        # Day, month and year, of which two digits are of this century.
        day = f"{2000 + int(parts[2]) % 100}-{parts[1]}-{parts[0]}" if len(parts) == 3 else written[1]
        assert log.records[file]["fields"]["date"] == day
    assert log.records["004-use-kubernetes-for-container-management.md"]["fields"]["date"] == "2018-04-10"
    assert "date-not-read" not in log.printed


def test_links_between_records_lead_to_their_pages(nygard: Log, madr: Log) -> None:
    for log, origin, target in ((nygard, "018", "019"), (nygard, "008", "003"), (madr, "0008", "0013")):
        html = (log.root / "site" / "decisions" / f"DEC-{origin}" / "index.html").read_text(encoding="utf-8")
        assert f'href="../../decisions/DEC-{target}/"' in html


def test_pictures_beside_the_records_are_published(madr: Log) -> None:
    html = (madr.root / "site" / "decisions" / "DEC-0008" / "index.html").read_text(encoding="utf-8")

    assert 'src="../../decisions/0008-example-table.png"' in html
    assert (madr.root / "site" / "decisions" / "0008-example-table.png").is_file()


def test_a_status_that_nobody_gave_asks_nobody_and_one_that_we_do_not_know_is_open(madr: Log) -> None:
    status = json.loads((madr.root / "site" / "status.json").read_text(encoding="utf-8"))
    given = [
        file for file, text in madr.files.items() if re.match(r"---\n(?:.*\n)*?status:", text.partition("\n# ")[0])
    ]

    assert given == ["0003-provide-own-madr-tools.md"]
    assert [needed["record"] for needed in status["decisions_needed"]] == ["DEC-0003"]
    assert madr.page(madr.records[given[0]]).css_first(".aipm-record__facts dd").text() == "on hold"
    assert madr.printed.count("information[ignored-keys]") == len(madr.files)


def test_what_old_records_lack_does_not_flood_the_build_with_warnings(nygard: Log, madr: Log) -> None:
    for log, codes in ((nygard, set()), (madr, {"fields-not-given", "remote-image"})):
        warnings = re.findall(r"^content/decisions/.*warning\[([a-z-]+)\]", log.printed, re.MULTILINE)
        assert set(warnings) == codes
        assert len(warnings) <= 4


def test_templates_and_introductions_are_pages(madr: Log) -> None:
    assert (madr.root / "site" / "decisions" / "adr-template" / "index.html").is_file()
    register = (madr.root / "site" / "decisions" / "index.html").read_text(encoding="utf-8")
    assert "General information about architectural decision records" in register
    assert "DEC-0018" in register
