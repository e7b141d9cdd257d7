"""The theme's templates as MkDocs takes them: compiled once, and found without a look at every icon."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from jinja2 import Environment, FileSystemLoader
from mkdocs.theme import Theme

from aipm_site.compiled_templates import with_compiled_templates


class QuickTheme:
    """Stands in the way of one theme for the time of a build, and gives MkDocs the same environment, only quicker."""

    def __init__(self, theme: Theme) -> None:
        """Let the theme make its environment through this; `restore` ends it."""
        self._theme = theme
        self._make: Callable[[], Environment] = theme.get_env
        theme.get_env = self._environment  # type: ignore[method-assign]

    def restore(self) -> None:
        """Let the theme be as it was."""
        vars(self._theme).pop("get_env", None)

    def _environment(self) -> Environment:
        environment = self._make()
        if type(environment.loader) is FileSystemLoader:
            environment.loader = VisibleFiles(environment.loader.searchpath)
        return with_compiled_templates(environment, "theme")


class VisibleFiles(FileSystemLoader):
    """Finds templates as its parent does, and does not list what lies in folders that begin with a dot.

    MkDocs leaves them out of a site too, but only after it has walked through all of Material's 14,000 icons and
    compared each name with a dozen patterns, which took as long as the pages of 50 records.
    """

    def list_templates(self) -> list[str]:
        """Return the paths of all files outside such folders, sorted."""
        return sorted({path for folder in self.searchpath for path in _visible_paths(folder)})


def _visible_paths(root: str | os.PathLike[str]) -> Iterator[str]:
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        base = os.path.relpath(folder, root).replace(os.sep, "/")
        yield from (name if base == "." else f"{base}/{name}" for name in names)
