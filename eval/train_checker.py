"""Trains the checker: python -m eval.train_checker DATA --keep FOLDER [--epochs N] [--more]

DATA holds squad2/ and clapnq/ as published. First it learns from sentences of articles, reshaped and altered by rule
(eval/altering.py); then from the claims of eval/claims/tune.jsonl and the same altered, from sentences of CLAPnq's
answers, and from questions of SQuAD 2 put together with right and wrong answers; by chance a sentence of the evidence
is taken away, or a second claim added that nothing bears out. It starts from what the reader has learned. Writes
assistant/grounding/checker.safetensors; twenty minutes on two cores.
"""

import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn.functional import binary_cross_entropy_with_logits

from assistant.checking import told_of
from assistant.grounding.checker import CHANGE, HEADS, PIECES, interpret
from assistant.grounding.evidence import Told, ranked, shares
from assistant.page_model import TorchPageModel
from assistant.pages import Page, Pages
from assistant.reader import CHANGE as READER
from eval.altering import altered, reshaped
from eval.cases import QuestionSet, index_of, own_sets, public_sets, read_clapnq, read_squad2
from eval.claims import HERE, Claim, read_claims
from eval.training import batches, inputs, seeded, train
from index.cli import Parser, run, say, show
from index.exporting import default_weights
from index.sentences import sentence_bounds
from index.store import ArticleIndex

_RATE = 1.5e-4
_EVIDENCE_WEIGHT, _WRONG_WEIGHT = 0.5, 0.5
_PACE_OF_MORE = 0.7
"""Learning rate of going on, against that of the beginning."""
_REPORT = 5
"""One in so many of the articles of written claims is kept from training, for figures on the way."""
_ROOMS = (96, 128, PIECES)
_QUESTIONS, _SENTENCES = 600, 6500
"""Questions of SQuAD 2 that are made into claims, in an epoch; sentences of articles in the first."""
_LEFT_OUT, _JOINED, _ALTERED = 0.12, 0.1, 0.8
"""Shares of faithful claims: with a sentence of the evidence taken away, joined to another; besides, altered."""
_CHANCE = random.Random(20)


