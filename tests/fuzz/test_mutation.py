# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Malformed text and bytecode of `mo` give diagnostics, never an abort.

Each file of tests of the dialect is a source of mutants, which run in processes of their own (`mutation.py`). Where
upstream itself aborts, the process starts again after the mutant; the cases are in docs/contributing.md.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# What is in the trace of an abort of upstream's reader of bytecode, and what would be, closer to it, of one of ours.
UPSTREAM = re.compile(r"DialectReader|AttrTypeReader|BytecodeReader|EncodingReader|Bytecode\w*\.cpp")
OURS = re.compile(r"_native\.\S*\.so")
KINDS = ("pretty", "generic", "bytecode")
ALONE = """
import sys
from mlir import ir
context = ir.Context()
context.allow_unregistered_dialects = True
ir.Module.parse(open(sys.argv[1], "rb").read(), context)
"""


def is_upstream(file: Path) -> bool:
    """Whether upstream's reader of bytecode aborts for a file: alone, or in `mo-opt` before any code of ours."""
    if subprocess.run([sys.executable, "-c", ALONE, str(file)], capture_output=True, check=False).returncode < 0:
        return True
    command = [sys.executable, "-c", "from mograph.tools.opt import main; main()", str(file)]
    done = subprocess.run(command, capture_output=True, check=False)
    trace = done.stderr.decode(errors="backslashreplace")
    reader, ours = UPSTREAM.search(trace), OURS.search(trace)
    return reader is not None and (ours is None or reader.start() < ours.start())


def try_mutants(kind: str, seed: int, count: int, file: Path) -> None:
    """Try mutants, and again after each that upstream aborts for."""
    first = 0
    while first < count:
        command = [sys.executable, str(HERE / "mutation.py"), kind, str(seed), str(first), str(count), str(file)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode == 0:
            assert done.stdout.splitlines()[-1].startswith(b"valid")
            return
        reason = done.stderr.decode(errors="backslashreplace")
        numbers = [int(line) for line in done.stdout.splitlines() if line.isdigit()]
        known = kind == "bytecode" and done.returncode < 0 and (UPSTREAM.search(reason) or is_upstream(file))
        assert known, f"{kind} {seed}: mutant {numbers[-1:]} in {file}\n{reason[-4000:]}"
        first = numbers[-1] + 1


@pytest.mark.parametrize("kind", KINDS)
def test_mutants(kind: str, tmp_path: Path) -> None:
    try_mutants(kind, 0, 100 if kind == "bytecode" else 400, tmp_path / "mutant.mlirbc")


def test_more(fuzz_seconds: float, tmp_path: Path) -> None:
    end = time.monotonic() + fuzz_seconds
    seed = 100
    while time.monotonic() < end:
        for kind in KINDS:
            try_mutants(kind, seed, 200, tmp_path / "mutant.mlirbc")
        seed += 1
