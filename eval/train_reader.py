"""Trains the reader: python -m eval.train_reader DATA --keep FOLDER [--epochs N] [--more]

DATA holds squad2/, clapnq/ and xquad/ as published. Only the `train` parts of the sets are learned from
(eval/cases.py); what is printed on the way is of the `report` parts. Writes assistant/reader.safetensors; an hour on
two cores. `python -m eval.calibrate` has to be run after it.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn.functional import binary_cross_entropy_with_logits

from assistant.page_model import TorchPageModel
from assistant.pages import Page, Pages
from assistant.reader import CHANGE, HEADS, PIECES, interpret
from assistant.scoring import load_model
from eval.cases import Case, cases, own_sets, public_sets
from eval.training import batches, inputs, seeded, train
from index.cli import Parser, run, say, show
from index.exporting import default_weights

_RATE = 1.2e-4
_PACE_OF_MORE = 0.4
"""Learning rate of going on, against that of the beginning."""
_SHARE_OF_MORE = {"squad2": 0.4, "xquad": 0.2}
"""Share of the cases of a set that going on learns from; else all."""
_SENTENCE_WEIGHT = 4.0
"""Of telling sentences apart against finding the words of the answer."""
_TIMES = {"clapnq": 2}
"""How often the cases of a set are seen in an epoch; else once."""
_GONE = 0.12
"""Share of answerable cases whose answer is taken out of what is read."""
_NOISE = 0.5
"""Standard deviation of noise on the preselector's log odds, so that other sentences are read each time."""
_ROOMS = (200, 260, PIECES)
"""Word pieces of a page, one of them by chance."""
_OTHER_PASSAGE = 0.5
"""Cases of which a passage that does not answer is read as well, in the first epoch."""
_OTHER_TOPIC = 0.08
"""Share of cases that are read behind another question, as after a change of subject."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains, prints figures after every epoch, and writes what was learned."""
    parser = Parser(prog="python -m eval.train_reader", description="Trains assistant/reader.safetensors.")
    parser.add_argument("data", type=Path, help="folder that holds squad2/, clapnq/ and xquad/")
    parser.add_argument("--keep", type=Path, required=True, help="folder that keeps the indexes")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--more", action="store_true", help="go on from the reader there is, gently")
    options = parser.parse_args(arguments)
    found = [
        case
        for questions in (*public_sets(options.data), *own_sets())
        for case in cases(questions, options.keep, ("train", "report"))
        if case.candidates
    ]
    learn(found, options.epochs, more=options.more)
    return 0


def learn(found: Sequence[Case], epochs: int, *, more: bool = False) -> None:
    """Trains on the `train` cases, and shows figures of the others after every epoch.

    In the first epoch passages are read whole, which teaches it to heed the question; then pages as answering lays
    them out. With `more`, it goes on from the reader there is, at a lower rate, with pages and fewer public questions.
    """
    seeded()
    pages = Pages(default_weights() / "tokenizer.json")
    training = [c for c in found if c.asked.part == "train"]
    others = [random.choice(training).asked.sample.question for _ in range(500)]
    model = TorchPageModel(len(HEADS))
    if more:
        model.load(CHANGE)
        training = [c for c in training if random.random() < _SHARE_OF_MORE.get(c.set, 1.0)]
    pace = _PACE_OF_MORE if more else 1.0
    plan = [_batches(training, pages, others, by_passage=epoch == 0 and not more) for epoch in range(epochs)]

    def after(epoch: int) -> None:
        for name in sorted({c.set for c in found}):
            report = [c for c in found if c.set == name and c.asked.part == "report"][:300]
            if report:
                show(f"epoch {epoch}  {name:14} {_figures(model, pages, report)}")

    say(f"{len(training)} questions")
    train(model, plan, _loss, pace * _RATE, CHANGE, after)


def _case_page(
    case: Case, pages: Pages, others: Sequence[str], passage: int | None = None
) -> tuple[Page, list[int], set[int]]:
    """A page of a case, varied by chance; for each piece whether it is in the answer; the sentences that are gold.

    With `passage`, it holds the sentences of the passage of that rank and no others.
    """
    first = load_model("preselector").logits(case.features) + np.random.normal(0, _NOISE, len(case.features))  # noqa: NPY002
    order = [int(i) for i in np.argsort(-first)]
    if passage is not None:
        order = [i for i in order if case.candidates[i].rank == passage]
    elif case.asked.answerable and random.random() < _GONE:
        order = [i for i in order if not case.gold[i]]
    text = case.question.readings[-1].text
    if random.random() < _OTHER_TOPIC and len(case.question.readings) == 1:
        text = f"{random.choice(others)} {text}"
    page = pages.page(text, case.candidates, order, random.choice(_ROOMS))
    gold = {i for i in page.read if case.gold[i]}
    return page, _inside(case, page, pages, gold), gold


