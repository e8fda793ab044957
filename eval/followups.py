"""How well follow-ups are understood: each is asked in its conversation, and again so that it stands alone.

python -m eval.followups [SAMPLES.jsonl --articles PATH] [--index DIR] [--misses] [--json]

Samples need "standalone". What counts is the fact recall in the conversation over that of the standalone question.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval import metrics as m
from eval.samples import Sample, is_held_out, read_samples
from index.cli import Parser, run, show, show_json
from index.config import load_settings
from index.errors import SamplesError

HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the ratio for all follow-ups, for the half that nothing was tuned to, and by kind."""
    parser = Parser(prog="python -m eval.followups", description="How well follow-ups are understood.")
    parser.add_argument("samples", type=Path, nargs="?", default=HERE / "followups.jsonl")
    parser.add_argument("--articles", type=Path, default=HERE / "articles", help="what the samples ask about")
    parser.add_argument("--index", type=Path, help="where to index them (default: a temporary folder)")
    parser.add_argument("--misses", action="store_true", help="every follow-up that comes out worse")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    options = parser.parse_args(arguments)
    samples = [s for s in read_samples(options.samples) if s.standalone and s.facts]
    if not samples:
        raise SamplesError(f"{options.samples} has no follow-ups with a standalone wording and facts.")
    with tempfile.TemporaryDirectory() as temporary:
        recalls = _ask(samples, options.articles, options.index or Path(temporary) / "index")
    groups = {"all": samples, "report half": [s for s in samples if is_held_out(s.id)]}
    groups |= {tag: [s for s in samples if tag in s.tags] for tag in sorted({t for s in samples for t in s.tags})}
    table = {name: _compared([recalls[s.id] for s in group]) for name, group in groups.items()}
    if options.json:
        show_json(table)
        return 0
    show(f"{'follow-ups':28} {'count':>5} {'asked':>7} {'alone':>7} {'ratio':>7}  95% interval")
    for name, row in table.items():
        between = " – ".join(f"{bound:.3f}" for bound in row["interval"] or ())
        ratio = "–" if row["ratio"] is None else f"{row['ratio']:.3f}"
        show(f"{name:28} {row['count']:5} {row['asked']:7.3f} {row['standalone']:7.3f} {ratio:>7}  {between}")
    for s in samples if options.misses else []:
        if recalls[s.id][0] < recalls[s.id][1] and not is_held_out(s.id):
            show(f"\n{s.id} {s.question}\n   {s.standalone}\n   {recalls[s.id]}")
    return 0


def _ask(samples: Sequence[Sample], articles: Path, path: Path) -> dict[str, tuple[float, float]]:
    """Fact recall of each sample by id, in its conversation and standing alone."""
    from assistant.assistant import Assistant
    from assistant.reranking import load_reranker
    from eval.indexing import index_of_articles
    from index.provenance.registry import Registry

    settings = load_settings()
    index = index_of_articles([str(articles)], path, settings)
    assistant = Assistant(index, Registry.load(settings.registry), load_reranker(settings.reranker))

    def recall(sample: Sample, question: str, *, in_conversation: bool) -> float:
        answer = assistant.ask(question, sample.history if in_conversation else ())
        return m.fact_recall("" if answer.status == "abstained" else answer.text, sample.facts or ()) or 0.0

    return {
        s.id: (recall(s, s.question, in_conversation=True), recall(s, s.standalone or "", in_conversation=False))
        for s in samples
    }


def _compared(recalls: Sequence[tuple[float, float]]) -> dict[str, Any]:
    pairs = np.array(recalls, np.float64).reshape(len(recalls), 2)
    ratios = m.ratio(pairs[:, 0], pairs[:, 1], m.draws(len(pairs)))
    known = ratios[1:][np.isfinite(ratios[1:])]
    between = [round(float(q), 4) for q in np.quantile(known, (0.025, 0.975))] if len(known) else None
    return {
        "count": len(pairs),
        "asked": float(pairs[:, 0].mean()) if len(pairs) else 0.0,
        "standalone": float(pairs[:, 1].mean()) if len(pairs) else 0.0,
        "ratio": round(float(ratios[0]), 4) if np.isfinite(ratios[0]) else None,
        "interval": between,
    }


if __name__ == "__main__":
    sys.exit(run(main))
