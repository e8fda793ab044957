"""The metrics, as pure functions; docs/evaluation.md defines them for readers.

Rankings are article ids, best first; relevance is binary. What has no gold has no score: None.
"""

import math
import re
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_OVERLAP = 0.8
"""Share of the words of the shorter of two texts that the longer must have for them to be the same evidence."""
_DASH = re.compile("[‐‑‒–—−]")
_WORD = re.compile(r"\w+")


# ---- retrieval


def recall_at_k(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Share of the relevant ids among the first k."""
    if not relevant:
        return None
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float | None:
    """1 over the rank of the first relevant id, 0 if there is none. Its mean over questions is MRR."""
    if not relevant:
        return None
    return next((1 / rank for rank, item in enumerate(ranked, 1) if item in relevant), 0.0)


def ndcg_at_k(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Discounted gain of the first k, 1/log2(1 + rank) for each relevant id, over the best there could be."""
    if not relevant:
        return None
    gain = sum(1 / math.log2(1 + rank) for rank, item in enumerate(ranked[:k], 1) if item in relevant)
    best = sum(1 / math.log2(1 + rank) for rank in range(1, min(k, len(set(relevant))) + 1))
    return gain / best


# ---- answers


def fact_recall(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Share of the facts of which `text` has one wording, without regard to case and white space."""
    if not facts:
        return None
    said = _flat(text)
    return sum(any(_flat(wording) in said for wording in fact) for fact in facts) / len(facts)


def same_evidence(quote: str, gold: str) -> bool:
    """Whether two stretches of text are the same evidence: nearly all words of the shorter are in the longer."""
    words, golden = set(_WORD.findall(quote.casefold())), set(_WORD.findall(gold.casefold()))
    shorter = min(len(words), len(golden))
    return shorter > 0 and len(words & golden) / shorter >= _OVERLAP


def citation_precision(hits: Sequence[bool]) -> float | None:
    """Share of the citations that are of gold evidence; `hits` says so of each."""
    return sum(hits) / len(hits) if hits else None


def citation_recall(supported: Sequence[bool]) -> float | None:
    """Share of the answer's sentences that have a citation of gold evidence; `supported` says so of each."""
    return sum(supported) / len(supported) if supported else None


# ---- over all samples: each takes arrays of shape (samples,) and weights of shape (draws, samples)

Array = NDArray[np.float64]


def mean(values: Array, weights: Array) -> Array:
    """Weighted mean of `values`, shape (draws,); NaN values have no gold and are left out."""
    known = ~np.isnan(values)
    total = weights[:, known].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights[:, known] @ values[known]) / total)


def ratio(numerator: Array, denominator: Array, weights: Array) -> Array:
    """Weighted sum of one over the weighted sum of the other, shape (draws,)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ numerator) / (weights @ denominator))


def auc(scores: Array, positive: Array, weights: Array) -> Array:
    """Area under the ROC curve of `scores` for telling `positive` (1) from the others (0), shape (draws,).

    Ties count half. NaN where a draw lacks one of the kinds.
    """
    high, low = scores[positive == 1], scores[positive == 0]
    wins = (high[:, None] > low[None, :]) + 0.5 * (high[:, None] == low[None, :])
    of_high, of_low = weights[:, positive == 1], weights[:, positive == 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        won = ((of_high @ wins) * of_low).sum(axis=1)
        return np.asarray(won / (of_high.sum(axis=1) * of_low.sum(axis=1)))


def quantile(values: Array, q: float, weights: Array) -> Array:
    """The q-quantile of `values` under whole-number weights, shape (draws,), by the nearest rank."""
    known = ~np.isnan(values)
    if not known.any():
        return np.full(len(weights), np.nan)
    order = np.argsort(values[known])
    cumulated = np.cumsum(weights[:, known][:, order], axis=1)
    rank = np.ceil(q * cumulated[:, -1:])
    return np.asarray(values[known][order][(cumulated < np.maximum(rank, 1)).sum(axis=1).clip(max=known.sum() - 1)])


def expected_calibration_error(confidence: Array, right: Array, bins: int = 10) -> float:
    """How far confidence is from the share that is right, averaged over the questions by `bins` of equal width."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(float(confidence[bin_of == b].mean() - right[bin_of == b].mean())) for b in set(bin_of.tolist())]
    return float(np.average(gaps, weights=[int((bin_of == b).sum()) for b in set(bin_of.tolist())]))


def f1(precision: Array, recall: Array) -> Array:
    """The harmonic mean, 0 where both are 0."""
    total = precision + recall
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total == 0, 0.0, 2 * precision * recall / total)


def draws(samples: int, count: int = 1000, seed: int = 20) -> Array:
    """How often each sample is drawn in `count` bootstrap draws, shape (1 + count, samples); the first is the set."""
    generator = np.random.default_rng(seed)
    drawn = (
        generator.multinomial(samples, np.full(samples, 1 / samples), size=count) if samples else np.empty((count, 0))
    )
    return np.vstack([np.ones(samples), drawn]).astype(np.float64)


def _flat(text: str | Iterable[str]) -> str:
    return " ".join(_DASH.sub("-", str(text).casefold()).replace("’", "'").split())
