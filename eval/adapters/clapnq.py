"""CLAPnq: questions with a passage; whether it answers them is told by the file, and how by selected sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from eval.adapters.records import Record
from eval.adapters.values import Skipped, Value
from eval.samples import Sample
from index.article import Article


def read_clapnq(records: Iterable[Record]) -> Iterator[Value]:
    """Each passage an article, once where questions share it; quotes are what any annotator selected."""
    by_text: dict[str, str] = {}
    for record in records:
        sample_id, answerable = record.id("id"), _is_answerable(record)
        sample = Sample(sample_id, record.get("input", str).strip(), answerable=answerable, tags=("clapnq",))
        passages = {passage.get("text", str): passage.get("title", str) for passage in record.records("passages")}
        for number, (text, title) in enumerate(passages.items()):
            if text not in by_text:
                by_text[text] = f"{sample_id}-{number}" if number else sample_id
                yield Article(by_text[text], title, text)
        selected = [s.strip() for output in record.records("output") for s in output.texts("selected_sentences")]
        quotes = tuple(dict.fromkeys(filter(None, selected)))
        if not answerable:
            yield sample
        elif all(any(quote in text for text in passages) for quote in quotes):
            yield replace(sample, articles=tuple(by_text[text] for text in passages), quotes=quotes)
        else:
            yield Skipped(sample_id, "a selected sentence is not in the passage")


def _is_answerable(record: Record) -> bool:
    if "answerable" not in record.file.name:
        raise record.error("the file's name must tell whether its questions are answerable or unanswerable")
    return "unanswerable" not in record.file.name
