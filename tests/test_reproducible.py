"""The same commit gives the same site, byte for byte, whatever the machine that builds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sample import SMALL, Site, aipm, build, copy_sample, read_tree, write
from tests.surroundings import SURROUNDINGS, written_in_two_surroundings

pytestmark = pytest.mark.slow

AIPM = [sys.executable, "-m", "aipm_site"]
# What only git can know: the revision, whether the content differs from it, and the moment of the commit, which stands
# in the head of a compressed file.
KNOWN_BY_GIT = {
    *("build.json", "status.json", "records.json", "sitemap.xml.gz", "search/search_index.json"),
    *("index.html", "reports/executive/index.html"),
    # Since which commit the status has been another.
    *("feed.atom", "feed.json"),
}
# MkDocs writes the moment of the build there, which only `aipm build` replaces by that of the commit.
DATED_BY_MKDOCS = {"sitemap.xml.gz", "build.json"}


def git(root: Path, *arguments: str, when: str = "2026-04-15T12:00:00-05:00") -> None:
    """Run git with nothing from this machine's settings."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "writer@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        **{f"GIT_{who}_DATE": when for who in ("AUTHOR", "COMMITTER")},
    }
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=environment)


def committed(root: Path) -> Path:
    """Put everything below a folder into a first commit."""
    write(root, {".gitignore": "site*/\n"})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    return root


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return copy_sample(tmp_path / "sample")


def test_compiled_templates_that_were_kept_change_no_byte(sample: Path, tmp_path: Path) -> None:
    committed(sample)
    cache = tmp_path / "cache"

    without, cold, warm = (
        site_with_cache(sample, tmp_path / name, folder)
        for name, folder in (("without", ""), ("cold", str(cache)), ("warm", str(cache)))
    )

    assert len(list(cache.iterdir())) > 30
    assert differing(without, cold) == set()
    assert differing(without, warm) == set()


def site_with_cache(root: Path, site: Path, cache: str) -> dict[str, bytes]:
    """Build in a process of its own, as templates that were loaded once stay in this one, and return all files."""
    command = [*AIPM, "-C", str(root), "build", "--site", str(site)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"AIPM_CACHE": cache})
    return read_tree(site)


def test_two_builds_in_different_surroundings_are_byte_for_byte_the_same(sample: Path, tmp_path: Path) -> None:
    committed(sample)

    one, other = written_in_two_surroundings(
        lambda site: [*AIPM, "-C", str(sample), "build", "--site", str(site)], tmp_path / "runs"
    )

    assert differing(one, other) == set()
    assert len(one) > 150


def test_the_day_of_the_build_is_in_no_byte(sample: Path, tmp_path: Path) -> None:
    with (sample / "mkdocs.yml").open("a") as settings:
        # A sitemap has dates.
        settings.write("\nsite_url: https://example.org/watch/\n")
    committed(sample)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    sites = []
    for number in (1, 2):
        site = tmp_path / f"site-{number}"
        subprocess.run(
            [*AIPM, "-C", str(sample), "build", "--site", str(site)], env=environment, check=True, capture_output=True
        )
        sites.append(read_tree(site))

    assert differing(*sites) == set()
    assert b"<lastmod>2026-04-15</lastmod>" in sites[0]["sitemap.xml"]


def test_where_a_project_lies_changes_nothing(sample: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a folder with spaces and ümlaut" / "deeper"
    elsewhere.parent.mkdir()
    shutil.copytree(sample, elsewhere)

    assert differing(read_tree(build(sample).folder), read_tree(build(elsewhere).folder)) == set()


def test_the_order_of_files_on_disk_changes_nothing(sample: Path, tmp_path: Path) -> None:
    backwards = tmp_path / "backwards"
    files = {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()}
    # A folder lists what was made first somewhere else than what was made last.
    for path in sorted(files, reverse=True):
        write(backwards, {path.relative_to(sample).as_posix(): files[path]})

    assert differing(read_tree(build(sample).folder), read_tree(build(backwards).folder)) == set()


def test_times_and_modes_of_files_change_nothing(sample: Path) -> None:
    before = read_tree(build(sample).folder)
    for path in sample.rglob("content/**/*"):
        os.utime(path, (0, 0))
        path.chmod(0o700 if path.is_dir() else 0o600)

    assert differing(before, read_tree(build(sample, site="again").folder)) == set()


def test_building_twice_changes_nothing(sample: Path) -> None:
    first = read_tree(build(sample).folder)

    assert differing(first, read_tree(build(sample).folder)) == set()


def test_a_copy_without_git_differs_in_what_only_git_can_know_and_says_so(sample: Path, tmp_path: Path) -> None:
    without = build(shutil.copytree(sample, tmp_path / "without"))
    with_git = build(committed(sample))

    assert differing(read_tree(without.folder), read_tree(with_git.folder)) <= KNOWN_BY_GIT
    assert without.status["revision"] is None
    assert with_git.status["revision"] == git_head(sample)
    assert without.status["uncommitted"] is with_git.status["uncommitted"] is False
    for name in ("dimensions", "figures", "due", "decisions_needed", "overall"):
        assert without.status[name] == with_git.status[name], name
    assert "Not under version control" in without.text("")
    assert "without a revision" in without.text("reports/executive")
    assert git_head(sample)[:10] in with_git.text("")


def git_head(root: Path) -> str:
    found = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return found.stdout.strip()


def test_uncommitted_changes_are_said(sample: Path) -> None:
    committed(sample)
    write(sample, {"content/wiki/new.md": "# New\n"})

    site = build(sample)

    assert site.status["uncommitted"] is True
    assert site.json("build.json")["uncommitted"] is True
    assert "uncommitted changes" in site.text("")
    assert "with uncommitted changes" in site.text("reports/executive")


def test_a_shallow_clone_and_a_detached_head_give_the_same_site(sample: Path, tmp_path: Path) -> None:
    committed(sample)
    whole = read_tree(build(sample).folder)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{sample}", str(shallow))
    git(shallow, "checkout", "-q", "--detach")

    assert differing(whole, read_tree(build(shallow).folder)) == set()


def test_mkdocs_alone_makes_the_same_site(sample: Path, tmp_path: Path) -> None:
    committed(sample)
    ours = read_tree(build(sample).folder)
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "-q",
        "-f",
        str(sample / "mkdocs.yml"),
        "-d",
        str(tmp_path / "plain"),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})

    assert result.returncode == 0, result.stderr
    assert differing(ours, read_tree(tmp_path / "plain")) <= DATED_BY_MKDOCS


def test_a_wrong_source_date_epoch_is_a_wrong_request(tmp_path: Path) -> None:
    outcome = aipm(write(tmp_path, SMALL), "build", environment={"SOURCE_DATE_EPOCH": "yesterday"})

    assert outcome.code == 2
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in outcome.err
    assert not (tmp_path / "site").exists()


def test_a_site_without_a_status_page_of_its_own_is_the_same_in_all_surroundings_too(tmp_path: Path) -> None:
    root = write(tmp_path / "small", {path: text for path, text in SMALL.items() if not path.endswith("index.md")})
    for number, (variables, umask) in enumerate(SURROUNDINGS):
        subprocess.run(
            [*AIPM, "-C", str(root), "build", "--site", str(tmp_path / str(number))],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **variables},
            umask=umask,
            check=True,
            capture_output=True,
        )

    assert differing(read_tree(tmp_path / "0"), read_tree(tmp_path / "1")) == set()
    assert Site(tmp_path / "0").has("")
