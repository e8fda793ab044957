"""XQuAD: the same questions on the same paragraphs, translated by professionals; a file a language."""

import re
from collections.abc import Iterable, Iterator

from eval.adapters.records import Record
from eval.adapters.squad2 import read_document
from eval.adapters.values import Value

_NAME = re.compile(r"xquad\.(?P<language>[a-z]{2})\.json")


def read_xquad(records: Iterable[Record]) -> Iterator[Value]:
    """As SQuAD, every question answerable, the language among the tags."""
    for document in records:
        name = _NAME.fullmatch(document.file.name)
        if name is None:
            raise document.error("the file's name must tell the language, as xquad.zh.json does")
        yield from read_document(document, ("xquad", name["language"]), lambda question: True, name["language"])
