"""The manifest: build.json says what a site was made of and names every file with its hash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from aipm_site.problems import Place, Problem, error
from aipm_site.publication.plan import SitePlan

MANIFEST = "build.json"
SCHEMA = "aipm/build-1"
PUBLISHED_SCHEMA = "aipm/published-1"
"""Of the folder that holds published versions: it is ours too, and no build may take its place."""
_DRAFT = f"{MANIFEST}.new"
HINT = "build the site anew with `aipm build`"
_PUBLISHED_HINT = "take the site from its last backup, or purge the version and publish it again"


def hash_files(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder by its path, the manifest left out.

    Args:
        folder: The folder of the site.
        known: Hashes of files that were written a moment ago, so that thousands are not read back for it.
    """
    paths = [path for path in list_files(folder) if path != MANIFEST]
    hashes = known or {}
    return {path: hashes.get(path) or _hash(folder, path) for path in paths}


def list_files(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, sorted; links count as files and are not followed."""
    return sorted(_files_below(os.fspath(folder), ""))


def _files_below(folder: str, prefix: str) -> Iterator[str]:
    # A folder that cannot be read has no files, so what is missing from it is told by name.
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files_below(entry.path, f"{prefix}{entry.name}/")
            else:
                yield f"{prefix}{entry.name}"


def _hash(folder: Path, path: str) -> str:
    with open(os.path.join(folder, path), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def manifest_of(plan: SitePlan, hashes: Mapping[str, str], *, publishable: bool) -> dict[str, Any]:
    """Return the manifest as data; it knows no clock, so the same commit gives the same bytes."""
    return {
        "schema": SCHEMA,
        "revision": plan.build.revision,
        "uncommitted": plan.build.uncommitted,
        "committed": plan.build.committed,
        "as_of": plan.build.as_of,
        "audience": plan.audience,
        "publishable": publishable and plan.build.publishable,
        "versions": dict(plan.build.versions),
        "counts": dict(plan.counts),
        "anchors": _anchors(plan.record_addresses),
        "files": dict(hashes),
    }


def _anchors(addresses: Iterable[str]) -> dict[str, list[str]]:
    """Return the anchors of rows by the file of their register."""
    anchors: dict[str, list[str]] = {}
    for address in sorted(addresses):
        path, _, anchor = address.partition("#")
        if anchor:
            anchors.setdefault(f"{path}index.html", []).append(anchor)
    return anchors


def write_manifest(folder: Path, data: Mapping[str, Any]) -> None:
    """Write the manifest into a built site, whole or not at all: it is also the mark of our folders."""
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    draft = folder / _DRAFT
    draft.write_text(f"{text}\n", encoding="utf-8")
    os.replace(draft, folder / MANIFEST)


def mark_unfinished(folder: Path) -> None:
    """Write a manifest that says: ours, and not done. It names no file, so no check and no publication takes it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(folder, {"schema": SCHEMA, "publishable": False, "files": {}})


def is_ours(folder: Path) -> bool:
    """Say whether a folder bears our marker, so that it may be replaced."""
    return isinstance(_read(folder), dict)


def holds_versions(folder: Path) -> bool:
    """Say whether a folder holds published versions, which no build may replace."""
    return (_read(folder) or {}).get("schema") == PUBLISHED_SCHEMA


def remove_ours(folder: Path) -> None:
    """Remove a folder that bears our mark; the mark goes last, so that a removal that was cut short can be taken up.

    A folder that holds nothing else is one whose build or removal had only begun or was nearly done.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    if not is_ours(folder) and not set(os.listdir(folder)) <= {MANIFEST, _DRAFT}:
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != MANIFEST:
            path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path) -> dict[str, Any] | None:
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and data.get("schema") in {SCHEMA, PUBLISHED_SCHEMA} else None


def check_site(folder: Path) -> list[Problem]:
    """Return what differs between a built folder and its manifest; without a manifest it is not a site of ours."""
    manifest = _read(folder)
    if manifest is None:
        message = f"there is no manifest of a build, '{MANIFEST}', in it"
        # Zensical builds the same mkdocs.yml, ignores every plugin it does not know, and exits with 0.
        hint = "a builder that does not run plugins makes a site without its status; " + HINT
        return [error("no-manifest", message, Place(str(folder)), hint)]
    if manifest.get("schema") == PUBLISHED_SCHEMA:
        return list(_published_differences(folder, manifest))
    if "audience" not in manifest:
        return [error("unfinished-build", "the build of this site was not finished", Place(MANIFEST), HINT)]
    return list(_differences(folder, manifest))


def _differences(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    listed = manifest.get("files")
    files: dict[str, Any] = listed if isinstance(listed, dict) else {}
    there = set(list_files(folder)) - {MANIFEST}
    for path in sorted(files.keys() - there):
        yield error("file-missing", "the manifest lists this file, and it is not there", Place(path), HINT)
    for path in sorted(there - files.keys()):
        yield error("file-not-listed", "the manifest does not list this file", Place(path), HINT)
    for path in sorted(there & files.keys()):
        if (folder / path).is_symlink() or _hash(folder, path) != files[path]:
            yield error("file-changed", "the file differs from what was built", Place(path), HINT)
    yield from _missing_anchors(folder, manifest.get("anchors"), there)


def _published_differences(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what differs in a folder of published versions: each file that its mark names, and in each version."""
    files = manifest["files"]
    for path in sorted(files):
        if not (folder / path).is_file():
            yield error(
                "file-missing", "the manifest lists this file, and it is not there", Place(path), _PUBLISHED_HINT
            )
        elif (folder / path).is_symlink() or _hash(folder, path) != files[path]:
            yield error("file-changed", "the file differs from what was published", Place(path), _PUBLISHED_HINT)
        elif path.endswith(f"/{MANIFEST}"):
            version = path.removesuffix(f"/{MANIFEST}")
            for problem in check_site(folder / version):
                place = replace(problem.place, file=f"{version}/{problem.place.file}")
                yield replace(problem, place=place, hint=_PUBLISHED_HINT)


def _missing_anchors(folder: Path, anchors: object, there: set[str]) -> Iterator[Problem]:
    for path, names in sorted(anchors.items()) if isinstance(anchors, dict) else ():
        if path not in there:
            continue
        tree = LexborHTMLParser((folder / path).read_text(encoding="utf-8"))
        ids = {node.attributes.get("id") for node in tree.css("[id]")}
        for name in sorted(set(names) - ids):
            yield error("anchor-missing", f"there is no anchor '{name}'", Place(path), HINT)
