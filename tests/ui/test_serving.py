"""Serving: one clear line when it cannot start, and a clean end."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing

import httpx
import pytest

from qa.errors import SettingsError
from qa.settings import Settings
from qa.ui import serve
from qa.ui.server.serving import _reached_by_others

_SERVE = """
import sys
from pathlib import Path
from qa.settings import Settings
from qa.ui import serve
from qa.ui.server.serving import _reached_by_others
settings = Settings(
    seeds=Path(sys.argv[1]), index=Path(sys.argv[2]), generator="none",
    port=int(sys.argv[3]), host=sys.argv[4], auth=sys.argv[5],
)
serve(
    settings,
    ready=lambda address: print(address, flush=True),
    warn=lambda text: print(text, file=sys.stderr, flush=True),
)
"""


def bound():
    return closing(socket.create_server(("127.0.0.1", 0)))


def test_a_taken_port_is_one_line_with_the_next_step(tmp_path):
    with bound() as taken:
        port = taken.getsockname()[1]
        settings = Settings(seeds=tmp_path, index=tmp_path, port=port)
        with pytest.raises(SettingsError, match=f"port {port} .*taken.*QA_PORT"):
            serve(settings)


def test_a_host_that_is_not_ours_is_one_line_that_names_the_setting(tmp_path):
    settings = Settings(seeds=tmp_path, index=tmp_path, host="192.0.2.1")
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1.*`host`"):
        serve(settings)


@pytest.mark.real
@pytest.mark.parametrize(
    ("host", "auth", "warned"),
    [
        ("127.0.0.1", "", False),
        ("0.0.0.0", "", True),
        ("0.0.0.0", "ann:secret", False),
    ],
)
def test_an_interrupt_ends_it_and_only_an_open_page_is_warned_of(
    tmp_path, host, auth, warned
):
    with bound() as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _SERVE, tmp_path / "s", tmp_path / "i", str(port)]
    environment = {**os.environ, "QA_HOME": str(tmp_path)}
    with subprocess.Popen(
        [*command, host, auth],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        address = process.stdout.readline().strip()
        assert address == f"http://127.0.0.1:{port}"
        # The socket listens before the app is ready, so the first call may wait.
        status = httpx.get(address, timeout=120).status_code
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert status == (401 if auth else 200)
    assert ("QA_AUTH" in errors) is warned
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ({}, ""),
        ({"host": "0.0.0.0"}, "0.0.0.0"),
        ({"public_host": "articles.example.org"}, "articles.example.org"),
    ],
)
def test_a_page_is_open_to_others_by_its_host_or_through_a_proxy(given, reached):
    assert _reached_by_others(Settings(**given)) == reached
