"""Noun phrases: names in a text, and the parts of a phrase such as "the mill's chief engineer in Baotou"."""

import re
from dataclasses import dataclass
from functools import cached_property

from index.provenance.registry import Entity
from index.provenance.words import names, nouns

_WORD = r"(?:[A-Z]\.(?=\s[A-Z])|[A-ZÀ-ÖØ-ÞČŠŽŁŚŻ](?:[\w’'&-]|\.(?=\w))*)"
_OF = r"(?:of|and|for|the|de|van|von|der|den|al|bin|da|di|du|la|le|&)"
_VON = r"(?:de|van|von|der|den|al|bin|da|di|du|la|le)"
NAME_WORD = _WORD
PROPER = re.compile(rf"{_WORD}(?:[ \t]+(?:{_OF}[ \t]+){{0,2}}{_WORD})*")
"""A name of one or more words, such as "China Rare Earth Group" or "Ministry of Commerce"."""
PERSON = re.compile(rf"{_WORD}(?:[ \t]+(?:{_VON}[ \t]+){{0,2}}{_WORD}){{0,3}}")
"""A name as people have them."""
DETERMINER = re.compile(
    r"^(?:the|a|an|another|its|his|her|their|one|two|three|four|several|some|many|both|this|that|these|those|no)\s+",
    re.I,
)
_PREPOSITION = re.compile(
    r"\s(?:of|for|at|in|from|with|on|by|to|against|about|into|over|behind|inside|within|near|outside|who|whose|that|which|covering|tracking"
    r"|familiar|close|responsible|based|in charge)\s|\s(?:quoted|seen|posted|published|issued|released|cited|carried)\b"
)
_POSSESSIVE = re.compile(r"^(.*?)(?:['’]s|(?<=s)['’])\s+(.+)$", re.DOTALL)
_MOST_WORDS = 16
_CLAUSE = re.compile(
    r"\b(?:have|has|had|is|are|was|were|will|would|be|been|could|can|may|might|should|must|do|does|did|not|there)\b"
)
_GROUPS_OF_KIND = {
    "state-owned-enterprise": "company",
    "private-with-state-stake": "company",
    "state-media": "media",
    "public-broadcaster": "media",
    "government-body": "government",
    "public-research-institute": "institute",
    "state-aligned-association": "association",
}
_GROUPS_OF_WORD = (
    (
        "government",
        "Ministry Agency Bureau Department Commission Administration Authority Council Court Inspectorate Office",
    ),
    ("institute", "University Institute Academy Laboratory Laboratories Lab College"),
    ("association", "Association Society Federation Union League Chamber Alliance Council"),
    ("media", "News Daily Times Post Journal Courier Broadcasting Television Radio"),
)
_ORGANISATIONS = ("company", "government", "association", "institute", "media")


@dataclass(frozen=True)
class NounPhrase:
    """A phrase for somebody or something, and its parts."""

    text: str

    @cached_property
    def bare(self) -> str:
        """Without an article or another determiner."""
        return DETERMINER.sub("", self.text)

    @cached_property
    def owner(self) -> str:
        """Whose it is: "the mill" of "the mill's chief engineer"."""
        return self._parts[0]

    @property
    def rest(self) -> str:
        """What is owned: "chief engineer" of "the mill's chief engineer"; the whole without an owner."""
        return self._parts[1]

    @cached_property
    def core(self) -> str:
        """The text up to the first preposition, the owner included."""
        return self._cut(self.text)

    @cached_property
    def tail(self) -> str:
        """What follows the first preposition, that included, such as " of the ministry"."""
        return self._parts[1][len(self._cut(self._parts[1])) :]

    @cached_property
    def head(self) -> str:
        """The noun that the phrase is about, in lower case."""
        words = re.findall(r"[\w-]+", self._cut(self._parts[1]))
        return words[-1].casefold() if words else ""

    @property
    def is_definite(self) -> bool:
        """Whether it points to somebody known: "the engineer", "its chairman"."""
        return bool(re.match(r"(?:the|this|that|its|his|her|their)\b", self.text, re.I))

    @property
    def is_possessive(self) -> bool:
        """Whether it begins with "its" or "their"."""
        return bool(re.match(r"(?:its|their)\b", self.text, re.I))

    @property
    def is_clause(self) -> bool:
        """Whether it has a verb or is too long, and so names nobody."""
        return len(self.text.split()) > _MOST_WORDS or bool(_CLAUSE.search(self.text))

    @cached_property
    def name(self) -> str | None:
        """The name that it consists of, if it does."""
        match = PROPER.match(self.bare)
        if not match or match.group().split()[0] in names("not"):
            return None
        rest = self.bare[match.end() :].strip()
        whole = len(rest) < 2 or rest.startswith("(") or _PREPOSITION.match(f" {rest} ")
        return plain_name(match.group()) if whole else None

    @cached_property
    def _parts(self) -> tuple[str, str]:
        match = _POSSESSIVE.match(self.bare)
        return (match.group(1), match.group(2)) if match else ("", self.bare)

    @staticmethod
    def _cut(text: str) -> str:
        match = _PREPOSITION.search(f"{text} ")
        return text[: match.start()] if match else text


def plain_name(name: str) -> str:
    """`name` without "'s" and the signs behind it."""
    return re.sub(r"['’]s?$", "", name).rstrip(".,")


def proper_names(text: str) -> frozenset[str]:
    """The names of several words in `text`."""
    found: set[str] = set()
    for match in PROPER.finditer(text):
        words = match.group().split()
        while words and words[0] in names("not"):
            words = words[1:]
        if len(words) > 1:
            found.add(plain_name(" ".join(words)))
    return frozenset(found)


def is_person_noun(word: str) -> bool:
    """Whether a word in lower case says what somebody is, such as "secretary-general"."""
    return not nouns("person").isdisjoint((word, *word.split("-")))


def is_document_noun(word: str) -> bool:
    """Whether a word in lower case is something that carries words."""
    return word in nouns("document")


def is_organisation_noun(word: str) -> bool:
    """Whether a word in lower case stands for an organisation."""
    return any(word in nouns(group) for group in _ORGANISATIONS)


def is_organisation_name(name: str) -> bool:
    """Whether a name has a word that only organisations bear."""
    return bool(names("organisation").intersection(name.split()))


def fits(noun: str, claimant: str, entity: Entity | None) -> bool:
    """Whether `noun` can stand for an organisation: a registered one, or one that has a name only."""
    if entity:
        return noun in nouns(_GROUPS_OF_KIND[entity.kind])
    words = set(re.findall(r"\w+", claimant.casefold()))
    groups = [group for group, marks in _GROUPS_OF_WORD if words.intersection(marks.casefold().split())] or ["company"]
    return any(noun in nouns(group) for group in groups)
