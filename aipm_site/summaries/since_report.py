"""Words of what a figure did since the last report: "+ USD 40,000 since the report of 8 April 2026, worse"."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

from aipm_site.changes.since_report import Origin, SinceReport
from aipm_site.facts.numbers import day
from aipm_site.summaries.change_words import delta_text, figure_text, sense, words


def since_text(since: SinceReport) -> str:
    """Return what a figure did since it was told last, as text on one line."""
    return str(since_html(since, figure=escape, origin=escape).unescape())


def since_html(
    since: SinceReport,
    *,
    figure: Callable[[str], Markup],
    origin: Callable[[str], Markup],
    is_brief: bool = False,
) -> Markup:
    """Return what a figure did since it was told last, as HTML.

    Args:
        since: What it did.
        figure: Gives the HTML of a value or a difference, a link to how it was computed.
        origin: Gives the HTML of what told it then, a link to the report.
        is_brief: Whether a heading says already what told it then.
    """
    told, change = words("since"), since.change
    form = Markup(told["brief" if is_brief else "full"][since.outcome])
    text = form.format(
        delta=figure(delta_text(change)),
        before=figure(figure_text(change.before)),
        origin=origin(origin_text(since.origin)) if since.origin else "",
    )
    judged = sense(change.better, is_rebaselined=change.is_rebaselined)
    return Markup(told["sense"]).format(change=text, sense=judged) if judged else text


def origin_text(origin: Origin) -> str:
    """Return what told a figure: "report of 8 April 2026"."""
    return str(words("since")["report" if origin.report else "revision"]).format(day=day(origin.day))
