"""The candidate: a build that shall become a version, held to its manifest and to what may be published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from aipm_site.exports import status_json
from aipm_site.exports.status_json import Identity
from aipm_site.problems import Place, Problem, error
from aipm_site.publication.manifest import HINT, MANIFEST, check_site, list_files
from aipm_site.publication.staging import read_regular
from aipm_site.publication.versions import Version

_COMMIT = "commit what shall be published; folders of built sites belong into .gitignore"


class Candidate(Struct, frozen=True):
    """A build that may be published.

    Attributes:
        files: Its files by path, the manifest left out.
        manifest: What build.json says.
    """

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]

    def version(self, name: str | None, assets: str) -> Version:
        """Return it as a version, by its date where no name is given."""
        says = self.manifest
        day = str(says["as_of"])[:10]
        return Version(
            name=name or day,
            as_of=says["as_of"],
            revision=says["revision"],
            committed=says.get("committed"),
            audience=says["audience"],
            status=self._status(),
            assets=assets,
            named=name not in {None, day},
        )

    def _status(self) -> str | None:
        try:
            return str(json.loads(self.files[status_json.PATH])["overall"]["status"] or "") or None
        except (KeyError, ValueError, TypeError):
            return None

    def is_of(self, identity: Identity) -> bool:
        """Say whether it is a site of a project, by the id and name that it shows to its readers."""
        try:
            says = json.loads(self.files[status_json.PATH])["project"]
            project_id, name = says["id"], says["name"]
        except (KeyError, ValueError, TypeError):
            return False
        # Where only one of the two shows its id, the label of the charter changed meanwhile, and that is all.
        if (project_id is None) != (identity.project_id is None):
            return True
        return bool((project_id, name) == (identity.project_id, identity.project_name))


def read_candidate(folder: Path, audience: str) -> tuple[Candidate | None, list[Problem]]:
    """Return a built site, or what forbids to publish it.

    Args:
        folder: The built site.
        audience: For whom it is to be published.
    """
    problems = check_site(folder)
    if problems:
        return None, problems
    manifest = json.loads((folder / MANIFEST).read_bytes())
    problems = list(_refusals(manifest, audience))
    if problems:
        return None, problems
    files = {path: read_regular(folder / path) for path in list_files(folder) if path != MANIFEST}
    # What is published is what was read here, so these bytes are held to the manifest, not those of a moment ago.
    changed = [path for path, data in files.items() if hashlib.sha256(data).hexdigest() != manifest["files"].get(path)]
    if changed:
        return None, [
            error("file-changed", "the file changed while it was read", Place(path), HINT) for path in changed
        ]
    return Candidate(files, manifest), []


def _refusals(manifest: Mapping[str, Any], audience: str) -> Iterator[Problem]:
    place = Place(MANIFEST)
    if not manifest.get("publishable"):
        message = "the build left out what could not be read, or has errors, so it is not for readers"
        yield error("not-publishable", message, place, "mend what `aipm check` lists, and build without --lenient")
    if manifest.get("uncommitted"):
        yield error("uncommitted-changes", "it was built from files that differ from the commit", place, _COMMIT)
    elif not manifest.get("revision"):
        yield error("no-revision", "it was built from files that are in no commit", place, _COMMIT)
    if manifest.get("audience") != audience:
        message = f"the build is for '{manifest.get('audience')}', and it is to be published for '{audience}'"
        yield error("other-audience", message, place, f"build with --audience {audience}, into a folder of its own")


def check_project(candidate: Candidate, identity: Identity, has_revision: bool) -> Iterator[Problem]:
    """Find whether a site that was built elsewhere is one of another project.

    Args:
        candidate: The site.
        identity: What the project's own sites say of it.
        has_revision: Whether the project's repository has the commit of the site, or need not have it.
    """
    place, hint = Place(MANIFEST), "name the folder that `aipm build` wrote for this project"
    if not candidate.is_of(identity):
        message = f"the site that was built is not of this project, '{identity.project_name}'"
        yield error("other-project", message, place, hint)
    elif not has_revision:
        commit = str(candidate.manifest["revision"])[:10]
        message = f"the site was built from commit {commit}, which is not in this repository"
        yield error("other-project", message, place, f"{hint}; or `git fetch`, if the commit is new")
