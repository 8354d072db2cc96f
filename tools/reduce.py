# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-reduce`: mlir-reduce over all dialects and passes: finds a small input that shows what a big one does."""

from collections.abc import Sequence

from mograph import _native

from .setup import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-reduce` with these arguments (by default: the process's) and return the exit code."""
    return run("mo-reduce", _native.reduce_main, arguments)
