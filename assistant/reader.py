"""The reader: a small cross-encoder that reads a question together with the sentences that may answer it.

What it learned is in reader.safetensors (`python -m eval.train_reader`). It quotes nothing and writes nothing: it
only tells sentences apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.candidates import Candidate
from assistant.pages import Page, PageModel, load_page_model

CHANGE = Path(__file__).with_name("reader.safetensors")
"""What the reader's weights add to the default encoder's."""
PIECES = 320
"""Word pieces of a page at most, the question and titles included."""
HEADS = ("answer", "sentence", "null")
"""What the model tells of a piece: that it is in the answer, that its sentence is; of the first, that none is."""


@dataclass(frozen=True)
class Reading:
    """What the reader makes of a page: the log odds that any of it answers; for each candidate on it, by number,
    the log odds that it belongs to the answer, and the share of the answer that is found in it, 0 to 1.
    """

    answered: float
    sentences: Mapping[int, float]
    shares: Mapping[int, float]


class Reader:
    """Reads questions with what may answer them."""

    def __init__(self, model: PageModel) -> None:
        self._model = model

    def read(self, question: str, candidates: Sequence[Candidate], order: Sequence[int]) -> Reading:
        """What the first of `candidates`, in `order`, say to `question`."""
        page = self._model.pages.page(question, candidates, order, PIECES)
        return interpret(page, self._model.run(page))


def interpret(page: Page, found: NDArray[np.float64]) -> Reading:
    """The reading of a page from what the model tells of its pieces, shape (pieces, len(HEADS))."""
    owners = np.array(page.candidates)
    null = float(found[0, HEADS.index("null")])
    answer = found[page.question :, HEADS.index("answer")]
    highest = max(null, float(answer.max(initial=-np.inf)))
    mass = np.exp(answer - highest)
    total = float(mass.sum()) + float(np.exp(null - highest))
    behind = owners[page.question :]
    return Reading(
        answered=float(np.log(max(float(mass.sum()), 1e-12)) - (null - highest)),
        sentences={i: float(found[owners == i, HEADS.index("sentence")].mean()) for i in page.read},
        shares={i: float(mass[behind == i].sum()) / total for i in page.read},
    )


def load_reader(cache: Path) -> Reader:
    """The reader, exported to `cache` first if it is not there yet. Errors as in `load_page_model`."""
    return Reader(load_page_model("reader", CHANGE, HEADS, cache))
