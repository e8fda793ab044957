"""How a cited sentence is worded in an answer: as it stands, with who is meant in brackets where it does not say so.

The brackets are an editor's: the words around them are the article's, and the citation quotes them without.
Where it is not plain who is meant, nothing is added: a wrong name would be worse than none.
"""

import re
from collections.abc import Iterator

from index.article import Article, SentenceSpan
from index.provenance.people import without_title
from index.provenance.phrases import PERSON, PROPER, fits, is_organisation_name, plain_name
from index.provenance.words import names

_HE = re.compile(r"(?:He|She|His|Her)\b")
_COMPANY = re.compile(
    r"(?:The|This)\s+(company|firm|group|association|society|agency|ministry|institute|laboratory|academy"
    r"|university|steelmaker|producer|operator)\b(?!['’])"
)
_INITIALS = re.compile(r"\b[A-Z]{3,}\b")
_BACK = 3
"""Sentences before it in which whoever a sentence means is looked for."""


def worded(article: Article, span: SentenceSpan) -> str:
    """The sentence of `article` at `span` on one line, with whom its first words mean in brackets if that is plain."""
    text = " ".join(article.text[span.start : span.end].split())
    at = len(text) - len(text.lstrip("“\"'‘("))
    he, company = _HE.match(text, at), _COMPANY.match(text, at)
    meant, end, word = None, 0, ""
    if he:
        meant, end, word = _person(article, span), he.end(), he.group()
    elif company:
        meant, end = _organisation(article, span, company.group(1)), company.end()
    if not meant or meant in text:
        return text
    return f"{text[:end]} {in_brackets(word, meant, text[end:])}{text[end:]}"


def _person(article: Article, span: SentenceSpan) -> str | None:
    """Whom "he" or "she" means."""
    near = " ".join(_before(article, span))
    claimant = (span.claimant or "").removeprefix("name:")
    if claimant != (span.claimant or "") and not is_organisation_name(claimant) and _is_in(claimant, near):
        return claimant
    return _only(name for name in people(article.text[: span.start]) if _is_in(name, near))


def _is_in(name: str, text: str) -> bool:
    """Whether `text` has the family name of somebody, or what stands last in their name."""
    return bool(re.search(rf"\b{re.escape(name.split()[-1])}\b", text))


def _organisation(article: Article, span: SentenceSpan, noun: str) -> str | None:
    """Which organisation "the company" means; nobody, where initials are named beside it that are not its own."""
    near = _before(article, span)
    found = (plain_name(m.group()).removeprefix("The ") for text in near for m in PROPER.finditer(text))
    known = (name for name in found if is_organisation_name(name) and " " in name and " and " not in name)
    meant = _only(name for name in known if fits(noun, f"name:{name}", None))
    initials = {"".join(w[0] for w in (meant or "").split() if w[0].isupper())}
    others = {short for text in near for short in _INITIALS.findall(text)} - initials
    return None if others else meant


def _before(article: Article, span: SentenceSpan) -> list[str]:
    at = article.sentences.index(span)
    return [article.text[s.start : s.end] for s in article.sentences[max(0, at - _BACK) : at]]


def _only(found: Iterator[str]) -> str | None:
    """The one name among `found`, in its longest form; None when there are several, or none."""
    by_last: dict[str, str] = {}
    for name in found:
        last = name.split()[-1]
        by_last[last] = max(name, by_last.get(last, ""), key=len)
    return next(iter(by_last.values())) if len(by_last) == 1 else None


def in_brackets(pronoun: str, name: str, following: str) -> str:
    """The name in brackets as it goes behind a pronoun: "His [Li Bo's] pledge", "She [Meng Fanying] said"."""
    owns = pronoun.casefold() in ("his", "hers") or (pronoun.casefold() == "her" and re.match(r"\s+\w", following))
    return f"[{name}’s]" if owns else f"[{name}]"


def people(text: str) -> Iterator[str]:
    """Names of people in `text`, of two or three words."""
    for match in PERSON.finditer(text):
        name = without_title(plain_name(match.group()))
        words = name.split()
        if (
            2 <= len(words) <= 3
            and not set(words) & (names("not") | names("places"))
            and not is_organisation_name(name)
        ):
            yield name
