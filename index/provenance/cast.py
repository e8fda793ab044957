"""The cast of an article: who "Sui", "she", "the company" or "Chinese officials" is, at the place where it is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.provenance.mentions import HAN, Mention
from index.provenance.people import Person, heads_of, introductions, without_title
from index.provenance.phrases import (
    DETERMINER,
    PERSON,
    PROPER,
    NounPhrase,
    fits,
    is_document_noun,
    is_organisation_name,
    is_organisation_noun,
    is_person_noun,
    plain_name,
)
from index.provenance.registry import MEDIA, PUBLIC_BODIES, Entity, Registry, folded
from index.provenance.words import names, nations, nouns

_HE = frozenset(("he", "she", "his", "her"))
_PRONOUNS = _HE | {"they", "it", "its", "their"}
_GENERAL = frozenset(("company", "group", "firm", "corporation", "body", "organisation", "organization"))
"""Nouns that many names have, and that stand for any of them."""
_OF_CHINA = re.compile(r"\b(?:Chinese|China['’]s|Beijing['’]s|Beijing)\b")
CENTRAL_GOVERNMENT = "china-government"
_COMPANY = re.compile(r"(?:the |a |an |one )?(?:company|group|ministry|state|mill|plant|firm)\b", re.I)
_MAKER = re.compile(rf"(?:[A-Z][\w-]+\s+)?(?:[a-z-]+\s+){{0,3}}?([a-z-]+)\s+({PROPER.pattern})")
_GOES_ON = re.compile(r"(It|Its|The\s+(?:[\w-]+\s+)?([\w-]+))\b")


@dataclass
class Cast:
    """Who takes part in an article, as far as it has been read.

    Organisations are claimants: registry ids or "name:…". Those in `organisations` have spoken or been spoken
    of, the one in focus last; `seen` are all that were named, `here` those that the present sentence has named.
    """

    registry: Registry
    names: frozenset[str]
    """Names of several words that the article has."""
    publisher: str | None = None
    declared: str | None = None
    """The claimant that the article relays."""
    people: dict[str, Person] = field(default_factory=dict)
    """By full name and by the part that stands for it."""
    person: Person | None = None
    """Who "he" or "she" would be."""
    organisations: list[str] = field(default_factory=list)
    seen: dict[str, None] = field(default_factory=dict)
    here: list[str] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    """For whom "the spokesperson" or "the manager" spoke when they were met."""

    # ---- getting to know

    def meet(self, sentence: str, mentions: Sequence[Mention]) -> None:
        """Notes who is introduced in `sentence`, where `mentions` stand; the first introduction counts."""
        for person in introductions(sentence, mentions):
            self._add(person)
        for part, entity in heads_of(sentence, mentions):
            known = self.people.get(part) or self._named_in_full(part)
            if known:
                known.organisation = known.organisation or entity.id

    def notice(self, sentence: str, mentions: Sequence[Mention]) -> None:
        """Keeps the organisations that a sentence names, for nouns that stand for them later."""
        named = [(m.start, m.entity.id) for m in mentions]
        for match in PROPER.finditer(sentence):
            name = plain_name(match.group())
            taken = any(m.start < match.end() and match.start() < m.end for m in mentions)
            if name in self.names and is_organisation_name(name) and not taken:
                named.append((match.start(), f"name:{name}"))
        for _, claimant in sorted(named):
            self.seen.pop(claimant, None)
            self.seen[claimant] = None  # the latest last

    def focus(self, claimant: str | None) -> str | None:
        """Makes an organisation the one that "the company" or "it" would be, and returns it."""
        if claimant:
            if claimant in self.organisations:
                self.organisations.remove(claimant)
            self.organisations.append(claimant)
        return claimant

    def affiliations(self) -> dict[str, str]:
        """For whom people speak whose organisation is not registered, both as claimants."""
        tied = {p.name: p.organisation for p in self.people.values() if p.organisation}
        return {f"name:{name}": claimant for name, claimant in tied.items() if claimant.startswith("name:")}

    # ---- telling who is meant

    def resolve(self, text: str, apposition: str, mentions: Sequence[Mention]) -> str | None:
        """The claimant that the phrase `text` stands for; None when it is nobody who speaks.

        `mentions` are those within the phrase and its apposition, offsets by the phrase.
        """
        phrase = NounPhrase(text.strip())
        if phrase.is_clause:
            return None
        within = [m for m in mentions if m.start < len(phrase.text)]
        if within and HAN.search(phrase.text):
            return self.focus(within[-1].entity.id)  # offices and names follow the organisation
        if phrase.text.casefold() in _PRONOUNS:
            return self._pronoun(phrase.text.casefold())
        if self.publisher and not within and f"{folded(phrase.bare)} ".startswith(f"{folded(self.publisher)} "):
            return None
        if is_organisation_name(phrase.bare) and PROPER.fullmatch(phrase.bare) and not within:
            return self._proper(phrase)
        person = self._person_in(phrase.text, within)
        if person is None and is_person_noun(phrase.head):
            person = self._person_in(apposition, [])
        if person:
            return self._speaks(person)
        if not phrase.owner:
            entity = next((m.entity for m in within if m.start < len(phrase.core) <= m.end), None)
            if entity:
                return self.focus(entity.id)
        if is_person_noun(phrase.head):
            found = self._by_role(phrase, within, [m for m in mentions if m.start >= len(phrase.text)])
            if found:
                self.roles[phrase.head] = found
                self._named_beside(apposition, found)
            return found
        if is_document_noun(phrase.head) or is_organisation_noun(phrase.head):
            return self._by_noun(phrase, within)
        if phrase.owner:
            return self._owned(phrase, within, mentions)
        begins = within and within[0].start <= len(phrase.text) - len(phrase.bare)
        return self.focus(within[0].entity.id) if begins else self._proper(phrase)

    def _owned(self, phrase: NounPhrase, within: Sequence[Mention], mentions: Sequence[Mention]) -> str | None:
        """A name behind an owner: "China's Baogang", "Baogang's Li Ping", "Baogang's rival SSAB"."""
        rest = phrase.rest
        start = phrase.text.rfind(rest)
        if PERSON.fullmatch(rest) and within and within[0].end <= start and not is_organisation_name(rest):
            return self._speaks(self._add(Person(rest, within[0].entity.id)))
        name = PROPER.search(rest)
        if name is None:
            return None
        return self.resolve(name.group(), "", [m.shifted(-start - name.start()) for m in mentions if m.start >= start])

    def subject(self, sentence: str) -> str | None:
        """The unregistered organisation that a sentence begins with."""
        maker = _MAKER.match(sentence)
        if maker and is_organisation_noun(maker.group(1)):
            name = plain_name(maker.group(2))
            return self._known(name) or f"name:{name}"
        bare = DETERMINER.sub("", sentence)
        match = PROPER.match(bare)
        if not match:
            return None
        name = plain_name(match.group())
        apposition = re.match(r",\s+([^,]{3,80}),", bare[match.end() :])
        described = apposition and is_organisation_noun(NounPhrase(apposition.group(1)).head)
        named = len(name.split()) > 1 and (is_organisation_name(name) or described)
        return self._known(name) or (f"name:{name}" if named else None)

    def goes_on_about(self, sentence: str) -> str | None:
        """The organisation that a sentence which begins with "It" or "The institute" goes on about."""
        match = _GOES_ON.match(sentence)
        if not match:
            return None
        if not match.group(2):
            return self._pronoun("it")
        noun = match.group(2).casefold()
        return self._standing_for(noun) if is_organisation_noun(noun) else None

    # ---- people

    def _speaks(self, person: Person) -> str:
        self.person = person
        if not person.organisation and person.words and not person.is_outsider:
            person.organisation = self._organisation_of(person)
        self.focus(person.organisation)
        return person.claimant

    def _named_beside(self, apposition: str, claimant: str) -> None:
        """Notes who it is that was just called by an office: "its head of sales, Maren Holt"."""
        name = without_title(apposition.split(",")[0].strip())
        if PERSON.fullmatch(name) and 2 <= len(name.split()) <= 4 and not is_organisation_name(name):
            self.person = self._add(Person(name, None if claimant.startswith("name:") else claimant))

    def _organisation_of(self, person: Person) -> str | None:
        """The organisation of somebody whose words name it only as "the group", or not at all."""
        latest = (self.here or self.organisations)[-1:]
        if re.search(r"\b(?:its|their)\b", person.words) and latest:
            return latest[0]
        for noun in person.organisation_nouns():
            found = self._standing_for(noun)
            if found:
                return found
        return self.organisations[-1] if person.holds_an_office and self.organisations else None

    def _person_in(self, text: str, mentions: Sequence[Mention]) -> Person | None:
        """The last person whom `text` names, introduced before or not."""
        for match in reversed(list(PERSON.finditer(text))):
            name = without_title(plain_name(match.group()))
            if not name or any(m.start <= match.start() < m.end for m in mentions):
                continue
            person = self.people.get(name) or self.people.get(name.split()[-1]) or self._unintroduced(name)
            if person:
                return person
        return None

    def _unintroduced(self, name: str) -> Person | None:
        """Somebody whose full name stands somewhere without a word on who they are."""
        if " " in name or is_organisation_name(name) or name in names("places") | names("not"):
            return None
        if any(other.startswith(f"{name} ") for other in self.names):
            return None
        full = [n for n in self.names if n.endswith(f" {name}") and len(n.split()) < 4 and not is_organisation_name(n)]
        full = [n for n in full if " and " not in n]
        return self._add(Person(min(full))) if full else None

    def _named_in_full(self, part: str) -> Person | None:
        full = [n for n in self.names if part in n.split() and len(n.split()) == 2 and not is_organisation_name(n)]
        return self._add(Person(min(full))) if full else None

    def _add(self, person: Person) -> Person:
        known = self.people.get(person.name)
        if known:
            known.organisation = known.organisation or person.organisation
            return known
        self.people[person.name] = person
        parts = person.name.split()
        self.people.setdefault(parts[-1], person)
        if len(parts) == 2:  # Chinese family names stand first
            self.people.setdefault(parts[0], person)
        return person

    def _by_role(self, phrase: NounPhrase, within: Sequence[Mention], beside: Sequence[Mention]) -> str | None:
        """Whom somebody without a name speaks for: "engineers at X", "its chairman", "critics of X", "analysts"."""
        head, singular = phrase.head, phrase.head.removesuffix("s")
        plural = head != singular
        if singular in nouns("outsiders"):
            return f"name:{head}" if plural else None
        if re.match(r"(?:the |an? )?(?:former|ex-)\b", phrase.text, re.I):
            return f"name:{phrase.bare}"
        if within:
            return self.focus(within[0 if phrase.owner else -1].entity.id)
        of = self._organisation_in(phrase.owner) or self._organisation_in(phrase.tail)
        if of or beside:
            return self.focus(of or beside[0].entity.id)
        if singular == "official":
            return self._officials(phrase)
        if phrase.is_definite and head in self.roles:
            return self.roles[head]
        latest = (self.here or self.organisations)[-1:]
        if (_COMPANY.match(phrase.text) or phrase.is_possessive) and latest:
            return latest[0]
        if singular == "judge":
            return self._standing_for("court")
        if singular in nouns("researchers") and not phrase.is_definite and plural and self.declared:
            return self.declared
        if phrase.is_definite and singular in nouns("researchers"):
            return self._standing_for("institute") or self._standing_for("company")
        if phrase.is_definite and self.person:
            return self.person.claimant
        house = NounPhrase(re.sub(r"^\s*(?:at|of|from|with|for)\s+", "", phrase.tail)).name if plural else None
        if house and " " in house and head in nouns("sources"):
            return self.focus(f"name:{house}")
        unnamed = DETERMINER.sub("", phrase.core).strip()
        if plural and head in nouns("sources"):
            return f"name:{unnamed if ' ' in unnamed else unnamed.lower()}"
        if phrase.owner[:1].isupper() and phrase.owner not in names("places"):
            return f"name:{plain_name(phrase.owner)}"
        if head == "people" and phrase.tail.startswith((" with", " familiar", " close")):
            return f"name:{phrase.bare}"
        return None

    def _officials(self, phrase: NounPhrase) -> str | None:
        """Whom nameless officials speak for: a public body that is the article's source, else their government."""
        declared = self.registry.get(self.declared)
        if declared and declared.kind in PUBLIC_BODIES:
            return declared.id
        if _OF_CHINA.search(phrase.text):
            return CENTRAL_GOVERNMENT if self.registry.get(CENTRAL_GOVERNMENT) else f"name:{phrase.text}"
        latest = map(self.registry.get, reversed(self.organisations))
        body = next((e.id for e in latest if e and e.kind in PUBLIC_BODIES), None)
        named = f"name:{phrase.text}" if phrase.text[:1].isupper() else None
        return body or named or (self.organisations[-1] if self.organisations else None)

    # ---- organisations

    def _pronoun(self, word: str) -> str | None:
        if self.person and (word in _HE or (word == "they" and not self.organisations)):
            return self.person.claimant
        if word in _HE:
            return None
        speakers = [o for o in self.organisations if not self._is_medium(o)] or self.organisations
        return speakers[-1] if speakers else self.declared

    def _is_medium(self, claimant: str) -> bool:
        entity = self.registry.get(claimant)
        return entity is not None and entity.kind in MEDIA

    def _by_noun(self, phrase: NounPhrase, within: Sequence[Mention]) -> str | None:
        """A phrase such as "the company", "X's division", "the official readout", "Guinea's mines ministry"."""
        about = re.match(r"\s+(?:against|on|about|into|over)\b", phrase.tail)
        if is_document_noun(phrase.head) and about:
            within = [m for m in within if m.start < len(phrase.core)]
            if not within:
                maker = PROPER.search(DETERMINER.sub("", phrase.core))
                return f"name:{plain_name(maker.group())}" if maker else f"name:{phrase.head}"
        author = re.search(r"\sby\s+(.+)$", phrase.tail) if is_document_noun(phrase.head) else None
        if author:
            start = len(phrase.text) - len(author.group(1))
            return self.resolve(author.group(1), "", [m.shifted(-start) for m in within if m.start >= start]) or (
                f"name:{plain_name(author.group(1))}"
            )
        if within:
            return self.focus(within[0].entity.id)
        of = self._organisation_in(phrase.owner) if phrase.owner not in names("places") else None
        if of:
            return self.focus(of)
        foreign = phrase.owner[:1].isupper() and " " not in phrase.owner and phrase.owner != "China"
        if foreign and phrase.head in nouns("government"):
            return self.focus(f"name:{phrase.core}")
        if is_document_noun(phrase.head):
            return self._organisation_in(phrase.tail) or self.declared or next(reversed(self.organisations), None)
        if phrase.name:
            return None if phrase.owner else self._proper(phrase)
        return self.focus(self._standing_for(phrase.head, phrase.text))

    def _standing_for(self, noun: str, text: str = "") -> str | None:
        """The organisation that "the company" or "the ministry" is: one so named, else the latest that it fits."""
        latest = [*reversed(self.organisations), *([self.declared] if self.declared else []), *reversed(self.seen)]
        known = {claimant: self.registry.get(claimant) for claimant in latest}
        known = {claimant: entity for claimant, entity in known.items() if _agrees(text, entity)}
        if noun not in _GENERAL:
            for claimant, entity in known.items():
                of_it = entity.names if entity else (claimant,)
                if any(noun.removesuffix("s") in folded(name).split() for name in of_it):
                    return claimant
        return next((claimant for claimant, entity in known.items() if fits(noun, claimant, entity)), None)

    def _organisation_in(self, text: str) -> str | None:
        """The organisation that a possessor, or a complement such as "for the ministry", names."""
        text = re.sub(r"^\s*(?:of|for|at|in|from|with|by|to)\s+", "", text).strip(" ,")
        if not text:
            return None
        if text.casefold() in ("its", "their"):
            return next(reversed(self.organisations), None)
        phrase = NounPhrase(text)
        owner = self._organisation_in(phrase.owner) if phrase.owner else None
        noun = self._standing_for(phrase.head) if is_organisation_noun(phrase.head) else None
        return self._known(phrase.bare) or owner or noun

    def _proper(self, phrase: NounPhrase) -> str | None:
        """A name: of an organisation known by a short form, or of one not met before."""
        name = phrase.name
        if not name:
            return None
        if name in names("places"):
            return self._government(name)
        if any(is_document_noun(word.casefold()) for word in name.split()):
            return self.declared
        known = self._known(name)
        return self.focus(known or f"name:{name}") if known or " " in name or name.isupper() else None

    def _government(self, place: str) -> str:
        """Whom a country or a capital that speaks stands for."""
        if place not in ("China", "Beijing") or not self.registry.get(CENTRAL_GOVERNMENT):
            return f"name:{place}"
        declared = self.registry.get(self.declared)
        public = declared is not None and declared.country == "CN" and declared.kind in PUBLIC_BODIES
        return declared.id if declared and public else CENTRAL_GOVERNMENT

    def _known(self, name: str) -> str | None:
        """The claimant of a name, or of a short form of it that the article uses."""
        name = plain_name(name)
        entity = self.registry.named(name)
        if entity:
            return entity.id
        for claimant in reversed(self.organisations):
            entity = self.registry.get(claimant)
            of_it = entity.names if entity else (claimant.removeprefix("name:"),)
            if any(f"{folded(other)} ".startswith(f"{folded(name)} ") for other in of_it):
                return claimant
        if name in self.people or any(is_document_noun(word) for word in name.casefold().split()):
            return None
        longer = [other for other in self.names if other.startswith(f"{name} ")]
        if longer and " " not in name and not name.isupper():
            return f"name:{min(longer, key=lambda other: (len(other), other))}"
        return f"name:{name}" if name in self.names and is_organisation_name(name) else None


def _agrees(text: str, entity: Entity | None) -> bool:
    """Whether "Swedish" or "state-owned" in a phrase agrees with what is known of an organisation."""
    words = text.casefold().split()
    nation = next((nations()[word] for word in words if word in nations()), None)
    if entity is None:
        return not any(word.startswith("state") for word in words)
    return nation in (None, entity.country)
