"""The generative answerer: a language model writes, and only what the evidence bears out is kept.

The model is given numbered passages and asked to cite them. Every sentence is then checked against all of the
evidence: its citations become the very sentences that bear it out, wherever the model thought they were; one that
nothing bears out is given back once to be rewritten, and else left out.
"""

import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from assistant.answer import Evidence, Sentence, Support
from assistant.citing import Citations
from assistant.conversation import Turn
from assistant.grounding.evidence import Passages, Told, each_once, told_in
from assistant.grounding.grounding import Grounder, Grounding
from assistant.instructions import is_instruction
from assistant.llm import LanguageModel, ModelError
from index.filtering import Admits
from index.passage import count_tokens
from index.sentences import sentence_bounds
from index.store import ArticleIndex
from prompts import render

Task = Literal["question", "summary", "comparison"]
BUDGET = 1500
"""Tokens of evidence that a model is given at once; more is read in parts, and the parts put together."""
MOST_PASSAGES = {"question": 5, "summary": 20, "comparison": 8}
"""Passages that are retrieved for a task."""
_MOST_SENTENCES = {"question": 5, "summary": 8, "comparison": 6}
_TEMPLATE = {"question": "answer_question", "summary": "answer_summary", "comparison": "answer_comparison"}
_MOST_PARTS = 4
_CITED = 2
"""Sentences that are cited, at most, for what is borne out only in part."""
_PARTIAL = 0.25
"""Score from which a sentence that is borne out in part is shown, marked so."""
_MOST_CHECKED = 30
"""Sentences of a reply that are looked at, at most."""
_RETRY_FROM = 0.3
"""Share of the time that must be left for asking again."""
_SUMMARY = re.compile(
    r"^\W*(?:please\s+)?(?:(?:can|could) you\s+)?(?:summari[sz]e|sum up"
    r"|give (?:me )?(?:an? )?(?:summary|overview|digest)|(?:an? )?(?:summary|overview) of)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"\s*[\[【［(]\^?\s*\d+(?:\s*(?:[,;–-]|and)?\s*\d+)*\s*[\]】］)](?!\()")
_LEFT_OVER = re.compile(r"[\[【［][^\]】］]{0,20}\d[^\]】］]{0,20}[\]】］]|\]\(")
_LEAD = re.compile(
    r"^\s*(?:[-*+•]\s+|\d{1,2}[.)]\s+|#{1,6}\s+|>\s+)?(?:(?:answer|response|summary)\s*:\s*)?", re.IGNORECASE
)
_MARKUP = re.compile(r"\*\*|__|`+|</?[A-Za-z][^<>]{0,200}>|<!--.*?-->", re.DOTALL)
_QUOTED = re.compile(r"“([^”]*)”|\"([^\"]*)\"|«([^»]*)»|„([^“”]*)[“”]|(?<!\w)‘([^’]*(?:’\w[^’]*)*)’(?!\w)")
_SHORT_QUOTE = 8
_NOT_ANSWERED = re.compile(r"\W*not[\s_]answered\W*", re.IGNORECASE)
_SMALL_TALK = re.compile(
    r"^\W*(?:sure|certainly|of course|okay|ok|here (?:is|are)|based on the evidence[,:]?\s*$|i hope)\b.*[:!.]$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_WHOLE = re.compile(r"(?:[.!?…。！？]|[\]】)])\W*$|not[\s_]answered\W*$", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_FEWEST_WORDS = 3
_LONGEST_REWRITE = 300


@dataclass(frozen=True)
class Written:
    """A sentence that the model wrote and the evidence bears out, wholly or in part, and what it rests on."""

    text: str
    support: Support
    score: float
    told: tuple[Told, ...]


@dataclass
class Outcome:
    """What came of asking the model: `note` is for the reader, empty where all went well."""

    written: list[Written] = field(default_factory=list)
    note: str = ""


def task_of(question: str, *, compares: bool) -> Task:
    """What a question asks a model to do."""
    if _SUMMARY.search(question):
        return "summary"
    return "comparison" if compares else "question"


def rewritten(model: LanguageModel, question: str, history: Sequence[Turn], deadline: float) -> str | None:
    """The model's wording of a follow-up that stands alone; None where it gives none that can be used."""
    said = "\n".join(f"{turn.role}: {_defused(turn.content)[:600]}" for turn in history[-4:])
    messages = [
        {"role": "system", "content": render("rewrite")},
        {"role": "user", "content": render("rewrite_question", history=said, question=_defused(question))},
    ]
    try:
        reply = " ".join("".join(model.reply(messages, deadline, most_tokens=80)).split()).strip("\"'“” ")
    except ModelError:
        return None
    known = {w.casefold() for w in _WORD.findall(f"{said} {question}")}
    words = [w.casefold() for w in _WORD.findall(reply)]
    if not words or len(reply) > _LONGEST_REWRITE or sum(w in known for w in words) < 0.7 * len(words):
        return None
    return reply


class GenerativeAnswerer:
    """Asks a model, and holds it to the evidence."""

    def __init__(self, model: LanguageModel, grounder: Grounder, index: ArticleIndex) -> None:
        self.model = model
        self._grounder = grounder
        self._index = index

    def write(
        self, question: str, task: Task, evidence: Sequence[Evidence], deadline: float
    ) -> Iterator[Written | Outcome]:
        """Sentences as they are borne out, then the outcome with all of them."""
        outcome = Outcome()
        source = _Source(self._index, self._grounder, evidence)
        failed: list[str] = []
        silent, checked = False, 0
        try:
            parts = _parts(evidence)
            given, template = parts[0], _TEMPLATE[task]
            if len(parts) > 1:
                given, template = self._notes(question, task, parts, source, deadline), "answer_reduce"
            for sentence in self._sentences(self._prompt(template, question, given), deadline):
                if _NOT_ANSWERED.fullmatch(bare(sentence)):
                    silent = True
                    continue
                checked += 1
                if checked > _MOST_CHECKED or len(outcome.written) >= _MOST_SENTENCES[task]:
                    break
                written = source.check(sentence)
                if written is None:
                    failed += [sentence] if is_claim(sentence) else []
                elif not _said(written, outcome.written):
                    outcome.written.append(written)
                    yield written
            left = deadline - time.monotonic()
            if failed and left > _RETRY_FROM * self.model.timeout and len(outcome.written) < _MOST_SENTENCES[task]:
                for written in self._again(question, failed, given, source, deadline):
                    if not _said(written, outcome.written) and len(outcome.written) < _MOST_SENTENCES[task]:
                        outcome.written.append(written)
                        yield written
        except ModelError as error:
            name = "note_model_cut" if outcome.written else "note_model_failed"
            outcome.note = render(name, reason=str(error))
        if not outcome.written and not outcome.note:
            outcome.note = render("note_model_silent" if silent and not failed else "note_model_unsupported")
        yield outcome

    def _notes(
        self, question: str, task: Task, parts: Sequence[Sequence[tuple[int, str]]], source: "_Source", deadline: float
    ) -> list[tuple[int, str]]:
        """What the model takes from each part of the evidence, as far as it is borne out."""
        notes: list[tuple[int, str]] = []
        failure: ModelError | None = None
        started = time.monotonic()
        for number, part in enumerate(parts, 1):
            by_now = started + (deadline - started) * number / (len(parts) + 1)
            prompt = self._prompt(_TEMPLATE[task], question, part)
            try:
                for sentence in self._sentences(prompt, min(deadline, by_now + 1)):
                    written = source.check(sentence)
                    if written and all(written.text != text for _, text in notes):
                        notes.append((source.number(written.told[0]), written.text))
            except ModelError as error:  # the other parts may do better
                failure = error
        if not notes:
            raise failure or ModelError("found nothing in the articles that it could report")
        return notes

    def _again(
        self, question: str, failed: Sequence[str], part: Sequence[tuple[int, str]], source: "_Source", deadline: float
    ) -> Iterator[Written]:
        """Sentences that were not borne out, rewritten, as far as they are now."""
        listed = "\n".join(f"- {_defused(sentence)}" for sentence in failed[:5])
        try:
            for sentence in self._sentences(self._prompt("answer_retry", question, part, sentences=listed), deadline):
                written = source.check(sentence)
                if written and written.support != "partial":
                    yield written
        except ModelError:
            return  # what is there already is good without it

    def _prompt(
        self, template: str, question: str, part: Sequence[tuple[int, str]], **values: str
    ) -> list[dict[str, str]]:
        fence = f"=== EVIDENCE {secrets.token_hex(4)} ==="
        evidence = "\n".join(f"[{number}] {text}" for number, text in part)
        if template != "answer_retry":
            values["question"] = _defused(question)
        return [
            {"role": "system", "content": render("answer", fence=fence)},
            {"role": "user", "content": render(template, fence=fence, evidence=evidence, **values)},
        ]

    def _sentences(self, messages: Sequence[dict[str, str]], deadline: float) -> Iterator[str]:
        """The sentences of a reply, each as soon as it is whole."""
        text, done = "", 0
        try:
            for piece in self.model.reply(messages, deadline):
                text += _CONTROL.sub("", piece)
                bounds = _pieces(text[done:])
                for start, end in bounds[:-1]:
                    yield text[done + start : done + end]
                if len(bounds) > 1:
                    done += bounds[-1][0]
        except ModelError:
            rest = _pieces(text[done:])
            if rest and _WHOLE.search(text):
                yield text[done + rest[-1][0] : done + rest[-1][1]]  # whole, though the model broke off behind it
            raise
        if text.strip() and not _WHOLE.search(text):
            *whole, _ = _pieces(text[done:]) or [(0, 0)]
            yield from (text[done + start : done + end] for start, end in whole)
            raise ModelError("broke off in the middle of a sentence")
        for start, end in _pieces(text[done:]):
            yield text[done + start : done + end]


class _Source:
    """The evidence of an answer, sentence by sentence, to check against."""

    def __init__(self, index: ArticleIndex, grounder: Grounder, evidence: Sequence[Evidence]) -> None:
        self._index = index
        self._grounder = grounder
        numbered = [(number, one) for number, piece in enumerate(evidence, 1) for one in told_in(piece)]
        self._numbers = {one.key: number for number, one in reversed(numbered)}
        self._told = each_once(one for _, one in numbered)
        self._vectors = index.sentence_vectors([(one.article, one.span) for one in self._told])
        self._flat = _flat(" ".join(one.text for one in self._told))

    def number(self, one: Told) -> int:
        """The number of the evidence that a sentence is in."""
        return self._numbers[one.key]

    def check(self, sentence: str) -> Written | None:
        """A sentence with what bears it out; None where nothing does, or it quotes what nobody said."""
        claim = bare(sentence)
        if not self._told or not is_claim(sentence):
            return None
        for match in _QUOTED.finditer(claim):
            quoted = _flat(next(filter(None, match.groups()), "")).strip(".,;:!? ")
            if len(quoted) >= _SHORT_QUOTE and quoted not in self._flat:
                return None
        found = self._ground(claim)
        if found.verdict == "supported":
            told, alone = self._least(claim, found.evidence)
            if alone.verdict != "supported":  # its citations alone must bear it out, names too
                told = (*found.evidence, *self._naming(alone.missing, found.evidence))
                alone = self._alone(claim, told)
            if alone.verdict != "supported":
                return Written(claim, "partial", min(found.score, alone.score), found.evidence[:_CITED])
            verbatim = any(" ".join(one.text.split()) == claim for one in told)
            return Written(claim, "verbatim" if verbatim else "supported", found.score, told)
        if found.verdict == "partial" and found.score >= _PARTIAL:
            return Written(claim, "partial", found.score, found.evidence[:_CITED])
        return None

    def _least(self, claim: str, told: tuple[Told, ...]) -> tuple[tuple[Told, ...], Grounding]:
        """The fewest of `told`, from the best on, that bear a claim out alone, or all of them; and how far they do."""
        alone = self._alone(claim, told[:1])
        for count in range(2, len(told) + 1):
            if alone.verdict == "supported":
                return told[: count - 1], alone
            alone = self._alone(claim, told[:count])
        return told, alone

    def _alone(self, claim: str, told: Sequence[Told]) -> Grounding:
        return self._grounder.ground_in_passages(claim, Passages([one.text for one in told]))

    def _ground(self, claim: str) -> Grounding:
        vector = self._index.encoder.encode([claim])[0]
        idf = self._index.lexicon.idf(self._index.lexicon.analyzer.terms(claim))
        return self._grounder.ground(claim, self._told, np.asarray(self._vectors @ vector), idf)

    def _naming(self, missing: Sequence[str], told: Sequence[Told]) -> list[Told]:
        """Sentences just before those of `told` that have the names which these leave out."""
        found: list[Told] = []
        for name in missing:
            for one in told:
                before = [
                    other
                    for other in one.article.sentences
                    if other.start < one.span.start
                    and other.section != "disclaimer"
                    and re.search(rf"\b{re.escape(name)}\b", one.article.text[other.start : other.end])
                    and not is_instruction(one.article.text[other.start : other.end])
                ]
                if before:
                    found.append(Told(one.article, before[-1]))
                    break
        return found


def bare(sentence: str) -> str:
    """A sentence of a model without citation marks and markup, on one line."""
    text = _MARKUP.sub("", sentence)
    before = None
    while before != text:
        before, text = text, _MARK.sub("", text)
    text = " ".join(_LEAD.sub("", text).split())
    return re.sub(r"\s+([.,;:!?])", r"\1", text)


def is_claim(sentence: str) -> bool:
    """Whether a sentence of a model says something that can be checked and shown."""
    claim = bare(sentence)
    talk = _SMALL_TALK.search(claim) or is_instruction(claim) or _LEFT_OVER.search(claim)
    return not talk and len(_WORD.findall(claim)) >= _FEWEST_WORDS


def _pieces(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of a reply; a citation mark behind a full stop belongs to what it follows."""
    found: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        for start, end in sentence_bounds(line):
            whole = line[start:end]
            mark = _MARK.match(whole)
            if mark and found and mark.end() >= len(whole.rstrip(" .")):
                found[-1] = (found[-1][0], at + end)
            elif mark and found:
                found[-1] = (found[-1][0], at + start + mark.end())
                found.append((at + start + mark.end(), at + end))
            else:
                found.append((at + start, at + end))
        at += len(line)
    return found


def _parts(evidence: Sequence[Evidence]) -> list[list[tuple[int, str]]]:
    """The evidence as numbered texts, in parts that fit what a model is given at once."""
    parts: list[list[tuple[int, str]]] = [[]]
    used = 0
    for number, piece in enumerate(evidence, 1):
        text = _defused(_shown(piece))
        tokens = count_tokens(text)
        if parts[-1] and used + tokens > BUDGET:
            parts.append([])
            used = 0
        parts[-1].append((number, text))
        used += tokens
    return parts[:_MOST_PARTS]


def _shown(piece: Evidence) -> str:
    """A passage for a model: its title, publisher and date, and its sentences but disclaimers and instructions."""
    article = piece.article
    kept = " ".join(" ".join(one.text.split()) for one in told_in(piece))
    byline = "; ".join(p for p in (article.title, article.publisher, article.published) if p and not is_instruction(p))
    return f"({byline}) {kept}"


def _defused(text: str) -> str:
    """Text that cannot end its fence, open a turn of a chat, or pass for a citation mark."""
    text = re.sub("={3,}", "==", _CONTROL.sub("", text).replace("<|", "< |"))
    return re.sub(r"\[(\d+)\]", r"(\1)", text)


def admitted(evidence: Sequence[Evidence], admits: Admits) -> list[Evidence]:
    """The evidence without the sentences that may not be cited."""
    found = []
    for piece in evidence:
        kept = tuple(s for s in piece.article.sentences if admits(piece.article, s))
        found.append(replace(piece, article=replace(piece.article, sentences=kept)))
    return found


def _said(written: Written, before: Sequence[Written]) -> bool:
    return any(_flat(written.text) == _flat(other.text) for other in before)


def _flat(text: str) -> str:
    """Text without case, and with one kind of quotation marks and spaces."""
    text = re.sub(r"[“”„«»\"]", '"', re.sub(r"[‘’`]", "'", text))
    return " ".join(text.casefold().split())


def as_sentence(written: Written, citations: Citations) -> Sentence:
    """A sentence of an answer, with its citations."""
    cited = dict.fromkeys(citations.of(one).number for one in written.told)
    return Sentence(written.text, tuple(cited), written.support, written.score)
