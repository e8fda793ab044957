"""The chat page's HTML: what is escaped, where citation marks lead, how a quote is cut out of its article."""

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

import pytest

from assistant import page, session
from assistant.answer import Answer, Citation, Claimant, Disclaimer, Reliance, Sentence
from assistant.conversation import Turn
from assistant.session import Conversation, Exchange
from index.article import Article, SentenceSpan
from index.errors import QuestionError
from index.provenance.registry import Entity, Registry

HOSTILE = "<img src=x onerror=alert(1)> \"quoted\" 'single' & **bold** [a](http://b)\n\n# heading"
MILL = Entity("mill", "Old Mill", "state-owned-enterprise", "XX", "ministry", "shares", True)
MINISTRY = Entity("ministry", "Ministry of Mills", "government-body", "XX", "government", "law", True)
PRESS = Entity("press", "State Press", "state-media", "XX", "ministry", "party paper", True)
RADIO = Entity("radio", "Public Radio", "public-broadcaster", "XX", "trust", "charter", False)
REGISTRY = Registry({entity.id: entity for entity in (MILL, MINISTRY, PRESS, RADIO)})
FIRST, SECOND, THIRD = "The mill opened.", "It rolled 12 tons.", "It closed again."
ARTICLE = Article(
    "mill",
    "Mill news",
    " ".join((FIRST, SECOND, THIRD)),
    sentences=(SentenceSpan(0, 16), SentenceSpan(17, 35), SentenceSpan(36, 52)),
)


