"""A project made from inputs that nobody here wrote: a risk register, project goals, releases of a model."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from tests.shared_data import shared_data

Row = Mapping[str, str | None]

# The register's words as the steps of our scale; "Unknown" stays not given.
SCORES = {"Very Low": 1, "Low": 2, "Medium": 3, "High": 4, "Very High": 5}
# From 3.0.0 on the same measures have other names.
RENAMED = {"uas": "dep_uas", "las": "dep_las", "tags_acc": "tag_acc"}
MEASURES = ("token_acc", "tag_acc", "dep_uas", "dep_las", "ents_p", "ents_r", "ents_f")
BREAK_AT = "3.0.0"

SETTINGS = """site_name: A project nobody here wrote
docs_dir: content
theme: {name: material, font: false}
plugins: [search, aipm]
"""
CHARTER = "id: PRJ-001\ntitle: A project nobody here wrote\ndimensions: [risk, quality]\nas_of: 2026-04-15\n"


def make_real_project(root: Path) -> Path:
    """Write the project into a folder and return it."""
    content = root / "content"
    content.mkdir(parents=True)
    (root / "mkdocs.yml").write_text(SETTINGS)
    (content / "project.yml").write_text(CHARTER)
    for row in register_rows():
        _write(content / "risks" / f"{risk_id(row)}.yml", risk_record(row))
    copy_goals(content / "goals")
    write_releases(content)
    return root


def register_rows() -> list[Row]:
    """Return the rows of the register, and those of its earlier versions whose scores were not known."""
    folder = shared_data("ssi-risk-register")
    rows = _read_csv(folder / "register" / "risks.csv")
    seen = {risk_id(row) for row in rows}
    for file in sorted((folder / "history").glob("*.csv")):
        for row in _read_csv(file):
            if "Unknown" in (row.get("Likelihood"), row.get("Severity")) and risk_id(row) not in seen:
                rows.append(row)
                seen.add(risk_id(row))
    return rows


def _read_csv(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row.get("Risk")]


def risk_id(row: Row) -> str:
    """Return the id of a row: from the issue's number, else from a hash of the text."""
    number = re.fullmatch(r"#(\d+)", row.get("Issue") or "")
    digest = int(hashlib.sha256((row["Risk"] or "").encode()).hexdigest(), 16) % 10**6
    return f"RSK-{number[1]}" if number else f"RSK-{digest:06d}"


def risk_record(row: Row) -> dict[str, object]:
    """Return a row of the register as a risk record that keeps every cell."""
    probability, impact = SCORES.get(row["Likelihood"] or ""), SCORES.get(row["Severity"] or "")
    text = " ".join((row["Risk"] or "").split())
    cells = {name.lower().replace(" ", "_"): cell for name, cell in row.items() if name and cell}
    kept = ("reach", "examples", "issue", "updates", "maintainer_notes", "likelihood", "severity")
    return {
        "id": risk_id(row),
        "title": text,
        "status": "open" if probability and impact else "draft",
        "probability": probability,
        "impact": impact,
        "summary": cells.get("mitigations"),
        "owner": cells.get("ownership"),
        "tags": [tag.strip() for tag in (row.get("Tags") or "").split(",") if tag.strip()] or None,
        "custom": {name: cells[name] for name in kept if name in cells},
    }


def copy_goals(folder: Path) -> None:
    """Copy the goals as wiki pages."""
    shutil.copytree(shared_data("rust-project-goals-2025h1") / "src" / "2025h1", folder)


def releases() -> list[tuple[str, dict[str, float]]]:
    """Return version and measures of each release, oldest first, under one name for each measure."""
    files = shared_data("spacy-models").glob("en_core_web_sm-*.json")
    found = []
    for file in files:
        data = json.loads(file.read_text(encoding="utf-8"))
        measured = data.get("accuracy") or data.get("performance") or {}
        named = {RENAMED.get(name, name): value for name, value in measured.items()}
        found.append((data["version"], {name: named[name] for name in MEASURES if name in named}))
    return sorted(found, key=lambda release: _version_key(release[0]))


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def model_id(version: str) -> str:
    """Return the id of a release's record."""
    return f"MV-web-sm-{version}"


def write_releases(content: Path) -> None:
    """Write a model record per release, a metric per measure, and the observations, one month apart."""
    for name in MEASURES:
        metric = {"id": metric_id(name), "title": name, "unit": "ratio", "polarity": "higher_better"}
        _write(content / "metrics" / f"{metric_id(name)}.yml", metric)
    rows = []
    for month, (version, measured) in enumerate(releases()):
        day = date(2024 + month // 12, month % 12 + 1, 1)
        _write(content / "models" / f"{model_id(version)}.yml", _model(version))
        rows += list(_observations(version, measured, day))
    _write(content / "observations" / "releases.yml", rows)


def metric_id(name: str) -> str:
    """Return the id of a measure's record."""
    return f"M-{name.replace('_', '-')}"


def _model(version: str) -> dict[str, object]:
    last = releases()[-1][0]
    stage = "production" if version == last else "retired"
    return {
        "id": model_id(version),
        "title": f"en_core_web_sm {version}",
        "model": "en_core_web_sm",
        "version": version,
        "stage": stage,
    }


def _observations(version: str, measured: Mapping[str, float], day: date) -> Iterator[dict[str, object]]:
    unit = "percent" if _version_key(version) < _version_key(BREAK_AT) else "ratio"
    for name, value in measured.items():
        yield {
            "metric": metric_id(name),
            "subject": model_id(version),
            "value": repr(value),
            "unit": unit,
            "as_of": day.isoformat(),
            "environment": "offline",
        }


def _write(file: Path, data: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # JSON is YAML, and writes every text so that it comes back as it was.
    file.write_text(json.dumps(_without_none(data), ensure_ascii=False, indent=1), encoding="utf-8")


def _without_none(data: object) -> object:
    return {k: v for k, v in data.items() if v not in (None, {})} if isinstance(data, dict) else data
