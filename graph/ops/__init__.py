# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A function for every operation of `mo`.

A function has the operation's name, with `_` for dots and after keywords of Python: `mo.reduce.add` is `reduce_add`,
`mo.while` is `while_`. Most are made from the operation's declaration when they are first asked for, and so are their
types in `__init__.pyi`; those whose results are not inferred, or that take functions, are written in the modules here.
"""

from typing import Any

from mograph.dialects.mo import Mo
from mograph.graph.names import function_name

WRITTEN = {
    "bitcast": "shapes",
    "bottom_k": "order",
    "broadcast_to": "shapes",
    "buffer_create": "effects",
    "call": "control",
    "cast": "shapes",
    "col2im": "spatial",
    "compress": "extents",
    "constant": "constants",
    "constant_external": "constants",
    "custom": "custom",
    "dequantize": "quantization",
    "dynamic_pad": "extents",
    "dynamic_slice": "extents",
    "dynamic_tile": "extents",
    "expand": "extents",
    "external": "constants",
    "if_": "control",
    "iota": "constants",
    "max_unpool": "spatial",
    "non_max_suppression": "order",
    "non_zero": "extents",
    "one_hot": "extents",
    "parallel": "control",
    "quantize": "quantization",
    "random_normal": "random",
    "random_uniform": "random",
    "range": "extents",
    "rebind": "shapes",
    "reshape": "shapes",
    "resize": "spatial",
    "select": "shapes",
    "sequence": "control",
    "split": "extents",
    "static_random_normal": "random",
    "top_k": "order",
    "unique": "order",
    "where": "shapes",
    "while_": "control",
}
"""The functions that are written, and the module of each."""

BUILT_OTHERWISE = {
    "mo.condition": "while_",
    "mo.graph": "Graph",
    "mo.output": "Graph.output",
    "mo.yield": "while_, if_, sequence and parallel",
}
"""The operations that have no function, and what builds them."""

DECLARED = {function_name(name): op for name, op in Mo.ops.items() if name not in BUILT_OTHERWISE}
"""The operations by the names of their functions."""

__all__ = sorted({*WRITTEN, *DECLARED})


def __getattr__(name: str) -> Any:
    """Makes or imports a function. Raises AttributeError for what is no operation."""
    if name in WRITTEN:
        from importlib import import_module

        function = getattr(import_module(f"{__name__}.{WRITTEN[name]}"), name)
    elif name in DECLARED:
        from mograph.graph.functions import function_of

        function = function_of(DECLARED[name])
    else:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    globals()[name] = function
    return function


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
