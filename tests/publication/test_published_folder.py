"""A published site in a folder: versions lie beside each other, and every fault leaves the old site or the new one."""

import os
import time
from pathlib import Path

import icalendar
import pytest

from aipm_site.publication import published_folder as folder_module
from aipm_site.publication import swap as swap_module
from aipm_site.publication.published_folder import FolderTarget
from aipm_site.publication.root_files import SiteWords, root_files
from aipm_site.publication.swap import TargetRefused, check_target, recover
from aipm_site.publication.target import PublicationRefused, publish_to
from aipm_site.records.publishing import RESERVED_NAMES, is_name
from tests.publication.builds import build_files, in_child, is_whole, new_version, write_build
from tests.sample import read_tree


@pytest.fixture
def target(tmp_path):
    (tmp_path / "project/content").mkdir(parents=True)
    return FolderTarget(tmp_path / "public", tmp_path / "project", tmp_path / "project/content", wait_seconds=5)


def publish(target, tmp_path, number, day="2026-04-15", files=None, name=None, **settings):
    built = write_build(tmp_path / f"built-{number}-{day}", number, day, files)
    return publish_to(target, new_version(built, name, **settings).make)


def test_a_version_is_found_under_its_name_and_its_aliases(target, tmp_path):
    publish(target, tmp_path, 1)

    for folder in ("2026-04-15", "latest", "2026-W16"):
        # Data files and feeds too: an alias is not a page that leads elsewhere.
        assert "state 1" in (target.folder / folder / "risks/index.html").read_text()
        assert (target.folder / folder / "feed.xml").read_text() == "<a>state 1</a>"
        assert (target.folder / folder / "status.json").is_file()
    assert not any(path.is_symlink() for path in target.folder.rglob("*"))
    assert is_whole(target.folder)


def test_an_earlier_version_keeps_every_byte(target, tmp_path):
    publish(target, tmp_path, 1)
    before = read_tree(target.folder / "2026-04-15")

    publish(target, tmp_path, 2, "2026-04-16")

    assert read_tree(target.folder / "2026-04-15") == before
    assert "state 2" in (target.folder / "latest/index.html").read_text()
    assert "state 2" in (target.folder / "2026-W16/index.html").read_text()
    assert is_whole(target.folder)


def test_what_did_not_change_is_the_same_file_in_all_versions(target, tmp_path):
    publish(target, tmp_path, 1, files=build_files("the same"))
    publish(target, tmp_path, 2, "2026-04-16", files=build_files("the same"))

    pages = [target.folder / name / "risks/RSK-001/index.html" for name in ("2026-04-15", "2026-04-16", "latest")]
    assert len({page.read_bytes() for page in pages}) == 1
    assert len({page.stat().st_ino for page in pages}) == 1


def test_looks_lie_once_beside_the_versions(target, tmp_path):
    publish(target, tmp_path, 1)
    publish(target, tmp_path, 2, "2026-04-16")
    changed = {**build_files("state 3"), "assets/look.css": "p { color: teal }\n"}
    publish(target, tmp_path, 3, "2026-04-17", changed)

    looks = sorted(path.read_text() for path in target.folder.rglob("look.css"))
    assert looks == ["p { color: navy }\n", "p { color: teal }\n"]
    assert len(list((target.folder / "assets").iterdir())) == 2


def test_looks_that_no_version_uses_go(target, tmp_path):
    publish(target, tmp_path, 1)
    changed = {**build_files("state 2"), "assets/look.css": "p { color: teal }\n"}

    publish(target, tmp_path, 2, "2026-04-16", changed, keep="1")

    assert len(list((target.folder / "assets").iterdir())) == 1
    assert not (target.folder / "2026-04-15").exists()
    assert not (target.folder / "2026-W16").is_symlink()
    assert is_whole(target.folder)


