"""Data read from YAML: mappings and lists that know the place (line and column, from 1) of all they hold."""

from __future__ import annotations

from typing import Any

# Line and column, both from 1.
Spot = tuple[int, int]


class YamlMapping(dict[str, Any]):
    """A mapping that knows its own place and the places of its keys and values."""

    __slots__ = ("column", "key_places", "line", "value_places")

    def __init__(self, line: int = 1, column: int = 1) -> None:
        """Make an empty mapping at a place; whoever fills it gives the places too."""
        super().__init__()
        self.line = line
        self.column = column
        self.key_places: dict[str, Spot] = {}
        self.value_places: dict[str, Spot] = {}

    def take(self, other: YamlMapping) -> None:
        """Take over the values of another mapping with their places; they win over those that are here."""
        self.update(other)
        self.key_places.update(other.key_places)
        self.value_places.update(other.value_places)

    def without(self, key: str) -> YamlMapping:
        """Return a copy that lacks a key."""
        copy = YamlMapping(self.line, self.column)
        copy.take(self)
        for part in (copy, copy.key_places, copy.value_places):
            part.pop(key, None)
        return copy


class YamlList(list[Any]):
    """A list that knows its own place and the place of each item."""

    __slots__ = ("column", "line", "places")

    def __init__(self, line: int = 1, column: int = 1) -> None:
        """Make an empty list at a place; whoever fills it gives the places too."""
        super().__init__()
        self.line = line
        self.column = column
        self.places: list[Spot] = []
