# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.conv`: elements stay as they are in memory, for matrix units that multiply them."""

from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.conv import conv
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = ("mo.conv",)


def _conv(k: KernelBuilder, op: Op, x: Tensor, w: Tensor, bias: Tensor | None = None) -> Tensor:
    """The input is padded, and read where the windows are."""
    return conv(k, op, x, w, bias, as_stored=True)


RULES = {"mo.conv": _conv}
