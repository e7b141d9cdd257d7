"""Drawing: Vega-Lite descriptions to SVG, all of a build in one child process, and each only once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from aipm_site.charts.svg import UnsafeSvg, read_svg
from aipm_site.user_cache import UserCache, chosen_cache

LIBRARY = "vl-convert-python"
# The first drawing takes a second and each further one a twentieth; a machine may be busy.
SECONDS = 60
_PROGRAM = Path(__file__).with_name("vega_process.py")
_DIGEST = 32
# A drawing has one of so many places in the cache, in hexadecimal digits, so that it does not grow with every version
# of every project; of two with the same place the later one is kept.
_PLACE_DIGITS = 3
# A preview builds again and again, and `--all-audiences` for each audience, in one process.
_MOST_REMEMBERED = 256
_remembered: dict[bytes, bytes] = {}


class Drawings(Struct, frozen=True):
    """Descriptions that were drawn, and why others were not.

    Attributes:
        svgs: The SVG of each description that was drawn, by the description's canonical text.
        faults: What went wrong, by the canonical text of each description that was not drawn because of it. A missing
            library is no fault: nobody has to install it.
    """

    svgs: Mapping[str, bytes] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def svg(self, description: Mapping[str, Any]) -> bytes | None:
        """Return the drawing of a description; None where there is none."""
        return self.svgs.get(canonical(description))

    def fault(self, description: Mapping[str, Any]) -> str:
        """Return why a description was not drawn though it should have been; "" where nothing went wrong."""
        return self.faults.get(canonical(description), "")


def canonical(description: Mapping[str, Any]) -> str:
    """Return the text of a description, the same for the same description."""
    return json.dumps(description, sort_keys=True, separators=(",", ":"))


def library_version() -> str | None:
    """Return the version of the library that draws; None where it is not installed."""
    try:
        return version(LIBRARY)
    except PackageNotFoundError:
        return None


def draw(descriptions: Iterable[Mapping[str, Any]], seconds: float = SECONDS) -> Drawings:
    """Return the drawings of descriptions; nothing that goes wrong with one stops a build.

    Args:
        descriptions: Vega-Lite descriptions that hold their data.
        seconds: How long all of them may take.
    """
    texts = list(dict.fromkeys(map(canonical, descriptions)))
    library = library_version() if texts else None
    if library is None:
        return Drawings()
    cache = chosen_cache()
    svgs = {text: svg for text in texts if (svg := _kept(cache, library, text)) is not None}
    missing = [text for text in texts if text not in svgs]
    faults: dict[str, str] = {}
    for text, answer in zip(missing, _answers(missing, seconds) if missing else (), strict=True):
        svg, fault = answer.get("svg", "").encode(), answer.get("fault") or _unreadable(answer["svg"])
        if fault:
            faults[text] = fault
        else:
            svgs[text] = svg
            _keep(cache, library, text, svg)
    return Drawings(svgs, faults)


def _unreadable(svg: str) -> str:
    """Return why a drawing cannot stand in a page; "" where it can."""
    try:
        read_svg(svg.encode())
    except UnsafeSvg as fault:
        return f"it made no drawing that can be shown: {fault}"
    return ""


def _answers(texts: Sequence[str], seconds: float) -> list[dict[str, str]]:
    """Return what the child process made of descriptions; the same fault for all where it did not come to its end."""
    command = [sys.executable, "-P", str(_PROGRAM), str(max(1, int(seconds)))]
    try:
        process = subprocess.run(
            command, input=f"[{','.join(texts)}]".encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return [{"fault": f"it took longer than {seconds:g} seconds"}] * len(texts)
    except OSError as fault:
        return [{"fault": f"it could not be started: {fault.strerror or fault}"}] * len(texts)
    if process.returncode != 0:
        return [{"fault": _last_words(process)}] * len(texts)
    try:
        answers: list[dict[str, str]] = json.loads(process.stdout)
    except ValueError:
        return [{"fault": "what it answered cannot be read"}] * len(texts)
    return answers


def _last_words(process: subprocess.CompletedProcess[bytes]) -> str:
    if process.returncode < 0:
        return f"it was ended by signal {-process.returncode}"
    said = process.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"it ended with code {process.returncode}" + (f": {said[-1].strip()[:300]}" if said else "")


def _kept(cache: UserCache | None, library: str, text: str) -> bytes | None:
    """Return a drawing of this description by this version, if this process or the cache has the whole of it."""
    key = _key(library, text)
    if key in _remembered:
        return _remembered[key]
    data = (cache.read(_place(key)) if cache else None) or b""
    head, svg = data[: 2 * _DIGEST], data[2 * _DIGEST :]
    return svg if head == key + hashlib.sha256(svg).digest() else None


def _keep(cache: UserCache | None, library: str, text: str, svg: bytes) -> None:
    key = _key(library, text)
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = svg
    if cache is not None:
        cache.write(_place(key), key + hashlib.sha256(svg).digest() + svg)


def _place(key: bytes) -> str:
    return f"chart-{key.hex()[:_PLACE_DIGITS]}"


def _key(library: str, text: str) -> bytes:
    return hashlib.sha256(f"{library} {text}".encode()).digest()
