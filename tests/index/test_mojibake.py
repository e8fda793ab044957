"""UTF-8 once read as a Thai code page: repaired where it happened, and nowhere else."""

import time
from collections.abc import Callable
from difflib import SequenceMatcher
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
SENTENCES = """\
The smelter’s new owner – a fund from Antwerp – hasn’t said whether it’ll keep the older line.
“We’ve never missed a delivery,” said Petra Lindqvist, the yard’s manager, “and we won’t start now.”
Output rose 4–5 percent in the second quarter, helped by state‑owned buyers and cheap freight.
The ministry’s draft—published late on Friday—would cap exports at 12,000 tons a year.
Analysts at Holm & Brandt™ expect prices of €480–€510 a ton by March…
“‘Too little, too late’ is what the dockers told me,” the mayor recalled.
The nickel‑cobalt alloy, first cast in the ’90s, is now made in four countries.
A long‑term contract with three Korean shipyards covers 60 percent of the mill’s plate.
Heavy plate—used in bridges, cranes and wind towers—sells at a premium.
The café beside the gate, run by René Brûlé’s family, closes at three.
Workers’ pay will rise by 3.5 percent, the unions’ leaders said.
Is the plan realistic? “Not yet,” one engineer admitted. “Ask me in 2027.”
The U.S.–Canada accord covers scrap, slag and semi‑finished billets.
Customers don’t want promises—they want coils.
Trial runs in Łódź and Århus used a low‑carbon binder made from sawdust.
The furnace, built in 1968–70, can’t reach the temperature that high‑grade castings need.
He called the tariff “a gift to our rivals” and left the hall.
The port handled 8 million tons in 2024—up from 6.5 million a year earlier.
Shares of Corrimoor fell 7 percent; its bonds didn’t move.
The so‑called “green corridor” between the two ports isn’t on any map.
“It’s a zero‑to‑one change,” said Ms. O’Hara, who runs the lab. “Nobody’s done it before.”
Buyers in Xi’an and Ma’anshan have switched to the cheaper grade.
The cargo – 25 mm bars and 40–60 mm plate – was insured for £3 million.
Tungsten, molybdenum, vanadium: all three are on the ministry’s list of “strategic inputs.”
The company’s chief executive—Anders Holt—declined to comment.
A spokesman’s answer was short: “No.”
Ferro‑silicon and calcium‑silicon prices moved in opposite directions last week.
The bank’s report—its third this year—warns of a glut, and the glut may last until 2028–2029.
They’re building a 200‑ton crane, a 40‑meter jetty and a railway siding.
The rolls are ground to ±0.02 mm… a tolerance that few mills’ workshops can hold.
“Our members’ patience isn’t endless,” the union’s secretary said, “but it’s not exhausted either.”
Demand from carmakers—the mill’s largest customers—fell by a fifth.
The joint venture’s name, Norsk‑Baltic Stål™, won’t change.
If the talks fail—and few expect them to succeed—the strike begins on May 3.
The Geneva–Basel line carries 30 ore trains a day.
Non‑ferrous scrap is dearer; ferrous scrap isn’t.
The inspectors found “serious defects” in eleven of the welds.
Its rare‑earth magnets go into motors, pumps and loudspeakers.
“Who’ll pay for it?” asked the councillor. “The taxpayer, that’s who.”
A mid‑size producer in Gujarat, it sells wear‑resistant liners to cement plants.
The price – ¥3,900 a ton at Qingdao’s port – includes tax.
Its managers say that a take‑or‑pay clause protects the utility’s income.
The minister’s speech was cautious: growth “may slow,” he said, “but it won’t stop.”
Coking coal, limestone, power—everything costs more this winter.
Sales in the January–March quarter were the lowest since the ’08 crisis.
The engineer‑in‑chief signed the drawings, page by page.
One buyer – he wouldn’t give his name – had waited nine weeks for wire rod.
The alloy contains 0.3–0.5 percent lanthanum, which isn’t cheap.
Vietnam’s and Malaysia’s mills have filed complaints as well.
The contractor called the delay “unfortunate”—the client called it a breach.
More than half of the output goes to third‑party traders.
The plant’s CO₂ emissions fell by 11 percent, its auditors’ figures show.
It’s a state‑of‑the‑art rolling line, yet it stands idle three days a week.
Some called it a “once‑in‑a‑decade” chance; others weren’t so sure.
The trader bought at $610–$615 and sold at $640.
Iron ore—mostly fines from Brazil—arrives twice a week.
The foundry’s boss, Zoë Müller, says she’d rather wait than hurry.
After the flood, the site’s power came back slowly—first the pumps, then the cranes.
A Sino‑German team measured grain size in manganese‑boron steel plate.
The director said: “We don’t comment on ‘market rumors’ of any kind.”
Prices had been falling since June—a drop that caught most traders off guard.
The cost‑plus formula was dropped after the auditors’ second report.
“This is a start‑up, not a charity,” the investor said.
Freight rates – they’d doubled since spring – eased a little in August.
The firm’s bid is all‑cash, its rival’s part‑stock.
Its order book—worth €2.1 billion—is full until the end of 2026…
The oldest kiln dates from the 1920s; the newest isn’t finished.
The mine’s owners—two families from Oruro—have run it for a century.
“Copper‑clad bars,” he explained, “aren’t the same as copper bars.”
Europe’s imports of hot‑rolled coil grew by 9–10 percent.
The lab at 5–7 Quay Street tests hardness at −40 °C and at +60 °C.
A quick fix—cheap, simple, and wrong—was rejected by the board.
The regulator’s order – the first of its kind – applies to tubes of 114–168 mm.
Nobody at the mill’s gate knew why the 6 a.m. shift hadn’t been called…
“We’ll sell the Tarragona works,” the chairman said, “or we’ll shut it.”
The oil‑country goods market is small—eight buyers, at most.
Its two‑year maintenance plan covers pumps, valves and the plant’s boilers.
Lawyers for the pension fund said the trustees’ vote was “deeply flawed.”
The tender asks for 18,000–20,000 tons of rebar, delivered to São Tomé’s new quay.
Weak demand hasn’t hurt everyone: makers of tin‑plate say they’re sold out.
In Perth—where the fund is based—reaction was muted.
The Brenner‑Holm process uses hydrogen‑rich gas instead of coke.
“Steel isn’t ‘sunset’ anything,” she wrote in the paper’s May issue.
The U.S.‑based trader’s letter, seen by this desk, doesn’t name a price.
A well‑known shipbroker put the odds at 50–50.
Demand is weak, stocks are high—prices, he thinks, will fall again.
The ring‑rolling mill’s capacity is 30,000 tons; it’s fully booked.
Kilns, coolers, conveyors—the inventory runs to 90 pages.
""".splitlines()
UNUSUAL = "Tøsseby’s café charges €4 ± 0.50 for señor Łódź’s naïve soufflé … at −3 °C, Brand™, 包钢集团."
LOST = range(0x80, 0xA0)
UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # what Windows-1252 has no sign for, dropped in the real files
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


