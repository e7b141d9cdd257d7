"""A project whose folder was moved in its repository: its history, what it was then, and evidence go on."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from aipm_site.session import open_session
from tests.repository import FIRST_DAY, History
from tests.sample import RISK, SETTINGS, SMALL, aipm, build, read_tree, write

CHARTER = """\
id: PRJ-001
title: {title}
uuid: {uuid}
tz: America/Chicago
dimensions: [risk]
pages: strict
reviewed_on: 2026-04-01
history: {{every: day}}
"""
ALPHA = CHARTER.format(title="Alpha", uuid="0b0e5c35-8a0c-4d3e-9b39-0a1b6d1f5a01")
BETA = CHARTER.format(title="Beta", uuid="0b0e5c35-8a0c-4d3e-9b39-0a1b6d1f5a02")
WITHOUT_UUID = "".join(line for line in ALPHA.splitlines(keepends=True) if not line.startswith("uuid"))


def risk(number: int, folder: str = "") -> dict[str, str]:
    return {f"{folder}content/risks/RSK-00{number}.yml": RISK.replace("RSK-001", f"RSK-00{number}")}


def project(folder: str = "", charter: str = ALPHA) -> dict[str, str]:
    return {f"{folder}{path}": text for path, text in {**SMALL, "content/project.yml": charter}.items()}


def points(root: Path, name: str = "risk.open", *arguments: str) -> list[tuple[str, str]]:
    """Return day and value of each point, the present one included, as `aipm history` gives them."""
    outcome = aipm(root, "history", name, "--json", *arguments)
    assert outcome.code == 0, outcome.err
    return [(point["date"], point.get("value")) for point in json.loads(outcome.out)["points"]]


def last_line(root: Path, *arguments: str) -> str:
    return aipm(root, "history", "risk.open", *arguments).out.splitlines()[-1]


NOT_BEFORE = "There is nothing before that: earlier revisions do not hold this project."
EXPECTED = [("2026-04-01", "1"), ("2026-04-04", "2"), ("2026-04-06", "2"), ("2026-04-09", "3")]
WAYS = [("projects/a", "projects/b"), (".", "projects/a"), ("projects/a", "."), ("a [b]/ü", "x y/z")]


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return an empty repository."""
    return History(tmp_path / "all")


def moved(history: History, source: str, target: str, charter: str = ALPHA) -> Path:
    """Commit one, two and three risks on the 1st, 4th and 9th of April 2026, and a move on the 6th; return where it is.

    Beside it lies another project all the time.
    """
    before, after = ("" if folder == "." else f"{folder}/" for folder in (source, target))
    history.commit({**project(before, charter), **project("other/", BETA)}, day=0)
    history.commit(risk(2, before), day=3)
    move(history, source, target, day=5)
    history.commit(risk(3, after), day=8)
    return history.root / target


def move(history: History, source: str, target: str, *, day: int) -> None:
    """Commit the move of a project, and of nothing that lies beside it."""
    (history.root / target).mkdir(parents=True, exist_ok=True)
    for name in ("mkdocs.yml", "content"):
        history.git("mv", "--", f"{source}/{name}", f"{target}/{name}")
    history.commit({}, day=day)


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_the_history_goes_on_before_the_move(history: History, source: str, target: str) -> None:
    root = moved(history, source, target)

    for _ in ("computed", "kept"):
        assert points(root) == EXPECTED
        assert "There is nothing" not in aipm(root, "history", "risk.open").out


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_a_revision_before_the_move_is_told_as_a_build_of_it_tells_it(
    history: History, tmp_path: Path, source: str, target: str
) -> None:
    root = moved(history, source, target)
    there = history.clone_at(tmp_path / "then", "HEAD~2") / source

    for arguments in (("status",), ("status", "--json"), ("history", "risk.open", "--json")):
        then, now = aipm(there, *arguments), aipm(root, *arguments, "--at", "HEAD~2")
        assert (now.out, now.code) == (then.out, 0)
    assert aipm(root, "status", "--at", "2026-04-05").out == aipm(there, "status").out