class Reading(HTMLParser):
    """The tags, attributes and words of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def citation(number: int = 1, **given: object) -> Citation:
    known: dict[str, object] = {
        "article_id": ARTICLE.id,
        "revision": ARTICLE.revision,
        "title": ARTICLE.title,
        "publisher": None,
        "published": None,
        "url": None,
        "start": 17,
        "end": 35,
        "quote": SECOND,
    }
    return Citation(number, **known | given)  # type: ignore[arg-type]


def answered(*citations: Citation, **given: object) -> Answer:
    known: dict[str, object] = {
        "question": "How much?",
        "standalone_question": "How much?",
        "status": "answered",
        "confidence": 0.9,
        "sentences": tuple(Sentence(c.quote, (c.number,), "verbatim", 0.9) for c in citations),
        "citations": citations,
        "reliance": Reliance(len(citations)),
    }
    return Answer(**known | given)  # type: ignore[arg-type]


def shown(answer: Answer, article: Article = ARTICLE) -> str:
    """The HTML of a conversation with `answer` alone, and of its sources."""
    exchange = Exchange(answer.question, answer=answer, articles=(article,) * len(answer.citations))
    conversation = Conversation((exchange,))
    return "".join(html for _, html in page.messages(conversation, REGISTRY)) + page.sources(conversation, REGISTRY)


def test_words_of_users_and_articles_make_no_html() -> None:
    cited = citation(title=HOSTILE, publisher=HOSTILE, published=HOSTILE, url=HOSTILE, quote=HOSTILE)
    cited = citation(**{**vars(cited), "number": 1, "claimant": Claimant("name:x", HOSTILE)})
    article = Article("mill", HOSTILE, HOSTILE * 3)
    html = shown(
        answered(
            cited,
            question=HOSTILE,
            standalone_question=HOSTILE + "!",
            disclaimers=(Disclaimer("article", HOSTILE, (1,)),),
        ),
        article,
    )
    html += shown(answered(status="abstained", explanation=HOSTILE))
    html += page.messages(Conversation((Exchange(HOSTILE, partial=HOSTILE),)), REGISTRY)[1][1]
    html += page.messages(Conversation((Exchange("x", error=HOSTILE),)), REGISTRY)[1][1]
    reading = Reading(html)
    assert "img" not in reading.tags
    assert {name for name, _ in reading.attributes} <= {
        "class",
        "id",
        "href",
        "title",
        "aria-label",
        "role",
        "tabindex",
    }
    assert reading.words.count("<img src=x onerror=alert(1)>") >= 10


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "http://[", "mailto:a@b"])
def test_only_web_addresses_become_links(url: str) -> None:
    reading = Reading(shown(answered(citation(url=url))))
    assert ("href", url) not in reading.attributes
    assert url in reading.words


def test_a_web_address_opens_elsewhere_without_telling_where_from() -> None:
    html = shown(answered(citation(url="https://mill.example/?a=1&b=2")))
    assert 'href="https://mill.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"' in html


def test_each_mark_leads_to_its_card_and_names_its_source() -> None:
    html = shown(answered(citation(1), citation(2, title="Other news")))
    for number, title in ((1, "Mill news"), (2, "Other news")):
        assert f'href="#source-1-{number}" aria-label="Source {number}: {title}"' in html
        assert f'id="source-1-{number}"' in html


def test_a_state_source_is_named_on_its_mark_and_its_card() -> None:
    html = shown(answered(citation(claimant=Claimant("mill", "Old Mill", "state-owned-enterprise", True))))
    assert 'aria-label="Source 1, state-sourced: Mill news"' in html
    assert 'title="Old Mill is a state-owned enterprise (owner: Ministry of Mills)."' in html
    assert ">State-owned enterprise: Old Mill<" in html


def test_a_publisher_that_is_state_media_is_named() -> None:
    assert ">State media: State Press<" in shown(answered(citation(publisher="State Press")))


def test_a_claimant_is_named_without_a_badge_where_no_state_tie_is_known() -> None:
    reviewed = shown(answered(citation(claimant=Claimant("radio", "Public Radio", "public-broadcaster", False))))
    unknown = shown(answered(citation(claimant=Claimant("name:Li Bo", "Li Bo"))))
    assert ">According to Public Radio<" in reviewed
    assert ">According to Li Bo, not in the registry of state sources<" in unknown
    assert 'badge"' not in reviewed + unknown


@pytest.mark.parametrize(
    ("cited", "state", "independent", "origins", "words"),
    [
        (3, 0, 1, 1, "No cited sentence rests on a known state source"),
        (3, 2, 1, 2, "2 of 3 cited sentences rest on a state source; 1 other origin"),
        (4, 1, 2, 3, "1 of 4 cited sentences rests on a state source; 2 other origins"),
        (3, 3, 0, 1, "All 3 cited sentences rest on one state source; no independent source"),
        (2, 2, 0, 2, "Both cited sentences rest on state sources; no independent source"),
        (1, 1, 0, 1, "The one cited sentence rests on one state source; no independent source"),
    ],
)
def test_reliance_is_put_in_words(cited: int, state: int, independent: int, origins: int, words: str) -> None:
    reliance = Reliance(cited, state, independent, origins)
    assert f">{words}<" in shown(answered(citation(), reliance=reliance))


@pytest.mark.parametrize(("confidence", "word"), [(0.99, "Strong"), (0.7, "Fair"), (0.51, "Weak")])
def test_confidence_is_put_in_words(confidence: float, word: str) -> None:
    assert f">{word} match in the articles<" in shown(answered(citation(), confidence=confidence))


def test_a_sentence_that_its_source_does_not_support_says_so() -> None:
    html = shown(answered(citation(), sentences=(Sentence("It rolled 90 tons.", (1,), "unsupported", 0.1),)))
    assert "(not supported by the cited words)" in html


def test_an_abstention_has_no_marks_and_no_cards() -> None:
    reading = Reading(shown(answered(status="abstained", explanation="The articles do not answer this.")))
    assert "a" not in reading.tags and "article" not in reading.tags
    assert "The articles do not answer this." in reading.words


def test_a_question_is_shown_as_understood_only_where_that_differs() -> None:
    assert "Understood as: How much steel?" in shown(answered(citation(), standalone_question="How much steel?"))
    assert "Understood as" not in shown(answered(citation()))


def test_a_quote_in_a_short_article_stands_in_all_of_it() -> None:
    assert page.in_context(ARTICLE, 17, 35) == (FIRST + " ", SECOND, " " + THIRD)


def test_a_context_is_cut_between_sentences() -> None:
    assert page.in_context(ARTICLE, 36, 52, around=20) == ("… " + SECOND + " ", THIRD, "")
    assert page.in_context(ARTICLE, 0, 16, around=20) == ("", FIRST, " " + SECOND + " …")


def test_a_context_without_a_whole_sentence_is_cut_between_words() -> None:
    assert page.in_context(ARTICLE, 17, 35, around=10) == ("… opened. ", SECOND, " It closed …")
    unbroken = Article("x", "x", "a" * 50 + "QUOTE" + "b" * 50)
    assert page.in_context(unbroken, 50, 55, around=10) == ("… ", "QUOTE", " …")


def test_the_marked_words_are_the_quote_of_the_cited_revision() -> None:
    html = page.sources(Conversation((Exchange("q", answer=answered(citation()), articles=(ARTICLE,)),)), REGISTRY)
    assert f"<mark>{SECOND}</mark>" in html


def test_only_the_sources_of_the_last_exchange_that_is_done_are_shown() -> None:
    done = Exchange("q", answer=answered(citation()), articles=(ARTICLE,))
    html = page.sources(Conversation((done, done, Exchange("being answered"))), REGISTRY)
    assert html.index('class="turn" id="sources-1"') < html.index('class="turn shown" id="sources-2"')
    assert "sources-3" not in html


class Answering:
    """Streams what it is given, and keeps the history it was given."""

    def __init__(self, *pieces: str | Answer | Exception) -> None:
        self.pieces = pieces
        self.history: list[Turn] = []

    def stream(self, question: str, history: Sequence[Turn]) -> Iterator[str | Answer]:
        self.history = list(history)
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


def article_of(article_id: str, revision: str) -> Article:
    assert (article_id, revision) == (ARTICLE.id, ARTICLE.revision)
    return ARTICLE


def converse(assistant: Answering, question: str, so_far: Conversation = Conversation()) -> list[Exchange]:  # noqa: B008
    return [c.exchanges[-1] for c in session.converse(assistant.stream, article_of, so_far, question)]


def test_an_answer_comes_in_pieces_and_then_whole() -> None:
    answer = answered(citation())
    waiting, first, second, done = converse(Answering("One. ", "Two. ", answer), "How much?")
    assert waiting == Exchange("How much?")
    assert (first.partial, second.partial) == ("One. ", "One. Two. ")
    assert (done.answer, done.articles) == (answer, (ARTICLE,))


def test_an_error_is_one_line_of_the_conversation(capsys: pytest.CaptureFixture[str]) -> None:
    expected = converse(Answering(QuestionError("Too\nlong.")), "x")[-1]
    unexpected = converse(Answering("half", KeyError("secret")), "x")[-1]
    assert expected == Exchange("x", error="Too long.")
    assert unexpected == Exchange("x", error=session.UNEXPECTED)
    assert capsys.readouterr().err == "Unexpected failure while answering: KeyError: 'secret'\n"


def test_a_blank_question_changes_nothing() -> None:
    assert converse(Answering(), " \n ") == []


def test_answers_and_abstentions_are_history_and_errors_are_not() -> None:
    abstained = answered(status="abstained", explanation="The articles do not answer this.")
    so_far = Conversation(
        (Exchange("a", answer=answered(citation())), Exchange("b", error="No."), Exchange("c", answer=abstained))
    )
    assistant = Answering(answered())
    converse(assistant, "d", so_far)
    assert [(turn.role, turn.content) for turn in assistant.history] == [
        ("user", "a"),
        ("assistant", f"{SECOND} [1]"),
        ("user", "c"),
        ("assistant", "The articles do not answer this."),
    ]


def test_examples_are_questions_that_are_answered_with_confidence() -> None:
    def ask(question: str) -> Answer:
        if question == "fails":
            raise QuestionError("No.")
        return answered(confidence=0.5 if question == "doubtful" else 0.9)

    found = session.example_questions(ask, ["fails", "doubtful", "sure"], ["Mill opens.", "Mill closes"], most=2)
    assert found == ["sure", "What does “Mill opens” say?"]


def test_the_header_counts_articles() -> None:
    assert "1 article<" in page.header(1)
    assert "1,234 articles<" in page.header(1234)


def test_a_long_question_is_shown_in_part() -> None:
    html = page.messages(Conversation((Exchange("plate " * 3000, error="Too long."),)), REGISTRY)[0][1]
    assert len(html) < 1000 and "…" in html
