"""An OpenAI-compatible endpoint on loopback, for tests: what it replies is up to each test."""

import json
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], object]


class Endpoint:
    """Replies with `reply`; `asked` are the requests so far."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.asked: list[dict[str, Any]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append(request)
                with suppress(BrokenPipeError, ConnectionResetError):  # who asked has given up
                    endpoint.reply(self, request)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def begin(handler: BaseHTTPRequestHandler, status: int = 200, kind: str = "text/event-stream") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.end_headers()


def event(handler: BaseHTTPRequestHandler, text: str) -> None:
    """One piece of a streamed reply."""
    chunk = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}],
    }
    handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
    handler.wfile.flush()


def saying(*texts: str | Iterable[str]) -> Reply:
    """Says `texts` in turn, one for each request, the last again and again; a text in pieces streams them."""
    left = list(texts)

    def reply(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        text = left.pop(0) if len(left) > 1 else left[0]
        begin(handler)
        for piece in [text[i : i + 7] for i in range(0, len(text), 7)] if isinstance(text, str) else text:
            event(handler, piece)
        handler.wfile.write(b"data: [DONE]\n\n")

    return reply


def failing(status: int, body: bytes = b'{"error": {"message": "no"}}') -> Reply:
    """Refuses with an HTTP status."""

    def reply(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        begin(handler, status, "application/json")
        handler.wfile.write(body)

    return reply
