"""Candidate sentences for an answer, and what is measured of each against a part of the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.question import Part, Question, gives_kind
from index.article import Article, SentenceSpan
from index.encoder import Vectors
from index.lexical import Analyzer
from index.store import ArticleIndex

FEATURES = ("similarity", "coverage", "context_coverage", "passage", "kind", "kind_known", "length", "summary", "rank")
_CITABLE = ("body", "summary", "table")


@dataclass(frozen=True)
class Candidate:
    """A sentence that could be cited. `terms` are its content terms, `context` those around it and of the title."""

    article: Article
    span: SentenceSpan
    text: str
    terms: frozenset[str]
    context: frozenset[str]
    passage_score: float
    rank: int
    """Place of its passage among the evidence, from 0."""


@dataclass(frozen=True)
class Candidates:
    """The sentences of the evidence with their stored vectors, shape (len(sentences), dimension)."""

    sentences: tuple[Candidate, ...]
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.sentences)


def gather(index: ArticleIndex, evidence: Sequence[Evidence]) -> Candidates:
    """The citable sentences of the evidence, each once, in the order of retrieval."""
    analyzer = index.lexicon.analyzer
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for rank, piece in enumerate(evidence):
        title = analyzer.terms(piece.article.title)
        spans = [s for s in piece.article.sentences if piece.passage.start <= s.start < piece.passage.end]
        terms = [analyzer.terms(piece.article.text[s.start : s.end]) for s in spans]
        for place, span in enumerate(spans):
            key = (piece.article.id, span.start)
            if span.section not in _CITABLE or key in seen:
                continue
            seen.add(key)
            around = [t for near in terms[max(0, place - 1) : place + 2] for t in near]
            text = piece.article.text[span.start : span.end]
            context = frozenset((*around, *title))
            found.append(Candidate(piece.article, span, text, frozenset(terms[place]), context, piece.score, rank))
    return Candidates(tuple(found), index.sentence_vectors([(c.article, c.span) for c in found]))


def measure(part: Part, candidates: Candidates, idf: Mapping[str, float]) -> NDArray[np.float64]:
    """FEATURES of each candidate for `part`, shape (len(candidates), len(FEATURES))."""
    similarities = candidates.vectors @ part.vector if len(candidates) else np.empty(0)
    rows = [
        (
            float(similarity),
            coverage(part.terms, c.terms, idf),
            coverage(part.terms, c.context, idf),
            c.passage_score,
            gives_kind(c.text, part.kind),
            float(part.kind is not None),
            log(1 + len(c.text)) / 6,
            float(c.span.section == "summary"),
            1 / (1 + c.rank),
        )
        for c, similarity in zip(candidates.sentences, similarities, strict=True)
    ]
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


def coverage(terms: Sequence[str], present: frozenset[str], idf: Mapping[str, float]) -> float:
    """Share of the idf mass of `terms` that is `present`; 0 when there are no terms."""
    mass = {term: idf.get(term, 0.0) for term in terms}
    total = sum(mass.values())
    return sum(weight for term, weight in mass.items() if term in present) / total if total else 0.0
