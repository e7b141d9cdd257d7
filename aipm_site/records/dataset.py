"""Datasets: what data there is, where it is from, whom it is about and on what basis it is used; never a row of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from aipm_site.records.fields import Count, DateOrMoment, IsoDate, Line, Number, Prose, Ratio, YesNo, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind
from aipm_site.records.record import DataSource, Part, Record, expected, needed, optional


class Retention(Part):
    """How long the data is kept, and why so long."""

    value: Count = needed("how many")
    unit: Literal["days", "months", "years"] = needed("of what")
    basis: Line | None = expected("the rule or contract that says so")


class Deidentification(Part):
    """What was done so that nobody can be recognised, in the words of HIPAA and of the GDPR, each for its own."""

    short_field = "method"

    method: Literal["none", "pseudonymised", "safe_harbor", "expert_determination", "anonymised"] = needed(
        "by which way"
    )
    status: Literal["planned", "in_progress", "done"] | None = expected("how far it is")
    evidence: Annotated[Line, reference_to("evidence", only_ids=True)] | None = optional("where that is shown")


class DatasetVersion(Part):
    """One version of the data; other records name it as DST-002@2026-02."""

    version: Line = needed("its name, such as 2026-02")
    created: IsoDate | None = optional("the day on which it was made")
    collected_from: IsoDate | None = optional("first day of what it holds")
    collected_to: IsoDate | None = optional("last day of what it holds")
    rows: Count | None = optional("how many rows it has")
    note: Line | None = optional("what is different in it")


class DatasetColumn(Part):
    """One column, as metadata."""

    name: Line = needed("its name")
    type: Line | None = optional("its type")
    description: Line | None = optional("what it says")
    unit: Line | None = optional("unit of its values")
    definition: Annotated[Line, reference_to("definition")] | None = optional("the definition that it follows")
    personal: YesNo | None = optional("whether it is about a person")


class Lineage(Part):
    """From what it was made."""

    inputs: tuple[Annotated[Line, reference_to("dataset", only_ids=True)], ...] = optional(
        "datasets it was made of", many=True
    )
    run: Annotated[Line, reference_to("run", only_ids=True)] | None = optional("the run that made it")


class Split(Part):
    """A part that is kept for one purpose."""

    name: Line = needed("such as training or hold-out")
    rows: Count | None = optional("how many rows it has")
    share: Ratio | None = optional("share of all rows")


class Labelling(Part):
    """How its labels came about."""

    guideline: Line | None = optional("the page or file that says how")
    annotators: Count | None = optional("how many people labelled it")
    agreement: Ratio | None = optional("how often two of them agree")


class ServiceLevel(Part):
    """A promise about the data, in the words of the Open Data Contract Standard."""

    property: Literal[
        "availability",
        "throughput",
        "errorRate",
        "generalAvailability",
        "endOfSupport",
        "endOfLife",
        "retention",
        "frequency",
        "latency",
        "timeToDetect",
        "timeToNotify",
        "timeToRepair",
    ] = needed("what is promised")
    value: Line = needed("how much")
    unit: Line | None = optional("of what")


class Dataset(Record):
    """Metadata of one dataset: a datasheet, never the data."""

    status: Literal["proposed", "draft", "active", "deprecated", "retired"] = optional("where it stands", "active")
    contains_personal_data: Literal["yes", "no", "unknown"] = needed("whether it is about people")
    version: Line | None = expected("the version in use")
    purpose: Prose | None = expected("what it is made for")
    source: DataSource | None = expected("where it comes from")
    collected_from: IsoDate | None = expected("first day of what it holds")
    collected_to: IsoDate | None = expected("last day of what it holds")
    rows: Count | None = expected("how many rows it has")
    classification: Literal["public", "internal", "confidential", "restricted"] | None = expected("how secret it is")
    licence_or_basis: Line | None = expected("the licence or contract under which it is used")
    retention: Retention | None = expected("how long it is kept")
    versions: tuple[DatasetVersion, ...] = optional("its versions, oldest first", many=True)
    lawful_basis: Line | None = optional("of personal data: the legal basis of its use")
    special_category: YesNo | None = optional("whether it has data on health, origin, belief and the like")
    deidentification: Deidentification | None = optional("what was done so that nobody can be recognised")
    rop: Annotated[Line, reference_to("processing-activity", only_ids=True)] | None = optional(
        "the record of the processing activity"
    )
    dpia: Line | None = optional("the data protection impact assessment, or why none is needed")
    # `schema` is a name that pydantic keeps.
    columns: tuple[DatasetColumn, ...] = optional("its columns, as metadata", many=True, alias="schema")
    lineage: Lineage | None = optional("from what it was made")
    splits: tuple[Split, ...] = optional("parts that are kept for one purpose", many=True)
    labelling: Labelling | None = optional("how its labels came about")
    subpopulations: tuple[Line, ...] = optional("groups that are in it", many=True)
    known_biases: tuple[Line, ...] = optional("in what it is known to mislead", many=True)
    sla: tuple[ServiceLevel, ...] = optional("what is promised about it", many=True)
    updated_at: DateOrMoment | None = optional("when data was last added")
    quality_score: Number | None = optional("a score that the data's owner gives, in their own scale")


def spans_are_in_order(dataset: Dataset) -> Iterable[Breach]:
    """Find data that ends before it begins."""
    spans: list[tuple[Any, tuple[str | int, ...]]] = [(dataset, ())]
    spans += [(version, ("versions", index)) for index, version in enumerate(dataset.versions)]
    for span, path in spans:
        if span.collected_from and span.collected_to and span.collected_to < span.collected_from:
            message = f"collected_to {span.collected_to} is before collected_from {span.collected_from}"
            yield Breach("wrong-order", message, (*path, "collected_to"))


def versions_are_unique(dataset: Dataset) -> Iterable[Breach]:
    """Find a version that stands twice, and a version in use that is not among them."""
    seen: Counter[str] = Counter()
    for index, version in enumerate(dataset.versions):
        seen[version.version] += 1
        if seen[version.version] > 1:
            yield Breach("duplicate-name", f"version '{version.version}' stands twice", ("versions", index, "version"))
    if dataset.version and dataset.versions and dataset.version not in seen:
        message = f"version '{dataset.version}' is not among the versions"
        yield Breach("unknown-version", message, ("version",), f"versions are {', '.join(seen)}")


def anonymised_is_not_personal(dataset: Dataset) -> Iterable[Breach]:
    """Find data that is called anonymised and about people at once (domain T-55)."""
    given = dataset.deidentification
    if given and given.method == "anonymised" and given.status == "done" and dataset.contains_personal_data == "yes":
        message = "the data is anonymised, and contains_personal_data is 'yes'"
        hint = "what can be tied to a person again is pseudonymised or de-identified, not anonymised"
        yield Breach("contradiction", message, ("deidentification", "method"), hint)


def _is_personal(dataset: Dataset, _: object) -> bool:
    return dataset.contains_personal_data == "yes"


KIND = Kind(
    Dataset,
    name="dataset",
    folder="datasets",
    prefix="DST",
    plural="datasets",
    register="Datasets",
    columns=("id", "title", "version", "rows", "contains_personal_data", "classification", "status", "owner"),
    done=frozenset({"retired"}),
    counted_as=(),
    default_status="active",
    rules=(spans_are_in_order, versions_are_unique, anonymised_is_not_personal),
    expectations=(
        Expectation(
            ("lawful_basis", "special_category", "deidentification", "rop", "dpia"),
            when=_is_personal,
            because="data about people has a basis, and is protected",
        ),
    ),
)
