"""The command line `aipm`: its words, options and examples; each command's work lies in commands/."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import click

from aipm_site import __version__
from aipm_site.commands.group import CommandGroup

# Nothing heavy is imported up here: `aipm --help` and the pre-commit hook must start at once.
_AS_OF = click.option("--as-of", metavar="DATE", help="Day or moment that the status speaks for, such as 2026-04-15.")
_AUDIENCE = click.option(
    "--audience", metavar="NAME", help="Audience to show the project to (default: default_audience of project.yml)."
)
_LENIENT = click.option("--lenient", is_flag=True, help="Show what can be read and list what cannot; exit code 1.")
_AT = click.option(
    "--at", metavar="REV", help="Tag, branch, commit or day, such as 2026-04-08: the project as it was recorded then."
)
_FOLDER = click.Path(path_type=Path, file_okay=False)


def _examples(*lines: str) -> str:
    """Return the examples at the end of a command's help; the first character keeps click from refilling them."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\n"
    "Exit codes: 0 fine (warnings alone included), 1 problems in the content,\n"
    "2 wrong command line or mkdocs.yml, 3 a fault of aipm itself.\n"
    "`aipm COMMAND --help` shows what a command can do, with examples.",
)
@click.version_option(__version__, prog_name="aipm")
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
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
    from aipm_site.user_cache import use_cache

    use_cache(os.environ)
    # A plugin of pydantic that happens to be installed could change what a record means; looking for one takes time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    ctx.obj = start


@main.command(
    epilog=_examples(
        "aipm check                   all problems, and what was read",
        "aipm check --format github   annotations in a GitHub workflow",
        "aipm check --format sarif    a file for code scanning services",
        "aipm check --site site       compare a built site with its manifest",
    )
)
@click.option(
    "--format", "form", type=click.Choice(["text", "github", "json", "sarif"]), default="text", help="Form of the list."
)
@click.option("--site", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Check a built folder.")
@_AS_OF
@click.pass_obj
def check(start: Path, form: str, site: Path | None, as_of: str | None) -> None:
    """List all problems of all files, sorted by place.

    Errors stop a publication, warnings do not. `aipm explain CODE` says why a problem is one.
    """
    from aipm_site.commands.check import check_built_site, check_content

    raise SystemExit(check_built_site(site, form) if site else check_content(start, form, as_of))


@main.command(
    epilog=_examples(
        "aipm status                      as of today, or as project.yml says",
        "aipm status --as-of 2026-03-31   today's records, as of that day",
        "aipm status --at 2026-03-31      as it was recorded then",
        "aipm status --audience client    as the client sees it",
        "aipm status --json > status.json",
    )
)
@click.option("--json", "as_json", is_flag=True, help="Print status.json.")
@_AT
@_AS_OF
@_AUDIENCE
@_LENIENT
@click.pass_obj
def status(start: Path, as_json: bool, at: str | None, as_of: str | None, audience: str | None, lenient: bool) -> None:
    """Show the computed status, the reasons for it, and what is due."""
    from aipm_site.commands.status import show_status

    raise SystemExit(show_status(start, as_json=as_json, as_of=as_of, audience=audience, lenient=lenient, at=at))


@main.command(
    epilog=_examples(
        "aipm history status.overall",
        "aipm history risk.open --since 2026-01-01",
        "aipm history schedule.slip.MS-05 --json",
    )
)
@click.argument("figure")
@click.option("--since", metavar="DATE", help="First day to show, such as 2026-01-01.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON of the form aipm/history-1.")
@_AT
@_AUDIENCE
@click.pass_obj
def history(start: Path, figure: str, since: str | None, as_json: bool, at: str | None, audience: str | None) -> None:
    """Show a figure over the revisions of the main line.

    It has a line for each day or week in which something was committed, as project.yml says under `history`.
    """
    from aipm_site.commands.history import show_history

    raise SystemExit(show_history(start, figure, since=since, as_json=as_json, at=at, audience=audience))


@main.command(
    epilog=_examples(
        "aipm changes main",
        "aipm changes v1.0 v1.1",
        "aipm changes 2026-04-01 --format markdown    a comment for a pull request",
        "aipm changes origin/main --policy policy.yml --format json",
        "aipm changes --from-json changes.json --format markdown",
    )
)
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", help="Form of the report."
)
@click.option(
    "--policy",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The policy to apply (default: content/policy.yml of BASE, else of HEAD).",
)
@click.option(
    "--from-json",
    "kept",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Show the report that --format json wrote, in place of comparing. Whoever wrote it, its texts do nothing.",
)
@_AS_OF
@_AUDIENCE
@click.pass_obj
def changes(
    start: Path,
    base: str | None,
    head: str | None,
    form: str,
    policy: Path | None,
    kept: Path | None,
    as_of: str | None,
    audience: str | None,
) -> None:
    """Show what a change does to records, figures and status.

    HEAD is the working tree where it is not given. Both are computed for the head's date, so that time alone changes
    nothing. Exit code 1 when HEAD has errors or the policy blocks.
    """
    from aipm_site.commands.changes import show_changes, show_kept_changes

    if kept is not None:
        if any(given is not None for given in (base, head, policy, as_of, audience)):
            raise click.UsageError("--from-json shows what was compared before: only --format goes with it.")
        raise SystemExit(show_kept_changes(kept, form))
    if base is None:
        raise click.UsageError("Missing argument 'BASE': with what HEAD is compared.")
    raise SystemExit(show_changes(start, base, head, form=form, policy=policy, as_of=as_of, audience=audience))


