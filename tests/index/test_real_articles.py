"""The real articles beside the repository: damaged, with page furniture, and cleaned completely."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.cleaning import Block, clean

FURNITURE = re.compile(
    r"opens in|wp:|\bcomments?\b|reply\b|inbox|subscri|email address|by daniel|^search$|reex news|required fields",
    re.IGNORECASE,
)
UNUSUAL = re.compile("[^\\x20-\\x7e\\n’“”—–™•]")


@pytest.fixture(scope="module")
def articles(shared: Path) -> dict[str, list[Block]]:
    files = sorted((shared / "articles").glob("*.txt"))
    assert len(files) >= 5
    return {file.name[:3]: clean(file.read_text(encoding="utf-8")) for file in files}


def _texts(articles: dict[str, list[Block]]) -> Iterator[str]:
    return (block.text for blocks in articles.values() for block in blocks)


def test_no_damaged_sign_is_left(articles: dict[str, list[Block]]) -> None:
    assert [text for text in _texts(articles) if UNUSUAL.search(text)] == []


def test_no_furniture_is_left(articles: dict[str, list[Block]]) -> None:
    assert [text for text in _texts(articles) if FURNITURE.search(text)] == []


def test_headlines_of_other_articles_and_the_biography_are_gone(articles: dict[str, list[Block]]) -> None:
    assert articles["002"][-1].text == "Source: Baogang Group"
    assert not any("Six Kilometers" in text or "lifelong" in text for text in _texts(articles))


def test_every_disclaimer_is_kept_as_the_last_block(articles: dict[str, list[Block]]) -> None:
    assert [name for name, blocks in articles.items() if blocks[-1].kind == "disclaimer"] == ["000", "003"]


def test_nothing_of_the_bodies_is_lost(articles: dict[str, list[Block]], shared: Path) -> None:
    """Every line of prose before the page's end is there, to the letters that the damage left alone."""
    cleaned = {name: re.sub("[^a-z]", "", " ".join(b.text for b in bs).lower()) for name, bs in articles.items()}
    for file in sorted((shared / "articles").glob("*.txt")):
        for line in re.split("wp:|Leave a Reply", file.read_text(encoding="utf-8"))[0].split("\n"):
            for sentence in re.split(r"\(opens in a new tab\)|\|", line):
                assert re.sub("[^a-z]", "", sentence.lower()) in cleaned[file.name[:3]]


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("000", "rare-earth-enhanced steel"),
        ("000", "cerium-iron alloy"),
        ("000", "“second generation”"),
        ("000", "applications—along"),
        ("001", "Bases’ model"),
        ("002", "(20–30 mm)"),
        ("002", "(“sandwich defects”)"),
        ("003", "Fanying—sat"),
        ("003", "“high-end.”"),
        ("003", "lines—fast"),
        ("003", "endgame—moving"),
        ("003", "“two bases” buildout"),
    ],
)
def test_a_sign_that_was_lost_is_the_one_that_belongs_there(
    articles: dict[str, list[Block]], name: str, phrase: str
) -> None:
    assert any(phrase in block.text for block in articles[name])


@pytest.mark.parametrize(("name", "bullets"), [("000", 6), ("001", 3), ("002", 3), ("003", 3), ("004", 3)])
def test_the_highlights_are_the_summary_and_other_lists_are_not(
    articles: dict[str, list[Block]], name: str, bullets: int
) -> None:
    assert sum(block.kind == "summary" for block in articles[name]) == bullets


def test_the_rows_of_the_table_name_their_columns(articles: dict[str, list[Block]]) -> None:
    rows = [block.text for block in articles["004"] if block.kind == "table"]
    assert len(rows) == 4
    assert all(row.startswith("Implications for the West: ") and "; Summary: " in row for row in rows)
