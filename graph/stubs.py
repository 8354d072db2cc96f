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

from mograph.graph.tensor import Tensor, TensorLike, Value
"""


def text() -> str:
    """The file's text."""
    parts = [_HEAD]
    for name, module in sorted(ops.WRITTEN.items()):
        parts.append(f"from mograph.graph.ops.{module} import {name} as {name}\n")
    parts.append(
        "\nWRITTEN: dict[str, str]\nBUILT_OTHERWISE: dict[str, str]\nDECLARED: dict[str, Any]\n__all__: list[str]\n"
    )
    for name, op in sorted(ops.DECLARED.items()):
        if name not in ops.WRITTEN:
            parts.append(f"\ndef {_wrapped(signature(op))}:\n{_docstring(documentation(op))}\n")
    return "".join(parts)


def _wrapped(signature: str) -> str:
    """A signature on more lines where it is too long for one."""
    if len(signature) <= 115:
        return signature
    name, _, rest = signature.partition("(")
    parameters, _, result = rest.rpartition(")")
    return f"{name}(\n    {parameters},\n){result}"


def _docstring(doc: str) -> str:
    first, *rest = f'"""{doc}'.splitlines()
    lines = [first, *rest, '"""'] if rest else [f'{first}"""']
    raw = "r" if "\\" in doc else ""
    return "\n".join(f"    {raw if line is first else ''}{line}".rstrip() for line in lines)