@pytest.mark.slow
def test_the_site_of_a_revision_before_the_move_is_byte_for_byte_what_a_build_of_it_gives(
    history: History, tmp_path: Path
) -> None:
    root = moved(history, ".", "projects/a")
    there = history.clone_at(tmp_path / "then", "HEAD~2")

    now = build(root, "--at", "HEAD~2", site="../site")

    assert read_tree(now.folder) == read_tree(build(there, site="../site-then").folder)


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_the_move_changes_no_record_and_no_status(history: History, source: str, target: str) -> None:
    root = moved(history, source, target)

    alone = aipm(root, "changes", "HEAD~2", "HEAD~1")
    with_more = json.loads(aipm(root, "changes", "HEAD~2", "--format", "json").out)

    assert alone.out.splitlines()[0] == "No change to the status."
    report = json.loads(aipm(root, "changes", "HEAD~2", "HEAD~1", "--format", "json").out)
    assert not any(report["records"].values())
    assert [record["id"] for record in with_more["records"]["added"]] == ["RSK-003"]
    assert not any(with_more["records"][what] for what in ("removed", "changed", "closed"))


@pytest.mark.parametrize("name", ["-x", ":(glob)*", 'q"\t\\', "\udcff", "HEAD^{tree}"])
def test_whatever_the_folder_is_called_it_is_followed(history: History, name: str) -> None:
    history.commit(project(f"{name}/"), day=0)
    move(history, name, f"{name}b", day=1)
    move(history, f"{name}b", "plain", day=2)

    assert points(history.root / "plain") == [(f"2026-04-0{day}", "1") for day in (1, 2, 3)]
    status = json.loads(aipm(history.root / "plain", "status", "--json", "--at", "HEAD~2").out)
    assert status["as_of"] == "2026-04-01"


def test_several_moves_are_followed(history: History) -> None:
    history.commit(project("a/"), day=0)
    for day, (source, target) in enumerate([("a", "b"), ("b", "a"), ("a", "."), (".", "c/d")], start=1):
        move(history, source, target, day=day)

    assert points(history.root / "c/d") == [(f"2026-04-0{day}", "1") for day in range(1, 6)]
    assert json.loads(aipm(history.root / "c/d", "status", "--json", "--at", "HEAD~2").out)["as_of"] == "2026-04-03"


def test_a_content_folder_that_was_renamed_is_followed_with_the_project(history: History) -> None:
    history.commit(project("a/"), day=0)
    settings = {"b/mkdocs.yml": SETTINGS.replace("docs_dir: content", "docs_dir: docs/wiki")}
    (history.root / "b/docs").mkdir(parents=True)
    history.git("mv", "a/content", "b/docs/wiki")
    history.git("mv", "a/mkdocs.yml", "b/mkdocs.yml")
    history.commit(settings, day=1)
    (history.root / "c").mkdir()
    history.git("mv", "b/docs/wiki", "b/content")
    history.commit({"b/mkdocs.yml": SETTINGS}, day=2)
    move(history, "b", "c", day=3)

    root = history.root / "c"

    assert points(root) == [(f"2026-04-0{day}", "1") for day in range(1, 5)]
    assert aipm(root, "changes", "HEAD~3").out.splitlines()[0] == "No change to the status."
    assert '"as_of": "2026-04-02"' in aipm(root, "status", "--json", "--at", "HEAD~2").out


def test_two_projects_that_are_moved_at_once_are_told_apart(history: History) -> None:
    history.commit({**project("a/"), **project("b/", BETA), **risk(2, "b/")}, day=0)
    for source, target in (("a", "aside"), ("b", "a"), ("aside", "b")):
        history.git("mv", source, target)
    history.commit({}, day=1)

    assert points(history.root / "b") == [("2026-04-01", "1"), ("2026-04-02", "1")]
    assert points(history.root / "a") == [("2026-04-01", "2"), ("2026-04-02", "2")]
    for name, title in (("b", "Alpha"), ("a", "Beta")):
        status = json.loads(aipm(history.root / name, "status", "--json", "--at", "HEAD~1").out)
        assert status["project"]["name"] == title


def test_a_move_onto_the_folder_that_another_project_leaves_is_followed(history: History) -> None:
    history.commit({**project("a/"), **project("b/", BETA), **risk(2, "b/")}, day=0)
    for source, target in (("b", "c"), ("a", "b")):
        history.git("mv", source, target)
    history.commit({}, day=1)

    assert points(history.root / "b") == [("2026-04-01", "1"), ("2026-04-02", "1")]
    assert points(history.root / "c") == [("2026-04-01", "2"), ("2026-04-02", "2")]


