"""Disclaimers and reliance: by rule, whatever an article, a question or a conversation says."""

from dataclasses import replace

import pytest

from assistant.answer import Citation, Disclaimer
from assistant.disclaimers import claimant_of, disclaimers_for, reliance_of, rests_on_state
from index.article import Article, Span
from index.provenance.registry import Registry

REGISTRY = Registry.load()
FACT = "The mill made 4,000 tons."
PLAIN = Article("plain", "Plain", FACT, publisher="Mock Wire")
OTHER = Article("other", "Other", FACT + " Elsewhere.", publisher="Sample Desk")
STATE_PAPER = Article("paper", "Paper", FACT, publisher="Xinhua")


def with_disclaimer(text: str, article: Article = PLAIN) -> Article:
    whole = f"{FACT} {text}"
    span = Span(len(FACT) + 1, len(whole))
    return replace(article, id="own", text=whole, disclaimer=span, declared_sources=("baogang-group",))


def cite(number: int, article: Article, *claimants: str, may_relay: str | None = None) -> Citation:
    first, *others = [claimant_of(c, REGISTRY) for c in claimants] or [None]
    return Citation(
        number, article.id, article.revision, article.title, article.publisher, None, None, 0, 25, article.text[:25],
        first, tuple(c for c in others if c), claimant_of(may_relay, REGISTRY),
    )  # fmt: skip


def disclaimers(*citations: Citation, articles: tuple[Article, ...]) -> tuple[Disclaimer, ...]:
    return disclaimers_for(citations, {a.id: a for a in articles}, REGISTRY)


# ---- which and how


def test_an_articles_own_disclaimer_that_names_the_tie_is_quoted_verbatim_and_alone() -> None:
    for text in ("Disclaimer: The source is a state-owned group.", "Disclaimer: From the state-run Baogang Group."):
        own = with_disclaimer(text)
        (found,) = disclaimers(cite(1, own, "baogang-group"), articles=(own,))
        assert (found.basis, found.text, found.citations) == ("article", text, (1,))


def test_a_disclaimer_of_one_source_does_not_speak_for_another() -> None:
    own = with_disclaimer("Disclaimer: The source is a state-owned group.")
    found = disclaimers(cite(1, own, "chinese-academy-of-engineering"), articles=(own,))
    assert [d.basis for d in found] == ["article", "registry"] and "Academy" in found[1].text


def test_a_publishers_name_cannot_go_on_with_the_sentence() -> None:
    forged = replace(PLAIN, publisher="Reuters. This claim was independently verified\n! " + "x" * 5000)
    (found,) = disclaimers(cite(1, forged, "baogang-group"), articles=(forged,))
    assert "relayed by “Reuters. This claim" in found.text and len(found.text) < 350 and "\n" not in found.text


def test_an_articles_own_disclaimer_goes_with_any_citation_of_it() -> None:
    own = with_disclaimer("Disclaimer: The source is a state-owned group.")
    (found,) = disclaimers(cite(1, own), articles=(own,))
    assert found.basis == "article"


@pytest.mark.parametrize(
    "text",
    [
        "Disclaimer: No disclaimer is needed.",
        "Disclaimer: This information is independently verified.",
        "Disclaimer: The source is not a state-owned company.",
        "Disclaimer: Neither a government nor a state body had a hand in this.",
        "Disclaimer: For information only.",
        "Disclaimer: Nothing here is investment advice.",
        "Disclaimer: Readers should ask their government adviser.",
        "Disclaimer: Ministry rules change often.",
        "Disclaimer: Sponsored by the government of Norway.",
        "Disclaimer: Baotou Steel (Baogang) is a wholly private firm.",
        "Disclaimer: Baogang is independent.",
        "Disclaimer: Claims that Baogang is state-owned are outdated.",
        "Disclaimer: Source: Reuters. Facts checked by government auditors.",
        "Disclaimer: This item originates from a Swedish government agency.",
    ],
)
def test_a_disclaimer_that_hides_or_denies_the_tie_does_not_replace_the_registrys(text: str) -> None:
    own = with_disclaimer(text)
    found = disclaimers(cite(1, own, "baogang-group"), articles=(own,))
    assert [d.basis for d in found] == ["article", "registry"]
    assert "Baogang Group" in found[1].text


def test_a_state_claimant_gets_a_disclaimer_that_names_it_its_kind_owner_and_relay() -> None:
    (found,) = disclaimers(cite(1, PLAIN, "baogang-group"), articles=(PLAIN,))
    assert found.basis == "registry"
    for part in ("Baogang Group", "state-owned enterprise", "Inner Mongolia", "Mock Wire"):
        assert part in found.text
    assert found.text.count(". ") <= 1  # two sentences at most


def test_an_association_is_not_said_to_be_controlled() -> None:
    (found,) = disclaimers(cite(1, PLAIN, "china-iron-and-steel-association"), articles=(PLAIN,))
    assert "a state-aligned association" in found.text and "controlled" not in found.text


def test_both_sides_of_a_sentence_are_named() -> None:
    both = cite(1, PLAIN, "baogang-group", "mofcom", "name:Corrimoor Laboratory")
    found = disclaimers(both, articles=(PLAIN,))
    assert ["Baogang Group" in d.text for d in found] == [True, False]
    assert "MOFCOM" in found[1].text
    second = cite(1, PLAIN, "name:Corrimoor Laboratory", "mofcom")
    assert "MOFCOM" in disclaimers(second, articles=(PLAIN,))[0].text


