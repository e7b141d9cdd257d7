"""Rules of a policy: from the bytes of its file to typed rules, or to all that is wrong with them."""

from __future__ import annotations

import re

from msgspec import Struct

from aipm_site.problems import Problem, did_you_mean, error, has_errors
from aipm_site.readers.policy_file import read_policy_file
from aipm_site.readers.yaml_data import YamlMapping
from aipm_site.records.decode import decode_group, problem_of
from aipm_site.records.kind import Kinds
from aipm_site.records.policy import CONDITIONS, Policy, Rule, rule_breaches
from aipm_site.records.record import Origin


class RuleForm(Struct, frozen=True):
    """What a rule is called in messages, and the class of its fields."""

    name: str = "policy"
    model: type[Rule] = Rule


def read_policy(data: bytes, file: str, kinds: Kinds) -> tuple[Policy, list[Problem]]:
    """Return a policy and what is wrong with it; where anything is, it is not sound and has no rules.

    Args:
        data: The bytes of the file.
        file: Its path, for the places of problems.
        kinds: The kinds that its rules may name.
    """
    written, problems = read_policy_file(data, file)
    rules = []
    for one in written:
        rule, found = _decode_rule(one, file, kinds)
        problems += found
        if rule is not None:
            rules.append(rule)
    if has_errors(problems):
        return Policy((), file, (), is_sound=False), problems
    return Policy(tuple(rules), file, tuple(one.line for one in written)), problems


def _decode_rule(written: YamlMapping, file: str, kinds: Kinds) -> tuple[Rule | None, list[Problem]]:
    origin = Origin(file, written.line, written.column, written)
    rule, found = decode_group(RuleForm(), written, origin)
    problems = [_of_condition(problem) for problem in found]
    if rule is not None:
        problems += [problem_of(breach, origin) for breach in rule_breaches(rule, kinds)]
    return rule, problems


def _of_condition(problem: Problem) -> Problem:
    """Return a problem about an unknown field in the words of a policy, where the field is a condition."""
    found = re.fullmatch(r"'(?:when|unless)' has no field '(.*)'", problem.message)
    if problem.code != "unknown-field" or found is None:
        return problem
    hint = did_you_mean(found[1], CONDITIONS, "`aipm explain policy` lists the conditions")
    return error("unknown-condition", f"there is no condition '{found[1]}'", problem.place, hint)
