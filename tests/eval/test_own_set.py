"""The project's own eval set, asked and checked: citations always exact, figures not below what they were."""

import re
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from eval.samples import Sample, read_samples
from index.provenance.registry import Registry
from index.store import ArticleIndex

Asked = list[tuple[Sample, Answer]]


@pytest.fixture(scope="module")
def asked(sample_index: ArticleIndex) -> Asked:
    assistant = Assistant(sample_index, Registry.load())
    samples = read_samples(Path(__file__).parents[2] / "eval" / "samples.jsonl")
    return [(sample, assistant.ask(sample.question, sample.history)) for sample in samples]


def test_every_quote_is_its_slice_of_the_article(asked: Asked, sample_index: ArticleIndex) -> None:
    citations = [citation for _, answer in asked for citation in answer.citations]
    assert len(citations) > 30
    for c in citations:
        assert sample_index.article(c.article_id, c.revision).text[c.start : c.end] == c.quote


def test_every_sentence_of_an_answer_is_cited_and_verbatim_but_for_names_in_brackets(asked: Asked) -> None:
    for _, answer in asked:
        quotes = {c.number: " ".join(c.quote.split()) for c in answer.citations}
        assert len(answer.sentences) <= 8
        for sentence in answer.sentences:
            [quote] = [quotes[number] for number in sentence.citations]
            assert re.sub(r" \[[^]]+\]", "", sentence.text) == quote
            assert (sentence.text == quote) is (sentence.support == "verbatim")


def test_an_abstention_has_no_citations_and_says_why(asked: Asked) -> None:
    abstentions = [answer for _, answer in asked if answer.status == "abstained"]
    assert abstentions
    for answer in abstentions:
        assert not answer.citations and not answer.sentences and answer.text.startswith("The articles do not")