def test_a_removed_page_leads_to_the_version_that_has_it(target, tmp_path):
    publish(target, tmp_path, 1)
    publish(target, tmp_path, 2, "2026-04-16", build_files("state 2", ("", "risks/")))
    publish(target, tmp_path, 3, "2026-04-17", build_files("state 3", ("", "risks/")))

    moved = (target.folder / "latest/risks/RSK-001/index.html").read_text()
    assert 'content="0; url=../../../2026-04-15/risks/RSK-001/"' in moved
    assert "The last version that has it is" in moved
    assert (target.folder / "removed.json").read_text() == '{\n"risks/RSK-001/": "2026-04-15"\n}\n'
    # The version itself is what was built; only its aliases, which had the page once, lead on.
    assert not (target.folder / "2026-04-17/risks/RSK-001").exists()
    assert "2026-04-15/risks/RSK-001/" in (target.folder / "2026-W16/risks/RSK-001/index.html").read_text()
    assert is_whole(target.folder)


def test_a_page_that_comes_back_is_a_page_again(target, tmp_path):
    publish(target, tmp_path, 1)
    publish(target, tmp_path, 2, "2026-04-16", build_files("state 2", ("", "risks/")))
    publish(target, tmp_path, 3, "2026-04-17")

    assert "state 3" in (target.folder / "latest/risks/RSK-001/index.html").read_text()
    assert (target.folder / "removed.json").read_text() == "{}\n"


def test_nothing_that_lies_beside_the_versions_can_be_the_name_of_one(target, tmp_path):
    publish(target, tmp_path, 1)
    everything = SiteWords("Small", "internal", "https://example.org/", "example.org", "index")
    beside = {path.partition("/")[0].casefold() for path in root_files((), (), {}, everything)}
    beside |= {path.name.casefold() for path in target.folder.iterdir()} - {"2026-04-15", "latest", "2026-w16"}

    assert beside - RESERVED_NAMES == {".nojekyll"}
    # And no more than that, but for what others put there.
    assert RESERVED_NAMES - beside == {"favicon.ico", "sitemap.xml.gz"}
    assert not any(map(is_name, beside))


CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nNAME:Small: a role\r\n"
    "BEGIN:VEVENT\r\nUID:MTG-1\r\nDTSTAMP:20260415T000000Z\r\nDTSTART:20260416T090000Z\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)


def test_a_calendar_that_is_gone_is_there_without_entries_for_those_who_subscribed(target, tmp_path):
    calendars = {"calendar.ics": CALENDAR, "calendar/a-role.ics": CALENDAR}
    publish(target, tmp_path, 1, files=build_files("state 1") | calendars)
    publish(target, tmp_path, 2, "2026-04-16")

    for path in calendars:
        left = (target.folder / "latest" / path).read_bytes()
        # RFC 5545 §3.6: at least one component; a zone is one that no calendar shows.
        assert [part.name for part in icalendar.Calendar.from_ical(left).subcomponents] == ["VTIMEZONE"]
        assert b"NAME:Small: a role\r\n" in left
        assert not (target.folder / "2026-04-16" / path).exists()
        assert (target.folder / "2026-04-15" / path).read_bytes() == CALENDAR.encode()
    # No page, so nothing that a reader is led to.
    assert (target.folder / "removed.json").read_text() == "{}\n"
    assert is_whole(target.folder)


def test_files_that_others_put_beside_the_versions_stay(target, tmp_path):
    publish(target, tmp_path, 1)
    (target.folder / "google1234.html").write_text("proof")
    (target.folder / ".well-known").mkdir()
    (target.folder / ".well-known/security.txt").write_text("Contact: …")

    publish(target, tmp_path, 2, "2026-04-16")

    assert (target.folder / "google1234.html").read_text() == "proof"
    assert (target.folder / ".well-known/security.txt").is_file()


def test_a_folder_with_other_things_is_refused(target, tmp_path):
    target.folder.mkdir()
    (target.folder / "holiday.png").write_bytes(b"x")

    with pytest.raises(TargetRefused, match="did not write"):
        publish(target, tmp_path, 1)
    assert [path.name for path in target.folder.iterdir()] == ["holiday.png"]


