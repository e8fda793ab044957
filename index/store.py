"""The index: articles, passages and sentence vectors in Chroma, with a lexical cache beside it.

The record of an article is written last: it is the commit point. A passage whose revision has no
record does not exist for readers.
"""

import json
import threading
import uuid
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from index.article import Article, SentenceSpan
from index.chroma import Collections, Row
from index.encoder import Encoder, Vectors
from index.errors import AssayError, EncoderError, LexiconBusyError, StoreError
from index.exporting import load_encoder
from index.lexical import LexicalIndex
from index.passage import Passage, in_context, split

Outcome = Literal["added", "updated", "unchanged"]
_FORMAT = 1


@dataclass(frozen=True)
class Hit:
    """A passage found, and how well: cosine for vectors, BM25 for words."""

    passage_id: str
    score: float


class ArticleIndex:
    """Articles that can be added, read, removed and searched; open it with `open` or `create`."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self.path = path
        self.encoder = encoder
        self.lexicon = LexicalIndex(path / "lexical")
        self._lock = threading.RLock()
        self._pending: list[Passage] = []
        self._gone: list[str] = []
        self._titles: dict[str, str] = {}
        self._unflushed = False
        self._generation = self._read_generation()
        self._stored = Collections.connect(path / "chroma")
        if self.lexicon.stamp != self._generation or self._dirty.exists():
            self._rebuild_lexicon()

    @classmethod
    def open(cls, path: Path, encoder_name: str) -> Self:
        """The index at `path`. Raises StoreError when there is none, EncoderError when it has another encoder."""
        about = _about(path)
        if about is None:
            raise StoreError(f"There is no index at {path}. Make one: python -m index add ARTICLES --index {path}")
        if about["encoder"] != encoder_name:
            raise EncoderError(
                f"The index at {path} was made with the encoder {about['encoder']}, but {encoder_name} is set. "
                f"Set ASSAY_ENCODER={about['encoder']}, or index the articles into another folder with --index."
            )
        encoder = load_encoder(encoder_name, path / "encoder")
        if about["identity"] != encoder.identity:
            raise EncoderError(
                f"The index at {path} was made with other weights of {encoder_name} ({about['identity']}). "
                "Restore that model, or index the articles into another folder with --index."
            )
        return cls(path, encoder)

    @classmethod
    def create(cls, path: Path, encoder_name: str) -> Self:
        """The index at `path`, made there if there is none. Raises StoreError when the folder is something else."""
        if _about(path) is None:
            if path.exists() and (not path.is_dir() or {p.name for p in path.iterdir()} - {"encoder"}):
                raise StoreError(f"{path} is not an index and not an empty folder. Choose another with --index.")
            try:
                path.mkdir(parents=True, exist_ok=True)
                encoder = load_encoder(encoder_name, path / "encoder")
                about = {"format": _FORMAT, "encoder": encoder_name, "identity": encoder.identity}
                (path / "index.json").write_text(json.dumps(about))
            except AssayError:
                with suppress(OSError):
                    path.rmdir()  # nothing is left of an index that could not be made
                raise
            except OSError as error:
                raise StoreError(f"{path} cannot be written ({error.strerror}). Choose another with --index.") from None
        index = cls.open(path, encoder_name)
        if index._dirty.exists():
            index.sweep()
        return index

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()

    def __len__(self) -> int:
        return len(self._stored.records)

    # ---- writing

    def add(self, article: Article) -> tuple[str, Outcome]:
        """Stores `article`, or its new revision; `flush`, or leaving the `with`, makes it searchable.

        Returns the id it is stored under, which differs from its own where another source has that, and the outcome.
        """
        article, stored = self._identified(article)
        if stored and _embedded(stored) == _embedded(article):
            article = replace(article, passage_starts=stored.passage_starts)
        if stored and replace(stored, added=None, superseded=()) == article:
            return article.id, "unchanged"
        self._begin_writing()
        older = (*stored.superseded, stored.revision) if stored else ()
        article = replace(article, added=_now(), superseded=tuple(r for r in older if r != article.revision))
        if stored and stored.revision != article.revision:
            self._supersede(stored)
        if not article.passage_starts:
            if stored and stored.revision == article.revision:
                self._drop(article.id)
            article = self._store_passages(article)
        self._write_record(article)
        if stored and stored.revision != article.revision:
            self._drop(article.id, except_revision=article.revision)
        return article.id, "updated" if stored else "added"

    def remove(self, article_id: str) -> None:
        """Takes an article out, every revision of it. Raises StoreError when it is not there."""
        if not self._stored.records.rows([article_id]):
            raise StoreError(f"No article {article_id!r} in this index. See: python -m index list")
        self._begin_writing()
        self._stored.records.delete([article_id])
        self._drop(article_id)
        self._stored.superseded.delete_article(article_id)
        self._pending = [p for p in self._pending if p.article_id != article_id]
        self._gone.append(article_id)

    def sweep(self) -> None:
        """Takes out what an interrupted writing left behind; for writers only, lest it hits another's work."""
        current = {row.id: row.metadata["revision"] for row in self._stored.records.rows()}
        for collection in (self._stored.passages, self._stored.sentences):
            rows = collection.rows()
            stray = [r.id for r in rows if current.get(r.metadata["article_id"]) != r.metadata["revision"]]
            collection.delete(stray)
        self._mark(uuid.uuid4().hex)
        self._rebuild_lexicon()

    def flush(self) -> None:
        """Makes what was written visible to searches, here and in other processes."""
        if not self._unflushed:
            return
        generation = uuid.uuid4().hex
        rows = [(p.id, p.article_id, self._titles[p.article_id], p.text) for p in self._pending]
        self.lexicon.write(rows, self._gone, generation)
        self._pending, self._gone, self._titles = [], [], {}
        self._unflushed = False
        self._mark(generation)

    # ---- reading

    def articles(self, ids: Sequence[str] | None = None) -> dict[str, Article]:
        """Articles by id, whole, those of `ids` or all; ids that are not there are left out."""
        rows = self._stored.records.rows(ids)
        records = {r.id: (r.metadata["revision"], Article.from_record(r.metadata["record"])) for r in rows}
        keys = {i: [_passage_id(i, revision, s) for s in a.passage_starts] for i, (revision, a) in records.items()}
        wanted = [key for ids in keys.values() for key in ids]
        texts = {row.id: row.document for row in self._stored.passages.rows(wanted, documents=True)}
        return {
            article_id: replace(article, text="".join(texts[key] for key in keys[article_id]))
            for article_id, (_, article) in records.items()
            if all(key in texts for key in keys[article_id])  # else it is being replaced right now
        }

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """One article whole, at its current or an earlier revision. Raises StoreError when it is not there."""
        current = self.articles([article_id]).get(article_id)
        if current is None:
            raise StoreError(f"No article {article_id!r} in this index. See: python -m index list")
        if revision is None or current.revision == revision:
            return current
        rows = self._stored.superseded.rows([f"{article_id}@{revision}"], documents=True)
        if not rows:
            raise StoreError(
                f"Article {article_id!r} has no revision {revision!r}. See: python -m index show {article_id}"
            )
        return Article.from_record(rows[0].metadata["record"], rows[0].document)

    def listing(self) -> list[Article]:
        """All articles, the newest first, undated ones last."""
        articles = sorted(self.articles().values(), key=lambda a: a.id)
        return sorted(articles, key=lambda a: a.published or "", reverse=True)

    def passages(self, passage_ids: Sequence[str]) -> dict[str, tuple[Article, Passage]]:
        """Passages by id with their articles; those of a revision that is not current are left out."""
        articles = self.articles(list(dict.fromkeys(i.rpartition("@")[0] for i in passage_ids)))
        found: dict[str, tuple[Article, Passage]] = {}
        for article in articles.values():
            found.update((p.id, (article, p)) for p in self._passages_of(article))
        return {i: found[i] for i in passage_ids if i in found}

    # ---- searching

    def refresh(self) -> None:
        """Sees what other processes have written since; cheap when nothing has changed."""
        with self._lock:
            if self._read_generation() != self._generation:
                self._generation = self._read_generation()
                self._stored = Collections.reconnect(self.path / "chroma")
                self.lexicon.reload()

    def nearest_passages(self, vector: Vectors, limit: int) -> list[Hit]:
        """Passages by the cosine of their vector to `vector` of shape (dimension,)."""
        return [Hit(row.id, score) for row, score in self._stored.passages.nearest(vector, limit)]

    def nearest_sentences(self, vector: Vectors, limit: int) -> list[Hit]:
        """Passages by the cosine of their best sentence to `vector` of shape (dimension,)."""
        best: dict[str, float] = {}
        for row, score in self._stored.sentences.nearest(vector, limit):
            best.setdefault(str(row.metadata["passage"]), score)
        return [Hit(passage_id, score) for passage_id, score in best.items()]

    def matching_passages(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Passages by BM25 over `terms`."""
        return [Hit(passage_id, score) for passage_id, score in self.lexicon.search(terms, limit)]

    def sentence_vectors(self, spans: Sequence[tuple[Article, SentenceSpan]]) -> Vectors:
        """Stored vectors of sentences, shape (len(spans), dimension); zeros for one that has gone meanwhile."""
        ids = [_sentence_id(article, span) for article, span in spans]
        vectors = {row.id: row.vector for row in self._stored.sentences.rows(ids, vectors=True)}
        size = len(next(iter(vectors.values()))) if vectors else self.encoder.encode([""]).shape[1]
        return np.array([vectors.get(i, np.zeros(size)) for i in ids], np.float32).reshape(len(ids), size)

    # ---- inside

    @property
    def _dirty(self) -> Path:
        return self.path / "writing"

    def _begin_writing(self) -> None:
        """Leaves a mark that outlives this process, so that an interrupted writing is seen and mended."""
        self._dirty.touch()
        self._unflushed = True

    def _read_generation(self) -> str:
        file = self.path / "generation"
        return file.read_text() if file.is_file() else ""

    def _mark(self, generation: str) -> None:
        """Says that all that was written is complete."""
        self._write_generation(generation)
        self._dirty.unlink(missing_ok=True)

    def _write_generation(self, generation: str) -> None:
        temporary = self.path / "generation.new"
        temporary.write_text(generation)
        temporary.replace(self.path / "generation")
        self._generation = generation

    def _rebuild_lexicon(self) -> None:
        generation = self._generation or uuid.uuid4().hex
        articles = self.articles()
        rows = ((p.id, a.id, a.title, p.text) for a in articles.values() for p in self._passages_of(a))
        try:
            self.lexicon.write(rows, [], generation, anew=True)
        except LexiconBusyError:
            return  # who is writing will bring it up to date
        if not self._generation:
            self._write_generation(generation)

    def _passages_of(self, article: Article) -> list[Passage]:
        starts = article.passage_starts
        bounds = zip(starts, (*starts[1:], len(article.text)), strict=True)
        return [Passage(article.id, article.revision, start, end, article.text[start:end]) for start, end in bounds]

    def _identified(self, article: Article) -> tuple[Article, Article | None]:
        """`article` under an id of its own, and what is stored under that id."""
        stored = self.articles([article.id]).get(article.id)
        from_elsewhere = stored and article.source and stored.source and stored.source != article.source
        if stored and from_elsewhere:
            if stored.revision == article.revision:
                return replace(article, source=stored.source), stored
            suffix = uuid.uuid5(uuid.NAMESPACE_URL, str(article.source)).hex[:6]
            article = replace(article, id=f"{article.id}-{suffix}")
            stored = self.articles([article.id]).get(article.id)
        return article, stored

    def _write_record(self, article: Article) -> None:
        metadata = {"record": article.to_record(), "revision": article.revision}
        self._stored.records.put([Row(article.id, metadata)])

    def _supersede(self, article: Article) -> None:
        metadata = {"record": article.to_record(), "article_id": article.id}
        self._stored.superseded.put([Row(f"{article.id}@{article.revision}", metadata, article.text)])

    def _store_passages(self, article: Article) -> Article:
        """Stores the passages and sentences of `article`; returns it with where its passages start."""
        passages = split(article, self.encoder.count_pieces, self.encoder.max_pieces)
        common = {"article_id": article.id, "revision": article.revision}
        spans = article.sentences
        texts = [in_context(article, p.text) for p in passages] + [article.text[s.start : s.end] for s in spans]
        vectors = self.encoder.encode(texts)
        rows = zip(passages, vectors, strict=False)
        self._stored.passages.put([Row(p.id, common, p.text, vector) for p, vector in rows])
        starts = [p.start for p in passages]
        homes = [passages[bisect_right(starts, s.start) - 1].id for s in spans]
        found = zip(spans, homes, vectors[len(passages) :], strict=True)
        self._stored.sentences.put(
            [Row(_sentence_id(article, s), {**common, "passage": home}, vector=vector) for s, home, vector in found]
        )
        self._pending = [p for p in self._pending if p.article_id != article.id] + list(passages)
        self._titles[article.id] = article.title
        self._gone.append(article.id)
        return replace(article, passage_starts=tuple(p.start for p in passages))

    def _drop(self, article_id: str, except_revision: str | None = None) -> None:
        for collection in (self._stored.passages, self._stored.sentences):
            collection.delete_article(article_id, except_revision)


def _about(path: Path) -> dict[str, Any] | None:
    """What an index says of itself, None when `path` is no index."""
    file = path / "index.json"
    try:
        about = json.loads(file.read_text()) if file.is_file() else None
        if about is not None and not {"format", "encoder", "identity"} <= set(about):
            raise ValueError("keys are missing")
    except (ValueError, TypeError):
        raise StoreError(f"{file} is damaged. Restore it, or index the articles again into another folder.") from None
    if about is not None and about["format"] != _FORMAT:
        raise StoreError(f"The index at {path} is of another version of Assay. Index the articles into another folder.")
    return about


def _embedded(article: Article) -> tuple[str, str, list[tuple[int, int]]]:
    """What the vectors of an article are made of."""
    return article.revision, article.title, [(s.start, s.end) for s in article.sentences]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _passage_id(article_id: str, revision: str, start: int) -> str:
    return Passage(article_id, revision, start, start, "").id


def _sentence_id(article: Article, span: SentenceSpan) -> str:
    return f"{article.id}@{article.revision[:16]}:{span.start}-{span.end}"
