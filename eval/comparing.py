"""Two runs side by side, paired by sample; and a run against minimums."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from eval.running import Run
from eval.scoring import METRICS, Scored, counts_for, drawn, interval
from index.errors import SamplesError

_PAGE = Path(__file__).with_name("comparison.html")


@dataclass(frozen=True)
class Difference:
    """A metric in both runs over the samples that both have, and the second minus the first with its interval."""

    metric: str
    before: float
    after: float
    difference: float
    interval: tuple[float, float] | None
    samples: int
    """How many it is taken over: those that have a value in both."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)


@dataclass(frozen=True)
class Comparison:
    """What changed from one run to another; `changed` are samples with what became of them before and after."""

    differences: tuple[Difference, ...]
    changed: tuple[tuple[Scored, Scored], ...]
    samples: int
    only_one: tuple[str, ...]


def compare(before: Run, after: Run) -> Comparison:
    """The two runs paired by sample id. Raises SamplesError when they have no sample in common."""
    first, second = ({s.sample.id: s for s in run.scored} for run in (before, after))
    common = [i for i in first if i in second]
    if not common:
        raise SamplesError("The two runs have no sample in common. Compare runs of the same samples.")
    pairs = [(first[i], second[i]) for i in common]
    for a, b in pairs:
        if (a.sample.question, a.sample.history) != (b.sample.question, b.sample.history):
            raise SamplesError(
                f"The sample {a.sample.id!r} asks something else in the two runs. Compare runs of one set."
            )
    differences: list[Difference] = []
    for metric in METRICS:
        both = [pair for pair in pairs if all(counts_for(metric, side) for side in pair)]
        if not both:
            continue
        old, new = (drawn(metric, side) for side in zip(*both, strict=True))  # the same draws for both
        if np.isnan(old[0]) or np.isnan(new[0]):
            continue
        between = interval(new - old)
        pair = (between[0], between[1]) if between else None
        differences.append(Difference(metric, float(old[0]), float(new[0]), float(new[0] - old[0]), pair, len(both)))
    changed = tuple((a, b) for a, b in pairs if a.state != b.state)
    return Comparison(tuple(differences), changed, len(common), tuple(sorted(set(first) ^ set(second))))


def as_html(found: Comparison, before: str, after: str) -> str:
    """The comparison as a self-contained page."""
    details = "".join(
        f"<details><summary>{escape(a.sample.id)}: {a.state} → <b>{b.state}</b>, {escape(a.sample.question)}</summary>"
        f"<p>Before: {escape(a.answer['text'])}</p><p>After: {escape(b.answer['text'])}</p></details>\n"
        for a, b in found.changed
    )
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        before=escape(before),
        after=escape(after),
        samples=found.samples,
        rows="\n".join(map(_row, found.differences)),
        changed=len(found.changed),
        details=details,
    )


def below(metrics: Mapping[str, Any], minimums: Path) -> list[str]:
    """What of a run is below `minimums`, a TOML file of tables such as [retrieval] with "recall@5" = 0.9.

    A name that ends in _at_most bounds from above. Raises SamplesError for a file or a name that cannot be used.
    """
    try:
        wanted = tomllib.loads(minimums.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SamplesError(f"{minimums} cannot be read: {error}.") from None
    if not wanted:
        raise SamplesError(f"{minimums} has no minimums. Write for example: [answer] and below it fact_recall = 0.5")
    groups = {name.partition(".")[0] for name in METRICS}
    failed: list[str] = []
    for group, bounds in wanted.items():
        if group not in groups or not isinstance(bounds, dict):
            raise SamplesError(f"{minimums}: {group!r} is no group of metrics. Use [{'], ['.join(sorted(groups))}].")
        for name, bound in bounds.items():
            metric = name.removesuffix("_at_most")
            if metric not in metrics[group]:
                raise SamplesError(
                    f"{minimums}: there is no metric {group}.{metric}. Known: {', '.join(metrics[group])}."
                )
            if isinstance(bound, bool) or not isinstance(bound, int | float) or not np.isfinite(bound):
                raise SamplesError(f"{minimums}: {group}.{name} must be a number, not {bound!r}.")
            value = metrics[group][metric]
            most = name != metric
            if value is None or (value > bound if most else value < bound):
                shown = "no value" if value is None else f"{value:.4g}"
                failed.append(f"{group}.{metric} is {shown}, {'at most' if most else 'at least'} {bound:g} is wanted")
    return failed


def _row(d: Difference) -> str:
    better = d.difference < 0 if d.metric.startswith("latency") else d.difference > 0
    kind = ("up" if better else "down") if d.is_clear else ""
    between = f"{d.interval[0]:+.3f} to {d.interval[1]:+.3f}" if d.interval else "–"
    numbers = (
        (str(d.samples), ""),
        (f"{d.before:.3f}", ""),
        (f"{d.after:.3f}", ""),
        (f"{d.difference:+.3f}", kind),
        (between, ""),
    )
    cells = "".join(f'<td class="n {of}">{number}</td>' for number, of in numbers)
    return f"<tr><td>{escape(d.metric)}</td>{cells}</tr>"
