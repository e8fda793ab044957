"""Reading in a process of its own, so that a source that hangs, swells or crashes costs only itself.

Also, the next sources are read while the encoder is busy with the last.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from index.article import Article
from index.errors import SourceError
from index.formats.raw import Unreadable
from index.reading import Reading, read

SECONDS = 30
"""Time for one article, from when the one before it was read."""
MEMORY = 4_000_000_000
"""Bytes of address space that reading may take."""

Item = Article | Unreadable
_Message = tuple[int, Item | None]
"""The number of a source and what was found in it; None at its beginning."""


def read_isolated(
    sources: Sequence[str], how: Reading, seconds: float = SECONDS
) -> Generator[tuple[int, Item | None], None, None]:
    """(number of the source, article or Unreadable) of all `sources`, in order.

    Each source starts with (number, None). One that takes longer than `seconds` for an article, or that
    takes its process down, ends with an Unreadable, and the next goes on in a new process.
    """
    start = 0
    while start < len(sources):
        current = start
        with _Worker(sources[start:], how) as worker:
            began = False
            for number, item in worker.messages(seconds):
                began, current = True, start + number
                yield current, item
            reason = worker.failure
        if reason is None:
            return
        if not began:
            raise SourceError(f"The process that reads sources does not start: it {reason}.")
        yield current, Unreadable(sources[current], reason)
        start = current + 1


class _Worker:
    """The process that reads."""

    def __init__(self, sources: Sequence[str], how: Reading) -> None:
        self.failure: str | None = None
        command = [sys.executable, "-c", "from index.isolation import serve; serve()"]
        root = Path(__file__).parents[1]
        path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603  # this very Python
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
        )
        assert self._process.stdin and self._process.stdout  # they are pipes
        self._to = Connection(self._process.stdin.fileno(), readable=False)
        self._from = Connection(self._process.stdout.fileno(), writable=False)
        with suppress(BrokenPipeError):
            self._to.send((list(sources), how))

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for connection, stream in ((self._to, self._process.stdin), (self._from, self._process.stdout)):
            with suppress(OSError):
                connection.close()
            with suppress(OSError):
                stream and stream.close()

    def messages(self, seconds: float) -> Iterator[_Message]:
        """What the process says, until it ends; `failure` is then why it ended, None if it had finished."""
        try:
            while True:
                if not self._from.poll(seconds):
                    self.failure = f"took longer than {seconds:g} seconds to read"
                    return
                message = self._from.recv()
                if message is None:
                    return
                yield message
        except (EOFError, OSError):
            code = self._process.wait()
            self.failure = "needs too much memory to read" if code == _OUT_OF_MEMORY else "crashed its reader"


_OUT_OF_MEMORY = 71


def serve() -> None:
    """What the process does: reads the sources that it is sent and sends what it finds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked decides what an interruption means
    _limit_memory()
    requests = Connection(sys.stdin.fileno(), writable=False)
    answers = Connection(os.dup(sys.stdout.fileno()), readable=False)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not mix with the answers
    sources, how = requests.recv()
    with suppress(BrokenPipeError):
        for number, source in enumerate(sources):
            answers.send((number, None))
            for item in _readable(source, how):
                answers.send((number, item))
        answers.send(None)


def _readable(source: str, how: Reading) -> Iterator[Item]:
    try:
        yield from read(source, how)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except RecursionError:
        yield Unreadable(source, "is nested too deep to read")
    except Exception as error:  # of whatever library read it
        reason = " ".join(str(error).split())[:120]
        yield Unreadable(source, f"could not be read ({type(error).__name__}: {reason})")


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
