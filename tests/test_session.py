"""A session knows the as-of, the audience and what git knows; it alone reads clock and environment."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from aipm_site.session import Session, open_session
from aipm_site.workspace import WrongRequest

CHARTER = "id: PRJ-001\ntitle: A project\ntz: America/Chicago\ndimensions: [risk]\n"
RISK = "id: RSK-001\ntitle: A vendor raises its price\nprobability: 2\nimpact: 2\n"


def git(folder: Path, *arguments: str, day: str = "2026-04-01T12:00:00+00:00") -> None:
    """Run git in a folder as somebody who does not exist, at a given moment."""
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a"}
    when = {"GIT_COMMITTER_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), **who, **when}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def commit(folder: Path, day: str) -> None:
    """Commit everything at a given moment."""
    git(folder, "add", "-A", day=day)
    git(folder, "commit", "-qm", "change", day=day)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a committed project of one risk that does not date itself."""
    (tmp_path / "content" / "risks").mkdir(parents=True)
    (tmp_path / "content" / "project.yml").write_text(CHARTER)
    (tmp_path / "content" / "risks" / "RSK-001.yml").write_text(RISK)
    git(tmp_path, "init", "-q")
    # 04:30 UTC on the 16th is 23:30 on the 15th in Chicago (domain 1.2.2, A23).
    commit(tmp_path, "2026-04-16T04:30:00+00:00")
    return tmp_path


def session(folder: Path, **options: str) -> Session:
    return open_session(folder, environment={}, **options)


def test_the_as_of_is_the_day_of_the_last_commit_in_the_projects_time_zone(folder: Path) -> None:
    assert session(folder).dated.as_of.date == date(2026, 4, 15)


def test_project_yml_the_environment_and_the_command_line_each_overrule_the_one_before(folder: Path) -> None:
    (folder / "content" / "project.yml").write_text(CHARTER + "as_of: 2026-03-01\n")

    assert session(folder).dated.as_of.date == date(2026, 3, 1)
    assert open_session(folder, environment={"AIPM_AS_OF": "2026-03-02"}).dated.as_of.date == date(2026, 3, 2)
    assert session(folder, as_of="2026-03-03T07:00-05:00").dated.as_of.is_moment


def test_uncommitted_changes_make_it_today_and_are_said(folder: Path) -> None:
    (folder / "content" / "new.md").write_text("# New\n")

    assert session(folder).revision.uncommitted
    assert "uncommitted" in session(folder).dated.reason


@pytest.mark.parametrize("options", [{"as_of": "tomorrow"}, {"as_of": "2026-02-30"}, {"audience": "cleint"}])
def test_what_cannot_be_asked_for_is_a_wrong_request(folder: Path, options: dict[str, str]) -> None:
    with pytest.raises(WrongRequest):
        session(folder, **options)


def test_a_source_date_epoch_that_is_no_number_is_a_wrong_request(folder: Path) -> None:
    with pytest.raises(WrongRequest, match="SOURCE_DATE_EPOCH"):
        open_session(folder, environment={"SOURCE_DATE_EPOCH": "now"})


def test_a_record_without_a_date_is_as_old_as_the_commit_that_changed_a_value_of_it(folder: Path) -> None:
    assert session(folder, as_of="2026-04-20").facts.freshness["RSK-001"].since == date(2026, 4, 15)


def test_a_new_format_is_not_a_new_value(folder: Path) -> None:
    (folder / "content" / "risks" / "RSK-001.yml").write_text(
        "# looked over\n" + RISK.replace("impact: 2", "impact:   '2'")
    )
    commit(folder, "2026-06-01T12:00:00+00:00")

    assert session(folder, as_of="2026-06-02").facts.freshness["RSK-001"].since == date(2026, 4, 15)


def test_a_new_value_is_one(folder: Path) -> None:
    (folder / "content" / "risks" / "RSK-001.yml").write_text(RISK.replace("impact: 2", "impact: 3"))
    commit(folder, "2026-06-01T12:00:00+00:00")

    assert session(folder, as_of="2026-06-02").facts.freshness["RSK-001"].since == date(2026, 6, 1)


def test_without_git_the_age_is_unknown_and_never_fresh(tmp_path: Path, folder: Path) -> None:
    copy = tmp_path / "copy"
    (copy / "content" / "risks").mkdir(parents=True)
    (copy / "content" / "risks" / "RSK-001.yml").write_text(RISK)
    (copy / ".git").write_text("gitdir: nowhere\n")

    age = session(copy, as_of="2026-04-15").facts.freshness["RSK-001"]

    assert (age.state, age.is_current) == ("not_reported", False)
