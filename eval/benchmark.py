"""How long an answer takes, and what takes it: python -m eval.benchmark [--articles 1000] [--keep FOLDER] [--json]

The project's own articles among articles of random words; its own questions are asked one after the other,
once to warm up and then for the figures.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.ingestion import write_articles
from eval.samples import read_samples
from index.cli import Parser, run, show, show_json
from index.config import load_settings
from index.errors import SamplesError

_FEWEST = 20
HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints milliseconds at the median and at p95, and each step's share."""
    parser = Parser(prog="python -m eval.benchmark", description="How long an answer takes, warm.")
    parser.add_argument("--articles", type=int, default=1000, help="how many, 20 at least (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="folder that keeps the index for the next run")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    options = parser.parse_args(arguments)
    if options.articles < _FEWEST:
        raise SamplesError(f"--articles {options.articles} is too few; give {_FEWEST} or more.")
    with tempfile.TemporaryDirectory() as temporary:
        timings = _timed(options.keep or Path(temporary), options.articles)
    steps = [step for step in timings[0] if step != "total"]
    totals = np.array([t["total"] for t in timings])
    result = {
        "answers": len(timings),
        "p50_ms": round(float(np.median(totals)), 1),
        "p95_ms": round(float(np.quantile(totals, 0.95)), 1),
        "share": {step: round(float(sum(t[step] for t in timings) / totals.sum()), 3) for step in steps},
    }
    if options.json:
        show_json(result)
        return 0
    times = f"median {result['p50_ms']} ms, p95 {result['p95_ms']} ms"
    show(f"{result['answers']} answers over {options.articles:,} articles: {times}")
    for step, share in dict(result["share"]).items():  # type: ignore[call-overload]
        show(f"  {step:12} {share:.0%}")
    return 0


def _timed(folder: Path, count: int) -> list[dict[str, float]]:
    from assistant.assistant import Assistant
    from assistant.reranking import load_reranker
    from eval.indexing import index_of_articles
    from index.provenance.registry import Registry

    settings = load_settings()
    own = HERE / "articles"
    others = folder / f"articles-{count}"
    if not others.exists():
        write_articles(others, count - sum(1 for _ in own.iterdir()))
    index = index_of_articles([str(own), str(others)], folder / "index", settings)
    assistant = Assistant(index, Registry.load(settings.registry), load_reranker(settings.reranker))
    samples = read_samples(HERE / "samples.jsonl")
    for sample in samples:
        assistant.ask(sample.question, sample.history)
    return [assistant.ask(sample.question, sample.history).timings_ms for sample in samples]


if __name__ == "__main__":
    sys.exit(run(main))
