"""The policy's file: content/policy.yml, or another that is named, read to rules that know their places."""

from __future__ import annotations

from aipm_site.problems import Place, Problem, error
from aipm_site.readers.characters import decode_text, replace_forbidden
from aipm_site.readers.strict_yaml import YamlList, YamlMapping, read_yaml

NAME = "policy.yml"
_HINT = "begin each rule with '- when: …' and give it 'then: allow', 'then: warn' or 'then: block'"


def read_policy_file(data: bytes, file: str) -> tuple[list[YamlMapping], list[Problem]]:
    """Return the rules as they are written, and what is wrong with the file.

    Args:
        data: The bytes of the file.
        file: Its path, for the places of problems.
    """
    text, problems = decode_text(data, file)
    if text is None or any(problem.code == "conflict-markers" for problem in problems):
        return [], problems
    found, yaml_problems = read_yaml(replace_forbidden(text) if problems else text, file)
    problems = [*problems, *yaml_problems]
    if not isinstance(found, YamlList):
        if found is not None:
            line, column = (found.line, found.column) if isinstance(found, YamlMapping) else (1, 1)
            message = "a policy is a list of rules, and this is none"
            problems.append(error("not-a-policy", message, Place(file, line, column), _HINT))
        return [], problems
    rules = []
    for rule, place in zip(found, found.places, strict=True):
        if isinstance(rule, YamlMapping):
            rules.append(rule)
        else:
            problems.append(error("not-a-policy", "this is no rule", Place(file, *place), _HINT))
    return rules, problems
