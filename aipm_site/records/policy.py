"""Policy: what a project allows a change to do; a list of {when, then, unless} with a closed vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from msgspec import Struct
from pydantic import model_validator

from aipm_site.problems import did_you_mean
from aipm_site.records.charter import DimensionName
from aipm_site.records.fields import Count, Line, Ratio, Reader, refuse
from aipm_site.records.kind import Breach, Kinds
from aipm_site.records.record import Part, needed, optional
from aipm_site.records.shape import shape_of

Verdict = Literal["allow", "warn", "block"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
ANY = "any"
DIMENSIONS: tuple[str, ...] = get_args(DimensionName)


def _read_names(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not items or not all(isinstance(item, str) and item.strip() for item in items):
        raise refuse("wrong-type", "a name, or a list of names, is wanted here", "write a name, a list, or 'any'")
    return tuple(item.strip() for item in items)


def _read_flag(value: object) -> bool:
    if value in ("true", ANY):
        return True
    raise refuse("wrong-type", "'true' is wanted here", "leave the condition out where it does not count")


_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
Names = Annotated[tuple[str, ...], Reader(_read_names, "a name, a list of names, or any", _NAMES)]
Flag = Annotated[bool, Reader(_read_flag, "true", {"const": True})]
Score = Count
Word = Literal["green", "amber", "red", "not_fully_reported"]


class Conditions(Part):
    """What a change does. A bare word, or a list of words, stands for conditions that ask for nothing more."""

    overall_worse: Flag | None = optional("the overall status is worse than before")
    overall_becomes: Word | None = optional("the overall status was another and is this one now")
    dimension_worse: Names | None = optional("one of these dimensions is worse than before")
    dimension_dropped: Names | None = optional("one of these dimensions is no longer on the list of project.yml")
    gate_worse: Names | None = optional("the verdict of one of these gates, by id, is worse than before")
    figure_worse: Names | None = optional("one of these figures is worse; a name may end in .*")
    figure_changed: Names | None = optional("one of these figures has another value; a name may end in .*")
    finish_later_days: Count | None = optional(
        "the forecast finish (P80, else P50, else the forecast of the last milestone) is later by more calendar days"
    )
    estimate_up: Ratio | None = optional("the estimate at completion rises by more than this share, such as 0.02")
    risk_score_from: Score | None = optional("an open risk is new with this score or more, or rose to it")
    record_added: Names | None = optional("a record of one of these kinds, or with one of these ids, is added")
    record_changed: Names | None = optional("such a record is changed")
    record_closed: Names | None = optional("such a record is closed or withdrawn")
    record_removed: Names | None = optional("such a record is removed")
    removed_while_open: Names | None = optional("such a record is removed while it still asks for something")
    report_rewritten: Names | None = optional("an issued report, or one of these by id, tells otherwise than it told")
    decision_accepted: Names | None = optional("a decision, or one of these by id, becomes accepted")
    id_taken_twice: Flag | None = optional("two branches took the same id for different records")
    audience_wider: Flag | None = optional("a record or page is for more readers than before")
    audience_narrower: Flag | None = optional("a record or page is for fewer readers than before")
    template_changed: Flag | None = optional("a report template of content/reports/ is added, changed or removed")
    policy_changed: Flag | None = optional("content/policy.yml itself has other rules than before")
    more_errors: Flag | None = optional("there are more errors than before")
    more_warnings: Flag | None = optional("there are more warnings than before")

    @model_validator(mode="before")
    @classmethod
    def _long_form(cls, value: object) -> object:
        words = [value] if isinstance(value, str) else value
        is_words = isinstance(words, list) and all(isinstance(word, str) for word in words)
        return dict.fromkeys(words, ANY) if isinstance(words, list) and is_words else value

    def given(self) -> Mapping[str, Any]:
        """Return the conditions that are given, by name, in the order of the vocabulary."""
        return {name: value for name in CONDITIONS if (value := getattr(self, name)) is not None}


CONDITIONS: Mapping[str, str] = {name: field.description for name, field in shape_of(Conditions).items()}


class Rule(Part):
    """One rule: what follows where a change does something."""

    when: Conditions = needed("what the change does; all of these together")
    then: Verdict = needed("allow (it is only told), warn (it is told first) or block (exit code 1)")
    unless: Conditions | None = optional("what excuses it: any one of these")
    because: Line | None = optional("why, for whoever meets the rule")


class Policy(Struct, frozen=True):
    """The rules of a project, in their order.

    Attributes:
        rules: The rules.
        file: Where they are written.
        lines: The line of each rule.
        is_sound: Whether all of them could be read; else nobody knows what is allowed.
    """

    rules: tuple[Rule, ...]
    file: str
    lines: tuple[int, ...]
    is_sound: bool = True


def rule_breaches(rule: Rule, kinds: Kinds) -> Iterator[Breach]:
    """Yield what can never hold: no condition at all, and names that nothing can have."""
    for part, conditions in (("when", rule.when), ("unless", rule.unless)):
        if conditions is None:
            continue
        given = conditions.given()
        if not given:
            hint = f"conditions are {', '.join(CONDITIONS)}"
            yield Breach("missing-field", f"'{part}' names no condition", (part,), hint)
        for name, value in given.items():
            for word in value if isinstance(value, tuple) else ():
                yield from _name_breaches((part, name), word, kinds)


def _name_breaches(path: tuple[str, str], word: str, kinds: Kinds) -> Iterator[Breach]:
    _, condition = path
    known = _known_names(condition, kinds)
    if word == ANY or known is None or word in known or (condition not in _OF_DIMENSIONS and kinds.of_id(word)):
        return
    otherwise = f"write one of {', '.join(known)}, or any" if known else "write an id, or any"
    yield Breach("unknown-name", f"{condition}: nothing is called '{word}'", path, did_you_mean(word, known, otherwise))


_OF_DIMENSIONS = frozenset({"dimension_worse", "dimension_dropped"})
FIGURES = frozenset({"figure_worse", "figure_changed"})
RECORDS = frozenset(
    {
        *("gate_worse", "report_rewritten", "decision_accepted"),
        *("record_changed", "record_closed", "record_removed", "removed_while_open"),
    }
)


def _known_names(condition: str, kinds: Kinds) -> tuple[str, ...] | None:
    """Return the words that a condition takes besides ids; None where any word may be a name."""
    if condition in _OF_DIMENSIONS:
        return DIMENSIONS
    if condition in FIGURES:
        return None
    return tuple(kind.name for kind in kinds) if condition.startswith(("record_", "removed_")) else ()
