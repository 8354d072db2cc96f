# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The stub of the native module names nothing that the module lacks."""

import ast
from pathlib import Path

import mlir._mlir_libs  # noqa: F401  # upstream's library comes first: ours is linked to it

from mograph import _native

STUB = Path(__file__).resolve().parent.parent / "native" / "_native.pyi"


def test_module_has_what_the_stub_names() -> None:
    nodes = ast.parse(STUB.read_text()).body
    named = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert named
    assert named - {"__getattr__"} <= set(dir(_native))
