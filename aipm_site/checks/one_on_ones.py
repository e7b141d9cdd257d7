"""One-on-ones: files of a kind that a repository must never hold, by the folder they lie in and the id they bear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipm_site.problems import Place, Problem, error
from aipm_site.project import Project

# domain §5, T-50: whatever stands in git stays in its history, in forks, logs of CI, search indexes and caches.
_NAME = re.compile(r"(one[-_ ]?on[-_ ]?ones?|1[-_ ]?on[-_ ]?1s?|o2os?)([-_. ].*)?\Z", re.IGNORECASE | re.ASCII)
_DATA = (".yml", ".yaml", ".csv")


def check_one_on_ones(project: Project) -> Iterator[Problem]:
    """Yield an error for each file that is named as notes of a one-on-one, and for a kind that is declared for them.

    A page of that name beside others may say how one-on-ones are held, and a site without a project is none of ours.
    """
    if not project.is_in_use:
        return
    for path in sorted(project.paths):
        *folders, name = path.removeprefix(f"{project.content}/").split("/")
        if any(map(_NAME.match, [*folders, *([name] if name.endswith(_DATA) else [])])):
            yield _refused(Place(path))
    for kind in project.kinds:
        if kind.declared_at is not None and (_NAME.match(kind.name) or _NAME.match(kind.folder)):
            yield _refused(kind.declared_at.place_of())


def _refused(place: Place) -> Problem:
    message = "one-on-ones are not kept in a repository: its history, forks and logs keep what is taken out later"
    return error("one-on-one", message, place, "take it out; what work came of it is a task or an action")
