"""Strict field types: each converts the text of a plain scalar to exactly one kind of value, or says why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from aipm_site.problems import did_you_mean
from aipm_site.records.currency import CURRENCIES

# A number of more digits than this is an account number or a mistake, not a quantity (R4).
INTEGER_DIGITS = 15
SHOWN_AT_MOST = 60
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})\Z", re.ASCII)


class Reader(Struct, frozen=True, eq=False):
    """Marks a type with the one way in which its text is read; stands inside `Annotated`.

    Attributes:
        read: Converts what YAML holds to the value, or refuses it.
        word: What the field reference calls such a value, such as "date".
        schema: Its JSON Schema, for editors that have read the scalar by YAML's own rules.
    """

    read: Callable[[Any], Any]
    word: str
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        """Tell pydantic to call `read` and nothing else."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: object, _handler: object) -> dict[str, Any]:
        """Give pydantic the JSON Schema."""
        return dict(self.schema)


def refuse(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """Return the error that a field type raises: a problem code, what is wrong, and how to mend it."""
    # Pydantic fills {braces} in a message from the context, so text from records goes in as context.
    return PydanticCustomError("aipm", "{message}", {"code": code, "message": message, "hint": hint})


def shown(text: str) -> str:
    """Return a value as a message shows it: as written, in quotes, cut where it is long."""
    return f"'{text}'" if len(text) <= SHOWN_AT_MOST else f"'{text[:SHOWN_AT_MOST]}…'"


def _scalar(value: object, wanted: str) -> str:
    if isinstance(value, str):
        return value
    found = "a list" if isinstance(value, (list, tuple)) else "a mapping" if isinstance(value, Mapping) else "nothing"
    raise refuse("wrong-type", f"{wanted} is wanted here, and this is {found}")


def _read_line(value: object) -> str:
    text = _scalar(value, "text on one line").strip()
    if not text:
        raise refuse("empty-text", "the text is empty", "leave the field out where there is nothing to say")
    if "\n" in text or "\t" in text:
        what = "a line break" if "\n" in text else "a TAB"
        raise refuse("line-break-in-text", f"this field is one line, and the text has {what}")
    return text


def _read_prose(value: object) -> str:
    text = _scalar(value, "text").rstrip()
    if not text.strip():
        raise refuse("empty-text", "the text is empty", "leave the field out where there is nothing to say")
    return text


def _read_integer(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _scalar(value, "a whole number")
    if not _INTEGER.match(text) or (len(text.lstrip("+-")) > 1 and text.lstrip("+-").startswith("0")):
        raise refuse("not-a-number", f"{shown(text)} is not a whole number", "write digits only, such as 12")
    if len(text.lstrip("+-")) > INTEGER_DIGITS:
        raise refuse("out-of-range", f"a number of more than {INTEGER_DIGITS} digits is not a quantity")
    return int(text)


def whole_number(least: int, most: int | None = None, hint: str = "") -> Reader:
    """Return the reader of whole numbers from `least` to `most`, both included; it stands inside `Annotated`."""

    def read(value: object) -> int:
        number = _read_integer(value)
        if number < least or (most is not None and number > most):
            raise refuse("out-of-range", f"{number} {_outside(least, most)}", hint)
        return number

    return Reader(read, _with_limits("whole number", least, most), _number_schema("integer", least, most))


def _number_schema(type_name: str, least: float | None = None, most: float | None = None) -> dict[str, Any]:
    # A quoted number is text to an editor and a number to us; the limits speak of numbers only, the pattern of text.
    pattern = r"^[+-]?[0-9]+$" if type_name == "integer" else r"^[+-]?[0-9]+(\.[0-9]+)?$"
    limits = {"minimum": least, "maximum": most}
    return {"type": [type_name, "string"], "pattern": pattern} | {k: v for k, v in limits.items() if v is not None}


def _read_number(value: object) -> Decimal:
    if isinstance(value, Decimal) and value.is_finite():
        return value
    text = _scalar(value, "a number")
    if not _DECIMAL.match(text):
        raise refuse("not-a-number", f"{shown(text)} is not a number", "write digits and a point, such as 0.874 or -12")
    # 28 digits are what Decimal keeps exactly in the default context.
    if sum(char.isdigit() for char in text) > 28:
        raise refuse("out-of-range", "a number of more than 28 digits cannot be kept exactly")
    return Decimal(text)


def decimal_number(least: Decimal | None = None, most: Decimal | None = None, hint: str = "") -> Reader:
    """Return the reader of exact decimals from `least` to `most`, both included; None is no limit."""

    def read(value: object) -> Decimal:
        number = _read_number(value)
        if (least is not None and number < least) or (most is not None and number > most):
            raise refuse("out-of-range", f"{number} {_outside(least, most)}", hint)
        return number

    limits = (None if limit is None else float(limit) for limit in (least, most))
    return Reader(read, _with_limits("number", least, most), _number_schema("number", *limits))


def _outside(least: Decimal | int | None, most: Decimal | int | None) -> str:
    if least is not None and most is not None:
        return f"is not between {least} and {most}"
    return f"is less than {least}" if least is not None else f"is more than {most}"


def _with_limits(word: str, least: Decimal | int | None, most: Decimal | int | None) -> str:
    if least is not None:
        return f"{word}, {least} or more" if most is None else f"{word}, {least} to {most}"
    return word if most is None else f"{word}, {most} or less"


def read_number_or_word(*words: str) -> Callable[[Any], Decimal | str]:
    """Return what reads an exact number, or one of a few words that stand where there is none."""

    def read(value: object) -> Decimal | str:
        if isinstance(value, str) and value in words:
            return value
        try:
            return _read_number(value)
        except PydanticCustomError:
            what = shown(value) if isinstance(value, str) else "this"
            allowed = " nor ".join(f"'{word}'" for word in words)
            hint = "write digits and a point, such as 10 or -2.5, or the word"
            raise refuse("not-a-number", f"{what} is neither a number nor {allowed}", hint) from None

    return read


def _read_date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = _scalar(value, "a date")
    if not _DATE.match(text):
        raise refuse("not-a-date", f"{shown(text)} is not a date", "write year-month-day, such as 2026-04-15")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("not-a-date", f"there is no day {text}", "look at the month's last day") from None


def _read_moment(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    text = _scalar(value, "a moment")
    hint = "write date, time and offset, such as 2026-04-15T09:00-05:00, or Z for UTC"
    if not _MOMENT.match(text):
        raise refuse("not-a-moment", f"{shown(text)} is not a moment with an offset", hint)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise refuse("not-a-moment", f"there is no moment {text}", hint) from None


def read_date_or_moment(value: object) -> date | datetime:
    """Return the day or the point in time that a text names."""
    if isinstance(value, (date, datetime)):
        return value
    text = _scalar(value, "a date or a moment")
    return _read_moment(value) if len(text) > len("2026-04-15") else _read_date(value)


def _read_yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = _scalar(value, "true or false")
    if text not in {"true", "false"}:
        raise refuse("not-true-or-false", f"{shown(text)} is neither true nor false", "write true or false")
    return text == "true"


def _read_currency(value: object) -> str:
    text = _scalar(value, "a currency")
    if text not in CURRENCIES:
        hint = did_you_mean(text.upper(), CURRENCIES, "write the ISO 4217 code, such as USD")
        raise refuse("not-a-currency", f"{shown(text)} is not a currency code", hint)
    return text


def _read_time_zone(value: object) -> str:
    text = _scalar(value, "a time zone")
    try:
        ZoneInfo(text)
    # An unknown name is a KeyError, a path a ValueError, the name of a whole continent an OSError.
    except (KeyError, ValueError, OSError):
        hint = "write an IANA name, such as America/Chicago"
        raise refuse("not-a-time-zone", f"there is no time zone {shown(text)}", hint) from None
    return text


def _read_uuid(value: object) -> str:
    text = _scalar(value, "a UUID")
    if not _UUID.fullmatch(text):
        hint = "write 32 hexadecimal digits as 8-4-4-4-12; `uuidgen` prints such a one"
        raise refuse("not-a-uuid", f"{shown(text)} is not a UUID", hint)
    return text.lower()


# An editor reads `3.10` or `no` by YAML's own rules; to us a plain scalar is text.
_TEXT_SCHEMA = {"type": ["string", "number", "boolean"]}
_DATE_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_MOMENT_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$"}
_EITHER_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2}))?$"}

