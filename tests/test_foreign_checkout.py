"""A checkout of another user, as in a container: git refuses to read it, and everything says that and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.repository import History
from tests.sample import CHARTER, SMALL, aipm

REFUSAL = "git refuses to read the checkout of another user"
REMEDY = "git config --global --add safe.directory"
UNDATED = CHARTER.replace("as_of: 2026-04-15\n", "")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a committed project which git takes for another user's."""
    history = History(tmp_path / "project")
    history.commit({**SMALL, "content/project.yml": UNDATED, ".gitignore": "site/\npublic/\n"}, day=0)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    return history.root


def test_the_status_says_why_it_speaks_for_today(root: Path) -> None:
    outcome = aipm(root, "status")

    assert ", today, as git refuses to tell the commit;" in outcome.out
    assert "there is no commit" not in outcome.out
    assert str(root) not in outcome.out


def test_the_check_says_how_git_is_let_read_it(root: Path) -> None:
    outcome = aipm(root, "check")

    assert outcome.code == 0
    assert f"warning[foreign-checkout]: {REFUSAL}" in outcome.out
    assert REMEDY in outcome.out


def test_a_site_says_that_its_revision_is_not_known_and_tells_no_path_of_the_machine(root: Path) -> None:
    assert aipm(root, "build").code == 0

    texts = [file.read_text(encoding="utf-8", errors="replace") for file in (root / "site").rglob("*.html")]
    assert not [text for text in texts if str(root) in text or "git says" in text]
    home = (root / "site/index.html").read_text(encoding="utf-8")
    assert f"Revision not known, as {REFUSAL}" in home
    assert "Not under version control" not in home


def test_nothing_is_published_that_is_of_no_known_commit(root: Path) -> None:
    assert aipm(root, "build").code == 0

    at_once = aipm(root, "publish", "--to", str(root / "public"))
    as_built = aipm(root, "publish", "--to", str(root / "public"), "--from", str(root / "site"))

    assert (at_once.code, as_built.code) == (1, 1)
    assert f"error[no-revision]: there is no commit to publish, as {REFUSAL}" in at_once.err
    assert f"hint: let git read it: `{REMEDY}" in at_once.err
    assert "error[no-revision]" in as_built.err
    assert not (root / "public").exists()
    # As without git: what it was built from is not told, and that alone keeps it from being published.
    assert json.loads((root / "site/build.json").read_bytes())["revision"] is None


def test_a_revision_that_is_asked_for_is_refused_with_the_remedy(root: Path) -> None:
    outcome = aipm(root, "status", "--at", "HEAD")

    assert outcome.code == 2
    assert REFUSAL in outcome.err
    assert REMEDY in outcome.err
