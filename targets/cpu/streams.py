# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Non-temporal stores: outputs that are too large to be found in a cache later are written past it.

An ordinary store first reads the line that it writes to. A loop that is bound by memory is faster without, by up to a
third for a copy; but what is read soon would have to come from memory then.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import prod

from mlir import ir

from mograph.targets.cpu.builder import DYNAMIC, find
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, Access, Nest, Product
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import LINE, Plan, Stream

CORE_SHARE = 8 << 20
"""Bytes of the last cache that a core counts on: what a processor reports may be shared with other machines."""


def aligned_memrefs(function: ir.Operation) -> set[ir.Value]:
    """The memrefs of a function whose first element is known to be at the start of a line: allocations, and arguments
    that say so by `llvm.align`.
    """
    found = set()
    for op in find(function, "memref.alloc", "memref.assume_alignment"):
        if "alignment" in op.attributes and ir.IntegerAttr(op.attributes["alignment"]).value % LINE == 0:
            found.add(op.results[0])
    if "arg_attrs" in function.attributes:
        arguments = function.regions[0].blocks[0].arguments
        for argument, given in zip(arguments, ir.ArrayAttr(function.attributes["arg_attrs"]), strict=True):
            attributes = ir.DictAttr(given)
            if "llvm.align" in attributes and ir.IntegerAttr(attributes["llvm.align"]).value % LINE == 0:
                found.add(argument)
    return found


def streamed(
    nest: Nest,
    plan: Plan,
    read: Collection[ir.Value],
    aligned: Collection[ir.Value],
    machine: Machine,
    starts: Mapping[int, Sequence[Product]] | None = None,
) -> Plan:
    """The plan with the first output that pays stored past the caches. Memrefs that are `read` soon are not, and those
    that are `aligned` start with a line of the cache. A nest that is part of another one starts, in each of its
    operands, some multiples of `starts` away from that: numbers of elements.
    """
    if plan.loop is None or any(loop.reduces for loop in nest.loops):
        return plan
    share = min(machine.cache(3), CORE_SHARE * machine.cores)
    for number, access in enumerate(nest.accesses):
        if not isinstance(access, Access) or not access.is_output or access.memref in read:
            continue
        if access.strides[plan.loop] != ONE:
            continue
        shape, bytes_ = ir.MemRefType(access.memref.type).shape, element_bytes(access.element)
        if DYNAMIC in shape or prod(shape) * bytes_ < share // 2 or plan.width * bytes_ % LINE:
            continue
        others = [stride for i, stride in enumerate(access.strides) if i != plan.loop]
        steps = [*others, *access.offset, *(starts or {}).get(number, ())]
        whole = all(not step.symbols and step.constant * bytes_ % LINE == 0 for step in steps)
        return replace(plan, stream=Stream(number, whole and access.memref in aligned))
    return plan
