"""The plugin: MkDocs' hooks, each handing over to a plain function."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config, ConfigErrors, ConfigWarnings, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils.templates import TemplateContext

from aipm_site.mkdocs_adapter.build import Build, start_build
from aipm_site.mkdocs_adapter.settings import WrongSettings, check_folders
from aipm_site.problems import Problem, format_text, has_errors
from aipm_site.publication.plan import ContentRefused, Planner, PlanOptions, SitePlan
from aipm_site.user_cache import use_cache

log = logging.getLogger("mkdocs.plugins.aipm")

_LAST = -100


class AipmOptions(Config):  # type: ignore[no-untyped-call]
    """What mkdocs.yml may say to the plugin; the command line says it to `aipm build`."""

    audience = config_options.Optional(config_options.Type(str))
    as_of = config_options.Optional(config_options.Type(str))
    lenient = config_options.Type(bool, default=False)


class AipmPlugin(BasePlugin[AipmOptions]):  # type: ignore[no-untyped-call]
    """Writes the project's pages into a site that MkDocs builds.

    Attributes:
        planner: Makes the plan of the site; None is the project's own.
        temporary: The folder in which `aipm build` works, None where MkDocs was called by itself. The one who drives
            prints the problems and decides what becomes of the site.
        problems: What is wrong with the last site, or with the content where that stopped the build.
    """

    def __init__(self) -> None:
        """Make a plugin that has built nothing yet."""
        super().__init__()
        self.planner: Planner | None = None
        self.temporary: Path | None = None
        self.problems: tuple[Problem, ...] = ()
        self._is_preview = False
        self._build: Build | None = None

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """Take the options; one that we do not have is an error, as a misspelt audience would show all to all."""
        errors, warnings = super().load_config(options, config_file_path)
        return [*errors, *((name, ValidationError(str(fault))) for name, fault in warnings)], []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether this is a preview; its presence also lets MkDocs keep the plugin between builds."""
        self._is_preview = command == "serve"

    @event_priority(_LAST)
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Check everything and stage what may be seen: after this MkDocs empties the site's folder."""
        self._finish()
        if not self._is_driven:
            use_cache(os.environ)
            _refuse_folders(config, is_preview=self._is_preview)
        self._build = start_build(self._plan(config), config, is_preview=self._is_preview, temporary=self.temporary)
        self._raise_errors(self._build.problems)

    def _plan(self, config: MkDocsConfig) -> SitePlan:
        options = PlanOptions(self.config.audience, self.config.as_of, self.config.lenient or self._is_preview)
        planner = self.planner or _own_planner()
        try:
            return planner(Path(config.config_file_path).resolve().parent, Path(config.docs_dir).resolve(), options)
        except ContentRefused as refusal:
            self.problems = refusal.problems
            if not self._is_driven:
                print(format_text(refusal.problems, "nothing was written"), file=sys.stderr)
            raise PluginError("the content has errors; the site is as it was") from None

    @event_priority(_LAST)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add our index pages as files that `nav` and links can name."""
        self._running.add_files(files)
        return files

    @event_priority(_LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Add the index pages that `nav` does not name."""
        self._running.complete_navigation(nav, files)
        return nav

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Name our pages, and watch over the rendering of the others."""
        self._running.prepare_page(page)
        return markdown

    @event_priority(_LAST)
    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Point our links in an ordinary page to the site's root."""
        return self._running.link_page(html, page)

    @event_priority(_LAST)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep what the theme renders from, for the frames of record pages."""
        self._running.take_theme(env, files)
        return env

    @event_priority(_LAST)
    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Put our text into a page, after the search plugin has read the writer's."""
        self._running.fill_page(page)
        return context

    @event_priority(_LAST)
    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Link our style sheet where a page holds something of ours, and protect it."""
        return self._running.finish_page(output, page)

    @event_priority(_LAST)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Protect pages that the theme makes by itself, such as 404.html."""
        return self._running.finish_template(output_content, template_name)

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write record pages and files beside MkDocs' own, look at everything, and write the manifest."""
        problems, content_problems = self._running.write(Path(config.site_dir)), self._running.plan.problems
        self._finish()
        self._raise_errors(problems)
        if not self._is_driven:
            _tell([*content_problems, *problems])

    def on_build_error(self, *, error: Exception) -> None:
        """Remove the staging folder."""
        self._finish()

    def on_shutdown(self) -> None:
        """Remove the staging folder."""
        self._finish()

    @property
    def _is_driven(self) -> bool:
        return self.temporary is not None

    @property
    def _running(self) -> Build:
        if self._build is None:
            raise PluginError("the aipm plugin was not told that a build began")
        return self._build

    def _finish(self) -> None:
        if self._build is not None:
            self._build.clean_up()
        self._build = None

    def _raise_errors(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        if has_errors(problems) and not self._is_preview:
            if not self._is_driven:
                print(format_text(problems, "the site cannot be published"), file=sys.stderr)
            raise PluginError("the site has errors")


def _tell(problems: list[Problem]) -> None:
    """Print what was found and let pass; a preview, or `lenient`, goes on even with errors in the content."""
    if has_errors(problems):
        print(format_text(problems, "the site is not publishable"), file=sys.stderr)
    elif problems:
        # At INFO, so that `mkdocs build --strict` keeps its own meaning.
        log.info("%s", format_text(problems))


def _own_planner() -> Planner:
    # Loading a project is far more than `mike` and other callers of `on_config` need.
    from aipm_site.publication.plan_site import plan_site

    return plan_site


def _refuse_folders(config: MkDocsConfig, *, is_preview: bool) -> None:
    try:
        check_folders(config, may_replace=is_preview)
    except WrongSettings as fault:
        raise PluginError(str(fault)) from None
