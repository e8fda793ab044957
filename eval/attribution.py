"""How often the claimant of a sentence is found.

python -m eval.attribution [--half tune|report] [--set real|own|new] [--misses] [--json]
python -m eval.attribution --fit      fits the model of voices to the tuning half anew

Gold labels are in eval/claimants; docs/provenance.md says how they were made. `real.jsonl` labels the
articles in ../shared/articles, `own.jsonl` those in eval/articles, half of their sentences for tuning and
half for the report, by digest. `tune.jsonl` and `report.jsonl` are articles with a label on every sentence,
by writers who did not see each other's.
"""

import hashlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answer import Answer
from index.article import Article, SentenceSpan
from index.cli import Parser, run, show, show_json
from index.errors import SamplesError
from index.provenance.claimants import Attributing
from index.provenance.registry import Registry
from index.provenance.voice import MODEL
from index.reading import Reading, find, read

FOLDER = Path(__file__).parent / "claimants"
REAL = Path(__file__).parents[2] / "shared" / "articles"
OWN = Path(__file__).parent / "articles"
_PUBLISHER_OF_REAL = "Rare Earth Exchanges"
_WEIGHT = 2.0
"""How much more a sentence of the real and own articles counts than one of the many written for this."""
_REGULARISATION = 0.3
_FOLDS = 10


@dataclass(frozen=True)
class Label:
    """A sentence with who claims it, None for the publisher."""

    set: str
    half: str
    article: Article
    span: SentenceSpan
    text: str
    gold: str | None

    @property
    def found(self) -> str | None:
        """Who claims it as far as the program can tell."""
        return self.span.claimant


def labels(registry: Registry) -> Iterator[Label]:
    """Every labelled sentence with what the program finds; real articles only where they are there."""
    if REAL.is_dir():
        yield from _in_files("real", REAL, _PUBLISHER_OF_REAL, registry)
    yield from _in_files("own", OWN, None, registry)
    for half in ("tune", "report"):
        yield from _written(half, registry)


def accuracy(found: Sequence[Label], registry: Registry) -> dict[str, float]:
    """Shares of the sentences whose claimant is that of the label, and whose tie to a state is."""
    same = np.mean([label.found == label.gold for label in found])
    tied = np.mean([_tied(label.found, registry) == _tied(label.gold, registry) for label in found])
    return {"sentences": len(found), "claimant": round(float(same), 4), "state_affiliated": round(float(tied), 4)}


@dataclass(frozen=True)
class DisclaimerCheck:
    """Cited sentences against their labels: state-sourced ones in all and without a disclaimer, answers in all
    and with a disclaimer of the registry that belongs to none of the sentences it is given for.
    """

    state_sourced: int
    missed: tuple[str, ...]
    answers: int
    excess: tuple[str, ...]


def check_disclaimers(answers: Sequence[Answer], gold: Sequence[Label], registry: Registry) -> DisclaimerCheck:
    """How far the disclaimers of `answers` are those that the labels ask for; unlabelled sentences are passed over."""
    known = {(label.article.id, label.span.start): label for label in gold}
    state_sourced, missed, excess = 0, list[str](), list[str]()
    answered = [answer for answer in answers if answer.citations]
    for answer in answered:
        ties: dict[int, bool] = {}
        for c in answer.citations:
            label = known.get((c.article_id, c.start))
            if label:
                claimants = [label.gold] if label.gold else []
                ties[c.number] = registry.is_state_sourced(claimants, c.publisher)
        covered = {number for d in answer.disclaimers for number in d.citations}
        state_sourced += sum(ties.values())
        missed += [answer.question for number, tied in ties.items() if tied and number not in covered]
        derived = [d.citations for d in answer.disclaimers if d.basis == "registry"]
        if any(not any(ties.get(number, True) for number in numbers) for numbers in derived):
            excess.append(answer.question)
    return DisclaimerCheck(state_sourced, tuple(missed), len(answered), tuple(excess))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the accuracy on each set, or fits the model."""
    options = _parser().parse_args(arguments)
    registry = Registry.load()
    if options.fit:
        fit(registry)
        return 0
    found = [x for x in labels(registry) if x.half == options.half and options.set in (None, x.set)]
    results = {
        name: accuracy([x for x in found if x.set == name], registry) for name in dict.fromkeys(x.set for x in found)
    }
    results["all"] = accuracy(found, registry)
    confusion = Counter((_class(x.gold, registry), _class(x.found, registry), x.gold == x.found) for x in found)
    if options.json:
        table = [{"gold": g, "found": f, "same": s, "sentences": n} for (g, f, s), n in sorted(confusion.items())]
        show_json({"half": options.half, "sets": results, "confusion": table})
        return 0
    for name, r in results.items():
        show(
            f"{name:5} {r['sentences']:5} sentences  claimant {r['claimant']:.3f}  "
            f"state-affiliated {r['state_affiliated']:.3f}"
        )
    show("\ngold         found         claimant  sentences")
    for (gold, got, same), count in sorted(confusion.items()):
        show(f"{gold:12} {got:12}  {'same' if same else 'another':8} {count:10}")
    for x in found if options.misses else []:
        if x.gold != x.found:
            show(f"\n{x.set} {x.article.id}\n  {x.text[:200]}\n  gold {x.gold}, found {x.found}")
    return 0


def fit(registry: Registry) -> None:
    """Fits the weights of the model of voices to the tuning half, and says how well it does across articles."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    rows: list[dict[str, float]] = []
    relayed: list[bool] = []
    articles: list[str] = []
    weights: list[float] = []
    by_article: dict[str, list[Label]] = {}
    for label in labels(registry):
        if label.half == "tune":
            by_article.setdefault(label.article.id, []).append(label)
    for article_id, own in by_article.items():
        gold = {label.span.start: label for label in own}
        attributing = Attributing(own[0].article, registry)
        open_numbers, voice = attributing.open, attributing.voice
        attributing.done()
        for number in open_numbers:
            known = gold.get(attributing.span(number).start)
            if known and voice and known.gold in (None, voice.declared):
                rows.append(voice.measured(number))
                relayed.append(known.gold is not None)
                articles.append(article_id)
                weights.append(1.0 if known.set == "new" else _WEIGHT)
    names = list(rows[0])
    x = np.array([[row[name] for name in names] for row in rows])
    y, w = np.array(relayed), np.array(weights)

    def model() -> Any:  # noqa: ANN401  # scikit-learn has no types
        return LogisticRegression(C=_REGULARISATION, max_iter=3000, fit_intercept=False)

    held_out = np.zeros(len(y))
    for train, test in GroupKFold(_FOLDS).split(x, y, articles):
        fitted = model().fit(x[train], y[train], sample_weight=w[train])
        held_out[test] = fitted.predict_proba(x[test])[:, 1]
    right = (held_out > 0.5) == y
    show(
        f"{len(y)} sentences without a speaker, {y.mean():.2f} of them relayed; across articles: accuracy "
        f"{right.mean():.3f} (real and own {right[w > 1].mean():.3f}), AUC {roc_auc_score(y, held_out):.3f}"
    )
    found = model().fit(x, y, sample_weight=w).coef_[0]
    lines = "".join(f"{name} = {weight:.3f}\n" for name, weight in zip(names, found, strict=True))
    text = MODEL.read_text(encoding="utf-8")
    MODEL.write_text(re.sub(r"(?s)(\[weights\]\n).*", rf"\g<1>{lines}", text), encoding="utf-8")


