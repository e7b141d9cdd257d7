"""A report of a change as a stranger might make it up: right in its form, with a text of theirs wherever one may stand."""

from __future__ import annotations

from typing import Any


def made_up_of(data: dict[str, Any], text: str) -> dict[str, Any]:
    """Return a report of aipm/changes-1 with a text in every place for texts."""
    record = {"id": text, "kind": text, "plural": text, "title": text, "status": text, "file": text, "line": 1}
    reason = {"rule": text, "text": text, "sources": []}
    ruling = {"rule": text, "number": 1, "line": 1, "verdict": "warn", "text": text}
    ruling |= {"evidence": text, "because": text, "excuse": text}
    changed = record | {"fields": [{"field": text, "before": text, "after": {text: [text]}}]}
    figure = dict.fromkeys(("name", "unit", "before", "after", "before_text", "after_text", "change"), text)
    taken = {"title": text, "file": text, "line": 1, "column": 1}
    return data | {
        "audience": text,
        "policy": [ruling],
        "policy_unread": text,
        "status": {"before": "red", "after": "green", "better": True, "reasons": [reason]},
        "dimensions": [{"name": "risk", "before": "red", "after": "green", "better": True, "reasons": [reason]}],
        "records": {"added": [record], "removed": [record | {"open": True}], "closed": [changed], "changed": [changed]}
        | {"added_or_unread": [record], "removed_or_unread": [record]},
        "figures": [figure | {"better": True, "forecast": forecast} for forecast in (True, False)],
        "gates": [
            {"id": text, "title": text, "before": "go", "after": "no-go", "better": False}
            | {"criteria": {"before": text, "after": text}}
        ],
        "id_collisions": [{"id": text, "base": taken, "head": taken}],
        "errors": [{"file": text, "line": 1, "code": text, "message": text}],
        "rewritten_reports": [{"id": text, "title": text, "file": text, "line": 1, "parts": [text]}],
        "reclassified": [{"id": text, "before": text, "after": text, "narrower": True}],
        "owner_review": [{"file": text, "change": "changed"}],
    }
