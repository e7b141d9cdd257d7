"""Reasons: the sentence for a finding, from aipm_site/templates/reasons.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from string import Formatter

from msgspec import Struct

from aipm_site.facts.finding import Finding
from aipm_site.summaries.word_files import words_in


class Reason(Struct, frozen=True):
    """The words of one rule.

    Attributes:
        rule: Name of the rule.
        text: The sentence, with {placeholders}.
        why: Why the rule exists.
        headline: The same in a clause without numbers; empty where it never leads a report.
        input: What an input is called that the rule misses, with {placeholders}; empty for other rules.
        is_plural: Whether that is a plural.
        rank: Its place among all rules; the lower, the more it asks of the reader.
    """

    rule: str
    text: str
    why: str
    headline: str
    input: str
    is_plural: bool
    rank: int


class Input(Struct, frozen=True):
    """An input of the status that is missing or stale.

    Attributes:
        name: What it is called, to stand inside a sentence.
        is_plural: Whether that is a plural.
    """

    name: str
    is_plural: bool


@cache
def reasons() -> Mapping[str, Reason]:
    """Return the words of every rule."""
    return {rule: _reason(rule, words, rank) for rank, (rule, words) in enumerate(words_in("reasons.yml").items())}


def _reason(rule: str, words: Mapping[str, str], rank: int) -> Reason:
    is_plural = words.get("number") == "plural"
    return Reason(rule, words["text"], words["why"], words.get("headline", ""), words.get("input", ""), is_plural, rank)


def reason_text(finding: Finding) -> str:
    """Return the sentence for a finding."""
    return reasons()[finding.rule].text.format_map(finding.words)


def why(finding: Finding) -> str:
    """Return why the rule behind a finding exists."""
    return reasons()[finding.rule].why


def silent_inputs(findings: Iterable[Finding]) -> tuple[Input, ...]:
    """Return the inputs that findings miss, each once; of one that is missing as a whole no part is told beside it."""
    silent = [finding for finding in findings if is_silent(finding)]
    names = {input_text(finding) for finding in silent}
    told = (finding for finding in silent if not (_named_in(finding) & names - {input_text(finding)}))
    inputs = (Input(input_text(finding), reasons()[finding.rule].is_plural) for finding in told)
    return tuple(dict.fromkeys(inputs))


def is_silent(finding: Finding) -> bool:
    """Say whether a finding misses an input that has a name."""
    return finding.status == "not_reported" and bool(reasons()[finding.rule].input)


def input_text(finding: Finding) -> str:
    """Return what the input is called that a finding misses, to stand inside a sentence."""
    return _inside_sentence(reasons()[finding.rule].input.format_map(finding.words))


def _named_in(finding: Finding) -> set[str]:
    """Return what the name of an input names: RSK-002, of "the next review of RSK-002"."""
    fields = (field for _, field, _, _ in Formatter().parse(reasons()[finding.rule].input) if field)
    return {_inside_sentence(finding.words[field]) for field in fields}


def _inside_sentence(text: str) -> str:
    is_word = len(text) > 1 and text[1].islower()
    return text[0].lower() + text[1:] if is_word else text


def leading_clause(findings: Iterable[Finding]) -> str:
    """Return the clause that leads a report: of the most pressing finding that has one; empty without any."""
    leading = [(reasons()[finding.rule], finding) for finding in findings]
    told = [
        (reason.rank, finding.sources, reason.headline, finding.words) for reason, finding in leading if reason.headline
    ]
    if not told:
        return ""
    _, _, headline, words = min(told, key=lambda one: one[:2])
    return headline.format_map(words)