def test_a_folder_with_one_build_is_refused(target, tmp_path):
    write_build(target.folder)

    with pytest.raises(TargetRefused, match="one build"):
        publish(target, tmp_path, 1)


def test_no_build_takes_the_place_of_published_versions(target, tmp_path):
    publish(target, tmp_path, 1)

    for force in (False, True):
        with pytest.raises(TargetRefused, match="published versions"):
            check_target(target.folder, root=target.root, content=target.content, force=force)


def test_a_checkout_of_the_branch_is_refused(target, tmp_path):
    publish(target, tmp_path, 1)
    (target.folder / ".git").mkdir()

    with pytest.raises(TargetRefused, match="--branch"):
        publish(target, tmp_path, 2, "2026-04-16")


def test_whatever_fails_leaves_the_old_site_or_the_new_one(target, tmp_path, monkeypatch):
    """Fail the first, the second, the third … call that changes the disk, until a publication goes through (R66)."""
    publish(target, tmp_path, 1)
    old = read_tree(target.folder)
    version = new_version(write_build(tmp_path / "next", 2, "2026-04-16"))
    calls, codes = {"count": 0, "fail_at": 0}, set()

    def failing(real):
        def call(*arguments, **keywords):
            calls["count"] += 1
            if calls["count"] == calls["fail_at"]:
                raise OSError(28, "No space left on device")
            return real(*arguments, **keywords)

        return call

    for name in ("rename", "fsync", "open"):
        monkeypatch.setattr(swap_module.os, name, failing(getattr(os, name)))
    monkeypatch.setattr(Path, "write_bytes", failing(Path.write_bytes))
    monkeypatch.setattr(Path, "mkdir", failing(Path.mkdir))
    monkeypatch.setattr(folder_module, "_link", failing(folder_module._link))
    for attempt in range(1, 1000):
        calls.update(count=0, fail_at=attempt)
        try:
            publish_to(target, version.make)
        except PublicationRefused as refusal:
            calls["fail_at"] = 0
            codes.add(refusal.problems[0].code)
            recover(target.folder)
            if read_tree(target.folder) != old:
                # The fault came after the exchange: then the new one stands, whole.
                assert is_whole(target.folder)
                assert "state 2" in (target.folder / "latest/index.html").read_text()
                break
        else:
            break
    assert attempt > 30
    assert codes == {"cannot-write"}
    assert is_whole(target.folder)


def publish_all(target, versions):
    for version in versions:
        publish_to(target, version.make)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a word of POSIX systems")
def test_killing_a_publication_at_any_moment_leaves_a_whole_site(target, tmp_path):
    for number in range(1, 40):
        write_build(tmp_path / f"built-{number}", number, f"2026-04-{10 + number // 4:02}")
    versions = [new_version(tmp_path / f"built-{number}") for number in range(1, 40)]
    publish_all(target, versions[:1])
    for attempt in range(12):
        process = in_child(publish_all, target, versions)
        time.sleep(0.005 * attempt * attempt)
        process.kill()
        process.join()

        recover(target.folder)

        assert is_whole(target.folder)
        assert sorted(path.name for path in tmp_path.glob(".public*")) in ([], [".public.lock"])


def test_two_publications_at_once_lose_nothing(target, tmp_path):
    for number in range(1, 9):
        write_build(tmp_path / f"built-{number}", number, "2026-04-15")
    versions = [new_version(tmp_path / f"built-{number}") for number in range(1, 9)]
    processes = [in_child(publish_all, target, versions[::2]), in_child(publish_all, target, versions[1::2])]
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    assert is_whole(target.folder)
    with target.opened() as published:
        assert sorted(int(version.revision, 16) for version in published.versions) == list(range(1, 9))
        latest = next(version for version in published.versions if "latest" in version.aliases)
    assert int(latest.revision, 16) == 8
