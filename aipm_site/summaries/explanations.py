"""Explanations: what a kind, a problem code or a figure is, as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from aipm_site.facts.figure import AnyFigure, Figure
from aipm_site.records.kind import Kind
from aipm_site.records.shape import shape_of
from aipm_site.summaries.plain_text import render_text

_SECTION = re.compile(r"^## (\S+)\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@cache
def known_codes() -> Mapping[str, str]:
    """Return why each problem code exists and how to mend it, by code: the sections of templates/problems.md."""
    text = (files("aipm_site") / "templates" / "problems.md").read_text(encoding="utf-8")
    return {code: body.strip() for code, body in _SECTION.findall(text)}


def explain_code(code: str) -> str:
    """Return why a problem code exists."""
    return f"{code}\n\n{known_codes()[code]}\n"


def explain_kind(kind: Kind) -> str:
    """Return a kind's fields, in the order of its declaration."""
    fields = tuple(shape_of(kind.model).values())
    return render_text("kind.txt", kind=kind, fields=fields, width=max(len(field.name) for field in fields))


def explain_figure(figure: AnyFigure) -> str:
    """Return how a figure was computed and from which records, or why it is unknown."""
    return render_text("figure.txt", figure=figure, is_known=isinstance(figure, Figure))
