"""A run as one self-contained page: headline figures, plots, and every sample with what came of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from eval.running import Run
from eval.scoring import METRICS, STATES, Scored, is_gold

_PAGE = Path(__file__).with_name("report.html")
_BINS = 10
_GOOD, _BAD = ("right", "rightly refused"), ("wrong", "wrongly refused", "wrongly answered")
Context = Callable[[Mapping[str, Any]], tuple[str, str, str]]
"""What stands before a citation's words in their article, the words, and what follows."""


def report(run: Run, title: str, context: Context = lambda citation: ("", citation["quote"], "")) -> str:
    """The page as HTML; nothing in it is fetched from elsewhere, and all text is escaped."""
    from plotly.offline import get_plotlyjs  # deferred: five megabytes of text

    tags = sorted({tag for s in run.scored for tag in s.sample.tags})
    present = [state for state in STATES if any(s.state == state for s in run.scored)]
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(title),
        made=escape(_made(run)),
        tiles="".join(_tile(name, run.metrics) for name in METRICS),
        states="".join(f'<option value="{state}">{state}</option>' for state in present),
        tags="".join(f'<option value="{_word(tag)}">{escape(tag)}</option>' for tag in tags),
        rows="".join(_row(s, context) for s in run.scored),
        data=_json(_plotted(run)),
        plotly=get_plotlyjs().replace("</script", "<\\/script"),
    )


def roc(scored: Sequence[Scored]) -> list[tuple[float, float]]:
    """(share of unanswerable, share of answerable questions) at or above each confidence, from none to all."""
    known = _known(scored)
    answerable = sum(gold for _, gold in known)
    others = len(known) - answerable
    if not answerable or not others:
        return []
    points = [(0.0, 0.0)]
    for bound in sorted({confidence for confidence, _ in known}, reverse=True):
        above = [gold for confidence, gold in known if confidence >= bound]
        points.append(((len(above) - sum(above)) / others, sum(above) / answerable))
    return points


def reliability(scored: Sequence[Scored]) -> list[dict[str, float]]:
    """Mean confidence and share of answerable questions in each tenth of the scale that has samples."""
    known = _known(scored)
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, gold in known:
        bins.setdefault(min(int(confidence * _BINS), _BINS - 1), []).append((confidence, gold))
    return [
        {
            "confidence": float(np.mean([c for c, _ in found])),
            "answerable": float(np.mean([g for _, g in found])),
            "samples": len(found),
        }
        for _, found in sorted(bins.items())
    ]


def _known(scored: Sequence[Scored]) -> list[tuple[float, bool]]:
    return [
        (float(s.answer["confidence"]), bool(s.sample.answerable))
        for s in scored
        if s.sample.answerable is not None and s.answer.get("confidence") is not None
    ]


def _plotted(run: Run) -> dict[str, Any]:
    by_tag = run.metrics["by_tag"]
    tags = [{"name": tag.replace("<", "‹"), **found} for tag, found in by_tag.items() if found["right"] is not None]
    return {
        "tags": sorted(tags, key=lambda tag: tag["right"]),
        "roc": roc(run.scored),
        "auc": run.metrics["abstention"]["auc"],
        "reliability": reliability(run.scored),
        "latency": [s.scores["latency_ms"] for s in run.scored if s.scores["latency_ms"] is not None],
    }


def _made(run: Run) -> str:
    made = run.metrics.get("made_by", {})
    flat = {**made.get("settings", {}), **made}
    parts = [f"{name}: {value}" for name, value in flat.items() if value not in (None, "") and name != "settings"]
    return f"{run.metrics['samples']} samples · " + " · ".join(parts)


