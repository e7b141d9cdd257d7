"""`aipm new`: the next free id, the right folder, what is needed, and never a file written over."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aipm_site.commands.new import next_id
from aipm_site.records import KINDS
from aipm_site.records.blank import needed_fields
from tests.commands.runs import RISK, aipm, write_project

ROOT = Path(__file__).resolve().parent.parent.parent
SCORES = ("--set", "probability=2", "--set", "impact=4")
VALUES = {
    "due": "2026-05-01",
    "baseline_date": "2026-06-15",
    "probability": "3",
    "impact": "4",
    "severity": "2",
    "start": "2026-04-08",
    "end": "2026-04-21",
    "version": "1.8.0",
    "stage": "dev",
    "unit": "ms",
    "polarity": "lower_better",
    "as_of": "2026-04-15",
    "metric": "M-accuracy",
    "value": "0.874",
    "date": "2026-04-15",
    "status": "submitted",
    "currency": "USD",
    "planned": "[{period: 2026-03, amount: 1000}]",
    "period": "2026-03",
    "amount": "1000",
    "value_driver": "[{name: cost of a readmission, value: 15000}]",
    "scenarios": '[{name: "6", scale: 6}]',
    "contains_personal_data": "unknown",
}
METRIC = "id: M-accuracy\ntitle: Accuracy\nunit: ratio\npolarity: higher_better\n"


def given(kind):
    """Return the arguments that give everything that a new record of a kind needs."""
    names = [name for name, _ in needed_fields(kind)]
    title = ["A title of its own"] if "title" in names else []
    return title + [part for name in names if name != "title" for part in ("--set", f"{name}={VALUES[name]}")]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.is_rows], ids=lambda kind: kind.name)
def test_a_new_record_of_every_kind_checks_without_an_error(tmp_path, monkeypatch, kind):
    write_project(tmp_path, {})
    monkeypatch.chdir(tmp_path)

    result = aipm("new", kind.name, *given(kind))

    assert result.exit_code == 0, result.stderr
    assert (tmp_path / result.stdout.strip()).is_file()
    checked = aipm("check")
    assert checked.exit_code == 0, checked.stdout
    assert "1 record" in checked.stdout


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.is_rows], ids=lambda kind: kind.name)
def test_a_new_row_is_printed_as_an_item_of_a_list(tmp_path, kind):
    result = aipm("new", kind.name, *given(kind), at=write_project(tmp_path, {"metrics/M-accuracy.yml": METRIC}))

    assert result.exit_code == 0, result.stderr
    (tmp_path / "content" / f"{kind.folder}.yml").write_text(result.stdout, encoding="utf-8")
    checked = aipm("check", at=tmp_path)
    assert checked.exit_code == 0, checked.stdout
    assert "2 records" in checked.stdout


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.folder], ids=lambda kind: kind.name)
def test_without_anybody_to_ask_what_is_needed_is_named_and_nothing_written(tmp_path, kind):
    result = aipm("new", kind.name, at=write_project(tmp_path, {}))

    assert result.exit_code == 2
    assert list((tmp_path / "content").iterdir()) == []
    for name, description in needed_fields(kind):
        assert f"  {name}: {description}" in result.stderr
        assert name == "title" or f"--set {name}=…" in result.stderr


def test_the_next_id_follows_the_highest_with_as_many_digits():
    milestone = KINDS.named("milestone")

    assert next_id(milestone, ["MS-05", "MS-11", "MS-02", "RSK-400"]) == "MS-12"
    assert next_id(milestone, ["MS-99"]) == "MS-100"
    assert next_id(milestone, []) == "MS-001"


def test_the_id_of_a_record_that_cannot_be_read_is_taken(tmp_path):
    files = {
        "risks/RSK-004.yml": "id: RSK-004\ntitle: [\n",
        "risks/RSK-007-vendor.yml": "",
        "raid/risks/many.yml": "- {id: RSK-009, title: A, probability: 30, impact: 4}\n",
    }

    result = aipm("new", "risk", "A", *SCORES, "--dry-run", at=write_project(tmp_path, files))

    assert result.stdout.startswith("id: RSK-010\n")


def test_it_lies_where_most_records_of_its_kind_lie(tmp_path, monkeypatch):
    files = {f"raid/risks/RSK-00{n}.yml": RISK.replace("001", f"00{n}") for n in (1, 2)}
    write_project(tmp_path, files | {"old/risks/RSK-003.yml": RISK.replace("001", "003")})
    monkeypatch.chdir(tmp_path / "content")

    result = aipm("new", "risk", "A", *SCORES)

    # The path is written as it is typed from here: $EDITOR "$(aipm new risk …)".
    assert result.stdout == os.path.join("raid", "risks", "RSK-004.yml") + "\n"
    assert (tmp_path / "content" / "raid" / "risks" / "RSK-004.yml").is_file()


def test_a_decision_is_markdown_unless_the_projects_decisions_are_not(tmp_path):
    decision = "id: DEC-001\ntitle: Keep records in git\n"
    prose, plain = tmp_path / "prose", tmp_path / "plain"
    write_project(prose, {})
    write_project(plain, {"decisions/DEC-001.yml": decision})

    aipm("new", "decision", "Choose a vendor", at=prose)
    aipm("new", "decision", "Choose a vendor", at=plain)

    written = (prose / "content" / "decisions" / "DEC-001.md").read_text(encoding="utf-8")
    assert written.startswith("---\nid: DEC-001\ntitle: Choose a vendor\n")
    assert written.endswith("\n---\n")
    assert (plain / "content" / "decisions" / "DEC-002.yml").is_file()


def test_what_is_expected_stands_as_comments_with_what_it_is_for(tmp_path):
    text = aipm("new", "risk", "A", *SCORES, "--dry-run", at=write_project(tmp_path)).stdout

    assert re.search(r"^# owner:  # who answers for it", text, re.MULTILINE)


def test_further_fields_can_be_given(tmp_path):
    text = aipm("new", "risk", "A", *SCORES, "--set", "owner=ML lead", "--dry-run", at=write_project(tmp_path)).stdout

    assert "\nowner: ML lead\n" in text


def test_a_list_is_given_with_commas_or_as_yaml_writes_it(tmp_path):
    given = (*SCORES, "--set", "tags=data feeds, units", "--set", "links=[{rel: affects, id: RSK-001}]")

    text = aipm("new", "risk", "A", *given, "--dry-run", at=write_project(tmp_path)).stdout

    assert "\ntags: [data feeds, units]\n" in text
    assert "\nlinks: [{rel: affects, id: RSK-001}]\n" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "probability=7", "--set", "impact=4"], "probability 7 is not between 1 and 5; 1 is very unlikely"),
        (["--set", "probability=7", "--set", "impact=x"], "impact 'x' is not a whole number"),
        ([*SCORES, "--set", "prob=1"], "risk has no field 'prob'"),
        ([*SCORES, "--set", "owner"], "is not of the form field=value"),
        ([*SCORES, "--set", "id=RSK-9"], "an id is given with --id"),
        ([*SCORES, "--set", "raci=lead"], "raci: a group of fields is wanted here"),
        ([*SCORES, "--id", "RSK-001"], "the id RSK-001 is taken"),
        ([*SCORES, "--id", "rsk 9"], "'rsk 9' is not an id of a risk; give one like --id RSK-014"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_written(tmp_path, arguments, said):
    result = aipm("new", "risk", "A", *arguments, at=write_project(tmp_path))

    assert result.exit_code == 2
    assert said in result.stderr
    assert [path.name for path in (tmp_path / "content" / "risks").iterdir()] == ["RSK-001.yml"]


@pytest.mark.parametrize("title", ["a\nb", "a\x1b[2J", "zero\u200bwidth", "", "   "])
def test_a_title_that_is_no_line_of_text_is_refused(tmp_path, title):
    result = aipm("new", "risk", title, *SCORES, at=write_project(tmp_path, {}))

    assert result.exit_code == 2
    assert not (tmp_path / "content" / "risks").exists()


@pytest.mark.parametrize("title", ["no: yes #1", "- [x] {{ 7*7 }}", "null", "'\"", "Ärger 語 🙂", "::error::"])
def test_a_title_comes_back_as_it_was_given(tmp_path, title):
    aipm("new", "risk", *SCORES, "--", title, at=write_project(tmp_path, {}))

    text = aipm("check", "--format", "json", at=tmp_path)
    assert text.exit_code == 0, text.stdout
    from aipm_site.loading import load_project
    from aipm_site.readers.snapshot import WorkingTree

    assert load_project(WorkingTree(tmp_path))[0].records["RSK-001"].label == title


def test_an_id_in_words_comes_from_the_title_or_is_given(tmp_path, monkeypatch):
    write_project(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    rest = ("--set", "unit=ms", "--set", "polarity=lower_better")

    assert aipm("new", "metric", "Réponse time (p95)", *rest).stdout == "content/metrics/M-reponse-time-p95.yml\n"
    assert aipm("new", "metric", "X", "--id", "M-latency", *rest).stdout == "content/metrics/M-latency.yml\n"
    assert "give one like --id M-name" in aipm("new", "metric", "語", *rest).stderr


def test_an_id_by_the_day_has_the_day_of_the_projects_clock(tmp_path):
    # The two ends of the day are 26 hours apart, so that it is never the same day at both.
    days = []
    for zone in ("Etc/GMT+12", "Etc/GMT-14"):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        write_project(folder, {"project.yml": f"id: PRJ-001\ntitle: Triage\ntz: {zone}\n"})

        result = aipm("new", "reminder", "Renew the agreement", "--dry-run", at=folder)

        assert result.exit_code == 0, result.stderr
        days.append(re.search(r"EVT-(\d{4}-\d\d-\d\d)-Renew", result.stdout, re.IGNORECASE)[1])
    assert days[0] < days[1]


def test_nothing_is_written_over_a_file(tmp_path):
    write_project(tmp_path, {"project.yml": "id: PRJ-001\ntitle: Triage\n"})

    result = aipm("new", "project", "Another", at=tmp_path)

    assert result.exit_code == 2
    assert "content/project.yml" in result.stderr
    assert "Triage" in (tmp_path / "content" / "project.yml").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="links need no rights on POSIX alone")
def test_nothing_is_written_through_a_link_out_of_the_project(tmp_path):
    (tmp_path / "outside").mkdir()
    write_project(tmp_path / "project", {})
    (tmp_path / "project" / "content" / "risks").symlink_to(tmp_path / "outside")

    result = aipm("new", "risk", "A", *SCORES, at=tmp_path / "project")

    assert result.exit_code == 2
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_doubtful_title_is_written_and_said_to_be_so(tmp_path, monkeypatch):
    write_project(tmp_path, {})
    monkeypatch.chdir(tmp_path)

    result = aipm("new", "risk", "Budget overrun", *SCORES)

    assert result.exit_code == 0
    assert result.stdout == "content/risks/RSK-001.yml\n"
    assert "content/risks/RSK-001.yml:2:8: warning[only-an-outcome]" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are made as on POSIX")
def test_somebody_at_the_terminal_is_asked_and_asked_again(tmp_path):
    write_project(tmp_path, {})
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "aipm_site", "new", "risk"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(theirs)

    os.write(ours, b"Hospital B changes units\n30\n3\n4\n")

    stdout, stderr = process.communicate(timeout=60)
    os.close(ours)
    assert stdout == "content/risks/RSK-001.yml\n"
    assert "title: what it is called, in a few words" in stderr
    assert "probability 30 is not between 1 and 5" in stderr
    written = (tmp_path / "content" / "risks" / "RSK-001.yml").read_text(encoding="utf-8")
    assert written.startswith("id: RSK-001\ntitle: Hospital B changes units\nprobability: 3\nimpact: 4\n")


FOREIGN = "# Use X\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n"


def test_a_new_decision_follows_the_numbers_of_foreign_ones(tmp_path):
    broken = "---\nstatus: [\n---\n" + FOREIGN
    files = {"decisions/0007-use-x.md": FOREIGN, "decisions/0008-use-y.md": broken, "decisions/README.md": "# Ours\n"}

    result = aipm("new", "decision", "What next", at=write_project(tmp_path, files))

    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "content/decisions/DEC-0009.md").is_file()


def test_a_new_decision_has_the_prefix_of_the_folder_of_the_others(tmp_path):
    files = {
        "project.yml": "id: PRJ-001\ntitle: P\ndecisions: {prefixes: {decisions/backend: BE}}\n",
        "decisions/0012-use-x.md": FOREIGN,
        "decisions/backend/0001-use-x.md": FOREIGN,
        "decisions/backend/0002-use-y.md": FOREIGN,
    }

    result = aipm("new", "decision", "What next", at=write_project(tmp_path, files))

    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "content/decisions/backend/BE-0003.md").is_file()
    assert aipm("check", at=tmp_path).exit_code == 0
