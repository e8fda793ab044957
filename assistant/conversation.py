"""A question in its conversation: the readings to search for, and the question as it stands alone.

Nothing is decided that could be left open: a question that may lean on what was said is searched for both
as asked and with what it leans on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.contrasts import is_of_counterpart, sides_in
from assistant.wording import in_brackets, people
from index.errors import QuestionError
from index.lexical import Analyzer

_SWITCH = re.compile(
    r"\s*(?:(?:ok|okay|right|thanks|thank you|alright|all right|fine|good)\b[\s,.!;:–—-]*)?"
    r"(?:(?:now\s+)?(?:a |an |on (?:to )?an?)?\s*(?:quite )?(?:different|another|new|unrelated|separate) "
    r"(?:subject|topic|question|matter|thing|note)|(?:now\s+)?(?:for )?something (?:else|different)|moving on"
    r"|(?:to )?chang(?:e|ing) (?:of )?(?:the )?(?:subject|topic)|next (?:question|topic)|unrelated|separately)"
    r"\s*[,.!;:–—-]+\s*(?=\S)",
    re.IGNORECASE,
)
"""Words before a question that say that it has nothing to do with what was said."""
_RETURN = re.compile(
    r"\s*(?:(?:ok|okay|and|so|but|right|now)\b[\s,]*)*"
    r"(?:(?:let['’]?s )?(?:go |going |coming |come )?back to|(?:to )?return(?:ing)? to|once more on|again on"
    r"|(?:to )?(?:revisit|revisiting)|(?:on|about|and|as for|regarding)(?=[^:,.?–—]{2,60}"
    r"(?:\bagain\b|\bfrom (?:before|earlier|above)\b|\bfrom my \w+ question\b|\bI (?:first )?asked about\b))"
    r"|(?=that [\w\s]{2,40}\b(?:we|I) (?:began|started|opened) with))"
    r"\s*(?P<topic>[^:,.?–—]{2,80}?)(?:\s+again)?\s*(?:[:,.–—]|\s-)\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
"""A return to an earlier topic, as in "Back to the mill: how old is it?"."""
_TURN = re.compile(
    r"\s*(?:(?:ok|okay|right|thanks)\b[\s,.!]*)?(?:now|next|turning to|on to|moving on to)\s+(?:for |to |on to )?"
    r"(?P<topic>(?:the|that|those|a)\s[^:.?!]{3,60})[:.!]\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
"""A turn to another topic that is named first, as in "Now the price list. Who wrote it?"."""
_MARKUP = re.compile(
    r"<(script|style)\b.*?</\1\s*>|</?[a-z][^<>]{0,200}>|\[(?=[^\]]*\]\()|\]\([^)]*\)|[*`~]+|(?<!\w)_+|_+(?!\w)",
    re.I | re.S,
)
_COURTESY = re.compile(
    r"^\s*(?:(?:thanks|thank you|many thanks|great|hello|hi|hey|good (?:morning|evening|afternoon)|please)"
    r"\b(?:\s+(?:a lot|very much|there))?\s*[!,.:–—-]+\s*)+(?=\S)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<![\d.,])(?<![A-Z]\s)(?!(?:19|20)\d\d\b)(\d{1,3})(\d{3})(?=\s+[a-z%])")
"""An amount, with what it is of behind it; not the number of a standard, as in "ISO 9001"."""
_SENTENCE = re.compile(r"[^.!?;]+(?:[.!?;]+(?=\s|$)|[.!?;]+(?=\S)[^\s]*|$)\s*")
_ASKS = re.compile(
    r":\s+(?=(?:what|who|whom|whose|when|where|why|which|how|is|are|was|were|does|do|did|has|have)\b)", re.I
)
_INSTRUCTION = re.compile(
    r"^\W*(?:please\s+)?(?:(?:and|but|then|also)\s+)?(?:"
    r"(?:ignore|forget|disregard|override|bypass)\b.{0,80}\b(?:instruct\w*|rules?|prompts?|articles|above|previous|sources?)"
    r"|(?:leave|drop|skip|omit|hide|remove|suppress)\b.{0,60}\b(?:notices?|disclaimers?|caveats?|warnings?|citations?|sources?)"
    r"|from now on\b|you are (?:now )?an?\b|act as\b|pretend\b|(?:system|developer|admin)\b[\w\s]{0,20}[:\]]"
    r"|(?:state|say|claim|declare|assert|insist|write|reply|answer)\s+(?:only\s+)?(?:that|with(?:out)?)\b"
    r"|(?:print|reveal|show|repeat|output)\b.{0,40}\b(?:prompts?|instructions)"
    r"|if the (?:articles|sources) (?:do not|don['’]t)\b|(?:do not|don['’]t) (?:mention|cite|show|add|include)\b"
    r"|begin your (?:reply|answer)\b|respond (?:only|with)\b)"
    r"|\b(?:begin|start) your (?:reply|answer|response) with\b|\bmention no (?:caveat|disclaimer)s?\b",
    re.IGNORECASE,
)
"""A sentence that tells how to behave instead of asking."""
_FIRST = re.compile(r"\b(?:first|began|begun|started|opened|beginning|start)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"\s*(?:and|but|so|then|also|or|what about|how about|what else|anything else|why so|since when|more)\b", re.I
)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them|he|his|him|she|her)\b", re.IGNORECASE)
_ANAPHOR = re.compile(
    r"\b(?:it|its|they|their|them|theirs|he|his|him|she|her|hers|this|that|these|those|there|then|the same|such|ones?"
    r"|the (?:other|former|latter|company|firm|group|plant|mill|deal|meeting|product|steel|plate|first|second)s?)\b",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"(?i:\b(?:is|was|are|were|does|did|do|than|to|by|from|of|about|with|since|at|for|like|out|on)\s+"
    r"(?:that|this|these|those)\b(?!\s+(?:the|a|an)\b))(?!\s+[A-Z])|^(?i:(?:that|this)\s+(?:is|was)\b)",
)
"""A "that" which points at what was said, wherever in the question."""
_RELATIVE_THAT = re.compile(r"(?<=\w)\s+that\s+(?=\w+)", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|him|she|her|his|hers)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]{2,}\b")
_ELLIPSIS = re.compile(
    r"\s*(?:(?:and|but|or)\s+(?:what about\s+|how about\s+)?|(?:what|how) about\s+|(?=.{1,40}\btoo\s*\?*\s*$))"
    r"(?P<other>[^?]{1,80}?)(?:\s+too)?\s*\?*\s*$",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]*[\w](?:\s+(?:(?:of|the|and|&)\s+)*[A-Z][\w’'-]*\w)*")
_VERB = re.compile(
    r"\b(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|say|said|who|why|when|how|where|which)\b", re.I
)
_NUMBER = re.compile(r"\b\d[\d.,]*\b")
_ARTICLE = re.compile(r"^(?:the|a|an|its|their)\s+", re.IGNORECASE)
_PREPOSITION = r"(?:at|in|for|from|on|of|by|with|near|under|during|since|after|before)"
_PHRASE_OF = re.compile(
    rf"\b{_PREPOSITION}\s+(?:the\s+)?(?:[\w’'-]+\s+){{0,3}}?[\w’'-]+(?=\s+(?:and|{_PREPOSITION}|is|was|have|has|did|do|does)\b|[?,.]|$)",
    re.IGNORECASE,
)
_IT = r"(?:that|this|it|these|those)"
_WHO_SAYS = re.compile(
    r"^\W*(?:(?:and|but|so|ok)\b[\s,]*)?(?:"
    rf"who (?:says|said|claims|claimed|reports?|reported|told)(?: (?:you|us))?(?: (?:so|{_IT}))?"
    r"|says who|according to whom?|on whose (?:word|authority)"
    rf"|(?:what|who)(?:['’]?s| is| are) (?:the|your) sources?(?: (?:for|of) {_IT})?"
    rf"|where (?:does|did|do|is) {_IT}(?: \w+)? (?:come )?from|whose (?:\w+ ){{1,2}}(?:is|was|are) {_IT}\b.*"
    rf"|(?:is|was|are) {_IT} (?:really |just |only )?"
    r"(?:their|his|her|its|the [\w\s’']{2,25}?(?:['’]s)?) own (?:\w+)\b.*"
    rf"|(?:is|was|has) {_IT} (?:been )?(?:independent\w*|verified|confirmed|checked|audited)\b.*)\s*\?*\s*$",
    re.IGNORECASE,
)
"""A question for whose claim the last answer was."""
_COMPARES = re.compile(
    r"\b(?:than|compar\w+|match\w*|agree\w*|differ\w*|same|versus|vs|either|both|more|less|fewer"
    r"|(?:long|hard|soft|dear|cheap|thick|thin|large|small|high|low|old|new|fast|slow|great|strong|weak|bigg)er)\b",
    re.IGNORECASE,
)
"""A question that compares what was said with something else."""
_MARKS = re.compile(r"\s*\[\d+\]")
_BRACKETS = re.compile(r"\s*\[[^\]]*\]")
"""What an answer adds to the words of an article: marks, and names of whom it means."""
_FEW_WORDS = 4
_FAR = 2
"""Questions at most that a follow-up is read with."""
_LONGEST_SAID = 240
"""Characters of the last answer that a reading takes up."""


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class _Exchange:
    asked: str
    said: str


def plain(question: str) -> str:
    """`question` without markup, courtesies and signs that are no text, its large numbers as articles write them."""
    text = question.encode("utf-8", "ignore").decode()
    text = re.sub(r"\s+([?.,!;:])", r"\1", _COURTESY.sub("", _MARKUP.sub(" ", text)))
    return " ".join(_THOUSANDS.sub(r"\1,\2", text).split()) or question.encode("utf-8", "ignore").decode()


def without_instructions(question: str) -> str:
    """`question` without sentences that tell the assistant how to behave; they are no question. Empty if all do."""
    sentences = _SENTENCE.findall(_ASKS.sub(". ", question))
    kept = [s for s in sentences if not _INSTRUCTION.search(s)]
    if len(kept) == len(sentences):
        return question
    return " ".join(s.strip() for s in kept).strip()


def compares(question: str) -> bool:
    """Whether a question holds one thing against another."""
    return bool(_COMPARES.search(question))


def goes_on_from(readings: Sequence[str], history: Sequence[Turn]) -> str:
    """The last answer, where a question with these readings goes on from it, and neither compares it with something
    nor asks whose claim it was.
    """
    said = [turn.content for turn in history if turn.role == "assistant"]
    if not said or len(readings) < 2 or _WHO_SAYS.match(readings[0]) or _COMPARES.search(readings[0]):
        return ""
    return _BRACKETS.sub("", said[-1])


def standalone_readings(question: str, history: Sequence[Turn]) -> list[str]:
    """The ways to read `question`: as asked and, when it may lean on the conversation, with what it leans on.

    The last reading is the fullest, and shows how the question was understood.
    """
    earlier = _exchanges(history)
    if not earlier:
        return [question]
    switched = _SWITCH.match(question)
    if switched:
        question = question[switched.end() :]
        if not _PRONOUN.search(question):
            return [question]
    turned = _TURN.match(question)
    if turned:
        rest = f"{turned['topic']}: {turned['rest']}"
        return [turned["rest"], rest]
    back = _RETURN.match(question)
    if back:
        topic = _topic(back["topic"], earlier)
        rest = back["rest"][:1].upper() + back["rest"][1:]
        return [rest, f"{_whole_question(topic, earlier)} {_with_person(rest, [*earlier, topic])}"]
    last = earlier[-1]
    if _WHO_SAYS.match(question):
        said = last.said[:_LONGEST_SAID].strip() or last.asked
        return [question, f"{last.asked} {question}", f"Who says this, according to whom: {said}"]
    named = _ELLIPSIS.match(question)
    he = _HE.search(last.asked)
    if named and he and not _VERB.search(named["other"]) and _FULL_NAME.fullmatch(f" {named['other']}", 1):
        return [question, f"{last.asked[: he.start()]}{named['other']}{last.asked[he.end() :]}"]
    substituted = _substituted(question, _whole_question(last, earlier))
    if substituted:
        return [question, substituted]
    if not leans_on_history(question):
        return [question]
    fullest = f"{_whole_question(last, earlier)} {_with_person(question, earlier)}"
    if _ANAPHOR.search(question) and last.said:
        return [question, f"{last.said[:_LONGEST_SAID]} {question}", fullest]
    return [question, fullest]


def _exchanges(history: Sequence[Turn]) -> list[_Exchange]:
    """The questions that were asked, each with what was said to it, without citation marks."""
    found: list[_Exchange] = []
    for turn in history:
        content = plain(_MARKS.sub("", turn.content))
        if turn.role == "user" and content:
            found.append(_Exchange(content, ""))
        elif found and content:
            found[-1] = _Exchange(found[-1].asked, f"{found[-1].said} {content}".strip())
    return found


def _whole_question(exchange: _Exchange, earlier: Sequence[_Exchange]) -> str:
    """What was asked in `exchange`, after what that leaned on in turn."""
    at = list(earlier).index(exchange)
    asked = [exchange.asked]
    while at and len(asked) < _FAR and _points_back(asked[0]):
        substituted = _substituted(asked[0], earlier[at - 1].asked)
        at -= 1
        if substituted:
            asked[0] = substituted
        else:
            asked.insert(0, earlier[at].asked)
    return " ".join(asked)


def _topic(words: str, earlier: Sequence[_Exchange]) -> _Exchange:
    """The exchange that `words` go back to: the one that has most of them, the earliest of equals."""
    if _FIRST.search(words):
        return earlier[0]
    analyzer = _analyzer()
    sought = set(analyzer.terms(words))

    def share(exchange: _Exchange) -> float:
        return 2 * len(sought & set(analyzer.terms(exchange.asked))) + len(sought & set(analyzer.terms(exchange.said)))

    return max(earlier, key=share)


def _with_person(question: str, earlier: Sequence[_Exchange]) -> str:
    """`question` with the name of who "he" or "she" must be in brackets, where somebody was named."""
    pronoun = _HE.search(question)
    if not pronoun or _NAME.search(question[: pronoun.start()]):
        return question
    for exchange in reversed(earlier):
        for text in (exchange.said, exchange.asked):
            name = next(people(text), None)
            if name:
                behind = question[pronoun.end() :]
                return f"{question[: pronoun.end()]} {in_brackets(pronoun.group(), name, behind)}{behind}"
    return question


def _substituted(question: str, before: str) -> str | None:
    """`before` asked about something else, when `question` is no more than that ("And Li Bo?", "the core too?")."""
    ellipsis = _ELLIPSIS.match(question)
    if not ellipsis or _VERB.search(ellipsis["other"]) or len(ellipsis["other"].split()) > 6:
        return None
    other = ellipsis["other"].strip(" ,")
    if "," in other:
        return None
    found = _counterpart(other, before)
    if found is None:
        return None
    start, end = found
    if not _ARTICLE.match(before[start:end]):
        other = _ARTICLE.sub("", other)
    return before[:start] + other + before[end:]


def _counterpart(other: str, before: str) -> tuple[int, int] | None:
    """Where in `before` stands what `other` takes the place of."""
    preposition = re.match(rf"{_PREPOSITION}\b", other, re.IGNORECASE)
    if preposition:  # "And at Ostervane?" for "at Brackmoor"
        same = [
            m for m in _PHRASE_OF.finditer(before) if m.group().casefold().startswith(preposition.group().casefold())
        ]
        return same[-1].span() if same else None
    if _NUMBER.search(other):  # "the 600?" for "Greyback 500"
        numbers = list(_NUMBER.finditer(before))
        if len(numbers) != 1:
            return None
        return _grown(before, numbers[0].span(), other)
    words = _ARTICLE.sub("", other).split()
    if len(words) > 1:  # "thick plate?" for "thin plate"
        noun = re.compile(rf"\b[\w’'-]+\s+{re.escape(words[-1])}\b", re.IGNORECASE)
        alike = list(noun.finditer(before))
        if len(alike) == 1 and not _FULL_NAME.search(f" {other}"):
            start, end = alike[0].span()
            left = re.search(r"([\w’'-]+)\s+$", before[:start])
            if left and is_of_counterpart(sides_in(words[0]), left[1]):  # "thick plate?" for "thin wear plate"
                start = left.start()
            return start, end
    names_before = list(_FULL_NAME.finditer(before))
    if _FULL_NAME.search(f" {other}") and names_before:
        return names_before[0].span()
    return None


def _grown(text: str, span: tuple[int, int], other: str) -> tuple[int, int]:
    """`span` of a number with the word before it, where `other` has that word too, or "the" for it."""
    start, end = span
    word = re.search(r"([\w’'-]+)\s+$", text[:start])
    if word and word.group(1).casefold() in other.casefold().split():
        return word.start(), end
    return start, end


def leans_on_history(question: str) -> bool:
    """Whether `question` may need what was said before: it points back, or has no name of its own."""
    return _points_back(question) or _NAME.search(question) is None


def _points_back(question: str) -> bool:
    """Whether `question` says that it needs what was said before: a pronoun, an opening like "and", few words."""
    if _OPENING.match(question) or _DEMONSTRATIVE.search(question):
        return True
    name = _NAME.search(question)
    if name is None:
        return bool(_ANAPHOR.search(_RELATIVE_THAT.sub(" ", question))) or len(question.split()) <= _FEW_WORDS
    if _PRONOUN.search(question[: name.start()]) or re.search(r"\bit\s*\?*\s*$", question):
        return True  # a pronoun after a name means that name; one before it means something earlier
    return len(question.split()) <= _FEW_WORDS and bool(_ANAPHOR.search(_RELATIVE_THAT.sub(" ", question)))


@cache
def _analyzer() -> Analyzer:
    return Analyzer()


def read_history(messages: object) -> list[Turn]:
    """The turns of a JSON list of messages. Raises QuestionError when it is something else."""
    if not isinstance(messages, list):
        raise QuestionError('The history must be a list of {"role": "user" or "assistant", "content": "…"}.')
    turns = []
    for number, message in enumerate(messages, 1):
        role, content = (message.get("role"), message.get("content")) if isinstance(message, dict) else (None, None)
        if role not in ("user", "assistant") or not isinstance(content, str):
            raise QuestionError(
                f'Message {number} of the history needs a "role", user or assistant, and "content" text.'
            )
        turns.append(Turn("user" if role == "user" else "assistant", content))
    return turns
