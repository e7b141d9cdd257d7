"""`aipm changes`: what a range of revisions does to records, figures and status, and what the policy says of it."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.comparison import Comparison, open_comparison
from aipm_site.exports.changes_json import NoChangeReport, change_report, changes_json, read_changes_json
from aipm_site.problems import format_text
from aipm_site.summaries.change_comment import change_comment
from aipm_site.summaries.change_report import ChangeReport
from aipm_site.summaries.changes import Range, change_text
from aipm_site.summaries.plain_text import render_text
from aipm_site.workspace import WrongRequest, find_workspace


def show_changes(
    start: Path,
    base: str,
    head: str | None,
    *,
    form: str,
    policy: Path | None,
    as_of: str | None,
    audience: str | None,
) -> int:
    """Print what a change does, always, and return the exit code.

    Raises:
        WrongRequest: There is no such revision, audience or policy, or the as-of is no date.
    """
    workspace = find_workspace(start)
    comparison = open_comparison(workspace, base, head, as_of=as_of, audience=audience, policy=policy)
    _print(_report(comparison), form)
    problems = (*comparison.session.problems, *comparison.policy_problems)
    is_refused = comparison.session.has_errors or comparison.judgement.verdict == "block"
    if comparison.session.has_errors or comparison.policy_problems:
        click.echo(format_text(problems, "the report is of what could be read"), err=True)
    return 1 if is_refused else 0


def show_kept_changes(file: Path, form: str) -> int:
    """Print a report that `aipm changes --format json` wrote, and return the exit code; no project is read.

    Raises:
        WrongRequest: The file cannot be read, or is no such report.
    """
    try:
        report = read_changes_json(file.read_bytes())
    except OSError as failure:
        raise WrongRequest(f"the report {file} cannot be read: {failure.strerror}") from None
    except NoChangeReport as failure:
        raise WrongRequest(f"{file} is no report of `aipm changes --format json`: {failure}") from None
    _print(report, form)
    return 0


def _report(comparison: Comparison) -> ChangeReport:
    span = Range(comparison.base, comparison.since, comparison.head, comparison.is_cut_off)
    return change_report(comparison.changes, comparison.judgement, span, comparison.errors)


def _print(report: ChangeReport, form: str) -> None:
    # As bytes, whatever encoding the terminal has: JSON and Markdown are UTF-8.
    click.echo(_formatted(report, form), nl=False)


def _formatted(report: ChangeReport, form: str) -> str | bytes:
    if form == "json":
        return changes_json(report).data
    text = change_text(report)
    return change_comment(text).encode() if form == "markdown" else render_text("changes.txt", report=text)
