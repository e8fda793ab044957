"""People of an article: who they are, and for whom they speak."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.provenance.mentions import Mention
from index.provenance.phrases import (
    NAME_WORD,
    PERSON,
    is_organisation_name,
    is_organisation_noun,
    is_person_noun,
    plain_name,
)
from index.provenance.registry import Entity
from index.provenance.words import names, nouns

_APPOSITION = re.compile(
    r"\s*(?:,|\(|—|–)\s*([^;:—–]{3,130}?)"
    r"(?:,\s+(?:\w+ly\s+|also\s+)?(?:said|told|says|was|is|has|had|\w+ed|\w+s)\b|\)|[.;:—–](?=\s|$)|$)"
)
_TITLE = re.compile(r"((?:[\w’'&-]+\s+){0,8}[\w-]+),?\s+$")
_DOES = re.compile(
    r",?\s+(?:who\s+)?(?:is|was|heads|leads|runs|chairs|led|headed|ran|manages|covers|works|represents|represented)\b(.{0,80})"
)
_OF = re.compile(r"\s+(?:of|at|from|with)\s+(.{2,80})")
_NOT_THEIRS = re.compile(r"\b(?:rival|competitor|former|critic)\b", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"\b(?:independent|private|outside|not involved|former|rival|analyst|economist|lawyer|professor at|law firm"
    r"|consult\w+"
    r"|covers|tracks)\b"
)
_ELSEWHERE = re.compile(r"\b(?:of|at|in|for|from|with)\s+(?:an?\s|one\s|two\s|[A-Z]|the\s+(?:[A-Z]|[\w-]+['’]))")
_HEADS = re.compile(
    rf"({NAME_WORD})[ \t]+(?:heads|leads|runs|chairs|headed|led|ran|works for|represents"
    r"|is (?:the )?(?:president|head|chairman|chair|director))\b"
)
_BEFORE, _AFTER = 90, 140
"""Characters before and behind a name in which somebody is introduced."""


@dataclass
class Person:
    """Somebody whom an article names, with what it says of them and the claimant they speak for."""

    name: str
    organisation: str | None = None
    words: str = ""

    @property
    def claimant(self) -> str:
        """The id of a registered organisation, else the person's own name."""
        if self.organisation and not self.organisation.startswith("name:"):
            return self.organisation
        return f"name:{self.name}"

    @property
    def is_outsider(self) -> bool:
        """Whether they do not belong to whom the article is about."""
        return bool(_OUTSIDE.search(self.words))

    @property
    def holds_an_office(self) -> bool:
        """Whether they have an office, and nothing is said of another place where they have it."""
        words = re.findall(r"\w+", self.words.casefold())
        office = any(map(is_person_noun, words)) and nouns("unattached").isdisjoint(words)
        return office and not _ELSEWHERE.search(self.words)

    def organisation_nouns(self) -> Iterator[str]:
        """Nouns for their organisation in "of the group", "the academy's chemist", "company spokesman"."""
        found = re.findall(r"[\w-]+|['’]s?(?=\W)", self.words)
        for i, word in enumerate(found):
            following = found[i + 1 : i + 4]
            if not is_organisation_noun(word.casefold()) or (following and following[0][0].isupper()):
                continue
            between = found[max(0, i - 2) : i]
            definite = any(w.casefold() in ("the", "this") for w in between) and not any(w[0] in "'’" for w in between)
            of_many = word.endswith("s") and bool(following) and following[0][0] in "'’"
            own = definite and not of_many and not is_person_noun(word.casefold())
            if own or any(is_person_noun(w.casefold()) for w in following[:2]):
                yield word.casefold()


def introductions(sentence: str, mentions: Sequence[Mention]) -> Iterator[Person]:
    """People whom `sentence` introduces by a title, an apposition or what they do; offsets by the sentence."""
    for match in PERSON.finditer(sentence):
        if any(m.start < match.end() and match.start() < m.end for m in mentions):
            continue
        name = without_title(plain_name(match.group()))
        words = name.split()
        if (
            not 2 <= len(words) <= 4
            or set(words) & ((names("not") - {"He"}) | names("places"))
            or is_organisation_name(name)
        ):
            continue
        start, end = match.start() + match.group().find(name), match.end()
        before, after = sentence[max(0, start - _BEFORE) : start], sentence[end : end + _AFTER]
        title = _TITLE.search(before) if _ends_with_title(before) else None
        apposition = _APPOSITION.match(after)
        if apposition and not _describes(apposition.group(1)):
            apposition = None
        told = [found for found in (apposition, _DOES.match(after), _OF.match(after)) if found]
        if not (title or told):
            continue
        low = start - len(title.group()) if title else start
        high = end + max((found.end() for found in told), default=0)
        tied = [m.entity.id for m in mentions if low <= m.start and m.end <= high]
        if tied and _NOT_THEIRS.search(sentence[low:high]):
            tied = []
        yield Person(name, tied[0] if tied else None, f"{title.group() if title else ''} {sentence[end:high]}")


def heads_of(sentence: str, mentions: Sequence[Mention]) -> Iterator[tuple[str, Entity]]:
    """(word of a name, entity) of somebody whom `sentence` says to head an entity, as in "Li heads the society"."""
    match = _HEADS.match(sentence)
    if match and mentions and match.end() <= mentions[0].start < match.end() + 40:
        yield match.group(1), mentions[0].entity


def without_title(name: str) -> str:
    """`name` without offices and forms of address before it."""
    words = name.split()
    while words and (words[0].rstrip(".") in names("not") or is_person_noun(words[0].casefold())):
        if words[0] == "He" and len(words) == 2:  # a family name
            break
        words = words[1:]
    return " ".join(words)


def _ends_with_title(before: str) -> bool:
    words = re.findall(r"[\w-]+", before.casefold())
    return bool(words) and is_person_noun(words[-1])


def _describes(apposition: str) -> bool:
    """Whether words behind a name say who somebody is."""
    first = re.split(r"[,;)]", apposition)[0].casefold()
    return first.startswith("who ") or any(map(is_person_noun, re.findall(r"[\w-]+", first)))