@main.command(
    epilog=_examples(
        "aipm export                          status.json and records.json",
        "aipm export --format ics --out cal   the calendar, and one for each role",
        "aipm export --format atom            both feeds of what happened",
    )
)
@click.option("--format", "form", type=click.Choice(["json", "ics", "atom"]), default="json", help="What is written.")
@click.option("--out", type=_FOLDER, default="export", show_default=True, help="Folder to write to.")
@_AS_OF
@_AUDIENCE
@click.pass_obj
def export(start: Path, form: str, out: Path, as_of: str | None, audience: str | None) -> None:
    """Write data, feeds or calendars without the site.

    The paths of the files are printed.
    """
    from aipm_site.commands.export import export_files

    raise SystemExit(export_files(start, form, out, as_of, audience))


@main.command(
    epilog=_examples(
        "aipm report due                          overdue, due today and tomorrow",
        "aipm report due --days 15 --format json  as data, further ahead",
        "aipm report due --format slack --send    post it, each thing once",
    )
)
@click.argument("name", type=click.Choice(["due"]), metavar="NAME")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "slack"]), default="text", help="Form of the report."
)
@click.option(
    "--days", type=click.IntRange(0, 15), default=1, show_default=True, help="How many days ahead to look for."
)
@click.option("--send", is_flag=True, help="Post it to the webhooks that the environment names.")
@click.option(
    "--sent",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="List of what was posted (default: .cache/aipm/sent.json of the project).",
)
@_AS_OF
@_AUDIENCE
@click.pass_obj
def report(
    start: Path,
    name: str,  # noqa: ARG001  there is one report yet
    form: str,
    days: int,
    send: bool,
    sent: Path | None,
    as_of: str | None,
    audience: str | None,
) -> None:
    """Report what is due: NAME is due.

    With --send it is posted to Slack: a reminder to the webhook of its channel, which stands in the variable
    AIPM_WEBHOOK_CHANNEL (the channel's name in capitals, with _ for other signs), all else and channels without
    one to AIPM_SLACK_WEBHOOK. What was posted is kept in a file, so that a job that runs again posts nothing twice.
    """
    from aipm_site.commands.report import report_due

    raise SystemExit(report_due(start, form, days=days, send=send, sent=sent, as_of=as_of, audience=audience))


