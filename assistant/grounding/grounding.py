"""Whether a claim is borne out by sentences of articles: evidence, a score, a verdict, and what is missing.

Three things are weighed: the facts of the claim one by one (facts.py), the words it shares with the evidence, and what
the checker reads (checker.py). Their weights are data, in weights.toml; `python -m eval.calibrate_grounding` fits them.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.grounding.checker import Check, Checker
from assistant.grounding.evidence import SURROGATES, Passages, Told, own_idf, ranked, shares
from assistant.grounding.facts import Finding, findings
from assistant.grounding.manner import Manners
from assistant.grounding.nli import Entailment
from assistant.scoring import Logistic, logistic, probability
from index.encoder import Encoder
from index.lexical import Analyzer

Verdict = Literal["supported", "partial", "contradicted", "unsupported"]
FEATURES = (
    "bears",
    "worst_word",
    "evidence",
    "covered",
    "covered_by_best",
    "covered_by_all",
    "soft",
    "similarity",
    "pairs",
    "order",
    "numbers",
    "dates",
    "names",
    "denial",
    "opposite",
    "hedge",
    "scope",
    "clashes",
    "length",
)
"""What is measured of a claim and its evidence."""
_READ = 24
"""Sentences that are looked at closely, at most."""
_LONGEST = 2000
"""Characters of a claim that are looked at."""
_NEXT = 7
"""Sentences in order of what they share with a claim among which its figures and names may stand."""
_CHOSEN = 4
"""Sentences that a claim is taken to rest on, at most."""
_BEHIND = 2.5
"""Log odds that a further sentence of the evidence may be behind the best."""
_GAINS = 0.08
"""Share of the claim's terms that a further sentence must add, unless the checker is sure of it."""
_AKIN = 0.35
"""Cosine from which evidence is near enough to a claim to contradict it."""
_SHOWN = 0.5
"""Log odds from which a word that the checker doubts is named as missing."""
_WEIGHTS = Path(__file__).with_name("weights.toml")


@dataclass(frozen=True)
class Grounding:
    """How far a claim is borne out: `score` is the probability that it is, 0 to 1.

    `evidence` are the sentences it rests on or fails by, the best first; `missing` the words of the claim that they do
    not bear out, in its order.
    """

    score: float
    verdict: Verdict
    missing: tuple[str, ...]
    evidence: tuple[Told, ...]


@dataclass(frozen=True)
class Measured:
    """A claim against its evidence, before it is judged. `features` has shape (len(FEATURES),)."""

    chosen: tuple[Told, ...]
    findings: tuple[Finding, ...]
    check: Check
    features: NDArray[np.float64]

    def feature(self, name: str) -> float:
        """One of FEATURES."""
        return float(self.features[FEATURES.index(name)])


class Grounder:
    """Checks claims against sentences."""

    def __init__(self, encoder: Encoder, checker: Checker, entailment: Entailment | None = None) -> None:
        self._analyzer = Analyzer()
        self._encoder = encoder
        self._checker = checker
        self._entailment = entailment
        self._manners = Manners(self._analyzer.terms)

    def ground(
        self, claim: str, told: Sequence[Told], similarities: NDArray[np.float32], idf: Mapping[str, float]
    ) -> Grounding:
        """How far `told` bears out `claim`; `similarities` of each to it are cosines, shape (len(told),), and `idf` is
        of the claim's terms.
        """
        claim = _readable(claim)
        if not told or not self._analyzer.terms(claim):
            return Grounding(0.0, "unsupported", (), ())
        return self.judge(claim, self.measure(claim, told, similarities, idf))

    def ground_in_passages(self, claim: str, passages: Passages) -> Grounding:
        """How far bare passages bear out `claim`."""
        return self.ground(claim, *self.nearest(claim, passages))

    def nearest(self, claim: str, passages: Passages) -> tuple[list[Told], NDArray[np.float32], dict[str, float]]:
        """The sentences of passages that come nearest to a claim, how similar each is, and the idf of its terms."""
        claim = _readable(claim)
        told = passages.told
        terms = [self._analyzer.terms(one.text) for one in told]
        rarity = own_idf(terms)
        idf = {term: rarity(term) for term in self._analyzer.terms(claim)}
        nearest = np.argsort(-shares(list(idf), terms, idf), kind="stable")[:_READ]
        told = [told[i] for i in sorted(nearest)]
        vectors = self._encoder.encode([claim, *(one.text for one in told)])
        return told, vectors[1:] @ vectors[0], idf

    def measure(
        self, claim: str, told: Sequence[Told], similarities: NDArray[np.float32], idf: Mapping[str, float]
    ) -> Measured:
        """FEATURES of a claim and what it rests on; arguments as of `ground`."""
        wanted = self._analyzer.terms(claim)
        terms = [self._analyzer.terms(one.text) for one in told]
        shared = shares(wanted, terms, idf)
        order = ranked(shared, similarities)[:_READ]
        check = self._checker.check(claim, told, order)
        chosen = _chosen(wanted, terms, idf, check, shared)
        evidence = tuple(told[i] for i in chosen)
        beside = [told[i] for i in _beside(chosen, told, order)]
        found = tuple(findings(claim, evidence, beside, self._manners))
        rows = [terms[i] for i in chosen]
        together = [term for row in rows for term in row]
        kinds = [f.kind for f in found]
        best = chosen[0]
        features = {
            "bears": check.bears,
            "worst_word": max(check.wrong.values(), default=0.0),
            "evidence": check.evidence.get(best, -5.0),
            "covered": float(shares(wanted, [together], idf)[0]),
            "covered_by_best": float(shared.max()),
            "covered_by_all": float(shares(wanted, [[t for row in terms for t in row]], idf)[0]),
            "soft": self._soft(claim, evidence, idf),
            "similarity": float(similarities[best]),
            "pairs": _pairs(wanted, rows),
            "order": max(_in_order(wanted, row) for row in rows),
            "numbers": float(kinds.count("number")),
            "dates": float(kinds.count("date")),
            "names": float(kinds.count("name")),
            "denial": float("denial" in kinds),
            "opposite": float("opposite" in kinds),
            "hedge": float("hedge" in kinds),
            "scope": float("scope" in kinds),
            "clashes": float(sum(f.clash for f in found)),
            "length": float(np.log1p(len(wanted))),
        }
        return Measured(evidence, found, check, np.array([features[name] for name in FEATURES]))

    def judge(self, claim: str, measured: Measured) -> Grounding:
        """The verdict on a claim that was measured."""
        weights = load_weights()
        score = probability(float(weights.model.logits(measured.features)))
        if self._entailment:
            score = (score + self._entailment.probability(claim, [one.text for one in measured.chosen])) / 2
        missing = tuple(dict.fromkeys(claim[start:end] for start, end in _missing(claim, measured)))
        if score >= weights.supported and not measured.findings:
            return Grounding(score, "supported", (), measured.chosen)
        score = min(score, weights.supported - 1e-4)
        if any(f.clash for f in measured.findings) and measured.feature("similarity") >= _AKIN:
            return Grounding(score, "contradicted", missing, measured.chosen)
        about = measured.feature("covered") >= weights.about
        return Grounding(score, "partial" if about else "unsupported", missing, measured.chosen)

    def _soft(self, claim: str, evidence: Sequence[Told], idf: Mapping[str, float]) -> float:
        """The share of the claim's terms that the evidence has, words of like meaning counted by how alike they are."""
        words = self._analyzer.words(claim)
        there = {t: w for one in evidence for t, w in self._analyzer.words(one.text).items()}
        if not words or not there:
            return 0.0
        related = self._encoder.encode_words(list(words.values())) @ self._encoder.encode_words(list(there.values())).T
        weights = np.array([idf.get(term, 0.0) for term in words])
        best = np.where([term in there for term in words], 1.0, np.clip(related.max(axis=1), 0, 1))
        return float((weights * best).sum() / (weights.sum() or 1.0))


