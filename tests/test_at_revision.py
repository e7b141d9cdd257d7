"""The state at a revision: what `--at` takes, and that it is what a build of that commit would have given."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from aipm_site.memory import Memory
from aipm_site.session import find_revision, open_session
from aipm_site.workspace import WrongRequest
from tests.repository import FIRST_DAY, History
from tests.sample import CHARTER, RISK, SMALL, aipm, copy_sample, read_tree, write

UNDATED = CHARTER.replace("as_of: 2026-04-15\n", "").replace("tz: UTC", "tz: America/Chicago")


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a small project of three commits, on the 1st, 4th and 9th of April 2026, at noon in Chicago."""
    history = History(tmp_path / "project")
    history.commit({**SMALL, "content/project.yml": UNDATED, ".gitignore": "site*/\n"}, day=0)
    history.git("tag", "first")
    history.commit({"content/risks/RSK-002.yml": RISK.replace("RSK-001", "RSK-002")}, day=3)
    history.commit({"content/risks/RSK-003.yml": RISK.replace("RSK-001", "RSK-003")}, day=8)
    return history


def commit_of(history: History, name: str) -> str:
    return history.git("rev-parse", f"{name}^{{commit}}")


@pytest.mark.parametrize(
    ("name", "same_as"),
    [
        ("first", "main~2"),
        ("main", "main"),
        ("HEAD~1", "main~1"),
        ("2026-04-04", "main~1"),
        ("2026-04-08", "main~1"),
        ("2026-04-09", "main"),
        ("2027-01-01", "main"),
        # The commits were made at 17:00 UTC.
        ("2026-04-09T16:59:59Z", "main~1"),
        ("2026-04-09T17:00:00Z", "main"),
    ],
)
def test_a_revision_is_named_by_git_or_by_a_day_or_moment(history: History, name: str, same_as: str) -> None:
    assert find_revision(history.root, name).commit == commit_of(history, same_as)


def test_a_shortened_commit_is_a_name(history: History) -> None:
    assert find_revision(history.root, commit_of(history, "first")[:8]).commit == commit_of(history, "first")


def test_a_day_ends_in_the_time_zone_of_the_project(history: History) -> None:
    # 23:30 on the 10th in Chicago is 04:30 on the 11th in UTC (domain 1.2.2, A23).
    late = history.commit({}, day=9, hours=11.5)

    assert find_revision(history.root, "2026-04-10").commit == late


def test_a_tag_that_is_called_like_a_day_is_the_tag(history: History) -> None:
    history.git("tag", "2026-04-09", "first")

    assert find_revision(history.root, "2026-04-09").commit == commit_of(history, "first")


def test_a_day_means_the_main_line_where_a_branch_was_merged(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "side", "first")
    history.commit({"content/wiki/side.md": "# Side\n"}, day=4)
    history.git("checkout", "--quiet", "main")
    history.git("merge", "--quiet", "--no-ff", "--no-edit", "side", when=FIRST_DAY + timedelta(days=12))

    assert find_revision(history.root, "2026-04-08").commit == commit_of(history, "main~2")
    assert find_revision(history.root, "2026-04-13").commit == commit_of(history, "main")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("frist", "did you mean 'first'?"),
        ("2026-03-31", "the first one is of 2026-04-01"),
        ("2026-02-30", "there is no revision '2026-02-30'"),
        ("--all", "there is no revision '--all'"),
        ("", "there is no revision ''"),
        ("HEAD:content", "there is no revision"),
    ],
)
def test_what_is_no_revision_is_a_wrong_request_with_a_hint(history: History, name: str, says: str) -> None:
    outcome = aipm(history.root, "status", f"--at={name}")

    assert outcome.code == 2
    assert says in outcome.err
    assert outcome.out == ""


def test_where_the_clone_is_cut_off_the_message_says_how_to_deepen_it(history: History, tmp_path: Path) -> None:
    clone = history.clone(tmp_path / "clone", "--depth=1")

    outcome = aipm(clone, "status", "--at", "2026-04-05")

    assert outcome.code == 2
    assert "fetch-depth: 0" in outcome.err


def test_without_git_there_is_no_revision(tmp_path: Path) -> None:
    write(tmp_path / "project", SMALL)

    outcome = aipm(tmp_path / "project", "status", "--at", "first")

    assert outcome.code == 2
    assert "no git checkout" in outcome.err


def test_the_as_of_of_a_past_revision_is_its_own_and_never_today(history: History) -> None:
    write(history.root, {"content/wiki/new.md": "# Not committed\n"})

    session = open_session(history.root, at="2026-04-08", environment={})

    assert session.dated.as_of.date == date(2026, 4, 4)
    assert session.revision.commit == commit_of(history, "main~1")
    assert not session.revision.uncommitted
    assert session.epoch == int((FIRST_DAY + timedelta(days=3)).timestamp())


