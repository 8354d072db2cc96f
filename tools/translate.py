# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-translate`: mlir-translate, to and from LLVM IR, SPIR-V, C++ and others."""

from collections.abc import Sequence

from mograph import _native

from .setup import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-translate` with these arguments (by default: the process's) and return the exit code."""
    return run("mo-translate", _native.translate_main, arguments)