def test_without_a_uuid_it_is_followed_by_id_and_title_where_one_alone_fits(history: History) -> None:
    root = moved(history, "a", "b", WITHOUT_UUID)

    assert points(root) == EXPECTED


def test_where_two_fit_none_is_taken(history: History) -> None:
    history.commit({**project("a/", WITHOUT_UUID), **project("b/", WITHOUT_UUID)}, day=0)
    history.git("rm", "-r", "--quiet", "b")
    history.git("mv", "a", "c")
    history.commit({}, day=1)

    assert points(history.root / "c") == [("2026-04-02", "1")]
    assert last_line(history.root / "c") == NOT_BEFORE


def test_a_copy_begins_its_history_at_the_copy(history: History) -> None:
    history.commit(project("a/"), day=0)
    history.commit(project("b/"), day=1)
    history.commit(risk(2, "b/"), day=2)

    assert points(history.root / "a") == [("2026-04-01", "1"), ("2026-04-02", "1"), ("2026-04-03", "1")]
    assert points(history.root / "b") == [("2026-04-02", "1"), ("2026-04-03", "2")]
    assert aipm(history.root / "b", "status", "--at", "HEAD~2").code == 2


def test_another_project_that_lay_in_the_folder_before_is_no_history_of_this_one(history: History) -> None:
    history.commit({**project("a/", BETA), "kept": ""}, day=0)
    history.git("rm", "-r", "--quiet", "a")
    history.commit({}, day=1)
    history.commit(project("a/"), day=2)
    history.commit(risk(2, "a/"), day=3)

    assert points(history.root / "a") == [("2026-04-03", "1"), ("2026-04-04", "2")]
    assert last_line(history.root / "a") == NOT_BEFORE
    assert "holds another project" in aipm(history.root / "a", "status", "--at", "HEAD~3").err


def test_a_project_that_was_taken_away_and_put_back_has_its_history(history: History) -> None:
    history.commit({**project("a/"), "kept": ""}, day=0)
    history.git("rm", "-r", "--quiet", "a")
    history.commit({}, day=1)
    history.git("revert", "--no-edit", "HEAD")
    history.commit(risk(2, "a/"), day=3)

    assert points(history.root / "a")[0] == ("2026-04-01", "1")


@pytest.mark.parametrize("commits", [1, 2, 3])
def test_where_the_project_begins_after_its_repository_it_says_so_however_long_ago(
    history: History, commits: int
) -> None:
    history.commit({"README": ""}, day=0)
    history.commit(project("a/"), day=2)
    for number in range(2, commits + 1):
        history.commit(risk(number, "a/"), day=number + 1)

    assert len(points(history.root / "a")) == commits
    assert last_line(history.root / "a") == NOT_BEFORE
    assert json.loads(aipm(history.root / "a", "history", "risk.open", "--json").out)["cut_off"] is False


def test_since_a_day_it_says_nothing_of_what_was_before(history: History) -> None:
    history.commit({"README": ""}, day=0)
    history.commit(project("a/"), day=2)
    history.commit(risk(2, "a/"), day=3)

    assert "There is nothing" not in aipm(history.root / "a", "history", "risk.open", "--since", "2026-04-04").out


def test_a_project_that_begins_with_its_repository_says_nothing_of_what_was_before(history: History) -> None:
    history.commit(project("a/"), day=0)
    history.commit(risk(2, "a/"), day=3)

    assert "There is nothing" not in aipm(history.root / "a", "history", "risk.open").out


def test_a_clone_that_is_cut_off_before_the_move_ends_there(history: History, tmp_path: Path) -> None:
    moved(history, "a", "b")
    cut = history.clone(tmp_path / "cut", "--depth=2") / "b"
    deep = history.clone(tmp_path / "deep", "--depth=3") / "b"

    assert points(cut) == EXPECTED[2:]
    assert points(deep) == EXPECTED[1:]
    for root in (cut, deep):
        assert "There may be more before that" in aipm(root, "history", "risk.open").out


