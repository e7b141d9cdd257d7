"""Versions: their names, their order, their aliases, and which of them stay."""

import json
from datetime import date

import pytest
from msgspec.structs import replace

from aipm_site.publication.versions import (
    NameTaken,
    NotVersions,
    Version,
    add_version,
    check_name,
    comes_after,
    find_name,
    kept_versions,
    period_of,
    pin_aliases,
    read_versions,
    versions_json,
    without_aliases,
    without_versions,
)
from aipm_site.records.publishing import Keep
from tests.publication.builds import revision, unrelated


def version(name="2026-04-15", number=1, as_of=None, *, hour=None, **other):
    given = {"audience": "internal", "status": "amber", "assets": "abc", **other}
    committed = f"2026-04-01T{number if hour is None else hour:02}:00:00+00:00"
    return Version(name, as_of or name, revision(number), committed, **given)


def published(*new, rules=("week",)):
    versions = ()
    for item in new:
        versions = add_version(versions, item, rules, (), unrelated)
    return versions


def bearer(versions, alias):
    return next((item.name for item in versions if alias in item.aliases), None)


@pytest.mark.parametrize(
    ("word", "day", "name"),
    [
        ("week", date(2026, 4, 15), "2026-W16"),
        # ISO 8601: 1 January 2027 is a Friday, so its week has its Thursday in 2026 and is that year's 53rd.
        ("week", date(2027, 1, 1), "2026-W53"),
        ("week", date(2024, 12, 30), "2025-W01"),
        ("month", date(2026, 4, 15), "2026-04"),
        ("quarter", date(2026, 3, 31), "2026-Q1"),
        ("quarter", date(2026, 4, 1), "2026-Q2"),
        ("year", date(2026, 4, 15), "2026"),
        ("board", date(2026, 4, 15), "board"),
    ],
)
def test_a_period_is_named_by_its_day(word, day, name):
    assert period_of(word, day) == name


def test_a_name_of_another_revision_is_followed_by_a_number():
    there = (version(number=1), version("2026-04-15-2", 2, "2026-04-15"))

    assert find_name(version(number=3), there) == ("2026-04-15-3", None)


def test_the_same_revision_at_the_same_date_is_there_already():
    there = (version(number=1), version("2026-04-15-2", 2, "2026-04-15"))

    assert find_name(version(number=2), there) == ("2026-04-15-2", there[1])


def test_the_same_state_is_found_behind_a_gap_that_a_purge_left():
    there = (version(number=1), version("2026-04-15-3", 3, "2026-04-15"))

    assert find_name(version(number=3), there) == ("2026-04-15-3", there[1])


def test_the_same_revision_at_another_date_is_another_state():
    there = (version("board", 1, "2026-04-15"),)

    assert find_name(version("board", 1, "2026-04-16"), there) == ("board-2", None)


def test_names_that_differ_in_case_only_are_the_same_folder_on_some_systems():
    assert find_name(version("Board", 2, "2026-04-15"), (version("board", 1, "2026-04-15"),))[0] == "Board-2"


@pytest.mark.parametrize("other", ["2026-04-15", "2026-04-015", "2026-04-0", "2026-04-1"])
def test_a_day_is_no_number_behind_a_month(other):
    there = (version(other, 1, "2026-04-15"),)

    assert find_name(version("2026-04", 1, "2026-04-15"), there) == ("2026-04", None)


def test_no_number_makes_a_day_or_a_period_of_a_name():
    # After 2026-9 comes what would be a month of 2026, from 2026-10 to 2026-99.
    there = tuple(version(name, 1, "2026-04-15") for name in ("2026", *(f"2026-{n}" for n in range(2, 10))))

    assert find_name(version("2026", 2, "2026-04-15"), there) == ("2026-100", None)


def test_a_version_cannot_have_the_name_of_an_alias():
    there = published(version())

    for name in ("2026-W16", "latest"):
        with pytest.raises(NameTaken):
            find_name(version(name, 2, "2026-04-16"), there)
    with pytest.raises(NameTaken):
        add_version(there, version("2026-04-16", 2), ("week",), ("2026-04-15",), unrelated)


def test_the_newest_version_is_the_latest_and_stands_first():
    versions = published(version("2026-04-15", 1), version("2026-04-16", 2), version("2026-04-22", 3))

    assert [item.name for item in versions] == ["2026-04-22", "2026-04-16", "2026-04-15"]
    assert bearer(versions, "latest") == "2026-04-22"
    assert bearer(versions, "2026-W16") == "2026-04-16"
    assert bearer(versions, "2026-W17") == "2026-04-22"


