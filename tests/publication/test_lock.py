"""The lock: one build at a time, and none that is stuck for ever."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from aipm_site.publication import lock as lock_module
from aipm_site.publication.lock import AnotherBuildIsRunning, build_lock, lock_path


def test_a_second_build_gives_up_and_names_the_first(tmp_path):
    with (
        build_lock(tmp_path / "site"),
        pytest.raises(AnotherBuildIsRunning, match=f"process {os.getpid()} on") as found,
        build_lock(tmp_path / "site", wait_seconds=0.2),
    ):
        pass

    assert found.value.problem().code == "another-build-is-running"


def test_a_second_build_goes_on_when_the_first_is_done(tmp_path):
    done = []

    def first() -> None:
        with build_lock(tmp_path / "site"):
            started.set()
            time.sleep(0.3)
            done.append("first")

    started = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    started.wait()
    with build_lock(tmp_path / "site", wait_seconds=10):
        done.append("second")
    thread.join()

    assert done == ["first", "second"]


def test_the_lock_is_gone_after_a_build_and_after_a_failure(tmp_path):
    with pytest.raises(ValueError, match="broken"), build_lock(tmp_path / "site"):
        raise ValueError("broken")

    assert not lock_path(tmp_path / "site").exists()


def test_builds_of_other_folders_do_not_wait(tmp_path):
    with build_lock(tmp_path / "one"), build_lock(tmp_path / "two", wait_seconds=0):
        assert lock_path(tmp_path / "one") != lock_path(tmp_path / "two")


@pytest.mark.skipif(os.name != "posix", reason="needs advisory locks")
def test_a_killed_build_leaves_no_lock_that_holds(tmp_path):
    program = (
        f"import sys, os; sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from pathlib import Path\nfrom aipm_site.publication.lock import build_lock\n"
        f"with build_lock(Path({str(tmp_path / 'site')!r})):\n    os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=False)
    assert lock_path(tmp_path / "site").exists()

    with build_lock(tmp_path / "site", wait_seconds=0):
        pass

    assert not lock_path(tmp_path / "site").exists()


def test_where_the_system_has_no_advisory_locks_the_file_itself_is_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(lock_module, "fcntl", None)

    with (
        build_lock(tmp_path / "site"),
        pytest.raises(AnotherBuildIsRunning),
        build_lock(tmp_path / "site", wait_seconds=0),
    ):
        pass
