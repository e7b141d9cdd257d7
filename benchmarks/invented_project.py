"""A project of any number of invented records, and its twin: the same pages as Markdown for plain MkDocs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import yaml

AS_OF = date(2026, 4, 15)
DIGITS = 6
# Shares of a RAID log that a year of a team of ten fills; the rest are observations.
SHARES = {"risk": 0.22, "issue": 0.22, "action": 0.28, "decision": 0.08, "milestone": 0.04}
PREFIXES = {"risk": "RSK", "issue": "ISS", "action": "ACT", "decision": "DEC", "milestone": "MS", "observation": "M"}
FOLDERS = {name: f"{name}s" for name in PREFIXES}
OWNERS = ("Project manager", "Lead data scientist", "Data engineer", "Compliance officer", "Clinical lead", "QA lead")
SUBJECTS = (
    "the laboratory feed of a second hospital",
    "labels that two annotators read differently",
    "the nightly scoring job",
    "reason codes in the mobile app",
    "the contract for annotation seats",
    "drift of creatinine values",
    "calibration in the oldest age group",
    "the consent form for the pilot clinic",
)
SENTENCES = (
    "The feed changed on a Monday and nobody upstream had told us, so the first sign was a shifted histogram.",
    "We compared both versions on the same rows and kept the list of cases that only one of them got right.",
    "Until the cause is known, **no release** is built from these rows; the previous version stays in service.",
    "The clinic asked for a plain sentence beside each score, and the nurses read three drafts of it.",
    "A second pair of eyes looks at every change of units, because the numbers stay plausible when they are wrong.",
)

# What the registers show of each record besides its id and title, where it is given.
COLUMNS = {
    "risk": ("probability", "impact", "score", "status", "owner", "next_review"),
    "issue": ("severity", "status", "opened", "owner"),
    "action": ("due", "status", "owner"),
    "decision": ("type", "status", "date", "decide_by", "owner"),
    "milestone": ("baseline_date", "forecast_date", "actual_date", "status", "owner"),
}

Value = str | int | list[str]
# What all observations have in common.
OBSERVED: dict[str, Value] = {
    "metric": "M-accuracy",
    "subject": "MV-RW-1.6.2",
    "environment": "production",
    "n": 10000,
}


@dataclass(frozen=True, slots=True)
class Invented:
    """One record: its fields as they are written, and the records it names."""

    kind: str
    number: int
    fields: dict[str, Value]
    prose: str = ""
    names: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.fields["id"])

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.fields["title"])


@dataclass(frozen=True, slots=True)
class InventedProject:
    """Records with pages of their own, and observations, which are rows of one register."""

    records: tuple[Invented, ...]
    observations: tuple[dict[str, Value], ...]
    backlinks: dict[str, list[Invented]] = field(default_factory=dict)


def invent_project(count: int) -> InventedProject:
    """Return a project of `count` records in the proportions of `SHARES`."""
    counts = {kind: max(1, int(count * share)) for kind, share in SHARES.items()}
    records = tuple(_invent(kind, number, counts) for kind, size in counts.items() for number in range(1, size + 1))
    rows = tuple(_observation(number) for number in range(max(0, count - len(records))))
    backlinks = defaultdict(list)
    for record in records:
        for name in record.names:
            backlinks[name].append(record)
    return InventedProject(records, rows, dict(backlinks))


def record_id(kind: str, number: int) -> str:
    """Return the id of a record."""
    return f"{PREFIXES[kind]}-{number:0{DIGITS}}"


def _pick(choices: Sequence[str], number: int) -> str:
    return choices[number * 7 % len(choices)]


def _day(number: int, around: int) -> str:
    return (AS_OF + timedelta(days=around + number * 13 % 60)).isoformat()


def _prose(number: int, sentences: int) -> str:
    first, second = ([_pick(SENTENCES, number + step + half) for step in range(sentences)] for half in (0, 2))
    return f"{' '.join(first)}\n\n{' '.join(second)}\n\n- {SENTENCES[number % 5]}\n- {SENTENCES[(number + 1) % 5]}\n"


def _invent(kind: str, number: int, counts: dict[str, int]) -> Invented:
    action = record_id("action", number % counts["action"] + 1)
    risk = record_id("risk", number % counts["risk"] + 1)
    common: dict[str, Value] = {"id": record_id(kind, number), "title": _title(kind, number)}
    if kind != "decision":
        common["owner"] = _pick(OWNERS, number)
    make = {"risk": _risk, "issue": _issue, "action": _action, "decision": _decision, "milestone": _milestone}[kind]
    names = {"risk": (action,), "issue": (action,), "action": (risk,)}.get(kind, ())
    fields = make(number, names)
    return Invented(kind, number, common | fields, _prose(number, 2) if kind != "milestone" else "", names)


def _title(kind: str, number: int) -> str:
    verbs = {"risk": "Delay through", "issue": "Trouble with", "action": "Look into", "decision": "How we treat"}
    return f"{verbs.get(kind, 'Agreement on')} {_pick(SUBJECTS, number)} ({number})"


def _risk(number: int, names: tuple[str, ...]) -> dict[str, Value]:
    return {
        "cause": "the second hospital measures in other units",
        "event": "its values are read as ours",
        "effect": "score some patients as healthy who are not",
        "category": _pick(("data_quality", "drift", "vendor", "schedule", "people"), number),
        "probability": number % 5 + 1,
        "impact": number * 3 % 5 + 1,
        "response_strategy": "mitigate",
        "response_actions": [names[0]],
        "fallback_plan": "score with the previous version and tell the clinic",
        "trigger": "the share of values above the limit doubles",
        "opened": _day(number, -90),
        "next_review": _day(number, 5),
        "reviewed_on": "2026-04-10",
    }


def _issue(number: int, names: tuple[str, ...]) -> dict[str, Value]:
    return {
        "description": f"Since the last release {_pick(SUBJECTS, number)} does not behave as agreed.",
        "severity": number % 3 + 2,
        "category": _pick(("data_quality", "technical", "vendor"), number),
        "opened": f"{_day(number, -80)}T09:00-05:00",
        "impact": f"Two people lose about a day a week; see {names[0]}.",
        "status": _pick(("open", "triaged", "in_progress"), number),
        "reviewed_on": "2026-04-13",
    }


def _action(number: int, names: tuple[str, ...]) -> dict[str, Value]:
    return {
        "what": f"Find out what is behind {_pick(SUBJECTS, number)} and write it down beside {names[0]}.",
        "due": _day(number, -10),
        "status": _pick(("open", "in_progress", "waiting"), number),
    }


def _decision(number: int, _names: tuple[str, ...]) -> dict[str, Value]:
    return {
        "question": f"How do we treat {_pick(SUBJECTS, number)} until the pilot ends?",
        "type": "process",
        "status": "accepted",
        "date": _day(number, -70),
        "decision_makers": ["Project manager", "Clinical lead"],
        "options": ["convert at the source", "convert on arrival"],
        "outcome": "convert on arrival",
        "rationale": "We can test it ourselves, and the source has no release before autumn.",
    }


def _milestone(number: int, _names: tuple[str, ...]) -> dict[str, Value]:
    day = AS_OF + timedelta(days=10 + number * 5)
    return {
        "baseline_date": day.isoformat(),
        "forecast_date": (day + timedelta(days=number % 9)).isoformat(),
        "done_criteria": "the clinic has signed the acceptance note",
        "reviewed_on": "2026-04-13",
    }


def _observation(number: int) -> dict[str, Value]:
    return {"as_of": (AS_OF - timedelta(days=number)).isoformat(), "value": f"0.{8600 + number * 37 % 200}"}


def write_project(project: InventedProject, root: Path) -> None:
    """Write the records as a team would: one file each, decisions as Markdown with front matter."""
    content = root / "content"
    for folder in (*FOLDERS.values(), "metrics", "models"):
        (content / folder).mkdir(parents=True, exist_ok=True)
    for record in project.records:
        _write_record(record, content / FOLDERS[record.kind] / record.id)
    _write_measured(project, content)
    (content / "index.md").write_text("# Invented project\n\n```aipm\nhome\n```\n", encoding="utf-8")
    (content / "project.yml").write_text(PROJECT, encoding="utf-8")
    (root / "mkdocs.yml").write_text(SETTINGS.format(plugins="[aipm]", docs="content"), encoding="utf-8")


def _write_record(record: Invented, path: Path) -> None:
    data = _yaml(record.fields)
    if record.kind == "decision":
        path.with_suffix(".md").write_text(f"---\n{data}---\n\n{record.prose}", encoding="utf-8")
    else:
        path.with_suffix(".yml").write_text(data + _block("prose", record.prose), encoding="utf-8")


def _block(name: str, text: str) -> str:
    return f"{name}: |\n" + "".join(f"  {line}".rstrip() + "\n" for line in text.splitlines()) if text else ""


def _yaml(data: object) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000)


def _write_measured(project: InventedProject, content: Path) -> None:
    (content / "metrics" / "M-accuracy.yml").write_text(METRIC, encoding="utf-8")
    (content / "models" / "MV-RW-1.6.2.yml").write_text(MODEL, encoding="utf-8")
    if project.observations:
        rows = [{"common": OBSERVED}, *project.observations]
        (content / "observations" / "accuracy.yml").write_text(_yaml(rows), encoding="utf-8")


def write_markdown_twin(project: InventedProject, root: Path) -> None:
    """Write the same pages as ordinary Markdown: fields as a table, prose, links both ways, and the registers."""
    pages = root / "docs"
    for kind, folder in FOLDERS.items():
        (pages / folder).mkdir(parents=True, exist_ok=True)
        (pages / folder / "index.md").write_text(_register(kind, project), encoding="utf-8")
    titles = {record.id: record for record in project.records}
    for record in project.records:
        text = _page(record, titles, project.backlinks.get(record.id, ()))
        (pages / FOLDERS[record.kind] / f"{record.id}.md").write_text(text, encoding="utf-8")
    (pages / "index.md").write_text("# Invented project\n\nThe state of the project in one screen.\n", encoding="utf-8")
    settings = SETTINGS.format(plugins="[]", docs="docs") + "nav: [index.md]\nnot_in_nav: /*\n"
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")


def _page(record: Invented, titles: dict[str, Invented], referring: Iterable[Invented]) -> str:
    rows = "".join(f"| {name.replace('_', ' ')} | {_cell(value)} |\n" for name, value in record.fields.items())
    sections = [f"# {record.id} {record.title}\n", f"| field | value |\n|---|---|\n{rows}", record.prose]
    for heading, others in (("Refers to", [titles[name] for name in record.names]), ("Referred to by", referring)):
        links = "".join(f"- [{other.id} {other.title}](../{FOLDERS[other.kind]}/{other.id}.md)\n" for other in others)
        sections.append(f"## {heading}\n\n{links or 'Nothing.'}\n")
    return "\n".join([*sections, f"Source: `content/{FOLDERS[record.kind]}/{record.id}.yml`, line 1\n"])


def _register(kind: str, project: InventedProject) -> str:
    if kind == "observation":
        rows = [[*row.values(), *OBSERVED.values()] for row in project.observations]
        return _table("Observations", ["as_of", "value", *OBSERVED], rows)
    records = [record for record in project.records if record.kind == kind]
    rows = [[_link(r, r.id), _link(r, r.title), *(r.fields.get(name, "") for name in COLUMNS[kind])] for r in records]
    return _table(f"{kind.capitalize()} register", ["id", "title", *COLUMNS[kind]], rows)


def _link(record: Invented, text: str) -> str:
    return f"[{text}]({record.id}.md)"


def _table(title: str, columns: Sequence[str], rows: Iterable[Iterable[Value]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return f"# {title}\n\n" + "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(value: Value) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


PROJECT = f"""\
id: PRJ-001
title: Invented project
tz: America/Chicago
currency: USD
as_of: {AS_OF}
dimensions: [schedule, quality, risk]
"""

# What `aipm init` writes, so that both sides are built as our users build.
SETTINGS = """\
site_name: Invented project
docs_dir: {docs}
theme:
  name: material
  font: false
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: indigo
      toggle: {{icon: material/weather-night, name: Switch to dark mode}}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: indigo
      toggle: {{icon: material/weather-sunny, name: Switch to light mode}}
  features: [navigation.indexes, content.code.copy]
markdown_extensions:
  - admonition
  - attr_list
  - footnotes
  - tables
  - pymdownx.details
  - pymdownx.superfences
  - toc:
      permalink: true
plugins: {plugins}
"""

METRIC = """\
id: M-accuracy
title: Accuracy
definition: share of discharges for which the model was right
unit: ratio
polarity: higher_better
decimals: 1
owner: Lead data scientist
"""

MODEL = """\
id: MV-RW-1.6.2
title: Readmission risk 1.6.2
model: readmission risk
version: 1.6.2
stage: production
owner: Lead data scientist
"""
