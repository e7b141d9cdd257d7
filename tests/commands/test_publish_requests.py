"""`aipm publish`: what cannot be done as asked is said before anything is built."""

import pytest

from tests.publication.builds import git
from tests.sample import SMALL, aipm, write


@pytest.fixture
def root(tmp_path):
    folder = write(tmp_path / "project", {**SMALL, ".gitignore": "public/\n"})
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Begin")
    return folder


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say where to publish"),
        (["--to", "public", "--branch", "gh-pages"], "say where to publish"),
        (["--to", "public", "--no-push"], "about a branch"),
        (["--to", "public", "--version", "../up"], "cannot be a folder"),
        (["--to", "public", "--version", "versions"], "cannot be a folder"),
        (["--to", "public", "--alias", "latest"], "by rule"),
        (["--to", "public", "--alias", "Latest"], "'Latest' is written 'latest'"),
        (["--to", "public", "--alias", "2026-04-22"], "'2026-04-22' has the form of a day or period"),
        (["--to", "public", "--alias", "2026-w17"], "has the form of a day or period"),
        (["--to", "public", "--alias", "2026-05"], "has the form of a day or period"),
        (["--to", "public", "--alias", "2026-Q2"], "has the form of a day or period"),
        (["--to", "public", "--alias", "board", "--alias", "BOARD"], "'BOARD' and the alias 'board' are one folder"),
        (["--to", "public", "--version", "latest"], "is an alias"),
        (["--to", "public", "--version", "2026-04-16"], "'2026-04-16' is another day than the version speaks for"),
        (["--to", "public", "--version", "2026-04-16-2"], "is another day than the version speaks for, 2026-04-15"),
        (["--to", "public", "--version", "2026-W16"], "'2026-W16' has the form of a period"),
        (["--to", "public", "--version", "2026"], "has the form of a period"),
        (["--to", "public", "--remove-alias", "board"], "there is no alias 'board'"),
        (["--to", "public", "--remove-alias", "board", "--alias", "x"], "call it alone"),
        (["--to", "public", "--remove-alias", "board", "--purge", "x"], "call it alone"),
        (["--to", "public", "--purge", "x", "--version", "y"], "call it alone"),
        (["--to", "public", "--from", "content", "--as-of", "2026-04-15"], "no effect"),
        (["--to", "public", "--acknowledge", "RSK-01"], "there is no 'RSK-01' to acknowledge; did you mean 'RSK-001'?"),
        (["--to", "public", "--acknowledge", "risk.opn"], "did you mean 'risk.open'?"),
        (["--to", "public", "--acknowledge", "content/wiki/strt.md"], "did you mean 'content/wiki/start.md'?"),
        (["--to", "public", "--acknowledge", "NOPE"], "name a record, a figure, or the path of a page or attachment"),
        (["--to", "content/public"], "content folder"),
        (["--to", "."], "holds the project"),
        (["--branch", "main", "--no-push"], "checked out"),
        (["--branch", "a..b", "--no-push"], "no name of a branch"),
    ],
)
def test_what_cannot_be_asked_for_is_said(root, monkeypatch, arguments, words):
    monkeypatch.chdir(root)

    outcome = aipm(root, "publish", *arguments)

    assert outcome.code == 2, outcome.err
    assert words in outcome.err
    assert not (root / "public").exists()
