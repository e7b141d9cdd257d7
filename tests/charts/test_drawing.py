"""Drawing by vl-convert: once, in a child process; whatever happens to it, there is a drawing or a reason."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from aipm_site.charts import drawing
from aipm_site.charts.drawing import canonical, draw, library_version
from aipm_site.charts.milestone_trend import WIDE, milestone_trend_chart
from aipm_site.charts.svg import read_svg
from aipm_site.user_cache import use_cache
from tests.charts.test_milestone_trend import AS_OF, WORDS, slipping

needs_library = pytest.mark.skipif(
    find_spec("vl_convert") is None, reason="needs vl-convert: pip install 'aipm-site[charts]'"
)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_remembered", {})


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """An empty cache folder."""
    use_cache({"AIPM_CACHE": str(tmp_path / "cache")})
    yield tmp_path / "cache"
    use_cache({"AIPM_CACHE": ""})


def bars(height: int = 20, **more: Any) -> dict[str, Any]:
    """Return a description of one bar."""
    return {
        "data": {"values": [{"n": 1, "name": 'A < B & "C"'}]},
        "width": 30,
        "height": height,
        "mark": {"type": "text", "color": "var(--aipm-ink)"},
        "encoding": {"text": {"field": "name"}},
    } | more


def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> Path:
    """Put a program in the place of the one that draws, and let the library count as installed; return its log."""
    file, log = tmp_path / "program.py", tmp_path / "log"
    file.write_text(f"import json, os, signal, sys, time\nopen({str(log)!r}, 'a').write('started\\n')\n{code}\n")
    monkeypatch.setattr(drawing, "_PROGRAM", file)
    monkeypatch.setattr(drawing, "library_version", lambda: "1.0")
    return log


DRAWS = (
    "texts = json.load(sys.stdin)\n"
    'svg = \'<svg xmlns="http://www.w3.org/2000/svg" width="{}"/>\'\n'
    "json.dump([{'svg': svg.format(text['height'])} for text in texts], sys.stdout)"
)


@needs_library
def test_a_description_is_drawn_in_the_colours_of_the_theme():
    svg = draw([bars()]).svg(bars())

    assert b'fill="var(--aipm-ink)"' in svg
    assert b"A &lt; B &amp; " in svg
    assert read_svg(svg).tag.endswith("svg")


@needs_library
def test_what_cannot_be_drawn_has_a_reason_and_the_others_are_drawn():
    wrong = {"mark": "no such mark", "data": {"values": []}}

    drawings = draw([wrong, bars()])

    assert drawings.svg(wrong) is None
    assert drawings.fault(wrong)
    assert "\n" not in drawings.fault(wrong)
    assert drawings.svg(bars()) is not None
    assert drawings.fault(bars()) == ""


@needs_library
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/data.json", "https://vega.github.io/data.json"])
def test_nothing_is_fetched(address):
    remote = bars(data={"url": address})

    assert "not allowed" in draw([remote]).fault(remote)


@needs_library
def test_the_process_that_builds_does_not_load_the_library():
    draw([bars()])

    assert "vl_convert" not in sys.modules


def test_all_are_drawn_by_one_process(tmp_path, monkeypatch):
    log = program(tmp_path, monkeypatch, DRAWS)

    drawings = draw([bars(1), bars(2), bars(1)])

    assert log.read_text() == "started\n"
    assert b'width="1"' in drawings.svg(bars(1))
    assert b'width="2"' in drawings.svg(bars(2))


def test_a_process_draws_the_same_once(tmp_path, monkeypatch):
    log = program(tmp_path, monkeypatch, DRAWS)

    first, second = draw([bars()]), draw([bars()])

    assert log.read_text() == "started\n"
    assert first == second


def test_what_the_cache_holds_is_not_drawn_again_and_is_the_same(tmp_path, monkeypatch, cache):
    log = program(tmp_path, monkeypatch, DRAWS)
    first = draw([bars()])
    drawing._remembered.clear()

    assert draw([bars()]) == first
    assert log.read_text() == "started\n"
    assert [path.name[:6] for path in cache.iterdir()] == ["chart-"]


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-1], lambda data: data[:70], lambda data: b"", lambda data: data + b" "]
)
def test_a_file_of_the_cache_that_is_not_whole_is_drawn_anew(tmp_path, monkeypatch, cache, harm):
    program(tmp_path, monkeypatch, DRAWS)
    first = draw([bars()])
    (file,) = cache.iterdir()
    file.write_bytes(harm(file.read_bytes()))
    drawing._remembered.clear()

    assert draw([bars()]) == first


def test_another_version_of_the_library_draws_anew(tmp_path, monkeypatch, cache):
    log = program(tmp_path, monkeypatch, DRAWS)
    draw([bars()])
    monkeypatch.setattr(drawing, "library_version", lambda: "1.1")

    draw([bars()])

    assert log.read_text() == "started\nstarted\n"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("print('hello')", "what it answered cannot be read"),
        ("sys.exit(3)", "it ended with code 3"),
        ("raise ImportError('libc.so is too old')", "it ended with code 1: ImportError: libc.so is too old"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "it was ended by signal 9"),
        (
            'sys.stdout.write(\'[{"svg": "<svg\'); sys.stdout.flush(); os.kill(os.getpid(), 9)',
            "it was ended by signal 9",
        ),
        ("time.sleep(30)", "it took longer than 0.5 seconds"),
        ("json.dump([{'svg': '<svg xmlns=\"http://www.w3.org/2000/svg\"><g>'}], sys.stdout)", "it made no drawing"),
        ("json.dump([{'svg': ''}], sys.stdout)", "it made no drawing"),
    ],
)
def test_a_child_that_fails_leaves_a_reason_and_no_drawing(tmp_path, monkeypatch, cache, code, reason):
    program(tmp_path, monkeypatch, code)

    drawings = draw([bars()], seconds=0.5 if "sleep" in code else 20)

    assert drawings.svg(bars()) is None
    assert drawings.fault(bars()).startswith(reason)
    assert not cache.exists() or list(cache.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="only there processes limit themselves")
def test_a_child_that_computes_for_ever_is_ended_by_the_system(tmp_path, monkeypatch):
    code = (
        f"sys.path.insert(0, {str(Path(drawing.__file__).parent)!r})\n"
        "from vega_process import limit_itself\nlimit_itself(1)\nwhile True: pass"
    )
    program(tmp_path, monkeypatch, code)

    # SIGXCPU is 24 on Linux and macOS; the hard limit is the same second, so it may be SIGKILL, too.
    assert draw([bars()], seconds=60).fault(bars()) in {"it was ended by signal 24", "it was ended by signal 9"}


def test_without_the_library_nothing_is_drawn_and_nothing_is_wrong(tmp_path, monkeypatch):
    log = program(tmp_path, monkeypatch, DRAWS)
    monkeypatch.setattr(drawing, "library_version", lambda: None)

    drawings = draw([bars()])

    assert drawings.svg(bars()) is None
    assert drawings.fault(bars()) == ""
    assert not log.exists()


def test_where_there_is_nothing_to_draw_nothing_is_looked_up(monkeypatch):
    monkeypatch.setattr(drawing, "library_version", lambda: pytest.fail("it was looked up"))

    assert draw([]).svgs == {}


def test_a_library_that_is_not_installed_has_no_version(monkeypatch):
    monkeypatch.setattr(drawing, "LIBRARY", "no-such-library-anywhere")

    assert library_version() is None


def test_a_description_has_one_text_whatever_the_order_of_its_keys():
    assert canonical({"b": 1, "a": [2]}) == canonical({"a": [2], "b": 1}) == '{"a":[2],"b":1}'


@needs_library
def test_drawings_are_the_same_in_all_time_zones(monkeypatch):
    chart, found = milestone_trend_chart([slipping()], AS_OF, WORDS, WIDE), []
    for zone in ("Etc/GMT+12", "Pacific/Kiritimati"):
        monkeypatch.setitem(os.environ, "TZ", zone)
        drawing._remembered.clear()
        found.append(draw([chart]).svg(chart))

    assert found[0] is not None
    assert found[0] == found[1]