def _inside(case: Case, page: Page, pages: Pages, gold: set[int]) -> list[int]:
    """For each piece of the page whether it is of the answer."""
    inside = [0] * len(page.pieces)
    for i in gold:
        one = case.candidates[i]
        places = [at for at, owner in enumerate(page.candidates) if owner == i]
        spans = [(s - one.span.start, e - one.span.start) for a, s, e in case.asked.answers if a == one.article.id]
        for at, (low, high) in zip(places, pages.offsets(one.text)[1], strict=False):
            inside[at] = int(any(start <= low and high <= end for start, end in spans))
    return inside


def _batches(
    training: Sequence[Case], pages: Pages, others: Sequence[str], *, by_passage: bool
) -> list[list[tuple[Page, list[int], set[int]]]]:
    """All cases once or as often as _TIMES says, in batches of about the same length, in any order."""
    repeated = [case for case in training for _ in range(_TIMES.get(case.set, 1))]
    if by_passage:
        made = [_case_page(c, pages, others, rank) for c in repeated for rank in _passages(c)]
    else:
        made = [_case_page(c, pages, others) for c in repeated]
    return batches(made, lambda row: row[0])


def _passages(case: Case) -> Iterator[int]:
    """Ranks of passages to read: one that answers, or the first where none does, and by chance one that does not."""
    gold = sorted({c.rank for c, right in zip(case.candidates, case.gold, strict=True) if right})
    other = sorted({c.rank for c in case.candidates if c.rank not in gold})[:4]
    if gold or not other:
        yield (gold or [case.candidates[0].rank])[0]
    elif not case.asked.answerable:
        yield other[0]
    if other and random.random() < _OTHER_PASSAGE:
        yield random.choice(other)


def _loss(model: TorchPageModel, batch: Sequence[tuple[Page, list[int], set[int]]]) -> torch.Tensor:
    """Of finding the answer's words, or that there are none, and of telling which sentences are in it."""
    ids, mask, kinds = inputs([page for page, _, _ in batch])
    with torch.autocast("cpu", torch.bfloat16):
        found = model(ids, mask, kinds).float()
    words = found[..., HEADS.index("answer")].masked_fill(kinds == 0, -1e4)
    null = found[:, 0, HEADS.index("null")]
    total = torch.logsumexp(torch.cat([words, null[:, None]], 1), 1)
    inside = torch.zeros_like(ids)
    logits, gold = [], []
    for row, (page, marks, of_answer) in enumerate(batch):
        inside[row, : len(marks)] = torch.tensor(marks)
        owners = torch.tensor(page.candidates)
        for i in page.read:
            logits.append(found[row, : len(owners), HEADS.index("sentence")][owners == i].mean())
            gold.append(float(i in of_answer))
    right = torch.logsumexp(words.masked_fill(inside == 0, -1e4), 1)
    span = (total - torch.where(inside.sum(1) > 0, right, null)).mean()
    return span + _SENTENCE_WEIGHT * binary_cross_entropy_with_logits(torch.stack(logits), torch.tensor(gold))


@torch.no_grad()  # type: ignore[untyped-decorator]
def _figures(model: TorchPageModel, pages: Pages, report: Sequence[Case]) -> str:
    """How well cases with an answer are told from others, and how often the best sentence is one that answers."""
    model.eval()
    answered, hits, before = [], [], []
    for case in report:
        first = load_model("preselector").logits(case.features)
        page = pages.page(
            case.question.readings[-1].text, case.candidates, [int(i) for i in np.argsort(-first)], PIECES
        )
        with torch.autocast("cpu", torch.bfloat16):
            found = model(*inputs([page])).float()
        reading = interpret(page, found[0].double().numpy())
        answered.append(reading.answered)
        if case.asked.answerable:
            hits.append(bool(case.gold[max(reading.sentences, key=lambda i: reading.sentences[i])]))
            before.append(bool(case.gold[np.argmax(first)]))
    gold = [c.asked.answerable for c in report]
    auc = roc_auc_score(gold, answered) if len(set(gold)) > 1 else float("nan")
    return f"AUC {auc:.3f}, best sentence {np.mean(hits):.3f} (before reading {np.mean(before):.3f})"


if __name__ == "__main__":
    sys.exit(run(main))
