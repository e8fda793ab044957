"""The extractive answerer: picks the sentences that answer each part of a question, or none.

It needs no language model: sentences are taken verbatim, chosen by a logistic model of how well
each fits, complementary rather than repeated, in the order they stand in their articles.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.candidates import Candidate, Candidates, coverage, gather, measure
from assistant.question import Part, Question
from assistant.scoring import CONFIDENCE_FEATURES, absence, best_of_kind, confidence_features, load_model, probability
from index.filtering import Admits
from index.store import ArticleIndex

ANSWER_FROM = 0.42
"""Confidence from which a question is answered."""
_MOST = 4
_EXTRA_OF_KIND: Mapping[str | None, int] = {
    "money": 1,
    "percentage": 1,
    "date": 1,
    "number": 1,
    "person": 1,
    "place": 1,
}
"""Sentences added at most to those that answer the parts, by kind of answer; else two."""
_OWN = 0.7
"""Weight of a part's own words against the whole question's."""
_LEAST_SHARE, _LEAST_ADDED = 0.15, 0.12
"""Share of the best one's probability, and of the question's idf mass, with which a sentence complements it."""
_SHARE = 0.5
"""Share of the best probability that another sentence needs; CLAPnq sentence F1 .51 so, .47 without extras."""
_NEIGHBOUR = 1.5
"""How much easier the sentence next to a chosen one gets in."""
_REPEATS = 0.86
"""Cosine from which two sentences say the same."""
_ECHO = 0.72
"""Cosine from which a body sentence stands for a summary line."""
_ABSENT = 0.6
"""How far a term is from anything the evidence mentions when it counts as missing."""
_SUMMARY_PENALTY = 1.0
_ALL = re.compile(
    r"\b(?:what are|which (?:\w+ ){0,2}(?:were|are)|list|name (?:all|the)|all (?:the|of)|summari[sz]e)\b", re.I
)


@dataclass(frozen=True)
class Selection:
    """The sentences chosen with their probabilities, and the confidence that they answer.

    `missing` are content terms of the question that none of the evidence has.
    """

    sentences: tuple[tuple[Candidate, float], ...]
    confidence: float
    missing: tuple[str, ...]


def select(
    index: ArticleIndex,
    question: Question,
    evidence: Sequence[Evidence],
    admits: Admits = lambda article, span: True,
) -> Selection:
    """What the sentences of the evidence that `admits` lets through say to `question`; none when that is no answer."""
    candidates = gather(index, evidence, admits)
    if not len(candidates):
        return Selection((), 0.0, question.terms)
    whole = question.readings[-1]
    confidence, unmet, logits = _judge(index, question, whole, candidates)
    if whole not in question.parts:
        each = [_judge(index, question, part, candidates)[:2] for part in question.parts]
        confidence = max(confidence, sum(chance for chance, _ in each) / len(each))
        unmet = all(part_unmet for _, part_unmet in each)
    missing = tuple(term for term, share in absence(question.readings[0], candidates).items() if share >= _ABSENT)
    if confidence < ANSWER_FROM or unmet:
        return Selection((), confidence, missing)
    logits = logits - _SUMMARY_PENALTY * np.array([c.span.section == "summary" for c in candidates.sentences])
    chosen: dict[int, float] = {}
    for part in question.parts[:_MOST]:
        of_part = _part_logits(index, part, whole, candidates, logits)
        best = _in_body(best_of_kind(candidates, of_part, part), candidates, of_part)
        chosen.setdefault(best, probability(float(of_part[best])))
    _extend(chosen, question, candidates, logits, index.lexicon.idf(question.terms))
    return Selection(tuple((candidates.sentences[i], p) for i, p in _ordered(candidates, chosen)), confidence, missing)


def _judge(
    index: ArticleIndex, question: Question, part: Part, candidates: Candidates
) -> tuple[float, bool, NDArray[np.float64]]:
    """The confidence that `part` is answered, whether its kind of answer is lacking, and each candidate's log odds."""
    idf = index.lexicon.idf({*part.terms, *question.terms, *question.names})
    features = measure(part, candidates, idf)
    logits = load_model("selector").logits(features)
    found = confidence_features(question, part, candidates, features, logits, idf, index.lexicon.unseen_idf)
    unmet = bool(found[CONFIDENCE_FEATURES.index("kind_unmet")])
    return probability(float(load_model("confidence").logits(found))), unmet, logits


def _part_logits(
    index: ArticleIndex, part: Part, whole: Part, candidates: Candidates, logits: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log odds of each candidate for one part; those for the whole question keep a part to its subject."""
    if part is whole:
        return logits
    features = measure(part, candidates, index.lexicon.idf(part.terms))
    return _OWN * load_model("selector").logits(features) + (1 - _OWN) * logits


def _extend(
    chosen: dict[int, float],
    question: Question,
    candidates: Candidates,
    logits: NDArray[np.float64],
    idf: Mapping[str, float],
) -> None:
    """Adds to `chosen` sentences that answer nearly as well, or that cover what it leaves uncovered."""
    wants_all = bool(_ALL.search(question.text))
    room = min(_MOST, len(chosen) + (_MOST if wants_all else _EXTRA_OF_KIND.get(question.parts[0].kind, 2)))
    bar = max(chosen.values())
    for i in map(int, np.argsort(-logits)):
        if len(chosen) >= room:
            return
        if i in chosen or _repeats(candidates, i, chosen):
            continue
        chance = probability(float(logits[i]))
        ease = _NEIGHBOUR if any(_adjacent(candidates, i, j) for j in chosen) else 1.0
        if chance * ease >= _SHARE * bar or (
            chance >= _LEAST_SHARE * bar and _adds(question.terms, candidates, i, chosen, idf) >= _LEAST_ADDED
        ):
            chosen[i] = chance


def _adds(
    terms: Sequence[str], candidates: Candidates, i: int, chosen: Mapping[int, float], idf: Mapping[str, float]
) -> float:
    """Share of the idf mass of `terms` that candidate `i` has and the chosen ones have not."""
    covered = {term for j in chosen for term in candidates.sentences[j].words}
    return coverage(terms, candidates.sentences[i].words.keys() - covered, idf)


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
