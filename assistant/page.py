"""The HTML of the chat page: of a conversation, its answers and their sources.

All text that comes from users or articles is escaped here, at the edge, by `_text`; nothing else makes HTML of it.
"""

from datetime import date
from html import escape
from urllib.parse import urlsplit

from assistant.answer import Answer, Citation, Disclaimer, Reliance
from assistant.answer import Sentence as AnswerSentence
from assistant.disclaimers import rests_on_state
from assistant.session import Conversation, Exchange
from index.article import Article
from index.provenance.registry import KINDS, Entity, Registry

PLACEHOLDER = (
    '<div class="welcome"><h2>Ask the articles</h2><p>Every sentence of an answer is cited to the exact words of an '
    "article, and what comes from a state source says so. What the articles do not say is not answered.</p></div>"
)
NO_SOURCES = '<p class="nothing">Click a citation to see its words in the article.</p>'
_MATCHES = ((0.85, "Strong"), (0.65, "Fair"), (0.0, "Weak"))
"""Words for a confidence from there on. It is a probability; the bounds are a choice, nothing was measured."""
_SUPPORT = {"partial": "partly supported by the cited words", "unsupported": "not supported by the cited words"}
_AROUND = 300
"""Characters of an article shown on either side of a quote."""
_SHOWN_QUESTION = 600


def counted(articles: int) -> str:
    """How many articles, in words: "13 articles"."""
    return f"{articles:,} article" + ("" if articles == 1 else "s")


def header(articles: int) -> str:
    """The head of the page; `articles` is how many can be asked about."""
    return f'<h1>Assay</h1><p>Answers from the articles, cited to the word</p><p class="count">{counted(articles)}</p>'


def messages(conversation: Conversation, registry: Registry) -> list[tuple[str, str]]:
    """(role, HTML) of each message of the conversation."""
    found: list[tuple[str, str]] = []
    for turn, exchange in enumerate(conversation.exchanges, 1):
        asked = exchange.question.strip()
        shown = asked if len(asked) <= _SHOWN_QUESTION else asked[:_SHOWN_QUESTION] + "…"
        found.append(("user", f'<h2 class="question">{_text(shown)}</h2>'))
        found.append(("assistant", _reply(exchange, turn, registry)))
    return found


def _reply(exchange: Exchange, turn: int, registry: Registry) -> str:
    if exchange.error:
        return f'<div class="failure" role="alert">{_text(exchange.error)}</div>'
    if exchange.answer:
        return answer_html(exchange.answer, turn, registry)
    if exchange.partial:
        said = f'{_text(exchange.partial)}<span class="caret"></span>'
        return f'<div class="answer streaming"><p class="said">{said}</p></div>'
    return '<div class="waiting" role="status">Reading the articles…</div>'


def answer_html(answer: Answer, turn: int, registry: Registry) -> str:
    """An answer or an abstention; its citation marks point to the cards that `sources` makes for `turn`."""
    understood = ""
    if answer.standalone_question != answer.question:
        understood = f'<p class="understood">Understood as: {_text(answer.standalone_question)}</p>'
    if answer.status == "abstained":
        label = '<p class="label">Not in the articles</p>'
        return f'<div class="abstention">{understood}{label}<p class="said">{_text(answer.explanation)}</p></div>'
    marks = {c.number: _mark(c, turn, registry) for c in answer.citations}
    note = f'<span class="note">{_text(answer.note)}</span> ' if answer.note else ""
    said = note + " ".join(_sentence(sentence, marks) for sentence in answer.sentences)
    notes = "".join(_disclaimer(disclaimer, marks) for disclaimer in answer.disclaimers)
    trust = f'<p class="trust">{_match(answer.confidence)}{_reliance(answer.reliance)}</p>'
    return f'<div class="answer" id="turn-{turn}">{understood}<p class="said">{said}</p>{trust}{notes}</div>'


def _sentence(sentence: AnswerSentence, marks: dict[int, str]) -> str:
    doubt = _SUPPORT.get(sentence.support)
    note = f' <span class="doubt">({doubt})</span>' if doubt else ""
    cited = "".join(marks[number] for number in sentence.citations if number in marks)
    return f'<span class="{sentence.support}">{_text(sentence.text)}</span>{note}&#8239;{cited}'


def _mark(citation: Citation, turn: int, registry: Registry) -> str:
    state = rests_on_state(citation, registry)
    name = f"Source {citation.number}{', state-sourced' if state else ''}: {citation.title}"
    kind = "mark state" if state else "mark"
    target = f"#source-{turn}-{citation.number}"
    return f'<a class="{kind}" href="{target}" aria-label="{_text(name)}" title="{_text(name)}">[{citation.number}]</a>'


def _match(confidence: float) -> str:
    word = next(word for bound, word in _MATCHES if confidence >= bound)
    meaning = f"Estimated probability that the articles answer this: {confidence:.0%}"
    return f'<span class="match {word.lower()}" title="{meaning}">{word} match in the articles</span>'


def _reliance(reliance: Reliance) -> str:
    cited, state = reliance.cited, reliance.state_sourced
    if not state:
        words = "No cited sentence rests on a known state source"
    elif state < cited:
        others = reliance.independent_origins
        words = (
            f"{state} of {cited} cited sentences {'rests' if state == 1 else 'rest'} on a state source; "
            f"{others or 'no'} other origin{'' if others == 1 else 's'}"
        )
    else:
        few = {1: "The one cited sentence rests", 2: "Both cited sentences rest"}
        every = few.get(cited, f"All {cited} cited sentences rest")
        words = f"{every} on {'one state source' if reliance.origins < 2 else 'state sources'}; no independent source"
    return f'<span class="reliance {reliance.level}">{words}</span>'


