"""`aipm status`: the status as text that fits a terminal, as status.json, and what could be read in spite of errors."""

import json
from pathlib import Path

import pytest

from tests.commands.runs import RISK, aipm, write_project
from tests.repository import History
from tests.sample import SMALL

SAMPLE = Path(__file__).resolve().parent.parent.parent
CHARTER = "id: PRJ-001\ntitle: Triage\ndimensions: [risk]\nas_of: 2026-04-15\n"


@pytest.fixture(scope="module")
def sample():
    """The status of the sample, as it is printed."""
    return aipm("status", at=SAMPLE)


def test_the_first_lines_say_what_how_and_as_of_when(sample):
    first = sample.stdout.splitlines()

    assert sample.exit_code == 0
    # domain §4.4, sample A: amber for 9 days on 15 April 2026.
    assert first[0] == "Readmission Watch: At risk (amber, 9 days) and 1 dimension not reported"
    assert first[1] == "As at 2026-04-15, as project.yml says; for the audience “internal”."
    told = "Since 2026-04-06 (9 days); in the report of 2026-04-08 (RPT-2026-04-08-board) it was amber."
    assert " ".join(first[2:4]) == told


def test_without_an_issued_report_the_revision_is_named_that_told_the_status_before(tmp_path):
    history = History(tmp_path / "project")
    charter = {"content/project.yml": CHARTER.replace("as_of: 2026-04-15\n", "")}
    low = RISK + "reviewed_on: 2026-04-01\n"
    history.commit({**SMALL, **charter, "content/risks/RSK-001.yml": low}, day=0)
    history.commit({"content/risks/RSK-001.yml": low + "summary: Looked at.\n"}, day=3)

    lines = aipm("status", at=history.root).stdout.splitlines()

    # Three days from 1 to 4 April.
    assert " ".join(lines[2:4]).startswith("Since 2026-04-01 (3 days); in the revision of 2026-04-01 it was ")


def test_dimensions_stand_below_each_other_with_words_and_the_others_in_one_line(sample):
    assert (
        "\nschedule  at risk (amber)\ncost      at risk (amber)\nscope     on track (green)\nquality   at risk (amber)\n"
        in sample.stdout
    )
    assert "\nNot tracked: data, compliance, resources\n" in sample.stdout


def test_a_reason_names_its_record_and_place(sample):
    reason = sample.stdout.split("  - MS-05")[1].split("  - ")[0]

    assert "14 days (10 working days) after the baseline" in " ".join(reason.split())
    assert "      MS-05  content/plan/milestones/MS-05.yml:1\n" in reason


def test_what_is_asked_for_and_what_is_due_stand_at_the_end(sample):
    sections = [line for line in sample.stdout.splitlines() if line in {"Decisions needed", "Overdue"} or "Due" in line]

    assert sections == ["Decisions needed", "Overdue", "Due within 15 days"]
    assert "  DEC-019  De-identify dates by expert determination (by 2026-04-22)\n" in sample.stdout


def test_every_line_fits_eighty_columns(sample):
    assert [line for line in sample.stdout.splitlines() if len(line) > 80] == []


def test_warnings_are_counted_in_one_line_on_standard_error(sample):
    assert sample.stderr.count("\n") == 1
    assert sample.stderr.endswith("; `aipm check` lists them\n")


def test_what_an_audience_may_not_see_is_named_and_nothing_of_it_told(sample):
    result = aipm("status", "--audience", "client", at=SAMPLE)

    assert "Not shared with this audience: " in result.stdout
    assert "RSK-" not in result.stdout


def test_the_as_of_can_be_asked_for(sample):
    assert "\nAs at 2026-03-31, as asked for;" in aipm("status", "--as-of", "2026-03-31", at=SAMPLE).stdout


