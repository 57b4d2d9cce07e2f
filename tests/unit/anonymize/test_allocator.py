"""The heaps of a process with many threads are bounded, unless somebody has said how many there are to be."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys

import pytest

COUNT = """
import ctypes, os, sys, tempfile, threading
from anonymize.allocator import bound_heaps
if sys.argv[1] == "bounded":
    print(bound_heaps())
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
held, done = threading.Barrier(9), threading.Barrier(9)

def work():
    taken = libc.malloc(1000)  # a thread has a heap from its first cell of memory on
    held.wait()
    done.wait()
    libc.free(taken)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
held.wait()
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fflush.argtypes = [ctypes.c_void_p]
with tempfile.NamedTemporaryFile() as file:
    stream = libc.fopen(file.name.encode(), b"w")
    libc.malloc_info(0, stream)
    libc.fflush(stream)
    print(file.read().decode())
done.wait()
for thread in threads: thread.join()
"""
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of threads are glibc's")


def _run(how: str, **more: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "MALLOC_ARENA_MAX"} | more
    words = [sys.executable, "-c", COUNT, how]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout


def _heaps(told: str) -> int:
    return len(re.findall(r"<heap nr=", told))


@glibc
def test_threads_share_two_heaps() -> None:
    told = _run("bounded")
    assert told.startswith("True")
    assert _heaps(told) <= 2 < _heaps(_run("free"))


@glibc
def test_what_the_environment_says_holds() -> None:
    assert _run("bounded", MALLOC_ARENA_MAX="6").startswith("False")
