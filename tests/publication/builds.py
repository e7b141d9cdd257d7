"""Builds without MkDocs: a few pages with a manifest, which is all that publication asks of a site."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

from aipm_site.project import Project
from aipm_site.publication.candidate import Candidate, read_candidate
from aipm_site.publication.manifest import SCHEMA, check_site, hash_files, write_manifest
from aipm_site.publication.publish import NewVersion
from aipm_site.publication.reclassified import Hidden
from aipm_site.publication.root_files import SiteWords
from aipm_site.records.charter import Charter
from aipm_site.records.publishing import Publishing

PAGE = """<!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" href="{up}assets/look.css"></head>
<body><p>{text}</p></body></html>
"""
LOOK = "p { color: navy }\n"


def revision(number: int) -> str:
    """Return the name of an invented commit."""
    return f"{number:040x}"


def build_files(text: str, pages: tuple[str, ...] = ("", "risks/", "risks/RSK-001/")) -> dict[str, str]:
    """Return the files of a small build, each page with the text."""
    files = {f"{page}index.html": PAGE.format(up="../" * page.count("/"), text=text) for page in pages}
    status = '{"overall": {"status": "amber"}}'
    return {
        **files,
        "assets/look.css": LOOK,
        "status.json": status,
        "404.html": "<p>no</p>",
        "feed.xml": f"<a>{text}</a>",
    }


def write_build(
    folder: Path, number: int = 1, day: str = "2026-04-15", files: Mapping[str, str] | None = None, **said: object
) -> Path:
    """Write a build of an invented commit and return its folder; commits follow each other by the hour."""
    for path, text in (files or build_files(f"state {number}")).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    manifest = {
        "schema": SCHEMA,
        "revision": revision(number),
        "uncommitted": False,
        "committed": f"2026-04-{10 + number // 24:02}T{number % 24:02}:00:00+00:00",
        "as_of": day,
        "audience": "internal",
        "publishable": True,
        "versions": {"aipm": "0.1.0"},
    }
    write_manifest(folder, {**manifest, **said, "files": hash_files(folder)})
    return folder


def candidate(folder: Path, audience: str = "internal") -> Candidate:
    """Return a build that may be published."""
    found, problems = read_candidate(folder, audience)
    assert found is not None, problems
    return found


def unrelated(one: str, other: str) -> bool:
    """Know nothing of two revisions, as git does of those that the clone lacks."""
    return False


def new_version(built: Path, name: str | None = None, *aliases: str, **settings: object) -> NewVersion:
    """Return a build on its way to a site whose readers see everything."""
    hidden = Hidden(Project(Charter.empty()), "internal")
    words = SiteWords("Small", "internal", "https://example.org/")
    made = Publishing.model_validate(settings)
    return NewVersion(candidate(built), name, aliases, made, words, hidden, unrelated, "aipm publish --to public")


def git(folder: Path, *arguments: str, **variables: str) -> str:
    """Run git in a folder, with more variables in its environment, and return what it prints."""
    identity = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "init.defaultBranch=main")
    command, environment = ["git", *identity, *arguments], os.environ | variables
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def repository(folder: Path) -> Path:
    """Make a repository with one commit and return it."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    (folder / "README.md").write_text("content\n", encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Begin")
    return folder


def bare(folder: Path) -> Path:
    """Make an empty bare repository and return it."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "--bare")
    return folder


def in_child(work: Callable[..., None], *arguments: object) -> ForkProcess:
    """Start work in a process of its own, with all that is imported here: it begins at once."""
    process = get_context("fork").Process(target=work, args=arguments)
    process.start()
    return process


def is_whole(site: Path) -> bool:
    """Say whether a published site is just what one publication wrote: every file agrees with the site's mark."""
    return check_site(site) == []
