"""A published site on a branch: real repositories, two runs at once, and a fault or a kill at every call of git."""

import os
import subprocess
import time

import pytest

from aipm_site.publication import git_plumbing, published_branch
from aipm_site.publication.git_plumbing import GitRefused
from aipm_site.publication.manifest import MANIFEST
from aipm_site.publication.publish import purge
from aipm_site.publication.published_branch import BranchTarget, default_remote, is_ancestor
from aipm_site.publication.root_files import SiteWords
from aipm_site.publication.swap import TargetRefused
from aipm_site.publication.target import ATTEMPTS, PublicationRefused, publish_to
from aipm_site.records.publishing import Publishing
from tests.publication.builds import (
    bare,
    build_files,
    git,
    in_child,
    is_whole,
    new_version,
    repository,
    revision,
    unrelated,
    write_build,
)
from tests.sample import read_tree

BRANCH = "gh-pages"


@pytest.fixture
def remote(tmp_path):
    return bare(tmp_path / "remote.git")


@pytest.fixture
def clone(tmp_path, remote):
    return clone_of(remote, tmp_path / "clone")


def clone_of(remote, folder):
    repository(folder)
    git(folder, "remote", "add", "origin", str(remote))
    return folder


def target(folder, remote="origin"):
    return BranchTarget(folder, BRANCH, remote)


def version(tmp_path, number, day="2026-04-15", name=None, files=None):
    folder = tmp_path / f"built-{number}-{day}"
    return new_version(folder if folder.exists() else write_build(folder, number, day, files), name)


def checked_out(remote, folder):
    """Return the published site as a server would get it."""
    git(folder.parent, "clone", "-q", "-b", BRANCH, str(remote), str(folder))
    subprocess.run(["rm", "-rf", str(folder / ".git")], check=True)
    return folder


def published_revisions(repository_folder, remote="origin"):
    with target(repository_folder, remote).opened() as published:
        return sorted(int(found.revision, 16) for found in published.versions)


def state_of(folder):
    """Return everything that publishing must not touch."""
    return (
        {path: data for path, data in read_tree(folder).items() if not path.startswith(".git/")},
        (folder / ".git/index").read_bytes(),
        (folder / ".git/HEAD").read_bytes(),
        git(folder, "for-each-ref", "refs/heads"),
        git(folder, "stash", "list"),
    )


def test_versions_are_pushed_and_nothing_here_is_touched(clone, remote, tmp_path):
    (clone / "README.md").write_text("changed, not committed\n")
    (clone / "new.txt").write_text("new\n")
    before = state_of(clone)

    publish_to(target(clone), version(tmp_path, 1).make)
    publish_to(target(clone), version(tmp_path, 2, "2026-04-16").make)

    assert state_of(clone) == before
    site = checked_out(remote, tmp_path / "served")
    assert is_whole(site)
    assert "state 1" in (site / "2026-04-15/index.html").read_text()
    assert "state 2" in (site / "latest/risks/index.html").read_text()
    assert (site / "latest/feed.xml").read_text() == "<a>state 2</a>"
    assert (site / ".nojekyll").exists()
    assert git(remote, "log", "--format=%s", BRANCH).splitlines() == [
        f"Publish 2026-04-16 (2026-W16, latest) of revision {revision(2)[:10]}",
        f"Publish 2026-04-15 (2026-W16, latest) of revision {revision(1)[:10]}",
    ]


def test_an_alias_is_the_same_tree_and_no_link(clone, remote, tmp_path):
    publish_to(target(clone), version(tmp_path, 1).make)

    entries = git(remote, "ls-tree", BRANCH).splitlines()
    trees = {line.split("\t")[1]: line.split()[2] for line in entries}
    assert trees["2026-04-15"] == trees["latest"] == trees["2026-W16"]
    assert "120000" not in git(remote, "ls-tree", "-r", BRANCH)


def test_the_same_state_again_makes_no_commit(clone, remote, tmp_path):
    publish_to(target(clone), version(tmp_path, 1).make)
    tip = git(remote, "rev-parse", BRANCH)

    change = publish_to(target(clone), version(tmp_path, 1).make)

    assert (change.arrangement, change.version) == (None, "2026-04-15")
    assert git(remote, "rev-parse", BRANCH) == tip


