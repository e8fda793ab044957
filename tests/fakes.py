"""Stand-ins that tests pass to constructors, and a short way to an article."""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from index.article import Article, SentenceSpan
from index.cleaning import Block
from index.encoder import Vectors
from index.sentences import block_sentences


class FakeEncoder:
    """Signed hashes of the words of a text as a unit vector: same words, same vector; fast and exact to repeat.

    `before_encoding`, when set, is called once at the next `encode`, to do something while an index is writing.
    """

    identity = "fake 64"
    max_pieces = 256
    dimension = 64

    def __init__(self) -> None:
        self.before_encoding: Callable[[], object] | None = None

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Unit vectors of shape (len(texts), 64); a text without words gets the first axis."""
        if self.before_encoding:
            interruption, self.before_encoding = self.before_encoding, None
            interruption()
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dimension)

    def encode_words(self, words: Sequence[str]) -> Vectors:
        """The vectors of the words as texts."""
        return self.encode(words)

    def count_pieces(self, text: str) -> int:
        """Words and signs of `text`, and two more as real tokenizers add."""
        return len(re.findall(r"\w+|[^\w\s]", text)) + 2

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for word in re.findall(r"\w+", text.casefold()):
            digest = hashlib.sha256(word.encode()).digest()
            vector[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
        if not vector.any():
            vector[0] = 1
        return vector / np.linalg.norm(vector)


def article(article_id: str, *paragraphs: str, **fields: Any) -> Article:  # noqa: ANN401  # whatever Article takes
    """An article of body paragraphs, with the spans of their sentences."""
    spans: list[SentenceSpan] = []
    position = 0
    for paragraph in paragraphs:
        spans += block_sentences(Block("body", paragraph), position)
        position += len(paragraph) + 2
    fields = {"title": f"About {article_id}", "sentences": tuple(spans), **fields}
    return Article(id=article_id, text="\n\n".join(paragraphs), **fields)
