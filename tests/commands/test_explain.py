"""`aipm explain`: a kind, a problem code or a figure, by its name."""

import pytest

from aipm_site.records import KINDS
from aipm_site.summaries.explanations import known_codes
from tests.commands.runs import RISK, aipm, write_project


@pytest.mark.parametrize("name", [name for kind in KINDS for name in (kind.name, kind.folder) if name])
def test_a_kind_is_explained_outside_a_project_by_its_name_or_folder(tmp_path, name):
    result = aipm("explain", name, at=tmp_path)

    assert result.exit_code == 0
    assert "Needed: without it the record is not read" in result.stdout


def test_every_code_is_explained_outside_a_project(tmp_path):
    for code in known_codes():
        result = aipm("explain", code, at=tmp_path)

        assert result.exit_code == 0
        assert result.stdout.startswith(f"{code}\n\n")


def test_a_figure_is_explained_with_its_records(tmp_path):
    result = aipm("explain", "risk.open", at=write_project(tmp_path))

    assert result.exit_code == 0
    assert result.stdout.startswith("risk.open: 1 open risk, as at ")
    assert "content/risks/RSK-001.yml:1  RSK-001" in result.stdout


def test_a_figure_is_of_the_project_so_it_needs_one(tmp_path):
    result = aipm("explain", "risk.open", at=tmp_path)

    assert result.exit_code == 2
    assert "there is no mkdocs.yml here or above" in result.stderr


@pytest.mark.parametrize(
    ("name", "near"), [("rsk", "risk"), ("unknwn-field", "unknown-field"), ("risk.opne", "risk.open")]
)
def test_a_mistyped_name_gets_the_near_one(tmp_path, name, near):
    result = aipm("explain", name, at=write_project(tmp_path))

    assert result.exit_code == 2
    assert f"did you mean '{near}'?" in result.stderr


def test_a_figure_that_an_audience_may_not_see_is_said_to_be_so(tmp_path):
    write_project(tmp_path, {"risks/RSK-001.yml": RISK + "audience: restricted\n"})

    result = aipm("explain", "risk.open", at=tmp_path)

    assert result.exit_code == 2
    assert "not shared with the audience 'internal'" in result.stderr
    assert aipm("explain", "risk.open", "--audience", "restricted", at=tmp_path).exit_code == 0


def test_lines_are_as_wide_as_the_terminal(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")

    result = aipm("explain", "unknown-field", at=tmp_path)

    assert 50 < max(map(len, result.stdout.splitlines())) <= 60
