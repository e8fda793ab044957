"""What the reader is shown, and what is made of what it says."""

from pathlib import Path

import numpy as np
import pytest

from assistant.candidates import Candidate
from assistant.pages import Page, Pages
from assistant.reader import CHANGE, HEADS, PIECES, Reader, interpret, load_reader
from index.errors import EncoderError
from index.exporting import default_weights
from tests.fakes import article


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(default_weights() / "tokenizer.json")


def candidates(*paragraphs: str, of: str = "a") -> list[Candidate]:
    made = article(of, *paragraphs, title=f"Title of {of}")
    return [Candidate(made, s, made.text[s.start : s.end], {}, {}, 0.5, 0) for s in made.sentences]


def test_a_page_has_the_question_then_each_article_with_its_title(pages: Pages) -> None:
    found = [*candidates("It is hard.", "It is long.", of="a"), *candidates("It is wide.", of="b")]
    page = pages.page("How hard?", found, [2, 1, 0], PIECES)
    text = pages._tokenizer.decode(list(page.pieces), skip_special_tokens=False)
    assert text == "[CLS] how hard? [SEP] title of b it is wide. [SEP] title of a it is hard. it is long. [SEP]"
    assert page.read == [2, 0, 1]
    assert set(page.candidates[: page.question]) == {-1}


def test_a_page_takes_the_first_in_order_that_fit(pages: Pages) -> None:
    found = candidates(*(f"Sentence {n} tells of plates and of mills and of prices." for n in range(30)))
    page = pages.page("What?", found, list(range(29, -1, -1)), room=100)
    assert len(page.pieces) <= 100
    assert sorted(page.read) == list(range(30 - len(page.read), 30))


def test_endless_questions_titles_and_sentences_are_cut(pages: Pages) -> None:
    long = "steel " * 3000
    made = article("a", long, title=long)
    only = Candidate(made, made.sentences[0], long, {}, {}, 0.5, 0)
    assert len(pages.page(long, [only], [0], PIECES).pieces) <= 320


def test_the_reading_adds_up() -> None:
    page = Page((1, 2, 3, 4, 5), (-1, -1, 7, 7, 9), 2)
    found = np.zeros((5, len(HEADS)))
    found[2:, HEADS.index("answer")] = np.log([1.0, 2.0, 1.0])
    found[2:, HEADS.index("sentence")] = [1.0, 3.0, -1.0]
    found[0, HEADS.index("null")] = np.log(4.0)
    reading = interpret(page, found)
    assert reading.shares == pytest.approx({7: 3 / 8, 9: 1 / 8})
    assert reading.sentences == {7: 2.0, 9: -1.0}
    assert reading.answered == pytest.approx(0.0)


def test_the_reader_tells_what_answers_from_what_does_not(encoder_folder: Path) -> None:
    found = candidates(
        "The quarry opened in 1962.", "It employs 310 people.", "A new crane was painted green.", "Rain fell for days."
    )
    reader = load_reader(encoder_folder)
    reading = reader.read("How many people work at the quarry?", found, [0, 1, 2, 3])
    assert max(reading.sentences, key=lambda i: reading.sentences[i]) == 1
    absent = reader.read("How many people work at the quarry?", found, [2, 3])
    assert reading.answered > absent.answered


def test_it_is_prepared_once(encoder_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_reader(encoder_folder)
    capsys.readouterr()
    load_reader(encoder_folder)
    assert capsys.readouterr().err == ""


def test_what_is_damaged_is_named(tmp_path: Path, encoder_folder: Path) -> None:
    load_reader(encoder_folder)
    [name] = [p.name for p in encoder_folder.glob(".reader-*")]
    (tmp_path / name).mkdir()
    (tmp_path / name / "model.onnx").write_bytes(b"no model")
    with pytest.raises(EncoderError, match="Delete .* to prepare it again"):
        load_reader(tmp_path)


def test_what_was_learned_is_small() -> None:
    assert CHANGE.stat().st_size < 12_000_000


def test_reading_is_the_same_every_time(encoder_folder: Path) -> None:
    reader: Reader = load_reader(encoder_folder)
    found = candidates("It opened in 1962.", "It employs 310 people.")
    assert reader.read("When?", found, [0, 1]) == reader.read("When?", found, [0, 1])
