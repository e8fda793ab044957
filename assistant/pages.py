"""Pages: a text and the sentences that it is read against, as word pieces for the models that read both together.

Two models read pages, the reader (a question and what may answer it) and the checker (a claim and what may bear it
out). Each is the default encoder with its layers changed, kept as differences (page_model.py) and served by ONNX
Runtime from an export that is made once.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import Article, SentenceSpan
from index.encoder import onnx_session, sha256_of
from index.errors import EncoderError

_ASKED, _TITLE, _SENTENCE = 64, 24, 120
"""Word pieces at most of the text that is read first, of an article's title and of a sentence."""
_LEAST = 3
"""Sentences that a page has room for at least, if they fit at all."""


class Legible(Protocol):
    """A sentence of an article, as a page needs it."""

    @property
    def article(self) -> Article:
        """The article it is of."""

    @property
    def span(self) -> SentenceSpan:
        """Where it stands there."""

    @property
    def text(self) -> str:
        """Its words."""


@dataclass(frozen=True)
class Page:
    """What is read at once: word pieces, and the sentence that each belongs to, -1 for none."""

    pieces: tuple[int, ...]
    candidates: tuple[int, ...]
    question: int
    """Number of pieces of the text that is read first, with the special ones around it."""

    @property
    def read(self) -> list[int]:
        """The candidates on the page, in order."""
        return [i for i in dict.fromkeys(self.candidates) if i >= 0]


class Pages:
    """Lays out pages by the word pieces of the default encoder."""

    def __init__(self, tokenizer_file: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._start, self._end = (int(self._tokenizer.token_to_id(name) or 0) for name in ("[CLS]", "[SEP]"))
        self.offsets = lru_cache(maxsize=20_000)(self._offsets)

    def page(self, text: str, candidates: Sequence[Legible], order: Sequence[int], room: int) -> Page:
        """The text and as many candidates as fit in `room` word pieces, taken in `order`, laid out by article."""
        asked = self._pieces(text)[:_ASKED]
        used = 2 + len(asked)
        chosen: dict[str, list[int]] = {}
        count = 0
        lengths: dict[int, int] = {}
        for i in order:
            one = candidates[i]
            lengths[i] = min(_SENTENCE, len(self._pieces(one.text)))
            beside = 0
            if one.article.id not in chosen:
                beside = 1 + min(_TITLE, len(self._pieces(one.article.title)))
            if not count:  # the first is read in any case, cut to what there is room for
                lengths[i] = max(1, min(lengths[i], room - used - beside))
            needed = lengths[i] + beside
            if used + needed > room and count:
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
                sentence = self._pieces(candidates[i].text)[: lengths[i]]
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


class PageModel:
    """Reads pages with an exported model."""

    def __init__(self, folder: Path) -> None:
        self._session = onnx_session(folder / "model.onnx")
        self.pages = Pages(folder / "tokenizer.json")

    def run(self, page: Page) -> NDArray[np.float64]:
        """What the heads of the model tell of the pieces of a page, shape (pieces, heads)."""
        pieces = np.array([page.pieces], np.int64)
        kinds = np.zeros_like(pieces)
        kinds[0, page.question :] = 1
        feed = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": kinds}
        (found,) = self._session.run(None, feed)
        return np.asarray(found[0], np.float64)


def load_page_model(name: str, change: Path, heads: Sequence[str], cache: Path) -> PageModel:
    """The model with the weights `change`, from its export in `cache`, made there first if it is not there yet.

    Raises EncoderError when the weights of the default encoder are missing or the export is damaged.
    """
    folder = cache / f".{name}-{sha256_of(change)[:12]}"  # no encoder's folder starts with a dot
    if not (folder / "model.onnx").is_file():
        print(f"Preparing the {name} (once, about half a minute) …", file=sys.stderr)  # noqa: T201
        from assistant.page_model import export

        export(change, heads, folder)
    try:
        return PageModel(folder)
    except Exception:  # onnxruntime raises its own kinds
        raise EncoderError(f"The prepared {name} is damaged. Delete {folder} to prepare it again.") from None
