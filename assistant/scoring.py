"""Two small logistic models: which sentence answers, and whether the articles answer at all.

Their coefficients are data, in weights.toml, with the figures measured when they were fitted;
`python -m eval.calibrate` fits them again.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.candidates import FEATURES, Candidates, coverage
from assistant.question import Question, gives_kind

CONFIDENCE_FEATURES = (
    "selector",
    "similarity",
    "coverage",
    "context_coverage",
    "names_coverage",
    "missing",
    "passage",
    "kind",
)
_WEIGHTS = Path(__file__).with_name("weights.toml")


@dataclass(frozen=True)
class Logistic:
    """A logistic model over named features."""

    names: tuple[str, ...]
    coefficients: NDArray[np.float64]
    intercept: float

    def logits(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of each row of `features`, shape (rows,)."""
        return np.asarray(features @ self.coefficients + self.intercept)


@cache
def load_model(name: str) -> Logistic:
    """The model `name` of weights.toml."""
    table = tomllib.loads(_WEIGHTS.read_text(encoding="utf-8"))[name]["coefficients"]
    names = {"selector": FEATURES, "confidence": CONFIDENCE_FEATURES}[name]
    return Logistic(names, np.array([table[n] for n in names]), float(table["intercept"]))


def probability(logit: float) -> float:
    """The probability of log odds."""
    return float(1 / (1 + np.exp(-logit)))


def confidence_features(
    question: Question,
    candidates: Candidates,
    features: NDArray[np.float64],
    logits: NDArray[np.float64],
    idf: Mapping[str, float],
    unseen_idf: float,
) -> NDArray[np.float64]:
    """CONFIDENCE_FEATURES for the question as a whole, shape (len(CONFIDENCE_FEATURES),).

    `features` and `logits` are those of the candidates for the whole question; `unseen_idf` is the
    idf of a term that no passage has.
    """
    best = int(np.argmax(logits))
    chosen = candidates.sentences[best]
    missing = missing_terms(question.terms, candidates, idf)
    return np.array(
        [
            logits[best],
            features[best, FEATURES.index("similarity")],
            features[best, FEATURES.index("coverage")],
            features[best, FEATURES.index("context_coverage")],
            coverage(question.names, chosen.context, idf) if question.names else 1.0,
            max((idf[term] for term in missing), default=0.0) / unseen_idf,
            features[best, FEATURES.index("passage")],
            gives_kind(chosen.text, question.readings[0].kind),
        ]
    )


def missing_terms(terms: Sequence[str], candidates: Candidates, idf: Mapping[str, float]) -> list[str]:
    """Those of `terms` that no candidate sentence nor title near it has, the rarest first."""
    present = frozenset[str]().union(*(c.context for c in candidates.sentences))
    return sorted((t for t in dict.fromkeys(terms) if t not in present), key=lambda t: -idf.get(t, 0.0))
