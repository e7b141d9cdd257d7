"""Labels of fields: what a field is called wherever one is named, from aipm_site/templates/fields.yml."""

from __future__ import annotations

from functools import cache

from aipm_site.summaries.word_files import words_in

# Fields whose keys are names that writers choose; a label of ours would say something else of them.
_KEYS_ARE_NAMES = frozenset({"channels", "custom", "freshness", "parameters", "params", "prefixes"})


@cache
def field_label(name: str) -> str:
    """Return what a field is called: "next_review" is "Next review"."""
    own = words_in("fields.yml").get(name)
    text = name.replace("_", " ").replace(".", ": ")
    return str(own) if own else text[:1].upper() + text[1:]


def path_label(path: str) -> str:
    """Return what a field inside another is called: "criteria.2.waived" is "Criteria 2: waived"."""
    steps = path.split(".")
    end = next((number for number, step in enumerate(steps, 1) if step in _KEYS_ARE_NAMES), len(steps))
    first, *inner = steps[:end]
    label = field_label(first) + "".join(f" {step}" if step.isdigit() else f": {_inside(step)}" for step in inner)
    name = ".".join(steps[end:])
    return f"{label}: {name}" if name else label


def _inside(step: str) -> str:
    """Return the label of a field as it goes on after a colon; an abbreviation keeps its capitals."""
    label = field_label(step)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
