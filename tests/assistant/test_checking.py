"""Drafts against the sample corpus: verdicts, what is missing, citations and disclaimers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.checking import DraftCheck
from index.store import ArticleIndex

DRAFT = """# Wear plate

Brackmoor opened in 1962 and has 640 employees. The works rolls 390,000 tonnes a year.
In our view it should be modernised.

Molten steel escaped there on the night of 14 June. Nobody was injured.

The mill also owns a football club in Lisbon.
"""


@pytest.fixture(scope="module")
def done(assistant: Assistant) -> DraftCheck:
    return assistant.check(DRAFT)


def test_every_sentence_that_can_be_checked_gets_a_verdict(done: DraftCheck) -> None:
    verdicts = {s.text: s.verdict for s in done.sentences}
    assert verdicts["Brackmoor opened in 1962 and has 640 employees."] == "supported"
    assert verdicts["The works rolls 390,000 tonnes a year."] == "contradicted"
    assert verdicts["Molten steel escaped there on the night of 14 June."] == "supported"
    assert verdicts["Nobody was injured."] in ("contradicted", "partial")
    assert verdicts["The mill also owns a football club in Lisbon."] != "supported"
    assert [s.passed for s in done.skipped] == ["heading", "opinion"]


def test_what_is_missing_is_named(done: DraftCheck) -> None:
    [wrong] = [s for s in done.sentences if "390,000" in s.text]
    assert wrong.missing == ("390,000 tonnes",)


def test_places_and_quotes_are_exact(done: DraftCheck, sample_index: ArticleIndex) -> None:
    for sentence in done.sentences:
        assert DRAFT[sentence.start : sentence.end] == sentence.text
        for c in sentence.citations:
            assert sample_index.article(c.article_id, c.revision).text[c.start : c.end] == c.quote
        assert {n for d in sentence.disclaimers for n in d.citations} <= {c.number for c in sentence.citations}


def test_a_sentence_on_a_state_source_carries_its_disclaimer(assistant: Assistant) -> None:
    done = assistant.check("Baogang's Special Steel Division beat its annual targets in 2024.")
    [sentence] = done.sentences
    assert sentence.verdict == "supported"
    assert sentence.disclaimers
    assert done.state_only == 1
    assert done.summary == "1 of 1 checkable sentence is supported; 1 rests on state sources only."


def test_a_draft_that_claims_nothing_says_so(assistant: Assistant) -> None:
    assert "Nothing in this draft can be checked" in assistant.check("# Only a heading\n\nWhat now?").summary


def _run(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "check", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603


def test_the_command_gives_the_contracts_json(sample_index: ArticleIndex, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(DRAFT, encoding="utf-8")
    done = _run(str(tmp_path / "draft.md"), "--index", str(sample_index.path), "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert {"start", "end", "text", "verdict", "missing", "citations", "disclaimers"} <= found["sentences"][0].keys()
    assert all(s["verdict"] in ("supported", "partial", "contradicted", "not found") for s in found["sentences"])


def test_the_command_reads_standard_input_and_names_what_it_cannot_read(sample_index: ArticleIndex) -> None:
    done = _run("-", "--index", str(sample_index.path), given="Brackmoor opened in 1962 and has 640 employees.")
    assert "SUPPORTED" in done.stdout
    assert "1 of 1 checkable sentence is supported" in done.stdout
    missing = _run("no-such-draft.md", "--index", str(sample_index.path))
    assert missing.returncode == 2
    assert missing.stderr.count("\n") == 1