@main.command(
    epilog=_examples(
        "aipm explain risk            the fields of a kind",
        "aipm explain unknown-field   a problem code: why, and how to mend it",
        "aipm explain risk.open       a figure: formula, comparator, records",
        "aipm explain policy          what content/policy.yml may say of a change",
    )
)
@click.argument("name")
@_AS_OF
@_AUDIENCE
@click.pass_obj
def explain(start: Path, name: str, as_of: str | None, audience: str | None) -> None:
    """Explain a kind, a problem code, a figure, or the policy."""
    from aipm_site.commands.explain import explain_name

    raise SystemExit(explain_name(start, name, as_of, audience))


@main.command(
    epilog=_examples(
        'aipm new risk "Vendor ends support"   asks for what is needed',
        'aipm new risk "Vendor ends support" --set probability=2 --set impact=4',
        'aipm new model "Release 1.8" --set version=1.8.0 --set stage=dev',
        "aipm new metric Recall --set unit=ratio --set polarity=higher_better",
        'aipm new report "Board report" --set audience=client',
    )
)
@click.argument("kind")
@click.argument("title", required=False)
@click.option("--set", "settings", metavar="FIELD=VALUE", multiple=True, help="Value of a field; may be repeated.")
@click.option("--id", "record_id", metavar="ID", help="Id of the record (default: the next free one).")
@click.option("--dry-run", is_flag=True, help="Print the record instead of writing it.")
@click.pass_obj
def new(
    start: Path, kind: str, title: str | None, settings: tuple[str, ...], record_id: str | None, dry_run: bool
) -> None:
    """Write a record with the next free id and print its path.

    Needed fields are asked for where there is a terminal, and given with --set where there is none.
    Expected fields stand in the file as comments. A row, such as an observation, is printed, to be put into a list.
    """
    from aipm_site.commands.new import write_new_record

    raise SystemExit(write_new_record(start, kind, title, settings=settings, record_id=record_id, dry_run=dry_run))


@main.command(
    epilog=_examples(
        "aipm init triage",
        "aipm init triage --kinds risk,milestone,model,observation",
        'aipm init . --title "Triage assistant" --ci gitlab',
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--kinds",
    metavar="LIST",
    help="Kinds of which the project gets an example (default: risk,issue,action,decision,milestone,sprint).",
)
@click.option("--title", help="Title of the project (default: the folder's name).")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "both", "none"]),
    default="both",
    show_default=True,
    help="Where CI checks, publishes and notifies.",
)
def init(folder: Path, kinds: str | None, title: str | None, ci: str) -> None:
    """Make a new project that checks, builds and publishes.

    It gets content with an example of each kind, mkdocs.yml, editor settings, a pre-commit hook and CI.
    """
    from aipm_site.commands.init import make_project

    raise SystemExit(make_project(folder, kinds, title, ci))


@main.command(
    epilog=_examples(
        "aipm schema risk                   one schema, printed",
        "aipm schema kind                   the schema of files that declare kinds",
        "aipm schema --out .vscode/schemas  all schemas, and the settings for editors",
    )
)
@click.option("--out", type=_FOLDER, help="Folder to write the schema of each kind to.")
@click.argument("kind", required=False)
@click.pass_obj
def schema(start: Path, out: Path | None, kind: str | None) -> None:
    """Print or write JSON Schema, for editors.

    With --out, schemas are written and the editor settings that use them are printed.
    """
    from aipm_site.commands.schema import show_schema, write_schemas

    raise SystemExit(write_schemas(start, out, kind) if out else show_schema(start, kind))


