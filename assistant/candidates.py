"""Candidate sentences for an answer, and what is measured of each against a part of the question."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.instructions import is_instruction
from assistant.question import Part, Question, gives_kind
from index.article import Article, SentenceSpan
from index.encoder import Vectors
from index.filtering import Admits
from index.store import ArticleIndex

FEATURES = (
    "similarity",
    "coverage",
    "context_coverage",
    "soft_coverage",
    "soft_context",
    "passage",
    "kind",
    "kind_known",
    "length",
    "rank",
    "names_present",
    "names_absent",
    "summary",
    "numbers",
)
"""What is measured of a candidate."""
_RELATED = 0.3
"""Cosine of two words below which they have nothing to do with each other."""
_CITABLE = ("body", "summary", "table")


@dataclass(frozen=True)
class Candidate:
    """A sentence that could be cited. `words` are its content terms with the words they stand for,
    `context` those of the sentences beside it and of the title as well.
    """

    article: Article
    span: SentenceSpan
    text: str
    words: Mapping[str, str]
    context: Mapping[str, str]
    passage_score: float
    rank: int
    """Place of its passage among the evidence, from 0."""


@dataclass(frozen=True)
class Candidates:
    """The sentences of the evidence with their stored vectors, shape (len(sentences), dimension).

    `vocabulary` numbers their terms; `word_vectors` has shape (len(vocabulary), dimension).
    """

    sentences: tuple[Candidate, ...]
    vectors: Vectors
    vocabulary: Mapping[str, int]
    word_vectors: Vectors

    def __len__(self) -> int:
        return len(self.sentences)


def gather(
    index: ArticleIndex, evidence: Sequence[Evidence], admits: Admits = lambda article, span: True
) -> Candidates:
    """The citable sentences of the evidence, each once, in the order of retrieval."""
    analyzer = index.lexicon.analyzer
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for rank, piece in enumerate(evidence):
        title = analyzer.words(piece.article.title)
        spans = [s for s in piece.article.sentences if piece.passage.start <= s.start < piece.passage.end]
        words = [analyzer.words(piece.article.text[s.start : s.end]) for s in spans]
        for place, span in enumerate(spans):
            key = (piece.article.id, span.start)
            if span.section not in _CITABLE or key in seen or not admits(piece.article, span):
                continue
            seen.add(key)
            around = {t: w for near in (title, *words[max(0, place - 1) : place + 2]) for t, w in near.items()}
            text = piece.article.text[span.start : span.end]
            if is_instruction(text):
                continue
            found.append(Candidate(piece.article, span, text, words[place], around, piece.score, rank))
    known = {term: word for candidate in found for term, word in candidate.context.items()}
    return Candidates(
        tuple(found),
        index.sentence_vectors([(c.article, c.span) for c in found]),
        {term: number for number, term in enumerate(known)},
        index.encoder.encode_words(list(known.values())),
    )


def measure(
    index: ArticleIndex, question: Question, part: Part, candidates: Candidates
) -> tuple[NDArray[np.float64], float]:
    """FEATURES of each candidate for `part` of `question`, shape (len(candidates), len(FEATURES)), and how much
    of it is missing: the idf of the term that is farthest from anything the candidates mention, 0 to 1.
    """
    idf = index.lexicon.idf({*part.terms, *question.terms, *question.names})
    unseen_idf = index.lexicon.unseen_idf
    similarities = candidates.vectors @ part.vector if len(candidates) else np.empty(0)
    related = relatedness(part, candidates)
    weights = np.array([idf.get(term, 0.0) for term in part.words])
    numbers = {name for name in question.names if name[0].isdigit()}
    rows = [
        (
            float(similarity),
            coverage(part.terms, c.words, idf),
            coverage(part.terms, c.context, idf),
            _soft_coverage(related, weights, c.words, candidates.vocabulary),
            _soft_coverage(related, weights, c.context, candidates.vocabulary),
            c.passage_score,
            gives_kind(c.text, part),
            float(part.kind is not None),
            log(1 + len(c.text)) / 6,
            1 / (1 + c.rank),
            min(1.0, sum(idf.get(name, 0.0) for name in set(question.names) & c.context.keys()) / (2 * unseen_idf)),
            1.0 - coverage(question.names, c.context, idf) if question.names else 0.0,
            float(c.span.section == "summary"),
            _share_of(numbers, c.words),
        )
        for c, similarity in zip(candidates.sentences, similarities, strict=True)
    ]
    own = part if part in question.parts else question.readings[0]
    absent = absence(own, candidates, related if own is part else None)
    missing = max((idf.get(term, 0.0) * share for term, share in absent.items()), default=0.0) / unseen_idf
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES)), missing


def absence(part: Part, candidates: Candidates, related: NDArray[np.float32] | None = None) -> dict[str, float]:
    """How far each term of `part` is from anything the candidates mention, 0 to 1; `related` is its relatedness."""
    related = relatedness(part, candidates) if related is None else related
    return {term: 1.0 - float(related[row].max(initial=0.0)) for row, term in enumerate(part.words)}


def _share_of(numbers: Collection[str], present: Container[str]) -> float:
    """Share of the question's numbers that a sentence has itself; one half where it has none to look for."""
    return sum(number in present for number in numbers) / len(numbers) if numbers else 0.5


def coverage(terms: Iterable[str], present: Container[str], idf: Mapping[str, float]) -> float:
    """Share of the idf mass of `terms` that is `present`; 0 when there are no terms."""
    mass = {term: idf.get(term, 0.0) for term in terms}
    total = sum(mass.values())
    return sum(weight for term, weight in mass.items() if term in present) / total if total else 0.0


def relatedness(part: Part, candidates: Candidates) -> NDArray[np.float32]:
    """How related each term of `part` is to each of the vocabulary, 0 to 1; 1 for the same term."""
    related = part.word_vectors @ candidates.word_vectors.T
    related = np.where(related >= _RELATED, related, 0.0)
    for row, term in enumerate(part.words):
        if term in candidates.vocabulary:
            related[row, candidates.vocabulary[term]] = 1.0
    return np.asarray(related, np.float32)


def _soft_coverage(
    related: NDArray[np.float32], weights: NDArray[np.float64], present: Iterable[str], vocabulary: Mapping[str, int]
) -> float:
    """Share of the idf mass of a part's terms that is present in the same or a related word."""
    columns = [vocabulary[term] for term in present]
    total = float(weights.sum())
    if not columns or not total:
        return 0.0
    return float(related[:, columns].max(axis=1) @ weights) / total
