"""`aipm new`: a record with the next free id, its needed fields filled or asked for."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TypeVar

import click

from aipm_site.commands.new_report import draft_id, draft_values
from aipm_site.commands.project_kinds import refuse_declarations
from aipm_site.commands.schema import kind_named
from aipm_site.commands.starter import example_ending
from aipm_site.loading import load_kinds, load_project
from aipm_site.problems import Problem, did_you_mean, format_text, printable
from aipm_site.project import Project
from aipm_site.readers.characters import check_text
from aipm_site.readers.decision_words import number_of
from aipm_site.readers.file_kinds import CHARTER, DECISION
from aipm_site.readers.record_files import RawRecord
from aipm_site.readers.snapshot import WorkingTree
from aipm_site.readers.strict_yaml import YamlMapping, read_yaml
from aipm_site.records.blank import blank_record, needed_fields
from aipm_site.records.decision import KIND as DECISION_KIND
from aipm_site.records.decision_settings import DecisionSettings
from aipm_site.records.decode import decode_record
from aipm_site.records.kind import Kind
from aipm_site.records.report import Report
from aipm_site.records.shape import shape_of
from aipm_site.session import today
from aipm_site.workspace import Workspace, WrongRequest, find_workspace

T = TypeVar("T", PurePosixPath, str)

_NUMBER = re.compile(r"[0-9]{1,6}\Z")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9.]+")
_DIGITS_OF_A_FIRST_ID = 3


def write_new_record(
    start: Path, kind_name: str, title: str | None, *, settings: Sequence[str], record_id: str | None, dry_run: bool
) -> int:
    """Write the file of a new record, print its path and return the exit code.

    A row is printed, as rows stand in lists that people order as they like.

    Args:
        start: A folder of the project.
        kind_name: The kind's name, or its folder.
        title: The title, None where it is to be asked for.
        settings: Values of fields, as "field=value".
        record_id: The id, None for the next free one.
        dry_run: Whether to print the record in place of writing it.

    Raises:
        WrongRequest: A value is wrong, or one that is needed is not given and there is nobody to ask.
        RefusedReport: The records have errors, so that a report made from them would be wrong.
    """
    workspace = find_workspace(start)
    tree = WorkingTree(workspace.root, workspace.content)
    kinds, declaration_problems = load_kinds(tree, workspace.content)
    if kinds.is_unread(kind_name):
        return refuse_declarations(declaration_problems, "no record was written")
    kind = kind_named(kind_name, kinds)
    project, _ = load_project(tree, workspace.content)
    values = _values(kind, title, settings)
    if issubclass(kind.model, Report):
        values = draft_values(workspace, values)
        record_id = record_id or draft_id(values)
    # With the prefixes that the project sets.
    kind = project.kinds.named(kind.name) or kind
    folder, ending = _place_of(workspace.content, project, kind)
    prefix = _prefix_in(folder, workspace.content, project, kind)
    taken, day = _taken(project, kind, tree), today(project.charter.tz)
    chosen = _choose_id(kind, record_id, values.get("title", ""), day, taken, prefix)
    text = blank_record(kind, chosen, values)
    path = _path_of(workspace.content, kind, folder, f"{chosen}{ending}")
    problems = _problems_of(kind, text, path.as_posix(), 2 if path.suffix == ".md" else 1)
    _refuse(problem for problem in problems if problem.severity == "error")
    if dry_run or kind.is_rows:
        click.echo(_as_item(text) if kind.is_rows else text, nl=False)
        return 0
    _write(workspace, path, text)
    if problems:
        click.echo(format_text(problems, "the record was written"), err=True)
    click.echo(os.path.relpath(workspace.root / path))
    return 0


def _values(kind: Kind, title: str | None, settings: Sequence[str]) -> dict[str, str]:
    """Return the values of a new record: those given, and those that somebody at the terminal gives now."""
    values = dict(_split(kind, setting) for setting in settings)
    if title is not None:
        if "title" not in shape_of(kind.model):
            raise WrongRequest(f"{kind.name}s have no title; give fields with --set field=value")
        values["title"] = title
    asked = [(name, description) for name, description in needed_fields(kind) if name not in values]
    if asked and not sys.stdin.isatty():
        raise WrongRequest(_what_is_needed(kind, asked))
    for name, description in asked:
        values[name] = click.prompt(
            f"{name}: {description}\n", err=True, value_proc=_checked(kind, name), prompt_suffix="> "
        )
    return values


def _split(kind: Kind, setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    fields = shape_of(kind.model)
    if not equals:
        raise WrongRequest(
            f"'{printable(setting)}' is not of the form field=value, such as owner='data engineering lead'"
        )
    if name == "id":
        raise WrongRequest("an id is given with --id")
    if name not in fields:
        hint = did_you_mean(name, fields, f"`aipm explain {kind.name}` lists its fields")
        raise WrongRequest(f"{kind.name} has no field '{printable(name)}'; {hint}")
    return name, value


def _what_is_needed(kind: Kind, fields: Sequence[tuple[str, str]]) -> str:
    options = " ".join(f"--set {name}=…" for name, _ in fields if name != "title")
    title = '"TITLE" ' if any(name == "title" for name, _ in fields) else ""
    described = [f"{name}: {description}" for name, description in fields]
    return "\n".join([f"a new {kind.name} needs more: aipm new {kind.name} {title}{options}".rstrip(), *described])


def _checked(kind: Kind, name: str) -> Callable[[str], str]:
    """Return what looks at an answer, so that a wrong one is asked for again."""

    def check(answer: str) -> str:
        found = _problems_of(kind, blank_record(kind, "", {name: answer}))
        wrong = [problem for problem in found if problem.severity == "error" and problem.code != "missing-field"]
        if wrong:
            raise click.UsageError(_in_words(wrong[0]))
        return answer

    return check


def _problems_of(kind: Kind, text: str, file: str = "", first_line: int = 1) -> list[Problem]:
    problems = check_text(text, file, first_line)
    data, found = read_yaml(text, file, first_line=first_line)
    problems.extend(found)
    if not isinstance(data, YamlMapping):
        return problems
    return [*problems, *decode_record(kind, RawRecord(kind.name, data, file))[1]]


def _refuse(problems: Iterable[Problem]) -> None:
    messages = [_in_words(problem) for problem in problems]
    if messages:
        raise WrongRequest("\n".join(messages))


def _in_words(problem: Problem) -> str:
    return printable(problem.message + (f"; {problem.hint}" if problem.hint else ""))


def _taken(project: Project, kind: Kind, tree: WorkingTree) -> set[str]:
    """Return the ids in use, those of records that cannot be read included: their files say them."""
    names = (PurePosixPath(path).stem for path in tree.paths())
    in_names = (re.match(kind.id_pattern, name, re.ASCII) for name in names)
    foreign = _numbers_of_foreign(project, tree) if kind.name == DECISION else ()
    return {*project.records, *project.unread_ids, *(found[0] for found in in_names if found), *foreign}


def _numbers_of_foreign(project: Project, tree: WorkingTree) -> Iterator[str]:
    """Yield the ids of decision records in forms of others by the names of their files, be they readable or not."""
    settings = project.charter.decisions or DecisionSettings()
    for path in map(PurePosixPath, tree.paths()):
        if path.suffix == ".md" and (number := number_of(path.as_posix())) and "decisions" in path.parent.parts:
            folder = path.parent.relative_to(project.content).as_posix()
            yield f"{settings.prefix_of(folder) or DECISION_KIND.prefix}-{number}"


def _prefix_in(folder: PurePosixPath, content: str, project: Project, kind: Kind) -> str:
    """Return what the id of a new record in a folder begins with."""
    settings = project.charter.decisions
    if kind.name != DECISION or settings is None or not folder.is_relative_to(content):
        return kind.prefix
    return settings.prefix_of(folder.relative_to(content).as_posix()) or kind.prefix


def _choose_id(kind: Kind, given: str | None, title: str, day: date, taken: Collection[str], prefix: str) -> str:
    if kind.is_rows:
        # The id of a row is made from its key.
        return given or ""
    if given is None:
        is_numbered = kind.id_form == "numbered"
        chosen = next_id(kind, taken, prefix) if is_numbered else _id_from_title(kind, title, day)
    else:
        chosen = given
    if not kind.is_id(chosen):
        example = {"numbered": "014", "dated": "2026-04-15", "natural": "name"}[kind.id_form]
        raise WrongRequest(
            f"'{printable(chosen)}' is not an id of a {kind.name}; give one like --id {kind.prefix}-{example}"
        )
    if chosen.casefold() in {record_id.casefold() for record_id in taken}:
        raise WrongRequest(f"the id {chosen} is taken; give another with --id")
    return chosen


def next_id(kind: Kind, taken: Iterable[str], prefix: str = "") -> str:
    """Return the id after the highest one in use, with as many digits.

    Args:
        kind: The kind.
        taken: The ids in use, of all kinds.
        prefix: What it begins with; the kind's own where it is not given.
    """
    prefix = prefix or kind.prefix
    form = re.compile(kind.pattern_for(prefix), re.ASCII)
    rests = (record_id.partition("-")[2] for record_id in taken if form.fullmatch(record_id))
    numbers = [rest for rest in rests if _NUMBER.match(rest)]
    digits = max((len(number) for number in numbers), default=_DIGITS_OF_A_FIRST_ID)
    return f"{prefix}-{max((int(number) for number in numbers), default=0) + 1:0{digits}d}"


def _id_from_title(kind: Kind, title: str, day: date) -> str:
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    name = _NOT_IN_A_NAME.sub("-", letters).strip("-.").lower()
    begin = f"{day.isoformat()}-" if kind.id_form == "dated" else ""
    return f"{kind.prefix}-{begin}{name.replace('.', '-') if begin else name}".rstrip("-")


def _as_item(text: str) -> str:
    """Return a record as an item of a list, ready to stand below the others."""
    first, *others = text.splitlines()
    return "\n".join([f"- {first}", *(f"  {line}".rstrip() for line in others)]) + "\n"


def _write(workspace: Workspace, path: PurePosixPath, text: str) -> None:
    file = workspace.root / path
    if not file.parent.resolve().is_relative_to(workspace.root):
        raise WrongRequest(f"{path.parent} is a link out of the project")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusively, should somebody else have had the same idea meanwhile.
        with file.open("x", encoding="utf-8", newline="\n") as written:
            written.write(f"---\n{text}---\n" if path.suffix == ".md" else text)
    except FileExistsError:
        raise WrongRequest(f"there is a file {path} already, and nothing is written over it") from None


def _path_of(content: str, kind: Kind, folder: PurePosixPath, name: str) -> PurePosixPath:
    return PurePosixPath(content, "project.yml") if kind.name == CHARTER else folder / name


def _place_of(content: str, project: Project, kind: Kind) -> tuple[PurePosixPath, str]:
    """Return the folder in which most records of a kind lie, and the ending of most of their files."""
    places = [PurePosixPath(record.place.file) for record in project.of(kind.model)]
    own = [file for file in places if kind.folder in file.parent.parts]
    folder = _most_common(Counter(file.parent for file in own), PurePosixPath(content, kind.folder))
    ending = _most_common(Counter(file.suffix for file in own), f".{example_ending(kind)}")
    return folder, ending


def _most_common(counts: Counter[T], otherwise: T) -> T:
    return max(sorted(counts), key=lambda one: counts[one], default=otherwise)
