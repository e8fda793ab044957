import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.store import ArticleIndex

ROOT = Path(__file__).parents[2]


def ask(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "ask", *arguments]
    return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def folder(sample_index: ArticleIndex) -> str:
    return str(sample_index.path)


def test_one_question_gives_one_json_document(folder: str) -> None:
    done = ask("Who is Li Bo?", "--index", folder, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "answered"


def test_an_answer_in_the_terminal_shows_citation_and_disclaimer(folder: str) -> None:
    done = ask("How much thin wear plate did Baotou Steel deliver?", "--index", folder)
    assert "[1]" in done.stdout and "! This rests on Baogang Group" in done.stdout


def test_without_a_question_it_is_a_conversation(folder: str) -> None:
    done = ask("--index", folder, stdin="How much thin wear plate did Baotou Steel deliver?\nAnd the thick plate?\n")
    assert done.returncode == 0
    assert "4,000" in done.stdout and "3,000 tons" in done.stdout


def test_a_history_file_is_the_conversation_before(folder: str, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text('[{"role": "user", "content": "How much thin wear plate did Baotou Steel deliver?"}]')
    done = ask("And the thick plate?", "--history", str(history), "--index", folder)
    assert "3,000 tons" in done.stdout


def test_answering_imports_neither_torch_nor_sentence_transformers(folder: str) -> None:
    code = (
        "import sys; from assistant.__main__ import main; "
        f"main(['ask', 'Who is Li Bo?', '--index', {folder!r}]); "
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'gradio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["x", "--index", "nowhere"], "There is no index at nowhere"),
        ([" ", "--index", "FOLDER"], "The question is empty"),
        (["w " * 10_000, "--index", "FOLDER"], "ask in at most"),
        (["x", "--history", "missing.json", "--index", "FOLDER"], "missing.json cannot be read"),
        (["x", "--answerer", "oracle"], "invalid choice"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(folder: str, arguments: list[str], says: str) -> None:
    done = ask(*(folder if a == "FOLDER" else a for a in arguments))
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and not done.stdout
