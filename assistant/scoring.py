"""Small logistic models: which sentences to read, which of them answer, and whether the articles answer at all.

The confidence is a product: how likely what was found is about the question, and how likely it states the answer.

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

from assistant.candidates import FEATURES, Candidate
from assistant.question import STRICT_KINDS, Part, gives_kind, of_other_year
from assistant.reader import Reading

SELECTOR_FEATURES = (
    "first",
    "first_behind",
    "read",
    "read_behind",
    "share",
    "answered",
    "beside_best",
    "broad",
    "kind",
    "summary",
    "similarity",
    "numbers",
)
"""What tells whether a sentence that was read belongs to the answer."""
CONFIDENCE_FEATURES = (
    "answered",
    "best",
    "share",
    "similarity",
    "soft_context",
    "names_present",
    "names_absent",
    "missing",
    "passage",
    "lead",
    "kind_unmet",
)
"""What tells whether the articles answer a question."""
NAMES: Mapping[str, tuple[str, ...]] = {
    "preselector": FEATURES,
    "selector": SELECTOR_FEATURES,
    "relevance": CONFIDENCE_FEATURES,
    "sufficiency": ("answered", "share", "similarity", "names_absent", "missing", "kind_unmet"),
}
"""The features of each model."""
_NEAR = 2.0
"""Log odds that a sentence with the kind of answer wanted may be behind the best without it."""
_BEFORE = 200
"""Characters before a sentence in which the year of what it tells is looked for."""
_UNREAD = -12.0
"""Log odds of a sentence that was not read."""
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
    return logistic(NAMES[name], tomllib.loads(_WEIGHTS.read_text(encoding="utf-8"))[name]["coefficients"])


def logistic(names: Sequence[str], table: Mapping[str, float]) -> Logistic:
    """The model of `names` with the coefficients and the intercept of a table."""
    return Logistic(tuple(names), np.array([table[n] for n in names]), float(table["intercept"]))


def probability(logit: float) -> float:
    """The probability of log odds."""
    return float(1 / (1 + np.exp(-logit)))


def selector_features(
    part: Part,
    sentences: Sequence[Candidate],
    features: NDArray[np.float64],
    first: NDArray[np.float64],
    reading: Reading,
) -> NDArray[np.float64]:
    """SELECTOR_FEATURES of each candidate, shape (len(sentences), len(SELECTOR_FEATURES)); NaN for what was not read.

    `features` and `first`, the preselector's log odds, are of all candidates.
    """
    rows = np.full((len(features), len(SELECTOR_FEATURES)), np.nan)
    best = max(reading.sentences, key=lambda i: reading.sentences[i])
    highest = float(np.max(first))
    broad = float(part.kind in (None, "reason", "manner"))
    for i, read in reading.sentences.items():
        rows[i] = (
            first[i],
            first[i] - highest,
            read,
            read - reading.sentences[best],
            _log_odds(reading.shares[i]),
            reading.answered,
            float(_beside(sentences[i], sentences[best])),
            broad,
            *(features[i, FEATURES.index(name)] for name in ("kind", "summary", "similarity", "numbers")),
        )
    return rows


def selected(model: Logistic, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds that each candidate belongs to the answer, from its SELECTOR_FEATURES, shape (candidates,)."""
    logits = model.logits(rows)
    return np.where(np.isnan(logits), _UNREAD, logits)


def confidence_features(
    part: Part,
    sentences: Sequence[Candidate],
    features: NDArray[np.float64],
    missing: float,
    reading: Reading,
    logits: NDArray[np.float64],
) -> NDArray[np.float64]:
    """CONFIDENCE_FEATURES of a part, or the last reading, of a question, shape (len(CONFIDENCE_FEATURES),).

    `features`, `missing` and `logits` are those of the candidates for it.
    """
    best = best_of_kind(sentences, logits, part)
    scores = sorted({c.rank: c.passage_score for c in sentences}.values(), reverse=True)
    return np.array(
        [
            reading.answered,
            logits[best],
            _log_odds(max(reading.shares.values())),
            *(
                features[best, FEATURES.index(n)]
                for n in ("similarity", "soft_context", "names_present", "names_absent")
            ),
            missing,
            sentences[best].passage_score,
            scores[0] - float(np.mean(scores[3:] or [0.0])),
            float(kind_unmet(part, sentences[best])),
        ]
    )


def confidence(found: NDArray[np.float64], models: Sequence[Logistic] = ()) -> float:
    """The probability that the articles answer, from CONFIDENCE_FEATURES; by default by the stored models."""
    chance = 1.0
    for model in models or (load_model("relevance"), load_model("sufficiency")):
        chance *= probability(float(model.logits(confidence_columns(found, model.names))))
    return chance


def confidence_columns(found: NDArray[np.float64], names: Sequence[str]) -> NDArray[np.float64]:
    """Those of CONFIDENCE_FEATURES, in the last axis of `found`, that have `names`."""
    return np.asarray(found[..., [CONFIDENCE_FEATURES.index(name) for name in names]])


def best_of_kind(sentences: Sequence[Candidate], logits: NDArray[np.float64], part: Part) -> int:
    """The best candidate; where the question wants an amount or a date, the best that has one, if it is near."""
    best = int(np.argmax(logits))
    if not kind_unmet(part, sentences[best]):
        return best
    near = [i for i in range(len(sentences)) if logits[i] >= logits[best] - _NEAR]
    giving = [i for i in near if not kind_unmet(part, sentences[i])]
    return max(giving, key=lambda i: float(logits[i]), default=best)


def kind_unmet(part: Part, sentence: Candidate) -> bool:
    """Whether `part` wants an amount or a date and `sentence` has none, or has one of another year.

    A sentence without a year is of those that were named just before it.
    """
    if part.kind not in STRICT_KINDS:
        return False
    before = sentence.article.text[max(0, sentence.span.start - _BEFORE) : sentence.span.start]
    return not gives_kind(sentence.text, part) or of_other_year(part, sentence.text, before)


def _beside(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences stand next to each other."""
    gap = max(one.span.start, other.span.start) - min(one.span.end, other.span.end)
    return one.article.id == other.article.id and 0 <= gap <= 2


def _log_odds(share: float) -> float:
    return float(np.log((share + 1e-3) / (1 - share + 1e-3)))
