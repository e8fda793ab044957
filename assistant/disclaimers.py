"""What a reader must know of the sources of an answer: decided by rule, worded by template, never by a model."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.answer import Citation, Claimant, Disclaimer, Reliance
from index.article import Article
from index.provenance import KINDS, Entity, Registry
from prompts import render


def claimant_of(claimant_id: str | None, registry: Registry) -> Claimant | None:
    """The claimant of an id or "name:…", None for the publisher's own words."""
    if claimant_id is None:
        return None
    entity = registry.get(claimant_id)
    if entity is None:
        return Claimant(claimant_id, claimant_id.removeprefix("name:"))
    return Claimant(entity.id, entity.name, entity.kind, entity.disclaim)


def disclaimers_for(
    citations: Sequence[Citation], articles: Mapping[str, Article], registry: Registry
) -> tuple[Disclaimer, ...]:
    """The disclaimers of `citations`, identical ones merged; `articles` are those cited, by id.

    An article's own disclaimer goes with any citation of it; without one, the registry's goes with
    a citation whose claimant, declared source or publisher is tied to a state.
    """
    merged: dict[tuple[str, str], list[int]] = {}
    for citation in citations:
        article = articles[citation.article_id]
        if article.disclaimer_text:
            merged.setdefault(("article", article.disclaimer_text), []).append(citation.number)
            continue
        for text in _derived(citation, article, registry):
            merged.setdefault(("registry", text), []).append(citation.number)
    return tuple(
        Disclaimer("article" if basis == "article" else "registry", text, tuple(numbers))
        for (basis, text), numbers in merged.items()
    )


def reliance_of(citations: Sequence[Citation], registry: Registry) -> Reliance:
    """How far `citations` rest on state sources; other origins are counted once each."""
    sourced = [c for c in citations if rests_on_state(c, registry)]
    others = {c.claimant.id if c.claimant else c.publisher or c.article_id for c in citations if c not in sourced}
    return Reliance(len(citations), len(sourced), len(others))


def rests_on_state(citation: Citation, registry: Registry) -> bool:
    """Whether who says it, the claimant or else the publisher, is tied to a state."""
    if citation.claimant:
        return bool(citation.claimant.state_affiliated)
    publisher = registry.named(citation.publisher)
    return bool(publisher and publisher.disclaim)


def _derived(citation: Citation, article: Article, registry: Registry) -> Iterable[str]:
    claimant = registry.get(citation.claimant.id) if citation.claimant else None
    sources = [claimant] if claimant else [registry.get(source) for source in article.declared_sources]
    state = next((entity for entity in sources if entity and entity.disclaim), None)
    publisher = registry.named(citation.publisher)
    if state and state != publisher:
        relay = citation.publisher or "the publisher of the article"
        yield render("disclaimer_claimant", publisher=relay, **_wording(state, registry))
    if publisher and publisher.disclaim:
        yield render("disclaimer_publisher", **_wording(publisher, registry))


def _wording(entity: Entity, registry: Registry) -> dict[str, str]:
    return {"source": entity.name, "kind": KINDS[entity.kind], "owner": registry.owner_name(entity)}
