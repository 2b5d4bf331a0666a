"""The OpenAI-compatible client, against a server made of one function."""

import json
import socket
import threading
import time

import httpx
import pytest

from qa.errors import GenerationError, ModelError
from qa.neural.generation import Patience, RemoteGenerator
from qa.schema import Message, Prompt

PROMPT = Prompt((Message("system", "Be brief."), Message("user", "Why?")))


def remote(handler, *, key="", seconds=5.0, base="http://models.test/v1/"):
    transport = httpx.MockTransport(handler)
    return RemoteGenerator(
        base,
        "big",
        max_tokens=7,
        patience=Patience(draft=seconds, pause=0.05),
        key=key,
        transport=transport,
    )


def event(text):
    return "data: " + json.dumps({"choices": [{"delta": {"content": text}}]}) + "\n\n"


END = 'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'


def says(*lines):
    return lambda _: httpx.Response(200, text="".join(lines))


def draft(generator, cancel=None):
    return list(generator.stream(PROMPT, cancel or threading.Event()))


def test_the_request_carries_the_prompt_its_bounds_and_the_key():
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, text=event("Yes.") + END)

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


def test_without_a_key_none_is_sent():
    seen = []

    def answer(request):
        seen.append("Authorization" in request.headers)
        return httpx.Response(200, text=END)

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
        END,
        "data: [DONE]\n\n",
    ]
    assert draft(remote(says(*lines))) == ["Be", "cause."]


@pytest.mark.parametrize("status", [400, 401, 404])
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
    "raised",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("cut"),
        httpx.RemoteProtocolError("odd"),
        httpx.InvalidURL("odd"),
    ],
)
def test_every_foreign_error_is_translated_and_names_the_server(raised):
    def fail(_):
        raise raised

    with pytest.raises(GenerationError, match=r"models\.test") as caught:
        draft(remote(fail))
    assert caught.value.__cause__ is raised


def test_cancelling_ends_the_stream_without_an_error():
    cancel = threading.Event()
    generator = remote(says(*(event(f"{n} ") for n in range(50)), END))
    pieces = []
    for piece in generator.stream(PROMPT, cancel):
        pieces.append(piece)
        cancel.set()
    assert pieces == ["0 "]
    assert draft(generator)[:2] == ["0 ", "1 "]


def test_a_consumer_that_leaves_half_way_can_ask_again():
    generator = remote(says(event("One."), event("Two."), END))
    stream = generator.stream(PROMPT, threading.Event())
    assert next(stream) == "One."
    stream.close()
    generator.close()
    assert draft(generator) == ["One.", "Two."]


def test_a_draft_is_bounded_in_time():
    generator = remote(says(event("Late."), END), seconds=0.0)
    with pytest.raises(GenerationError, match="answer_seconds"):
        draft(generator)


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


def remote_at(base, **patience):
    return RemoteGenerator(base, "big", max_tokens=7, patience=Patience(**patience))


ROLE = b'data: {"choices": [{"delta": {"role": "assistant", "content": ""}}]}\n\n'
THOUGHT = b'data: {"choices": [{"delta": {"reasoning_content": "Hm"}}]}\n\n'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.mark.parametrize("answer", [b"", HEAD, HEAD + event("One.").encode()])
def test_cancelling_acts_at_once_on_a_server_that_keeps_still(answer):
    server = SlowServer(answer)
    generator = remote_at(server.base)
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    pieces = draft(generator, cancel)
    assert time.monotonic() - started < 1.3
    assert pieces == (["One."] if b"One" in answer else [])
    assert server.hung_up.wait(2)


def test_a_server_that_keeps_still_is_left_when_the_time_is_up():
    server = SlowServer(HEAD)
    generator = remote_at(server.base, draft=0.4)
    started = time.monotonic()
    with pytest.raises(GenerationError, match="answer_seconds"):
        draft(generator)
    assert time.monotonic() - started < 2
    assert server.hung_up.wait(2)


