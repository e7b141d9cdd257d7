"""Reports: a template filled with figures and words, turned into HTML in which no record can have put a tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

import nh3
from markdown import Markdown
from msgspec import Struct, field

from aipm_site.facts.facts import Facts
from aipm_site.problems import Place, Problem, did_you_mean, error
from aipm_site.project import Project
from aipm_site.readers.content_tree import PageSource
from aipm_site.readers.front_matter import read_front_matter
from aipm_site.readers.strict_yaml import YamlMapping
from aipm_site.summaries.executive import Edition, executive_summary
from aipm_site.summaries.past import Past
from aipm_site.summaries.printed import Addresses, ChangeRef, CourseRef, FigureRef, Tokens, has_token_characters, what
from aipm_site.summaries.template_language import Refused, TemplateSource, fill_template

EXECUTIVE = "executive"
BUILT_IN_REPORTS = (EXECUTIVE,)
"""Reports that every site has: whoever may not read a project's own template of that name gets ours."""
BUILT_IN = "executive.md"
_BUILT_IN_FILE = "aipm_site/templates/reports/executive.md"
SETTINGS = ("title", "audience", "status")
_STATUSES = ("draft", "final")
_TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}


class Report(Struct, frozen=True):
    """A rendered report.

    Attributes:
        name: What it is called on the command line and in its address, such as "executive".
        title: Its title, as text.
        audience: The label of those who may read it; its figures are theirs.
        status: draft or final.
        html: Its body; empty where a problem stopped it.
        problems: What is wrong with its template, or with the figures of a final report.
        printed: Names of the figures that it prints, sorted.
        changes: What it says of the change of figures since the last report, by name.
    """

    name: str
    title: str
    audience: str
    status: str
    html: str
    problems: tuple[Problem, ...] = ()
    printed: tuple[str, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)


def render_reports(
    project: Project, facts: Facts, edition: Edition, addresses: Addresses, past: Past | None = None
) -> tuple[tuple[Report, ...], list[Problem]]:
    """Return the executive summary and every other report that has a template, and what is wrong with them.

    Args:
        project: The project as the audience of the build may see it.
        facts: Its facts, likewise.
        edition: What a report says of itself.
        addresses: Where links lead.
        past: What the audience may know of the time before; None where nobody looked.
    """
    own = {PurePosixPath(template.path).stem: template for template in project.templates}
    templates: dict[str, PageSource | None] = dict.fromkeys(BUILT_IN_REPORTS) | dict(sorted(own.items()))
    reports = tuple(
        render_report(name, template, project, facts, edition, addresses, past) for name, template in templates.items()
    )
    return reports, [problem for report in reports for problem in report.problems]


def render_report(
    name: str,
    template: PageSource | None,
    project: Project,
    facts: Facts,
    edition: Edition,
    addresses: Addresses,
    past: Past | None = None,
) -> Report:
    """Return one report; without a template of the project's own, the built-in one.

    The figures are those of the report's own audience, whoever builds it.
    """
    built_in, _ = _built_in()
    meta = template.meta if template is not None else _built_in_settings()
    title, status = _setting(meta, "title") or name.replace("-", " ").capitalize(), _setting(meta, "status") or "draft"
    audience = project.audience_of(template) if template is not None else facts.audience
    source = _source_of(template) if template is not None else built_in
    seen = facts.visible_to(audience, project)
    known = (past or Past()).visible_to(audience, project, facts)
    tokens = Tokens(seen, addresses, known, is_final=status == "final")
    settings_problems = list(_wrong_settings(template))
    html, problems = _html(source, {source.name: source, built_in.name: built_in}.values(), seen, edition, tokens)
    found = (*settings_problems, *problems, *tokens.problems)
    return Report(
        name, title, audience, status, "" if found else html, found, tuple(sorted(tokens.printed)), tokens.changes
    )


def _source_of(template: PageSource) -> TemplateSource:
    # A project's executive.md extends the built-in one of the same name, so its own name here is its path.
    return TemplateSource(template.path, template.path, template.body, template.body_line)


@cache
def _built_in() -> tuple[TemplateSource, YamlMapping | None]:
    text = (files("aipm_site") / "templates" / "reports" / BUILT_IN).read_text(encoding="utf-8")
    parts, _ = read_front_matter(text, _BUILT_IN_FILE)
    return TemplateSource(BUILT_IN, _BUILT_IN_FILE, parts.body, parts.body_line), parts.data


def _built_in_settings() -> YamlMapping | None:
    return _built_in()[1]


def _setting(meta: YamlMapping | None, name: str) -> str:
    value = meta.get(name) if meta else None
    return value if isinstance(value, str) else ""


def _wrong_settings(template: PageSource | None) -> Iterable[Problem]:
    meta = template.meta if template is not None else None
    if template is None or meta is None:
        return
    for key in meta:
        if key not in SETTINGS:
            place = Place(template.path, *meta.key_places[key])
            hint = did_you_mean(key, SETTINGS, f"a report has {', '.join(SETTINGS)}")
            yield error("unknown-field", f"a report has no setting '{key}'", place, hint)
    status = meta.get("status")
    if status is not None and status not in _STATUSES:
        place = Place(template.path, *meta.value_places["status"])
        yield error("unknown-value", f"a report's status is draft or final, and not '{status}'", place)


def _html(
    source: TemplateSource, sources: Iterable[TemplateSource], facts: Facts, edition: Edition, tokens: Tokens
) -> tuple[str, list[Problem]]:
    place = Place(source.file, source.first_line)
    if has_token_characters(source.text):
        return "", [error("template-broken", "the template has characters of the private use area", place)]
    values = {"summary": executive_summary(facts, edition, source.file, tokens.past), "fig": _fig}
    text, problems = fill_template(sources, source.name, values, tokens.print, FILTERS)
    if problems:
        return "", problems
    return tokens.put_back(_clean(_markdown(text)), place), []


def _fig(name: object) -> FigureRef:
    """Return a figure by name, for templates; it is always written in its own text."""
    if not isinstance(name, str):
        raise Refused("unknown-figure", "fig() takes the name of a figure", "write it in quotes: fig('risk.open')")
    return FigureRef(name)


def _trend(value: object) -> CourseRef:
    """Return the course of a figure, for templates."""
    return CourseRef(_figure_name("trend", value))


def _since_last_report(value: object) -> ChangeRef:
    """Return what a figure did since the last report, for templates."""
    return ChangeRef(_figure_name("since_last_report", value))


# What may be asked of a figure in a template.
FILTERS = {"trend": _trend, "since_last_report": _since_last_report}


def _figure_name(asked: str, value: object) -> str:
    if not isinstance(value, FigureRef):
        hint = f"write {{{{ fig('risk.open') | {asked} }}}}"
        raise Refused("unknown-figure", f"{asked} is asked of a figure, and this is {what(value)}", hint)
    return value.name


def _markdown(text: str) -> str:
    markdown = Markdown(extensions=["tables", "sane_lists"])
    # Raw HTML is text, so that nothing but Markdown can make a tag.
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    return markdown.convert(text)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "th": {"style"}, "td": {"style"}},
        filter_style_properties={"text-align"},
        url_schemes={"https", "mailto", "aipm-root"},
        link_rel=None,
    )
