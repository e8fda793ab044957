"""Adding sources to an index: read, attributed, stored, with progress and an account of each."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.article import Article
from index.cli import say
from index.errors import SourceError
from index.formats.raw import Unreadable
from index.isolation import read_isolated
from index.progress import Progress
from index.reading import Reading, find
from index.store import ArticleIndex
from index.writing import Outcome, writing


@dataclass
class Report:
    """What became of the sources."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """"added", "updated" or "unchanged" by article id."""
    failed: list[Unreadable] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Files of folders that are in no format of articles."""
    interrupted: bool = False
    """Whether it was stopped before all sources were read."""

    @property
    def counts(self) -> dict[str, int]:
        """How many articles were added, updated, unchanged, and how many sources failed."""
        counted = Counter(self.outcomes.values())
        return {name: counted[name] for name in ("added", "updated", "unchanged")} | {"failed": len(self.failed)}


def add_sources(
    index: ArticleIndex,
    sources: Sequence[str],
    how: Reading = Reading(),  # noqa: B008  # it is frozen
    progress: Callable[[Progress], object] = lambda progress: None,
    on_wait: Callable[[], object] = lambda: None,
) -> Report:
    """Adds all articles at `sources`; what cannot be read is reported, the rest is stored all the same.

    `on_wait` is called when another process is writing and this one has to wait. An interruption (Ctrl-C)
    ends it with what is stored by then, searchable, and `interrupted` in the report.
    """
    report = Report()
    found = _found(sources, report)
    try:
        with writing(index, on_wait) as writer:
            report.outcomes = writer.outcomes
            for number, item in read_isolated(found, how):
                if isinstance(item, Article):
                    writer.add(item)
                elif item is not None:
                    report.failed.append(item)
                progress(Progress(number, len(found), writer.passages, found[number]))
            writer.commit()
            progress(Progress(len(found), len(found), writer.passages, ""))
    except KeyboardInterrupt:
        report.interrupted = True
    return report


def account(report: Report, write: Callable[[str], None]) -> None:
    """Says what became of the sources: the counts with `write`, all else on standard error."""
    for failure in report.failed:
        say(f"failed: {failure.source}: {failure.reason}")
    if report.skipped:
        more = f" and {len(report.skipped) - 3} more" if len(report.skipped) > 3 else ""
        say(f"skipped, in no format of articles: {', '.join(report.skipped[:3])}{more}")
    write(", ".join(f"{count} {name}" for name, count in report.counts.items()))
    if report.interrupted:
        say("Stopped. What is counted above is stored and searchable; run the same command again to go on.")


def say_waiting() -> None:
    """Tells why nothing happens."""
    say("Another process is writing to this index; waiting until it has finished.")


def _found(sources: Sequence[str], report: Report) -> list[str]:
    """What there is to read at `sources`, each once."""
    files: dict[str, None] = {}
    for source in sources:
        try:
            found = find(source)
        except SourceError as error:
            report.failed.append(Unreadable(source, str(error)))
            continue
        files.update(dict.fromkeys(found.sources))
        report.failed += found.failed
        report.skipped += found.skipped
    return list(files)
