"""The extractive answerer: picks the sentences that answer each part of a question, or none.

It needs no language model: sentences are taken verbatim, chosen by how likely each belongs to the answer,
complementary rather than repeated, in the order they stand in their articles.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.candidates import Candidate, Candidates, absence, gather, measure
from assistant.contrasts import is_of_counterpart, sides_in
from assistant.differing import disagreeing
from assistant.question import Part, Question
from assistant.reader import Reader
from assistant.scoring import (
    CONFIDENCE_FEATURES,
    best_of_kind,
    confidence,
    confidence_features,
    load_model,
    probability,
    selected,
    selector_features,
)
from index.filtering import Admits
from index.store import ArticleIndex

ANSWER_FROM = 0.45
"""Confidence from which a question is answered."""
_MOST, _MOST_OF_ALL = 4, 8
"""Sentences of an answer at most; of one that is asked for all there are."""
_SHARE, _SHARE_OF_ALL = 0.45, 0.25
"""Share of the best one's probability that another sentence needs to go with it."""
_SAID = 1.5
"""Log odds by which a sentence of the last answer is less likely to answer what goes on from it."""
_ELSEWHERE = 2.0
"""Log odds by which a sentence of an article without any name of the question is less likely to answer it."""
_COUNTERPART = 1.5
"""Log odds by which a sentence of thin plate is less likely to answer what is asked of thick plate."""
_REPEATS = 0.75
"""Share of the words of the shorter of two sentences in the longer from which they say the same, numbers too."""
_ABSENT = 0.6
"""How far a term is from anything the evidence mentions when it counts as missing."""
_ALL = re.compile(
    r"\b(?:what are|which (?:\w+ ){0,2}(?:were|are|have)|list|name (?:all|the)|all (?:the|of)|summari[sz]e|everything"
    r"|what (?:\w+ ){0,2}(?:goals|steps|measures|reasons|terms|conditions|changes))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w{3,}|\d+")


@dataclass(frozen=True)
class Examined:
    """What the sentences of the evidence say to a question: how likely they answer it, whether they lack the kind
    of answer it wants, and for each candidate the log odds that it belongs to the answer, shape (candidates,), to
    the whole question and to each of its parts.
    """

    candidates: Candidates
    confidence: float
    unmet: bool
    missing: tuple[str, ...]
    """Content terms of the question that none of the evidence has."""
    of_parts: tuple[NDArray[np.float64], ...]

    @property
    def logits(self) -> NDArray[np.float64]:
        """The log odds that each candidate belongs to the answer to any part, shape (candidates,)."""
        return np.asarray(np.max(self.of_parts, axis=0))

    @property
    def nearest(self) -> Candidate | None:
        """The candidate that comes nearest to an answer."""
        return self.candidates.sentences[int(np.argmax(self.logits))] if len(self.candidates) else None


@dataclass(frozen=True)
class Selection:
    """The sentences chosen with their probabilities; none where the articles do not answer."""

    sentences: tuple[tuple[Candidate, float], ...]
    differ: bool = False
    """Whether two of them are of articles that disagree."""


def examine(
    index: ArticleIndex,
    reader: Reader,
    question: Question,
    evidence: Sequence[Evidence],
    admits: Admits = lambda article, span: True,
) -> Examined:
    """What the sentences of the evidence that `admits` lets through say to `question`."""
    candidates = gather(index, evidence, admits)
    if not len(candidates):
        return Examined(candidates, 0.0, True, question.terms, ())
    whole = question.readings[-1]
    if len(question.parts) > 1:  # each is read behind the first, which names what it is about
        leading = whole.text.removesuffix(question.text) + question.parts[0].text
        texts = [leading, *(f"{leading}? {part.text}" for part in question.parts[1:_MOST])]
        read = [_read(index, reader, question, p, t, candidates) for p, t in zip(question.parts, texts, strict=False)]
    else:
        read = [_read(index, reader, question, whole, whole.text, candidates)]
    absent = absence(question.readings[0], candidates)
    return Examined(
        candidates,
        float(np.mean([confidence(found) for _, found in read])),
        all(bool(found[CONFIDENCE_FEATURES.index("kind_unmet")]) for _, found in read),
        tuple(term for term, share in absent.items() if share >= _ABSENT),
        tuple(logits for logits, _ in read),
    )


