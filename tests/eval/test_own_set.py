"""The project's own eval set, asked and checked: citations always exact, figures not below what they were."""

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


def test_every_sentence_of_an_answer_is_cited_and_verbatim(asked: Asked) -> None:
    for _, answer in asked:
        quotes = {c.number: " ".join(c.quote.split()) for c in answer.citations}
        assert len(answer.sentences) <= 4
        for sentence in answer.sentences:
            assert [quotes[number] for number in sentence.citations] == [sentence.text]


def test_an_abstention_has_no_citations_and_says_why(asked: Asked) -> None:
    abstentions = [answer for _, answer in asked if answer.status == "abstained"]
    assert abstentions
    for answer in abstentions:
        assert not answer.citations and not answer.sentences and "looked for" in answer.text


def test_every_state_sourced_answer_carries_a_disclaimer(asked: Asked) -> None:
    answered = [(s, a) for s, a in asked if a.status == "answered" and s.state_sourced is not None]
    right = [(s, a) for s, a in answered if {c.article_id for c in a.citations} <= set(s.articles or ())]
    assert len(right) >= 10
    for sample, answer in right:
        assert bool(answer.disclaimers) == sample.state_sourced, sample.id


def test_facts_are_found_and_unanswerable_questions_refused_as_often_as_before(asked: Asked) -> None:
    answerable = [(s, a) for s, a in asked if s.answerable]
    recalled = [_fact_recall(s, a) for s, a in answerable]
    refused = [a.status == "abstained" for s, a in asked if not s.answerable]
    assert sum(recalled) / len(recalled) >= 0.55
    assert sum(refused) / len(refused) >= 0.7


def _fact_recall(sample: Sample, answer: Answer) -> float:
    text = answer.text.lower() if answer.status == "answered" else ""
    facts = sample.facts or ()
    return sum(any(wording.lower() in text for wording in fact) for fact in facts) / len(facts)
