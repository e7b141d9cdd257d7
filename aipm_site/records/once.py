"""Once: what follows from a record alone is found when it is first asked for, and kept with the record."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from aipm_site.records.record import Entry

E = TypeVar("E", bound=Entry)
T = TypeVar("T")


def once_a_record(find: Callable[[E], T]) -> Callable[[E], T]:
    """Make a function of a record keep what it returned with the record, which lives across revisions of a history.

    `functools.cache` would hold each record for ever, and would go through all of its fields to find it again. A copy
    of a record has other values, so it begins without; see `Entry.__copy__`.
    """
    key = f"_{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def kept(record: E) -> T:
        # Beside the values of the fields, as `functools.cached_property` does it, of which pydantic takes no notice.
        known = record.__dict__
        if key not in known:
            known[key] = find(record)
        found: T = known[key]
        return found

    return kept
