"""Fits the weights of the grounding check: python -m eval.calibrate_grounding DATA --keep FOLDER

DATA holds wice/ as published. The weights are fitted to the claims of eval/claims/tune.jsonl whose articles the checker
did not learn from, and to half of WiCE by hash of the id; figures are of eval/claims/report.jsonl, of the other half of
WiCE, and of all of WiCE by a threshold that is cross-validated. Writes assistant/grounding/weights.toml.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from assistant.checking import told_of
from assistant.grounding.checker import load_checker
from assistant.grounding.evidence import Passages
from assistant.grounding.grounding import FEATURES, Grounder, Grounding, Measured, load_weights
from assistant.scoring import Logistic
from eval.cases import index_of, own_sets
from eval.claims import HERE, Claim, read_claims
from eval.pairs import balanced_accuracy, cross_validated
from eval.samples import is_held_out
from eval.train_checker import is_for_report
from index.cli import Parser, run, say, show
from index.config import load_settings
from index.exporting import load_encoder
from index.store import ArticleIndex

WEIGHTS = Path(__file__).parents[1] / "assistant" / "grounding" / "weights.toml"
_STRENGTH = 0.05
_LEAST_KEPT = 0.96
"""Share of the faithful claims without a missing fact that stay supported, of those that the weights are fitted to."""
_ABOUT = 0.45
_WEIGHT_OF_WICE = 4.0
_EASY = ("number", "unit", "date", "name")


@dataclass(frozen=True)
class One:
    """A claim that was measured."""

    set: str
    label: str
    kind: str
    text: str
    measured: Measured
    fits: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits, writes the weights, and shows the figures."""
    parser = Parser(prog="python -m eval.calibrate_grounding", description="Fits assistant/grounding/weights.toml.")
    parser.add_argument("data", type=Path, help="folder that holds wice/")
    parser.add_argument("--keep", type=Path, required=True, help="folder that keeps the indexes")
    options = parser.parse_args(arguments)
    found = [*written(options.keep), *wice(options.data / "wice", options.keep)]
    for name, figure in fit(found).items():
        show(f"{name:50} {figure:.3f}")
    return 0


def written(keep: Path) -> Iterator[One]:
    """The written claims that the checker did not learn from, with what is retrieved for them."""
    tune, report, samples = own_sets()
    claims = [c for c in read_claims(HERE / "tune.jsonl") if is_for_report(c.article)]
    late = read_claims(HERE / "report.jsonl")
    for questions in (tune, report, samples):
        index = index_of(questions, keep / questions.name.replace(" ", "-"))
        grounder = Grounder(index.encoder, load_checker(keep / "checker"))
        known = set(index.records())
        fits = questions is tune
        of_set = [c for c in (claims if fits else late) if c.article in known]
        say(f"{len(of_set)} claims over {questions.name}")
        for claim in of_set:
            yield One(questions.name, claim.label, claim.kind, claim.text, _measured(claim, index, grounder), fits)


def _measured(claim: Claim, index: ArticleIndex, grounder: Grounder) -> Measured:
    told, similarities, idf = told_of(claim.text, "", index)
    return grounder.measure(claim.text, told, similarities, idf)


def wice(folder: Path, keep: Path) -> Iterator[One]:
    """The claims of WiCE, with their passages."""
    settings = load_settings(keep / "wice")
    grounder = Grounder(load_encoder(settings.encoder, keep / "samples" / "encoder"), load_checker(keep / "checker"))
    for line in (folder / "claim_dev.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        measured = grounder.measure(record["claim"], *grounder.nearest(record["claim"], Passages(record["evidence"])))
        fits = not is_held_out(record["meta"]["id"])
        yield One("wice", record["label"], "", record["claim"], measured, fits)


def fit(found: Sequence[One]) -> dict[str, float]:
    """Fits and writes the weights; the figures of them."""
    fitted = [o for o in found if o.fits]
    rows = np.stack([o.measured.features for o in fitted])
    gold = np.array([o.label == "supported" for o in fitted])
    weights = np.array([_WEIGHT_OF_WICE if o.set == "wice" else 1.0 for o in fitted])
    model = _logistic(rows, gold, weights)
    own = np.array([o.set != "wice" for o in fitted])
    scores = _scores(model, rows)
    plain = np.array([not o.measured.findings for o in fitted])
    supported = float(np.quantile(scores[gold & own & plain], 1 - _LEAST_KEPT))
    _write(model, {"supported": supported, "about": _ABOUT}, {})
    load_weights.cache_clear()
    figures = dict(_figures(found))
    _write(model, {"supported": supported, "about": _ABOUT}, figures)
    return figures


def _logistic(rows: NDArray[np.float64], gold: NDArray[np.bool_], weights: NDArray[np.float64]) -> Logistic:
    """A model of features as they are; strength counts for features of one spread."""
    spread = rows.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=_STRENGTH, max_iter=5000).fit(rows / spread, gold, weights)
    return Logistic(FEATURES, fitted.coef_[0] / spread, float(fitted.intercept_[0]))


