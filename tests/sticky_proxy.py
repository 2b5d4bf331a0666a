"""A small proxy before several web servers: each browser stays at one, by a cookie.

What any proxy in that place has to do: keep a browser at its server, send it to
another when that one is gone, pass on the Host, say whom it asks for, and hold nothing
back.
"""

import http.client
import threading
from collections import Counter
from contextlib import closing, contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

COOKIE = "server"
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, addresses):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.backends = [urlsplit(address).netloc for address in addresses]
        self.served = Counter()
        self.lock = threading.Lock()

    def next_one(self):
        """The backend that has fewest browsers so far."""
        with self.lock:
            number = min(range(len(self.backends)), key=lambda n: self.served[n])
            self.served[number] += 1
        return number

    def handle_error(self, *_):
        """A browser that leaves is none."""


class _Handler(BaseHTTPRequestHandler):
    def __getattr__(self, name):
        """Every method is passed on."""
        if name.startswith("do_"):
            return self._pass_on
        raise AttributeError(name)

    def _pass_on(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        begun = int(cookie.value) if cookie else self.server.next_one()
        for turn in range(len(self.server.backends)):
            number = (begun + turn) % len(self.server.backends)
            moved = turn > 0 or cookie is None
            backend = http.client.HTTPConnection(self.server.backends[number])
            with closing(backend):
                try:
                    self._ask(backend, body)
                    response = backend.getresponse()
                except (OSError, http.client.HTTPException):
                    continue  # gone: the next one takes over
                with response:
                    self._answer(response, number if moved else None)
            return
        self.send_error(502)

    def _ask(self, backend, body):
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        before = self.headers.get("X-Forwarded-For")
        asking = self.client_address[0]
        headers["X-Forwarded-For"] = f"{before}, {asking}" if before else asking
        backend.request(self.command, self.path, body, headers)

    def _answer(self, response, moved_to):
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        if moved_to is not None:
            self.send_header("Set-Cookie", f"{COOKIE}={moved_to}; Path=/")
        self.send_header("Connection", "close")
        self.end_headers()
        while part := response.read1(65536):
            self.wfile.write(part)
            self.wfile.flush()

    def log_message(self, *_):
        """Nothing is logged."""


@contextmanager
def proxied(*addresses):
    """The address of a proxy before these, and how many browsers each was given."""
    server = _Server(addresses)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.served
    finally:
        server.shutdown()
        server.server_close()
