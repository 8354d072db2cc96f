# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-lsp`: mlir-lsp-server over all dialects, for editors."""

from collections.abc import Sequence

from mograph import _native

from .setup import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-lsp` with these arguments (by default: the process's) and return the exit code."""
    return run("mo-lsp", _native.lsp_main, arguments)
