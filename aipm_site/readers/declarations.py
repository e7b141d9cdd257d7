"""Declarations of kinds: finds the files of content/kinds/ and reads each one to data that knows its places."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.problems import Place, Problem, error
from aipm_site.readers.characters import decode_text, replace_forbidden
from aipm_site.readers.strict_yaml import YamlList, YamlMapping, read_yaml

FOLDER = "kinds"
ENDINGS = (".yml", ".yaml")
_HINT = "begin with 'description: …', 'folder: …' and 'prefix: …', or with 'extends: …'"


class WrittenDeclaration(Struct, frozen=True):
    """A file of content/kinds/ as it was written, not yet decoded.

    Attributes:
        name: The file's name without its ending, which is the name of the kind.
        file: Its path.
        data: What stands in it; None where that cannot be read.
    """

    name: str
    file: str
    data: YamlMapping | None


def is_declaration(path: str, content: str) -> bool:
    """Say whether a file of the content declares a kind."""
    return path.startswith(f"{content}/{FOLDER}/") and path.endswith(ENDINGS)


def read_declaration(data: bytes, file: str) -> tuple[WrittenDeclaration, list[Problem]]:
    """Return a declaration and what is wrong with its file."""
    name = file.rpartition("/")[2].rpartition(".")[0]
    text, problems = decode_text(data, file)
    if text is None or any(problem.code == "conflict-markers" for problem in problems):
        return WrittenDeclaration(name, file, None), problems
    found, yaml_problems = read_yaml(replace_forbidden(text) if problems else text, file)
    problems = [*problems, *yaml_problems]
    if isinstance(found, YamlList):
        message = "this is a list; a kind is declared in lines of 'key: value', one kind in each file"
        problems.append(error("not-a-record", message, Place(file, found.line, found.column), _HINT))
    return WrittenDeclaration(name, file, found if isinstance(found, YamlMapping) else None), problems
