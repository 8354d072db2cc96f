# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which keys count for all rows of a block, so that nothing has to be asked of their indices: in causal attention those
before the diagonal, and of any attention the tiles before the last one.
"""

from mlir import ir

from mograph.targets.cpu.attention.masks import Cut
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.gpu.attention.roles import Roles

FAR = 1 << 30  # a row whose keys are far before the diagonal


def comparisons(group: Group, roles: Roles) -> int | None:
    """How often indices of rows and keys are compared to each other; None where they are used for anything else."""
    found = 0
    for number in roles.chain:
        nest = group.nests[number]
        places = [None if loop is None else nest.loops[loop].dim for loop in (roles.row, group.shared)]
        indices: dict[ir.Value, int] = {}
        for op in nest.body_ops:
            if op.name == "linalg.index" and (dim := ir.IntegerAttr(op.attributes["dim"]).value) in places:
                indices[op.results[0]] = places.index(dim)
                continue
            used = [indices[value] for value in op.operands if value in indices]
            if op.name == "arith.index_cast" and used:
                indices[op.results[0]] = used[0]
            elif op.name == "arith.cmpi" and sorted(used) == [0, 1]:
                found += 1
            elif used:
                return None
    return found


def inside(b: Builder, group: Group, roles: Roles, limit: Cut | None, first: Int, keys: Int, tile: int) -> Int:
    """How many of the keys, a multiple of `tile`, count for all rows from `first` on and need no look at indices, where
    rows are cut off as `limit` says. The comparison of indices has the same outcome there as for the row `FAR`, key 0.
    """
    count = comparisons(group, roles)
    if count is None or count > 1 or (count == 1) != (limit is not None):
        return 0
    bound = keys if limit is None else b.min(keys, b.add(first, limit.ahead))
    return b.mul(b.split(bound, tile)[0], tile)
