"""One writer at a time, across processes; a process that dies lets go of the lock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def locked(path: Path, on_wait: Callable[[], object] | None = None) -> Iterator[bool]:
    """Holds the lock of the index at `path`; true when it does.

    While another process holds it, this one waits, having called `on_wait`; with None it goes on without
    the lock at once, and gets False.
    """
    lock = FileLock(path / "write.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if on_wait is None:
            yield False
            return
        on_wait()
        lock.acquire()
    except OSError:  # a folder that may be read and not written
        if on_wait is None:
            yield False
            return
        raise
    try:
        yield True
    finally:
        lock.release()
