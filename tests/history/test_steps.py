"""Which revisions are shown: the last of each day or week of the project's time zone."""

from datetime import UTC, date, datetime

from aipm_site.history.steps import chosen_revisions

# A Wednesday; ISO week 16 of 2026 begins on Monday the 13th.
UNTIL = date(2026, 4, 15)


def line(*moments: str) -> list[tuple[str, datetime | None]]:
    """Return commits named by their moments, the newest first as git lists them."""
    return [(text, datetime.fromisoformat(text).replace(tzinfo=UTC)) for text in reversed(moments)]


def chosen(*moments: str, every: str = "week", tz: str = "UTC", has_present: bool = True) -> list[str]:
    return [name for name, _ in chosen_revisions(line(*moments), every, tz, UNTIL, has_present=has_present)]


def told(fixed: dict[str, str], *days: str, every: str = "day") -> list[str]:
    """Return which of some days are shown, where project.yml fixes what the commits of some of them speak for."""
    commits = line(*(f"{day}T10:00" for day in days))
    named = {f"{day}T10:00": date.fromisoformat(as_of) for day, as_of in fixed.items()}
    return [day.isoformat() for _, day in chosen_revisions(commits, every, "UTC", UNTIL, has_present=True, fixed=named)]


def test_a_week_is_shown_by_its_last_commit_and_weeks_begin_on_monday():
    commits = ("2026-04-05T10:00", "2026-04-06T10:00", "2026-04-12T23:00", "2026-04-13T10:00")

    assert chosen(*commits) == ["2026-04-05T10:00", "2026-04-12T23:00"]


def test_a_day_is_shown_by_its_last_commit():
    commits = ("2026-04-13T10:00", "2026-04-13T11:00", "2026-04-14T10:00", "2026-04-15T09:00")

    assert chosen(*commits, every="day") == ["2026-04-13T11:00", "2026-04-14T10:00"]


def test_a_commit_that_only_lies_beside_changes_of_the_same_week_is_a_point_of_its_own():
    assert chosen("2026-04-13T10:00", "2026-04-14T10:00", has_present=False) == ["2026-04-14T10:00"]


def test_days_are_those_of_the_time_zone_of_the_project():
    # 03:00 UTC on Monday the 13th is Sunday evening in Chicago.
    assert chosen("2026-04-13T03:00", tz="UTC") == []
    assert chosen("2026-04-13T03:00", tz="America/Chicago") == ["2026-04-13T03:00"]


def test_the_turn_of_the_year_does_not_tear_a_week():
    # ISO 8601: Monday 29 December 2025 to Sunday 4 January 2026 is week 1 of 2026.
    assert chosen("2025-12-29T10:00", "2026-01-04T10:00") == ["2026-01-04T10:00"]


def test_commits_after_the_day_that_is_spoken_for_are_not_history_yet():
    assert chosen("2026-04-01T10:00", "2026-04-20T10:00") == ["2026-04-01T10:00"]


def test_where_a_clock_went_back_days_still_rise():
    commits = ("2026-03-30T10:00", "2026-04-08T10:00", "2026-04-01T10:00", "2026-04-09T10:00")

    # The third commit's clock was a week late; the line decides, so the week of 6 April is the fourth commit's.
    assert chosen(*commits, every="day") == ["2026-03-30T10:00", "2026-04-01T10:00", "2026-04-09T10:00"]


def test_one_wrong_clock_takes_no_other_commit_away():
    right = ("2026-03-02T10:00", "2026-03-03T10:00", "2026-03-06T10:00", "2026-03-09T10:00")
    behind, ahead = "2026-03-02T11:00", "2026-12-24T10:00"

    assert chosen(*right[:3], behind, right[3], every="day") == list(right)
    assert chosen(*right[:2], ahead, *right[2:], every="day") == list(right)


def test_a_commit_without_a_readable_date_is_no_point():
    commits = [("undated", None), *line("2026-04-01T10:00")]

    assert chosen_revisions(commits, "day", "UTC", UNTIL, has_present=True) == [("2026-04-01T10:00", date(2026, 4, 1))]


DAYS = ("2026-04-06", "2026-04-07", "2026-04-08", "2026-04-09")


def test_a_wrong_as_of_takes_its_own_day_away_and_no_other():
    for wrong in ("2062-04-07", "2027-04-07", "2026-03-07"):
        assert told({"2026-04-07": wrong}, *DAYS) == ["2026-04-06", "2026-04-08", "2026-04-09"]


def test_of_fixed_as_ofs_that_contradict_each_other_the_fewest_are_wrong():
    fixed = dict(zip(DAYS, ("2026-03-31", "2026-04-03", "2026-03-27", "2026-04-03"), strict=True))
    assert told(fixed, *DAYS) == ["2026-04-06", "2026-04-07", "2026-04-09"]

    fixed = dict(zip(DAYS, ("2026-03-31", "2026-04-10", "2026-04-03", "2026-04-03"), strict=True))
    assert told(fixed, *DAYS) == ["2026-04-06", "2026-04-08", "2026-04-09"]


def test_of_as_many_the_later_as_ofs_are_right():
    assert told({"2026-04-07": "2026-04-04", "2026-04-08": "2026-04-02"}, "2026-04-07", "2026-04-08") == ["2026-04-08"]


def test_what_speaks_for_the_day_of_its_commit_is_right_however_many_fixed_as_ofs_contradict_it():
    fixed = {"2026-04-06": "2026-04-12", "2026-04-07": "2026-04-12", "2026-04-08": "2026-04-12"}

    assert told(fixed, *DAYS) == ["2026-04-09"]


def test_an_as_of_behind_its_commit_or_before_it_is_as_good_as_any_other():
    # The week is closed on Friday and told on Monday; then the month is told from its middle on.
    fixed = dict(zip(DAYS, ("2026-04-03", "2026-04-03", "2026-04-15", "2026-04-15"), strict=True))

    assert told(fixed, *DAYS) == list(DAYS)


def test_of_a_day_and_of_a_week_the_last_commit_is_shown_whose_as_of_is_right():
    wrong = {"2026-04-07T10:00": date(2062, 4, 7)}

    for every in ("day", "week"):
        commits = line("2026-04-07T09:00", "2026-04-07T10:00")
        found = chosen_revisions(commits, every, "UTC", UNTIL, has_present=True, fixed=wrong)
        assert [name for name, _ in found] == ["2026-04-07T09:00"]
