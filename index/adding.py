"""Adding sources to an index: read, attributed, stored, with progress and an account of each."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.article import Article
from index.errors import SourceError
from index.provenance import Registry, attribute
from index.reading import Unreadable, find_files, read
from index.store import ArticleIndex

_FLUSH_EVERY = 64
"""Articles after which what was stored becomes searchable."""


@dataclass
class Report:
    """What became of the sources."""

    outcomes: dict[str, str] = field(default_factory=dict)
    """"added", "updated" or "unchanged" by article id."""
    failed: list[Unreadable] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many articles were added, updated, unchanged, and how many sources failed."""
        counted = Counter(self.outcomes.values())
        return {name: counted[name] for name in ("added", "updated", "unchanged")} | {"failed": len(self.failed)}


def add_sources(
    index: ArticleIndex,
    registry: Registry,
    sources: Sequence[str],
    publisher: str | None = None,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> Report:
    """Adds all articles at `sources`; what cannot be read is reported, the rest is stored all the same.

    `progress` is called with files done, files in all and the name of the file at hand.
    """
    report = Report()
    files = list(_files(sources, report))
    with index:
        for number, file in enumerate(files):
            progress(number, len(files), file.name)
            for found in read(file, publisher):
                if isinstance(found, Article):
                    _store(index, attribute(found, registry), report)
                else:
                    report.failed.append(found)
        progress(len(files), len(files), "")
    return report


def _store(index: ArticleIndex, article: Article, report: Report) -> None:
    article_id, outcome = index.add(article)
    report.outcomes[article_id] = outcome
    if len(report.outcomes) % _FLUSH_EVERY == 0:
        index.flush()


def _files(sources: Sequence[str], report: Report) -> Iterator[Path]:
    seen: set[Path] = set()
    for source in sources:
        try:
            found = find_files(Path(source))
        except SourceError as error:
            report.failed.append(Unreadable(source, str(error)))
            continue
        yield from (file for file in found if file.resolve() not in seen)
        seen.update(file.resolve() for file in found)