def misread_with_holes(text: str) -> str:
    """As `misread`, the bytes that Windows-1252 does not define dropped."""
    return "".join(_letter(byte) for byte in text.encode() if byte not in UNDEFINED)


def restored_shares(sentences: list[str], damage: Callable[[str], str]) -> tuple[float, float]:
    """The shares of all characters and of all damaged signs that `repair` restores; "-" may stand for "‑"."""
    characters, signs = [], []
    for sentence in sentences:
        wanted, found = sentence.replace("‑", "-"), repair(damage(sentence)).replace("‑", "-")
        blocks = SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
        kept = {n for block in blocks for n in range(block.a, block.a + block.size)}
        characters += [n in kept for n in range(len(wanted))]
        signs += [n in kept for n, sign in enumerate(sentence) if not sign.isascii()]
    return sum(characters) / len(characters), sum(signs) / len(signs)


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


def test_exact_damage_to_trade_news_is_undone_to_the_letter() -> None:
    assert [repair(misread(sentence)) for sentence in SENTENCES] == SENTENCES


def test_exact_damage_with_holes_is_nearly_always_undone() -> None:
    characters, signs = restored_shares(SENTENCES, misread_with_holes)
    assert characters >= 0.999
    assert signs >= 0.99


def test_exact_damage_to_an_emoji_is_undone() -> None:
    assert repair(misread("The crane 🏗 won’t lift 🙂")) == "The crane 🏗 won’t lift 🙂"


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("Markโข plates, and soโฆ", "Mark™ plates, and so…"),
        ("โข one crane", "• one crane"),
        ("9ย\u00a0mm and 20ร30 mm", "9\u00a0mm and 20×30 mm"),
        ("near Sรฃo Tomรฉโs quay", "near São Tomé’s quay"),
    ],
)
def test_a_character_of_which_a_byte_was_lost_is_told_by_the_others(damaged: str, repaired: str) -> None:
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


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("the millâ€™s gate isnâ€™t open", "the mill’s gate isn’t open"),
        ("â€œStop,â€\x9d she said â€” twice.", "“Stop,” she said — twice."),
        ("â€œStop,â€ she said.", "“Stop,” she said."),
        ("a cafÃ© at 40 Â°C", "a café at 40 °C"),
        ("a cafÃƒÂ© by the gate", "a café by the gate"),
        ("Ð¡Ñ‚Ð°Ð»ÑŒ", "Сталь"),
        ("“old” quotes and a cafÃ©", "“old” quotes and a café"),
    ],
    ids=["apostrophe", "quotes", "quote without its last byte", "accent", "twice", "Russian", "mixed"],
)
def test_other_misreadings_are_undone(damaged: str, repaired: str) -> None:
    assert repair(damaged) == repaired


@pytest.mark.parametrize(
    "text",
    [
        "L’été à Paris, ça va ; « DÉJÀ VU » à la mairie.",
        "A IRMÃ DO JOÃO NÃO COMEU MAÇÃ À TARDE — São Paulo é bom.",
        "Ngành thép Việt Nam ĐÃ ký MÃ SỐ mới.",
        "包钢集团，稀土钢。ＡＢＣ",
        "Россия и РСФСР: сталь подешевела.",
        "ﬁne ½ ① “curly” ‘quotes’…",
    ],
    ids=["French", "Portuguese", "Vietnamese", "Chinese", "Russian", "signs"],
)
def test_text_in_other_languages_is_left_alone(text: str) -> None:
    assert repair(text) == text


def test_repairing_twice_changes_nothing_more() -> None:
    for damaged in (misread(CLEAN), misread_with_loss(CLEAN)):
        assert repair(repair(damaged)) == repair(damaged)


def test_no_thai_letter_is_left_in_the_damaged_real_articles(shared: Path) -> None:
    damaged = [text for text in (f.read_text() for f in (shared / "articles").glob("*.txt")) if _has_thai(text)]
    assert damaged
    assert not any(_has_thai(repair(text)) for text in damaged)


@pytest.mark.parametrize("text", ["โ", "aโ", "โ€™", "โก "], ids=["lost", "between words", "exact", "Thai"])
def test_a_million_damaged_letters_in_one_line_take_seconds_at_most(text: str) -> None:
    start = time.perf_counter()
    repair(text * (1_000_000 // len(text)))
    assert time.perf_counter() - start < 4


def _has_thai(text: str) -> bool:
    return any("\u0e00" <= character <= "\u0e7f" for character in text)
