# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for `memref.expand_shape` where several extents of one group are known at run time only.

Upstream's `expand-strided-metadata` takes at most one such extent in a group, while its fusion of reshapes makes more.
"""

from mlir import ir

from mograph.dialects.kit.values import listed
from mograph.targets.cpu.builder import DYNAMIC, Builder, Descriptor, Int, descriptor_type, find


def lower_expansions(module: ir.Module) -> None:
    """Makes the descriptors of these views, in all functions of the module."""
    for function in find(module.operation, "func.func"):
        for op in find(function, "memref.expand_shape"):
            sizes = list(ir.DenseI64ArrayAttr(op.attributes["static_output_shape"]))
            groups = _groups(op)
            if any(sum(sizes[i] == DYNAMIC for i in group) > 1 for group in groups):
                with op.location:
                    op.results[0].replace_all_uses_with(_expanded(Builder.before(op, function), op, sizes, groups))
                op.erase()


def _groups(op: ir.Operation) -> list[list[int]]:
    """The dimensions of the result that each dimension of the source becomes."""
    return [[ir.IntegerAttr(i).value for i in listed(group)] for group in listed(op.attributes["reassociation"])]


def _expanded(b: Builder, op: ir.Operation, static: list[int], groups: list[list[int]]) -> ir.Value:
    given = iter(list(op.operands)[1:])
    sizes: list[Int] = [b.one("arith.index_cast", b.i64, next(given)) if size == DYNAMIC else size for size in static]
    source = Descriptor(b, op.operands[0])
    strides: list[Int] = [0] * len(sizes)
    for dimension, group in enumerate(groups):
        stride: Int = source.stride(dimension)
        for i in reversed(group):
            strides[i], stride = stride, b.mul(stride, sizes[i])
    words: list[tuple[list[int], ir.Value]] = [
        ([0], source.allocated()),
        ([1], source.aligned()),
        ([2], source.offset()),
        *(([3, i], b.value(size)) for i, size in enumerate(sizes)),
        *(([4, i], b.value(stride)) for i, stride in enumerate(strides)),
    ]
    type_ = descriptor_type(len(sizes))
    struct = b.one("llvm.mlir.poison", type_)
    for position, word in words:
        struct = b.one("llvm.insertvalue", type_, struct, word, position=ir.DenseI64ArrayAttr.get(position))
    return b.cast(op.results[0].type, struct)
