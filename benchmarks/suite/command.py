# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command line of the suite: which rows and peers, how often, and where the results go."""

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

from suite import record, table
from suite.comparison import Comparison, Settings
from suite.limits import Limits
from suite.minilm import VARIABLE
from suite.peers import OURS, PEERS
from suite.rows import rows


def main() -> int:
    """Run it; the status is 1 when a row of ours has no time."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/run", description="Time compiled code and its peers: rows of the table, in one run, in turn."
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="rows whose name has this in it; all by default")
    parser.add_argument("--peers", default=",".join(PEERS), help="those to compare, with commas between: %(default)s")
    parser.add_argument("--peers-python", default=sys.executable, metavar="PATH", help="interpreter that has the peers")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0.2, help="how long each round lasts (%(default)s)")
    parser.add_argument("--limit", type=float, default=240, help="seconds that one answer may take (%(default)s)")
    parser.add_argument("--json", type=Path, help="write the run to this file")
    parser.add_argument("--minilm", type=Path, metavar="FOLDER", help="what benchmarks/minilm.py has made")
    parser.add_argument("--list", action="store_true", help="print the names of the rows, and run nothing")
    options = parser.parse_args()

    if options.minilm:
        os.environ[VARIABLE] = str(options.minilm.resolve())  # the workers look there too
    chosen = [row for row in rows() if not options.words or any(word in row.name for word in options.words)]
    if not chosen:
        parser.error(f"no row has one of {options.words} in its name")
    if options.list:
        print(*(row.name for row in chosen), sep="\n")
        return 0
    peers = options.peers.split(",")
    if unknown := [name for name in peers if name not in PEERS]:
        parser.error(f"no peer is called {', '.join(unknown)}; there are {', '.join(PEERS)}")

    pythons = {name: sys.executable if name == OURS else options.peers_python for name in peers}
    settings = Settings(pythons, options.rounds, options.seconds, options.limit)
    load = os.getloadavg()[0]
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        limits = Limits(scratch)
        comparison = stack.enter_context(Comparison(settings, scratch, limits))
        for name, why in comparison.missing.items():
            print(f"{name} is left out: {why}", file=sys.stderr)
        found = []
        print(table.head(comparison.peers))
        for row in chosen:
            found.append(record.result(row, comparison.row(row)))
            print(table.line(found[-1], comparison.peers), flush=True)
            run = record.run(found, limits.typical, comparison, settings, load)
            if options.json:  # after each row: a run takes long
                record.write(run, options.json)
    print(table.summary(run))
    return int(any(OURS in result["peers"] and result["peers"][OURS]["seconds"] is None for result in found))
