"""The OpenAI-compatible client, against a server made of one function."""

import json
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from qa.errors import GenerationError, ModelError
from qa.neural.generation import RemoteGenerator
from qa.schema import Message, Prompt

PROMPT = Prompt((Message("system", "Be brief."), Message("user", "Why?")))


def remote(handler, *, key="", seconds=5.0, base="http://models.test/v1/"):
    transport = httpx.MockTransport(handler)
    return RemoteGenerator(
        base, "big", max_tokens=7, seconds=seconds, key=key, transport=transport
    )


def event(text):
    return "data: " + json.dumps({"choices": [{"delta": {"content": text}}]}) + "\n\n"


def says(*lines):
    return lambda _: httpx.Response(200, text="".join(lines))


def draft(generator, cancel=None):
    return list(generator.stream(PROMPT, cancel or threading.Event()))


def test_the_request_carries_the_prompt_its_bounds_and_the_key():
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, text=event("Yes."))

    assert draft(remote(answer, key="secret")) == ["Yes."]
    (request,) = seen
    assert str(request.url) == "http://models.test/v1/chat/completions"
    assert request.headers["Authorization"] == "Bearer secret"
    assert json.loads(request.content) == {
        "model": "big",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Why?"},
        ],
        "max_tokens": 7,
        "temperature": 0,
        "seed": 0,
        "stream": True,
    }


def test_a_prompt_may_ask_for_less_and_for_other_words():
    seen = []

    def answer(request):
        seen.append(json.loads(request.content))
        return httpx.Response(200, text=event("Yes."))

    prompt = replace(PROMPT, temperature=0.7, seed=2, one_line=True, max_tokens=3)
    list(remote(answer).stream(prompt, threading.Event()))
    (request,) = seen
    asked = ("temperature", "seed", "max_tokens", "stop")
    assert [request[key] for key in asked] == [0.7, 2, 3, ["\n"]]


def test_without_a_key_none_is_sent():
    seen = []

    def answer(request):
        seen.append("Authorization" in request.headers)
        return httpx.Response(200, text="")

    draft(remote(answer))
    assert seen == [False]


def test_pieces_come_in_order_and_what_is_no_text_is_passed_over():
    lines = [
        ": a comment\n\n",
        "event: message\n",
        'data: {"choices": [{"delta": {"role": "assistant"}}]}\n\n',
        event("Be"),
        event(""),
        event("cause."),
        'data: {"choices": [{"delta": {"content": null}, "index": 0}]}\n\n',
        'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n',
        "data: [DONE]\n\n",
    ]
    assert draft(remote(says(*lines))) == ["Be", "cause."]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_refusal_is_a_model_error_with_the_settings_to_check(status):
    with pytest.raises(ModelError, match=rf"{status}.*openai_key"):
        draft(remote(lambda _: httpx.Response(status, text="no")))


@pytest.mark.parametrize(
    "line",
    [
        "data: {broken\n",
        "data: []\n",
        "data: null\n",
        'data: {"error": {"message": "overloaded"}}\n',
        'data: {"choices": {}, "x": 1, "choices": {"a": 1}}\n',
        'data: {"choices": [1]}\n',
        'data: {"choices": [{"delta": null}]}\n',
    ],
)
def test_a_reply_in_another_format_is_a_generation_error(line):
    with pytest.raises(GenerationError, match="OpenAI format"):
        draft(remote(says(event("Fine."), line)))


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (httpx.ConnectError("refused"), ModelError),
        (httpx.ConnectTimeout("slow"), GenerationError),
        (httpx.ReadTimeout("slow"), GenerationError),
        (httpx.ReadError("cut"), GenerationError),
        (httpx.RemoteProtocolError("odd"), GenerationError),
        (httpx.InvalidURL("odd"), GenerationError),
    ],
)
def test_every_foreign_error_is_translated_and_names_the_server(raised, expected):
    def fail(_):
        raise raised

    with pytest.raises(expected, match=r"models\.test") as caught:
        draft(remote(fail))
    assert caught.value.__cause__ is raised


def test_cancelling_ends_the_stream_without_an_error():
    cancel = threading.Event()
    generator = remote(says(*(event(f"{n} ") for n in range(50))))
    pieces = []
    for piece in generator.stream(PROMPT, cancel):
        pieces.append(piece)
        cancel.set()
    assert pieces == ["0 "]
    assert draft(generator)[:2] == ["0 ", "1 "]


def test_a_consumer_that_leaves_half_way_can_ask_again():
    generator = remote(says(event("One."), event("Two.")))
    stream = generator.stream(PROMPT, threading.Event())
    assert next(stream) == "One."
    stream.close()
    generator.close()
    assert draft(generator) == ["One.", "Two."]


def test_a_draft_is_bounded_in_time():
    generator = remote(says(event("Late.")), seconds=0.0)
    assert draft(generator) == []


class SlowServer:
    """Accepts one connection, may answer so far, then keeps still.

    Args:
        answer: What it sends before it does.
    """

    def __init__(self, answer=b""):
        self._answer = answer
        self.hung_up = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with self._socket, self._socket.accept()[0] as connection:
            connection.settimeout(20)
            connection.recv(65536)
            connection.sendall(self._answer)
            while connection.recv(65536):
                pass
            self.hung_up.set()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.mark.parametrize("answer", [b"", HEAD, HEAD + event("One.").encode()])
def test_cancelling_acts_at_once_on_a_server_that_keeps_still(answer):
    server = SlowServer(answer)
    generator = RemoteGenerator(server.base, "big", max_tokens=7, seconds=60.0)
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    pieces = draft(generator, cancel)
    assert time.monotonic() - started < 1.3
    assert pieces == (["One."] if b"One" in answer else [])
    assert server.hung_up.wait(2)


def test_a_server_that_keeps_still_is_left_when_the_time_is_up():
    server = SlowServer(HEAD)
    generator = RemoteGenerator(server.base, "big", max_tokens=7, seconds=0.4)
    started = time.monotonic()
    with suppress(GenerationError):
        draft(generator)
    assert time.monotonic() - started < 2
    assert server.hung_up.wait(2)
