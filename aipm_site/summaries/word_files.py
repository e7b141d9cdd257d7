"""Word files: the words in aipm_site/templates that Python chooses among, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from aipm_site.problems import format_text
from aipm_site.readers.strict_yaml import YamlMapping, read_yaml


@cache
def words_in(file: str) -> Mapping[str, Any]:
    """Return the words of a file in aipm_site/templates, in the order in which it lists them.

    Raises:
        RuntimeError: It is no right YAML, which is a fault of ours.
    """
    text = (files("aipm_site") / "templates" / file).read_text(encoding="utf-8")
    data, problems = read_yaml(text, file)
    if problems or not isinstance(data, YamlMapping):
        raise RuntimeError(format_text(problems))
    return dict(data)
