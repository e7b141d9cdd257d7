"""Gates: people are not more lenient than the facts, unless a decision in force says so."""

from __future__ import annotations

import pytest

from tests.snapshots import found

MODEL = "id: MV-RW-1.7.0-rc1\ntitle: Candidate\nmodel: RW\nversion: 1.7.0-rc1\nstage: validation\n"
METRIC = "id: M-accuracy\ntitle: Accuracy\nunit: ratio\npolarity: higher_better\n"
WAIVER = (
    "id: DEC-021\ntitle: Let it pass\nstatus: accepted\ndate: 2026-04-01\noutcome: one\noptions: [one, two]\n"
    "decision_makers: [sponsor]\n"
)
# Lines 5 to 13 of a gate: its criterion; domain 1.2.2, A7: 86.4 % against 87.0 %.
GATE = """\
id: DEC-020
title: Go or no-go
type: gate
subject: MV-RW-1.7.0-rc1
criteria:
  - name: Accuracy
    metric: M-accuracy
    operator: ">="
    threshold: 0.870
"""
DECIDED = "status: accepted\noutcome: go\noptions: [go, no-go]\ndecision_makers: [sponsor]\n"


def row(value: str, day: str) -> str:
    return (
        f"- {{metric: M-accuracy, subject: MV-RW-1.7.0-rc1, unit: ratio, value: {value}, as_of: {day}, n: 10000,"
        " dataset: d, slice: all, environment: offline}\n"
    )


def files(gate: str, rows: str, **more: str) -> dict[str, str]:
    return {
        "models/m.yml": MODEL,
        "metrics/m.yml": METRIC,
        "observations/o.yml": rows,
        "decisions/g.yml": gate,
    } | {path.replace("__", "/") + ".yml": text for path, text in more.items()}


def gates_of(problems: list[str]) -> list[str]:
    ours = ("verdict-denied", "result-denied", "waiver-not-in-force", "production-without-go", "unknown-figure")
    return [line for line in problems if line.rpartition(" ")[2] in (*ours, "contradiction")]


def errors(gate: str, rows: str, **more: str) -> list[str]:
    return gates_of(found(files(gate, rows, **more)))


def warnings(gate: str, rows: str, **more: str) -> list[str]:
    return gates_of(found(files(gate, rows, **more), severity="warning"))


def test_a_verdict_that_is_better_than_computed_is_an_error() -> None:
    gate = GATE + "date: 2026-04-15\nverdict: go\n"

    assert errors(gate, row("0.864", "2026-04-15")) == ["decisions/g.yml:11 verdict-denied"]
    assert errors(gate.replace("verdict: go", "verdict: conditional"), row("0.864", "2026-04-15")) == [
        "decisions/g.yml:11 verdict-denied"
    ]
    assert errors(gate, row("0.880", "2026-04-15")) == []
    assert errors(gate.replace("verdict: go", "verdict: no-go"), row("0.880", "2026-04-15")) == []


def test_a_verdict_on_what_nobody_observed_is_an_error() -> None:
    gate = GATE + "date: 2026-04-15\nverdict: go\n"

    assert errors(gate, row("0.880", "2026-04-16")) == ["decisions/g.yml:11 verdict-denied"]


def test_a_verdict_that_only_a_later_observation_denies_is_a_warning() -> None:
    gate = GATE + "date: 2026-04-10\nverdict: go\n" + DECIDED
    rows = row("0.880", "2026-04-10") + row("0.864", "2026-04-14")

    assert errors(gate, rows) == []
    assert warnings(gate, rows) == ["decisions/g.yml:11 verdict-denied"]


WAIVED = GATE + "    result: waived\n    waiver: DEC-021\ndate: 2026-04-10\nverdict: go\n" + DECIDED
LOW = row("0.864", "2026-04-10")


def test_a_waiver_in_force_lets_a_better_verdict_stand() -> None:
    assert errors(WAIVED, LOW, decisions__w=WAIVER) == []
    assert warnings(WAIVED, LOW, decisions__w=WAIVER) == []


