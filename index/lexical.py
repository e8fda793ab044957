"""The lexical index (BM25): Tantivy, a cache derived from the store and rebuilt when missing or stale."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import tantivy

_TOKEN = r"\p{Han}|\d+(?:[.,]\d+)*|[\p{L}\p{M}\p{N}&&[^\p{Han}]]+"
"""A Chinese character, a number with its separators, or a run of other letters and digits."""
_WORD = re.compile(r"[\u3400-\u9fff]|\d+(?:[.,]\d+)*|[^\W\d_]+[^\W_]*")
_TITLE_WEIGHT = 0.5
_HEAP = 64_000_000

_STOP_WORDS = frozenset(
    """a about after all also an and any are as at be been before being between both but by can could did do does doing
    done during each else for from further had has have having he her here hers him his how i if in into is it its
    itself just me more most much many my no nor not of off on once one only or other our ours out over own per s
    same say says said she should so some such t tell than that the their theirs them then there these they this
    those through to too under until up upon us very was we were what when where whether which while who whom whose
    why will with would yet you isn aren wasn weren don doesn didn hasn haven hadn won wouldn couldn shouldn ll ve
    re d m your yours please give know describe explain according""".split()  # noqa: SIM905  # as text it can be read
)


class Analyzer:
    """Texts to stemmed, folded terms, the same for the index, for questions and for coverage."""

    def __init__(self) -> None:
        self.tantivy = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_TOKEN))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.ascii_fold())
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )
        self._stop_terms = frozenset(t for word in _STOP_WORDS for t in self.tantivy.analyze(word))
        self._terms_of_word = lru_cache(maxsize=50_000)(self.terms)

    def terms(self, text: str) -> list[str]:
        """The content terms of `text`, in order, stop words left out."""
        return [term for term in self.tantivy.analyze(text) if term not in self._stop_terms]

    def words(self, text: str) -> dict[str, str]:
        """The content terms of `text`, each with a word it stands for."""
        found: dict[str, str] = {}
        for word in _WORD.findall(text):
            for term in self._terms_of_word(word.lower()):
                found.setdefault(term, word.lower())
        return found


class LexicalIndex:
    """Passages searched by their words."""

    def __init__(self, folder: Path) -> None:
        self.analyzer = Analyzer()
        self._folder = folder
        self._index = self._open()

    @property
    def stamp(self) -> str | None:
        """The generation of the store that this cache was derived from."""
        file = self._folder / "generation"
        return file.read_text() if file.is_file() else None

    def write(
        self, passages: Iterable[tuple[str, str, str, str]], gone: Sequence[str], stamp: str, *, anew: bool = False
    ) -> None:
        """Adds (id, article id, title, text) and takes out the articles `gone`; `anew` starts from nothing.

        Only for who holds the index's lock for writing.
        """
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        if anew:
            writer.delete_all_documents()
        for article_id in gone:
            writer.delete_documents_by_term("article_id", article_id)
        for passage_id, article_id, title, text in passages:
            writer.add_document(tantivy.Document(id=passage_id, article_id=article_id, title=title, text=text))
        writer.commit()
        writer.wait_merging_threads()
        (self._folder / "generation").write_text(stamp)
        self.reload()

    def reload(self) -> None:
        """Sees what other processes have committed."""
        self._index.reload()

    def ids(self) -> set[str]:
        """The ids of all passages."""
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1))
        return {str(searcher.doc(address)["id"][0]) for _, address in found.hits}

    def search(self, terms: Sequence[str], limit: int) -> list[tuple[str, float]]:
        """(passage id, BM25 score) of the best `limit` passages that have any of `terms`."""
        should = [(tantivy.Occur.Should, self._term_query(term)) for term in dict.fromkeys(terms)]
        if not should:
            return []
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(should), limit)
        return [(str(searcher.doc(address)["id"][0]), float(score)) for score, address in found.hits]

    def idf(self, terms: Iterable[str]) -> Mapping[str, float]:
        """Inverse document frequency of each term over the passages (Robertson's, never negative)."""
        searcher = self._index.searcher()
        total = searcher.num_docs
        found = {term: searcher.doc_freq("text", term) for term in set(terms)}
        return {term: math.log1p((total - n + 0.5) / (n + 0.5)) for term, n in found.items()}

    @property
    def unseen_idf(self) -> float:
        """The idf of a term that no passage has, the highest there is."""
        return math.log1p(2 * self._index.searcher().num_docs + 1)

    def _term_query(self, term: str) -> tantivy.Query:
        schema = self._index.schema
        title = tantivy.Query.boost_query(tantivy.Query.term_query(schema, "title", term), _TITLE_WEIGHT)
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", term)),
                (tantivy.Occur.Should, title),
            ]
        )

    def _clear(self) -> None:
        for file in self._folder.iterdir():
            file.unlink()

    def _open(self) -> tantivy.Index:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not tantivy.Index.exists(str(self._folder)):
            self._clear()
        builder = tantivy.SchemaBuilder()
        for field in ("id", "article_id"):
            builder.add_text_field(field, stored=True, tokenizer_name="raw", index_option="basic")
        for field in ("title", "text"):
            builder.add_text_field(field, tokenizer_name="assay")
        schema = builder.build()
        try:
            index = tantivy.Index(schema, str(self._folder))
        except ValueError:  # of another version or damaged: it is only a cache
            self._clear()
            index = tantivy.Index(schema, str(self._folder))
        index.register_tokenizer("assay", self.analyzer.tantivy)
        return index
