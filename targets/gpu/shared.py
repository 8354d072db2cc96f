# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How much memory the blocks of kernels share: globals of address space 3 in modules of LLVM's dialect."""

import re

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import find

SPACE = 3
_TYPE = re.compile(r"(?:!llvm\.)?((?:array<\d+ x )*)(?:vector<(\d+)x)?(bf|f|i)(\d+)>*")


@record
class Shared:
    """Bytes of each global that blocks share, and bytes that the block of each kernel needs."""

    sizes: dict[str, int]
    of_kernels: dict[str, int]


def shared_of(module: ir.Module) -> Shared:
    """What blocks share in a module of LLVM's dialect. Raises ValueError for a global without an alignment of 16 bytes,
    which vectors need, and for one whose size is not to be seen.
    """
    sizes, room = {}, {}
    for op in find(module.operation, "llvm.mlir.global"):
        if "addr_space" not in op.attributes or ir.IntegerAttr(op.attributes["addr_space"]).value != SPACE:
            continue
        name = ir.StringAttr(op.attributes["sym_name"]).value
        aligned = ir.IntegerAttr(op.attributes["alignment"]).value if "alignment" in op.attributes else 0
        if aligned < 16:
            raise ValueError(f"{op.location}: expected an alignment of 16 bytes or more for {name!r}, found {aligned}")
        sizes[name] = _bytes(op, ir.TypeAttr(op.attributes["global_type"]).value)
        room[name] = -(-sizes[name] // aligned) * aligned
    kernels = {}
    for function in find(module.operation, "llvm.func"):
        used = {str(op.attributes["global_name"])[1:] for op in find(function, "llvm.mlir.addressof")}
        name = ir.StringAttr(function.attributes["sym_name"]).value
        kernels[name] = sum(room.get(each, 0) for each in used)
    return Shared(sizes, kernels)


def _bytes(op: ir.Operation, type_: ir.Type) -> int:
    found = _TYPE.fullmatch(str(type_))
    if not found:
        raise ValueError(f"{op.location}: expected arrays of numbers in memory that blocks share, found {type_}")
    count = int(found[2] or 1)
    for extent in re.findall(r"\d+", found[1]):
        count *= int(extent)
    return count * ((int(found[4]) + 7) // 8)