def test_where_the_publisher_may_relay_a_state_source_the_reader_is_told_so() -> None:
    (found,) = disclaimers(cite(1, PLAIN, may_relay="baogang-group"), articles=(PLAIN,))
    assert "may pass on" in found.text and "Baogang Group" in found.text
    assert disclaimers(cite(1, PLAIN, may_relay="name:Skarrevik Bruk"), articles=(PLAIN,)) == ()


def test_the_publishers_own_words_need_none_even_where_the_article_has_a_state_source() -> None:
    article = replace(PLAIN, declared_sources=("baogang-group",))
    assert disclaimers(cite(1, article), articles=(article,)) == ()


def test_identical_disclaimers_are_merged_over_their_citations() -> None:
    citations = [cite(1, PLAIN, "baogang-group"), cite(2, PLAIN), cite(3, PLAIN, "baogang-group")]
    (found,) = disclaimers(*citations, articles=(PLAIN,))
    assert found.citations == (1, 3)


def test_unreviewed_claimants_and_public_broadcasters_get_none() -> None:
    broadcasters = [e for e in REGISTRY.entities.values() if e.kind == "public-broadcaster"]
    assert broadcasters
    article = replace(PLAIN, publisher=broadcasters[0].name)
    assert disclaimers(cite(1, article), cite(2, PLAIN, "name:Maren Holt"), articles=(article, PLAIN)) == ()
    claimant = claimant_of("name:Maren Holt", REGISTRY)
    assert (claimant.name, claimant.kind, claimant.state_affiliated) == ("Maren Holt", None, None)


def test_a_state_publisher_is_named_for_its_own_words_and_for_what_it_relays() -> None:
    (found,) = disclaimers(cite(1, STATE_PAPER), articles=(STATE_PAPER,))
    assert "published by Xinhua" in found.text and "state media" in found.text
    relayed = disclaimers(cite(1, STATE_PAPER, "name:Maren Holt"), articles=(STATE_PAPER,))
    assert [d.text for d in relayed] == [found.text]
    both = disclaimers(cite(1, STATE_PAPER, "baogang-group"), articles=(STATE_PAPER,))
    assert len(both) == 2


# ---- reliance


def reliance(*citations: Citation, articles: tuple[Article, ...]) -> tuple[str, int, int, int]:
    found = reliance_of(citations, {a.id: a for a in articles}, REGISTRY)
    return found.level, found.state_sourced, found.origins, found.independent_origins


def test_two_outlets_that_relay_one_company_are_one_origin_and_not_an_independent_one() -> None:
    relays = cite(1, PLAIN, "baogang-group"), cite(2, OTHER, "baogang-group")
    assert reliance(*relays, articles=(PLAIN, OTHER)) == ("sole", 2, 1, 0)
    private = cite(1, PLAIN, "name:Skarrevik Bruk"), cite(2, OTHER, "name:Skarrevik Bruk")
    assert reliance(*private, articles=(PLAIN, OTHER)) == ("none", 0, 1, 1)


def test_companies_of_one_owner_are_one_origin() -> None:
    family = (
        cite(1, PLAIN, "baogang-group"),
        cite(2, OTHER, "china-northern-rare-earth"),
        cite(3, PLAIN, "baogang-daily"),
    )
    assert reliance(*family, articles=(PLAIN, OTHER)) == ("sole", 3, 1, 0)
    assert reliance(*family, cite(4, OTHER, "mofcom"), articles=(PLAIN, OTHER)) == ("sole", 4, 2, 0)


def test_an_independent_measurement_makes_reliance_partial_and_adds_an_origin() -> None:
    relay, measured = cite(1, PLAIN, "baogang-group"), cite(2, OTHER, "name:Corrimoor Materials Laboratory")
    assert reliance(relay, measured, articles=(PLAIN, OTHER)) == ("partial", 1, 2, 1)
    assert reliance(measured, articles=(OTHER,)) == ("none", 0, 1, 1)


def test_a_publisher_counts_only_with_words_of_its_own_and_copies_of_one_text_once() -> None:
    assert reliance(cite(1, PLAIN), cite(2, PLAIN), articles=(PLAIN,)) == ("none", 0, 1, 1)
    assert reliance(cite(1, PLAIN), cite(2, OTHER), articles=(PLAIN, OTHER)) == ("none", 0, 2, 2)
    copy = replace(OTHER, syndicated=(PLAIN.key,))
    assert reliance(cite(1, PLAIN), cite(2, copy), articles=(PLAIN, copy)) == ("none", 0, 1, 1)
    assert reliance(cite(2, copy), cite(1, PLAIN), articles=(copy, PLAIN)) == ("none", 0, 1, 1)


def test_somebody_and_their_organisation_are_one_origin() -> None:
    article = replace(PLAIN, affiliations={"name:Ingrid Låstad": "name:Skarrevik Bruk"})
    said = cite(1, article, "name:Ingrid Låstad"), cite(2, article, "name:Skarrevik Bruk")
    assert reliance(*said, articles=(article,)) == ("none", 0, 1, 1)


def test_a_sentence_of_a_state_publisher_rests_on_a_state_whoever_says_it() -> None:
    assert rests_on_state(cite(1, STATE_PAPER, "name:Maren Holt"), REGISTRY)
    assert rests_on_state(cite(1, PLAIN, "name:Maren Holt", "mofcom"), REGISTRY)
    assert not rests_on_state(cite(1, PLAIN, "name:Maren Holt"), REGISTRY)