def test_a_clone_that_is_cut_off_before_the_project_began_lacks_nothing(history: History, tmp_path: Path) -> None:
    for day in (0, 1):
        history.commit({"README": str(day)}, day=day)
    history.commit(project("a/"), day=2)
    history.commit(risk(2, "a/"), day=3)

    clone = history.clone(tmp_path / "clone", "--depth=3") / "a"

    assert points(clone) == [("2026-04-03", "1"), ("2026-04-04", "2")]
    assert last_line(clone) == NOT_BEFORE


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_a_move_that_is_not_committed_yet_is_followed(history: History, source: str, target: str) -> None:
    before = "" if source == "." else f"{source}/"
    history.commit({**project(before), **project("other/", BETA)}, day=0)
    history.commit(risk(2, before), day=3)
    (history.root / target).mkdir(parents=True, exist_ok=True)
    for name in ("mkdocs.yml", "content"):
        (history.root / source / name).rename(history.root / target / name)
    root = history.root / target

    assert points(root)[:2] == EXPECTED[:2]
    assert last_line(root).endswith("(not committed)")
    assert json.loads(aipm(root, "status", "--json").out)["uncommitted"] is True
    assert aipm(root, "changes", "HEAD").out.splitlines()[0] == "No change to the status."
    assert json.loads(aipm(root, "status", "--json", "--at", "HEAD~1").out)["as_of"] == "2026-04-01"


def test_before_a_content_folder_whose_new_name_is_not_committed_yet_moves_are_followed(history: History) -> None:
    history.commit(project("a/"), day=0)
    move(history, "a", "b", day=1)
    (history.root / "b/content").rename(history.root / "b/docs")
    write(history.root, {"b/mkdocs.yml": SETTINGS.replace("docs_dir: content", "docs_dir: docs")})

    assert points(history.root / "b")[:2] == [("2026-04-01", "1"), ("2026-04-02", "1")]
    assert aipm(history.root / "b", "changes", "HEAD~1").out.splitlines()[0] == "No change to the status."


@pytest.mark.parametrize("fixed", ["2026-03-31", "2027-03-31"])
def test_days_that_project_yml_fixed_before_a_move_are_told_as_without_it(tmp_path: Path, fixed: str) -> None:
    def course(target: str) -> list[tuple[str, str, str]]:
        history = History(tmp_path / target)
        history.commit(project("a/", f"{ALPHA}as_of: {fixed}\n"), day=0)
        history.commit(risk(2, "a/"), day=1)
        if target != "a":
            history.git("mv", "a", target)
        history.commit({f"{target}/content/project.yml": f"{ALPHA}as_of: 2026-04-10\n"}, day=2)
        history.commit(risk(3, f"{target}/"), day=3)
        found = json.loads(aipm(history.root / target, "history", "risk.open", "--json").out)["points"]
        return [(point["date"], point["as_of"], point["value"]) for point in found]

    stayed = course("a")

    assert course("b") == stayed
    # Four commits and the present of 10 April; two that spoke for a day after that were wrong, and are told nowhere.
    assert len(stayed) == (5 if fixed < "2026-04" else 3)


def test_a_branch_that_moves_the_project_is_compared_with_the_one_that_does_not(history: History) -> None:
    history.commit(project("a/"), day=0)
    history.git("checkout", "--quiet", "-b", "side")
    move(history, "a", "b", day=1)
    history.commit({**risk(2, "b/"), "b/content/project.yml": ALPHA.replace("Alpha", "Gamma")}, day=2)
    history.git("checkout", "--quiet", "main")
    history.commit(risk(3, "a/"), day=3)

    from_main = json.loads(aipm(history.root / "a", "changes", "main", "side", "--format", "json").out)
    history.git("checkout", "--quiet", "side")
    from_side = json.loads(aipm(history.root / "b", "changes", "main", "side", "--format", "json").out)

    for report in (from_main, from_side):
        assert [record["id"] for record in report["records"]["added"]] == ["RSK-002"]
        assert [record["id"] for record in report["records"]["changed"]] == ["PRJ-001"]
        assert report["records"]["removed"] == []


