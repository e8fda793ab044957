"""Claims about articles with how far these bear them out: what the checker learns from and is measured with."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from index.errors import SamplesError

HERE = Path(__file__).parent / "claims"
Label = Literal["supported", "partial", "contradicted", "unsupported"]


@dataclass(frozen=True)
class Claim:
    """A claim, the article and the sentences that it rests on or fails by, and the words that are `wrong`."""

    id: str
    text: str
    label: Label
    kind: str
    article: str
    evidence: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def read_claims(file: Path) -> list[Claim]:
    """The claims of a JSONL file. Raises SamplesError for a line that is none."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            claim = Claim(
                given["id"],
                given["claim"],
                given["label"],
                given["kind"],
                given["article"],
                tuple(given.get("evidence", ())),
                tuple(given.get("wrong", ())),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise SamplesError(f"{file}, line {number} is not a claim: {error}.") from None
        if claim.label not in get_args(Label):
            raise SamplesError(f"{file}, line {number}: the label {claim.label!r} is none of {get_args(Label)}.")
        found.append(claim)
    return found
