# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A worker as its coordinator sees it: started, asked, and ended when it does not answer."""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from suite.peers import THREADS

FOLDER = Path(__file__).resolve().parent.parent
Answer = dict[str, Any]


class WorkerError(Exception):
    """A worker refused a request, ended, or took too long."""


def environment() -> dict[str, str]:
    """Say to every library how many threads it has, and where the suite is; modules are stored as byte code, as those
    of installed packages are.
    """
    pools = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    path = os.pathsep.join([str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])])
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_PLATFORMS": "cpu", "PYTHONWARNINGS": "ignore"}
    stored = {"PYTHONDONTWRITEBYTECODE": ""}
    return {**os.environ, **dict.fromkeys(pools, str(THREADS)), "PYTHONPATH": path, **quiet, **stored}


class Process:
    """The worker of a peer, by some interpreter. It answers one request at a time.

    `command` is for tests: what to start instead.
    """

    def __init__(self, peer: str, python: str = sys.executable, command: list[str] | None = None) -> None:
        self.peer = peer
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command or [python, "-m", "suite.worker", peer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd=FOLDER,
        )
        self._pending = b""

    def hello(self, limit: float) -> Answer:
        """Wait until the library is imported; tells why it is `missing` where it is."""
        return self._answer(limit)

    def ask(self, limit: float, do: str, **request: Any) -> Answer:
        """Request something. Raises `WorkerError`, after which only one that refused goes on answering."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **request}).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise WorkerError(f"ended with status {self._process.wait()}") from None
        answer = self._answer(limit)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _answer(self, limit: float) -> Answer:
        assert self._process.stdout is not None
        deadline = time.monotonic() + limit
        while b"\n" not in self._pending:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                self._process.kill()
                raise WorkerError(f"took more than {limit:g} s")
            read = os.read(self._process.stdout.fileno(), 1 << 16)
            if not read:
                raise WorkerError(f"ended with status {self._process.wait()}")
            self._pending += read
        line, _, self._pending = self._pending.partition(b"\n")
        answer: Answer = json.loads(line)
        return answer
