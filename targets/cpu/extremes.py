# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions to the greatest or smallest float, in as few instructions as their operands' order and NaN allow.

A comparison and a choice are one instruction of many processors, where they come in the order that this file has them.
"""

from mlir import ir

from mograph.targets.cpu.builder import Builder

EXTREMES = {
    "arith.maxnumf": (2, False),
    "arith.minnumf": (4, False),
    "arith.maximumf": (2, True),
    "arith.minimumf": (4, True),
}
"""The predicate of arith.cmpf for a number that is better than another, and whether the result is NaN where there is
one; the others leave it out.
"""
_UNORDERED = 14


def better(b: Builder, kind: str, term: ir.Value, total: ir.Value) -> ir.Value:
    """The better of a term and a partial result, scalars or vectors. A partial result is taken for a number where NaN
    is left out.
    """
    predicate, spreads = EXTREMES[kind]
    if not spreads:
        return _choice(b, predicate, term, total, total)
    return _choice(b, _UNORDERED, total, total, _choice(b, predicate, total, term, term))


def _choice(b: Builder, predicate: int, left: ir.Value, right: ir.Value, otherwise: ir.Value) -> ir.Value:
    """`left` where it compares so with `right`."""
    type_ = left.type
    bools = ir.VectorType.get(ir.VectorType(type_).shape, b.i1) if isinstance(type_, ir.VectorType) else b.i1
    compared = b.one("arith.cmpf", bools, left, right, predicate=ir.IntegerAttr.get(b.i64, predicate))
    return b.one("arith.select", type_, compared, left, otherwise)


def best(b: Builder, kind: str, partial: ir.Value) -> ir.Value:
    """The best element of a vector whose length is a power of two."""
    vector = ir.VectorType(partial.type)
    width = vector.shape[0]
    while width > 1:
        width //= 2
        half = ir.VectorType.get([width], vector.element_type)
        low, high = (
            b.one("vector.shuffle", half, partial, partial, mask=ir.DenseI64ArrayAttr.get(range(at, at + width)))
            for at in (0, width)
        )
        partial = better(b, kind, high, low)
    return b.first(partial)
