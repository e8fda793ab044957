"""Fits the logistic models of assistant/weights.toml, and measures what they make of questions that fitted nothing.

python -m eval.calibrate DATA --keep FOLDER [--articles ARTICLES]      DATA holds squad2/ and clapnq/ as published

The preselector is fitted to the `train` part of every set, the other two to the `calibrate` part, which the reader has
not seen either (eval/cases.py); every figure is of the `report` part. Unanswerable questions are of three kinds: those
the sets give, answerable ones with their article taken out of what was found, and questions put to another set's
articles.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.candidates import FEATURES
from assistant.extractive import chosen_sentences
from assistant.reader import Reader, Reading, load_reader
from assistant.scoring import (
    NAMES,
    SELECTOR_FEATURES,
    Logistic,
    confidence,
    confidence_columns,
    confidence_features,
    selected,
    selector_features,
)
from eval.cases import Case, beat_set, cases, index_of, own_sets, public_sets, seen
from eval.metrics import expected_calibration_error
from index.cli import Parser, run, say, show
from index.store import ArticleIndex

WEIGHTS = Path(__file__).parents[1] / "assistant" / "weights.toml"
_MOST = 700
"""Questions of a set and part at most that the reader is asked about."""
_SHARE_GONE, _SHARE_OFF = 0.5, 0.2
"""Answerable questions that are put once more with their article gone, and to another set's articles."""
_WEIGHTS_OF_SETS = {"squad2": 0.5, "clapnq": 2.0, "written tune": 2.0, "samples": 4.0, "beat": 4.0}
"""SQuAD2's questions are many, and worded to fool; those of the project are few, and most like its users'."""


@dataclass(frozen=True, eq=False)
class Read:
    """A case with what the reader makes of it, and which kind of question it is."""

    case: Case
    kind: str
    answerable: bool
    reading: Reading
    rows: NDArray[np.float64]
    """Its SELECTOR_FEATURES."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits, measures, prints the figures and writes the weights."""
    parser = Parser(prog="python -m eval.calibrate", description="Fits assistant/weights.toml.")
    parser.add_argument("data", type=Path, help="folder that holds squad2/ and clapnq/")
    parser.add_argument("--articles", type=Path, help="the articles that eval/beat.jsonl asks about")
    parser.add_argument("--keep", type=Path, required=True, help="folder that keeps the indexes")
    options = parser.parse_args(arguments)
    sets = [*public_sets(options.data), *own_sets()]
    sets += [beat_set(options.articles)] if options.articles else []
    found = [case for questions in sets for case in cases(questions, options.keep) if case.candidates]
    others = list(_off_topic(found, {s.name: index_of(s, options.keep / s.name.replace(" ", "-")) for s in sets}))
    reader = load_reader(options.keep / "reader")
    figures = calibrate([*found, *others], reader)
    for name, figure in figures.items():
        show(f"{name:50} {figure:.3f}")
    return 0


def calibrate(found: Sequence[Case], reader: Reader) -> Mapping[str, float]:
    """Fits the models to `found`, writes them, and returns figures of the report part."""
    preselector = _preselector([c for c in found if c.asked.part == "train" and c.gold.any()])
    say("Reading …")
    read = list(_read(found, preselector, reader))
    fit = [r for r in read if r.case.asked.part == "calibrate"]
    selector = _selector(fit)
    relevance, sufficiency = _confidence(fit, selector)
    report = [r for r in read if r.case.asked.part == "report"]
    figures = dict(_figures(report, preselector, selector, (relevance, sufficiency)))
    models = {"preselector": preselector, "selector": selector, "relevance": relevance, "sufficiency": sufficiency}
    WEIGHTS.write_text(_toml(models, figures), encoding="utf-8")
    return figures