def test_a_waiver_that_was_never_in_force_is_an_error_and_so_is_the_verdict() -> None:
    proposed = WAIVER.replace("accepted", "proposed")

    assert errors(WAIVED, LOW, decisions__w=proposed) == [
        "decisions/g.yml:10 waiver-not-in-force",
        "decisions/g.yml:13 verdict-denied",
    ]


def test_a_waiver_that_ended_since_is_a_warning() -> None:
    lapsed = WAIVER + "expires: 2026-04-12\n"

    assert errors(WAIVED, LOW, decisions__w=lapsed) == []
    assert warnings(WAIVED, LOW, decisions__w=lapsed) == [
        "decisions/g.yml:10 waiver-not-in-force",
        "decisions/g.yml:13 verdict-denied",
    ]


def test_a_result_that_is_better_than_observed_is_an_error() -> None:
    gate = GATE + "    result: met\ndate: 2026-04-15\n"

    assert errors(gate, row("0.864", "2026-04-15")) == ["decisions/g.yml:10 result-denied"]
    assert errors(gate, row("0.880", "2026-04-15")) == []
    # Worse than observed is always allowed.
    assert errors(gate.replace("result: met", "result: not_met"), row("0.880", "2026-04-15")) == []


def test_a_result_that_only_a_later_observation_denies_is_a_warning() -> None:
    gate = GATE + "    result: met\ndate: 2026-04-10\n" + DECIDED
    rows = row("0.880", "2026-04-10") + row("0.864", "2026-04-14")

    assert (errors(gate, rows), warnings(gate, rows)) == ([], ["decisions/g.yml:10 result-denied"])


IN_USE = MODEL.replace("validation", "production") + "gate: DEC-020\n"


def in_use(gate: str, rows: str, severity: str = "error") -> list[str]:
    return gates_of(found(files(gate, rows) | {"models/m.yml": IN_USE}, severity=severity))


def test_a_model_in_production_has_passed_its_gate() -> None:
    went = GATE + "date: 2026-04-10\n" + DECIDED
    undecided = GATE + "date: 2026-04-10\n"
    good, bad = row("0.880", "2026-04-10"), row("0.864", "2026-04-10")

    assert in_use(went, good) == []
    assert in_use(went, bad) == ["models/m.yml:6 production-without-go"]
    assert in_use(undecided, good) == ["models/m.yml:6 production-without-go"]
    assert in_use(went + "verdict: no-go\n", good) == ["models/m.yml:6 production-without-go"]


def test_a_model_in_production_that_would_fail_by_later_measurements_is_a_warning() -> None:
    went = GATE + "date: 2026-04-10\n" + DECIDED
    rows = row("0.880", "2026-04-10") + row("0.864", "2026-04-14")

    assert in_use(went, rows) == []
    assert in_use(went, rows, "warning") == ["models/m.yml:6 production-without-go"]


def test_the_gate_of_a_model_is_about_that_model() -> None:
    other = "id: MV-RW-1.6.2\ntitle: Old\nmodel: RW\nversion: 1.6.2\nstage: production\ngate: DEC-020\n"
    went = GATE + "date: 2026-04-10\n" + DECIDED

    assert errors(went, row("0.880", "2026-04-10"), models__old=other) == ["models/old.yml:6 contradiction"]


def test_a_figure_that_is_not_there_is_told_and_stops_nothing() -> None:
    gate = GATE + "  - {name: Open risks, figure: risk.opne, operator: '<=', threshold: 3}\ndate: 2026-04-15\n"

    assert errors(gate, row("0.880", "2026-04-15")) == []
    assert gates_of(found(files(gate, row("0.880", "2026-04-15")), severity="information")) == [
        "decisions/g.yml:10 unknown-figure"
    ]


@pytest.mark.parametrize("name", ["gate.DEC-020.met", "status.overall"])
def test_a_figure_that_itself_follows_from_gates_is_told_to_be_of_no_use(name: str) -> None:
    gate = GATE + f"  - {{name: Itself, figure: {name}, operator: '>=', threshold: 3}}\ndate: 2026-04-15\n"

    assert gates_of(found(files(gate, row("0.880", "2026-04-15")), severity="information")) == [
        "decisions/g.yml:10 unknown-figure"
    ]
