"""How long adding articles takes, and what takes it: python -m eval.ingestion [--articles 1000]

Writes articles of random words, adds them to a new index, then adds them again, which must embed nothing.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from index.adding import add_sources
from index.cli import Parser, run, show
from index.config import load_settings
from index.encoder import Encoder, Vectors
from index.exporting import load_encoder
from index.progress import shown
from index.provenance.registry import Registry
from index.reading import Reading
from index.store import ArticleIndex

_WORDS = """crane winch plate slab furnace ladle harbour ferry inspector contract tender kiln magnet quarry turbine
cable valve rail bridge dock alloy cerium mill order yard export price quarter output customer standard grade test
ship truck engine bearing rotor blade foundry casting bar tube sheet coil strip billet bloom ore pellet sinter coke
scrap oxide powder salt acid heat cold wear crack weld joint frame axle wheel gear pump""".split()  # noqa: SIM905
_VERBS = "rolled shipped ordered tested sold bought built mended raised lowered inspected announced".split()  # noqa: SIM905


class TimedEncoder:
    """An encoder that counts the seconds it is busy and the texts it encodes."""

    def __init__(self, encoder: Encoder) -> None:
        self.seconds = 0.0
        self.texts = 0
        self.identity, self.max_pieces = encoder.identity, encoder.max_pieces
        self.encode_words, self.count_pieces = encoder.encode_words, encoder.count_pieces
        self._encoder = encoder

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Unit vectors of shape (len(texts), dimension)."""
        started = time.perf_counter()
        vectors = self._encoder.encode(texts, query=query)
        self.seconds += time.perf_counter() - started
        self.texts += len(texts)
        return vectors


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints seconds, shares and peak memory."""
    parser = Parser(prog="python -m eval.ingestion", description="How long adding articles takes.")
    parser.add_argument("--articles", type=int, default=1000, help="how many (default: %(default)s)")
    options = parser.parse_args(arguments)
    settings = load_settings()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(folder / "articles", options.articles)
        (folder / "index").mkdir()
        encoder = TimedEncoder(load_encoder(settings.encoder, settings.index / "encoder"))
        _measure(folder, encoder)
    return 0


def _measure(folder: Path, encoder: TimedEncoder) -> None:
    how = Reading(registry=Registry.load())
    for what in ("adding", "adding again"):
        encoder.seconds, encoder.texts = 0.0, 0
        index = ArticleIndex(folder / "index", encoder)
        started = time.perf_counter()
        with shown(what) as progress:
            report = add_sources(index, [str(folder / "articles")], how, progress)
        seconds = time.perf_counter() - started
        show(
            f"{what}: {seconds:.1f} s, {encoder.texts:,} texts encoded in {encoder.seconds:.1f} s, "
            f"the rest {1 - encoder.seconds / seconds:.1%}; {report.counts}"
        )
    show(f"reading, in its own process: {_children_seconds():.1f} s of processor time")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024  # Linux counts in KiB
    show(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:,.0f} MiB, without the reading")


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write_articles(folder: Path, count: int) -> None:
    """Writes articles of random words into the new folder `folder`."""
    folder.mkdir()
    chance = random.Random(1)  # noqa: S311  # repeatable
    for number in range(count):
        paragraphs = [" ".join(_sentence(chance) for _ in range(chance.randint(3, 6))) for _ in range(8)]
        head = [f"Story {number} of the {chance.choice(_WORDS)} yard", "Published 2 September 2025"]
        (folder / f"story-{number:05}.txt").write_text("\n\n".join([*head, *paragraphs]))


def _sentence(chance: random.Random) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randint(8, 20))]
    words.insert(1, chance.choice(_VERBS))
    return f"The {' '.join(words)} {chance.randint(2, 9999):,} tons."


if __name__ == "__main__":
    sys.exit(run(main))
