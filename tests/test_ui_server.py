"""Serving: one clear line when it cannot start, and a clean end."""

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

_SERVE = """
import sys
from pathlib import Path
from qa.settings import Settings
from qa.ui import serve
settings = Settings(
    seeds=Path(sys.argv[1]), index=Path(sys.argv[2]), generator="none",
    port=int(sys.argv[3]),
)
serve(settings, ready=lambda address: print(address, flush=True))
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
def test_an_interrupt_ends_it_without_a_word(tmp_path):
    with bound() as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _SERVE, tmp_path / "s", tmp_path / "i", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        address = process.stdout.readline().strip()
        assert address == f"http://127.0.0.1:{port}"
        # The socket listens before the app is ready, so the first call may wait.
        assert httpx.get(address, timeout=120).status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors
