"""Runs: kept as they go, resumed, scored from elsewhere, compared and gated; every mistake one line."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.comparing import as_html, below, compare
from eval.foreign import read_answers
from eval.running import METRICS, RESULTS, alone_in, ask_all, read_run
from eval.samples import Sample, read_samples
from index.errors import SamplesError
from index.store import ArticleIndex
from tests.conftest import with_encoder
from tests.eval.test_scoring import SAMPLES, good, never_answers, wrong_facts

ROOT = Path(__file__).parents[2]


class Interrupted(Exception):
    """Stands for a power cut."""


def made(out: Path, ask: Any = good, *, resume: bool = False, samples: list[Sample] = SAMPLES) -> Mapping[str, Any]:  # noqa: ANN401
    return ask_all(samples, ask, out, {"model": None}, resume=resume).metrics


def test_an_interrupted_run_goes_on_where_it_was_and_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    asked: list[str] = []

    def fails_at_third(sample: Sample) -> Mapping[str, Any]:
        if len(asked) == 2:
            raise Interrupted
        asked.append(sample.id)
        return good(sample)

    with pytest.raises(Interrupted):
        made(tmp_path / "a", fails_at_third)
    assert not (tmp_path / "a" / METRICS).exists()  # no partial run looks whole
    with pytest.raises(SamplesError, match="no finished run"):
        read_run(tmp_path / "a")
    with (tmp_path / "a" / RESULTS).open("a") as results:
        results.write('{"id": "s3", "answ')  # cut off in the middle of a line
    asked.clear()
    resumed = made(tmp_path / "a", lambda s: asked.append(s.id) or good(s), resume=True)
    assert asked == ["s3", "s4"]
    whole = made(tmp_path / "b")
    for run in (resumed, whole):
        run["made_by"].pop("date")
    assert resumed == whole
    assert (tmp_path / "a" / RESULTS).read_text() == (tmp_path / "b" / RESULTS).read_text()


def test_a_resumed_run_that_is_interrupted_again_keeps_what_was_done(tmp_path: Path) -> None:
    def fails_at_third(sample: Sample) -> Mapping[str, Any]:
        if sample.id == "s3":
            raise Interrupted
        return good(sample)

    for resume in (False, True, True):
        with pytest.raises(Interrupted):
            made(tmp_path, fails_at_third, resume=resume)
        assert [json.loads(line)["id"] for line in (tmp_path / RESULTS).read_text().splitlines()] == ["s1", "s2"]


def test_one_run_at_a_time_writes_into_a_folder(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(SamplesError, match="Another run is writing"), alone_in(tmp_path):
        pass
    (tmp_path / "file").write_text("")
    with pytest.raises(SamplesError, match="cannot be written"), alone_in(tmp_path / "file"):
        pass


def test_a_run_whose_results_are_cut_is_not_whole(tmp_path: Path) -> None:
    made(tmp_path)
    whole = (tmp_path / RESULTS).read_text()
    (tmp_path / RESULTS).write_text(whole.partition("\n")[0] + "\n")
    with pytest.raises(SamplesError, match="no finished run"):
        read_run(tmp_path)


def test_signs_that_end_lines_elsewhere_do_not_end_a_sample(tmp_path: Path) -> None:
    odd = Sample("odd", "One\u2028two\u0085three?", answerable=True)
    samples = read_samples(
        lines(tmp_path / "s.jsonl", '{"id": "odd", "question": "One\u2028two\u0085three?", "answerable": true}')
    )
    assert samples == [odd]
    made(tmp_path / "run", lambda s: good(SAMPLES[0]), samples=samples)
    assert read_run(tmp_path / "run").scored[0].sample == odd


def test_a_run_of_other_samples_is_not_resumed(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(SamplesError, match="other samples or settings"):
        made(tmp_path, resume=True, samples=SAMPLES[:2])


def test_a_run_is_read_as_it_was_made(tmp_path: Path) -> None:
    metrics = made(tmp_path)
    run = read_run(tmp_path)
    assert run.metrics == metrics
    assert [s.sample for s in run.scored] == SAMPLES
    assert metrics["made_by"]["date"]


# ---- answers from elsewhere


def lines(file: Path, *objects: object) -> Path:
    file.write_text("".join(f"{o if isinstance(o, str) else json.dumps(o)}\n" for o in objects), encoding="utf-8")
    return file


def test_answers_from_elsewhere_are_scored_like_our_own(tmp_path: Path) -> None:
    given = [
        {"id": s.id, "text": f"{good(s)['text']}" if s.answerable else "", "confidence": good(s)["confidence"],
         "passages": [{"article_id": c["article_id"], "text": c["quote"]} for c in good(s)["citations"]],
         "retrieved": [e["article_id"] for e in good(s)["retrieved"]],
         "disclaimers": ["State!"] if s.state_sourced else []}
        for s in SAMPLES
    ]  # fmt: skip
    answers = read_answers(lines(tmp_path / "answers.jsonl", *given), SAMPLES)
    metrics = made(tmp_path / "run", lambda s: answers[s.id])
    for group, name in (
        ("answer", "fact_recall"),
        ("citation", "precision"),
        ("citation", "recall"),
        ("disclaimer", "recall"),
    ):
        assert metrics[group][name] == 1
    assert metrics["claimant"]["accuracy"] is None  # nothing was said of claimants


def test_marks_belong_to_the_sentence_before_them(tmp_path: Path) -> None:
    text = "It made 90 tons. [1] It is hard [2], very hard.[1, 3] Nobody cites this."
    file = lines(tmp_path / "a.jsonl", {"id": "s1", "text": text, "passages": ["one", "two", "three"]})
    sentences = read_answers(file, SAMPLES[:1])["s1"]["sentences"]
    assert [s["citations"] for s in sentences] == [[1], [2, 1, 3], []]
    assert sentences[1]["text"].startswith("It is hard")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "answers.jsonl:1: not JSON"),
        ({"id": "s1"}, "answers.jsonl:1: text: field required"),
        ({"id": "x", "text": ""}, "answers.jsonl:1: no sample 'x'; these are answers to another set"),
        ({"id": "s1", "text": "", "disclaimers": "none"}, "answers.jsonl:1: disclaimers: input should be a valid list"),
        ({"id": "s1", "text": "", "confidence": 7}, "answers.jsonl:1: confidence: input should be less than or equal"),
        (
            '{"id": "s1", "text": "", "latency_ms": 1e999}',
            "answers.jsonl:1: latency_ms: input should be a finite number",
        ),
        ({"id": "s1", "text": "", "colour": 1}, "answers.jsonl:1: colour: extra inputs are not permitted"),
        ({"id": "s1", "text": "", "passages": [{"body": ""}]}, "answers.jsonl:1: passages.0"),
        ({"id": "s1", "text": "", "status": "maybe"}, "answers.jsonl:1: status: input should be"),
        ({"id": "s1", "text": ""}, "has no answer to 's2' and 2 more"),
    ],
)
def test_a_wrong_answers_file_is_told_in_one_line(tmp_path: Path, line: object, said: str) -> None:
    with pytest.raises(SamplesError) as raised:
        read_answers(lines(tmp_path / "answers.jsonl", line), SAMPLES)
    assert said in str(raised.value)


# ---- compared and gated


def test_two_runs_are_paired_by_sample(tmp_path: Path) -> None:
    made(tmp_path / "a", wrong_facts)
    made(tmp_path / "b", good)
    found = compare(read_run(tmp_path / "a"), read_run(tmp_path / "b"))
    [facts] = [d for d in found.differences if d.metric == "answer.fact_recall"]
    assert (facts.before, facts.after, facts.difference, facts.is_clear) == (0, 1, 1, True)
    [same] = [d for d in found.differences if d.metric == "citation.precision"]
    assert (same.difference, same.is_clear) == (0, False)
    assert [(a.sample.id, a.state, b.state) for a, b in found.changed] == [
        ("s1", "wrong", "right"),
        ("s2", "wrong", "right"),
    ]
    page = as_html(found, "<a>", "b")
    assert "2 samples changed" in page and "&lt;a&gt;" in page and "<a>" not in page


def test_runs_without_a_common_sample_are_not_compared(tmp_path: Path) -> None:
    made(tmp_path / "a", samples=SAMPLES[:1])
    made(tmp_path / "b", samples=SAMPLES[1:])
    with pytest.raises(SamplesError, match="no sample in common"):
        compare(read_run(tmp_path / "a"), read_run(tmp_path / "b"))


def test_a_metric_is_compared_over_samples_that_have_it_in_both(tmp_path: Path) -> None:
    def retrieves_once(sample: Sample) -> Mapping[str, Any]:
        answer = {**good(sample), "retrieved": [{"article_id": "z"}]}
        return answer if sample.id == "s1" else {key: v for key, v in answer.items() if key != "retrieved"}

    made(tmp_path / "a")
    made(tmp_path / "b", retrieves_once)
    found = compare(read_run(tmp_path / "a"), read_run(tmp_path / "b"))
    [recall] = [d for d in found.differences if d.metric == "retrieval.recall@1"]
    assert (recall.samples, recall.before, recall.after) == (1, 1, 0)


def test_other_questions_under_the_same_id_are_not_compared(tmp_path: Path) -> None:
    made(tmp_path / "a", samples=SAMPLES[:1])
    made(tmp_path / "b", samples=[replace(SAMPLES[0], question="Another?")])
    with pytest.raises(SamplesError, match="'s1' asks something else"):
        compare(read_run(tmp_path / "a"), read_run(tmp_path / "b"))


@pytest.mark.parametrize(
    "text", ["", "[answer]\nfact_recall = nan\n", "[answer]\nfact_recall = true\n", "[by_tag]\nx = 1\n", "x = 1"]
)
def test_minimums_that_hold_nothing_are_refused(tmp_path: Path, text: str) -> None:
    minimums = tmp_path / "min.toml"
    minimums.write_text(text)
    with pytest.raises(SamplesError, match=r"min\.toml"):
        below(made(tmp_path / "run"), minimums)


def test_the_gate_names_what_is_below_or_above(tmp_path: Path) -> None:
    minimums = tmp_path / "min.toml"
    minimums.write_text("[answer]\nfact_recall = 0.5\n[disclaimer]\nexcess_at_most = 0\n")
    assert below(made(tmp_path / "good"), minimums) == []
    assert below(made(tmp_path / "bad", wrong_facts), minimums) == ["answer.fact_recall is 0, at least 0.5 is wanted"]
    assert "no value" in below(made(tmp_path / "none", never_answers) | {"answer": {"fact_recall": None}}, minimums)[0]
    minimums.write_text("[answer]\nfacts = 0.5\n")
    with pytest.raises(SamplesError, match=r"no metric answer\.facts\. Known: fact_recall"):
        below(made(tmp_path / "good"), minimums)


# ---- the commands


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "eval", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_a_run_over_an_index_writes_results_metrics_and_a_report(tmp_path: Path, sample_index: ArticleIndex) -> None:
    few = (ROOT / "eval" / "samples.jsonl").read_text(encoding="utf-8").splitlines()[:6]
    samples = lines(tmp_path / "few.jsonl", *few)
    out = tmp_path / "run"
    done = command("run", str(samples), "--index", str(sample_index.path), "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    metrics = json.loads(done.stdout)
    assert metrics == json.loads((out / METRICS).read_text(encoding="utf-8"))
    assert metrics["samples"] == 6 and metrics["retrieval"]["recall@5"] == 1
    assert {"encoder", "registry", "articles", "prompts", "model", "date"} <= set(metrics["made_by"])
    results = [json.loads(line) for line in (out / RESULTS).read_text(encoding="utf-8").splitlines()]
    assert [r["id"] for r in results] == [s.id for s in read_samples(samples)]
    assert {"question", "citations", "disclaimers", "reliance"} <= set(results[0]["answer"])
    again = command("compare", str(out), str(out), "--out", str(tmp_path / "compared.html"))
    assert again.returncode == 0 and "answer.fact_recall" in again.stdout and (tmp_path / "compared.html").exists()
    strict = tmp_path / "strict.toml"
    strict.write_text("[answer]\nfact_recall = 1.1\n")
    gated = command("gate", str(out), str(strict))
    assert gated.returncode == 1 and "at least 1.1 is wanted" in gated.stderr


def test_a_run_is_over_the_articles_it_names_and_no_others(tmp_path: Path, encoder_folder: Path) -> None:
    samples = lines(tmp_path / "s.jsonl", {"id": "q1", "question": "How many tons of plate did the Kestrow mill roll?"})
    articles, out = tmp_path / "articles", tmp_path / "out"
    articles.mkdir()
    out.mkdir()
    with_encoder(out / "index", encoder_folder)
    for name, tons in (("one", 61), ("two", 75)):
        for old in articles.iterdir():
            old.unlink()
        (articles / f"{name}.txt").write_text(
            f"A mill reports\n\nThe Kestrow mill rolled {tons} tons of plate in May.\n"
        )
        done = command("run", str(samples), "--articles", str(articles), "--out", str(out))
        assert done.returncode == 0, done.stderr
        [line] = [json.loads(line) for line in (out / RESULTS).read_text(encoding="utf-8").splitlines()]
        assert {c["article_id"] for c in line["answer"]["citations"]} == {name}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "s.jsonl:2: not JSON"),
        ({"id": "q1", "question": "Again?"}, "s.jsonl:2: the sample 'q1' is there twice"),
        ({"id": "q2", "question": "Q?", "colour": 1}, "s.jsonl:2: colour: extra inputs are not permitted"),
        ({"id": "q2", "question": "Q?", "articles": ["nowhere"]}, "s.jsonl:2: q2 names the article 'nowhere'"),
    ],
)
def test_a_wrong_samples_file_is_one_line_and_exit_2(
    tmp_path: Path, sample_index: ArticleIndex, line: object, said: str
) -> None:
    samples = lines(tmp_path / "s.jsonl", {"id": "q1", "question": "Who?"}, line)
    done = command("run", str(samples), "--index", str(sample_index.path), "--out", str(tmp_path / "out"))
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out" / METRICS).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "missing.jsonl", "--out", "x"),
        ("compare", "missing", "missing"),
        ("gate", "missing", "eval/minimums.toml"),
        ("run", "eval/samples.jsonl", "--articles", "eval/articles", "--answers", "a.jsonl", "--out", "x"),
        ("import", "wice", "missing", "--out", "x"),
        ("run",),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_2(arguments: tuple[str, ...]) -> None:
    done = command(*arguments)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
