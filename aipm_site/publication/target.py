"""The target of a publication: a place whose content is read, arranged anew and exchanged as a whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from msgspec import Struct

from aipm_site.problems import Place, Problem, error
from aipm_site.publication.arrangement import Arrangement, Published

ATTEMPTS = 5


class PublicationRefused(Exception):
    """Nothing was published; the problems say why."""

    def __init__(self, *problems: Problem) -> None:
        """Take what was found."""
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Change(Struct, frozen=True):
    """What a publication does to a site.

    Attributes:
        arrangement: The site as it shall be; None where it stays as it is.
        message: What is changed, in words that follow the verb; a whole sentence where nothing is.
        verb: What is done, as a regular verb: publish, purge, name, remove.
        version: The version that shows what was to be published; None where something is taken away.
        forgets: Whether what is gone must be gone from the history too.
    """

    arrangement: Arrangement | None
    message: str
    verb: str = "publish"
    version: str | None = None
    forgets: bool = False

    @property
    def done(self) -> str:
        """What was done, in words."""
        return f"{self.verb}{'d' if self.verb.endswith('e') else 'ed'} {self.message}"


class Target(Protocol):
    """A folder or a branch."""

    def opened(self) -> AbstractContextManager[Published]:
        """Give the site as it is now."""

    def write(self, published: Published, change: Change) -> bool:
        """Put the new site in the place of the one that was given; False where that is not there any more."""

    @property
    def name(self) -> str:
        """What people call it."""

    def where(self) -> str:
        """Say where the site is, in words for the last line."""


def publish_to(target: Target, make: Callable[[Published], Change]) -> Change:
    """Change a published site: old or new, never mixed; where another run was first, on top of what it made.

    Args:
        target: The place.
        make: Makes the change from the site as it is; called again when the site moved meanwhile.

    Raises:
        PublicationRefused: The site moved each time.
    """
    for _ in range(ATTEMPTS):
        with target.opened() as published:
            change = make(published)
            if change.arrangement is None or target.write(published, change):
                return change
    message = f"other runs published to '{target.name}' at the same time, {ATTEMPTS} times before this one"
    raise PublicationRefused(error("branch-moved", message, Place(target.name), "publish again; nothing was lost"))
