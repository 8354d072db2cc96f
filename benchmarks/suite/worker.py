# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The process of one peer: it answers requests, a line of JSON each, on its standard input.

    {"do": "versions"}                                tells the versions of the packages that do the work
    {"do": "export", "row": NAME, "folder": FOLDER}   writes what `compile` reads
    {"do": "prepare", "row": NAME, "folder": FOLDER}  compiles, and runs once: tells the seconds of each
    {"do": "time", "seconds": S}                      runs the row for about S seconds: tells the seconds of each run
    {"do": "drop"}                                    lets go of the row

`prepare` may also have `results`, a folder that it writes what came out to. An answer is a line of JSON too: what was
asked for, or `error`. The process is pinned to as many processors as it has threads, so that libraries which count
processors count the same.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from suite.peers import THREADS, Peer, load
from suite.row import Row, store, stored

MOST_RUNS = 2000
Answer = dict[str, Any]


class Worker:
    """A peer, and the row that it has at hand."""

    def __init__(self, peer: Peer, rows: Callable[[], dict[str, Row]]) -> None:
        self._peer = peer
        self._rows = rows
        self._run: Callable[[], Any] | None = None

    def versions(self) -> Answer:
        """Tell what does the work."""
        return {"versions": self._peer.versions()}

    def export(self, row: str, folder: str) -> Answer:
        """Write the row's source."""
        self._peer.export(self._rows()[row], Path(folder))
        return {}

    def prepare(self, row: str, folder: str, results: str = "") -> Answer:
        """Compile the row and run it once."""
        wanted = self._rows()[row]
        self._peer.ready(wanted)
        start = time.perf_counter()
        program = self._peer.compile(wanted, Path(folder))
        compiled = time.perf_counter()
        inputs = self._peer.place([*stored(wanted.inputs, Path(folder) / "inputs").values()])
        placed = time.perf_counter()
        self._run = lambda: self._peer.finish(program(*inputs))
        first = self._run()
        done = time.perf_counter()
        if results:
            arrays = self._peer.fetch(first)
            store({str(number): array for number, array in enumerate(arrays)}, Path(results))
        return {"compile": compiled - start, "first": done - placed}

    def time(self, seconds: float) -> Answer:
        """Run for about that long, and at least once."""
        assert self._run is not None, "no row is prepared"
        times: list[float] = []
        end = time.perf_counter() + seconds
        while not times or (time.perf_counter() < end and len(times) < MOST_RUNS):
            start = time.perf_counter()
            self._run()
            times.append(time.perf_counter() - start)
        return {"times": times}

    def drop(self) -> Answer:
        """Forget the row."""
        self._run = None
        gc.collect()
        return {}


def known() -> dict[str, Row]:
    """Give the rows by name, made when they are first asked for."""
    from suite.rows import rows

    return {row.name: row for row in rows()}


def serve(worker: Worker, requests: TextIO, answers: TextIO) -> None:
    """Answer until there are no more requests."""
    for line in requests:
        request = json.loads(line)
        try:
            answer = getattr(worker, request.pop("do"))(**request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:2000]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main() -> None:
    """Be the worker of the peer that the command line names."""
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    try:
        peer = load(sys.argv[1])
        hello: Answer = {}
    except ImportError as error:
        hello = {"missing": str(error)}
    answers.write(json.dumps(hello) + "\n")
    answers.flush()
    if "missing" not in hello:
        serve(Worker(peer, known), sys.stdin, answers)


if __name__ == "__main__":
    main()
