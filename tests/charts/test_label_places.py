"""Labels stand where they belong, or as near as the others allow."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from aipm_site.charts.label_places import Label, placed


def middles(*labels: Label, lowest: float = 300) -> list[float]:
    return [label.middle for label in placed(labels, 15, lowest)]


def test_labels_with_room_stay_where_they_are():
    assert middles(Label("A", 100, 50, 40), Label("B", 100, 50, 10)) == [40, 10]


def test_of_labels_at_one_place_the_later_ones_go_down():
    assert middles(*[Label(text, 100, 50, 40) for text in "ABC"]) == [40, 55, 70]


def test_labels_that_lie_side_by_side_need_no_room():
    assert middles(Label("A", 100, 50, 40), Label("B", 151, 50, 40)) == [40, 40]


def test_what_would_lie_too_deep_goes_up_and_lifts_those_above_it():
    # The third would come to 325; it stands at 300, the second 15 above it, and the first 15 above that.
    assert middles(*[Label(text, 100, 50, 295) for text in "ABC"]) == [270, 285, 300]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300)), min_size=1, max_size=12))
def test_no_label_covers_another(places):
    labels = placed([Label("MS-05", x, 120, y) for x, y in places], 15, 300)

    assert all(0 <= label.middle <= 300 for label in labels)
    for one, other in combinations(labels, 2):
        assert abs(one.left - other.left) >= 120 or abs(one.middle - other.middle) >= 15 - 1e-9
