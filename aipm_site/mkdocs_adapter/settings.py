"""Settings: what mkdocs.yml may not say, found before anything runs or is emptied."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from aipm_site.publication.swap import TargetRefused, check_target

PLUGIN = "aipm"
_PYTHON_TAG = "tag:yaml.org,2002:python/"
# Names a function of an installed package, as Material's own documentation asks for; it calls nothing.
_PYTHON_NAME = f"{_PYTHON_TAG}name:"


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
    for file in _inherited(config_file):
        _refuse_code(file)
    with captured_log(logging.ERROR) as log:
        try:
            config = load_config(config_file=str(config_file))
        except (Abort, MkDocsException) as fault:
            raise WrongSettings("\n".join([f"{config_file.name}: {fault}", *log.lines])) from None
    if PLUGIN not in config.plugins:
        raise WrongSettings(f"{config_file.name} does not use our plugin; add `- {PLUGIN}` to its `plugins:`")
    return config


def _inherited(config_file: Path) -> Iterator[Path]:
    """Give a settings file and those that it inherits from."""
    seen: set[Path] = set()
    file: Path | None = config_file
    while file is not None and file not in seen:
        seen.add(file)
        yield file
        file = _parent_of(file)


def _parent_of(file: Path) -> Path | None:
    root = yaml.compose(_text(file), Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    named = (value.value for key, value in root.value if key.value == "INHERIT")
    return next((file.parent / name for name in named if isinstance(name, str)), None)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        raise WrongSettings(f"{file.name} cannot be read: {getattr(fault, 'strerror', None) or fault}") from None


def _refuse_code(file: Path) -> None:
    """Refuse tags that make YAML run code while it is read, before MkDocs reads it."""
    try:
        for event in yaml.parse(_text(file), Loader=yaml.SafeLoader):
            tag = getattr(event, "tag", None) or ""
            if tag.startswith(_PYTHON_TAG) and not tag.startswith(_PYTHON_NAME):
                line = f":{event.start_mark.line + 1}" if event.start_mark else ""
                raise WrongSettings(f"{file.name}{line}: the tag '!!{tag[18:]}' runs code; it is not allowed")
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{file.name}:{mark.line + 1}:{mark.column + 1}" if mark else file.name
        raise WrongSettings(f"{place}: not YAML: {getattr(fault, 'problem', None) or fault}") from None


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