def test_without_a_remote_the_local_branch_is_written(tmp_path):
    folder = repository(tmp_path / "alone")
    head = git(folder, "rev-parse", "HEAD")

    publish_to(target(folder, default_remote(folder)), version(tmp_path, 1).make)

    assert default_remote(folder) is None
    assert git(folder, "ls-tree", "--name-only", BRANCH, "latest/status.json") == "latest/status.json"
    assert (git(folder, "rev-parse", "HEAD"), git(folder, "status", "--porcelain")) == (head, "")


def test_a_shallow_clone_publishes_beside_all_earlier_versions(clone, remote, tmp_path):
    publish_to(target(clone), version(tmp_path, 1).make)
    publish_to(target(clone), version(tmp_path, 2, "2026-04-16").make)
    git(clone, "push", "-q", "origin", "HEAD:refs/heads/main")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", "--single-branch", "-b", "main", f"file://{remote}", str(shallow))

    publish_to(target(shallow), version(tmp_path, 3, "2026-04-17").make)

    assert published_revisions(clone) == [1, 2, 3]
    assert len(git(remote, "log", "--format=%h", BRANCH).splitlines()) == 3


def test_a_detached_head_publishes_too(clone, tmp_path):
    git(clone, "checkout", "-q", "--detach")

    publish_to(target(clone), version(tmp_path, 1).make)

    assert published_revisions(clone) == [1]


def test_a_run_that_came_second_publishes_on_top_of_the_first(clone, remote, tmp_path):
    other = clone_of(remote, tmp_path / "other")
    first, second = version(tmp_path, 1), version(tmp_path, 2)
    calls = []

    def make(published):
        if not calls:
            publish_to(target(other), first.make)
        calls.append(len(published.versions))
        return second.make(published)

    change = publish_to(target(clone), make)

    assert calls == [0, 1]
    # The name was taken meanwhile, by another revision.
    assert change.version == "2026-04-15-2"
    assert published_revisions(clone) == [1, 2]
    assert is_whole(checked_out(remote, tmp_path / "served"))


def test_a_branch_that_never_holds_still_is_given_up_without_harm(clone, remote, tmp_path):
    other = clone_of(remote, tmp_path / "other")
    mine = version(tmp_path, 99)
    numbers = iter(range(1, 90))

    def make(published):
        publish_to(target(other), version(tmp_path, next(numbers)).make)
        return mine.make(published)

    with pytest.raises(PublicationRefused) as refusal:
        publish_to(target(clone), make)

    assert refusal.value.problems[0].code == "branch-moved"
    assert published_revisions(clone) == list(range(1, ATTEMPTS + 1))


def publish_all(where, versions):
    for one in versions:
        for _ in range(20):
            try:
                publish_to(where, one.make)
            except PublicationRefused as refusal:
                if refusal.problems[0].code != "branch-moved":
                    raise
            else:
                break


def test_two_runs_at_once_lose_nothing(clone, remote, tmp_path):
    other = clone_of(remote, tmp_path / "other")
    versions = [version(tmp_path, number) for number in range(1, 9)]

    runs = [in_child(publish_all, target(clone), versions[::2]), in_child(publish_all, target(other), versions[1::2])]
    for run in runs:
        run.join()

    assert [run.exitcode for run in runs] == [0, 0]
    assert published_revisions(clone) == list(range(1, 9))
    site = checked_out(remote, tmp_path / "served")
    assert is_whole(site)
    assert "state 8" in (site / "latest/index.html").read_text()


def test_two_runs_at_once_lose_nothing_on_a_local_branch(tmp_path):
    folder = repository(tmp_path / "alone")
    versions = [version(tmp_path, number) for number in range(1, 9)]

    runs = [in_child(publish_all, target(folder, None), versions[n::2]) for n in (0, 1)]
    for run in runs:
        run.join()

    assert [run.exitcode for run in runs] == [0, 0]
    assert published_revisions(folder, None) == list(range(1, 9))


CHANGES = (
    "fast-import",
    "update-index",
    "write-tree",
    "commit-tree",
    "push",
    "fetch",
    "ls-remote",
    "ls-tree",
    "update-ref",
)


def faulty(monkeypatch, fail_at, act):
    """Let the n-th call of git that reads or writes the site go wrong."""
    real, calls = git_plumbing.run_git, []

    def run(root, *arguments, **keywords):
        if arguments[0] in CHANGES:
            calls.append(arguments[0])
            if len(calls) == fail_at:
                return act(lambda: real(root, *arguments, **keywords))
        return real(root, *arguments, **keywords)

    for module in (git_plumbing, published_branch):
        monkeypatch.setattr(module, "run_git", run)
    return calls


