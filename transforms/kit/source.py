# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From text or bytecode to a module."""

import os
from pathlib import Path
from typing import Any

from mlir import ir

from mograph import _native
from mograph.dialects.kit.context import new_context
from mograph.dialects.rewrite.diagnostics import DiagnosticError, convert

__all__ = ["new_context", "parse", "verify"]


def parse(source: str | os.PathLike[str], context: Any = None, *, name: str = "<string>") -> Any:
    """Parse a module: from a file if `source` is a path or a string that ends in .mlir or .mlirbc, else from the text.

    The context is `context`, or the current one (`with context:`), or a new one. `name` stands for text in locations.
    Raises `DiagnosticError` if it is not valid, `OSError` if the file cannot be read.
    """
    if isinstance(source, os.PathLike) or (source.endswith((".mlir", ".mlirbc")) and "\n" not in source):
        name, data = os.fspath(source), Path(source).read_bytes()
    else:
        data = source.encode()
    if context is None:
        context = ir.Context.current or new_context()
    module, diagnostics = _native.parse(context, data, name)
    if module is None:
        raise DiagnosticError(f"{name}: not a valid module", convert(diagnostics))
    return module


def verify(op: Any) -> None:
    """Raise `DiagnosticError` if an op, or what is in it, is not valid."""
    valid, diagnostics = _native.verify(op.operation)
    if not valid:
        raise DiagnosticError(f"'{op.operation.name}' op is not valid", convert(diagnostics))
