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

from assistant.candidates import FEATURES, Candidate, Candidates, coverage, relatedness
from assistant.question import STRICT_KINDS, Part, Question, gives_kind

CONFIDENCE_FEATURES = (
    "similarity",
    "soft_context",
    "names_present",
    "names_absent",
    "missing",
    "passage",
    "lead",
    "kind_unmet",
)
_NEAR = 2.0
"""Log odds that a sentence with the kind of answer wanted may be behind the best without it."""
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
    part: Part,
    candidates: Candidates,
    features: NDArray[np.float64],
    logits: NDArray[np.float64],
    idf: Mapping[str, float],
    unseen_idf: float,
) -> NDArray[np.float64]:
    """CONFIDENCE_FEATURES of a part, or the last reading, of `question`, shape (len(CONFIDENCE_FEATURES),).

    `features` and `logits` are those of the candidates for it; `unseen_idf` is the
    idf of a term that no passage has.
    """
    best = best_of_kind(candidates, logits, part)
    chosen = candidates.sentences[best]
    scores = sorted({c.rank: c.passage_score for c in candidates.sentences}.values(), reverse=True)
    absent = absence(part if part in question.parts else question.readings[0], candidates)
    return np.array(
        [
            features[best, FEATURES.index("similarity")],
            features[best, FEATURES.index("soft_context")],
            *_names(question.names, chosen, idf, unseen_idf),
            max((idf.get(term, 0.0) * share for term, share in absent.items()), default=0.0) / unseen_idf,
            chosen.passage_score,
            scores[0] - float(np.mean(scores[3:] or [0.0])),
            float(kind_unmet(part, chosen.text)),
        ]
    )


def _names(names: Sequence[str], chosen: Candidate, idf: Mapping[str, float], unseen_idf: float) -> tuple[float, float]:
    """How much of rare names `chosen` and its neighbours have, and the share that is lacking."""
    if not names:
        return 0.0, 0.0
    present = sum(idf.get(name, 0.0) for name in set(names) if name in chosen.context)
    return min(1.0, present / (2 * unseen_idf)), 1.0 - coverage(names, chosen.context, idf)


def best_of_kind(candidates: Candidates, logits: NDArray[np.float64], part: Part) -> int:
    """The best candidate; where the question wants an amount or a date, the best that has one, if it is near."""
    best = int(np.argmax(logits))
    if not kind_unmet(part, candidates.sentences[best].text):
        return best
    giving = [
        i for i, c in enumerate(candidates.sentences) if logits[i] >= logits[best] - _NEAR and gives_kind(c.text, part)
    ]
    return max(giving, key=lambda i: float(logits[i]), default=best)


def kind_unmet(part: Part, sentence: str) -> bool:
    """Whether `part` wants an amount or a date and `sentence` has none."""
    return part.kind in STRICT_KINDS and not gives_kind(sentence, part)


def absence(part: Part, candidates: Candidates) -> dict[str, float]:
    """How far each term of `part` is from anything the evidence mentions, 0 to 1."""
    related = relatedness(part, candidates)
    return {term: 1.0 - float(related[row].max(initial=0.0)) for row, term in enumerate(part.words)}
