"""How far long work has come, on a terminal as a bar, elsewhere as a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.cli import say

_EVERY = 10
"""Seconds between two lines where there is no terminal."""


@dataclass(frozen=True)
class Progress:
    """Sources or articles done of all, passages encoded, and what is at hand."""

    done: int
    total: int
    passages: int
    name: str


@contextmanager
def shown(what: str) -> Iterator[Callable[[Progress], None]]:
    """What to call with each Progress while the `with` lasts; it is drawn on standard error."""
    if not sys.stderr.isatty():
        yield _lines(what)
        return
    from rich.console import Console  # deferred: drawn only on a terminal
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    rate = _Rate()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")

        def draw(p: Progress) -> None:
            name = escape(p.name if len(p.name) <= 40 else f"…{p.name[-39:]}")
            bar.update(task, completed=p.done, total=p.total, description=f"{what} {name}", rate=rate.of(p.passages))

        yield draw


class _Rate:
    """Passages a second since the beginning."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def of(self, passages: int) -> str:
        """The rate in words, nothing where nothing was encoded yet."""
        seconds = time.monotonic() - self.started
        return f"{passages / seconds:.0f} passages/s" if passages and seconds > 0.5 else ""


def _lines(what: str) -> Callable[[Progress], None]:
    rate, started = _Rate(), time.monotonic()
    told = started

    def tell(p: Progress) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told < _EVERY or not p.done:
            return
        told = now
        left = (now - started) / p.done * (p.total - p.done)
        parts = (f"{p.done:,} of {p.total:,}", rate.of(p.passages), f"{left:,.0f} s left")
        say(f"{what}: {', '.join(part for part in parts if part)}")

    return tell
