"""UTF-8 once read as a Thai code page: repaired where it happened, and nowhere else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.mojibake import repair

CLEAN = """The harbor’s old crane – the one with the crooked jib – won’t lift a plate this year.
“We’ve asked for a new gearbox,” said the foreman, “and we’ll get one in May.”
Its drum takes cables of 20–35 mm; the owners’ manual says 18–30 mm. They’re both right.
The yard’s ledger for 2019–2024 shows a rare-earth shipment, a state-owned buyer and a high-grade lining.
“Don’t hurry,” the crane driver’s wife called. “It’s only steel—nothing more.”
The town’s council, which hasn’t met since March, calls the pier “a ruin” and the ferry “a joke.”
A long-term lease – that was the offer – didn’t tempt the dockers’ union.
He’d counted 1,100–1,200 sacks; she’d counted fewer. I’m told the clerk’s list is lost.
“Who’s to say?” asked the mayor. “You’d need a low-cost, large-scale survey.”
"""
UNUSUAL = "Tøsseby’s café charges €4 ± 0.50 for señor Łódź’s naïve soufflé … at −3 °C, Brand™, 包钢集团."
LOST = range(0x80, 0xA0)
THAI = [
    "กรุณายกเลิกการสมัครสมาชิกก่อนวันศุกร์",
    "โรงงานเหล็กแห่งใหม่ในจังหวัดระยองเปิดทำการเมื่อวานนี้",
    "ราคาเหล็กแผ่นลดลงร้อยละ 5 เพราะความต้องการน้อย",
    "เรือขนส่งสินค้ามาถึงท่าเรือแล้ว ขอบคุณมาก",
]


def misread(text: str) -> str:
    """`text` in UTF-8, each byte read as TIS-620 from 0xA1 on, below that as Windows-1252, else as it is."""
    return "".join(_letter(byte) for byte in text.encode())


def misread_with_loss(text: str) -> str:
    """As `misread`, the bytes 0x80 to 0x9F dropped."""
    return "".join(_letter(byte) for byte in text.encode() if byte not in LOST)


def _letter(byte: int) -> str:
    for encoding in ("tis-620", "cp1252") if byte > 0xA0 else ("cp1252",):
        try:
            return bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            continue
    return chr(byte)


@pytest.mark.parametrize("text", [CLEAN, UNUSUAL], ids=["typographic signs", "unusual letters"])
def test_exact_damage_is_undone_to_the_letter(text: str) -> None:
    damaged = misread(text)
    assert "โ€" in damaged
    assert repair(damaged) == text


def test_exact_damage_to_an_emoji_is_undone() -> None:
    assert repair(misread("The crane 🏗 won’t lift 🙂")) == "The crane 🏗 won’t lift 🙂"


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
        ("Markโข plates, and soโฆ", "Mark™ plates, and so…"),
    ],
)
def test_a_sign_that_was_lost_is_chosen_by_its_context(damaged: str, repaired: str) -> None:
    assert repair(damaged) == repaired


@pytest.mark.parametrize("text", THAI, ids=["subscription", "mill", "price", "ship"])
def test_thai_text_is_left_alone(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize(
    "word", ["ยกเลิก", "โลก", "ขอบคุณ", "สวัสดี", "สหวิริยา"], ids=["cancel", "world", "thanks", "hello", "name"]
)
def test_a_thai_word_within_clean_english_is_left_alone(word: str) -> None:
    text = f"The sign above the gate read {word} and nobody at the mill could say it."
    assert repair(text) == text


@pytest.mark.parametrize("damage", [misread, misread_with_loss])
@pytest.mark.parametrize("word", ["ยกเลิก", "ขอบคุณ", "สหวิริยา"], ids=["cancel", "thanks", "name"])
def test_a_thai_word_survives_the_repair_of_the_english_around_it(word: str, damage: Callable[[str], str]) -> None:
    repaired = repair(damage("The mill’s owner said ") + word + damage(", didn’t explain and won’t."))
    assert repaired == f"The mill’s owner said {word}, didn’t explain and won’t."


def test_a_thai_word_in_damaged_quotation_marks_survives_their_repair() -> None:
    assert repair(misread("He said “") + "ยกเลิก" + misread("” twice.")) == "He said “ยกเลิก” twice."


def test_english_without_thai_letters_is_left_alone() -> None:
    for text in (CLEAN, UNUSUAL, "plain ascii", ""):
        assert repair(text) == text


def test_repairing_twice_changes_nothing_more() -> None:
    for damaged in (misread(CLEAN), misread_with_loss(CLEAN)):
        assert repair(repair(damaged)) == repair(damaged)


def test_no_thai_letter_is_left_in_the_damaged_real_articles(shared: Path) -> None:
    damaged = [text for text in (f.read_text() for f in (shared / "articles").glob("*.txt")) if _has_thai(text)]
    assert damaged
    assert not any(_has_thai(repair(text)) for text in damaged)


def _has_thai(text: str) -> bool:
    return any("\u0e00" <= character <= "\u0e7f" for character in text)
