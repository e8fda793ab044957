"""Changing the index: one writer at a time, each article whole or not at all.

Order of an article: its older revision set aside, new passages and sentences, then the record, which
commits it, and only then the passages of the older revision go.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from index.article import Article
from index.chroma import Row
from index.encoder import Vectors
from index.errors import StoreError
from index.fetching import is_url
from index.passage import Passage, in_context, pairs, span_id, split
from index.similarity import LIKELY, is_same_story, sketch
from index.store import ArticleIndex, passages_of, sentence_id, with_titles

Outcome = Literal["added", "updated", "unchanged"]
Stored = tuple[str, Article]
"""What is stored under an id: the revision, and the record, which is the article without its text."""

_TEXTS_AT_ONCE = 512
"""Passages and sentences that are encoded and stored together; texts of like length share a batch."""
_PASSAGE_CHARACTERS = 700
"""About as many are in a passage."""
_PUBLISH_EVERY = 4096
"""Texts after which what was stored becomes searchable."""
_NEAR = 10


@contextmanager
def writing(index: ArticleIndex, on_wait: Callable[[], object] = lambda: None) -> Iterator["IndexWriter"]:
    """The only one to write to `index`; on leaving, all that was written is stored and searchable.

    `on_wait` is called when another process is writing and this one has to wait for it. What is not
    stored yet when an error or an interruption ends it is not stored.
    """
    with index.exclusively(on_wait):
        writer = IndexWriter(index)
        try:
            yield writer
            writer.commit()
        except KeyboardInterrupt:
            index.mend()  # takes out the articles that it came in the middle of
            raise
        finally:
            writer.publish()


class IndexWriter:
    """Adds and removes articles; made by `writing`."""

    def __init__(self, index: ArticleIndex) -> None:
        self.outcomes: dict[str, Outcome] = {}
        """What became of each article that is stored by now, by the id it is stored under."""
        self.passages = 0
        """Passages encoded so far."""
        self._index = index
        self._queue: dict[str, tuple[Article, Stored | None]] = {}
        self._queued_texts = 0
        self._unpublished: dict[str, list[tuple[str, str, str, str]]] = {}
        self._unpublished_texts = 0
        self._broken = False

    def add(self, article: Article, added: str | None = None, superseded: tuple[str, ...] = ()) -> None:
        """Takes `article`, or its new revision, to be stored with the next ones; `commit` stores it at once.

        `added` and `superseded` are what another index had for it.
        """
        article, stored = self._identified(article)
        if stored and _embedded(*stored) == _embedded(article.revision, article) and self._is_whole(stored):
            if stored[1].unstored() == replace(article.unstored(), text=""):
                self.outcomes[article.id] = "unchanged"
                return
            article = replace(article, passage_bounds=stored[1].passage_bounds)
        else:
            article = replace(article, passage_bounds=())
            self._queued_texts += len(article.sentences) + len(article.text) // _PASSAGE_CHARACTERS
        earlier = superseded or ((*stored[1].superseded, stored[0]) if stored else ())
        kept = tuple(revision for revision in earlier if revision != article.revision)
        self._queue[article.id] = replace(article, added=added or _now(), superseded=kept), stored
        if self._queued_texts >= _TEXTS_AT_ONCE or len(self._queue) >= _TEXTS_AT_ONCE:
            self.commit()

    def remove(self, article_id: str) -> None:
        """Takes an article out, every revision of it. Raises StoreError when it is not there."""
        self.commit()
        if not self._index.stored.records.ids([article_id]):
            raise StoreError(f"No article {article_id!r} in this index. See: python -m index list")
        self._begin()
        self._index.stored.records.delete([article_id])
        for collection in (self._index.stored.passages, self._index.stored.sentences, self._index.stored.superseded):
            collection.delete_article(article_id)
        self._unpublished[article_id] = []

    def commit(self) -> None:
        """Stores what `add` has taken."""
        queue, self._queue, self._queued_texts = list(self._queue.values()), {}, 0
        if not queue:
            return
        self._begin()
        try:
            self._set_aside([old for new, old in queue if old and old[0] != new.revision])
            ready = self._store_passages([new for new, _ in queue])
            self._store_records(ready)
            for article, (_, old) in zip(ready, queue, strict=True):
                if old:
                    self._drop_older(article)
                self.outcomes[article.id] = "updated" if old else "added"
        except BaseException:
            self._broken = True  # the mark stays, so that whoever opens the index next mends it
            raise
        if self._unpublished_texts >= _PUBLISH_EVERY:
            self.publish()

    def publish(self) -> None:
        """Makes what is stored searchable, here and in other processes."""
        if not self._index.is_interrupted:
            return  # nothing was written
        words = [passage for passages in self._unpublished.values() for passage in passages]
        gone = list(self._unpublished)
        self._unpublished, self._unpublished_texts = {}, 0
        write = self._index.lexicon.write
        self._index.publish(lambda generation: write(words, gone, generation), complete=not self._broken)

    # ---- inside

    def _begin(self) -> None:
        """Leaves a mark that outlives this process, so that an interrupted writing is seen and mended."""
        self._index.mark.touch()

    def _identified(self, article: Article) -> tuple[Article, Stored | None]:
        """`article` under an id of its own, and what is stored under that id."""
        stored = self._lookup(article.id)
        if stored is None:
            return self._renamed(article)
        source = stored[1].source
        if article.source in (None, source):  # an id that is given names the article, wherever it comes from
            return article, stored
        moved = bool(source and article.source) and _is_gone(source) and not _is_gone(article.source)
        if stored[0] == article.revision:
            return (article if moved else replace(article, source=source)), stored
        if moved and is_same_story(self._index.article(article.id).text, article.text):
            return article, stored  # it was moved and edited
        suffix = uuid5(NAMESPACE_URL, str(article.source)).hex[:6]
        article = replace(article, id=f"{article.id}-{suffix}")
        return article, self._lookup(article.id)

    def _lookup(self, article_id: str) -> Stored | None:
        if article_id in self._queue:
            self.commit()
        return self._index.records([article_id]).get(article_id)

    def _renamed(self, article: Article) -> tuple[Article, Stored | None]:
        """`article` under the id it had before its file was renamed, if that is what happened."""
        if not article.source:
            return article, None
        records = self._index.stored.records
        for row in (*records.having(source=article.source), *records.having(revision=article.revision)):
            stored = Article.from_record(row.metadata["record"])
            if stored.source == article.source or _is_gone(stored.source):
                return replace(article, id=stored.id), (str(row.metadata["revision"]), stored)
        return article, None

    def _is_whole(self, stored: Stored) -> bool:
        revision, article = stored
        ids = [span_id(article.id, revision, *pair) for pair in pairs(article.passage_bounds)]
        return self._index.stored.passages.ids(ids) == set(ids)

    def _set_aside(self, old: Sequence[Stored]) -> None:
        """Keeps superseded revisions readable."""
        whole = self._index.articles([article.id for _, article in old])
        records = [Row(a.key, {"record": a.to_record(), "article_id": a.id}, a.text) for a in whole.values()]
        self._index.stored.superseded.put(records)

    def _store_passages(self, articles: Sequence[Article]) -> list[Article]:
        """Encodes and stores what is new of `articles`; returns them all with where their passages lie."""
        encoder = self._index.encoder
        split_up = {a.id: split(a, encoder.count_pieces, encoder.max_pieces) for a in articles if not a.passage_bounds}
        new = [(a, split_up[a.id]) for a in articles if a.id in split_up]
        texts = [text for article, passages in new for text in _embedded_texts(article, passages)]
        vectors = iter(encoder.encode(texts))
        passage_rows, sentence_rows = list[Row](), list[Row]()
        stored = {article.id: article for article in articles}
        for article, passages in new:
            common = {"article_id": article.id, "revision": article.revision}
            passage_rows += [Row(p.id, common, p.text, next(vectors)) for p in passages]
            sentence_rows += _sentence_rows(article, passages, common, vectors)
            bounds = (*(p.start for p in passages), len(article.text)) if passages else ()
            stored[article.id] = replace(article, passage_bounds=bounds)
            self._unpublished[article.id] = list(with_titles(stored[article.id]))
        self._index.stored.passages.put(passage_rows)
        self._index.stored.sentences.put(sentence_rows)
        self.passages += len(passage_rows)
        self._unpublished_texts += len(texts)
        return list(stored.values())

    def _store_records(self, articles: Sequence[Article]) -> None:
        """Commits `articles`, each linked to those before it that tell the same story."""
        sketches = np.array([sketch(article.text) for article in articles])
        alike = sketches @ sketches.T / sketches.shape[1]
        near = self._index.stored.records.nearest_to_each(sketches, _NEAR)
        rows: list[Row] = []
        for number, article in enumerate(articles):
            ids = [row.id for row, score in near[number] if score >= LIKELY]
            others = self._index.articles(ids)
            others |= {a.id: a for a, score in zip(articles[:number], alike[number], strict=False) if score >= LIKELY}
            same = [a.key for a in others.values() if a.id != article.id and is_same_story(article.text, a.text)]
            article = replace(article, syndicated=tuple(sorted(same)))
            metadata = {"record": article.to_record(), "revision": article.revision, "source": article.source or ""}
            rows.append(Row(article.id, metadata, vector=sketches[number]))
        self._index.stored.records.put(rows)

    def _drop_older(self, article: Article) -> None:
        """Takes out passages and sentences of older revisions, and of an older way to split this one."""
        stored = self._index.stored
        for collection, current in (
            (stored.passages, {p.id for p in passages_of(article)}),
            (stored.sentences, {sentence_id(article, span) for span in article.sentences}),
        ):
            collection.delete(sorted({row.id for row in collection.having(article_id=article.id)} - current))
        stored.superseded.delete([article.key])  # an earlier text that is current again


def _embedded(revision: str, article: Article) -> tuple[str, str, list[tuple[int, int]]]:
    """What the vectors of an article are made of."""
    return revision, article.title, [(s.start, s.end) for s in article.sentences]


def _embedded_texts(article: Article, passages: Sequence[Passage]) -> list[str]:
    in_passages = [in_context(article, passage.text) for passage in passages]
    return in_passages + [article.text[span.start : span.end] for span in article.sentences]


def _sentence_rows(
    article: Article, passages: Sequence[Passage], common: dict[str, str], vectors: Iterator[Vectors]
) -> list[Row]:
    """Sentences with the passage in which each begins."""
    starts = [p.start for p in passages]
    homes = [passages[bisect_right(starts, s.start) - 1].id for s in article.sentences]
    return [
        Row(sentence_id(article, span), {**common, "passage": home}, vector=next(vectors))
        for span, home in zip(article.sentences, homes, strict=True)
    ]


def _is_gone(source: str | None) -> bool:
    """Whether the file that an article came from is no longer there."""
    if not source:
        return False
    file_names = (source, source.rpartition(":")[0], source.partition("#")[0])
    return not is_url(source) and not any(Path(name).exists() for name in file_names if name)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
