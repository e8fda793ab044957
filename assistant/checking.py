"""A draft against the articles: for every sentence its evidence and a verdict, and a line over all."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Citation, Disclaimer
from assistant.citing import Citations
from assistant.disclaimers import disclaimers_for, rests_on_state
from assistant.grounding.drafts import LONGEST_DRAFT, DraftSentence, split_draft
from assistant.grounding.evidence import SURROGATES, Told, each_once, told_in
from assistant.grounding.grounding import Grounder, Grounding
from assistant.grounding.names import names_in
from assistant.question import analyse
from assistant.retrieval import retrieve
from index.article import Article
from index.errors import DraftError
from index.provenance.registry import Registry
from index.store import ArticleIndex

Verdict = Literal["supported", "partial", "contradicted", "not found"]
Current = Callable[[Article], Article]
"""An article with its claimants as they are found now."""
_PASSAGES = 6
"""Passages that a sentence is checked against, at most."""
_CITED = 3
_PRONOUN = re.compile(r"(?:he|she|it|they|his|her|its|their|this|that|these|those|both)\b", re.IGNORECASE)


@dataclass(frozen=True)
class CheckedSentence:
    """A sentence of a draft at its place, with what the articles say to it; `score` is as in `Grounding`."""

    start: int
    end: int
    text: str
    verdict: Verdict
    score: float
    missing: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    disclaimers: tuple[Disclaimer, ...] = ()


@dataclass(frozen=True)
class DraftCheck:
    """The sentences of a draft that could be checked, and those that were passed over."""

    text: str
    sentences: tuple[CheckedSentence, ...]
    skipped: tuple[DraftSentence, ...]
    state_only: int
    """Supported sentences that rest on state sources only."""

    @property
    def summary(self) -> str:
        """One line over all: how many are supported, and on what they rest."""
        total = len(self.sentences)
        if not total:
            return "Nothing in this draft can be checked: it has no sentence that claims something."
        counts = {v: sum(s.verdict == v for s in self.sentences) for v in ("supported", "partial", "contradicted")}
        parts = [
            f"{counts['supported']} of {total} checkable sentence{'s' * (total > 1)} "
            f"{'is' if counts['supported'] == 1 else 'are'} supported"
        ]
        if counts["partial"]:
            parts.append(f"{counts['partial']} in part")
        if counts["contradicted"]:
            parts.append(f"{counts['contradicted']} contradicted")
        if missing := total - sum(counts.values()):
            parts.append(f"{missing} not found")
        few = self.state_only
        rest = f"; {few} rest{'s' * (few == 1)} on state sources only" if few else ""
        return ", ".join(parts) + rest + "."

    def to_json(self) -> dict[str, Any]:
        """The check in the shape of the contract."""
        return {
            "summary": self.summary,
            "sentences": [{**asdict(s), "score": round(s.score, 4)} for s in self.sentences],
            "skipped": [
                {"start": s.start, "end": s.end, "text": self.text[s.start : s.end], "reason": s.passed}
                for s in self.skipped
            ],
        }


def stream_check(
    draft: str, index: ArticleIndex, grounder: Grounder, registry: Registry, current: Current
) -> Iterator[CheckedSentence | DraftCheck]:
    """Sentence by sentence as they are checked, and the whole last. Citations are numbered through the draft."""
    citations = Citations(registry)
    checked: list[CheckedSentence] = []
    skipped: list[DraftSentence] = []
    state_only = 0
    before = ""
    if len(draft) > LONGEST_DRAFT:
        raise DraftError(f"The draft has {len(draft):,} characters; it may have {LONGEST_DRAFT:,}. Check it in parts.")
    draft = SURROGATES.sub("\ufffd", draft)
    for sentence in split_draft(draft):
        if sentence.passed:
            skipped.append(sentence)
            continue
        grounding = grounder.ground(sentence.claim, *told_of(sentence.claim, before, index, current))
        before = sentence.claim
        one = _checked(draft, sentence, grounding, citations, registry)
        checked.append(one)
        if one.verdict == "supported" and one.citations and all(rests_on_state(c, registry) for c in one.citations):
            state_only += 1
        yield one
    yield DraftCheck(draft, tuple(checked), tuple(skipped), state_only)


def told_of(
    claim: str, before: str, index: ArticleIndex, current: Current = lambda article: article
) -> tuple[list[Told], NDArray[np.float32], Mapping[str, float]]:
    """Sentences retrieved for a claim that follows `before`, how similar each is to it, and the idf of its terms."""
    leans = before and (_PRONOUN.match(claim) or not any(names_in(claim)))  # it names nobody: who is meant was named
    question = analyse([claim, f"{before} {claim}"] if leans else [claim], index)
    pieces = (replace(p, article=current(p.article)) for p in retrieve(index, question, limit=_PASSAGES))
    found = each_once(one for piece in pieces for one in told_in(piece))
    vectors = index.sentence_vectors([(one.article, one.span) for one in found])
    idf = index.lexicon.idf(index.lexicon.analyzer.terms(claim))
    meant = np.mean([reading.vector for reading in question.readings], axis=0)
    return found, np.asarray(vectors @ meant), idf


def _checked(
    draft: str, sentence: DraftSentence, grounding: Grounding, citations: Citations, registry: Registry
) -> CheckedSentence:
    verdict: Verdict = "not found" if grounding.verdict == "unsupported" else grounding.verdict
    cited = () if verdict == "not found" else tuple(citations.of(one) for one in grounding.evidence[:_CITED])
    return CheckedSentence(
        sentence.start,
        sentence.end,
        draft[sentence.start : sentence.end],
        verdict,
        grounding.score,
        grounding.missing,
        cited,
        disclaimers_for(cited, citations.articles, registry),
    )
