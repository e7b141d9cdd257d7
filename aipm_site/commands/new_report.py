"""`aipm new report`: a draft of an issued report, its figures frozen from the records as they are now."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import PurePosixPath

import click

from aipm_site.pages.addresses import report_addresses
from aipm_site.problems import Problem, did_you_mean, format_text, printable
from aipm_site.project import Project
from aipm_site.publication.identity import identity_of
from aipm_site.readers.content_tree import PageSource
from aipm_site.records.report import FrozenFigure
from aipm_site.session import open_session
from aipm_site.summaries.executive import Edition
from aipm_site.summaries.frozen import frozen_figures
from aipm_site.summaries.past import Past
from aipm_site.summaries.report import EXECUTIVE, render_report
from aipm_site.workspace import Workspace, WrongRequest

# Text that stays itself inside a YAML list or group written in one line.
_PLAIN_IN_A_LINE = re.compile(r"[A-Za-z0-9][\w./-]*\Z")


class RefusedReport(click.exceptions.Exit):
    """The content has errors, which were printed; no report is made from it."""

    def __init__(self) -> None:
        """Leave with the exit code of problems in the content."""
        super().__init__(1)


def draft_values(workspace: Workspace, given: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a draft: what was given, and what the records say now of the rest.

    The figures are the status and those that the named template prints, as the readers of the report may see them.

    Args:
        workspace: Where the project is.
        given: Values by field; `as_of`, `audience` and `template` choose what is frozen.

    Raises:
        WrongRequest: There is no such template or audience, or the as-of is no date.
        RefusedReport: The content or the template has errors.
    """
    session = open_session(
        workspace.root,
        workspace.content,
        as_of=given.get("as_of"),
        audience=given.get("audience"),
        with_history=True,
    )
    _refuse_where_wrong(session.problems if session.has_errors else ())
    project, facts = session.shown()
    name = given.get("template", EXECUTIVE)
    edition = Edition(
        identity_of(session, workspace.settings.site_name).project_name,
        session.revision.commit,
        session.revision.uncommitted,
    )
    report = render_report(
        name,
        _template(project, name),
        project,
        facts,
        edition,
        report_addresses(project),
        Past(session.shown_history()),
    )
    _refuse_where_wrong(report.problems)
    facts = facts.visible_to(report.audience, project)
    day = facts.as_of.date.isoformat()
    last = facts.reports[-1].as_of if facts.reports else None
    # The day that the last report spoke for is told already.
    begins = min(last + timedelta(days=1), facts.as_of.date) if last else None
    frozen = frozen_figures(facts, report.printed, report.changes)
    if session.revision.uncommitted:
        click.echo("there are uncommitted changes, which data_commit does not hold: commit them first", err=True)
    return {
        **given,
        "as_of": day,
        **({"period_start": begins.isoformat()} if begins and "period_start" not in given else {}),
        "period_end": given.get("period_end", day),
        "template": name,
        "audience": given.get("audience", report.audience),
        **({"data_commit": session.revision.commit} if session.revision.commit else {}),
        **({"figures": _block(frozen)} if frozen else {}),
    }


def draft_id(values: Mapping[str, str]) -> str:
    """Return the id of a draft: its day and its template, as in RPT-2026-04-15-executive."""
    return f"RPT-{values['as_of']}-{re.sub(r'[^A-Za-z0-9-]+', '-', values['template'])}"


def _refuse_where_wrong(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        click.echo(format_text(found, "no report was written"), err=True)
        raise RefusedReport


def _template(project: Project, name: str) -> PageSource | None:
    own = {PurePosixPath(template.path).stem: template for template in project.templates}
    if name in own:
        return own[name]
    if name == EXECUTIVE:
        return None
    known = [EXECUTIVE, *own]
    hint = did_you_mean(name, known, f"templates are {', '.join(known)}")
    raise WrongRequest(f"there is no report template '{printable(name)}'; {hint}")


def _block(figures: Iterable[FrozenFigure]) -> str:
    """Return figures as a YAML list below its key, one in a line."""
    return "".join(f"\n  - {{{', '.join(_entries(figure))}}}" for figure in figures)


def _entries(figure: FrozenFigure) -> Iterator[str]:
    for name in type(figure).model_fields:
        value = getattr(figure, name)
        if isinstance(value, tuple):
            if value:
                yield f"{name}: [{', '.join(map(_quoted, value))}]"
        elif value is not None:
            yield f"{name}: {_quoted(str(value))}"


def _quoted(text: str) -> str:
    return text if _PLAIN_IN_A_LINE.match(text) else json.dumps(text, ensure_ascii=False)
