"""A question in its conversation: the readings to search for, and the question as it stands alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.errors import QuestionError

_OPENING = re.compile(
    r"\s*(?:and|but|so|then|also|or|what about|how about|what else|anything else|why so|since when)\b", re.I
)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them|he|his|him|she|her)\b", re.IGNORECASE)
_ANAPHOR = re.compile(
    r"\b(?:it|its|they|their|them|theirs|he|his|him|she|her|hers|this|that|these|those|there|then|the same|such"
    r"|the (?:other|former|latter|company|firm|group|plant|mill|deal|meeting|product|steel|plate|first|second)s?)\b",
    re.IGNORECASE,
)
_RELATIVE_THAT = re.compile(r"(?<=\w)\s+that\s+(?=\w+)", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]{2,}\b")
_ELLIPSIS = re.compile(r"\s*(?:and|but|what about|how about)\s+(?P<other>[^?]{1,80}?)\s*\?*\s*$", re.IGNORECASE)
_FULL_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]*[\w](?:\s+(?:(?:of|the|and|&)\s+)*[A-Z][\w’'-]*\w)*")
_VERB = re.compile(r"\b(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|say|said)\b", re.IGNORECASE)
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
    return [question, _substituted(question, asked[-1]) or " ".join([*context, question])]


def _substituted(question: str, before: str) -> str | None:
    """`before` asked about another name, when `question` is no more than that name ("And Li Bo?")."""
    ellipsis = _ELLIPSIS.match(question)
    earlier = list(_FULL_NAME.finditer(before))
    if not ellipsis or not earlier or _VERB.search(ellipsis["other"]):
        return None
    other = ellipsis["other"]
    if not _FULL_NAME.search(f" {other}") or len(other.split()) > 6:
        return None
    return before[: earlier[0].start()] + other + before[earlier[0].end() :]


def leans_on_history(question: str) -> bool:
    """Whether `question` cannot be understood alone: a pronoun, an opening like "and", or hardly any words."""
    if _OPENING.match(question):
        return True
    name = _NAME.search(question)
    if name:  # a pronoun after a name means that name; one before it means something earlier
        return bool(_PRONOUN.search(question[: name.start()]))
    return bool(_ANAPHOR.search(_RELATIVE_THAT.sub(" ", question))) or len(question.split()) <= _FEW_WORDS


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
