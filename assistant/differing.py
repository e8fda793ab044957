"""Articles that disagree: the same thing told with another amount in another article."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.candidates import Candidate
from assistant.question import STRICT_KINDS, Part, of_other_year, years_of
from assistant.scoring import probability

_QUANTITY = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)[\s\u00a0-]?(?P<unit>%|°\s?[CF]|[a-z]+)?|[$€£¥](?P<money>\d+(?:[.,]\d+)*)", re.I
)
_WORD = re.compile(r"[^\W\d_]{4,}")
_ALIKE = 0.45
"""Share of the longer words of the shorter of two sentences in the longer from which they tell of the same thing."""
_LIKELY = 0.25
"""Probability that a sentence belongs to the answer from which it can disagree with the best one."""
_UNITS = {"percent": "%", "tons": "ton", "tonnes": "ton", "tonne": "ton", "t": "ton"}


def disagreeing(sentences: Sequence[Candidate], logits: NDArray[np.float64], part: Part, best: int) -> int | None:
    """The number of the sentence of another article that tells the same as `best` with another amount, if any."""
    if part.kind not in STRICT_KINDS - {"date"}:
        return None
    own = sentences[best]
    rivals = [
        i
        for i, c in enumerate(sentences)
        if c.article.id != own.article.id
        and probability(float(logits[i])) >= _LIKELY
        and _alike(c.text, own.text)
        and not of_other_year(part, c.text)
        and not _of_other_years(c.text, own.text)
        and _conflict(c.text, own.text)
    ]
    return max(rivals, key=lambda i: float(logits[i]), default=None)


def _alike(one: str, other: str) -> bool:
    words, others = (set(_WORD.findall(text.casefold())) for text in (one, other))
    shorter = min(len(words), len(others))
    return bool(shorter) and len(words & others) / shorter >= _ALIKE


def _of_other_years(one: str, other: str) -> bool:
    """Whether both name years, and none in common: then both amounts can be right."""
    years, others = years_of(one), years_of(other)
    return bool(years and others) and years.isdisjoint(others)


def _conflict(one: str, other: str) -> bool:
    """Whether both have amounts in the same unit, and none in common."""
    amounts, others = _amounts(one), _amounts(other)
    shared = amounts.keys() & others.keys()
    return any(amounts[unit].isdisjoint(others[unit]) for unit in shared)


def _amounts(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _QUANTITY.finditer(text):
        unit = "$" if match["money"] else (match["unit"] or "").casefold()
        number = (match["number"] or match["money"]).replace(",", "")
        if unit and not (unit.isalpha() and re.fullmatch(r"(?:19|20)\d\d", number)):  # a year has no unit
            found.setdefault(_UNITS.get(unit, unit), set()).add(number)
    return found
