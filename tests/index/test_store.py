"""The index on disk: what is added is there exactly, what is replaced is out of the way, and nobody is in another's."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from index.article import Article, SentenceSpan
from index.errors import EncoderError, StoreError
from index.exporting import DEFAULT
from index.passage import Passage
from index.store import ArticleIndex, Hit
from index.writing import writing
from tests.conftest import ROOT
from tests.fakes import FakeEncoder, article

CRANE = article(
    "crane", "The crane fell on Monday. Nobody was hurt.", "A winch is to replace it.", published="2025-08-19"
)
MILL = article("mill", "The mill rolled its first plate.", published="2026-01-02")
FERRY = article("ferry", "The ferry sails at night.")

Open = Callable[[], ArticleIndex]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    path.mkdir()
    return path


@pytest.fixture
def reopen(path: Path) -> Open:
    """Opens the index as if from scratch."""
    return lambda: ArticleIndex(path, FakeEncoder())


@pytest.fixture
def index(path: Path) -> ArticleIndex:
    """An index of three articles."""
    index = ArticleIndex(path, FakeEncoder())
    add(index, CRANE, MILL, FERRY)
    return index


def add(index: ArticleIndex, *articles: Article) -> list[str]:
    outcomes: list[str] = []
    with writing(index) as writer:
        for one in articles:
            writer.outcomes.clear()
            writer.add(one)
            writer.commit()
            outcomes += writer.outcomes.values()
    return outcomes


def remove(index: ArticleIndex, article_id: str) -> None:
    with writing(index) as writer:
        writer.remove(article_id)


def listed(index: ArticleIndex) -> list[str]:
    return [found.id for _, found in index.listing()]


def by_words(index: ArticleIndex, words: str) -> list[str]:
    """Ids of the articles that a search by words finds, best first."""
    hits = index.matching_passages(index.lexicon.analyzer.terms(words), 10)
    return [found.id for found, _ in existing(index, hits)]


def by_vector(index: ArticleIndex, text: str) -> list[str]:
    """Ids of the articles whose passages have words of `text`, best first."""
    hits = index.nearest_passages(index.encoder.encode([text])[0], 10)
    return [found.id for found, _ in existing(index, [h for h in hits if h.score > 0.3])]


def by_sentence(index: ArticleIndex, text: str) -> list[str]:
    """Texts of the passages that have the sentence `text`."""
    hits = index.nearest_sentences(index.encoder.encode([text])[0], 10)
    return [passage.text for _, passage in existing(index, [h for h in hits if h.score > 0.99])]


def existing(index: ArticleIndex, hits: list[Hit]) -> list[tuple[Article, Passage]]:
    return list(index.passages([h.passage_id for h in hits]).values()) if hits else []


# ---- adding and reading


def test_what_was_added_comes_back_exactly(reopen: Open) -> None:
    added = replace(
        article(
            "a",
            "Double  spaces, a\u00a0no-break one and a tab\t.",
            "é e\u0301 ﬁ 🙂 👩‍👩‍👧‍👦 钢厂。\u2028Line? \\ “quoted”\n- item\n- item",
        ),
        title="A “title” – 钢",
        published="2025-08-19",
        publisher="Mock Wire",
        url="https://example.org/a?b=c&d=é",
        declared_sources=("vsm", "other"),
    )
    add(reopen(), added)
    stored = reopen().article("a")
    assert replace(stored, added=None, passage_bounds=()) == added
    assert stored.revision == added.revision
    assert stored.added and stored.added.endswith("Z")


def test_an_article_of_many_passages_comes_back_exactly(reopen: Open) -> None:
    paragraphs = [" ".join(f"Crane {n} lost bolt {n * 12 + k} on a Friday." for k in range(12)) for n in range(40)]
    long = article("long", *paragraphs[:33], "Zeppelins moored overnight.", *paragraphs[33:])
    add(reopen(), long)
    index = reopen()
    stored = index.article("long")
    assert stored.text == long.text
    assert len(stored.passage_bounds) > 20
    (best, *_) = index.matching_passages(["zeppelin"], 5)
    _, passage = index.passages([best.passage_id])[best.passage_id]
    assert passage.text == long.text[passage.start : passage.end]
    assert "Zeppelins moored" in passage.text
    assert by_sentence(index, "Zeppelins moored overnight.") == [passage.text]


def test_more_sentences_than_a_batch_are_all_stored(reopen: Open) -> None:
    many = article("many", *(f"Crane {n} fell." for n in range(5600)))
    add(reopen(), many)
    index = reopen()
    stored = index.article("many")
    vectors = index.sentence_vectors([(stored, s) for s in stored.sentences])
    assert vectors.shape == (5600, 64)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_an_article_without_text_is_stored_and_read(reopen: Open) -> None:
    add(reopen(), Article("empty", "Only a title", ""))
    assert reopen().article("empty").text == ""


def test_an_article_is_found_by_words_by_vector_and_by_sentence(index: ArticleIndex, reopen: Open) -> None:
    for opened in (index, reopen()):
        assert by_words(opened, "cranes falling") == ["crane"]
        assert by_vector(opened, "The mill rolled its first plate.")[0] == "mill"
        assert by_sentence(opened, "Nobody was hurt.") == [CRANE.text]


def test_the_best_sentence_of_a_passage_gives_its_score(index: ArticleIndex) -> None:
    (best, *_) = index.nearest_sentences(index.encoder.encode(["A winch is to replace it."])[0], 10)
    assert best.score == pytest.approx(1, abs=1e-4)
    hits = [h.passage_id for h in index.nearest_sentences(index.encoder.encode(["fell"])[0], 10)]
    assert len(hits) == len(set(hits)) == 3


def test_sentence_vectors_are_those_of_the_sentences(index: ArticleIndex) -> None:
    stored = index.article("crane")
    vectors = index.sentence_vectors([(stored, s) for s in reversed(stored.sentences)])
    expected = index.encoder.encode([stored.text[s.start : s.end] for s in reversed(stored.sentences)])
    assert np.allclose(vectors, expected, atol=1e-5)


def test_a_sentence_that_has_gone_has_a_vector_of_zeros(index: ArticleIndex) -> None:
    stored = index.article("crane")
    vectors = index.sentence_vectors([(stored, stored.sentences[0]), (stored, SentenceSpan(3, 5))])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0], abs=1e-4)
    assert index.sentence_vectors([]).shape[0] == 0


def test_articles_are_listed_newest_first_and_undated_last(index: ArticleIndex) -> None:
    assert listed(index) == ["mill", "crane", "ferry"]
    assert len(index) == 3


def test_asking_for_nothing_gives_nothing(index: ArticleIndex) -> None:
    assert index.articles([]) == {}
    assert index.passages([]) == {}


def test_an_empty_index_finds_nothing(reopen: Open) -> None:
    index = reopen()
    assert index.nearest_passages(index.encoder.encode(["crane"])[0], 5) == []
    assert index.nearest_sentences(index.encoder.encode(["crane"])[0], 5) == []
    assert index.matching_passages(["crane"], 5) == []
    assert listed(index) == []


def test_passages_that_do_not_exist_are_left_out(index: ArticleIndex) -> None:
    (hit,) = index.matching_passages(["winch"], 5)
    asked = ["nobody@0:0", hit.passage_id, "crane@0:0", "no sign"]
    assert list(index.passages(asked)) == [hit.passage_id]


@pytest.mark.parametrize("article_id", ["nobody", "", "crane "])
def test_an_article_that_is_not_there_is_refused(index: ArticleIndex, article_id: str) -> None:
    for act in (index.article, lambda i: remove(index, i)):
        with pytest.raises(StoreError, match="No article") as raised:
            act(article_id)
        assert "\n" not in str(raised.value)


# ---- changing


def test_the_same_article_again_is_unchanged(index: ArticleIndex, reopen: Open) -> None:
    added = index.article("crane").added
    assert add(reopen(), CRANE, MILL) == ["unchanged", "unchanged"]
    assert reopen().article("crane").added == added


def test_an_update_is_found_and_the_old_text_is_not(index: ArticleIndex, reopen: Open) -> None:
    assert add(index, article("crane", "The jib broke on Friday.")) == ["updated"]
    for opened in (index, reopen()):
        assert by_words(opened, "winch") == []
        assert by_words(opened, "jib") == ["crane"]
        assert by_sentence(opened, "Nobody was hurt.") == []
        assert by_sentence(opened, "The jib broke on Friday.") == ["The jib broke on Friday."]
        assert "crane" not in by_vector(opened, CRANE.text)
        assert len(opened) == 3


def test_a_superseded_revision_stays_readable_whole(index: ArticleIndex, reopen: Open) -> None:
    before = index.article("crane")
    add(index, article("crane", "The jib broke on Friday."))
    after = reopen().article("crane")
    assert after.superseded == (CRANE.revision,)
    assert reopen().article("crane", CRANE.revision) == before
    assert reopen().article("crane", after.revision) == after


def test_every_revision_of_several_stays_readable(index: ArticleIndex, reopen: Open) -> None:
    texts = ["The jib broke.", "The jib bent.", CRANE.text, "The jib is new."]
    for text in texts:
        add(index, article("crane", *text.split("\n\n")))
    current = reopen().article("crane")
    assert current.text == texts[-1]
    old = {reopen().article("crane", revision).text for revision in current.superseded}
    assert old == {*texts[:-1]}


def test_going_back_to_an_earlier_text_makes_that_current_again(index: ArticleIndex, reopen: Open) -> None:
    add(index, article("crane", "The jib broke on Friday."))
    assert add(index, CRANE) == ["updated"]
    assert by_words(reopen(), "winch") == ["crane"]
    assert by_words(reopen(), "jib") == []
    current = reopen().article("crane")
    assert current.text == CRANE.text
    assert CRANE.revision not in current.superseded


def test_a_revision_that_never_was_is_refused(index: ArticleIndex) -> None:
    with pytest.raises(StoreError, match="has no revision 'abc'"):
        index.article("crane", "abc")


def test_changed_metadata_alone_is_an_update_without_a_new_revision(index: ArticleIndex, reopen: Open) -> None:
    assert add(index, replace(CRANE, publisher="Mock Wire", url="https://example.org/a")) == ["updated"]
    stored = reopen().article("crane")
    assert (stored.publisher, stored.revision, stored.superseded) == ("Mock Wire", CRANE.revision, ())
    assert by_words(reopen(), "winch") == ["crane"]


def test_a_changed_title_is_searched_at_once(index: ArticleIndex, reopen: Open) -> None:
    assert add(index, replace(CRANE, title="Zeppelin over the quay")) == ["updated"]
    for opened in (index, reopen()):
        assert by_words(opened, "zeppelin") == ["crane"]
        assert by_words(opened, "about crane") == ["crane"]
        assert opened.article("crane").superseded == ()
    vector = index.encoder.encode([f"Zeppelin over the quay\n{CRANE.text}"])[0]
    assert index.nearest_passages(vector, 1)[0].score == pytest.approx(1, abs=1e-4)


def test_sentences_that_are_split_anew_get_their_vectors(index: ArticleIndex, reopen: Open) -> None:
    halves = (SentenceSpan(0, 15), SentenceSpan(16, 25))
    add(index, replace(CRANE, sentences=halves))
    stored = reopen().article("crane")
    assert stored.sentences == halves
    vectors = reopen().sentence_vectors([(stored, s) for s in halves])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-4)
    assert by_sentence(reopen(), "Nobody was hurt.") == []


def test_a_removed_article_is_gone_with_all_its_revisions(index: ArticleIndex, reopen: Open) -> None:
    add(index, article("crane", "The jib broke on Friday."))
    remove(index, "crane")
    for opened in (index, reopen()):
        assert (by_words(opened, "jib winch"), by_sentence(opened, "The jib broke on Friday.")) == ([], [])
        assert listed(opened) == ["mill", "ferry"]
        with pytest.raises(StoreError):
            opened.article("crane", CRANE.revision)


def test_searches_give_current_passages_and_no_others(index: ArticleIndex, reopen: Open) -> None:
    add(index, article("crane", "The jib broke on Friday."))
    remove(index, "mill")
    for opened in (index, reopen()):
        vector = opened.encoder.encode(["The crane fell, the mill rolled."])[0]
        words = opened.lexicon.analyzer.terms("crane winch mill plate about jib ferry")
        for hits in (
            opened.nearest_passages(vector, 20),
            opened.nearest_sentences(vector, 20),
            opened.matching_passages(words, 20),
        ):
            current = opened.passages([hit.passage_id for hit in hits])
            assert {found.id for found, _ in current.values()} == {"crane", "ferry"}
            assert len(current) == len(hits)


def test_revisions_of_a_removed_article_do_not_return_with_a_new_one_of_its_id(index: ArticleIndex) -> None:
    add(index, article("crane", "The jib broke on Friday."))
    remove(index, "crane")
    add(index, article("crane", "A new crane stands."))
    with pytest.raises(StoreError, match="has no revision"):
        index.article("crane", CRANE.revision)


def test_a_removed_article_can_be_added_again(index: ArticleIndex, reopen: Open) -> None:
    remove(index, "crane")
    assert add(index, CRANE) == ["added"]
    assert reopen().article("crane").superseded == ()
    assert by_words(reopen(), "winch") == ["crane"]


def test_an_article_added_and_removed_before_a_flush_leaves_nothing_to_find(index: ArticleIndex) -> None:
    with writing(index) as writer:
        writer.add(article("jib", "The jib broke."))
        writer.remove("jib")
    assert index.matching_passages(["jib"], 5) == []


def test_two_sources_with_one_id_are_kept_apart_for_good(index: ArticleIndex, reopen: Open) -> None:
    here = article("news", "The jib broke.", source="/here/news.txt")
    there = article("news", "The bridge opened.", source="/there/news.txt")
    for outcome in ("added", "unchanged"):
        assert add(reopen(), here, there) == [outcome, outcome]
    assert add(reopen(), replace(article("news", "The bridge closed."), source=there.source)) == ["updated"]
    texts = {a.text for a in reopen().articles().values()} - {a.text for a in (CRANE, MILL, FERRY)}
    assert texts == {"The jib broke.", "The bridge closed."}


def test_one_text_from_two_places_is_one_article(index: ArticleIndex) -> None:
    here = article("news", "The jib broke.", source="/here/news.txt")
    assert add(index, here, replace(here, source="/there/news.txt")) == ["added", "unchanged"]
    assert len(index) == 4


def test_hostile_ids_are_stored_and_removed_like_any_other(reopen: Open) -> None:
    ids = ["../../etc/passwd", "a@b:c", "@", "$ne", "'; DROP TABLE articles; --", "钢 厂"]
    add(reopen(), *(article(article_id, f"Text number {n}.") for n, article_id in enumerate(ids)))
    index = reopen()
    for number, article_id in enumerate(ids):
        assert index.article(article_id).text == f"Text number {number}."
        assert by_words(index, str(number)) == [article_id]
    remove(index, "@")
    assert sorted(listed(reopen())) == sorted(i for i in ids if i != "@")


# ---- commit, crashes and other processes


def crash_before_the_record(path: Path) -> None:
    """Kills a process that has stored the passages of the article "jib", before it writes the record."""
    in_another_process(
        path,
        "index.stored.records.chroma.upsert = lambda **rows: os.kill(os.getpid(), signal.SIGKILL)",
        "add(index, article('jib', 'The jib broke on Friday.'))",
        code=-9,
    )


def test_a_passage_whose_article_has_no_record_does_not_exist(index: ArticleIndex, path: Path, reopen: Open) -> None:
    crash_before_the_record(path)
    opened = reopen()
    assert (by_words(opened, "jib"), by_sentence(opened, "The jib broke on Friday.")) == ([], [])
    assert by_words(opened, "winch") == ["crane"]
    assert add(opened, article("jib", "The jib broke on Friday.")) == ["added"]
    assert by_words(reopen(), "jib") == ["jib"]


def test_who_opens_next_takes_out_passages_without_a_record(index: ArticleIndex, path: Path, reopen: Open) -> None:
    crash_before_the_record(path)
    assert index.is_interrupted
    opened = reopen()
    assert not opened.is_interrupted
    hits = opened.nearest_passages(opened.encoder.encode(["jib"])[0], 10)
    assert {hit.passage_id.partition("@")[0] for hit in hits} == {"crane", "mill", "ferry"}


def test_articles_added_by_a_process_that_was_killed_are_all_there(path: Path, reopen: Open) -> None:
    in_another_process(
        path,
        "with writing(index) as writer:",
        "    writer.add(article('crane', 'The crane fell.'))",
        "    writer.add(article('mill', 'The mill rolled a plate.'))",
        "    writer.commit()",
        "    os.kill(os.getpid(), signal.SIGKILL)",
        code=-9,
    )
    index = reopen()
    assert len(index) == 2
    assert by_words(index, "crane") == ["crane"]
    assert by_sentence(index, "The mill rolled a plate.") == ["The mill rolled a plate."]
    assert add(index, article("crane", "The crane fell.")) == ["unchanged"]


def test_what_another_process_changes_is_seen_after_a_refresh(index: ArticleIndex, path: Path) -> None:
    by_vector(index, "crane")  # a reader that has searched before
    in_another_process(
        path,
        "add(index, article('jib', 'The jib broke on Friday.'))",
        "remove(index, 'ferry')",
    )
    index.refresh()
    assert by_words(index, "jib") == ["jib"]
    assert by_vector(index, "The jib broke on Friday.")[0] == "jib"
    assert by_sentence(index, "The jib broke on Friday.") == ["The jib broke on Friday."]
    assert by_words(index, "ferry") == []
    assert "ferry" not in by_vector(index, FERRY.text)
    assert listed(index) == ["mill", "crane", "jib"]


def test_a_refresh_without_a_change_costs_nothing(index: ArticleIndex) -> None:
    started = time.perf_counter()
    for _ in range(200):
        index.refresh()
    assert time.perf_counter() - started < 1


def test_the_refresh_of_one_index_leaves_another_usable(index: ArticleIndex, tmp_path: Path, path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = ArticleIndex(tmp_path / "other", FakeEncoder())
    add(other, article("jib", "The jib broke on Friday."))
    reader = ArticleIndex(path, FakeEncoder())
    add(index, article("crane", "The crane stands again."))
    reader.refresh()
    assert by_sentence(reader, "The crane stands again.") == ["The crane stands again."]
    assert by_vector(other, "The jib broke on Friday.") == ["jib"]
    assert add(other, MILL) == ["added"]
    assert by_words(other, "plate") == ["mill"]


def test_a_reader_that_comes_while_an_article_is_written_does_not_lose_it(path: Path, reopen: Open) -> None:
    def read() -> None:
        assert listed(reopen()) == []

    encoder = FakeEncoder()
    encoder.before_encoding = read
    add(ArticleIndex(path, encoder), CRANE)
    assert by_words(reopen(), "winch") == ["crane"]


def test_a_reader_that_comes_while_an_article_is_written_does_not_hide_that_the_writer_was_killed(
    path: Path, reopen: Open
) -> None:
    in_another_process(
        path,
        "def die():",
        "    ArticleIndex(Path(sys.argv[1]), FakeEncoder())",
        "    os.kill(os.getpid(), signal.SIGKILL)",
        "with writing(index) as writer:",
        "    writer.add(article('crane', 'A winch is to replace the crane.'))",
        "    writer.commit()",
        "    index.encoder.before_encoding = die",
        "    writer.add(article('jib', 'The jib broke.'))",
        code=-9,
    )
    assert by_words(reopen(), "winch") == ["crane"]


def test_a_second_writer_waits_for_the_first_and_says_so(index: ArticleIndex, path: Path) -> None:
    told: list[str] = []
    second = Thread(target=lambda: write(path, "second", lambda: told.append("waiting")))
    with writing(index) as writer:
        second.start()
        while not told:
            time.sleep(0.01)
        writer.add(article("jib", "The jib broke."))
    second.join()
    index.refresh()
    assert {"jib", "second"} <= set(listed(index))
    assert by_words(index, "second jib") != []


def write(path: Path, article_id: str, on_wait: Callable[[], object]) -> None:
    with writing(ArticleIndex(path, FakeEncoder()), on_wait) as writer:
        writer.add(article(article_id, f"The {article_id} writer came."))


def test_a_writer_that_was_killed_keeps_nobody_waiting(path: Path, reopen: Open) -> None:
    in_another_process(path, "with writing(index):", "    os.kill(os.getpid(), signal.SIGKILL)", code=-9)
    with writing(reopen(), on_wait=lambda: pytest.fail("it waited")):
        pass


def test_an_error_while_storing_leaves_what_was_stored_before_and_no_trace_of_the_rest(
    path: Path, reopen: Open
) -> None:
    encoder = FakeEncoder()
    index = ArticleIndex(path, encoder)

    def fail() -> None:
        raise RuntimeError("no space left")

    with pytest.raises(RuntimeError, match="no space"), writing(index) as writer:
        writer.add(CRANE)
        writer.commit()
        encoder.before_encoding = fail
        writer.add(MILL)
    assert listed(reopen()) == ["crane"]
    assert by_words(reopen(), "winch plate") == ["crane"]
    assert not reopen().is_interrupted


@pytest.mark.parametrize("damage", ["folder gone", "stamp of another generation", "files cut short"])
def test_the_lexical_cache_is_made_again_from_the_store(
    index: ArticleIndex, path: Path, reopen: Open, damage: str
) -> None:
    lexical = path / "lexical"
    if damage == "folder gone":
        shutil.rmtree(lexical)
    elif damage == "stamp of another generation":
        index.lexicon.write([], ["crane"], "another")
    else:
        for file in lexical.iterdir():
            file.write_bytes(file.read_bytes()[:9])
    opened = reopen()
    assert by_words(opened, "winch") == ["crane"]
    assert by_words(opened, "ferry") == ["ferry"]
    assert add(opened, article("jib", "The jib broke.")) == ["added"]
    assert by_words(reopen(), "jib") == ["jib"]


def in_another_process(path: Path, *lines: str, code: int = 0) -> None:
    """Runs `lines` in a new process with `index` open at `path`."""
    program = [
        "import os, signal, sys",
        "from pathlib import Path",
        "from index.store import ArticleIndex",
        "from index.writing import writing",
        "from tests.fakes import FakeEncoder, article",
        "from tests.index.test_store import add, remove",
        "index = ArticleIndex(Path(sys.argv[1]), FakeEncoder())",
        *lines,
    ]
    command = [sys.executable, "-c", "\n".join(program), str(path)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr


# ---- opening


def test_an_index_that_is_not_there_is_refused_with_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="python -m index add"):
        ArticleIndex.open(tmp_path / "nowhere", DEFAULT)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("place", ["file", "full folder"])
def test_a_place_that_is_something_else_is_not_made_an_index(tmp_path: Path, place: str) -> None:
    target = tmp_path / "target"
    if place == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="not an index and not an empty folder"):
        ArticleIndex.create(target, DEFAULT)
    assert [f.name for f in tmp_path.rglob("*") if f.is_file()] == ["target" if place == "file" else "thesis.txt"]


def test_an_encoder_that_is_nowhere_leaves_no_index_behind(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no-such-model-anywhere cannot be loaded"):
        ArticleIndex.create(tmp_path / "index", "no-such-model-anywhere")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError) as raised:
        ArticleIndex.create(tmp_path / "file" / "index", DEFAULT)
    assert str(tmp_path / "file") in str(raised.value)


@pytest.mark.parametrize(
    "about",
    [
        "{oops",
        "[]",
        "null",
        '{"format": 1}',
        '{"format": 99, "encoder": "x", "identity": "y"}',
        '{"format": 1, "encoder": 3}',
    ],
)
def test_an_index_whose_description_is_damaged_is_refused(tmp_path: Path, about: str) -> None:
    (tmp_path / "index.json").write_text(about)
    with pytest.raises((StoreError, EncoderError)) as raised:
        ArticleIndex.open(tmp_path, DEFAULT)
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_index_made_with_another_encoder_is_refused(index_folder: Path) -> None:
    ArticleIndex.create(index_folder, DEFAULT)
    for act in (ArticleIndex.open, ArticleIndex.create):
        with pytest.raises(EncoderError, match=f"ASSAY_ENCODER={DEFAULT}"):
            act(index_folder, "another-model")


def test_an_index_made_with_other_weights_of_the_encoder_is_refused(index_folder: Path) -> None:
    ArticleIndex.create(index_folder, DEFAULT)
    about = json.loads((index_folder / "index.json").read_text())
    (index_folder / "index.json").write_text(json.dumps({**about, "identity": f"{DEFAULT} 0000"}))
    with pytest.raises(EncoderError, match="other weights"):
        ArticleIndex.open(index_folder, DEFAULT)


def test_an_index_is_made_once_and_then_opened(index_folder: Path) -> None:
    add(ArticleIndex.create(index_folder, DEFAULT), CRANE)
    assert listed(ArticleIndex.create(index_folder, DEFAULT)) == ["crane"]
    assert listed(ArticleIndex.open(index_folder, DEFAULT)) == ["crane"]


def test_the_default_encoder_finds_an_article_by_its_meaning(new_index: ArticleIndex) -> None:
    add(new_index, CRANE, MILL, FERRY)
    vector = new_index.encoder.encode(["Which vessel crosses the water after dark?"], query=True)[0]
    assert new_index.nearest_passages(vector, 1)[0].passage_id.startswith("ferry@")
