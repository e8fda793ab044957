"""What a question asks: its parts, their content terms and vectors, and the kind of answer each expects."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Vectors
from index.store import ArticleIndex

_WH = r"(?:how|what|when|where|who|whom|whose|why|which|is|are|was|were|does|do|did|has|have|had|can|could|will|would)"
_PART = re.compile(rf"[,;]?\s+(?:and|but|or)(?:\s+also)?,?\s+(?={_WH}\b)|[?;]\s+(?=\w)|,\s+(?={_WH}\b)", re.IGNORECASE)
_ADJECTIVES = r"thick|far|large|big|high|deep|fast|heavy|wide|tall|hard|strong|dense|tough"
_QUANTITIES = (
    "number|amount|volume|quantity|output|capacity|thickness|thicknesses|hardness|strength|weight|length|width|size"
    "|figures?|tonnage|range|ratio|speed|headcount|score|gauges?"
)
_NUMBER = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|half|third|quarter|double|twice|single)\b"
)
_CURRENCY = (
    r"(?:dollars?|euros?|cents?|yuan|renminbi|yen|pounds?|crowns?|kron(?:a|or|er)|francs?|rupees?|roubles?|rubles?|marks?"
    r"|RMB|CNY|USD|EUR|GBP|JPY)"
)
_MONEY = (
    rf"[$€£¥₹]\s?\d|(?:{_NUMBER}[\d.,]*)[\s-]+(?:(?:hundred|thousand|million|billion|trillion|m|bn)\s+)?{_CURRENCY}\b"
    rf"|\b{_CURRENCY}\s?\d|\b(?:price|cost|fee)s?\b[^.;]{{0,40}}\d"
)


def _kind(asks: str, gives: str, flags: int = re.IGNORECASE) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(asks, re.IGNORECASE), re.compile(gives, flags)


KINDS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "money": _kind(
        r"\bhow much\b.{0,60}\b(?:cost|charge|pay|paid|earn|worth|spend|spent|sell for|invest)|\bhow expensive\b"
        r"|\b(?:price|cost|revenue|profit|turnover|fee|salary|bill|budget|worth)\b",
        _MONEY,
    ),
    "percentage": _kind(
        r"\b(?:percentage|percent|qualification rate|what share|what proportion)\b", r"\d\s*(?:%|percent|per cent)"
    ),
    "date": _kind(
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century)\b|\bhow long ago\b|\bsince when\b",
        r"\b(?:1[0-9]|20)\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:\.|\b|[a-z]+\b)"
        r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:century|decade|today|yesterday|week|month|spring|summer"
        r"|autumn|winter)\b",
        flags=0,
    ),
    "duration": _kind(
        r"\bhow (?:long|old)\b(?! ago)|\bage\b|\bduration\b",
        rf"(?:{_NUMBER}\w*)[\s-]+(?:\w+[\s-]+)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)\b|\baged\b"
        r"|\d\s*(?:mm|cm|m|km|miles?|met(?:re|er)s?|feet)\b",
    ),
    "temperature": _kind(
        r"\btemperatures?\b|\bhow (?:hot|cold)\b", r"°|\bdegrees?\b|\bcelsius\b|\bfahrenheit\b|\d\s*[CK]\b"
    ),
    "number": _kind(
        rf"\bhow (?:much|many|{_ADJECTIVES})\b|\b(?:what|which)\b[\w\s’'-]{{0,40}}\b(?:{_QUANTITIES}|rate|share)\b",
        _NUMBER,
    ),
    "person": _kind(
        r"\bwho(?:m|se)?\b|\bwhich (?:person|company|organi[sz]ation|people|companies|group|firm)s?\b",
        r"(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]+",
        flags=0,
    ),
    "place": _kind(
        r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|region|province|state|site|location)\b",
        r"\b(?:in|at|near|from|to|of|outside)\s+(?:the\s+)?[A-Z]\w+",
        flags=0,
    ),
    "reason": _kind(
        r"\bwhy\b|\bwhat (?:caused?|causes|led to)\b|\breasons?\b|\bhow come\b|\bpurpose\b",
        r"\b(?:because|due to|since|so that|in order to|as a result|owing|thanks to|caused?|causing|driven by|aims?"
        r"|reason|therefore|after|goal|leads? to|led to|so)\b",
    ),
    "manner": _kind(
        rf"\bhow\b(?! (?:much|many|come|long ago|expensive|{_ADJECTIVES})\b)|\bby what means\b",
        r"\b(?:by|through|using|with|via|involv\w+|process|method|pairing|adjust\w+)\b",
    ),
}
"""By kind of answer: the questions that expect it, and what a sentence that gives it has."""
WANTED: Mapping[str, str] = {
    "money": "amount of money",
    "percentage": "percentage",
    "date": "date",
    "duration": "length of time",
    "temperature": "temperature",
    "number": "figure",
}
"""What an answer of each strict kind gives, in words."""
STRICT_KINDS = frozenset(WANTED)
"""Kinds without which a sentence answers nothing: "how much" is not answered where there is no amount."""
_UNITS = tuple(
    re.compile(rf"(?<![\w])(?:{unit})(?!\w)")
    for unit in (
        r"MPa|[Mm]egapascals?|N/mm2?²?",
        r"Brinell|HBW?",
        r"Vickers|HV",
        r"Rockwell|HRC",
        r"[Jj]oules?|J",
        r"%|percent|per cent",
        r"t|tons?|tonnes?",
        r"kg|kilograms?|kilos?",
        r"mm|millimet(?:re|er)s?",
        r"km|kilomet(?:re|er)s?",
        r"m|met(?:re|er)s?",
        r"hours?|h",
        r"days?",
        r"months?",
        r"years?",
        r"dollars?|USD|\$",
        r"euros?|EUR|€",
        r"yuan|renminbi|RMB|CNY",
        r"crowns?|kron[ao]r?",
    )
)
"""Spellings of each unit that a question may ask for."""
_IN_UNIT = re.compile(r"\b(?:in|how many|how much in)\s+(?P<words>[\w%$€/]+(?:\s+[\w%$€/]+)?)", re.IGNORECASE)
_ELLIPTIC = 4
"""Words of a question up to which it asks for the kind of answer that the question before it did."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SCALE = re.compile(r"\b(?:MPa|Brinell|Vickers|Rockwell|HRC|HBW)\b")
_NAME = re.compile(r"(?<!^)\b(?:[A-Z][\w’'-]*|\d[\d.,]*\w*)|^(?:[A-Z]{2,}|\d[\d.,]*)\b")


