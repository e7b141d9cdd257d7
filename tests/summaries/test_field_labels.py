"""A field is called the same wherever it is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from aipm_site.records import KINDS
from aipm_site.records.shape import FieldShape, shape_of
from aipm_site.summaries.field_labels import _KEYS_ARE_NAMES, path_label
from aipm_site.summaries.word_files import words_in


def shapes_in(model: type[BaseModel]) -> Iterator[FieldShape]:
    for shape in shape_of(model).values():
        yield shape
        yield from shapes_in(shape.part) if shape.part else ()


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("next_review", "Next review"),
        ("dpia", "Impact assessment (DPIA)"),
        ("criteria.2.waived", "Criteria 2: waived"),
        # Inside another field it has the same label, which goes on after the colon.
        ("figures.3.n", "Figures 3: cases (n)"),
        ("links.1.id", "Links 1: ID"),
        ("scenarios.1.one_off", "Scenarios 1: one-off"),
        # What a writer named is not renamed.
        ("custom.n", "The project's own keys: n"),
        ("params.learning_rate", "Parameters: learning_rate"),
        ("custom.a.2.by", "The project's own keys: a.2.by"),
        ("decisions.prefixes.adr_old", "Decisions: prefixes: adr_old"),
        # A project's own field keeps its capitals.
        ("GPU_hours", "GPU hours"),
    ],
)
def test_a_field_is_named_by_its_path(path, label):
    assert path_label(path) == label


def test_keys_that_writers_choose_are_those_of_the_fields_that_map_names():
    by_name = {shape.name for kind in KINDS for shape in shapes_in(kind.model) if shape.word.endswith("by name")}

    assert by_name
    assert by_name == _KEYS_ARE_NAMES


def test_every_label_is_needed():
    regular = {name for name, label in words_in("fields.yml").items() if label == name.replace("_", " ").capitalize()}

    assert regular == set()
