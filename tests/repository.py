"""A repository of a project whose history a test writes: one commit a day, at noon in Chicago."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from aipm_site.readers.git import common_folder, main_line, shallow_boundary
from aipm_site.readers.main_line import MainLine
from aipm_site.readers.project_moves import Whereabouts
from tests.sample import write

FIRST_DAY = datetime(2026, 4, 1, 12, 0, tzinfo=timezone(timedelta(hours=-5)))


class History:
    """A project in git; nothing of this machine's settings has a part in it."""

    def __init__(self, root: Path) -> None:
        """Make an empty repository in a folder."""
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, when: datetime = FIRST_DAY, at: Path | None = None) -> str:
        """Run git, by default in the repository, and return what it prints."""
        who = {
            f"GIT_{role}_{what}": "writer@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": "2020-01-01T00:00:00+00:00",
            "GIT_COMMITTER_DATE": when.isoformat(),
            **who,
        }
        run = subprocess.run(
            ["git", *arguments], cwd=at or self.root, env=environment, capture_output=True, text=True, check=True
        )
        return run.stdout.strip()

    def commit(self, files: Mapping[str, str | bytes | None], *, day: int, hours: float = 0) -> str:
        """Write files (None removes one) and commit everything; return the commit.

        Args:
            files: Contents by path.
            day: How many days after 1 April 2026.
            hours: How many hours after noon.
        """
        write(self.root, {path: data for path, data in files.items() if data is not None})
        for path in (path for path, data in files.items() if data is None):
            (self.root / path).unlink()
        when = FIRST_DAY + timedelta(days=day, hours=hours)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change", when=when)
        return self.git("rev-parse", "HEAD")

    def clone(self, to: Path, *options: str) -> Path:
        """Clone into a folder and return it."""
        self.git("clone", "--quiet", *options, self.root.as_uri(), str(to))
        return to

    def clone_at(self, to: Path, commit: str) -> Path:
        """Clone into a folder, check a commit out there, and return the folder."""
        self.clone(to)
        self.git("checkout", "--quiet", commit, at=to)
        return to


def line_of_folder(root: Path, at: str = "HEAD") -> MainLine:
    """Return the main line of a folder that was always where it is, be there a project in it or not."""
    repository, here = common_folder(root)
    return MainLine(root, main_line(root, at), shallow_boundary(root), repository, Whereabouts(here))