@pytest.mark.parametrize("has_remote", [True, False], ids=["remote", "local"])
def test_whatever_fails_leaves_the_old_site_or_the_new_one(clone, remote, tmp_path, monkeypatch, has_remote):
    """Fail the first, the second, the third … call of git, until a publication goes through (R66)."""
    where = target(clone, "origin" if has_remote else None)
    publish_to(where, version(tmp_path, 1).make)
    new = version(tmp_path, 2, "2026-04-16")
    place = remote if has_remote else clone
    tip, codes = git(place, "rev-parse", BRANCH), set()

    def fail(_):
        raise GitRefused("No space left on device")

    for attempt in range(1, 50):
        with monkeypatch.context() as patched:
            calls = faulty(patched, attempt, fail)
            try:
                publish_to(where, new.make)
            except PublicationRefused as refusal:
                codes.add(refusal.problems[0].code)
            else:
                break
        assert git(place, "rev-parse", BRANCH) == tip
    assert attempt == len(calls) + 1 > 6
    assert codes == {"cannot-publish"}
    assert published_revisions(clone, where.remote) == [1, 2]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a word of POSIX systems")
@pytest.mark.parametrize("when", ["before", "after"])
def test_killing_a_run_at_any_call_of_git_leaves_a_whole_site(clone, remote, tmp_path, monkeypatch, when):
    publish_to(target(clone), version(tmp_path, 1).make)
    new = version(tmp_path, 2, "2026-04-16")
    before = state_of(clone)
    tip = git(remote, "rev-parse", BRANCH)

    def die(call):
        if when == "after":
            call()
        os.kill(os.getpid(), 9)

    def publish(attempt):
        faulty(monkeypatch, attempt, die)
        publish_to(target(clone), new.make)

    for attempt in range(1, 50):
        run = in_child(publish, attempt)
        run.join()
        now = git(remote, "rev-parse", BRANCH)
        assert state_of(clone) == before
        if now != tip:
            break
    assert attempt > 4
    assert is_whole(checked_out(remote, tmp_path / "served"))
    publish_to(target(clone), new.make)
    assert published_revisions(clone) == [1, 2]


def test_a_push_whose_answer_was_lost_counts_as_done(clone, remote, tmp_path, monkeypatch):
    def lose_the_answer(call):
        call()
        raise GitRefused("the remote end hung up unexpectedly")

    with monkeypatch.context() as patched:
        calls = faulty(patched, 6, lose_the_answer)
        publish_to(target(clone), version(tmp_path, 1).make)

    assert calls[5] == "push"
    assert published_revisions(clone) == [1]


def test_a_remote_that_cannot_be_reached_is_said(clone, tmp_path):
    git(clone, "remote", "set-url", "origin", str(tmp_path / "nowhere.git"))

    with pytest.raises(PublicationRefused) as refusal:
        publish_to(target(clone), version(tmp_path, 1).make)

    assert refusal.value.problems[0].code == "cannot-publish"
    assert "nowhere.git" in refusal.value.problems[0].message


def test_a_remote_that_refuses_is_said_and_not_asked_again(clone, remote, tmp_path):
    (remote / "hooks").mkdir(exist_ok=True)
    (remote / "hooks/pre-receive").write_text("#!/bin/sh\necho 'only the release team publishes' >&2\nexit 1\n")
    (remote / "hooks/pre-receive").chmod(0o755)

    with pytest.raises(PublicationRefused) as refusal:
        publish_to(target(clone), version(tmp_path, 1).make)

    assert "only the release team publishes" in refusal.value.problems[0].message


def test_hooks_and_signing_of_the_repository_do_not_hinder(clone, tmp_path):
    for hook in ("pre-push", "reference-transaction", "post-commit"):
        (clone / ".git/hooks").mkdir(exist_ok=True)
        (clone / f".git/hooks/{hook}").write_text("#!/bin/sh\nexit 1\n")
        (clone / f".git/hooks/{hook}").chmod(0o755)
    git(clone, "config", "commit.gpgSign", "true")

    publish_to(target(clone), version(tmp_path, 1).make)

    for hook in ("pre-push", "reference-transaction", "post-commit"):
        (clone / f".git/hooks/{hook}").unlink()
    assert published_revisions(clone) == [1]


