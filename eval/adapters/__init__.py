"""Published question sets as articles to index and samples to run, or as grounding pairs.

import_set("squad2", Path("data/squad2"), Path("out")) writes out/articles.jsonl and out/samples.jsonl.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eval.adapters.clapnq import read_clapnq
from eval.adapters.mtrag import read_mtrag
from eval.adapters.records import Record, read_records
from eval.adapters.squad2 import read_squad2
from eval.adapters.values import Pair, Skipped, Value
from eval.adapters.wice import read_wice
from eval.adapters.writing import Written, write
from eval.adapters.xquad import read_xquad
from eval.samples import Sample
from index.article import Article
from index.errors import SamplesError


@dataclass(frozen=True)
class Adapter:
    """What a set is called, the files of it that a folder must hold (a pattern each), and what reads their records."""

    title: str
    files: tuple[str, ...]
    read: Callable[[Iterable[Record]], Iterator[Value]]


@dataclass(frozen=True)
class Imported:
    """How many of each were written, and the ids of what was skipped, by reason."""

    articles: int
    samples: int
    pairs: int
    skipped: Mapping[str, tuple[str, ...]]


ADAPTERS: Mapping[str, Adapter] = {
    "clapnq": Adapter("CLAPnq", ("*dev_answerable.jsonl", "*dev_unanswerable.jsonl"), read_clapnq),
    "wice": Adapter("WiCE", ("claim_dev.jsonl",), read_wice),
    "squad2": Adapter("SQuAD 2.0", ("dev-v2.0*.json",), read_squad2),
    "xquad": Adapter("XQuAD", ("xquad.*.json",), read_xquad),
    "mtrag": Adapter("MTRAG", ("*.json*",), read_mtrag),
}


def import_set(name: str, source: Path, out: Path) -> Imported:
    """Writes what the set `name` has to the folder `out`; `source` is a file of it, or the folder with its files.

    Raises SamplesError that names the place in `source`; then nothing is written.
    """
    if name not in ADAPTERS:
        raise SamplesError(f"There is no set {name!r} to import. Choose one of: {', '.join(ADAPTERS)}.")
    skipped: dict[str, list[str]] = defaultdict(list)
    try:
        written = write(_values(ADAPTERS[name], source, skipped), out)
    except OSError as error:
        raise SamplesError(f"{out} cannot be written to: {error.strerror or error}. Give another folder.") from None
    left_out = {reason: tuple(ids) for reason, ids in skipped.items()}
    return Imported(written[Article], written[Sample], written[Pair], left_out)


def _values(adapter: Adapter, source: Path, skipped: dict[str, list[str]]) -> Iterator[Written]:
    """All that is to be written; the one place that tells what to do about an error in the source."""
    seen: set[tuple[type[Value], str]] = set()
    try:
        for value in adapter.read(record for file in _files(adapter, source) for record in read_records(file)):
            if isinstance(value, Sample) and not value.question:
                value = Skipped(value.id, "it has no question")
            if isinstance(value, Skipped):
                skipped[value.reason].append(value.id)
                continue
            if (type(value), value.id) in seen:
                raise SamplesError(f"{source}: the id {value.id!r} comes twice.")
            seen.add((type(value), value.id))
            # a publisher is given so that none is looked for in the text
            yield replace(value, publisher=adapter.title) if isinstance(value, Article) else value
        if not any(kind in (Sample, Pair) for kind, _ in seen):
            raise SamplesError(f"{source}: nothing in it can be used.")
    except SamplesError as error:
        what = " and ".join(adapter.files)
        raise SamplesError(f"{error} Give {adapter.title} as published: {what}, or the folder with it.") from None


def _files(adapter: Adapter, source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    found = {pattern: sorted(source.glob(pattern)) for pattern in adapter.files}
    for pattern, files in found.items():
        if not files:
            raise SamplesError(f"{source} holds no {pattern}.")
    return [file for files in found.values() for file in files]
