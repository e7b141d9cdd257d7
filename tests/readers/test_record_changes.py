"""What one record says, through commits that change others beside it, move it, or confirm it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aipm_site.readers.record_changes import RecordChanges
from aipm_site.readers.record_files import value_of_file
from aipm_site.readers.value_changes import ValueChanges
from tests.repository import FIRST_DAY, History, line_of_folder

RISK = "id: {id}\ntitle: Feed B changes its units\nimpact: {impact}\n"
ONE = "content/risks/RSK-001.yml"
LIST = "content/risks/risks.yml"
DECISION = "# 12. Take feed B\n\n## Status\n\nAccepted\n\n## Context\n\n{why}\n"


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "project")


def risk(number: int = 1, impact: int = 2, more: str = "") -> str:
    return RISK.format(id=f"RSK-00{number}", impact=impact) + more


def listed(*records: str) -> str:
    return "".join("- " + record.replace("\n", "\n  ").rstrip(" ") for record in records)


def days(
    history: History,
    path: str = ONE,
    record_id: str = "RSK-001",
    root: Path | None = None,
    after: datetime | None = None,
) -> list[int]:
    """Return on which days after 1 April 2026 a record changed, the newest first."""
    with ValueChanges(line_of_folder(root or history.root), value_of_file) as files:
        moment = after or FIRST_DAY - timedelta(days=1)
        found = RecordChanges(files).after(moment, path, record_id, files.newest)
        return [(change.committed - FIRST_DAY).days for change in found.changes]


def commits(history: History, *states: Mapping[str, str | bytes | None]) -> None:
    """Commit states one a day."""
    for day, files in enumerate(states):
        history.commit(files, day=day)


def test_the_commit_that_brings_a_record_is_no_change(history: History) -> None:
    commits(history, {ONE: risk()}, {ONE: risk(impact=3)}, {ONE: risk(impact=4)})

    assert days(history) == [2, 1]


def test_only_commits_after_the_moment_are_looked_at(history: History) -> None:
    commits(history, {ONE: risk()}, {ONE: risk(impact=3)}, {ONE: risk(impact=4)})

    assert days(history, after=FIRST_DAY + timedelta(days=1)) == [2]


def test_a_change_tells_the_fields_that_are_not_as_they_were(history: History) -> None:
    commits(history, {ONE: risk(more="owner: Tester\n")}, {ONE: risk(impact=3, more="updated: 2026-04-02\n")})

    with ValueChanges(line_of_folder(history.root), value_of_file) as files:
        (change,) = RecordChanges(files).after(FIRST_DAY, ONE, "RSK-001", files.newest).changes

    assert change.fields == {"impact": ("2", "3"), "owner": ("Tester", None), "updated": (None, "2026-04-02")}


def test_format_and_a_confirmation_are_no_change(history: History) -> None:
    confirmed = "reviewed_on: 2026-04-03\nnext_review: 2026-05-03\nas_of: 2026-04-03\nreview_by: 2026-06-01\n"
    commits(
        history,
        {ONE: risk()},
        {ONE: "# looked over\n" + risk().replace("impact: 2", "impact:   '2'")},
        {ONE: risk(more=confirmed)},
    )

    assert days(history) == []


def test_of_a_file_with_several_records_each_has_its_own_changes(history: History) -> None:
    commits(
        history,
        {LIST: listed(risk(1), risk(2))},
        {LIST: listed(risk(1), risk(2, impact=5))},
        {LIST: listed(risk(3), risk(1, impact=4), risk(2, impact=5))},
    )

    assert days(history, LIST, "RSK-001") == [2]
    assert days(history, LIST, "RSK-002") == [1]
    assert days(history, LIST, "RSK-003") == []


def test_values_common_to_a_list_are_each_records_own(history: History) -> None:
    commits(
        history,
        {LIST: "- common: {owner: Tester}\n" + listed(risk(1))},
        {LIST: listed(risk(1, more="owner: Tester\n"))},
        {LIST: "- common: {owner: Analyst}\n" + listed(risk(1))},
    )

    assert days(history, LIST) == [2]


def test_a_record_is_followed_from_file_to_file(history: History) -> None:
    commits(
        history,
        {LIST: listed(risk(1), risk(2))},
        {LIST: listed(risk(1, impact=3), risk(2))},
        {LIST: listed(risk(2)), ONE: risk(1, impact=3)},
        {ONE: None, "content/raid/risks/RSK-001.yml": risk(1, impact=3)},
    )

    assert days(history, "content/raid/risks/RSK-001.yml") == [1]


def test_a_move_that_changes_a_value_is_a_change(history: History) -> None:
    commits(history, {LIST: listed(risk(1), risk(2))}, {LIST: listed(risk(2)), ONE: risk(1, impact=5)})

    assert days(history) == [1]


def test_a_file_that_only_links_to_a_record_never_held_it(history: History) -> None:
    link = "---\ntitle: Note\nlinks: [{rel: affects, id: RSK-001}]\n---\nText\n"
    commits(history, {"content/note.md": link}, {"content/note.md": None, ONE: risk()})

    assert days(history) == []


def test_a_decision_in_anothers_form_is_compared_by_its_words(history: History) -> None:
    path = "content/decisions/0012-feed.md"
    moved = "content/raid/decisions/0012-feed.md"
    commits(
        history,
        {path: DECISION.format(why="It is fast.")},
        {path: DECISION.format(why="It is fast and cheap.")},
        {path: None, moved: DECISION.format(why="It is fast and cheap.")},
    )

    assert days(history, moved, "DEC-012") == [1]


def test_what_lies_beyond_the_end_of_a_shallow_clone_is_not_known(history: History, tmp_path: Path) -> None:
    commits(history, {ONE: risk()}, {ONE: risk(impact=3)}, {ONE: risk(impact=4)})

    clone = history.clone(tmp_path / "clone", "--depth=2")

    assert days(history, root=clone) == [2]
    # It holds the commits of 2 and 3 April.
    assert is_cut_off(clone, day=0)
    assert not is_cut_off(clone, day=1)
    assert not is_cut_off(history.root, day=0)


def test_what_a_clone_without_earlier_contents_lacks_is_not_taken_for_a_change(
    history: History, tmp_path: Path
) -> None:
    commits(history, {ONE: risk()}, {ONE: risk(impact=3)}, {ONE: risk(impact=4)})
    history.git("config", "uploadpack.allowFilter", "true")

    clone = history.clone(tmp_path / "clone", "--filter=blob:none")

    assert days(history, root=clone) == []
    assert is_cut_off(clone, day=0)
    # Since its last change nothing happened to it, whatever it was before.
    assert not is_cut_off(clone, day=2)
    with ValueChanges(line_of_folder(clone), value_of_file) as files:
        assert files.dates([ONE], files.newest) == {}


def is_cut_off(root: Path, day: int) -> bool:
    with ValueChanges(line_of_folder(root), value_of_file) as files:
        moment = FIRST_DAY + timedelta(days=day)
        return RecordChanges(files).after(moment, ONE, "RSK-001", files.newest).is_cut_off


def test_a_file_that_no_commit_holds_has_no_changes(history: History) -> None:
    commits(history, {LIST: listed(risk(2))})

    assert days(history) == []


def test_a_merge_brings_its_changes_on_its_own_day(history: History) -> None:
    commits(history, {ONE: risk()})
    history.git("switch", "--quiet", "--create", "work")
    history.commit({ONE: risk(impact=3)}, day=1)
    history.git("switch", "--quiet", "main")
    history.commit({"content/other.md": "# Other\n"}, day=2)
    history.git("merge", "--quiet", "--no-edit", "work", when=FIRST_DAY.replace(day=5))

    assert days(history) == [4]


def reviewed_in(history: History, day: str, path: str = ONE, record_id: str = "RSK-001") -> int | None:
    with ValueChanges(line_of_folder(history.root), value_of_file) as files:
        return RecordChanges(files).reviewed_in(path, record_id, files.newest, day)


def test_a_review_was_recorded_by_the_commit_that_wrote_its_day(history: History) -> None:
    reviewed = "reviewed_on: 2026-04-02\n"
    commits(history, {ONE: risk()}, {ONE: risk(more=reviewed)}, {ONE: risk(impact=5, more=reviewed)})

    assert reviewed_in(history, "2026-04-02") == 1
    assert reviewed_in(history, "2026-04-03") is None


def test_the_review_of_a_page_is_found_though_the_page_was_moved(history: History) -> None:
    page = "---\nreviewed_on: 2026-04-02\n---\n# Page\n\n[[RSK-001]]\n"
    commits(history, {ONE: risk()}, {"content/a.md": page}, {"content/a.md": None, "content/b.md": page})

    assert reviewed_in(history, "2026-04-02", "content/b.md", "") == 1


def brought(history: History, path: str = ONE, record_id: str = "RSK-001", root: Path | None = None) -> int | None:
    """Return on which day after 1 April 2026 a record came; None where that is not known."""
    with ValueChanges(line_of_folder(root or history.root), value_of_file) as files:
        moment = RecordChanges(files).brought(path, record_id, files.newest)
        return None if moment is None else (moment - FIRST_DAY).days


def test_a_record_came_with_the_commit_that_brought_it_whatever_was_done_to_it_since(history: History) -> None:
    commits(
        history,
        {"content/index.md": "# Home\n"},
        {LIST: listed(risk(1))},
        {LIST: listed(risk(1), risk(2))},
        {LIST: listed(risk(1, impact=3), risk(2))},
        {LIST: listed(risk(2)), ONE: risk(1, impact=4)},
        {ONE: None, "content/raid/risks/RSK-001.yml": risk(1, impact=5)},
    )

    assert brought(history, "content/raid/risks/RSK-001.yml") == 1
    assert brought(history, LIST, "RSK-002") == 2
    assert brought(history, LIST, "RSK-003") is None


def test_a_file_that_could_not_be_read_for_a_while_held_its_record_all_the_same(history: History) -> None:
    conflict = "<<<<<<< ours\n" + risk(1) + "=======\n" + risk(1, impact=3) + ">>>>>>> theirs\n"
    moved = "content/risks/moved.yml"
    commits(history, {moved: risk()}, {moved: conflict}, {moved: None, ONE: risk(impact=3)}, {ONE: risk(impact=4)})

    assert brought(history) == 0


def test_a_record_that_was_away_for_a_while_came_the_first_time(history: History) -> None:
    commits(history, {LIST: listed(risk(1), risk(2))}, {LIST: listed(risk(2))}, {LIST: listed(risk(1), risk(2))})

    assert brought(history, LIST) == 0


def test_when_a_record_came_is_not_known_where_the_clone_does_not_reach_back(history: History, tmp_path: Path) -> None:
    commits(history, {ONE: risk()}, {ONE: risk(impact=3)}, {LIST: listed(risk(2))}, {ONE: risk(impact=4)})

    clone = history.clone(tmp_path / "clone", "--depth=3")

    assert brought(history, root=clone) is None
    assert brought(history, LIST, "RSK-002", root=clone) == 2


def test_when_a_record_came_is_not_known_where_the_clone_lacks_earlier_contents(
    history: History, tmp_path: Path
) -> None:
    old = {"content/risks/old.yml": risk(2)}
    commits(
        history, {**old, ONE: risk()}, {ONE: risk(impact=3)}, {LIST: listed(risk(2)), "content/risks/old.yml": None}
    )
    history.git("config", "uploadpack.allowFilter", "true")

    clone = history.clone(tmp_path / "clone", "--filter=blob:none")

    assert brought(history, root=clone) is None
    # It may have come from the file that went with the same commit, and did.
    assert brought(history, LIST, "RSK-002", root=clone) is None
    assert brought(history, LIST, "RSK-002") == 0


def test_a_file_that_named_a_record_before_it_held_it_did_not_bring_it(history: History) -> None:
    naming = risk(2, more="links:\n  - rel: affects\n    id: RSK-001\n").replace("RSK-001\ntitle", "RSK-002\ntitle")
    commits(
        history,
        {LIST: listed(naming)},
        {LIST: listed(naming.replace("impact: 2", "impact: 3"))},
        {LIST: listed(naming, risk())},
        {LIST: listed(naming, risk(impact=4))},
    )

    assert brought(history, LIST) == 2


def test_a_list_is_not_parsed_again_for_each_of_its_versions_to_find_when_a_record_came(history: History) -> None:
    commits(history, *({LIST: listed(risk(impact=number % 4 + 1))} for number in range(12)))
    parsed: list[bytes] = []

    with ValueChanges(line_of_folder(history.root), lambda data: parsed.append(data) or value_of_file(data)) as files:
        assert RecordChanges(files).brought(LIST, "RSK-001", files.newest) == FIRST_DAY

    assert len(parsed) < 4


def test_what_is_known_of_a_change_does_not_depend_on_what_was_asked_before(history: History, tmp_path: Path) -> None:
    # Of the second commit a clone without earlier contents lacks what RSK-002 was, and has both contents of RSK-001.
    two = "content/risks/RSK-002.yml"
    back = risk(impact=3)
    commits(
        history,
        {ONE: risk(), two: risk(2).replace("RSK-001", "RSK-002")},
        {ONE: back, two: risk(5).replace("RSK-001", "RSK-002")},
        {"content/copy.yml": risk(), "content/other.yml": back},
    )
    history.git("config", "uploadpack.allowFilter", "true")
    clone = history.clone(tmp_path / "clone", "--filter=blob:none")

    found = []
    for asked in ([ONE, two], [two, ONE]):
        with ValueChanges(line_of_folder(clone), value_of_file) as files:
            found.append(files.dates(asked, files.newest))

    assert found[0] == found[1] == {ONE: FIRST_DAY + timedelta(days=1)}
