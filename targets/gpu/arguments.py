# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the arguments of kernels are, for devices that want to know."""

import re

from mlir import ir

_BITS = re.compile(r"[if](\d+)")


def arguments_of(kernel: ir.Operation) -> str:
    """A character for each argument of a `gpu.func`: `p` for an address, else its size in bytes."""
    # Types are read as text: looked at as types, they import the dialect's classes.
    text = str(kernel.attributes["function_type"]).removesuffix(" -> ()")[1:-1]
    return "".join(_one(each) for each in text.split(", ") if each)


def _one(type_: str) -> str:
    found = _BITS.fullmatch(type_)
    return str(-(-int(found[1]) // 8)) if found else "p"
