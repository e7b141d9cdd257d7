"""Settings: what mkdocs.yml may not say, found before anything runs or is emptied."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from aipm_site.publication.swap import TargetRefused, check_target
from aipm_site.readers.site_settings import read_site_settings

PLUGIN = "aipm"


class WrongSettings(Exception):
    """mkdocs.yml cannot be used; the message says why and what to do."""


class LogLines(logging.Handler):
    """Keeps what MkDocs says instead of printing it."""

    def __init__(self, level: int) -> None:
        """Keep lines of at least this level."""
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(record.getMessage())


@contextmanager
def captured_log(level: int = logging.WARNING) -> Iterator[LogLines]:
    """Give what MkDocs logs while the block runs, and print none of it."""
    logger, handler = logging.getLogger("mkdocs"), LogLines(level)
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


def read_settings(config_file: Path) -> MkDocsConfig:
    """Return the settings of a site.

    Raises:
        WrongSettings: The file is not there, cannot be read, is wrong, or does not use our plugin.
    """
    # Read by ourselves first: a tag that runs code has run before MkDocs can refuse it.
    _, problems = read_site_settings(config_file)
    if problems:
        raise WrongSettings("\n".join(f"{problem.place}: {problem.message}" for problem in problems))
    with captured_log(logging.ERROR) as log:
        try:
            config = load_config(config_file=str(config_file))
        except (Abort, MkDocsException) as fault:
            raise WrongSettings("\n".join([f"{config_file.name}: {fault}", *log.lines])) from None
    if PLUGIN not in config.plugins:
        raise WrongSettings(f"{config_file.name} does not use our plugin; add `- {PLUGIN}` to its `plugins:`")
    return config


def check_folders(
    config: MkDocsConfig, *, site_dir: Path | None = None, force: bool = False, may_replace: bool = False
) -> None:
    """Refuse folders that would publish code with the content, or cost the owner other files.

    Args:
        config: Settings of the site.
        site_dir: Where the site will lie in the end; None takes it from the settings.
        force: Replace a folder without our marker.
        may_replace: Whether the site's folder is known to be a temporary one.

    Raises:
        WrongSettings: A folder is refused.
    """
    root = Path(config.config_file_path).resolve().parent
    content = Path(config.docs_dir).resolve()
    if not content.is_relative_to(root):
        raise WrongSettings(f"docs_dir: '{config.docs_dir}' lies outside the folder of mkdocs.yml")
    if root / "content" in content.parents:
        raise WrongSettings(
            f"docs_dir: '{config.docs_dir}' lies inside content/; the whole of content/ is the docs_dir"
        )
    custom = config.theme.custom_dir
    if custom and (content == Path(custom).resolve() or content in Path(custom).resolve().parents):
        raise WrongSettings(
            f"theme.custom_dir: '{custom}' lies inside the content; templates are code, so keep them apart"
        )
    if not may_replace:
        _check_site(site_dir or Path(config.site_dir), root, content, force=force)


def _check_site(site: Path, root: Path, content: Path, *, force: bool) -> None:
    try:
        check_target(site, root=root, content=content, force=force)
    except TargetRefused as refusal:
        raise WrongSettings(f"site_dir: {refusal}") from None
