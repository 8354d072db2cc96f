# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a lowering rule is.

A rule is a function `rule(k, op, *operands)` of the kernel builder, the operation and its operands as tensors, which
returns the result as a tensor (several results: a sequence). `op` gives attributes as Python values, under the names of
its fields, and `op.result.type` or `op.outputs` the types of its results. The module that holds rules has `OPS`, a
literal tuple of the names of the operations, and `RULES`, the rule of each; it is imported when one of them is first
asked for.

A rule that is an `Elementwise` takes and gives scalars, and is fused with its neighbours into one loop nest. A rule
marked `inline` is not made a kernel: its code stays in the program, between the launches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from mograph._records import record
from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor, dtype_of
from mograph.transforms.lower.builder.binding import bind_shape

__all__ = ["Elementwise", "Op", "Results", "Rule", "elementwise", "inline", "is_inline"]

Op = Any
"""An operation: an `OpView` of a declared class."""
Results = Tensor | Sequence[Tensor]
Rule = Callable[..., Results]

_T = TypeVar("_T", bound=Callable[..., Any])


@record
class Elementwise:
    """A rule given by a function of scalars, `function(op, *elements) -> element`; operands broadcast as numpy's do.

    What the function returns is stored as the result's dtype. Where the rule is `shaped`, and the operation has a value
    in its field `shape`, that last operand holds the result's extents and is nothing to the function.
    """

    function: Callable[..., Scalar]
    shaped: bool = False

    def takes_shape(self, op: Op) -> bool:
        """Whether the last operand of `op` holds the extents of its result."""
        return self.shaped and getattr(op, "shape", None) is not None

    def __call__(self, k: KernelBuilder, op: Op, *operands: Tensor) -> Tensor:
        """The rule on whole tensors: one loop nest."""
        if self.takes_shape(op):
            bind_shape(k, op, op.result.type.shape, operands[-1])
            operands = operands[:-1]
        return self.apply(k, op, *operands)

    def apply(self, k: KernelBuilder, op: Op, *operands: Tensor) -> Tensor:
        """The function on whole tensors, when the extents of the result are known."""
        result = op.result.type
        return k.map(
            lambda *elements: self.function(op, *elements),
            *operands,
            dtype=dtype_of(result.dtype),
            shape=result.shape,
        )


def elementwise(function: Callable[..., Scalar]) -> Elementwise:
    """Make a rule of a function of scalars."""
    return Elementwise(function)


def inline(rule: _T) -> _T:
    """Mark a rule whose code stays in the program: views, shapes, and checks that bind names."""
    rule.inline = True  # type: ignore[attr-defined]  # functions take attributes
    return rule


def is_inline(rule: Rule) -> bool:
    """Whether `rule` was marked by `inline`."""
    return getattr(rule, "inline", False)
