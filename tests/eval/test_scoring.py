"""Scores: what broken assistants fail, and what becomes of a sample."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from eval.samples import Sample
from eval.scoring import METRICS, drawn, interval, score, summary

Answer = dict[str, Any]
STATE, PRIVATE = "The state mill made 90 tons.", "The laboratory measured 402 Brinell."
SAMPLES = [
    Sample("s1", "How much?", (), True, ("a",), (("90 tons",),), (STATE,), True, ("baogang-group",), ("amount",)),
    Sample("s2", "How hard?", (), True, ("b",), (("402",),), (PRIVATE,), False, ("name:Lab",), ("amount",)),
    Sample("s3", "Who won?", (), False, tags=("near-miss",)),
    Sample("s4", "Who lost?", (), False, tags=("near-miss",)),
]


def good(sample: Sample) -> Answer:
    if not sample.answerable:
        return {"status": "abstained", "text": "No.", "sentences": [], "citations": [], "disclaimers": [],
                "confidence": 0.1, "retrieved": [{"article_id": "a"}], "timings_ms": {"total": 10}}  # fmt: skip
    [quote], [article], [claimant] = sample.quotes or (), sample.articles or (), sample.claimants or ()
    return {
        "status": "answered", "text": f"{quote} [1]", "sentences": [{"text": quote, "citations": [1]}],
        "citations": [{"number": 1, "article_id": article, "quote": quote, "claimant": {"id": claimant}}],
        "disclaimers": [{"text": "State!", "citations": [1]}] if sample.state_sourced else [],
        "confidence": 0.9, "retrieved": [{"article_id": article}], "timings_ms": {"total": 20},
    }  # fmt: skip


def wrong_citations(sample: Sample) -> Answer:
    answer = good(sample)
    for citation in answer["citations"]:
        citation |= {"quote": "Nothing of the kind stands here.", "article_id": "z"}
    return answer


def no_disclaimers(sample: Sample) -> Answer:
    return good(sample) | {"disclaimers": []}


def always_disclaimers(sample: Sample) -> Answer:
    return good(sample) | {"disclaimers": [{"text": "State!", "citations": [1]}]}


def always_answers(sample: Sample) -> Answer:
    answer = good(replace(SAMPLES[0], state_sourced=False)) if not sample.answerable else good(sample)
    return answer | {"confidence": 0.9}


def never_answers(sample: Sample) -> Answer:
    return good(SAMPLES[2]) | {"retrieved": good(sample)["retrieved"]}


def wrong_facts(sample: Sample) -> Answer:
    return good(sample) | {"text": "It is seven. [1]"}


def wrong_claimant(sample: Sample) -> Answer:
    answer = good(sample)
    for citation in answer["citations"]:
        citation["claimant"] = None
    return answer


def finds_nothing(sample: Sample) -> Answer:
    return good(sample) | {"retrieved": [{"article_id": "z"}]}


def figures(ask: Callable[[Sample], Mapping[str, Any]]) -> dict[str, float | None]:
    found = summary([score(s, ask(s)) for s in SAMPLES])
    return {name: found[name.partition(".")[0]][name.partition(".")[2]] for name in METRICS if "latency" not in name}


def test_a_perfect_assistant_has_perfect_figures() -> None:
    assert set(figures(good).values()) == {1.0}


RETRIEVAL = {name for name in METRICS if name.startswith("retrieval")}
REFUSED = {"abstention.precision", "abstention.f1", "abstention.auc", "answer.fact_recall", "claimant.accuracy"}
REFUSED |= {"citation.precision", "citation.recall", "citation.quote_recall"}
REFUSED |= {"disclaimer.precision", "disclaimer.recall"}


@pytest.mark.parametrize(
    ("broken", "fails"),
    [
        (wrong_citations, {"citation.precision", "citation.recall", "citation.quote_recall"}),
        (no_disclaimers, {"disclaimer.recall", "disclaimer.precision"}),
        (always_disclaimers, {"disclaimer.precision"}),
        (always_answers, {"abstention.recall", "abstention.precision", "abstention.f1", "abstention.auc"}),
        (never_answers, REFUSED),
        (wrong_facts, {"answer.fact_recall"}),
        (wrong_claimant, {"claimant.accuracy"}),
        (finds_nothing, RETRIEVAL),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_a_broken_assistant_fails_the_metric_that_should_catch_it_and_no_other(
    broken: Callable[[Sample], Answer], fails: set[str]
) -> None:
    found = figures(broken)
    assert {name for name, value in found.items() if value != 1.0} == fails
    assert all(value is None or value < 1 for name, value in found.items() if name in fails)


def test_missed_and_excess_disclaimers_are_counted_apart() -> None:
    missed = summary([score(s, no_disclaimers(s)) for s in SAMPLES])["disclaimer"]
    excess = summary([score(s, always_disclaimers(s)) for s in SAMPLES])["disclaimer"]
    assert (missed["missed"], missed["excess"]) == (1, 0)
    assert (excess["missed"], excess["excess"]) == (0, 1)


def test_what_has_no_gold_has_no_score() -> None:
    bare = score(Sample("q", "Why?"), good(SAMPLES[0]))
    assert {name for name, value in bare.scores.items() if value is not None} == {"latency_ms"}
    found = summary([bare])
    assert found["answer"]["fact_recall"] is None and found["intervals"]["answer"]["fact_recall"] is None
    assert bare.state == "answered"


@pytest.mark.parametrize(
    ("sample", "ask", "state"),
    [
        (0, good, "right"),
        (0, wrong_facts, "wrong"),
        (0, never_answers, "wrongly refused"),
        (2, good, "rightly refused"),
        (2, always_answers, "wrongly answered"),
    ],
)
def test_what_becomes_of_a_sample(sample: int, ask: Callable[[Sample], Answer], state: str) -> None:
    assert score(SAMPLES[sample], ask(SAMPLES[sample])).state == state


def test_intervals_hold_the_value_and_narrow_with_more_samples() -> None:
    mixed = [score(s, (good if i % 2 else wrong_facts)(s)) for i, s in enumerate(SAMPLES[:1] * 20)]
    narrow, wide = (interval(drawn("answer.fact_recall", mixed[:n])) for n in (20, 6))
    assert narrow and wide
    assert narrow[0] <= 0.5 <= narrow[1] and wide[1] - wide[0] > narrow[1] - narrow[0] > 0


def test_tags_have_figures_of_their_own() -> None:
    by_tag = summary([score(s, good(s)) for s in SAMPLES])["by_tag"]
    assert by_tag["near-miss"]["samples"] == 2 and by_tag["near-miss"]["right"] == 1
    assert by_tag["amount"]["answer.fact_recall"] == 1
