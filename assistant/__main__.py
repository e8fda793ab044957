"""Questions in the terminal.

python -m assistant ask QUESTION [--history FILE.json] [--state-sourced only|exclude] [--claimant NAME] … [--json]
python -m assistant ask                                  a conversation
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.cli import Parser, common_flags, filter_flags, filter_of, run, say, show, show_json
from index.config import load_settings
from index.errors import AssayError, QuestionError

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from assistant.conversation import Turn
    from index.filtering import Filter


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    settings = load_settings(options.index)
    history = _history(options.history) if options.history else []
    # Deferred, so that --help and a wrong flag or file answer at once.
    from assistant.assistant import Assistant
    from assistant.reranking import load_reranker
    from index.provenance.registry import Registry
    from index.store import ArticleIndex

    index = ArticleIndex.open(settings.index, settings.encoder)
    assistant = Assistant(index, Registry.load(settings.registry), load_reranker(settings.reranker))
    if options.question is None:
        return _converse(assistant, history, filter_of(options), as_json=options.json)
    _print(assistant.ask(options.question, history, filter_of(options)), as_json=options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m assistant", description="Answers questions about the indexed articles.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="ask")
    ask = commands.add_parser(
        "ask", parents=[common_flags(), filter_flags()], help="one cited answer, or a conversation"
    )
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="without it, a conversation in the terminal")
    ask.add_argument("--history", type=Path, metavar="FILE.json", help="earlier messages: a list of role and content")
    ask.add_argument("--answerer", choices=("extractive",), default="extractive", help="how answers are made")
    return parser


def _history(file: Path) -> "list[Turn]":
    from assistant.conversation import read_history

    try:
        return read_history(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise QuestionError(f"The history {file} cannot be read: {error}.") from None


def _converse(assistant: "Assistant", history: "list[Turn]", kept: "Filter", *, as_json: bool) -> int:
    """Questions and answers until the input ends; one JSON document a line with `as_json`."""
    from assistant.conversation import Turn

    if sys.stdin.isatty():
        say(f"{len(assistant.index)} articles. Ask; an empty line or Ctrl-D ends.")
    while question := _next_question():
        try:
            answer = assistant.ask(question, history, kept)
        except AssayError as error:
            say(str(error))
            continue
        if as_json:
            show(json.dumps(answer.to_json(), ensure_ascii=False))
        else:
            _print(answer, as_json=False)
        history += [Turn("user", question), Turn("assistant", answer.text)]
    return 0


def _next_question() -> str:
    try:
        return input("\n> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


def _print(answer: "Answer", *, as_json: bool) -> None:
    if as_json:
        show_json(answer.to_json())
        return
    show(answer.text)
    if answer.citations:
        show("")
    for c in answer.citations:
        byline = ", ".join(part for part in (c.publisher, c.dated) if part)
        claimed = f" – claimed by {' and '.join(claimant.name for claimant in c.claimants)}" if c.claimants else ""
        show(f"[{c.number}] {c.title}{f' ({byline})' if byline else ''}{claimed}; {c.article_id} {c.start}–{c.end}")
    for d in answer.disclaimers:
        show(f"\n! {d.text} {''.join(f'[{n}]' for n in d.citations)}")


if __name__ == "__main__":
    sys.exit(run(main))