def test_json_is_the_file_that_the_site_publishes(sample):
    data = json.loads(aipm("status", "--json", at=SAMPLE).stdout)

    assert data["schema"] == "aipm/status-1"
    overall = data["overall"]
    assert overall["label"] == "At risk (amber, 9 days) and 1 dimension not reported"
    # domain 1.2.1: the report of 8 April says amber since 6 April.
    assert (overall["since"], overall["days"], overall["computed"]) == ("2026-04-06", 9, "amber")
    assert overall["previous"] == {"status": "amber", "as_of": "2026-04-08"}
    assert [d["name"] for d in data["dimensions"] if d["status"] == "amber"] == ["schedule", "cost", "quality", "risk"]


def test_without_a_dimension_there_is_no_status_and_it_says_how_to_have_one(tmp_path):
    result = aipm("status", at=write_project(tmp_path))

    assert result.stdout.startswith("Triage: no status\n")
    assert "`dimensions: [schedule, risk]`" in result.stdout
    assert "green" not in result.stdout


def broken(tmp_path):
    return write_project(
        tmp_path,
        {
            "project.yml": CHARTER,
            "risks/RSK-001.yml": RISK,
            "risks/RSK-002.yml": RISK.replace("001", "002").replace("probability: 3", "probability: 30"),
        },
    )


def test_with_an_error_nothing_is_computed(tmp_path):
    result = aipm("status", at=broken(tmp_path))

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.endswith("; no status was computed\n")


def test_leniently_what_can_be_read_is_shown_and_what_cannot_is_counted(tmp_path):
    result = aipm("status", "--lenient", at=broken(tmp_path))

    assert result.exit_code == 1
    assert result.stdout.startswith("Triage: ")
    # R64: "2 of 41 records could not be read"; the charter is a record.
    assert result.stderr.splitlines()[-1].endswith("; 1 of 3 records could not be read and are left out")


def test_leniently_errors_between_records_are_no_records_left_out(tmp_path):
    files = {"project.yml": CHARTER, "risks/RSK-001.yml": RISK + "secondary_risks: [RSK-009]\n"}

    result = aipm("status", "--lenient", at=write_project(tmp_path, files))

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].endswith("; the status is shown in spite of them")


def test_control_characters_of_records_do_not_reach_the_terminal(tmp_path):
    files = {"project.yml": CHARTER.replace("Triage", "Tri\u200bage\x1b[2J"), "risks/RSK-001.yml": RISK}

    result = aipm("status", "--lenient", at=write_project(tmp_path, files))

    assert "\x1b" not in result.stdout + result.stderr
    assert "\u200b" not in result.stdout + result.stderr


BAD = "id: RSK-002\ntitle: B\nprobability: seven\nimpact: 4\n"
GREEN = RISK.replace("impact: 4", "impact: 1") + "next_review: 2026-05-01\nreviewed_on: 2026-04-14\n"


@pytest.mark.parametrize(
    ("bad", "caution"),
    [
        (BAD, "1 of 3 records could not be read and are left out; what follows may be wrong."),
        ("id: [\n", "The content has errors; what follows may be wrong."),
    ],
)
def test_a_lenient_status_says_below_its_headline_what_it_lacks_and_is_never_plain_green(tmp_path, bad, caution):
    root = write_project(tmp_path / "p", {"project.yml": CHARTER, "risks/RSK-001.yml": GREEN, "risks/RSK-002.yml": bad})

    lines = aipm("status", "--lenient", at=root).stdout.splitlines()

    assert lines[0] == "Triage: On track (green), of what could be read"
    assert lines[1] == caution
    assert [line for line in lines if "on track" in line.lower() and not line.endswith(", of what could be read")] == []


def test_a_lenient_status_json_counts_what_it_lacks(tmp_path):
    files = {"project.yml": CHARTER, "risks/RSK-001.yml": GREEN}
    whole, part = (
        write_project(tmp_path / "w", files),
        write_project(tmp_path / "p", {**files, "risks/RSK-002.yml": BAD}),
    )

    assert "unread" not in json.loads(aipm("status", "--json", "--lenient", at=whole).stdout)
    assert json.loads(aipm("status", "--json", "--lenient", at=part).stdout)["unread"] == 1
