# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What operations of `gpu` are in OpenCL: calls of its functions, by their mangled names."""

import re
from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, find
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.lowering import Family, Kernel, Rule, mode_of
from mograph.targets.gpu.words import by_words
from mograph.targets.spirv.atomics import exchange
from mograph.targets.spirv.lanes import known, source, width_of

_AXES = "xyz"
_KIND = re.compile(r"vector\.reduction <(\w+)>")
_SHUFFLE = "_Z17sub_group_shufflejj"
_SHUFFLE_XOR = "_Z21sub_group_shuffle_xorjj"
_LANE = "_Z22get_sub_group_local_id"
_SUBGROUP = "_Z16get_sub_group_id"
_HIGH = {False: "_Z6mul_himm", True: "_Z6mul_hill"}
_BARRIER = "_Z7barrierj"
_FENCES = 3  # CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE
_EXTREMES = ("maximumf", "minimumf", "maxnumf", "minnumf")
_CONSTANT = {"memory_effects": "#llvm.memory_effects<other = none, argMem = none, inaccessibleMem = none, "
                               "errnoMem = none, targetMem0 = none, targetMem1 = none>"}  # fmt: skip
_CONVERGENT = {"convergent": "unit"}


def _call(b: Builder, name: str, result: ir.Type | None, *operands: ir.Value, **attributes: str) -> ir.Operation:
    """A call of a function that never fails. `declare` declares it."""
    given = {
        "callee": f"@{name}",
        "CConv": "#llvm.cconv<spir_funccc>",
        "TailCallKind": "#llvm.tailcallkind<none>",
        "fastmathFlags": "#llvm.fastmath<none>",
        "no_unwind": "unit",
        "will_return": "unit",
        "op_bundle_sizes": "array<i32>",
        "operandSegmentSizes": f"array<i32: {len(operands)}, 0>",
        **attributes,
    }
    parsed = {key: ir.Attribute.parse(text) for key, text in given.items()}
    return b.create("llvm.call", [] if result is None else [result], operands, parsed)


def declare(module: ir.Module) -> None:
    """Declares the functions that are called."""
    names = set()
    for call in find(module.operation, "llvm.call"):
        callee = ir.FlatSymbolRefAttr(call.attributes["callee"]).value
        if callee in names:
            continue
        names.add(callee)
        result = call.results[0].type if len(call.results) else "void"
        inputs = ", ".join(str(operand.type) for operand in call.operands)
        attributes = {
            "sym_name": ir.StringAttr.get(callee),
            "function_type": ir.TypeAttr.get(ir.Type.parse(f"!llvm.func<{result} ({inputs})>")),
            "linkage": ir.Attribute.parse("#llvm.linkage<external>"),
            "visibility_": ir.Attribute.parse("0 : i64"),
        }
        for key in ("CConv", "no_unwind", "will_return", "memory_effects", "convergent"):
            if key in call.attributes:
                attributes[key] = call.attributes[key]
        ir.Operation.create(
            "llvm.func", attributes=attributes, regions=1, ip=ir.InsertionPoint.at_block_begin(module.body)
        )


def _axis(op: ir.Operation) -> int:
    return _AXES.index(mode_of(op))


