"""Whose voice a sentence has that names no speaker: the source that the article relays, or the publisher's own.

A logistic model over what can be seen of the sentence and of its place. Patterns and weights are in voice.toml;
`python -m eval.attribution --fit` fits the weights anew.
"""

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from index.article import Article
from index.provenance.attribution import declared_source
from index.provenance.parsed import ParsedSentence
from index.provenance.phrases import proper_names
from index.provenance.registry import Registry, folded

MODEL = Path(__file__).with_name("voice.toml")
LEAD = 3
"""Sentences of the body in which who announces something is the article's source."""
_MANY = 4
"""Speakers from which an article reports on several sides."""
_SHORT = 9
_OPENING = 15
_CONTENT_WORD = re.compile(r"[a-z]{4,}")
_STEM = 6
"""Letters to which content words are cut, so that their forms agree."""


class Voice:
    """Tells the voices of an article's sentences, those of the body, where `declared` is the claimant that it relays.

    `by_document` says whether the article names a document as its source, or only its lead names somebody.
    """

    def __init__(
        self,
        article: Article,
        sentences: Sequence[ParsedSentence],
        declared: str,
        registry: Registry,
        *,
        by_document: bool,
    ) -> None:
        self._article = article
        self._sentences = sentences
        self.declared = declared
        self._registry = registry
        self._by_document = by_document

    def relays(self, number: int) -> float:
        """The probability that a sentence passes on what the source says, 0 to 1; the claimants before it are found."""
        weights: dict[str, float] = _model()["weights"]
        return 1 / (1 + math.exp(-sum(weights[name] * value for name, value in self.measured(number).items())))

    def measured(self, number: int) -> dict[str, float]:
        """What is seen of a sentence, by feature."""
        s = self._sentences[number]
        words = s.plain.replace("\x01", " ")
        seen = {name: bool(pattern.search(words)) for name, pattern in _patterns().items() if name != "heading"}
        return {"bias": 1.0, **{name: float(value) for name, value in (seen | self._place(s, number)).items()}}

    def _place(self, s: ParsedSentence, number: int) -> dict[str, float]:
        earlier = self._earlier_in_block(number)
        publisher = self._article.publisher
        name = self.declared.removeprefix("name:")
        of_source = [m for m in s.mentions if m.entity.id == self.declared]
        return {
            "short": len(s.text.split()) < _SHORT,
            "summary": s.span.section == "summary",
            "list": s.span.section == "table",
            "commentary_heading": bool(_patterns()["heading"].search(s.heading)),
            "below_heading": bool(s.section) and s.heading.casefold() != "highlights",
            "section_quotes_source": s.section in self._sections_with_speakers,
            "quotes_follow": number < self._last_explicit,
            "quoted_before": any(o.explicit for o in earlier),
            "names_source": bool(of_source) or folded(name) in folded(s.text),
            "opens_with_source": bool(of_source) and of_source[0].start < _OPENING,
            "names_publisher": bool(publisher and folded(publisher) in folded(s.plain)),
            "late": number / len(self._sentences),
            "own_before": bool(earlier) and not earlier[-1].claimants,
            "relay_before": bool(earlier) and bool(earlier[-1].claimants),
            "source_line": self._has_source_line,
            "lead": number < LEAD,
            "only_lead": not self._by_document,
            "many_speakers": self._has_many_speakers,
            "only_lead_of_many": self._has_many_speakers and not self._by_document,
            "publisher_is_medium": self._registry.publisher(publisher) is not None,
            "after_source": number > 0 and self._is_of_source(self._sentences[number - 1]),
            "before_source": number + 1 < len(self._sentences) and self._is_of_source(self._sentences[number + 1]),
            "names_others": self._names_others(s),
            "shares_words": self._shared_words(s),
            "opens_block": not earlier,
        }

    def _earlier_in_block(self, number: int) -> Sequence[ParsedSentence]:
        first = number
        while first and self._sentences[first - 1].block == self._sentences[number].block:
            first -= 1
        return self._sentences[first:number]

    @cached_property
    def _sections_with_speakers(self) -> set[int]:
        return {o.section for o in self._sentences if o.explicit and o.span.section != "summary"}

    @cached_property
    def _last_explicit(self) -> int:
        return max((n for n, o in enumerate(self._sentences) if o.explicit), default=-1)

    @cached_property
    def _has_source_line(self) -> bool:
        return any(declared_source(o.text) for o in self._sentences)

    @cached_property
    def _has_many_speakers(self) -> bool:
        return len({c for o in self._sentences if o.explicit for c in o.claimants}) >= _MANY

    def _is_of_source(self, s: ParsedSentence) -> bool:
        return s.explicit and self.declared in s.claimants

    def _names_others(self, s: ParsedSentence) -> bool:
        """Whether it names somebody who neither is the source nor is named where the source speaks."""
        ids, names = self._named_by_source
        return any(m.entity.id not in ids for m in s.mentions) or bool(proper_names(s.plain) - names)

    def _shared_words(self, s: ParsedSentence) -> float:
        """Share of its content words that stand in the title or where the source speaks."""
        own = _content_words(s.plain)
        return len(own & self._words_of_source) / len(own) if own else 0.0

    @cached_property
    def _named_by_source(self) -> tuple[set[str], set[str]]:
        told = [o for o in self._sentences if self._is_of_source(o)]
        ids = {m.entity.id for o in told for m in o.mentions} | {self.declared}
        return ids, {name for o in told for name in proper_names(o.plain)}

    @cached_property
    def _words_of_source(self) -> set[str]:
        told = [self._article.title, *(o.plain for o in self._sentences if self._is_of_source(o))]
        return {word for text in told for word in _content_words(text)}


def _content_words(text: str) -> set[str]:
    return {word[:_STEM] for word in _CONTENT_WORD.findall(text.casefold())} - _common_words()


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _model()["patterns"].items()}


@cache
def _common_words() -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _model()["common"].split())


@cache
def _model() -> dict[str, Any]:
    return tomllib.loads(MODEL.read_text(encoding="utf-8"))
