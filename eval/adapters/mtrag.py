"""MTRAG: conversations up to a question, the passages for it, and how far these answer it."""

from collections.abc import Iterable, Iterator
from typing import Literal

from assistant.conversation import Turn
from eval.adapters.records import Record
from eval.adapters.values import Skipped, Value
from eval.samples import Sample
from index.article import Article

_ANSWERABLE = {"ANSWERABLE": True, "PARTIAL": True, "UNANSWERABLE": False, "CONVERSATIONAL": None}
"""A conversational turn, such as thanks, asks nothing that articles could answer, and so has no gold."""
_ROLES: dict[str, Literal["user", "assistant"]] = {"user": "user", "agent": "assistant"}


def read_mtrag(records: Iterable[Record]) -> Iterator[Value]:
    """The last user turn is the question, what is before it the history; each document is an article, once."""
    texts: dict[str, str] = {}
    for record in records:
        sample_id, contexts = record.id("task_id", "id"), record.records("contexts")
        for context in contexts:
            article_id, text = context.id("document_id"), context.get("text", str)
            if article_id not in texts:
                texts[article_id] = text
                yield Article(article_id, str(context.fields.get("title") or ""), text)
            elif texts[article_id] != text:
                yield Skipped(article_id, "a document has another text than before, and the first is kept")
        yield _sample(record, sample_id, tuple(dict.fromkeys(c.id("document_id") for c in contexts)))


def _sample(record: Record, sample_id: str, articles: tuple[str, ...]) -> Sample | Skipped:
    label, turns = _label(record), [_turn(message) for message in record.records("input")]
    if label not in _ANSWERABLE:
        return Skipped(sample_id, f"its answerability is none of {', '.join(_ANSWERABLE)}")
    while turns and turns[-1].role != "user":
        turns.pop()
    if not turns:
        return Skipped(sample_id, "it has no turn of the user")
    *history, question = turns
    return Sample(
        sample_id,
        question.content.strip(),
        history=tuple(history),
        answerable=_ANSWERABLE[label],
        articles=articles if _ANSWERABLE[label] else None,
        tags=("mtrag", label.lower(), *(["follow-up"] if history else [])),
    )


def _turn(message: Record) -> Turn:
    speaker = message.get("speaker", str)
    if speaker not in _ROLES:
        raise message.error(f"the speaker is {speaker[:40]!r}, and should be {' or '.join(_ROLES)}")
    return Turn(_ROLES[speaker], message.get("text", str))


def _label(record: Record) -> str:
    """The answerability, a text or a list of one, under whichever spelling of the key."""
    key = next((key for key in record.fields if key.casefold().startswith("answerab")), "Answerability")
    value = record.fields.get(key)
    labels = value if isinstance(value, list) else [value]
    if len(labels) != 1 or not isinstance(labels[0], str):
        raise record.error(f'needs "{key}", a text or a list of one')
    return labels[0].upper()
