import pytest

from assistant.grounding.manner import Manners, denial_differs, hedge_dropped, swept, turned
from index.lexical import Analyzer

manners = Manners(Analyzer().terms)


@pytest.mark.parametrize(
    ("claim", "told", "differs"),
    [
        ("The board approved the sale.", "The board did not approve the sale.", True),
        ("The board did not approve the sale.", "The board approved the sale.", True),
        ("The board never approved the sale.", "The board did not approve the sale.", False),
        ("The works rolled plate.", "Not only plate was rolled at the works.", False),
    ],
)
def test_a_denial_is_seen_on_either_side(claim: str, told: str, differs: bool) -> None:
    assert denial_differs(manners.of(claim), manners.of(told)) is differs


def test_a_word_for_the_other_direction_is_found() -> None:
    claim = "Output rose by 4 percent."
    [(start, end)] = turned(manners.of(claim), manners.of("Output fell by 4 percent."))
    assert claim[start:end] == "rose"
    assert not list(turned(manners.of(claim), manners.of("Output increased by 4 percent.")))


@pytest.mark.parametrize(
    ("claim", "told", "dropped"),
    [
        ("The company built a new mill.", "The company plans to build a new mill.", True),
        ("The company wants a new mill.", "The company plans to build a new mill.", False),
        ("The company built a new mill.", "The company has built a new mill.", False),
    ],
)
def test_a_plan_told_as_done_is_found(claim: str, told: str, dropped: bool) -> None:
    assert hedge_dropped(manners.of(claim), manners.of(told)) is dropped


def test_a_claim_of_all_where_some_are_told_is_found() -> None:
    claim = "All mills use the alloy."
    [(start, end)] = swept(manners.of(claim), manners.of("Some mills use the alloy."))
    assert claim[start:end] == "All"
    assert not list(swept(manners.of(claim), manners.of("Every mill uses the alloy.")))
