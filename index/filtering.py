"""Filters: which articles and sentences may be searched and cited, by source, publisher and date."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index.article import Article, SentenceSpan
from index.passage import pairs, span_id
from index.provenance.current import CurrentClaimants
from index.provenance.registry import Registry, folded
from index.store import ArticleIndex

PUBLISHER = "publisher"
"""Stands, as a claimant, for the publisher's own words."""


@dataclass(frozen=True)
class Filter:
    """What to search. Claimants are registry ids or names; dates are ISO, both ends included.

    `state_sourced` keeps only what rests on a state source (True) or only what does not (False). Undated
    articles are left out where a date is asked for.
    """

    state_sourced: bool | None = None
    claimants: tuple[str, ...] = ()
    without_claimants: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    without_publishers: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        return self != Filter()

    def __str__(self) -> str:
        source = {True: "only state-sourced", False: "nothing state-sourced", None: ""}[self.state_sourced]
        parts = [
            source,
            _said("claimed by ", self.claimants),
            _said("not claimed by ", self.without_claimants),
            _said("published by ", self.publishers),
            _said("not published by ", self.without_publishers),
            f"since {self.since}" if self.since else "",
            f"until {self.until}" if self.until else "",
        ]
        return ", ".join(part for part in parts if part)

    @property
    def is_by_claimant(self) -> bool:
        """Whether single sentences are kept or left out, not only articles."""
        return self.state_sourced is not None or bool(self.claimants or self.without_claimants)

    def admits(self, article: Article, registry: Registry) -> bool:
        """Whether anything of `article` may be cited, as far as its publisher and date tell."""
        published = article.published or ""
        if (self.since or self.until) and not published:
            return False
        if published < (self.since or "") or (self.until and published > self.until):
            return False
        publisher = _known(article.publisher, registry)
        wanted, unwanted = (
            {_known(p, registry) for p in names} for names in (self.publishers, self.without_publishers)
        )
        return (not wanted or publisher in wanted) and publisher not in unwanted

    def admits_sentence(self, article: Article, span: SentenceSpan, registry: Registry) -> bool:
        """Whether a sentence of an article that is admitted may be cited."""
        if not self.is_by_claimant:
            return True
        told = registry.is_state_sourced(span.claimants, article.publisher)
        if self.state_sourced and not told:
            return False
        if self.state_sourced is False and (told or registry.is_state_sourced([span.may_relay or ""], None)):
            return False
        claimants = {_known(c.removeprefix("name:"), registry) for c in span.claimants} or {PUBLISHER}
        wanted, unwanted = ({_known(c, registry) for c in names} for names in (self.claimants, self.without_claimants))
        return (not wanted or bool(claimants & wanted)) and not claimants & unwanted

    def sentences(self, article: Article, registry: Registry) -> list[SentenceSpan]:
        """The sentences of `article` that may be cited."""
        if not self.admits(article, registry):
            return []
        return [span for span in article.sentences if self.admits_sentence(article, span, registry)]


def admitted_passages(index: ArticleIndex, kept: Filter, current: CurrentClaimants) -> frozenset[str]:
    """Ids of the passages in which a sentence begins that `kept` admits."""
    found: set[str] = set()
    for revision, article in filtered(index, kept, current):
        starts = [span.start for span in kept.sentences(article, current.registry)]
        for start, end in pairs(article.passage_bounds):
            if any(start <= sentence < end for sentence in starts):
                found.add(span_id(article.id, revision, start, end))
    return frozenset(found)


def filtered(index: ArticleIndex, kept: Filter, current: CurrentClaimants) -> list[tuple[str, Article]]:
    """(revision, article) of those with a sentence that `kept` admits, claimants as they are found now."""
    listing = [(r, a) for r, a in index.listing() if kept.admits(a, current.registry)]
    if not kept.is_by_claimant:
        return listing
    stale = [a.id for _, a in listing if not current.is_current(a)]
    anew = {i: current.of(a) for i, a in (index.articles(stale) if stale else {}).items()}
    listing = [(r, anew.get(a.id, a)) for r, a in listing]
    return [(r, a) for r, a in listing if kept.sentences(a, current.registry)]


def _known(name: str | None, registry: Registry) -> str | None:
    """An id for a name or an id of a registered entity, else the name folded."""
    if not name:
        return None
    entity = registry.get(name) or registry.named(name, ambiguous=True) or registry.publisher(name)
    return entity.id if entity else folded(name.removeprefix("name:"))


def _said(what: str, names: Iterable[str]) -> str:
    return what + " or ".join(names) if names else ""


Admits = Callable[[Article, SentenceSpan], bool]
"""Whether a sentence may be cited."""
