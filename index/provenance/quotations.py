"""Quotations: where they open and close, within a sentence or over several."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 2500
_WORDS_OF_SPEECH = 5
_PAIRS = {"“": "”", "‘": "’", "«": "»", "„": "“", "「": "」"}
_OPENING = re.compile(r"“|„|«|「|(?<![\w’'])[‘'](?=\w)|(?<!\w)\"(?=\S)|(?<=[^\w\s])\"(?=\w)")


@dataclass(frozen=True)
class Quotation:
    """A quotation from mark to mark. `speech` tells what somebody said from a word or two in quotation marks."""

    start: int
    end: int
    speech: bool


def quotations(text: str) -> list[Quotation]:
    """The quotations of `text`; one may go on over paragraphs that each open it again."""
    found: list[Quotation] = []
    position = 0
    for match in _OPENING.finditer(text):
        if match.start() < position:
            continue
        end = _closing(text, match.start())
        if end is None:
            continue
        inner = text[match.start() + 1 : end - 1]
        speech = len(inner.split()) >= _WORDS_OF_SPEECH or (inner[-1:] in ".,!?…" and len(inner.split()) > 1)
        found.append(Quotation(match.start(), end, speech))
        position = end
    return found


def masked(text: str, quoted: list[Quotation]) -> str:
    """`text` with what is quoted blanked out, so that nothing in it is read as the writer's words."""
    pieces: list[str] = []
    position = 0
    for quotation in quoted:
        pieces.append(text[position : quotation.start])
        pieces.append("\x01" * (quotation.end - quotation.start))
        position = quotation.end
    return "".join((*pieces, text[position:]))


def _closing(text: str, start: int) -> int | None:
    """Where the quotation that opens at `start` has ended."""
    mark = text[start]
    for end in _ends(text, start, mark):
        if end - start > _LONGEST:
            return None
        return end
    return None


def _ends(text: str, start: int, mark: str) -> Iterator[int]:
    closing = _PAIRS.get(mark, mark)
    paragraph = text.find("\n", start)
    paragraph = len(text) if paragraph < 0 else paragraph
    position = start + 1
    while True:
        position = text.find(closing, position)
        if position < 0 or position >= paragraph:
            following = re.compile(r"\n+").match(text, paragraph)
            if following and text[following.end() : following.end() + 1] == mark and mark != closing:
                start = following.end()
                position = start + 1
                paragraph = text.find("\n", start)
                paragraph = len(text) if paragraph < 0 else paragraph
                continue
            return
        before, after = text[position - 1], text[position + 1 : position + 2]
        if closing in "’'" and after.isalpha():  # an apostrophe
            position += 1
            continue
        if mark == '"' and before.isspace():
            position += 1
            continue
        yield position + 1
        return
