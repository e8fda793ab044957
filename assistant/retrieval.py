"""Retrieval: dense and lexical lists of every reading of a question, fused into one.

Scores are added, not ranks: on 1,479 SQuAD2 questions recall@1/@5 is .84/.97 so, .79/.97 with
reciprocal ranks, and .82/.95 with words alone. `python -m eval.calibrate` measures it again.
"""

from collections.abc import Set

from assistant.answer import Evidence
from assistant.question import Part, Question
from assistant.reranking import Reranker
from index.store import ArticleIndex

LIMIT = 8
"""Passages given to the answerer."""
_RERANKED = 24
"""Passages that a reranker chooses from."""
_DEPTH = 30
"""Passages taken from each list."""


def retrieve(
    index: ArticleIndex,
    question: Question,
    limit: int = LIMIT,
    within: Set[str] | None = None,
    reranker: Reranker | None = None,
) -> list[Evidence]:
    """The best passages for all readings of `question`, at most `limit`, the best first; scores 0 to 1.

    With `within`, only passages of these ids. With a `reranker`, more are taken first, and put in its order.
    """
    scores: dict[str, float] = {}
    for reading in question.readings:
        for passage_id, score in _one_reading(index, reading, within).items():
            scores[passage_id] = scores.get(passage_id, 0.0) + score / len(question.readings)
    depth = limit if reranker is None else _RERANKED
    best = sorted(scores, key=lambda passage_id: -scores[passage_id])[:depth]
    found = index.passages(best)
    evidence = [Evidence(*found[i], scores[i]) for i in best if i in found]
    return evidence if reranker is None else reranker.order(question.readings[-1].text, evidence)[:limit]


def _one_reading(index: ArticleIndex, reading: Part, within: Set[str] | None) -> dict[str, float]:
    words = index.matching_passages(reading.terms, _DEPTH, within)
    most = max((hit.score for hit in words), default=1.0)
    lists = (
        (index.nearest_passages(reading.vector, _DEPTH, within), 1.0),
        (index.nearest_sentences(reading.vector, 2 * _DEPTH, within), 1.0),
        (words, most),
    )
    scores: dict[str, float] = {}
    for hits, scale in lists:
        for hit in hits:
            scores[hit.passage_id] = scores.get(hit.passage_id, 0.0) + max(0.0, hit.score) / scale / len(lists)
    return scores
