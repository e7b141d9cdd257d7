"""What is wrong: the problems of a lenient build, listed for those who preview it."""

from __future__ import annotations

from dataclasses import dataclass

from aipm_site.pages.addresses import PROBLEMS
from aipm_site.pages.context import PageContext
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.pages.words import phrase, plural
from aipm_site.problems import Problem, count_problems, sort_problems


@dataclass(frozen=True, slots=True)
class ProblemsView:
    """The context of templates/pages/problems.html.

    Attributes:
        problems: The problems by place.
        counts: How many there are of each weight.
        unread: How many records could not be read; "" for none.
        unshared: How many more problems these readers may not see; "" for none.
    """

    problems: tuple[Problem, ...]
    counts: str
    unread: str
    unshared: str


def problems_pages(context: PageContext) -> tuple[Page, ...]:
    """Return the page of problems where there are any, and none in a build that is right."""
    if not context.site.has_problems:
        return ()
    counts = count_problems(context.site.problems)
    words = f"{plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}"
    unread = plural(context.site.unread, "record") if context.site.unread else ""
    unshared = plural(context.site.unshared_problems, "more problem") if context.site.unshared_problems else ""
    view = ProblemsView(tuple(sort_problems(context.site.problems)), words, unread, unshared)
    page = Page(
        address=PROBLEMS,
        title=phrase("problems_title"),
        body=render("pages/problems.html", view=view),
        audience=context.site.audience,
        section="status",
        in_nav=True,
    )
    return (page,)
