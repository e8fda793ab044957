import pytest

from assistant.grounding.quantities import Quantity, quantities, same_amount, same_unit


def _one(text: str) -> Quantity:
    [found] = quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("4,000 tonnes", 4e6, 4e6, "kilogram"),
        ("8–60 mm", 0.008, 0.06, "metre"),
        ("between 8 and 60 mm", 0.008, 0.06, "metre"),
        ("€1.2bn", 1.2e9, 1.2e9, "euro"),
        ("8m euros", 8e6, 8e6, "euro"),
        ("3 to 4 million euros", 3e6, 4e6, "euro"),
        ("RMB 4.2 billion", 4.2e9, 4.2e9, "yuan"),
        ("twelve workers", 12, 12, "workers"),
        ("twenty-five workers", 25, 25, "workers"),
        ("one hundred and five", 105, 105, ""),
        ("a dozen mills", 12, 12, "mills"),
        ("two thirds", 66.6666666, 66.6666666, "percent"),
        ("four out of ten", 40, 40, "percent"),
        ("one in five", 20, 20, "percent"),
        ("half of staff", 50, 50, "percent"),
        ("12.5 square kilometres", 12.5e6, 12.5e6, "square metre"),
        ("120 km/h", 120, 120, "kilometre an hour"),
        ("3 percentage points", 3, 3, "percentage point"),
        ("45 basis points", 0.45, 0.45, "percentage point"),
        ("a 300-tonne press", 300_000, 300_000, "kilogram"),
        ("four and a half years", 4.5, 4.5, "year"),
        ("450 MPa", 450e6, 450e6, "pascal"),
        ("8 m long", 8, 8, "metre"),
    ],
)
def test_a_quantity_is_read_into_its_base_unit(text: str, low: float, high: float, unit: str) -> None:
    found = _one(text)
    assert (found.low, found.high, found.unit) == (pytest.approx(low), pytest.approx(high), unit)


def test_what_is_no_quantity_is_not_read() -> None:
    assert not quantities("The mill closed, and nobody knew of it.")


@pytest.mark.parametrize("text", ["1,000th", "² in ²", "1" * 400, "٣ في ٤", "$", "m m m", "a third", "one in", "- - 5"])
def test_odd_figures_are_no_error(text: str) -> None:
    quantities(text)


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [("a third time", True), ("the third plant", True), ("a third of it", False), ("cut by a third", False)],
)
def test_an_ordinal_is_told_from_a_share(text: str, ordinal: bool) -> None:
    assert _one(text).ordinal is ordinal


@pytest.mark.parametrize(
    ("text", "bound"),
    [("more than 40 staff", ">"), ("up to 40 staff", "<"), ("about 40 staff", "~"), ("no more than 40 staff", "<")],
)
def test_a_bound_is_kept(text: str, bound: str) -> None:
    assert _one(text).bound == bound


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ("about 4,000 tons", "4,012 tons"),
        ("more than 40 staff", "43 staff"),
        ("nearly 400 tonnes", "396 tonnes"),
        ("half a tonne", "500 kg"),
        ("1.2 billion euros", "€1,200 million"),
        ("50 percent", "half of them"),
        ("60 mm", "6 cm"),
    ],
)
def test_a_rounded_or_converted_figure_is_borne_out(claimed: str, told: str) -> None:
    assert same_amount(_one(claimed), _one(told))
    assert same_unit(_one(claimed), _one(told)) is not False


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ("4,000 tons", "4,012 tons"),
        ("more than 40 staff", "400 staff"),
        ("more than 40 staff", "less than 40 staff"),
        ("9 million soles a week", "9 million soles a day"),
        ("the third plant", "three plants"),
    ],
)
def test_another_figure_is_not(claimed: str, told: str) -> None:
    assert not same_amount(_one(claimed), _one(told))


def test_units_of_different_kinds_differ_and_nouns_may_not() -> None:
    assert same_unit(_one("12 tons"), _one("12 mm")) is False
    assert same_unit(_one("12 percent"), _one("12 percentage points")) is False
    assert same_unit(_one("12 workers"), _one("12 employees")) is None
