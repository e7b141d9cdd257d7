"""Field types: each reads one kind of value and says why it reads no other."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from aipm_site.records import fields
from aipm_site.records.fields import (
    Count,
    Currency,
    Impact,
    IsoDate,
    Line,
    Moment,
    Number,
    Prose,
    Ratio,
    TimeZone,
    YesNo,
)


def read(field_type: Any, value: object) -> Any:
    return TypeAdapter(field_type).validate_python(value)


def refused(field_type: Any, value: object) -> str:
    with pytest.raises(ValidationError) as raised:
        read(field_type, value)
    (detail,) = raised.value.errors()
    assert detail["type"] == "aipm"
    return detail["ctx"]["code"]


@pytest.mark.parametrize("text", ["NO", "on", "11:00", "0123", "3.10", "1e3", "null?", "=1+1", "{{ 7*7 }}"])
def test_text_stays_what_was_written(text):
    assert read(Line, text) == text


def test_a_line_has_one_line_and_something_in_it():
    assert refused(Line, "one\ntwo") == "line-break-in-text"
    assert refused(Line, "one\ttwo") == "line-break-in-text"
    assert refused(Line, "  ") == "empty-text"
    assert refused(Line, ["one"]) == "wrong-type"
    assert refused(Line, {"one": "two"}) == "wrong-type"


def test_prose_keeps_its_lines_and_its_indentation():
    assert read(Prose, "    code\n\ntext\n") == "    code\n\ntext"


# Requirement R4: decimal integers of at most 15 digits and nothing that YAML could have guessed from.
@pytest.mark.parametrize("text", ["01", "1_000", "0x10", "1e3", "1.0", "", " 1", "1,200", "５", "٣", "+", "1\n"])
def test_a_whole_number_is_written_in_digits(text):
    assert refused(Count, text) == "not-a-number"


def test_a_whole_number_has_at_most_fifteen_digits():
    assert read(Count, "9" * 15) == 999_999_999_999_999
    assert refused(Count, "9" * 16) == "out-of-range"


def test_a_score_goes_from_one_to_five():
    assert [read(Impact, text) for text in ("1", "5")] == [1, 5]
    assert [refused(Impact, text) for text in ("0", "6", "-1")] == ["out-of-range"] * 3


def test_yes_is_no_number_and_no_is_no_word():
    assert refused(Count, "true") == "not-a-number"
    assert refused(YesNo, "yes") == "not-true-or-false"
    assert refused(YesNo, "1") == "not-true-or-false"
    assert [read(YesNo, text) for text in ("true", "false")] == [True, False]


def test_a_number_is_exact():
    assert read(Number, "0.1") + read(Number, "0.2") == Decimal("0.3")
    assert str(read(Number, "0.8740")) == "0.8740"


@pytest.mark.parametrize("text", ["1e3", ".5", "5.", "NaN", "inf", "-Infinity", "1,5", "87 %", "12 USD", "0x1p3"])
def test_a_number_is_digits_and_a_point(text):
    assert refused(Number, text) == "not-a-number"


def test_a_ratio_is_a_share():
    assert [read(Ratio, text) for text in ("0", "1", "0.15")] == [0, 1, Decimal("0.15")]
    assert refused(Ratio, "15") == "out-of-range"


def test_a_date_exists():
    # 2024 was a leap year, 2100 will not be one.
    assert read(IsoDate, "2024-02-29") == date(2024, 2, 29)
    assert refused(IsoDate, "2100-02-29") == "not-a-date"


@pytest.mark.parametrize(
    "text", ["2026-4-5", "２０２６-04-15", "20260415", "15.04.2026", "2026-13-01", "2026-04-15T09:00Z", "0000-01-01"]
)
def test_a_date_is_year_month_day(text):
    assert refused(IsoDate, text) == "not-a-date"


def test_a_moment_knows_its_offset():
    chicago = timezone(timedelta(hours=-5))

    assert read(Moment, "2026-04-15T09:00-05:00") == datetime(2026, 4, 15, 9, tzinfo=chicago)
    assert read(Moment, "2026-04-15 14:00:00Z") == datetime(2026, 4, 15, 14, tzinfo=UTC)
    assert refused(Moment, "2026-04-15T09:00") == "not-a-moment"
    assert refused(Moment, "2026-04-15T25:00Z") == "not-a-moment"
    assert refused(Moment, "2026-04-15T09:00+99:00") == "not-a-moment"


def test_a_day_or_a_moment_is_told_by_its_length():
    assert fields.read_date_or_moment("2026-04-15") == date(2026, 4, 15)
    assert fields.read_date_or_moment("2026-04-15T14:00Z") == datetime(2026, 4, 15, 14, tzinfo=UTC)


def test_a_currency_is_three_capital_letters():
    assert read(Currency, "USD") == "USD"
    assert [refused(Currency, text) for text in ("usd", "$", "US Dollar", "QQQ", "XXX")] == ["not-a-currency"] * 5


@pytest.mark.parametrize("text", ["Chicago", "America", "../etc/passwd", "/etc/localtime", "CST6", "\0", ""])
def test_a_time_zone_is_an_iana_name(text):
    assert refused(TimeZone, text) == "not-a-time-zone"
    assert read(TimeZone, "America/Chicago") == "America/Chicago"


def test_a_long_value_is_cut_where_a_message_shows_it():
    with pytest.raises(ValidationError) as raised:
        read(IsoDate, "x" * 1000)

    assert len(raised.value.errors()[0]["msg"]) < 100
