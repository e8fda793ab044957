"""The values everything exchanges: evidence, citations, disclaimers, answers. Pure values."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from index.article import Article
from index.passage import Passage

Status = Literal["answered", "abstained"]
Support = Literal["verbatim", "supported", "partial", "unsupported"]
Level = Literal["none", "partial", "sole"]


@dataclass(frozen=True)
class Evidence:
    """A retrieved passage with its article; `score` is the fused retrieval score, 0 to 1."""

    article: Article
    passage: Passage
    score: float


@dataclass(frozen=True)
class Claimant:
    """Whose claim a cited sentence is; `state_affiliated` is None when the registry does not know it."""

    id: str
    name: str
    kind: str | None = None
    state_affiliated: bool | None = None


@dataclass(frozen=True)
class Citation:
    """`quote` is `text[start:end]` of that revision of the article."""

    number: int
    article_id: str
    revision: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None
    start: int
    end: int
    quote: str
    claimant: Claimant | None = None
    also: tuple[Claimant, ...] = ()
    """Further claimants, where several have a say in the sentence."""
    may_relay: Claimant | None = None
    """The article's source, where the sentence may pass on what it says and yet be the publisher's."""
    published_inferred: bool = False
    """Whether the date is only what the article's opening tells."""

    @property
    def claimants(self) -> tuple[Claimant, ...]:
        """All who claim it; none where the publisher speaks."""
        return (self.claimant, *self.also) if self.claimant else ()

    @property
    def dated(self) -> str | None:
        """The date of publication for readers, marked where it is inferred."""
        return f"about {self.published}" if self.published_inferred else self.published


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer, the numbers of its citations, and how well they support it, 0 to 1."""

    text: str
    citations: tuple[int, ...]
    support: Support
    score: float

    @property
    def doubted(self) -> str:
        """The sentence, with a word where its citations bear it out only in part."""
        return f"{self.text} (in part)" if self.support == "partial" else self.text

    @property
    def marked(self) -> str:
        """The same with its citation marks."""
        return f"{self.doubted} {marks(self.citations)}".strip()


@dataclass(frozen=True)
class Disclaimer:
    """What a reader must know of the sources of `citations`: the article's own words, or the registry's."""

    basis: Literal["article", "registry"]
    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True)
class Reliance:
    """How many cited sentences rest on state sources, and on how many origins the answer rests in all.

    `origins` counts who stands behind the sentences: all that one owner controls is one, copies of one text
    are one, and who only relays adds none. `independent_origins` are those of them that are not tied to a state.
    """

    cited: int = 0
    state_sourced: int = 0
    independent_origins: int = 0
    origins: int = 0

    @property
    def level(self) -> Level:
        """none, partial or sole reliance on state sources."""
        if not self.state_sourced:
            return "none"
        return "sole" if self.state_sourced == self.cited else "partial"


@dataclass(frozen=True)
class Answer:
    """An answer, or an abstention that says what was looked for and what is missing.

    `explanation` is the text of an abstention, `note` what stands before the sentences of an answer. `confidence` is
    the probability that the articles answer the question, also on an abstention.
    """

    question: str
    standalone_question: str
    status: Status
    confidence: float
    sentences: tuple[Sentence, ...] = ()
    explanation: str = ""
    note: str = ""
    citations: tuple[Citation, ...] = ()
    disclaimers: tuple[Disclaimer, ...] = ()
    reliance: Reliance = Reliance()
    retrieved: tuple[Evidence, ...] = ()
    answerer: str = "extractive"
    model: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentences with their citation marks; of an abstention, what was looked for and what is missing."""
        if self.status == "abstained":
            return self.explanation
        return " ".join(filter(None, (self.note, *(s.marked for s in self.sentences))))

    def to_json(self) -> dict[str, Any]:
        """The answer in the shape of the contract."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "status": self.status,
            "confidence": round(self.confidence, 4),
            "text": self.text,
            "note": self.note,
            "sentences": [{**asdict(s), "score": round(s.score, 4)} for s in self.sentences],
            "citations": [asdict(c) for c in self.citations],
            "disclaimers": [asdict(d) for d in self.disclaimers],
            "reliance": {
                "cited": self.reliance.cited,
                "state_sourced": self.reliance.state_sourced,
                "level": self.reliance.level,
                "independent_origins": self.reliance.independent_origins,
                "origins": self.reliance.origins,
            },
            "retrieved": [
                {
                    "article_id": e.article.id,
                    "start": e.passage.start,
                    "end": e.passage.end,
                    "score": round(e.score, 4),
                }
                for e in self.retrieved
            ],
            "answerer": self.answerer,
            "model": self.model,
            "timings_ms": {step: round(ms, 1) for step, ms in self.timings_ms.items()},
        }


def marks(numbers: tuple[int, ...]) -> str:
    """Citation marks as they stand in an answer's text: "[1][2]"."""
    return "".join(f"[{number}]" for number in numbers)
