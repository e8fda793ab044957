"""Assistant: a question in, a cited answer or an honest abstention out."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from assistant.answer import Answer, Citation, Evidence, Sentence, marks
from assistant.candidates import Candidate
from assistant.conversation import Turn, goes_on_from, plain, standalone_readings, without_instructions
from assistant.disclaimers import claimant_of, disclaimers_for, reliance_of
from assistant.extractive import Examined, Selection, examine, select
from assistant.question import WANTED, Question, analyse
from assistant.reader import Reader, load_reader
from assistant.reranking import Reranker
from assistant.retrieval import retrieve
from assistant.wording import worded
from index.article import Article
from index.errors import QuestionError, StoreError
from index.filtering import Filter, admitted_passages
from index.provenance.current import CurrentClaimants
from index.provenance.registry import Registry
from index.store import ArticleIndex
from prompts import render

LONGEST_QUESTION = 2000
"""Characters of a question at most."""
_LONGEST_TURN = 20_000
_MOST_TURNS = 50
_WORD = re.compile(r"[\w][\w.,’'-]*\w|\w")


class Assistant:
    """Answers questions from an index, with citations and the disclaimers that belong to them."""

    def __init__(self, index: ArticleIndex, registry: Registry, reranker: Reranker | None = None) -> None:
        self.index = index
        self.registry = registry
        self._reranker = reranker
        self._current = CurrentClaimants(registry)
        self._admitted: tuple[tuple[Filter, str], frozenset[str]] | None = None

    @cached_property
    def _reader(self) -> Reader:
        return load_reader(self.index.path / "encoder")

    def ask(self, question: str, history: Sequence[Turn] = (), kept: Filter = Filter()) -> Answer:  # noqa: B008  # it is frozen
        """The answer to `question`, understood in its conversation, from what `kept` admits.

        Raises QuestionError for a question that cannot be asked, StoreError when the index is empty.
        """
        *_, answer = self.stream(question, history, kept)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        kept: Filter = Filter(),  # noqa: B008  # it is frozen
    ) -> Iterator[str | Answer]:
        """The answer as it comes: sentences as text, then the whole `Answer` last. Errors as in `ask`."""
        started = time.perf_counter()
        question = _checked(question, history)
        self.index.refresh()
        if not len(self.index):
            raise StoreError(f"The index at {self.index.path} has no articles. Add some: python -m index add ARTICLES")
        recent = list(history)[-_MOST_TURNS:]
        text = plain(question)
        asked = without_instructions(text)
        readings = standalone_readings(asked or text, recent)
        analysed = analyse(readings, self.index, goes_on_from(readings, recent))
        understood = time.perf_counter()
        found = retrieve(self.index, analysed, within=self._within(kept), reranker=self._reranker)
        evidence = [replace(piece, article=self._current.of(piece.article)) for piece in found]
        retrieved = time.perf_counter()
        examined = examine(
            self.index, self._reader, analysed, evidence, lambda a, span: kept.admits_sentence(a, span, self.registry)
        )
        read = time.perf_counter()
        if not asked:  # there is nothing in it but instructions
            examined = replace(examined, confidence=0.0)
        selection = select(analysed, examined)
        answer = self._answer(question, readings, analysed, evidence, examined, selection)
        if kept and answer.status == "abstained":
            searched = f"{answer.explanation} {render('abstention_filtered', kept=str(kept))}"
            answer = replace(answer, explanation=searched if found else render("abstention_unmatched", kept=str(kept)))
        finished = time.perf_counter()
        answer.timings_ms.update(
            understand=(understood - started) * 1000,
            retrieve=(retrieved - understood) * 1000,
            read=(read - retrieved) * 1000,
            answer=(finished - read) * 1000,
            total=(finished - started) * 1000,
        )
        if answer.note:
            yield f"{answer.note} "
        for sentence in answer.sentences:
            yield f"{sentence.text} {marks(sentence.citations)} "
        yield answer

    def _within(self, kept: Filter) -> frozenset[str] | None:
        """Ids of the passages that a filter admits, None for all."""
        if not kept:
            return None
        key = (kept, self.index.generation)
        if self._admitted is None or self._admitted[0] != key:
            self._admitted = key, admitted_passages(self.index, kept, self._current)
        return self._admitted[1]

    def _answer(
        self,
        asked: str,
        readings: Sequence[str],
        question: Question,
        evidence: Sequence[Evidence],
        examined: Examined,
        selection: Selection,
    ) -> Answer:
        common = {
            "question": asked,
            "standalone_question": readings[-1],
            "confidence": examined.confidence,
            "retrieved": tuple(evidence),
        }
        if not selection.sentences:
            explanation = _explain(question, evidence, examined, self.index)
            return Answer(status="abstained", explanation=explanation, **common)  # type: ignore[arg-type]
        citations = tuple(self._cite(i, chosen) for i, (chosen, _) in enumerate(selection.sentences, 1))
        articles = {chosen.article.id: chosen.article for chosen, _ in selection.sentences}
        sentences = tuple(
            _sentence(worded(chosen.article, chosen.span), citation, score)
            for citation, (chosen, score) in zip(citations, selection.sentences, strict=True)
        )
        return Answer(
            status="answered",
            sentences=sentences,
            note=render("note_differ") if selection.differ else "",
            citations=citations,
            disclaimers=disclaimers_for(citations, articles, self.registry),
            reliance=reliance_of(citations, articles, self.registry),
            **common,  # type: ignore[arg-type]
        )

    def _cite(self, number: int, chosen: Candidate) -> Citation:
        article, span = chosen.article, chosen.span
        return Citation(
            number=number,
            article_id=article.id,
            revision=article.revision,
            title=article.title,
            publisher=article.publisher,
            published=article.published,
            url=article.url,
            start=span.start,
            end=span.end,
            quote=chosen.text,
            claimant=claimant_of(span.claimant, self.registry),
            also=tuple(claimant_of(other, self.registry) for other in span.also),
            may_relay=claimant_of(span.may_relay, self.registry),
            published_inferred=article.published_inferred,
        )


def _checked(question: str, history: Sequence[Turn]) -> str:
    question = " ".join(question.encode("utf-8", "ignore").decode().split())
    if not question or not _WORD.search(question):
        raise QuestionError("The question is empty. Ask something, for example: Who leads the working group?")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(f"The question has {len(question):,} characters; ask in at most {LONGEST_QUESTION:,}.")
    if any(len(turn.content) > _LONGEST_TURN for turn in history):
        raise QuestionError(f"A message of the history is longer than {_LONGEST_TURN:,} characters. Shorten it.")
    return question


def _explain(question: Question, evidence: Sequence[Evidence], examined: Examined, index: ArticleIndex) -> str:
    """What was looked for, what there is, and what is missing."""
    sought = _words(question.text, question.terms, index)
    missing = _words(question.text, examined.missing, index)
    said = {"sought": _listed(sought) if sought else "what it asks about"}
    if missing:
        explanation = render("abstention_missing", missing=_listed(missing, "or"), **said)
    else:
        explanation = render("abstention_unstated", **said)
        nearest = examined.nearest
        part = question.parts[0]
        touched = _words(question.text, tuple(nearest.context), index) if nearest else []
        wanted = WANTED.get(part.kind or "")
        if nearest and touched and wanted and examined.unmet:
            unit = part.unit.search(question.text) if part.unit else None
            wanted = f"figure in {unit.group()}" if unit else wanted
            return render("abstention_kind", title=_title(nearest.article), touched=_listed(touched), wanted=wanted)
    if evidence and len(missing) < len(sought):
        explanation += " " + render("abstention_nearest", title=_title(evidence[0].article))
    return explanation


def _title(article: Article) -> str:
    return article.title.rstrip(".")


def _words(text: str, terms: Sequence[str], index: ArticleIndex) -> list[str]:
    """The words of `text` that stand for `terms`."""
    analyzer = index.lexicon.analyzer
    words = (word for word in _WORD.findall(text) if set(analyzer.terms(word)) & set(terms))
    return list(dict.fromkeys(words))


def _listed(words: Sequence[str], last: str = "and") -> str:
    *first, final = [f"“{word}”" for word in words[:8]]
    return f"{', '.join(first)} {last} {final}" if first else final


def _sentence(text: str, citation: Citation, score: float) -> Sentence:
    verbatim = text == " ".join(citation.quote.split())
    return Sentence(text, (citation.number,), "verbatim" if verbatim else "supported", score)