def test_versions_that_were_published_here_alone_are_not_left_behind(clone, tmp_path):
    publish_to(target(clone, None), version(tmp_path, 1).make)

    with pytest.raises(PublicationRefused) as refusal:
        publish_to(target(clone), version(tmp_path, 2).make)

    assert refusal.value.problems[0].code == "unpushed-versions"


def test_the_branch_that_is_checked_out_is_refused(clone, tmp_path):
    with pytest.raises(TargetRefused, match="checked out"):
        publish_to(BranchTarget(clone, "main", "origin"), version(tmp_path, 1).make)


def test_a_branch_that_holds_other_things_is_refused(clone, tmp_path):
    git(clone, "push", "-q", "origin", f"HEAD:refs/heads/{BRANCH}")

    with pytest.raises(TargetRefused, match="did not write"):
        publish_to(target(clone), version(tmp_path, 1).make)


@pytest.mark.parametrize("name", ["a b", "-x", "a..b", "@{-1}", ""])
def test_a_name_that_no_branch_can_have_is_refused(clone, tmp_path, name):
    with pytest.raises(TargetRefused, match="no name of a branch"):
        publish_to(BranchTarget(clone, name, None), version(tmp_path, 1).make)


@pytest.mark.parametrize("has_remote", [True, False], ids=["remote", "local"])
def test_a_purge_takes_a_version_out_of_the_history_too(clone, remote, tmp_path, has_remote):
    where = target(clone, "origin" if has_remote else None)
    publish_to(where, version(tmp_path, 1, files=build_files("a secret")).make)
    publish_to(where, version(tmp_path, 2, "2026-04-16").make)
    place = remote if has_remote else clone
    secret = git(place, "rev-parse", f"{BRANCH}:2026-04-15/index.html")

    publish_to(where, purge(["2026-04-15"], Publishing(), SiteWords("Small", "internal"), unrelated))

    assert secret not in git(place, "rev-list", "--objects", BRANCH)
    assert git(place, "log", "--format=%s", BRANCH) == "Purge 2026-04-15"
    assert published_revisions(clone, where.remote) == [2]
    publish_to(where, version(tmp_path, 3, "2026-04-17").make)
    assert published_revisions(clone, where.remote) == [2, 3]


def test_a_purge_never_overwrites_what_another_run_published_meanwhile(clone, remote, tmp_path):
    other = clone_of(remote, tmp_path / "other")
    publish_to(target(clone), version(tmp_path, 1).make)
    publish_to(target(clone), version(tmp_path, 2, "2026-04-16").make)
    take_away = purge(["2026-04-15"], Publishing(), SiteWords("Small", "internal"), unrelated)
    calls = []

    def make(published):
        if not calls:
            publish_to(target(other), version(tmp_path, 3, "2026-04-17").make)
        calls.append(published)
        return take_away(published)

    publish_to(target(clone), make)

    assert len(calls) == 2
    assert published_revisions(clone) == [2, 3]


def test_a_run_that_began_before_a_purge_does_not_bring_the_version_back(clone, remote, tmp_path):
    other = clone_of(remote, tmp_path / "other")
    publish_to(target(clone), version(tmp_path, 1).make)
    new = version(tmp_path, 2, "2026-04-16")
    calls = []

    def make(published):
        if not calls:
            publish_to(target(other), purge(["2026-04-15"], Publishing(), SiteWords("Small", "internal"), unrelated))
        calls.append(published)
        return new.make(published)

    publish_to(target(clone), make)

    assert published_revisions(clone) == [2]


def test_ancestors_are_known_from_the_repository(clone):
    first = git(clone, "rev-parse", "HEAD")
    git(clone, "commit", "-q", "--allow-empty", "-m", "Go on")
    second = git(clone, "rev-parse", "HEAD")

    assert is_ancestor(clone, first, second)
    assert not is_ancestor(clone, second, first)
    assert not is_ancestor(clone, "0" * 40, second)


def test_publishing_does_not_ask_a_person(clone, remote, tmp_path):
    began = time.monotonic()
    git(clone, "remote", "set-url", "origin", "https://127.0.0.1:9/none.git")

    with pytest.raises(PublicationRefused):
        publish_to(target(clone), version(tmp_path, 1).make)

    assert time.monotonic() - began < 30


def test_the_mark_of_the_site_is_on_the_branch(clone, remote, tmp_path):
    publish_to(target(clone), version(tmp_path, 1).make)

    assert '"aipm/published-1"' in git(remote, "show", f"{BRANCH}:{MANIFEST}")
