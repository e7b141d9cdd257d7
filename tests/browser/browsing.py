"""What the browser tests share: a server for a built folder, Chromium, and a page that notes what it should not do."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell")
# Without the sandbox, as containers have none for root.
FLAGS = ["--no-sandbox"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

_NOTE_VIOLATIONS = """
window.__csp = [];
addEventListener("securitypolicyviolation", e => __csp.push(e.violatedDirective + " " + e.blockedURI));
"""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>', re.IGNORECASE)


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing; on demand it leaves the policy out of the pages."""

    def __init__(self, *arguments: Any, has_policy: bool = True, **settings: Any) -> None:
        self.has_policy = has_policy
        super().__init__(*arguments, **settings)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Serve a file; a page without its policy where that is asked for."""
        page = Path(self.translate_path(self.path)) / "index.html"
        if self.has_policy or not page.is_file():
            super().do_GET()
            return
        text, found = _POLICY.subn("", page.read_text(encoding="utf-8"))
        assert found == 1, f"{page} has {found} policies"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own page for what is not there, as servers of pages do."""
        missing = next((Path(self.directory).rglob("404.html")), None) if code == 404 else None
        if missing is None or self.command != "GET":
            super().send_error(code, message, explain)
            return
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(missing.read_bytes())


@contextmanager
def served(folder: Path, *, has_policy: bool = True) -> Iterator[str]:
    """Serve a built folder on this machine alone and give its address."""
    handler = partial(_Quiet, directory=str(folder), has_policy=has_policy)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@dataclass
class Visit:
    """A page in a browser, with what it did that it should not.

    Attributes:
        page: Playwright's page.
        base: Address of the site.
        foreign: Requests to other hosts; none of them was let through.
        errors: What the console reported as an error, and what scripts threw.
        dialogs: Texts of dialogs that opened.
    """

    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> Page:
        """Open a page of the site and return it when its scripts have run."""
        self.page.goto(self.base + address, wait_until="load")
        return self.page

    def violations(self) -> list[str]:
        """Return the violations of the policy on the page that is open."""
        found: list[str] = self.page.evaluate("window.__csp")
        return found

    def overflow(self) -> int:
        """Return by how many pixels the open page is wider than its window."""
        root = "document.documentElement"
        return int(self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


@contextmanager
def visiting(browser: Browser, base: str, **settings: Any) -> Iterator[Visit]:
    """Open a browser window that reaches nothing but the site."""
    context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **settings})
    context.add_init_script(_NOTE_VIOLATIONS)
    page = context.new_page()
    visit = Visit(page, base)
    context.route("**/*", _guard(visit))
    page.on("console", lambda message: visit.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("dialog", lambda dialog: (visit.dialogs.append(dialog.message), dialog.dismiss()))
    try:
        yield visit
    finally:
        context.close()


def _guard(visit: Visit) -> Callable[[Route], None]:
    def guard(route: Route) -> None:
        url = route.request.url
        if url.startswith((visit.base, "data:", "blob:")):
            route.continue_()
            return
        visit.foreign.append(url)
        route.abort()

    return guard
