"""`aipm new report`: a draft whose figures are frozen from the records, for its readers and no others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aipm_site.readers.strict_yaml import read_yaml
from tests.commands.runs import aipm, write_project

CHARTER = "id: PRJ-001\ntitle: Triage\ntz: UTC\nas_of: 2026-04-15\ndimensions: [schedule]\naudience: public\n"
PLAN = "id: MS-05\ntitle: Pilot\nbaseline_date: 2026-06-15\nforecast_date: 2026-06-29\nreviewed_on: 2026-04-13\n"
RISK = "id: RSK-001\ntitle: Price\nprobability: 2\nimpact: 2\nreviewed_on: 2026-04-13\nopened: 2026-01-01\n"
FILES = {"project.yml": CHARTER, "milestones/MS-05.yml": PLAN, "risks/RSK-001.yml": RISK}
LAST = (
    "id: RPT-2026-04-08-executive\ntitle: Report\nstatus: final\nas_of: 2026-04-08\nfigures:\n"
    "  - {name: status.schedule, value: amber, since: 2026-04-06, sources: [MS-05]}\n"
)
DRAFT = "issued-reports/RPT-2026-04-15-executive.yml"


def drafted(folder: Path, *more: str, files: dict[str, str] | None = None, path: str = DRAFT):
    write_project(folder, FILES if files is None else files)
    result = aipm("new", "report", "Report of 15 April", *more, at=folder)
    assert result.exit_code == 0, result.stderr
    data, problems = read_yaml((folder / "content" / path).read_text(encoding="utf-8"), path)
    assert problems == []
    return data, {figure["name"]: figure for figure in data["figures"]}


def test_a_draft_holds_the_status_and_what_its_template_prints(tmp_path):
    data, figures = drafted(tmp_path)

    assert (data["as_of"], data["period_end"], data["template"]) == ("2026-04-15", "2026-04-15", "executive")
    assert "status" not in data
    # 15 to 29 June is 14 days.
    assert (figures["schedule.slip.MS-05"]["value"], figures["schedule.slip.MS-05"]["unit"]) == ("14", "d")
    assert figures["status.overall"]["value"] == "amber"
    assert list(figures["status.schedule"]["sources"]) == ["MS-05"]
    assert "status.risk" not in figures
    # The summary does not print how many risks were raised, as none was.
    assert "risk.open" in figures
    assert "risk.new" not in figures


def test_a_draft_is_a_record_without_an_error_and_becomes_final_by_one_word(tmp_path):
    drafted(tmp_path)
    file = tmp_path / "content" / DRAFT
    file.write_text(file.read_text(encoding="utf-8") + "status: final\n", encoding="utf-8")

    assert aipm("check", at=tmp_path).exit_code == 0
    assert "in the report of 2026-04-15 (" in aipm("status", "--as-of", "2026-04-16", at=tmp_path).stdout


def test_the_period_begins_after_the_last_report_and_a_colour_keeps_its_first_day(tmp_path):
    data, figures = drafted(tmp_path, files=FILES | {"issued-reports/last.yml": LAST})

    assert data["period_start"] == "2026-04-09"
    assert figures["status.schedule"]["since"] == "2026-04-06"


def test_a_better_colour_that_waits_is_frozen_with_both_values_so_that_the_next_report_confirms_it(tmp_path):
    on_time = {"milestones/MS-05.yml": PLAN.replace("06-29", "06-15"), "issued-reports/last.yml": LAST}
    _, figures = drafted(tmp_path, files=FILES | on_time)

    assert (figures["status.schedule"]["value"], figures["status.schedule.computed"]["value"]) == ("amber", "green")
    # The waiting colour rests on what it rested on before.
    assert list(figures["status.schedule"]["sources"]) == ["MS-05"]

    def issue(name: str) -> None:
        file = tmp_path / "content" / f"issued-reports/{name}.yml"
        file.write_text(file.read_text(encoding="utf-8") + "status: final\n", encoding="utf-8")

    issue("RPT-2026-04-15-executive")
    assert "schedule  at risk (amber)" in aipm("status", "--as-of", "2026-04-16", at=tmp_path).stdout
    aipm("new", "report", "Next", "--set", "as_of=2026-04-22", at=tmp_path)
    issue("RPT-2026-04-22-executive")
    assert "schedule  on track (green)" in aipm("status", "--as-of", "2026-04-23", at=tmp_path).stdout


def test_a_report_freezes_what_its_readers_may_see_and_bears_their_label(tmp_path):
    shown = {"milestones/MS-05.yml": PLAN + "audience: client\n"}

    data, figures = drafted(tmp_path, "--set", "audience=client", files=FILES | shown)

    assert data["audience"] == "client"
    assert "schedule.slip.MS-05" in figures
    assert not any(name.startswith("risk.") for name in figures)
    assert "RSK-001" not in (tmp_path / "content" / DRAFT).read_text(encoding="utf-8")


def test_a_template_of_the_projects_own_says_what_is_frozen(tmp_path):
    board = {"reports/board.md": "---\ntitle: Board\n---\n{{ fig('risk.red') }}\n"}

    _, figures = drafted(
        tmp_path,
        "--set",
        "template=board",
        files=FILES | board,
        path="issued-reports/RPT-2026-04-15-board.yml",
    )

    assert list(figures) == ["status.overall", "status.schedule", "risk.red"]


def test_the_revision_is_written_down_and_uncommitted_changes_are_said(tmp_path):
    write_project(tmp_path, FILES)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "All"]):
        subprocess.run([*git, *arguments], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()

    clean = aipm("new", "report", "A", "--dry-run", at=tmp_path)
    (tmp_path / "content/risks/RSK-002.yml").write_text(RISK.replace("001", "002"), encoding="utf-8")
    changed = aipm("new", "report", "A", "--dry-run", at=tmp_path)

    assert f"data_commit: {commit}\n" in clean.stdout
    assert (clean.stderr, "uncommitted changes" in changed.stderr) == ("", True)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("template=bord", "there is no report template 'bord'; did you mean 'board'?"),
        ("audience=clint", "did you mean 'client'?"),
        ("as_of=tomorrow", "write 2026-04-15"),
    ],
)
def test_a_wrong_choice_is_refused_and_nothing_is_written(tmp_path, setting, words):
    write_project(tmp_path, FILES | {"reports/board.md": "Words.\n"})

    result = aipm("new", "report", "A", "--set", setting, at=tmp_path)

    assert result.exit_code == 2
    assert words in result.stderr
    assert not (tmp_path / "content/issued-reports").exists()


def test_no_report_is_made_from_records_with_errors(tmp_path):
    write_project(tmp_path, FILES | {"risks/RSK-002.yml": RISK.replace("probability: 2", "probability: 9")})

    result = aipm("new", "report", "A", at=tmp_path)

    assert result.exit_code == 1
    assert "error[out-of-range]" in result.stderr
    assert "no report was written" in result.stderr
    assert not (tmp_path / "content/issued-reports").exists()
