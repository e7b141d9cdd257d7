"""The status home: the state of the project in one screen, with reasons, decisions needed and what is due."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape
from msgspec import Struct

from aipm_site.facts.figure import Source
from aipm_site.facts.finding import Finding
from aipm_site.facts.history import Standing
from aipm_site.facts.numbers import day
from aipm_site.facts.status import DIMENSIONS, Dimension, Status
from aipm_site.pages.addresses import (
    CALENDAR,
    EXECUTIVE,
    FEED_ATOM,
    FIGURES,
    HOME,
    MISSING,
    ROOT,
    figure_address,
    register_of,
)
from aipm_site.pages.context import PageContext
from aipm_site.pages.counts import tile_text
from aipm_site.pages.due import DecisionView, DueGroup, decision_views, due_groups
from aipm_site.pages.field_values import acting_time_of
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.pages.problems_page import problems_notice
from aipm_site.pages.words import phrase, plural, sentence_case, status_meaning, status_word
from aipm_site.records.record import Row
from aipm_site.summaries.field_labels import field_label
from aipm_site.summaries.reasons import leading_clause, reason_text

SOURCES_AT_MOST = 2
# A card shows the first reasons, keeps some more on demand, and counts the others: a project may have thousands.
REASONS_FIRST = 6
REASONS_AT_MOST = 60
GREEN_FIRST = 3
_WORD = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")


class ReasonView(Struct, frozen=True):
    """A reason for a colour.

    Attributes:
        status: The colour that it is a reason for.
        text: The sentence; ids in it are links.
        sources: Links to the first of the records behind it that the sentence does not name.
        more: How many more there are.
    """

    status: str
    text: Markup
    sources: tuple[Markup, ...]
    more: int


class LineView(Struct, frozen=True):
    """What one dimension adds to the overall status, in a line.

    Attributes:
        label: The dimension; "" for a reason of one that is not shared.
        href: Where its card stands on the page, None where it has none.
        text: Its most pressing reason, in short.
        more: How many more reasons of that colour its card gives.
    """

    label: str
    href: str | None
    text: Markup
    more: int


class StatusView(Struct, frozen=True):
    """A status as word and shape.

    Attributes:
        status: The status word of the data, such as "amber".
        word: What it is called: "Amber".
        meaning: What it says: "at risk"; "" where the word says it all.
    """

    status: str
    word: str
    meaning: str


class DimensionCard(Struct, frozen=True):
    """One dimension of the status.

    Attributes:
        name: Its name, from which its anchor is made.
        label: What it is called.
        status: Its status.
        reasons: Why it has that status, the worst first: what is worse than green, or what makes it green.
        rest: More reasons, shown on demand.
        untold: How many more there are that only status.json holds.
        within: How many more findings there are, all of them green.
        note: What must be said beside it: a judgement, or inputs that are not reported.
        href: Address of the entry that says how it was computed, None where it is not shared.
    """

    name: str
    label: str
    status: StatusView
    reasons: tuple[ReasonView, ...]
    rest: tuple[ReasonView, ...]
    untold: int
    within: int
    note: str
    href: str | None


class RegisterLink(Struct, frozen=True):
    """A register with what it holds."""

    title: str
    href: str
    counts: str


class HomeView(Struct, frozen=True):
    """The context of templates/pages/home.html.

    Attributes:
        title: The project's title.
        as_of: The day or moment that the status speaks for.
        as_of_reason: Where it came from.
        revision: The commit, shortened.
        no_revision: Why it is not known though there may be one; else empty.
        uncommitted: Whether the checkout differed from it.
        audience: The label of the build.
        notice: What a lenient build says of what it left out; empty in a build that is right.
        has_status: Whether the project answers for any dimension.
        overall: The overall status.
        overall_href: Address of the entry that says how it was computed.
        since: Since when it is so, or why that is not known.
        silence: How many dimensions are not reported, where the colour does not say it; "" for none.
        lines: Why it is so, in a line for each dimension that made it so; the cards have all reasons.
        cards: One per dimension that the project answers for.
        not_tracked: Names of the other dimensions.
        not_shared: Names of dimensions that this audience may not see.
        summary_href: Address of the executive summary.
        decisions: Decisions needed.
        due: What is due, most urgent first.
        registers: The registers and what they hold.
        missing_href: Address of the page of what is missing.
        figures_href: Address of the page of figures.
        feed_href: Address of the feed of what happened.
        calendar_href: Address of the calendar; "" where nothing stands in it.
        has_records: Whether anything is recorded yet.
        hides_decisions: Whether decisions are hidden from these readers, so that no decision is not "none".
        hides_records: Whether any records are, so that nothing due is not "nothing".
    """

    title: str
    as_of: Markup
    as_of_reason: str
    revision: str | None
    no_revision: str
    uncommitted: bool
    audience: str
    notice: Markup
    has_status: bool
    overall: StatusView
    overall_href: str | None
    since: str
    silence: str
    lines: tuple[LineView, ...]
    cards: tuple[DimensionCard, ...]
    not_tracked: tuple[str, ...]
    not_shared: tuple[str, ...]
    summary_href: str
    decisions: tuple[DecisionView, ...]
    due: tuple[DueGroup, ...]
    registers: tuple[RegisterLink, ...]
    missing_href: str
    figures_href: str
    feed_href: str
    calendar_href: str
    has_records: bool
    hides_decisions: bool
    hides_records: bool


def home_pages(context: PageContext) -> tuple[Page, ...]:
    """Return the status home, but where a writer's front page shows it by a view."""
    if context.home_address == HOME and context.page_at(HOME) is not None:
        return ()
    view = home_view(context)
    page = Page(
        address=context.home_address,
        title=context.title if context.home_address == HOME else phrase("status_title"),
        body=render("pages/home.html", view=view),
        audience=context.site.audience,
        section="status",
        search_text=f"{view.overall.word} {view.overall.meaning}",
        in_nav=True,
        description=f"{context.title}: {view.overall.word}",
    )
    return (page,)


