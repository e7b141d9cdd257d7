"""A report that was issued and published stays as it is, whatever becomes of its records (domain §1.2.2, A25)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from tests.pages.test_gate_and_report_pages import FILES, GATE, ROWS
from tests.repository import History
from tests.sample import SETTINGS, Outcome, aipm, read_tree

pytestmark = pytest.mark.slow
REPORT = "RPT-2026-04-15-executive"
REPORT_FILE = f"content/issued-reports/{REPORT}.yml"
CHARTER = "id: PRJ-001\ntitle: Triage\ntz: America/Chicago\ndimensions: [quality]\naudience: public\ncurrency: USD\n"
OBSERVATIONS = "content/observations/o.yml"
# Days after 1 April 2026: the 15th, on which it is issued, and the days of later publishings.
ISSUED, NEXT_DAY, NEXT_WEEK = 14, 15, 21


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a project with a gate on measured values, in a repository with a bare one as its origin."""
    history = History(tmp_path / "project")
    files = {f"content/{path}": text for path, text in FILES.items()}
    settings = SETTINGS.replace("site_name: Small\n", "site_name: Triage\nsite_url: https://example.org/triage/\n")
    history.commit(
        {**files, "content/project.yml": CHARTER, "mkdocs.yml": settings, ".gitignore": "site/\n"}, day=ISSUED - 1
    )
    history.git("init", "--quiet", "--bare", str(tmp_path / "origin.git"), at=tmp_path)
    history.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    return history


def issue(history: History) -> dict[str, str]:
    """Freeze the figures of the report, let it go out, and return what it froze, by name."""
    run(history, "new", "report", "Board report", "--set", "as_of=2026-04-15", "--set", "status=final")
    history.commit({}, day=ISSUED)
    text = (history.root / REPORT_FILE).read_text(encoding="utf-8")
    return {figure["name"]: figure.get("text", "") for figure in yaml.safe_load(text)["figures"]}


def run(history: History, *arguments: str) -> Outcome:
    outcome = aipm(history.root, *arguments)
    assert outcome.code == 0, outcome.err
    return outcome


def publish(history: History) -> str:
    """Publish to the branch of the origin and return the name of the version."""
    return run(history, "publish", "--branch", "gh-pages").out.strip()


def served(history: History, to: Path) -> dict[str, bytes]:
    """Return every file of the published site, as a server gets it from the origin."""
    history.git("clone", "--quiet", "--branch", "gh-pages", str(history.root.parent / "origin.git"), str(to))
    return {path: data for path, data in read_tree(to).items() if not path.startswith(".git/")}


def of_version(files: dict[str, bytes], version: str) -> dict[str, bytes]:
    """Return the files of a version, and the shared ones that its pages use."""
    own = {path: data for path, data in files.items() if path.startswith(f"{version}/")}
    html = b"".join(data for path, data in own.items() if path.endswith(".html")).decode()
    shared = set(re.findall(r"(?:\.\./)+(assets/[^\"'#?]+)", html))
    return own | {path: files[path] for path in shared & files.keys()}


def frozen(files: dict[str, bytes], version: str) -> list[list[str]]:
    """Return the rows of the report's page: figure, then, as of, now, and whether they differ."""
    page = LexborHTMLParser(files[f"{version}/issued-reports/{REPORT}/index.html"].decode())
    rows = page.css('[aria-label="Frozen figures"] tbody tr')
    return [[" ".join(cell.text().split()) for cell in row.css("td")] for row in rows]


def test_an_issued_report_and_the_version_that_holds_it_stay_as_they_are(history: History, tmp_path: Path) -> None:
    said = issue(history)
    first = publish(history)
    before = served(history, tmp_path / "first")
    # domain §1.2.2, A7: 86.4 % is below 87.0 %, so the gate says no-go; with 88.0 % it is met.
    better = ROWS.replace("0.864, successes: 8640", "0.880, successes: 8800")
    history.commit({OBSERVATIONS: better}, day=NEXT_DAY)
    second = publish(history)
    # The limit is another, a measurement is taken away, and the page of the report has new neighbours.
    stricter = GATE.replace("threshold: 0.870", "threshold: 0.900")
    rows = better.splitlines(keepends=True)[0]
    history.commit({"content/decisions/DEC-020.yml": stricter, OBSERVATIONS: rows}, day=NEXT_WEEK)
    third = publish(history)
    after = served(history, tmp_path / "third")

    assert (first, second, third) == ("2026-04-15", "2026-04-16", "2026-04-22")
    held = of_version(before, first)
    assert any(path.startswith("assets/") for path in held)
    assert {path: after.get(path) for path in held} == held
    rows_of = {version: frozen(after, version) for version in (first, second, third)}
    then = [row[:3] for row in rows_of[first]]
    assert [[row[:3] for row in rows_of[version]] for version in (second, third)] == [then, then]
    assert said.keys() == {row[0] for row in then}
    verdict = {version: next(row for row in rows if "verdict" in row[0]) for version, rows in rows_of.items()}
    assert "no-go" in said["gate.DEC-020.verdict"]
    assert all(row[1].startswith(said["gate.DEC-020.verdict"]) for row in verdict.values())
    # What holds now stands beside it, and moved to and fro.
    assert [row[3].split(" ")[0] for row in verdict.values()] == ["no-go", "go", "no-go"]
    assert [row[4] for row in verdict.values()] == ["same", "changed", "same"]
