from pathlib import Path

import pytest

from eval.attribution import written_articles
from eval.cases import invented_articles
from eval.samples import read_samples
from index.errors import SamplesError
from index.provenance.registry import Registry
from index.store import ArticleIndex

EVAL = Path(__file__).parents[2] / "eval"
OWN = EVAL / "samples.jsonl"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('{"id": "a", "question": "x"}\n{oops', ":2: not JSON"),
        ('{"question": "x"}', ":1: id: field required"),
        ('{"id": "a", "question": "x"}\n{"id": "a", "question": "y"}', ":2: the sample 'a' is there twice"),
        ('{"id": "a", "question": "x", "gold": 1}', ":1: gold: extra inputs are not permitted"),
        ('{"id": "a", "question": "x", "history": [{"role": "me"}]}', ":1: history.0.role: input should be"),
        ('{"id": "a", "question": " "}', ":1: question: string should match"),
        ('{"id": "a", "question": "%s"}' % ("x" * 3000), ":1: question: string should have at most 2000"),
        ('{"id": "a", "question": "x", "facts": "999"}', ":1: facts: input should be a valid list"),
        ('{"id": "a", "question": "x", "facts": [""]}', ":1: facts.0"),
        ('{"id": "a", "question": "x", "facts": [[]]}', ":1: facts.0"),
        ('{"id": "a", "question": "x", "tags": [1]}', ":1: tags.0: input should be a valid string"),
        ('{"id": "a", "question": "x", "answerable": "false"}', ":1: answerable: input should be a valid boolean"),
        ('{"id": "", "question": "x"}', ":1: id: string should have at least 1"),
        ("[1]", ":1: not a JSON object"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(tmp_path: Path, lines: str, says: str) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text(lines)
    with pytest.raises(SamplesError, match="(?s)" + says.replace("(", r"\(")):
        read_samples(file)


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_bytes(b"%PDF-1.7\xff\xfe")
    with pytest.raises(SamplesError, match=r"samples.jsonl is not UTF-8 text; give a file with one JSON object"):
        read_samples(file)


def test_a_fact_may_have_alternatives(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text('{"id": "a", "question": "x", "facts": ["1", ["2", "two"]]}\n\n')
    assert read_samples(file)[0].facts == (("1",), ("2", "two"))


def test_the_own_set_is_sound(sample_index: ArticleIndex) -> None:
    samples = read_samples(OWN)
    texts = {article.id: article.text for article in sample_index.articles().values()}
    assert len(samples) >= 150
    assert sum(not s.answerable for s in samples) >= len(samples) / 5
    assert sum("follow-up" in s.tags for s in samples) >= 5
    for sample in samples:
        for quote in sample.quotes or ():
            assert any(quote in texts[article] for article in sample.articles or ()), sample.id
        for fact in sample.facts or ():
            assert any(f.lower() in q.lower() for f in fact for q in sample.quotes or ()), sample.id


def test_the_follow_ups_are_sound(sample_index: ArticleIndex) -> None:
    samples = read_samples(EVAL / "followups.jsonl")
    texts = {article.id: article.text for article in sample_index.articles().values()}
    assert len(samples) >= 60
    for sample in samples:
        assert sample.history and sample.standalone and sample.facts, sample.id
        for quote in sample.quotes or ():
            assert any(quote in texts[article] for article in sample.articles or ()), sample.id


@pytest.mark.parametrize("half", ["tune", "report"])
def test_the_questions_over_invented_articles_are_sound(half: str) -> None:
    articles = [*written_articles(half, Registry.load()), *invented_articles()]
    texts = {article.id: article.text for article in articles}
    samples = read_samples(EVAL / "questions" / f"{half}.jsonl")
    assert len(samples) > 150
    for sample in samples:
        assert bool(sample.quotes) is sample.answerable, sample.id
        for quote in sample.quotes or ():
            assert any(quote in texts[article] for article in sample.articles or ()), sample.id
        for fact in sample.facts or ():
            assert any(f.lower() in q.lower() for f in fact for q in sample.quotes or ()), sample.id
