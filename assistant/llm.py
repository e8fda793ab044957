"""A language model behind an OpenAI-compatible endpoint: text as it streams, within a deadline, and never an exception
of another kind than ModelError.
"""

import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from index.errors import AssayError

MOST_CHARACTERS = 12_000
"""Characters of one reply; what goes on beyond is cut off."""
_REPEATS = 3
"""Times that the same stretch may follow itself before a reply counts as a loop."""
_STRETCH = 40
_POLL = 0.2


class ModelError(AssayError):
    """A model gave no usable reply; the message completes "The language model …"."""


class LanguageModel:
    """A chat model at `base_url`. `timeout` is in seconds, for everything that one answer takes."""

    def __init__(self, base_url: str, name: str, api_key: str = "", timeout: float = 60.0) -> None:
        self.name = name
        self.timeout = timeout
        self._base_url = base_url
        self._api_key = api_key

    def reply(self, messages: Sequence[Mapping[str, str]], deadline: float, most_tokens: int = 600) -> Iterator[str]:
        """The reply in pieces as they come, until `deadline` (of `time.monotonic`).

        Raises ModelError when it cannot be reached, refuses, is too slow, loops or says nothing.
        """
        pieces: queue.Queue[str | ModelError | None] = queue.Queue()
        stopped = threading.Event()
        clients: list[Any] = []
        worker = threading.Thread(
            target=self._stream, args=(messages, deadline, most_tokens, pieces, stopped, clients), daemon=True
        )
        worker.start()
        said = ""
        try:
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise ModelError(f"did not finish within {self.timeout:.0f} seconds")
                try:
                    piece = pieces.get(timeout=min(left, _POLL))
                except queue.Empty:
                    continue
                if isinstance(piece, ModelError):
                    raise piece
                if piece is None:
                    break
                said += piece
                if len(said) > MOST_CHARACTERS:
                    raise ModelError("went on and on")
                if _loops(said):
                    raise ModelError("began to repeat itself")
                yield piece
        finally:
            stopped.set()
            for client in clients:  # ends a reading that would wait for more
                with suppress(Exception):
                    client.close()
        if not said.strip():
            raise ModelError("replied with nothing")

    def _stream(
        self,
        messages: Sequence[Mapping[str, str]],
        deadline: float,
        most_tokens: int,
        pieces: "queue.Queue[str | ModelError | None]",
        stopped: threading.Event,
        clients: list[Any],
    ) -> None:
        import openai  # deferred: only who has set a model needs it

        left = max(0.1, deadline - time.monotonic())
        try:
            with openai.OpenAI(
                base_url=self._base_url,
                api_key=self._api_key or "none",
                timeout=openai.Timeout(left, connect=min(left, 10.0)),
                max_retries=0,
            ) as client:
                clients.append(client)
                request: Any = client.chat.completions
                with request.create(
                    model=self.name, messages=list(messages), stream=True, temperature=0, max_tokens=most_tokens
                ) as stream:
                    for event in stream:
                        if stopped.is_set() or time.monotonic() > deadline:
                            return
                        for choice in getattr(event, "choices", None) or ():
                            text = getattr(getattr(choice, "delta", None), "content", None)
                            if isinstance(text, str) and text:
                                pieces.put(text)
            pieces.put(None)
        except openai.RateLimitError:
            pieces.put(ModelError("is asked too often just now (HTTP 429)"))
        except openai.AuthenticationError:
            pieces.put(ModelError("did not accept ASSAY_LLM_API_KEY (HTTP 401)"))
        except openai.NotFoundError:
            pieces.put(ModelError("is not known at ASSAY_LLM_BASE_URL (HTTP 404)"))
        except openai.APIStatusError as error:
            pieces.put(ModelError(f"refused the request (HTTP {error.status_code})"))
        except openai.APITimeoutError:
            pieces.put(ModelError(f"did not finish within {self.timeout:.0f} seconds"))
        except openai.APIConnectionError:
            pieces.put(ModelError("cannot be reached"))
        except Exception:  # a broken stream or a reply that is no JSON ends in many kinds
            pieces.put(ModelError("sent what is no reply"))


def load_model(base_url: str | None, name: str | None, api_key: str, timeout: float) -> LanguageModel | None:
    """The model that is set, or none."""
    return LanguageModel(base_url, name, api_key, timeout) if base_url and name else None


def _loops(said: str) -> bool:
    """Whether a text ends with one stretch again and again."""
    tail = said[-_STRETCH:]
    if len(tail) < _STRETCH:
        return False
    before = said.rfind(tail, 0, len(said) - 1)
    period = len(said) - _STRETCH - before
    return before > 0 and said.endswith(said[-period:] * (_REPEATS + 1))
