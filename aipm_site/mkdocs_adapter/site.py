"""The whole way of `aipm build`: settings, lock, plan, MkDocs, gate, manifest, swap; or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mkdocs.commands.build import build as run_mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError
from msgspec import Struct

from aipm_site.mkdocs_adapter.plugin import AipmPlugin
from aipm_site.mkdocs_adapter.search import drop_search
from aipm_site.mkdocs_adapter.settings import PLUGIN, captured_log, check_folders, read_settings
from aipm_site.problems import Place, Problem, error, has_errors, sort_problems, warning
from aipm_site.publication.lock import WAIT_SECONDS, AnotherBuildIsRunning, build_lock
from aipm_site.publication.plan import Planner, PlanOptions, SitePlan
from aipm_site.publication.swap import build_aside, recover, swap

# MkDocs' words about links, which the gate says better: with the place, and of the page that was written.
_SAID_BY_GATE = ("contains a link", "contains an absolute link", "contains an unrecognized relative link")


class BuildResult(Struct, frozen=True):
    """What became of a build.

    Attributes:
        problems: All that was found, sorted.
        site: Where the site lies.
        is_written: Whether it was exchanged; if not, the site before it is as it was.
    """

    problems: tuple[Problem, ...]
    site: Path
    is_written: bool


def build_site(
    config_file: Path,
    planner: Planner,
    site_dir: Path | None = None,
    *,
    options: PlanOptions | None = None,
    search: bool = True,
    force: bool = False,
    site_url: str | None = None,
    wait_seconds: float = WAIT_SECONDS,
) -> BuildResult:
    """Build a site beside the one before it, look at it, and exchange the two; or leave everything as it was.

    Args:
        config_file: mkdocs.yml.
        planner: Makes the plan of the site.
        site_dir: Where the site shall lie; None takes it from mkdocs.yml.
        options: What the planner is asked for.
        search: Whether the site gets a search index.
        force: Replace a folder that holds files and no build of ours.
        site_url: Address that its pages will have; None takes it from mkdocs.yml.
        wait_seconds: How long to wait for another build of the same folder.

    Raises:
        WrongSettings: mkdocs.yml or a folder cannot be used.
        ContentRefused: The content has errors.
    """
    config = read_settings(config_file.resolve())
    config.site_url = site_url or config.site_url
    # Not resolved: a link in the place of the site is refused, not followed.
    site = Path(os.path.abspath(site_dir or config.site_dir))
    check_folders(config, site_dir=site, force=force)
    with ExitStack() as stack:
        try:
            stack.enter_context(build_lock(site, wait_seconds))
            recover(site)
        except AnotherBuildIsRunning as running:
            return BuildResult((running.problem(),), site, is_written=False)
        except OSError as fault:
            return BuildResult((_cannot_write(fault, site),), site, is_written=False)
        plan = planner(Path(config.config_file_path).parent, Path(config.docs_dir).resolve(), options or PlanOptions())
        return _build_locked(config, plan, site, search=search)


def _cannot_write(fault: OSError, site: Path) -> Problem:
    path = fault.filename if isinstance(fault.filename, str) else str(site)
    return error("cannot-write", f"{fault.strerror or fault}", Place(path), "the site is as it was")


def _build_locked(config: MkDocsConfig, plan: SitePlan, site: Path, *, search: bool) -> BuildResult:
    try:
        with build_aside(site) as folder:
            # The staging folder lies in it too, so that a killed build leaves nothing that is not found again.
            built = folder / "site"
            config.site_dir = str(built)
            found = _run(config, plan, folder, search=search)
            # Errors of the content get here in a lenient build only, whose manifest says that it cannot be published.
            is_right = not has_errors(found)
            if is_right:
                swap(built, site)
    except OSError as fault:
        return BuildResult((_cannot_write(fault, site),), site, is_written=False)
    return BuildResult(tuple(sort_problems([*plan.problems, *found])), site, is_written=is_right)


def _run(config: MkDocsConfig, plan: SitePlan, temporary: Path, *, search: bool) -> list[Problem]:
    plugin = config.plugins[PLUGIN]
    assert isinstance(plugin, AipmPlugin)
    if not search:
        drop_search(config)
    with captured_log() as log, _environment(plan.build.source_date_epoch), _driven(plugin, plan, temporary):
        config.plugins.on_startup(command="build", dirty=False)
        try:
            run_mkdocs(config)
        except (Abort, BuildError) as fault:
            return _after_abort(plugin, log.lines, fault)
        finally:
            config.plugins.on_shutdown()
    return [*plugin.problems, *_from_log(log.lines)]


def _after_abort(plugin: AipmPlugin, lines: list[str], fault: Exception) -> list[Problem]:
    if has_errors(plugin.problems):
        return list(plugin.problems)
    reason = "; ".join(line for line in lines if line.strip()) or str(fault)
    return [*plugin.problems, error("mkdocs-failed", f"MkDocs gave up: {reason}", Place("mkdocs.yml"))]


def _from_log(lines: list[str]) -> Iterator[Problem]:
    for line in lines:
        if not any(words in line for words in _SAID_BY_GATE):
            yield warning("mkdocs-warning", " ".join(line.split()), Place("mkdocs.yml"))


@contextmanager
def _driven(plugin: AipmPlugin, plan: SitePlan, temporary: Path) -> Iterator[None]:
    """Give the plugin the plan; MkDocs keeps plugins for the next build of the process, so it is taken back."""
    plugin.planner, plugin.temporary = lambda _root, _docs_dir, _options: plan, temporary
    try:
        yield
    finally:
        plugin.planner = plugin.temporary = None


@contextmanager
def _environment(source_date_epoch: int) -> Iterator[None]:
    """Set what MkDocs and Material read from the environment: the moment of the build, and no advertisement."""
    wanted = {"SOURCE_DATE_EPOCH": str(source_date_epoch), "NO_MKDOCS_2_WARNING": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
