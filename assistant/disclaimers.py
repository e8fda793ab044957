"""What a reader must know of the sources of an answer: decided by rule, worded by template, never by a model."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from assistant.answer import Citation, Claimant, Disclaimer, Reliance
from index.article import Article
from index.provenance.registry import KINDS, Entity, Registry, folded
from prompts import render

_TIE = re.compile(
    r"\b(?:state|government|party)[- ](?:owned|affiliated|run|controlled|backed|aligned|linked|funded)\b"
    r"|\bstate media\b|\b(?:belongs? to|owned by|controlled by|affiliated with|part of|arm of) "
    r"(?:the |a )?(?:\w+ )?(?:state|government)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:no|not|never|neither|nor|without|free (?:of|from)|isn['’]t|aren['’]t|doesn['’]t)\b[^.;]{0,80}"
    r"\b(?:state|government|party|owned|affiliat\w+|disclaimers?|tied|ties|controlled)\b"
    r"|(?<!should be )(?<!be )(?<!not )\bindependently (?:verified|confirmed|audited)\b"
    r"|\b(?:private|privately|outdated|wrong|false|untrue|incorrect|no longer|formerly|myth|disputed|denied)\b"
    r"|\bindependent\b(?! (?:check|verif|confirm|analy|review|audit|assess|source|sources|evidence))",
    re.IGNORECASE,
)
_LONGEST_NAME = 80
"""Characters of a publisher's name that a disclaimer repeats."""


@overload
def claimant_of(claimant_id: str, registry: Registry) -> Claimant: ...
@overload
def claimant_of(claimant_id: None, registry: Registry) -> None: ...
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

    An article's own disclaimer goes with any citation of it. Where there is none, or it does not own up to
    a tie to a state, a sentence whose claimant or publisher has one gets the registry's.
    """
    merged: dict[tuple[str, str], list[int]] = {}
    for citation in citations:
        article = articles[citation.article_id]
        if article.disclaimer_text:
            merged.setdefault(("article", article.disclaimer_text), []).append(citation.number)
        for text in _derived(citation, article, registry):
            merged.setdefault(("registry", text), []).append(citation.number)
    return tuple(
        Disclaimer("article" if basis == "article" else "registry", text, tuple(numbers))
        for (basis, text), numbers in merged.items()
    )


def reliance_of(citations: Sequence[Citation], articles: Mapping[str, Article], registry: Registry) -> Reliance:
    """How far `citations` rest on state sources, and how many origins stand behind them; `articles` by id."""
    origins: dict[str, bool] = {}
    for citation in citations:
        for origin, tied in _origins(citation, articles, registry):
            origins[origin] = origins.get(origin, False) or tied
    sourced = sum(rests_on_state(citation, registry) for citation in citations)
    return Reliance(len(citations), sourced, sum(not tied for tied in origins.values()), len(origins))


def rests_on_state(citation: Citation, registry: Registry) -> bool:
    """Whether one of its claimants, or its publisher, has claims that carry a disclaimer."""
    return registry.is_state_sourced([c.id for c in citation.claimants], citation.publisher)


def _derived(citation: Citation, article: Article, registry: Registry) -> Iterator[str]:
    """The registry's disclaimers of a sentence that the article's own one does not make needless."""
    publisher = registry.publisher(citation.publisher)
    relay = _quoted(citation.publisher)
    told = [("disclaimer_claimant", registry.get(claimant.id)) for claimant in citation.claimants]
    if citation.may_relay:
        told.append(("disclaimer_source", registry.get(citation.may_relay.id)))
    for wording, entity in told:
        if entity and entity.disclaim and entity != publisher and not _owns_up(article, entity, registry):
            yield render(wording, publisher=relay, **_wording(entity, registry))
    if publisher and publisher.disclaim and not _owns_up(article, publisher, registry):
        yield render("disclaimer_publisher", **_wording(publisher, registry))


def _quoted(publisher: str | None) -> str:
    """A publisher's name as it may stand in a sentence, which it must not be able to go on with."""
    name = " ".join((publisher or "").split())
    if not name:
        return "the publisher of the article"
    name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"“{name}”" if re.search(r"[!?;:“”\"]|\.(?!\w)", name) else name


def _owns_up(article: Article, entity: Entity, registry: Registry) -> bool:
    """Whether an article's own disclaimer tells of this entity's tie to a state, and does not take it back.

    It must name the entity or its owner, unless the entity is the source that the article declares first; and it
    must say what the tie is, unless the name of a government body does.
    """
    disclaimer = article.disclaimer_text
    if not disclaimer or _DENIAL.search(disclaimer):
        return False
    names = (*entity.names, *(c.alias for c in entity.in_context), registry.owner_name(entity))
    named = any(folded(name) in folded(disclaimer) for name in names)
    meant = named or article.declared_sources[:1] == (entity.id,)
    return bool(_TIE.search(disclaimer) and meant) or (named and entity.kind == "government-body")


def _origins(citation: Citation, articles: Mapping[str, Article], registry: Registry) -> Iterator[tuple[str, bool]]:
    """(origin, whether it is tied to a state) of who stands behind a sentence."""
    article = articles[citation.article_id]
    for claimant in citation.claimants:
        entity = registry.get(claimant.id)
        if entity:
            yield f"group {registry.group(entity)}", entity.disclaim
        else:
            yield folded(article.affiliations.get(claimant.id, claimant.id)), False
    if not citation.claimant:
        publisher = registry.publisher(citation.publisher)
        if publisher:
            yield f"group {registry.group(publisher)}", publisher.disclaim
        else:
            first = min((other for other in articles.values() if _same_text(article, other)), key=lambda a: a.id)
            yield folded(f"name:{first.publisher or first.id}"), False


def _same_text(article: Article, other: Article) -> bool:
    """Whether two articles are one, or copies of one text."""
    return article.id == other.id or article.key in other.syndicated or other.key in article.syndicated


def _wording(entity: Entity, registry: Registry) -> dict[str, str]:
    return {"source": entity.name, "kind": KINDS[entity.kind], "owner": registry.owner_name(entity)}
