# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensor maps: what the hardware of sm_90a that copies tiles reads of a tensor in memory.

Kernels make their own, so that host code need not know the driver's function for it: a warp fills one in in shared
memory, by `tensormap.replace`, and copies it to global memory, where the hardware takes it from.
"""

from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.narrow import Narrow, Number
from mograph.targets.gpu.product import Factor
from mograph.targets.nvidia.warpgroups import LINE, MAP, by_k

_ELEMENTS = {"i8": 0, "f8E4M3FN": 0, "f8E5M2": 0, "f16": 6, "f32": 7, "bf16": 10}
"""What PTX calls new_val of `tensormap.replace` for .elemtype."""
_PERMUTED = 3  # of .swizzle_mode: chunks of 16 bytes in lines of 128
_EQ = 0


@record
class Map:
    """A tensor of three dimensions, the innermost first: extents, how many elements neighbours along the outer two are
    apart, and how many elements are copied at once along each. What is not there is 0.
    """

    extents: tuple[Int, Int, Int]
    strides: tuple[Int, Int]
    box: tuple[int, int, int]


def map_of(factor: Factor, extent: Int, depth: Int, batch: Int, apart: Int, size: int) -> Map:
    """The map of a factor of `extent` elements along m or n and `depth` along k, of which there are `batch` that are
    `apart` elements from each other. Tiles have `size` elements along m or n.
    """
    line = LINE * 8 // factor.element.width
    if by_k(factor):
        return Map((depth, extent, batch), (factor.across, apart), (line, size, 1))
    return Map((extent, depth, batch), (factor.along, apart), (line, line, 1))


def make(b: Builder, lane: Number, room: ir.Value, target: ir.Value, factor: Factor, map_: Map) -> None:
    """Makes the tensor map of a factor at `target` in global memory, by all lanes of a warp, with `room` in shared
    memory. Both addresses are multiples of 128.
    """
    i = Narrow(b)
    b.store(b.number(b.i32, 0), i.at(room, i.mul(lane, 4)), 4)
    b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
    first = b.one("arith.cmpi", b.i1, i.value(lane), i.value(0), predicate=ir.IntegerAttr.get(b.i64, _EQ))
    b.if_(first, lambda: _fill(b, room, factor, map_))
    b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
    fence = "tensormap.cp_fenceproxy.global.shared::cta.tensormap::generic.release.gpu.sync.aligned"
    _assembly(b, f"{fence} [$0], [$1], {MAP};", [target, room], "l,l")


def _fill(b: Builder, room: ir.Value, factor: Factor, map_: Map) -> None:
    i, bytes_ = Narrow(b), factor.element.width // 8

    def replace(field: str, wide: bool, *values: Int | str) -> None:
        """One field: values that are text stand in the instruction."""
        bits = 64 if wide else 32
        words = [each if isinstance(each, str) else "$1" for each in values]
        given = [each for each in values if not isinstance(each, str)]
        operands = [room, *(b.value(each) if wide else i.value(i.cut(each)) for each in given)]
        form = "l" if wide else "r"
        text = f"tensormap.replace.tile.{field}.shared::cta.b1024.b{bits} [$0], {', '.join(words)};"
        _assembly(b, text, operands, ",".join(["l", *[form] * len(given)]))

    replace("global_address", True, b.one("llvm.ptrtoint", b.i64, factor.base))
    replace("rank", False, "2")  # that is 3
    for dim in range(3):
        replace("box_dim", False, str(dim), map_.box[dim])
        replace("global_dim", False, str(dim), map_.extents[dim])
        replace("element_stride", False, str(dim), 1)
    for dim in range(2):
        replace("global_stride", True, str(dim), b.mul(map_.strides[dim], bytes_))
    replace("elemtype", False, str(_ELEMENTS[str(factor.element)]))
    replace("interleave_layout", False, "0")
    replace("swizzle_mode", False, str(_PERMUTED))
    replace("fill_mode", False, "0")


def _assembly(b: Builder, text: str, operands: Sequence[ir.Value], constraints: str) -> None:
    attributes = {
        "asm_string": ir.StringAttr.get(text),
        "constraints": ir.StringAttr.get(f"{constraints},~{{memory}}"),
        "has_side_effects": ir.UnitAttr.get(),
    }
    b.create("llvm.inline_asm", [], operands, attributes)
