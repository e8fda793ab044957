"""Whether the parts of an index agree: records, passages, sentences, superseded revisions, words and encoder."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.about import About, check_writable
from index.article import Article
from index.chroma import Collection, Collections, exists
from index.errors import AssayError, StoreError
from index.exporting import load_encoder
from index.lexical import LexicalIndex
from index.locking import locked
from index.passage import pairs, span_id
from index.store import keys_of

_REBUILD = "python -m index rebuild"
_ANY_COMMAND = "the next command that opens the index mends it, or: python -m index rebuild"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an index, and what to do."""

    what: str
    remedy: str
    article_id: str | None = None


def verify(path: Path, encoder_name: str, on_wait: Callable[[], object] = lambda: None) -> list[Problem]:
    """What is wrong with the index at `path`; it changes nothing. Raises StoreError when there is no index.

    It waits while another process writes, calling `on_wait`.
    """
    about = About.read(path)
    if about is None:
        raise StoreError(f"There is no index at {path}. Make one: python -m index add ARTICLES --index {path}")
    check_writable(path)
    if not exists(path / about.store):
        return [Problem(f"the store {path / about.store} is missing", "restore it from a copy")]
    with locked(path, on_wait):
        return [*_of_encoder(path, about, encoder_name), *_of_store(path, about)]


def _of_encoder(path: Path, about: About, encoder_name: str) -> Iterator[Problem]:
    if about.encoder != encoder_name:
        yield Problem(
            f"it was made with the encoder {about.encoder}, but {encoder_name} is set",
            f"set ASSAY_ENCODER={about.encoder}, or: {_REBUILD}",
        )
        return
    try:
        identity = load_encoder(encoder_name, path / "encoder").identity
    except AssayError as error:
        yield Problem(f"its encoder cannot be loaded: {error}", "restore the model")
        return
    if identity != about.identity:
        yield Problem(f"the encoder {encoder_name} has other weights than it was made with", _REBUILD)


def _of_store(path: Path, about: About) -> Iterator[Problem]:
    if (path / "writing").exists():
        yield Problem("a writing was interrupted", _ANY_COMMAND)
    stored = Collections.connect(path / about.store)
    records = {
        row.id: (str(row.metadata["revision"]), Article.from_record(row.metadata["record"]))
        for row in stored.records.rows()
    }
    yield from _of_articles(stored, records)
    yield from _of_strays(stored, records)
    yield from _of_superseded(stored.superseded, {i: a for i, (_, a) in records.items()})
    yield from _of_words(path, stored)


def _of_articles(stored: Collections, records: dict[str, tuple[str, Article]]) -> Iterator[Problem]:
    texts = {row.id: row.document for row in stored.passages.rows(documents=True)}
    with_vectors = {"passages": _with_vectors(stored.passages), "sentences": _with_vectors(stored.sentences)}
    for article_id, record in records.items():
        again = f"add it again{f': python -m index add {record[1].source}' if record[1].source else ''}"
        keys = keys_of([record])
        text = "".join(texts.get(span_id(article_id, record[0], *p), "") for p in pairs(record[1].passage_bounds))
        missing = len(keys["passages"] - set(texts))
        if missing:
            yield Problem(f"{missing} of {len(keys['passages'])} passages are missing", again, article_id)
            continue
        if hashlib.sha256(text.encode()).hexdigest() != record[0]:
            yield Problem("its text is not that of its revision", again, article_id)
        for name, found in with_vectors.items():
            lost = len(keys[name] - found)
            if lost:
                yield Problem(f"{lost} of {len(keys[name])} {name} have no vector", _REBUILD, article_id)


def _of_strays(stored: Collections, records: dict[str, tuple[str, Article]]) -> Iterator[Problem]:
    for name, keys in keys_of(records.values()).items():
        stray = getattr(stored, name).ids() - keys
        if stray:
            yield Problem(f"{len(stray)} rows of the {name} belong to no article", _REBUILD)


def _with_vectors(collection: Collection) -> set[str]:
    try:
        return {row.id for row in collection.rows(vectors=True) if row.vector is not None}
    except Exception:  # Chroma's own, when the files of its vectors are damaged
        return set()


def _of_superseded(superseded: Collection, articles: dict[str, Article]) -> Iterator[Problem]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in superseded.rows(documents=True):
        article_id, _, revision = row.id.rpartition("@")
        if hashlib.sha256(row.document.encode()).hexdigest() == revision:
            found[article_id].add(revision)
        else:
            yield Problem(f"the text of its revision {revision[:12]} is damaged", "restore the store", article_id)
    for article_id, article in articles.items():
        lost = set(article.superseded) - found[article_id]
        if lost:
            yield Problem(f"{len(lost)} of its earlier revisions are missing", "restore the store", article_id)


def _of_words(path: Path, stored: Collections) -> Iterator[Problem]:
    lexicon = LexicalIndex(path / "lexical")
    generation = path / "generation"
    if lexicon.stamp != (generation.read_text() if generation.is_file() else ""):
        yield Problem("the lexical cache is stale", _ANY_COMMAND)
    elif lexicon.ids() != stored.passages.ids():
        yield Problem("the lexical cache does not have the passages of the store", _REBUILD)
