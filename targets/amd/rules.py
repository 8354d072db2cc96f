# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What operations of `gpu` are on AMD's chips: operations of the dialect `rocdl`."""

import re
from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.lowering import Family, Kernel, Rule, mode_of
from mograph.targets.gpu.words import by_words

_AXES = "xyz"
_CONSTANT = re.compile(r"arith\.constant(?:\"\(\) <{value =)? (-?\d+) : i32")  # in either form, as it is printed
_QUADS = {1: 0xB1, 2: 0x4E, 3: 0x1B}  # exchanges within four lanes, as data-parallel primitives number them
_ROTATE_8 = 0x128  # of 16 lanes
_ROW_XMASK = 0x160
_UNITS = 4  # of a multiprocessor, among which wavefronts are divided
_ULT = 6


def _identifier(name: str) -> Rule:
    """The number of a thread or a block on an axis."""

    def rule(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
        axis = _AXES.index(mode_of(op))
        attributes = {}
        if name == "workitem":
            if kernel.block[axis] == 1:
                return [b.number(b.index, 0)]
            attributes["range"] = ir.Attribute.parse(f"#llvm.constant_range<i32, 0, {kernel.block[axis]}>")
        return [b.one("arith.index_castui", b.index, b.one(f"rocdl.{name}.id.{_AXES[axis]}", b.i32, **attributes))]

    return rule


def _grid(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    """The number of blocks is the first of what a launch passes behind the arguments, for each axis in 4 bytes."""
    pointer = ir.Type.parse("!llvm.ptr<4>")
    empty = {
        "intrin": ir.StringAttr.get("llvm.amdgcn.implicitarg.ptr"),
        "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([0, 0]),
    }
    start = b.one("llvm.call_intrinsic", pointer, **empty)
    at = {
        "rawConstantIndices": ir.DenseI32ArrayAttr.get([_AXES.index(mode_of(op))]),
        "elem_type": ir.TypeAttr.get(b.i32),
    }
    return [b.one("arith.index_castui", b.index, b.load(b.i32, b.one("llvm.getelementptr", pointer, start, **at), 4))]


def _extent(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.number(b.index, kernel.block[_AXES.index(mode_of(op))])]


def _lane_number(b: Builder, kernel: Kernel) -> ir.Value:
    everyone = b.number(b.i32, -1)
    low = b.one("rocdl.mbcnt.lo", b.i32, everyone, b.number(b.i32, 0))
    return low if kernel.chip.subgroup == 32 else b.one("rocdl.mbcnt.hi", b.i32, everyone, low)


def _lane(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.one("arith.index_castui", b.index, _lane_number(b, kernel))]


def _subgroup(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.number(b.index, kernel.chip.subgroup)]


def _barrier(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    b.create("rocdl.barrier", [], [])
    return []


def _shuffle(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    """All threads of the wavefront take part. Where the distance is known and short, lanes are read from neighbours'
    registers, or exchanged by a fixed pattern; else through the hardware of shared memory, by number.
    """
    value, offset, width = op.operands
    mode = mode_of(op)
    distance = _constant(offset) if mode == "xor" else None
    if distance is not None and 0 < distance < min(32, _constant(width) or 0):
        return [by_words(b, value, lambda word: _exchange(b, word, distance, kernel)), b.number(b.i1, 1)]
    lane = _lane_number(b, kernel)
    inside = b.one("arith.andi", b.i32, lane, b.one("arith.subi", b.i32, width, b.number(b.i32, 1)))
    if mode == "idx":
        wanted = offset
    else:
        wanted = b.one({"xor": "arith.xori", "up": "arith.subi", "down": "arith.addi"}[mode], b.i32, inside, offset)
    valid = b.one("arith.cmpi", b.i1, wanted, width, predicate=ir.IntegerAttr.get(b.i64, _ULT))
    moved = b.one("arith.addi", b.i32, lane, b.one("arith.subi", b.i32, wanted, inside))
    source = b.one("arith.shli", b.i32, b.one("arith.select", b.i32, valid, moved, lane), b.number(b.i32, 2))
    return [by_words(b, value, lambda word: b.one("rocdl.ds_bpermute", b.i32, source, word)), valid]


def _exchange(b: Builder, word: ir.Value, distance: int, kernel: Kernel) -> ir.Value:
    """The word of the lane whose number differs in the bits of `distance`."""
    control = _QUADS.get(distance, _ROTATE_8 if distance == 8 else 0)
    if distance < 16 and kernel.chip.has("row-xmask"):
        control = _ROW_XMASK + distance
    if not control:
        return b.one("rocdl.ds_swizzle", b.i32, word, b.number(b.i32, distance << 10 | 0x1F))
    attributes = {
        name: ir.IntegerAttr.get(b.i32, each)
        for name, each in (("dppCtrl", control), ("rowMask", 15), ("bankMask", 15))
    }
    attributes["boundCtrl"] = ir.IntegerAttr.get(b.i1, 1)
    return b.one("rocdl.update.dpp", b.i32, word, word, **attributes)


def _remainder(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    """Of bf16 by way of f32, where it is exact: LLVM ends the process for it."""
    type_ = op.results[0].type
    vector = isinstance(type_, ir.VectorType)
    if not isinstance(type_.element_type if vector else type_, ir.BF16Type):
        return [b.one("arith.remf", type_, *op.operands)]
    wide = ir.VectorType.get(type_.shape, b.f32) if vector else b.f32
    x, y = (b.one("arith.extf", wide, operand) for operand in op.operands)
    return [b.one("arith.truncf", type_, b.one("arith.remf", wide, x, y))]


def _constant(value: ir.Value) -> int | None:
    """The number that a value is, where that is known. To look at the operation would import its dialect's classes."""
    found = _CONSTANT.search(str(value))
    return int(found[1]) if found else None


def _attributes(kernel: Kernel) -> Mapping[str, ir.Attribute]:
    x, y, z = kernel.block
    found = {
        "rocdl.kernel": ir.UnitAttr.get(),
        "rocdl.flat_work_group_size": ir.StringAttr.get(f"{x * y * z},{x * y * z}"),
        "rocdl.reqd_work_group_size": ir.DenseI32ArrayAttr.get(kernel.block),
    }
    if kernel.beside:
        waves = -(-kernel.beside * x * y * z // (kernel.chip.subgroup * _UNITS))
        found["rocdl.waves_per_eu"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(32), waves)
    return found


def _passes(chip: Chip) -> Mapping[str, str]:
    return {"amdgpu.": f"convert-amdgpu-to-rocdl{{chipset={chip.name}}}"}


FAMILY = Family(
    "rocdl",
    {
        "gpu.thread_id": _identifier("workitem"),
        "gpu.block_id": _identifier("workgroup"),
        "gpu.grid_dim": _grid,
        "gpu.block_dim": _extent,
        "gpu.lane_id": _lane,
        "gpu.subgroup_size": _subgroup,
        "gpu.barrier": _barrier,
        "gpu.shuffle": _shuffle,
        "arith.remf": _remainder,
    },
    _attributes,
    _passes,
)
