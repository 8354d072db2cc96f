# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The text of `ops/__init__.pyi`: the types of the functions for `mo`'s operations, for type checkers and editors."""

from pathlib import Path

from mograph.graph import ops
from mograph.graph.functions import documentation, signature

__all__ = ["PATH", "text"]

PATH = Path(ops.__file__).with_suffix(".pyi")
"""Where it belongs."""

_HEAD = """\
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Written by scripts/stubs.py from the declarations of the operations.
from collections.abc import Sequence
from typing import Any, Literal

"""

_NAMES = """\

WRITTEN: dict[str, str]
BUILT_OTHERWISE: dict[str, str]
DECLARED: dict[str, Any]
__all__: list[str]
"""


def text() -> str:
    """The file's text: imports of the functions that are written, and the signatures of the others."""
    headers = {name: _header(*signature(op)) for name, op in sorted(ops.DECLARED.items()) if name not in ops.WRITTEN}
    written = any("TensorSpec" in header for header in headers.values())  # the type of a result
    parts = [_HEAD, "from mlir import ir\n\n" if written else ""]
    for name, module in sorted(ops.WRITTEN.items(), key=lambda item: item[::-1]):
        parts.append(f"from mograph.graph.ops.{module} import {name} as {name}\n")
    parts.append("from mograph.graph.tensor import Tensor, TensorLike, Value\n")
    parts += ["from mograph.graph.types import TensorSpec\n" if written else "", _NAMES]
    parts += (f"\n{header}\n{_docstring(documentation(ops.DECLARED[name]))}\n" for name, header in headers.items())
    return "".join(parts)


def _header(name: str, parameters: list[str], returned: str) -> str:
    """The line that starts a function; lines, where it is too long for one."""
    line = f"def {name}({', '.join(parameters)}) -> {returned}:"
    if len(line) <= 120:
        return line
    return "\n".join([f"def {name}(", *(f"    {parameter}," for parameter in parameters), f") -> {returned}:"])


def _docstring(doc: str) -> str:
    lines = [*f'"""{doc}'.splitlines(), '"""']
    return "\n".join(f"    {line}".rstrip() for line in lines)
