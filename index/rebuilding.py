"""Making an index anew from its stored texts, for another encoder or after damage; resumable.

The new store grows beside the old one, which answers meanwhile, and takes its place at once when it is whole.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.about import About
from index.article import Article
from index.chroma import exists
from index.errors import StoreError
from index.exporting import load_encoder
from index.progress import Progress
from index.provenance.claimants import attribute
from index.provenance.current import CurrentClaimants
from index.provenance.registry import Registry
from index.store import ArticleIndex, with_titles
from index.writing import IndexWriter, writing

_BATCH = 50
"""Articles whose texts are in memory at once."""


@dataclass(frozen=True)
class Rebuilt:
    """How many articles were made anew, how many of them an interrupted run had done, and which are damaged."""

    articles: int
    resumed: int
    damaged: tuple[str, ...]


def rebuild(
    path: Path,
    encoder_name: str,
    registry: Registry,
    progress: Callable[[Progress], object] = lambda progress: None,
    on_wait: Callable[[], object] = lambda: None,
) -> Rebuilt:
    """Splits, attributes and encodes every article of the index at `path` again, with the encoder that is set.

    Interrupted, it goes on where it was when it is called again. Articles whose text is damaged cannot be
    made anew; they are named and left out. Raises StoreError when there is no index.
    """
    about = About.read(path)
    if about is None or not exists(path / about.store):
        raise StoreError(f"There is no index at {path}. Make one: python -m index add ARTICLES --index {path}")
    encoder = load_encoder(encoder_name, path / "encoder")
    old = ArticleIndex(path, encoder, about.store)
    with old.exclusively(on_wait):
        target = path / _name(encoder.identity, about.store)
        for unfinished in set(path.glob("rebuilt-*")) - {target, (path / about.store).parent}:
            shutil.rmtree(unfinished, ignore_errors=True)
        target.mkdir(exist_ok=True)
        new = ArticleIndex(target, encoder)
        rebuilt = _copied(old, new, registry, progress)
        old.mark.touch()  # until the words are those of the new store
        About(encoder_name, encoder.identity, f"{target.name}/chroma", about.store).write(path)
        passages = (p for article in new.articles().values() for p in with_titles(article))
        old.publish(lambda generation: old.lexicon.write(passages, [], generation, anew=True))
    return rebuilt


def attribute_all(index: ArticleIndex, registry: Registry, on_wait: Callable[[], object] = lambda: None) -> list[str]:
    """Finds the claimants in every article anew and stores them; returns the ids of those that have others now.

    Nothing is encoded. Articles whose text is damaged stay as they are.
    """
    changed: list[str] = []
    current = CurrentClaimants(registry)
    with writing(index, on_wait) as writer:
        ids = sorted(index.stored.records.ids())
        for start in range(0, len(ids), _BATCH):
            for article in index.articles(ids[start : start + _BATCH]).values():
                if current.is_current(article):
                    continue
                anew = attribute(article, registry)
                if anew.sentences != article.sentences:
                    changed.append(article.id)
                writer.add(anew.unstored(), added=article.added, superseded=article.superseded)
            writer.commit()
    return changed


def _name(identity: str, replaced: str) -> str:
    """The folder of the new store, the same for every run that makes the same."""
    return "rebuilt-" + hashlib.sha256(f"{identity} {replaced}".encode()).hexdigest()[:12]


def _copied(
    old: ArticleIndex, new: ArticleIndex, registry: Registry, progress: Callable[[Progress], object]
) -> Rebuilt:
    ids = sorted(old.stored.records.ids())
    damaged: list[str] = []
    with writing(new) as writer:
        for article_id in sorted(new.stored.records.ids() - set(ids)):  # removed since an interrupted run
            writer.remove(article_id)
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            articles = old.articles(batch)
            damaged += [i for i in batch if i not in articles or articles[i].revision != old.records([i])[i][0]]
            for article_id in batch:
                if article_id not in damaged:
                    _copy(articles[article_id], old, new, writer, registry)
            writer.commit()
            progress(Progress(start + len(batch), len(ids), writer.passages, batch[-1]))
        resumed = sum(outcome == "unchanged" for outcome in writer.outcomes.values())
        return Rebuilt(len(writer.outcomes), resumed, tuple(damaged))


def _copy(article: Article, old: ArticleIndex, new: ArticleIndex, writer: IndexWriter, registry: Registry) -> None:
    keys = [f"{article.id}@{revision}" for revision in article.superseded]
    if keys:
        new.stored.superseded.put(old.stored.superseded.rows(keys, documents=True))
    writer.add(attribute(article.unstored(), registry), added=article.added, superseded=article.superseded)
