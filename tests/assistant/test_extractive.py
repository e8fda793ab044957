"""Which sentences make an answer, from how likely each belongs to it; and articles that disagree."""

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.candidates import Candidate
from assistant.differing import disagreeing
from assistant.extractive import chosen_sentences
from assistant.question import Question, analyse
from index.store import ArticleIndex
from tests.fakes import article


def candidates(*sentences: str, of: str = "a", published: str | None = None) -> list[Candidate]:
    made = article(of, *sentences, published=published)
    return [Candidate(made, s, made.text[s.start : s.end], {}, {}, 0.5, 0) for s in made.sentences]


def log_odds(*chances: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.log(np.array(chances) / (1 - np.array(chances)))


def asked(index: ArticleIndex, text: str) -> Question:
    return analyse([text], index)


def test_one_sentence_is_enough_where_one_answers(sample_index: ArticleIndex) -> None:
    found = candidates("The mill opened in 1962.", "It is red.", "It is tall.")
    assert list(chosen_sentences(asked(sample_index, "Why?"), found, [log_odds(0.8, 0.1, 0.05)])) == [0]


def test_a_second_that_is_nearly_as_likely_goes_with_it(sample_index: ArticleIndex) -> None:
    found = candidates("The mill opened in 1962.", "Its owner sold it.", "It is tall.")
    assert set(chosen_sentences(asked(sample_index, "Why?"), found, [log_odds(0.8, 0.7, 0.05)])) == {0, 1}


def test_a_repetition_is_left_out(sample_index: ArticleIndex) -> None:
    found = candidates("The old mill opened in 1962.", "The mill opened in 1962.")
    assert list(chosen_sentences(asked(sample_index, "Why?"), found, [log_odds(0.8, 0.8)])) == [0]


def test_no_answer_grows_without_end(sample_index: ArticleIndex) -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"]
    found = candidates(*(f"{word.title()} happened." for word in words))
    even = log_odds(*[0.9] * len(found))
    assert len(chosen_sentences(asked(sample_index, "Why?"), found, [even])) == 4
    assert len(chosen_sentences(asked(sample_index, "What are all the mills?"), found, [even])) == 8


def test_an_amount_goes_before_a_likelier_sentence_without_one(sample_index: ArticleIndex) -> None:
    found = candidates("The mill employs many people.", "It employs 310 people.")
    chosen = chosen_sentences(asked(sample_index, "How many people does it employ?"), found, [log_odds(0.8, 0.6)])
    assert max(chosen, default=None) == 1


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The Dunvarrow works made 371,000 tonnes of plate.", "Dunvarrow works made 412,000 tonnes of plate.", True),
        ("The Dunvarrow works made 371,000 tonnes of plate.", "Dunvarrow works made 371,000 tons of plate.", False),
        ("The Dunvarrow works made 371,000 tonnes of plate.", "The harbour crane lifts 40 tonnes.", False),
        (
            "Dunvarrow works made 378,000 tonnes of plate in 2024.",
            "Dunvarrow works made 371,000 tonnes in 2025.",
            False,
        ),
        ("The works made plate for 20 years in 2024.", "The works made plate for 20 years in 2025.", False),
    ],
)
def test_articles_differ_when_they_tell_the_same_with_another_amount(
    sample_index: ArticleIndex, one: str, other: str, *, differ: bool
) -> None:
    found = [*candidates(one, of="a"), *candidates(other, of="b")]
    part = asked(sample_index, "How many tonnes of plate did Dunvarrow make?").parts[0]
    assert (disagreeing(found, log_odds(0.8, 0.7), part, 0) == 1) is differ


def test_a_difference_is_shown_with_the_newest_first(assistant: Assistant) -> None:
    answer = assistant.ask("How many tonnes of plate did Tarnfield Alloys make at its Dunvarrow works in 2025?")
    assert answer.text.startswith("The articles differ on this")
    assert [c.published for c in answer.citations] == sorted(
        (c.published or "" for c in answer.citations), reverse=True
    )
    assert {"tarnfield-output-january", "tarnfield-output-corrected"} <= {c.article_id for c in answer.citations}
