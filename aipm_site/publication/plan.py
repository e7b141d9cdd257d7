"""The plan of a site: everything that a build writes, as values, decided before the old site is touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from markdown import Extension
from msgspec import Struct, field

from aipm_site.exports.site_file import SiteFile
from aipm_site.pages.addresses import DATA, EXECUTIVE, FIGURES, HOME, MISSING, PROBLEMS, STATUS, register_of
from aipm_site.pages.page import Page
from aipm_site.problems import Problem
from aipm_site.records import KINDS


class StagedFile(Struct, frozen=True):
    """An ordinary page or attachment that the audience of the build may see.

    Attributes:
        path: Where it lies in the staging folder, relative to MkDocs' `docs_dir`.
        source: Its bytes, or the regular file that holds them.
        origin: The file as problems name it, such as "content/wiki/start.md".
        audience: Its label.
    """

    path: str
    source: bytes | Path
    origin: str
    audience: str


class BuildInfo(Struct, frozen=True):
    """What a site is made of, for the manifest.

    Attributes:
        revision: The commit, None without git.
        uncommitted: Whether the content differs from that commit.
        as_of: The day or moment that the site speaks for.
        versions: Tool name to version.
        source_date_epoch: The moment that stands for "now" in everything that wants a time.
        publishable: Whether `aipm publish` may take the site: not, where bad records were left out.
        committed: When the revision was committed, as a moment with offset; None without git.
    """

    revision: str | None
    uncommitted: bool
    as_of: str
    versions: Mapping[str, str] = field(default_factory=dict)
    source_date_epoch: int = 0
    publishable: bool = True
    committed: str | None = None


_REGISTERS = {register_of(kind) for kind in KINDS}
ADDRESSES_OF_ALL_PROJECTS = tuple(sorted(_REGISTERS | {HOME, STATUS, FIGURES, EXECUTIVE, MISSING, DATA, PROBLEMS}))


class SitePlan(Struct, frozen=True):
    """Everything that a build writes.

    Attributes:
        pages: Generated pages; those with `in_nav` become pages of MkDocs, the others are written in the theme's frame.
        files: Generated files, assets of ours among them.
        staged: Ordinary pages and attachments.
        extensions: Markdown extensions for the ordinary pages.
        strict_pages: Whether what is wrong in ordinary pages is an error (`pages: strict`).
        audience: For whom the site is built.
        audience_order: All audiences, from the most open to the most restricted.
        build: What the site is made of.
        counts: What the manifest counts, such as records by kind.
        record_addresses: Where each record must be found: its page, or its anchor in a register.
        problems: Warnings about the content; errors do not get here but in a lenient build.
        notice: What ordinary pages say above their text, in a lenient build.
        page_notes: What stands above the text of single ordinary pages, by their path in `docs_dir`.
        known_addresses: Pages that `nav` may name although this build does not have them, such as the register of a
            kind that nobody uses yet.
        record_files: The address of the record in each file that holds one alone, by its path in `docs_dir`: what a
            link of an ordinary page to that file means.
    """

    pages: tuple[Page, ...]
    files: tuple[SiteFile, ...]
    staged: tuple[StagedFile, ...]
    audience: str
    audience_order: tuple[str, ...]
    build: BuildInfo
    extensions: tuple[Extension, ...] = ()
    strict_pages: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    record_addresses: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    page_notes: Mapping[str, str] = field(default_factory=dict)
    known_addresses: tuple[str, ...] = ADDRESSES_OF_ALL_PROJECTS
    record_files: Mapping[str, str] = field(default_factory=dict)


class PlanOptions(Struct, frozen=True):
    """What the command line or mkdocs.yml asks for.

    Attributes:
        audience: For whom; None is the project's default audience.
        as_of: The day or moment to speak for, as written; None asks the project, then git, then the clock.
        lenient: Whether bad records are left out and listed instead of stopping the build.
    """

    audience: str | None = None
    as_of: str | None = None
    lenient: bool = False


Planner = Callable[[Path, Path, PlanOptions], SitePlan]
"""Makes the plan from the project's root, MkDocs' `docs_dir` and the options; raises `ContentRefused`."""


class ContentRefused(Exception):
    """The content has errors, so nothing is written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take all that was found, warnings too."""
        super().__init__(f"{len(problems)} problems in content")
        self.problems = tuple(problems)
