"""Questions, drafts and citations in the terminal.

python -m assistant ask QUESTION [--history FILE.json] [--state-sourced only|exclude] [--claimant NAME] … [--json]
python -m assistant ask                                  a conversation
python -m assistant check FILE [--json]                  a draft, sentence by sentence; - for standard input
python -m assistant export ANSWER.json --format md|docx|bibtex|csl-json|ris [--out FILE]
python -m assistant verify EXPORT.json                   whether exported citations still stand
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.cli import Parser, common_flags, filter_flags, filter_of, run, say, show, show_json
from index.config import load_settings
from index.errors import AssayError, ExportError, QuestionError

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Disclaimer
    from assistant.assistant import Assistant
    from assistant.checking import CheckedSentence
    from assistant.conversation import Turn
    from index.config import Settings
    from index.filtering import Filter


FORMATS = ("md", "docx", "bibtex", "csl-json", "ris")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    commands = {"ask": _ask, "check": _check, "export": _export, "verify": _verify}
    return commands[options.command](options)


def _ask(options: argparse.Namespace) -> int:
    settings = load_settings(options.index)
    history = _history(options.history) if options.history else []
    kept = filter_of(options)
    assistant = _assistant(settings)
    assistant.model_for(options.answerer)  # before anything is asked
    if options.question is None:
        return _converse(assistant, history, kept, options)
    _print(assistant.ask(options.question, history, kept, options.answerer), as_json=options.json)
    return 0


def _check(options: argparse.Namespace) -> int:
    from assistant.checking import CheckedSentence
    from assistant.grounding.drafts import read_draft

    settings = load_settings(options.index)
    draft = read_draft(options.draft)
    assistant = _assistant(settings)
    for piece in assistant.stream_check(draft):
        if isinstance(piece, CheckedSentence):
            if not options.json:
                _print_checked(piece)
        elif options.json:
            show_json(piece.to_json())
        else:
            show(f"\n{piece.summary}")
    return 0


def _assistant(settings: "Settings") -> "Assistant":
    # Deferred, so that --help and a wrong flag or file answer at once.
    from assistant.assistant import Assistant
    from index.provenance.registry import Registry
    from index.store import ArticleIndex

    index = ArticleIndex.open(settings.index, settings.encoder)
    return Assistant.of(index, Registry.load(settings.registry), settings)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m assistant",
        description="Answers questions about the indexed articles, and checks drafts against them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="ask | check | export | verify")
    ask = commands.add_parser(
        "ask", parents=[common_flags(), filter_flags()], help="one cited answer, or a conversation"
    )
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="without it, a conversation in the terminal")
    ask.add_argument("--history", type=Path, metavar="FILE.json", help="earlier messages: a list of role and content")
    how = "how answers are made (default: by the language model if one is set)"
    ask.add_argument("--answerer", choices=("extractive", "generative"), help=how)
    check = commands.add_parser("check", parents=[common_flags()], help="a verdict on every sentence of a draft")
    check.add_argument("draft", metavar="FILE", help="text, Markdown or .docx; - for standard input")
    export = commands.add_parser("export", parents=[common_flags()], help="an answer as a citation pack for a report")
    export.add_argument("answer", type=Path, metavar="ANSWER.json", help="what `ask --json` printed, or a list of such")
    export.add_argument("--format", choices=FORMATS, required=True)
    export.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: standard output)")
    verify = commands.add_parser("verify", parents=[common_flags()], help="whether exported citations still stand")
    verify.add_argument("export", type=Path, metavar="EXPORT.json", help="an answer's JSON, or an export as csl-json")
    return parser


def _export(options: argparse.Namespace) -> int:
    from assistant.export import markdown, references
    from assistant.export.pack import read_pack

    pack = read_pack(options.answer)
    if options.format == "docx":
        from assistant.export.word import word

        if not options.out:
            raise ExportError("A Word document cannot be printed. Name a file with --out FILE.docx.")
        made: bytes = word(pack)
    else:
        writers = {"md": markdown.markdown, "bibtex": references.bibtex, "ris": references.ris}
        made = writers.get(options.format, references.csl_json)(pack).encode()
    if options.out:
        from index.about import replace_file

        try:
            replace_file(options.out, made)
        except OSError as error:
            raise ExportError(f"{options.out} cannot be written ({error.strerror}). Choose another --out.") from None
        sources, citations = len(pack.sources), len(pack.citations)
        say(f"{citations} citations of {sources} articles written to {options.out}.")
    else:
        show(made.decode().rstrip("\n"))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from assistant.export.verifying import verify
    from index.store import ArticleIndex

    settings = load_settings(options.index)
    found = verify(options.export, ArticleIndex.open(settings.index, settings.encoder))
    if options.json:
        show_json({"citations": [asdict(one) for one in found]})
        return 0 if all(one.state == "unchanged" for one in found) else 1
    for one in found:
        note = {"edited": "; its words still stand" if one.stands else "; its words are gone"}.get(one.state, "")
        show(f"{one.state:10} [{one.citation.number}] {one.citation.title} ({one.citation.article_id}){note}")
    changed = sum(one.state != "unchanged" for one in found)
    show(f"{len(found) - changed} of {len(found)} citations are unchanged.")
    return 1 if changed else 0


def _history(file: Path) -> "list[Turn]":
    from assistant.conversation import read_history

    try:
        return read_history(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise QuestionError(f"The history {file} cannot be read: {error}.") from None


def _converse(assistant: "Assistant", history: "list[Turn]", kept: "Filter", options: argparse.Namespace) -> int:
    """Questions and answers until the input ends; one JSON document a line with --json."""
    from assistant.conversation import Turn

    if sys.stdin.isatty():
        say(f"{len(assistant.index)} articles. Ask; an empty line or Ctrl-D ends.")
    while question := _next_question():
        try:
            answer = assistant.ask(question, history, kept, options.answerer)
        except AssayError as error:
            say(str(error))
            continue
        if options.json:
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
    _print_sources(answer.citations, answer.disclaimers)


def _print_checked(sentence: "CheckedSentence") -> None:
    show(f"{sentence.verdict.upper():12} {' '.join(sentence.text.split())}")
    if sentence.missing:
        show(f"{'':12} missing: {'; '.join(sentence.missing)}")
    _print_sources(sentence.citations, sentence.disclaimers)


def _print_sources(citations: "Sequence[Citation]", disclaimers: "Sequence[Disclaimer]") -> None:
    for c in citations:
        byline = ", ".join(part for part in (c.publisher, c.dated) if part)
        claimed = f" – claimed by {' and '.join(claimant.name for claimant in c.claimants)}" if c.claimants else ""
        show(f"[{c.number}] {c.title}{f' ({byline})' if byline else ''}{claimed}; {c.article_id} {c.start}–{c.end}")
    for d in disclaimers:
        show(f"\n! {d.text} {''.join(f'[{n}]' for n in d.citations)}")


if __name__ == "__main__":
    sys.exit(run(main))
