"""The store: states of revisions, kept in git's own folder so that the next run need not compute them again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pydantic_core
import yaml
from msgspec.structs import astuple

from aipm_site.facts.history import Statement
from aipm_site.history.states import Computed, Forecast, PastFigure, State

# What a state is computed with: where a line of it changes, what was kept may be wrong.
ROOMS = (
    *("readers", "records", "facts", "history"),
    *("loading.py", "memory.py", "problems.py", "project.py", "redaction.py"),
)
_PACKAGE = Path(__file__).parent.parent


class Store:
    """Keeps states by commit. What is damaged, or was made by other code, is as if it were not there.

    It lies in git's folder: no commit can bring entries into it, git never sees it, and it goes with the clone.
    """

    def __init__(self, folder: Path | None, context: Iterable[str]) -> None:
        """Open the store.

        Args:
            folder: Where it lies; None keeps nothing.
            context: What else states depend on than their commit and our code.
        """
        self._folder = folder
        self._key = hashlib.sha256(json.dumps([_code(), *context]).encode()).hexdigest()

    def read(self, commit: str) -> State | None:
        """Return what is kept of a commit; None where nothing is, or nothing that can be trusted."""
        if self._folder is None:
            return None
        try:
            head, _, text = (self._folder / f"{commit}.json").read_bytes().partition(b"\n")
            return _decode(json.loads(text)) if head == self._head(text) else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def write(self, state: State) -> None:
        """Keep a state, where the folder can be written to."""
        if self._folder is None:
            return
        text = json.dumps(_encode(state), ensure_ascii=False, separators=(",", ":")).encode()
        file = self._folder / f"{state.commit}.json"
        draft = file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(self._head(text) + b"\n" + text)
            os.replace(draft, file)

    def _head(self, text: bytes) -> bytes:
        return f"{self._key} {hashlib.sha256(text).hexdigest()}".encode()


@cache
def _code() -> str:
    """Return what our code and what it computes with are, as one word."""
    digest = hashlib.sha256(f"{platform.python_version()} {pydantic_core.__version__} {yaml.__version__}".encode())
    for path in _source_files():
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for room in ROOMS:
        path = _PACKAGE / room
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def _encode(state: State) -> dict[str, Any]:
    return {
        "commit": state.commit,
        "as_of": state.as_of.isoformat(),
        "is_sound": state.is_sound,
        "has_figures": state.has_figures,
        "figures": {
            name: [*astuple(figure)[:4], _text(figure.as_of), *astuple(figure)[5:]]
            for name, figure in state.figures.items()
        },
        "forecasts": {
            record_id: [_text(forecast.expected), forecast.baseline.isoformat(), forecast.audience]
            for record_id, forecast in state.forecasts.items()
        },
        "statuses": {
            name: [one.reported, one.computed, one.behind, one.audience] for name, one in state.statuses.items()
        },
        "computed": {name: astuple(computed) for name, computed in state.computed.items()},
        "over": sorted(state.over),
        "disclosed": state.disclosed,
    }


def _decode(data: dict[str, Any]) -> State:
    as_of = date.fromisoformat(data["as_of"])
    return State(
        commit=data["commit"],
        # Which day a commit is of depends on the time zone that the project has today.
        day=as_of,
        as_of=as_of,
        is_sound=data["is_sound"],
        has_figures=data["has_figures"],
        figures={
            name: PastFigure(value, exact, unit, text, _day(day), *labels)
            for name, (value, exact, unit, text, day, *labels) in data["figures"].items()
        },
        forecasts={
            record_id: Forecast(_day(expected), date.fromisoformat(baseline), audience)
            for record_id, (expected, baseline, audience) in data["forecasts"].items()
        },
        statuses={
            name: Statement(as_of, data["commit"], reported, computed, behind=tuple(behind), audience=audience)
            for name, (reported, computed, behind, audience) in data["statuses"].items()
        },
        computed={
            name: Computed(status, {by: tuple(ids) for by, ids in behind.items()}, audience, is_bettered)
            for name, (status, behind, audience, is_bettered) in data["computed"].items()
        },
        over=frozenset(data["over"]),
        disclosed=tuple((figure, to) for figure, to in data["disclosed"]),
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
