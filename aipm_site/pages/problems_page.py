"""What is wrong: the problems of a lenient build, listed for those who preview it."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.pages.addresses import PROBLEMS, ROOT
from aipm_site.pages.context import PageContext
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.pages.words import phrase, plural
from aipm_site.problems import Problem, count_problems, sort_problems


class ProblemsView(Struct, frozen=True):
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


class NoticeView(Struct, frozen=True):
    """The context of templates/pages/notice.html.

    Attributes:
        text: What could not be read, and what that means for the figures.
        problems_href: Address of the page that lists what is wrong.
    """

    text: str
    problems_href: str


def problems_notice(context: PageContext) -> str:
    """Return what every page of a lenient build says above its text; nothing in a build that is right."""
    if not context.site.has_problems:
        return ""
    return render("pages/notice.html", view=NoticeView(_notice_text(context), ROOT + PROBLEMS))


def _notice_text(context: PageContext) -> str:
    unread = context.site.unread
    if not unread:
        return phrase("built_with_errors")
    # How many records there are in all is not for those who may not see them all.
    total = "" if context.hides() else plural(len(context.project.records) + unread, "record")
    said = phrase("unread_of").format(unread=f"{unread:,}", total=total) if total else plural(unread, "record")
    return phrase("unread").format(unread=said, are="is" if unread == 1 else "are")


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
