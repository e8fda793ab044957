"""A sentence of an article as a citation."""

from assistant.answer import Citation
from assistant.disclaimers import claimant_of
from index.article import Article, SentenceSpan
from index.provenance.registry import Registry


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
