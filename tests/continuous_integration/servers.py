"""Local servers that stand for what the workflows talk to: a site, a webhook, and the part of GitHub's API they use."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Server:
    """Answers requests; a subclass says with what."""

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers."""
        raise NotImplementedError


class Served(Server):
    """Files at fixed paths."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        found = self.files.get(urlsplit(path).path)
        return (404, b"", {}) if found is None else (200, found, {})


class Received(Server):
    """A webhook that keeps what it was sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        self.bodies.append(body)
        return 200, b"ok", {}


class Github(Server):
    """The part of GitHub's API that the comment needs, for one repository with one pull request.

    Attributes:
        archive: The kept report, as the ZIP that GitHub serves from another host; None where there is none.
        size: Its size as GitHub says it.
        pull: The pull request.
        files: What it changes.
        comments: The comments on it, in their order.
        labels: The labels that were set.
        strangers_heard: Authorizations that the host of the archives was told; it is not GitHub.
    """

    def __init__(self, archive: bytes | None, pull: dict[str, object]) -> None:
        self.archive = archive
        self.size = len(archive or b"")
        self.pull = pull
        self.files: list[dict[str, str]] = [{"filename": "content/risks/RSK-001.yml"}]
        self.comments: list[dict[str, object]] = []
        self.labels: list[str] = []
        self.written: list[str] = []
        self.storage = ""
        self.strangers_heard: list[str | None] = []

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        place = urlsplit(path)
        if place.path == "/storage":
            self.strangers_heard.append(headers.get("authorization"))
            return 200, self.archive or b"", {}
        if headers.get("authorization") != "Bearer a-token":
            return 401, b"{}", {}
        if place.path.endswith("/zip"):
            return 302, b"", {"Location": self.storage}
        return self._data(method, place.path, parse_qs(place.query), json.loads(body) if body else None)

    def _data(
        self, method: str, path: str, query: dict[str, list[str]], data: object
    ) -> tuple[int, bytes, dict[str, str]]:
        parts = path.removeprefix("/repos/team/triage/").split("/")
        match method, parts:
            case "GET", ["actions", "runs", "99", "artifacts"]:
                return _json({"artifacts": self._artefacts()})
            case "GET", ["pulls", "12"]:
                return _json(self.pull)
            case "GET", ["pulls", "12", "files"]:
                return _json(self.files)
            case "GET", ["issues", "12", "comments"]:
                size, page = int(query["per_page"][0]), int(query["page"][0])
                return _json(self.comments[size * (page - 1) : size * page])
            case "POST", ["issues", "12", "comments"]:
                self.written.append("new")
                self.comments.append({"id": 500 + len(self.comments), "user": {"login": "github-actions[bot]"}, **data})
                return _json(self.comments[-1], 201)
            case "PATCH", ["issues", "comments", number]:
                self.written.append(number)
                comment = next(comment for comment in self.comments if comment["id"] == int(number))
                comment.update(data)
                return _json(comment)
            case "POST", ["issues", "12", "labels"]:
                self.labels += data["labels"]
                return _json([])
        return 404, b"{}", {}

    def _artefacts(self) -> list[dict[str, object]]:
        report = {"id": 7, "name": "aipm-report", "size_in_bytes": self.size, "expired": False}
        site = {"id": 8, "name": "aipm-site", "size_in_bytes": 10**8, "expired": False}
        return [*([report] if self.archive is not None else []), site]


def _json(data: object, status: int = 200) -> tuple[int, bytes, dict[str, str]]:
    return status, json.dumps(data).encode(), {"Content-Type": "application/json"}


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """Serve on a free port of this machine, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer, extra = server.answer(self.command, self.path, body, headers)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **extra}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PATCH = _handle  # noqa: N815  names that http.server looks for

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}"
        finally:
            httpd.shutdown()
            thread.join()
