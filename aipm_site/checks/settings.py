"""Settings: what project.yml says of the status that has no effect."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.checks.views import may_be_figure
from aipm_site.facts.facts import Facts
from aipm_site.problems import Problem, did_you_mean, error, warning


def check_settings(facts: Facts) -> Iterator[Problem]:
    """Yield disclosures of figures that do not exist, and judgements of dimensions that are not listed."""
    charter = facts.project.charter
    for index, disclosure in enumerate(charter.disclose):
        if not _names_a_figure(disclosure.figure, facts):
            place = charter.origin.place_of(("disclose", index, "figure"))
            hint = did_you_mean(disclosure.figure, facts.figures, "the page of figures lists them all")
            yield error("unknown-figure", f"there is no figure '{disclosure.figure}' to disclose", place, hint)
    for index, judgement in enumerate(charter.judgement):
        if judgement.dimension not in charter.dimensions:
            place = charter.origin.place_of(("judgement", index, "dimension"))
            message = f"{judgement.dimension} is judged, and the project does not answer for it"
            hint = f"add {judgement.dimension} to `dimensions`, or take the judgement out"
            yield warning("judgement-without-effect", message, place, hint)


def _names_a_figure(name: str, facts: Facts) -> bool:
    if not name.endswith(".*"):
        return may_be_figure(name, facts.figures)
    family = name.removesuffix("*")
    return any(figure.startswith(family) for figure in facts.figures) or may_be_figure(f"{family}any", facts.figures)
