"""The cache folder: the user's own and nobody else's, or none; and whatever is wrong with it, nothing fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipm_site.user_cache import UserCache, cache_folder, chosen_cache, use_cache

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only there do owner and mode say who may write")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trusted cache folder that holds one file."""
    UserCache(tmp_path / "cache").write("name", b"kept")
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def no_cache_afterwards() -> Iterator[None]:
    yield
    use_cache({"AIPM_CACHE": ""})


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"AIPM_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        ({"AIPM_CACHE": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, None),
        ({"AIPM_CACHE": "c", "HOME": "/h"}, None),
        # XDG Base Directory Specification 0.8: $HOME/.cache where the variable is not set, is empty or is relative.
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/aipm"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/aipm"),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/aipm"),
        ({}, None),
    ],
)
def test_the_environment_says_where_the_cache_lies(variables: dict[str, str], expected: str | None) -> None:
    assert cache_folder(variables) == (Path(expected) if expected else None)


def test_a_process_has_no_cache_until_it_is_told_to_use_one(tmp_path: Path) -> None:
    assert chosen_cache() is None

    use_cache({"AIPM_CACHE": str(tmp_path / "cache")})

    assert chosen_cache() is not None


def test_what_one_process_wrote_another_reads(folder: Path) -> None:
    assert UserCache(folder).read("name") == b"kept"
    assert UserCache(folder).read("another") is None


def test_the_folder_and_its_files_are_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        UserCache(tmp_path / "a" / "cache").write("name", b"kept")
    finally:
        os.umask(before)

    assert (tmp_path / "a" / "cache").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a" / "cache" / "name").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755, 0o701])
def test_a_folder_that_is_open_to_others_is_neither_read_nor_written(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    cache = UserCache(folder)

    cache.write("new", b"new")

    assert cache.read("name") is None
    assert os.listdir(folder) == ["name"]


@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_folder_or_file_of_another_user_is_not_used(folder: Path) -> None:
    os.chown(folder / "name", 65534, -1)

    assert UserCache(folder).read("name") is None

    os.chown(folder, 65534, -1)
    UserCache(folder).write("new", b"new")

    assert os.listdir(folder) == ["name"]


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    (folder / "linked").symlink_to(folder / "name")

    assert UserCache(tmp_path / "link").read("name") is None
    assert UserCache(folder).read("linked") is None


def test_a_file_that_others_may_write_and_a_pipe_are_not_read(folder: Path) -> None:
    (folder / "name").chmod(0o620)
    os.mkfifo(folder / "pipe", 0o600)

    assert UserCache(folder).read("name") is None
    assert UserCache(folder).read("pipe") is None


def test_a_folder_that_is_exchanged_meanwhile_is_not_the_one_that_is_read(folder: Path, tmp_path: Path) -> None:
    cache = UserCache(folder)
    folder.rename(tmp_path / "away")
    folder.mkdir(0o777)
    (folder / "name").write_bytes(b"not ours")

    assert cache.read("name") == b"kept"


def test_where_no_folder_can_be_made_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = UserCache(tmp_path / "file" / "cache")

    cache.write("name", b"kept")

    assert cache.read("name") is None


def test_a_file_that_cannot_be_replaced_stays_and_no_draft_is_left(folder: Path) -> None:
    (folder / "taken").mkdir()

    UserCache(folder).write("taken", b"new")

    assert sorted(os.listdir(folder)) == ["name", "taken"]
