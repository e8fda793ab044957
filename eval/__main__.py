"""How well answers are grounded, measured.

python -m eval run SAMPLES.jsonl (--articles PATH | --index DIR | --answers FILE.jsonl) --out DIR [--resume]
python -m eval compare DIR DIR [--out FILE.html]
python -m eval gate DIR MINIMUMS.toml
python -m eval grounding PAIRS.jsonl --out FILE
python -m eval import clapnq|wice|squad2|xquad|mtrag SOURCE --out DIR
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.cli import Parser, common_flags, run, say, show, show_json
from index.config import Settings, load_settings
from index.errors import SamplesError

if TYPE_CHECKING:
    from eval.running import Run
    from eval.samples import Sample
    from index.store import ArticleIndex

_SETS = ("clapnq", "wice", "squad2", "xquad", "mtrag")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "run": _run,
        "compare": _compare,
        "gate": _gate,
        "grounding": _grounding,
        "import": _import,
    }
    return commands[options.command](options)


def _parser() -> Parser:
    parser = Parser(prog="python -m eval", description="How well answers are grounded, measured.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | compare | gate | grounding | import")
    common = common_flags()
    one = commands.add_parser("run", parents=[common], help="ask every sample, score the answers, write a report")
    one.add_argument("samples", type=Path, metavar="SAMPLES.jsonl")
    one.add_argument("--articles", metavar="PATH", help="articles to index first, into the folder of the run")
    one.add_argument("--publisher", help="publisher of articles that are not given one")
    one.add_argument("--answers", type=Path, metavar="FILE.jsonl", help="score these answers instead of asking")
    half = "only the half of the samples that is for tuning, or the one kept for reports"
    one.add_argument("--half", choices=("tune", "report"), help=half)
    one.add_argument(
        "--answerer", choices=("extractive", "generative"), default="extractive", help="how answers are made"
    )
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="results.jsonl, metrics.json, report.html")
    one.add_argument("--resume", action="store_true", help="go on with a run of the same that was interrupted")
    two = commands.add_parser("compare", parents=[common], help="two runs side by side")
    two.add_argument("before", type=Path, metavar="DIR")
    two.add_argument("after", type=Path, metavar="DIR")
    two.add_argument("--out", type=Path, metavar="FILE.html", help="the comparison as a page, too")
    gate = commands.add_parser("gate", parents=[common], help="exit 1 when a run is below its minimums")
    gate.add_argument("run", type=Path, metavar="DIR")
    gate.add_argument("minimums", type=Path, metavar="MINIMUMS.toml")
    pairs = commands.add_parser("grounding", parents=[common], help="score claims with passages by the grounding check")
    pairs.add_argument("pairs", type=Path, metavar="PAIRS.jsonl")
    pairs.add_argument("--out", type=Path, required=True, metavar="FILE", help="a line for each pair, as JSON")
    public = commands.add_parser("import", parents=[common], help="articles and samples from a public set")
    public.add_argument("set", choices=_SETS)
    public.add_argument("source", type=Path, metavar="SOURCE", help="the published file, or the folder it is in")
    public.add_argument("--out", type=Path, required=True, metavar="DIR")
    return parser


def _run(options: argparse.Namespace) -> int:
    from eval.samples import is_held_out, read_samples

    samples = read_samples(options.samples)
    if options.half:
        samples = [s for s in samples if is_held_out(s.id) == (options.half == "report")]
    if not samples:
        raise SamplesError(f'{options.samples} has no samples. A sample is a line: {{"id": "q1", "question": "…"}}')
    given = [name for name in ("articles", "index", "answers") if getattr(options, name)]
    if len(given) > 1:
        raise SamplesError(f"Give one of --articles, --index and --answers, not {' and '.join(given)}.")
    from eval.report import report
    from eval.running import alone_in, ask_all, versions
    from index.progress import shown

    with alone_in(options.out):
        ask, context, made_by = _foreign(options, samples) if options.answers else _assistant(options, samples)
        title = f"Evaluation of {options.samples.name}"
        with shown("Asking") as progress:
            done = ask_all(
                samples,
                ask,
                options.out,
                {**versions(), **made_by},
                resume=options.resume,
                page=lambda run: report(run, title, context),
                progress=progress,
            )
    _print(done, options)
    return 0


def _assistant(
    options: argparse.Namespace, samples: "Sequence[Sample]"
) -> tuple[Callable[["Sample"], Mapping[str, Any]], Any, dict[str, Any]]:
    """How samples are asked, how citations are shown, and what makes the answers."""
    from assistant.assistant import Assistant
    from assistant.page import in_context
    from index.provenance.registry import Registry

    settings = load_settings(options.index or (options.out / "index" if options.articles else None))
    registry = Registry.load(settings.registry)
    index = _indexed(options, settings)
    known = set(index.stored.records.ids())
    for sample in samples:
        missing = sorted(set(sample.articles or ()) - known)
        if missing:
            raise SamplesError(
                f"{sample.where}: {sample.id} names the article {missing[0]!r}, which is not in the index. "
                "Correct the id, or index the article."
            )
    assistant = Assistant.of(index, registry, settings)
    assistant.model_for(options.answerer)  # before anything is asked

    def context(citation: Mapping[str, Any]) -> tuple[str, str, str]:
        article = index.article(citation["article_id"], citation["revision"])
        return in_context(article, citation["start"], citation["end"])

    made_by = {
        "answerer": options.answerer,
        "model": settings.llm_model if options.answerer == "generative" else None,
        "settings": {
            "encoder": settings.encoder,
            "reranker": settings.reranker or "",
            "registry": str(settings.registry or ""),
        },
        "encoder": index.encoder.identity,
        "registry": registry.identity,
        "articles": _digest(index),
    }
    return (
        lambda sample: assistant.ask(sample.question, sample.history, answerer=options.answerer).to_json(),
        context,
        made_by,
    )


def _foreign(
    options: argparse.Namespace, samples: "Sequence[Sample]"
) -> tuple[Callable[["Sample"], Mapping[str, Any]], Any, dict[str, Any]]:
    from eval.foreign import read_answers

    answers = read_answers(options.answers, samples)
    return (
        lambda sample: answers[sample.id],
        lambda citation: ("", citation["quote"], ""),
        {"answers": options.answers.name},
    )


def _indexed(options: argparse.Namespace, settings: Settings) -> "ArticleIndex":
    from eval.indexing import index_of_articles
    from index.store import ArticleIndex

    if not options.articles:
        return ArticleIndex.open(settings.index, settings.encoder)
    return index_of_articles([options.articles], settings.index, settings, options.publisher)


def _digest(index: "ArticleIndex") -> str:
    """Names the texts of an index."""
    import hashlib

    keys = sorted(f"{article_id}@{revision}" for article_id, (revision, _) in index.records().items())
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]


def _print(done: "Run", options: argparse.Namespace) -> None:
    if options.json:
        show_json(done.metrics)
        return
    from rich.console import Console
    from rich.table import Table

    from eval.scoring import METRICS

    table = Table(box=None, pad_edge=False)
    for column, justify in (("metric", "left"), ("value", "right"), ("95% interval", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for name in METRICS:
        group, _, metric = name.partition(".")
        value, between = done.metrics[group][metric], done.metrics["intervals"][group][metric]
        if value is not None:
            table.add_row(name, f"{value:.3f}", f"{between[0]:.3f} – {between[1]:.3f}" if between else "–")
    Console(width=None if sys.stdout.isatty() else 100).print(table)
    show(f"{done.metrics['samples']} samples; the report: {options.out / 'report.html'}")


def _compare(options: argparse.Namespace) -> int:
    from eval.comparing import as_html, compare
    from eval.running import read_run
    from index.about import replace_file

    found = compare(read_run(options.before), read_run(options.after))
    if options.out:
        try:
            replace_file(options.out, as_html(found, str(options.before), str(options.after)))
        except OSError as error:
            raise SamplesError(f"{options.out} cannot be written ({error.strerror}). Choose another --out.") from None
    if options.json:
        changed = [{"id": a.sample.id, "before": a.state, "after": b.state} for a, b in found.changed]
        show_json({"samples": found.samples, "differences": [vars(d) for d in found.differences], "changed": changed})
        return 0
    show(f"{'metric':24} {'samples':>7} {'before':>8} {'after':>8} {'difference':>10}  95% interval")
    for d in found.differences:
        between = f"{d.interval[0]:+.3f} to {d.interval[1]:+.3f}{' *' if d.is_clear else ''}" if d.interval else ""
        show(f"{d.metric:24} {d.samples:7} {d.before:8.3f} {d.after:8.3f} {d.difference:+10.3f}  {between}")
    for a, b in found.changed:
        show(f"{a.sample.id}: {a.state} -> {b.state}: {a.sample.question}")
    if found.only_one:
        say(f"{len(found.only_one)} samples are in one run only and left out.")
    return 0


def _gate(options: argparse.Namespace) -> int:
    from eval.comparing import below
    from eval.running import read_run

    failed = below(read_run(options.run).metrics, options.minimums)
    if options.json:
        show_json({"ok": not failed, "failed": failed})
    for line in failed:
        say(line)
    if not failed and not options.json:
        show("Nothing is below its minimum.")
    return 1 if failed else 0


def _grounding(options: argparse.Namespace) -> int:
    from eval.pairs import ground_pairs, read_pairs
    from index.about import replace_file
    from index.progress import shown

    pairs = read_pairs(options.pairs)
    settings = load_settings(options.index)
    with shown("Checking") as progress:
        results, figures = ground_pairs(pairs, settings, progress)
    try:
        replace_file(options.out, "".join(f"{line}\n" for line in results))
    except OSError as error:
        raise SamplesError(f"{options.out} cannot be written ({error.strerror}). Choose another --out.") from None
    if options.json:
        show_json(figures)
        return 0
    for name, value in figures.items():
        show(f"{name:20} {value}" if isinstance(value, int) else f"{name:20} {value:.3f}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from eval.adapters import import_set

    done = import_set(options.set, options.source, options.out)
    for reason, ids in done.skipped.items():
        say(f"skipped: {reason}: {', '.join(ids[:3])}{f' and {len(ids) - 3} more' if len(ids) > 3 else ''}")
    if options.json:
        show_json(vars(done))
    else:
        counts = {"articles": done.articles, "samples": done.samples, "pairs": done.pairs}
        show(", ".join(f"{count:,} {name}" for name, count in counts.items() if count))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
