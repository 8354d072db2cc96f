# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What operations of `gpu` are on NVIDIA's chips: operations of the dialect `nvvm`."""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.lowering import Family, Kernel, Rule, mode_of
from mograph.targets.gpu.words import by_words

_AXES = "xyz"
_KINDS = {"xor": "bfly", "up": "up", "down": "down", "idx": "idx"}


def _register(name: str, blocks: bool = False) -> Rule:
    """A special register of each axis, or one below a bound."""

    def rule(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
        axis = _AXES.index(mode_of(op))
        attributes = {}
        if not blocks:
            if kernel.block[axis] == 1:
                return [b.number(b.index, 0)]
            attributes["range"] = ir.Attribute.parse(f"#llvm.constant_range<i32, 0, {kernel.block[axis]}>")
        number = b.one(f"nvvm.read.ptx.sreg.{name}.{_AXES[axis]}", b.i32, **attributes)
        return [b.one("arith.index_castui", b.index, number)]

    return rule


def _extent(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    axis = _AXES.index(mode_of(op))
    return [b.number(b.index, kernel.block[axis])]


def _lane(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    within = ir.Attribute.parse(f"#llvm.constant_range<i32, 0, {kernel.chip.subgroup}>")
    return [b.one("arith.index_castui", b.index, b.one("nvvm.read.ptx.sreg.laneid", b.i32, range=within))]


def _subgroup(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.number(b.index, kernel.chip.subgroup)]


def _barrier(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    b.create("nvvm.barrier0", [], [])
    return []


def _shuffle(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    """All threads of the warp take part. The last operand has, from bit 8 on, the bits of a lane's number that do not
    change, and in the lowest ones the last lane that a number is compared to.
    """
    value, offset, width = op.operands
    mode = mode_of(op)
    kind = ir.Attribute.parse(f"#nvvm<shfl_kind {_KINDS[mode]}>")
    everyone, eight = b.number(b.i32, -1), b.number(b.i32, 8)
    fixed = b.one("arith.shli", b.i32, b.one("arith.subi", b.i32, b.number(b.i32, 32), width), eight)
    limits = fixed if mode == "up" else b.one("arith.ori", b.i32, fixed, b.number(b.i32, 31))
    valid: list[ir.Value] = []

    def word(given: ir.Value) -> ir.Value:
        if not asked or valid:
            return b.one("nvvm.shfl.sync", b.i32, everyone, given, offset, limits, kind=kind)
        pair = ir.Type.parse("!llvm.struct<(i32, i1)>")
        flag = {"return_value_and_is_valid": ir.UnitAttr.get()}
        both = b.one("nvvm.shfl.sync", pair, everyone, given, offset, limits, kind=kind, **flag)
        valid.append(b.one("llvm.extractvalue", b.i1, both, position=ir.DenseI64ArrayAttr.get([1])))
        return b.one("llvm.extractvalue", b.i32, both, position=ir.DenseI64ArrayAttr.get([0]))

    asked = next(iter(op.results[1].uses), None) is not None
    result = by_words(b, value, word)
    return [result, valid[0] if valid else b.number(b.i1, 1)]


def _attributes(kernel: Kernel) -> Mapping[str, ir.Attribute]:
    found = {"nvvm.kernel": ir.UnitAttr.get(), "nvvm.reqntid": ir.DenseI32ArrayAttr.get(kernel.block)}
    if kernel.beside:  # else ptxas makes room for more blocks than code is made for, and may spill for them
        found["nvvm.minctasm"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(32), kernel.beside)
    return found


def _passes(chip: Chip) -> Mapping[str, str]:
    own = "convert-nvvm-to-llvm"  # operations of which LLVM has no intrinsic become assembly
    return {"nvgpu.": "convert-nvgpu-to-nvvm", "nvvm.wgmma.": own, "nvvm.mbarrier.": own}


FAMILY = Family(
    "nvvm",
    {
        "gpu.thread_id": _register("tid"),
        "gpu.block_id": _register("ctaid", blocks=True),
        "gpu.grid_dim": _register("nctaid", blocks=True),
        "gpu.block_dim": _extent,
        "gpu.lane_id": _lane,
        "gpu.subgroup_size": _subgroup,
        "gpu.barrier": _barrier,
        "gpu.shuffle": _shuffle,
    },
    _attributes,
    _passes,
)