def _tile(name: str, metrics: Mapping[str, Any]) -> str:
    group, _, metric = name.partition(".")
    value, interval = metrics[group][metric], metrics["intervals"][group][metric]
    if value is None:
        return ""
    shown = f"{value:.0f} ms" if group == "latency_ms" else f"{value:.3f}"
    digits = 0 if group == "latency_ms" else 2
    count = metrics["counts"][group][metric]
    between = f"{interval[0]:.{digits}f}–{interval[1]:.{digits}f} · " if interval and count > 1 else ""
    words = f"{group.removesuffix('_ms')} {metric}".replace("_", " ")
    return (
        f'<div class="tile"><span>{escape(words)}</span><b>{shown}</b><span>{between}n&nbsp;=&nbsp;{count}</span></div>'
    )


def _row(s: Scored, context: Context) -> str:
    kind = "good" if s.state in _GOOD else "bad" if s.state in _BAD else "partly" if s.state == "partly right" else ""
    tags = " ".join(map(_word, s.sample.tags))
    parts = [
        _history(s),
        _part("Answer", f"<p>{escape(s.answer['text'])}</p>"),
        _part("Cited", "".join(_citation(c, s, context) for c in s.answer.get("citations", ()))),
        _part(
            "Disclaimers", "".join(f'<p class="note">{escape(d["text"])}</p>' for d in s.answer.get("disclaimers", ()))
        ),
        _part("Gold", _gold(s)),
        _part("Scores", _scores(s)),
    ]
    return (
        f'<details class="{kind}" data-state="{s.state}" data-tags="{tags}"><summary>'
        f'<span class="id">{escape(s.sample.id)}</span><span class="state">{s.state}</span>'
        f"<span>{escape(s.sample.question)}</span></summary>"
        f'<div class="inside">{"".join(parts)}</div></details>'
    )


def _part(heading: str, inner: str) -> str:
    return f"<h3>{heading}</h3>{inner}" if inner else ""


def _history(s: Scored) -> str:
    turns = "".join(f"<p>{escape(turn.role)}: {escape(turn.content)}</p>" for turn in s.sample.history)
    understood = s.answer.get("standalone_question")
    if understood and understood != s.sample.question:
        turns += f"<p>Understood as: {escape(understood)}</p>"
    return _part("Before", turns)


def _citation(citation: Mapping[str, Any], s: Scored, context: Context) -> str:
    before, quote, after = context(citation)
    hit = is_gold(citation, s.sample)
    kind = "" if hit is None else "hit" if hit else "miss"
    claimant = (citation.get("claimant") or {}).get("name")
    where = " · ".join(str(part) for part in (citation.get("title"), citation.get("publisher"), claimant) if part)
    return (
        f'<blockquote class="{kind}">[{citation["number"]}] {escape(before)}<mark>{escape(quote)}</mark>{escape(after)}'
        f'<br><span class="id">{escape(where or str(citation.get("article_id") or ""))}</span></blockquote>'
    )


def _gold(s: Scored) -> str:
    sample = s.sample
    parts = (
        [f"<p>{'Answerable' if sample.answerable else 'Not answerable'}</p>"] if sample.answerable is not None else []
    )
    facts = [" / ".join(fact) for fact in sample.facts or ()]
    parts += [f'<p class="chips">{"".join(f"<span>{escape(fact)}</span>" for fact in facts)}</p>'] if facts else []
    parts += [f"<blockquote>{escape(quote)}</blockquote>" for quote in sample.quotes or ()]
    named = [*(sample.articles or ()), *(sample.claimants or ())]
    parts += [f'<p class="id">{escape(", ".join(named))}</p>'] if named else []
    if sample.state_sourced is not None:
        parts.append(f'<p class="id">{"rests" if sample.state_sourced else "does not rest"} on a state source</p>')
    return "".join(parts)


def _scores(s: Scored) -> str:
    named = [(name, value) for name, value in s.scores.items() if value is not None]
    chips = "".join(f"<span>{escape(name.replace('_', ' '))} {value:.2f}</span>" for name, value in named)
    confidence = s.answer.get("confidence")
    return f'<p class="chips">{chips}{"" if confidence is None else f"<span>confidence {confidence:.2f}</span>"}</p>'


def _word(tag: str) -> str:
    return escape("-".join(tag.split()).lower())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
