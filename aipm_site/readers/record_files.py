"""Record files: the records in one file, be it one mapping, a list with values common to all, or a Markdown file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from aipm_site.problems import Place, Problem, error
from aipm_site.readers.characters import decode_text
from aipm_site.readers.file_kinds import CHARTER, FileKinds, stem_of
from aipm_site.readers.front_matter import FrontMatter, read_front_matter
from aipm_site.readers.strict_yaml import YamlList, YamlMapping, read_yaml

if TYPE_CHECKING:
    from aipm_site.readers.decision_forms import DecisionText

_COMMON_HINT = "write '- common: {key: value}' as the first item of the list"


class RawRecord(Struct, frozen=True):
    """A record as it was written, not yet decoded.

    Attributes:
        kind: Name of its kind.
        data: Its keys and values without `kind`; in a list file, those common to all items are merged in.
        file: The file that it stands in.
        prose: The text under the front matter of a `.md` record.
        prose_line: Line of the file that the prose begins with; 0 without prose.
        written: What a decision record in a form of others says; None for records in our own form.
    """

    kind: str
    data: YamlMapping
    file: str
    prose: str | None = None
    prose_line: int = 0
    written: DecisionText | None = None


def records_of_data(
    data: YamlMapping | YamlList, file: str, kinds: FileKinds, otherwise: str | None
) -> tuple[list[RawRecord], list[Problem]]:
    """Return the records of a YAML file, and what is wrong with it as a file of records.

    Args:
        data: What stands in the file.
        file: Its path.
        kinds: The project's kinds.
        otherwise: The kind that the file's folder or name gives.
    """
    items, problems = items_of_list(data, file) if isinstance(data, YamlList) else ([data], [])
    found = [_record(item, file, kinds, otherwise) for item in items]
    records = [record for record in found if isinstance(record, RawRecord)]
    problems.extend(record for record in found if isinstance(record, Problem))
    problems.extend(_named_like_another(records, file, kinds))
    return records, problems


def record_of_page(
    front: FrontMatter, data: YamlMapping, file: str, kinds: FileKinds, otherwise: str | None
) -> tuple[RawRecord | None, list[Problem]]:
    """Return the record of a Markdown file, and what is wrong with it as such.

    Args:
        front: The file in two parts.
        data: Its front matter.
        file: Its path.
        kinds: The project's kinds.
        otherwise: The kind that the file's folder gives.
    """
    found = _record(data, file, kinds, otherwise)
    if isinstance(found, Problem):
        return None, [found]
    prose = front.body.lstrip("\n")
    if prose.strip():
        line = front.body_line + len(front.body) - len(prose)
        found = RawRecord(found.kind, found.data, file, prose, line)
    return found, _named_like_another([found], file, kinds)


def _record(item: YamlMapping, file: str, kinds: FileKinds, otherwise: str | None) -> RawRecord | Problem:
    kind = kinds.of_item(item, file, otherwise)
    if isinstance(kind, Problem):
        return kind
    if kind == CHARTER:
        hint = "move it to content/project.yml, or give it another id or kind"
        message = "the project's charter and settings stand in project.yml at the top of the content"
        return error("misplaced-charter", message, Place(file, item.line, item.column), hint)
    return RawRecord(kind, item.without("kind") if "kind" in item else item, file)


def items_of_list(data: YamlList, file: str) -> tuple[list[YamlMapping], list[Problem]]:
    """Return the records in a list with the common values merged in, and the items that are none."""
    common, problems = _common(data, file)
    items: list[YamlMapping] = []
    for number, item in enumerate(data):
        if not isinstance(item, YamlMapping):
            problems.append(_not_a_record(item, Place(file, *data.places[number])))
        elif "common" not in item:
            items.append(_merged(common, item) if common else item)
        elif number:
            place = Place(file, *item.key_places["common"])
            problems.append(error("misplaced-common", "values common to all come first", place, _COMMON_HINT))
    return items, problems


def _common(data: YamlList, file: str) -> tuple[YamlMapping | None, list[Problem]]:
    """Return the values that the first item of a list gives to all that follow."""
    first = data[0] if data else None
    if not isinstance(first, YamlMapping) or "common" not in first:
        return None, []
    common = first["common"]
    problems = [
        error("misplaced-common", f"'{key}' stands beside 'common'", Place(file, *spot), _COMMON_HINT)
        for key, spot in first.key_places.items()
        if key != "common"
    ]
    if isinstance(common, YamlMapping):
        return common, problems
    place = Place(file, *first.value_places["common"])
    return None, [*problems, error("misplaced-common", "'common' wants keys and values", place, _COMMON_HINT)]


def _merged(common: YamlMapping, item: YamlMapping) -> YamlMapping:
    merged = YamlMapping(item.line, item.column)
    merged.take(common)
    merged.take(item)
    return merged


def _not_a_record(item: object, place: Place) -> Problem:
    what = "empty" if item is None else "a list" if isinstance(item, list) else "a text"
    return error("not-a-record", f"this item of the list is {what}, not a record", place, "write it as '- key: value'")


def _named_like_another(records: Sequence[RawRecord], file: str, kinds: FileKinds) -> list[Problem]:
    """Return the problem of a file whose name begins with an id that none of its records has."""
    ids = [record.data["id"] for record in records if isinstance(record.data.get("id"), str)]
    if stem_of(file) in ids:
        return []
    claimed = dict.fromkeys(id_ for record in records for id_ in kinds.ids_in_name(file, record.kind))
    if not ids or not claimed or set(ids) & set(claimed):
        return []
    first = records[0]
    place = Place(file, *first.data.value_places.get("id", (first.data.line, first.data.column)))
    message = f"the file's name says {next(iter(claimed))}, and the record's id is {ids[0]}"
    return [error("file-named-like-another-record", message, place, "rename the file, or mend the id")]


# The data of a file, or its bytes where it is no text, and the text below them.
FileValue = tuple[YamlMapping | YamlList | bytes | None, str]


def opens_front_matter(text: str) -> bool:
    """Say whether a text may begin with front matter, by whose fence a YAML document may begin as well."""
    return text.startswith("---")


def value_of_file(data: bytes) -> FileValue:
    """Return what a content of a record's file means: two that differ only in how they are written are equal."""
    text, _ = decode_text(data, "")
    if text is None:
        return data, ""
    if opens_front_matter(text):
        parts, _ = read_front_matter(text, "")
        return parts.data, parts.body.strip()
    value = read_yaml(text, "")[0]
    # What is no YAML, such as a decision record without front matter, means what it says.
    return (value, "") if value is not None else (None, text.strip())
