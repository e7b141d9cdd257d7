"""Local servers that stand for what the workflows talk to: a site, a webhook, and the part of GitHub's API they use."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
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
        has_label: Whether the repository has the label; a token that may write to pull requests alone can make none:
            https://github.com/actions/labeler/issues/870
        strangers_heard: Authorizations that the host of the archives was told; it is not GitHub.
    """

    # https://docs.github.com/rest/pulls/pulls#list-pull-requests-files: "Responses include a maximum of 3000 files."
    FILES_AT_MOST = 3000

    def __init__(self, archive: bytes | None, pull: dict[str, object]) -> None:
        self.archive = archive
        self.size = len(archive or b"")
        self.pull = pull
        self.files: list[dict[str, str]] = [{"filename": "content/risks/RSK-001.yml"}]
        self.comments: list[dict[str, object]] = []
        self.labels: list[str] = []
        self.has_label = True
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
                return _json({"changed_files": len(self.files), **self.pull})
            case "GET", ["pulls", "12", "files"]:
                return _page(self.files[: self.FILES_AT_MOST], path, query)
            case "GET", ["issues", "12", "comments"]:
                return _page(self.comments, path, query)
            case "POST", ["issues", "12", "comments"]:
                self.written.append("new")
                self.comments.append({"id": 500 + len(self.comments), "user": {"login": "github-actions[bot]"}, **data})
                return _json(self.comments[-1], 201)
            case "PATCH", ["issues", "comments", number]:
                self.written.append(number)
                comment = next(comment for comment in self.comments if comment["id"] == int(number))
                comment.update(data)
                return _json(comment)
            case "POST", ["issues", "12", "labels"] if not self.has_label:
                return _json({"message": "You do not have permission to create labels on this repository."}, 403)
            case "POST", ["issues", "12", "labels"]:
                self.labels += data["labels"]
                return _json([])
        return 404, b"{}", {}

    def _artefacts(self) -> list[dict[str, object]]:
        report = {"id": 7, "name": "aipm-report", "size_in_bytes": self.size, "expired": False}
        site = {"id": 8, "name": "aipm-site", "size_in_bytes": 10**8, "expired": False}
        return [*([report] if self.archive is not None else []), site]


