"""The swap: at every moment and after every fault the old site stands or the new one, never a mixture."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from aipm_site.publication import swap as swap_module
from aipm_site.publication.manifest import SCHEMA, write_manifest
from aipm_site.publication.swap import (
    TargetRefused,
    build_aside,
    building_folder,
    check_target,
    old_folder,
    recover,
    swap,
    sync,
)

PAGES = 30


def write_version(folder: Path, version: str) -> None:
    folder.mkdir(exist_ok=True)
    write_manifest(folder, {"schema": SCHEMA, "version": version, "files": {}})
    for number in range(PAGES):
        (folder / f"page-{number}.html").write_text(version)


def version_of(site: Path) -> str:
    """Return the version of a whole site; a mixture or a missing page is a failure."""
    versions = {(site / f"page-{number}.html").read_text() for number in range(PAGES)}
    assert len(versions) == 1
    return versions.pop()


@pytest.fixture(params=["exchange", "two renames"])
def site(tmp_path, monkeypatch, request):
    if request.param == "two renames":
        monkeypatch.setattr(swap_module, "_exchange", lambda one, other: False)
    write_version(tmp_path / "site", "old")
    return tmp_path / "site"


def test_a_new_build_takes_the_place_of_the_old_site(site):
    with build_aside(site) as built:
        write_version(built, "new")
        swap(built, site)

    assert version_of(site) == "new"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_first_build_needs_no_old_site(tmp_path):
    with build_aside(tmp_path / "deep/site") as built:
        write_version(built, "new")
        swap(built, tmp_path / "deep/site")

    assert version_of(tmp_path / "deep/site") == "new"


def test_whatever_fails_leaves_the_old_site_or_the_new_one(site, monkeypatch):
    """Fail the first, the second, the third … call that changes the disk, until a build goes through (R66)."""
    calls = {"count": 0, "fail_at": 0}
    real = {name: getattr(os, name) for name in ("rename", "fsync", "open")}

    def failing(name):
        def call(*arguments, **keywords):
            calls["count"] += 1
            if calls["count"] == calls["fail_at"]:
                raise OSError(28, "No space left on device")
            return real[name](*arguments, **keywords)

        return call

    for name in real:
        monkeypatch.setattr(swap_module.os, name, failing(name))
    # Without it every file is written out by itself, which gives more places to fail.
    monkeypatch.setattr(swap_module, "_sync_file_system", lambda folder: False)

    for attempt in range(1, 500):
        calls.update(count=0, fail_at=attempt)
        try:
            with build_aside(site) as built:
                write_version(built, f"new-{attempt}")
                swap(built, site)
        except OSError:
            calls["fail_at"] = 0
            assert version_of(site) in {"old", f"new-{attempt}"}
            recover(site)
            assert [path.name for path in site.parent.iterdir()] == ["site"]
        else:
            assert version_of(site) == f"new-{attempt}"
            break
    assert attempt > PAGES


KILLED = """
import sys, pathlib
sys.path.insert(0, {root!r})
from aipm_site.publication import swap as module
from tests.publication.test_swap import write_version
if {twice}:
    module._exchange = lambda one, other: False
site = pathlib.Path({site!r})
print("ready", flush=True)
number = 0
while True:
    number += 1
    module.recover(site)
    with module.build_aside(site) as built:
        write_version(built, f"new-{{number}}")
        module.swap(built, site)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a word of POSIX systems")
@pytest.mark.parametrize("twice", [False, True], ids=["exchange", "two renames"])
def test_killing_a_build_at_any_moment_leaves_a_whole_site(tmp_path, twice):
    site = tmp_path / "site"
    write_version(site, "old")
    root = str(Path(__file__).parents[2])
    program = textwrap.dedent(KILLED).format(root=root, site=str(site), twice=twice)
    for attempt in range(12):
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.003 * attempt + 0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

        recover(site)

        assert version_of(site) == "old" or version_of(site).startswith("new-")
        assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_old_site_comes_back_when_a_build_died_between_two_renames(tmp_path):
    site = tmp_path / "site"
    write_version(old_folder(site), "old")
    write_version(building_folder(site), "new")

    recover(site)

    assert version_of(site) == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_folders_beside_the_site_that_are_not_ours_stay(tmp_path):
    site = tmp_path / "site"
    write_version(site, "old")
    foreign = tmp_path / ".site.tmp-photos"
    foreign.mkdir()
    (foreign / "holiday.png").write_bytes(b"x")

    recover(site)

    assert (foreign / "holiday.png").exists()


def test_a_system_without_exchange_is_told_apart_from_a_fault(tmp_path, monkeypatch):
    write_version(tmp_path / "one", "one")
    assert not (tmp_path / "two").exists()

    with pytest.raises(FileNotFoundError):
        swap_module._exchange(tmp_path / "one", tmp_path / "two")


def test_every_file_is_written_out_where_the_system_cannot_do_it_at_once(tmp_path, monkeypatch):
    write_version(tmp_path / "site", "old")
    synced = []
    monkeypatch.setattr(swap_module, "_sync_file_system", lambda folder: False)
    monkeypatch.setattr(swap_module, "_sync_path", lambda path, flags: synced.append(path))

    sync(tmp_path / "site")

    assert len(synced) == PAGES + 2


def test_a_folder_may_be_replaced_only_if_it_is_empty_or_ours(tmp_path):
    root = tmp_path / "project"
    content = root / "content"
    content.mkdir(parents=True)
    (root / "empty").mkdir()
    write_version(root / "ours", "old")
    (root / "other").mkdir()
    (root / "other/file").write_text("x")
    (root / "file").write_text("x")
    (root / "link").symlink_to(root / "ours")

    for name in ("empty", "ours", "new"):
        check_target(root / name, root=root, content=content)
    for name in ("other", "file", "link", ".", "..", "content", "content/deep"):
        with pytest.raises(TargetRefused):
            check_target(root / name, root=root, content=content)
    check_target(root / "other", root=root, content=content, force=True)
    with pytest.raises(TargetRefused):
        check_target(root / "content", root=root, content=content, force=True)


def test_a_manifest_of_another_tool_is_not_our_mark(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site/build.json").write_text('{"schema": "webpack"}')

    with pytest.raises(TargetRefused):
        check_target(tmp_path / "site", root=tmp_path, content=tmp_path / "content")
