"""Verifying finds whatever does not agree in an index, says what to do, and finds nothing in a sound one."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.about import About
from index.adding import add_sources
from index.chroma import Row
from index.errors import StoreError
from index.exporting import DEFAULT
from index.store import ArticleIndex
from index.verifying import verify
from tests.conftest import with_encoder


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> Path:
    """A folder with an index of two articles, one of them at its second revision."""
    folder = tmp_path_factory.mktemp("sound")
    path = with_encoder(folder / "index", encoder_folder)
    index = ArticleIndex.create(path, DEFAULT)
    (folder / "mill.txt").write_text("The mill rolled a plate. It was the first.")
    for day in ("Monday", "Friday"):
        (folder / "crane.txt").write_text(f"The crane fell on {day}. Nobody was hurt.")
        add_sources(index, [str(folder / "crane.txt"), str(folder / "mill.txt")])
    return path


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> ArticleIndex:
    path = tmp_path / "index"
    shutil.copytree(sound, path, symlinks=True)
    return ArticleIndex.open(path, DEFAULT)


def found(index: ArticleIndex, encoder: str = DEFAULT) -> list[str]:
    problems = verify(index.path, encoder)
    assert all(problem.remedy for problem in problems)
    return [f"{problem.article_id}: {problem.what}" if problem.article_id else problem.what for problem in problems]


def lose_a_passage(index: ArticleIndex) -> None:
    index.stored.passages.delete_article("crane")


def change_a_text(index: ArticleIndex) -> None:
    [row] = index.stored.passages.rows(
        [r.id for r in index.stored.passages.having(article_id="mill")], documents=True, vectors=True
    )
    index.stored.passages.put([replace(row, document="The mill rolled no plate.")])


def lose_sentences(index: ArticleIndex) -> None:
    index.stored.sentences.delete_article("mill")


def leave_a_passage(index: ArticleIndex) -> None:
    vector = index.encoder.encode(["stray"])[0]
    index.stored.passages.put([Row("x@1:0-5", {"article_id": "x", "revision": "1"}, "stray", vector)])


def leave_a_revision(index: ArticleIndex) -> None:
    index.stored.superseded.put([Row("x@1", {"article_id": "x", "record": "{}"}, "stray")])


def lose_a_revision(index: ArticleIndex) -> None:
    index.stored.superseded.delete_article("crane")


def change_a_revision(index: ArticleIndex) -> None:
    [row] = index.stored.superseded.rows(documents=True)
    index.stored.superseded.put([replace(row, document="Another text.")])


def stale_words(index: ArticleIndex) -> None:
    (index.path / "generation").write_text("another")


def lose_words(index: ArticleIndex) -> None:
    index.lexicon.write([], ["crane"], (index.path / "generation").read_text())


def interrupt(index: ArticleIndex) -> None:
    index.mark.touch()


def other_weights(index: ArticleIndex) -> None:
    about = About.read(index.path)
    assert about
    replace(about, identity="other weights").write(index.path)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lose_a_passage, "crane: 1 of 1 passages are missing"),
        (change_a_text, "mill: its text is not that of its revision"),
        (lose_sentences, "mill: 2 of 2 sentences have no vector"),
        (leave_a_passage, "1 rows of the passages belong to no article"),
        (leave_a_revision, "1 rows of the superseded belong to no article"),
        (lose_a_revision, "crane: 1 of its earlier revisions are missing"),
        (change_a_revision, "is damaged"),
        (stale_words, "the lexical cache is stale"),
        (lose_words, "the lexical cache does not have the passages of the store"),
        (interrupt, "a writing was interrupted"),
        (other_weights, f"the encoder {DEFAULT} has other weights than it was made with"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_damage_is_found(index: ArticleIndex, damage: Callable[[ArticleIndex], None], expected: str) -> None:
    assert found(index) == []
    damage(index)
    assert any(expected in what for what in found(index)), found(index)


@pytest.mark.parametrize("damage", [stale_words, interrupt])
def test_what_opening_mends_is_sound_afterwards(index: ArticleIndex, damage: Callable[[ArticleIndex], None]) -> None:
    damage(index)
    ArticleIndex.open(index.path, DEFAULT)
    assert found(index) == []


def test_adding_the_source_again_restores_a_text_that_was_lost(index: ArticleIndex, sound: Path) -> None:
    lose_a_passage(index)
    assert add_sources(index, [str(sound.parent / "crane.txt")]).outcomes == {"crane": "updated"}
    assert found(index) == []
    assert index.article("crane").text == "The crane fell on Friday. Nobody was hurt."


def test_another_encoder_than_the_indexs_is_told(index: ArticleIndex) -> None:
    assert found(index, "other") == [f"it was made with the encoder {DEFAULT}, but other is set"]


def test_a_store_that_is_gone_is_told(index: ArticleIndex) -> None:
    shutil.rmtree(index.path / "chroma")
    assert ["store" in what and "missing" in what for what in found(index)] == [True]


def test_verifying_changes_nothing(index: ArticleIndex) -> None:
    interrupt(index)
    stale_words(index)
    assert found(index) == found(index) != []


def test_no_index_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no index"):
        verify(tmp_path, DEFAULT)


def test_an_empty_index_is_sound(tmp_path: Path, encoder_folder: Path) -> None:
    path = with_encoder(tmp_path / "index", encoder_folder)
    ArticleIndex.create(path, DEFAULT)
    assert verify(path, DEFAULT) == []
    assert json.loads((path / "index.json").read_text())["store"] == "chroma"
