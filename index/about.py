"""What an index says of itself, and files that are replaced whole."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.errors import StoreError

_FORMAT = 2


@dataclass(frozen=True)
class About:
    """What an index says of itself, as index.json: the encoder it was made with and the folder of its store."""

    encoder: str
    identity: str
    store: str = "chroma"
    replaced: str | None = None
    """The folder of a store that was rebuilt, kept until the next writing because readers may have it open."""
    format: int = _FORMAT

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """What the index at `path` says, None when there is none. Raises StoreError when that cannot be read."""
        file = path / "index.json"
        try:
            about = cls(**json.loads(file.read_text())) if file.is_file() else None
        except (ValueError, TypeError):
            raise StoreError(
                f"{file} is damaged. Restore it, or index the articles again into another folder."
            ) from None
        if about is not None and about.format != _FORMAT:
            raise StoreError(
                f"The index at {path} is of another version of Assay. Index the articles into another folder."
            )
        return about

    def write(self, path: Path) -> None:
        """Puts this in place of what the index at `path` said, at once and whole."""
        replace_file(path / "index.json", json.dumps(vars(self)))


def check_writable(path: Path) -> None:
    """Raises StoreError when the index at `path` may only be read, which Chroma cannot do."""
    if not os.access(path, os.W_OK):
        raise StoreError(f"{path} may not be written, which its store needs even to be read. Use a copy of it.")


def replace_file(file: Path, content: str | bytes) -> None:
    """Writes `content` in place of what `file` held; whoever reads it sees the one or the other."""
    temporary = file.with_suffix(".new")
    temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    temporary.replace(file)
