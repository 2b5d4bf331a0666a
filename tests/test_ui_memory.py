"""What threads allocate comes from few arenas."""

import platform
import subprocess
import sys

import pytest

# Threads that allocate at the same time, then the arenas that malloc tells of.
COUNT = """
import ctypes, sys, tempfile, threading
from qa.ui.memory import share_arenas
if sys.argv[1] == "share":
    assert share_arenas()
meet = threading.Barrier(12)
malloc = ctypes.CDLL(None).malloc
def take():
    meet.wait()
    for _ in range(20_000):
        malloc(200)
    meet.wait()
threads = [threading.Thread(target=take) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
path = tempfile.mktemp()
stream = ctypes.c_void_p(libc.fopen(path.encode(), b"w"))
libc.malloc_info(0, stream)
libc.fclose(stream)
print(open(path).read().count("<heap "))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's malloc")
def test_many_threads_share_two_arenas():
    def arenas(how):
        command = [sys.executable, "-c", COUNT, how]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert arenas("share") <= 2
    assert arenas("each") > 2
