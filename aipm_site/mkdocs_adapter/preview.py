"""The preview of `aipm serve`: MkDocs' own server, with our plugin told what the command line asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.commands.serve import serve

from aipm_site.mkdocs_adapter.settings import PLUGIN, read_settings


def serve_site(config_file: Path, address: str, *, audience: str | None, as_of: str | None) -> None:
    """Serve a site until interrupted.

    Raises:
        WrongSettings: mkdocs.yml cannot be used.
    """
    read_settings(config_file)
    options = {name: value for name, value in (("audience", audience), ("as_of", as_of)) if value is not None}
    serve(str(config_file), dev_addr=address, **_with_options(config_file, options))


def _with_options(config_file: Path, options: dict[str, str]) -> dict[str, Any]:
    """Return the list of plugins as the settings have it, with our plugin's options set."""
    if not options:
        return {}
    plugins = [
        {name: dict(plugin.config) | (options if name == PLUGIN else {})}
        for name, plugin in read_settings(config_file).plugins.items()
    ]
    return {"plugins": plugins}
