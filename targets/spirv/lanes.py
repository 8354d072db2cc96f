# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which thread of a subgroup a `gpu.shuffle` reads from."""

import re

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.gpu.chip import Chip

_NUMBER = re.compile(r"arith\.constant(?: |\"\(\) <\{value = )(-?\d+) : i")
_PLACES = {"xor": "xori", "up": "subi", "down": "addi"}
_BELOW = 6  # ult


def known(value: ir.Value) -> int | None:
    """The number that an integer is known to be."""
    found = _NUMBER.search(str(value))  # its owner would import the dialect's classes
    return int(found[1]) if found else None


def width_of(op: ir.Operation, chip: Chip) -> int:
    """How many threads exchange numbers in a `gpu.shuffle`. Raises ValueError where that is not known."""
    size = known(op.operands[2])
    if size is None or not 0 < size <= chip.subgroup or size & (size - 1):
        limit = chip.subgroup
        raise ValueError(f"{op.location}: expected 'gpu.shuffle' of a constant power of two up to {limit} as its width")
    return size


def source(b: Builder, mode: str, lane: ir.Value, offset: ir.Value, size: int) -> tuple[ir.Value, ir.Value]:
    """Whether a thread has the number that this one, `lane`, asks for, and that thread; else it is this one itself:
    what is read from a thread that is not there is undefined, and code for processors reads out of bounds.
    """
    place = b.one("arith.andi", b.i32, lane, b.number(b.i32, size - 1))
    wanted = offset if mode == "idx" else b.one(f"arith.{_PLACES[mode]}", b.i32, place, offset)
    below = ir.IntegerAttr.get(b.i64, _BELOW)
    valid = b.one("arith.cmpi", b.i1, wanted, b.number(b.i32, size), predicate=below)
    first = b.one("arith.subi", b.i32, lane, place)
    return valid, b.one("arith.select", b.i32, valid, b.one("arith.addi", b.i32, first, wanted), lane)
