"""How a sentence claims what it claims: whether it denies, how sure and how sweeping it is, and which way it goes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.words import listed, opposites, valued

_WORD = re.compile(r"[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*(?:-[^\W\d_]+)*|\d[\d.,]*")
_CLAUSE = re.compile(
    r"[,;:()–—“”\"]|\b(?:but|because|while|although|though|which|who|whom|whose|where|when|after|before|since|than"
    r"|so that|that)\b",
    re.IGNORECASE,
)
_IDIOMS = re.compile(
    r"\b(?:No\.?\s?(?=\d)|not only|no (?:less|more|fewer|later|sooner) than|not (?:least|more than|less than)|no doubt"
    r"|whether or not)\b",
    re.IGNORECASE,
)
_REACH = 6
"""Content terms behind a negation or a hedge that it bears on."""

Terms = Callable[[str], list[str]]
"""Text to stemmed content terms."""


@dataclass(frozen=True)
class Manner:
    """What turns or weakens a sentence. Terms are stemmed; spans are of the text.

    `denied` and `hedged` are the terms that negations and hedges bear on, `sides` the direction that each pair of
    opposites has, and `sweeping` where it has words of each group that
    claim all there is, or nothing else.
    """

    terms: frozenset[str]
    denied: frozenset[str]
    hedged: frozenset[str]
    sides: dict[int, bool]
    negations: tuple[tuple[int, int], ...]
    hedges: tuple[tuple[int, int], ...]
    directions: dict[int, tuple[int, int]]
    sweeping: dict[float, tuple[int, int]]


class Manners:
    """Reads the manner of sentences; `terms` are the index's."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self.of = lru_cache(maxsize=20_000)(self._of)

    def _of(self, text: str) -> Manner:
        text_without_idioms = _IDIOMS.sub(lambda m: "_" * len(m.group()), text)
        words = list(_WORD.finditer(text_without_idioms))
        negations = tuple(m.span() for m in words if _negates(m.group()))
        hedges = tuple(m.span() for m in words if _hedges(m.group()))
        directions: dict[int, tuple[int, int]] = {}
        sides: dict[int, bool] = {}
        mixed: set[int] = set()
        for m in words:
            pair = opposites().get(m.group().casefold())
            if pair is None:
                continue
            if sides.setdefault(pair[0], pair[1]) != pair[1]:
                mixed.add(pair[0])
            directions.setdefault(pair[0], m.span())
        return Manner(
            frozenset(self._terms(text)) - frozenset(t for a, b in negations for t in self._terms(text[a:b])),
            frozenset(t for at in negations for t in self._reached(text, at[1])),
            frozenset(t for at in hedges for t in self._reached(text, at[1])),
            {number: side for number, side in sides.items() if number not in mixed},
            negations,
            hedges,
            directions,
            {valued("universals")[w]: m.span() for m in words if (w := m.group().casefold()) in valued("universals")},
        )

    def _reached(self, text: str, start: int) -> Iterator[str]:
        """The terms from `start` to the end of the clause, not too far."""
        clause = _CLAUSE.split(text[start:], maxsplit=1)[0]
        return iter(self._terms(clause)[:_REACH])


def _hedges(word: str) -> bool:
    return word.casefold() in listed("hedges") and word != "May"


def _negates(word: str) -> bool:
    word = word.casefold().replace("’", "'")
    return word in listed("negations") or word.endswith("n't")


def denial_differs(claim: Manner, told: Manner) -> bool:
    """Whether one denies what the other says."""
    return bool(claim.negations) != bool(told.negations) and denial_bears_on(claim, told)


def denial_bears_on(claim: Manner, told: Manner) -> bool:
    """Whether one speaks of most of what the other denies."""
    for one, other in ((claim, told), (told, claim)):
        shared = one.denied & other.terms
        if shared and len(shared) >= 0.5 * len(one.denied):
            return True
    return False


def turned(claim: Manner, told: Manner) -> Iterator[tuple[int, int]]:
    """Where the claim has a word whose opposite is told instead."""
    if bool(claim.negations) != bool(told.negations):
        return
    for number, side in claim.sides.items():
        if number in told.sides and told.sides[number] != side:
            yield claim.directions[number]


def hedge_dropped(claim: Manner, told: Manner) -> bool:
    """Whether what is told as wanted, possible or alleged is claimed as a fact."""
    if claim.hedges or not told.hedged:
        return False
    shared = told.hedged & claim.terms
    return len(shared) >= 0.5 * len(told.hedged)


def swept(claim: Manner, told: Manner) -> Iterator[tuple[int, int]]:
    """Where the claim has a word for all there is that what is told has not."""
    return (at for group, at in claim.sweeping.items() if group not in told.sweeping)