@main.command(
    epilog=_examples(
        "aipm build                            the site, for the default audience",
        "aipm build --audience client --site site-client",
        "aipm build --as-of 2026-03-31         today's records, as of that day",
        "aipm build --at v1.2 --site site-1.2  as it was recorded at a tag",
    )
)
@click.option("--site", "site_dir", type=_FOLDER, help="Folder of the site (default: site_dir of mkdocs.yml).")
@_AUDIENCE
@_AT
@_AS_OF
@_LENIENT
@click.option("--no-search", is_flag=True, help="Build without a search index.")
@click.option("--force", is_flag=True, help="Replace a folder that aipm did not make.")
@click.pass_obj
def build(
    start: Path,
    site_dir: Path | None,
    audience: str | None,
    at: str | None,
    as_of: str | None,
    lenient: bool,
    no_search: bool,
    force: bool,
) -> None:
    """Build the site: stage, build, gate, swap. The site is right, or the one before stays."""
    from aipm_site.commands.build import build_project

    raise SystemExit(
        build_project(
            start,
            site_dir,
            audience=audience,
            as_of=as_of,
            lenient=lenient,
            search=not no_search,
            force=force,
            at=at,
        )
    )


@main.command(
    epilog=_examples(
        "aipm serve                            http://127.0.0.1:8000/",
        "aipm serve --address 127.0.0.1:8123",
    )
)
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Address to listen on.")
@_AUDIENCE
@_AS_OF
@click.pass_obj
def serve(start: Path, address: str, audience: str | None, as_of: str | None) -> None:
    """Preview the site, rebuilt on every change.

    Good records are shown, bad ones are listed on a page and in the terminal.
    """
    from aipm_site.commands.serve import serve_project

    # A preview runs for days, and what one build made is garbage at the next.
    gc.enable()
    raise SystemExit(serve_project(start, address, audience=audience, as_of=as_of))


@main.command(
    epilog=_examples(
        "aipm publish --to public              into a folder for a web server",
        "aipm publish --branch gh-pages        to a branch of origin",
        "aipm publish --branch gh-pages --from site  a site that `aipm build` made",
        "aipm publish --branch gh-pages --version board-2026-04 --alias board",
        "aipm publish --branch gh-pages --remove-alias board",
        "aipm publish --branch gh-pages --purge 2026-04-08",
    )
)
@click.option("--to", type=_FOLDER, metavar="DIR", help="Folder of the published site.")
@click.option("--branch", metavar="NAME", help="Branch of the published site.")
@click.option("--remote", metavar="NAME", help="Remote that has the branch (default: origin, where there is one).")
@click.option("--no-push", is_flag=True, help="Publish to the local branch, and leave remotes alone.")
@click.option("--version", metavar="NAME", help="Name of the version (default: the date that it speaks for).")
@click.option("--alias", "aliases", metavar="NAME", multiple=True, help="One more name for it; may be repeated.")
@click.option(
    "--from",
    "built",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Publish this built site, checked against its manifest (default: build one).",
)
@_AUDIENCE
@_AS_OF
@click.option("--purge", "purged", metavar="VERSION", multiple=True, help="Take a version away, from history too.")
@click.option(
    "--remove-alias",
    "removed_aliases",
    metavar="NAME",
    multiple=True,
    help="Take a name of --alias away; its version stays.",
)
@click.option(
    "--acknowledge", "acknowledged", metavar="ID", multiple=True, help="Let earlier versions go on showing a record."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.pass_obj
def publish(start: Path, /, no_push: bool, **options: Any) -> None:
    """Publish a build as a version that never changes.

    The newest version is found as `latest`, and as its week or what else project.yml names. The name of the version
    is printed. What shows the same revision at the same date again changes nothing. Only a build from a clean commit
    and of the site's audience is published; old or new, never mixed, also when another run publishes meanwhile.

    With --branch, the branch of `origin` is fetched, and pushed with a lease, never by force; the working tree, the
    index and local branches are left alone. Without a remote, or with --no-push, it is the local branch.
    """
    from aipm_site.commands.publish import PublishOptions, publish_project

    raise SystemExit(publish_project(start, PublishOptions(push=not no_push, **options)))
