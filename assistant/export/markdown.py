"""A citation pack as Markdown with footnotes; nothing in an article's words is read as markup."""

import re
from collections.abc import Iterator

from assistant.answer import Citation
from assistant.export.pack import Exported, Pack, said_by

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&!^$])")


def markdown(pack: Pack) -> str:
    """Questions as headings, answers with footnote marks, the disclaimers, and the footnotes."""
    parts = [part for answer in pack.answers for part in _answer(answer)]
    parts += [_footnote(citation) for citation in pack.citations]
    return "\n\n".join(parts) + "\n"


def _answer(answer: Exported) -> Iterator[str]:
    yield f"## {_plain(answer.question)}"
    if answer.note:
        yield f"*{_plain(answer.note)}*"
    if answer.explanation:
        yield _plain(answer.explanation)
    said = " ".join(f"{_plain(s.doubted)}{_marks(s.citations)}" for s in answer.sentences)
    if said:
        yield said
    for disclaimer in answer.disclaimers:
        yield f"> {_plain(disclaimer.text)}{_marks(disclaimer.citations)}"


def _footnote(citation: Citation) -> str:
    byline = [citation.publisher or "", citation.dated or ""]
    said = said_by(citation)
    parts = [
        f"“{_plain(citation.quote)}”",
        f"{_plain(citation.title)}{''.join(f', {_plain(part)}' for part in byline if part)}",
        _plain(said[:1].upper() + said[1:]) if said else "",
        f"<{citation.url}>" if citation.url and re.fullmatch(r"https?://[^\s<>]+", citation.url) else "",
        f"Article {_plain(citation.article_id)}, characters {citation.start}–{citation.end}, "
        f"revision {citation.revision[:12]}",
    ]
    return f"[^{citation.number}]: {'. '.join(part for part in parts if part)}."


def _marks(numbers: tuple[int, ...]) -> str:
    return "".join(f"[^{number}]" for number in numbers)


def _plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
