"""The registry of state entities, and who claims each sentence."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article, SentenceSpan, Span
from index.cleaning import Block, Kind
from index.errors import RegistryError
from index.provenance import KINDS, Registry, attribute
from index.sentences import block_sentences

VALID = """
[[entity]]
id = "vsm"
name = "Veldrana State Metals"
kind = "state-owned-enterprise"
country = "XV"
owner = "veldrana"
basis = "The treasury of Veldrana holds every share."
disclaim = true
aliases = ["VSM", "Veldrana Metals", "Vel", "维德金属"]

[[entity]]
id = "vsm-daily"
name = "Veldrana State Metals Daily"
kind = "state-media"
country = "XV"
owner = "vsm"
basis = "The works prints it."
disclaim = true

[[entity]]
id = "veldrana"
name = "Republic of Veldrana"
kind = "government-body"
country = "XV"
owner = "its citizens"
basis = "A state."
disclaim = false
"""


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return load(tmp_path, VALID)


def load(folder: Path, toml: str) -> Registry:
    file = folder / "registry.toml"
    file.write_text(toml)
    return Registry.load(file)


# ---- the registry


def test_the_bundled_registry_loads_and_every_owner_can_be_named() -> None:
    registry = Registry.load()
    assert len(registry.entities) > 20
    assert {e.kind for e in registry.entities.values()} <= set(KINDS)
    assert all(registry.owner_name(e).strip() for e in registry.entities.values())


def test_every_name_in_the_bundled_registry_finds_its_entity() -> None:
    registry = Registry.load()
    for entity in registry.entities.values():
        for name in (entity.name, *entity.aliases):
            assert [e.id for _, _, e in registry.find(f"Yesterday {name} spoke.")] == [entity.id], name
            assert registry.named(name) == entity


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        (VALID.replace('"state-media"', '"tabloid"'), "vsm-daily has the kind 'tabloid'"),
        (VALID.replace('kind = "state-media"', "kind = []"), "vsm-daily"),
        (VALID.replace('basis = "The works prints it."\n', ""), "vsm-daily lacks basis"),
        (VALID.replace('id = "vsm-daily"\n', ""), "Veldrana State Metals Daily lacks id"),
        (VALID.replace('id = "vsm-daily"', 'id = "vsm"'), "id 'vsm' twice"),
        (VALID.replace('"Republic of Veldrana"', '"vsm"'), "'vsm' to vsm and veldrana"),
        (VALID + 'colour = "red"\n', "veldrana has unknown keys colour"),
        (
            VALID.replace('aliases = ["VSM", "Veldrana Metals", "Vel", "维德金属"]', 'aliases = "VSM"'),
            "vsm has aliases",
        ),
        (VALID.replace('"Vel", ', '"", '), "vsm"),
        (VALID.replace('name = "Veldrana State Metals"', "name = 3"), "vsm"),
        (VALID.replace("disclaim = false", 'disclaim = "no"'), "veldrana"),
        ("[[entity]\n", "cannot be read"),
        ('entity = "vsm"', "registry.toml"),
        ("entity = [1]", "registry.toml"),
        ("entity = {}", "registry.toml"),
        (VALID.replace("[[entity]]", "[[entities]]"), "registry.toml"),
    ],
    ids=[
        "unknown kind",
        "kind of another type",
        "missing key",
        "missing id",
        "id twice",
        "two owners of an alias",
        "unknown key",
        "aliases that are no list",
        "empty alias",
        "name of another type",
        "disclaim that is no truth value",
        "bad TOML",
        "entity that is a string",
        "entities that are numbers",
        "entity that is one table",
        "misspelled table name",
    ],
)
def test_a_malformed_registry_is_refused_with_what_is_wrong(tmp_path: Path, toml: str, named: str) -> None:
    with pytest.raises(RegistryError) as raised:
        load(tmp_path, toml)
    assert named in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_registry_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"nowhere\.toml cannot be read"):
        Registry.load(tmp_path / "nowhere.toml")


def test_an_owner_is_named_by_the_registry_where_it_has_it(registry: Registry) -> None:
    assert registry.owner_name(registry.entities["vsm-daily"]) == "Veldrana State Metals"
    assert registry.owner_name(registry.entities["veldrana"]) == "its citizens"


def test_a_whole_name_is_looked_up_without_regard_to_case_or_width(registry: Registry) -> None:
    for name in ("VSM", "vsm", "ＶＳＭ"):
        assert registry.named(name) == registry.entities["vsm"]
    for unknown in ("VSM Daily", "", None):
        assert registry.named(unknown) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Veldrana State Metals Daily wrote it", [("Veldrana State Metals Daily", "vsm-daily")]),
        ("VSM and Veldrana Metals agree", [("VSM", "vsm"), ("Veldrana Metals", "vsm")]),
        ("VSM’s mill and VSM's yard", [("VSM", "vsm"), ("VSM", "vsm")]),
        ("AVSM, VSMs, Velvet and Vels", []),
        ("(VSM)", [("VSM", "vsm")]),
        ("VSM-made plates", [("VSM", "vsm")]),
        ("昨天维德金属公司宣布", [("维德金属", "vsm")]),
        ("nothing here", []),
    ],
)
def test_mentions_are_whole_words_and_the_longest_alias_wins(
    registry: Registry, text: str, found: list[tuple[str, str]]
) -> None:
    assert [(text[start:end], e.id) for start, end, e in registry.find(text)] == found


# ---- claimants


def written(*blocks: str | tuple[Kind, str], publisher: str | None = None) -> Article:
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


def claims(article: Article, registry: Registry) -> list[tuple[str, str | None]]:
    attributed = attribute(article, registry)
    return [(attributed.text[s.start : s.end], s.claimant) for s in attributed.sentences]


@pytest.mark.parametrize(
    "sentence",
    [
        "VSM said output rose.",
        "VSM has announced that output rose.",
        "VSM (Vel), which runs the works at Kestrow, announced that output rose.",
        "Output rose, according to VSM.",
        "According to a clerk at VSM, output rose.",
        "A press release from VSM says output rose.",
        "VSM’s press release says output rose.",
        "VSM's annual filing shows that output rose.",
        "The rise was announced by VSM.",
        "维德金属 said output rose.",
    ],
)
def test_what_an_entity_says_is_its_claim_and_so_is_what_follows(registry: Registry, sentence: str) -> None:
    found = claims(written(f"{sentence} It was a record."), registry)
    assert found == [(sentence, "vsm"), ("It was a record.", "vsm")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Rivals were hurt by VSM.",
        "The mill lies near VSM.",
        "VSM lost money.",
        "VSM did not announce a plan.",
        "AVSM said output rose.",
    ],
)
def test_an_entity_that_is_only_mentioned_claims_nothing(registry: Registry, sentence: str) -> None:
    article = attribute(written(sentence), registry)
    assert article.declared_sources == ()
    assert "vsm" not in article.claimants


@pytest.mark.parametrize(
    "sentence", ["Critics of VSM said output fell.", "According to Ostervane, a rival of VSM, output fell."]
)
def test_what_others_say_about_an_entity_is_not_its_claim(registry: Registry, sentence: str) -> None:
    assert "vsm" not in attribute(written(sentence), registry).claimants


@pytest.mark.parametrize("line", ["Source: Veldrana State Metals", "Sources: VSM", "Source: the daily of VSM"])
def test_a_declared_source_claims_the_whole_article(registry: Registry, line: str) -> None:
    article = attribute(written("Output rose in May.", line), registry)
    assert article.declared_sources == ("vsm",)
    assert article.sentences[0].claimant == "vsm"


def test_a_disclaimer_that_names_an_entity_declares_it_as_the_source(registry: Registry) -> None:
    line = "Disclaimer: The text comes from Veldrana State Metals Daily."
    assert claims(written("Output rose.", ("disclaimer", line)), registry) == [
        ("Output rose.", "vsm-daily"),
        (line, None),
    ]


def test_a_source_line_outranks_what_the_text_attributes(registry: Registry) -> None:
    found = attribute(
        written("Output rose, according to VSM. It was a record.", "Source: Republic of Veldrana"), registry
    )
    assert found.declared_sources == ("veldrana", "vsm")
    assert [s.claimant for s in found.sentences[:2]] == ["vsm", "veldrana"]


def test_an_entity_that_speaks_late_claims_its_sentence_alone(registry: Registry) -> None:
    text = "Output rose. Then it fell. Then it rose. VSM announced a plan. Nobody believed it."
    assert [c for _, c in claims(written(text), registry)] == [None, None, None, "vsm", None]


def test_commentary_below_its_heading_is_the_publishers_own(registry: Registry) -> None:
    found = claims(
        written(
            "VSM said output rose. It was a record.",
            ("heading", "Implications for Western buyers"),
            "Buyers must act. VSM said more would follow.",
            "They have little time.",
            ("heading", "The plan"),
            "The works will grow.",
        ),
        registry,
    )
    assert found[2:] == [
        ("Buyers must act.", None),
        ("VSM said more would follow.", "vsm"),
        ("They have little time.", None),
        ("The works will grow.", "vsm"),
    ]


@pytest.mark.parametrize("sentence", ["We doubt it.", "In our view that is wrong.", "Sample Desk doubts it."])
def test_the_publishers_own_voice_is_not_the_sources_claim(registry: Registry, sentence: str) -> None:
    found = claims(written(f"VSM said output rose. {sentence}", publisher="Sample Desk"), registry)
    assert found[-1] == (sentence, None)


def test_we_within_a_quotation_is_the_sources_voice(registry: Registry) -> None:
    found = claims(written("VSM said output rose. “We won,” the chairman added.", publisher="Sample Desk"), registry)
    assert found[-1] == ("“We won,” the chairman added.", "vsm")


def test_attribution_changes_nothing_but_claimants_and_sources(registry: Registry) -> None:
    article = written("VSM said output rose.", ("table", "Grade: A; Price: 10"), publisher="Sample Desk")
    attributed = attribute(article, registry)
    bare = tuple(replace(s, claimant=None) for s in attributed.sentences)
    assert replace(attributed, sentences=bare, declared_sources=()) == article
    assert attributed.sentences[1].claimant == "vsm"
