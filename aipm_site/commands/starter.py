"""The starter: the files of a new project, filled in from the templates in templates/starter/."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from uuid import UUID

from jinja2 import Environment, FunctionLoader, StrictUndefined

from aipm_site import __version__
from aipm_site.commands.schema import editor_settings, schema_file_name, schema_text
from aipm_site.records import KINDS
from aipm_site.records.kind import Kind
from aipm_site.records.period import month_of

SCHEMAS = ".vscode/schemas"
# Where a service looks for what it shall run.
_CI_FILES = {"github": ".github/", "gitlab": ".gitlab-ci.yml"}
_ID = re.compile(r"^id: (\S+)$", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
# What means something else than itself in the pattern of a pre-commit hook.
_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")
# Records of the first name others, so that an example of it needs theirs.
NEEDS = {
    "budget-line": ("cost",),
    "cost": ("budget-line",),
    "milestone": ("baseline",),
    "model": ("metric",),
    "objective": ("metric",),
    "observation": ("metric", "model"),
    "task": ("sprint",),
}
# What a project can answer for once it has records of a kind.
_DIMENSIONS = {
    "baseline": "scope",
    "benefit": "benefits",
    "budget-line": "cost",
    "change": "scope",
    "cost": "cost",
    "milestone": "schedule",
    "model": "quality",
    "observation": "quality",
    "risk": "risk",
}


def with_needed_kinds(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of kinds, each once and in their order, with those that their examples refer to."""
    chosen = {name for given in names for name in (given, *NEEDS.get(given, ()))}
    return tuple(kind.name for kind in KINDS if kind.name in chosen)


def kinds_with_example() -> tuple[str, ...]:
    """Return the names of the kinds of which the starter has an example."""
    return tuple(kind.name for kind in KINDS if kind.name in _examples())


def example_ending(kind: Kind) -> str:
    """Return the ending of a kind's files: md where its records are mostly prose, else yml."""
    return _examples()[kind.name].name.rpartition(".")[2] if kind.name in _examples() else "yml"


def starter_files(
    title: str, uuid: UUID, kinds: Iterable[str], today: date, services: Iterable[str] = tuple(_CI_FILES)
) -> Iterator[tuple[str, str]]:
    """Yield the path and text of each file of a new project.

    Args:
        title: What the project is called.
        uuid: What tells it from all other projects.
        kinds: Names of the kinds of which it gets an example.
        today: The day from which the days in the examples are counted.
        services: Where CI runs: "github", "gitlab", both or none of them.
    """
    names = tuple(kinds)
    values = _values(title, names, today) | {"uuid": str(uuid)}
    left_out = tuple(place for service, place in _CI_FILES.items() if service not in tuple(services))
    for name, source in _below(_starter() / "files"):
        # A dot file would be overlooked in a listing of the templates, so it is written "dot-name" there.
        path = name.replace("dot-", ".")
        if not path.startswith(left_out):
            yield path, _render(source, values)
    for kind in KINDS:
        if kind.name in names:
            text = _render(_examples()[kind.name], values)
            yield f"content/{kind.folder}/{_example_name(kind, text)}", text
        yield f"{SCHEMAS}/{schema_file_name(kind)}", schema_text(kind)
    yield ".vscode/settings.json", editor_settings(f"./{SCHEMAS}", "content")


def next_steps(folder: str, count: int, services: Iterable[str] = (), below: str = "") -> str:
    """Return what to do with a new project, for the terminal.

    Args:
        folder: Where it was made, as it is written on a command line.
        count: How many files it has.
        services: Where CI runs.
        below: Its folder from the top of the repository that it lies in; "" at the top, and outside of one.
    """
    values = {
        "folder": folder,
        "count": count,
        "services": tuple(services),
        "below": below,
        "content": _as_setting(f"{below}/content"),
        "setting": _as_setting(below),
        "quoted": shlex.quote(below),
        "pattern": _SPECIAL.sub(r"\\\g<0>", below),
    }
    return _render(_starter() / "next-steps.txt", values)


def _as_setting(text: str) -> str:
    """Return a text as a value of a YAML file, which has quotes where it may need them: JSON is YAML."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _starter() -> Traversable:
    return files("aipm_site") / "templates" / "starter"


@cache
def _examples() -> dict[str, Traversable]:
    return {item.name.rpartition(".")[0]: item for item in (_starter() / "records").iterdir()}


def _example_name(kind: Kind, text: str) -> str:
    """Return the name of an example's file: that of the register where its records are rows, else the record's id."""
    found = None if kind.is_rows else _ID.search(text)
    return f"{found[1] if found else kind.folder}.{example_ending(kind)}"


def _below(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            yield from _below(item, f"{prefix}{item.name}/")
        else:
            yield f"{prefix}{item.name}", item


def _values(title: str, kinds: tuple[str, ...], today: date) -> dict[str, object]:
    days = {
        "last_year": -365,
        "last_week": -7,
        "today": 0,
        "soon": 7,
        "in_two_weeks": 14,
        "in_two_months": 60,
        "in_half_a_year": 182,
    }
    last_month = month_of(today.replace(day=1) - timedelta(days=1))
    return {
        # JSON strings are YAML strings, whatever the title holds.
        "title": json.dumps(title, ensure_ascii=False),
        "heading": title,
        "version": __version__,
        "kinds": kinds,
        "dimensions": tuple(dict.fromkeys(_DIMENSIONS[name] for name in kinds if name in _DIMENSIONS)),
        "this_month": month_of(today).text,
        "last_month": last_month.text,
        "year": today.year,
        **{name: (today + timedelta(days=number)).isoformat() for name, number in days.items()},
    }


def _render(source: Traversable, values: dict[str, object]) -> str:
    return _environment().from_string(source.read_text(encoding="utf-8")).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_read_part),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  YAML and Markdown are written here, and the title is quoted as JSON
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _read_part(name: str) -> str:
    """Return a part that several files have in common."""
    return (_starter() / "parts" / name).read_text(encoding="utf-8")
