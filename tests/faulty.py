"""A generation server that breaks off in every way there is, request by request."""

import json
import socket
import struct
import threading
from contextlib import suppress

PLAN = (
    "whole",
    "reset",
    "429",
    "429 soon",
    "502",
    "503",
    "504",
    "500",
    "no head",
    "no word",
    "middle",
    "middle of a line",
    "broken off",
    "no reason",
    "not closed",
    "silent",
    "silent before a word",
    "silent between words",
    "garbage",
)
WHOLE = {"whole", "not closed", "no reason"}
"""Faults of which the draft takes no harm."""
_LINGER_0 = struct.pack("ii", 1, 0)
_DONE = b"data: [DONE]\n\n"


def _event(text, reason=None):
    choice = {"delta": {"content": text} if text else {}, "finish_reason": reason}
    return f"data: {json.dumps({'choices': [choice]})}\n\n".encode()


def _status(code, *headers):
    lines = [f"HTTP/1.1 {code} X", "Content-Length: 0", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class FaultyServer:
    """Answers each connection by the next fault of its plan, again from the start.

    Args:
        draft: What it says where it comes so far, of at least two words.
        plan: The faults.
    """

    def __init__(self, draft, plan=PLAN):
        self._words = [f"{word} " for word in draft.split()]
        self._plan = plan
        self.asked = 0
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._over.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self):
        while not self._over.is_set():
            with suppress(OSError):
                connection, _ = self._socket.accept()
                fault = self._plan[self.asked % len(self._plan)]
                self.asked += 1
                args = (connection, fault)
                threading.Thread(target=self._serve, args=args, daemon=True).start()

    def _serve(self, connection, fault):
        with connection, suppress(OSError):
            _read_request(connection)
            for part in self._parts(fault):
                connection.sendall(part)
            if fault == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_0)
            elif fault.startswith("silent"):
                while connection.recv(65536):
                    pass

    def _parts(self, fault):
        """What is sent before the connection ends, or keeps still."""
        if fault[:3].isdecimal():
            after = ("Retry-After: 0",) if "soon" in fault else ()
            return [_status(int(fault[:3]), *after)]
        if fault in {"reset", "no head", "silent"}:
            return []
        chunked = "" if fault == "not closed" else "Transfer-Encoding: chunked\r\n"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{chunked}\r\n"
        return [head.encode(), *self._said(fault)]

    def _said(self, fault):
        words = [_event(word) for word in self._words]
        end = _event("", "stop")
        half = words[: len(words) // 2]
        bodies = {
            "whole": [*words, end, _DONE, b""],
            "no word": [],
            "middle": half,
            "middle of a line": [*half, words[-1][:20]],
            "broken off": [*half, _DONE, b""],
            "not closed": [*words, end],
            "no reason": [*words, _DONE, b""],
            "silent before a word": [_event("")],
            "silent between words": half,
            "garbage": [b"data: <html>\n\n", b""],
        }
        if fault == "not closed":
            return bodies[fault]
        return [
            f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in bodies[fault]
        ]


def _read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