def test_what_is_asked_for_then_project_yml_of_the_revision_comes_before_its_date(history: History) -> None:
    dated = history.commit({"content/project.yml": UNDATED + "as_of: 2026-04-02\n"}, day=10)
    history.commit({"content/project.yml": UNDATED}, day=11)

    assert open_session(history.root, at=dated, environment={}).dated.as_of.date == date(2026, 4, 2)
    assert open_session(history.root, at=dated, as_of="2026-05-01", environment={}).dated.as_of.date == date(2026, 5, 1)


def test_the_age_of_a_record_that_dates_itself_nowhere_counts_from_the_revision(history: History) -> None:
    undated = "id: RSK-009\ntitle: Nobody dates this\nprobability: 1\nimpact: 1\n"
    brought = history.commit({"content/risks/RSK-009.yml": undated}, day=10)
    history.commit({"content/risks/RSK-009.yml": undated.replace("impact: 1", "impact: 2")}, day=20)

    freshness = open_session(history.root, at=brought, as_of="2026-05-01", environment={}).facts.freshness

    assert freshness["RSK-009"].since == date(2026, 4, 11)


def test_the_status_at_a_revision_is_that_of_the_revision(history: History) -> None:
    def open_risks(*arguments: str) -> str:
        outcome = aipm(history.root, "status", "--json", *arguments)
        assert outcome.code == 0, outcome.err
        data = json.loads(outcome.out)
        return f"{data['revision'][:7]} {data['as_of']} {data['figures']['risk.open']['value']}"

    assert open_risks("--at", "2026-04-05") == f"{commit_of(history, 'main~1')[:7]} 2026-04-04 2"
    assert open_risks() == f"{commit_of(history, 'main')[:7]} 2026-04-09 3"
    assert open_risks("--at", "first") == f"{commit_of(history, 'first')[:7]} 2026-04-01 1"


def test_settings_are_those_of_the_revision_and_the_content_may_have_lain_elsewhere(history: History) -> None:
    moved = {path.replace("content/", "docs/"): data for path, data in SMALL.items()}
    gone = {path: None for path in SMALL if path.startswith("content/")}
    settings = {"mkdocs.yml": SMALL["mkdocs.yml"].replace("docs_dir: content", "docs_dir: docs")}
    history.commit({**gone, **moved, **settings}, day=20)

    assert aipm(history.root, "status", "--at", "first").code == 0
    assert aipm(history.root, "status").code == 0


def test_a_revision_from_before_the_project_is_a_wrong_request(tmp_path: Path) -> None:
    history = History(tmp_path / "project")
    history.commit({"README.md": "# Soon\n"}, day=0)
    history.commit(SMALL, day=1)

    outcome = aipm(history.root, "status", "--at", "2026-04-01")

    assert outcome.code == 2
    assert "mkdocs.yml" in outcome.err


def test_errors_of_the_revision_are_problems_of_the_content(history: History) -> None:
    history.commit({"content/risks/RSK-001.yml": RISK.replace("impact: 2", "impact: 9")}, day=20)
    history.git("tag", "broken")
    history.commit({"content/risks/RSK-001.yml": RISK}, day=21)

    outcome = aipm(history.root, "status", "--at", "broken")

    assert outcome.code == 1
    assert "content/risks/RSK-001.yml:4:9: error[out-of-range]" in outcome.err


def built(root: Path, site: Path, *arguments: str) -> dict[str, bytes]:
    """Build a project into a folder and return the site's files."""
    outcome = aipm(root, "build", "--site", str(site), *arguments)
    assert outcome.code == 0, outcome.err
    return read_tree(site)


@pytest.mark.slow
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_build_at_a_revision_is_byte_for_byte_a_build_of_that_commit(tmp_path: Path, audience: str) -> None:
    history = History(tmp_path / "sample")
    copy_sample(history.root)
    history.commit({".gitignore": "site*/\n"}, day=20)
    theme = {"overrides/main.html": '{% extends "base.html" %}\n{% block announce %}Then{% endblock %}\n'}
    settings = (
        (history.root / "mkdocs.yml").read_text().replace("name: material", "name: material\n  custom_dir: overrides")
    )
    then = history.commit(
        {**theme, "mkdocs.yml": settings, "content/wiki/then.md": "---\naudience: public\n---\n\n# Then\n"}, day=21
    )
    later = {"content/wiki/then.md": "# Later\n", "overrides/main.html": '{% extends "base.html" %}\n'}
    history.commit({**later, "content/wiki/more.md": "# More\n"}, day=22)
    write(history.root, {"content/wiki/not-committed.md": "# Not committed\n"})

    there = built(history.clone_at(tmp_path / "clone", then), tmp_path / "there", "--audience", audience)
    here = built(history.root, tmp_path / "here", "--at", then, "--audience", audience)

    assert {path for path in there.keys() | here.keys() if there.get(path) != here.get(path)} == set()
    assert len(here) > 50
    assert b"Then" in here["wiki/then/index.html"]