@pytest.mark.parametrize(
    ("answer", "bound", "setting"),
    [
        (b"", {"first": 0.3}, "first_token_seconds"),
        (HEAD, {"first": 0.3}, "first_token_seconds"),
        (HEAD + ROLE, {"first": 0.3, "between": 9}, "first_token_seconds"),
        (HEAD + ROLE, {"first": 0.3, "between": 0.1}, "first_token_seconds"),
        (HEAD + event("One.").encode(), {"between": 0.3}, "next_token_seconds"),
        (HEAD + THOUGHT, {"first": 9, "between": 0.3}, "next_token_seconds"),
    ],
)
def test_each_silence_has_a_bound_of_its_own(answer, bound, setting):
    server = SlowServer(answer)
    started = time.monotonic()
    with pytest.raises(GenerationError, match=setting):
        draft(remote_at(server.base, **bound))
    assert 0.3 <= time.monotonic() - started < 1.5
    assert server.hung_up.wait(2)


def test_whoever_reads_slowly_is_not_taken_for_a_silent_server():
    transport = httpx.MockTransport(says(*map(event, "abc"), END))
    generator = RemoteGenerator(
        "http://models.test/v1",
        "big",
        max_tokens=7,
        patience=Patience(between=0.1),
        transport=transport,
    )
    pieces = []
    for piece in generator.stream(PROMPT, threading.Event()):
        time.sleep(0.3)
        pieces.append(piece)
    assert pieces == ["a", "b", "c"]


class Failing:
    """Fails as it was told to, request by request, then answers."""

    def __init__(self, *failures):
        self._failures = list(failures)
        self.asked = []

    def __call__(self, request):
        self.asked.append(time.monotonic())
        if not self._failures:
            return says(event("Yes."), END)(request)
        failure = self._failures.pop(0)
        if isinstance(failure, Exception):
            raise failure
        return failure


def busy(status, after=None):
    return httpx.Response(status, headers={"Retry-After": after} if after else {})


REFUSED = httpx.ConnectError("refused")


@pytest.mark.parametrize(
    "failure", [REFUSED, busy(429), busy(502), busy(503), busy(504)]
)
def test_what_a_server_could_not_take_is_sent_once_more(failure):
    server = Failing(failure)
    assert draft(remote(server)) == ["Yes."]
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "failures",
    [(REFUSED, REFUSED), (busy(503), busy(503)), (busy(429), REFUSED)],
)
def test_it_is_not_sent_a_third_time(failures):
    server = Failing(*failures)
    with pytest.raises(GenerationError, match=r"models\.test"):
        draft(remote(server))
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectTimeout("slow"),
        httpx.ReadError("cut"),
        httpx.Response(500),
        says(event("Half a"))(None),
    ],
)
def test_other_failures_are_not_sent_again(failure):
    server = Failing(failure)
    with pytest.raises(GenerationError):
        draft(remote(server))
    assert len(server.asked) == 1


def test_a_server_is_asked_again_when_it_says():
    server = Failing(busy(429, "1"))
    draft(remote(server))
    assert 1 <= server.asked[1] - server.asked[0] < 2


def test_a_date_to_ask_again_is_heeded_and_one_gone_by_means_now():
    server = Failing(busy(503, "Fri, 31 Dec 1999 23:59:59 GMT"))
    draft(remote(server))
    assert server.asked[1] - server.asked[0] < 0.5


@pytest.mark.parametrize("after", ["6", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_there_is_no_waiting_beyond_the_time_of_the_draft(after):
    server = Failing(busy(429, after))
    started = time.monotonic()
    with pytest.raises(GenerationError, match="busy"):
        draft(remote(server, seconds=5.0))
    assert time.monotonic() - started < 0.5
    assert len(server.asked) == 1


def test_a_cancel_ends_the_pause_before_asking_again():
    server, cancel = Failing(busy(429, "4")), threading.Event()
    threading.Timer(0.2, cancel.set).start()
    started = time.monotonic()
    assert draft(remote(server), cancel) == []
    assert time.monotonic() - started < 1
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "rest",
    [
        [],
        ["data: [DONE]\n\n"],  # as llama-cpp-python's server says when it breaks off
        ['data: {"choices": [{"delta": {}, "finish_reason": null}]}\n\n'],
    ],
)
def test_a_reply_that_does_not_say_why_it_ends_is_lost(rest):
    pieces = remote(says(event("Half"), *rest)).stream(PROMPT, threading.Event())
    assert next(pieces) == "Half"
    with pytest.raises(GenerationError, match="broke off"):
        next(pieces)


def test_once_the_model_has_done_nothing_more_is_waited_for():
    server = SlowServer(HEAD + (event("All.") + END).encode())
    started = time.monotonic()
    assert draft(remote_at(server.base)) == ["All."]
    assert time.monotonic() - started < 1
    assert server.hung_up.wait(2)
