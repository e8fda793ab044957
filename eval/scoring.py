"""Scores: an answer against its sample, and all of them together with intervals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval import metrics as m
from eval.samples import Sample

Answer = Mapping[str, Any]
"""An answer in the shape of the contract; what an answer from elsewhere does not have is left out."""
Scores = dict[str, float | None]
"""Of one sample, by name; None where there is no gold or nothing to score."""
RANKS = (1, 5, 10)
STATES = ("right", "partly right", "wrong", "rightly refused", "wrongly refused", "wrongly answered", "answered")
"""What can become of a sample; "answered" where no gold tells."""


@dataclass(frozen=True)
class Scored:
    """A sample, the answer to it, and its scores."""

    sample: Sample
    answer: Answer
    scores: Scores

    @property
    def abstained(self) -> bool:
        """Whether no answer was given."""
        return bool(self.answer["status"] == "abstained")

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.sample.answerable is False:
            return "rightly refused" if self.abstained else "wrongly answered"
        if self.abstained:
            return "wrongly refused" if self.sample.answerable else "answered"
        quality = self.scores["fact_recall"]
        if quality is None:
            quality = self.scores["citation_recall"]
        if quality is None:
            return "answered"
        return "right" if quality == 1 else "partly right" if quality else "wrong"


Metric = Callable[[Sequence[Scored]], m.Array]
"""A metric of the whole set and of each bootstrap draw, shape (1 + draws,)."""


def score(sample: Sample, answer: Answer) -> Scored:
    """`answer` scored against what is gold in `sample`."""
    citations, sentences = list(answer.get("citations", ())), list(answer.get("sentences", ()))
    refused = answer["status"] == "abstained"
    ranked = list(dict.fromkeys(e["article_id"] for e in answer.get("retrieved", ())))
    relevant = set(sample.articles or ()) if "retrieved" in answer else set[str]()
    scores: Scores = {f"recall@{k}": m.recall_at_k(ranked, relevant, k) for k in RANKS}
    scores["mrr"] = m.reciprocal_rank(ranked, relevant)
    scores["ndcg@10"] = m.ndcg_at_k(ranked, relevant, 10)
    scores["fact_recall"] = m.fact_recall("" if refused else answer["text"], sample.facts or ())
    hits = {c["number"]: bool(is_gold(c, sample)) for c in citations} if sample.quotes or sample.articles else {}
    scored = bool(hits) or bool((sample.quotes or sample.articles) and not refused)
    scores["citation_precision"] = m.citation_precision(list(hits.values())) if scored else None
    supported = [any(hits.get(number, False) for number in s["citations"]) for s in sentences]
    scores["citation_recall"] = m.citation_recall(supported) if scored else None
    cited = [any(m.same_evidence(c["quote"], gold) for c in citations) for gold in sample.quotes or ()]
    scores["quote_recall"] = sum(cited) / len(cited) if cited else None
    found = {c["claimant"]["id"] for c in citations if c.get("claimant")}
    known = sample.claimants is not None and not refused and any("claimant" in c for c in citations)
    scores["claimant"] = float(set(sample.claimants or ()) <= found) if known else None
    scores["latency_ms"] = answer.get("timings_ms", {}).get("total")
    return Scored(sample, answer, scores)


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """The metrics of a run in the shape of the contract, with 95% bootstrap intervals beside them."""
    values = {name: compute(scored) for name, compute in _METRICS.items()}
    shaped: dict[str, Any] = {"samples": len(scored)}
    intervals: dict[str, Any] = {}
    counts_of: dict[str, Any] = {}
    for name, value in values.items():
        group, _, metric = name.partition(".")
        shaped.setdefault(group, {})[metric] = _plain(value[0])
        intervals.setdefault(group, {})[metric] = interval(value)
        counts_of.setdefault(group, {})[metric] = sum(counts_for(name, s) for s in scored)
    told = [s for s in scored if counts_for("disclaimer", s)]
    shaped["disclaimer"]["missed"] = sum(_due(s) and not _given(s) for s in told)
    shaped["disclaimer"]["excess"] = sum(_given(s) and not _due(s) for s in told)
    tags = sorted({tag for s in scored for tag in s.sample.tags})
    shaped["by_tag"] = {tag: _of_tag([s for s in scored if tag in s.sample.tags]) for tag in tags}
    shaped["intervals"] = intervals
    shaped["counts"] = counts_of
    return shaped


def drawn(name: str, scored: Sequence[Scored]) -> m.Array:
    """A metric by name, such as "retrieval.mrr", of the whole set and of each bootstrap draw, shape (1 + draws,)."""
    return _METRICS[name](scored)


def counts_for(name: str, s: Scored) -> bool:
    """Whether a metric by name takes a sample into account."""
    group, _, metric = name.partition(".")
    if group == "abstention":
        return s.sample.answerable is not None and (metric != "auc" or s.answer.get("confidence") is not None)
    if group == "disclaimer":
        return s.sample.state_sourced is not None and not s.abstained and "disclaimers" in s.answer
    columns = {"citation": f"citation_{metric}".replace("citation_quote", "quote"), "claimant": "claimant"}
    columns |= {"latency_ms": "latency_ms"}
    return s.scores[columns.get(group, metric)] is not None


def interval(values: m.Array) -> list[float] | None:
    """The 2.5% and 97.5% points of the draws behind the first value; None where the metric has no value."""
    known = values[1:][~np.isnan(values[1:])]
    if np.isnan(values[0]) or not len(known):
        return None
    return [round(float(q), 4) for q in np.quantile(known, (0.025, 0.975))]


def is_gold(citation: Mapping[str, Any], sample: Sample) -> bool | None:
    """Whether a citation is of a gold quote, or of a gold article where there are no quotes; None without gold."""
    if sample.quotes:
        return any(m.same_evidence(citation["quote"], gold) for gold in sample.quotes)
    return citation.get("article_id") in sample.articles if sample.articles else None


def _column(name: str) -> Metric:
    def compute(scored: Sequence[Scored]) -> m.Array:
        column = np.array([np.nan if (v := s.scores[name]) is None else v for s in scored], np.float64)
        return m.mean(column, m.draws(len(scored)))

    return compute


def _latency(q: float) -> Metric:
    def compute(scored: Sequence[Scored]) -> m.Array:
        column = np.array([np.nan if (v := s.scores["latency_ms"]) is None else v for s in scored], np.float64)
        return m.quantile(column, q, m.draws(len(scored)))

    return compute


def _weights(name: str, scored: Sequence[Scored]) -> tuple[list[Scored], m.Array]:
    """The samples that a metric takes into account, and their weights in the draws of the whole set."""
    known = [i for i, s in enumerate(scored) if counts_for(name, s)]
    return [scored[i] for i in known], m.draws(len(scored))[:, known]


def _share(group: str, of: Callable[[Scored], bool], among: Callable[[Scored], bool]) -> Metric:
    """The metric that tells which share of the samples `among` which one holds are also `of` the other kind."""

    def compute(scored: Sequence[Scored]) -> m.Array:
        known, weights = _weights(group, scored)
        whole = np.array([among(s) for s in known], np.float64)
        return m.ratio(whole * np.array([of(s) for s in known], np.float64), whole, weights)

    return compute


def _refused(s: Scored) -> bool:
    return s.abstained


def _unanswerable(s: Scored) -> bool:
    return s.sample.answerable is False


def _due(s: Scored) -> bool:
    return bool(s.sample.state_sourced)


def _given(s: Scored) -> bool:
    return bool(s.answer.get("disclaimers"))


def _abstention_f1(scored: Sequence[Scored]) -> m.Array:
    precision, recall = (drawn(f"abstention.{name}", scored) for name in ("precision", "recall"))
    return m.f1(np.nan_to_num(precision), recall)


def _confidence_auc(scored: Sequence[Scored]) -> m.Array:
    known, weights = _weights("abstention.auc", scored)
    confidence = np.array([s.answer["confidence"] for s in known], np.float64)
    return m.auc(confidence, np.array([bool(s.sample.answerable) for s in known], np.float64), weights)


_METRICS: dict[str, Metric] = {
    **{f"retrieval.{name}": _column(name) for name in (*(f"recall@{k}" for k in RANKS), "mrr", "ndcg@10")},
    "answer.fact_recall": _column("fact_recall"),
    "citation.precision": _column("citation_precision"),
    "citation.recall": _column("citation_recall"),
    "citation.quote_recall": _column("quote_recall"),
    "abstention.precision": _share("abstention", _unanswerable, among=_refused),
    "abstention.recall": _share("abstention", _refused, among=_unanswerable),
    "abstention.f1": _abstention_f1,
    "abstention.auc": _confidence_auc,
    "disclaimer.precision": _share("disclaimer", _due, among=_given),
    "disclaimer.recall": _share("disclaimer", _given, among=_due),
    "claimant.accuracy": _column("claimant"),
    "latency_ms.p50": _latency(0.5),
    "latency_ms.p95": _latency(0.95),
}
METRICS = tuple(_METRICS)
"""Names of all metrics."""


_OF_TAG = ("retrieval.recall@5", "answer.fact_recall", "citation.precision", "citation.recall", "abstention.recall")


def _of_tag(scored: Sequence[Scored]) -> dict[str, Any]:
    told = [s.state in ("right", "rightly refused") for s in scored if s.state != "answered"]
    return {
        "samples": len(scored),
        "right": round(sum(told) / len(told), 4) if told else None,
        **{name: _plain(_METRICS[name](scored)[0]) for name in _OF_TAG},
    }


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
