"""The command group: what goes wrong in any command becomes one line and an exit code."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import click

from aipm_site import __version__
from aipm_site.cycle_collection import no_cycle_collection

FINE, PROBLEMS, WRONG_CALL, OUR_FAULT = 0, 1, 2, 3
# What a shell says of a program that a signal ended: 128 and the signal's number (SIGINT, SIGPIPE).
INTERRUPTED, NOBODY_READS = 130, 141


class CommandGroup(click.Group):
    """Turns what goes wrong into one line and an exit code; a traceback only with --debug."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant; a name that there is not gets the nearest one said."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from aipm_site.problems import did_you_mean, printable

            hint = did_you_mean(args[0], self.commands, "`aipm --help` lists the commands")
            raise click.UsageError(f"there is no command '{printable(args[0])}'; {hint}", ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it raises ends in one line and an exit code."""
        _keep_strange_characters_printable()
        try:
            # A command keeps what it makes to its end, which is also the process's: at 1,000 records that takes a sixth
            # off the imports; what is frozen is not walked through at the exit, a twentieth of the whole.
            atexit.register(gc.freeze)
            with no_cycle_collection():
                return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo(err=True)
            raise SystemExit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has gone; say nothing more, also not while Python shuts down.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(NOBODY_READS) from None
        except Exception as failure:
            if ctx.params.get("debug"):
                traceback.print_exception(failure)
            _explain_failure(failure)


def _keep_strange_characters_printable() -> None:
    """Let a terminal that cannot show a character get its escape, in place of failing at it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _explain_failure(failure: Exception) -> NoReturn:
    from aipm_site.workspace import WrongRequest

    if isinstance(failure, WrongRequest):
        _say(str(failure))
        raise SystemExit(WRONG_CALL)
    if isinstance(failure, OSError) and not _is_about_ourselves(failure):
        where = f"{failure.filename}: " if failure.filename else ""
        _say(where + (failure.strerror or str(failure)))
        raise SystemExit(PROBLEMS)
    what = " ".join(f"{type(failure).__name__}: {failure}".split())
    _say(
        f"{what}\n"
        f"This is a fault of aipm {__version__} itself, not of your records. Please report it,\n"
        "with the command, and what the same command prints as `aipm --debug …`."
    )
    raise SystemExit(OUR_FAULT)


def _is_about_ourselves(failure: OSError) -> bool:
    """Say whether a file is missing that belongs to aipm, such as a template."""
    name = failure.filename
    return isinstance(name, str) and Path(__file__).resolve().parents[1] in Path(name).resolve().parents


def _say(text: str) -> None:
    from aipm_site.problems import printable

    first, *others = text.split("\n")
    # Indented, so that no line that a value has a part in begins like a command to the machine that runs us.
    click.echo("\n".join([f"aipm: {printable(first)}", *(f"  {printable(line)}" for line in others)]), err=True)
