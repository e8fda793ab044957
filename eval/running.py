"""Runs: every sample asked and scored, each kept as it is done, so that an interrupted run can go on.

metrics.json is written last: a folder that has it holds a whole run.
"""

import hashlib
import json
import platform
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

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
    """A run that is done."""

    scored: tuple[Scored, ...]
    metrics: Mapping[str, Any]


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Makes the folder `out`, for one run at a time. Raises SamplesError when that cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / "run.lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise SamplesError(f"Another run is writing into {out}. Wait for it, or choose another --out.") from None
    except OSError as error:
        raise SamplesError(f"{out} cannot be written ({error.strerror}). Choose another --out.") from None
    try:
        yield
    finally:
        lock.release()


def ask_all(
    samples: Sequence[Sample],
    ask: Callable[[Sample], Mapping[str, Any]],
    out: Path,
    made_by: Mapping[str, Any],
    *,
    resume: bool,
    page: Callable[[Run], str] | None = None,
    progress: Callable[[Progress], object] = lambda progress: None,
) -> Run:
    """Asks every sample, and writes results.jsonl as it goes, `page` of the run as report.html, then metrics.json.

    With `resume`, what an interrupted run of the same samples and settings has done is kept. `made_by` says
    what makes the answers. Raises SamplesError when `out` holds a run of something else.
    """
    out.mkdir(parents=True, exist_ok=True)
    identity = {"samples": digest(samples), "made_by": dict(made_by)}
    done = _done(out, identity, samples) if resume else []
    for stale in (out / METRICS, out / REPORT):
        stale.unlink(missing_ok=True)  # no partial run looks whole
    replace_file(out / _RUN, json.dumps(identity, ensure_ascii=False))
    replace_file(out / RESULTS, "".join(map(_line, done)))
    scored = list(done)
    with (out / RESULTS).open("a", encoding="utf-8") as results:
        for sample in samples[len(done) :]:
            one = score(sample, ask(sample))
            scored.append(one)
            results.write(_line(one))
            results.flush()
            progress(Progress(len(scored), len(samples), 0, sample.id))
    made = {**made_by, "date": datetime.now(UTC).isoformat(timespec="seconds")}
    run = Run(tuple(scored), summary(scored) | {"made_by": made})
    if page:
        replace_file(out / REPORT, page(run))
    replace_file(out / METRICS, json.dumps(run.metrics, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return run


def read_run(folder: Path) -> Run:
    """The finished run in `folder`. Raises SamplesError when there is none."""
    try:
        metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        lines = _lines(folder)
        scored = tuple(score(sample_of(line["sample"], str(folder)), line["answer"]) for line in lines)
        if len(scored) != metrics["samples"]:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SamplesError(
            f"{folder} holds no finished run. Make one: python -m eval run SAMPLES --out {folder}"
        ) from None
    return Run(scored, metrics)


def digest(samples: Sequence[Sample]) -> str:
    """Names a set of samples by what they hold."""
    return hashlib.sha256(json.dumps([s.to_json() for s in samples], ensure_ascii=False).encode()).hexdigest()[:16]


def versions() -> dict[str, str]:
    """Versions of what makes an answer, and digests of the wordings it gives."""
    prompts = sorted((_ROOT / "prompts").glob("*.md"))
    wordings = hashlib.sha256(b"".join(p.read_bytes() for p in prompts)).hexdigest()[:16]
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"assay": project["version"], "python": platform.python_version(), "prompts": wordings}


def _line(one: Scored) -> str:
    line = {"id": one.sample.id, "state": one.state, "scores": one.scores, "sample": one.sample.to_json()}
    return json.dumps({**line, "answer": one.answer}, ensure_ascii=False) + "\n"


def _lines(folder: Path) -> list[dict[str, Any]]:
    text = (folder / RESULTS).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def _done(out: Path, identity: Mapping[str, Any], samples: Sequence[Sample]) -> list[Scored]:
    """What a run of the same kind has done in `out`, the first so many of `samples`; a cut line is not done."""
    try:
        before = json.loads((out / _RUN).read_text(encoding="utf-8"))
        text = (out / RESULTS).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return []
    if before != identity:
        raise SamplesError(
            f"{out} holds a run of other samples or settings. Leave out --resume, or choose another --out."
        )
    done: list[Scored] = []
    for sample, line in zip(samples, text.split("\n"), strict=False):
        try:
            found = json.loads(line)
            if found["id"] != sample.id:
                break
            done.append(score(sample, found["answer"]))
        except (ValueError, KeyError, TypeError):
            break
    return done
