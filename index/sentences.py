"""Sentence boundaries with exact offsets, for article blocks and for any other text."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from index.article import SentenceSpan
from index.cleaning import Block, bullet_length

_UNFINISHED = re.compile(r"\b(?:approx|est|incl|excl|ca|cf|resp)\.\s*$", re.IGNORECASE)
_WORD = re.compile(r"\w")
_LIST_SENTENCE = 600
"""Characters up to which a lead-in and its list items make one sentence."""


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of `text`, white space around it left out."""
    bounds: list[tuple[int, int]] = []
    open_start: int | None = None
    for found in get_sentence_boundaries("en", text):
        start = found["start_index"] if open_start is None else open_start
        if _UNFINISHED.search(text[start : found["end_index"]]):
            open_start = start
            continue
        open_start = None
        bounds.append((start, found["end_index"]))
    if open_start is not None:
        bounds.append((open_start, len(text)))
    trimmed = (_trim(text, start, end) for start, end in bounds)
    return [(start, end) for start, end in trimmed if _WORD.search(text, start, end)]


def block_sentences(block: Block, offset: int) -> Iterator[SentenceSpan]:
    """The sentences of a block that starts at `offset` of its article; headings have none."""
    if block.kind == "heading":
        return
    for start, end in _block_bounds(block.text):
        yield SentenceSpan(offset + start, offset + end, section=block.kind)


def _block_bounds(text: str) -> list[tuple[int, int]]:
    lead_in, _, items = text.partition("\n")
    marker = bullet_length(lead_in)
    bounds = [(start + marker, end + marker) for start, end in sentence_bounds(lead_in[marker:])]
    if items and bounds and len(items) <= _LIST_SENTENCE:
        bounds[-1] = (bounds[-1][0], len(text))
    elif items:
        position = len(lead_in) + 1
        for item in items.split("\n"):
            marker = bullet_length(item)
            bounds += [(position + marker + a, position + marker + b) for a, b in sentence_bounds(item[marker:])]
            position += len(item) + 1
    return bounds


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
