"""The sample project in a folder of its own, the command line in this process, and what a reader finds in a site."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser, LexborNode

from aipm_site.cli import main

ROOT = Path(__file__).parents[1]
# What would decide the day in place of the project.
_UNSET: Mapping[str, str | None] = {"AIPM_AS_OF": None, "SOURCE_DATE_EPOCH": None}

# A small project that is right; tests change what they are about.
SETTINGS = """\
site_name: Small
docs_dir: content
theme: {name: material, font: false}
plugins: [search, aipm]
"""
CHARTER = """\
id: PRJ-001
title: Small
tz: UTC
as_of: 2026-04-15
dimensions: [risk]
pages: strict
reviewed_on: 2026-04-15
"""
RISK = """\
id: RSK-001
title: Feed B changes its units
probability: 2
impact: 2
reviewed_on: 2026-04-14
"""
SMALL: Mapping[str, str] = {
    "mkdocs.yml": SETTINGS,
    "content/project.yml": CHARTER,
    "content/index.md": "# Home\n\n```aipm\nhome\n```\n",
    "content/wiki/start.md": "# Start\n\nSee [[RSK-001]].\n",
    "content/risks/RSK-001.yml": RISK,
}


@dataclass(frozen=True)
class Outcome:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def aipm(root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Outcome:
    """Run the command line on a project, in this process: a build costs a tenth of what a new process does."""
    found = CliRunner().invoke(main, ["-C", str(root), *arguments], env={**_UNSET, **(environment or {})})
    return Outcome(found.exit_code, found.stdout, found.stderr)


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder and return the folder."""
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return root


def copy_sample(folder: Path) -> Path:
    """Copy the sample project without its history into a new folder and return it."""
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file, so that a test notices when the sample no longer says it."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} does not say {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def build(root: Path, *arguments: str, site: str = "site") -> Site:
    """Build a project's site and return it; errors are none."""
    outcome = aipm(root, "build", "--site", str(root / site), *arguments)
    assert outcome.code == 0, "\n".join(line for line in outcome.err.splitlines() if "error[" in line) or outcome.err
    return Site(root / site)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def words(text: str) -> str:
    """Return text with single plain spaces."""
    return " ".join(text.replace("\u00ad", "").split())


@dataclass(frozen=True)
class Site:
    """A built site as readers and machines find it."""

    folder: Path

    def html(self, address: str = "") -> str:
        """Return the page at an address."""
        return (self.folder / address / "index.html").read_text(encoding="utf-8")

    def has(self, address: str) -> bool:
        """Say whether there is a page at an address."""
        return (self.folder / address / "index.html").is_file()

    def page(self, address: str = "") -> LexborHTMLParser:
        """Return the page at an address as a document."""
        return LexborHTMLParser(self.html(address))

    def article(self, address: str = "") -> LexborNode:
        """Return what stands in the frame of a page."""
        found = self.page(address).css_first("article")
        assert found is not None, address
        return found

    def text(self, address: str = "") -> str:
        """Return what a reader reads of a page."""
        return words(self.article(address).text(separator="").replace("\n", " "))

    def json(self, name: str) -> dict[str, Any]:
        """Return one of the files for machines."""
        data: dict[str, Any] = json.loads((self.folder / name).read_bytes())
        return data

    @cached_property
    def status(self) -> dict[str, Any]:
        """status.json."""
        return self.json("status.json")

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The figures of status.json."""
        figures: dict[str, Any] = self.status["figures"]
        return figures

    @cached_property
    def records(self) -> dict[str, dict[str, Any]]:
        """The records of records.json by id."""
        return {record["id"]: record for record in self.json("records.json")["records"]}

    def addresses(self) -> list[str]:
        """Return the addresses of all pages, 404.html left out."""
        return [path.parent.relative_to(self.folder).as_posix() for path in sorted(self.folder.rglob("index.html"))]

    def everywhere(self, wanted: Callable[[str], bool] | str) -> list[str]:
        """Return the pages whose text holds a word or answers a question."""
        is_wanted = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        return [address for address in self.addresses() if is_wanted(self.text("" if address == "." else address))]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a clause after a semicolon counts as one."""
    return [sentence for sentence in re.split(r"(?<=[.;:])\s+", text) if sentence.strip()]
