"""The extractive answerer: picks the sentences that answer each part of a question, or none.

It needs no language model: sentences are taken verbatim, chosen by a logistic model of how well
each fits, complementary rather than repeated, in the order they stand in their articles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.candidates import Candidate, Candidates, gather, measure
from assistant.question import Part, Question
from assistant.scoring import confidence_features, load_model, missing_terms, probability
from index.store import ArticleIndex

ANSWER_FROM = 0.5
"""Confidence from which a question is answered."""
_MOST = 4
_MOST_EXTRA = 2
"""Sentences added at most to those that answer the parts."""
_SHARE = 0.5
"""Share of the best sentence's probability that another one needs. CLAPnq sentence F1 .51 with it, .47 without extras."""
_NEIGHBOUR = 2.0
"""How much easier the sentence next to a chosen one gets in."""
_REPEATS = 0.86
"""Cosine from which two sentences say the same."""
_ECHO = 0.72
"""Cosine from which a body sentence stands for a summary line."""
_SUMMARY_PENALTY = 1.0
_ALL = re.compile(r"\b(?:what are|which (?:\w+ ){0,2}(?:were|are)|list|name (?:all|the)|all (?:the|of)|summari[sz]e)\b", re.I)


@dataclass(frozen=True)
class Selection:
    """The sentences chosen with their probabilities, and the confidence that they answer.

    `missing` are content terms of the question that none of the evidence has.
    """

    sentences: tuple[tuple[Candidate, float], ...]
    confidence: float
    missing: tuple[str, ...]


def select(index: ArticleIndex, question: Question, evidence: Sequence[Evidence]) -> Selection:
    """What the evidence says to `question`; no sentences when it does not answer it."""
    candidates = gather(index, evidence)
    if not len(candidates):
        return Selection((), 0.0, question.terms)
    whole = question.readings[-1]
    idf = index.lexicon.idf({*whole.terms, *question.terms, *question.names})
    features = measure(whole, candidates, idf)
    logits = load_model("selector").logits(features)
    found = confidence_features(question, candidates, features, logits, idf, index.lexicon.unseen_idf)
    confidence = probability(float(load_model("confidence").logits(found)))
    missing = tuple(missing_terms(question.terms, candidates, idf))
    if confidence < ANSWER_FROM:
        return Selection((), confidence, missing)
    logits = logits - _SUMMARY_PENALTY * np.array([c.span.section == "summary" for c in candidates.sentences])
    by_part = [_part_logits(index, part, candidates, logits) for part in question.parts]
    chosen = _compose(candidates, by_part, logits, wants_all=bool(_ALL.search(question.text)))
    return Selection(tuple((candidates.sentences[i], p) for i, p in chosen), confidence, missing)


def _part_logits(
    index: ArticleIndex, part: Part, candidates: Candidates, whole: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log odds of each candidate for one part; the whole question keeps a part to its subject."""
    features = measure(part, candidates, index.lexicon.idf(part.terms))
    return (load_model("selector").logits(features) + whole) / 2


def _compose(
    candidates: Candidates, by_part: Sequence[NDArray[np.float64]], whole: NDArray[np.float64], *, wants_all: bool
) -> list[tuple[int, float]]:
    """(candidate, probability) of the sentences of an answer, in reading order."""
    chosen: dict[int, float] = {}
    for logits in by_part[:_MOST]:
        best = _in_body(int(np.argmax(logits)), candidates, logits)
        chosen.setdefault(best, probability(float(logits[best])))
    room = min(_MOST, len(chosen) + (_MOST if wants_all else _MOST_EXTRA))
    bar = max(chosen.values())
    for i in map(int, np.argsort(-whole)):
        if len(chosen) >= room:
            break
        chance = probability(float(whole[i]))
        ease = _NEIGHBOUR if any(_adjacent(candidates, i, j) for j in chosen) else 1.0
        if i in chosen or chance * ease < _SHARE * bar or _repeats(candidates, i, chosen):
            continue
        chosen[i] = chance
    return _ordered(candidates, chosen)


def _in_body(best: int, candidates: Candidates, logits: NDArray[np.float64]) -> int:
    """The body sentence that says what the summary line `best` says, if there is one, else `best`."""
    line = candidates.sentences[best]
    if line.span.section != "summary":
        return best
    similar = candidates.vectors @ candidates.vectors[best]
    echoes = [
        i
        for i, c in enumerate(candidates.sentences)
        if c.article.id == line.article.id and c.span.section != "summary" and similar[i] >= _ECHO
    ]
    return max(echoes, key=lambda i: float(logits[i]), default=best)


def _adjacent(candidates: Candidates, i: int, j: int) -> bool:
    a, b = candidates.sentences[i], candidates.sentences[j]
    if a.article.id != b.article.id:
        return False
    gap = max(a.span.start, b.span.start) - min(a.span.end, b.span.end)
    return gap <= 2


def _repeats(candidates: Candidates, i: int, chosen: dict[int, float]) -> bool:
    return any(float(candidates.vectors[i] @ candidates.vectors[j]) >= _REPEATS for j in chosen)


def _ordered(candidates: Candidates, chosen: dict[int, float]) -> list[tuple[int, float]]:
    """Sentences of one article together, as they stand there; the article of the best one first."""
    best_of: dict[str, float] = {}
    for i, chance in chosen.items():
        article_id = candidates.sentences[i].article.id
        best_of[article_id] = max(chance, best_of.get(article_id, 0.0))

    def place(item: tuple[int, float]) -> tuple[float, str, int]:
        candidate = candidates.sentences[item[0]]
        return -best_of[candidate.article.id], candidate.article.id, candidate.span.start

    return sorted(chosen.items(), key=place)
