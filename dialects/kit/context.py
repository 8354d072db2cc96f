# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Contexts that know the declared dialects."""

from collections.abc import Callable

from mlir import ir
from mlir._mlir_libs import _mlir

from mograph import _native
from mograph.dialects.kit import upstream  # noqa: F401  # before anything of a context is looked at

__all__ = ["announce", "new_context"]


def announce(name: str, loader: Callable[[], object]) -> None:
    """Makes a dialect known by name: `loader` imports its module when a context first needs it."""
    _native.declare_dialect(name, loader)


def new_context(*load: str) -> ir.Context:
    """A context that knows all dialects, upstream's and the declared ones, and has loaded the named ones only.

    Unlike `mlir.ir.Context()` it starts no threads: code of upstream's bindings keeps the interpreter's lock while it
    verifies, and threads that need that lock for a hook would wait for ever. Passes that run through mograph's
    pipelines do use threads.

    Raises ValueError for an unknown dialect.
    """
    context = _mlir.ir._Context()
    context.enable_multithreading(False)
    _native.append_registry(context)
    for name in load:
        if not _native.load_dialect(context, name):
            raise ValueError(f"unknown dialect '{name}'")
    return context
