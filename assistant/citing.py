"""Sentences of articles as citations."""

from assistant.answer import Citation
from assistant.disclaimers import claimant_of
from assistant.grounding.evidence import Told
from index.article import Article, SentenceSpan
from index.provenance.registry import Registry


class Citations:
    """Citations of sentences, numbered as they come; a sentence that is cited again keeps its number."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._cited: dict[tuple[str, int], Citation] = {}
        self.articles: dict[str, Article] = {}
        """The articles cited, by id."""

    def of(self, one: Told) -> Citation:
        """The citation of a sentence."""
        if one.key not in self._cited:
            self._cited[one.key] = citation_of(len(self._cited) + 1, one.article, one.span, self._registry)
            self.articles[one.article.id] = one.article
        return self._cited[one.key]

    @property
    def all(self) -> tuple[Citation, ...]:
        """All citations so far."""
        return tuple(self._cited.values())


def citation_of(number: int, article: Article, span: SentenceSpan, registry: Registry) -> Citation:
    """The sentence of `article` at `span` as citation `number`."""
    return Citation(
        number=number,
        article_id=article.id,
        revision=article.revision,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        start=span.start,
        end=span.end,
        quote=article.text[span.start : span.end],
        claimant=claimant_of(span.claimant, registry),
        also=tuple(claimant_of(other, registry) for other in span.also),
        may_relay=claimant_of(span.may_relay, registry),
        published_inferred=article.published_inferred,
    )
