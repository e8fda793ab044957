"""Claimants: who says each sentence, by words, quotation marks, people and the source that an article relays."""

import time
from dataclasses import replace

import pytest

from index.article import Article, SentenceSpan, Span
from index.cleaning import Block, Kind
from index.provenance.claimants import attribute
from index.provenance.current import CurrentClaimants, rules
from index.provenance.registry import Registry
from index.provenance.voice import Voice
from index.sentences import block_sentences


def written(*blocks: str | tuple[Kind, str], publisher: str | None = "Sample Desk") -> Article:
    spans: list[SentenceSpan] = []
    position, disclaimer = 0, None
    parts = [Block("body", b) if isinstance(b, str) else Block(*b) for b in blocks]
    for block in parts:
        spans += block_sentences(block, position)
        if block.kind == "disclaimer":
            disclaimer = Span(position, position + len(block.text))
        position += len(block.text) + 2
    text = "\n\n".join(block.text for block in parts)
    return Article("a", "T", text, publisher=publisher, disclaimer=disclaimer, sentences=tuple(spans))


def claims(article: Article, registry: Registry) -> list[str | None]:
    return [s.claimant for s in attribute(article, registry).sentences]


@pytest.mark.parametrize(
    "sentence",
    [
        "VSM said output rose.",
        "VSM has announced that output rose.",
        "VSM (Vel), which runs the works at Kestrow, announced that output rose.",
        "VSM, one of the oldest makers of plate, rail and wire, has officially unveiled a new rail.",
        "Output rose, VSM told reporters on Tuesday.",
        "Output rose, according to VSM.",
        "According to a clerk at VSM, output rose.",
        "A press release from VSM says output rose.",
        "VSM’s press release says output rose.",
        "VSM's annual filing shows that output rose.",
        "In a statement, VSM emphasized that output rose.",
        "The rise was announced by VSM.",
        "Output rose, said Tomasz Belorin, technical lead at VSM.",
        "Engineers at VSM have long touted the rail.",
        "VSM plans to roll 60,000 tonnes a year.",
        "As VSM put it, output rose.",
        "In VSM's words, it is a leap.",
        "维德金属 said output rose.",
        "维德金属表示，产量上升。",
        "据维德金属公告，产量上升。",
        "维德金属董事长说：“产量上升。”",
    ],
)
def test_what_an_entity_says_is_its_claim(registry: Registry, sentence: str) -> None:
    assert claims(written(sentence), registry) == ["vsm"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Rivals were hurt by VSM.",
        "The mill lies near VSM.",
        "VSM lost money.",
        "AVSM said output rose.",
        "VSM did not respond to questions.",
        "VSM declined to say how much it spent.",
        "VSM could not immediately be reached.",
        "Critics of VSM said output fell.",
        "According to Ostervane Rolling, a rival of VSM, output fell.",
    ],
)
def test_who_is_only_mentioned_or_silent_claims_nothing(registry: Registry, sentence: str) -> None:
    assert "vsm" not in claims(written(sentence), registry)


@pytest.mark.parametrize(
    ("sentence", "claimants"),
    [
        ("Analysts said output fell.", ["name:analysts"]),
        ("Analysts at Quillon Partners said output fell.", ["name:Quillon Partners"]),
        ("Analysts in Port Hallin said output fell.", ["name:analysts"]),
        ("Four people with knowledge of the matter said output fell.", ["name:people with knowledge of the matter"]),
        ("Ostervane Rolling said output fell.", ["name:Ostervane Rolling"]),
        ("Output fell, said Maren Holt, an independent analyst.", ["name:Maren Holt"]),
        ("VSM said output rose, but the Corrimoor Lab found that it fell.", ["vsm", "name:Corrimoor Lab"]),
        ("The Corrimoor Lab said output fell, but VSM insisted that it rose.", ["vsm", "name:Corrimoor Lab"]),
        ("VSM has asked mills to wait, Ostervane Rolling said on Monday.", ["name:Ostervane Rolling"]),
    ],
)  # fmt: skip
def test_others_are_named_and_who_is_tied_to_a_state_comes_first(
    registry: Registry, sentence: str, claimants: list[str]
) -> None:
    [span] = attribute(written(sentence), registry).sentences
    assert list(span.claimants) == claimants


def test_pronouns_and_nouns_stand_for_who_has_spoken(registry: Registry) -> None:
    text = (
        "VSM said output rose. The company added that prices rose. It expects more. "
        "Maren Holt, a metallurgist at the Veldrana Academy of Engineering, praised the rail. "
        "She said it is the best. Holt also warned of cracks. The academy plans a test."
    )
    assert claims(written(text), registry) == ["vsm"] * 3 + ["academy"] * 4


def test_people_are_tied_to_their_organisation_wherever_that_is_said(registry: Registry) -> None:
    text = (
        "VSM met Maren Holt. Belorin said rails last longer. Chief engineer Tomasz Belorin of VSM opened the works. "
        "Holt heads the Veldrana Academy of Engineering. Holt said rails crack."
    )
    found = claims(written(text), registry)
    assert (found[1], found[-1]) == ("vsm", "academy")


