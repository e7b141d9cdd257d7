"""Identity: a project that publishes and has nothing that tells it from others; a piece of information."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.problems import Problem, information
from aipm_site.project import Project

_HINT = "add `uuid:` with what `uuidgen` prints, once; it stays whatever the project is called later"


def check_identity(project: Project, site_url: str) -> Iterator[Problem]:
    """Yield that entries of feeds and calendars may bear the names of another project's, where somebody may read both.

    Args:
        project: The project.
        site_url: The address of its site in mkdocs.yml; "" where it is not given.
    """
    charter = project.charter
    if not project.has_charter or charter.uuid is not None or not (site_url or charter.publish):
        return
    message = f"feeds and calendars know the project by its id, {charter.id}, which others may have too"
    yield information("no-uuid", message, charter.origin.place_of(("id",)), _HINT)
