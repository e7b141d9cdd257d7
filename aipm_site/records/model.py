"""Models: one version of an AI model, what it is for, what it was made from, and how far it has come."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from aipm_site.records.fields import IsoDate, Line, Prose, YesNo, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.record import Part, Record, expected, needed, optional

Stage = Literal["dev", "validation", "pilot", "production", "deprecated", "retired", "rejected"]
# https://semver.org, point 2, 9 and 10.
_SEMANTIC_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\Z")


class Explanation(Part):
    """How the model's outputs are explained to those who use them."""

    short_field = "method"

    method: Line = needed("how the explanation is made")
    scope: Literal["global", "local"] | None = optional("whether it explains the model or a single output")
    reason_codes: tuple[Line, ...] = optional("reasons that a user is shown", many=True)
    user_tested: YesNo | None = optional("whether users were seen to understand it")


class EthicalConsideration(Part):
    """A concern, and what is done about it."""

    short_field = "name"

    name: Line = needed("the concern, in one clause")
    mitigation_strategy: Prose | None = optional("what is done about it")


class Model(Record):
    """One version of a model, with what its model card must say."""

    model: Line | None = expected("name of the model that this is a version of")
    version: Line = needed("its version, MAJOR.MINOR.PATCH as in semver.org, such as 1.7.0-rc1")
    stage: Stage = needed("how far it has come")
    intended_use: Prose | None = expected("what it is for, and for whom")
    out_of_scope: Prose | None = expected("what it must not be used for")
    training_data: tuple[Annotated[Line, reference_to("dataset", only_ids=True)], ...] = expected(
        "data that it was trained on", many=True
    )
    evaluation_data: tuple[Annotated[Line, reference_to("dataset", only_ids=True)], ...] = expected(
        "data that it was measured on", many=True
    )
    metrics: tuple[Annotated[Line, reference_to("metric")], ...] = expected("metrics that it is judged by", many=True)
    limitations: Prose | None = expected("what it cannot do, and where it fails")
    environment: Line | None = optional("where it runs, where a model has several environments")
    split: Line | None = optional("how work is divided, where several versions are in production at once")
    released_on: IsoDate | None = optional("the day on which it reached its stage")
    gate: Annotated[Line, reference_to("decision")] | None = optional("the decision that let it into production")
    monitoring: tuple[Annotated[Line, reference_to("metric")], ...] = optional(
        "metrics that are watched in production; each needs fresh observations", many=True
    )
    explainability: Explanation | None = optional("how its outputs are explained")
    human_oversight: Prose | None = optional("who watches it, and how they step in")
    rollback_to: Annotated[Line, reference_to("model")] | None = optional("the version that takes over if it fails")
    features: tuple[Annotated[Line, reference_to("definition", only_ids=True)], ...] = optional(
        "what it is given, in words or as definition ids", many=True
    )
    code_ref: Line | None = optional("the code that made it: a commit or a tag")
    run: Annotated[Line, reference_to("run")] | None = optional("the run that trained it")
    params: dict[Line, Line] | None = optional("settings that it was trained with, by name")
    licence: Line | None = optional("SPDX identifier, or the terms in words")
    ethical_considerations: tuple[EthicalConsideration, ...] = optional(
        "concerns, and what is done about them", many=True
    )
    risk_class: Literal["prohibited", "high", "limited", "minimal"] | None = optional(
        "class of the system under the EU AI Act, as its owner sees it"
    )

    @property
    def status(self) -> Stage:
        """Its stage, which is what other kinds call status."""
        return self.stage


def version_is_semantic(model: Model) -> Iterable[Breach]:
    """Warn of a version that cannot be ordered among the others."""
    if not _SEMANTIC_VERSION.match(model.version):
        message = f"version '{model.version}' is not of the form MAJOR.MINOR.PATCH"
        yield Breach("not-semantic", message, ("version",), "write it like 1.7.0 or 1.7.0-rc1", "warning")


def rolls_back_to_another(model: Model) -> Iterable[Breach]:
    """Find a model that would be replaced by itself."""
    if model.rollback_to == model.id:
        message = "the model would be rolled back to itself"
        yield Breach("rolls-back-to-itself", message, ("rollback_to",), "name the version that takes over")


KIND = Kind(
    Model,
    name="model",
    folder="models",
    prefix="MV",
    id_form="natural",
    plural="models",
    register="Models",
    columns=("id", "title", "model", "version", "stage", "owner"),
    done=frozenset({"retired", "rejected"}),
    counted_as=(
        ("dev", "in development"),
        ("validation", "in validation"),
        ("pilot", "in pilot"),
        ("production", "in production"),
    ),
    rules=(version_is_semantic, rolls_back_to_another),
    expectations=(
        Expectation(
            ("monitoring", "explainability", "human_oversight", "rollback_to", "gate"),
            when=in_status("production"),
            because="a model in production is watched, explained, overseen and can be replaced",
        ),
    ),
)
