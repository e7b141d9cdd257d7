"""Compiled templates: kept while nothing changes, made anew when anything does, and never a reason for other output."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, pass_context
from jinja2.ext import Extension

from aipm_site.compiled_templates import with_compiled_templates
from aipm_site.problems import Place
from aipm_site.summaries.template_language import TemplateSource, fill_template
from aipm_site.user_cache import use_cache

SOURCE = "{{ 'a' | up }} {% for n in numbers %}{{ n }}<{% endfor %}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """A cache of this test's own."""
    use_cache({"AIPM_CACHE": str(tmp_path / "cache")})
    yield tmp_path / "cache"
    use_cache({"AIPM_CACHE": ""})


class Counting(Environment):
    """Counts what it compiles; of our package by its module, as only known classes are kept."""

    __module__ = "aipm_site.counting"

    def __init__(self, source: str = SOURCE, **settings: Any) -> None:
        super().__init__(loader=DictLoader({"page.html": source}), autoescape=True, **settings)
        self.filters["up"] = str.upper
        self.compiled = 0

    def _compile(self, source: str, filename: str) -> Any:
        self.compiled += 1
        return super()._compile(source, filename)

    def fill(self) -> tuple[str, int]:
        """Return the filled page, and how many templates were compiled for it."""
        text = with_compiled_templates(self, "tests").get_template("page.html").render(numbers=[1, "&"])
        return text, self.compiled


def test_a_template_is_compiled_once() -> None:
    assert [Counting().fill(), Counting().fill()] == [("A 1<&amp;<", 1), ("A 1<&amp;<", 0)]


def test_without_a_cache_every_process_compiles() -> None:
    use_cache({"AIPM_CACHE": ""})

    assert [Counting().fill(), Counting().fill()] == [("A 1<&amp;<", 1), ("A 1<&amp;<", 1)]


def test_a_changed_template_is_compiled_anew() -> None:
    Counting().fill()

    assert Counting("{{ numbers[0] }}").fill() == ("1", 1)


@pytest.mark.parametrize(
    "settings", [{"trim_blocks": True}, {"variable_start_string": "{%%"}, {"extensions": ["jinja2.ext.do"]}]
)
def test_another_syntax_compiles_anew(settings: dict[str, Any]) -> None:
    Counting().fill()

    assert Counting(**settings).fill()[1] == 1


def test_a_filter_that_is_called_in_another_way_compiles_anew() -> None:
    Counting().fill()
    changed = Counting()
    changed.filters["up"] = pass_context(lambda context, text: f"{text}{len(context['numbers'])}")

    assert changed.fill() == ("a2 1<&amp;<", 1)


def test_what_a_filter_gives_is_never_kept() -> None:
    Counting().fill()
    changed = Counting()
    changed.filters["up"] = lambda text: f"<{text}>"

    assert changed.fill() == ("&lt;a&gt; 1<&amp;<", 0)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:20],
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:80] + bytes([data[80] ^ 1]) + data[81:],
        lambda data: data[:64] + marshal.dumps(compile("1 / 0", "x", "exec")),
        lambda data: marshal.dumps(compile("1 / 0", "x", "exec")),
    ],
)
def test_a_damaged_file_is_as_good_as_none_and_is_written_anew(folder: Path, damage: Any) -> None:
    Counting().fill()
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    assert Counting().fill() == ("A 1<&amp;<", 1)
    assert file.read_bytes() == whole


def test_the_code_of_another_template_in_its_place_is_not_taken(folder: Path) -> None:
    Counting().fill()
    (file,) = folder.iterdir()
    Counting("other").fill()
    other = file.read_bytes()
    Counting().fill()
    file.write_bytes(other)

    assert Counting().fill() == ("A 1<&amp;<", 1)


def test_templates_of_the_same_name_take_turns_and_the_cache_does_not_grow(folder: Path) -> None:
    for source in ("one", "two", "one"):
        assert Counting(source).fill()[0] == source

    assert len(list(folder.iterdir())) == 1


class Foreign(Extension):
    """What an extension makes of a template may change without a sign."""


@pytest.mark.parametrize(
    "environment",
    [
        Environment(extensions=[Foreign]),  # noqa: S701  nothing is rendered
        Environment(finalize=str),  # noqa: S701
        type("Other", (Environment,), {"__module__": "plugin"})(),
    ],
)
def test_an_environment_of_unknown_form_is_left_as_it_is(environment: Environment) -> None:
    assert with_compiled_templates(environment, "tests").bytecode_cache is None


def test_a_report_is_filled_from_the_cache_with_all_its_limits(folder: Path) -> None:
    """What a printed value becomes and how many steps are counted stands in the compiled code."""

    def fill(text: str, items: range) -> tuple[str, list[str]]:
        source = TemplateSource("executive.md", "content/reports/executive.md", text)
        found, problems = fill_template([source], "executive.md", {"items": items}, _printed)
        return found, [problem.code for problem in problems]

    loop = "{% for n in items %}{{ n }} {% endfor %}"

    assert fill(loop, range(2)) == ("[0 at 1] [1 at 1] ", [])
    assert len(list(folder.iterdir())) == 1
    assert fill(loop, range(2)) == ("[0 at 1] [1 at 1] ", [])
    assert fill(loop, range(20_000)) == ("", ["template-too-long"])
    assert fill("{{ items | map }}", range(1)) == ("", ["template-broken"])


def _printed(value: object, place: Place) -> Any:
    from markupsafe import Markup

    return Markup(f"[{value} at {place.line}]")
