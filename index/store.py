"""The index for its readers: articles, passages and sentence vectors in Chroma, with a lexical cache beside it.

The record of an article is written last: it is the commit point. A passage whose revision has no
record does not exist for readers. See writing.py for who changes it.
"""

import shutil
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from index.about import About, check_writable, replace_file
from index.article import Article, SentenceSpan
from index.chroma import Collections, exists
from index.encoder import Encoder, Vectors
from index.errors import AssayError, EncoderError, StoreError
from index.exporting import load_encoder
from index.lexical import LexicalIndex
from index.locking import locked
from index.passage import Passage, pairs, span_id


@dataclass(frozen=True)
class Hit:
    """A passage found, and how well: cosine for vectors, BM25 for words."""

    passage_id: str
    score: float


class ArticleIndex:
    """Articles that can be read and searched, and changed by an IndexWriter; open it with `open` or `create`."""

    def __init__(self, path: Path, encoder: Encoder, store: str = "chroma") -> None:
        self.path = path
        self.encoder = encoder
        self.lexicon = LexicalIndex(path / "lexical")
        self.stored = Collections.connect(path / store)
        self._refreshing = threading.RLock()
        self._generation = self._read_generation()
        if self.is_interrupted or self.lexicon.stamp != self._generation:
            with locked(path) as alone:
                if alone:  # else who is writing sees to it
                    self.mend()

    @classmethod
    def open(cls, path: Path, encoder_name: str) -> Self:
        """The index at `path`. Raises StoreError when there is none, EncoderError when it has another encoder."""
        about = About.read(path)
        if about is None:
            raise StoreError(f"There is no index at {path}. Make one: python -m index add ARTICLES --index {path}")
        check_writable(path)
        if about.encoder != encoder_name:
            raise EncoderError(
                f"The index at {path} was made with the encoder {about.encoder}, but {encoder_name} is set. "
                f"Set ASSAY_ENCODER={about.encoder}, or make it anew from its texts: python -m index rebuild"
            )
        if not exists(path / about.store):
            raise StoreError(f"The store of the index at {path} is missing. Restore {path / about.store} from a copy.")
        encoder = load_encoder(encoder_name, path / "encoder")
        if about.identity != encoder.identity:
            raise EncoderError(
                f"The index at {path} was made with other weights of {encoder_name} ({about.identity}). "
                "Restore that model, or make the index anew from its texts: python -m index rebuild"
            )
        return cls(path, encoder, about.store)

    @classmethod
    def create(cls, path: Path, encoder_name: str) -> Self:
        """The index at `path`, made there if there is none. Raises StoreError when the folder is something else."""
        if About.read(path) is None:
            remains = {"encoder", "chroma", "lexical", "write.lock"}  # of an index that was not made to the end
            if path.exists() and (not path.is_dir() or {p.name for p in path.iterdir()} - remains):
                raise StoreError(f"{path} is not an index and not an empty folder. Choose another with --index.")
            try:
                path.mkdir(parents=True, exist_ok=True)
                encoder = load_encoder(encoder_name, path / "encoder")
                Collections.connect(path / "chroma")
                About(encoder_name, encoder.identity).write(path)
            except AssayError:
                with suppress(OSError):
                    path.rmdir()  # nothing is left of an index that could not be made
                raise
            except OSError as error:
                raise StoreError(f"{path} cannot be written ({error.strerror}). Choose another with --index.") from None
        return cls.open(path, encoder_name)

    def __len__(self) -> int:
        return len(self.stored.records)

    # ---- reading

    def records(self, ids: Sequence[str] | None = None) -> dict[str, tuple[str, Article]]:
        """(revision, article without its text) by id, those of `ids` or all."""
        rows = self.stored.records.rows(ids)
        return {row.id: (row.metadata["revision"], Article.from_record(row.metadata["record"])) for row in rows}

    def articles(self, ids: Sequence[str] | None = None) -> dict[str, Article]:
        """Articles by id, whole, those of `ids` or all; ids that are not there are left out."""
        records = self.records(ids)
        keys = {
            i: [span_id(i, revision, *pair) for pair in pairs(a.passage_bounds)] for i, (revision, a) in records.items()
        }
        wanted = [key for ids in keys.values() for key in ids]
        texts = {row.id: row.document for row in self.stored.passages.rows(wanted, documents=True)}
        return {
            article_id: replace(article, text="".join(texts[key] for key in keys[article_id]))
            for article_id, (_, article) in records.items()
            if all(key in texts for key in keys[article_id])  # else it is being replaced right now
        }

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """One article whole, at its current or an earlier revision. Raises StoreError when it is not there."""
        current = self.articles([article_id]).get(article_id)
        if current and revision in (None, current.revision):
            return current
        if not self.records([article_id]):
            raise StoreError(f"No article {article_id!r} in this index. See: python -m index list")
        if revision is None:
            raise StoreError(f"The text of article {article_id!r} is damaged. See: python -m index verify")
        rows = self.stored.superseded.rows([f"{article_id}@{revision}"], documents=True)
        if not rows:
            raise StoreError(
                f"Article {article_id!r} has no revision {revision!r}. See: python -m index show {article_id}"
            )
        return Article.from_record(rows[0].metadata["record"], rows[0].document)

    def edited_since(self, article: Article) -> str | None:
        """When a newer revision than this one was added, None while this is the current one."""
        records = self.records([article.id])
        if not records:
            raise StoreError(f"No article {article.id!r} in this index. See: python -m index list")
        revision, current = records[article.id]
        return None if revision == article.revision else current.added

    def listing(self) -> list[tuple[str, Article]]:
        """(revision, article without its text) of all articles, the newest first, undated ones last."""
        records = sorted(self.records().values(), key=lambda record: record[1].id)
        return sorted(records, key=lambda record: record[1].published or "", reverse=True)

    def syndicated(self, article: Article) -> list[str]:
        """Ids of the other articles that tell the same story, at the revisions that are current."""
        [own] = self.stored.records.rows([article.id], vectors=True)
        ids = [row.id for row, _ in self.stored.records.nearest(own.vector, _NEAR)]
        ids += [key.rpartition("@")[0] for key in article.syndicated]
        found = self.records(list(dict.fromkeys(ids)))
        linked = (
            other_id
            for other_id, (revision, other) in found.items()
            if f"{other_id}@{revision}" in article.syndicated or article.key in other.syndicated
        )
        return sorted(linked)

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Article, Passage]]:
        """Passages by id with their articles; those of a revision that is not current are left out."""
        articles = self.articles(list(dict.fromkeys(i.rpartition("@")[0] for i in ids)))
        found = {p.id: (article, p) for article in articles.values() for p in passages_of(article)}
        return {i: found[i] for i in ids if i in found}

    # ---- searching

    @property
    def generation(self) -> str:
        """Names the state of the index that is seen; another one after every change."""
        return self._generation

    def refresh(self) -> None:
        """Sees what other processes have written since; cheap when nothing has changed.

        Raises EncoderError when the index was rebuilt with another encoder.
        """
        with self._refreshing:
            if self._read_generation() != self._generation:
                self._generation = self._read_generation()
                self._reconnect()

    def nearest_passages(self, vector: Vectors, limit: int, within: Set[str] | None = None) -> list[Hit]:
        """Passages by the cosine of their vector to `vector` of shape (dimension,), of those `within` if given."""

        def search(depth: int) -> list[Hit]:
            return [Hit(row.id, score) for row, score in self.stored.passages.nearest(vector, depth)]

        return _deep_enough(search, limit, within, len(self.stored.passages))

    def nearest_sentences(self, vector: Vectors, limit: int, within: Set[str] | None = None) -> list[Hit]:
        """Passages by the cosine of their best sentence among the `limit` nearest to `vector`."""

        def search(depth: int) -> list[Hit]:
            nearest = self.stored.sentences.nearest(vector, depth)
            return [Hit(str(row.metadata["passage"]), score) for row, score in nearest]

        best: dict[str, float] = {}
        for hit in _deep_enough(search, limit, within, len(self.stored.sentences)):
            best.setdefault(hit.passage_id, hit.score)
        return [Hit(passage_id, score) for passage_id, score in best.items()]

    def matching_passages(self, terms: Sequence[str], limit: int, within: Set[str] | None = None) -> list[Hit]:
        """Passages by BM25 over `terms`."""

        def search(depth: int) -> list[Hit]:
            return [Hit(passage_id, score) for passage_id, score in self.lexicon.search(terms, depth)]

        return _deep_enough(search, limit, within, len(self.stored.passages))

    def sentence_vectors(self, spans: Sequence[tuple[Article, SentenceSpan]]) -> Vectors:
        """Stored vectors of sentences, shape (len(spans), dimension); zeros for one that has gone meanwhile."""
        ids = [sentence_id(article, span) for article, span in spans]
        vectors = {row.id: row.vector for row in self.stored.sentences.rows(ids, vectors=True)}
        size = len(next(iter(vectors.values()))) if vectors else self.encoder.encode([""]).shape[1]
        return np.array([vectors.get(i, np.zeros(size)) for i in ids], np.float32).reshape(len(ids), size)

    # ---- for writers

    @contextmanager
    def exclusively(self, on_wait: Callable[[], object]) -> Iterator[None]:
        """Keeps other writers out, and starts from what they have written, mended where they were killed.

        `on_wait` is called when another process is writing and this one has to wait for it.
        """
        with locked(self.path, on_wait):
            self.refresh()
            self._remove_replaced_store()
            if self.is_interrupted:
                self._reconnect()
                self.mend()
            yield

    @property
    def is_interrupted(self) -> bool:
        """Whether a writing has begun and not ended."""
        return self.mark.exists()

    @property
    def mark(self) -> Path:
        """The file that is there while somebody writes, and stays when they are killed."""
        return self.path / "writing"

    def mend(self) -> None:
        """Takes out what an interrupted writing left, and derives the lexical cache anew; for who holds the lock."""
        current = keys_of(self.records().values())
        for name, keys in current.items():
            collection = getattr(self.stored, name)
            collection.delete(sorted(collection.ids() - keys))
        passages = (p for article in self.articles().values() for p in with_titles(article))
        self.publish(lambda generation: self.lexicon.write(passages, [], generation, anew=True))

    def publish(self, write_words: Callable[[str], object], *, complete: bool = True) -> None:
        """Makes what was written the state that everybody sees; `write_words` stamps the lexical cache with it.

        What is not `complete` stays marked as interrupted.
        """
        generation = uuid.uuid4().hex
        write_words(generation)
        replace_file(self.path / "generation", generation)
        self._generation = generation
        if complete:
            self.mark.unlink(missing_ok=True)

    def _reconnect(self) -> None:
        about = About.read(self.path)
        if about and about.identity != self.encoder.identity:
            raise EncoderError(f"The index at {self.path} was rebuilt with another encoder. Start again.")
        self.stored = Collections.reconnect(self.path / (about.store if about else "chroma"))
        self.lexicon.reload()

    def _remove_replaced_store(self) -> None:
        about = About.read(self.path)
        if about and about.replaced:
            shutil.rmtree(self.path / Path(about.replaced).parts[0], ignore_errors=True)
            replace(about, replaced=None).write(self.path)

    def _read_generation(self) -> str:
        file = self.path / "generation"
        return file.read_text() if file.is_file() else ""


