"""The claimant of every sentence of an article: whoever its content comes from.

Words that attribute come first, then quotation marks, then whether the sentence relays the article's
declared source or is the publisher's own. docs/provenance.md describes the rules.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.article import Article, SentenceSpan
from index.provenance.attribution import Attribution, declared_source, leaves_unsaid, outermost
from index.provenance.cast import CENTRAL_GOVERNMENT, Cast
from index.provenance.current import rules
from index.provenance.mentions import Mention, find_mentions
from index.provenance.parsed import ParsedSentence, parsed
from index.provenance.phrases import PROPER, NounPhrase, plain_name, proper_names
from index.provenance.registry import Registry, folded
from index.provenance.voice import LEAD, Voice
from index.provenance.words import names

RELAYED = 0.45
"""Probability from which a sentence without a speaker is the source's."""
MAY_RELAY = 0.25
"""Probability from which it may be, so that a reader is told of the source."""
_QUOTED = 0.3
"""Share of a sentence in quotation marks from which it is somebody's speech."""
_NEAR = 4
"""Sentences before one in which its speaker may have been named."""
_LONGEST_SPEECH = 60
"""Sentences of one quotation at most."""
_OPENING = 40
"""Characters within which an entity is what a sentence is about."""
_IN_RELEASE = re.compile(
    r"\bin (?:a|an|its|the|their) (?:[\w-]+ ){0,4}(?:release|statement|readout|filing|announcement|notice|bulletin)\b",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"\b(?:(?:press|news|media) releases?|releases?|readouts?|official (?:account|statement)|communiqu\w+)\b", re.I
)
_DOCUMENT = re.compile(
    r"\b(?:statements?|filings?|reports?|announcements?|notices?|bulletins?|accounts?|disclosures?)\b", re.I
)
_FIRST_PERSON = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|us|I|[Mm]y)\b(?!\.)|\bthis (?:desk|outlet|newsletter|publication|column|site)\b"
)
_VERB = re.compile(r"\s+(?:is|was|has|had|will|\w+ed|says?|\w+s)\b")
_SPEAKS = frozenset(
    ("said", "says", "told", "tells", "warned", "warns", "argued", "argues", "added", "claimed", "insisted")
)
_JOINT = re.compile(r"\s+and\s+")
_SPEAKER_NAME = re.compile(r"(?:the\s)?[A-Z][\w’'&.-]*(?:\s+[A-Z][\w’'&.-]*)*(?:\s+(?:of|at|from)\s+[A-Z][\w’'& .-]*)?")
_DATELINE = re.compile(
    r"\W*(?:[A-Z][\w .,/-]{1,40}?\s*)?\(([^()]{2,40})\)\s*(?:--|[—–-])\s|^([\u3400-\u9fff]{2,6}社)[^。]{0,14}电\s"
)
_GOES_ON = re.compile(r"(?:It|Its|They|Their)\b(?!['’])")
_SAME_PERSON = re.compile(r"(?:He|She)\b")


def attribute(article: Article, registry: Registry) -> Article:
    """`article` with its declared sources and the claimants of each sentence filled in."""
    return Attributing(article, registry).done()