Line = Annotated[str, Reader(_read_line, "text on one line", _TEXT_SCHEMA)]
"""Text on one line."""
Prose = Annotated[str, Reader(_read_prose, "text, Markdown", _TEXT_SCHEMA)]
"""Text of any number of lines; Markdown."""
Number = Annotated[Decimal, Reader(_read_number, "number", _number_schema("number"))]
"""A finite decimal number, kept exactly."""
Ratio = Annotated[Decimal, decimal_number(Decimal(0), Decimal(1), "a ratio is between 0 and 1: write 0.15 for 15 %")]
"""A share between 0 and 1."""
Count = Annotated[int, whole_number(0)]
"""A whole number that is not negative."""
Probability = Annotated[int, whole_number(1, 5, "1 is very unlikely, 5 is almost certain")]
"""A chance, on a scale from 1 to 5."""
Impact = Annotated[int, whole_number(1, 5, "1 is slight, 5 is severe")]
"""The weight of an effect, on a scale from 1 to 5."""
IsoDate = Annotated[date, Reader(_read_date, "date", _DATE_SCHEMA)]
"""A day that exists, as year-month-day."""
Moment = Annotated[datetime, Reader(_read_moment, "moment with offset", _MOMENT_SCHEMA)]
"""A point in time with its offset from UTC."""
DateOrMoment = Annotated[date | datetime, Reader(read_date_or_moment, "date, or moment with offset", _EITHER_SCHEMA)]
"""A day, or a point in time with its offset."""
YesNo = Annotated[bool, Reader(_read_yes_no, "true or false", {"type": "boolean"})]
"""true or false, and no other word."""
Currency = Annotated[str, Reader(_read_currency, "ISO 4217 currency code", {"type": "string", "pattern": "^[A-Z]{3}$"})]
"""An ISO 4217 currency code."""
TimeZone = Annotated[str, Reader(_read_time_zone, "IANA time zone", {"type": "string"})]
"""An IANA time zone."""
Uuid = Annotated[str, Reader(_read_uuid, "UUID", {"type": "string", "pattern": f"^{_UUID.pattern}$"})]
"""A universally unique identifier (RFC 9562), in small letters."""


class RefersTo(Struct, frozen=True):
    """Marks a text field whose value names records.

    Attributes:
        kinds: Names of the kinds it may name; none means a record of any kind.
        only_ids: Whether free words may stand there too, so that only a text in the form of an id is a reference.
    """

    kinds: tuple[str, ...] = ()
    only_ids: bool = False


def reference_to(*kinds: str, only_ids: bool = False) -> RefersTo:
    """Return the mark of a field that names records of these kinds; it stands inside `Annotated[Line, …]`."""
    return RefersTo(kinds, only_ids)