_NEAR = 20
"""Articles that are looked at for one that tells the same story."""
_DEEPER = 8
"""How many times as many hits are looked at when a filter leaves too few."""


def _deep_enough(search: Callable[[int], list[Hit]], limit: int, within: Set[str] | None, total: int) -> list[Hit]:
    """The best `limit` hits of `search` that are `within`, however far down the list of `total` they stand."""
    depth = limit
    while True:
        hits = search(depth)
        kept = hits if within is None else [hit for hit in hits if hit.passage_id in within]
        if within is None or len(kept) >= limit or depth >= total:
            return kept[:limit]
        depth = min(total, depth * _DEEPER)


def passages_of(article: Article) -> list[Passage]:
    """The passages of a stored article, in order."""
    return [
        Passage(article.id, article.revision, start, end, article.text[start:end])
        for start, end in pairs(article.passage_bounds)
    ]


def keys_of(records: Iterable[tuple[str, Article]]) -> dict[str, set[str]]:
    """The keys that (revision, article) `records` give to rows of the collections of that name."""
    passages, sentences, superseded = set[str](), set[str](), set[str]()
    for revision, a in records:
        passages.update(span_id(a.id, revision, *pair) for pair in pairs(a.passage_bounds))
        sentences.update(span_id(a.id, revision, s.start, s.end) for s in a.sentences)
        superseded.update(f"{a.id}@{older}" for older in a.superseded)
    return {"passages": passages, "sentences": sentences, "superseded": superseded}


def with_titles(article: Article) -> Iterable[tuple[str, str, str, str]]:
    """(id, article id, title, text) of the passages of a stored article, as the lexical cache takes them."""
    return ((p.id, article.id, article.title, p.text) for p in passages_of(article))


def sentence_id(article: Article, span: SentenceSpan) -> str:
    """Key of a sentence."""
    return span_id(article.id, article.revision, span.start, span.end)
