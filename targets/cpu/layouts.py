# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Views become arrays in row-major order where one is wanted.

Where a view leaves a function, upstream's bufferization casts its layout to that of an array if only the strides are
not known to differ, and with extents that are not known none are. A cast copies nothing: a view that is no array would
be read as one.
"""

from mlir import ir

from mograph.targets.cpu.builder import DYNAMIC, Builder, find


def copy_views(module: ir.Module) -> None:
    """Replaces every `memref.cast` from strides that are known at run time to the layout of an array by a copy."""
    for function in find(module.operation, "func.func"):
        for op in find(function, "memref.cast"):
            source, result = op.operands[0], op.results[0]
            if _is_array(source.type) or not _is_array(result.type) or DYNAMIC not in result.type.shape[1:]:
                continue
            with op.location:
                result.replace_all_uses_with(_copied(Builder.before(op, function), source, result.type))
            op.erase()


def _is_array(type_: ir.Type) -> bool:
    """Whether a memref has the layout that follows from its extents."""
    return isinstance(type_, ir.MemRefType) and isinstance(type_.layout, ir.AffineMapAttr)


def _copied(b: Builder, source: ir.Value, type_: ir.MemRefType) -> ir.Value:
    copy = b.buffer_like(source, type_)
    b.create("memref.copy", [], [source, copy])
    return copy
