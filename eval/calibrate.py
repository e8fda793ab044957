"""Fits the two models of assistant/weights.toml on public question sets, and measures retrieval on the way.

python -m eval.calibrate DATA [--articles ARTICLES]        DATA holds squad2/ and clapnq/ as published (dev sets)

Half of each set, by hash of the question's id, fits; the other half is what the figures are measured on.
The project's own questions join in fitting the confidence: eval/samples.jsonl over the sample corpus and,
where ARTICLES is given, eval/beat.jsonl over those five articles.
Unanswerable questions are of three kinds: those the sets give, answerable ones with their article taken out
of what was found, and questions put to the articles of the other set.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.candidates import FEATURES, Candidates, gather, measure
from assistant.conversation import standalone_readings
from assistant.question import Question, analyse
from assistant.retrieval import LIMIT, retrieve
from assistant.scoring import CONFIDENCE_FEATURES, Logistic, confidence_features
from eval.samples import is_held_out, read_samples
from index.adding import add_sources
from index.article import Article
from index.cleaning import Block
from index.cli import Parser, run, say, show
from index.config import load_settings
from index.errors import SamplesError
from index.provenance.registry import Registry
from index.reading import Reading
from index.sentences import block_sentences
from index.store import ArticleIndex
from index.writing import writing

_HERE = Path(__file__).parent
WEIGHTS = _HERE.parent / "assistant" / "weights.toml"
_QUESTIONS = 3000
"""Questions of a set that are used at most."""
_SHARE_GONE, _SHARE_OFF = 0.7, 0.35
"""Answerable questions that are put once more with their article gone, and to the other set's articles."""
_CASE_WEIGHTS = {"squad2 worded to fool": 0.35, "samples": 12.0, "beat": 12.0}
"""SQuAD2's unanswerable questions are worded to fool, which few people's are; our own are few, and of our kind."""
_SEED = 20


@dataclass(frozen=True)
class Asked:
    """A question of a public set; `answers` are texts or (start, end) that a right sentence holds."""

    id: str
    question: str
    article_id: str
    answerable: bool
    answers: tuple[str | tuple[int, int], ...] = ()


@dataclass
class PublicSet:
    """Articles and the questions over them."""

    name: str
    articles: dict[str, Article] = field(default_factory=dict)
    questions: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """Features of one question's confidence, whether it could be answered, and what kind of case it is."""

    features: NDArray[np.float64]
    answerable: bool
    kind: str
    held_out: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits, measures, prints the figures and writes the weights."""
    parser = Parser(prog="python -m eval.calibrate", description="Fits assistant/weights.toml on public question sets.")
    parser.add_argument("data", type=Path, help="folder that holds squad2/ and clapnq/")
    parser.add_argument("--articles", type=Path, help="the articles that eval/beat.jsonl asks about")
    parser.add_argument("--keep", type=Path, help="folder that keeps the indexes for the next run")
    options = parser.parse_args(arguments)
    sets = [read_squad2(options.data / "squad2"), read_clapnq(options.data / "clapnq")]
    own = [("samples", _HERE / "samples.jsonl", _HERE / "articles")]
    own += [("beat", _HERE / "beat.jsonl", options.articles)] if options.articles else []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        indexes = [_index(public, folder / public.name) for public in sets]
        selector, selector_figures = _fit_selector(sets, indexes)
        cases = [case for i in range(2) for case in _cases(sets[i], indexes[i], indexes[1 - i], selector)]
        for name, samples, articles in own:
            cases += _own_cases(name, samples, _own_index(articles, folder / name), selector)
        confidence, confidence_figures = _fit_confidence(cases)
    figures = selector_figures | confidence_figures
    WEIGHTS.write_text(_toml(selector, confidence, figures), encoding="utf-8")
    for name, figure in figures.items():
        show(f"{name:44} {figure:.3f}")
    return 0


def read_squad2(folder: Path) -> PublicSet:
    """SQuAD 2.0: each paragraph an article, its answers by offset."""
    public = PublicSet("squad2")
    for topic in json.loads(_only_file(folder, "*.json").read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(topic["paragraphs"]):
            article_id = f"{topic['title']}-{number}"
            public.articles[article_id] = _article(article_id, topic["title"].replace("_", " "), paragraph["context"])
            for q in paragraph["qas"]:
                spans = tuple((a["answer_start"], a["answer_start"] + len(a["text"])) for a in q["answers"])
                public.questions.append(Asked(q["id"], q["question"], article_id, not q["is_impossible"], spans))
    return public


def read_clapnq(folder: Path) -> PublicSet:
    """CLAPnq: each passage an article, its answers as the sentences selected for them."""
    public = PublicSet("clapnq")
    by_text: dict[str, str] = {}
    for name, answerable in (("dev_answerable.jsonl", True), ("dev_unanswerable.jsonl", False)):
        for line in _only_file(folder, name).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            passage = record["passages"][0]
            article_id = by_text.setdefault(passage["text"], str(record["id"]))
            public.articles.setdefault(article_id, _article(article_id, passage["title"], passage["text"]))
            selected = tuple(s for o in record["output"] for s in (o.get("selected_sentences") or []) if s.strip())
            public.questions.append(Asked(str(record["id"]), record["input"], article_id, answerable, selected))
    return public


def _only_file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise SamplesError(f"{folder} holds no {pattern}. Give the folder with the published squad2/ and clapnq/ sets.")
    return found[0]


def _article(article_id: str, title: str, text: str) -> Article:
    return Article(article_id, title, text, sentences=tuple(block_sentences(Block("body", text), 0)))


def _index(public: PublicSet, path: Path) -> ArticleIndex:
    say(f"Indexing {len(public.articles)} articles of {public.name} …")
    index = ArticleIndex.create(path, load_settings().encoder)
    if len(index) != len(public.articles):
        with writing(index) as writer:
            for article in public.articles.values():
                writer.add(article)
    return index


def _sampled(public: PublicSet) -> list[Asked]:
    order = np.random.default_rng(_SEED).permutation(len(public.questions))
    return [public.questions[i] for i in order[:_QUESTIONS]]


def _look_up(index: ArticleIndex, text: str, without: str | None = None) -> tuple[Question, Candidates]:
    question = analyse([text], index)
    evidence = retrieve(index, question, limit=LIMIT if without is None else 2 * LIMIT)
    return question, gather(index, [e for e in evidence if e.article.id != without][:LIMIT])


def _fit_selector(sets: Sequence[PublicSet], indexes: Sequence[ArticleIndex]) -> tuple[Logistic, dict[str, float]]:
    rows, labels, weights = [], [], []
    tests: list[tuple[str, NDArray[np.float64], NDArray[np.bool_]]] = []
    found: dict[str, list[tuple[bool, bool]]] = {public.name: [] for public in sets}
    for public, index in zip(sets, indexes, strict=True):
        say(f"Reading {public.name} …")
        for asked in filter(lambda a: a.answerable, _sampled(public)):
            question, candidates = _look_up(index, asked.question)
            features = measure(question.readings[0], candidates, index.lexicon.idf(question.terms))
            right = np.array(
                [c.article.id == asked.article_id and _holds(c.text, c.span.start, asked) for c in candidates.sentences]
            )
            if is_held_out(asked.id):
                ranked = list(dict.fromkeys(c.article.id for c in candidates.sentences))
                found[public.name].append((asked.article_id in ranked[:1], asked.article_id in ranked[:5]))
                tests.append((public.name, features, right))
            elif right.any():
                rows.append(features)
                labels.append(right)
                weights.append(np.full(len(right), 1 / len(right)))
    fitted = LogisticRegression(C=10, max_iter=5000).fit(
        np.concatenate(rows), np.concatenate(labels), np.concatenate(weights)
    )
    selector = Logistic(FEATURES, fitted.coef_[0], float(fitted.intercept_[0]))
    figures: dict[str, float] = {}
    for public in sets:
        hits = [
            bool(right[np.argmax(selector.logits(f))]) for name, f, right in tests if name == public.name and len(right)
        ]
        figures[f"{public.name} article recall@1"] = float(np.mean([a for a, _ in found[public.name]]))
        figures[f"{public.name} article recall@5"] = float(np.mean([b for _, b in found[public.name]]))
        figures[f"{public.name} best sentence answers"] = float(np.mean(hits))
    return selector, figures


def _holds(text: str, start: int, asked: Asked) -> bool:
    def squeezed(s: str) -> str:
        return "".join(s.split())

    for answer in asked.answers:
        if isinstance(answer, str):
            if squeezed(answer) in squeezed(text) or squeezed(text) in squeezed(answer):
                return True
        elif start <= answer[0] and answer[1] <= start + len(text):
            return True
    return False


def _fit_confidence(cases: Sequence[Case]) -> tuple[Logistic, dict[str, float]]:
    fit, held = [c for c in cases if not c.held_out], [c for c in cases if c.held_out]
    fitted = LogisticRegression(C=1, max_iter=5000).fit(
        np.stack([c.features for c in fit]),
        [c.answerable for c in fit],
        [next((w for kind, w in _CASE_WEIGHTS.items() if c.kind.startswith(kind)), 1.0) for c in fit],
    )
    model = Logistic(CONFIDENCE_FEATURES, fitted.coef_[0], float(fitted.intercept_[0]))
    scores = model.logits(np.stack([c.features for c in held]))
    figures: dict[str, float] = {}
    for kind in sorted({c.kind for c in held if not c.answerable}):
        answerable = f"{kind.split()[0]} answerable"
        of_kind = [i for i, c in enumerate(held) if c.kind in (kind, answerable)]
        figures[f"AUC {kind}"] = float(roc_auc_score([held[i].answerable for i in of_kind], scores[of_kind]))
    return model, figures


def _own_index(articles: Path, path: Path) -> ArticleIndex:
    index = ArticleIndex.create(path, load_settings().encoder)
    add_sources(index, [str(articles)], Reading(registry=Registry.load()))
    return index


def _own_cases(name: str, samples: Path, index: ArticleIndex, selector: Logistic) -> Iterator[Case]:
    for sample in read_samples(samples):
        question = analyse(standalone_readings(sample.question, sample.history), index)
        features = _features_of(index, question, gather(index, retrieve(index, question)), selector)
        answerable = bool(sample.answerable)
        yield Case(
            features, answerable, f"{name} {'answerable' if answerable else 'unanswerable'}", is_held_out(sample.id)
        )


def _cases(public: PublicSet, index: ArticleIndex, other: ArticleIndex, selector: Logistic) -> Iterator[Case]:
    random = np.random.default_rng(_SEED)
    given = {"squad2": "worded to fool", "clapnq": "same article"}[public.name]
    for asked in _sampled(public)[:1600]:
        held = is_held_out(asked.id)
        kind = f"{public.name} answerable" if asked.answerable else f"{public.name} {given}"
        yield Case(_features(index, asked.question, selector), asked.answerable, kind, held)
        if asked.answerable and random.random() < _SHARE_GONE:
            features = _features(index, asked.question, selector, without=asked.article_id)
            yield Case(features, False, f"{public.name} article gone", held)
        if asked.answerable and random.random() < _SHARE_OFF:
            yield Case(_features(other, asked.question, selector), False, f"{public.name} off topic", held)


def _features(index: ArticleIndex, text: str, selector: Logistic, without: str | None = None) -> NDArray[np.float64]:
    return _features_of(index, *_look_up(index, text, without), selector)


def _features_of(
    index: ArticleIndex, question: Question, candidates: Candidates, selector: Logistic
) -> NDArray[np.float64]:
    whole = question.readings[-1]
    idf = index.lexicon.idf({*whole.terms, *question.terms, *question.names})
    features = measure(whole, candidates, idf)
    return confidence_features(
        question, whole, candidates, features, selector.logits(features), idf, index.lexicon.unseen_idf
    )


def _toml(selector: Logistic, confidence: Logistic, figures: dict[str, float]) -> str:
    lines = ["# Written by `python -m eval.calibrate DATA`; the figures are of the halves that did not fit.", ""]
    for name, model in (("selector", selector), ("confidence", confidence)):
        lines += [f"[{name}.coefficients]", f"intercept = {model.intercept:.4f}"]
        lines += [f"{n} = {c:.4f}" for n, c in zip(model.names, model.coefficients, strict=True)] + [""]
    return "\n".join([*lines, "[figures]", *(f'"{name}" = {figure:.3f}' for name, figure in figures.items()), ""])


if __name__ == "__main__":
    sys.exit(run(main))
