"""Bytes to text: the encoding is found out, and what is damaged is refused rather than guessed."""

import codecs
import random

import pytest

from index.decoding import decode
from index.errors import SourceError

TEXTS = {
    "cp1252": "The café’s “naïve” owner said – in 2025 – that €4,000 was enough, and his résumé said as much.",
    "iso-8859-1": "Der Ofen läuft wieder, wie das Werk in Köln am Montag mitteilte; die Öfen nebenan stehen noch.",
    "cp1250": "Společnost včera oznámila, že zvýší výrobu oceli o pětinu, a že přijme šest set nových lidí.",
    "cp1251": "Компания сообщила, что выпуск стали вырос в мае на десять процентов, и это лучший месяц за год.",
    "cp1253": "Η εταιρεία ανακοίνωσε ότι η παραγωγή χάλυβα αυξήθηκε τον Μάιο κατά δέκα τοις εκατό.",
    "cp1254": "Şirket, çelik üretiminin mayıs ayında yüzde on arttığını açıkladı; işçiler ağır çalıştı.",
    "cp1255": "החברה הודיעה כי ייצור הפלדה גדל בעשרה אחוזים בחודש מאי השנה",
    "cp1256": "أعلنت الشركة أن إنتاج الصلب ارتفع بنسبة عشرة في المئة في مايو من هذا العام",
    "cp1257": "Uzņēmums paziņoja, ka tērauda ražošana maijā pieauga par desmit procentiem, un tas šķiet labi.",
    "gb18030": "钢厂宣布，五月份稀土钢产量增长百分之十，创下历史新高，并表示将继续投资新的生产线。",
    "cp932": "製鋼所は五月の生産量が一割増え、過去最高になったと発表した。来年も新しい設備に投資するという。",
    "koi8_r": "Компания сообщила, что выпуск стали вырос в мае на десять процентов, и это лучший месяц за год.",
    "big5": "鋼廠宣布五月份稀土鋼產量增長百分之十，創下歷史新高，並表示將繼續投資新的生產線。",
}


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("times", [1, 30])
def test_an_encoding_that_nobody_names_is_found_out(encoding: str, times: int) -> None:
    text = "\n".join([TEXTS[encoding]] * times)
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [TEXTS["cp1252"], "Baogang Group (包钢集团) said so. " * 9])
def test_unicode_is_read_with_and_without_its_mark(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_chinese_names_in_english_text_are_found_out() -> None:
    text = "Baogang Group (包钢集团) said on Monday that output rose by a tenth in May."
    assert decode(text.encode("gb18030")) == text


def test_text_of_ascii_alone_needs_no_finding_out() -> None:
    assert decode(b"The crane fell.") == "The crane fell."


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("ISO-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("nonsense", "cp1252")],
)
def test_what_a_server_says_is_taken_where_the_bytes_leave_it_open(declared: str, encoding: str) -> None:
    assert decode(TEXTS[encoding].encode(encoding), declared) == TEXTS[encoding]


def test_what_a_server_says_does_not_overrule_what_the_bytes_say() -> None:
    assert decode(TEXTS["cp1252"].encode(), "windows-1251") == TEXTS["cp1252"]


def test_text_that_ends_in_the_middle_of_a_character_is_refused() -> None:
    with pytest.raises(SourceError, match="cut off"):
        decode("Der Ofen läuft – wieder –".encode()[:-1])


@pytest.mark.parametrize("place", [10, 40, 70])
def test_damaged_utf8_is_refused_and_not_taken_for_another_encoding(place: int) -> None:
    raw = TEXTS["cp1252"].encode()
    with pytest.raises(SourceError, match="damaged UTF-8 text"):
        decode(raw[:place] + b"\xff" + raw[place:])


def test_damage_behind_a_mark_is_refused() -> None:
    with pytest.raises(SourceError, match="damaged UTF-16"):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8\x00")


def test_binary_files_are_refused() -> None:
    for seed in range(50):
        raw = random.Random(seed).randbytes(2000)  # noqa: S311  # repeatable
        with pytest.raises(SourceError):
            decode(raw)


def test_a_few_control_signs_do_not_make_text_binary() -> None:
    text = "The crane fell.\x0c\x00 " + "Nobody was hurt. " * 20
    assert decode(text.encode()) == text