class Attributing:
    """One article on its way to claimants; `voice` tells of its sentences without a speaker, if it relays anybody."""

    def __init__(self, article: Article, registry: Registry) -> None:
        self._article = article
        self._registry = registry
        self._sentences = list(parsed(article, find_mentions(article.text, registry)))
        self._body = [s for s in self._sentences if s.span.section != "disclaimer"]
        self._names = proper_names(article.text)
        self._wire: str | None = None
        self._titled: str | None = None
        self._is_medium = registry.publisher(article.publisher) is not None
        declared, by_document = self._declared()
        self._sources = tuple(c for c in declared if c in registry.entities)
        self._cast = self._new_cast()
        self._cast.focus(self._titled)
        self._cast.declared = self._cast.focus(next(iter(declared), None))
        self._attribute_by_words()
        self._attribute_quotations()
        self.voice = (
            Voice(article, self._body, self._cast.declared, registry, by_document=by_document)
            if self._cast.declared
            else None
        )

    def done(self) -> Article:
        """The article with what was found."""
        for number in self.open:
            self._attribute_by_voice(number)
        return replace(
            self._article,
            sentences=tuple(_claimed(s) for s in self._sentences),
            declared_sources=self._sources,
            affiliations=self._cast.affiliations(),
            attributed=rules(self._registry),
        )

    @property
    def open(self) -> list[int]:
        """Numbers of the sentences of the body whose claimant only their voice can tell."""
        return [n for n, s in enumerate(self._body) if self.voice and not s.claimants and not s.publishers]

    def span(self, number: int) -> SentenceSpan:
        """Where a sentence of the body stands."""
        return self._body[number].span

    # ---- whom the article relays

    def _declared(self) -> tuple[tuple[str, ...], bool]:
        """The claimants that the article declares as its source, and whether it names a document of theirs."""
        cast = self._new_cast()
        titled = find_mentions(self._article.title, self._registry)
        self._titled = titled[0].entity.id if titled else None
        cast.focus(self._titled)
        lines, disclaimers, documents, lead, later = (list[str]() for _ in range(5))
        number = -1
        for s in self._sentences:
            ids = [m.entity.id for m in s.mentions]
            if s.span.section == "disclaimer":
                disclaimers += ids
                continue
            number += s.span.section == "body"
            dateline = _DATELINE.match(s.text) if number == 0 else None
            if dateline and ids:
                self._wire = ids[0]
                lines.append(ids[0])
            line = declared_source(s.text)
            if line:
                s.publishers = True
                lines += ids[:1] or filter(None, [cast.resolve(line, "", [])])
            for a, claimant in self._read(s, cast):
                if claimant == CENTRAL_GOVERNMENT and a.speaker in ("China", "Beijing"):
                    continue
                release = _is_release(a, s.plain)
                if number < LEAD and (release or _DOCUMENT.search(f"{a.speaker} {a.cue}")):
                    documents.append(claimant)
                elif number < LEAD and not self._is_medium:
                    lead.append(claimant)
                elif release:
                    later.append(claimant)
        by_document = bool(lines or disclaimers or documents or later)
        found = dict.fromkeys((*lines, *disclaimers, *documents, *lead, *later))
        return tuple(c for c in found if c in self._registry.entities or _is_proper(c)), by_document

    def _new_cast(self) -> Cast:
        cast = Cast(self._registry, self._names, self._article.publisher)
        for s in self._sentences:
            cast.meet(s.text, s.mentions)
        return cast

    # ---- who claims

    def _read(self, s: ParsedSentence, cast: Cast) -> list[tuple[Attribution, str]]:
        """The attributions that hold in a sentence, with the claimants they mean; `cast` learns who is spoken of."""
        first = next(iter(s.mentions), None)
        opens = first and (first.start < _OPENING or _VERB.match(s.plain, first.end))
        cast.focus(first.entity.id if first and opens else cast.subject(s.plain))
        meant: dict[Attribution, list[str]] = {}
        for a in s.found:
            cast.here = [m.entity.id for m in s.mentions if m.end <= a.start]
            near = [m.shifted(-a.start) for m in s.mentions if a.start <= m.start < a.end]
            parts = list(_joint(a, near))
            claimants = [cast.resolve(part, a.apposition, of_part) for part, of_part in parts]
            if len(parts) > 1:
                claimants = [c or f"name:{part}" for c, (part, _) in zip(claimants, parts, strict=True)]
            meant[a] = [self._registered(c) for c in claimants if c] or self._unknown(a)
        cast.notice(s.plain, s.mentions)
        s.about = cast.goes_on_about(s.plain) or (first.entity.id if first and opens else None)
        outer = outermost([a for a in meant if meant[a]], s.plain)
        return [(a, claimant) for a in outer for claimant in meant[a]]

    def _registered(self, claimant: str) -> str:
        entity = self._registry.named(claimant.removeprefix("name:"))
        return entity.id if entity else claimant

    def _unknown(self, a: Attribution) -> list[str]:
        """A claimant by its words, where somebody speaks who is not known: better than to take the source for it."""
        bare = NounPhrase(NounPhrase(a.speaker).core.strip()).bare
        speaks = a.framing or a.cue.casefold() in _SPEAKS
        own = self._article.publisher and folded(self._article.publisher) in folded(a.speaker)
        if own or not speaks or not PROPER.fullmatch(bare) or bare.split()[0] in names("not"):
            return []
        if a.start == 0 and " " not in bare and not re.search(rf"[a-z,] {re.escape(bare)}\b", self._article.text):
            return []  # a word that begins a sentence need not be a name
        return [f"name:{plain_name(bare)}"]

    def _attribute_by_words(self) -> None:
        """Gives sentences to whom their words name, where several are named to those tied to a state first."""
        before: ParsedSentence | None = None
        for s in self._body:
            claimants = list(dict.fromkeys(claimant for _, claimant in self._read(s, self._cast)))
            person = self._cast.person.claimant if self._cast.person and _SAME_PERSON.match(s.plain) else None
            unsaid = leaves_unsaid(s.plain) and not s.quoted and (person or not claimants)
            if unsaid or (not claimants and self._is_own_voice(s)):
                s.publishers = True
            elif not claimants and before and before.block == s.block and person in before.claimants:
                claimants = [person] if person else []
            if not s.publishers:
                s.claimants = sorted(claimants, key=lambda c: not self._registry.is_state_sourced([c], None))
                s.explicit = bool(claimants)
            before = s

    def _is_own_voice(self, s: ParsedSentence) -> bool:
        """Whether the publisher speaks of itself, or asks its readers."""
        publisher = self._article.publisher or ""
        named = " " in publisher and re.search(rf"(?<!\w){re.escape(publisher)}(?!\w)", s.plain)
        return bool(named) or (s.plain.endswith("?") and not s.quoted)

    def _attribute_quotations(self) -> None:
        """Gives speech without a speaker to whom a sentence of the same quotation, or one beside it, names."""
        for number, s in enumerate(self._body):
            if s.claimants or s.quoted < _QUOTED:
                continue
            around = self._body[max(0, number - _LONGEST_SPEECH) : number + _LONGEST_SPEECH]
            same = [o for o in around if o.claimants and s.shares_quotation(o)]
            before = [o for o in self._body[max(0, number - _NEAR) : number] if o.claimants and o.block == s.block]
            after = [o for o in self._body[number + 1 : number + 2] if o.claimants and o.block == s.block]
            speaker = next((o for others in (same, before[::-1], after) for o in others), None)
            s.claimants = speaker.claimants[:1] if speaker else []

    def _attribute_by_voice(self, number: int) -> None:
        """Gives a sentence that relays to the source, or to whom it goes on about if they have just spoken."""
        s, declared = self._body[number], self._cast.declared
        relays = 1.0 if self._wire else self.voice.relays(number) if self.voice else 0.0
        before = self._body[number - 1] if number else None
        goes_on = before and before.block == s.block and declared in before.claimants and _GOES_ON.match(s.plain)
        s.may_relay = declared if relays >= MAY_RELAY or goes_on else None
        if declared and relays >= RELAYED and not _FIRST_PERSON.search(s.plain):
            near = [o for o in self._body[max(0, number - _NEAR + 1) : number] if o.explicit and o.block == s.block]
            spoke = any(s.about in o.claimants for o in near)
            other = near and declared not in near[-1].claimants and not s.about and near[-1] is before
            if other:
                return
            s.claimants = [s.about if s.about and spoke else declared]