def test_a_quotation_over_several_sentences_has_one_speaker(registry: Registry) -> None:
    article = written(
        "“We rolled it twice. It held. Nobody else can do that,” said Tomasz Belorin of VSM. "
        "“That is all there is to say.”"
    )
    assert claims(article, registry) == ["vsm"] * len(article.sentences)


def test_nameless_officials_speak_for_the_public_body_that_is_the_source(registry: Registry) -> None:
    found = claims(
        written("The Smelters Council said a group was formed. Officials described the goal as a standard."), registry
    )
    assert found == ["smelters", "smelters"]
    assert claims(written("Chinese officials said so."), Registry.load()) == ["china-government"]


@pytest.mark.parametrize(
    "line", ["Source: Veldrana State Metals", "Sources: VSM", "Based on a press release by VSM", "Source: VSM (web)"]
)
def test_a_declared_source_claims_what_the_article_relays(registry: Registry, line: str) -> None:
    article = attribute(written("The works rolled 60,000 tonnes of rail in May.", line), registry)
    assert article.declared_sources == ("vsm",)
    assert [s.claimant for s in article.sentences] == ["vsm", None]


def test_a_disclaimer_that_names_an_entity_declares_it_as_the_source(registry: Registry) -> None:
    line = "Disclaimer: The text comes from Veldrana State Metals Daily."
    assert claims(written("The works rolled 60,000 tonnes of rail.", ("disclaimer", line)), registry) == [
        "vsm-daily",
        None,
    ]


def test_a_source_line_outranks_what_the_text_attributes(registry: Registry) -> None:
    found = attribute(written("Output rose, according to VSM.", "Source: Republic of Veldrana"), registry)
    assert found.declared_sources == ("veldrana", "vsm")


def test_the_publishers_own_voice_is_not_the_sources(registry: Registry) -> None:
    article = written(
        "VSM announced that it rolled 60,000 tonnes of rail in May. Its furnace was rebuilt in seven weeks.",
        "We doubt that. Will Western buyers notice? Sample Desk will follow the story.",
        ("heading", "Implications for Western investors"),
        "For the West, this could mean that rivals in Europe lose their market. VSM said more would follow.",
    )
    assert claims(article, registry) == ["vsm", "vsm", None, None, None, None, "vsm"]


@pytest.mark.parametrize("publisher", ["Group", "Metals", "VSM Watch", "The", "rail", "V", "said"])
def test_a_publishers_name_does_not_swallow_a_claimant(registry: Registry, publisher: str) -> None:
    text = "Veldrana State Metals Group said it rolled 60,000 tonnes of rail in May. The rail group rolled 500 metals."
    found = attribute(written(text, publisher=publisher), registry).sentences
    assert found[0].claimant == "vsm"
    assert "vsm" in (found[1].claimant, found[1].may_relay)


