"""Page: one generated page as a value, and what the build says of itself on every page that speaks of it."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.problems import Problem


class Page(Struct, frozen=True):
    """A generated page, complete but for the frame of the site.

    Attributes:
        address: Where it lies in the site, such as "risks/RSK-014/"; "" is the site's front page.
        title: What it is called, as text.
        body: HTML with one h1; links into the site begin with `aipm-root:/`.
        audience: The strictest label of what it shows.
        section: What it belongs to: a kind's folder, or "status".
        search_text: What a search should find it by, as text.
        search_html: The same as HTML, of which the text is taken where there is a search.
        in_nav: Whether it may stand in the navigation; pages of records never do.
        edit_path: Path of the file that it was made from, where there is one.
        anchors: Places in it that other pages point to: rows, figures.
        description: One sentence for the head of the page, as text.
        lead_path: Path of an ordinary page that stands above it at the same address; it then has no h1 of its own.
    """

    address: str
    title: str
    body: str
    audience: str
    section: str
    search_text: str = ""
    search_html: str = ""
    in_nav: bool = False
    edit_path: str | None = None
    anchors: tuple[str, ...] = ()
    description: str = ""
    lead_path: str | None = None


class SiteInfo(Struct, frozen=True):
    """What a build says of itself.

    Attributes:
        title: Title of the site, for a project without a charter.
        audience: The label that the build is for.
        revision: The commit, shortened; None without one.
        no_revision: Why the commit is not known though there may be one, in words that follow "as"; else empty.
        uncommitted: Whether the checkout differed from that commit.
        as_of_reason: Where the as-of came from, in words.
        content: Name of the content's folder, with which the paths of files begin.
        problems: What a lenient build found and went on; empty in a strict one.
        unshared_problems: How many more it found in files that are not for this audience.
        unread: How many records could not be read in a lenient build.
    """

    title: str
    audience: str
    revision: str | None = None
    no_revision: str = ""
    uncommitted: bool = False
    as_of_reason: str = ""
    content: str = "content"
    problems: tuple[Problem, ...] = ()
    unshared_problems: int = 0
    unread: int = 0

    @property
    def has_problems(self) -> bool:
        """Whether this is a lenient build that went on in spite of problems."""
        return bool(self.problems or self.unshared_problems)