def _read(
    index: ArticleIndex, reader: Reader, question: Question, part: Part, text: str, candidates: Candidates
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The log odds that each candidate belongs to the answer to a part, read as `text`, and CONFIDENCE_FEATURES."""
    features, missing = measure(index, question, part, candidates)
    first = load_model("preselector").logits(features)
    reading = reader.read(text, candidates.sentences, [int(i) for i in np.argsort(-first)])
    logits = selected(load_model("selector"), selector_features(part, candidates.sentences, features, first, reading))
    said = _flat(question.said)
    repeated = np.array([bool(said) and _flat(c.text) in said for c in candidates.sentences])
    logits = logits - _SAID * repeated - _ELSEWHERE * _elsewhere(question, candidates)
    asked = sides_in(text)
    logits = logits - _COUNTERPART * np.array([is_of_counterpart(asked, c.text) for c in candidates.sentences])
    return logits, confidence_features(part, candidates.sentences, features, missing, reading, logits)


def _elsewhere(question: Question, candidates: Candidates) -> NDArray[np.bool_]:
    """Whether each candidate is of an article that has none of the question's names, where another has some.

    A follow-up has names of what was spoken of before, which it may have left behind.
    """
    names = {name for name in question.names if not name[0].isdigit()} if len(question.readings) == 1 else set()
    found = {c.article.id: False for c in candidates.sentences}
    for c in candidates.sentences:
        found[c.article.id] |= not names.isdisjoint(c.context)
    return np.array([any(found.values()) and not found[c.article.id] for c in candidates.sentences])


def select(question: Question, examined: Examined) -> Selection:
    """The sentences that answer `question`; none when that is no answer."""
    if examined.confidence < ANSWER_FROM or examined.unmet:
        return Selection(())
    sentences = examined.candidates.sentences
    chosen = chosen_sentences(question, sentences, examined.of_parts)
    best = max(chosen, key=lambda i: chosen[i])
    rival = disagreeing(sentences, examined.logits, question.parts[0], best)
    if rival is not None:
        chosen.setdefault(rival, probability(float(examined.logits[rival])))
    ordered = _ordered(sentences, chosen, newest_first=rival is not None)
    return Selection(tuple((sentences[i], p) for i, p in ordered), differ=rival is not None)


def chosen_sentences(
    question: Question,
    sentences: Sequence[Candidate],
    of_parts: Sequence[NDArray[np.float64]],
) -> dict[int, float]:
    """Numbers of the sentences that answer, with the probability of each, from the log odds of all for each part."""
    logits = np.max(of_parts, axis=0)
    chosen: dict[int, float] = {}
    for part, of_part in zip(question.parts, of_parts, strict=False):
        best = best_of_kind(sentences, of_part, part)
        chosen.setdefault(best, probability(float(of_part[best])))
    wants_all = bool(_ALL.search(question.text))
    most, share = (_MOST_OF_ALL, _SHARE_OF_ALL) if wants_all else (_MOST, _SHARE)
    bar = share * max(chosen.values())
    for i in map(int, np.argsort(-logits)):
        chance = probability(float(logits[i]))
        if len(chosen) >= most or chance < bar:
            break
        if i not in chosen and not any(_repeats(sentences[i], sentences[j]) for j in chosen):
            chosen[i] = chance
    return chosen


def _flat(text: str) -> str:
    return " ".join(text.split())


def _repeats(one: Candidate, other: Candidate) -> bool:
    words, others = (set(_WORD.findall(c.text.casefold())) for c in (one, other))
    if {w for w in words if w.isdigit()} != {w for w in others if w.isdigit()}:
        return False
    shorter = min(len(words), len(others))
    return bool(shorter) and len(words & others) / shorter >= _REPEATS


def _ordered(
    sentences: Sequence[Candidate], chosen: Mapping[int, float], *, newest_first: bool
) -> list[tuple[int, float]]:
    """Sentences of one article together, as they stand there; the article of the best one first, or the newest."""
    best_of: dict[str, float] = {}
    for i, chance in chosen.items():
        article_id = sentences[i].article.id
        best_of[article_id] = max(chance, best_of.get(article_id, 0.0))

    def place(item: tuple[int, float]) -> tuple[float, str, int]:
        candidate = sentences[item[0]]
        return -best_of[candidate.article.id], candidate.article.id, candidate.span.start

    found = sorted(chosen.items(), key=place)
    if newest_first:
        found.sort(key=lambda item: sentences[item[0]].article.published or "", reverse=True)
    return found
