"""Checks a run again: python -m eval.recheck DIR [--index DIR]

Every sentence that the run in DIR shows as supported is put to the words that it cites, and to nothing else; every
citation must be there. Exits 1 when one fails.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.grounding.checker import load_checker
from assistant.grounding.evidence import Passages
from assistant.grounding.grounding import Grounder
from assistant.grounding.nli import load_entailment
from eval.running import read_run
from index.cli import Parser, run, say, show
from index.config import load_settings
from index.exporting import load_encoder


def main(arguments: Sequence[str] | None = None) -> int:
    """Shows how many answers and sentences of each kind there are, and what fails."""
    parser = Parser(prog="python -m eval.recheck", description="Checks the sentences of a run again.")
    parser.add_argument("run", type=Path, metavar="DIR")
    parser.add_argument("--index", type=Path, metavar="DIR", help="an index, for its prepared models")
    options = parser.parse_args(arguments)
    settings = load_settings(options.index or options.run / "index")
    cache = settings.index / "encoder"
    grounder = Grounder(load_encoder(settings.encoder, cache), load_checker(cache), load_entailment(settings.nli))
    answers = [scored.answer for scored in read_run(options.run).scored]
    counts = Counter(_kind(answer) for answer in answers)
    counts.update(f"sentences, {s['support']}" for answer in answers for s in answer["sentences"])
    for name, count in sorted(counts.items()):
        show(f"{name:28} {count}")
    failed = [line for answer in answers for line in failures(answer, grounder)]
    for line in failed:
        say(line)
    show(f"{'failed':28} {len(failed)}")
    return 1 if failed else 0


def _kind(answer: Mapping[str, Any]) -> str:
    if answer["status"] == "abstained":
        return "answers, abstained"
    return f"answers, {answer['answerer']}{', with a note' if answer.get('note') else ''}"


def failures(answer: Mapping[str, Any], grounder: Grounder) -> Iterator[str]:
    """What of an answer does not hold: citations that are not there, sentences that their quotes do not bear out."""
    quotes = {c["number"]: c["quote"] for c in answer["citations"]}
    for sentence in answer["sentences"]:
        missing = set(sentence["citations"]) - set(quotes)
        if missing or not sentence["citations"]:
            yield f"{answer['question']}: {sentence['text']!r} cites {missing or 'nothing'}"
            continue
        if answer["answerer"] == "generative" and sentence["support"] in ("verbatim", "supported"):
            found = grounder.ground_in_passages(sentence["text"], Passages([quotes[n] for n in sentence["citations"]]))
            if found.verdict != "supported":
                yield f"{answer['question']}: {sentence['text']!r} is {found.verdict} ({found.score:.2f})"


if __name__ == "__main__":
    sys.exit(run(main))
