# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LLVM's textual form to SPIR-V, by the LLVM of the package `llvmlite`, whose build has that back end.

It runs in a process of its own; the policy "process-for-each-module" of `mograph.targets.spirv.chips` says why.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

from mograph.targets.gpu.chip import Chip

_TRIPLE = "spirv64v1.4-unknown-unknown"
_lock = threading.Lock()
_servers: "dict[int, subprocess.Popen[bytes]]" = {}  # by the process that talks to it, since pipes are no use to two


def to_binary(text: str, chip: Chip) -> bytes:
    """SPIR-V of a module in LLVM's textual form. Raises ValueError for what has no code."""
    return _ask(text, chip, assembly=False)


def to_text(text: str, chip: Chip) -> str:
    """The same as text."""
    return _ask(text, chip, assembly=True).decode()


def prepare() -> None:
    """Starts the process, which takes a tenth of a second, and does not wait for it. Raises ValueError where the
    package is missing.
    """
    with _lock:
        _server()


def _ask(text: str, chip: Chip, assembly: bool) -> bytes:
    body = text.encode()
    head = json.dumps({"length": len(body), "triple": _TRIPLE, "assembly": assembly}).encode() + b"\n"
    with _lock:
        for _ in range(2):  # one that was ended from outside is started again
            server = _server()
            assert server.stdin is not None
            assert server.stdout is not None
            try:
                server.stdin.write(head + body)
                server.stdin.flush()
                answer = server.stdout.read(9)
            except OSError:
                answer = b""
            if len(answer) == 9:
                payload = server.stdout.read(int.from_bytes(answer[1:], "little"))
                break
            _end()
        else:
            raise ValueError("the process that makes SPIR-V ended unexpectedly")
    if not answer[0]:
        reason = payload.decode(errors="replace").strip().partition("\n")[0].removeprefix("LLVM ERROR: ")
        raise ValueError(f"LLVM has no code for {chip.name}: {reason}")
    return payload


def _server() -> "subprocess.Popen[bytes]":
    server = _servers.get(os.getpid())
    if server is None:
        if find_spec("llvmlite") is None:
            raise ValueError("code for OpenCL needs the package 'llvmlite': pip install 'mograph[opencl]'")
        script = str(Path(__file__).with_name("server.py"))
        pipe = subprocess.PIPE
        server = _servers[os.getpid()] = subprocess.Popen([sys.executable, script], stdin=pipe, stdout=pipe)
    return server


@atexit.register
def _end() -> None:
    server = _servers.pop(os.getpid(), None)
    if server is not None:
        server.communicate()  # it ends with its requests
