"""Models, candidate against production; the numbers are those of domain.md 1.2 (fixture and A1 to A6)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from aipm_site.facts.model import families, metric_states, model_comparisons, model_figures
from aipm_site.facts.series import Measurements
from tests.facts.builders import metric, model, observation, project_of

OLD, NEW = "MV-RW-1.6.2", "MV-RW-1.7.0-rc1"
HOLDOUT = "DST-002@2026-02"
PAIRS = {"subject": OLD, "b": "430", "c": "330"}


def plain(text):
    return text.replace("\u00a0", " ")


def accuracy(subject, successes, n=10_000, **fields):
    return observation(subject, successes=successes, n=n, **{"dataset": HOLDOUT, "slice": "all"} | fields)


def registry(**fields):
    limits = {"green": "0.870", "amber": "0.850"}
    return metric(**{"decimals": "1", "materiality": "0.005", "thresholds": limits} | fields)


def watch(*rows, registered=None, production=None, candidate=None, **charter):
    """Return Readmission Watch with these observations."""
    models = production or model(OLD), candidate or model(NEW, stage="validation")
    return project_of(registered or registry(), *models, *rows, **charter)


def fixture(**charter):
    """Return the metrics of the worked example, 06:12 on 15 April 2026."""
    return watch(
        accuracy(OLD, 8740),
        accuracy(NEW, 8640, paired_with=PAIRS),
        accuracy(OLD, 1090, 1250, slice="ehr_feed=B"),
        accuracy(NEW, 985, 1250, slice="ehr_feed=B"),
        accuracy(OLD, 7650, 8750, slice="ehr_feed=other"),
        accuracy(NEW, 7655, 8750, slice="ehr_feed=other"),
        **charter,
    )


def only_change(project):
    (comparison,) = model_comparisons(Measurements(project))
    (change,) = comparison.changes
    return change


def test_a1_a_change_is_told_in_percentage_points_and_never_as_one_percent():
    change = only_change(fixture())

    assert plain(change.text) == "−1.0 percentage point (87.4 % → 86.4 %)"
    assert change.difference == Fraction(-1, 100)
    assert plain(change.relative_text) == "−1.14 %"
    assert (change.verb, change.judgement) == ("fell", "worse")
    assert plain(change.size_text) == "1.0 percentage point"


def test_a2_the_same_hold_out_is_tested_in_pairs():
    change = only_change(fixture())

    assert change.same_cases
    assert float(change.evidence.paired.chi2) == pytest.approx(13.158, abs=5e-4)
    assert change.evidence.p == pytest.approx(0.00029, abs=5e-6)
    assert plain(change.interval_text()) == "95 % CI −1.54 to −0.46 percentage points"
    # domain.md 4.4 sample A prints one decimal
    assert plain(change.interval_text(1)) == "95 % CI −1.5 to −0.5 percentage points"
    assert change.wording == "changed"


@pytest.mark.parametrize(
    ("n", "wording"),
    [(1_000, "cannot_be_told_apart"), (2_000, "cannot_be_told_apart"), (10_000, "changed"), (20_000, "changed")],
)
def test_a3_an_unpaired_change_is_one_only_if_its_interval_excludes_zero(n, wording):
    change = only_change(watch(accuracy(OLD, n * 874 // 1000, n), accuracy(NEW, n * 864 // 1000, n)))

    assert change.wording == wording
    assert not change.same_cases
    if n == 10_000:
        assert plain(change.interval_text()) == "95 % CI −1.94 to −0.06 percentage points"
        assert change.evidence.p == pytest.approx(0.036, abs=5e-4)
    if n == 2_000:
        assert change.evidence.p == pytest.approx(0.35, abs=5e-3)


def test_a4_slices_have_their_own_change_and_interval_and_no_word_of_significance():
    (comparison,) = model_comparisons(Measurements(fixture()))

    feed_b, rest = comparison.slices

    assert (feed_b.slice, rest.slice) == ("ehr_feed=B", "ehr_feed=other")
    assert plain(feed_b.short_text) == "87.2 % → 78.8 % (−8.4 pp)"
    assert plain(rest.short_text) == "87.43 % → 87.49 % (+0.06 pp)"
    assert feed_b.wording is None
    assert rest.wording is None
    assert feed_b.evidence.interval.excludes(0)
    assert not rest.evidence.interval.excludes(0)


def test_a6_and_t46_production_and_candidate_are_judged_apart():
    in_use, candidate = metric_states(Measurements(fixture()))

    assert (in_use.model.id, in_use.position) == (OLD, "within")
    assert (candidate.model.id, candidate.position) == (NEW, "between")
    assert plain(in_use.figure.text) == "87.4 %"
    assert plain(in_use.limit_text) == "87.0 %"


def test_a_good_candidate_does_not_make_production_good():
    in_use, candidate = metric_states(Measurements(watch(accuracy(OLD, 8400), accuracy(NEW, 9000))))

    assert (in_use.position, candidate.position) == ("beyond", "within")


def test_production_on_its_limit_is_within_it():
    in_use, _ = metric_states(Measurements(watch(accuracy(OLD, 8700), accuracy(NEW, 8640))))

    assert in_use.position == "within"


def test_a_monitored_metric_that_was_never_measured_is_unknown_and_not_green():
    project = watch(accuracy(OLD, 8740), production=model(OLD, monitoring=["M-accuracy", "M-latency"]))

    latency = next(state for state in metric_states(Measurements(project)) if state.metric == "M-latency")

    assert latency.is_monitored
    assert latency.observation is None
    assert latency.position is None
    assert latency.figure.reason == "not reported yet"
    names = {figure.name: figure for figure in model_figures(Measurements(project))}
    assert names[f"model.{OLD}.latency"].reason == "not reported yet"


def test_figures_bear_version_metric_and_slice():
    figures = {figure.name: figure for figure in model_figures(Measurements(fixture()))}

    assert sorted(figures) == sorted(
        f"model.{version}.accuracy{piece}{change}"
        for version, changes in ((OLD, [""]), (NEW, ["", ".change"]))
        for piece in ("", ".ehr_feed=B", ".ehr_feed=other")
        for change in changes
    )
    accuracy_of_new = figures[f"model.{NEW}.accuracy"]
    assert accuracy_of_new.value == Fraction(108, 125)
    assert (accuracy_of_new.unit, plain(accuracy_of_new.text)) == ("ratio", "86.4 %")
    assert accuracy_of_new.as_of == date(2026, 4, 15)
    assert accuracy_of_new.formula == "8,640 of 10,000 cases, data DST-002@2026-02"


def test_a_candidate_is_held_against_production_and_production_against_its_limit():
    figures = {figure.name: figure for figure in model_figures(Measurements(fixture()))}

    candidate, in_use = figures[f"model.{NEW}.accuracy"].comparator, figures[f"model.{OLD}.accuracy"].comparator

    assert (candidate.kind, plain(candidate.text)) == ("baseline", "production 1.6.2: 87.4 %")
    assert (in_use.kind, in_use.value, plain(in_use.text)) == ("target", Decimal("0.870"), "limit 87.0 %")


def test_the_change_is_a_figure_in_percentage_points_that_says_how_it_was_tested():
    figures = {figure.name: figure for figure in model_figures(Measurements(fixture()))}

    change = figures[f"model.{NEW}.accuracy.change"]

    assert (change.value, change.unit) == (-1, "pp")
    assert plain(change.text) == "−1.0 percentage point"
    assert plain(change.formula) == (
        "candidate less production: 86.4 % − 87.4 %; the same 10,000 cases; right only in production 430, "
        "only in the candidate 330; McNemar χ² 13.158, p 0.00029; 95 % CI −1.54 to −0.46 percentage points"
    )
    assert {source.record_id for source in change.sources} >= {OLD, NEW, "M-accuracy"}


def test_without_n_nothing_is_said_about_chance():
    change = only_change(watch(observation(OLD, "0.874"), observation(NEW, "0.864")))

    assert change.evidence is None
    assert change.wording == "n_not_recorded"
    assert change.interval_text() == ""


def test_a_change_below_materiality_is_steady():
    change = only_change(watch(accuracy(OLD, 8740), accuracy(NEW, 8700)))

    assert change.wording == "steady"


def test_a_change_of_exactly_the_materiality_is_worth_words():
    change = only_change(watch(accuracy(OLD, 8790), accuracy(NEW, 8740)))

    assert change.wording == "cannot_be_told_apart"


def test_crossing_a_limit_for_the_worse_is_never_steady():
    # domain.md 4.3: adverse threshold crossing is always material
    change = only_change(watch(accuracy(OLD, 8701), accuracy(NEW, 8699)))

    assert change.wording == "cannot_be_told_apart"


def test_pairs_that_do_not_explain_the_values_are_not_used():
    # 430 lost and 330 won are 100 fewer, not 200
    change = only_change(watch(accuracy(OLD, 8740), accuracy(NEW, 8540, paired_with=PAIRS)))

    assert not change.same_cases
    assert change.evidence is not None


def test_pairs_with_another_version_are_not_used():
    change = only_change(
        watch(accuracy(OLD, 8740), accuracy(NEW, 8640, paired_with=PAIRS | {"subject": "MV-RW-1.5.0"}))
    )

    assert not change.same_cases


def test_other_data_is_not_compared():
    project = watch(accuracy(OLD, 8740, dataset="DST-002@2026-01"), accuracy(NEW, 8640))

    (comparison,) = model_comparisons(Measurements(project))

    assert comparison.changes == ()
    assert comparison.not_compared[0].reason == "production 1.6.2 has no value on DST-002@2026-02 in the unit ratio"


def test_lower_is_better_for_a_latency():
    registered = metric("M-latency", unit="ms", polarity="lower_better", decimals="0")
    rows = [
        observation(OLD, "212", metric="M-latency", unit="ms", n=500),
        observation(NEW, "200", metric="M-latency", unit="ms", n=500),
    ]

    change = only_change(watch(*rows, registered=registered))

    assert plain(change.text) == "−12 ms (212 ms → 200 ms)"
    assert (change.verb, change.judgement, change.wording) == ("fell", "better", "not_tested")


def test_percent_is_compared_in_percentage_points_too():
    rows = [
        observation(OLD, "87.4", unit="percent", n=10_000, successes=8740),
        observation(NEW, "86.4", unit="percent", n=10_000, successes=8640),
    ]

    change = only_change(watch(*rows, registered=metric(unit="percent", decimals="1")))

    assert plain(change.text) == "−1.0 percentage point (87.4 % → 86.4 %)"
    assert plain(change.interval_text()) == "95 % CI −1.94 to −0.06 percentage points"


def test_a_growth_in_percent_is_no_share_of_cases():
    rows = [
        observation(version, value, metric="M-growth", unit="percent", n=40)
        for version, value in ((OLD, "120"), (NEW, "-15"))
    ]

    change = only_change(watch(*rows, registered=metric("M-growth", unit="percent")))

    assert change.evidence is None
    assert change.wording == "not_tested"


def test_what_was_measured_in_production_speaks_for_the_version_in_production():
    project = watch(
        accuracy(OLD, 8690, as_of="2026-04-14", environment="production", dataset=None),
        accuracy(OLD, 8740),
        accuracy(NEW, 8640, paired_with=PAIRS),
    )

    in_use, _ = metric_states(Measurements(project))

    assert (plain(in_use.figure.text), in_use.position) == ("86.9 %", "between")
    # The candidate is still compared on the data that both were measured on.
    assert plain(only_change(project).text) == "−1.0 percentage point (87.4 % → 86.4 %)"


def test_a_production_value_of_zero_has_no_relative_change():
    change = only_change(watch(accuracy(OLD, 0, 100), accuracy(NEW, 5, 100)))

    assert change.relative is None
    assert change.relative_text == ""


def test_the_newest_version_on_its_way_is_the_candidate():
    versions = [
        model("MV-RW-1.6.2"),
        model("MV-RW-1.7.0-rc1", stage="validation"),
        model("MV-RW-1.7.0-rc2", stage="dev"),
        model("MV-RW-1.5.0", stage="retired"),
        model("MV-RW-1.8.0", stage="rejected"),
    ]

    (family,) = families(project_of(*versions))

    assert family.production.version == "1.6.2"
    assert family.candidate.version == "1.7.0-rc2"


def test_versions_of_different_models_are_not_compared():
    project = project_of(
        registry(),
        model(OLD),
        model(NEW, stage="validation", name="Another model"),
        accuracy(OLD, 8740),
        accuracy(NEW, 8640),
    )

    assert model_comparisons(Measurements(project)) == ()


def test_the_newest_value_speaks_for_a_version():
    project = watch(
        accuracy(OLD, 8700, as_of="2026-03-31"), accuracy(OLD, 8740, as_of="2026-04-14"), accuracy(NEW, 8640)
    )

    assert metric_states(Measurements(project))[0].observation.as_of == date(2026, 4, 14)


def test_labels_travel_with_every_figure():
    hidden = accuracy(NEW, 8640, audience="restricted")
    project = watch(accuracy(OLD, 8740), hidden, default_audience="client")

    figures = {figure.name: figure for figure in model_figures(Measurements(project))}
    (comparison,) = model_comparisons(Measurements(project))

    assert figures[f"model.{OLD}.accuracy"].audience == "client"
    assert figures[f"model.{NEW}.accuracy"].audience == "restricted"
    assert figures[f"model.{NEW}.accuracy.change"].audience == "restricted"
    assert comparison.audience == "restricted"
    assert comparison.changes[0].audience == "restricted"


def test_a_project_without_models_has_no_model_figures():
    assert model_figures(Measurements(project_of())) == ()
