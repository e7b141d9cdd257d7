"""Links: how a page points to a record, and what it says instead where the reader may not see that record."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from markupsafe import Markup, escape

from aipm_site.pages.addresses import ROOT, address_of
from aipm_site.pages.looks import component
from aipm_site.pages.words import phrase, status_word
from aipm_site.project import Project
from aipm_site.records.record import Entry, Record

StatusOf = Callable[[Entry], str | None]


@cache
def _chip(status: str, word: str, *, is_open: bool) -> Markup:
    return Markup(component("chip").record(status, word, is_open))


class Links:
    """Links to the records of one project, each made once."""

    def __init__(self, project: Project, status_of: StatusOf) -> None:
        """Take the project as its readers may see it, and what gives the status of a record."""
        self._project = project
        self._status_of = status_of
        self._full: dict[str, Markup] = {}
        self._short: dict[str, Markup] = {}

    def is_known(self, record_id: str) -> bool:
        """Say whether an id is that of a record, be it hidden or not."""
        return record_id in self._project.records or record_id in self._project.hidden_ids

    def address(self, record: Entry) -> str:
        """Return the link target of a record."""
        return ROOT + address_of(self._project.kinds.of(record), record)

    def to(self, record_id: str) -> Markup:
        """Return a link with id and title; a neutral text for a hidden record, and the plain id for none."""
        found = self._full.get(record_id)
        if found is None:
            found = self._full[record_id] = self._make(record_id, with_title=True)
        return found

    def short(self, record_id: str) -> Markup:
        """Return a link that shows the id alone, for places where the title stands nearby."""
        found = self._short.get(record_id)
        if found is None:
            found = self._short[record_id] = self._make(record_id, with_title=False)
        return found

    def with_status(self, record_id: str) -> Markup:
        """Return a link with id, title and the record's status, as prose shows it."""
        record = self._project.get(record_id)
        status = self.chip(record) if record is not None else None
        return self.to(record_id) + (Markup(" ") + status if status else "")

    def chip(self, record: Entry) -> Markup | None:
        """Return a record's status as word and shape, None where its kind has no status."""
        status = self._status_of(record)
        if status is None:
            return None
        is_open = status not in self._project.kinds.of(record).done
        foreign = record.foreign
        if foreign is None or "status" not in foreign.unread:
            return _chip(status, status_word(status), is_open=is_open)
        # What it counts as is ours, not the record's word: no tick for what nobody said.
        return _chip("not_given", foreign.texts.get("status") or phrase("status_not_given"), is_open=is_open)

    def _make(self, record_id: str, *, with_title: bool) -> Markup:
        record = self._project.get(record_id)
        if record is None:
            if record_id in self._project.hidden_ids:
                return Markup(component("reference").hidden(phrase("hidden")))
            return escape(record_id)
        return Markup(component("reference").link(self.address(record), *self._words(record, with_title=with_title)))

    def _words(self, record: Entry, *, with_title: bool) -> tuple[str, str]:
        """Return id and title; where the id stands alone, a row is named by its kind and day, as its key is long."""
        if isinstance(record, Record):
            return record.id, record.title if with_title else ""
        when = f" {record.as_of:%Y-%m-%d}" if record.as_of else ""
        return (record.id, "") if with_title else (f"{self._project.kinds.of(record).name}{when}", "")
