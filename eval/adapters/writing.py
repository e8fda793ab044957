"""Values to lines of JSON, in files that appear when all of them are whole."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.adapters.values import Pair
from eval.samples import Sample
from index.article import Article

Written = Article | Sample | Pair

_FILES: Mapping[type[Written], str] = {Article: "articles.jsonl", Sample: "samples.jsonl", Pair: "pairs.jsonl"}
_ARTICLE_FIELDS = ("id", "title", "text", "publisher", "language")
_LINE_BREAKS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
"""Signs that JSON leaves as they are and that str.splitlines takes for the end of a line."""


def write(values: Iterable[Written], out: Path) -> Counter[type[Written]]:
    """How many values of each kind were written, each kind to its file in `out`; an error leaves there what was."""
    written: Counter[type[Written]] = Counter()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".importing-", dir=out) as temporary:
        with ExitStack() as stack:
            files = {
                kind: stack.enter_context(Path(temporary, name).open("w", encoding="utf-8", errors="backslashreplace"))
                for kind, name in _FILES.items()
            }
            for value in values:
                files[type(value)].write(_line(value))
                written[type(value)] += 1
        for kind in written:
            os.replace(Path(temporary, _FILES[kind]), out / _FILES[kind])
    return written


def _line(value: Written) -> str:
    """The JSON of `value`, without the fields that it does not have."""
    fields: dict[str, Any] = value.to_json() if isinstance(value, Sample) else asdict(value)
    names = _ARTICLE_FIELDS if isinstance(value, Article) else fields
    given = {name: fields[name] for name in names if fields[name] not in (None, ())}
    return json.dumps(given, ensure_ascii=False).translate(_LINE_BREAKS) + "\n"