def home_html(context: PageContext) -> Markup:
    """Return the status home as a part of another page: without the page's heading."""
    return Markup(render("pages/home_body.html", view=home_view(context)))


def home_view(context: PageContext) -> HomeView:
    """Return what the status home shows."""
    status = context.facts.status
    return HomeView(
        title=context.title,
        as_of=as_of_html(context),
        as_of_reason=context.site.as_of_reason,
        revision=context.site.revision,
        no_revision=context.site.no_revision,
        uncommitted=context.site.uncommitted,
        audience=context.site.audience,
        notice=Markup(problems_notice(context)),
        has_status=status.is_listed,
        overall=StatusView(status.overall, status_word(status.overall), status_meaning(status.overall)),
        overall_href=_figure_href(context, "status.overall"),
        since=_since(status),
        silence=_silence(status),
        lines=_lines(context, status),
        cards=tuple(_card(context, dimension) for dimension in status.listed),
        not_tracked=tuple(field_label(name) for name in status.not_tracked),
        not_shared=tuple(field_label(name) for name in DIMENSIONS if name in status.not_shared),
        summary_href=ROOT + EXECUTIVE,
        decisions=decision_views(context),
        due=due_groups(context),
        registers=_registers(context),
        missing_href=ROOT + MISSING,
        figures_href=ROOT + FIGURES,
        feed_href=ROOT + FEED_ATOM,
        calendar_href=ROOT + CALENDAR if context.facts.agenda else "",
        has_records=bool(context.kinds_in_use),
        hides_decisions=context.hides("decision", "funding-request"),
        hides_records=context.hides(),
    )


def as_of_html(context: PageContext) -> Markup:
    """Return the as-of as people write it: a day, or a moment where one was given."""
    as_of = context.facts.as_of
    return acting_time_of(as_of.moment if as_of.is_moment else as_of.date)


def _since(status: Status) -> str:
    if status.overall == "not_shared":
        return ""
    told = _standing(status.standing)
    if status.since is None:
        told.append(phrase("since_unknown").format(reason=status.since_reason))
    return sentence_case("; ".join(told))


