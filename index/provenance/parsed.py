"""Sentences of an article as they are read for who claims them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.article import Article, SentenceSpan
from index.provenance.attribution import Attribution, attributions
from index.provenance.mentions import Mention
from index.provenance.quotations import Quotation, masked, quotations


@dataclass
class ParsedSentence:
    """A sentence with what is seen in it, and its claimants as far as they are found."""

    span: SentenceSpan
    text: str
    plain: str
    """The text with quotations masked."""
    block: int
    """Number of its paragraph."""
    section: int
    """Number of the heading it stands below, 0 above the first."""
    heading: str
    mentions: tuple[Mention, ...]
    """Offsets by the sentence."""
    quotes: tuple[Quotation, ...]
    """Offsets by the article; a quotation may go on in other sentences."""
    found: tuple[Attribution, ...]
    about: str | None = None
    """The organisation that it is about."""
    claimants: list[str] = field(default_factory=list)
    may_relay: str | None = None
    """The source that it may pass on."""
    explicit: bool = False
    """Whether its words say who claims it."""
    publishers: bool = False
    """Whether it is the publisher's for certain."""

    @property
    def quoted(self) -> float:
        """Share of it that stands in a quotation of speech."""
        inside = sum(min(q.end, self.span.end) - max(q.start, self.span.start) for q in self.quotes if q.speech)
        return inside / max(1, len(self.text))

    def shares_quotation(self, other: "ParsedSentence") -> bool:
        """Whether both stand in the same quotation of speech."""
        return any(q in other.quotes for q in self.quotes if q.speech)


def parsed(article: Article, mentions: Sequence[Mention]) -> Iterator[ParsedSentence]:
    """The sentences of `article`; `mentions` have the article's offsets."""
    quoted = quotations(article.text)
    plain = masked(article.text, quoted)
    block, section, heading, position = 0, 0, "", 0
    for span in article.sentences:
        gap = article.text[position : span.start]
        block += "\n" in gap
        title = gap.strip(" \n•-–*|>")
        if "\n" in gap and re.search(r"\w", title):
            section, heading = section + 1, title
        position = span.end
        yield ParsedSentence(
            span,
            article.text[span.start : span.end],
            plain[span.start : span.end],
            block,
            section,
            heading,
            tuple(m.shifted(-span.start) for m in mentions if span.start <= m.start < span.end),
            tuple(q for q in quoted if q.start < span.end and span.start < q.end),
            tuple(attributions(plain[span.start : span.end])),
        )
