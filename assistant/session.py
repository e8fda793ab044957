"""A reader's session: the questions asked so far and what came of each, growing as an answer comes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer
from assistant.conversation import Turn
from index.article import Article
from index.cli import say
from index.errors import AssayError

Stream = Callable[[str, Sequence[Turn]], Iterator[str | Answer]]
"""`Assistant.stream`, or what stands for it."""
UNEXPECTED = "Something went wrong, and this question was not answered. You can ask it again, or ask another."
_SURE = 0.6
"""Confidence from which a question is offered as an example."""


@dataclass(frozen=True)
class Exchange:
    """A question and what came of it so far: nothing, a `partial` text, the answer, or an error's message.

    `articles` are those that the answer cites, one for each citation, at the revisions cited.
    """

    question: str
    partial: str = ""
    answer: Answer | None = None
    articles: tuple[Article, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Conversation:
    """The exchanges of one browser session."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def history(self) -> list[Turn]:
        """What was asked and answered, as the assistant takes it; failed questions are left out."""
        answered = ((e.question, e.answer.text) for e in self.exchanges if e.answer)
        return [turn for asked, said in answered for turn in (Turn("user", asked), Turn("assistant", said))]


def converse(
    stream: Stream, article: Callable[[str, str], Article], conversation: Conversation, question: str
) -> Iterator[Conversation]:
    """The conversation with `question`, again and again as its answer comes; an error becomes part of it.

    Nothing comes of a blank question. `article` gives the article of an id and a revision.
    """
    if not question.strip():
        return
    exchange = Exchange(question)
    yield _with(conversation, exchange)
    try:
        for piece in stream(question, conversation.history):
            if isinstance(piece, str):
                exchange = replace(exchange, partial=exchange.partial + piece)
            else:
                cited = tuple(article(c.article_id, c.revision) for c in piece.citations)
                exchange = replace(exchange, answer=piece, articles=cited)
            yield _with(conversation, exchange)
    except AssayError as error:
        yield _with(conversation, Exchange(question, error=" ".join(str(error).split())))
    except Exception as error:
        # The reader gets one calm line; who runs the page gets the cause on standard error.
        say(f"Unexpected failure while answering: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
        yield _with(conversation, Exchange(question, error=UNEXPECTED))


def _with(conversation: Conversation, exchange: Exchange) -> Conversation:
    return Conversation((*conversation.exchanges, exchange))


def example_questions(
    ask: Callable[[str], Answer], candidates: Sequence[str], titles: Sequence[str], most: int = 4
) -> list[str]:
    """Questions that the articles do answer: of `candidates` first, then about `titles`."""
    about_titles = [f"What does “{title.rstrip('.')}” say?" for title in titles[: 3 * most]]
    found: list[str] = []
    for question in (*candidates, *about_titles):
        if len(found) == most:
            break
        try:
            answer = ask(question)
        except AssayError:
            continue
        if answer.status == "answered" and answer.confidence >= _SURE:
            found.append(question)
    return found
