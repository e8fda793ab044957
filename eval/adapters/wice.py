"""WiCE: claims of Wikipedia and the sentences of the pages cited for them, with a label in three steps."""

from collections.abc import Iterable, Iterator
from typing import Literal

from eval.adapters.records import Record
from eval.adapters.values import Pair, Value

_LABELS: dict[str, Literal["supported", "partial", "unsupported"]] = {
    "supported": "supported",
    "partially_supported": "partial",
    "not_supported": "unsupported",
}


def read_wice(records: Iterable[Record]) -> Iterator[Value]:
    """Each sentence of the evidence a passage, blank ones too, so that a passage has its number in the set."""
    for record in records:
        label = record.get("label", str)
        if label not in _LABELS:
            raise record.error(f"the label is {label[:40]!r}, and should be {', '.join(_LABELS)}")
        pair_id = record.record("meta").id("id")
        yield Pair(pair_id, record.get("claim", str), record.texts("evidence"), _LABELS[label])
