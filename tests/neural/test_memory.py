"""What is freed goes back to the system, and threads share their arenas."""

import platform
import subprocess
import sys

import pytest

# Threads that allocate at the same time, then the arenas that malloc tells of.
COUNT = """
import ctypes, sys, tempfile, threading
from qa.neural.memory import share_arenas
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

# Blocks too small for pages of their own; what lies between them stays.
KEPT = """
import sys
from pathlib import Path
from qa.neural.memory import give_back
blocks = [bytearray(100_000) for _ in range(2000)]
pins = blocks[::20]
del blocks
if sys.argv[1] == "give back":
    give_back()
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line for line in lines if line.startswith("VmRSS")).split()[1])
"""

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="glibc's malloc"
)


def run(script, how):
    command = [sys.executable, "-c", script, how]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_what_is_free_goes_back_to_the_system():
    assert run(KEPT, "keep") > 200_000 > 100_000 > run(KEPT, "give back")


def test_many_threads_share_two_arenas():
    assert run(COUNT, "share") <= 2 < run(COUNT, "each")
