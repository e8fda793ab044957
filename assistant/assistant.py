"""Assistant: a question in, a cited answer or an honest abstention out; a draft in, a verdict on every sentence out."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal, Self

from assistant.answer import Answer, Citation, Evidence, Sentence
from assistant.checking import CheckedSentence, DraftCheck, stream_check
from assistant.citing import Citations, citation_of
from assistant.conversation import Turn, compares, goes_on_from, plain, standalone_readings, without_instructions
from assistant.disclaimers import disclaimers_for, reliance_of
from assistant.extractive import Examined, examine, select
from assistant.generative import (
    MOST_PASSAGES,
    GenerativeAnswerer,
    Written,
    admitted,
    as_sentence,
    rewritten,
    task_of,
)
from assistant.grounding.checker import load_checker
from assistant.grounding.grounding import Grounder
from assistant.grounding.nli import load_entailment
from assistant.llm import LanguageModel, load_model
from assistant.question import WANTED, Question, analyse
from assistant.reader import Reader, load_reader
from assistant.reranking import Reranker, load_reranker
from assistant.retrieval import LIMIT, retrieve
from assistant.wording import worded
from index.article import Article, SentenceSpan
from index.config import Settings
from index.errors import QuestionError, SettingsError, StoreError
from index.filtering import Filter, admitted_passages
from index.provenance.current import CurrentClaimants
from index.provenance.registry import Registry
from index.store import ArticleIndex
from prompts import render

LONGEST_QUESTION = 2000
"""Characters of a question at most."""
Answerer = Literal["extractive", "generative"]
ASK_MODEL_FROM = 0.25
"""Confidence that the articles answer from which a language model is asked."""
_SHARE_OF_REWRITING = 0.2
"""Share of the time for an answer that rewording the question may take."""
_LONGEST_TURN = 20_000
_MOST_TURNS = 50
_WORD = re.compile(r"[\w][\w.,’'-]*\w|\w")


class Assistant:
    """Answers questions from an index, with citations and the disclaimers that belong to them."""

    def __init__(
        self,
        index: ArticleIndex,
        registry: Registry,
        reranker: Reranker | None = None,
        *,
        model: LanguageModel | None = None,
        nli: str | None = None,
    ) -> None:
        self.index = index
        self.registry = registry
        self.model = model
        self._reranker = reranker
        self._nli = nli
        self._current = CurrentClaimants(registry)
        self._admitted: tuple[tuple[Filter, str], frozenset[str]] | None = None

    @classmethod
    def of(cls, index: ArticleIndex, registry: Registry, settings: Settings) -> Self:
        """The assistant that `settings` ask for. Raises EncoderError for a cross-encoder that cannot be used."""
        key = settings.llm_api_key.get_secret_value()
        model = load_model(settings.llm_base_url, settings.llm_model, key, settings.llm_timeout)
        return cls(index, registry, load_reranker(settings.reranker), model=model, nli=settings.nli)

    @cached_property
    def _reader(self) -> Reader:
        return load_reader(self.index.path / "encoder")

    @cached_property
    def grounder(self) -> Grounder:
        """The grounding check, with the index's encoder."""
        return Grounder(self.index.encoder, load_checker(self.index.path / "encoder"), load_entailment(self._nli))

    def check(self, draft: str) -> DraftCheck:
        """What the articles say to every sentence of a draft. Raises StoreError when the index is empty."""
        *_, done = self.stream_check(draft)
        assert isinstance(done, DraftCheck)
        return done

    def stream_check(self, draft: str) -> Iterator[CheckedSentence | DraftCheck]:
        """The sentences of a draft as they are checked, then the whole `DraftCheck` last. Errors as in `check`."""
        self._refresh()
        yield from stream_check(draft, self.index, self.grounder, self.registry, self._current.of)

    def _refresh(self) -> None:
        self.index.refresh()
        if not len(self.index):
            raise StoreError(f"The index at {self.index.path} has no articles. Add some: python -m index add ARTICLES")

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        kept: Filter = Filter(),  # noqa: B008  # it is frozen
        answerer: Answerer | None = None,
    ) -> Answer:
        """The answer to `question`, understood in its conversation, from what `kept` admits.

        The `answerer` is by default the language model if one is set, else the extractive one. Raises QuestionError for
        a question that cannot be asked, StoreError when the index is empty, SettingsError when a model is asked for
        and none is set.
        """
        *_, answer = self.stream(question, history, kept, answerer)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        kept: Filter = Filter(),  # noqa: B008  # it is frozen
        answerer: Answerer | None = None,
    ) -> Iterator[str | Answer]:
        """The answer as it comes: sentences as text, then the whole `Answer` last. Errors as in `ask`."""
        started = time.perf_counter()
        model = self.model_for(answerer)
        deadline = time.monotonic() + (model.timeout if model else 0.0)
        question = _checked(question, history)
        self._refresh()
        recent = list(history)[-_MOST_TURNS:]
        text = plain(question)
        asked = without_instructions(text)
        readings = list(standalone_readings(asked or text, recent))
        if model and recent and asked:
            reworded = rewritten(model, asked, recent, time.monotonic() + _SHARE_OF_REWRITING * model.timeout)
            if reworded and reworded not in readings:
                readings.insert(max(1, len(readings) - 1), reworded)  # one more reading, never the only one
        analysed = analyse(readings, self.index, goes_on_from(readings, recent))
        task = task_of(asked, compares=compares(asked))
        understood = time.perf_counter()
        limit = max(LIMIT, MOST_PASSAGES[task]) if model else LIMIT
        found = retrieve(self.index, analysed, limit, within=self._within(kept), reranker=self._reranker)
        evidence = [replace(piece, article=self._current.of(piece.article)) for piece in found]
        retrieved = time.perf_counter()

        def admits(article: Article, span: SentenceSpan) -> bool:
            return kept.admits_sentence(article, span, self.registry)

        examined = examine(self.index, self._reader, analysed, evidence[:LIMIT], admits)
        read = time.perf_counter()
        if not asked:  # there is nothing in it but instructions
            examined = replace(examined, confidence=0.0)
        common: dict[str, Any] = {
            "question": question,
            "standalone_question": readings[-1],
            "confidence": examined.confidence,
            "retrieved": tuple(evidence),
        }
        answer, note = None, ""
        if model and examined.confidence >= ASK_MODEL_FROM:
            citations, sentences = Citations(self.registry), []
            evidence_kept = evidence if not kept.is_by_claimant else admitted(evidence, admits)
            writer = GenerativeAnswerer(model, self.grounder, self.index)
            for piece in writer.write(readings[-1], task, evidence_kept[: MOST_PASSAGES[task]], deadline):
                if isinstance(piece, Written):
                    sentences.append(as_sentence(piece, citations))
                    yield f"{sentences[-1].marked} "
                else:
                    note = piece.note
            if sentences:
                answer = replace(
                    self._answered(sentences, citations.all, citations.articles, note, **common),
                    answerer="generative",
                    model=model.name,
                )
        if answer is None:
            common["retrieved"] = tuple(evidence[:LIMIT])
            answer = self._extracted(analysed, evidence[:LIMIT], examined, common)
            if note and answer.status == "answered":
                answer = replace(answer, note=" ".join(filter(None, (note, answer.note))))
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
        if answer.answerer == "extractive":
            if answer.note:
                yield f"{answer.note} "
            for sentence in answer.sentences:
                yield f"{sentence.marked} "
        yield answer

    def model_for(self, answerer: Answerer | None) -> LanguageModel | None:
        """The model to ask, None for an extractive answer."""
        if answerer == "generative" and self.model is None:
            raise SettingsError(
                "No language model is set. Set ASSAY_LLM_BASE_URL and ASSAY_LLM_MODEL, or ask for an extractive answer."
            )
        return None if answerer == "extractive" else self.model

    def _within(self, kept: Filter) -> frozenset[str] | None:
        """Ids of the passages that a filter admits, None for all."""
        if not kept:
            return None
        key = (kept, self.index.generation)
        if self._admitted is None or self._admitted[0] != key:
            self._admitted = key, admitted_passages(self.index, kept, self._current)
        return self._admitted[1]

    def _extracted(
        self, question: Question, evidence: Sequence[Evidence], examined: Examined, common: Mapping[str, Any]
    ) -> Answer:
        """The articles' own sentences that answer, or an abstention."""
        selection = select(question, examined)
        if not selection.sentences:
            explanation = _explain(question, evidence, examined, self.index)
            return Answer(status="abstained", explanation=explanation, **common)
        citations = tuple(
            citation_of(i, chosen.article, chosen.span, self.registry)
            for i, (chosen, _) in enumerate(selection.sentences, 1)
        )
        articles = {chosen.article.id: chosen.article for chosen, _ in selection.sentences}
        sentences = [
            _sentence(worded(chosen.article, chosen.span), citation, score)
            for citation, (chosen, score) in zip(citations, selection.sentences, strict=True)
        ]
        note = render("note_differ") if selection.differ else ""
        return self._answered(sentences, citations, articles, note, **common)

    def _answered(
        self,
        sentences: Sequence[Sentence],
        citations: tuple[Citation, ...],
        articles: Mapping[str, Article],
        note: str,
        **common: Any,  # noqa: ANN401  # what answers and abstentions have in common
    ) -> Answer:
        return Answer(
            status="answered",
            sentences=tuple(sentences),
            note=note,
            citations=citations,
            disclaimers=disclaimers_for(citations, articles, self.registry),
            reliance=reliance_of(citations, articles, self.registry),
            **common,
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