@dataclass(frozen=True, eq=False)
class Part:
    """One thing that a question asks: the `kind` of answer and, for an amount, the `unit`.

    `vector` has shape (dimension,) and length 1. `words` are its content terms, each with the word
    it stands for; `word_vectors` are theirs, shape (len(words), dimension).
    """

    text: str
    words: Mapping[str, str]
    kind: str | None
    unit: re.Pattern[str] | None
    vector: Vectors
    word_vectors: Vectors

    @property
    def terms(self) -> tuple[str, ...]:
        """Distinct content terms, in order."""
        return tuple(self.words)


@dataclass(frozen=True)
class Question:
    """A question read in one or more ways; the parts are of its first reading.

    `names` are the terms of its proper names and numbers.
    """

    text: str
    readings: tuple[Part, ...]
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    said: str = ""
    """The last answer, where the question goes on from it: what was just said is not asked for again."""

    @property
    def terms(self) -> tuple[str, ...]:
        """Distinct content terms of the question itself."""
        return self.readings[0].terms


def analyse(texts: Sequence[str], index: ArticleIndex, said: str = "") -> Question:
    """The question in `texts`, its readings: first as asked, last with all that it leans on; `said` is what it goes
    on from.
    """
    pieces = [piece.strip(" ?,;") for piece in _PART.split(texts[0])]
    analyzer = index.lexicon.analyzer
    pieces = [piece for piece in pieces if analyzer.terms(piece)]
    if len(pieces) < 2:
        pieces = []
    vectors = index.encoder.encode([*texts, *pieces], query=True)
    kind = expected_kind(texts[0])
    if kind is None and (len(texts[0].split()) <= _ELLIPTIC or not texts[-1].endswith(texts[0])):
        kind = expected_kind(texts[-1])  # "And near the welds?" asks for what was asked before
    parts = [
        _part(text, np.asarray(vector), kind if text in texts else expected_kind(text) or kind, index)
        for text, vector in zip([*texts, *pieces], vectors, strict=True)
    ]
    readings = tuple(parts[: len(texts)])
    names = tuple(term for name in _NAME.findall(texts[-1]) for term in analyzer.terms(name))
    return Question(texts[0], readings, tuple(parts[len(texts) :]) or readings[:1], names, said)


def _part(text: str, vector: Vectors, kind: str | None, index: ArticleIndex) -> Part:
    words = index.lexicon.analyzer.words(text)
    unit = _unit(text)
    return Part(
        text,
        words,
        kind or ("number" if unit else None),
        unit,
        vector,
        index.encoder.encode_words(list(words.values())),
    )


def expected_kind(text: str) -> str | None:
    """The kind of answer that `text` expects, None when it does not show."""
    return next((kind for kind, (asks, _) in KINDS.items() if asks.search(text)), None)


def gives_kind(sentence: str, part: Part) -> float:
    """1 when `sentence` has what an answer to `part` needs, 0 when not, one half when nothing special is needed."""
    if part.kind is None:
        return 0.5
    return float(bool(KINDS[part.kind][1].search(sentence)) and (part.unit is None or bool(part.unit.search(sentence))))


def of_other_year(part: Part, sentence: str, before: str = "") -> bool:
    """Whether `part` asks for an amount of a year, and `sentence`, or else what is `before` it, has only others."""
    asked, told = years_of(part.text), years_of(sentence) or years_of(before)
    return part.kind != "date" and bool(asked and told) and asked.isdisjoint(told)


def years_of(text: str) -> set[str]:
    """The years that `text` names."""
    return set(_YEAR.findall(text))


def _unit(text: str) -> re.Pattern[str] | None:
    """The unit that a question asks for: after "in" or "how many", or a scale named anywhere."""
    named = [word for match in _IN_UNIT.finditer(text) for word in match["words"].split()] + _SCALE.findall(text)
    return next((unit for word in named for unit in _UNITS if unit.fullmatch(word)), None)
