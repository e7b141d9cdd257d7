"""Reasons: the sentence for a finding, from aipm_site/templates/reasons.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

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
        input: What an input is called that the rule misses; empty for other rules.
        rank: Its place among all rules; the lower, the more it asks of the reader.
    """

    rule: str
    text: str
    why: str
    headline: str
    input: str
    rank: int


@cache
def reasons() -> Mapping[str, Reason]:
    """Return the words of every rule."""
    return {rule: _reason(rule, words, rank) for rank, (rule, words) in enumerate(words_in("reasons.yml").items())}


def _reason(rule: str, words: Mapping[str, str], rank: int) -> Reason:
    return Reason(rule, words["text"], words["why"], words.get("headline", ""), words.get("input", ""), rank)


def reason_text(finding: Finding) -> str:
    """Return the sentence for a finding."""
    return reasons()[finding.rule].text.format_map(finding.words)


def why(finding: Finding) -> str:
    """Return why the rule behind a finding exists."""
    return reasons()[finding.rule].why


def input_text(finding: Finding) -> str:
    """Return what the input is called that a finding misses, to stand inside a sentence."""
    text = reasons()[finding.rule].input.format_map(finding.words)
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
