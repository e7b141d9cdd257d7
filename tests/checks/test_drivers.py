"""A driver of a benefit that is a metric can be taken from what production does."""

from __future__ import annotations

from tests.snapshots import found

BENEFIT = """\
id: BEN-001
title: Avoided readmissions
currency: USD
scenarios:
  - {name: a, scale: 1}
value_driver:
  - {name: cost, value: 15000, unit: USD}
  - {name: recall, value: 0.72, unit: ratio, metric: M-recall}
"""
METRIC = "id: M-recall\ntitle: Recall\nunit: ratio\npolarity: higher_better\n"
MODEL = "id: MV-RW-1.6.2\ntitle: Model\nmodel: RW\nversion: 1.6.2\nstage: {stage}\n"
ROW = "- {{metric: M-recall, subject: MV-RW-1.6.2, value: {value}, as_of: 2026-04-14{more}}}\n"


def files(stage: str = "production", more: str = "", value: str = "0.7") -> dict[str, str]:
    return {
        "benefits/a.yml": BENEFIT,
        "metrics/M-recall.yml": METRIC,
        "models/MV-RW-1.6.2.yml": MODEL.format(stage=stage),
        "observations/a.yml": ROW.format(value=value, more=more),
    }


def codes(of: dict[str, str]) -> list[str]:
    return [line for line in found(of, severity="warning") if "driver-not-measured" in line]


def test_a_driver_that_production_is_measured_by_is_in_order() -> None:
    assert codes(files()) == []


def test_a_driver_that_nothing_in_production_is_measured_by_is_named_at_its_metric() -> None:
    expected = ["benefits/a.yml:8 driver-not-measured"]

    assert codes({name: text for name, text in files().items() if "observations" not in name}) == expected
    assert codes(files(stage="validation")) == expected
    assert codes(files(more=", slice: age=85+")) == expected
    assert codes(files(more=", unit: ms", value="12")) == expected
