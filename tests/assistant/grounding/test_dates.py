import pytest

from assistant.grounding.dates import bears_out, clash, moments

PUBLISHED = "2025-06-11"  # a Wednesday


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ("in September 2025", "on 5 September 2025"),
        ("on 5 September 2025", "on September 5"),
        ("in 2024", "last year"),
        ("on 10 June 2025", "on Tuesday"),
        ("on 10 June", "yesterday"),
        ("in the second half of 2024", "in October 2024"),
        ("in the first half of 2024", "H1 2024"),
        ("between January and August", "in the first eight months"),
        ("in the 1990s", "in 1994"),
        ("next spring", "in April 2026"),
        ("on 13 March", "12–14 March"),
    ],
)
def test_a_date_is_borne_out_by_the_same_or_a_more_exact_one(claimed: str, told: str) -> None:
    [there] = moments(told, PUBLISHED)
    assert all(bears_out(moment, there) for moment in moments(claimed, PUBLISHED if "next" in claimed else None))


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ("on 6 September 2025", "on 5 September 2025"),
        ("in 2023", "last year"),
        ("on Monday", "on Tuesday"),
        ("in March 2025", "in the second half of 2025"),
        ("on 5 September", "in September"),
    ],
)
def test_another_or_a_vaguer_date_does_not_bear_it_out(claimed: str, told: str) -> None:
    [moment], [there] = moments(claimed), moments(told, PUBLISHED)
    assert not bears_out(moment, there)


def test_a_vaguer_date_is_no_clash() -> None:
    [claimed], [vague], [other] = moments("5 September 2025"), moments("September 2025"), moments("6 September 2025")
    assert not clash(claimed, vague)
    assert clash(claimed, other)


@pytest.mark.parametrize("text", ["He may stay.", "2,000 tonnes", "They march on.", "the first half of the match"])
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert not moments(text)