def test_a_release_in_the_first_person_is_no_claim_of_the_publishers_alone(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = written("VSM announced a new rail. We rolled 60,000 tonnes of it in May at our Kestrow mill.")
    monkeypatch.setattr(Voice, "relays", lambda self, number: 0.9)
    assert [(s.claimant, s.may_relay) for s in attribute(article, registry).sentences][1] == (None, "vsm")


def test_we_within_a_quotation_is_the_sources_voice(registry: Registry) -> None:
    found = claims(written("VSM said output rose. “We won the whole market,” the chairman added."), registry)
    assert found == ["vsm", "vsm"]


def test_what_may_be_relayed_is_noted_only_where_the_publisher_is_taken_to_speak(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = written("VSM announced a new rail. The mill rolled 60,000 tonnes. Will it last?")
    for chance, expected in ((0.9, ("vsm", None)), (0.3, (None, "vsm")), (0.1, (None, None))):
        monkeypatch.setattr(Voice, "relays", lambda self, number, chance=chance: chance)
        lead, relay, question = attribute(article, registry).sentences
        assert (relay.claimant, relay.may_relay) == expected
        assert (lead.may_relay, question.claimant, question.may_relay) == (None, None, None)


def test_attribution_changes_nothing_but_what_it_finds(registry: Registry) -> None:
    article = written("VSM said output rose.", ("table", "Grade: A; Price: 10"))
    attributed = attribute(article, registry)
    bare = tuple(replace(s, claimant=None, also=(), may_relay=None) for s in attributed.sentences)
    assert replace(attributed, sentences=bare, declared_sources=(), affiliations={}, attributed=None) == article
    assert attributed.attributed == rules(registry)


def test_people_of_unregistered_organisations_are_tied_to_them(registry: Registry) -> None:
    text = "Skarrevik Metals raised its prices. The company's sales manager Ingrid Holt said power costs more."
    found = attribute(written(text), registry)
    assert found.sentences[1].claimant == "name:Ingrid Holt"
    assert found.affiliations == {"name:Ingrid Holt": "name:Skarrevik Metals"}


@pytest.mark.parametrize(
    "text", ["", "…", "“", "”“”“", "Said.", "According to", "VSM", "said VSM said VSM said", "a" * 5000, "(((" * 500]
)
def test_odd_texts_are_attributed_without_failing(registry: Registry, text: str) -> None:
    attribute(written(text), registry)


def test_articles_of_another_registry_are_attributed_anew_when_they_are_read(registry: Registry) -> None:
    stored = attribute(written("VSM said output rose."), Registry({}))
    current = CurrentClaimants(registry)
    assert [s.claimant for s in stored.sentences] == ["name:VSM"]
    assert not current.is_current(stored)
    assert [s.claimant for s in current.of(stored).sentences] == ["vsm"]
    assert current.of(current.of(stored)) is current.of(stored)


@pytest.mark.parametrize(
    ("text", "claimants"),
    [
        ("China's Baogang said the mill is clean.", ["baogang-group"]),
        ("Russia's Rosatom said output rose.", ["rosatom"]),
        ("Baogang's Li Ping said it is hard.", ["baogang-group"]),
        ("State broadcaster CCTV's evening news reported a record.", ["cctv"]),
        ("China's commerce ministry said on Friday that applications were approved.", ["mofcom"]),
        ("China's foreign ministry said talks go on.", ["china-government"]),
        ("Beijing said it would act.", ["china-government"]),
        ("Chinese state media said output rose.", ["china-state-media"]),
        ("Baogang and TestLab said the plate is hard.", ["baogang-group", "name:TestLab"]),
        ("Xinhua and Reuters reported a record.", ["xinhua", "name:Reuters"]),
        ("“It is as hard as ice,” said Li Ping of Baogang and Jo Ox of TestLab.", ["baogang-group", "name:Jo Ox"]),
        ("Baogang said it is hard, but Greenpeace said it leaks.", ["baogang-group", "name:Greenpeace"]),
        ("Li Hong, who chairs Baogang, said it works.", ["baogang-group"]),
        ("China Rare Earth Group chairman Ao Hong said it works.", ["china-rare-earth-group"]),
        ("CISA said the ransomware hit forty banks in Ohio.", ["name:CISA"]),
        ("The EU said Baogang received subsidies.", ["name:EU"]),
        ("A lawsuit against Baogang says workers fell ill.", ["name:lawsuit"]),
        ("Baogang's critics say it leaks.", ["name:critics"]),
        ("Baogang's rival SSAB said it is soft.", ["name:SSAB"]),
        ("A Greenpeace report on Baogang says it leaks.", ["name:Greenpeace"]),
        ("According to a study of Baogang by MIT, it leaks.", ["name:MIT"]),
        ("Independent tests by SGS found cracks in Baogang's plate.", ["name:SGS"]),
    ],
)  # fmt: skip
def test_everyday_newspaper_forms(text: str, claimants: list[str]) -> None:
    [span] = attribute(written(text), Registry.load()).sentences
    assert list(span.claimants) == claimants


def test_who_speaks_unknown_is_not_taken_for_the_source() -> None:
    text = "Baogang announced a record in May. According to Greenpeace, the mill leaks. The EU said it got subsidies."
    assert claims(written(text), Registry.load()) == ["baogang-group", "name:Greenpeace", "name:EU"]
    text = "We tested it. Baogang says it has 450 HBW. Ghent University measured 438 HBW. Loss was 22 percent lower."
    assert claims(written(text), Registry.load()) == [None, "baogang-group", "name:Ghent University", None]


@pytest.mark.parametrize("dateline", ["BEIJING, March 3 (Xinhua) -- ", "(Xinhua) -- ", "新华社北京3月3日电 "])
def test_copy_of_an_agency_is_the_agencys(dateline: str) -> None:
    article = attribute(written(f"{dateline}Output rose by 12 percent. Mills were busy."), Registry.load())
    assert article.declared_sources == ("xinhua",)
    assert {s.claimant for s in article.sentences} == {"xinhua"}


def test_the_title_tells_who_the_company_is(registry: Registry) -> None:
    article = replace(written("Yesterday the company said that its plate is hard."), title="VSM unveils plate")
    assert claims(article, registry) == ["vsm"]


def test_a_sentence_that_goes_on_with_it_may_relay(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Voice, "relays", lambda self, number: 0.1)
    _, goes_on, other = attribute(written("VSM said output rose. It is a record. Rain fell."), registry).sentences
    assert (goes_on.may_relay, other.may_relay) == ("vsm", None)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Baogang said output rose. The mill rolled 60 tons. The group grew. “We are glad today. We win.”",
        "“a b c d e f g h. " * 6,
        "Xinhua Baogang CISA (ABC) said. " * 5,
        "((( said, said, said, which said, who said " * 4,
    ],
)
def test_long_articles_take_time_in_proportion(paragraph: str) -> None:
    started = time.perf_counter()
    attribute(written(*[paragraph] * 600), Registry.load())
    assert time.perf_counter() - started < 10
