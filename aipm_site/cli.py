"""The command line `aipm`: words, options and exit codes; each command's work lies in commands/."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from aipm_site import __version__

FINE, PROBLEMS, WRONG_CALL, OUR_FAULT = 0, 1, 2, 3

# Nothing heavy is imported up here: `aipm --help` and the pre-commit hook must start at once.
_AS_OF = click.option("--as-of", metavar="DATE", help="Day or moment the status speaks for (2026-04-15).")
_AUDIENCE = click.option("--audience", metavar="NAME", help="Label to show the project to; the default one if absent.")
_LENIENT = click.option("--lenient", is_flag=True, help="Show what can be read, and list what cannot; exit code 1.")


class _Group(click.Group):
    """Turns what goes wrong into one line and an exit code; a traceback only with --debug."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        except BrokenPipeError:
            # The reader of our output has gone; say nothing more, also not while Python shuts down.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(FINE) from None
        except Exception as failure:
            return _explain_failure(failure, debug=bool(ctx.params.get("debug")))


def _explain_failure(failure: Exception, *, debug: bool) -> None:
    from aipm_site.problems import printable
    from aipm_site.workspace import WrongRequest

    if debug:
        raise failure
    if isinstance(failure, WrongRequest):
        click.echo(f"aipm: {printable(str(failure))}", err=True)
        raise SystemExit(WRONG_CALL)
    if isinstance(failure, OSError):
        where = f"{failure.filename}: " if failure.filename else ""
        click.echo(f"aipm: {printable(where + (failure.strerror or str(failure)))}", err=True)
        raise SystemExit(PROBLEMS)
    click.echo(
        f"aipm {__version__} failed, and that is its own fault: {printable(f'{type(failure).__name__}: {failure}')}\n"
        "Please report this line, the command, and the output of the same command with `aipm --debug …`.",
        err=True,
    )
    raise SystemExit(OUR_FAULT)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aipm")
@click.option("--debug", is_flag=True, help="Show a traceback when aipm itself fails.")
@click.option(
    "-C",
    "--project",
    "start",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="Folder of the project (default: this one, or the nearest above with a mkdocs.yml).",
)
@click.pass_context
def main(ctx: click.Context, start: Path, debug: bool) -> None:  # noqa: ARG001  debug is read where failures arrive
    """Status as code for AI projects: check records, compute the status, build the site."""
    ctx.obj = start


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "github", "json"]), default="text", help="Form of the list.")
@click.option("--site", type=click.Path(path_type=Path), help="Check a built folder against its manifest instead.")
@_AS_OF
@click.pass_obj
def check(start: Path, form: str, site: Path | None, as_of: str | None) -> None:
    """List all problems of all files, sorted by place."""
    from aipm_site.commands.check import check_built_site, check_content

    raise SystemExit(check_built_site(site, form) if site else check_content(start, form, as_of))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print status.json.")
@_AS_OF
@_AUDIENCE
@_LENIENT
@click.pass_obj
def status(start: Path, as_json: bool, as_of: str | None, audience: str | None, lenient: bool) -> None:
    """Show the computed status and the rules that fired."""
    from aipm_site.commands.status import show_status

    raise SystemExit(show_status(start, as_json=as_json, as_of=as_of, audience=audience, lenient=lenient))


@main.command()
@click.argument("name")
@_AS_OF
@click.pass_obj
def explain(start: Path, name: str, as_of: str | None) -> None:
    """Explain a kind with its fields, a problem code, or a figure with its sources."""
    from aipm_site.commands.explain import explain_name

    raise SystemExit(explain_name(start, name, as_of))


@main.command()
@click.argument("kind")
@click.argument("title", required=False)
@click.option("--dry-run", is_flag=True, help="Print the record instead of writing it.")
@click.pass_obj
def new(start: Path, kind: str, title: str | None, dry_run: bool) -> None:
    """Write a record with the next free id: needed fields filled or asked for, expected ones as comments."""
    from aipm_site.commands.new import write_new_record

    raise SystemExit(write_new_record(start, kind, title, dry_run=dry_run))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--kinds", metavar="LIST", help="Kinds to begin with, separated by commas (risk,issue,action,…).")
@click.option("--title", help="Title of the project; the folder's name if absent.")
def init(folder: Path, kinds: str | None, title: str | None) -> None:
    """Make a new project that checks and builds: content, settings, editor settings, pre-commit hook."""
    from aipm_site.commands.init import make_project

    raise SystemExit(make_project(folder, kinds, title))


@main.command()
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write one JSON Schema per kind to.")
@click.argument("kind", required=False)
def schema(out: Path | None, kind: str | None) -> None:
    """Print the JSON Schema of a kind, or write those of all kinds and how to use them in an editor."""
    from aipm_site.commands.schema import show_schema, write_schemas

    raise SystemExit(write_schemas(out) if out else show_schema(kind))


@main.command()
@click.option("--site", "site_dir", type=click.Path(path_type=Path), help="Folder of the site (default: site_dir).")
@_AUDIENCE
@_AS_OF
@_LENIENT
@click.option("--no-search", is_flag=True, help="Build without a search index.")
@click.option("--force", is_flag=True, help="Replace a folder that aipm did not make.")
@click.pass_obj
def build(
    start: Path,
    site_dir: Path | None,
    audience: str | None,
    as_of: str | None,
    lenient: bool,
    no_search: bool,
    force: bool,
) -> None:
    """Build the site: stage, build, gate, swap. The site is right, or the one before stays."""
    from aipm_site.commands.build import build_project

    raise SystemExit(
        build_project(
            start, site_dir, audience=audience, as_of=as_of, lenient=lenient, search=not no_search, force=force
        )
    )


@main.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Address to listen on.")
@_AUDIENCE
@_AS_OF
@click.pass_obj
def serve(start: Path, address: str, audience: str | None, as_of: str | None) -> None:
    """Preview the site and rebuild it on every change; good records are shown, bad ones listed."""
    from aipm_site.commands.serve import serve_project

    raise SystemExit(serve_project(start, address, audience=audience, as_of=as_of))
