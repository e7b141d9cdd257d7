"""View: what one audience may see of the facts; what is stricter is absent, and `disclose` is the only way down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.figure import AnyFigure, Figure, Source, Unknown
from aipm_site.project import Project
from aipm_site.records.charter import Disclosure, Disclosures
from aipm_site.records.record import Entry, Part
from aipm_site.redaction import redact_model, redact_text

T = TypeVar("T")

NOT_SHARED_REASON = "not shared with this audience"


class View(Struct, frozen=True, dict=True):
    """The eyes of one audience.

    Attributes:
        project: The whole project, with all its records.
        audience: The label of the build.
    """

    project: Project
    audience: str

    def may_see(self, label: str) -> bool:
        """Say whether the audience may see what bears a label."""
        return self.project.may_see(self.audience, label)

    @cached_property
    def hidden_ids(self) -> frozenset[str]:
        """Ids of the records that the audience may not see."""
        records = self.project.records.values()
        hidden = (record.id for record in records if not self.may_see(self.project.audience_of(record)))
        return self.project.hidden_ids | frozenset(hidden)

    @cached_property
    def visible(self) -> Project:
        """The project as the audience sees it."""
        return self.project.visible_to(self.audience)

    def redacted(self, value: T) -> T:
        """Return a part of the facts without hidden ids in its words; its records are those that the audience sees."""
        return cast(T, self._redacted(value)) if self.hidden_ids else value

    def _redacted(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.visible.redact(value)
        if isinstance(value, Entry):
            return self.visible.get(value.id) or value
        if isinstance(value, Part):
            return redact_model(value, self.visible.redact)
        if isinstance(value, tuple):
            return tuple(map(self._redacted, value))
        if isinstance(value, Mapping):
            return {key: self._redacted(item) for key, item in value.items()}
        if isinstance(value, Struct):
            return replace(value, **{name: self._redacted(getattr(value, name)) for name in value.__struct_fields__})
        return value

    def disclosure(self, name: str) -> Disclosure | None:
        """Return the line of project.yml that lets the audience see a figure whatever its sources are."""
        lines = self.project.charter.disclose
        return next((line for line in lines if self.may_see(line.to) and self._covers(line.figure, name)), None)

    def was_disclosed(self, name: str, told: Iterable[Disclosures]) -> bool:
        """Say whether the audience sees a figure by disclosure, and saw it so on some days.

        Args:
            name: Name of the figure.
            told: What project.yml disclosed on each of these days.
        """
        days = tuple(told)
        return bool(days) and self.disclosure(name) is not None and all(self._discloses(lines, name) for lines in days)

    def _discloses(self, lines: Disclosures, name: str) -> bool:
        # Nobody knows for whom a label was that there is no more.
        order = self.project.charter.audience_order
        return any(to in order and self.may_see(to) and self._covers(figure, name) for figure, to in lines)

    def _covers(self, pattern: str, name: str) -> bool:
        if not pattern.endswith(".*"):
            return pattern == name
        # A name that holds the id of a hidden record is disclosed only by whoever writes it out.
        return name.startswith(pattern[:-1]) and redact_text(name, self.hidden_ids) == name

    def shows(self, name: str, label: str) -> bool:
        """Say whether the audience sees a figure of a name and label."""
        return self.may_see(label) or self.disclosure(name) is not None

    def figure(self, figure: AnyFigure) -> AnyFigure | None:
        """Return a figure as the audience sees it: whole, disclosed without its hidden sources, or not at all."""
        if self.may_see(figure.audience):
            return self._without_hidden_comparator(figure)
        line = self.disclosure(figure.name)
        return self._disclosed(figure, line.to) if line else None

    def _without_hidden_comparator(self, figure: AnyFigure) -> AnyFigure:
        """Return a figure that is not held against what a report for fewer readers said of it."""
        if not isinstance(figure, Figure) or figure.comparator is None:
            return figure
        label = figure.comparator.audience
        if label is None or self.may_see(label):
            return figure
        return replace(figure, comparator=None, sources=self.visible_sources(figure.sources))

    def _disclosed(self, figure: AnyFigure, label: str) -> AnyFigure:
        shown = self.visible_sources(figure.sources)
        hidden = figure.hidden_sources + len(figure.sources) - len(shown)
        if isinstance(figure, Unknown):
            reason = NOT_SHARED_REASON if hidden else figure.reason
            return replace(figure, reason=reason, sources=shown, hidden_sources=hidden, audience=label)
        return self._disclosed_value(figure, shown, hidden, label)

    def _disclosed_value(self, figure: Figure, shown: tuple[Source, ...], hidden: int, label: str) -> Figure:
        return replace(
            figure,
            text=redact_text(figure.text, self.hidden_ids),
            formula=redact_text(figure.formula, self.hidden_ids),
            sources=shown,
            hidden_sources=hidden,
            # What it is held against was not disclosed with it.
            comparator=None,
            audience=label,
            is_disclosed=True,
        )

    def visible_sources(self, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        """Return those of some sources that the audience may see."""
        return tuple(source for source in sources if source.record_id not in self.hidden_ids)
