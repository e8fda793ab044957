"""Chroma as this project uses it: four collections, read and written in batches. Its own types stay in here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from index.encoder import Vectors
from index.errors import StoreError

Metadata = Mapping[str, Any]
_BATCH = 1000
_NO_VECTOR = [0.0]
"""Chroma wants a vector for everything; records have none that means anything."""


@dataclass(frozen=True)
class Row:
    """What is stored under an id. `document` and `vector` are filled in where they were asked for."""

    id: str
    metadata: Metadata
    document: str = ""
    vector: Any = None


@dataclass(frozen=True)
class Collection:
    """Rows by id, found by vector."""

    chroma: Any

    def __len__(self) -> int:
        return int(self.chroma.count())

    def rows(self, ids: Sequence[str] | None = None, *, documents: bool = False, vectors: bool = False) -> list[Row]:
        """The rows of `ids` that are there, or all rows."""
        include = ["metadatas"] + ["documents"] * documents + ["embeddings"] * vectors
        parts = [None] if ids is None else _batches(list(dict.fromkeys(ids)))
        found: list[Row] = []
        for part in parts:
            got = self.chroma.get(ids=part, include=include)
            texts = got["documents"] if documents else [""] * len(got["ids"])
            rows_vectors = got["embeddings"] if vectors else [None] * len(got["ids"])
            found += map(Row, got["ids"], got["metadatas"], texts, rows_vectors)
        return found

    def ids(self, wanted: Sequence[str] | None = None) -> set[str]:
        """Which of the ids `wanted` are there, or all ids."""
        parts = [None] if wanted is None else _batches(list(dict.fromkeys(wanted)))
        return {row_id for part in parts for row_id in self.chroma.get(ids=part, include=[])["ids"]}

    def having(self, **values: str) -> list[Row]:
        """The rows whose metadata has these values."""
        [(name, value)] = values.items()
        got = self.chroma.get(where={name: value}, include=["metadatas"])
        return list(map(Row, got["ids"], got["metadatas"]))

    def put(self, rows: Sequence[Row]) -> None:
        """Stores `rows`, in place of what stands under their ids."""
        for part in _batches(rows):
            self.chroma.upsert(
                ids=[row.id for row in part],
                embeddings=[_NO_VECTOR if row.vector is None else row.vector for row in part],
                metadatas=[dict(row.metadata) for row in part],
                documents=[row.document for row in part] if any(row.document for row in part) else None,
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Takes out the rows of `ids`."""
        for part in _batches(ids):
            self.chroma.delete(ids=part)

    def delete_article(self, article_id: str) -> None:
        """Takes out the rows of an article."""
        self.chroma.delete(where={"article_id": article_id})

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[Row, float]]:
        """The `limit` rows nearest to `vector`, shape (dimension,), each with its cosine, best first."""
        return self.nearest_to_each(vector[None], limit)[0]

    def nearest_to_each(self, vectors: Vectors, limit: int) -> list[list[tuple[Row, float]]]:
        """The same for each of `vectors`, shape (n, dimension)."""
        got = self.chroma.query(query_embeddings=list(vectors), n_results=limit, include=["metadatas", "distances"])
        return [
            [
                (Row(row_id, metadata), 1.0 - float(distance))
                for row_id, metadata, distance in zip(*found, strict=True)
                if metadata is not None  # it was deleted by another process; only its vector is still known here
            ]
            for found in zip(got["ids"], got["metadatas"], got["distances"], strict=True)
        ]


@dataclass(frozen=True)
class Collections:
    """What an index keeps in Chroma."""

    passages: Collection
    sentences: Collection
    records: Collection
    superseded: Collection

    @classmethod
    def connect(cls, folder: Path) -> Self:
        """The collections in `folder`, made where they are not there. Raises StoreError when it cannot be opened."""
        import chromadb  # deferred: it takes most of a second
        from chromadb.config import Settings

        try:
            client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
            names = ("passages", "sentences", "articles", "superseded")
            return cls(*(Collection(_collection(client, name)) for name in names))
        except Exception as error:  # whatever Chroma or the file system finds wrong
            reason = " ".join(str(error).split())[:200]
            if "disk is full" in reason:
                raise StoreError(f"The disk that holds {folder} is full. Make room, then do the same again.") from None
            raise StoreError(f"The store in {folder} cannot be opened ({reason}). Restore it from a copy.") from None

    @classmethod
    def reconnect(cls, folder: Path) -> Self:
        """The same anew: a client that has searched does not see vectors that other processes add or delete."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
        return cls.connect(folder)


def exists(folder: Path) -> bool:
    """Whether there is a store in `folder`."""
    return (folder / "chroma.sqlite3").is_file()


def _collection(client: Any, name: str) -> Any:  # noqa: ANN401  # chromadb's own types do not pass mypy strict
    return client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}})


def _batches(items: Sequence[Any]) -> Iterator[list[Any]]:
    return (list(items[start : start + _BATCH]) for start in range(0, len(items), _BATCH))
