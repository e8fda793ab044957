"""Rebuilding gives the same index from its stored texts, goes on where it was interrupted, and disturbs no reader."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index import rebuilding
from index.about import About
from index.adding import add_sources
from index.encoder import Encoder
from index.errors import EncoderError, StoreError
from index.progress import Progress
from index.provenance.registry import Registry
from index.rebuilding import rebuild
from index.store import ArticleIndex
from index.verifying import verify
from index.writing import writing
from tests.fakes import FakeEncoder

NAME = "fake"


class OtherEncoder(FakeEncoder):
    """Another encoder: the same vectors the other way round."""

    identity = "other 64"

    def encode(self, texts, *, query=False):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        return -super().encode(texts, query=query)


@pytest.fixture
def encoders(monkeypatch: pytest.MonkeyPatch) -> dict[str, Encoder]:
    """The encoders by their names; `load_encoder` gives them."""
    known: dict[str, Encoder] = {NAME: FakeEncoder(), "other": OtherEncoder()}
    for module in ("index.rebuilding", "index.store", "index.verifying"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda name, folder: known[name])
    return known


@pytest.fixture
def path(tmp_path: Path, encoders: dict[str, Encoder]) -> Path:
    """An index of eight articles; "a0" is at its second revision."""
    path, sources = tmp_path / "index", tmp_path / "sources"
    sources.mkdir()
    index = ArticleIndex.create(path, NAME)
    for number in range(8):
        (sources / f"a{number}.txt").write_text(f"Baogang Group said that crane {number} fell on day {number}.")
    add_sources(index, [str(sources)])
    (sources / "a0.txt").write_text("Baogang Group said that crane 0 stands again.")
    add_sources(index, [str(sources)])
    return path


def listed(path: Path, encoder: str = NAME) -> dict[str, object]:
    index = ArticleIndex.open(path, encoder)
    older = sorted(row.id for row in index.stored.superseded.rows())
    return {**{i: replace(a, sentences=(), declared_sources=()) for i, a in index.articles().items()}, "older": older}


def test_a_rebuilt_index_holds_the_same_and_is_sound(path: Path) -> None:
    before = listed(path)
    done = rebuild(path, NAME, Registry({}))
    assert (done.articles, done.resumed, done.damaged) == (8, 0, ())
    assert listed(path) == before
    assert verify(path, NAME) == []


def test_claimants_are_those_of_the_registry_as_it_is(path: Path) -> None:
    assert ArticleIndex.open(path, NAME).article("a1").claimants == ("name:Baogang Group",)
    rebuild(path, NAME, Registry.load())
    assert ArticleIndex.open(path, NAME).article("a1").claimants == ("baogang-group",)


def test_an_index_is_rebuilt_for_another_encoder(path: Path) -> None:
    with pytest.raises(EncoderError, match="index rebuild"):
        ArticleIndex.open(path, "other")
    before = listed(path)
    rebuild(path, "other", Registry({}))
    assert listed(path, "other") == before
    index = ArticleIndex.open(path, "other")
    best = index.nearest_sentences(index.encoder.encode(["Baogang Group said that crane 3 fell on day 3."])[0], 1)
    assert best[0].passage_id.startswith("a3@") and best[0].score > 0.99
    with pytest.raises(EncoderError):
        ArticleIndex.open(path, NAME)


def test_an_interrupted_rebuild_leaves_the_index_as_it_was_and_is_resumed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_BATCH", 2)
    before = listed(path)

    def interrupt(progress: Progress) -> None:
        if progress.done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(path, NAME, Registry({}), interrupt)
    assert listed(path) == before
    done = rebuild(path, NAME, Registry({}))
    assert (done.articles, done.resumed) == (8, 6)
    assert listed(path) == before
    assert verify(path, NAME) == []


def test_what_changes_between_two_attempts_is_in_the_result(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "_BATCH", 2)

    def interrupt(progress: Progress) -> None:
        if progress.done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(path, NAME, Registry({}), interrupt)
    index = ArticleIndex.open(path, NAME)
    with writing(index) as writer:
        writer.remove("a1")
        writer.add(replace(index.article("a2").unstored(), title="Renamed"))
    rebuild(path, NAME, Registry({}))
    rebuilt = ArticleIndex.open(path, NAME)
    assert "a1" not in rebuilt.records()
    assert rebuilt.article("a2").title == "Renamed"
    assert verify(path, NAME) == []


def test_no_revision_is_lost_of_an_article_that_changed_twice_between_two_attempts(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_BATCH", 2)

    def interrupt(progress: Progress) -> None:
        if progress.done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(path, NAME, Registry({}), interrupt)
    source = path.parent / "sources" / "a2.txt"
    for day in ("Monday", "Friday"):
        source.write_text(f"Crane 2 fell on {day}.")
        add_sources(ArticleIndex.open(path, NAME), [str(source)])
    before = listed(path)
    rebuild(path, NAME, Registry({}))
    assert listed(path) == before
    assert verify(path, NAME) == []


def test_a_reader_goes_on_answering_and_sees_the_new_store(path: Path) -> None:
    reader = ArticleIndex.open(path, NAME)
    vector = reader.encoder.encode(["About a3\nBaogang Group said that crane 3 fell on day 3."])[0]
    hits = reader.nearest_passages(vector, 1)
    rebuild(path, NAME, Registry({}))
    assert reader.nearest_passages(vector, 1) == hits  # the old store is still there
    assert reader.article("a3").id == "a3"
    reader.refresh()
    assert reader.nearest_passages(vector, 1) == hits
    with writing(reader):
        pass
    reader.refresh()
    assert reader.article("a3").id == "a3"


def test_the_replaced_store_is_gone_after_the_next_writing(path: Path) -> None:
    rebuild(path, NAME, Registry({}))
    about = About.read(path)
    assert about and (path / "chroma").is_dir()
    with writing(ArticleIndex.open(path, NAME)):
        pass
    assert not (path / "chroma").exists()
    assert (path / about.store).is_dir()
    for _ in range(2):
        rebuild(path, NAME, Registry({}))
    assert len(listed(path)) == 9


def test_a_reader_is_told_when_the_encoder_changed_under_it(path: Path) -> None:
    reader = ArticleIndex.open(path, NAME)
    rebuild(path, "other", Registry({}))
    with pytest.raises(EncoderError, match="Start again"):
        reader.refresh()


def test_an_article_whose_text_is_damaged_is_named_and_the_others_are_rebuilt(path: Path) -> None:
    ArticleIndex.open(path, NAME).stored.passages.delete_article("a4")
    done = rebuild(path, NAME, Registry({}))
    assert (done.articles, done.damaged) == (7, ("a4",))
    assert verify(path, NAME) == []


def test_without_an_index_there_is_nothing_to_rebuild(tmp_path: Path, path: Path) -> None:
    shutil.rmtree(path / "chroma")
    for place in (tmp_path / "nowhere", path):
        with pytest.raises(StoreError, match="There is no index"):
            rebuild(place, NAME, Registry({}))