def test_a_move_that_came_with_a_merge_is_followed(history: History) -> None:
    history.commit(project("a/"), day=0)
    history.git("checkout", "--quiet", "-b", "side")
    history.commit(project("b/"), day=1)
    history.git("rm", "-r", "--quiet", "a")
    history.commit({}, day=2)
    history.git("checkout", "--quiet", "main")
    history.git("merge", "--quiet", "--no-ff", "--no-edit", "side")

    assert points(history.root / "b")[0] == ("2026-04-01", "1")


ISSUE = "id: ISS-001\ntitle: Feed B sends other units\nseverity: {}\nopened: 2026-04-01\nstatus: open\n"
PAGE = "---\ntitle: Feeds\nreviewed_on: 2026-04-03\n---\n# Feeds\n\nSee [[ISS-001]], which is open.\n"


def stale(root: Path) -> dict[str, list[str]]:
    facts = open_session(root, environment={}).facts
    pages = facts.overtaken_pages.items()
    return {path: [change.on.isoformat() for change in age.overtaken_by] for path, age in pages if age.is_overtaken}


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_what_was_reviewed_before_the_move_is_not_stale_by_it_but_by_a_change_before(
    history: History, source: str, target: str
) -> None:
    before = "" if source == "." else f"{source}/"
    cited = f"{before}content/issues/ISS-001.yml"
    history.commit({**project(before), f"{before}content/wiki/feeds.md": PAGE, cited: ISSUE.format(3)}, day=2)
    move(history, source, target, day=5)
    root = history.root / target

    assert stale(root) == {}

    history.git("reset", "--quiet", "--hard", "HEAD~1")
    history.commit({cited: ISSUE.format(2)}, day=4)
    move(history, source, target, day=5)

    assert stale(root) == {"content/wiki/feeds.md": ["2026-04-05"]}


def test_what_the_commit_of_the_move_changes_besides_is_a_change(history: History) -> None:
    cited = "content/issues/ISS-001.yml"
    history.commit({**project("a/"), "a/content/wiki/feeds.md": PAGE, f"a/{cited}": ISSUE.format(3)}, day=2)
    history.git("mv", "a", "b")
    history.commit({f"b/{cited}": ISSUE.format(2)}, day=5)

    assert stale(history.root / "b") == {"content/wiki/feeds.md": ["2026-04-06"]}
    report = json.loads(aipm(history.root / "b", "changes", "HEAD~1", "HEAD", "--format", "json").out)
    assert [record["id"] for record in report["records"]["changed"]] == ["ISS-001"]


def test_a_record_that_dates_itself_nowhere_is_as_old_as_before_the_move(history: History) -> None:
    undated = "id: RSK-009\ntitle: Nobody dates this\nprobability: 1\nimpact: 1\n"
    history.commit({**project("a/"), "a/content/risks/RSK-009.yml": undated}, day=0)
    move(history, "a", "b", day=5)

    facts = open_session(history.root / "b", environment={}).facts

    assert facts.freshness["RSK-009"].age_days == 5


def test_a_setting_of_the_writers_git_changes_nothing(history: History) -> None:
    history.commit(project("a/"), day=0)
    history.git("checkout", "--quiet", "-b", "side")
    move(history, "a", "b", day=1)
    history.git("checkout", "--quiet", "main")
    history.commit({"README": ""}, day=2)
    history.git("merge", "--quiet", "--no-ff", "--no-edit", "side", when=FIRST_DAY + timedelta(days=3))
    for name, value in (
        ("log.follow", "true"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("log.diffMerges", "combined"),
    ):
        history.git("config", name, value)

    assert points(history.root / "b") == [("2026-04-01", "1"), ("2026-04-03", "1"), ("2026-04-04", "1")]


def test_publishing_goes_on_after_the_move(history: History, tmp_path: Path) -> None:
    write(history.root, {".gitignore": "site*/\n"})
    history.commit(project("a/", WITHOUT_UUID), day=0)
    to = tmp_path / "published"
    assert aipm(history.root / "a", "publish", "--to", str(to)).code == 0
    renamed = {"a/content/project.yml": WITHOUT_UUID.replace("Alpha", "Gamma")}
    history.commit(renamed, day=1)
    move(history, "a", "b", day=2)

    outcome = aipm(history.root / "b", "publish", "--to", str(to))

    assert outcome.code == 0, outcome.err