@dataclass(frozen=True)
class Example:
    """A claim with the sentences retrieved for it in their order, which of them it rests on, and what is true of it.

    `wrong` are spans of the claim; None where it is not known which words are wrong.
    """

    text: str
    told: tuple[Told, ...]
    order: tuple[int, ...]
    evidence: frozenset[int]
    bears: bool
    wrong: tuple[tuple[int, int], ...] | None = ()
    held_out: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains, prints figures after every epoch, and writes what was learned."""
    parser = Parser(prog="python -m eval.train_checker", description="Trains assistant/grounding/checker.safetensors.")
    parser.add_argument("data", type=Path, help="folder that holds squad2/ and clapnq/")
    parser.add_argument("--keep", type=Path, required=True, help="folder that keeps the indexes")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--more", action="store_true", help="go on from the checker there is, with claims only")
    options = parser.parse_args(arguments)
    seeded()
    written = list(_written(options.keep))
    answers = [*_of_clapnq(options.data / "clapnq", options.keep)]
    asked = list(_of_squad2(options.data / "squad2", options.keep))
    say(f"{len(written)} written claims, {len(answers)} answers of CLAPnq, {len(asked)} questions with an answer")
    sentences = [] if options.more else list(_of_sentences((own_sets()[0], *public_sets(options.data)[:2])))
    learn(sentences, written, answers, asked, options.epochs)
    return 0


def learn(
    sentences: Sequence[Example],
    written: Sequence[Example],
    answers: Sequence[Example],
    asked: Sequence[Example],
    epochs: int,
) -> None:
    """Trains, first on `sentences` or, without them, from the checker there is, and shows figures of the written claims
    that are held out after every epoch.
    """
    pages = Pages(default_weights() / "tokenizer.json")
    model = TorchPageModel(len(HEADS))
    model.load(READER if sentences else CHANGE)
    if sentences:
        torch.nn.init.normal_(model.heads.weight, std=0.02)
    pace = 1.0 if sentences else _PACE_OF_MORE
    training = [e for e in written if not e.held_out]
    plan = [batches(list(_rows(sentences, (), pages)), lambda row: row[0])] if sentences else []
    for _ in range(epochs):
        chosen = random.sample(asked, min(_QUESTIONS, len(asked)))
        plan.append(batches(list(_rows([*training, *answers, *chosen], training, pages)), lambda row: row[0]))
    held_out = [e for e in written if e.held_out]
    train(
        model,
        plan,
        _loss,
        pace * _RATE,
        CHANGE,
        lambda epoch: show(f"epoch {epoch}  {_figures(model, pages, held_out)}"),
    )


def _written(keep: Path) -> Iterator[Example]:
    """The claims of eval/claims/tune.jsonl, put to all the articles they are about."""
    questions = own_sets()[0]
    index = index_of(questions, keep / questions.name.replace(" ", "-"))
    for claim in read_claims(HERE / "tune.jsonl"):
        if claim.article in questions.articles:
            yield replace(_example(index, claim), held_out=is_for_report(claim.article))


def is_for_report(article_id: str) -> bool:
    """Whether claims about an article are kept from training."""
    return sum(article_id.encode()) % _REPORT == 0


def _example(index: ArticleIndex, claim: Claim) -> Example:
    told, order = _retrieved(index, claim.text)
    quoted = [" ".join(q.split()) for q in claim.evidence]
    evidence = frozenset(
        i
        for i, one in enumerate(told)
        if one.article.id == claim.article and any(" ".join(one.text.split()) in q or q in one.text for q in quoted)
    )
    wrong = tuple((at, at + len(w)) for w in claim.wrong if (at := claim.text.find(w)) >= 0)
    return Example(
        claim.text,
        told,
        order,
        evidence,
        claim.label == "supported",
        wrong or (() if claim.label == "supported" else None),
    )


def _retrieved(index: ArticleIndex, text: str) -> tuple[tuple[Told, ...], tuple[int, ...]]:
    """Sentences retrieved for a claim, and the order in which they are read."""
    told, similarities, idf = told_of(text, "", index)
    analyzer = index.lexicon.analyzer
    shared = shares(analyzer.terms(text), [analyzer.terms(one.text) for one in told], idf)
    return tuple(told), tuple(ranked(shared, similarities))


def _of_clapnq(folder: Path, keep: Path) -> Iterator[Example]:
    """The sentences of CLAPnq's written answers, borne out by the sentences selected for them."""
    questions = read_clapnq(folder)
    index = index_of(questions, keep / "clapnq")
    evidence = {asked.sample.id: asked.evidence for asked in questions.questions}
    for line in (folder / "dev_answerable.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for output in record["output"][:1]:
            answer = output["answer"]
            for start, end in sentence_bounds(answer):
                if end - start < 30:
                    continue
                told, order = _retrieved(index, answer[start:end])
                yield Example(answer[start:end], told, order, _within(told, evidence[str(record["id"])]), bears=True)


def _of_squad2(folder: Path, keep: Path) -> Iterator[Example]:
    """Questions of SQuAD 2 with an answer: their own, or one that the article gives to another question."""
    questions = read_squad2(folder)
    index = index_of(questions, keep / "squad2")
    plausible = {
        q["id"]: q["plausible_answers"][0]["text"]
        for topic in json.loads(next(folder.glob("*.json")).read_text(encoding="utf-8"))["data"]
        for paragraph in topic["paragraphs"]
        for q in paragraph["qas"]
        if q.get("plausible_answers")
    }
    by_article: dict[str, list[str]] = {}
    for asked in questions.questions:
        for article_id, start, end in asked.answers[:1]:
            by_article.setdefault(article_id, []).append(questions.articles[article_id].text[start:end])
    chosen = [a for a in questions.questions if a.part != "report"]
    random.shuffle(chosen)
    for asked in chosen[: 2 * _QUESTIONS]:
        if asked.answerable:
            article_id, start, end = asked.answers[0]
            right = questions.articles[article_id].text[start:end]
            others = [
                o
                for o in by_article[article_id]
                if o not in right and right not in o and bool(re.search(r"\d", o)) == bool(re.search(r"\d", right))
            ]
            bears = random.random() < 0.6 or not others
            answer = right if bears else random.choice(others)
        elif asked.sample.id in plausible:
            bears, answer = False, plausible[asked.sample.id]
        else:
            continue
        text, at = _stated(asked.sample.question, answer)
        told, order = _retrieved(index, text)
        wrong = () if bears else ((at, at + len(answer)),) if asked.answerable else None
        yield Example(text, told, order, _within(told, asked.answers), bears, wrong)


def _stated(question: str, answer: str) -> tuple[str, int]:
    """A question and its answer as one statement, and where in it the answer is."""
    asked = question.strip().rstrip("?").strip()
    subject = re.match(
        r"(?:who|what|which \w+|what \w+)\s+(?!(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would)\b)",
        asked,
        re.IGNORECASE,
    )
    if subject:
        return f"{answer} {asked[subject.end() :]}.", 0
    place = re.search(r"\b(?:what|which|whom|who|when|where|how many|how much)\b", asked, re.IGNORECASE)
    if place and place.start() > 0:
        return f"{asked[: place.start()]}{answer}{asked[place.end() :]}.", place.start()
    return f"{asked}: {answer}.", len(asked) + 2


def _within(told: Sequence[Told], spans: Sequence[tuple[str, int, int]]) -> frozenset[int]:
    return frozenset(
        i
        for i, one in enumerate(told)
        for article_id, start, end in spans
        if one.article.id == article_id
        and min(one.span.end, end) - max(one.span.start, start) > 0.5 * min(end - start, one.span.end - one.span.start)
    )


def _varied(example: Example, others: Sequence[Example]) -> Example:
    """An example, changed by chance so that it is not borne out any more."""
    chance = random.random()
    if not example.bears or not example.evidence:
        return example
    if chance < _LEFT_OUT:
        gone = example.evidence if random.random() < 0.5 else frozenset([random.choice(list(example.evidence))])
        return replace(
            example,
            order=tuple(i for i in example.order if i not in gone),
            evidence=example.evidence - gone,
            bears=False,
            wrong=None,
        )
    if chance < _LEFT_OUT + _JOINED:
        other = random.choice(others)
        first, second = (example.text, other.text) if random.random() < 0.5 else (other.text, example.text)
        joined = f"{first.rstrip('. ')}, and {second}"
        start = 0 if first == other.text else len(first.rstrip(". ")) + 6
        return replace(example, text=joined, bears=False, wrong=((start, min(len(joined), start + len(other.text))),))
    return example


def _of_sentences(sets: Sequence[QuestionSet]) -> Iterator[Example]:
    """Sentences of articles, reshaped; each is borne out by where it stands, and read among those around it."""
    articles = [article for questions in sets for article in questions.articles.values()]
    chosen = [(article, span) for article in articles for span in article.sentences if span.section == "body"]
    random.shuffle(chosen)
    for article, span in chosen[:_SENTENCES]:
        text = article.text[span.start : span.end]
        if not 40 <= len(text) <= 400:
            continue
        at = article.sentences.index(span)
        near = article.sentences[max(0, at - 4) : at + 5]
        told = tuple(Told(article, s) for s in near)
        order = [i for i, s in enumerate(near) if s != span]
        random.shuffle(order)
        here = near.index(span)
        yield Example(reshaped(" ".join(text.split()), _CHANCE), told, (here, *order), frozenset([here]), bears=True)


def _altered(example: Example) -> Example | None:
    """A faithful example with something altered in it."""
    around = " ".join(example.told[i].article.text[:4000] for i in list(example.evidence)[:1])
    made = altered(example.text, around, _CHANCE)
    return replace(example, text=made.text, bears=False, wrong=made.wrong) if made else None


Row = tuple[Page, Example, list[int], list[tuple[int, int]]]
"""A page, its example, the sentences on it that are evidence, and the offsets of the claim's pieces."""


def _rows(examples: Sequence[Example], others: Sequence[Example], pages: Pages) -> Iterator[Row]:
    """Each example, varied, and most faithful ones once more with something altered."""
    for example in examples:
        yield _row(_varied(example, others) if others else example, pages)
        if example.bears and random.random() < _ALTERED:
            wrong = _altered(example)
            if wrong:
                yield _row(wrong, pages)


def _row(example: Example, pages: Pages, room: int = 0) -> Row:
    order = example.order
    if not room:  # in training, what matters is read wherever retrieval put it
        order = (*sorted(example.evidence, key=lambda i: order.index(i) if i in order else 0), *order)
        order = tuple(dict.fromkeys(i for i in order if i in set(example.order)))
    page = pages.page(example.text, example.told, order, room or random.choice(_ROOMS))
    missed = example.bears and not example.evidence <= set(page.read)
    if missed:  # what bears it out is not on the page
        example = replace(example, bears=False, wrong=None)
    return page, example, [i for i in page.read if i in example.evidence], pages.offsets(example.text)[1]


def _loss(model: TorchPageModel, batch: Sequence[Row]) -> torch.Tensor:
    """Of telling whether claims are borne out, which of their words are not, and what they rest on."""
    with torch.autocast("cpu", torch.bfloat16):
        found = model(*inputs([row[0] for row in batch])).float()
    bears = torch.tensor([float(example.bears) for _, example, _, _ in batch])
    total = binary_cross_entropy_with_logits(found[:, 0, HEADS.index("bears")], bears)
    wrong, wrong_gold, evidence, evidence_gold = [], [], [], []
    for number, (page, example, gold, offsets) in enumerate(batch):
        if example.wrong is not None:
            pieces = found[number, 1 : page.question - 1, HEADS.index("wrong")]
            marks = [any(a < end and start < b for a, b in example.wrong) for start, end in offsets[: len(pieces)]]
            wrong.append(pieces)
            wrong_gold += [float(m) for m in marks]
        owners = torch.tensor(page.candidates)
        for i in page.read:
            evidence.append(found[number, : len(owners), HEADS.index("evidence")][owners == i].mean())
            evidence_gold.append(float(i in gold))
    if wrong:
        total = total + _WRONG_WEIGHT * binary_cross_entropy_with_logits(torch.cat(wrong), torch.tensor(wrong_gold))
    return total + _EVIDENCE_WEIGHT * binary_cross_entropy_with_logits(
        torch.stack(evidence), torch.tensor(evidence_gold)
    )


@torch.no_grad()  # type: ignore[untyped-decorator]
def _figures(model: TorchPageModel, pages: Pages, held_out: Sequence[Example]) -> str:
    model.eval()
    bears, words = [], []
    for example in held_out:
        page, _, _, offsets = _row(example, pages, PIECES)
        with torch.autocast("cpu", torch.bfloat16):
            found = model(*inputs([page])).float()
        check = interpret(page, offsets, found[0].double().numpy())
        bears.append(check.bears)
        if example.wrong:
            worst = max(check.wrong, key=lambda at: check.wrong[at])
            words.append(any(a < worst[1] and worst[0] < b for a, b in example.wrong))
    gold = [e.bears for e in held_out]
    right = np.mean((np.array(bears) > 0) == gold)
    auc = roc_auc_score(gold, bears)
    return f"{len(gold)} claims: AUC {auc:.3f}, accuracy {right:.3f}, worst word is wrong {np.mean(words):.3f}"


if __name__ == "__main__":
    sys.exit(run(main))
