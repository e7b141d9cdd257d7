"""Settings for decision records in forms of others: by which prefix a folder's ids begin, how dates are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from aipm_site.records.fields import Line, Reader, refuse, shown
from aipm_site.records.record import Part, optional

_PREFIX = re.compile(r"[A-Z]{2,4}\Z")
_DIRECTIVES = re.compile(r"%(.?)")
_DAYS, _MONTHS, _YEARS = "d", "mbB", "Yy"
_FORMAT_HINT = "write %d for the day, %m for the month, %Y for the year, such as %d/%m/%Y"


def _read_prefix(value: object) -> str:
    if isinstance(value, str) and _PREFIX.match(value):
        return value
    what = shown(value) if isinstance(value, str) else "this"
    raise refuse(
        "not-a-prefix", f"{what} is not the beginning of an id", "write two to four capital letters, such as ADR"
    )


def _read_formats(value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, (list, tuple)) else [value]
    return tuple(_read_format(text) for text in texts)


def _read_format(value: object) -> str:
    if not isinstance(value, str):
        raise refuse("wrong-type", "the form of a date is wanted here, and this is no text", _FORMAT_HINT)
    found = _DIRECTIVES.findall(value)
    once = all(sum(letter in letters for letter in found) == 1 for letters in (_DAYS, _MONTHS, _YEARS))
    if not once or any(letter not in _DAYS + _MONTHS + _YEARS for letter in found):
        raise refuse("not-a-date-format", f"{shown(value)} does not say how to read a day", _FORMAT_HINT)
    return value


IdPrefix = Annotated[
    str, Reader(_read_prefix, "two to four capital letters", {"type": "string", "pattern": "^[A-Z]{2,4}$"})
]
"""The beginning of ids."""
DateFormats = Annotated[
    tuple[str, ...],
    Reader(
        _read_formats, "form of dates, or a list of them", {"type": ["string", "array"], "items": {"type": "string"}}
    ),
]
"""How a day may be written, as `strptime` takes it; English names of months."""


class DecisionSettings(Part):
    """How decision records that were written in a form of others are read."""

    prefixes: dict[Line, IdPrefix] | None = optional(
        "beginning of the ids of such records by folder, as in decisions/backend: ADR; DEC where none is set"
    )
    date_format: DateFormats | None = optional("the form of dates in them, such as %d.%m.%Y, or a list of forms")

    def prefix_of(self, folder: str) -> str | None:
        """Return the prefix that is set for the nearest folder above a record; None where none is.

        Args:
            folder: The record's folder, from the content folder.
        """
        set_for = {name.strip("/"): prefix for name, prefix in (self.prefixes or {}).items()}
        above = [name for name in set_for if folder == name or folder.startswith(f"{name}/")]
        return set_for[max(above, key=len)] if above else None

    def read_date(self, text: str) -> date | None:
        """Return the day that a text names in the first of the set forms that fits; None where none does."""
        for form in self.date_format or ():
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        return None


def prefixes_in(data: Mapping[str, Any] | None) -> frozenset[str]:
    """Return the prefixes that the data of project.yml sets, as far as they can be used.

    They are needed before anything else is read: an id is told from other words by its prefix.
    """
    settings = (data or {}).get("decisions")
    written = settings.get("prefixes") if isinstance(settings, Mapping) else None
    values = written.values() if isinstance(written, Mapping) else ()
    return frozenset(value for value in values if isinstance(value, str) and _PREFIX.match(value))
