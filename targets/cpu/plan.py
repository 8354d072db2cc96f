# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Choice of how a loop nest is vectorised: along which loop, and how many elements at once."""

from dataclasses import replace

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.gathers import LEAST_VECTOR, gathers
from mograph.targets.cpu.math.late import NAMES
from mograph.targets.cpu.nest import ONE, ZERO, Nest
from mograph.targets.cpu.partial import element_bits

# A "super-vector" of four registers hides the latency of arithmetic better than unrolling does: measured twice as fast
# as one register.
REGISTERS = 4
LINE = 64  # bytes of a line of the cache
LIGHT, ACCUMULATORS = 3, (8, 16)
"""Sums of columns keep half of the registers where the body has so few operations: memory is read in long stretches."""
HEAVY, LONG = 100, 8
"""Bodies of so many operations are chains that take a processor longer to finish than it looks ahead: twice as many
elements at once are a quarter faster, though some values go by way of the stack. Done where a loop is so many vectors
long.
"""
WIDEST = 64  # elements: masks and permutations of more make LLVM slow

# How two partial results of a reduction combine, by the operation that the body applies: (vector.reduction's kind,
# neutral element). That of maxnumf and minnumf is one where not all there is is NaN.
COMBINERS: dict[str, tuple[str, str]] = {
    "arith.addf": ("add", "-0.0"),
    "arith.mulf": ("mul", "1.0"),
    "arith.maximumf": ("maximumf", "-inf"),
    "arith.maxnumf": ("maxnumf", "-inf"),
    "arith.minnumf": ("minnumf", "inf"),
    "arith.minimumf": ("minimumf", "inf"),
    "arith.addi": ("add", "0"),
    "arith.muli": ("mul", "1"),
    "arith.andi": ("and", "-1"),
    "arith.ori": ("or", "0"),
    "arith.xori": ("xor", "0"),
    "arith.maxsi": ("maxsi", "lowest"),
    "arith.minsi": ("minsi", "highest"),
    "arith.maxui": ("maxui", "0"),
    "arith.minui": ("minui", "-1"),
}

ELEMENTWISE = ("arith.", "linalg.", "llvm.", "math.")
"""Prefixes of operations of bodies that take vectors as they take scalars."""
# Operations without a vector instruction: LLVM would take the vector apart again.
SCALAR_OPS = frozenset(
    {
        "arith.divsi",
        "arith.divui",
        "arith.remsi",
        "arith.remui",
        "arith.floordivsi",
        "arith.ceildivsi",
        "arith.ceildivui",
        "arith.remf",
        "memref.load",
    }
)
# Of the math dialect these have vector instructions, or an expansion of ours to come; the rest are calls of the C
# library where no expansion has replaced them.
LATE_OPERATIONS = 30  # of each
VECTOR_MATH = frozenset(NAMES) | frozenset(
    "math." + name
    for name in (
        "absf",
        "absi",
        "ceil",
        "floor",
        "trunc",
        "roundeven",
        "sqrt",
        "rsqrt",
        "fma",
        "copysign",
        "ctpop",
        "ctlz",
        "cttz",
    )
)


@record
class Stream:
    """An operand by number whose vectors are stored past the caches, and whether the vectorised loop is known to start
    where a line of the cache does.
    """

    operand: int
    aligned: bool


@record
class Plan:
    """The loop that is vectorised (None: scalar code) and the number of elements taken at once; `tail` of them at its
    end. `stream` is what bypasses the caches.
    """

    loop: int | None
    width: int
    tail: int
    stream: Stream | None = None


def combiners(nest: Nest) -> list[str] | None:
    """For each output the operation that combines it with a new term; None when the body's results are not of that
    form.
    """
    arguments = list(nest.body.arguments)[-len(nest.outputs) :]
    definitions = {result: op for op in nest.body_ops for result in op.results}
    uses: dict[ir.Value, int] = {}
    for op in nest.body_ops:
        for operand in op.operands:
            uses[operand] = uses.get(operand, 0) + 1
    names = []
    for argument, result in zip(arguments, nest.yielded, strict=True):
        op = definitions.get(result)
        if (
            op is None
            or op.name not in COMBINERS
            or argument not in list(op.operands)
            or uses[argument] != 1
            or uses[result] != 1
        ):
            return None
        names.append(op.name)
    return names


def vectorizable(nest: Nest) -> bool:
    """Whether every operation of the body exists for vectors."""
    return all(
        op.name not in SCALAR_OPS
        and op.name.startswith(ELEMENTWISE)
        and (not op.name.startswith("math.") or op.name in VECTOR_MATH)
        for op in nest.body_ops
    )


def choose(nest: Nest, vector_bits: int) -> Plan:
    """The plan for a nest on a machine with registers of `vector_bits` bits."""
    others = [op for op in nest.body_ops if op.name != "memref.load"]
    gathered = len(others) < len(nest.body_ops) and vector_bits >= LEAST_VECTOR
    loop = _vector_loop(nest) if vectorizable(replace(nest, body_ops=others) if gathered else nest) else None
    if loop is None or gathered and not gathers(nest, loop):
        return Plan(None, 1, 1)
    wide = {value for op in nest.body_ops if op.name != "arith.index_cast" for value in op.operands}
    computed = [
        element_bits(result.type)
        for op in nest.body_ops
        for result in op.results
        if op.name != "linalg.index" or result in wide  # else only numbers that are cast are made
    ]
    bits = max([element_bits(access.element) for access in nest.memory] + [bits for bits in computed if bits > 1])
    lanes = max(1, vector_bits // bits)
    width = min(WIDEST, lanes * REGISTERS)
    if not nest.loops[loop].reduces and nest.loops[-1].reduces and len(nest.body_ops) <= LIGHT:
        width = lanes * max(REGISTERS, ACCUMULATORS[vector_bits >= 512] // len(nest.outputs))
    extent = nest.loops[loop].extent
    if not nest.loops[loop].reduces and extent.constant >= LONG * width and operations_of(nest) >= HEAVY:
        width *= 2
    if not extent.symbols and extent.constant < width:
        width = 1 << max(1, (extent.constant - 1).bit_length())
    return Plan(loop, width, width if nest.loops[loop].reduces else min(width, lanes))


def operations_of(nest: Nest) -> int:
    """How many operations there will be in the body, roughly."""
    return sum(LATE_OPERATIONS if op.name in NAMES else op.name != "arith.constant" for op in nest.body_ops)


def _vector_loop(nest: Nest) -> int | None:
    """The loop along which all operands are contiguous or constant, most of them contiguous."""
    best: tuple[int, int] | None = None
    for i, loop in enumerate(nest.loops):
        strides = [access.strides[i] for access in nest.memory]
        if any(stride not in (ZERO, ONE) for stride in strides):
            continue
        if loop.reduces:
            if combiners(nest) is None:
                continue
        elif any(access.strides[i] != ONE for access in nest.outputs):
            continue
        score = strides.count(ONE)
        if score and (best is None or score >= best[0]):
            best = score, i
    return None if best is None else best[1]
