"""The adapters of language models against real HTTP servers on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from contracts.language_model import LanguageModelContract
from contracts.model_server import ModelServer, Response, running

from kb.backends import load
from kb.backends.managed_model import Limits, ManagedModel
from kb.backends.models import open_model
from kb.config import Keys, Settings
from kb.errors import ConfigError, MissingExtraError, ModelError, ModelUnavailableError
from kb.interfaces import LanguageModel

pytestmark = pytest.mark.slow

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}
KINDS = ("openai", "ollama", "anthropic")
KEYS = Keys("sk-secret", "ak-secret")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with running() as made:
        yield made


def settings(server: ModelServer, kind: str = "openai", **changes: Any) -> Settings:
    url = f"{server.url}/v1" if kind == "openai" else server.url
    return Settings(**{"llm": kind, "llm_model": "m", "llm_base_url": url, "llm_timeout": 5.0, **changes})


def opened(server: ModelServer, home: Path, kind: str = "openai", **changes: Any) -> LanguageModel:
    model = open_model(settings(server, kind, **changes), KEYS, home=home, trace=home / "trace.jsonl")
    assert isinstance(model, ManagedModel)
    model._sleep = lambda _: None
    return model


def trace(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "trace.jsonl").read_text("utf-8").splitlines()]


class TestOpenAI(LanguageModelContract):
    @pytest.fixture
    def model(self, server: ModelServer, tmp_path: Path) -> LanguageModel:
        return opened(server, tmp_path, "openai")


class TestOllama(LanguageModelContract):
    @pytest.fixture
    def model(self, server: ModelServer, tmp_path: Path) -> LanguageModel:
        return opened(server, tmp_path, "ollama")


class TestAnthropic(LanguageModelContract):
    @pytest.fixture
    def model(self, server: ModelServer, tmp_path: Path) -> LanguageModel:
        return opened(server, tmp_path, "anthropic")


@pytest.mark.parametrize("kind", KINDS)
def test_the_question_the_limit_and_the_tokens_arrive(server: ModelServer, tmp_path: Path, kind: str) -> None:
    model = opened(server, tmp_path, kind, llm_price_in=1.0, llm_price_out=10.0)
    assert model.complete("What?", system="Be brief.", max_tokens=77) == "An answer."
    sent = json.dumps(server.requests[0])
    assert "What?" in sent
    assert "Be brief." in sent
    assert "77" in sent
    used = model.usage
    assert (used.calls, used.tokens_in, used.tokens_out) == (1, 11, 3)
    assert used.cost == pytest.approx((11 + 30) / 1e6)


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_the_key_goes_to_the_server_and_nowhere_else(server: ModelServer, tmp_path: Path, kind: str) -> None:
    server.script = [Response(), Response(status=401, raw=b'{"error": {"message": "bad key sk-secret ak-secret"}}')]
    model = opened(server, tmp_path, kind)
    model.complete("one")
    assert "secret" in json.dumps(server.headers[0])
    with pytest.raises(ModelError) as caught:
        model.complete("two")
    assert "environment" in str(caught.value)
    assert "secret" not in str(caught.value).replace("sk-secret" if kind == "anthropic" else "ak-secret", "")
    assert "secret" not in repr(KEYS)
    files = [path.read_text("utf-8") for path in tmp_path.rglob("*.json")]
    assert files
    assert not any("secret" in text for text in files)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(server: ModelServer, tmp_path: Path, kind: str, status: int) -> None:
    server.script = [Response(status=status, raw=b'{"error": "busy"}'), Response(text="at last")]
    assert opened(server, tmp_path, kind).complete("x") == "at last"
    assert [line["error"] is None for line in trace(tmp_path)] == [False, True]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "broken",
    [
        Response(raw=b'{"choices": ['),
        Response(raw=b"<html>a proxy</html>", headers={"Content-Type": "text/html"}),
        Response(raw=b"{}"),
        Response(cut=True),
    ],
)
def test_a_broken_reply_is_asked_for_again(server: ModelServer, tmp_path: Path, kind: str, broken: Response) -> None:
    server.script = [broken, Response(text="whole")]
    assert opened(server, tmp_path, kind).complete("x") == "whole"


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_stays_broken_is_an_error_of_ours(server: ModelServer, tmp_path: Path, kind: str) -> None:
    server.script = [Response(status=500, raw=b"{}")]
    model = opened(server, tmp_path, kind, llm_retries=1)
    with pytest.raises(ModelUnavailableError):
        model.complete("x")
    assert len(server.requests) == 2
    with pytest.raises(ModelUnavailableError):  # and it is left alone for a while
        model.complete("y")
    assert len(server.requests) == 2
    assert model.usage.failed == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_not_asked_again(server: ModelServer, tmp_path: Path, kind: str) -> None:
    server.script = [Response(status=404, raw=b'{"error": "no such model"}')]
    with pytest.raises(ModelError, match="404") as caught:
        opened(server, tmp_path, kind).complete("x")
    assert not isinstance(caught.value, ModelUnavailableError)
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_answer_is_an_error(server: ModelServer, tmp_path: Path, kind: str) -> None:
    server.script = [Response(text=" ")]
    with pytest.raises(ModelError):
        opened(server, tmp_path, kind, llm_retries=0).complete("x")


@pytest.mark.parametrize("kind", KINDS)
def test_a_slow_server_runs_into_the_timeout(server: ModelServer, tmp_path: Path, kind: str) -> None:
    server.script = [Response(delay=30)]
    started = time.monotonic()
    with pytest.raises(ModelUnavailableError):
        opened(server, tmp_path, kind, llm_timeout=0.3, llm_retries=1).complete("x")
    assert time.monotonic() - started < 10
    assert len(server.requests) == 2


def test_the_server_dies_in_the_middle(server: ModelServer, tmp_path: Path) -> None:
    model = opened(server, tmp_path, llm_retries=1)
    assert model.complete("one")
    server.script = [Response(delay=30)]
    threading.Timer(0.2, server.kill).start()
    with pytest.raises(ModelUnavailableError):
        model.complete("two")
    assert model.complete("one") == "An answer."  # known answers stay


def test_a_server_that_says_how_long_to_wait_is_believed(server: ModelServer, tmp_path: Path) -> None:
    server.script = [Response(status=429, headers={"Retry-After": "7"}, raw=b"{}"), Response()]
    model = opened(server, tmp_path)
    waits: list[float] = []
    model._sleep = waits.append  # type: ignore[attr-defined]
    model.complete("x")
    assert waits == [7.0]


def refuses(*known: str, status: int) -> Callable[[dict[str, Any]], Response]:
    """A server that knows only these forms of answer."""

    def respond(body: dict[str, Any]) -> Response:
        form = body.get("response_format")
        if form is not None and form["type"] not in known:
            return Response(status=status, raw=b'{"error": {"message": "response_format is not one of ..."}}')
        return Response(text='{"a": 1}')

    return respond


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize(
    ("known", "asked"),
    [(("json_schema",), "json_schema"), (("json_object",), "json_object"), ((), None)],
)
def test_the_form_of_an_answer_is_asked_for_as_the_server_can(
    server: ModelServer, tmp_path: Path, known: tuple[str, ...], asked: str | None, status: int
) -> None:
    server.script = [refuses(*known, status=status)]
    model = opened(server, tmp_path, llm_retries=0)
    assert model.complete("x", schema=SCHEMA) == '{"a": 1}'
    assert (server.requests[-1].get("response_format") or {}).get("type") == asked
    before = len(server.requests)
    model.complete("y", schema=SCHEMA)
    assert len(server.requests) == before + 1  # what it refused is not tried again
    model.complete("z")
    assert "response_format" not in server.requests[-1]


def test_ollama_gets_the_schema(server: ModelServer, tmp_path: Path) -> None:
    opened(server, tmp_path, "ollama").complete("x", schema=SCHEMA)
    assert server.requests[0]["format"] == SCHEMA


def test_a_wrong_question_is_no_reason_to_drop_the_form(server: ModelServer, tmp_path: Path) -> None:
    server.script = [Response(status=400, raw=b'{"error": "too long"}')]
    model = opened(server, tmp_path)
    with pytest.raises(ModelError):
        model.complete("x", schema=SCHEMA)
    server.script = [Response(text="{}")]
    model.complete("x", schema=SCHEMA)
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


def test_known_answers_ask_no_server_and_load_no_library(server: ModelServer, tmp_path: Path) -> None:
    opened(server, tmp_path).complete("x", label="p@1")
    again = opened(server, tmp_path)
    assert again.complete("x") == "An answer."
    assert again._endpoint is None  # type: ignore[attr-defined]
    assert (again.usage.calls, again.usage.cached, again.usage.cost) == (0, 1, 0.0)
    lines = trace(tmp_path)
    assert [line["cached"] for line in lines] == [False, True]
    assert lines[0]["prompt_id"] == "p@1"
    assert {"time", "model", "prompt_hash", "prompt", "answer", "tokens_in", "tokens_out", "seconds", "error"} <= set(
        lines[0]
    )


@pytest.mark.parametrize(
    "change", [{"system": "s"}, {"max_tokens": 9}, {"schema": SCHEMA}, {"prompt": "other"}], ids=lambda c: next(iter(c))
)
def test_whatever_makes_an_answer_makes_another_key(
    server: ModelServer, tmp_path: Path, change: dict[str, Any]
) -> None:
    model = opened(server, tmp_path)
    model.complete("x")
    model.complete(**{"prompt": "x", **change})
    assert len(server.requests) == 2


def test_an_answer_of_the_wrong_form_is_not_kept(server: ModelServer, tmp_path: Path) -> None:
    server.script = [Response(text="no JSON"), Response(text='{"a": 1}')]
    model = opened(server, tmp_path)
    assert model.complete("x", schema=SCHEMA) == "no JSON"
    assert model.complete("x", schema=SCHEMA) == '{"a": 1}'


def test_no_cache_where_none_is_wanted(server: ModelServer, tmp_path: Path) -> None:
    model = opened(server, tmp_path, llm_cache=False)
    model.complete("x")
    model.complete("x")
    assert len(server.requests) == 2
    assert not (tmp_path / "cache").exists()


def test_a_damaged_file_of_the_cache_is_a_miss(server: ModelServer, tmp_path: Path) -> None:
    model = opened(server, tmp_path)
    model.complete("x")
    [file] = (tmp_path / "cache" / "llm").rglob("*.json")
    file.write_text('{"text": ', "utf-8")
    model.complete("x")
    assert len(server.requests) == 2


def test_no_more_calls_at_once_than_allowed(server: ModelServer, tmp_path: Path) -> None:
    server.script = [Response(delay=0.05)]
    model = opened(server, tmp_path, llm_concurrency=2)
    threads = [threading.Thread(target=model.complete, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.requests) == 8
    assert server.most_at_once <= 2


def test_none_is_no_model() -> None:
    assert open_model(Settings(), Keys(), home=Path()) is None


def test_a_model_must_be_named() -> None:
    with pytest.raises(ConfigError, match="no model is named"):
        open_model(Settings(llm="openai"), Keys(), home=Path())


def test_a_trace_that_cannot_be_written_is_said(server: ModelServer, tmp_path: Path) -> None:
    model = open_model(settings(server), Keys(), home=tmp_path, trace=tmp_path)
    assert model is not None
    with pytest.raises(ConfigError, match="trace"):
        model.complete("x")


def test_a_missing_extra_names_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith(("llama_index.llms", "kb.backends.ollama_model"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "llama_index.llms.ollama", None)
    with pytest.raises(MissingExtraError) as caught:
        load("model", "ollama")
    assert caught.value.remedy == "pip install 'evidence-kb[llm]'"


def test_waits_grow_and_have_an_end() -> None:
    waits: list[float] = []

    class Dead:
        def send(self, ask: object) -> Any:
            msg = "dead"
            raise ModelUnavailableError(msg, after=0.0)

    model = ManagedModel(Dead, name="m", limits=Limits(retries=9), sleep=waits.append)
    with pytest.raises(ModelUnavailableError):
        model.complete("x")
    assert len(waits) == 9
    assert waits[0] <= 0.5
    assert max(waits) <= 60.0
    assert waits[5] > waits[0]
