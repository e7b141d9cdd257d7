"""Declarations: what a project writes to declare a kind of its own, or to extend one that there is."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from aipm_site.records.fields import Line, Number, Reader, YesNo, refuse, shown, whole_number
from aipm_site.records.record import Level, Part, needed, optional

LONGEST_NAME = 40
_KEBAB = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_SNAKE = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
# The folders in which the site and the theme keep what they make, and those of the content with a meaning of their own.
RESERVED_FOLDERS = frozenset(
    {"api", "assets", "figures", "kinds", "project", "reports", "search", "status", "stylesheets", "javascripts"}
)
# `kind` says which kind a record is of, `record` is the template of all kinds.
RESERVED_NAMES = frozenset({"kind", "kind-extension", "record"})
# R3: keys that no record may have; `na` alone in a group would say that the group is not applicable.
_RESERVED_KEYS = frozenset({"constructor", "prototype", "na"})
# An editor reads these as something else than a word.
_NO_WORDS = frozenset({"true", "false", "null"})


def is_kind_name(text: str) -> bool:
    """Say whether a text has the form of a kind's name: small letters, digits and single hyphens."""
    return len(text) <= LONGEST_NAME and re.fullmatch(_KEBAB, text) is not None


def _name(pattern: str, what: str, example: str, refused: frozenset[str] = frozenset()) -> Reader:
    """Return the reader of names of one form."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise refuse("wrong-type", f"{what} is wanted here")
        if not re.fullmatch(pattern, value) or len(value) > LONGEST_NAME:
            raise refuse("not-a-name", f"{shown(value)} is not {what}", f"write it like {example}")
        if value in refused:
            raise refuse("not-a-name", f"{shown(value)} has a meaning of its own", "choose another word")
        return value

    return Reader(read, f"text like {example}", {"type": "string", "pattern": f"^({pattern})$"})


Folder = Annotated[str, _name(_KEBAB, "the name of a folder", "vendor-reviews", RESERVED_FOLDERS)]
Prefix = Annotated[str, _name(r"[A-Z]{2,4}", "a prefix of two to four capital letters", "VND")]
FieldName = Annotated[str, _name(_SNAKE, "the name of a field", "contract_end", _RESERVED_KEYS)]
Word = Annotated[str, _name(rf"{_SNAKE}|{_KEBAB}", "a word of a list", "in_progress", _NO_WORDS)]
SortField = Annotated[str, _name(f"-?{_SNAKE}", "the name of a field to sort by", "-contract_end")]
Days = Annotated[int, whole_number(1)]

PlainType = Literal[
    "line",
    "prose",
    "number",
    "whole_number",
    "ratio",
    "date",
    "moment",
    "true_or_false",
    "money",
    "word",
    "reference",
]
FieldType = Literal[PlainType, "group"]


class InnerField(Part):
    """A field inside a group."""

    name: FieldName = needed("its key in a record, such as contract_end")
    type: PlainType = needed("what its values are")
    description: Line = needed("what it says, in a clause: this is its documentation everywhere")
    level: Level = optional("whether a record needs it, should have it or may have it", "optional")
    many: YesNo = optional("whether it is a list of such values", False)
    words: tuple[Word, ...] = optional("of a word: those that are allowed, in the order that sorts them", many=True)
    to: tuple[Line, ...] = optional(
        "of a reference: names of the kinds whose records it names; any where absent", many=True
    )
    least: Number | None = optional("of a number: the least that is allowed; of a whole number 0 where absent")
    most: Number | None = optional("of a number: the most that is allowed")


class FieldDeclaration(InnerField):
    """A field of a kind."""

    # Wider than inside a group, as no group stands in another.
    type: FieldType = needed("what its values are")  # type: ignore[assignment]
    fields: tuple[InnerField, ...] = optional("of a group: the fields in it", many=True)


class StatusDeclaration(Part):
    """The words for where a record stands."""

    words: tuple[Word, ...] = needed("the allowed words, in the order that sorts them")
    default: Word | None = optional("the status of a record that gives none; the first word where absent")
    done: tuple[Word, ...] = optional("words with which a record asks for nothing any more", many=True)


class KindDeclaration(Part):
    """What a project says of a kind of its own; the kind's name is the name of the file."""

    description: Line = needed("what one of its records is, in a clause")
    folder: Folder = needed("folder of its files, and address of its register")
    prefix: Prefix = needed("what its ids begin with")
    ids: Literal["numbered", "dated", "natural"] = optional(
        "the rest of an id: numbered VND-014, dated VND-2026-04-15 or natural VND-any-name", "numbered"
    )
    plural: Line | None = optional("its word, plural; the folder's name where absent")
    heading: Line | None = optional("heading of its register; the plural where absent")
    rows: YesNo = optional("whether its records are rows: no title, no owner, no page of their own", False)
    key: tuple[Line, ...] = optional("of rows: the needed fields that tell one from another and make its id", many=True)
    status: StatusDeclaration | None = optional("where a record can stand")
    fields: tuple[FieldDeclaration, ...] = optional("its fields, besides those that every record has", many=True)
    columns: tuple[Line, ...] = optional(
        "fields that its register shows; id, title and what is needed where absent", many=True
    )
    order: tuple[SortField, ...] = optional(
        "fields that sort its register; -name sorts from the greatest down", many=True
    )
    fresh_days: Days | None = optional("for how many days a record speaks without being looked at again")
    dated: Line | None = optional("the field that says when the fact came to be; later than the as-of it is not there")
    ended: tuple[Line, ...] = optional(
        "fields of its end, one a date: not given, and the status the default, while that lies ahead", many=True
    )


class Tightening(Part):
    """How a field of an extended kind becomes stricter."""

    field: Line = needed("the field")
    level: Literal["needed", "expected"] | None = optional("a stricter level than it has")
    words: tuple[Line, ...] = optional("the words that stay allowed, fewer than it has", many=True)


class KindExtension(Part):
    """What a project adds to a kind that there is; its records stay what they are for figures and status."""

    extends: Line = needed("name of the kind")
    fields: tuple[FieldDeclaration, ...] = optional("fields that it has besides", many=True)
    tighten: tuple[Tightening, ...] = optional("fields that are stricter in this project", many=True)
    columns: tuple[Line, ...] = optional("fields that its register shows, in place of the usual ones", many=True)
