"""Articles: the cleaned text, its metadata, and the spans of its sentences. Pure values."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, Self

Section = Literal["body", "summary", "table", "disclaimer"]


@dataclass(frozen=True)
class Span:
    """A half-open range of `str` indices into an article's text."""

    start: int
    end: int


@dataclass(frozen=True)
class SentenceSpan:
    """Where a sentence stands in an article, who claims it, and in what part of the article.

    `also` are further claimants, where several have a say in it. `may_relay` is the source of the article,
    where the sentence is taken for the publisher's and yet may pass on what the source says.
    """

    start: int
    end: int
    claimant: str | None = None
    section: Section = "body"
    also: tuple[str, ...] = ()
    may_relay: str | None = None

    @property
    def claimants(self) -> tuple[str, ...]:
        """All who claim it; none where the publisher speaks."""
        return (self.claimant, *self.also) if self.claimant else ()


@dataclass(frozen=True)
class Article:
    """One article at one revision. Every offset is a `str` index into `text`.

    `published` is an ISO date, inferred where only the article's opening tells it. `language` is an ISO 639-1
    code. `claimants` and sentence claimants are registry ids, or "name:…"
    for a name that the registry does not have. `declared_sources` are the registry ids of entities that
    the article itself declares as its source. `affiliations` tell for whom people speak, "name:…" to "name:…".
    `attributed` names the rules and the registry by which claimants were found. `source` is the file that the id
    was taken from, None where the id was given. What follows it is set when the article is stored: `passage_bounds` are
    the offsets where its passages start and the last ends; `syndicated` are keys of other articles that
    tell the same story, at the revision that was compared.
    """

    id: str
    title: str
    text: str
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    disclaimer: Span | None = None
    sentences: tuple[SentenceSpan, ...] = ()
    declared_sources: tuple[str, ...] = ()
    affiliations: Mapping[str, str] = field(default_factory=dict)
    attributed: str | None = None
    title_inferred: bool = False
    published_inferred: bool = False
    language: str | None = None
    source: str | None = None
    passage_bounds: tuple[int, ...] = ()
    added: str | None = None
    superseded: tuple[str, ...] = ()
    syndicated: tuple[str, ...] = ()

    @cached_property
    def revision(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def key(self) -> str:
        """Names this revision of this article."""
        return f"{self.id}@{self.revision}"

    @property
    def dated(self) -> str | None:
        """The date of publication for readers, marked where it is inferred."""
        return f"about {self.published}" if self.published_inferred else self.published

    @property
    def claimants(self) -> tuple[str, ...]:
        """Distinct claimants of the sentences, in order of appearance."""
        return tuple(dict.fromkeys(claimant for s in self.sentences for claimant in s.claimants))

    @property
    def disclaimer_text(self) -> str | None:
        """The article's own disclaimer, verbatim."""
        return self.text[self.disclaimer.start : self.disclaimer.end] if self.disclaimer else None

    def to_json(self) -> dict[str, Any]:
        """The article in the shape of the contract."""
        fields = asdict(self)
        del fields["passage_bounds"], fields["attributed"]  # how it is stored concerns nobody else
        fields["syndicated"] = [key.rpartition("@")[0] for key in self.syndicated]
        return {"id": fields.pop("id"), "revision": self.revision, **fields, "claimants": list(self.claimants)}

    def unstored(self) -> Self:
        """The article as it was read, without what storing it added."""
        return replace(self, passage_bounds=(), added=None, superseded=(), syndicated=())

    def to_record(self) -> str:
        """All but the text, as JSON; `from_record` is the way back."""
        fields = asdict(replace(self, text=""))
        fields["sentences"] = [list(asdict(s).values()) for s in self.sentences]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_record(cls, record: str, text: str = "") -> Self:
        """The article of a record, with its text put back."""
        fields = json.loads(record)
        fields["text"] = text
        fields["sentences"] = tuple(_span(*values) for values in fields["sentences"])
        fields["disclaimer"] = Span(**fields["disclaimer"]) if fields["disclaimer"] else None
        for name in ("declared_sources", "superseded", "syndicated", "passage_bounds"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def _span(
    start: int,
    end: int,
    claimant: str | None,
    section: Section,
    also: Sequence[str] = (),
    may_relay: str | None = None,
) -> SentenceSpan:
    return SentenceSpan(start, end, claimant, section, tuple(also), may_relay)
