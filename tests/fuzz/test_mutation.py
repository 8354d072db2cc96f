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
# What upstream's reader of bytecode says when it aborts, or its frames where it says nothing. Nothing else may abort.
UPSTREAM = {
    "bytecode": re.compile(
        r"BytecodeReader|AttrTypeReader|SmallVector unable to grow|EncodingReader|llvm::BumpPtrAllocator"
        r"|std::bad_alloc|std::length_error"
    )
}
KINDS = ("pretty", "generic", "bytecode")


def try_mutants(kind: str, seed: int, count: int) -> int:
    """Try mutants, again after each that upstream aborts for; returns how many were tried to the end."""
    first = 0
    while first < count:
        command = [sys.executable, str(HERE / "mutation.py"), kind, str(seed), str(first), str(count)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode == 0:
            assert done.stdout.splitlines()[-1].startswith(b"valid")
            return count
        reason = done.stderr.decode(errors="backslashreplace")
        numbers = [int(line) for line in done.stdout.splitlines() if line.isdigit()]
        known = kind in UPSTREAM and UPSTREAM[kind].search(reason)
        assert known, f"{kind} {seed}: mutant {numbers[-1:]}\n{reason[-4000:]}"
        first = numbers[-1] + 1
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_mutants(kind: str) -> None:
    assert try_mutants(kind, 0, 100 if kind == "bytecode" else 400)


def test_more(fuzz_seconds: float) -> None:
    end = time.monotonic() + fuzz_seconds
    seed = 100
    while time.monotonic() < end:
        for kind in KINDS:
            try_mutants(kind, seed, 200)
        seed += 1
