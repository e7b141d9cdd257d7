"""Numbers of decision records in forms of others: a gap is information, one number twice is an error."""

from __future__ import annotations

from tests.snapshots import found, project_of

ADR = "# Use X\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n"
OURS = "id: {id}\ntitle: Ours\n"


def gaps(files: dict[str, str]) -> list[str]:
    assert found(files) == []
    return [problem.message for problem in project_of(files)[2] if problem.code == "gap-in-numbers"]


def test_a_gap_is_named_at_the_record_after_it():
    files = {f"decisions/{number:04}-x.md": ADR for number in (3, 4, 6, 10)}

    assert gaps(files) == ["before DEC-0006 there is no number 5", "before DEC-0010 there are no numbers 7 to 9"]


def test_a_decision_of_ours_fills_a_gap_and_has_none_of_its_own():
    mixed = {"decisions/0001-x.md": ADR, "decisions/0003-x.md": ADR, "decisions/b.yml": OURS.format(id="DEC-0002")}

    assert gaps(mixed) == []
    assert gaps({"decisions/a.yml": OURS.format(id="DEC-001"), "decisions/b.yml": OURS.format(id="DEC-044")}) == []


def test_each_prefix_counts_for_itself():
    settings = "id: PRJ-001\ntitle: P\ndecisions: {prefixes: {decisions/backend: BE}}\n"
    files = {"decisions/0001-x.md": ADR, "decisions/backend/0002-x.md": ADR, "decisions/0003-x.md": ADR}

    assert gaps({"project.yml": settings, **files}) == ["before DEC-0003 there is no number 2"]


def test_a_decision_that_could_not_be_read_is_no_gap():
    files = {"decisions/0001-x.md": ADR, "decisions/0003-x.md": ADR}
    files["decisions/b.yml"] = "id: DEC-0002\ntitel: Ours\n"

    assert not any(problem.code == "gap-in-numbers" for problem in project_of(files)[2])


def test_one_number_twice_is_an_error_however_it_is_written():
    assert found({"decisions/0005-x.md": ADR, "decisions/0005-y.md": ADR}) == ["decisions/0005-y.md:1 duplicate-id"]
    assert found({"decisions/0005-x.md": ADR, "decisions/005-y.md": ADR}) == ["decisions/005-y.md:1 duplicate-id"]
