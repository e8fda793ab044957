"""The checker: a small cross-encoder that reads a claim together with the sentences that may bear it out.

What it learned is in checker.safetensors (`python -m eval.train_checker`). It sees what rules over words do not: other
wordings of the same, and the right words put together wrongly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.pages import Legible, Page, PageModel, load_page_model

CHANGE = Path(__file__).with_name("checker.safetensors")
"""What the checker's weights add to the default encoder's."""
PIECES = 160
"""Word pieces of a page at most, the claim and titles included."""
HEADS = ("bears", "wrong", "evidence")
"""What the model tells: of the first piece, that the page bears the claim out; of a piece of the claim, that it does
not bear that out; of other pieces, that their sentence is what the claim rests on or fails by."""


@dataclass(frozen=True)
class Check:
    """What the checker makes of a claim and a page: log odds that the page bears it out; of spans (start, end) of the
    claim, that it does not bear out that word; of sentences by number, that they are what it rests on.
    """

    bears: float
    wrong: Mapping[tuple[int, int], float]
    evidence: Mapping[int, float]


class Checker:
    """Reads claims with what may bear them out."""

    def __init__(self, model: PageModel) -> None:
        self._model = model

    def check(self, claim: str, sentences: Sequence[Legible], order: Sequence[int]) -> Check:
        """What the first of `sentences`, in `order`, say to `claim`."""
        page = self._model.pages.page(claim, sentences, order, PIECES)
        return interpret(page, self._model.pages.offsets(claim)[1], self._model.run(page))


def interpret(page: Page, offsets: Sequence[tuple[int, int]], found: NDArray[np.float64]) -> Check:
    """The check of a page from what the model tells of its pieces, shape (pieces, len(HEADS)); `offsets` are of the
    claim's pieces.
    """
    wrong = found[1 : page.question - 1, HEADS.index("wrong")]
    owners = np.array(page.candidates)
    evidence = found[:, HEADS.index("evidence")]
    return Check(
        bears=float(found[0, HEADS.index("bears")]),
        wrong={at: float(logit) for at, logit in zip(offsets, wrong, strict=False)},
        evidence={i: float(evidence[owners == i].mean()) for i in page.read},
    )


def load_checker(cache: Path) -> Checker:
    """The checker, exported to `cache` first if it is not there yet. Errors as in `load_page_model`."""
    return Checker(load_page_model("checker", CHANGE, HEADS, cache))
