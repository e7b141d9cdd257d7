"""What every record has: the envelope of fields, their levels, and where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from msgspec import Struct, field
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from aipm_site.problems import Place
from aipm_site.readers.yaml_data import YamlList, YamlMapping
from aipm_site.records.fields import IsoDate, Line, Moment, Prose, reference_to

Level = Literal["needed", "expected", "optional"]
LinkWord = Literal[
    "mitigates",
    "caused_by",
    "materialised_as",
    "decides",
    "implements",
    "blocks",
    "depends_on",
    "supersedes",
    "evidences",
    "measures",
    "funds",
    "affects",
    "raised_in",
    "duplicates",
    "relates_to",
]
FieldPath = tuple[str | int, ...]


def needed(description: str) -> Any:
    """Declare a field without which the record means nothing: its absence is an error."""
    return Field(description=description, json_schema_extra={"level": "needed"})


def expected(description: str, *, many: bool = False) -> Any:
    """Declare a field that a complete record has: its absence is said on the record, and a warning while it is open."""
    return Field(default=() if many else None, description=description, json_schema_extra={"level": "expected"})


def optional(description: str, default: Any = None, *, many: bool = False, alias: str | None = None) -> Any:
    """Declare a field that nobody misses where it is absent; the alias is its key, where Python keeps the name."""
    fallback = () if many else default
    return Field(default=fallback, alias=alias, description=description, json_schema_extra={"level": "optional"})


class Origin(Struct, frozen=True):
    """Where a record was written: its file and line, and through its data the place of each of its fields."""

    file: str
    line: int = 1
    column: int = 1
    data: YamlMapping | None = None
    prose_line: int = 0

    def place_of(self, path: FieldPath = ()) -> Place:
        """Return the place of a field's value, or the nearest place around it that is known."""
        line, column = self.line, self.column
        node: object = self.data
        for step in path:
            if isinstance(node, YamlMapping) and step in node:
                line, column = node.value_places[str(step)]
            elif isinstance(node, YamlList) and isinstance(step, int) and step < len(node):
                line, column = node.places[step]
            else:
                break
            node = node[step]  # type: ignore[index]
        return Place(self.file, line, column)

    def place_of_key(self, path: FieldPath) -> Place:
        """Return the place of a field's key, for problems that are about the key itself."""
        node: object = self.data
        for step in path[:-1]:
            node = node[step]  # type: ignore[index]
        if isinstance(node, YamlMapping) and path and path[-1] in node.key_places:
            return Place(self.file, *node.key_places[str(path[-1])])
        return self.place_of(path)


class Foreign(Struct, frozen=True):
    """What there is to know of a record that was written in a form of others.

    Attributes:
        form: What the form is called.
        places: Our fields that the form has a place for; the others are nothing that such a record leaves out.
        texts: What it says of a field in its own words, by the field's name.
        unread: Fields whose text means nothing to us, or that are not given and have a default here.
    """

    form: str
    places: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


class Part(BaseModel):
    """A group of fields inside a record.

    Attributes:
        short_field: The field that is meant where a plain text stands in place of the group; empty where none is.
    """

    # Built when the first record that has one is read, so that kinds which a project does not use cost little.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    short_field: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _long_form(cls, value: object) -> object:
        return {cls.short_field: value} if cls.short_field and isinstance(value, str) else value


# The parts that every kind has are built here, once, and not again inside each kind.
class Link(Part, defer_build=False):
    """A typed link to another record; the other direction is derived."""

    rel: LinkWord = needed("what this record does to the other one")
    id: Annotated[Line, reference_to()] = needed("id of the other record")


class DataSource(Part, defer_build=False):
    """Where a record's content was taken from."""

    short_field = "system"

    system: Line = needed("name of the system")
    url: Line | None = optional("address in that system")
    ref: Line | None = optional("id in that system")
    collected_at: Moment | None = optional("when it was taken, with offset")


class Confidence(Part, defer_build=False):
    """How sure the writer is, and why."""

    short_field = "level"

    level: Literal["low", "medium", "high"] = needed("how sure the writer is")
    reason: Line | None = expected("why")


