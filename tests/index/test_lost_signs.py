"""Signs of which decoding left the same letter: each chosen by its context."""

import pytest

from index.lost_signs import restore_lost_signs
from index.mojibake import repair
from tests.index.test_mojibake import CLEAN, SENTENCES, THAI, misread_with_loss, restored_shares


@pytest.mark.parametrize(("half", "share"), [(0, 0.96), (1, 0.94)], ids=["rules found on", "held out"])
def test_lossy_damage_to_trade_news_is_restored(half: int, share: float) -> None:
    characters, signs = restored_shares(SENTENCES[half::2], misread_with_loss)
    assert characters >= 0.99
    assert signs >= share


def test_lossy_damage_changes_nothing_but_the_damaged_places() -> None:
    repaired = repair(misread_with_loss(CLEAN))
    assert len(repaired) == len(CLEAN)
    assert all(new == old for new, old in zip(repaired, CLEAN, strict=True) if old.isascii())


def test_lossy_damage_is_nearly_always_restored_to_the_right_sign() -> None:
    repaired = repair(misread_with_loss(CLEAN))
    signs = [(new, old) for new, old in zip(repaired, CLEAN, strict=True) if not old.isascii()]
    assert len(signs) > 40
    assert sum(new == old for new, old in signs) >= 0.95 * len(signs)


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("the millโs gate isnโt open", "the mill’s gate isn’t open"),
        ("โStop,โ she said.", "“Stop,” she said."),
        ("โStop!โโand she meant it.", "“Stop!”—and she meant it."),
        ("plates of 8โ60 mm", "plates of 8–60 mm"),
        ("a rareโearth alloy", "a rare-earth alloy"),
        ("the workersโ canteen", "the workers’ canteen"),
        ("one mill โ the older โ closed", "one mill – the older – closed"),
        ("steelโbut not iron", "steel—but not iron"),
        ("a tungstenโcobalt powder", "a tungsten-cobalt powder"),
        ("a tin-lead solder; another tinโlead one", "a tin-lead solder; another tin-lead one"),
        ("the mill isโhe saysโfull", "the mill is—he says—full"),
        ("it happens in the old portsโslowly.", "it happens in the old ports—slowly."),
        (
            "the mineโs ownersโAnders Holt and his wifeโcame by ship",
            "the mine’s owners—Anders Holt and his wife—came by ship",
        ),
        ("a mill backed by the bankโbuilt by hand", "a mill backed by the bank—built by hand"),
        ("a handโbuilt crane", "a hand-built crane"),
        ("a zeroโtoโone change, a stateโofโtheโart mill", "a zero-to-one change, a state-of-the-art mill"),
        ("the U.S.โCanada accord and the U.S.โs view", "the U.S.–Canada accord and the U.S.’s view"),
        ("a U.S.โbased trader", "a U.S.-based trader"),
        ("the JanuaryโMarch quarter, 2019โ20", "the January–March quarter, 2019–20"),
        ("prices of $610โ$615, 3%โ4% more", "prices of $610–$615, 3%–4% more"),
        ("a 5โyear plan for COVIDโ19", "a 5-year plan for COVID-19"),
        ("born in the โ90s, in a โ08 slump", "born in the ’90s, in a ’08 slump"),
        ("at โ40 degrees", "at −40 degrees"),
        ("COโ fell", "CO₂ fell"),
        ("preโ and postโwar rails", "pre- and post-war rails"),
        ("Xiโan, Maโanshan and Ms. OโHara", "Xi’an, Ma’anshan and Ms. O’Hara"),
        ("โThe workersโ canteen is shut,โ he said.", "“The workers’ canteen is shut,” he said."),
        ("the โtwo portsโ plan and the crewsโ pay", "the “two ports” plan and the crews’ pay"),
        ("โโToo lateโ is what I heard,โ he said.", "“‘Too late’ is what I heard,” he said."),
        ("โWe do not speak of โrumorsโ here.โ", "“We do not speak of ‘rumors’ here.”"),
        ("He spoke (โat lengthโ) and left.", "He spoke (“at length”) and left."),
    ],
)
def test_a_sign_that_was_lost_is_chosen_by_its_context(damaged: str, repaired: str) -> None:
    assert restore_lost_signs(damaged) == repaired


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("at 5°โwarm", "at 5°—warm"),
        ("a”โthink", "a”—think"),
        ("for tea โ$. Then", "for tea “$. Then"),
        ("teaโ$ and", "tea—$ and"),
    ],
)
def test_a_sign_beside_no_word_is_chosen_too(damaged: str, repaired: str) -> None:
    assert restore_lost_signs(damaged) == repaired


@pytest.mark.parametrize("text", THAI, ids=["subscription", "mill", "price", "ship"])
def test_thai_text_has_lost_no_signs(text: str) -> None:
    assert restore_lost_signs(text) == text