def test_an_older_commit_never_replaces_a_newer_latest():
    versions = published(version("2026-04-15", 5), version("2026-04-16", 4))

    assert bearer(versions, "latest") == "2026-04-15"
    assert [item.name for item in versions] == ["2026-04-15", "2026-04-16"]


def test_an_earlier_date_never_replaces_a_later_one():
    versions = published(version("2026-04-15", 1), version("2026-03-31", 2))

    assert bearer(versions, "latest") == "2026-04-15"
    assert bearer(versions, "2026-W14") == "2026-03-31"


def test_history_decides_before_the_clocks_of_those_who_committed():
    old, new = version("2026-04-15", 1, hour=9), version("2026-04-15", 2, hour=8)

    def old_is_ancestor(one, other):
        return (one, other) == (old.revision, new.revision)

    assert comes_after(new, old, old_is_ancestor)
    assert not comes_after(old, new, old_is_ancestor)


@pytest.mark.parametrize(
    ("as_of", "committed", "follows"),
    [
        # The night spoke for the 24th; a commit of the 22nd is pushed on top, and the latest must show what it brought.
        ("2026-11-22", "2026-11-22T10:00:00+00:00", True),
        # On the 22nd of Honolulu it is the 23rd in UTC already.
        ("2026-11-22", "2026-11-23T09:59:59+00:00", True),
        ("2026-11-22T08:00:00-06:00", "2026-11-22T14:00:00+00:00", True),
        # Made to look back: at the end of a month, or at a meeting in the morning.
        ("2026-10-31", "2026-11-25T10:00:00+00:00", False),
        ("2026-11-22T08:00:00-06:00", "2026-11-22T14:00:01+00:00", False),
    ],
)
def test_a_newer_commit_is_the_newest_unless_its_version_looks_back(as_of, committed, follows):
    night = Version("2026-11-24", "2026-11-24", revision(1), "2026-11-20T10:00:00+00:00", "internal", "green", "abc")
    pushed = replace(night, name="pushed", as_of=as_of, revision=revision(2), committed=committed)

    def is_ancestor(one, other):
        return (one, other) == (revision(1), revision(2))

    assert comes_after(pushed, night, is_ancestor) is follows
    assert not comes_after(night, pushed, is_ancestor)


def test_moments_of_one_day_are_told_apart():
    morning, noon = version("a", 1, "2026-04-15T07:00:00-05:00"), version("b", 1, "2026-04-15T12:00:00-05:00")

    assert comes_after(noon, morning, unrelated)
    assert not comes_after(morning, noon, unrelated)
    assert comes_after(version("c", 1, "2026-04-15"), noon, unrelated)


def test_an_alias_that_was_given_by_hand_is_moved_by_hand_only():
    versions = add_version((), version("2026-04-15", 1), ("board",), ("board",), unrelated)
    versions = add_version(versions, version("2026-04-16", 2), ("board",), (), unrelated)

    assert bearer(versions, "board") == "2026-04-15"
    assert bearer(pin_aliases(versions, "2026-04-16", ["board"]), "board") == "2026-04-16"


def test_an_alias_that_differs_in_case_only_from_another_is_refused():
    versions = add_version((), version("2026-04-15", 1), (), ("board",), unrelated)

    for made in (
        lambda: add_version(versions, version("2026-04-16", 2), (), ("BOARD",), unrelated),
        lambda: add_version(versions, version("2026-04-16", 2), ("Board",), (), unrelated),
        lambda: pin_aliases(versions, "2026-04-15", ["Board"]),
        lambda: add_version((), version("2026-04-16", 2), (), ("team", "Team"), unrelated),
    ):
        with pytest.raises(NameTaken, match="are one folder on some systems"):
            made()


@pytest.mark.parametrize("name", ["2026-04-22", "2026-04-22-2", "2026-W16", "2026-w16", "2026-04", "2026-Q2", "2026"])
def test_no_version_is_named_like_a_day_or_period_that_it_does_not_speak_for(name):
    with pytest.raises(NameTaken):
        check_name(name, date(2026, 4, 15))


@pytest.mark.parametrize("name", ["2026-04-15", "2026-04-15-2", "board-2026-04", "2026-04-22-release", "1.2"])
def test_other_names_are_free(name):
    check_name(name, date(2026, 4, 15))


def test_an_alias_that_a_hand_gave_can_be_taken_away():
    versions = add_version((), version("2026-04-15", 1), ("week",), ("board",), unrelated)

    left = without_aliases(versions, ["board"], ("week",))

    assert left[0].aliases == ("2026-W16", "latest")
    assert left[0].pinned == ()


