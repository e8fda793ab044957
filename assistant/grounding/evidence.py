"""What a claim is checked against: sentences of articles or of bare passages, those first that share most with it."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.instructions import is_instruction
from index.article import Article, SentenceSpan
from index.cleaning import Block
from index.sentences import block_sentences

_BEFORE = 3
"""Sentences before one that are its context: who "he" is, and which year it is about."""
_SIMILARITY = 0.7
"""Weight of how similar a sentence is to a claim, against the share of the claim's terms that it has."""
_BETWEEN = "\n\n"
SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no encoder takes."""


@dataclass(frozen=True)
class Told:
    """A sentence that a claim may rest on."""

    article: Article
    span: SentenceSpan

    @property
    def key(self) -> tuple[str, int]:
        """Names it among the sentences of all articles."""
        return self.article.id, self.span.start

    @property
    def text(self) -> str:
        """Its words."""
        return self.article.text[self.span.start : self.span.end]

    @cached_property
    def context(self) -> str:
        """The title and the sentences just before it."""
        at = self.article.sentences.index(self.span)
        near = self.article.sentences[max(0, at - _BEFORE) : at]
        return " ".join([self.article.title, *(self.article.text[s.start : s.end] for s in near)])


def told_in(piece: Evidence) -> Iterator[Told]:
    """The sentences of a retrieved passage that may be evidence: no disclaimers, nothing that speaks to a machine."""
    for span in piece.article.sentences:
        one = Told(piece.article, span)
        inside = piece.passage.start <= span.start < piece.passage.end
        if inside and span.section != "disclaimer" and not is_instruction(one.text):
            yield one


def each_once(found: Iterable[Told]) -> list[Told]:
    """Sentences without those that came before."""
    return list({one.key: one for one in found}.values())


class Passages:
    """Bare passages as one article, so that what stands before a sentence is its context across them."""

    def __init__(self, passages: Sequence[str]) -> None:
        passages = [SURROGATES.sub("\ufffd", text) for text in passages]
        self._starts: list[int] = []
        spans: list[SentenceSpan] = []
        at = 0
        for text in passages:
            self._starts.append(at)
            for line in text.splitlines(keepends=True):
                spans += block_sentences(Block("body", line), at)
                at += len(line)
            at += len(_BETWEEN)
        article = Article("passages", "", _BETWEEN.join(passages), sentences=tuple(spans))
        self.told = [Told(article, span) for span in spans]

    def place(self, one: Told) -> tuple[int, int, int]:
        """(number of its passage, start, end there) of one of `told`."""
        number = bisect_right(self._starts, one.span.start) - 1
        return number, one.span.start - self._starts[number], one.span.end - self._starts[number]


def own_idf(terms: Sequence[Sequence[str]]) -> Callable[[str], float]:
    """Inverse frequency of terms among sentences, as `LexicalIndex.idf` has it among passages."""
    counts = Counter(term for of_one in terms for term in set(of_one))
    return lambda term: log1p((len(terms) - counts[term] + 0.5) / (counts[term] + 0.5))


def shares(wanted: Sequence[str], terms: Sequence[Sequence[str]], idf: Mapping[str, float]) -> NDArray[np.float64]:
    """The share of `wanted`, weighted by `idf`, that each sentence has, shape (sentences,)."""
    total = sum(idf.get(term, 0.0) for term in set(wanted)) or 1.0
    return np.array([sum(idf.get(t, 0.0) for t in set(wanted) & set(of_one)) / total for of_one in terms])


def ranked(shared: NDArray[np.float64], similarities: NDArray[Any]) -> list[int]:
    """Numbers of sentences, those first that have most in common with the claim."""
    return [int(i) for i in np.argsort(-(shared + _SIMILARITY * similarities), kind="stable")]