def _standing(standing: Standing) -> list[str]:
    """Return since when a status is so and what it was before, as far as either is known."""
    told = []
    if standing.since is not None:
        count = plural(standing.days or 0, "day")
        told.append(phrase("since").format(date=day(standing.since), days=count))
    if standing.previous is not None and standing.previous_as_of is not None:
        word = status_word(standing.previous).lower()
        told.append(phrase("previously").format(status=word, date=day(standing.previous_as_of)))
    return told


def _silence(status: Status) -> str:
    if not status.not_reported or status.overall not in {"amber", "red"}:
        return ""
    return phrase("dimensions_not_reported").format(count=plural(len(status.not_reported), "dimension"))


def _figure_href(context: PageContext, name: str) -> str | None:
    return ROOT + figure_address(name) if name in context.facts.figures else None


def _lines(context: PageContext, status: Status) -> tuple[LineView, ...]:
    """Return one line for each dimension that made the status, and one for the reasons of those that are not shared."""
    left = {_key(finding): finding for finding in status.findings}
    lines = []
    for dimension in status.listed:
        mine = [left.pop(_key(finding)) for finding in dimension.findings if _key(finding) in left]
        if mine:
            lines.append(_line(context, mine, field_label(dimension.name), f"#dimension-{dimension.name}"))
    return (*lines, _line(context, list(left.values()))) if left else tuple(lines)


def _key(finding: Finding) -> tuple[str, str, tuple[Source, ...]]:
    return finding.rule, finding.status, finding.sources


def _line(context: PageContext, findings: list[Finding], label: str = "", href: str | None = None) -> LineView:
    text = leading_clause(findings) or reason_text(findings[0])
    return LineView(label, href, _with_links(context, sentence_case(text))[0], len(findings) - 1)


def _card(context: PageContext, dimension: Dimension) -> DimensionCard:
    telling = [finding for finding in dimension.findings if finding.status != "green"]
    reasons = [_reason(context, finding) for finding in (telling or dimension.findings)[:REASONS_AT_MOST]]
    first = REASONS_FIRST if telling else GREEN_FIRST
    return DimensionCard(
        name=dimension.name,
        label=field_label(dimension.name),
        status=StatusView(dimension.status, status_word(dimension.status), status_meaning(dimension.status)),
        reasons=tuple(reasons[:first]),
        rest=tuple(reasons[first:]) if telling else (),
        untold=max(0, len(telling) - REASONS_AT_MOST),
        within=len(dimension.findings) - (len(telling) or len(reasons[:first])),
        note=_note(dimension),
        href=_figure_href(context, f"status.{dimension.name}"),
    )


def _note(dimension: Dimension) -> str:
    notes = _standing(dimension.standing)
    if dimension.not_reported and dimension.status in {"amber", "red"}:
        notes.append(phrase("inputs_not_reported").format(count=plural(dimension.not_reported, "input")))
    if dimension.hidden_findings:
        notes.append(phrase("findings_not_shared").format(count=plural(dimension.hidden_findings, "reason")))
    return "; ".join(notes)


def _reason(context: PageContext, finding: Finding) -> ReasonView:
    text, named = _with_links(context, sentence_case(reason_text(finding)))
    rest = [record_id for record_id in _record_ids(context, finding.sources) if record_id not in named]
    links = tuple(map(context.links.short, rest[:SOURCES_AT_MOST]))
    return ReasonView(finding.status, text, links, len(rest) - len(links))


def _record_ids(context: PageContext, sources: Iterable[Source]) -> list[str]:
    """Return the ids behind something, each once; rows last, as the records that they are about say more."""
    ids = dict.fromkeys(source.record_id for source in sources)
    return sorted(ids, key=lambda record_id: isinstance(context.project.get(record_id), Row))


def _with_links(context: PageContext, text: str) -> tuple[Markup, frozenset[str]]:
    """Return text in which the ids of records are links, and those ids."""
    named = frozenset(word for word in _WORD.findall(text) if context.project.get(word) is not None)
    return Markup(_WORD.sub(lambda w: context.links.short(w[0]) if w[0] in named else w[0], escape(text))), named


def _registers(context: PageContext) -> tuple[RegisterLink, ...]:
    return tuple(
        RegisterLink(kind.register, ROOT + register_of(kind), tile_text(context, kind))
        for kind in context.kinds_in_use
        if not kind.is_rows
    )
