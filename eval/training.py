"""Training a model that reads pages: batches, tensors, and the loop; what is learned from is up to who trains."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from assistant.page_model import TorchPageModel
from assistant.pages import Page
from index.cli import say

_BATCH = 16
_DECAY, _WARM_UP, _LEAST_RATE, _HEADS = 0.01, 0.05, 0.02, 10.0
"""Weight decay; share of the steps until the full rate; share of it at the end; rate of the heads against it."""
_Row = TypeVar("_Row")


def seeded(seed: int = 20) -> None:
    """Makes chance the same in every run."""
    random.seed(seed)
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002


def batches(rows: Sequence[_Row], page_of: Callable[[_Row], Page]) -> list[list[_Row]]:
    """Rows in batches of pages of about the same length, in any order."""
    shuffled = random.sample(rows, len(rows))
    found = []
    for start in range(0, len(shuffled), 16 * _BATCH):
        near = sorted(shuffled[start : start + 16 * _BATCH], key=lambda row: len(page_of(row).pieces))
        found += [near[at : at + _BATCH] for at in range(0, len(near), _BATCH)]
    random.shuffle(found)
    return found


def inputs(pages: Sequence[Page]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Word pieces, which of them are there, and which are not of the text that is read first: (pages, pieces)."""
    longest = max(len(p.pieces) for p in pages)
    ids, mask, kinds = (torch.zeros(len(pages), longest, dtype=torch.long) for _ in range(3))
    for row, page in enumerate(pages):
        ids[row, : len(page.pieces)] = torch.tensor(page.pieces)
        mask[row, : len(page.pieces)] = 1
        kinds[row, page.question : len(page.pieces)] = 1
    return ids, mask, kinds


def train(
    model: TorchPageModel,
    plan: Sequence[Sequence[list[_Row]]],
    loss_of: Callable[[TorchPageModel, list[_Row]], torch.Tensor],
    rate: float,
    change: Path,
    after: Callable[[int], None],
) -> None:
    """Trains by a plan of batches for each epoch; after each, writes what was learned to `change` and calls `after`."""
    learned = [p for _, p in model.learned()]
    heads = list(model.heads.parameters())
    body = [p for p in learned if all(p is not h for h in heads)]
    groups = [{"params": body, "lr": rate}, {"params": heads, "lr": _HEADS * rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=_DECAY)
    steps = sum(map(len, plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / (_WARM_UP * steps), max(_LEAST_RATE, (steps - s) / steps))
    )
    say(f"{steps} batches, {sum(p.numel() for p in learned):,} parameters")
    started = time.perf_counter()
    for epoch, of_epoch in enumerate(plan, 1):
        model.train()
        losses = []
        for number, batch in enumerate(of_epoch, 1):
            loss = loss_of(model, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            if number % 100 == 0:
                seconds = time.perf_counter() - started
                say(f"epoch {epoch}, {number} of {len(of_epoch)}: {np.mean(losses[-100:]):.3f}, {seconds:.0f} s")
        model.save(change)
        after(epoch)
