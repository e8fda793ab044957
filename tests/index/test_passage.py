"""Passages: contiguous, complete, and never longer than the encoder reads."""

from itertools import pairwise

import pytest

from index.article import Article, SentenceSpan
from index.encoder import Encoder
from index.passage import PASSAGE_TOKENS, Passage, count_tokens, in_context, split
from index.reading import find, read
from tests.conftest import ROOT
from tests.fakes import FakeEncoder, article

SENTENCE = "The crane at Harnstead lifts forty tonnes and was bought from a yard in Drusmark in the year of the flood."
TRICKY = {
    "one sentence of 20,000 characters without a space": ("x7" * 10_000,),
    "Chinese": ("钢厂宣布其耐磨钢板实现全厚度规格批量生产。产量达到四千吨！" * 200,),
    "emoji": ("👩‍👩‍👧‍👦🙂🇩🇪" * 500,),
    "rare letters": ("\u0d05\u0ddf\U0001f9ec" * 800,),
    "letters with several accents": ("e\u0301\u0302" * 2000,),
    "a rule of equals signs, one token but many pieces": ("=" * 900,),
    "words of equals signs": (("=" * 64 + " ") * 100,),
    "words joined by hyphens": ("a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p " * 100,),
    "white space": (" " * 3000 + "a" + "\n\n" * 900,),
    "one letter": ("a",),
    "many short paragraphs": ("It fell.",) * 300,
    "prose": tuple(" ".join([SENTENCE] * 5) for _ in range(8)),
}


def tricky(name: str, title: str = "A title") -> Article:
    text = "\n\n".join(TRICKY[name])
    return Article("a", title, text, sentences=(SentenceSpan(0, len(text)),))


def check(passages: list[Passage], whole: Article, encoder: Encoder) -> None:
    assert "".join(p.text for p in passages) == whole.text
    assert [p.start for p in passages] == [0, *(p.end for p in passages[:-1])]
    for passage in passages:
        assert passage.text == whole.text[passage.start : passage.end] != ""
        assert encoder.count_pieces(in_context(whole, passage.text)) <= encoder.max_pieces
        assert count_tokens(passage.text) <= PASSAGE_TOKENS


@pytest.mark.parametrize("name", TRICKY)
def test_passages_tile_the_text_and_fit_the_encoder(encoder: Encoder, name: str) -> None:
    whole = tricky(name)
    check(split(whole, encoder.count_pieces, encoder.max_pieces), whole, encoder)


@pytest.mark.parametrize(
    "title", ["A very long title about Harnstead " * 100, "钢厂宣布量产" * 200, "🙂👩‍👩‍👧‍👦" * 100, ""]
)
@pytest.mark.parametrize("name", ["prose", "Chinese"])
def test_passages_fit_with_any_title(encoder: Encoder, name: str, title: str) -> None:
    whole = tricky(name, title)
    check(split(whole, encoder.count_pieces, encoder.max_pieces), whole, encoder)


def test_passages_of_the_sample_articles_tile_and_fit(encoder: Encoder) -> None:
    files = find(str(ROOT / "eval" / "articles")).sources
    assert len(files) >= 13
    for whole in (found for file in files for found in read(file)):
        assert isinstance(whole, Article)
        check(split(whole, encoder.count_pieces, encoder.max_pieces), whole, encoder)


def test_an_article_without_text_has_no_passages() -> None:
    assert split(Article("a", "T", ""), FakeEncoder().count_pieces, 256) == []


def test_a_short_article_is_one_passage() -> None:
    assert len(split(article("a", SENTENCE, SENTENCE), FakeEncoder().count_pieces, 256)) == 1


def test_sentences_that_fit_are_not_cut() -> None:
    whole = article("a", *TRICKY["prose"])
    passages = split(whole, FakeEncoder().count_pieces, 256)
    assert len(passages) > 3
    for passage in passages[1:]:
        assert not any(s.start < passage.start < s.end for s in whole.sentences)


def test_a_paragraph_that_fits_is_not_cut() -> None:
    paragraph = " ".join([SENTENCE] * 4)
    assert PASSAGE_TOKENS / 2 < count_tokens(paragraph) < PASSAGE_TOKENS
    passages = split(article("a", paragraph, paragraph, paragraph), FakeEncoder().count_pieces, 256)
    assert [p.text.strip() for p in passages] == [paragraph] * 3


@pytest.mark.parametrize("limit", [40, 60, 120])
def test_a_smaller_encoder_gets_smaller_passages(limit: int) -> None:
    encoder = FakeEncoder()
    encoder.max_pieces = limit
    whole = article("a", *TRICKY["prose"])
    check(split(whole, encoder.count_pieces, limit), whole, encoder)


def test_ids_of_passages_are_unique_and_change_with_the_revision() -> None:
    first, second = (article("a", *TRICKY["prose"], ending) for ending in ("It fell.", "It rose."))
    ids = [p.id for whole in (first, second) for p in split(whole, FakeEncoder().count_pieces, 256)]
    assert len(set(ids)) == len(ids)
    assert all(earlier != later for earlier, later in pairwise(ids))


def test_a_long_title_is_shortened_for_embedding_and_a_short_one_is_not() -> None:
    short, long = Article("a", "Harnstead rolls", "x"), Article("a", "Harnstead rolls again " * 50, "x")
    assert in_context(short, "It fell.") == "Harnstead rolls\nIt fell."
    assert long.title.startswith(in_context(long, "It fell.").partition("\n")[0])
    assert count_tokens(in_context(long, "")) < 60
