"""The same story from two outlets: near-duplicates by their word shingles."""

import re
import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

_SHINGLE = 5
"""Words of a shingle."""
_BITS = 512
"""Length of a sketch; its cosine estimates the Jaccard similarity with a standard error of 1 / sqrt(512), .044."""
_WORD = re.compile(r"[\u3400-\u9fff]|\w+")
LIKELY = 0.2
"""Estimated similarity from which two articles are compared shingle by shingle."""
SYNDICATED = 0.6
"""Share of the shorter one's shingles that the other must have too."""
_FEWEST = 20
"""Shingles that an article needs to be told from chance."""


def shingles(text: str) -> frozenset[str]:
    """Runs of five words of `text`, folded."""
    words = _WORD.findall(text.casefold())
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))


def sketch(text: str) -> NDArray[np.float32]:
    """One bit of each of 512 MinHashes of `text` as +1 or -1, shape (512,): b-bit MinHash (Li and König, 2010).

    The cosine of two sketches estimates the Jaccard similarity of the texts' shingles.
    """
    found = [zlib.crc32(shingle.encode()) for shingle in shingles(text)] or [zlib.crc32(text.encode())]
    hashes = np.array(found, np.uint64)
    factors, offsets = _permutations()
    lowest = np.full(_BITS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(hashes), 1024):
        part = hashes[start : start + 1024]
        mixed = (factors[:, None] * part + offsets[:, None]) >> np.uint64(32)  # multiply-shift hashing
        lowest = np.minimum(lowest, mixed.min(axis=1))
    return np.where(lowest & np.uint64(1), 1, -1).astype(np.float32)


def is_same_story(text: str, other: str) -> bool:
    """Whether one of two texts repeats most of the other."""
    ours, theirs = shingles(text), shingles(other)
    fewer = min(len(ours), len(theirs))
    return fewer >= _FEWEST and len(ours & theirs) >= SYNDICATED * fewer


@cache
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    random = np.random.default_rng(1)
    factors = random.integers(1, np.iinfo(np.int64).max, _BITS, np.uint64) * np.uint64(2) + np.uint64(1)
    return factors, random.integers(0, np.iinfo(np.int64).max, _BITS, np.uint64)
