from dataclasses import replace

from assistant.answer import Citation
from assistant.disclaimers import claimant_of, disclaimers_for, reliance_of
from index.article import Article, Span
from index.provenance import Registry

REGISTRY = Registry.load()
TEXT = "The mill made 4,000 tons. Disclaimer: The source is owned by a state."
OWN = Article(
    "own", "Own", TEXT, publisher="Mock Wire", disclaimer=Span(26, len(TEXT)), declared_sources=("baogang-group",)
)
RELAY = Article(
    "relay", "Relay", "The mill made 4,000 tons.", publisher="Mock Wire", declared_sources=("baogang-group",)
)
PLAIN = Article("plain", "Plain", "The mill made 4,000 tons.", publisher="Mock Wire")
STATE_PAPER = Article("paper", "Paper", "The mill made 4,000 tons.", publisher="Xinhua")
ARTICLES = {a.id: a for a in (OWN, RELAY, PLAIN, STATE_PAPER)}


def cite(number: int, article: Article, claimant: str | None = None) -> Citation:
    return Citation(
        number, article.id, article.revision, article.title, article.publisher, None, None, 0, 25, article.text[:25],
        claimant_of(claimant, REGISTRY),
    )  # fmt: skip


def test_an_articles_own_disclaimer_is_quoted_verbatim_and_alone() -> None:
    (found,) = disclaimers_for([cite(1, OWN, "baogang-group")], ARTICLES, REGISTRY)
    assert (found.basis, found.text) == ("article", "Disclaimer: The source is owned by a state.")


def test_a_state_claimant_gets_a_disclaimer_that_names_it_its_kind_owner_and_relay() -> None:
    (found,) = disclaimers_for([cite(1, RELAY, "baogang-group")], ARTICLES, REGISTRY)
    assert found.basis == "registry"
    for part in ("Baogang Group", "state-owned enterprise", "Inner Mongolia", "Mock Wire"):
        assert part in found.text


def test_a_declared_state_source_is_named_even_where_the_sentence_is_the_publishers() -> None:
    (found,) = disclaimers_for([cite(1, RELAY)], ARTICLES, REGISTRY)
    assert "Baogang Group" in found.text


def test_identical_disclaimers_are_merged_over_their_citations() -> None:
    citations = [cite(1, RELAY, "baogang-group"), cite(2, PLAIN), cite(3, RELAY, "baogang-group")]
    (found,) = disclaimers_for(citations, ARTICLES, REGISTRY)
    assert found.citations == (1, 3)


def test_an_article_without_state_source_has_none() -> None:
    assert disclaimers_for([cite(1, PLAIN), cite(2, PLAIN, "name:Maren Holt")], ARTICLES, REGISTRY) == ()


def test_a_state_publisher_speaking_for_itself_is_named() -> None:
    (found,) = disclaimers_for([cite(1, STATE_PAPER)], ARTICLES, REGISTRY)
    assert "Xinhua" in found.text and "state media" in found.text


def test_a_public_broadcaster_gets_no_disclaimer() -> None:
    broadcasters = [e for e in REGISTRY.entities.values() if e.kind == "public-broadcaster"]
    assert broadcasters
    article = replace(PLAIN, publisher=broadcasters[0].name)
    assert disclaimers_for([cite(1, article)], {article.id: article}, REGISTRY) == ()


def test_reliance_counts_state_sentences_and_other_origins_once() -> None:
    citations = [cite(1, RELAY, "baogang-group"), cite(2, PLAIN), cite(3, PLAIN)]
    reliance = reliance_of(citations, REGISTRY)
    assert (reliance.cited, reliance.state_sourced, reliance.level, reliance.independent_origins) == (
        3,
        1,
        "partial",
        1,
    )
    assert reliance_of(citations[:1], REGISTRY).level == "sole"
    assert reliance_of(citations[1:], REGISTRY).level == "none"


def test_a_claimant_outside_the_registry_is_unreviewed_and_not_independent() -> None:
    claimant = claimant_of("name:Maren Holt", REGISTRY)
    assert claimant is not None
    assert (claimant.name, claimant.kind, claimant.state_affiliated) == ("Maren Holt", None, None)
