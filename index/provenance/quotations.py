"""Quotations: where they open and close, within a sentence or over several."""

import re
from dataclasses import dataclass

_LONGEST = 2500
_WORDS_OF_SPEECH = 5
_PAIRS = {"“": "”", "‘": "’", "«": "»", "„": "“", "「": "」"}
_BREAK = re.compile(r"\n+")
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
    """Where the quotation that opens at `start` has ended; None where it never does."""
    mark = text[start]
    closing = _PAIRS.get(mark, mark)
    limit = min(len(text), start + _LONGEST)
    paragraph, position = _paragraph_end(text, start, limit), start + 1
    while position < limit:
        position = text.find(closing, position, paragraph)
        if position < 0:
            following = _BREAK.match(text, paragraph)
            if not following or text[following.end() : following.end() + 1] != mark or mark == closing:
                return None
            position = following.end() + 1  # it goes on, and is opened again
            paragraph = _paragraph_end(text, position, limit)
            continue
        before, after = text[position - 1], text[position + 1 : position + 2]
        is_apostrophe = closing in "’'" and after.isalpha()
        if not is_apostrophe and not (mark == '"' and before.isspace()):
            return position + 1
        position += 1
    return None


def _paragraph_end(text: str, start: int, limit: int) -> int:
    end = text.find("\n", start, limit)
    return limit if end < 0 else end