def _scores(model: Logistic, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-model.logits(rows))))


def _figures(found: Sequence[One]) -> Iterator[tuple[str, float]]:
    grounder = Grounder.__new__(Grounder)  # judging needs no models
    grounder._entailment = None  # noqa: SLF001
    judged: list[tuple[One, Grounding]] = [(o, grounder.judge(o.text, o.measured)) for o in found]
    for name in ("written tune", "written report", "samples", "wice"):
        of_set = [(o, g) for o, g in judged if o.set == name and (name != "wice" or not o.fits)]
        gold = np.array([o.label == "supported" for o, _ in of_set])
        told = np.array([g.verdict == "supported" for _, g in of_set])
        yield f"{name}: AUC", float(roc_auc_score(gold, [g.score for _, g in of_set]))
        yield f"{name}: balanced accuracy of verdicts", balanced_accuracy(gold, told)
        if name == "wice":
            continue
        yield f"{name}: faithful claims refused", float(1 - told[gold].mean())
        kinds = {o.kind for o, _ in of_set if o.label != "supported"}
        easy = [g.verdict != "supported" for o, g in of_set if o.kind in _EASY]
        hard = [g.verdict != "supported" for o, g in of_set if o.label != "supported" and o.kind not in _EASY]
        yield f"{name}: caught, number, unit, date or name", float(np.mean(easy))
        yield f"{name}: caught, the rest", float(np.mean(hard))
        for kind in sorted(kinds):
            caught = [g.verdict != "supported" for o, g in of_set if o.kind == kind]
            yield f"{name}: caught, {kind}", float(np.mean(caught))
    yield from _wice_cross_validated(found)


def _wice_cross_validated(found: Sequence[One]) -> Iterator[tuple[str, float]]:
    """All of WiCE, each fifth scored by weights that are fitted to the own claims and to the other four."""
    own = [o for o in found if o.fits and o.set != "wice"]
    published = [o for o in found if o.set == "wice"]
    rows = np.stack([o.measured.features for o in published])
    gold = np.array([o.label == "supported" for o in published])
    scores = np.zeros(len(gold))
    for fit_to, test in StratifiedKFold(5, shuffle=True, random_state=0).split(rows, gold):
        fit_rows = np.concatenate([np.stack([o.measured.features for o in own]), rows[fit_to]])
        fit_gold = np.concatenate([[o.label == "supported" for o in own], gold[fit_to]])
        weights = np.concatenate([np.ones(len(own)), np.full(len(fit_to), _WEIGHT_OF_WICE / 2)])
        scores[test] = _scores(_logistic(fit_rows, fit_gold, weights), rows[test])
    yield "wice, all, five folds: AUC", float(roc_auc_score(gold, scores))
    yield "wice, all, five folds: balanced accuracy", cross_validated(gold, scores)


def _write(model: Logistic, thresholds: Mapping[str, float], figures: Mapping[str, float]) -> None:
    lines = [
        "# Written by `python -m eval.calibrate_grounding DATA`; the figures are of claims that fitted nothing.",
        "",
    ]
    lines += ["[coefficients]", f"intercept = {model.intercept:.4f}"]
    lines += [f"{name} = {c:.4f}" for name, c in zip(model.names, model.coefficients, strict=True)]
    lines += ["", "[thresholds]", *(f"{name} = {value:.4f}" for name, value in thresholds.items())]
    lines += ["", "[figures]", *(f'"{name}" = {figure:.3f}' for name, figure in figures.items()), ""]
    WEIGHTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(run(main))
