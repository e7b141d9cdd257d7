"""Runs commands within the test's process, on small projects of their own."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from aipm_site.cli import main

SETTINGS = "site_name: Triage\ndocs_dir: content\nplugins: [aipm]\n"
RISK = "id: RSK-001\ntitle: Hospital B changes units without notice\nprobability: 3\nimpact: 4\n"


def aipm(*arguments: str, at: Path | None = None) -> Result:
    """Run a command for the project in a folder; what it prints on either stream is in the result."""
    place = () if at is None else ("-C", str(at))
    return CliRunner().invoke(main, [*place, *arguments], catch_exceptions=False)


def write_project(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write a project with mkdocs.yml and the given files below content/; without any, with one risk."""
    contents = {"risks/RSK-001.yml": RISK} if files is None else files
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "content").mkdir(exist_ok=True)
    (folder / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    for path, text in contents.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder
