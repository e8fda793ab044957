"""Questions with the sentences that answer them, as the assistant finds them: what its models are fitted to.

Every case belongs to a set and to a part of it: `train` for the reader, `calibrate` for the small models that weigh
what is found, `report` for figures only. Parts are made by hash: of SQuAD2 the report half is whole topics, so that
no paragraph's sisters were seen; CLAPnq and the project's own samples go by question id, written questions by article.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.candidates import Candidate, gather, measure
from assistant.conversation import goes_on_from, standalone_readings
from assistant.question import Question, analyse
from assistant.retrieval import retrieve
from eval.attribution import written_articles
from eval.samples import Sample, is_held_out, read_samples
from index.adding import add_sources
from index.article import Article
from index.cleaning import Block
from index.cli import say
from index.config import load_settings
from index.errors import SamplesError
from index.provenance.registry import Registry
from index.reading import Reading, read
from index.sentences import block_sentences
from index.store import ArticleIndex
from index.writing import writing

HERE = Path(__file__).parent
Part = Literal["train", "calibrate", "report"]
_CALIBRATE = 5
"""One in so many of what is not for the report is for calibration."""


@dataclass(frozen=True)
class Asked:
    """A question of a set; `answers` are (article id, start, end) of what answers it, `evidence` of whole sentences."""

    part: Part
    sample: Sample
    answers: tuple[tuple[str, int, int], ...] = ()
    evidence: tuple[tuple[str, int, int], ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.sample.answerable)


@dataclass
class QuestionSet:
    """Articles and the questions over them."""

    name: str
    articles: dict[str, Article] = field(default_factory=dict)
    questions: list[Asked] = field(default_factory=list)
    folder: Path | None = None
    """Where the articles are, if they are files."""


@dataclass(frozen=True, eq=False)
class Case:
    """A question as the assistant sees it before it chooses: candidates, what is measured of them, and the gold.

    `gold` has shape (candidates,). `candidates` are light: they have no words.
    """

    set: str
    asked: Asked
    question: Question
    evidence: tuple[Evidence, ...]
    candidates: tuple[Candidate, ...]
    features: NDArray[np.float64]
    missing: float
    gold: NDArray[np.bool_]


def public_sets(data: Path) -> list[QuestionSet]:
    """The published sets in the folder `data`, where they are there."""
    squad2 = read_squad2(data / "squad2")
    found = [squad2, read_clapnq(data / "clapnq")]
    if (data / "xquad").is_dir():
        found.append(read_xquad(data / "xquad", squad2))
    return found


def own_sets() -> list[QuestionSet]:
    """The project's own questions over its own articles."""
    return [
        *(_written(half) for half in ("tune", "report")),
        _sampled("samples", HERE / "articles", HERE / "samples.jsonl", HERE / "followups.jsonl"),
    ]


def beat_set(articles: Path) -> QuestionSet:
    """The questions of beat.jsonl over the articles in `articles`."""
    return _sampled("beat", articles, HERE / "beat.jsonl")


def read_squad2(folder: Path) -> QuestionSet:
    """SQuAD 2.0: each paragraph an article, its answers by offset."""
    found = QuestionSet("squad2")
    for topic in json.loads(_only_file(folder, "*.json").read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(topic["paragraphs"]):
            article_id = f"{topic['title']}-{number}"
            found.articles[article_id] = _article(article_id, topic["title"].replace("_", " "), paragraph["context"])
            part: Part = "report" if is_held_out(topic["title"]) else _train_or_calibrate(article_id)
            for q in paragraph["qas"]:
                spans = tuple((article_id, a["answer_start"], a["answer_start"] + len(a["text"])) for a in q["answers"])
                gold = None if q["is_impossible"] else (article_id,)
                sample = Sample(q["id"], q["question"], answerable=not q["is_impossible"], articles=gold)
                found.questions.append(Asked(part, sample, spans, spans))
    return found


def read_xquad(folder: Path, besides: QuestionSet) -> QuestionSet:
    """English XQuAD, for training only, without paragraphs and report topics of `besides`."""
    found = QuestionSet("xquad")
    known = {a.text[:80] for a in besides.articles.values()}
    for topic in json.loads(_only_file(folder, "xquad.en.json").read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(topic["paragraphs"]):
            if paragraph["context"][:80] in known or is_held_out(topic["title"]):
                continue
            article_id = f"{topic['title']}-{number}"
            found.articles[article_id] = _article(article_id, topic["title"].replace("_", " "), paragraph["context"])
            for q in paragraph["qas"]:
                spans = tuple((article_id, a["answer_start"], a["answer_start"] + len(a["text"])) for a in q["answers"])
                sample = Sample(q["id"], q["question"], answerable=True, articles=(article_id,))
                found.questions.append(Asked("train", sample, spans, spans))
    return found


def read_clapnq(folder: Path) -> QuestionSet:
    """CLAPnq: each passage an article, its answers as the sentences selected for them."""
    found = QuestionSet("clapnq")
    by_text: dict[str, str] = {}
    for name, answerable in (("dev_answerable.jsonl", True), ("dev_unanswerable.jsonl", False)):
        for line in _only_file(folder, name).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            passage = record["passages"][0]
            question_id = str(record["id"])
            article_id = by_text.setdefault(passage["text"], question_id)
            article = found.articles.setdefault(article_id, _article(article_id, passage["title"], passage["text"]))
            selected = {s for o in record["output"] for s in (o.get("selected_sentences") or []) if s.strip()}
            spans = tuple((article_id, *at) for s in sorted(selected) if (at := _find(s, article.text)))
            part: Part = "report" if is_held_out(question_id) else _train_or_calibrate(question_id)
            sample = Sample(
                question_id, record["input"], answerable=answerable, articles=(article_id,) if answerable else None
            )
            found.questions.append(Asked(part, sample, spans, spans))
    return found


def _written(half: str) -> QuestionSet:
    """Questions written over the invented articles of eval/claimants and, those for tuning, of eval/questions."""
    articles = [*written_articles(half, Registry.load()), *(invented_articles() if half == "tune" else ())]
    found = QuestionSet(f"written {half}", {a.id: a for a in articles})
    for sample in read_samples(HERE / "questions" / f"{half}.jsonl"):
        name = sample.articles[0] if sample.articles else sample.id
        part: Part = "report" if half == "report" else _train_or_calibrate(name)
        found.questions.append(_with_gold(sample, found.articles, part))
    return found


def invented_articles() -> Iterator[Article]:
    """The articles of eval/questions/articles.jsonl."""
    read_all = read(str(HERE / "questions" / "articles.jsonl"), Reading(registry=Registry.load()))
    return (article for article in read_all if isinstance(article, Article))


def _sampled(name: str, folder: Path, *files: Path) -> QuestionSet:
    """The samples of `files` over the articles in `folder`; half of them are for calibration, none for training."""
    found = QuestionSet(name, folder=folder)
    for file in files:
        for sample in read_samples(file):
            part: Part = "report" if is_held_out(sample.id) else "calibrate"
            found.questions.append(Asked(part, sample))
    return found


def _with_gold(sample: Sample, articles: dict[str, Article], part: Part) -> Asked:
    evidence: list[tuple[str, int, int]] = []
    answers: list[tuple[str, int, int]] = []
    for quote in sample.quotes or ():
        for article_id in sample.articles or ():
            found = _find(quote, articles[article_id].text) if article_id in articles else None
            if found is None:
                continue
            evidence.append((article_id, *found))
            text = articles[article_id].text
            for wording in (w for fact in sample.facts or () for w in fact):
                at = text.find(wording, *found)
                if at >= 0:
                    answers.append((article_id, at, at + len(wording)))
            break
    return Asked(part, sample, tuple(answers or evidence), tuple(evidence))


def cases(
    questions: QuestionSet, folder: Path, parts: Sequence[Part] = ("train", "calibrate", "report")
) -> Iterator[Case]:
    """The questions of some parts as the assistant sees them; their index is kept in `folder`."""
    index = index_of(questions, folder / questions.name.replace(" ", "-"))
    articles = index.articles()
    for asked in questions.questions:
        if asked.part not in parts:
            continue
        if questions.folder:
            asked = _with_gold(asked.sample, articles, asked.part)
        yield seen(questions.name, asked, index)


def seen(name: str, asked: Asked, index: ArticleIndex, readings: Sequence[str] = ()) -> Case:
    """`asked` as the assistant sees it in `index`."""
    readings = readings or standalone_readings(asked.sample.question, asked.sample.history)
    question = analyse(readings, index, goes_on_from(readings, asked.sample.history))
    evidence = retrieve(index, question)
    candidates = gather(index, evidence)
    features, missing = measure(index, question, question.readings[-1], candidates)
    gold = np.array([_is_evidence(c, asked) for c in candidates.sentences], np.bool_)
    light = tuple(replace(c, words={}, context={}) for c in candidates.sentences)
    return Case(name, asked, question, tuple(evidence), light, features, missing, gold)


def index_of(questions: QuestionSet, path: Path) -> ArticleIndex:
    """The index of a set's articles at `path`, made there first if it is not there yet."""
    index = ArticleIndex.create(path, load_settings().encoder)
    if questions.folder:
        add_sources(index, [str(questions.folder)], Reading(registry=Registry.load()))
    elif len(index) != len(questions.articles):
        say(f"Indexing {len(questions.articles)} articles of {questions.name} …")
        with writing(index) as writer:
            for article in questions.articles.values():
                writer.add(article)
    return index


def _is_evidence(candidate: Candidate, asked: Asked) -> bool:
    """Whether the sentence is one that answers, or has a part of it that is."""
    span = candidate.span
    for article_id, start, end in asked.evidence:
        common = min(span.end, end) - max(span.start, start)
        if candidate.article.id == article_id and common > 0.5 * min(end - start, span.end - span.start):
            return True
    return False


def _find(quote: str, text: str) -> tuple[int, int] | None:
    """Where `quote` stands in `text`; one made of pieces by its longest."""
    whole = " ".join(quote.split())
    for piece in sorted({quote, whole, quote.strip(), *quote.split("\n")}, key=len, reverse=True):
        at = text.find(piece) if piece.strip() else -1
        if at >= 0:
            return at, at + len(piece)
    return None


def _only_file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise SamplesError(f"{folder} holds no {pattern}. Give the folder with the published squad2/ and clapnq/ sets.")
    return found[0]


def _article(article_id: str, title: str, text: str) -> Article:
    return Article(article_id, title, text, sentences=tuple(block_sentences(Block("body", text), 0)))


def _train_or_calibrate(name: str) -> Part:
    return "calibrate" if hashlib.sha256(name.encode()).digest()[0] % _CALIBRATE == 0 else "train"