def _off_topic(found: Sequence[Case], indexes: Mapping[str, ArticleIndex]) -> Iterator[Case]:
    """Some answerable questions, put to the articles of the next set."""
    names = list(indexes)
    random = np.random.default_rng(20)
    for case in found:
        if case.asked.answerable and case.asked.part != "train" and random.random() < _SHARE_OFF:
            other = names[(names.index(case.set) + 1) % len(names)]
            sample = replace(case.asked.sample, answerable=False, history=(), articles=None)
            asked = replace(case.asked, sample=sample, answers=(), evidence=())
            text = case.question.readings[-1].text
            yield replace(seen(case.set, asked, indexes[other], [text]), set=f"{case.set} off topic")


def _read(found: Sequence[Case], preselector: Logistic, reader: Reader) -> Iterator[Read]:
    counts: dict[tuple[str, str], int] = {}
    random = np.random.default_rng(20)
    for case in found:
        key = (case.set, case.asked.part)
        counts[key] = counts.get(key, 0) + 1
        if case.asked.part == "train" or counts[key] > _MOST or not case.candidates:
            continue
        kind = case.set if " off topic" in case.set else f"{case.set} as given"
        yield _one(case, kind, case.asked.answerable, preselector, reader)
        if case.asked.answerable and random.random() < _SHARE_GONE:
            gold = set(case.asked.sample.articles or ())
            kept = [i for i, c in enumerate(case.candidates) if c.article.id not in gold]
            if kept:
                gone = replace(
                    case,
                    candidates=tuple(case.candidates[i] for i in kept),
                    features=case.features[kept],
                    gold=case.gold[kept],
                )
                yield _one(gone, f"{case.set} article gone", False, preselector, reader)


def _one(case: Case, kind: str, answerable: bool, preselector: Logistic, reader: Reader) -> Read:
    first = preselector.logits(case.features)
    reading = reader.read(case.question.readings[-1].text, case.candidates, [int(i) for i in np.argsort(-first)])
    part = case.question.readings[-1]
    rows = selector_features(part, case.candidates, case.features, first, reading)
    return Read(case, kind, answerable, reading, rows)


def _preselector(found: Sequence[Case]) -> Logistic:
    weights = [np.full(len(c.gold), 1 / len(c.gold)) for c in found]
    fitted = LogisticRegression(C=10, max_iter=5000).fit(
        np.concatenate([c.features for c in found]),
        np.concatenate([c.gold for c in found]),
        np.concatenate(weights),
    )
    return Logistic(FEATURES, fitted.coef_[0], float(fitted.intercept_[0]))


def _selector(read: Sequence[Read]) -> Logistic:
    rows, labels, weights = [], [], []
    for r in read:
        on_page = ~np.isnan(r.rows).any(axis=1)
        rows.append(r.rows[on_page])
        labels.append(r.case.gold[on_page] & r.answerable)
        weights.append(np.full(int(on_page.sum()), _weight(r)))
    fitted = LogisticRegression(C=1, max_iter=5000).fit(
        np.concatenate(rows), np.concatenate(labels), np.concatenate(weights)
    )
    return Logistic(SELECTOR_FEATURES, fitted.coef_[0], float(fitted.intercept_[0]))


def _confidence(read: Sequence[Read], selector: Logistic) -> tuple[Logistic, Logistic]:
    """Relevance, which tells given questions from those put to articles without their answer; and sufficiency, which
    tells answerable ones among those that were given.
    """
    rows = np.stack([_confidence_row(r, selector) for r in read])
    weights = np.array([_weight(r) for r in read])
    given = np.array([r.kind.endswith("as given") for r in read])
    answerable = np.array([r.answerable for r in read])
    everywhere = np.ones(len(read), bool)
    return (
        _fit_confidence("relevance", rows, given, weights, everywhere),
        _fit_confidence("sufficiency", rows, answerable, weights, given),
    )


def _fit_confidence(
    name: str,
    rows: NDArray[np.float64],
    labels: NDArray[np.bool_],
    weights: NDArray[np.float64],
    among: NDArray[np.bool_],
) -> Logistic:
    columns = confidence_columns(rows, NAMES[name])
    fitted = LogisticRegression(C=1, max_iter=5000).fit(columns[among], labels[among], weights[among])
    return Logistic(NAMES[name], fitted.coef_[0], float(fitted.intercept_[0]))


