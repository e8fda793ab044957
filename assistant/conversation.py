"""A question in its conversation: the readings to search for, and the question as it stands alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_OPENING = re.compile(r"\s*(?:and|but|so|then|also|or|what about|how about|what else|anything else|why so|since when)\b", re.I)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them|he|his|him|she|her)\b", re.IGNORECASE)
_ANAPHOR = re.compile(
    r"\b(?:it|its|they|their|them|theirs|he|his|him|she|her|hers|this|that|these|those|there|then|the same|such"
    r"|the (?:other|former|latter|company|firm|group|plant|mill|deal|meeting|product|steel|plate|first|second)s?)\b",
    re.IGNORECASE,
)
_RELATIVE_THAT = re.compile(r"(?<=\w)\s+that\s+(?=\w+)", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]{2,}\b")
_FEW_WORDS = 4


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


def standalone_readings(question: str, history: Sequence[Turn]) -> list[str]:
    """The ways to read `question`: as asked and, when it leans on the conversation, with what it leans on.

    The last reading is the fullest.
    """
    asked = [turn.content.strip() for turn in history if turn.role == "user" and turn.content.strip()]
    if not asked or not leans_on_history(question):
        return [question]
    context = [asked[-1]]
    while leans_on_history(context[0]) and len(context) < len(asked) and len(context) < 3:
        context.insert(0, asked[-len(context) - 1])
    return [question, " ".join([*context, question])]


def leans_on_history(question: str) -> bool:
    """Whether `question` cannot be understood alone: a pronoun, an opening like "and", or hardly any words."""
    if _OPENING.match(question):
        return True
    name = _NAME.search(question)
    if name:  # a pronoun after a name means that name; one before it means something earlier
        return bool(_PRONOUN.search(question[: name.start()]))
    return bool(_ANAPHOR.search(_RELATIVE_THAT.sub(" ", question))) or len(question.split()) <= _FEW_WORDS
