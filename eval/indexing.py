"""The index of the articles that an evaluation asks about: these and no others, all of them readable."""

from collections.abc import Sequence
from pathlib import Path

from index.adding import account, add_sources, say_waiting
from index.cli import say
from index.config import Settings
from index.errors import SamplesError
from index.progress import shown
from index.provenance.registry import Registry
from index.reading import Reading
from index.store import ArticleIndex
from index.writing import writing


def index_of_articles(
    sources: Sequence[str], path: Path, settings: Settings, publisher: str | None = None
) -> ArticleIndex:
    """The index at `path` of what `sources` hold, where only what is new is encoded.

    Raises SamplesError when a source cannot be read.
    """
    index = ArticleIndex.create(path, settings.encoder)
    how = Reading(publisher, Registry.load(settings.registry), settings.allow_private_urls)
    with shown("Indexing") as progress:
        added = add_sources(index, list(sources), how, progress, say_waiting)
    account(added, say)
    if added.failed:
        raise SamplesError(
            f"{len(added.failed)} sources of {', '.join(sources)} cannot be read; see above. Correct them."
        )
    with writing(index, say_waiting) as writer:
        for article_id in sorted(index.stored.records.ids() - set(added.outcomes)):
            writer.remove(article_id)  # of an earlier run over other articles
    return index