def _number(name: str, blocks: bool = False) -> Rule:
    """A thread's place on each axis, or a block's, or the number of blocks."""

    def rule(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
        axis = _axis(op)
        if not blocks and kernel.block[axis] == 1:
            return [b.number(b.index, 0)]
        number = _call(b, name, b.i64, b.number(b.i32, axis), **_CONSTANT).results[0]
        return [b.one("arith.index_cast", b.index, number)]

    return rule


def _extent(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.number(b.index, kernel.block[_axis(op)])]


def _lane(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.one("arith.index_castui", b.index, _call(b, _LANE, b.i32, **_CONSTANT).results[0])]


def _subgroup(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.one("arith.index_castui", b.index, _call(b, _SUBGROUP, b.i32, **_CONSTANT).results[0])]


def _size(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    return [b.number(b.index, kernel.chip.subgroup)]


def _barrier(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    _call(b, _BARRIER, None, b.number(b.i32, _FENCES), **_CONVERGENT)
    return []


def _shuffle(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
    """All threads of the subgroup take part."""
    value, offset, _ = op.operands
    mode, size, distance = mode_of(op), width_of(op, kernel.chip), known(offset)
    if mode == "xor" and distance is not None and 0 <= distance < size:
        name, other, valid = _SHUFFLE_XOR, offset, b.number(b.i1, 1)
    else:
        lane = _call(b, _LANE, b.i32, **_CONSTANT).results[0]
        valid, other = source(b, mode, lane, offset, size)
        name = _SHUFFLE
    shuffled = by_words(b, value, lambda word: _call(b, name, b.i32, word, other, **_CONVERGENT).results[0])
    return [shuffled, valid]


def _wide_product(signed: bool) -> Rule:
    """Both halves of a product. OpenCL has no integers of 128 bits, but a function for the upper half."""

    def rule(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value]:
        x, y = op.operands
        low = b.one("arith.muli", x.type, x, y)
        if x.type == b.i64:
            return [low, _call(b, _HIGH[signed], b.i64, x, y, **_CONSTANT).results[0]]
        element = x.type.element_type if isinstance(x.type, ir.VectorType) else x.type
        if element == b.i64:
            raise ValueError(f"{op.location}: '{op.name}' of {x.type} has no code on {kernel.chip.name}")
        twice: ir.Type = ir.IntegerType.get_signless(2 * element.width)
        if isinstance(x.type, ir.VectorType):
            twice = ir.VectorType.get(x.type.shape, twice)
        extend = "arith.extsi" if signed else "arith.extui"
        product = b.one("arith.muli", twice, b.one(extend, twice, x), b.one(extend, twice, y))
        high = b.one("arith.shrui", twice, product, b.number(twice, element.width))
        return [low, b.one("arith.trunci", x.type, high)]

    return rule


def _reduction(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value] | None:
    """The largest or smallest element, by halves: of NaN, LLVM's back end knows nothing."""
    found = _KIND.search(op.get_asm(use_local_scope=True))
    assert found
    kind, result, vector = found[1], op.results[0].type, op.operands[0]
    if kind not in _EXTREMES:
        return None
    (lanes,) = ir.VectorType(vector.type).shape
    while lanes % 2 == 0 and lanes > 2:
        lanes //= 2
        half = ir.VectorType.get([lanes], result)
        lower, upper = (
            b.one("vector.shuffle", half, vector, vector, mask=ir.DenseI64ArrayAttr.get(list(range(at, at + lanes))))
            for at in (0, lanes)
        )
        vector = b.one(f"arith.{kind}", half, lower, upper)
    value = b.first(vector)
    for lane in range(1, lanes):
        at = ir.DenseI64ArrayAttr.get([lane])
        value = b.one(f"arith.{kind}", result, value, b.one("vector.extract", result, vector, static_position=at))
    for start in op.operands[1:]:
        value = b.one(f"arith.{kind}", result, value, start)
    return [value]


def _from_signed(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value] | None:
    """Of one bit, LLVM's back end makes 1 where it stands for -1."""
    x, result = op.operands[0], op.results[0].type
    element = x.type.element_type if isinstance(x.type, ir.VectorType) else x.type
    if element != b.i1:
        return None
    return [b.one("arith.select", result, x, b.number(result, -1.0), b.number(result, 0.0))]


def _of_bits(one: float) -> Rule:
    """Vectors of single bits as numbers, of which LLVM's back end makes a choice whose type it then gets wrong."""

    def rule(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value] | None:
        x, result = op.operands[0], op.results[0].type
        if not isinstance(x.type, ir.VectorType) or x.type.element_type != b.i1:
            return None
        return [b.one("arith.select", result, x, b.number(result, one), b.number(result, 0))]

    return rule


def _attributes(kernel: Kernel) -> Mapping[str, ir.Attribute]:
    i32 = ir.IntegerType.get_signless(32)
    return {
        "CConv": ir.Attribute.parse("#llvm.cconv<spir_kernelcc>"),
        "reqd_work_group_size": ir.DenseI32ArrayAttr.get(kernel.block),
        "intel_reqd_sub_group_size": ir.IntegerAttr.get(i32, kernel.chip.subgroup),
    }


def _passes(chip: Chip) -> Mapping[str, str]:
    # Of two numbers of which one is NaN, OpenCL's functions give the other.
    return {f"arith.{name}": "arith-expand" for name in _EXTREMES}


FAMILY = Family(
    "llvm",
    {
        "gpu.thread_id": _number("_Z12get_local_idj"),
        "gpu.block_id": _number("_Z12get_group_idj", blocks=True),
        "gpu.grid_dim": _number("_Z14get_num_groupsj", blocks=True),
        "gpu.block_dim": _extent,
        "gpu.lane_id": _lane,
        "gpu.subgroup_id": _subgroup,
        "gpu.subgroup_size": _size,
        "gpu.barrier": _barrier,
        "gpu.shuffle": _shuffle,
        "llvm.atomicrmw": exchange,
        "vector.reduction": _reduction,
        "arith.sitofp": _from_signed,
        "arith.uitofp": _of_bits(1),
        "arith.extui": _of_bits(1),
        "arith.extsi": _of_bits(-1),
        "arith.mulsi_extended": _wide_product(signed=True),
        "arith.mului_extended": _wide_product(signed=False),
    },
    _attributes,
    _passes,
)
