# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nests before and after a product, on some rows of the block of C that a task has."""

from collections.abc import Mapping
from dataclasses import replace

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.contraction.roles import Contraction
from mograph.targets.cpu.contraction.schedule import Schedule
from mograph.targets.cpu.group import Temp
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, Access, Loop, Nest, Product, Seen, evaluate, simplify, storage_type
from mograph.targets.cpu.plan import choose


@record
class Block:
    """A task's block: where it begins along each loop, and where its buffers are that nothing outside reads."""

    roles: Contraction
    schedule: Schedule
    temps: Mapping[ir.Value, Temp]
    scratch: Mapping[object, ir.Value]
    indices: Mapping[int, Int]
    machine: Machine

    def compute(self, b: Builder, nest: Nest, seen: Seen, row: Int, counts: tuple[Int, Int]) -> None:
        """Makes the code of a nest for so many rows, from one of the block's on, and columns; the bases in `seen` are
        those of the block.
        """
        roles, schedule = self.roles, self.schedule
        symbols = list(seen.symbols)
        extents = []
        for count in counts:
            if isinstance(count, int):
                extents.append(Product(count))
            else:
                extents.append(Product(1, (len(symbols),)))
                symbols.append(count)
        accesses: list[Access | ir.Value] = []
        bases: list[ir.Value] = []
        for access, base in zip(nest.accesses, seen.bases, strict=True):
            if not isinstance(access, Access):
                accesses.append(access)
                bases.append(base)
                continue
            storage = storage_type(access.element)
            if access.memref in self.temps:
                strides = [Product(schedule.task_columns), ONE]
                at = 0 if schedule.single else b.mul(row, schedule.task_columns)
                base = b.address(self.scratch[access.memref], at, storage)
            else:
                strides = [access.strides[roles.m], access.strides[roles.n]]
                base = b.address(base, b.mul(row, evaluate(b, strides[0], seen.symbols)), storage)
            accesses.append(replace(access, strides=strides))
            bases.append(base)
        loops = [nest.loops[loop] for loop in (roles.m, roles.n)]
        origins = {
            loop.dim: b.add(self.indices[i], row if i == roles.m else 0)
            for i, loop in enumerate(nest.loops)
            if loop.dim is not None
        }
        part = Nest(
            nest.op,
            [Loop(extent, False, loop.dim) for extent, loop in zip(extents, loops, strict=True)],
            accesses,
            nest.body,
            nest.body_ops,
            symbols,
            nest.indexed,
        )
        simplify([part])
        plan = choose(part, self.machine.vector_bits)
        NestCode(b, part, plan, Seen(bases, symbols, seen.captured, origins), self.machine).emit_all()
