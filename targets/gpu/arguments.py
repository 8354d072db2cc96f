# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the arguments of kernels are, and where kernels come from: what devices want to know besides the code."""

import re
from dataclasses import replace

from mlir import ir

from mograph.targets.cpu.builder import find
from mograph.targets.gpu.image import Image

_BITS = re.compile(r"[if](\d+)")


def arguments_of(kernel: ir.Operation) -> str:
    """A character for each argument of a `gpu.func`: `p` for an address, else its size in bytes."""
    # Types are read as text: looked at as types, they import the dialect's classes.
    text = str(kernel.attributes["function_type"]).removesuffix(" -> ()")[1:-1]
    return "".join(_one(each) for each in text.split(", ") if each)


def _one(type_: str) -> str:
    found = _BITS.fullmatch(type_)
    return str(-(-int(found[1]) // 8)) if found else "p"


def completed(image: Image, module: ir.Module) -> Image:
    """The image of a device module with the arguments and the source of each of its kernels."""
    kernels = dict(image.kernels)
    for op in find(module.operation, "gpu.func"):
        name = str(ir.StringAttr(op.attributes["sym_name"]).value)
        source = str(op.location).removeprefix("loc(").removesuffix(")")
        source = "" if source == "unknown" else source.replace('"', "")
        if name in kernels:
            kernels[name] = replace(kernels[name], arguments=arguments_of(op), source=source)
    return replace(image, kernels=kernels)
