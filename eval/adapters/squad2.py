"""SQuAD 2.0: questions on paragraphs of Wikipedia, with answers by offset, or worded to fool and without any."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from eval.adapters.records import Record
from eval.adapters.values import Skipped, Value, safe_id
from eval.samples import Sample
from index.article import Article
from index.sentences import sentence_bounds


def read_squad2(records: Iterable[Record]) -> Iterator[Value]:
    """Each paragraph an article; a question that is impossible has no gold but that."""
    for document in records:
        yield from read_document(document, ("squad2",), lambda question: not question.get("is_impossible", bool))


def read_document(
    document: Record, tags: tuple[str, ...], is_answerable: Callable[[Record], bool], language: str | None = None
) -> Iterator[Value]:
    """What a file in SQuAD's shape gives; its paragraphs are numbered by title. A language goes before every id."""
    prefix = f"{language}-" if language else ""
    numbers: Counter[str] = Counter()
    for topic in document.records("data"):
        title = topic.get("title", str)
        for paragraph in topic.records("paragraphs"):
            article_id = f"{prefix}{safe_id(title)}-{numbers[title]}"
            numbers[title] += 1
            article = Article(article_id, title.replace("_", " "), paragraph.get("context", str), language=language)
            yield article
            bounds = sentence_bounds(article.text)
            for asked in paragraph.records("qas"):
                answerable = is_answerable(asked)
                sample = Sample(
                    prefix + asked.id("id"), asked.get("question", str).strip(), answerable=answerable, tags=tags
                )
                yield _with_gold(sample, asked, article, bounds) if answerable else sample


def _with_gold(sample: Sample, asked: Record, article: Article, bounds: list[tuple[int, int]]) -> Sample | Skipped:
    """`sample` with its answers, which are wordings of one fact, and the sentence that holds the first."""
    answers = [(answer.get("answer_start", int), answer.get("text", str)) for answer in asked.records("answers")]
    if not answers:
        return Skipped(sample.id, "it has no answer, and is not said to be impossible")
    start, first = answers[0]
    end = start + len(first)
    if article.text[start:end] != first:
        return Skipped(sample.id, "its answer is not where the set says")
    around = [(a, b) for a, b in bounds if a < end and start < b]
    quote = article.text[min([start, *(a for a, _ in around)]) : max([end, *(b for _, b in around)])]
    facts = (tuple(dict.fromkeys(text for _, text in answers)),)
    return replace(sample, articles=(article.id,), facts=facts, quotes=(quote,))