@dataclass(frozen=True)
class Weights:
    """A logistic model of FEATURES, the probability from which a claim is `supported`, and the share of its terms from
    which evidence is `about` the same.
    """

    model: Logistic
    supported: float
    about: float


@cache
def load_weights() -> Weights:
    """The weights of weights.toml."""
    table = tomllib.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return Weights(logistic(FEATURES, table["coefficients"]), **table["thresholds"])


def _readable(claim: str) -> str:
    return SURROGATES.sub("", claim)[:_LONGEST]


def _chosen(
    wanted: Sequence[str],
    terms: Sequence[Sequence[str]],
    idf: Mapping[str, float],
    check: Check,
    shared: NDArray[np.float64],
) -> list[int]:
    """Numbers of the sentences that a claim rests on: the best, and others that add to it."""
    total = sum(idf.get(term, 0.0) for term in set(wanted)) or 1.0
    ordered = sorted(check.evidence, key=lambda i: -(check.evidence[i] + 3 * float(shared[i])))
    chosen = ordered[:1]
    best = check.evidence[chosen[0]]
    covered = set(terms[chosen[0]])
    for i in ordered[1:]:
        gain = sum(idf.get(t, 0.0) for t in (set(wanted) & set(terms[i])) - covered) / total
        if len(chosen) < _CHOSEN and (check.evidence[i] > 0 or (gain >= _GAINS and check.evidence[i] > best - _BEHIND)):
            chosen.append(i)
            covered |= set(terms[i])
    return chosen


def _beside(chosen: Sequence[int], told: Sequence[Told], order: Sequence[int]) -> list[int]:
    """Numbers of the next sentences in order that are of an article of those chosen, and of those next to these."""
    articles = {told[i].article.id for i in chosen}
    found = [i for i in order[:_NEXT] if told[i].article.id in articles]
    found += [
        j for i in chosen for j in (i - 1, i + 1) if 0 <= j < len(told) and told[j].article.id == told[i].article.id
    ]
    return [i for i in dict.fromkeys(found) if i not in chosen]


def _pairs(wanted: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """The share of neighbouring terms of the claim that are neighbours in the evidence."""
    pairs = list(zip(wanted, wanted[1:], strict=False))
    there = {pair for row in rows for pair in zip(row, row[1:], strict=False)}
    return sum(pair in there for pair in pairs) / len(pairs) if pairs else 0.0


def _in_order(wanted: Sequence[str], row: Sequence[str]) -> float:
    """The longest common subsequence of the terms, as a share of the claim's (ROUGE-L precision)."""
    previous = [0] * (len(row) + 1)
    for term in wanted:
        current = [0]
        for i, other in enumerate(row):
            current.append(previous[i] + 1 if term == other else max(previous[i + 1], current[i]))
        previous = current
    return previous[-1] / len(wanted) if wanted else 0.0


def _missing(claim: str, measured: Measured) -> list[tuple[int, int]]:
    """Spans of the claim that are not borne out: its facts, else what the checker doubts most."""
    spans = [(f.start, f.end) for f in measured.findings if f.kind != "hedge"]
    if not spans:
        doubted = {at: logit for at, logit in measured.check.wrong.items() if logit > _SHOWN}
        spans = _joined(claim, sorted(doubted))
    return sorted(set(spans))


def _joined(claim: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring spans as one, grown to whole words."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        while start > 0 and claim[start - 1].isalnum():
            start -= 1
        while end < len(claim) and claim[end].isalnum():
            end += 1
        if found and start - found[-1][1] <= 1:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
