"""Measures what many published versions weigh on a branch beside one: the sample, one record changed each time."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shutil
import subprocess
import tempfile
from datetime import date, timedelta
from pathlib import Path

from aipm_site.commands.publish import PublishOptions, publish_project

ROOT = Path(__file__).resolve().parent.parent
BRANCH = "gh-pages"
RECORD = "content/raid/risks/RSK-012.yml"
PROJECT = "content/project.yml"


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def pack_kib(remote: Path) -> int:
    """Return the size of a repository's pack after `git gc`, in KiB, as `git count-objects -v` says it."""
    git(remote, "gc", "--quiet", "--prune=now")
    found = re.search(r"^size-pack: (\d+)$", git(remote, "count-objects", "-v"), re.MULTILINE)
    assert found is not None
    return int(found[1])


def publish_versions(folder: Path, count: int, *, daily: bool = False) -> tuple[int, int]:
    """Publish versions of the sample and return the pack of the first and of all, in KiB.

    Args:
        folder: An empty folder to work in.
        count: How many versions.
        daily: Whether each speaks for another day besides, so that ages and what is due change too.
    """
    project, remote = folder / "project", folder / "remote.git"
    shutil.copytree(ROOT / "content", project / "content")
    shutil.copy(ROOT / "mkdocs.yml", project)
    git(folder, "init", "-q", "--bare", str(remote))
    git(project, "init", "-q")
    git(project, "remote", "add", "origin", str(remote))
    first = 0
    for number in range(1, count + 1):
        _change(project, number, daily=daily)
        with contextlib.redirect_stderr(io.StringIO()) as said, contextlib.redirect_stdout(io.StringIO()):
            code = publish_project(project, PublishOptions(branch=BRANCH))
        if code:
            raise SystemExit(said.getvalue())
        first = first or pack_kib(remote)
    return first, pack_kib(remote)


def _change(project: Path, number: int, *, daily: bool) -> None:
    record = project / RECORD
    text = re.sub(r"^(title: .*?)(?: \(look \d+\))?$", rf"\1 (look {number})", record.read_text("utf-8"), flags=re.M)
    record.write_text(text, encoding="utf-8")
    if daily:
        settings = project / PROJECT
        day = date(2026, 4, 15) + timedelta(days=number - 1)
        settings.write_text(re.sub(r"^as_of: .*$", f"as_of: {day}", settings.read_text("utf-8"), flags=re.M), "utf-8")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", f"Change {number}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=100)
    arguments = parser.parse_args()
    for daily in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            one, all_of_them = publish_versions(Path(folder), arguments.versions, daily=daily)
        what = "another day each" if daily else "one record each"
        print(
            f"{arguments.versions} versions, {what}: {all_of_them} KiB, one: {one} KiB, ratio {all_of_them / one:.2f}"
        )


if __name__ == "__main__":
    main()