def _weight(r: Read) -> float:
    return _WEIGHTS_OF_SETS.get(r.case.set.removesuffix(" off topic"), 1.0)


def _confidence_row(r: Read, selector: Logistic) -> NDArray[np.float64]:
    logits = selected(selector, r.rows)
    part = r.case.question.readings[-1]
    return confidence_features(part, r.case.candidates, r.case.features, r.case.missing, r.reading, logits)


def _figures(
    read: Sequence[Read], preselector: Logistic, selector: Logistic, models: Sequence[Logistic]
) -> Iterator[tuple[str, float]]:
    for name in sorted({r.case.set for r in read if not r.case.set.endswith("off topic")}):
        answerable = [r for r in read if r.kind == f"{name} as given" and r.answerable]
        if not any(r.case.gold.any() for r in answerable):
            continue  # it has no gold sentences
        ranked = [list(dict.fromkeys(e.article.id for e in r.case.evidence)) for r in answerable]
        for k in (1, 5):
            hits = [
                bool(set(r.case.asked.sample.articles or ()) & set(at[:k]))
                for r, at in zip(answerable, ranked, strict=True)
            ]
            yield f"{name}: article recall@{k}", float(np.mean(hits))
        yield (
            f"{name}: first sentence answers, before reading",
            _hit(answerable, lambda r: preselector.logits(r.case.features)),
        )
        yield f"{name}: first sentence answers", _hit(answerable, lambda r: selected(selector, r.rows))
        if name != "squad2":  # whose several answers are wordings of one
            yield f"{name}: sentence F1", float(np.mean([_f1(r, selected(selector, r.rows)) for r in answerable]))
        for kind in ("as given", "article gone", "off topic"):
            of_kind = [r for r in read if r.kind == f"{name} {kind}" and not r.answerable]
            if len(of_kind) > 5:
                scores = [confidence(_confidence_row(r, selector), models) for r in (*answerable, *of_kind)]
                gold = [r.answerable for r in (*answerable, *of_kind)]
                yield f"{name}: AUC, {kind}", float(roc_auc_score(gold, scores))
        given = [r for r in read if r.kind == f"{name} as given"]
        yield f"{name}: calibration error", _calibration_error(given, selector, models)
    yield "all: calibration error", _calibration_error(read, selector, models)


def _calibration_error(read: Sequence[Read], selector: Logistic, models: Sequence[Logistic]) -> float:
    sure = np.array([confidence(_confidence_row(r, selector), models) for r in read])
    return expected_calibration_error(sure, np.array([r.answerable for r in read]))


def _hit(read: Sequence[Read], logits: Callable[[Read], NDArray[np.float64]]) -> float:
    return float(np.mean([bool(r.case.gold[np.argmax(logits(r))]) for r in read]))


def _f1(r: Read, logits: NDArray[np.float64]) -> float:
    """Of the sentences that would be chosen against the gold ones."""
    chosen = chosen_sentences(r.case.question, r.case.candidates, [logits])
    hits = sum(bool(r.case.gold[i]) for i in chosen)
    gold = max(int(r.case.gold.sum()), len(set(r.case.asked.evidence)))
    return 2 * hits / (len(chosen) + gold) if chosen else 0.0


def _toml(models: Mapping[str, Logistic], figures: Mapping[str, float]) -> str:
    lines = ["# Written by `python -m eval.calibrate DATA`; the figures are of questions that fitted nothing.", ""]
    for name, model in models.items():
        lines += [f"[{name}.coefficients]", f"intercept = {model.intercept:.4f}"]
        lines += [f"{n} = {c:.4f}" for n, c in zip(model.names, model.coefficients, strict=True)] + [""]
    return "\n".join([*lines, "[figures]", *(f'"{name}" = {figure:.3f}' for name, figure in figures.items()), ""])


if __name__ == "__main__":
    sys.exit(run(main))
