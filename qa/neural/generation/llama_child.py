"""The child process that holds the GGUF model.

It reads one JSON request a line and writes one JSON reply a line; the first says
what every prompt begins with and where the state after it is kept:

    {"opening": [[role, content], …], "keep": "folder or empty"}
    -> {"ready": true}
    {"messages": [[role, content], …], "max_tokens": n, "seconds": s}
    {"cancel": true}
    -> {"text": "…"} …, then {"done": "stop" | "time" | "cancelled"}
    -> {"error": "…"}

A crash of the native library ends this process and not the user's.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from jinja2 import TemplateError

from qa.neural.generation import opening
from qa.neural.generation.chat_format import ChatTokens
from qa.neural.generation.threads import candidates, take_quickest, use
from qa.neural.processors import usable_cores

_CANARY = [["user", "Say hello."]]


def _has_amx() -> bool:
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as stream:  # noqa: PTH123
            return " amx_int8" in stream.read()
    except OSError:
        return False


def keep_weights_plain(library: Any) -> None:
    """Make models load without repacked weights, where those would crash.

    Subtle: where the processor has AMX, llama.cpp repacks 4-bit weights for it
    and then crashes in the first matrix product (seen with 0.3.36; upstream
    ggml-org/llama.cpp issue 20824). ``Llama`` does not pass the option on, so
    its defaults are changed, in this process only.
    """
    if not _has_amx():
        return
    defaults = library.llama_model_default_params

    def plain() -> Any:
        parameters = defaults()
        parameters.use_extra_bufts = False
        return parameters

    library.llama_model_default_params = plain


class Model:
    """A loaded GGUF.

    Args:
        threads: Of these numbers, the one it is fastest with is used in the end.
        adapter: A LoRA adapter of this model; empty for none.
    """

    def __init__(
        self, path: str, *, context: int, threads: Sequence[int], adapter: str = ""
    ) -> None:
        import llama_cpp

        self._files = [Path(file) for file in (path, adapter) if file]
        self._threads = threads
        keep_weights_plain(llama_cpp.llama_cpp)
        try:
            self._llama: Any = llama_cpp.Llama(
                path,
                n_ctx=context,
                n_threads=threads[0],
                n_threads_batch=threads[0],
                lora_path=adapter or None,
                verbose=False,
            )
        except ValueError as exc:
            # The library's own message names the file, and no reason.
            reason = "it is no whole GGUF file, or too large for the memory"
            raise ValueError(reason) from exc
        self._cancelled = threading.Event()
        self._deadline = float("inf")
        self._tokens = ChatTokens(self._llama)
        # The callbacks must stay referenced: the library keeps only their address.
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self._must_stop())
        self._never = llama_cpp.ggml_abort_callback(0)
        self._abort_within_tokens(on=True)

    def tokens(self, messages: list[list[str]]) -> list[int]:
        """Token ids of a prompt."""
        return self._tokens.of(messages)

    def opens_thinking(self, messages: list[list[str]]) -> bool:
        """Whether the chat template begins a block of thinking for the model."""
        return self._tokens.opens_thinking(messages)

    def open_with(self, messages: list[list[str]], keep: str) -> None:
        """Read what every prompt begins with; or fetch the state after it.

        A kept state is that of a file that has spoken; without one, it must now.
        """
        import llama_cpp

        ids = self._shared(messages) if messages else []
        native = self._llama.model
        if llama_cpp.llama_model_is_recurrent(native):
            ids = []  # the state of such a model cannot be cut back to a prefix
        if not ids:
            _try_out(self)
            return
        path = opening.path_of(
            Path(keep),
            self._files,
            ids,
            context=self._llama.n_ctx(),
            threads=self._threads,
        )
        number = opening.restore(self._llama, ids, path) if keep else None
        if number is None:
            _try_out(self)
            number = take_quickest(self._llama, self._threads, ids[0])
            opening.read(self._llama, ids, path if keep else None, threads=number)
        use(self._llama, number)

    def _shared(self, messages: list[list[str]]) -> list[int]:
        """The tokens that a prompt has in common with one that ends otherwise."""
        one, other = (self.tokens([*messages, ["user", end]]) for end in ("A b", "1?"))
        pairs = enumerate(zip(one, other, strict=False))
        length = next((n for n, (a, b) in pairs if a != b), 0)
        return one[:length] if length < self._llama.n_ctx() else []

    def cancel(self) -> None:
        """Stop the running request, from another thread."""
        self._cancelled.set()

    def begin(self) -> None:
        """Forget an earlier request's cancellation."""
        self._cancelled.clear()

    def _abort_within_tokens(self, *, on: bool) -> None:
        """Whether to ask within the computation, some five hundred times a token.

        That is needed while a prompt is read. Between tokens ``stream`` asks, and to
        ask within each makes a small model a tenth slower.
        """
        import llama_cpp

        callback = self._abort if on else self._never
        llama_cpp.llama_set_abort_callback(self._llama.ctx, callback, None)

    def _must_stop(self) -> bool:
        return self._cancelled.is_set() or time.monotonic() > self._deadline

    def stream(
        self,
        ids: list[int],
        *,
        max_tokens: int,
        seconds: float,
    ) -> Iterator[str]:
        """Text of at most ``max_tokens`` tokens."""
        self._deadline = time.monotonic() + seconds
        self._abort_within_tokens(on=True)
        try:
            for chunk in self._llama.create_completion(
                ids,
                max_tokens=max_tokens,
                temperature=0.0,
                stream=True,
            ):
                self._abort_within_tokens(on=False)
                choice = chunk["choices"][0]
                if choice["text"]:
                    yield choice["text"]
                if self._must_stop():
                    return
        except RuntimeError:
            # llama_decode reports an abort as a failure.
            if not self._must_stop():
                raise

    def end(self) -> str:
        """Why the last request ended."""
        if self._cancelled.is_set():
            return "cancelled"
        return "time" if time.monotonic() > self._deadline else "stop"