def test_an_alias_of_a_rule_goes_to_the_newest_version_that_may_bear_it():
    # As it could be pinned before names of that form were refused.
    old = replace(version("2026-04-15", 1), aliases=("2026-W17",), pinned=("2026-W17",))
    versions = (version("2026-04-22", 3), version("2026-04-21", 2), old)

    left = without_aliases(versions, ["2026-W17"], ("week",))

    assert bearer(left, "2026-W17") == "2026-04-22"
    assert all(item.pinned == () for item in left)


def test_what_a_rule_gives_is_not_taken_away():
    versions = published(version("2026-04-15", 1))

    for alias in ("latest", "2026-W16"):
        with pytest.raises(NameTaken, match="by rule"):
            without_aliases(versions, [alias], ("week",))
    # The rule was taken from project.yml, and what it gave is left over.
    assert without_aliases(versions, ["2026-W16"], ())[0].aliases == ("latest",)


def test_the_file_is_in_the_form_that_the_version_selector_reads():
    versions = published(version("2026-04-15", 1), version("2026-04-16", 2))

    data = json.loads(versions_json(versions))

    # https://squidfunk.github.io/mkdocs-material/setup/setting-up-versioning/: what mike writes.
    assert [(item["version"], item["title"], item["aliases"]) for item in data] == [
        ("2026-04-16", "2026-04-16", ["2026-W16", "latest"]),
        ("2026-04-15", "2026-04-15", []),
    ]
    assert {"as_of", "revision", "audience", "status"} <= data[0].keys()
    assert read_versions(versions_json(versions)) == versions


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"{}",
        b'[{"version": "1.0", "title": "1.0", "aliases": []}]',
        versions_json([version("2026-04-15")]).replace(b'"2026-04-15"', b'"../up"', 1),
        versions_json([version("2026-04-15")]).replace(b'"2026-04-15"', b'"<img>"', 1),
    ],
    ids=["no JSON", "no list", "mike's", "a path", "HTML"],
)
def test_a_list_that_we_did_not_write_is_refused(data):
    with pytest.raises(NotVersions):
        read_versions(data)


DAYS = ("2026-01-30", "2026-02-13", "2026-02-27", "2026-03-13", "2026-03-31", "2026-04-14", "2026-04-15")


def names_kept(keep):
    versions = published(*(version(day, number) for number, day in enumerate(DAYS, 1)))
    return sorted(item.name for item in kept_versions(versions, Keep.model_validate(keep) if keep else None, ("week",)))


def test_all_versions_stay_where_nothing_else_is_said():
    assert names_kept(None) == list(DAYS)


def test_the_last_versions_stay():
    assert names_kept("2") == ["2026-04-14", "2026-04-15"]


def test_the_last_version_of_each_month_stays():
    assert names_kept({"last": "1", "ends_of": ["month"]}) == ["2026-01-30", "2026-02-27", "2026-03-31", "2026-04-15"]
    assert names_kept({"last": "2", "ends_of": ["quarter"]}) == ["2026-03-31", "2026-04-14", "2026-04-15"]


def test_a_version_with_an_alias_of_its_own_stays():
    versions = add_version((), version("2026-01-30", 1), (), ("board",), unrelated)
    for number, day in enumerate(DAYS[1:], 2):
        versions = add_version(versions, version(day, number), (), (), unrelated)

    kept = kept_versions(versions, Keep.model_validate("1"), ())
    assert [item.name for item in kept] == ["2026-04-15", "2026-01-30"]


def test_the_alias_of_a_period_falls_back_to_a_version_of_it_that_is_kept():
    # Of the same week: a board decided upon the first of them. 21 April is of the next week.
    board = version("board-1", 1, "2026-04-13", named=True)
    versions = published(board, version("2026-04-14", 2), version("2026-04-15", 3), version("2026-04-21", 4))
    assert bearer(versions, "2026-W16") == "2026-04-15"

    kept = kept_versions(versions, Keep.model_validate("1"), ("week",))

    assert [item.name for item in kept] == ["2026-04-21", "board-1"]
    assert (bearer(kept, "2026-W16"), bearer(kept, "2026-W17")) == ("board-1", "2026-04-21")
    assert kept[1].pinned == ()


def test_an_alias_of_a_period_of_which_nothing_is_kept_goes():
    versions = published(version("2026-04-15", 1), version("2026-04-21", 2))

    kept = kept_versions(versions, Keep.model_validate("1"), ("week",))

    assert [item.aliases for item in kept] == [("2026-W17", "latest")]


def test_aliases_of_a_purged_version_fall_back_to_the_one_before():
    versions = published(version("2026-04-13", 1), version("2026-04-14", 2), version("2026-04-15", 3))

    left = without_versions(versions, ["2026-04-15"], ("week",))

    assert bearer(left, "latest") == bearer(left, "2026-W16") == "2026-04-14"
    assert without_versions(left, ["2026-04-13", "2026-04-14"], ("week",)) == ()