@pytest.mark.slow
def test_a_build_at_a_revision_takes_pages_and_attachments_from_it_as_they_are(tmp_path: Path) -> None:
    history = History(tmp_path / "plain")
    picture = b"\x89PNG\r\n\x1a\nthen"
    settings = "site_name: Plain\nplugins: [search, aipm]\n"
    then = history.commit(
        {"mkdocs.yml": settings, "docs/index.md": "# Home\r\n\r\n![a](a.png)\r\n", "docs/a.png": picture}, day=0
    )
    history.commit({"docs/a.png": b"\x89PNG\r\n\x1a\nnow", "docs/index.md": "# Now\n"}, day=1)

    there = built(history.clone_at(tmp_path / "clone", then), tmp_path / "there")
    here = built(history.root, tmp_path / "here", "--at", then)

    assert here == there
    assert here["a.png"] == picture


@pytest.mark.slow
def test_a_build_at_a_revision_takes_attachments_as_git_stores_them(tmp_path: Path) -> None:
    # git applies the attributes of the checkout at hand, not those of the revision, so to ask it for them says nothing.
    history = History(tmp_path / "attributes")
    files = {".gitattributes": "*.csv text eol=crlf\n", "mkdocs.yml": "site_name: Plain\nplugins: [search, aipm]\n"}
    then = history.commit({**files, "docs/index.md": "# Home\n\n[a](a.csv)\n", "docs/a.csv": "a,b\n"}, day=0)

    there = built(history.clone_at(tmp_path / "clone", then), tmp_path / "there")
    here = built(history.root, tmp_path / "here", "--at", then)

    assert here["a.csv"] == b"a,b\n"
    assert there["a.csv"] == b"a,b\r\n"
    assert {path for path in there.keys() | here.keys() if there.get(path) != here.get(path)} == {"a.csv", "build.json"}


@pytest.mark.slow
def test_links_of_the_theme_are_followed_inside_the_project_and_nowhere_else(tmp_path: Path) -> None:
    history = History(tmp_path / "small")
    settings = SMALL["mkdocs.yml"].replace("name: material", "name: material, custom_dir: theme")
    main = '{% extends "base.html" %}{% block announce %}Linked{% endblock %}'
    write(tmp_path, {"secret.txt": "not ours"})
    history.commit({**SMALL, "mkdocs.yml": settings, "parts/main.html": main, "theme/x.txt": ""}, day=0)
    (history.root / "theme/main.html").symlink_to("../parts/main.html")
    (history.root / "theme/secret.txt").symlink_to("../../secret.txt")
    then = history.commit({}, day=1)

    here = built(history.root, tmp_path / "here", "--at", then)

    assert b"Linked" in here["index.html"]
    assert not [path for path, data in here.items() if b"not ours" in data]


@pytest.mark.slow
def test_a_build_at_a_revision_leaves_the_checkout_and_the_folder_for_temporary_files_as_they_were(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = history.git("status", "--porcelain", "--ignored"), history.git("rev-parse", "HEAD")

    built(history.root, tmp_path / "here", "--at", "first")

    assert (history.git("status", "--porcelain", "--ignored"), history.git("rev-parse", "HEAD")) == before
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("site", [".", "content", "content/site"])
def test_a_build_at_a_revision_replaces_nothing_of_the_project(history: History, site: str) -> None:
    outcome = aipm(history.root, "build", "--at", "first", "--site", str(history.root / site))

    assert outcome.code == 2
    assert "site" in outcome.err


@pytest.mark.slow
def test_without_a_folder_it_takes_the_place_of_the_site(history: History) -> None:
    outcome = aipm(history.root, "build", "--at", "first")

    assert outcome.code == 0, outcome.err
    assert json.loads((history.root / "site/build.json").read_text())["revision"] == commit_of(history, "first")


def test_a_wrong_request_says_it_of_the_library_call_too(history: History) -> None:
    with pytest.raises(WrongRequest, match="there is no revision"):
        open_session(history.root, at="nowhere", environment={})


def test_two_revisions_are_read_with_one_memory_as_each_by_itself(history: History) -> None:
    memory = Memory()

    for name in ("first", "main"):
        together = open_session(history.root, at=name, memory=memory, environment={})
        alone = open_session(history.root, at=name, environment={})
        assert together.facts == alone.facts