def _try_out(model: Model) -> None:
    """Damaged weights may load without a word, but do not speak."""
    ids = model.tokens(_CANARY)
    text = "".join(model.stream(ids, max_tokens=8, seconds=60))
    if not any(character.isalpha() for character in text):
        raise ValueError("it gives no text: its weights are damaged")


def serve(model: Model, requests: TextIO, replies: TextIO) -> None:
    """Answer requests one by one until the input ends."""
    queue: list[dict[str, Any]] = []
    ready = threading.Condition()

    def listen() -> None:
        for line in requests:
            request = json.loads(line)
            if "cancel" in request:
                model.cancel()
                continue
            with ready:
                model.begin()
                queue.append(request)
                ready.notify()
        os._exit(0)  # The parent is gone: stop at once, whatever is running.

    def reply(**values: object) -> None:
        replies.write(json.dumps(values) + "\n")
        replies.flush()

    threading.Thread(target=listen, daemon=True).start()
    reply(ready=True)
    while True:
        with ready:
            ready.wait_for(lambda: queue)
            request = queue.pop(0)
        try:
            messages = request.pop("messages")
            if model.opens_thinking(messages):
                reply(text="<think>")
            ids = model.tokens(messages)
            for text in model.stream(ids, **request):
                reply(text=text)
            reply(done=model.end())
        except (ValueError, RuntimeError, TemplateError) as exc:
            reply(error=str(exc))


def main() -> None:
    """Load the model named on the command line and serve it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--adapter", default="")
    arguments = parser.parse_args()
    # The library prints to descriptor 1; replies go to a copy of it.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        own = arguments.threads
        threads = (own,) if own else candidates(usable_cores())
        model = Model(
            arguments.model,
            context=arguments.context,
            threads=threads,
            adapter=arguments.adapter,
        )
        requests = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        first = json.loads(requests.readline() or "null")
        if first is None:
            return  # the parent is gone
        model.open_with(first["opening"], first["keep"])
    except (ValueError, RuntimeError, OSError, TemplateError) as exc:
        replies.write(json.dumps({"error": str(exc)}) + "\n")
        replies.flush()
        return
    serve(model, requests, replies)


if __name__ == "__main__":
    main()
