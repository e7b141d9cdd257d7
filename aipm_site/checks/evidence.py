"""Evidence: reviews that were overtaken, as a record that was cited changed after them, or may be; warnings."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.facts.facts import Facts
from aipm_site.facts.finding import NAMED_AT_MOST
from aipm_site.facts.freshness import Freshness
from aipm_site.facts.history import DEEPEN
from aipm_site.facts.numbers import listed, plural
from aipm_site.problems import Place, Problem, Related, warning

_HINT = "look at it again in the light of that, then set reviewed_on; the day alone is no review"


def check_evidence(facts: Facts) -> Iterator[Problem]:
    """Yield a warning for each open record and each page that was reviewed before something it cites changed.

    Where the clone lacks the commits that would tell, one warning says so of all.
    """
    for record_id, age in facts.freshness.items():
        if age.is_overtaken:
            place = facts.project.records[record_id].origin.place_of(("reviewed_on",))
            yield _overtaken(facts, record_id, age, place)
    for page in facts.project.pages:
        if page.path in facts.overtaken_pages and page.meta:
            place = Place(page.path, *page.meta.value_places["reviewed_on"])
            yield _overtaken(facts, "this page", facts.overtaken_pages[page.path], place)
    if facts.cut_off_reviews:
        count = plural(len(facts.cut_off_reviews), "review still holds", "reviews still hold")
        message = f"whether {count} is not known, as the history of this clone does not reach back so far"
        yield warning("history-cut-off", message, Place(_file_of_settings(facts)), DEEPEN)


def _file_of_settings(facts: Facts) -> str:
    """Return the file that speaks for all reviews, which is the first reviewed one where there are no settings."""
    project = facts.project
    if project.has_charter:
        return project.charter.place.file
    return min(project.records[key].place.file if key in project.records else key for key in facts.cut_off_reviews)


def _overtaken(facts: Facts, what: str, age: Freshness, place: Place) -> Problem:
    named = listed([change.record_id for change in age.overtaken_by], NAMED_AT_MOST)
    message = f"{what} was reviewed on {age.reviewed_on}, before {named} changed"
    related = [
        Related(facts.project.records[change.record_id].place, f"{change.record_id} changed on {change.on}")
        for change in age.overtaken_by
    ]
    return warning("review-overtaken", message, place, _HINT, related)
