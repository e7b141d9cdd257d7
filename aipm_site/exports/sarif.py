"""SARIF: problems in the form that code scanning services read, OASIS SARIF 2.1.0 with what GitHub asks for."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from aipm_site import __version__
from aipm_site.problems import Place, Problem, Severity, sort_problems
from aipm_site.summaries.explanations import known_codes

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "aipmProblem/v1"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "information": "note"}

Data = dict[str, Any]


def format_sarif(problems: Iterable[Problem]) -> str:
    """Return all problems as one SARIF run, sorted by place; the same problems give the same text."""
    ordered = sort_problems(problems)
    codes = sorted({problem.code for problem in ordered})
    run = {
        "tool": {
            "driver": {"name": "aipm", "semanticVersion": __version__, "rules": [_rule(code) for code in codes]},
        },
        # Our columns count characters; the other unit counts some of them twice.
        "columnKind": "unicodeCodePoints",
        "results": list(_results(ordered, codes)),
    }
    log = {"$schema": SCHEMA, "version": VERSION, "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2, sort_keys=True)


def _rule(code: str) -> Data:
    explained = known_codes().get(code, code).strip()
    paragraph = " ".join(explained.partition("\n\n")[0].split())
    return {
        "id": code,
        "shortDescription": {"text": _plain(re.split(r"(?<=[.!?]) ", paragraph)[0])},
        "fullDescription": {"text": _plain(paragraph)},
        "help": {"text": explained, "markdown": explained},
    }


def _plain(markdown: str) -> str:
    return markdown.replace("`", "")


def _results(problems: Sequence[Problem], codes: Sequence[str]) -> Iterable[Data]:
    seen: Counter[str] = Counter()
    for problem in problems:
        fingerprint = _fingerprint_of(problem)
        seen[fingerprint] += 1
        result = {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": _LEVELS[problem.severity],
            "message": {"text": _message(problem.message, problem.hint)},
            "locations": [{"physicalLocation": _location(problem.place)}],
            "partialFingerprints": {FINGERPRINT: f"{fingerprint}:{seen[fingerprint]}"},
        }
        if problem.related:
            result["relatedLocations"] = [
                {
                    "id": number,
                    "physicalLocation": _location(related.place),
                    "message": {"text": _text(related.message)},
                }
                for number, related in enumerate(problem.related, start=1)
            ]
        yield result


def _fingerprint_of(problem: Problem) -> str:
    """Return what stays the same of a problem while lines above it come and go."""
    what = "\n".join((problem.code, problem.place.file, problem.message))
    return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _location(place: Place) -> Data:
    # GitHub shows no result without a line, so a file as a whole is shown at its first one.
    region = {"startLine": max(place.line, 1)} | ({"startColumn": place.column} if place.column else {})
    return {"artifactLocation": {"uri": _uri(place.file)}, "region": region}


def _uri(path: str) -> str:
    """Return a relative path as a URI reference: it has no scheme, whatever the file is called."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def _message(message: str, hint: str) -> str:
    return _text(f"{message}\nhint: {hint}" if hint else message)


def _text(text: str) -> str:
    """Return a text for a message, in which SARIF finds neither a placeholder nor a link (§3.11.5, §3.11.6)."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    return whole.replace("{", "{{").replace("}", "}}").replace("](", "\\](")