def _parser() -> Parser:
    parser = Parser(prog="python -m eval.attribution", description="How often the claimant of a sentence is found.")
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--set", choices=("real", "own", "new"))
    parser.add_argument("--misses", action="store_true", help="every sentence whose claimant is not found")
    parser.add_argument("--fit", action="store_true", help="fit the model of voices to the tuning half")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    return parser


def _class(claimant: str | None, registry: Registry) -> str:
    if claimant is None:
        return "publisher"
    return "state" if _tied(claimant, registry) else "registered" if registry.get(claimant) else "unreviewed"


def _tied(claimant: str | None, registry: Registry) -> bool:
    return bool(claimant) and registry.is_state_sourced([str(claimant)], None)


# ---- the labels


def written_articles(half: str, registry: Registry) -> Iterator[Article]:
    """The invented articles of a half, as they are read."""
    with tempfile.TemporaryDirectory() as folder:
        for line in _lines(f"{half}.jsonl"):
            file = Path(folder) / f"{line['id']}.md"
            file.write_text(_markdown(line), encoding="utf-8")
            [article] = read(str(file), Reading(registry=registry))
            assert isinstance(article, Article)
            yield article


def _in_files(name: str, folder: Path, publisher: str | None, registry: Registry) -> Iterator[Label]:
    how = Reading(publisher, registry)
    read_all = (article for source in find(str(folder)).sources for article in read(source, how))
    articles = {article.id: article for article in read_all if isinstance(article, Article)}
    for number, line in enumerate(_lines(f"{name}.jsonl"), 1):
        article = articles[line["article"]]
        text = line.get("sentence") or article.text[line["start"] : line["end"]]
        if "sha256" in line and hashlib.sha256(text.encode()).hexdigest()[:16] != line["sha256"]:
            raise SamplesError(f"{name}.jsonl, line {number}: {article.id} has another text there. Label it anew.")
        half = "tune" if hashlib.sha256(text.encode()).digest()[0] % 2 else "report"
        yield Label(name, half, article, _span_of(article, text), text, line["claimant"])


def _written(half: str, registry: Registry) -> Iterator[Label]:
    for line, article in zip(_lines(f"{half}.jsonl"), written_articles(half, registry), strict=True):
        for block in line["blocks"]:
            for text, claimant in (pair for key in ("summary", "sentences", "items") for pair in block.get(key, ())):
                yield Label("new", half, article, _span_of(article, text), text, claimant)


def _span_of(article: Article, text: str) -> SentenceSpan:
    """The sentence of `article` that has most of `text`."""
    start = article.text.find(text)
    if start < 0:
        raise SamplesError(f"{article.id} has no sentence {text[:40]!r}. Correct the label or the article.")
    end = start + len(text)
    return max(article.sentences, key=lambda s: min(s.end, end) - max(s.start, start))


def _markdown(line: dict[str, Any]) -> str:
    head = "".join(f"{key}: {json.dumps(line[key])}\n" for key in ("title", "publisher", "published"))
    parts = [f"---\n{head}---"]
    for block in line["blocks"]:
        if "heading" in block:
            parts.append(f"## {block['heading']}")
        elif "sentences" in block:
            parts.append(" ".join(text for text, _ in block["sentences"]))
        else:
            items = "\n".join(f"- {text}" for text, _ in block.get("summary", block.get("items", ())))
            parts.append(f"## Highlights\n\n{items}" if "summary" in block else items)
    return "\n\n".join(parts) + "\n"


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    sys.exit(run(main))
