"""Mentions: whole words, the longest alias first, case rules, and context where a name has several bearers."""

import pytest

from index.provenance.mentions import find_mentions
from index.provenance.registry import Registry


def named(text: str, registry: Registry) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.entity.id) for m in find_mentions(text, registry)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Veldrana State Metals Daily wrote it", [("Veldrana State Metals Daily", "vsm-daily")]),
        ("VSM and Veldrana Metals agree", [("VSM", "vsm"), ("Veldrana Metals", "vsm")]),
        ("VSM’s mill and VSM's yard", [("VSM", "vsm"), ("VSM", "vsm")]),
        ("AVSM, VSMs, Velvet, Vels, vsm and vel", []),
        ("(VSM)", [("VSM", "vsm")]),
        ("VSM-made plates", [("VSM", "vsm")]),
        ("VELDRANA STATE METALS SPEAKS", [("VELDRANA STATE METALS", "vsm")]),
        ("veldrana state metals", []),
        ("Veldrana  State\nMetals", [("Veldrana  State\nMetals", "vsm")]),
        ("昨天维德金属公司宣布", [("维德金属", "vsm")]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_mentions_are_whole_words_and_the_longest_alias_wins(
    registry: Registry, text: str, found: list[tuple[str, str]]
) -> None:
    assert named(text, registry) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SCO warned of scarce ore.", ["smelters"]),
        ("SCO warned of cyber attacks on ore traders.", []),
        ("SCO warned of rain.", []),
        ("The Smelters Council met. SCO warned of rain.", ["smelters", "smelters"]),
        ("The Smelters Council (SCO) met. SCO warned of rain.", ["smelters"] * 3),
        ("The Summer Camp Office (SCO) met ore miners. SCO warned of rain.", []),
    ],
)
def test_a_name_with_several_bearers_is_told_by_its_context(registry: Registry, text: str, found: list[str]) -> None:
    assert [i for _, i in named(text, registry)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CISA said mills cut steel output.", "china-iron-and-steel-association"),
        ("CISA, the US agency, said malware hit steel mills.", None),
        ("The Cybersecurity and Infrastructure Security Agency (CISA) warned Chinese mills. CISA said more.", None),
        ("CSRE held its rare earth forum.", "chinese-society-of-rare-earths"),
        ("The Centre for Sustainable Road Engineering (CSRE) tested rare earth dyes in China. CSRE paid.", None),
        ("Baogang said output rose.", "baogang-group"),
        ("Baogang, Shanghai's steelmaker, said output rose.", "baosteel"),
        ("宝钢 (Baogang) said output rose.", "baosteel"),
        ("包钢 (Baogang) said output rose.", "baogang-group"),
        ("Baogang Group, listed in Shanghai, said so. In Shanghai, Baogang rose.", "baogang-group"),
        ("India's Ministry of Commerce met.", None),
        ("Beijing's Ministry of Commerce met.", "mofcom"),
        ("Rare Earth Exchanges wrote on Baotou.", None),
        ("Samples stayed at RT in the laboratory.", None),
        ("CCTV cameras filmed the yard.", None),
        ("Northern rare earth resources are large.", None),
    ],
)
def test_ambiguous_names_of_the_bundled_registry(text: str, found: str | None) -> None:
    last = [i for _, i in named(text, Registry.load())][-1:]
    assert last == ([found] if found else [])


def test_a_short_form_that_the_text_defines_means_what_is_written_there(registry: Registry) -> None:
    text = "The Veldrana Academy of Engineering (VAE) spoke. VAE is old."
    assert [i for _, i in named(text, registry)] == ["academy", "academy", "academy"]
    assert named("VAE is old.", registry) == []
