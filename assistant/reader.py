"""The reader: a small cross-encoder that reads a question together with the sentences that may answer it.

It is the default encoder with its layers changed (reader.safetensors), as learned by
`python -m eval.train_reader`; reader_model.py puts the two together and exports them to ONNX once, and from
then on ONNX Runtime serves it. It quotes nothing and writes nothing: it only tells sentences apart.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.candidates import Candidate
from index.encoder import onnx_session, sha256_of
from index.errors import EncoderError

CHANGE = Path(__file__).with_name("reader.safetensors")
"""What the reader's weights add to the default encoder's."""
PIECES = 320
"""Word pieces of a page at most, the question and titles included."""
_QUESTION, _TITLE, _SENTENCE = 64, 24, 120
"""Word pieces at most of a question, of an article's title and of a sentence."""
_LEAST = 3
"""Sentences that a page has room for at least, if they fit at all."""
HEADS = ("answer", "sentence", "null")
"""What the model tells of a piece: that it is in the answer, that its sentence is; of the first, that none is."""


@dataclass(frozen=True)
class Page:
    """What is read at once: word pieces, and the candidate that each belongs to, -1 for none."""

    pieces: tuple[int, ...]
    candidates: tuple[int, ...]
    question: int
    """Number of pieces of the question, with the special ones around it."""

    @property
    def read(self) -> list[int]:
        """The candidates on the page, in order."""
        return [i for i in dict.fromkeys(self.candidates) if i >= 0]


@dataclass(frozen=True)
class Reading:
    """What the reader makes of a page: the log odds that any of it answers; for each candidate on it, by number,
    the log odds that it belongs to the answer, and the share of the answer that is found in it, 0 to 1.
    """

    answered: float
    sentences: Mapping[int, float]
    shares: Mapping[int, float]


class Pages:
    """Lays out pages by the word pieces of the default encoder."""

    def __init__(self, tokenizer_file: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._start, self._end = (int(self._tokenizer.token_to_id(name) or 0) for name in ("[CLS]", "[SEP]"))
        self.offsets = lru_cache(maxsize=20_000)(self._offsets)

    def page(self, question: str, candidates: Sequence[Candidate], order: Sequence[int], room: int = PIECES) -> Page:
        """The question, and as many of the candidates as fit, taken in `order`; on the page they stand by article."""
        asked = self._pieces(question)[:_QUESTION]
        used = 2 + len(asked)
        chosen: dict[str, list[int]] = {}
        count = 0
        for i in order:
            one = candidates[i]
            needed = min(_SENTENCE, len(self._pieces(one.text)))
            if one.article.id not in chosen:
                needed += 1 + min(_TITLE, len(self._pieces(one.article.title)))
            if used + needed > room:
                if count >= _LEAST:
                    break
                continue
            used, count = used + needed, count + 1
            chosen.setdefault(one.article.id, []).append(i)
        pieces, owners = [self._start, *asked, self._end], [-1] * (2 + len(asked))
        for of_article in chosen.values():
            title = self._pieces(candidates[of_article[0]].article.title)[:_TITLE]
            pieces += title
            owners += [-1] * len(title)
            for i in sorted(of_article, key=lambda i: candidates[i].span.start):
                sentence = self._pieces(candidates[i].text)[:_SENTENCE]
                pieces += sentence
                owners += [i] * len(sentence)
            pieces.append(self._end)
            owners.append(-1)
        return Page(tuple(pieces), tuple(owners), 2 + len(asked))

    def _pieces(self, text: str) -> list[int]:
        return self.offsets(text)[0]

    def _offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The word pieces of `text`, and where in it each stands."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return encoded.ids, encoded.offsets


class Reader:
    """Reads pages with the exported model."""

    def __init__(self, folder: Path) -> None:
        self._session = onnx_session(folder / "model.onnx")
        self._pages = Pages(folder / "tokenizer.json")

    def read(self, question: str, candidates: Sequence[Candidate], order: Sequence[int]) -> Reading:
        """What the first of `candidates`, in `order`, say to `question`."""
        page = self._pages.page(question, candidates, order)
        pieces = np.array([page.pieces], np.int64)
        kinds = np.zeros_like(pieces)
        kinds[0, page.question :] = 1
        feed = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": kinds}
        (found,) = self._session.run(None, feed)
        return interpret(page, np.asarray(found[0], np.float64))


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
    """The reader, from its export in `cache`, made there first if it is not there yet.

    Raises EncoderError when the weights of the default encoder are missing or the export is damaged.
    """
    folder = cache / f".reader-{sha256_of(CHANGE)[:12]}"  # no encoder's folder starts with a dot
    if not (folder / "model.onnx").is_file():
        print("Preparing the reader (once, about half a minute) …", file=sys.stderr)  # noqa: T201
        from assistant.reader_model import export

        export(folder)
    try:
        return Reader(folder)
    except Exception:  # onnxruntime raises its own kinds
        raise EncoderError(f"The prepared reader is damaged. Delete {folder} to prepare it again.") from None
