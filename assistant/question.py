"""What a question asks: its parts, their content terms and vectors, and the kind of answer each expects."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Vectors
from index.store import ArticleIndex

_WH = r"(?:how|what|when|where|who|whom|whose|why|which|is|are|was|were|does|do|did|has|have|had|can|could|will|would)"
_PART = re.compile(rf"[,;]?\s+(?:and|but|or)(?:\s+also)?,?\s+(?={_WH}\b)|[?;]\s+(?=\w)|,\s+(?={_WH}\b)", re.IGNORECASE)
_UNITS = r"(?:thick|long|far|old|large|big|high|deep|fast|heavy|wide|tall|often|hard|expensive|hot|cold|strong|soon)"
_MEASURES = (
    r"(?:percentage|percent|share|number|amount|price|cost|value|volume|quantity|output|capacity|thickness|thicknesses"
    r"|hardness|strength|weight|length|width|size|rate|figures?|tonnage|range|ratio|age|temperature|speed)"
)
KINDS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "number": (
        re.compile(rf"\bhow (?:much|many|{_UNITS})\b|\bwhat\b[\w\s’'-]{{0,40}}\b{_MEASURES}\b|\bin (?:mpa|tons|tonnes|percent)\b", re.I),
        re.compile(
            r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?"
            r"|billions?|half|third|quarter|double|twice|single)\b",
            re.I,
        ),
    ),
    "date": (
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|decade|century)\b|\bhow long ago\b", re.I),
        re.compile(
            r"\b(?:1[0-9]|20)\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)(?:\.|\b|[a-z]+\b)"
            r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:century|decade|today|yesterday|week|month|spring|summer"
            r"|autumn|winter)\b"
        ),
    ),
    "person": (
        re.compile(r"\bwho(?:m|se)?\b|\bwhich (?:person|company|organi[sz]ation|people|companies|group|firm)\b", re.I),
        re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]+"),
    ),
    "place": (
        re.compile(r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|region|province|state|site|location)\b", re.I),
        re.compile(r"\b(?:in|at|near|from|to|of|outside)\s+(?:the\s+)?[A-Z]\w+"),
    ),
    "reason": (
        re.compile(r"\bwhy\b|\bwhat (?:caused?|causes|led to)\b|\breasons?\b|\bhow come\b|\bpurpose\b", re.I),
        re.compile(
            r"\b(?:because|due to|since|so that|in order to|as a result|owing|thanks to|caused?|causing|driven by|aims?"
            r"|reason|therefore|after|goal|leads? to|led to|so)\b",
            re.I,
        ),
    ),
    "manner": (
        re.compile(rf"\bhow\b(?! (?:much|many|come|long ago|{_UNITS})\b)", re.I),
        re.compile(r"\b(?:by|through|using|with|via|involv\w+|process|method|pairing|adjust\w+)\b", re.I),
    ),
}
"""By kind of answer: the questions that expect it, and what a sentence that gives it has."""
_NAME = re.compile(r"(?<!^)\b(?:[A-Z][\w’'-]*|\d[\d.,]*\w*)|^(?:[A-Z]{2,}|\d[\d.,]*)\b")


@dataclass(frozen=True)
class Part:
    """One thing that a question asks. `vector` has shape (dimension,) and length 1."""

    text: str
    terms: tuple[str, ...]
    kind: str | None
    vector: Vectors


@dataclass(frozen=True)
class Question:
    """A question read in one or more ways; the parts are of its first reading.

    `names` are the terms of its proper names and numbers.
    """

    text: str
    readings: tuple[Part, ...]
    parts: tuple[Part, ...]
    names: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """Distinct content terms of the question itself."""
        return tuple(dict.fromkeys(self.readings[0].terms))


def analyse(texts: Sequence[str], index: ArticleIndex) -> Question:
    """The question in `texts`, its readings: first as asked, last with all that it leans on."""
    pieces = [piece.strip(" ?,;") for piece in _PART.split(texts[0])]
    analyzer = index.lexicon.analyzer
    pieces = [piece for piece in pieces if analyzer.terms(piece)]
    if len(pieces) < 2:
        pieces = []
    vectors = index.encoder.encode([*texts, *pieces], query=True)
    kind = expected_kind(texts[0]) or expected_kind(texts[-1])
    parts = [
        Part(text, tuple(analyzer.terms(text)), kind if text in texts else expected_kind(text) or kind, np.asarray(vector))
        for text, vector in zip([*texts, *pieces], vectors, strict=True)
    ]
    readings = tuple(parts[: len(texts)])
    names = tuple(term for name in _NAME.findall(texts[-1]) for term in analyzer.terms(name))
    return Question(texts[0], readings, tuple(parts[len(texts) :]) or readings[:1], names)


def expected_kind(text: str) -> str | None:
    """The kind of answer that `text` expects, None when it does not show."""
    return next((kind for kind, (asks, _) in KINDS.items() if asks.search(text)), None)


def gives_kind(sentence: str, kind: str | None) -> float:
    """1 when `sentence` has what an answer of `kind` needs, 0 when not, one half when no kind is expected."""
    return 0.5 if kind is None else float(bool(KINDS[kind][1].search(sentence)))
