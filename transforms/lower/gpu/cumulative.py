# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cumsum` and `mo.cumprod`: long rows by scans in parallel."""

from __future__ import annotations

from mograph.transforms.lower import cumulative as general
from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import add, constant, mul, select
from mograph.transforms.lower.gpu.scanning import Combine, scanned_rows
from mograph.transforms.lower.gpu.sorting import is_long
from mograph.transforms.lower.rule import Op, Rule
from mograph.transforms.lower.sort import last_axis

__all__ = ["OPS", "RULES"]

OPS = ("mo.cumprod", "mo.cumsum")


def _scan(name: str, combine: Combine, first: int) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        """Accumulated in the compute type; each element is rounded once."""
        if x.uniform is not None or 0 in x.shape or not is_long(x.shape[op.axis]):
            made = general.RULES[name](k, op, x)
            assert isinstance(made, Tensor)
            return made
        order, _ = last_axis(op.axis, x.rank)
        compute = x.dtype.compute
        given = k.map(lambda element: cast(element, compute), k.transpose(x, order), dtype=compute)
        scanned = scanned_rows(k, given, combine, reverse=bool(op.reverse))
        count = k.index(k.dim(given.shape[-1]))

        def element(*indices: Scalar) -> Scalar:
            *row, place = (indices[axis] for axis in order)
            if not op.exclusive:
                return cast(k.extract(scanned, [*row, place]), x.dtype)
            before = place + 1 if op.reverse else place - 1
            exists = before < count if op.reverse else before >= 0
            total = k.extract(scanned, [*row, select(exists, before, place)])
            return cast(select(exists, total, constant(k.em, first, compute)), x.dtype)

        return k.generate(element, x.shape, x.dtype)

    return rule


RULES: dict[str, Rule] = {"mo.cumprod": _scan("mo.cumprod", mul, 1), "mo.cumsum": _scan("mo.cumsum", add, 0)}
