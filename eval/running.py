"""Runs: every sample asked and scored, each kept as it is done, so that an interrupted run can go on."""

import hashlib
import json
import platform
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.samples import Sample, sample_of
from eval.scoring import Scored, score, summary
from index.about import replace_file
from index.errors import SamplesError
from index.progress import Progress

RESULTS, METRICS, REPORT = "results.jsonl", "metrics.json", "report.html"
_RUN = "run.json"
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """A run that is done, or as far as it is."""

    scored: tuple[Scored, ...]
    metrics: Mapping[str, Any]


def ask_all(
    samples: Sequence[Sample],
    ask: Callable[[Sample], Mapping[str, Any]],
    out: Path,
    made_by: Mapping[str, Any],
    *,
    resume: bool,
    progress: Callable[[Progress], object] = lambda progress: None,
) -> Run:
    """Asks every sample and writes results.jsonl and metrics.json into `out`.

    With `resume`, what an interrupted run of the same samples and settings has done is kept. `made_by` says
    what makes the answers. Raises SamplesError when `out` holds a run of something else.
    """
    out.mkdir(parents=True, exist_ok=True)
    identity = {"samples": digest(samples), "made_by": dict(made_by)}
    done = _done(out, identity) if resume else {}
    replace_file(out / _RUN, json.dumps(identity, ensure_ascii=False))
    for stale in (out / METRICS, out / REPORT):
        stale.unlink(missing_ok=True)  # no partial run looks whole
    scored: list[Scored] = []
    with (out / RESULTS).open("w", encoding="utf-8") as results:
        for number, sample in enumerate(samples):
            one = score(sample, done[sample.id] if sample.id in done else ask(sample))
            scored.append(one)
            results.write(json.dumps(_line(one), ensure_ascii=False) + "\n")
            results.flush()
            progress(Progress(number + 1, len(samples), 0, sample.id))
    metrics = summary(scored) | {"made_by": {**made_by, "date": datetime.now(UTC).isoformat(timespec="seconds")}}
    replace_file(out / METRICS, json.dumps(metrics, ensure_ascii=False, indent=1) + "\n")
    return Run(tuple(scored), metrics)


def read_run(folder: Path) -> Run:
    """The finished run in `folder`. Raises SamplesError when there is none."""
    try:
        metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        lines = [json.loads(line) for line in (folder / RESULTS).read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError):
        raise SamplesError(
            f"{folder} holds no finished run. Make one: python -m eval run SAMPLES --out {folder}"
        ) from None
    return Run(tuple(score(sample_of(line["sample"], str(folder)), line["answer"]) for line in lines), metrics)


def digest(samples: Sequence[Sample]) -> str:
    """Names a set of samples by what they hold."""
    return hashlib.sha256(json.dumps([asdict(s) for s in samples], ensure_ascii=False).encode()).hexdigest()[:16]


def versions() -> dict[str, str]:
    """Versions of what makes an answer, and digests of the wordings it gives."""
    prompts = sorted((_ROOT / "prompts").glob("*.md"))
    wordings = hashlib.sha256(b"".join(p.read_bytes() for p in prompts)).hexdigest()[:16]
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"assay": project["version"], "python": platform.python_version(), "prompts": wordings}


def _line(one: Scored) -> dict[str, Any]:
    sample = {key: value for key, value in asdict(replace(one.sample)).items() if value not in (None, (), [])}
    return {"id": one.sample.id, "state": one.state, "scores": one.scores, "sample": sample, "answer": one.answer}


def _done(out: Path, identity: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The answers that a run of the same kind has in `out`, by sample id; a line that was cut off is not one."""
    try:
        before = json.loads((out / _RUN).read_text(encoding="utf-8"))
        lines = (out / RESULTS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    if before != identity:
        raise SamplesError(
            f"{out} holds a run of other samples or settings. Leave out --resume, or choose another --out."
        )
    done: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        try:
            found = json.loads(line)
            done[found["id"]] = found["answer"]
        except (ValueError, KeyError):
            break
    return done