class Gitlab(Server):
    """The part of GitLab's API that the comments need, for project 7 with merge request 12, which may come from a fork.

    Attributes:
        others: Numbers of open merge requests before it, which have no pipeline.
        commits: At which commits it is, one after the other each time that it is asked for.
        report: The files of the report as GitLab's other host serves them; None where the job left none.
        source: The project in which its pipeline ran.
        changed: The files that it changes.
        notes: The comments on it, in their order.
        written: What was written: "new", or the number of the comment.
        strangers_heard: Authorizations that the host of the files was told; it is not GitLab.
    """

    ME = 900
    # What it keeps of a merge request: https://docs.gitlab.com/administration/diff_limits/, "1000+" in changes_count.
    FILES_AT_MOST = 1000
    # Older versions fail where more are asked for: https://gitlab.com/gitlab-org/gitlab/-/issues/427168
    DIFFS_AT_MOST = 30

    def __init__(self, report: dict[str, bytes] | None, source: int = 7) -> None:
        self.report = report
        self.source = source
        self.others: tuple[int, ...] = ()
        self.commits = ["0123456789abcdef"]
        self.changed = [{"new_path": "content/risks/RSK-001.yml", "old_path": "content/risks/RSK-001.yml"}]
        self.notes: list[dict[str, object]] = []
        self.written: list[str] = []
        self.storage = ""
        self.strangers_heard: list[str | None] = []
        self.has_pipeline = True

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        place = urlsplit(path)
        if place.path.startswith("/storage/"):
            self.strangers_heard.append(headers.get("authorization"))
            found = (self.report or {}).get(place.path.removeprefix("/storage/"))
            return (404, b"", {}) if found is None else (200, found, {})
        if headers.get("authorization") != "Bearer a-token":
            return 401, b"{}", {}
        if body and headers.get("content-type") != "application/json":
            return 415, b"{}", {}
        return self._data(method, place.path, parse_qs(place.query), json.loads(body) if body else None)

    def _data(
        self, method: str, path: str, query: dict[str, list[str]], data: object
    ) -> tuple[int, bytes, dict[str, str]]:
        ran_in = f"projects/{self.source}"
        match method, path.removeprefix("/api/v4/"):
            case "GET", "user":
                return _json({"id": self.ME})
            case "GET", "projects/7/merge_requests":
                open_ones = [{"iid": number} for number in (*self.others, 12)]
                return _page(open_ones if query["state"] == ["opened"] else [], path, query)
            case "GET", "projects/7/merge_requests/12":
                pipeline = {"id": 30, "project_id": self.source} if self.has_pipeline else None
                sha = self.commits.pop(0) if len(self.commits) > 1 else self.commits[0]
                return _json({"iid": 12, "sha": sha, "head_pipeline": pipeline, "changes_count": self._changes_count()})
            case "GET", "projects/7/merge_requests/12/diffs" if int(query["per_page"][0]) > self.DIFFS_AT_MOST:
                return _json({"message": "500 Internal Server Error"}, 500)
            case "GET", "projects/7/merge_requests/12/diffs":
                return _page(self.changed[: self.FILES_AT_MOST], path, query)
            case "GET", "projects/7/merge_requests/12/notes":
                return _page(self.notes, path, query)
            case "POST", "projects/7/merge_requests/12/notes":
                self.written.append("new")
                self.notes.append({"id": 500 + len(self.notes), "author": {"id": self.ME}, **data})
                return _json(self.notes[-1], 201)
            case "PUT", address if address.startswith("projects/7/merge_requests/12/notes/"):
                self.written.append(address.rpartition("/")[2])
                note = next(note for note in self.notes if note["id"] == int(self.written[-1]))
                note.update(data)
                return _json(note)
            case "GET", address if address == f"{ran_in}/pipelines/30/jobs":
                return _page(self._jobs(), path, query)
            case "GET", address if address.startswith("projects/7/merge_requests/") and address.count("/") == 3:
                return _json({"iid": int(address.rpartition("/")[2]), "head_pipeline": None})
            case "GET", address if address.startswith(f"{ran_in}/jobs/41/artifacts/"):
                return 302, b"", {"Location": f"{self.storage}/{address.partition('/artifacts/')[2]}"}
        return 404, b"{}", {}

    def _changes_count(self) -> str:
        changed = len(self.changed)
        return f"{self.FILES_AT_MOST}+" if changed > self.FILES_AT_MOST else str(changed)

    def _jobs(self) -> list[dict[str, object]]:
        kept = {"filename": "artifacts.zip", "size": 1}
        web = "https://gitlab.com/team/triage/-/jobs"
        return [
            # A run before the last one.
            {"id": 31, "name": "aipm-changes", "web_url": f"{web}/31", "artifacts_file": kept},
            {"id": 41, "name": "aipm-changes", "web_url": f"{web}/41", "artifacts_file": kept if self.report else None},
            {"id": 42, "name": "aipm-site", "web_url": f"{web}/42", "artifacts_file": kept},
        ][0 if self.report else 1 :]


def _page(items: Sequence[object], path: str, query: dict[str, list[str]]) -> tuple[int, bytes, dict[str, str]]:
    """Return a page of a list, with the headers in which GitHub (Link) and GitLab (both) name the next one."""
    size, page = int(query.get("per_page", ["20"])[0]), int(query.get("page", ["1"])[0])
    status, body, headers = _json(items[size * (page - 1) : size * page])
    has_next = len(items) > size * page
    rel = f'<http://localhost{path}?per_page={size}&page={page + 1}>; rel="next", ' if has_next else ""
    headers |= {"Link": f'{rel}<http://localhost{path}?per_page={size}&page=1>; rel="first"'}
    return status, body, headers | {"X-Next-Page": str(page + 1) if has_next else ""}


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

        do_GET = do_POST = do_PATCH = do_PUT = _handle  # noqa: N815  names that http.server looks for

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
