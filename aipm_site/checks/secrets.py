"""Secrets: keys, tokens and personal numbers that must not be in git; their line is named, never their value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipm_site.problems import Place, Problem, error
from aipm_site.project import Project
from aipm_site.readers.strict_yaml import YamlList, YamlMapping
from aipm_site.records.once import once_a_record
from aipm_site.records.record import Entry

# Each with a sign that every text of its form has. The forms are those that the issuers document; a social security
# number never has the ranges left out here.
_FORMS = {
    "a GitHub token": (r"gh[pousr]_|github_pat_", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}\b"),
    "an AWS access key": ("AKIA|ASIA", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a private key": ("PRIVATE KEY", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a JSON Web Token": ("eyJ", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    "a Slack token": ("xox", r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a social security number": (
        r"-\d\d-\d\d\d\d",
        r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])",
    ),
}
_ANY = re.compile("|".join(f"(?P<form{number}>{form})" for number, (_, form) in enumerate(_FORMS.values())))
# One by one, as each begins with a character that the search can skip to: that takes a tenth of looking for the forms,
# which was a tenth of a build.
_SIGNS = tuple(re.compile(sign) for sign, _ in _FORMS.values())
_NAMES = tuple(_FORMS)


def check_secrets(project: Project) -> Iterator[Problem]:
    """Yield an error for each secret in a record, in a declared kind and, where pages are strict, in a page."""
    for kind in project.kinds:
        if kind.declared_at is not None:
            yield from _check_node(kind.declared_at.data, kind.declared_at.place_of())
    for record in project.records.values():
        yield from _secrets_in(record)
    if project.charter.pages == "strict":
        for page in (*project.pages, *project.templates):
            yield from _check_text(page.text, page.path, 1)


@once_a_record
def _secrets_in(record: Entry) -> tuple[Problem, ...]:
    texts = [record.prose or ""]
    _collect_texts(record.origin.data, texts)
    text = "\n".join(texts)
    return tuple(_check_record(record)) if any(sign.search(text) for sign in _SIGNS) else ()


def _check_record(record: Entry) -> Iterator[Problem]:
    origin = record.origin
    yield from _check_node(origin.data, Place(origin.file, origin.line, origin.column))
    if origin.prose_line and record.prose:
        yield from _check_text(record.prose, origin.file, origin.prose_line)


def _collect_texts(node: object, found: list[str]) -> None:
    # Into one list, as generators within each other take twice the time, and every record is looked through.
    if isinstance(node, str):
        found.append(node)
    elif isinstance(node, (YamlMapping, YamlList)):
        for value in node.values() if isinstance(node, YamlMapping) else node:
            _collect_texts(value, found)


def _check_node(node: object, place: Place) -> Iterator[Problem]:
    if isinstance(node, str):
        for found in _ANY.finditer(node):
            yield _secret(found, place)
    elif isinstance(node, YamlMapping):
        for key, value in node.items():
            yield from _check_node(value, Place(place.file, *node.value_places[key]))
    elif isinstance(node, YamlList):
        for value, (line, column) in zip(node, node.places, strict=True):
            yield from _check_node(value, Place(place.file, line, column))


def _check_text(text: str, file: str, first_line: int) -> Iterator[Problem]:
    for found in _ANY.finditer(text):
        line = first_line + text.count("\n", 0, found.start())
        column = found.start() - text.rfind("\n", 0, found.start())
        yield _secret(found, Place(file, line, column))


def _secret(found: re.Match[str], place: Place) -> Problem:
    name = next(_NAMES[int(group[4:])] for group, text in found.groupdict().items() if text is not None)
    hint = "take it out, and have it replaced where it is used: what was committed once is known"
    return error("secret-in-content", f"this looks like {name}", place, hint)
