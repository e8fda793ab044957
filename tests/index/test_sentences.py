"""Sentence boundaries: where they fall, and that their offsets are exact."""

import pytest

from index.cleaning import Block
from index.sentences import block_sentences, sentence_bounds


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_bounds(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["The U.S. mill won.", "It lost later."],
        ["It paid Brackmoor Co. Ltd. in full.", "Nobody else was paid."],
        ["See No. 5 for the drawing.", "It is wrong."],
        ["The plate weighs approx. 5 tonnes.", "It is heavy."],
        ["Sand, lime, etc. are extra, incl. freight.", "Coal is not."],
        ["Mr. Drury met Dr. Kroll at 5 p.m. on Jan. 6.", "They spoke."],
        ["The price rose by 3.5 percent.", "Then it fell by 1.2."],
        ["Prices fell, e.g. for coils, i.e. by a third.", "That is all."],
    ],
    ids=lambda parts: parts[0],
)
def test_an_abbreviation_or_number_ends_no_sentence(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["“We won’t go,” he said.", "“They will.”", "She left."],
        ['"Stop!" she said.', "Nobody did."],
        ["“The count was on the board. Everyone could read it,” Drury said.", "He was right."],
    ],
    ids=lambda parts: parts[0],
)
def test_a_quotation_stays_with_who_said_it(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_chinese_sentences_end_at_their_own_marks() -> None:
    assert sentences("钢厂宣布量产。产量达到四千吨！是真的吗？是。") == [
        "钢厂宣布量产。",
        "产量达到四千吨！",
        "是真的吗？",
        "是。",
    ]


@pytest.mark.parametrize("text", ["", "   ", "...", "— ***", "\n\n"])
def test_text_without_words_has_no_sentences(text: str) -> None:
    assert sentence_bounds(text) == []


def test_text_that_ends_in_an_abbreviation_keeps_its_last_sentence() -> None:
    assert sentences("It fell. It weighs five tonnes approx.") == ["It fell.", "It weighs five tonnes approx."]


def test_white_space_around_a_sentence_is_not_part_of_it() -> None:
    assert sentence_bounds("  It fell.   It rose. ") == [(2, 10), (13, 21)]


@pytest.mark.parametrize("kind", ["body", "summary", "table", "disclaimer"])
def test_sentences_of_a_block_carry_its_section_and_its_offset(kind: str) -> None:
    found = list(block_sentences(Block(kind, "It fell. It rose."), 100))  # type: ignore[arg-type]
    assert [(s.start, s.end, s.section) for s in found] == [(100, 108, kind), (109, 117, kind)]


def test_a_heading_has_no_sentences() -> None:
    assert not list(block_sentences(Block("heading", "Why did it fall? Nobody knows."), 0))


def test_a_list_and_its_lead_in_are_one_sentence() -> None:
    text = "Nobody asked. The plan has three parts:\n- more cranes. Many more.\n- more track\n- more pay"
    assert block_texts(text) == ["Nobody asked.", text.removeprefix("Nobody asked. ")]


def test_a_long_list_is_cited_item_by_item() -> None:
    items = [f"crane number {number} was ordered in the spring and comes by barge" for number in range(30)]
    assert block_texts("The plan:\n" + "\n".join(f"- {item}" for item in items)) == ["The plan:", *items]


@pytest.mark.parametrize("marker", ["- ", "• ", "3. ", "12) "])
def test_a_list_marker_is_not_part_of_the_sentence(marker: str) -> None:
    assert block_texts(f"{marker}More cranes are coming. And lifts.") == ["More cranes are coming.", "And lifts."]


def block_texts(text: str) -> list[str]:
    return [text[s.start : s.end] for s in block_sentences(Block("body", text), 0)]
