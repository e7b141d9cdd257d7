"""The Markdown cases: records as their writers see them, with marks for what must be reported at which line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from aipm_site.problems import Problem
from aipm_site.readers.record_files import RawRecord, items_of_list
from aipm_site.readers.strict_yaml import YamlList, read_yaml
from aipm_site.records import KINDS
from aipm_site.records.charter import Charter
from aipm_site.records.decode import decode_record
from aipm_site.records.levels import missing_fields
from aipm_site.records.record import Entry

CASES = Path(__file__).parent.parent / "cases"
NOT_GIVEN = "fields-not-given"
_CASE = re.compile(r"^## (?P<title>[^\n]+)\n```yaml kind=(?P<kind>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"# (error|warning|information): ([a-z-]+)")

# A line of the case, the weight and the code of what is reported there.
Report = tuple[int, str, str]


@dataclass(frozen=True)
class Case:
    """One case: a text, and what it promises to be told."""

    title: str
    kind: str
    text: str

    @property
    def marks(self) -> list[Report]:
        lines = enumerate(self.text.splitlines(), start=1)
        return sorted((number, weight, code) for number, line in lines for weight, code in _MARK.findall(line))

    @property
    def is_right(self) -> bool:
        return all(weight != "error" for _, weight, _ in self.marks)


def read_cases() -> list[Case]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.md")))
    return [Case(**found.groupdict()) for text in texts for found in _CASE.finditer(text)]


def raw_records(case: Case) -> list[RawRecord]:
    data, problems = read_yaml(case.text, f"{case.kind}.yml")
    assert not problems
    assert data is not None
    items, problems = items_of_list(data, f"{case.kind}.yml") if isinstance(data, YamlList) else ([data], [])
    assert not problems
    return [RawRecord(case.kind, item, f"{case.kind}.yml") for item in items]


def decode_case(case: Case) -> tuple[list[Entry], list[Problem]]:
    kind = KINDS.named(case.kind)
    assert kind, f"there is no kind '{case.kind}'"
    decoded = [decode_record(kind, raw) for raw in raw_records(case)]
    records = [record for record, _ in decoded if record]
    return records, [problem for _, problems in decoded for problem in problems]


def decode_text(kind: str, text: str) -> tuple[Entry | None, list[Problem]]:
    records, problems = decode_case(Case("", kind, text))
    return (records[0] if records else None), problems


def right(kind: str, text: str) -> Entry:
    record, problems = decode_text(kind, text)
    assert record, problems
    assert [problem for problem in problems if problem.severity == "error"] == []
    return record


def reports(case: Case) -> list[Report]:
    """Return what is said of a case; fields that are not given count only in cases that mark them."""
    records, problems = decode_case(case)
    found = [(problem.place.line, problem.severity, problem.code) for problem in problems]
    if any(code == NOT_GIVEN for _, _, code in case.marks):
        kind = KINDS.of(records[0])
        found += [(r.place.line, "warning", NOT_GIVEN) for r in records if missing_fields(kind, r, Charter.empty())]
    return sorted(found)