def _disclaimer(disclaimer: Disclaimer, marks: dict[int, str]) -> str:
    label = "From the article" if disclaimer.basis == "article" else "About the source"
    cited = "".join(marks[number] for number in disclaimer.citations if number in marks)
    text = _text(" ".join(disclaimer.text.split()))
    return f'<div class="disclaimer" role="note"><p class="label">{label} {cited}</p><p>{text}</p></div>'


def sources(conversation: Conversation, registry: Registry) -> str:
    """The source pane: a section for each exchange that is done, the last one shown."""
    settled = [(turn, e) for turn, e in enumerate(conversation.exchanges, 1) if e.answer or e.error]
    last = settled[-1][0] if settled else 0
    return "".join(_section(e, turn, turn == last, registry) for turn, e in settled) or NO_SOURCES


def _section(exchange: Exchange, turn: int, shown: bool, registry: Registry) -> str:
    cited = zip(exchange.answer.citations, exchange.articles, strict=True) if exchange.answer else ()
    cards = "".join(_card(citation, article, turn, registry) for citation, article in cited)
    nothing = '<p class="nothing">Nothing is cited here. Click a citation of another answer to see its words.</p>'
    asked = _text(" ".join(exchange.question.split())[:_SHOWN_QUESTION])
    head = f'<h2>Sources</h2><p class="asked">{asked}</p>' if cards else ""
    kind = "turn shown" if shown else "turn"
    return f'<section class="{kind}" id="sources-{turn}" aria-label="Sources">{head}{cards or nothing}</section>'


def _card(citation: Citation, article: Article, turn: int, registry: Registry) -> str:
    before, quote, after = in_context(article, citation.start, citation.end)
    byline = " · ".join(_text(part) for part in (citation.publisher, _day(citation)) if part)
    facts = " · ".join(part for part in (byline, _link(citation.url)) if part)
    return (
        f'<article class="card" id="source-{turn}-{citation.number}" tabindex="-1">'
        f'<h3><span class="number">{citation.number}</span> {_text(citation.title)}</h3>'
        f'<p class="byline">{facts}</p>{_badges(citation, registry)}'
        f"<blockquote>{_text(before)}<mark>{_text(quote)}</mark>{_text(after)}</blockquote>"
        f'<a class="back" href="#turn-{turn}">Back to the answer</a></article>'
    )


def _badges(citation: Citation, registry: Registry) -> str:
    """Who says it, where that is not the publisher, and who of them is tied to a state."""
    known = {c: registry.get(c.id) for c in citation.claimants}
    state = [
        entity for entity in (*known.values(), registry.publisher(citation.publisher)) if entity and entity.disclaim
    ]
    badges = [
        f'<span class="claimant">According to {_text(claimant.name)}'
        f"{'' if entity else ', not in the registry of state sources'}</span>"
        for claimant, entity in known.items()
        if not (entity and entity.disclaim)
    ]
    badges += [_badge(entity, registry) for entity in dict.fromkeys(state)]
    if citation.may_relay:
        badges.append(f'<span class="claimant">May relay {_text(citation.may_relay.name)}</span>')
    return f'<p class="badges">{"".join(badges)}</p>' if badges else ""


def _badge(entity: Entity, registry: Registry) -> str:
    kind = KINDS[entity.kind].removeprefix("a ")
    meaning = f"{entity.name} is {KINDS[entity.kind]} (owner: {registry.owner_name(entity)})."
    return f'<span class="badge" title="{_text(meaning)}">{kind[:1].upper()}{kind[1:]}: {_text(entity.name)}</span>'


def in_context(article: Article, start: int, end: int, around: int = _AROUND) -> tuple[str, str, str]:
    """What stands before `article.text[start:end]`, those words, and what follows, with ellipses where cut.

    Cut between sentences if one fits into `around` characters, else between words.
    """
    first, last = _cut_before(article, start, around), _cut_after(article, end, around)
    text = article.text
    opening = "… " if text[:first].strip() else ""
    closing = " …" if text[last:].strip() else ""
    return opening + text[first:start].lstrip(), text[start:end], text[end:last].rstrip() + closing


def _cut_before(article: Article, start: int, around: int) -> int:
    if start <= around:
        return 0
    sentences = [s.start for s in article.sentences if start - around <= s.start < start]
    return min(sentences, default=article.text.find(" ", start - around - 1, start) + 1 or start)


def _cut_after(article: Article, end: int, around: int) -> int:
    if len(article.text) - end <= around:
        return len(article.text)
    sentences = [s.end for s in article.sentences if end < s.end <= end + around]
    return max(sentences, default=max(end, article.text.rfind(" ", end, end + around + 1)))


def _link(url: str | None) -> str:
    try:
        safe = url is not None and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        safe = False
    if url and safe:
        return f'<a href="{_text(url)}" target="_blank" rel="noopener noreferrer">Open the original</a>'
    return _text(url) if url else ""


def _day(citation: Citation) -> str:
    try:
        day = date.fromisoformat(citation.published or "")
    except ValueError:
        return citation.published or ""
    return f"{'about ' * citation.published_inferred}{day.day} {day:%B %Y}"


def _text(text: str) -> str:
    return escape(text, quote=True)
