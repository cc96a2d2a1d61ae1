"""A language model's server on this machine: real HTTP, answers from a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Response:
    """What the server sends: ``text`` as an answer of its kind, or ``raw`` as it is; ``delay`` seconds late."""

    text: str = "An answer."
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    delay: float = 0.0
    cut: bool = False


Step = Response | Callable[[dict[str, Any]], Response]


class ModelServer:
    """Speaks OpenAI's, Ollama's and Anthropic's way; the last step of its script is repeated."""

    def __init__(self) -> None:
        self.script: list[Step] = [Response()]
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self._busy = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def kill(self) -> None:
        """Stop listening; whoever waits for an answer gets none."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def _step(self, body: dict[str, Any], headers: dict[str, str]) -> Response:
        with self._lock:
            self.requests.append(body)
            self.headers.append(headers)
            self._busy += 1
            self.most_at_once = max(self.most_at_once, self._busy)
            step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        response = step(body) if callable(step) else step
        self._stopping.wait(response.delay)
        with self._lock:
            self._busy -= 1
        return response

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                response = server._step(body, dict(self.headers))
                if response.cut or server._stopping.is_set():
                    self.close_connection = True
                    return
                raw = response.raw if response.raw is not None else _body(self.path, response.text)
                self.send_response(response.status)
                for name, value in {"Content-Type": "application/json", **response.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler


def _body(path: str, text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    if path.endswith("/chat/completions"):
        usage = {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        made: dict[str, Any] = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
    elif path.endswith("/api/chat"):
        made = {
            "model": "m",
            "created_at": "2024-01-01T00:00:00Z",
            "message": message,
            "done": True,
            "prompt_eval_count": 11,
            "eval_count": 3,
        }
    else:
        usage = {"input_tokens": 11, "output_tokens": 3}
        content = [{"type": "text", "text": text}]
        made = {
            "id": "1",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "content": content,
            "stop_reason": "end_turn",
            "usage": usage,
        }
    return json.dumps(made).encode()


@contextmanager
def running() -> Iterator[ModelServer]:
    server = ModelServer()
    try:
        yield server
    finally:
        if not server._stopping.is_set():
            server.kill()