class Raci(Part, defer_build=False):
    """Who does, answers for, is asked about and is told of something; exactly one is accountable."""

    responsible: tuple[Line, ...] = expected("roles that do the work", many=True)
    accountable: Line | None = expected("the one role that answers for it")
    consulted: tuple[Line, ...] = optional("roles that are asked before", many=True)
    informed: tuple[Line, ...] = optional("roles that are told after", many=True)


class Entry(BaseModel):
    """Anything that is recorded: the fields that records and rows share (the envelope)."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    _origin: Origin = PrivateAttr(default_factory=lambda: Origin("unwritten"))
    _not_applicable: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _foreign: Foreign | None = PrivateAttr(default=None)

    id: Line = needed("id, unique in the project and never used again")
    project: Line | None = optional("id of the project, where a folder holds several")
    summary: Prose | None = optional("what a reader needs to know, in a sentence or two")
    tags: tuple[Line, ...] = optional("words to find it by", many=True)
    audience: Line | None = optional("strictest label a reader must have; default_audience where absent")
    links: tuple[Link, ...] = optional("typed links to other records", many=True)
    source: DataSource | None = optional("where the content was taken from")
    as_of: IsoDate | None = optional("when the facts are true in the world")
    reviewed_on: IsoDate | None = optional("when somebody last confirmed that the record is right")
    review_by: IsoDate | None = optional("when it must be looked at again")
    created: IsoDate | None = optional("when it was first written; else the commit that brought it")
    updated: IsoDate | None = optional("when a value of it last changed; else the commit that changed it")
    confidence: Confidence | None = optional("how sure the writer is: low, medium or high, with a reason")
    raci: Raci | None = optional("who is responsible, accountable, consulted, informed")
    prose: Prose | None = optional("longer text in Markdown: the text under the front matter of a .md record")
    custom: dict[str, Any] | None = optional("the project's own keys")

    def __copy__(self) -> Self:
        """Return a copy without what was found out about the record, as it may be given other values."""
        copy = super().__copy__()
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy

    @property
    def origin(self) -> Origin:
        """Where the record was written."""
        origin: Origin = self._kept("_origin")
        return origin

    @property
    def place(self) -> Place:
        """Place of the record's first line."""
        origin = self.origin
        return Place(origin.file, origin.line, origin.column)

    @property
    def label(self) -> str:
        """What the record is called in a list."""
        return self.id

    @property
    def not_applicable(self) -> Mapping[str, str]:
        """Fields of which the writer says `na: {reason: …}`, with the reason: neither unknown nor zero."""
        reasons: Mapping[str, str] = self._kept("_not_applicable")
        return reasons

    def _kept(self, name: str) -> Any:
        # Asked twenty times for each record; through pydantic's own attribute lookup that was 2 % of a build.
        return (self.__pydantic_private__ or {})[name]

    def not_applicable_for(self, reasons: Mapping[str, str]) -> None:
        """Remember which fields are not applicable and why; called once, by whoever decodes it."""
        self._not_applicable = reasons

    @property
    def foreign(self) -> Foreign | None:
        """What it says in the words of another form; None for a record in our own."""
        foreign: Foreign | None = self._kept("_foreign")
        return foreign

    def written_in(self, foreign: Foreign | None) -> None:
        """Remember the form that the record was written in; called by whoever decodes or redacts it."""
        self._foreign = foreign

    def written_at(self, origin: Origin) -> None:
        """Remember where the record was written; called once, by whoever decodes it."""
        self._origin = origin


class Record(Entry):
    """A record with a title and an owner."""

    title: Line = needed("what it is called, in a few words")
    owner: Annotated[Line, reference_to("person", only_ids=True)] | None = expected(
        "who answers for it: a role in words, or the id of a person"
    )

    @property
    def label(self) -> str:
        """What the record is called in a list."""
        return self.title


class Row(Entry):
    """A row of a list file: no title, no owner; its id is made from its key unless it carries one."""
