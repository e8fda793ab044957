"""Grounding pairs: claims with passages, scored by the grounding check alone."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.grounding.checker import load_checker
from assistant.grounding.evidence import Passages
from assistant.grounding.grounding import Grounder
from assistant.grounding.nli import load_entailment
from index.config import Settings
from index.errors import SamplesError
from index.exporting import load_encoder
from index.progress import Progress

_FOLDS = 5
_REPEATS = 10


class Pair(BaseModel):
    """A claim and the passages that may bear it out; `label` is the gold, if there is any."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    claim: Annotated[str, Field(min_length=1, pattern=r"\S")]
    passages: list[str]
    label: Literal["supported", "partial", "unsupported"] | None = None


@dataclass(frozen=True)
class Scored:
    """A pair with what the check makes of it."""

    pair: Pair
    score: float
    verdict: str


def read_pairs(file: Path) -> list[Pair]:
    """The pairs of a JSONL file. Raises SamplesError, with the line, for what is none."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SamplesError(f"{file} cannot be read: {error}. Name a JSONL file of claims with passages.") from None
    pairs = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            pairs.append(Pair.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            raise SamplesError(f"{file}, line {number}: {where}: {first['msg']}.") from None
    if not pairs:
        raise SamplesError(f'{file} has no pairs. A pair is a line: {{"id": "c1", "claim": "…", "passages": ["…"]}}')
    return pairs


def ground_pairs(
    pairs: Sequence[Pair], settings: Settings, progress: Callable[[Progress], None] = lambda done: None
) -> tuple[list[str], dict[str, float | int]]:
    """A line of JSON for each pair in the shape of the contract, and figures over all: against the labels, if any."""
    cache = settings.index / "encoder"
    grounder = Grounder(load_encoder(settings.encoder, cache), load_checker(cache), load_entailment(settings.nli))
    lines, scored, seconds = [], [], []
    for number, pair in enumerate(pairs, 1):
        started = time.perf_counter()
        passages = Passages(pair.passages)
        found = grounder.ground_in_passages(pair.claim, passages)
        seconds.append(time.perf_counter() - started)
        verdict = "unsupported" if found.verdict == "contradicted" else found.verdict
        scored.append(Scored(pair, found.score, verdict))
        line = {
            "id": pair.id,
            "score": round(found.score, 4),
            "verdict": verdict,
            "contradicted": found.verdict == "contradicted",
            "evidence": [
                dict(zip(("passage", "start", "end"), passages.place(one), strict=True)) for one in found.evidence
            ],
            "missing": list(found.missing),
        }
        progress(Progress(number, len(pairs), 0, pair.id))
        lines.append(json.dumps(line, ensure_ascii=False))
    figures: dict[str, float | int] = {"pairs": len(pairs), "ms a pair, median": float(np.median(seconds) * 1000)}
    return lines, figures | figures_of(scored)


def figures_of(scored: Sequence[Scored]) -> dict[str, float]:
    """Of pairs with a label, supported against the rest: AUC, and balanced accuracy of the verdicts and of a threshold
    on the score found by cross-validation.
    """
    from sklearn.metrics import roc_auc_score

    gold = np.array([s.pair.label == "supported" for s in scored if s.pair.label])
    scores = np.array([s.score for s in scored if s.pair.label])
    told = np.array([s.verdict == "supported" for s in scored if s.pair.label])
    if min(gold.sum(), (~gold).sum()) < _FOLDS:
        return {}  # too few of a kind for figures
    return {
        "AUC": float(roc_auc_score(gold, scores)),
        "balanced accuracy, cross-validated": cross_validated(gold, scores),
        "balanced accuracy, verdicts": balanced_accuracy(gold, told),
    }


def cross_validated(gold: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Balanced accuracy of a threshold found on four folds and used on the fifth, the mean of several splits."""
    from sklearn.model_selection import StratifiedKFold

    found = []
    for seed in range(_REPEATS):
        told = np.zeros(len(gold), bool)
        for fit, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(scores[:, None], gold):
            cuts = np.unique(scores[fit])
            best = max(cuts, key=lambda cut: balanced_accuracy(gold[fit], scores[fit] >= cut))
            told[test] = scores[test] >= best
        found.append(balanced_accuracy(gold, told))
    return float(np.mean(found))


def balanced_accuracy(gold: NDArray[np.bool_], told: NDArray[np.bool_]) -> float:
    """The mean of the shares of either kind that are told right."""
    return float((told[gold].mean() + (~told[~gold]).mean()) / 2)