def _joint(a: Attribution, mentions: Sequence[Mention]) -> Iterator[tuple[str, list[Mention]]]:
    """The speakers of an attribution, with the mentions in each: two where two names are joined by "and"."""
    joint = _JOINT.search(a.speaker)
    inside = joint and any(m.start < joint.start() and joint.end() < m.end for m in mentions)
    parts = _JOINT.split(a.speaker, maxsplit=1)
    if joint and not inside and all(_SPEAKER_NAME.fullmatch(part) for part in parts):
        yield parts[0], [m for m in mentions if m.end <= joint.start()]
        yield parts[1], [m.shifted(-joint.end()) for m in mentions if m.start >= joint.end()]
    else:
        yield a.speaker, list(mentions)


def _is_release(a: Attribution, sentence: str) -> bool:
    """Whether the words come from what an organisation has made public."""
    return bool(_RELEASE.search(f"{a.speaker} {a.cue}") or _IN_RELEASE.search(sentence))


def _is_proper(claimant: str) -> bool:
    """Whether a claimant has a name, unlike "analysts" and "people with knowledge of the matter"."""
    return not re.match(r"name:(?:[a-z]|\w+ [a-z])", claimant)


def _claimed(s: ParsedSentence) -> SentenceSpan:
    claimant = next(iter(s.claimants), None)
    may_relay = s.may_relay if claimant is None else None
    return replace(s.span, claimant=claimant, also=tuple(s.claimants[1:]), may_relay=may_relay)
