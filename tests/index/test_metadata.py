"""The outlet a text names as its own, and the many it does not; the language of a text; a title where none is given."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.cleaning import Block, clean
from index.metadata import detect_language, inferred_title, publisher_in
from index.provenance.registry import Registry

LEAD = "Kormet Bay opened a new furnace on Tuesday, and two hundred people came to watch the first pour."


@pytest.fixture(scope="module")
def is_subject() -> Callable[[str], bool]:
    """Whether the bundled registry knows a name as something else than an outlet."""
    registry = Registry.load()

    def known(name: str) -> bool:
        entity = registry.named(name)
        return entity is not None and entity.kind not in ("state-media", "public-broadcaster")

    return known


# ---- an outlet that names itself


@pytest.mark.parametrize(
    ("words", "publisher"),
    [
        ("Kormet Insider will continue to monitor developments at the port.", "Kormet Insider"),
        ("After the strike, Alloy Observer will continue to report on developments there.", "Alloy Observer"),
        ("Ore Weekly monitors these developments closely. As Ore Weekly has reported, prices fell.", "Ore Weekly"),
        ("The Harbour Gazette has learned that the furnace cost twice as much.", "Harbour Gazette"),
        ("Salt Water News is closely following developments.", "Salt Water News"),
        ("More is to come: Drusmark Dispatch will continue covering the story.", "Drusmark Dispatch"),
        ("Lithium Brief Daily continues to track these developments.", "Lithium Brief Daily"),
        ("Kormet.com can reveal that the furnace cost twice as much.", "Kormet.com"),
        ("“It was hot,” a welder told Plate Times. Plate Times will keep following the story.", "Plate Times"),
        ("Ferrolens has learned that the bill doubled. Ferrolens will continue to follow this story.", "Ferrolens"),
        ("Trade in cerium oxide is up, as Cerium Oxide Letters™ has chronicled.", "Cerium Oxide Letters"),
        ("Trade in tin ore fell. Tin Ore Exchanges (TOEx) has warned policy makers of it.", "Tin Ore Exchanges"),
        (
            "Meanwhile Rare Gas Exchanges has referred to a race for rare gas. "
            "Rare Gas Exchanges is tracking the advancements.",
            "Rare Gas Exchanges",
        ),
    ],
)
def test_an_outlet_that_speaks_of_its_own_reporting_is_the_publisher(
    words: str, publisher: str, is_subject: Callable[[str], bool]
) -> None:
    assert publisher_in(f"{LEAD} {words}", is_subject) == publisher


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("The post Furnace opens in Kormet Bay appeared first on Slag Report.", "Slag Report"),
        ("© 2025 Mock Metals Wire. All rights reserved.", "Mock Metals Wire"),
        ("Copyright © 2024–2025 The Mill Digest. All rights reserved.", "Mill Digest"),
        ("Copyright 2024 Ladle & Tongs", "Ladle & Tongs"),
        ("© Harbour Watchers Weekly 2025", "Harbour Watchers Weekly"),
        ("Copyright 2024 Kormet.com by Quay House LLC. All rights reserved.", "Kormet.com"),
        ("This article first appeared in the Quay Courier.", "Quay Courier"),
        ("This story was originally published by Journal of the Harbour.", "Journal of the Harbour"),
    ],
)
def test_what_the_page_declares_is_the_publisher(line: str, publisher: str, is_subject: Callable[[str], bool]) -> None:
    assert publisher_in(f"{LEAD}\n\n{line}", is_subject) == publisher


@pytest.mark.parametrize(
    ("dateline", "publisher"),
    [
        ("KORMET BAY, March 3 (Xinhua) —", "Xinhua"),
        ("KORMET, 3 March 2025 (Mock Wire) --", "Mock Wire"),
        ("(Mock Wire) -", "Mock Wire"),
        ("KORMET BAY, Drus., Nov. 28, 2025 (Mock Wire) --", "Mock Wire"),
        ("KORMET BAY (AP) —", "AP"),
    ],
)
def test_the_agency_of_a_dateline_is_the_publisher(
    dateline: str, publisher: str, is_subject: Callable[[str], bool]
) -> None:
    assert publisher_in(f"Furnace opens\n\n{dateline} {LEAD}", is_subject) == publisher


def test_what_the_page_declares_goes_before_the_agency_of_its_dateline(is_subject: Callable[[str], bool]) -> None:
    text = f"KORMET BAY, March 3 (Mock Wire) — {LEAD}\n\n© 2025 Quay Courier. All rights reserved."
    assert publisher_in(text, is_subject) == "Quay Courier"


# ---- names that are not the publisher's


@pytest.mark.parametrize(
    "words",
    [
        "Baogang Group has announced a record year. Baogang Group will continue to monitor developments.",
        "Acme Corp will continue to monitor prices.",
        "Acme Corp will continue to monitor developments.",
        "Health Canada will continue to monitor developments.",
        "Canada Post will continue to monitor the situation.",
        "The White House will continue to monitor developments.",
        "The Federal Reserve has warned investors and will continue to monitor developments.",
        "Western Rare Earths will continue to monitor developments in western rare earths.",
        "Encore Wire, a cable maker, will continue to monitor developments.",
        "Encore Wire has reported a profit and will continue to monitor developments.",
        "Northern Lithium's shares rose. Northern Lithium is tracking these developments.",
        "Tesla has learned that parts are short. Tesla will continue to monitor developments.",
        "USA Rare Earth (USAR) will continue to monitor developments.",
        "Kormet Works™ will continue to monitor developments.",
        "Morgan Stanley has warned investors. Morgan Stanley is tracking these developments.",
    ],
)
def test_a_company_or_body_that_watches_the_news_is_not_the_publisher(
    words: str, is_subject: Callable[[str], bool]
) -> None:
    assert publisher_in(f"{LEAD} {words}", is_subject) is None


@pytest.mark.parametrize(
    "words",
    [
        "China Daily reported that the furnace was late.",
        "According to Reuters, the furnace was late.",
        "As China Daily has reported, the furnace was late.",
        "China Daily has reported that it was late, and China Daily has documented why.",
        "Trade in cerium oxide is up, as Cerium Oxide Salts has documented.",
        "The furnace was late, as The New York Times has chronicled.",
        "A welder told Reuters that it was hot.",
        "Citing Ore Weekly, officials said so. Ore Weekly has learned that it burned.",
        "Plate Journal said it was late. Plate Journal has learned that the bill doubled.",
        "The Slag Times, a state newspaper, has learned that the bill doubled.",
        "The World Bank (WB) has warned policy makers of the need to act.",
        "Human Rights Watch (HRW) has warned policy makers of it.",
        "The International Energy Agency (IEA) monitors these developments and has warned policy makers.",
        "Beijing has warned policy makers in Europe. Beijing will continue to monitor developments.",
    ],
)
def test_an_outlet_or_body_that_is_cited_is_not_the_publisher(words: str, is_subject: Callable[[str], bool]) -> None:
    assert publisher_in(f"{LEAD} {words}", is_subject) is None


@pytest.mark.parametrize(
    "words",
    [
        "Janet Miller has warned policy makers. Janet Miller will continue to follow developments, she said.",
        "Minister Janet Gazette has learned that the bill doubled.",
        "“Ladle News will continue to monitor developments,” the owner said.",
        "It will continue to monitor developments. They monitor these developments.",
        "We will continue to monitor developments. This Journal has learned that it burned.",
        "In Kormet Ore Weekly will continue to monitor developments.",
        "Ore Weekly will continue to monitor developments. Slag Weekly will continue to monitor developments.",
        "",
    ],
)
def test_people_quotes_pronouns_and_names_in_doubt_give_none(words: str, is_subject: Callable[[str], bool]) -> None:
    assert publisher_in(f"{LEAD} {words}", is_subject) is None


@pytest.mark.parametrize(
    "line",
    [
        "© 2025 Getty Images",
        "© 2025 Baogang Group. All rights reserved.",
        "This article first appeared in Quay Courier.\n\n© 2025 Ladle News. All rights reserved.",
    ],
)
def test_a_picture_agency_a_subject_or_two_names_are_no_declaration(
    line: str, is_subject: Callable[[str], bool]
) -> None:
    assert publisher_in(f"{LEAD}\n\n{line}", is_subject) is None


def test_a_copyright_amid_the_text_is_a_picture_s(is_subject: Callable[[str], bool]) -> None:
    assert publisher_in("\n\n".join(["© 2024 Ann Writer", *[LEAD] * 6]), is_subject) is None


@pytest.mark.parametrize(
    "dateline",
    [
        "SPRINGFIELD (Maine) —",
        "KORMET BAY, March 3 (BUSINESS WIRE) --",
        "KORMET BAY, March 3 /MockNewswire/ --",
        "(Video) -",
        "KORMET BAY —",
    ],
)
def test_a_place_or_a_distributor_of_releases_in_a_dateline_gives_none(
    dateline: str, is_subject: Callable[[str], bool]
) -> None:
    assert publisher_in(f"{dateline} {LEAD}", is_subject) is None


def test_a_name_that_is_known_as_a_subject_is_never_the_publisher() -> None:
    text = f"{LEAD} Kormet Insider will continue to monitor developments."
    assert publisher_in(text) == "Kormet Insider"
    assert publisher_in(text, lambda name: name == "Kormet Insider") is None


def test_the_real_articles_name_their_outlet_but_for_one(shared: Path, is_subject: Callable[[str], bool]) -> None:
    found = {}
    for file in sorted((shared / "articles").glob("*.txt")):
        text = "\n\n".join(block.text for block in clean(file.read_text(encoding="utf-8")))
        found[file.name[:3]] = publisher_in(text, is_subject)
    assert found.pop("003") is None
    assert list(found.values()) == ["Rare Earth Exchanges"] * 4


# ---- language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (LEAD, "en"),
        ("Das Stahlwerk hat am Dienstag einen neuen Ofen in Betrieb genommen, und viele Menschen sahen zu.", "de"),
        ("L’aciérie a mis en service un nouveau four mardi, et deux cents personnes sont venues le voir.", "fr"),
        ("这家钢厂周二启用了一座新高炉，两百人前来观看第一次出钢，港口也来了许多船。", "zh"),
        ("Металлургический завод запустил во вторник новую печь, и посмотреть на неё пришли люди.", "ru"),
        ("製鉄所は火曜日に新しい高炉を稼働させ、二百人が最初の出鋼を見に来ました。", "ja"),
    ],
)
def test_the_language_of_a_sentence_is_found_whatever_is_declared(text: str, language: str) -> None:
    assert detect_language(text) == language
    assert detect_language(text, "sw") == language


def test_chinese_names_in_english_text_and_latin_ones_in_chinese_text_do_not_count() -> None:
    english = "The mill at 包头 rolled its first plate for 包钢集团 and 北方稀土 on Monday, people in the town said."
    assert detect_language(english) == "en"
    assert detect_language("某某钢铁集团周一与 Kormet Bay Steel 签署协议，为其生产含稀土的 REE 耐磨钢板。") == "zh"


@pytest.mark.parametrize("text", ["", "12,345 2025 % – 60 mm", "Baogang Group", "包钢集团", "NdFeB SmCo REE 8-60 mm"])
@pytest.mark.parametrize(
    ("declared", "language"),
    [("en-US", "en"), ("zh_CN", "zh"), ("EN", "en"), (" de ", "de"), (None, None), ("", None), ("english", None)],
)
def test_a_few_words_or_numbers_leave_it_to_what_is_declared(
    text: str, declared: str | None, language: str | None
) -> None:
    assert detect_language(text, declared) == language


def test_between_languages_that_are_nearly_one_what_is_declared_decides() -> None:
    norwegian = "Stålverket tok i bruk en ny ovn på tirsdag, og to hundre mennesker kom for å se på det som skjedde."
    assert detect_language(norwegian, "nb-NO") == "nb"
    assert detect_language(norwegian, "fr") in ("no", "da")


# ---- title


def test_the_title_is_inferred_from_the_first_summary_line() -> None:
    blocks = [Block("heading", "Highlights"), Block("summary", "- The crane fell. It was old."), Block("body", LEAD)]
    assert inferred_title(blocks) == "The crane fell."


def test_without_a_summary_the_title_is_the_first_sentence() -> None:
    assert (
        inferred_title([Block("heading", "Port"), Block("body", "It fell on Monday. It was old.")])
        == "It fell on Monday."
    )


def test_a_long_title_is_cut_at_a_word() -> None:
    long = f"{LEAD[:-1]} into the ladle on the quay."
    title = inferred_title([Block("body", long)])
    assert len(title) <= 122 and title.endswith(" …")
    assert long.startswith(title.removesuffix("…"))
