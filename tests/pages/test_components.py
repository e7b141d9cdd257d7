"""Components: each macro shows what its examples say."""

from types import SimpleNamespace

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from aipm_site.pages.looks import component, theme_folder

_FOLDER = theme_folder() / "components"
EXAMPLES = [
    pytest.param(path.stem, example, id=f"{path.stem}-{example['macro']}-{number}")
    for path in sorted(_FOLDER.glob("*.yml"))
    for number, example in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")))
]


def plain(value):
    """Return YAML data as a template sees a dataclass: fields are attributes."""
    if isinstance(value, dict):
        return SimpleNamespace(**{key: plain(item) for key, item in value.items()})
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_macro_shows_what_its_example_says(name, example):
    html = getattr(component(name), example["macro"])(*map(plain, example["arguments"]))

    text = " ".join(LexborHTMLParser(html).body.text().split())
    for words in example["shows"]:
        assert words in text


def test_every_macro_has_an_example():
    for path in sorted(_FOLDER.glob("*.html")):
        macros = {name for name, value in vars(component(path.stem)).items() if type(value).__name__ == "Macro"}

        assert {param.values[1]["macro"] for param in EXAMPLES if param.values[0] == path.stem} == macros, path.name
