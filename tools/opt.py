# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-opt`: mlir-opt, with all its options, over upstream's dialects and passes and those of all plugins."""

from collections.abc import Sequence

from mograph import _native

from .setup import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-opt` with these arguments (by default: the process's) and return the exit code."""
    return run("mo-opt", _native.opt_main, arguments)
