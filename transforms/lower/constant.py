# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.constant`."""

from mograph.transforms.lower.builder import KernelBuilder, Tensor, dtype_of
from mograph.transforms.lower.rule import Op, inline

__all__ = ["OPS", "RULES", "constant"]

OPS = ("mo.constant",)


@inline
def constant(k: KernelBuilder, op: Op) -> Tensor:
    """One number where all elements are equal, else data in the program."""
    result = op.result.type
    return k.constant(op.value, dtype_of(result.dtype), result.shape)


RULES = {"mo.constant": constant}
